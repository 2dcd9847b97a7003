// Marks of former schools are read by the school that the pupil came to: where they stand, and through this function alone.
import { Migration } from '@mikro-orm/migrations'

export class MarksFollowThePupil20261127T2121 extends Migration {
  override up(): void {
    // Which records are meant, the roster proves (published.former_records). The marks are read where they were signed, under the
    // rights that the caller has here: levels and school years of the agreement cut them by the class they stand in, and a teacher
    // sees the subjects that are the teacher's in the pupil's class of today.
    this.addSql(`
create function gradebook.former_marks(p_school uuid, p_students uuid[])
returns table (student_id uuid, former_school uuid, school_code text, school_name text, class_name text, grade smallint, level text,
  school_year text, term_id uuid, term text, subject_code text, assessment text, periods_per_year smallint, mark_id uuid, kind text,
  ordinal smallint, value_tenths smallint, remark text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  kept_schools text := coalesce(current_setting('lt.schools', true), '');
  kept_application text := coalesce(current_setting('lt.application', true), '');
  kept_narrowed text := coalesce(current_setting('lt.narrowed', true), '');
  kept_taught text := coalesce(current_setting('lt.taught', true), '');
  is_narrowed boolean := p_school = any (coalesce(nullif(kept_narrowed, '')::uuid[], '{}'));
  is_taught boolean := p_school = any (coalesce(nullif(kept_taught, '')::uuid[], '{}'));
  terms text[] := nullif(current_setting('lt.terms', true), '')::text[];
  marks text[] := nullif(current_setting('lt.marks', true), '')::text[];
  records jsonb := (
    select jsonb_agg(to_jsonb(f))
    from published.former_records(p_school, p_students) f);
  former uuid[];
begin
  if records is null then
    return;
  end if;
  former := array(select distinct r.former_school from jsonb_to_recordset(records) r (former_school uuid));
  execute format('set local lt.schools = %L', former::text);
  execute 'set local lt.application = ''''';
  execute 'set local lt.narrowed = ''''';
  execute 'set local lt.taught = ''''';
  return query
    select r.student_id, r.former_school, r.school_code, r.school_name, c.name, c.grade, c.level, c.school_year_code, t.id, t.code,
      m.subject_code, u.assessment, o.periods_per_year, m.id, m.kind, m.ordinal, m.value_tenths, m.remark
    from jsonb_to_recordset(records) r (student_id uuid, class_id uuid, former_school uuid, former_student uuid, school_code text,
      school_name text)
    join gradebook.score m on m.school_id = r.former_school and m.student_id = r.former_student
    join published.class_room c on c.school_id = m.school_id and c.id = m.class_id
    join published.term t on t.id = m.term_id
    join published.subject u on u.code = m.subject_code
    left join published.subject_offering o
      on o.subject_code = m.subject_code and o.level = c.level and c.grade between o.from_grade and o.to_grade
    where m.school_id = any (former)
      and (not is_narrowed or p_school || '/' || c.level || '/' || c.school_year_id = any (terms))
      and (not is_taught or r.class_id || '/' || m.subject_code = any (marks));
  execute format('set local lt.schools = %L', kept_schools);
  execute format('set local lt.application = %L', kept_application);
  execute format('set local lt.narrowed = %L', kept_narrowed);
  execute format('set local lt.taught = %L', kept_taught);
end
$$`)
    this.addSql(`revoke all on function gradebook.former_marks(uuid, uuid[]) from public`)
  }
}
