// The grants that identity publishes, the function that opens every transaction for a viewer, and the audit log.
import { Migration } from '@mikro-orm/migrations'

export class AccessGrants20261122T0900 extends Migration {
  override up(): void {
    this.addSql(`
create table access.person (
  account_id uuid primary key,
  authority_id uuid,
  role text not null,
  status text not null,
  constraint person_status_known check (status in ('ACTIVE', 'SUSPENDED', 'REVOKED'))
)`)

    this.addSql(`
create table access.client (
  client_id text primary key,
  application_id uuid,
  vendor_id uuid,
  account_id uuid,
  display_name text not null,
  environment text not null,
  scopes text[] not null,
  status text not null,
  jwks jsonb not null,
  grant_version bigint not null default 1,
  updated_at timestamptz not null,
  constraint client_is_application_or_person check ((application_id is null) <> (account_id is null)),
  constraint client_status_known check (status in ('ACTIVE', 'SUSPENDED', 'REVOKED')),
  constraint client_environment_known check (environment in ('SANDBOX', 'PRODUCTION'))
)`)
    this.addSql(`create index client_by_application on access.client (application_id)`)

    this.addSql(`
create table access.school_grant (
  agreement_id uuid primary key,
  application_id uuid not null,
  school_id uuid not null,
  scopes text[] not null,
  agreement_version integer not null,
  purpose text not null,
  valid_from date not null,
  valid_to date not null
)`)
    this.addSql(`create index school_grant_by_application on access.school_grant (application_id, school_id)`)

    this.addSql(`
create table access.oversight (
  authority_id uuid not null,
  school_id uuid not null,
  kind text not null,
  valid_from date not null,
  valid_to date,
  primary key (authority_id, school_id, kind, valid_from),
  constraint oversight_kind_known check (kind in ('MANAGING', 'PROFESSIONAL'))
)`)
    this.addSql(`create index oversight_by_school on access.oversight (school_id)`)

    this.addSql(`
create table access.membership (
  account_id uuid not null,
  school_id uuid not null,
  staff_id uuid not null,
  role text not null,
  valid_from date not null,
  valid_to date,
  primary key (account_id, school_id, role)
)`)

    // One statement of what is open to whom. Everything a policy compares with comes from here, computed from the grants
    // inside the database: a caller can ask for fewer schools than it was granted, never for more.
    this.addSql(`
create function access.permitted_schools(p_application uuid, p_account uuid, p_scope text, p_schools uuid[], p_today date)
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

    // \`set local\` through execute, because set_config(…, true) does not reach the workers of a cluster.
    this.addSql(`
create function access.open_viewer(p_application uuid, p_account uuid, p_scope text, p_schools uuid[], p_today date)
returns uuid[]
language plpgsql security definer
set search_path = pg_catalog, access, pg_temp
as $$
declare
  permitted uuid[] := access.permitted_schools(p_application, p_account, p_scope, p_schools, p_today);
begin
  execute format('set local lt.schools = %L', permitted::text);
  execute format('set local lt.application = %L', coalesce(p_application::text, ''));
  return permitted;
end
$$`)

    this.addSql(`
create table access.audit_event (
  id uuid primary key,
  at timestamptz not null,
  kind text not null,
  request_id text not null,
  client_id text not null,
  application_id uuid,
  vendor_id uuid,
  account_id uuid,
  party_name text not null,
  operation_name text,
  operation_hash text not null,
  operation_kind text not null,
  fields text[] not null,
  schools uuid[] not null,
  student_count integer not null,
  student_ids uuid[] not null,
  outcome text not null,
  error_codes text[] not null,
  constraint audit_event_kind_known check (kind in ('OPERATION', 'WRITE')),
  constraint audit_event_outcome_known check (outcome in ('ALLOWED', 'PARTIAL', 'REFUSED', 'FAILED'))
)`)
    this.addSql(`create index audit_event_by_time on access.audit_event (at desc, id desc)`)
    this.addSql(`create index audit_event_by_application on access.audit_event (application_id, at desc, id desc)`)
    this.addSql(`create index audit_event_by_vendor on access.audit_event (vendor_id, at desc, id desc)`)
    this.addSql(`create index audit_event_by_school on access.audit_event using gin (schools)`)
    this.addSql(`create index audit_event_by_student on access.audit_event using gin (student_ids)`)

    // Append-only: no role of the platform may update or delete, and the two writers reach the table only through this.
    this.addSql(`
create function access.append_audit(p_events jsonb)
returns void
language sql security definer
set search_path = pg_catalog, access, pg_temp
as $$
  insert into access.audit_event (id, at, kind, request_id, client_id, application_id, vendor_id, account_id, party_name,
    operation_name, operation_hash, operation_kind, fields, schools, student_count, student_ids, outcome, error_codes)
  select e.id, e.at, e.kind, e.request_id, e.client_id, e.application_id, e.vendor_id, e.account_id, e.party_name,
    e.operation_name, e.operation_hash, e.operation_kind, e.fields, e.schools, cardinality(e.student_ids), e.student_ids,
    e.outcome, e.error_codes
  from jsonb_to_recordset(p_events) as e (id uuid, at timestamptz, kind text, request_id text, client_id text,
    application_id uuid, vendor_id uuid, account_id uuid, party_name text, operation_name text, operation_hash text,
    operation_kind text, fields text[], schools uuid[], student_ids uuid[], outcome text, error_codes text[])
$$`)

    this.addSql(`revoke all on all tables in schema access from public`)
    this.addSql(`revoke all on all functions in schema access from public`)
  }
}
