// People sign in: their secrets, the tries that count against them, the record of every sign-in, and whom a token stands for.
import { Migration } from '@mikro-orm/migrations'

export class SignIn20261122T1330 extends Migration {
  override up(): void {
    // Apart from the account, which many read: nothing but signing in ever asks for this table.
    this.addSql(`
create table identity.account_secret (
  account_id uuid primary key,
  password_hash text not null,
  totp_secret bytea not null,
  totp_last_step bigint not null default 0,
  updated_at timestamptz not null,
  constraint account_secret_is_argon2id check (password_hash like '$argon2id$%'),
  constraint account_secret_of_account foreign key (account_id) references identity.account (id)
)`)

    // A window of tries for each account and each address. A try counts before it is judged, so that a thousand at once
    // are a thousand; a success gives the account's back.
    this.addSql(`
create table identity.sign_in_window (
  subject text primary key,
  tries integer not null,
  ends_at timestamptz not null
)`)
    this.addSql(`create index sign_in_window_by_end on identity.sign_in_window (ends_at)`)

    // Of unknown accounts only that there was a try: what was typed into the field may be a password.
    this.addSql(`
create table identity.sign_in_event (
  id uuid primary key,
  at timestamptz not null,
  act text not null,
  outcome text not null,
  account_id uuid,
  client_id text,
  address text not null,
  constraint sign_in_event_act_known check (act in ('SIGN_IN', 'CONSENT', 'SIGN_OUT', 'EXCHANGE')),
  constraint sign_in_event_outcome_known check (outcome in ('ALLOWED', 'REFUSED', 'LIMITED'))
)`)
    this.addSql(`create index sign_in_event_by_account on identity.sign_in_event (account_id, at desc, id desc)`)
    this.addSql(`create index sign_in_event_by_time on identity.sign_in_event (at desc, id desc)`)

    // Whom a token stands for at this moment. Of a client by itself, the client. Of a person at a client of the platform, the
    // person, with no more than both hold. Of a person at an application, both together. A token that was taken back, or whose
    // person is suspended or gone, is revoked whatever it says. The test clients that are people exist in the sandbox alone.
    this.addSql(`
create function access.resolve_bearer(p_client_id text, p_account_id uuid, p_token_ids text[])
returns table (client_id text, application_id uuid, vendor_id uuid, account_id uuid, authority_id uuid, role text,
               display_name text, environment text, scopes text[], status text, grant_version bigint, first_party boolean)
language sql stable security definer
set search_path = pg_catalog, access, identity, pg_temp
as $$
  select c.client_id, c.application_id, c.vendor_id, coalesce(c.account_id, p_account_id), p.authority_id, p.role,
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
    this.addSql(`revoke all on function access.resolve_bearer(text, uuid, text[]) from public`)
  }
}
