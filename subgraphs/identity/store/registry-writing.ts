// The SQL that writes the province's registry: vendors, applications, requests, decisions, keys and their events.

export const INSERT_VENDOR = `
insert into identity.vendor (id, code, legal_name, tax_code, contact_email, contact_name, contact_phone, data_protection_officer,
  data_protection_officer_email, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict do nothing
returning id`

export const INSERT_CERTIFICATES = `
insert into identity.vendor_certificate (vendor_id, kind, number, issued_on, valid_to)
select $1, c.kind, c.number, c.issued_on, c.valid_to
from unnest($2::text[], $3::text[], $4::date[], $5::date[]) as c (kind, number, issued_on, valid_to)`

/** A code is also the name of the application's client: a code that a client bears already is taken. */
export const INSERT_APPLICATION = `
insert into identity.application (id, vendor_id, code, name, kind, environment, status, updated_at, token_binding, token_binding_ordered)
select $1, v.id, $3, $4, $5, $6, 'DRAFT', $7, $8, $9
from identity.vendor v
where v.id = $2
  and not exists (select 1 from access.client c where c.client_id = $3)
on conflict do nothing
returning id`

/** Taken before anything is decided: two decisions on one application, or a decision and a signature, follow one another. */
export const LOCK_APPLICATION = `
select a.id, a.vendor_id as "vendorId", a.code, a.status, a.environment, a.token_binding as "tokenBinding",
  a.token_binding_ordered as "tokenBindingOrdered"
from identity.application a
where ($1::uuid is null or a.id = $1)
  and ($2::text is null or a.code = $2)
for update`

export const SET_APPLICATION_STATUS = `
update identity.application
set status = $2, version = version + 1, updated_at = $3
where id = $1`

export const SET_TOKEN_BINDING = `
update identity.application
set token_binding = $2, token_binding_ordered = $3, version = version + 1, updated_at = $4
where id = $1`

/** What was asked for and never decided is replaced; what was decided stays, and is asked for anew if it is named again. */
export const DELETE_OPEN_REQUESTS = `
delete from identity.scope_request
where application_id = $1
  and granted is null`

export const UPSERT_SCOPE_REQUESTS = `
insert into identity.scope_request (application_id, scope, purpose, requested_at)
select $1, r.scope, r.purpose, $4
from unnest($2::text[], $3::text[]) as r (scope, purpose)
on conflict (application_id, scope) do update
set purpose = excluded.purpose, requested_at = excluded.requested_at, granted = null`

/** Open requests, and the scopes of earlier decisions: a decision may grant these, and no others. */
export const GRANTABLE_SCOPES = `
select r.scope, r.granted is null as open
from identity.scope_request r
where r.application_id = $1
union all
select distinct s.scope, false
from identity.approval p
cross join unnest(p.scopes) s (scope)
where p.application_id = $1`

export const DECIDE_REQUESTS = `
update identity.scope_request
set granted = scope = any ($2::text[])
where application_id = $1
  and granted is null`

/** From the first day of the new decision on, the earlier ones are history. */
export const SUPERSEDE_APPROVALS = `
update identity.approval
set superseded_from = least(superseded_from, $2::date), version = version + 1
where application_id = $1
  and valid_to >= $2::date`

export const INSERT_APPROVAL = `
insert into identity.approval (id, application_id, decision_number, certificate_number, scopes, valid_from, valid_to, decided_at, decided_by)
select $1, $2, $3, $4, $5, $6, $7, $8, $9
where not exists (select 1 from identity.approval p where p.application_id = $2 and p.decision_number = $3)
returning id`

/** The scopes of every decision that is in force today or will be. */
export const APPROVED_SCOPES = `
select coalesce(array_agg(distinct s.scope), '{}') as scopes
from identity.approval p
cross join unnest(p.scopes) s (scope)
where p.application_id = $1
  and least(p.valid_to, p.superseded_from - 1) >= $2::date`

/** The kind of an authority decides, not the scope alone: a commune officer who holds vendor.approve by mistake decides nothing. */
export const AUTHORITY_KIND = `
select kind
from published.authority
where id = $1
  and $2::date between valid_from and coalesce(valid_to, 'infinity')`

export const CLIENT_KEYS = `
select jwks
from access.client
where application_id = $1`

export const INSERT_CREDENTIAL = `
insert into identity.credential (id, application_id, thumbprint, jwk, registered_at)
values ($1, $2, $3, $4, $5)
on conflict (application_id, thumbprint) do nothing
returning id`

export const LIMIT_OTHER_CREDENTIALS = `
update identity.credential
set expires_at = least(expires_at, $3::timestamptz)
where application_id = $1
  and id <> $2
  and revoked_at is null`

export const LOCK_CREDENTIAL = `
select c.id, c.application_id as "applicationId", a.vendor_id as "vendorId", c.revoked_at as "revokedAt"
from identity.credential c
join identity.application a on a.id = c.application_id
where c.id = $1
for update`

export const REVOKE_CREDENTIAL = `
update identity.credential
set revoked_at = $2
where id = $1`

/** Tokens of this application that were issued until now are over: whoever held the key may have asked for them. */
export const END_TOKENS = `
update access.client
set tokens_after = $2
where application_id = $1`

/** See the migration: the client, the grants and the notice to every gateway, in the transaction of the change. */
export const PUBLISH_APPLICATION = `select identity.publish_application($1::uuid, $2::timestamptz)`

export const APPEND_REGISTRY_EVENT = `
insert into identity.registry_event (id, at, subject, vendor_id, application_id, act, from_state, to_state, reason, decision_number,
  client_id, account_id, party_name, tenant_id)
select $1, $2, $3, v.id, $5, $6, $7, $8, $9, $10, $11, $12, $13, v.tenant_id
from identity.vendor v
where v.id = $4`

/** Only what the policies show: a tenant's vendor is there for its developer alone. */
export const VENDOR_AT_HAND = `
select v.id, v.tenant_id as "tenantId"
from identity.vendor v
where v.id = $1`

/** The vendor that the rest of the transaction may see and write; one account speaks for one vendor. */
export const SPEAK_FOR_VENDOR = `
select identity.begin_speaking_for($1::uuid)`

export const TIE_ACCOUNT_TO_VENDOR = `
update identity.account
set vendor_id = $2, updated_at = $3
where id = $1
  and vendor_id is null
returning id`

export const PUBLISH_PERSON = `select identity.publish_person($1::uuid, $2::timestamptz)`

/** Whoever registers a key proves itself by keys from then on. */
export const FORGET_SECRET = `
update access.client
set secret_hash = null
where application_id = $1
  and secret_hash is not null`
