// A teacher's rights follow the assignments: of a school a teacher opens the classes taught or led, and of the marks the own subject.
import { Migration } from '@mikro-orm/migrations'

export class TeachersSeeTheirClasses20261127T1845 extends Migration {
  override up(): void {
    // Assignments of a year that another has followed are history: who taught a class last year opens it no more. Between the end of
    // one year and the first day of the next the old one goes on, for retests and summer training.
    this.addSql(`
create function access.assigned_to(p_account uuid, p_schools uuid[], p_today date)
returns table (school_id uuid, class_id uuid, subject_code text)
language plpgsql stable security definer
set search_path = pg_catalog, access, pg_temp
as $$
#variable_conflict use_column
begin
  return query
  with mine as (
    select m.school_id, m.staff_id
    from access.membership m
    where m.account_id = p_account
      and m.school_id = any (p_schools)
      and p_today between m.valid_from and coalesce(m.valid_to, 'infinity')),
  years as (
    select y.id
    from schools.school_year y
    where not exists (
      select 1 from schools.school_year n where n.starts_on > y.starts_on and n.starts_on <= p_today))
  select t.school_id, t.class_id, t.subject_code
  from mine m
  join schools.teaching_assignment t on t.school_id = m.school_id and t.staff_id = m.staff_id and t.active
    and (t.starts_on is null or t.starts_on <= p_today)
  join schools.class_room c on c.school_id = t.school_id and c.id = t.class_id
  join years y on y.id = c.school_year_id
  union
  select h.school_id, h.class_id, null
  from mine m
  join schools.homeroom_assignment h on h.school_id = m.school_id and h.staff_id = m.staff_id and h.ended_on is null
    and (h.starts_on is null or h.starts_on <= p_today)
  join years y on y.id = h.school_year_id;
end
$$`)

    // As before, and for a teacher: of the classes that the agreement leaves, those that are the teacher's; \`lt.marks\` says of which
    // subjects, for a policy over marks. Classes themselves stay visible, as they hang on the wall of every staff room. Whoever
    // holds another office at the same school is no teacher only, and is not cut.
    this.addSql(`
create or replace function access.open_viewer(p_application uuid, p_account uuid, p_scope text, p_schools uuid[], p_today date)
returns uuid[]
language plpgsql security definer
set search_path = pg_catalog, access, pg_temp
as $$
declare
  permitted uuid[] := access.open_schools(p_application, p_account, p_scope, p_schools, p_today);
  agreed uuid[] := '{}';
  taught uuid[] := '{}';
  terms text[];
  classes uuid[];
  marks text[];
begin
  if coalesce(current_setting('lt.narrowed', true), '') <> '' then
    execute 'set local lt.narrowed = ''''';
    execute 'set local lt.taught = ''''';
  end if;
  if p_application is not null and exists (
    select 1
    from access.school_grant g
    where g.application_id = p_application
      and (g.levels <> '{}' or g.school_years <> '{}')) then
    agreed := array(
      select g.school_id
      from access.school_grant g
      where g.application_id = p_application
        and g.school_id = any (permitted)
        and p_scope = any (g.scopes)
        and p_today between g.valid_from and g.valid_to
      group by g.school_id
      having bool_and(g.levels <> '{}' or g.school_years <> '{}'));
  end if;
  if p_account is not null then
    taught := array(
      select m.school_id
      from access.membership m
      where m.account_id = p_account
        and m.school_id = any (permitted)
        and p_today between m.valid_from and coalesce(m.valid_to, 'infinity')
      group by m.school_id
      having bool_and(m.role = 'TEACHER'));
  end if;
  if cardinality(agreed) = 0 and cardinality(taught) = 0 then
    return permitted;
  end if;
  terms := array(
    select distinct g.school_id || '/' || l.level || '/' || y.id
    from access.school_grant g
    cross join unnest(case when g.levels = '{}' then array['MN', 'TH', 'THCS', 'THPT', 'GDTX'] else g.levels end) l (level)
    join schools.school_year y on g.school_years = '{}' or y.code = any (g.school_years)
    where g.application_id = p_application
      and g.school_id = any (agreed)
      and p_scope = any (g.scopes)
      and p_today between g.valid_from and g.valid_to
    union all
    select s.school_id || '/' || l.level || '/' || y.id
    from unnest(taught) s (school_id)
    cross join unnest(array['MN', 'TH', 'THCS', 'THPT', 'GDTX']) l (level)
    cross join schools.school_year y
    where s.school_id <> all (agreed));
  classes := array(
    select c.id
    from schools.class_room c
    where c.school_id = any (agreed || taught)
      and c.school_id || '/' || c.level || '/' || c.school_year_id = any (terms)
      and (c.school_id <> all (taught) or c.id in (
        select a.class_id from access.assigned_to(p_account, taught, p_today) a)));
  if cardinality(taught) > 0 then
    marks := array(
      select a.class_id || '/' || coalesce(a.subject_code, s.code)
      from access.assigned_to(p_account, taught, p_today) a
      left join schools.subject s on a.subject_code is null);
    execute format('set local lt.marks = %L', marks::text);
    execute format('set local lt.taught = %L', taught::text);
  end if;
  execute format('set local lt.terms = %L', terms::text);
  execute format('set local lt.classes = %L', classes::text);
  execute format('set local lt.narrowed = %L', (agreed || taught)::text);
  return permitted;
end
$$`)
    this.addSql(`revoke all on function access.assigned_to(uuid, uuid[], date) from public`)
  }
}
