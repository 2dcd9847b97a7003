// Vendors, their applications and approvals, people's accounts, and the agreements of schools.
import { Migration } from '@mikro-orm/migrations'
import { openToAgreedSchools } from '../../kernel/migration-kit.ts'

export class Registry20261122T0900 extends Migration {
  override up(): void {
    this.addSql(`
create table identity.vendor (
  id uuid primary key,
  code text not null,
  legal_name text not null,
  tax_code text not null,
  contact_email text not null,
  data_protection_officer text not null,
  version integer not null default 1,
  updated_at timestamptz not null,
  constraint vendor_code_unique unique (code),
  constraint vendor_tax_code_unique unique (tax_code)
)`)
    this.addSql(`
create table identity.application (
  id uuid primary key,
  vendor_id uuid not null,
  code text not null,
  name text not null,
  kind text not null,
  environment text not null,
  status text not null,
  version integer not null default 1,
  updated_at timestamptz not null,
  constraint application_code_unique unique (code),
  constraint application_kind_known check (kind in ('SCHOOL_MANAGEMENT', 'CONTACT_BOOK', 'EXAM', 'PORTAL', 'NATIONAL_DATABASE')),
  constraint application_environment_known check (environment in ('SANDBOX', 'PRODUCTION')),
  constraint application_status_known check (status in ('ACTIVE', 'SUSPENDED', 'REVOKED')),
  constraint application_of_vendor foreign key (vendor_id) references identity.vendor (id)
)`)
    this.addSql(`create index application_by_vendor on identity.application (vendor_id)`)
    this.addSql(`
create table identity.approval (
  id uuid primary key,
  application_id uuid not null,
  decision_number text not null,
  certificate_number text,
  scopes text[] not null,
  valid_from date not null,
  valid_to date not null,
  decided_at timestamptz not null,
  version integer not null default 1,
  constraint approval_of_application foreign key (application_id) references identity.application (id)
)`)
    this.addSql(`create index approval_by_application on identity.approval (application_id)`)
    this.addSql(`
create table identity.account (
  id uuid primary key,
  email text not null,
  display_name text not null,
  role text not null,
  authority_id uuid,
  scopes text[] not null,
  status text not null,
  updated_at timestamptz not null,
  constraint account_email_unique unique (email),
  constraint account_role_known check (role in ('AUTHORITY_OFFICER', 'COMPLIANCE_OFFICER', 'PRINCIPAL', 'TEACHER')),
  constraint account_status_known check (status in ('ACTIVE', 'SUSPENDED', 'REVOKED'))
)`)
    this.addSql(`
create table identity.agreement (
  school_id uuid not null,
  id uuid not null,
  application_id uuid not null,
  purpose text not null,
  scopes text[] not null,
  signed_by_staff_id uuid not null,
  signed_at timestamptz not null,
  valid_from date not null,
  valid_to date not null,
  ended_at timestamptz,
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (school_id, id)
)`)
    this.addSql(`create index agreement_by_application on identity.agreement (application_id, school_id, id)`)
    for (const sql of openToAgreedSchools('identity.agreement')) this.addSql(sql)

    // An agreement is its application's too: it may read its own at every school, also after they ended, when the school
    // itself is closed to it. Those of its rivals are not its business, also at the schools that it shares with them.
    this.addSql(`
create policy open_to_own_application on identity.agreement for select
  using (application_id = nullif(current_setting('lt.application', true), '')::uuid)`)
    this.addSql(`
create policy closed_to_other_applications on identity.agreement as restrictive for select
  using (current_setting('lt.application', true) = ''
    or application_id = nullif(current_setting('lt.application', true), '')::uuid)`)

    // Compliance has no schools, because it sees no pupil, and yet reviews every agreement. access.school_grant would not do:
    // it holds what is in force, not what was signed and ended. A function that runs as the owner and returns rows would
    // not do: the owner stands under the same policies. Opening all schools to the reviewer would open every other table
    // of a school as well. So the review is a setting of its own that this one table knows, and the database itself
    // decides from the account whether it is set. The policy compares, it looks nothing up.
    this.addSql(`
create policy open_to_review on identity.agreement for select
  using (current_setting('lt.review', true) = 'on')`)
    this.addSql(`
create function identity.open_review(p_account uuid)
returns boolean
language plpgsql
set search_path = pg_catalog, identity, pg_temp
as $$
declare
  reviewing boolean := exists (
    select 1
    from identity.account a
    where a.id = p_account
      and a.role = 'COMPLIANCE_OFFICER'
      and a.status = 'ACTIVE'
      and 'access.review' = any (a.scopes));
begin
  if reviewing then
    execute 'set local lt.review = ''on''';
  end if;
  return reviewing;
end
$$`)

    // What other subgraphs may read of the registry: which product served which school, and when.
    this.addSql(`
create view published.software_in_use as
  select g.school_id, g.id as agreement_id, g.application_id, a.name as application_name, a.kind as application_kind,
         a.status as application_status, v.id as vendor_id, v.legal_name as vendor_name, g.valid_from,
         least(g.valid_to, (g.ended_at at time zone 'Asia/Ho_Chi_Minh')::date - 1) as valid_to, g.signed_at
  from identity.agreement g
  join identity.application a on a.id = g.application_id
  join identity.vendor v on v.id = a.vendor_id`)
  }
}
