// Guardians follow the consents: who may consent for a pupil, and which applications a guardian's row is open to.
import { Migration } from '@mikro-orm/migrations'

export class GuardiansRestOnConsent20261122T1320 extends Migration {
  override up(): void {
    // Who may consent for these pupils. An application sees no guardian before there is a consent, so the question cannot be
    // asked of the table: this answers ids and the relation, never a name or a number. It steps behind the restrictive
    // policy by acting as nobody's application, and keeps to the schools that the transaction opened.
    // With p_lock the pupils are locked in the order of their ids: every change of a family's consents goes through here,
    // so two of them follow one another and each sees what the other left.
    this.addSql(`
create function published.families(p_school uuid, p_students uuid[], p_lock boolean)
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
    left join schools.guardian g on g.school_id = s.school_id and g.student_id = s.id
    where s.school_id = p_school
      and s.id = any (p_students);
  execute format('set local lt.application = %L', acting);
end
$$`)

    // Makes the guardians of these pupils say what the consents in force say. It is not told who consented, it reads it:
    // whoever calls it, and however often, a row cannot come to disagree with the consents. The caller holds the pupils'
    // locks (published.families), and this statement's snapshot begins after them.
    this.addSql(`
create function published.apply_consents_to_guardians(p_school uuid, p_students uuid[], p_application uuid, p_at timestamptz)
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
    this.addSql(`revoke all on function published.families(uuid, uuid[], boolean) from public`)
    this.addSql(`revoke all on function published.apply_consents_to_guardians(uuid, uuid[], uuid, timestamptz) from public`)
  }
}
