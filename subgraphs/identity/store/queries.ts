// The SQL of the registry and of the access log. Registry tables belong to no school; agreements do, and name theirs.

const VENDOR = `id, code, legal_name as "legalName", tax_code as "taxCode", contact_email as "contactEmail", data_protection_officer as "dataProtectionOfficer", contact_name as "contactName", contact_phone as "contactPhone", data_protection_officer_email as "dataProtectionOfficerEmail", version, updated_at as "updatedAt"`
const APPLICATION = `a.id, a.vendor_id as "vendorId", a.code, a.name, a.kind, a.environment, a.status, a.token_binding as "tokenBinding", a.version, a.updated_at as "updatedAt"`
const APPROVAL = `id, application_id as "applicationId", decision_number as "decisionNumber", certificate_number as "certificateNumber", scopes as "scopeNames", valid_from as "validFrom", valid_to as "validTo", superseded_from as "supersededFrom", decided_at as "decidedAt", version`
const AGREEMENT = `school_id as "schoolId", id, application_id as "applicationId", purpose, scopes as "scopeNames", valid_from as "validFrom", valid_to as "validTo", signed_at as "signedAt", ended_at as "endedAt", coalesce(ended_as, 'SIGNED') as state, end_reason as "endReason", levels, school_years as "schoolYears", version`
const PROPOSAL = `school_id as "schoolId", id, agreement_id as "agreementId", application_id as "applicationId", version, state, purpose, scopes as "scopeNames", levels, school_years as "schoolYears", valid_from as "validFrom", valid_to as "validTo", proposed_at as "proposedAt", decided_at as "decidedAt", reason`
const CREDENTIAL = `id, application_id as "applicationId", thumbprint, jwk->>'alg' as algorithm, registered_at as "registeredAt", expires_at as "expiresAt", revoked_at as "revokedAt"`
const AUDIT_EVENT = `id, at, kind, party_name as "partyName", application_id as "applicationId", vendor_id as "vendorId", operation_name as "operationName", 'sha256:' || operation_hash as "documentId", operation_kind as "operationKind", fields, schools as "schoolIds", student_count as "studentCount", outcome, error_codes as "errorCodes", request_id as "requestId"`

/** Keyset over code, constraint vendor_code_unique. */
export const VENDOR_PAGE = `
select ${VENDOR}
from identity.vendor
where ($1::text is null or code > $1)
order by code
limit $2`

export const VENDORS_BY_ID = `
select ${VENDOR}
from identity.vendor
where id = any ($1::uuid[])`

/** Keyset over code, constraint application_code_unique. */
export const APPLICATION_PAGE = `
select ${APPLICATION}
from identity.application a
where ($1::text is null or a.kind = $1)
  and ($2::uuid is null or a.vendor_id = $2)
  and ($3::text is null or a.code > $3)
order by a.code
limit $4`

export const APPLICATIONS_BY_ID = `
select ${APPLICATION}
from identity.application a
where a.id = any ($1::uuid[])`

export const APPLICATION_BY_CODE = `
select ${APPLICATION}
from identity.application a
where a.code = $1`

/** Index application_by_vendor. */
export const APPLICATIONS_OF_VENDORS = `
select ${APPLICATION}
from identity.application a
where a.vendor_id = any ($1::uuid[])
order by a.code`

/** Index approval_by_application. */
export const APPROVALS_OF_APPLICATIONS = `
select ${APPROVAL}
from identity.approval
where application_id = any ($1::uuid[])
order by decided_at desc, id`

/** Opens the agreements of every school to this transaction, if the account may review access; see the migration. */
export const OPEN_REVIEW = `select identity.open_review($1::uuid) as reviewing`

/**
 * Keyset over the primary key (school_id, id); one application's through index agreement_by_application. Without a list of
 * schools the policies decide alone: they show an application its own agreements, and a review all.
 */
export const AGREEMENT_PAGE = `
select ${AGREEMENT}
from identity.agreement
where ($1::uuid[] is null or school_id = any ($1))
  and ($2::uuid is null or application_id = $2)
  and ($3::uuid is null or (school_id, id) > ($3, $4::uuid))
order by school_id, id
limit $5`

export const AGREEMENTS_OF_SCHOOLS = `
select ${AGREEMENT}
from identity.agreement
where school_id = any ($1::uuid[])
order by signed_at desc, id`

export const SOFTWARE_OF_SCHOOLS = `
select distinct g.school_id as "schoolId", ${APPLICATION}
from identity.agreement g
join identity.application a on a.id = g.application_id
where g.school_id = any ($1::uuid[])
  and g.ended_at is null
  and $2::date between g.valid_from and g.valid_to
  and a.status = 'ACTIVE'
order by a.code`

/** Conditions of the access log with the index that serves each; absent ones do not stand in the statement. */
export const AUDIT_CONDITIONS = {
  /** audit_event_by_application */
  applicationId: (n: number) => `application_id = $${n}::uuid`,
  vendorId: (n: number) => `vendor_id = $${n}::uuid`,
  /** audit_event_by_school */
  schoolId: (n: number) => `schools @> array[$${n}::uuid]`,
  /** audit_event_by_school */
  anySchoolOf: (n: number) => `schools && $${n}::uuid[]`,
  /** audit_event_by_student */
  studentId: (n: number) => `student_ids @> array[$${n}::uuid]`,
  /** audit_event_by_time */
  from: (n: number) => `at >= $${n}::timestamptz`,
  to: (n: number) => `at < $${n}::timestamptz`,
  outcome: (n: number) => `outcome = $${n}`,
} as const

/** By primary key. */
export const STUDENT_OF_SCHOOLS = `
select 1
from published.student
where school_id = any ($1::uuid[])
  and id = $2::uuid`

/** Keyset over (at, id), newest first, index audit_event_by_time. */
export function auditPage(conditions: readonly string[], [at, id, limit]: readonly [number, number, number]): string {
  return `
select ${AUDIT_EVENT}
from access.audit_event
where ($${at}::timestamptz is null or (at, id) < ($${at}, $${id}::uuid))
${conditions.map((condition) => `  and ${condition}\n`).join('')}order by at desc, id desc
limit $${limit}`
}

export const CERTIFICATES_OF_VENDORS = `
select vendor_id as "vendorId", kind, number, issued_on as "issuedOn", valid_to as "validTo"
from identity.vendor_certificate
where vendor_id = any ($1::uuid[])
order by kind, number`

export const SCOPE_REQUESTS_OF_APPLICATIONS = `
select application_id as "applicationId", scope as "scopeName", purpose, requested_at as "requestedAt", granted
from identity.scope_request
where application_id = any ($1::uuid[])
order by scope`

export const CREDENTIALS_BY_ID = `
select ${CREDENTIAL}
from identity.credential
where id = any ($1::uuid[])`

export const CREDENTIALS_OF_APPLICATIONS = `
select ${CREDENTIAL}
from identity.credential
where application_id = any ($1::uuid[])
order by registered_at desc, id`

export const AGREEMENTS_BY_KEY = `
select ${AGREEMENT}
from identity.agreement
where ($1::uuid[] is null or school_id = any ($1))
  and id = any ($2::uuid[])`

export const PROPOSALS_BY_KEY = `
select ${PROPOSAL}
from identity.agreement_proposal
where ($1::uuid[] is null or school_id = any ($1))
  and id = any ($2::uuid[])`

/** Keyset over the primary key (school_id, id); one application's through index agreement_proposal_by_application. */
export const PROPOSAL_PAGE = `
select ${PROPOSAL}
from identity.agreement_proposal
where ($1::uuid[] is null or school_id = any ($1))
  and ($2::uuid is null or application_id = $2)
  and ($3::text is null or state = $3)
  and ($4::uuid is null or (school_id, id) > ($4, $5::uuid))
order by school_id, id
limit $6`

export const VERSIONS_OF_AGREEMENTS = `
select school_id as "schoolId", agreement_id as "agreementId", version, purpose, scopes as "scopeNames", levels, school_years as "schoolYears",
  valid_from as "validFrom", valid_to as "validTo", signed_at as "signedAt", replaced_at as "replacedAt"
from identity.agreement_version
where ($1::uuid[] is null or school_id = any ($1))
  and agreement_id = any ($2::uuid[])
order by version desc`

const TERMS_TO_COMPARE = `school_id as "schoolId", application_id as "applicationId", purpose, scopes as "scopeNames", levels, school_years as "schoolYears", valid_from as "validFrom", valid_to as "validTo"`

/** Without schools the policies decide alone: an application is shown its own. */
export const AGREEMENT_TO_COMPARE = `
select ${TERMS_TO_COMPARE}, id as "agreementId"
from identity.agreement
where id = $1
  and ended_at is null
  and ($2::uuid[] is null or school_id = any ($2))`

export const PROPOSAL_TO_COMPARE = `
select ${TERMS_TO_COMPARE}, agreement_id as "agreementId"
from identity.agreement_proposal
where id = $1
  and state = 'PROPOSED'
  and ($2::uuid[] is null or school_id = any ($2))`

/**
 * Accounts with an office at the school, former ones last. Last use from the access log, index audit_event_by_account:
 * one probe for each account.
 */
export const ACCOUNTS_OF_SCHOOLS = `
select m.school_id as "schoolId", a.id, a.display_name as "displayName", a.email, m.role, m.valid_from as "since",
  case when m.valid_to < $2::date then m.valid_to end as "endedOn", used.at as "lastUsedAt"
from access.membership m
join identity.account a on a.id = m.account_id
left join lateral (
  select e.at
  from access.audit_event e
  where e.account_id = a.id
  order by e.at desc, e.id desc
  limit 1
) used on true
where m.school_id = any ($1::uuid[])
order by (m.valid_to < $2::date) is true, m.role, a.display_name, a.id`

/** Applications with a grant in force at the school; last use there from the access log, index audit_event_by_application. */
export const APPLICATION_ACCESS_OF_SCHOOLS = `
select g.school_id as "schoolId", g.application_id as "applicationId", g.agreement_id as "agreementId", g.scopes as "scopeNames",
  g.valid_to as "validTo", used.at as "lastUsedAt"
from access.school_grant g
left join lateral (
  select e.at
  from access.audit_event e
  where e.application_id = g.application_id
    and e.schools @> array[g.school_id]
  order by e.at desc, e.id desc
  limit 1
) used on true
where g.school_id = any ($1::uuid[])
  and $2::date between g.valid_from and g.valid_to
order by g.application_id, g.agreement_id`

/**
 * Keyset over (at, id), newest first: the province's events (index registry_event_by_time) beside those of the schools, which
 * the policies cut to what the caller may see.
 */
export const REGISTRY_EVENT_PAGE = `
select *
from (
  (select e.id, e.at, e.subject, e.act, e.from_state as "fromState", e.to_state as "toState", e.reason, e.decision_number as "decisionNumber",
     e.party_name as "partyName", e.vendor_id as "vendorId", e.application_id as "applicationId", null::uuid as "agreementId",
     null::uuid as "accountId", null::uuid as "schoolId", null::int as version
   from identity.registry_event e
   where ($2::uuid is null or e.vendor_id = $2)
     and ($3::uuid is null or e.application_id = $3)
     and $4::uuid is null
     and $5::uuid is null
     and ($6::timestamptz is null or (e.at, e.id) < ($6, $7::uuid))
   order by e.at desc, e.id desc
   limit $8)
  union all
  (select e.id, e.at, e.subject, e.act, e.from_state, e.to_state, e.reason, null, e.party_name, null, e.application_id,
     case e.subject when 'AGREEMENT' then e.subject_id end, case e.subject when 'ACCOUNT' then e.subject_id end, e.school_id, e.version
   from identity.school_event e
   where ($1::uuid[] is null or e.school_id = any ($1))
     and ($3::uuid is null or e.application_id = $3)
     and ($4::uuid is null or (e.subject = 'AGREEMENT' and e.subject_id = $4))
     and ($5::uuid is null or e.school_id = $5)
     and ($6::timestamptz is null or (e.at, e.id) < ($6, $7::uuid))
   order by e.at desc, e.id desc
   limit $8)
) events
order by at desc, id desc
limit $8`
