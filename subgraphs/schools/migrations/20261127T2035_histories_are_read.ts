// Former versions are read: they stand under the same terms and assignments as the record does, and nothing rises without one.
import { Migration } from '@mikro-orm/migrations'

export class HistoriesAreRead20261127T2035 extends Migration {
  override up(): void {
    // What a record said while it was of a class that the agreement or the assignment leaves out is as closed as a record of that
    // class is today. For reading alone: a write has stepped outside the terms, and keeps what was.
    this.addSql(`
create policy within_terms_of_agreement on schools.former_version as restrictive for select
  using (coalesce(current_setting('lt.narrowed', true), '') = ''
    or school_id <> all (nullif(current_setting('lt.narrowed', true), '')::uuid[])
    or case
      when entity = 'ClassRoom' then school_id || '/' || (record ->> 'level') || '/' || (record ->> 'school_year_id')
        = any (nullif(current_setting('lt.terms', true), '')::text[])
      when entity in ('Student', 'Enrolment', 'TeachingAssignment', 'HomeroomAssignment') then (record ->> 'class_id')::uuid
        = any (nullif(current_setting('lt.classes', true), '')::uuid[])
      else true
    end)`)
    // What a record was while it was merged into another is nobody's, also after the undoing.
    this.addSql(`
create policy hidden_when_merged on schools.former_version as restrictive for select
  using (entity <> 'Student'
    or record ->> 'merged_into' is null
    or coalesce(current_setting('lt.merged', true), '') = 'shown')`)

    // As before; the row as it was before a consent was given or taken back is kept, as before every other change.
    this.addSql(`
create or replace function published.apply_consents_to_guardians(p_school uuid, p_students uuid[], p_application uuid, p_at timestamptz)
returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  acting text := coalesce(current_setting('lt.application', true), '');
  touched integer;
begin
  execute 'set local lt.application = ''''';
  with consented as (
    select g.id, s.code,
      coalesce(array_agg(distinct c.application_id) filter (where c.application_id is not null), '{}') as applications
    from schools.guardian g
    join schools.student s on s.school_id = g.school_id and s.id = g.student_id
    left join published.consent_in_force c
      on c.school_id = g.school_id and c.student_id = g.student_id and c.giver_id = g.id and c.purpose = 'CONTACT_BOOK'
      and g.ended_on is null
    where g.school_id = p_school
      and g.student_id = any (p_students)
    group by g.id, s.code
  ), kept as (
    insert into schools.former_version (school_id, entity, entity_id, version, record, replaced_at, replaced_by_application_id)
    select g.school_id, 'Guardian', g.id, g.version, to_jsonb(g), p_at, p_application
    from schools.guardian g
    join consented n on n.id = g.id
    where g.school_id = p_school
      and not (g.consented_applications @> n.applications and n.applications @> g.consented_applications)
  ), changed as (
    update schools.guardian g
    set consented_applications = n.applications,
      version = g.version + 1,
      updated_at = p_at
    from consented n
    where g.school_id = p_school
      and g.id = n.id
      and not (g.consented_applications @> n.applications and n.applications @> g.consented_applications)
    returning g.id, g.version, n.code
  ), told as (
    insert into schools.outbox (school_id, occurred_at, entity, entity_id, natural_key, event, version, application_id)
    select p_school, p_at, 'Guardian', id, code || '/' || id, 'UPDATE', version, p_application
    from changed
    returning 1
  )
  select count(*) into touched from told;
  execute format('set local lt.application = %L', acting);
  return touched;
end
$$`)
    this.addSql(`
create or replace function published.apply_consents_to_health(p_school uuid, p_students uuid[], p_fresh uuid[], p_application uuid, p_at timestamptz)
returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  acting text := coalesce(current_setting('lt.application', true), '');
  touched integer;
begin
  execute 'set local lt.application = ''''';
  with consented as (
    select h.id, s.code,
      coalesce(array_agg(distinct c.application_id) filter (where c.application_id is not null), '{}') as applications
    from schools.health_record h
    join schools.student s on s.school_id = h.school_id and s.id = h.student_id
    left join published.consent_in_force c
      on c.school_id = h.school_id and c.student_id = h.student_id and c.purpose = 'HEALTH'
    where h.school_id = p_school
      and h.student_id = any (p_students)
    group by h.id, s.code
  ), kept as (
    insert into schools.former_version (school_id, entity, entity_id, version, record, replaced_at, replaced_by_application_id)
    select h.school_id, 'HealthRecord', h.id, h.version, to_jsonb(h), p_at, p_application
    from schools.health_record h
    join consented n on n.id = h.id
    where h.school_id = p_school
      and h.id <> all (p_fresh)
      and not (h.consented_applications @> n.applications and n.applications @> h.consented_applications)
  ), changed as (
    update schools.health_record h
    set consented_applications = n.applications,
      version = h.version + case when h.id = any (p_fresh) then 0 else 1 end,
      updated_at = p_at
    from consented n
    where h.school_id = p_school
      and h.id = n.id
      and not (h.consented_applications @> n.applications and n.applications @> h.consented_applications)
    returning h.id, h.version, n.code
  ), told as (
    insert into schools.outbox (school_id, occurred_at, entity, entity_id, natural_key, event, version, application_id)
    select p_school, p_at, 'HealthRecord', id, code || '/' || id, 'UPDATE', version, p_application
    from changed
    where id <> all (p_fresh)
    returning 1
  )
  select count(*) into touched from told;
  execute format('set local lt.application = %L', acting);
  return touched;
end
$$`)
  }
}
