// Developers and their sandbox tenants: who speaks for which vendor, which synthetic schools are whose, and what a transaction of theirs sees.
import { Migration } from '@mikro-orm/migrations'

export class SandboxTenants20261127T1600 extends Migration {
  override up(): void {
    this.addSql(`alter table access.person add column vendor_id uuid`)
    // SHA-256 of 32 random bytes: nothing to guess, so nothing to slow down. Only clients of a sandbox have one.
    this.addSql(`
alter table access.client
  add column secret_hash text,
  add constraint client_secret_is_of_the_sandbox check (secret_hash is null or environment = 'SANDBOX')`)

    this.addSql(`
create table access.sandbox_tenant (
  id uuid primary key,
  account_id uuid not null,
  application_id uuid not null,
  vendor_id uuid not null,
  name text not null,
  token text not null,
  school_ids uuid[] not null,
  created_at timestamptz not null,
  filled_at timestamptz not null,
  resets integer not null default 0,
  constraint sandbox_tenant_application_unique unique (application_id),
  constraint sandbox_tenant_token_unique unique (token)
)`)
    this.addSql(`create index sandbox_tenant_by_account on access.sandbox_tenant (account_id, id)`)

    // The schools of a tenant are made here and nowhere else, with ids that no school of a province can have: a UUID of version 8,
    // where ours are of version 7 (RFC 9562, 5.8). Whoever asks for a tenant cannot name a school, so it cannot name a real one;
    // and a policy tells a synthetic school from a real one by its id, without looking anything up.
    this.addSql(`
create function access.add_tenant(p_id uuid, p_account uuid, p_application uuid, p_vendor uuid, p_name text, p_token text,
  p_schools integer, p_most integer, p_now timestamptz)
returns uuid[]
language plpgsql security definer
set search_path = pg_catalog, access, pg_temp
as $$
declare
  made uuid[];
begin
  -- Two at once of one account follow one another, so that the limit holds.
  perform 1 from access.person p where p.account_id = p_account and p.role = 'DEVELOPER' and p.status = 'ACTIVE' for update;
  if not found or (select count(*) from access.sandbox_tenant t where t.account_id = p_account) >= p_most then
    return null;
  end if;
  select array_agg(overlay(gen_random_uuid()::text placing '8' from 15 for 1)::uuid) into made from generate_series(1, p_schools);
  insert into access.sandbox_tenant (id, account_id, application_id, vendor_id, name, token, school_ids, created_at, filled_at)
  values (p_id, p_account, p_application, p_vendor, p_name, p_token, made, p_now, p_now);
  -- What the same transaction founds belongs to this tenant.
  execute format('set local lt.tenants = %L', array[p_id]::text);
  return made;
end
$$`)

    // Of two resets at once the second waits here. Another developer's tenant is not there.
    this.addSql(`
create function access.begin_reset(p_tenant uuid, p_account uuid, p_now timestamptz)
returns table (id uuid, application_id uuid, vendor_id uuid, token text, school_ids uuid[], created_at timestamptz)
language sql security definer
set search_path = pg_catalog, access, pg_temp
as $$
  update access.sandbox_tenant t
  set filled_at = p_now, resets = t.resets + 1
  where t.id = p_tenant
    and t.account_id = p_account
  returning t.id, t.application_id, t.vendor_id, t.token, t.school_ids, t.created_at
$$`)

    // For the functions that fill a tenant: opens its schools and no others. Null when there is no such tenant.
    this.addSql(`
create function access.open_tenant(p_tenant uuid)
returns uuid[]
language plpgsql security definer
set search_path = pg_catalog, access, pg_temp
as $$
declare
  opened uuid[] := (select t.school_ids from access.sandbox_tenant t where t.id = p_tenant);
begin
  if opened is not null then
    execute format('set local lt.schools = %L', opened::text);
    execute 'set local lt.application = ''''';
    execute format('set local lt.tenants = %L', array[p_tenant]::text);
  end if;
  return opened;
end
$$`)

    // As before, and a developer is shown the synthetic schools that are theirs.
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
    union all
    select unnest(t.school_ids)
    from access.sandbox_tenant t
    join access.person p on p.account_id = t.account_id
    where p_application is null
      and t.account_id = p_account
      and p.role = 'DEVELOPER'
      and p.status = 'ACTIVE'
  ) s
  where p_schools is null or s.school_id = any (p_schools)
$$`)

    // Beside the schools: of what no school holds (vendors, applications, authorities, school codes) a developer and a sandbox
    // application are shown their own, and everybody else the province's. Left unset, the setting shows the province's.
    this.addSql(`
create or replace function access.open_schools(p_application uuid, p_account uuid, p_scope text, p_schools uuid[], p_today date)
returns uuid[]
language plpgsql security definer
set search_path = pg_catalog, access, pg_temp
as $$
declare
  permitted uuid[] := access.permitted_schools(p_application, p_account, p_scope, p_schools, p_today);
  tenants uuid[];
  own_vendor uuid;
begin
  execute format('set local lt.schools = %L', permitted::text);
  execute format('set local lt.application = %L', coalesce(p_application::text, ''));
  if p_application is not null then
    select array_agg(t.id) into tenants from access.sandbox_tenant t where t.application_id = p_application;
  else
    select array(select t.id from access.sandbox_tenant t where t.account_id = p_account), p.vendor_id
    into tenants, own_vendor
    from access.person p
    where p.account_id = p_account
      and p.role = 'DEVELOPER';
  end if;
  if tenants is not null then
    execute format('set local lt.tenants = %L', tenants::text);
    execute format('set local lt.vendor = %L', coalesce(own_vendor::text, ''));
  end if;
  return permitted;
end
$$`)

    this.addSql(`revoke all on access.sandbox_tenant from public`)
    this.addSql(`revoke all on function access.add_tenant(uuid, uuid, uuid, uuid, text, text, integer, integer, timestamptz),
  access.begin_reset(uuid, uuid, timestamptz), access.open_tenant(uuid) from public`)
  }
}
