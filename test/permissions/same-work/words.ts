// By which words things are named: a party's own, another's, and those of nobody.
import { randomInt, randomUUID } from 'node:crypto'
import type { TestDatabase } from '../../testkit/database.ts'
import type { By, Kind } from './leaves.ts'

export type Words = Partial<Record<Kind, Partial<Record<By | 'formerCode', string>>>>

const digits = (count: number): string => Array.from({ length: count }, () => randomInt(10)).join('')

/** Of the form that such a word has, so that nothing is refused for its form alone. */
export function wordOfNobody(kind: Kind, by: By): string {
  if (by === 'id') return randomUUID()
  if (by === 'externalId') return `khong-co-${randomInt(1e9)}`
  if (kind === 'STUDENT' || kind === 'STAFF') return `38${digits(8)}`
  if (kind === 'SCHOOL') return `38${digits(6)}`
  return `K${randomInt(1e6)}`
}

/** Every thing of a school, with what the application has there: an agreement, an open proposal, a key, own ids. */
export async function wordsAt(database: TestDatabase, schoolId: string, applicationCode: string): Promise<Words> {
  const one = async <R extends Record<string, string>>(text: string, values: unknown[] = [schoolId]): Promise<R> => {
    const [row] = await database.sql<R>(text, values)
    if (!row) throw new Error(`nothing to name: ${text}`)
    return row
  }
  const application = await one<{ id: string; vendor: string }>(
    'select id, vendor_id as vendor from identity.application where code = $1',
    [applicationCode],
  )
  const school = await one<{ code: string }>('select code from schools.school where school_id = $1')
  // With its tenant: the list of codes is kept apart.
  const past = await one<{ code: string }>(
    `insert into schools.school_code (code, current, school, tenant_id) select $2, false, school, tenant_id from schools.school_code where school = $1 and current
     returning code`,
    [schoolId, `39${digits(6)}`],
  )
  const student = await one<{ id: string; code: string; room: string }>(
    `select s.id, s.code, s.class_id as room from schools.student s
     where s.school_id = $1 and s.status = 'STUDYING' and exists (select 1 from schools.guardian g where g.school_id = $1 and g.student_id = s.id)
     order by exists (select 1 from schools.guardian g where g.school_id = $1 and g.student_id = s.id and $2 = any (g.consented_applications)) desc,
       s.class_id, s.id limit 1`,
    [schoolId, application.id],
  )
  const guardian = await one<{ id: string }>(
    'select id from schools.guardian where school_id = $1 and student_id = $2 order by $3 = any (consented_applications) desc, id limit 1',
    [schoolId, student.id, application.id],
  )
  // A name that no other school gives its classes: 10A1 is everywhere.
  const room = await one<{ code: string }>(
    `update schools.class_room set name = 'L' || substr(md5($1::text), 1, 6) where school_id = $1 and id = $2 returning name as code`,
    [schoolId, student.room],
  )
  const staff = await one<{ id: string; code: string }>(
    `select s.id, s.code from schools.staff s
     left join schools.teaching_assignment t on t.school_id = s.school_id and t.staff_id = s.id and t.class_id = $2 and t.subject_code = 'TOAN'
     where s.school_id = $1 order by t.id is null, s.id limit 1`,
    [schoolId, student.room],
  )
  const [facility, campus] = [randomUUID(), randomUUID()]
  await database.sql(
    `insert into schools.facility (school_id, id, school_year_id, period, rooms, updated_at)
     select $1, $2, id, 'END', '[]', now() from schools.school_year where code = '2026-2027'`,
    [schoolId, facility],
  )
  await database.sql(
    `insert into schools.campus (school_id, id, code, name, address, commune_code, valid_from, updated_at)
     values ($1, $2, 'CS9', 'Điểm trường', 'Số 9', '14797', '2020-09-05', now())`,
    [schoolId, campus],
  )
  const named = {
    SCHOOL: schoolId,
    CLASS_ROOM: student.room,
    STAFF: staff.id,
    STUDENT: student.id,
    FACILITY: facility,
    CAMPUS: campus,
  }
  for (const [entity, id] of Object.entries(named))
    await database.sql(
      `insert into schools.external_reference (school_id, application_id, entity, external_id, entity_id) values ($1, $2, $3, $4, $5)
       on conflict do nothing`,
      [schoolId, application.id, entity, `rieng-${id}`, id],
    )
  const [agreement] = await database.sql<{ id: string }>(
    'select id from identity.agreement where school_id = $1 and application_id = $2 and ended_at is null order by id limit 1',
    [schoolId, application.id],
  )
  const [proposal, credential] = [randomUUID(), randomUUID()]
  await database.sql(
    `insert into identity.agreement_proposal (school_id, id, agreement_id, application_id, version, state, purpose, scopes, levels, school_years, valid_from, valid_to, proposed_at)
     values ($1, $2, $3, $4, 2, 'PROPOSED', 'Sổ điểm', '{school.read}', '{}', '{}', '2026-12-01', '2027-05-31', now())
     on conflict do nothing`,
    [schoolId, proposal, agreement?.id ?? randomUUID(), application.id],
  )
  const open = await one<{ id: string }>(
    `select id from identity.agreement_proposal where school_id = $1 and application_id = $2 and state = 'PROPOSED'`,
    [schoolId, application.id],
  )
  await database.sql(
    `insert into identity.credential (id, application_id, thumbprint, jwk, registered_at) values ($1, $2, $3, '{}', now())`,
    [credential, application.id, credential],
  )
  // Somebody works there with an account.
  const account = randomUUID()
  await database.sql(
    `insert into identity.account (id, email, display_name, role, scopes, status, updated_at) values ($1, $2, 'Lê Thị Mai', 'TEACHER', '{identity.read}', 'ACTIVE', now())`,
    [account, `${account}@truong.example`],
  )
  await database.sql(`insert into access.person (account_id, role, status) values ($1, 'TEACHER', 'ACTIVE')`, [account])
  await database.sql(
    `insert into access.membership (account_id, school_id, staff_id, role, valid_from) values ($1, $2, $3, 'TEACHER', '2026-08-01')`,
    [account, schoolId, staff.id],
  )
  await database.sql(
    `insert into identity.consent (school_id, id, student_id, given_by, giver_id, application_id, purpose, status, evidence_kind, evidence_reference,
       given_at, recorded_at, updated_at)
     values ($1, $2, $3, 'GUARDIAN', $4, $5, 'CONTACT_BOOK', 'GIVEN', 'SIGNED_FORM', 'Phiếu số 1', '2026-09-01', now(), now()) on conflict do nothing`,
    [schoolId, randomUUID(), student.id, guardian.id, application.id],
  )
  await database.sql(
    `insert into identity.school_event (school_id, id, at, subject, subject_id, application_id, act, client_id, party_name)
     values ($1, $2, now(), 'AGREEMENT', $3, $4, 'SIGN', 'x', 'x')`,
    [schoolId, randomUUID(), agreement?.id ?? randomUUID(), application.id],
  )
  await database.sql(
    `insert into access.audit_event (id, at, kind, request_id, client_id, application_id, vendor_id, party_name, operation_hash, operation_kind,
       fields, schools, student_count, student_ids, outcome, error_codes)
     values ($1, now(), 'OPERATION', 'x', $2, $3, $4, 'x', 'x', 'query', '{}', array[$5::uuid], 1, array[$6::uuid], 'ALLOWED', '{}')`,
    [randomUUID(), applicationCode, application.id, application.vendor, schoolId, student.id],
  )
  const authority = await one<{ id: string }>(
    `select authority_id as id from access.oversight where school_id = $1 and kind = 'MANAGING' and current_date between valid_from and coalesce(valid_to, 'infinity') limit 1`,
  )
  const conflict = randomUUID()
  await database.sql(
    `insert into schools.field_conflict (school_id, id, entity, entity_id, natural_key, field_group, field, former, proposed, owner_application_id,
       proposed_by_application_id, proposed_at, state, updated_at)
     values ($1, $2, 'Student', $3, 'x', 'STUDENT_PROFILE', 'address', '{}', '{}', $4, $5, now(), 'OPEN', now())`,
    [schoolId, conflict, student.id, application.id, randomUUID()],
  )
  const match = randomUUID()
  await database.sql(
    `insert into schools.identity_match (school_id, id, landed_id, candidate_id, score, reasons, state, found_at, updated_at)
     select $1, $2, $3, s.id, 85, '{NAME_EQUAL}', 'OPEN', now(), now() from schools.student s
     where s.school_id = $1 and s.id <> $3 and s.class_id = $4 order by s.id limit 1`,
    [schoolId, match, student.id, student.room],
  )
  const merge = randomUUID()
  await database.sql(
    `insert into schools.student_merge (school_id, id, kept_id, merged_id, alias_id, kept_code, merged_code, former, filled, moved, row_counts,
       kept_version, state, reason, merged_at, undone_at, updated_at)
     values ($1, $2, $3, $4, $4, 'x', 'y', '{}', '{}', '{}', '{}', 1, 'UNDONE', 'Thử', now(), now(), now())`,
    [schoolId, merge, student.id, randomUUID()],
  )
  const health = randomUUID()
  await database.sql(
    `insert into schools.health_record (school_id, id, student_id, measured_on, height_mm, consented_applications, updated_at)
     values ($1, $2, $3, date '2026-10-01', 1500, array[$4::uuid], now())`,
    [schoolId, health, student.id, application.id],
  )
  const tenant = await database.sql<{ id: string }>('select id from access.sandbox_tenant where $1 = any (school_ids)', [
    schoolId,
  ])
  if (!tenant[0])
    await database.sql(
      `insert into schools.transfer_claim_count (school_id, application_id, day, asked) values ($1, $2, '2026-11-19', 1) on conflict do nothing`,
      [schoolId, application.id],
    )
  const external = (entity: keyof typeof named): string => `rieng-${named[entity]}`
  return {
    SCHOOL: { id: schoolId, code: school.code, formerCode: past.code, externalId: external('SCHOOL') },
    CLASS_ROOM: { id: student.room, code: room.code, externalId: external('CLASS_ROOM') },
    STUDENT: { id: student.id, code: student.code, externalId: external('STUDENT') },
    STAFF: { id: staff.id, code: staff.code, externalId: external('STAFF') },
    FACILITY: { externalId: external('FACILITY') },
    CAMPUS: { externalId: external('CAMPUS') },
    GUARDIAN: { id: guardian.id },
    APPLICATION: { id: application.id, code: applicationCode },
    VENDOR: { id: application.vendor },
    ...(agreement ? { AGREEMENT: { id: agreement.id } } : {}),
    PROPOSAL: { id: open.id },
    CREDENTIAL: { id: credential },
    ACCOUNT: { id: account },
    AUTHORITY: { id: authority.id },
    CONFLICT: { id: conflict },
    MATCH: { id: match },
    MERGE: { id: merge },
    HEALTH_RECORD: { id: health },
    ...(tenant[0] ? { SANDBOX: { id: tenant[0].id } } : {}),
  }
}
