// Writes the sandbox province into an empty database, in one transaction: it is there whole, or not at all.
import { Client } from 'pg'
import { vietnamDay } from '../../subgraphs/kernel/database.ts'
import { nameSortKey } from '../../subgraphs/schools/roster/vietnamese-name.ts'
import { OWNER } from '../database/roles.ts'
import type { Progress } from '../progress.ts'
import type { ConsentRow, MarkRow, SandboxProvince, StudentRow } from './model.ts'
import { IdMint } from './random.ts'

type Row = Readonly<Record<string, unknown>>

/** Rows per statement: large enough that the round trip does not count, small enough that progress moves. */
const CHUNK = 5_000

interface Batch {
  /** Null for what belongs to no school. */
  readonly schoolId: string | null
  readonly rows: readonly Row[]
}

function batchesOf(rows: readonly Row[]): Batch[] {
  const bySchool = Map.groupBy(rows, ({ school_id }) => (typeof school_id === 'string' ? school_id : null))
  return [...bySchool].flatMap(([schoolId, all]) =>
    Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, place) => ({
      schoolId,
      rows: all.slice(place * CHUNK, (place + 1) * CHUNK),
    })),
  )
}

/** Inserts rows by column name; the database itself reads the columns' types out of its catalog. */
async function insertRows(
  client: Client,
  table: string,
  rows: readonly Row[],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const [first] = rows
  if (!first) return
  const columns = Object.keys(first)
  const { rows: types } = await client.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = $1::regclass and attname = any ($2)`,
    [table, columns],
  )
  const typeOf = new Map(types.map(({ name, type }) => [name, type]))
  const sql = `insert into ${table} (${columns.join(', ')})
    select ${columns.join(', ')} from json_to_recordset($1::json) as r (${columns.map((column) => `${column} ${typeOf.get(column)}`).join(', ')})`
  let written: Promise<unknown> = Promise.resolve()
  for (const { schoolId, rows: chunk } of batchesOf(rows)) {
    // Made into text while the database still works on the batch before.
    const text = JSON.stringify(chunk)
    await written
    signal.throwIfAborted()
    // The owner stands under the same policies as everybody: it writes a school because it says so. One school at a time,
    // because a policy parses the list of open schools anew for every row: with all 24 in it the load took 1.4 times as long.
    if (schoolId) await client.query(`set local lt.schools = '{${schoolId}}'`)
    written = client.query(sql, [text])
    progress.add(chunk.length)
  }
  await written
}

const LEVELS = ['MN', 'TH', 'THCS', 'THPT', 'GDTX'] as const

/** What the Sở of the sandbox asks for: what changes with a pupil every week, with the staff every month, with the buildings twice a year. */
const ASKED_FRESHNESS = [
  { kinds: ['STUDENT', 'ENROLMENT'], levels: LEVELS, days: 7 },
  { kinds: ['CLASS_ROOM', 'STAFF', 'HOMEROOM_ASSIGNMENT', 'GUARDIAN'], levels: LEVELS, days: 30 },
  { kinds: ['TEACHING_ASSIGNMENT'], levels: ['TH', 'THCS', 'THPT'], days: 30 },
  { kinds: ['SCORE'], levels: ['THCS', 'THPT'], days: 14 },
  { kinds: ['HEALTH_RECORD', 'FACILITY'], levels: LEVELS, days: 180 },
] as const

const OWNERSHIP = { PUBLIC: 1, COMMUNITY: 2, PRIVATE: 3 } as const
const STAFF_STATUS = { WORKING: 1, RETIRED: 6 } as const
const ENROLMENT_STATUS = { STUDYING: 'STUDYING', TRANSFERRED: 'TRANSFERRED_OUT', DROPPED_OUT: 'DROPPED_OUT' } as const

export async function isProvinceLoaded(adminUrl: string): Promise<boolean> {
  const client = new Client({ connectionString: adminUrl })
  await client.connect()
  try {
    return (await client.query('select 1 from identity.vendor limit 1')).rows.length > 0
  } finally {
    await client.end()
  }
}

const recordedIn = ({ applicationId }: ConsentRow, at: string): Row => ({
  recorded_at: at,
  recorded_by_application_id: applicationId,
  recorded_by_account_id: null,
})

const consentRow = (row: ConsentRow): Row => ({
  school_id: row.schoolId,
  id: row.id,
  student_id: row.studentId,
  given_by: 'GUARDIAN',
  giver_id: row.guardianId,
  application_id: row.applicationId,
  purpose: row.purpose,
  status: row.withdrawnAt === null ? 'GIVEN' : 'WITHDRAWN',
  evidence_kind: 'SIGNED_FORM',
  evidence_reference: row.evidence,
  given_at: row.givenAt,
  withdrawn_at: row.withdrawnAt,
  ...recordedIn(row, row.withdrawnAt ?? row.givenAt),
  version: row.withdrawnAt === null ? 1 : 2,
  updated_at: row.withdrawnAt ?? row.givenAt,
})

/** The giving, and the withdrawal of those who withdrew. */
function consentEvents(row: ConsentRow): Row[] {
  const of = { school_id: row.schoolId, consent_id: row.id, application_id: row.applicationId, reason: null }
  const given = {
    ...of,
    version: 1,
    event: 'GIVEN',
    at: row.givenAt,
    evidence_kind: 'SIGNED_FORM',
    evidence_reference: row.evidence,
  }
  if (row.withdrawnAt === null) return [{ ...given, ...recordedIn(row, row.givenAt) }]
  const withdrawn = { ...of, version: 2, event: 'WITHDRAWN', at: row.withdrawnAt, evidence_kind: null, evidence_reference: null }
  return [
    { ...given, ...recordedIn(row, row.givenAt) },
    { ...withdrawn, ...recordedIn(row, row.withdrawnAt) },
  ]
}

/** What the tables hold, row by row, in an order in which every reference finds its target. */
export function tablesOf(province: SandboxProvince, seed: string): [string, Row[]][] {
  const ids = new IdMint(`${seed}/storage`)
  const loadedAt = `${province.schoolYears[0]!.startsOn}T00:00:00Z`
  const written = { version: 1, updated_at: loadedAt }
  const year = province.schoolYears[0]!
  const startYear = Number(year.startsOn.slice(0, 4))
  const contactBookConsents = new Map<string, Set<string>>()
  for (const consent of province.consents) {
    if (consent.withdrawnAt !== null) continue
    const known = contactBookConsents.get(consent.guardianId)
    if (known) known.add(consent.applicationId)
    else contactBookConsents.set(consent.guardianId, new Set([consent.applicationId]))
  }
  const consented = (guardianId: string): string[] => [...(contactBookConsents.get(guardianId) ?? [])]
  const enrolmentOf = new Map(province.enrolments.filter(({ endedOn }) => endedOn === null).map((row) => [row.studentId, row]))
  const statusOf = new Map(province.enrolments.map((row) => [row.studentId, ENROLMENT_STATUS[row.status]]))
  const approvedScopes = new Map(province.approvals.map((row) => [row.applicationId, row.scopes]))
  const termOf = new Map(province.terms.map((row) => [row.id, row]))
  const classOf = new Map(province.classes.map((row) => [row.id, row]))
  const productOf = new Map(
    province.agreements.filter(({ purpose }) => purpose === 'SCHOOL_MANAGEMENT').map((row) => [row.schoolId, row.applicationId]),
  )
  const broughtBy = (schoolId: string) => ({ application_id: productOf.get(schoolId) ?? null })

  // A pupil who came from another school of the province: the former school keeps a closed row of its own.
  const studentById = new Map(province.students.map((row) => [row.id, row]))
  const formerIds = new Map<string, string>()
  const formerRows: Row[] = []
  const heldBy = (schoolId: string, studentId: string): string => {
    const student = studentById.get(studentId)!
    if (student.schoolId === schoolId) return studentId
    const key = `${schoolId}/${studentId}`
    let id = formerIds.get(key)
    if (!id) {
      formerIds.set(key, (id = ids.next()))
      formerRows.push({
        ...studentRow(student),
        school_id: schoolId,
        id,
        status: 'TRANSFERRED_OUT',
        class_id: null,
        ...broughtBy(schoolId),
      })
    }
    return id
  }
  const studentRow = (row: StudentRow): Row => ({
    school_id: row.schoolId,
    id: row.id,
    code: row.code,
    full_name: row.fullName,
    given_name: row.givenName,
    sort_name: nameSortKey(row.fullName),
    sex: row.sex,
    birth_date: row.birthDate,
    personal_number: row.personalNumber,
    ethnicity_code: row.ethnicityCode,
    commune_code: row.communeCode,
    status: statusOf.get(row.id) ?? 'STUDYING',
    class_id: enrolmentOf.get(row.id)?.classId ?? null,
    ...broughtBy(row.schoolId),
    ...written,
  })
  const enrolments = province.enrolments.map((row) => ({
    school_id: row.schoolId,
    id: row.id,
    student_id: heldBy(row.schoolId, row.studentId),
    class_id: row.classId,
    school_year_id: row.schoolYearId,
    admitted_on: row.admittedOn,
    left_on: row.endedOn,
    status: ENROLMENT_STATUS[row.status],
    leaving_reason: row.leavingReasonCode,
    ...written,
  }))

  // One book for each subject of a class that the regulation assesses, whether or not a mark stands in it yet. A developer
  // comes on any day: the sandbox's books stay open all year, where a school's close before the examinations (R45).
  const bookIds = new Map<string, string>()
  const books: Row[] = []
  for (const { schoolId, classId, subjectCode, termId } of province.teachingAssignments) {
    const key = `${classId}/${subjectCode}/${termId}`
    const term = termOf.get(termId)
    if (bookIds.has(key) || classOf.get(classId)?.regulation !== 'TT22_2021' || !term?.finalFrom || !term.finalTo) continue
    const id = ids.next()
    bookIds.set(key, id)
    books.push({
      school_id: schoolId,
      id,
      class_id: classId,
      subject_code: subjectCode,
      term_id: termId,
      state: 'OPEN',
      ordinary_deadline: year.endsOn,
      final_deadline: year.endsOn,
      ...written,
    })
  }
  const scoreOf = (mark: MarkRow): Row => ({
    school_id: mark.schoolId,
    school_year: startYear,
    id: mark.id,
    gradebook_id: bookIds.get(`${mark.classId}/${mark.subjectCode}/${mark.termId}`),
    class_id: mark.classId,
    student_id: heldBy(mark.schoolId, mark.studentId),
    subject_code: mark.subjectCode,
    term_id: mark.termId,
    kind: mark.kind,
    ordinal: mark.ordinal,
    value_tenths: mark.value,
    remark: mark.remark,
    entered_by_staff_id: mark.enteredByStaffId,
    application_id: mark.applicationId,
    version: 1,
    received_at: mark.recordedAt,
    updated_at: mark.recordedAt,
  })

  return [
    [
      'identity.vendor',
      province.vendors.map((row) => ({
        id: row.id,
        code: row.code,
        legal_name: row.legalName,
        tax_code: row.taxCode,
        contact_email: row.contactEmail,
        data_protection_officer: row.dataProtectionOfficer.name,
        ...written,
      })),
    ],
    [
      'identity.application',
      province.applications.map((row) => ({
        id: row.id,
        vendor_id: row.vendorId,
        code: row.code,
        name: row.name,
        kind: row.kind,
        environment: row.environment,
        status: 'ACTIVE',
        ...written,
      })),
    ],
    [
      'identity.approval',
      province.approvals.map((row) => ({
        id: row.id,
        application_id: row.applicationId,
        decision_number: row.decisionNumber,
        certificate_number: row.certificateNumber,
        scopes: row.scopes,
        valid_from: row.validFrom,
        valid_to: row.validTo,
        decided_at: `${row.decidedOn}T02:00:00Z`,
        version: 1,
      })),
    ],
    [
      'identity.account',
      province.accounts.map((row) => ({
        id: row.id,
        email: row.email,
        display_name: row.fullName,
        role: row.role,
        authority_id: row.authorityId,
        scopes: row.scopes,
        status: 'ACTIVE',
        updated_at: loadedAt,
      })),
    ],
    [
      'identity.agreement',
      province.agreements.map((row) => ({
        school_id: row.schoolId,
        id: row.id,
        application_id: row.applicationId,
        purpose: row.purpose,
        scopes: row.scopes,
        signed_by_staff_id: row.signedByStaffId,
        signed_at: row.signedAt,
        valid_from: row.validFrom,
        valid_to: row.validTo,
        version: row.version,
        updated_at: row.signedAt,
      })),
    ],
    // A scope works only inside approval ∩ agreement: the published grant is already the intersection.
    [
      'access.school_grant',
      province.agreements.map((row) => ({
        agreement_id: row.id,
        application_id: row.applicationId,
        school_id: row.schoolId,
        scopes: row.scopes.filter((scope) => approvedScopes.get(row.applicationId)?.includes(scope)),
        agreement_version: row.version,
        purpose: row.purpose,
        valid_from: row.validFrom,
        valid_to: row.validTo,
      })),
    ],
    [
      'access.oversight',
      province.oversights.map((row) => ({
        authority_id: row.authorityId,
        school_id: row.schoolId,
        kind: row.kind,
        valid_from: row.validFrom,
        valid_to: row.validTo,
      })),
    ],
    [
      'access.person',
      province.accounts.map((row) => ({ account_id: row.id, authority_id: row.authorityId, role: row.role, status: 'ACTIVE' })),
    ],
    [
      'access.membership',
      province.accounts
        .filter(({ schoolId }) => schoolId !== null)
        .map((row) => ({
          account_id: row.id,
          school_id: row.schoolId,
          staff_id: row.staffId,
          role: row.role,
          valid_from: year.startsOn,
          valid_to: null,
        })),
    ],
    ['identity.consent', province.consents.map(consentRow)],
    ['identity.consent_event', province.consents.flatMap(consentEvents)],
    [
      'schools.authority',
      province.authorities.map((row) => ({
        id: row.id,
        code: row.code,
        kind: row.kind,
        name: row.name,
        name_en: row.nameEn,
        parent_id: row.parentId,
        unit_code: row.unitCode,
        valid_from: row.validFrom,
        valid_to: row.validTo,
        ...written,
      })),
    ],
    [
      'schools.school_year',
      province.schoolYears.map((row) => ({
        id: row.id,
        code: row.name,
        starts_on: row.startsOn,
        ends_on: row.endsOn,
        ...written,
      })),
    ],
    [
      'schools.term',
      province.terms.map((row) => ({
        id: row.id,
        school_year_id: row.schoolYearId,
        level: row.level,
        code: row.code,
        name: row.name,
        starts_on: row.startsOn,
        ends_on: row.endsOn,
        exam_from: row.finalFrom,
        exam_to: row.finalTo,
        ...written,
      })),
    ],
    [
      'schools.subject',
      province.subjects.map((row) => ({
        code: row.code,
        name: row.name,
        name_en: row.nameEn,
        assessment: row.assessment,
        levels: row.levels,
      })),
    ],
    [
      'schools.subject_offering',
      province.subjectOfferings.map((row) => ({
        subject_code: row.subjectCode,
        level: row.level,
        from_grade: row.fromGrade,
        to_grade: row.toGrade,
        periods_per_year: row.periodsPerYear,
        compulsory: row.compulsory,
      })),
    ],
    ['schools.school_code', province.schools.map((row) => ({ code: row.code, current: true, school: row.id }))],
    [
      'schools.school',
      province.schools.map((row) => ({
        school_id: row.id,
        code: row.code,
        name: row.name,
        name_en: row.nameEn,
        levels: row.levels,
        ownership: OWNERSHIP[row.ownership],
        commune_code: row.communeCode,
        address: row.address,
        status: 'ACTIVE',
        ...broughtBy(row.id),
        ...written,
      })),
    ],
    [
      'schools.class_room',
      province.classes.map((row) => ({
        school_id: row.schoolId,
        id: row.id,
        school_year_id: row.schoolYearId,
        name: row.name,
        grade: row.grade,
        level: row.level,
        ...broughtBy(row.schoolId),
        ...written,
      })),
    ],
    [
      'schools.staff',
      province.staff.map((row) => ({
        school_id: row.schoolId,
        id: row.id,
        code: row.code,
        full_name: row.fullName,
        sex: row.sex,
        birth_date: row.birthDate,
        position: row.role,
        status: STAFF_STATUS[row.status],
        ...broughtBy(row.schoolId),
        ...written,
      })),
    ],
    ['schools.student', [...province.students.map(studentRow), ...formerRows]],
    ['schools.enrolment', enrolments],
    [
      'schools.guardian',
      province.guardians.map((row) => ({
        school_id: row.schoolId,
        id: row.id,
        student_id: row.studentId,
        full_name: row.fullName,
        relation: row.relation,
        phone: row.phone,
        consented_applications: consented(row.id),
        ...written,
      })),
    ],
    [
      'schools.teaching_assignment',
      province.teachingAssignments.map((row) => ({
        school_id: row.schoolId,
        id: row.id,
        staff_id: row.staffId,
        class_id: row.classId,
        subject_code: row.subjectCode,
        term_id: row.termId,
        ...written,
      })),
    ],
    [
      'schools.homeroom_assignment',
      province.homeroomAssignments.map((row) => ({
        school_id: row.schoolId,
        id: row.id,
        staff_id: row.staffId,
        class_id: row.classId,
        school_year_id: year.id,
        ...written,
      })),
    ],
    // A product knows its pupils and classes by ids of its own.
    [
      'schools.external_reference',
      [
        ...province.students.map((row) => ['STUDENT', row] as const),
        ...province.classes.map((row) => ['CLASS_ROOM', row] as const),
        ...province.staff.map((row) => ['STAFF', row] as const),
      ]
        .filter(([, row]) => productOf.has(row.schoolId))
        .map(([entity, row]) => ({
          school_id: row.schoolId,
          application_id: productOf.get(row.schoolId),
          entity,
          external_id: `${entity === 'CLASS_ROOM' ? 'L' : entity === 'STAFF' ? 'GV' : 'HS'}-${'code' in row ? row.code : `${row.id.slice(-12)}`}`,
          entity_id: row.id,
        })),
    ],
    ['gradebook.gradebook', books],
    ['gradebook.score', province.marks.map(scoreOf)],
    [
      'communications.brandname',
      province.brandnames.map((row) => ({
        school_id: row.schoolId,
        id: row.id,
        name: row.name,
        status: row.status,
        valid_from: row.approvedOn,
        valid_to: row.registeredUntil,
        ...written,
      })),
    ],
    [
      'communications.contact_book_plan',
      province.contactBookPlans.map((row) => ({
        school_id: row.schoolId,
        id: row.id,
        application_id: row.applicationId,
        name: row.name,
        fee_per_month: row.feePerMonthVnd,
        messages_per_month: row.messagesPerMonth,
        uses_brandname: row.usesBrandname,
        valid_from: row.validFrom,
        valid_to: row.validTo,
        ...written,
      })),
    ],
    [
      'communications.subscription',
      province.subscriptions.map((row) => ({
        school_id: row.schoolId,
        id: row.id,
        student_id: row.studentId,
        plan_id: row.planId,
        since: row.since,
        until: row.until,
        ...written,
      })),
    ],
    [
      'communications.message',
      province.messages.map((row) => ({
        school_id: row.schoolId,
        id: row.id,
        student_id: heldBy(row.schoolId, row.studentId),
        application_id: row.applicationId,
        category: row.category,
        channel: row.channel,
        body: row.body,
        sent_at: row.sentAt,
        delivery_state: 'DELIVERED',
        guardian_id: row.guardianId,
        consented_applications: consented(row.guardianId),
        version: 1,
        updated_at: row.sentAt,
      })),
    ],
    [
      'reporting.collection_window',
      [
        {
          id: ids.next(),
          report: 'CONTACT_BOOK',
          school_year_code: year.name,
          period: 'MID',
          opens_on: `${startYear}-11-01`,
          due_on: `${startYear}-12-15`,
          updated_at: loadedAt,
        },
      ],
    ],
    [
      'reporting.freshness_threshold',
      province.authorities
        .filter(({ kind }) => kind === 'DEPARTMENT')
        .flatMap(({ id }) =>
          ASKED_FRESHNESS.flatMap(({ kinds, levels, days }) =>
            kinds.flatMap((kind) =>
              levels.map((level) => ({
                id: ids.next(),
                authority_id: id,
                kind,
                level,
                days,
                reason: 'Kế hoạch cập nhật cơ sở dữ liệu giáo dục năm học (dữ liệu thử nghiệm)',
                valid_from: year.startsOn,
                valid_to: null,
                declared_at: loadedAt,
              })),
            ),
          ),
        ),
    ],
  ]
}

export async function loadProvince(
  adminUrl: string,
  province: SandboxProvince,
  seed: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const tables = tablesOf(province, seed)
  progress.start(tables.reduce((sum, [, rows]) => sum + rows.length, 0))
  const client = new Client({ connectionString: adminUrl })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('begin')
    await client.query(`set local role ${OWNER}`)
    await client.query(`set local lt.application = ''`)
    for (const [table, rows] of tables) await insertRows(client, table, rows, progress, signal)
    // What was loaded is as fresh as its provenance, on the day of this process.
    for (const { id } of province.schools)
      await client.query('select published.recount_freshness($1, $2)', [id, vietnamDay(new Date())])
    await client.query('commit')
    // Statistics for the planner, once: a fresh database would plan its first queries blind.
    await client.query(`set role ${OWNER}`)
    await client.query(`analyze ${tables.map(([table]) => table).join(', ')}, access.record_freshness, access.record_keeper`)
  } finally {
    await client.end()
  }
  progress.end()
}
