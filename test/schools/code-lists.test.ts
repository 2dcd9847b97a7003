// The published code lists: served as they are kept, with their source, to whoever may read the schools.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'

let database: TestDatabase
let schools: TestSubgraph

beforeAll(async () => {
  database = await freshDatabase()
  schools = await testSubgraph(database, 'schools')
})
afterAll(async () => {
  await schools?.close()
  await database?.drop()
})

const QUERY = `{ codeLists { list name source version codes { code name } } }`

test('every list has a source, a version and codes that stand once; there are 54 ethnicities', async () => {
  const { data } = await schools.ask<{
    codeLists: { list: string; source: string; version: string; codes: { code: string; name: string }[] }[]
  }>(await applicationViewer(database, 'smas'), QUERY)
  expect(data.codeLists.map(({ list }) => list)).toContain('LEAVING_REASON')
  for (const { source, version, codes } of data.codeLists) {
    expect([source, version].every(Boolean)).toBe(true)
    expect(new Set(codes.map(({ code }) => code)).size).toBe(codes.length)
  }
  const ethnicities = data.codeLists.find(({ list }) => list === 'ETHNICITY')!.codes
  expect([ethnicities.length, ethnicities[0], ethnicities.at(-1)]).toEqual([
    54,
    { code: '01', name: 'Kinh' },
    { code: '54', name: 'Rơ-măm' },
  ])
})

test('the lists need school.read', async () => {
  const viewer = await applicationViewer(database, 'smas')
  expect(codesOf(await schools.ask({ ...viewer, scopes: ['identity.read'] }, QUERY))).toContain('SCOPE_MISSING')
})
