// Every list of the roster is served by an index under the row policies, and a page deep in it costs what the first one costs.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { keeper, schoolAtWork, YEAR, type SchoolAtWork } from './roster-kit.ts'
import { crowd, planOf, sentBy, type Sent } from './plans.ts'

let database: TestDatabase
let subgraph: TestSubgraph
let smas: Viewer
let school: SchoolAtWork
/** A school of a thousand pupils among others: whoever counts all of the large one had better read the table. */
let oneOfMany: string

/** What a province has some thousands of rows of at most. */
const SMALL = ['school', 'school_year', 'school_code', 'term', 'subject', 'authority']

beforeAll(async () => {
  database = await freshDatabase()
  subgraph = await testSubgraph(database, 'schools')
  smas = await keeper(database, 'smas', 'staff.read')
  school = await schoolAtWork(database, smas)
  await crowd(database, school.id, 6_000)
  // Three former versions of every pupil of the large school, one of every class and teacher of the others.
  for (const [table, entity, count] of [
    ['student', 'Student', 3],
    ['class_room', 'ClassRoom', 1],
    ['staff', 'Staff', 1],
  ] as const)
    await database.sql(
      `insert into schools.former_version (school_id, entity, entity_id, version, record, replaced_at)
       select s.school_id, $1, s.id, s.version - n, to_jsonb(s), now() from schools.${table} s, generate_series(1, $2::int) n`,
      [entity, count],
    )
  await database.sql('analyze schools.former_version')
  const [other] = await database.sql<{ id: string }>(
    'select school_id as id from access.school_grant where application_id = $1 and school_id <> $2 order by 1 limit 1',
    [smas.applicationId, school.id],
  )
  oneOfMany = other!.id
})
afterAll(async () => {
  await subgraph?.close()
  await database?.drop()
})

const PAGE = 'nodes { id } pageInfo { endCursor }'
const listOf = (field: string, filter: string, order: string): string =>
  `query ($s: SchoolRef!, $f: ${filter}, $o: ${order}, $n: Int!, $a: String) {
    list: ${field}(school: $s, filter: $f, orderBy: $o, first: $n, after: $a) { ${PAGE} } }`
const LISTS = {
  students: listOf('students', 'StudentFilter', 'PersonOrder'),
  staff: listOf('staff', 'StaffFilter', 'PersonOrder'),
  classRooms: listOf('classRooms', 'ClassRoomFilter', 'ClassRoomOrder'),
  schools: `query ($f: SchoolFilter, $o: SchoolOrder, $n: Int!, $a: String) { list: schools(filter: $f, orderBy: $o, first: $n, after: $a) { ${PAGE} } }`,
}
type ListName = keyof typeof LISTS

const after = '2026-03-01T00:00:00Z'
const people = ['NAME', 'CODE', 'UPDATED_AT']
const codes = ['3900000001', '3900000777']

/** Every order with every way in, and every residual condition at least once. */
const ASKED: [ListName, string, object][] = [
  ...people.flatMap((order): [ListName, string, object][] => [
    ['students', order, {}],
    ['students', order, { classRoomId: 'room' }],
    ['students', order, { codes }],
    ['students', order, { search: 'tran van ana' }],
    ['students', order, { search: 'nguyen' }],
    ['students', order, { updatedAfter: after }],
    [
      'students',
      order,
      { statuses: ['STUDYING'], sex: 'FEMALE', hasClass: true, hasExternalId: false, grades: [10], schoolYear: YEAR },
    ],
    ['students', order, { search: 'an', classRoomId: 'room', codes, grades: [10] }],
    ['staff', order, {}],
    ['staff', order, { codes }],
    ['staff', order, { search: 'le van an' }],
    [
      'staff',
      order,
      { statuses: [1], positions: ['TEACHER'], sex: 'MALE', hasAssignment: true, hasExternalId: true, updatedAfter: after },
    ],
  ]),
  ...['GRADE_AND_NAME', 'UPDATED_AT'].flatMap((order): [ListName, string, object][] => [
    ['classRooms', order, {}],
    [
      'classRooms',
      order,
      {
        schoolYear: YEAR,
        grade: 10,
        level: 'THPT',
        names: ['X1'],
        hasHomeroomTeacher: true,
        hasStudents: true,
        hasExternalId: false,
        updatedAfter: after,
      },
    ],
  ]),
  ...['CODE', 'NAME', 'UPDATED_AT'].flatMap((order): [ListName, string, object][] => [
    ['schools', order, {}],
    [
      'schools',
      order,
      {
        codes: ['38000001'],
        level: 'THPT',
        ownership: 1,
        communeCode: '00001',
        search: 'thpt',
        hasExternalId: true,
        updatedAfter: after,
      },
    ],
  ]),
]

const variablesOf = (order: string, filter: object, more: object = {}) => ({
  s: { id: school.id },
  f: 'classRoomId' in filter ? { ...filter, classRoomId: school.rooms[0]!.id } : filter,
  o: order,
  n: 50,
  ...more,
})

async function statementsOf(list: ListName, order: string, filter: object, more?: object): Promise<Sent[]> {
  const sent = await sentBy(subgraph, smas, LISTS[list], variablesOf(order, filter, more))
  expect(sent.length).toBeGreaterThan(0)
  return sent
}

describe.each(['force_custom_plan', 'force_generic_plan'] as const)('no list reads a large table row by row: %s', (mode) => {
  test.each(ASKED)('%s by %s where %j', async (list, order, filter) => {
    for (const sent of await statementsOf(list, order, filter)) {
      const { scans } = await planOf(database, sent, { mode })
      expect(scans.filter(({ type, relation }) => type === 'Seq Scan' && !SMALL.includes(relation))).toEqual([])
    }
  })
})

test.each([
  ['the counts of a school', 'school(ref: $s) { completeness { records } }'],
  ['the counts of a class', 'school(ref: $s) { classRooms(first: 20) { nodes { completeness { records } } } }'],
  ['what pupils lack', 'students(school: $s, first: 20) { nodes { missingAttributes } }'],
  ['what staff lack', 'staff(school: $s, first: 20) { nodes { missingAttributes } }'],
  ...['SCHOOL', 'CLASS_ROOM', 'STAFF', 'STUDENT'].map((profile) => [
    `incomplete records: ${profile}`,
    `school(ref: $s) { incompleteRecords(profile: ${profile}, first: 20) { nodes { missing } } }`,
  ]),
] as [string, string][])('no large table is read row by row for %s', async (_what, body) => {
  for (const sent of await sentBy(subgraph, smas, `query ($s: SchoolRef!) { ${body} }`, { s: { id: oneOfMany } }))
    for (const mode of ['force_custom_plan', 'force_generic_plan'] as const) {
      const { scans } = await planOf(database, sent, { mode })
      expect(scans.filter(({ type, relation }) => type === 'Seq Scan' && !SMALL.includes(relation))).toEqual([])
    }
})

test.each([
  ['of pupils', 'students(school: $s, first: 20) { nodes { history(first: 3) { nodes { changes { field } } } } }'],
  ['of profiles', 'students(school: $s, first: 20) { nodes { profile { history { nodes { version } } } } }'],
  ['of staff', 'staff(school: $s, first: 20) { nodes { history { nodes { version } } } }'],
  ['of classes', 'classRooms(school: $s, first: 20) { nodes { history { nodes { version } } } }'],
  ['of the school', 'school(ref: $s) { history { nodes { version } } }'],
] as [string, string][])('a history %s is a range of the primary key, however much was kept', async (_what, body) => {
  const sent = await sentBy(subgraph, smas, `query ($s: SchoolRef!) { ${body} }`, { s: { id: school.id } })
  const asked = sent.filter(({ text }) => text.includes('former_version'))
  expect(asked).toHaveLength(1)
  for (const mode of ['force_custom_plan', 'force_generic_plan'] as const) {
    const { scans, indexes } = await planOf(database, asked[0]!, { mode })
    expect(scans.filter(({ type, relation }) => type === 'Seq Scan' && !SMALL.includes(relation))).toEqual([])
    expect(indexes).toContain('former_version_pkey')
  }
})

test.each([
  ['NAME', { search: 'pham duc ana' }, ['student_by_given_name', 'student_by_plain_name']],
  ['NAME', { codes }, ['student_by_code']],
  ['CODE', { codes }, ['student_by_code']],
  ['NAME', { classRoomId: 'room' }, ['student_by_class']],
  ['UPDATED_AT', { classRoomId: 'room' }, ['student_by_class']],
])('pupils by %s where %j are ranges of %j', async (order, filter, indexes) => {
  const sent = (await statementsOf('students', order, filter)).at(-1)!
  for (const mode of ['force_custom_plan', 'force_generic_plan'] as const) {
    const used = (await planOf(database, sent, { mode })).indexes.filter((index) => index.startsWith('student_'))
    // A code is a child's own: the index of one school's codes and that of all codes are as narrow.
    const alike = used.map((index) => (index === 'student_code_unique' ? 'student_by_code' : index))
    expect(alike).toEqual(expect.arrayContaining(indexes))
  }
})

test.each([
  ['students', 'NAME', 'student_by_name'],
  ['students', 'CODE', 'student_code_unique'],
  ['students', 'UPDATED_AT', 'student_by_change'],
] as const)('%s by %s: the thousandth page looks at as many pages of the database as the first', async (list, order, index) => {
  const first = (await statementsOf(list, order, {}, { n: 5 })).at(-1)!
  const { data } = await subgraph.ask<{ list: { pageInfo: { endCursor: string } } }>(
    smas,
    LISTS[list],
    variablesOf(order, {}, { n: 1_000 }),
  )
  let cursor = data.list.pageInfo.endCursor
  for (let thousand = 1; thousand < 5; thousand += 1)
    cursor = (
      await subgraph.ask<{ list: { pageInfo: { endCursor: string } } }>(
        smas,
        LISTS[list],
        variablesOf(order, {}, { n: 1_000, a: cursor }),
      )
    ).data.list.pageInfo.endCursor
  const deep = (await statementsOf(list, order, {}, { n: 5, a: cursor })).at(-1)!
  for (const mode of ['force_custom_plan', 'force_generic_plan'] as const) {
    const [begin, depth] = [await planOf(database, first, { mode, run: true }), await planOf(database, deep, { mode, run: true })]
    expect(begin.indexes).toContain(index)
    expect(depth.indexes).toEqual(begin.indexes)
    expect(depth.blocks).toBeLessThanOrEqual(Math.ceil(begin.blocks * 1.2) + 4)
  }
})

test('the net catches: without its indexes the same list is a scan', async () => {
  const sent = (await statementsOf('students', 'NAME', {})).at(-1)!
  const { scans } = await planOf(database, {
    ...sent,
    opening: `${sent.opening}; set local enable_indexscan = off; set local enable_bitmapscan = off; set local enable_sort = on`,
  })
  expect(scans).toContainEqual({ type: 'Seq Scan', relation: 'student' })
})
