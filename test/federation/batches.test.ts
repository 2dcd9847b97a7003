// Entities across subgraphs: 150 references are one query, and every query names its schools.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, schoolOf } from '../testkit/parties.ts'
import { captureSql, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'

let database: TestDatabase
let smas: Viewer
let school: { id: string }
let pupils: { schoolId: string; id: string }[]
const opened: TestSubgraph[] = []

beforeAll(async () => {
  database = await freshDatabase()
  smas = await applicationViewer(database, 'smas')
  school = await schoolOf(database, 'smas', { level: 'THPT' })
  pupils = await database.sql(
    `select school_id as "schoolId", id from schools.student where school_id = $1 order by id limit 150`,
    [school.id],
  )
})
afterAll(async () => {
  await Promise.all(opened.map((subgraph) => subgraph.close()))
  await database.drop()
})

test.each([
  ['schools', '{ fullName }'],
  ['gradebook', '{ scores(term: "HKI") { value } }'],
  ['communications', '{ messages(first: 3) { body } }'],
] as const)('150 pupils by reference are one query in %s', async (name, selection) => {
  const subgraph = await testSubgraph(database, name)
  opened.push(subgraph)
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student ${selection} } }`
  const { statements, result } = await captureSql(subgraph, () =>
    subgraph.ask<{ _entities: unknown[] }>(smas, query, { r: pupils.map((key) => ({ __typename: 'Student', ...key })) }),
  )
  expect(result.errors).toBeUndefined()
  expect(result.data._entities).toHaveLength(150)
  const own = statements.filter((text) => new RegExp(`from ${name}\\.`).test(text))
  expect(own).toHaveLength(1)
  expect(own[0]).toMatch(/school_id = (any \()?\$\d/)
})

test('references come back in the order they were asked for, each at its place, unknown ones as null', async () => {
  const subgraph = await testSubgraph(database, 'schools')
  opened.push(subgraph)
  const mixed = [pupils[3]!, { schoolId: school.id, id: '00000000-0000-7000-8000-000000000000' }, pupils[0]!, pupils[3]!]
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student { id } } }`
  const { data } = await subgraph.ask<{ _entities: ({ id: string } | null)[] }>(smas, query, {
    r: mixed.map((key) => ({ __typename: 'Student', ...key })),
  })
  expect(data._entities.map((each) => each?.id ?? null)).toEqual([pupils[3]!.id, null, pupils[0]!.id, pupils[3]!.id])
})
