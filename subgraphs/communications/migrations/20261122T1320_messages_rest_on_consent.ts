// Messages and subscriptions follow the consents: a message knows whom it was sent to, a subscription ends with the last consent.
import { Migration } from '@mikro-orm/migrations'

export class MessagesRestOnConsent20261122T1320 extends Migration {
  override up(): void {
    // A message rests on the consent of the guardian it was sent to: what one parent withdraws, the other does not hold open.
    // Without one it rests on nobody's, and no application sees it.
    this.addSql(`alter table communications.message add column guardian_id uuid`)

    // Makes the contact book of these pupils say what the consents in force say; see published.apply_consents_to_guardians
    // for why it reads them and why it acts as nobody's application. A subscription ends on the day the last guardian of the
    // pupil withdraws from its application: what nobody consents to is neither served nor charged. Consent given again does
    // not bring it back, because subscribing is an act of its own.
    this.addSql(`
create function published.apply_consents_to_contact_book(p_school uuid, p_students uuid[], p_application uuid, p_at timestamptz, p_day date)
returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  acting text := coalesce(current_setting('lt.application', true), '');
  touched integer;
begin
  execute 'set local lt.application = ''''';
  with consented as materialized (
    select c.student_id, c.giver_id, array_agg(distinct c.application_id) as applications
    from published.consent_in_force c
    where c.school_id = p_school
      and c.student_id = any (p_students)
      and c.given_by = 'GUARDIAN'
      and c.purpose = 'CONTACT_BOOK'
    group by c.student_id, c.giver_id
  ), due as (
    select m.id, coalesce(c.applications, '{}') as applications
    from communications.message m
    left join consented c on c.student_id = m.student_id and c.giver_id = m.guardian_id
    where m.school_id = p_school
      and m.student_id = any (p_students)
  ), messages as (
    update communications.message m
    set consented_applications = n.applications,
      version = m.version + 1,
      updated_at = p_at
    from due n
    where m.school_id = p_school
      and m.id = n.id
      and not (m.consented_applications @> n.applications and n.applications @> m.consented_applications)
    returning m.id, m.version
  ), subscriptions as (
    update communications.subscription s
    set until = p_day,
      version = s.version + 1,
      updated_at = p_at
    from communications.contact_book_plan p
    where s.school_id = p_school
      and s.student_id = any (p_students)
      and s.until is null
      and p.school_id = s.school_id
      and p.id = s.plan_id
      and not exists (
        select 1
        from consented c
        where c.student_id = s.student_id
          and p.application_id = any (c.applications)
      )
    returning s.id, s.version
  ), told as (
    insert into communications.outbox (school_id, occurred_at, entity, entity_id, natural_key, event, version, application_id)
    select p_school, p_at, 'Message', id, id::text, 'UPDATE', version, p_application
    from messages
    union all
    select p_school, p_at, 'ContactBookSubscription', id, id::text, 'UPDATE', version, p_application
    from subscriptions
    returning 1
  )
  select count(*) into touched from told;
  execute format('set local lt.application = %L', acting);
  return touched;
end
$$`)
    this.addSql(
      `revoke all on function published.apply_consents_to_contact_book(uuid, uuid[], uuid, timestamptz, date) from public`,
    )
  }
}
