// Codes that schools had: after a merger they lead to the successor, for reading and writing, in every subgraph that takes a code.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SCOPE_NAMES } from '../../subgraphs/kernel/scopes.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { classAtWork } from '../gradebook/class-at-work.ts'
import { PROPOSE, TERMS } from '../identity/rights-kit.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { captureSql, codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { codesIn, documentOf, pupil, send, statusesIn, YEAR, type Sent } from './roster-kit.ts'

interface School {
  readonly id: string
  readonly code: string
}

let database: TestDatabase
let schools: TestSubgraph
let gradebook: TestSubgraph
let identity: TestSubgraph
let department: Viewer
/** Works at both schools; the other one only at the school that went into the other. */
let both: Viewer
let former: Viewer
let gone: School
let heir: School

const NOW = new Date('2026-11-20T09:00:00+07:00')
const NOBODY = '38000001'

async function open(viewer: Viewer, at: readonly School[]): Promise<Viewer> {
  await database.sql('delete from access.school_grant where application_id = $1', [viewer.applicationId])
  for (const { id } of at)
    await database.sql(
      `insert into access.school_grant (agreement_id, application_id, school_id, scopes, agreement_version, purpose, valid_from, valid_to)
       values (gen_random_uuid(), $1, $2, $3, 1, 'Quản lý', '2020-01-01', '2099-01-01')`,
      [viewer.applicationId, id, SCOPE_NAMES],
    )
  return { ...viewer, scopes: [...SCOPE_NAMES] }
}

const asSo = (list: Sent[]) => send(schools, department, 'upsertSchools', { schools: list })

/** A school as it stands, in the shape of the input. */
async function standing(code: string): Promise<Sent> {
  const [row] = await database.sql<Sent>(
    `select code, name, levels, ownership, commune_code as "communeCode", address from schools.school where code = $1`,
    [code],
  )
  return row!
}
async function merge(from: School, into: School): Promise<void> {
  expect(statusesIn(await asSo([{ ...(await standing(from.code)), validTo: '2026-11-19' }]))).toEqual(['UPDATED'])
  expect(statusesIn(await asSo([{ ...(await standing(into.code)), formerCodes: [from.code] }]))).toEqual(['UPDATED'])
}
const founded = async (code: string): Promise<School> => {
  const sent = { code, name: `Trường THPT ${code}`, levels: ['THPT'], ownership: 1, communeCode: '14797', address: 'Số 1' }
  return { id: (await asSo([sent])).results[0]!.entity!.id, code }
}

beforeAll(async () => {
  database = await freshDatabase()
  const at = { now: () => NOW }
  schools = await testSubgraph(database, 'schools', at)
  gradebook = await testSubgraph(database, 'gradebook', at)
  identity = await testSubgraph(database, 'identity', at)
  department = await personViewer(database, 'can-bo-so')
  const [one, other] = await database.sql<{ id: string; code: string }>(
    `select school_id as id, code from schools.school where levels = '{THPT}' order by code limit 2`,
  )
  gone = one!
  heir = other!
  both = await open(await applicationViewer(database, 'smas'), [gone, heir])
  former = await open(await applicationViewer(database, 'vnedu'), [gone])
  await merge(gone, heir)
})
afterAll(async () => {
  await Promise.all([schools, gradebook, identity].map((subgraph) => subgraph?.close()))
  await database?.drop()
})

const READS: Readonly<Record<string, (code: string) => readonly [string, Sent]>> = {
  school: (code) => ['query ($ref: SchoolRef!) { it: school(ref: $ref) { id } }', { ref: { code } }],
  students: (code) => ['query ($s: SchoolRef!) { it: students(school: $s, first: 1) { nodes { schoolId } } }', { s: { code } }],
  staff: (code) => ['query ($s: SchoolRef!) { it: staff(school: $s, first: 1) { nodes { schoolId } } }', { s: { code } }],
  classRooms: (code) => [
    'query ($s: SchoolRef!) { it: classRooms(school: $s, first: 1) { nodes { schoolId } } }',
    { s: { code } },
  ],
  classRoom: (code) => [
    'query ($ref: ClassRoomRef!) { it: classRoom(ref: $ref) { schoolId } }',
    { ref: { key: { school: { code }, schoolYear: YEAR, name: '10A1' } } },
  ],
}

test.each(Object.entries(READS))('%s by a code that passed on reads the successor', async (_name, asked) => {
  const [query, variables] = asked(gone.code)
  const { data, errors } = await schools.ask(both, query, variables)
  expect(errors).toBeUndefined()
  expect(JSON.stringify(data)).toContain(heir.id)
  expect(JSON.stringify(data)).not.toContain(gone.id)
})

test('a list of schools by codes understands the ones they had, and says each school once', async () => {
  const { data } = await schools.ask<{ schools: { nodes: Sent[] } }>(
    both,
    'query ($codes: [String!]) { schools(first: 5, filter: { codes: $codes }) { nodes { id } } }',
    { codes: [gone.code, heir.code, NOBODY] },
  )
  expect(data.schools.nodes).toEqual([{ id: heir.id }])
})

test('a batch by a code that passed on lands at the successor, with its provenance, feed and audit there', async () => {
  const sent = pupil()
  const written = await send(schools, both, 'upsertStudents', { school: { code: gone.code }, schoolYear: YEAR, students: [sent] })
  expect(written.results[0]).toMatchObject({
    status: 'CREATED',
    entity: { provenance: { application: { id: both.applicationId } } },
  })
  const { id } = written.results[0]!.entity!
  const [row] = await database.sql(
    `select s.school_id as school, s.application_id as by,
       (select array_agg(o.school_id) from schools.outbox o where o.entity_id = s.id) as told,
       (select e.schools from access.audit_event e where s.id = any (e.student_ids) and e.kind = 'WRITE') as audited
     from schools.student s where s.id = $1`,
    [id],
  )
  expect(row).toEqual({ school: heir.id, by: both.applicationId, told: [heir.id], audited: [heir.id] })
  // By its present code it is the same record.
  expect(
    statusesIn(await send(schools, both, 'upsertStudents', { school: { code: heir.code }, schoolYear: YEAR, students: [sent] })),
  ).toEqual(['UNCHANGED'])
})

test('marks and consents by a code that passed on are written at the successor', async () => {
  const room = await classAtWork(database, { schoolId: heir.id })
  const input = {
    school: { code: gone.code },
    schoolYear: YEAR,
    classRoom: { name: room.className },
    subject: room.subject,
    term: 'HKI',
    scores: [
      { student: { code: room.pupils[0]!.code }, kind: 'REGULAR', ordinal: 9, value: 8, enteredBy: { code: room.teacher } },
    ],
  }
  const marks = await gradebook.ask<{ it: { results: { status: string }[] } }>(
    both,
    'mutation ($input: RecordScoresInput!) { it: recordScores(input: $input) { results { status errors { code } } } }',
    { input },
  )
  expect(marks.data.it.results).toEqual([{ status: 'CREATED', errors: [] }])
  const withdrawals = [
    {
      student: { code: room.pupils[0]!.code },
      givenBy: 'GUARDIAN',
      guardianId: randomUUID(),
      application: { id: both.applicationId },
      purpose: 'CONTACT_BOOK',
    },
  ]
  const consents = await identity.ask<{ it: { results: { errors: { code: string }[] }[] } }>(
    both,
    'mutation ($input: WithdrawConsentsInput!) { it: withdrawConsents(input: $input) { results { errors { code } } } }',
    { input: { school: { code: gone.code }, withdrawals } },
  )
  // The pupil was found there; the guardian is nobody.
  expect(consents.data.it.results[0]!.errors.map(({ code }) => code)).toEqual(['CONSENT_NOT_FOUND'])
})

test('a vendor proposes to the successor by the code that passed on', async () => {
  const [stranger] = await database.sql<{ code: string }>(
    `select a.code from identity.application a join identity.approval p on p.application_id = a.id
     where a.code = any ('{misa-emis,vietschool,enetviet,vnedu}') and not exists (
       select 1 from identity.agreement g where g.application_id = a.id and g.school_id = $1) order by 1 limit 1`,
    [heir.id],
  )
  const vendor = await applicationViewer(database, stranger!.code)
  const { data, errors } = await identity.ask<{ proposeAgreement: { school: { id: string } } }>(vendor, PROPOSE, {
    input: { school: { code: gone.code }, terms: { ...TERMS, scopes: ['school.read'] } },
  })
  expect(errors).toBeUndefined()
  expect(data.proposeAgreement.school.id).toBe(heir.id)
})

test('it leads nobody to a school without an agreement: read or written, it is as a code of nobody, by the same statements', async () => {
  const acts: Readonly<Record<string, (code: string) => readonly [TestSubgraph, string, Sent]>> = {
    ...Object.fromEntries(
      Object.entries(READS).map(([name, asked]) => [name, (code: string) => [schools, ...asked(code)] as const]),
    ),
    upsertStudents: (code) => [
      schools,
      documentOf('upsertStudents'),
      { input: { school: { code }, schoolYear: YEAR, students: [pupil({ code: '3812345678' })] } },
    ],
    upsertCampuses: (code) => [
      schools,
      documentOf('upsertCampuses'),
      {
        input: {
          school: { code },
          campuses: [{ code: 'CS', name: 'CS', address: 'Số 1', communeCode: '14797', validFrom: '2020-01-01' }],
        },
      },
    ],
  }
  for (const [name, act] of Object.entries(acts)) {
    const asked = async (code: string) => {
      const [subgraph, text, variables] = act(code)
      const { statements, result } = await captureSql(subgraph, () => subgraph.ask(former, text, variables))
      return { name, statements, refused: codesOf(result), result }
    }
    const theirs = await asked(gone.code)
    expect([name, theirs.refused]).toEqual([name, ['SCHOOL_NOT_ACCESSIBLE']])
    expect(theirs).toEqual(await asked(NOBODY))
  }
  // The school that went in is still what the agreement opened, by its id.
  const { data } = await schools.ask<{ school: Sent }>(
    former,
    'query ($ref: SchoolRef!) { school(ref: $ref) { id code validTo } }',
    {
      ref: { id: gone.id },
    },
  )
  expect(data.school).toEqual({ id: gone.id, code: gone.code, validTo: '2026-11-19' })
})

test('pupils of the school that went in are guarded until it lets them go, then taken over by the successor', async () => {
  const sent = pupil()
  const at = (school: School) => ({ school: { id: school.id }, schoolYear: YEAR })
  const room = { name: (await classAtWork(database, { schoolId: gone.id })).className }
  await send(schools, both, 'upsertStudents', { ...at(gone), students: [{ ...sent, classRoom: room }] })
  const claims = [{ code: sent.code, fullName: sent.fullName, birthDate: sent.birthDate, classRoom: room }]
  expect(codesIn(await send(schools, both, 'upsertStudents', { ...at(heir), students: [sent] }))).toEqual([['STUDENT_ELSEWHERE']])
  expect(codesIn(await send(schools, both, 'claimStudents', { ...at(heir), claims }))).toEqual([['CLAIM_MATCHED']])
  const releases = [{ student: { code: sent.code }, toSchool: gone.code }]
  // The code leads to the successor, so that is where the pupil is let go to.
  const released = await send(schools, both, 'releaseStudents', { school: { id: gone.id }, releases })
  expect(released.results[0]).toMatchObject({ status: 'UPDATED', entity: { transfers: [{ otherSchoolCode: heir.code }] } })
  expect(statusesIn(await send(schools, both, 'claimStudents', { ...at(heir), claims }))).toEqual(['CREATED'])
})

test('compliance still sees who claimed at the school that went in', async () => {
  await database.sql(
    `insert into schools.transfer_claim_count (school_id, application_id, day, asked) values ($1, $2, '2026-11-18', 3)`,
    [gone.id, both.applicationId],
  )
  const { data } = await schools.ask<{ transferClaims: { nodes: Sent[] } }>(
    await personViewer(database, 'tuan-thu'),
    '{ transferClaims(first: 50) { nodes { schoolCode asked } } }',
  )
  expect(data.transferClaims.nodes).toContainEqual({ schoolCode: gone.code, asked: 3 })
})

test('a second merger takes along what the first one led there', async () => {
  const [one, two, three] = [await founded('NHAP-1'), await founded('NHAP-2'), await founded('NHAP-3')]
  await merge(one, two)
  await merge(two, three)
  for (const { code } of [one, two, three]) {
    const { data } = await schools.ask<{ it: { id: string } }>(department, ...READS.school!(code))
    expect([code, data.it.id]).toEqual([code, three.id])
  }
  const { data } = await schools.ask<{ school: Sent }>(
    department,
    'query ($ref: SchoolRef!) { school(ref: $ref) { formerCodes } }',
    { ref: { id: three.id } },
  )
  expect(data.school.formerCodes).toEqual(['NHAP-1', 'NHAP-2'])
})
