// Guardians are written, their links end; health records; who keeps a record that rests on consent, and what they last said of it.
import { Migration } from '@mikro-orm/migrations'
import { openToAgreedSchools, openToConsentedApplications } from '../../kernel/migration-kit.ts'

export class GuardiansAndHealth20261127T1925 extends Migration {
  override up(): void {
    this.addSql(`
alter table schools.guardian
  add column birth_year smallint,
  add column job text,
  add column address text,
  add column ended_on date,
  add column application_id uuid`)
    this.addSql(`
create table schools.health_record (
  school_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  measured_on date not null,
  height_mm integer,
  weight_g integer,
  eye_disease text,
  vision_left smallint,
  vision_right smallint,
  dental text,
  note text,
  void boolean not null default false,
  consented_applications uuid[] not null default '{}',
  version integer not null default 1,
  updated_at timestamptz not null,
  application_id uuid,
  primary key (school_id, id),
  constraint health_record_within_nature check (height_mm between 300 and 2500 and weight_g between 1000 and 300000),
  constraint health_record_vision_of_ten check (vision_left between 0 and 20 and vision_right between 0 and 20),
  constraint health_record_of_student foreign key (school_id, student_id) references schools.student (school_id, id)
)`)
    this.addSql(`create index health_record_by_student on schools.health_record (school_id, student_id, measured_on desc, id)`)
    for (const sql of openToAgreedSchools('schools.health_record')) this.addSql(sql)
    for (const sql of openToConsentedApplications('schools.health_record')) this.addSql(sql)

    // A product may keep records that it cannot read. What it is told of them is answered from what it said itself, which is kept
    // here as a digest, and from nothing that others wrote.
    this.addSql(`
create table schools.kept_record (
  school_id uuid not null,
  application_id uuid not null,
  entity text not null,
  entity_id uuid not null,
  said text not null,
  primary key (school_id, application_id, entity, entity_id),
  constraint kept_record_entity_known check (entity in ('Guardian', 'HealthRecord'))
)`)
    for (const sql of openToAgreedSchools('schools.kept_record')) this.addSql(sql)
    this.addSql(`
alter table schools.external_reference
  drop constraint external_reference_entity_known,
  add constraint external_reference_entity_known check (entity in ('SCHOOL', 'CLASS_ROOM', 'STAFF', 'STUDENT', 'GUARDIAN'))`)

    // A former version rests on the same consent as the record: no application reads it.
    this.addSql(`
create policy closed_where_consent_is_needed on schools.former_version as restrictive for select
  using (entity not in ('Guardian', 'HealthRecord')
    or coalesce(current_setting('lt.application', true), '') = '')`)

    // As before, without those whose link has ended.
    this.addSql(`
create or replace function published.families(p_school uuid, p_students uuid[], p_lock boolean)
returns table (student_id uuid, student_code text, student_status text, birth_date date, guardian_id uuid, relation text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  acting text := coalesce(current_setting('lt.application', true), '');
begin
  execute 'set local lt.application = ''''';
  if p_lock then
    perform 1
    from schools.student s
    where s.school_id = p_school
      and s.id = any (p_students)
    order by s.id
    for no key update;
  end if;
  return query
    select s.id, s.code, s.status, s.birth_date, g.id, g.relation
    from schools.student s
    left join schools.guardian g on g.school_id = s.school_id and g.student_id = s.id and g.ended_on is null
    where s.school_id = p_school
      and s.id = any (p_students);
  execute format('set local lt.application = %L', acting);
end
$$`)
    // As before; a guardian whose link has ended is open to nobody's application, whatever was consented to.
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
    // Health rests on the consent to HEALTH of whoever speaks for the pupil (identity says who may). \`p_fresh\`: records of this very
    // transaction, which have been told already.
    this.addSql(`
create function published.apply_consents_to_health(p_school uuid, p_students uuid[], p_fresh uuid[], p_application uuid, p_at timestamptz)
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
    this.addSql(`revoke all on function published.apply_consents_to_health(uuid, uuid[], uuid[], uuid, timestamptz) from public`)
  }
}
