// Finding one school, class or pupil by whatever reference a caller holds.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, schoolOf } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'

interface Records {
  readonly school: string
  readonly schoolCode: string
  readonly room: string
  readonly student: string
  readonly studentCode: string
}

let database: TestDatabase
let subgraph: TestSubgraph
let smas: Viewer
let own: Records
let foreign: Records

const NOBODY = '00000000-0000-7000-8000-000000000000'
const SCHOOL = 'query ($ref: SchoolRef!) { school(ref: $ref) { id } }'
const CLASS_ROOM = 'query ($ref: ClassRoomRef!) { classRoom(ref: $ref) { id } }'
const STUDENT = 'query ($ref: StudentRef!) { student(ref: $ref) { id schoolId } }'

async function recordsOf(schoolId: string): Promise<Records> {
  const [row] = await database.sql<Records & Record<string, unknown>>(
    `select s.school_id as school, s.code as "schoolCode", p.class_id as room, p.id as student, p.code as "studentCode"
     from schools.school s
     join schools.student p on p.school_id = s.school_id
     where s.school_id = $1 and p.status = 'STUDYING'
     order by p.id
     limit 1`,
    [schoolId],
  )
  return row!
}

async function knowAs(entity: string, externalId: string, schoolId: string, id: string): Promise<void> {
  await database.sql(
    `insert into schools.external_reference (school_id, application_id, entity, external_id, entity_id) values ($1, $2, $3, $4, $5)`,
    [schoolId, smas.applicationId, entity, externalId, id],
  )
}

beforeAll(async () => {
  database = await freshDatabase()
  subgraph = await testSubgraph(database, 'schools')
  smas = await applicationViewer(database, 'smas')
  own = await recordsOf((await schoolOf(database, 'smas', { level: 'THPT' })).id)
  foreign = await recordsOf((await schoolOf(database, 'vnedu', { level: 'THCS' })).id)
})

afterAll(async () => {
  await subgraph?.close()
  await database?.drop()
})

describe('not there and not yours read the same', () => {
  test.each([
    ['school by id', SCHOOL, () => ({ id: foreign.school }), { id: NOBODY }],
    ['school by code', SCHOOL, () => ({ code: foreign.schoolCode }), { code: '00000000' }],
    ['class by id', CLASS_ROOM, () => ({ id: foreign.room }), { id: NOBODY }],
    ['pupil by id', STUDENT, () => ({ id: foreign.student }), { id: NOBODY }],
    ['pupil by code', STUDENT, () => ({ code: foreign.studentCode }), { code: '0000000000' }],
  ])('%s', async (_, query, notYours, notThere) => {
    const refused = await subgraph.ask(smas, query, { ref: notYours() })
    const missing = await subgraph.ask(smas, query, { ref: notThere })
    expect(codesOf(refused)).toEqual([query === SCHOOL ? 'SCHOOL_NOT_ACCESSIBLE' : 'RECORD_NOT_ACCESSIBLE'])
    expect(refused).toEqual(missing)
  })
})

test('an id in capitals finds what the id finds', async () => {
  const school = await subgraph.ask(smas, SCHOOL, { ref: { id: own.school.toUpperCase() } })
  const room = await subgraph.ask(smas, CLASS_ROOM, { ref: { id: own.room.toUpperCase() } })
  const student = await subgraph.ask(smas, STUDENT, { ref: { id: own.student.toUpperCase() } })
  expect([school.data, room.data, student.data]).toMatchObject([
    { school: { id: own.school } },
    { classRoom: { id: own.room } },
    { student: { id: own.student } },
  ])
})

test('an externalId that two schools of a vendor know is refused and no child is guessed', async () => {
  const other = await recordsOf((await schoolOf(database, 'smas', { level: 'TH' })).id)
  await knowAs('STUDENT', 'HS-1', own.school, own.student)
  const alone = await subgraph.ask(smas, STUDENT, { ref: { externalId: 'HS-1' } })
  await knowAs('STUDENT', 'HS-1', other.school, other.student)
  const doubled = await subgraph.ask(smas, STUDENT, { ref: { externalId: 'HS-1' } })
  expect([alone.data, codesOf(doubled)]).toMatchObject([{ student: { id: own.student } }, ['REFERENCE_INVALID']])
})

test('the code of a pupil who changed school finds the record of the school of today', async () => {
  const former = await recordsOf((await schoolOf(database, 'smas', { level: 'THCS' })).id)
  await database.sql(`update schools.student set code = $3, status = 'TRANSFERRED_OUT' where school_id = $1 and id = $2`, [
    former.school,
    former.student,
    own.studentCode,
  ])
  const { data } = await subgraph.ask(smas, STUDENT, { ref: { code: own.studentCode } })
  expect(data).toEqual({ student: { id: own.student, schoolId: own.school } })
})

test.each([
  ['a class by its name', CLASS_ROOM, { key: { school: { code: 'x' }, schoolYear: '2026-2027', name: '10A1\u0000' } }],
  ['a pupil', STUDENT, { code: '\u0000' }],
])('NUL in the reference of %s is a fault of the input', async (_, query, ref) => {
  const asked = 'key' in ref ? { key: { ...ref.key, school: { id: own.school } } } : ref
  expect(codesOf(await subgraph.ask(smas, query, { ref: asked }))).toEqual(['INPUT_INVALID'])
})

test.each([{ code: 'a\u0000' }, { externalId: '\u0000' }, { code: '\ud800' }])(
  'what no database stores names no school, for reading as for a batch: %j',
  async (ref) => {
    expect(codesOf(await subgraph.ask(smas, SCHOOL, { ref }))).toEqual(['SCHOOL_NOT_ACCESSIBLE'])
  },
)
