// The access log: compliance reads who read what; everybody else what concerns them; nobody reads a pupil out of it.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Scope } from '../../subgraphs/kernel/scopes.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'

let database: TestDatabase
let identity: TestSubgraph
let smas: Viewer
let vnedu: Viewer
let compliance: Viewer
let principal: Viewer
let own: string
let other: string
const pupil = randomUUID()

beforeAll(async () => {
  database = await freshDatabase()
  identity = await testSubgraph(database, 'identity')
  smas = await applicationViewer(database, 'smas')
  vnedu = await applicationViewer(database, 'vnedu')
  compliance = await personViewer(database, 'tuan-thu')
  principal = await withScope(await personViewer(database, 'hieu-truong@thpt-hac-thanh'), 'audit.read')
  const [membership] = await database.sql<{ school_id: string }>(
    `select school_id from access.membership where account_id = $1`,
    [principal.accountId],
  )
  own = membership!.school_id
  const [elsewhere] = await database.sql<{ school_id: string }>(
    `select school_id from schools.school where school_id <> $1 limit 1`,
    [own],
  )
  other = elsewhere!.school_id
  await record(1, smas, { schools: [own], student_ids: [pupil] })
  await record(2, vnedu, { schools: [other] })
  await record(3, smas, { schools: [own, other], outcome: 'REFUSED', error_codes: ['SCOPE_MISSING'] })
  await record(3, vnedu, { schools: [other] })
  await record(4, smas, { schools: [other] })
})
afterAll(async () => {
  await identity?.close()
  await database?.drop()
})

const withScope = (viewer: Viewer, ...scopes: Scope[]): Viewer => ({ ...viewer, scopes: [...viewer.scopes, ...scopes] })

async function record(minute: number, viewer: Viewer, changes: object): Promise<void> {
  const event = {
    id: randomUUID(),
    at: `2026-11-20T08:0${minute}:00.123456+07:00`,
    kind: 'OPERATION',
    request_id: `request-${minute}`,
    client_id: viewer.clientId,
    application_id: viewer.applicationId,
    vendor_id: viewer.vendorId,
    account_id: null,
    party_name: viewer.displayName,
    operation_name: 'ClassPage',
    operation_hash: 'hash',
    operation_kind: 'query',
    fields: ['Student.fullName'],
    schools: [],
    student_ids: [],
    outcome: 'ALLOWED',
    error_codes: [],
    ...changes,
  }
  await database.sql('select access.append_audit($1)', [JSON.stringify([event])])
}

interface Event {
  requestId: string
  partyName: string
  schools: { id: string }[]
}
const EVENTS = `query ($filter: AuditFilter, $first: Int = 50, $after: String) {
  auditEvents(first: $first, after: $after, filter: $filter) {
    nodes {
      id at kind partyName application { id } vendor { id } operationName operationKind fields schools { id } studentCount outcome errorCodes requestId
    }
    pageInfo { hasNextPage endCursor }
  }
}`
type Answer = { auditEvents: { nodes: Event[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }
const read = async (viewer: Viewer, variables = {}): Promise<Answer['auditEvents']> =>
  (await identity.ask<Answer>(viewer, EVENTS, variables)).data.auditEvents
const requests = async (viewer: Viewer, filter = {}): Promise<string[]> =>
  (await read(viewer, { filter })).nodes.map(({ requestId }) => requestId)

test('compliance reads who read what, newest first', async () => {
  const { nodes } = await read(compliance)
  expect(nodes.map(({ requestId }) => requestId)).toEqual(['request-4', 'request-3', 'request-3', 'request-2', 'request-1'])
  expect(nodes.at(-1)).toMatchObject({
    at: '2026-11-20T08:01:00.123456+07:00',
    kind: 'OPERATION',
    partyName: 'SMAS',
    application: { id: smas.applicationId },
    vendor: { id: smas.vendorId },
    operationName: 'ClassPage',
    operationKind: 'query',
    fields: ['Student.fullName'],
    schools: [{ id: own }],
    studentCount: 1,
    outcome: 'ALLOWED',
    errorCodes: [],
  })
})

test('pages of one record each show every record once, also two of the same instant', async () => {
  const seen: string[] = []
  let after: string | null = null
  do {
    const page: Answer['auditEvents'] = await read(compliance, { first: 1, after })
    seen.push(...page.nodes.map((event) => JSON.stringify(event)))
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
  } while (after)
  expect(new Set(seen).size).toBe(5)
})

test('compliance searches by vendor, application, school, pupil, time and outcome, and the conditions add up', async () => {
  expect(await requests(compliance, { vendorId: vnedu.vendorId })).toEqual(['request-3', 'request-2'])
  expect(await requests(compliance, { applicationId: smas.applicationId, outcome: 'ALLOWED' })).toEqual([
    'request-4',
    'request-1',
  ])
  expect(await requests(compliance, { schoolId: own })).toEqual(['request-3', 'request-1'])
  expect(await requests(compliance, { studentId: pupil })).toEqual(['request-1'])
  expect(await requests(compliance, { from: '2026-11-20T08:02:00+07:00', to: '2026-11-20T01:03:00Z' })).toEqual(['request-2'])
})

test('no answer holds the id of a pupil', async () => {
  expect(JSON.stringify(await read(compliance, { filter: { studentId: pupil } }))).not.toContain(pupil)
  expect(codesOf(await identity.ask(compliance, `{ auditEvents { nodes { studentIds } } }`))).toEqual([
    'GRAPHQL_VALIDATION_FAILED',
  ])
})

test('a principal reads what concerned the own school, and of a wider operation the own school alone', async () => {
  const { nodes } = await read(principal)
  expect(nodes.map(({ requestId, schools }) => [requestId, schools])).toEqual([
    ['request-3', [{ id: own }]],
    ['request-1', [{ id: own }]],
  ])
})

test('a principal who asks for another school, or for a pupil of one, learns nothing of what an operation concerned there', async () => {
  const [[mine], [theirs]] = (await Promise.all(
    [own, other].map((school) => database.sql(`select id from schools.student where school_id = $1 limit 1`, [school])),
  )) as [[{ id: string }], [{ id: string }]]
  await record(5, smas, { schools: [own, other], student_ids: [mine.id, theirs.id] })
  expect(await requests(principal, { schoolId: other })).toEqual([])
  expect(await requests(principal, { studentId: theirs.id })).toEqual([])
  expect(await requests(principal, { studentId: mine.id })).toEqual(['request-5'])
  expect(await requests(principal, { schoolId: own.toUpperCase(), studentId: mine.id.toUpperCase() })).toEqual(['request-5'])
  expect(await requests(compliance, { studentId: theirs.id })).toEqual(['request-5'])
})

test('an application that acts for a principal reads what it did at that principal’s school', async () => {
  const { accountId, role } = principal
  const together = withScope(await applicationViewer(database, 'smas', { accountId, role }), 'audit.read')
  // The school has agreed to other scopes, not to this one: nothing of the log is open.
  expect(await requests(together)).toEqual([])
  await database.sql(
    `update access.school_grant set scopes = scopes || '{audit.read}' where application_id = $1 and school_id = any ($2::uuid[])`,
    [smas.applicationId, [own, other]],
  )
  expect(await requests(together)).toEqual(['request-5', 'request-3', 'request-1'])
  expect((await read(together)).nodes.flatMap(({ schools }) => schools)).toEqual([{ id: own }, { id: own }, { id: own }])
})

test('an application reads what it did itself', async () => {
  expect(await requests(withScope(vnedu, 'audit.read'))).toEqual(['request-3', 'request-2'])
  expect(await requests(withScope(vnedu, 'audit.read'), { applicationId: smas.applicationId })).toEqual([])
})

test('without the scope the log is closed', async () => {
  expect(codesOf(await identity.ask(smas, EVENTS))).toEqual(['SCOPE_MISSING'])
})

test('a filter that is no id, and a cursor of another filter, are refused', async () => {
  expect(codesOf(await identity.ask(compliance, EVENTS, { filter: { schoolId: 'x' } }))).toEqual(['INPUT_INVALID'])
  const { pageInfo } = await read(compliance, { first: 1 })
  expect(codesOf(await identity.ask(compliance, EVENTS, { after: pageInfo.endCursor, filter: { schoolId: own } }))).toEqual([
    'CURSOR_INVALID',
  ])
})

test('no role of the platform may rewrite the log', async () => {
  const rows = await database.sql<{ role: string }>(
    `select r.rolname as role from pg_roles r, unnest(array['insert', 'update', 'delete', 'truncate']) p
     where r.rolname like 'lt\\_%' and r.rolname <> 'lt_owner' and has_table_privilege(r.rolname, 'access.audit_event', p)`,
  )
  expect(rows).toEqual([])
})
