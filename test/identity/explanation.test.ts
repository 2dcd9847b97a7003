// What the registry says of the scopes and schools behind an operation: the caller's own standing, as the wall itself sees it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'

let database: TestDatabase
let identity: TestSubgraph

beforeAll(async () => {
  database = await freshDatabase()
  identity = await testSubgraph(database, 'identity')
})
afterAll(async () => {
  await identity?.close()
  await database?.drop()
})

const EXPLANATION = `query ($r: [_Any!]!, $first: Int! = 100, $after: String) {
  _entities(representations: $r) {
    ... on AccessExplanation {
      scopes { scope { name } held missingBecause openSchools }
      schools(first: $first, after: $after) { nodes { school { id } agreementIds open missingScopes { name } } pageInfo { hasNextPage endCursor } }
    }
  }
}`

interface Explanation {
  scopes: { scope: { name: string }; held: boolean; missingBecause: string | null; openSchools: number | null }[]
  schools: {
    nodes: { school: { id: string }; agreementIds: string[]; open: boolean; missingScopes: { name: string }[] }[]
    pageInfo: { hasNextPage: boolean; endCursor: string | null }
  }
}

const ask = (viewer: Viewer, neededScopes: string, page: { first?: number; after?: string | null } = {}) =>
  identity.ask<{ _entities: [Explanation] }>(viewer, EXPLANATION, {
    r: [{ __typename: 'AccessExplanation', neededScopes }],
    ...page,
  })
const explain = async (viewer: Viewer, neededScopes: string): Promise<Explanation> =>
  (await ask(viewer, neededScopes)).data._entities[0]

test('a scope that the approval has and the token has not is told apart from one that was never approved', async () => {
  const smas = await applicationViewer(database, 'smas')
  await database.sql(
    `insert into access.client (client_id, application_id, display_name, environment, scopes, status, jwks, updated_at)
     values ('smas', $1, 'SMAS', 'SANDBOX', $2, 'ACTIVE', '{"keys":[]}', now())`,
    [smas.applicationId, smas.scopes],
  )
  const narrow = await applicationViewer(database, 'smas', { scopes: ['school.read'] })
  const { scopes } = await explain(narrow, 'gradebook.read school.read vendor.approve')
  expect(scopes).toEqual([
    { scope: { name: 'gradebook.read' }, held: false, missingBecause: 'NOT_IN_TOKEN', openSchools: 0 },
    { scope: { name: 'school.read' }, held: true, missingBecause: null, openSchools: expect.any(Number) },
    { scope: { name: 'vendor.approve' }, held: false, missingBecause: 'NOT_APPROVED', openSchools: null },
  ])
  expect((await explain(smas, 'gradebook.read')).scopes[0]).toMatchObject({ held: true, missingBecause: null })
})

test('a school whose agreement leaves a scope out is named with that scope, and one that has it is open', async () => {
  const misa = await applicationViewer(database, 'misa-emis')
  const { schools } = await explain(misa, 'gradebook.read gradebook.write')
  const needed = ['gradebook.read', 'gradebook.write']
  const grants = await database.sql<{ school: string; agreement: string; scopes: string[] }>(
    `select school_id as school, agreement_id as agreement, scopes
     from access.school_grant where application_id = $1 and date '2026-11-20' between valid_from and valid_to order by school_id`,
    [misa.applicationId],
  )
  const expected = grants.map(({ school, agreement, scopes }) => {
    const missing = needed.filter((scope) => !scopes.includes(scope)).map((name) => ({ name }))
    return { school: { id: school }, agreementIds: [agreement], open: missing.length === 0, missingScopes: missing }
  })
  expect(new Set(expected.map(({ open }) => open))).toEqual(new Set([true, false]))
  expect(schools.nodes).toEqual(expected)
})

test('an agreement that has run out is no agreement', async () => {
  const vnedu = await applicationViewer(database, 'vnedu')
  const [ended] = await database.sql<{ school: string }>(
    `select school_id as school from access.school_grant where application_id = $1 and valid_to = '2026-07-31'`,
    [vnedu.applicationId],
  )
  const { schools } = await explain(vnedu, 'school.read')
  expect(schools.nodes.map(({ school }) => school.id)).not.toContain(ended!.school)
})

test('a person has the schools of the office, and no agreement of anybody is shown', async () => {
  const officer = await personViewer(database, 'can-bo-so')
  const { schools } = await explain(officer, 'school.read')
  expect(schools.nodes).toHaveLength(24)
  for (const each of schools.nodes) expect([each.open, each.agreementIds]).toEqual([true, []])
})

test('an application that acts for a principal is told of the one school where both hold', async () => {
  const principal = await personViewer(database, 'hieu-truong@')
  const [own] = await database.sql<{ school: string }>(
    `select school_id as school from access.membership where account_id = $1`,
    [principal.accountId],
  )
  const [agreed] = await database.sql<{ code: string }>(
    `select a.code from access.school_grant g join identity.application a on a.id = g.application_id
     where g.school_id = $1 and 'school.read' = any (g.scopes) and date '2026-11-20' between g.valid_from and g.valid_to limit 1`,
    [own!.school],
  )
  const acting = await applicationViewer(database, agreed!.code, { accountId: principal.accountId, role: 'PRINCIPAL' })
  const { schools } = await explain(acting, 'school.read')
  expect(schools.nodes.map(({ school, open }) => [school.id, open])).toEqual([[own!.school, true]])
})

test('an operation that needs nothing at a school lists none, and a name that is no scope is not one', async () => {
  const smas = await applicationViewer(database, 'smas')
  for (const needed of ['', 'identity.read', 'no.such.scope']) expect((await explain(smas, needed)).schools.nodes).toEqual([])
  expect((await explain(smas, 'no.such.scope')).scopes).toEqual([])
})

test('the schools come page by page, and a cursor serves nobody else', async () => {
  const smas = await applicationViewer(database, 'smas')
  const all = (await explain(smas, 'school.read')).schools.nodes.map(({ school }) => school.id)
  const walked: string[] = []
  let after: string | null = null
  do {
    const page: Explanation['schools'] = (await ask(smas, 'school.read', { first: 2, after })).data._entities[0].schools
    walked.push(...page.nodes.map(({ school }) => school.id))
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    if (after)
      expect(codesOf(await ask(await applicationViewer(database, 'vnedu'), 'school.read', { first: 2, after }))).toEqual([
        'CURSOR_INVALID',
      ])
  } while (after)
  expect(walked).toEqual(all)
  expect(all.length).toBeGreaterThan(2)
})
