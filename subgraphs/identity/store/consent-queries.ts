// The SQL of consents: what a batch is judged by, what it writes, and the lists it is read in. Every statement names its school.

const CONSENT = `school_id as "schoolId", id, student_id as "studentId", given_by as "givenBy", giver_id as "giverId", application_id as "applicationId", purpose, status, evidence_kind as "evidenceKind", evidence_reference as "evidenceReference", given_at as "givenAt", withdrawn_at as "withdrawnAt", recorded_at as "recordedAt", recorded_by_application_id as "recordedByApplicationId", version, updated_at as "updatedAt"`

/** Pupils by whichever of id, code or the caller's own id; those who left as well, because they can still withdraw. */
export const STUDENTS_NAMED = `
select s.school_id as "schoolId", s.id, s.code, x.external_id as "externalId"
from published.student s
left join published.external_reference x
  on x.school_id = s.school_id and x.entity_id = s.id and x.application_id = $2 and x.entity = 'STUDENT'
where s.school_id = any ($1::uuid[])
  and (s.id = any ($3::uuid[]) or s.code = any ($4::text[]) or x.external_id = any ($5::text[]))`

/** Index student_code_unique, one probe for each open school. */
export const STUDENT_ID_BY_CODE = `
select id
from published.student
where school_id = any ($1::uuid[])
  and code = $2`

/** By primary key of external_reference. */
export const STUDENT_ID_BY_EXTERNAL_ID = `
select entity_id as id
from published.external_reference
where school_id = any ($1::uuid[])
  and application_id = $2
  and entity = 'STUDENT'
  and external_id = $3`

/** See access.open_viewer. The schools stay as they were opened, and the consents are the caller's own. */
export const LEAVE_TERMS = `set local lt.narrowed = ''`

/** Locks the pupils, if asked to, and answers their families: one row for each guardian, or one without. */
export const FAMILIES = `
select student_id as "studentId", student_code as "studentCode", student_status as "studentStatus", birth_date as "birthDate",
  guardian_id as "guardianId", relation
from published.families($1, $2, $3)`

/** By id or code, with whether the school has an agreement in force with it. */
export const APPLICATIONS_NAMED = `
select a.id, a.code,
  exists (
    select 1
    from access.school_grant g
    where g.school_id = $1 and g.application_id = a.id and $4::date between g.valid_from and g.valid_to
  ) as "agreed"
from identity.application a
where a.id = any ($2::uuid[])
  or a.code = any ($3::text[])`

/** All consents of the pupils, index consent_unique. Read under the pupils' locks, through which every change goes. */
export const CONSENTS_OF_PUPILS = `
select ${CONSENT}
from identity.consent
where school_id = $1
  and student_id = any ($2::uuid[])`

/**
 * New consents and changed ones in one statement. `version` is the one before plus one: a row that is not as it was read
 * is left alone, and the count of the answer tells.
 */
export const UPSERT_CONSENTS = `
insert into identity.consent as c (school_id, id, student_id, given_by, giver_id, application_id, purpose, status, evidence_kind,
  evidence_reference, given_at, withdrawn_at, recorded_at, recorded_by_application_id, recorded_by_account_id, version, updated_at)
select $1, k.id, k.student_id, k.given_by, k.giver_id, k.application_id, k.purpose, k.status, k.evidence_kind,
  k.evidence_reference, k.given_at, k.withdrawn_at, $2, $3, $4, k.version, $2
from unnest($5::uuid[], $6::uuid[], $7::text[], $8::uuid[], $9::uuid[], $10::text[], $11::text[], $12::text[], $13::text[],
    $14::timestamptz[], $15::timestamptz[], $16::integer[])
  as k (id, student_id, given_by, giver_id, application_id, purpose, status, evidence_kind, evidence_reference, given_at,
    withdrawn_at, version)
order by k.student_id, k.giver_id, k.application_id, k.purpose
on conflict (school_id, student_id, giver_id, application_id, purpose) do update
set status = excluded.status,
  evidence_kind = excluded.evidence_kind,
  evidence_reference = excluded.evidence_reference,
  given_at = excluded.given_at,
  withdrawn_at = excluded.withdrawn_at,
  recorded_at = excluded.recorded_at,
  recorded_by_application_id = excluded.recorded_by_application_id,
  recorded_by_account_id = excluded.recorded_by_account_id,
  version = excluded.version,
  updated_at = excluded.updated_at
where c.version = excluded.version - 1
returning ${CONSENT}`

export const APPEND_CONSENT_EVENTS = `
insert into identity.consent_event (school_id, consent_id, version, application_id, event, at, evidence_kind, evidence_reference,
  reason, recorded_at, recorded_by_application_id, recorded_by_account_id)
select $1, k.consent_id, k.version, k.application_id, k.event, k.at, k.evidence_kind, k.evidence_reference, k.reason, $2, $3, $4
from unnest($5::uuid[], $6::integer[], $7::uuid[], $8::text[], $9::timestamptz[], $10::text[], $11::text[], $12::text[])
  as k (consent_id, version, application_id, event, at, evidence_kind, evidence_reference, reason)`

/** Rows of the roster and of the contact book are made to say what the consents say now; the owners' own functions. */
export const APPLY_TO_GUARDIANS = `select published.apply_consents_to_guardians($1, $2, $3, $4)`
export const APPLY_TO_HEALTH = `select published.apply_consents_to_health($1, $2, $3, $4, $5)`
export const APPLY_TO_CONTACT_BOOK = `select published.apply_consents_to_contact_book($1, $2, $3, $4, $5)`

/**
 * Keyset over the primary key (school_id, id); one pupil's through consent_unique, one application's through
 * consent_by_application. Without a list of schools the policy of the review decides alone.
 */
export const CONSENT_PAGE = `
select ${CONSENT}
from identity.consent
where ($1::uuid[] is null or school_id = any ($1))
  and ($2::uuid is null or student_id = $2)
  and ($3::uuid is null or application_id = $3)
  and ($4::uuid is null or (school_id, id) > ($4, $5::uuid))
order by school_id, id
limit $6`

export const CONSENTS_OF_STUDENTS = `
select ${CONSENT}
from identity.consent
where school_id = any ($1::uuid[])
  and student_id = any ($2::uuid[])
order by application_id, purpose, given_by, giver_id`

export const EVENTS_OF_CONSENTS = `
select school_id as "schoolId", consent_id as "consentId", version, event, at, evidence_kind as "evidenceKind",
  evidence_reference as "evidenceReference", reason, recorded_at as "recordedAt",
  recorded_by_application_id as "recordedByApplicationId"
from identity.consent_event
where ($1::uuid[] is null or school_id = any ($1))
  and consent_id = any ($2::uuid[])
order by version`
