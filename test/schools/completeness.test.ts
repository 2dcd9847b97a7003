// Which required attributes are missing, told by counts, keys and names, under the scope of each profile, never by a value.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requiredOf, type Profile } from '../../subgraphs/schools/roster/required-attributes.ts'
import { knownFields } from '../../subgraphs/schools/store/completeness-queries.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { keeper, pupil, schoolAtWork, send, YEAR, type SchoolAtWork } from './roster-kit.ts'

interface Completeness {
  profile: Profile
  records: number
  complete: number
  missing: { field: string; name: string; records: number }[]
}
interface Incomplete {
  nodes: { id: string; key: string; missing: string[] }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

let database: TestDatabase
let subgraph: TestSubgraph
let smas: Viewer
let sensitive: Viewer
let school: SchoolAtWork
let bare: string
let whole: string

const WHOLE = {
  birthplace: 'Thanh Hóa',
  nationality: 'Việt Nam',
  address: 'Số 1',
  youthMembership: 'UNION',
}
const SENSITIVE = ['personalNumber', 'ethnicityCode']

async function completeness(viewer = smas): Promise<Map<Profile, Completeness>> {
  const { data, errors } = await subgraph.ask<{ school: { completeness: Completeness[] } }>(
    viewer,
    `query ($s: SchoolRef!) { school(ref: $s) { completeness { profile records complete missing { field name records } } } }`,
    { s: { id: school.id } },
  )
  expect(errors).toBeUndefined()
  return new Map(data.school.completeness.map((each) => [each.profile, each]))
}
const LIST = `query ($s: SchoolRef!, $p: ProfileKind!, $f: String, $n: Int = 1000, $a: String) {
  school(ref: $s) { incompleteRecords(profile: $p, field: $f, first: $n, after: $a) { nodes { id key missing } pageInfo { hasNextPage endCursor } } } }`
const ask = (variables: object, viewer = smas) =>
  subgraph.ask<{ school: { incompleteRecords: Incomplete } }>(viewer, LIST, { s: { id: school.id }, ...variables })
async function incomplete(variables: object, viewer = smas): Promise<Incomplete> {
  const { data, errors } = await ask(variables, viewer)
  expect(errors).toBeUndefined()
  return data.school.incompleteRecords
}

beforeAll(async () => {
  database = await freshDatabase()
  subgraph = await testSubgraph(database, 'schools')
  sensitive = await keeper(database, 'smas', 'student.basic.write', 'staff.read', 'staff.write', 'student.sensitive.read')
  smas = { ...sensitive, scopes: sensitive.scopes.filter((scope) => scope !== 'student.sensitive.read') }
  school = await schoolAtWork(database, smas)
  const [commune] = await database.sql<{ code: string }>(`select commune_code as code from schools.school where school_id = $1`, [
    school.id,
  ])
  const classRoom = { id: school.rooms[0]!.id }
  const students = [pupil({ classRoom }), pupil({ classRoom, ...WHOLE, communeCode: commune!.code })]
  ;[bare, whole] = students.map(({ code }) => code as string) as [string, string]
  const { summary } = await send(subgraph, smas, 'upsertStudents', { school: { id: school.id }, schoolYear: YEAR, students })
  expect(summary.created).toBe(2)
})
afterAll(async () => {
  await subgraph?.close()
  await database?.drop()
})

test.each(['SCHOOL', 'CLASS_ROOM', 'STAFF', 'STUDENT'] as const)(
  'every attribute required of %s has its condition, and no other',
  (profile) => {
    expect([...knownFields(profile)].sort()).toEqual(
      requiredOf(profile)
        .map(({ field }) => field)
        .sort(),
    )
  },
)

test('counts agree with the records, and with the table behind the walls', async () => {
  const students = (await completeness()).get('STUDENT')!
  const { nodes } = await incomplete({ p: 'STUDENT' })
  expect(nodes).toHaveLength(students.records - students.complete)
  for (const { field, records } of students.missing)
    expect([field, nodes.filter(({ missing }) => missing.includes(field)).length]).toEqual([field, records])
  const [row] = await database.sql<{ records: number; birthplace: number }>(
    `select count(*)::int as records, (count(*) filter (where birthplace is null))::int as birthplace
     from schools.student where school_id = $1 and status = 'STUDYING'`,
    [school.id],
  )
  expect([students.records, students.missing.find(({ field }) => field === 'birthplace')!.records]).toEqual([
    row!.records,
    row!.birthplace,
  ])
})

test('a record is named by its key with the names of what it lacks, at its level', async () => {
  const { nodes } = await incomplete({ p: 'STUDENT' })
  expect(nodes.find(({ key }) => key === bare)!.missing).toEqual([
    'birthplace',
    'nationality',
    'communeCode',
    'address',
    'youthMembership',
  ])
  expect(nodes.find(({ key }) => key === whole)).toBeUndefined()
})

test('one attribute, page by page', async () => {
  const all = await incomplete({ p: 'STUDENT', f: 'nationality' })
  expect(all.nodes.every(({ missing }) => missing.includes('nationality'))).toBe(true)
  const keys: string[] = []
  let a: string | null = null
  do {
    const page: Incomplete = await incomplete({ p: 'STUDENT', f: 'nationality', n: 50, a })
    keys.push(...page.nodes.map(({ key }) => key))
    a = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
  } while (a)
  expect(keys).toEqual(all.nodes.map(({ key }) => key))
  expect(codesOf(await ask({ p: 'STUDENT', f: 'no such' }))).toEqual(['INPUT_INVALID'])
  expect(codesOf(await ask({ p: 'STAFF', f: 'nationality' }))).toEqual(['INPUT_INVALID'])
})

test('that a sensitive attribute is missing is told where it may be read, and nowhere else', async () => {
  const fields = async (viewer: Viewer): Promise<string[]> =>
    (await completeness(viewer))
      .get('STUDENT')!
      .missing.map(({ field }) => field)
      .filter((field) => SENSITIVE.includes(field))
  const missing = async (viewer: Viewer): Promise<string[]> =>
    (await incomplete({ p: 'STUDENT' }, viewer)).nodes.find(({ key }) => key === whole)?.missing ?? []
  expect([await fields(smas), await missing(smas)]).toEqual([[], []])
  expect([await fields(sensitive), await missing(sensitive)]).toEqual([SENSITIVE, SENSITIVE])
  await database.sql(
    `update access.school_grant set scopes = array_remove(scopes, 'student.sensitive.read') where application_id = $1 and school_id = $2`,
    [smas.applicationId, school.id],
  )
  expect([await fields(sensitive), await missing(sensitive)]).toEqual([[], []])
})

test('a profile whose scope is not held is not counted, and its records are refused', async () => {
  const without = (scope: string): Viewer => ({ ...smas, scopes: smas.scopes.filter((each) => each !== scope) })
  expect([...(await completeness(without('staff.read'))).keys()]).toEqual(['SCHOOL', 'CLASS_ROOM', 'STUDENT'])
  expect([...(await completeness(without('student.basic.read'))).keys()]).toEqual(['SCHOOL', 'CLASS_ROOM', 'STAFF'])
  expect(codesOf(await ask({ p: 'STAFF' }, without('staff.read')))).toEqual(['SCOPE_MISSING'])
  expect(codesOf(await ask({ p: 'STUDENT' }, without('student.basic.read')))).toEqual(['SCOPE_MISSING'])
  expect(codesOf(await ask({ p: 'STAFF' }))).toEqual([])
})

test('a class, a pupil and a member of staff say what they lack', async () => {
  const { data, errors } = await subgraph.ask<{
    classRoom: { completeness: Completeness; students: { code: string; missingAttributes: string[] }[] }
    staff: { nodes: { missingAttributes: string[] }[] }
  }>(
    smas,
    `query ($c: ClassRoomRef!, $s: SchoolRef!) {
       classRoom(ref: $c) { completeness { profile records complete missing { field records } } students { code missingAttributes } }
       staff(school: $s, first: 500) { nodes { missingAttributes } } }`,
    { c: { id: school.rooms[0]!.id }, s: { id: school.id } },
  )
  expect(errors).toBeUndefined()
  const { completeness: counted, students } = data.classRoom
  expect(counted.records).toBe(students.length)
  expect(counted.complete).toBe(students.filter(({ missingAttributes }) => missingAttributes.length === 0).length)
  expect(students.find(({ code }) => code === whole)!.missingAttributes).toEqual([])
  expect(
    data.staff.nodes.every(({ missingAttributes }) => missingAttributes.every((field) => ['sex', 'birthDate'].includes(field))),
  ).toBe(true)
})
