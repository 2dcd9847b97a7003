// Developers sign up, register their vendor and work in sandbox tenants of their own, which the province's registry does not show.
import { Migration } from '@mikro-orm/migrations'
import { keptApartByTenant, refillOfTenant } from '../../kernel/migration-kit.ts'

/** Of version 8 is the id of a synthetic school alone; see access.add_tenant. */
const IS_SYNTHETIC = `get_byte(uuid_send(school_id), 6) >> 4 = 8`

export class Onboarding20261127T1600 extends Migration {
  override up(): void {
    this.addSql(`alter table identity.account drop constraint account_role_known`)
    this.addSql(`
alter table identity.account
  add column organisation text,
  add column vendor_id uuid,
  add constraint account_role_known
    check (role in ('AUTHORITY_OFFICER', 'COMPLIANCE_OFFICER', 'PRINCIPAL', 'TEACHER', 'DEVELOPER')),
  add constraint account_speaks_for_vendor foreign key (vendor_id) references identity.vendor (id)`)
    this.addSql(`create index account_by_vendor on identity.account (vendor_id) where vendor_id is not null`)
    this.addSql(`create index account_by_role on identity.account (role)`)
    this.addSql(`alter table identity.sign_in_event drop constraint sign_in_event_act_known`)
    this.addSql(`
alter table identity.sign_in_event
  add constraint sign_in_event_act_known check (act in ('SIGN_IN', 'CONSENT', 'SIGN_OUT', 'EXCHANGE', 'SIGN_UP'))`)

    const own = (column: string): string => `${column} = nullif(current_setting('lt.vendor', true), '')::uuid`
    for (const sql of [
      ...keptApartByTenant('identity.vendor', own('id')),
      ...keptApartByTenant('identity.application', own('vendor_id')),
      ...keptApartByTenant('identity.registry_event', own('vendor_id')),
    ])
      this.addSql(sql)

    // Access is reviewed where there are pupils. A synthetic school is nobody's but its developer's.
    for (const table of ['agreement', 'agreement_proposal', 'agreement_version', 'school_event', 'consent', 'consent_event'])
      this.addSql(`
alter policy open_to_review on identity.${table}
  using (current_setting('lt.review', true) = 'on' and not (${IS_SYNTHETIC}))`)

    // The vendor is seen by the transaction that registers it, before it is published.
    this.addSql(`
create function identity.begin_speaking_for(p_vendor uuid)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  execute format('set local lt.vendor = %L', p_vendor::text);
end
$$`)
    this.addSql(`
create or replace function identity.publish_person(p_account uuid, p_now timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, identity, access, pg_temp
as $$
begin
  update access.person p
  set status = a.status,
      vendor_id = a.vendor_id
  from identity.account a
  where a.id = p_account
    and p.account_id = p_account;
  perform identity.announce_clients(null, p_account, p_now);
end
$$`)

    // A developer in person stands for the vendor that the account registered.
    this.addSql(`
create or replace function access.resolve_bearer(p_client_id text, p_account_id uuid, p_token_ids text[])
returns table (client_id text, application_id uuid, vendor_id uuid, account_id uuid, authority_id uuid, role text,
               display_name text, environment text, scopes text[], status text, grant_version bigint, first_party boolean)
language sql stable security definer
set search_path = pg_catalog, access, identity, pg_temp
as $$
  select c.client_id, c.application_id, case when c.application_id is null then p.vendor_id else c.vendor_id end,
    coalesce(c.account_id, p_account_id), p.authority_id, p.role,
    case
      when p_account_id is null then c.display_name
      when c.first_party then a.display_name
      else a.display_name || ' · ' || c.display_name
    end,
    c.environment,
    case
      when p_account_id is null then c.scopes
      else array(select s from unnest(c.scopes) s where s = any (a.scopes))
    end,
    case
      when exists (select 1 from access.ended_token e where e.id = any (p_token_ids)) then 'REVOKED'
      when p_account_id is not null and (p.status is distinct from 'ACTIVE' or a.status is distinct from 'ACTIVE') then 'REVOKED'
      when p.status <> 'ACTIVE' then p.status
      else c.status
    end,
    c.grant_version, c.first_party
  from access.client c
  left join access.person p on p.account_id = coalesce(c.account_id, p_account_id)
  left join identity.account a on a.id = p_account_id
  where c.client_id = p_client_id
    and (c.account_id is null or (p_account_id is null and c.environment = 'SANDBOX'))
    and (not c.first_party or p_account_id is not null)
$$`)

    for (const sql of refillOfTenant('identity')) this.addSql(sql)
  }
}
