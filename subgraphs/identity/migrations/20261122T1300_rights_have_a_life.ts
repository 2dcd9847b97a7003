// Rights have a life: requested, approved, agreed, amended, ended. Each step is an event, and each is published in its own transaction.
import { Migration } from '@mikro-orm/migrations'
import { openToAgreedSchools } from '../../kernel/migration-kit.ts'

/** An application sees its own rows of a school's table and none of its rivals'; a review sees all. Nothing is looked up. */
function openToOwnApplication(table: string): string[] {
  return [
    `create policy open_to_own_application on ${table} for select
       using (application_id = nullif(current_setting('lt.application', true), '')::uuid)`,
    `create policy closed_to_other_applications on ${table} as restrictive for select
       using (current_setting('lt.application', true) = ''
         or application_id = nullif(current_setting('lt.application', true), '')::uuid)`,
    `create policy open_to_review on ${table} for select
       using (current_setting('lt.review', true) = 'on')`,
  ]
}

/** A vendor writes to a school that has not opened yet: a row of its own, in the state that binds nobody. */
function insertedByOwnApplication(table: string, condition: string): string[] {
  const own = `application_id = nullif(current_setting('lt.application', true), '')::uuid and ${condition}`
  return [
    `create policy inserted_by_own_application on ${table} for insert with check (${own})`,
    // Also where the school is open to the application: what binds the school is written by the school.
    `create policy applications_insert_only_this on ${table} as restrictive for insert
       with check (current_setting('lt.application', true) = '' or (${own}))`,
  ]
}

/** And it may change such a row of its own into a state that binds nobody either. */
function updatedByOwnApplication(table: string, condition: string): string[] {
  const mine = `application_id = nullif(current_setting('lt.application', true), '')::uuid`
  return [
    `create policy updated_by_own_application on ${table} for update using (${mine}) with check (${mine} and ${condition})`,
    `create policy applications_update_only_this on ${table} as restrictive for update
       using (true)
       with check (current_setting('lt.application', true) = '' or (${mine} and ${condition}))`,
  ]
}

export class RightsHaveALife20261122T1300 extends Migration {
  override up(): void {
    this.#vendors()
    this.#applications()
    this.#agreements()
    this.#events()
    this.#publication()
  }

  #vendors(): void {
    this.addSql(`
alter table identity.vendor
  add column contact_name text,
  add column contact_phone text,
  add column data_protection_officer_email text`)
    this.addSql(`
create table identity.vendor_certificate (
  vendor_id uuid not null,
  kind text not null,
  number text not null,
  issued_on date not null,
  valid_to date not null,
  primary key (vendor_id, kind, number),
  constraint vendor_certificate_kind_known check (kind in ('ISO_27001', 'SYSTEM_SECURITY_LEVEL_3', 'DATA_PROTECTION_IMPACT')),
  constraint vendor_certificate_has_length check (valid_to >= issued_on),
  constraint vendor_certificate_of_vendor foreign key (vendor_id) references identity.vendor (id)
)`)
  }

  #applications(): void {
    this.addSql(`alter table identity.application drop constraint application_status_known`)
    this.addSql(`
alter table identity.application add constraint application_status_known
  check (status in ('DRAFT', 'REQUESTED', 'REFUSED', 'ACTIVE', 'SUSPENDED', 'REVOKED'))`)
    // What the vendor asked for and why; \`granted\` is null until the Sở decides.
    this.addSql(`
create table identity.scope_request (
  application_id uuid not null,
  scope text not null,
  purpose text not null,
  requested_at timestamptz not null,
  granted boolean,
  primary key (application_id, scope),
  constraint scope_request_of_application foreign key (application_id) references identity.application (id)
)`)
    // A later decision takes the place of an earlier one from its own first day, not before: no gap, and no day with two.
    this.addSql(`
alter table identity.approval
  add column decided_by uuid,
  add column superseded_from date,
  add constraint approval_has_length check (valid_to >= valid_from)`)
    this.addSql(`
create table identity.credential (
  id uuid primary key,
  application_id uuid not null,
  thumbprint text not null,
  jwk jsonb not null,
  registered_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  constraint credential_thumbprint_unique unique (application_id, thumbprint),
  constraint credential_of_application foreign key (application_id) references identity.application (id)
)`)
    // A revoked key may have asked for tokens that are still young: from then on only tokens issued later count.
    this.addSql(`alter table access.client add column tokens_after timestamptz`)
    // Whole seconds, as tokens count them.
    this.addSql(`
create function access.tokens_after(p_client_id text)
returns integer
language sql stable security definer
set search_path = pg_catalog, access, pg_temp
as $$
  select floor(extract(epoch from c.tokens_after))::integer from access.client c where c.client_id = p_client_id
$$`)
    this.addSql(`revoke all on function access.tokens_after(text) from public`)
  }

  #agreements(): void {
    // An empty list of levels or school years does not narrow.
    this.addSql(`
alter table identity.agreement
  add column levels text[] not null default '{}',
  add column school_years text[] not null default '{}',
  add column ended_as text,
  add column end_reason text,
  add constraint agreement_end_known check (ended_as in ('ENDED', 'STOPPED')),
  add constraint agreement_has_length check (valid_to >= valid_from)`)
    for (const sql of updatedByOwnApplication('identity.agreement', `ended_as = 'ENDED'`)) this.addSql(sql)
    // Only a school signs for itself, also where it is open to the application that would like it to.
    this.addSql(`
create policy applications_sign_nothing on identity.agreement as restrictive for insert
  with check (current_setting('lt.application', true) = '')`)

    // What a vendor proposes: a first agreement (version 1) or the next version of one in force.
    this.addSql(`
create table identity.agreement_proposal (
  school_id uuid not null,
  id uuid not null,
  agreement_id uuid not null,
  application_id uuid not null,
  version integer not null,
  state text not null,
  purpose text not null,
  scopes text[] not null,
  levels text[] not null,
  school_years text[] not null,
  valid_from date not null,
  valid_to date not null,
  proposed_at timestamptz not null,
  decided_at timestamptz,
  reason text,
  primary key (school_id, id),
  constraint agreement_proposal_state_known check (state in ('PROPOSED', 'SIGNED', 'REFUSED', 'WITHDRAWN')),
  constraint agreement_proposal_has_length check (valid_to >= valid_from)
)`)
    // One open proposal for a school and an application: the principal decides on one text, not on several at once.
    this.addSql(`
create unique index agreement_proposal_one_open on identity.agreement_proposal (school_id, application_id) where state = 'PROPOSED'`)
    this.addSql(`create index agreement_proposal_by_application on identity.agreement_proposal (application_id, school_id, id)`)

    // The terms that stood before an amendment.
    this.addSql(`
create table identity.agreement_version (
  school_id uuid not null,
  agreement_id uuid not null,
  version integer not null,
  application_id uuid not null,
  purpose text not null,
  scopes text[] not null,
  levels text[] not null,
  school_years text[] not null,
  valid_from date not null,
  valid_to date not null,
  signed_by_staff_id uuid not null,
  signed_at timestamptz not null,
  replaced_at timestamptz not null,
  primary key (school_id, agreement_id, version)
)`)
    for (const table of ['identity.agreement_proposal', 'identity.agreement_version'])
      for (const sql of [...openToAgreedSchools(table), ...openToOwnApplication(table)]) this.addSql(sql)
    for (const sql of [
      ...insertedByOwnApplication('identity.agreement_proposal', `state = 'PROPOSED'`),
      ...updatedByOwnApplication('identity.agreement_proposal', `state in ('PROPOSED', 'WITHDRAWN')`),
    ])
      this.addSql(sql)
  }

  #events(): void {
    // Two tables, because two reaches: what the Sở decided about a vendor is the province's, what a school agreed to is the school's.
    this.addSql(`
create table identity.registry_event (
  id uuid primary key,
  at timestamptz not null,
  subject text not null,
  vendor_id uuid not null,
  application_id uuid,
  act text not null,
  from_state text,
  to_state text,
  reason text,
  decision_number text,
  client_id text not null,
  account_id uuid,
  party_name text not null,
  constraint registry_event_subject_known check (subject in ('VENDOR', 'APPLICATION', 'CREDENTIAL'))
)`)
    this.addSql(`create index registry_event_by_time on identity.registry_event (at desc, id desc)`)
    this.addSql(`create index registry_event_by_vendor on identity.registry_event (vendor_id, at desc, id desc)`)
    this.addSql(`
create table identity.school_event (
  school_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  subject text not null,
  subject_id uuid not null,
  application_id uuid,
  act text not null,
  from_state text,
  to_state text,
  version integer,
  reason text,
  client_id text not null,
  account_id uuid,
  party_name text not null,
  primary key (school_id, id),
  constraint school_event_subject_known check (subject in ('AGREEMENT', 'ACCOUNT'))
)`)
    this.addSql(`create index school_event_by_time on identity.school_event (at desc, id desc)`)
    for (const sql of [...openToAgreedSchools('identity.school_event'), ...openToOwnApplication('identity.school_event')])
      this.addSql(sql)
    for (const sql of insertedByOwnApplication('identity.school_event', `subject = 'AGREEMENT'`)) this.addSql(sql)
    this.addSql(
      `create index audit_event_by_account on access.audit_event (account_id, at desc, id desc) where account_id is not null`,
    )
  }

  #publication(): void {
    // An agreement may stand under two decisions of the Sở, one after the other: one grant for each stretch of days.
    this.addSql(`alter table access.school_grant drop constraint school_grant_pkey, add primary key (agreement_id, valid_from)`)

    // Approval ∩ agreement ∩ validity, as days and scopes. The transaction may be open for other schools than those of the
    // application, or for none, so the function looks as the application itself for the time of one statement: the
    // policies then show all of its agreements and nobody else's.
    this.addSql(`
create function identity.publish_school_grants(p_application uuid, p_agreement uuid)
returns void
language plpgsql
set search_path = pg_catalog, identity, access, pg_temp
as $$
declare
  looking_as text := coalesce(current_setting('lt.application', true), '');
begin
  delete from access.school_grant
  where application_id = p_application
    and (p_agreement is null or agreement_id = p_agreement);
  execute format('set local lt.application = %L', p_application::text);
  insert into access.school_grant (agreement_id, application_id, school_id, scopes, agreement_version, purpose, valid_from, valid_to)
  select g.id, g.application_id, g.school_id, shared.scopes, g.version, g.purpose,
         greatest(g.valid_from, p.valid_from), least(g.valid_to, p.valid_to, p.superseded_from - 1)
  from identity.agreement g
  join identity.application a on a.id = g.application_id
  join identity.approval p on p.application_id = g.application_id
  cross join lateral (
    select array_agg(scope order by scope) as scopes
    from unnest(g.scopes) scope
    where scope = any (p.scopes)
  ) shared
  where g.application_id = p_application
    and (p_agreement is null or g.id = p_agreement)
    and g.ended_at is null
    and a.status = 'ACTIVE'
    and shared.scopes is not null
    and greatest(g.valid_from, p.valid_from) <= least(g.valid_to, p.valid_to, p.superseded_from - 1);
  execute format('set local lt.application = %L', looking_as);
end
$$`)

    // Every gateway forgets what it knew of these clients when this transaction commits, and not before.
    this.addSql(`
create function identity.announce_clients(p_application uuid, p_account uuid, p_now timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, access, pg_temp
as $$
declare
  told text;
begin
  for told in
    update access.client
    set grant_version = grant_version + 1, updated_at = p_now
    where application_id = p_application or account_id = p_account
    returning client_id
  loop
    perform pg_notify('lt_grants', told);
  end loop;
  -- The tokens of a person name the person, at whatever client they were given.
  if p_account is not null then
    perform pg_notify('lt_grants', 'account:' || p_account);
  end if;
end
$$`)

    // One agreement: its school opens, narrows or closes with the commit.
    this.addSql(`
create function identity.publish_agreement(p_application uuid, p_agreement uuid, p_now timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, identity, pg_temp
as $$
begin
  perform identity.publish_school_grants(p_application, p_agreement);
  perform identity.announce_clients(p_application, null, p_now);
end
$$`)

    // The application whole: its client exists once the Sở has approved it and it has a key, and then follows its state.
    this.addSql(`
create function identity.publish_application(p_application uuid, p_now timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, identity, access, pg_temp
as $$
declare
  today date := (p_now at time zone 'Asia/Ho_Chi_Minh')::date;
  registered identity.application := (select a from identity.application a where a.id = p_application);
  approved text[] := (
    select coalesce(array_agg(distinct scope order by scope), '{}')
    from identity.approval p
    cross join unnest(p.scopes) scope
    where p.application_id = p_application
      and least(p.valid_to, p.superseded_from - 1) >= today);
  keys jsonb := (
    select jsonb_agg(c.jwk || case when c.expires_at is null then '{}' else jsonb_build_object('exp', floor(extract(epoch from c.expires_at))) end
                     order by c.registered_at desc, c.id)
    from identity.credential c
    where c.application_id = p_application
      and c.revoked_at is null
      and coalesce(c.expires_at, 'infinity') > p_now);
  managed boolean := exists (select 1 from identity.credential c where c.application_id = p_application);
begin
  if registered.status = 'ACTIVE' and keys is not null then
    insert into access.client (client_id, application_id, vendor_id, display_name, environment, scopes, status, jwks, updated_at)
    select registered.code, registered.id, registered.vendor_id, registered.name, registered.environment, approved, 'ACTIVE', '{}', p_now
    where not exists (select 1 from access.client where application_id = p_application);
  end if;
  update access.client
  set status = registered.status,
      scopes = approved,
      display_name = registered.name,
      jwks = case when managed then jsonb_build_object('keys', coalesce(keys, '[]')) else jwks end
  where application_id = p_application
    and registered.status in ('ACTIVE', 'SUSPENDED', 'REVOKED');
  perform identity.publish_school_grants(p_application, null);
  perform identity.announce_clients(p_application, null, p_now);
end
$$`)

    // A person: closed as a whole, or left with fewer schools.
    this.addSql(`
create function identity.publish_person(p_account uuid, p_now timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, identity, access, pg_temp
as $$
begin
  update access.person p
  set status = a.status
  from identity.account a
  where a.id = p_account
    and p.account_id = p_account;
  perform identity.announce_clients(null, p_account, p_now);
end
$$`)
  }
}
