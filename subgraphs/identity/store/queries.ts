// The SQL of the registry and of the access log. Registry tables belong to no school; agreements do, and name theirs.

const VENDOR = `id, code, legal_name as "legalName", tax_code as "taxCode", contact_email as "contactEmail", data_protection_officer as "dataProtectionOfficer", version, updated_at as "updatedAt"`
const APPLICATION = `a.id, a.vendor_id as "vendorId", a.code, a.name, a.kind, a.environment, a.status, a.version, a.updated_at as "updatedAt"`
const APPROVAL = `id, application_id as "applicationId", decision_number as "decisionNumber", certificate_number as "certificateNumber", scopes as "scopeNames", valid_from as "validFrom", valid_to as "validTo", decided_at as "decidedAt", version`
const AGREEMENT = `school_id as "schoolId", id, application_id as "applicationId", purpose, scopes as "scopeNames", valid_from as "validFrom", valid_to as "validTo", signed_at as "signedAt", ended_at as "endedAt", version`
const AUDIT_EVENT = `id, at, kind, party_name as "partyName", application_id as "applicationId", vendor_id as "vendorId", operation_name as "operationName", operation_kind as "operationKind", fields, schools as "schoolIds", student_count as "studentCount", outcome, error_codes as "errorCodes", request_id as "requestId"`

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

/** Keyset over (at, id), newest first, index audit_event_by_time. */
export function auditPage(conditions: readonly string[], [at, id, limit]: readonly [number, number, number]): string {
  return `
select ${AUDIT_EVENT}
from access.audit_event
where ($${at}::timestamptz is null or (at, id) < ($${at}, $${id}::uuid))
${conditions.map((condition) => `  and ${condition}\n`).join('')}order by at desc, id desc
limit $${limit}`
}
