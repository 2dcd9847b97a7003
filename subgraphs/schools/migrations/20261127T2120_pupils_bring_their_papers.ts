// What the law sends after a pupil: where the pupil studied before, proven by the papers of both schools.
import { Migration } from '@mikro-orm/migrations'

export class PupilsBringTheirPapers20261127T2120 extends Migration {
  override up(): void {
    this.addSql(`create index student_transfer_by_person on schools.student_transfer (person_id)`)
    // The records that pupils of a school have at former ones. Asked under the rights that the transaction opened: of whom the caller
    // does not see here, nothing is answered. The papers must agree: a transfer in at this school, and at another one a transfer
    // out of the same person, taken by this very school; so a row that a service might make here alone opens nothing there. Who has
    // been let go again is not this school's any more. All former schools of the person count, because each that the pupil came
    // through was proven so in its turn. The province is open for one look at the index by person, as for a claim.
    this.addSql(`
create function published.former_records(p_school uuid, p_students uuid[])
returns table (student_id uuid, class_id uuid, former_school uuid, former_student uuid, school_code text, school_name text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  kept_schools text := coalesce(current_setting('lt.schools', true), '');
  kept_application text := coalesce(current_setting('lt.application', true), '');
  kept_narrowed text := coalesce(current_setting('lt.narrowed', true), '');
  here jsonb;
  found jsonb;
begin
  if p_school is null or p_school <> all (coalesce(nullif(kept_schools, '')::uuid[], '{}')) then
    raise exception 'the school is not open' using errcode = 'insufficient_privilege';
  end if;
  here := (
    select jsonb_agg(distinct jsonb_build_object('student', s.id, 'class', s.class_id, 'person', i.person_id))
    from schools.student s
    join schools.student_transfer i
      on i.school_id = s.school_id and i.student_id = s.id and i.direction = 'IN' and i.state = 'TAKEN'
    where s.school_id = p_school
      and s.id = any (p_students)
      and not exists (
        select 1
        from schools.student_transfer o
        where o.school_id = s.school_id
          and o.student_id = s.id
          and o.direction = 'OUT'
          and o.state in ('RELEASED', 'TAKEN')));
  if here is null then
    return;
  end if;
  execute 'set local lt.application = ''''';
  execute 'set local lt.narrowed = ''''';
  execute format('set local lt.schools = %L', (select array_agg(distinct k.school) from schools.school_code k)::text);
  found := (
    select jsonb_agg(jsonb_build_object('student', h.student, 'class', h.class, 'school', o.school_id, 'former', o.student_id))
    from jsonb_to_recordset(here) h (student uuid, class uuid, person uuid)
    join schools.student_transfer o
      on o.person_id = h.person and o.direction = 'OUT' and o.state in ('TAKEN', 'RETURNED') and o.school_id <> p_school
    where exists (
      select 1
      from schools.student_transfer l
      where l.person_id = h.person
        and l.direction = 'OUT'
        and l.state = 'TAKEN'
        and l.to_school = p_school));
  execute format('set local lt.schools = %L',
    coalesce((select array_agg(distinct f.school) from jsonb_to_recordset(found) f (school uuid)), '{}')::text);
  return query
    select distinct f.student, f.class, f.school, f.former, s.code, s.name
    from jsonb_to_recordset(found) f (student uuid, class uuid, school uuid, former uuid)
    join schools.school s on s.school_id = f.school;
  execute format('set local lt.schools = %L', kept_schools);
  execute format('set local lt.application = %L', kept_application);
  execute format('set local lt.narrowed = %L', kept_narrowed);
end
$$`)
    this.addSql(`revoke all on function published.former_records(uuid, uuid[]) from public`)
  }
}
