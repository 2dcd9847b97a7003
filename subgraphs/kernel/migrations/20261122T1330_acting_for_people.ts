// People in person and through applications: whose schools open to both at once, clients people sign in at, tokens that have ended.
import { Migration } from '@mikro-orm/migrations'

export class ActingForPeople20261122T1330 extends Migration {
  override up(): void {
    // A client of the platform itself, such as the portal, is nobody: it may do nothing until a person has signed in at it.
    this.addSql(`
alter table access.client
  add column first_party boolean not null default false,
  add column redirect_uris text[] not null default '{}',
  drop constraint client_is_application_or_person,
  add constraint client_is_application_person_or_first_party
    check (num_nonnulls(application_id, account_id) + first_party::integer = 1)`)

    // An application that acts for a person has the schools where both hold: the agreement and the person's office. Neither an
    // agreement lends a teacher another school, nor a teacher an application a school that has not agreed.
    this.addSql(`
create or replace function access.permitted_schools(p_application uuid, p_account uuid, p_scope text, p_schools uuid[], p_today date)
returns uuid[]
language sql stable security definer
set search_path = pg_catalog, access, pg_temp
as $$
  select coalesce(array_agg(distinct s.school_id order by s.school_id), '{}')
  from (
    select g.school_id
    from access.school_grant g
    where p_application is not null
      and g.application_id = p_application
      and p_scope = any (g.scopes)
      and p_today between g.valid_from and g.valid_to
      and (p_account is null or exists (
        select 1
        from access.membership m
        join access.person p on p.account_id = m.account_id
        where m.account_id = p_account
          and m.school_id = g.school_id
          and p.status = 'ACTIVE'
          and p_today between m.valid_from and coalesce(m.valid_to, 'infinity')))
    union all
    select o.school_id
    from access.person p
    join access.oversight o on o.authority_id = p.authority_id
    where p_application is null
      and p.account_id = p_account
      and p.role = 'AUTHORITY_OFFICER'
      and p.status = 'ACTIVE'
      and p_today between o.valid_from and coalesce(o.valid_to, 'infinity')
    union all
    select m.school_id
    from access.membership m
    join access.person p on p.account_id = m.account_id
    where p_application is null
      and m.account_id = p_account
      and p.status = 'ACTIVE'
      and p_today between m.valid_from and coalesce(m.valid_to, 'infinity')
  ) s
  where p_schools is null or s.school_id = any (p_schools)
$$`)

    // Whether an application may act for a person anywhere at all today.
    this.addSql(`
create function access.shares_a_school(p_application uuid, p_account uuid, p_today date)
returns boolean
language sql stable security definer
set search_path = pg_catalog, access, pg_temp
as $$
  select exists (
    select 1
    from access.membership m
    join access.person p on p.account_id = m.account_id
    join access.school_grant g on g.school_id = m.school_id and g.application_id = p_application
    where m.account_id = p_account
      and p.status = 'ACTIVE'
      and p_today between m.valid_from and coalesce(m.valid_to, 'infinity')
      and p_today between g.valid_from and g.valid_to)
$$`)

    // Who the person is at one school: the record of staff behind the account. Null for a stranger to the school.
    this.addSql(`
create function access.staff_of(p_account uuid, p_school uuid, p_today date)
returns uuid
language sql stable security definer
set search_path = pg_catalog, access, pg_temp
as $$
  select m.staff_id
  from access.membership m
  where m.account_id = p_account
    and m.school_id = p_school
    and p_today between m.valid_from and coalesce(m.valid_to, 'infinity')
  order by m.role
  limit 1
$$`)

    // Tokens taken back before their time, by their own id or by that of the sign-in they come from. Rows outlive the tokens
    // they name and no longer: the table holds minutes.
    this.addSql(`
create table access.ended_token (
  id text primary key,
  until timestamptz not null
)`)
    this.addSql(`
create function access.end_token(p_id text, p_now timestamptz, p_until timestamptz)
returns void
language sql security definer
set search_path = pg_catalog, access, pg_temp
as $$
  delete from access.ended_token where until < p_now - interval '10 minutes';
  insert into access.ended_token as known (id, until)
  values (p_id, p_until)
  on conflict (id) do update set until = greatest(known.until, excluded.until);
  select pg_notify('lt_grants', 'token:' || p_id);
$$`)

    this.addSql(`revoke all on access.ended_token from public`)
    this.addSql(`revoke all on all functions in schema access from public`)
  }
}
