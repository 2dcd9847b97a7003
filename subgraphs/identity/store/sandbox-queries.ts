// The SQL of sandbox tenants. Their schools are made and filled by functions of those who own the rows; see decision 0014.

const TENANT = `id, name, application_id as "applicationId", school_ids as "schoolIds", created_at as "createdAt", filled_at as "filledAt", resets`

/** Index sandbox_tenant_by_account. */
export const TENANTS_OF_ACCOUNT = `
select ${TENANT}
from access.sandbox_tenant
where account_id = $1
order by id`

export const ADD_TENANT = `select access.add_tenant($1, $2, $3, $4, $5, $6, $7, $8, $9) as schools`

export const BEGIN_RESET = `
select r.id, r.application_id as "applicationId", r.vendor_id as "vendorId", r.token, r.school_ids as "schoolIds", r.created_at as "createdAt"
from access.begin_reset($1, $2, $3) r`

/** The maker of what runs in the sandbox: a name for the registry's sake, shown to its developer alone. */
export const INSERT_TENANT_VENDOR = `
insert into identity.vendor (id, code, legal_name, tax_code, contact_email, data_protection_officer, updated_at, tenant_id)
select $1, $2, coalesce(a.organisation, a.display_name), $2, a.email, a.display_name, $4, $5
from identity.account a
where a.id = $3`

export const INSERT_TENANT_APPLICATION = `
insert into identity.application (id, vendor_id, code, name, kind, environment, status, updated_at, tenant_id)
values ($1, $2, $3, $4, 'SCHOOL_MANAGEMENT', 'SANDBOX', 'ACTIVE', $5, $6)`

export const INSERT_TENANT_APPROVAL = `
insert into identity.approval (id, application_id, decision_number, scopes, valid_from, valid_to, decided_at)
values ($1, $2, 'SANDBOX', $3, date '2026-08-01', date '2036-07-31', $4)`

export const INSERT_CLIENT_WITH_SECRET = `
insert into access.client (client_id, application_id, vendor_id, display_name, environment, scopes, status, jwks, updated_at, secret_hash)
values ($1, $2, $3, $4, 'SANDBOX', '{}', 'ACTIVE', '{"keys":[]}', $5, $6)`

export const FOUND_TENANT = `select published.found_tenant($1, $2, $3, $4)`

export const refillOf = (schema: string): string => `select published.refill_tenant_of_${schema}($1, $2)`

export const RECOUNT_FRESHNESS = `select published.recount_freshness_of_tenant($1, $2)`
