// Who read what: the record of an operation is durable before its answer leaves, and without it nothing leaves.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { auditOf, openDoor, putClient, type Door } from './support/door.ts'
import { SCHOOL_ID } from './support/subgraphs.ts'

let database: TestDatabase
let door: Door

beforeAll(async () => {
  database = await freshDatabase({ province: false })
  door = await openDoor(database)
  await putClient(database, 'smas')
})

afterAll(async () => {
  await door?.close()
  await database?.drop()
})

async function recordsOf(query: string, options: Parameters<Door['ask']>[1] = {}) {
  const requestId = randomUUID()
  const answer = await door.ask(query, { ...options, headers: { ...options.headers, 'x-request-id': requestId } })
  return { answer, records: await auditOf(database, requestId) }
}

test('a read leaves one record of who, what, which schools and how many pupils', async () => {
  const query = `query Page { students(first: 3) { name scores { value } } school(id: "${SCHOOL_ID}") { name } }`
  const { records } = await recordsOf(query)
  expect(records).toHaveLength(1)
  expect(records[0]).toMatchObject({
    client_id: 'smas',
    party_name: 'Ứng dụng smas',
    operation_name: 'Page',
    operation_kind: 'query',
    operation_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    fields: ['Query.school', 'Query.students', 'School.name', 'Score.value', 'Student.name', 'Student.scores'],
    schools: [SCHOOL_ID],
    student_count: 3,
    outcome: 'ALLOWED',
    error_codes: [],
  })
})

test.each([
  [
    'a write',
    `mutation { rename(id: "${SCHOOL_ID}", name: "Trường THCS Điện Biên") { id } }`,
    'mutation',
    'ALLOWED',
    [],
    ['Mutation.rename', 'School.id'],
  ],
  ['a look at the contract', '{ __schema { queryType { name } } }', 'introspection', 'ALLOWED', [], ['Query.__schema']],
  ['a question about nothing', '{ __typename }', 'introspection', 'ALLOWED', [], []],
  [
    'half an answer',
    '{ refused school(id: "x") { id } anything { __typename } }',
    'query',
    'PARTIAL',
    ['ACT_FORBIDDEN'],
    ['Query.anything', 'Query.refused', 'Query.school', 'School.id'],
  ],
  ['a failure', '{ away }', 'query', 'FAILED', ['SERVICE_UNAVAILABLE'], ['Query.away']],
  ['a field that no rule opens', '{ unruled }', 'query', 'REFUSED', ['ACT_FORBIDDEN'], ['Query.unruled']],
  ['a document that does not fit', '{ nothing }', 'query', 'REFUSED', ['GRAPHQL_VALIDATION_FAILED'], []],
  ['a document that is none', '{', 'unknown', 'REFUSED', ['GRAPHQL_PARSE_FAILED'], []],
  ['an operation out of bounds', '{ students(first: 5000) { id } }', 'unknown', 'REFUSED', ['LIST_TOO_LONG'], []],
  ['a subscription', 'subscription { a }', 'subscription', 'REFUSED', ['SUBSCRIPTION_REFUSED'], []],
])('%s leaves its record', async (_, query, kind, outcome, codes, fields) => {
  const { records } = await recordsOf(query)
  expect(records).toMatchObject([{ operation_kind: kind, outcome, error_codes: codes, fields }])
})

test('a refusal for want of a scope records what was asked for, and that nothing was touched', async () => {
  const { records } = await recordsOf('{ students { name } }', { token: await door.token({ scope: 'school.read' }) })
  expect(records).toMatchObject([
    {
      outcome: 'REFUSED',
      error_codes: ['SCOPE_MISSING'],
      fields: ['Query.students', 'Student.name'],
      student_count: 0,
      schools: [],
    },
  ])
})

test('a stranger leaves none: nobody may fill the log from the street', async () => {
  const { answer, records } = await recordsOf('{ __typename }', { token: null })
  expect([answer.status, records]).toEqual([401, []])
})

test('the values of variables are in no record', async () => {
  const { records } = await recordsOf('query ($id: ID!) { school(id: $id) { id } }', { variables: { id: 'Nguyễn Văn Bảy' } })
  expect(JSON.stringify(records)).not.toContain('Bảy')
})

describe('when the record cannot be written', () => {
  test('no data leaves, and nothing is acknowledged; afterwards all is as before', async () => {
    const ask = () => door.ask('{ students(first: 1) { name } }')
    await database.sql('revoke execute on function access.append_audit(jsonb) from lt_gateway')
    const without = await ask()
    await database.sql('grant execute on function access.append_audit(jsonb) to lt_gateway')
    const withRecord = await ask()
    expect([without.status, without.codes, without.headers.get('retry-after'), without.body.data]).toEqual([
      503,
      ['SERVICE_UNAVAILABLE'],
      '2',
      undefined,
    ])
    expect(without.text).not.toContain('Học sinh')
    expect([withRecord.status, withRecord.body.data?.students]).toEqual([200, [{ name: expect.stringContaining('Học sinh') }]])
  })

  test('an answer waits for its record', async () => {
    let answered = false
    await database.sql('begin')
    await database.sql('lock table access.audit_event in access exclusive mode')
    const asking = door.ask('{ students(first: 1) { name } }').then((answer) => ((answered = true), answer))
    await new Promise((resolve) => setTimeout(resolve, 300))
    const before = answered
    await database.sql('commit')
    expect([before, (await asking).status]).toEqual([false, 200])
  })
})

test('the records of many operations share a statement, and never more than two statements run', async () => {
  const requestId = randomUUID()
  await database.sql('begin')
  await database.sql('lock table access.audit_event in access exclusive mode')
  const before = door.house.asked.length
  const asking = Array.from({ length: 60 }, () =>
    door.ask('{ anything { __typename } }', { headers: { 'x-request-id': requestId } }),
  )
  // All have their data, and wait with it.
  await expect.poll(() => door.house.asked.length - before, { timeout: 10_000 }).toBe(60)
  await new Promise((resolve) => setTimeout(resolve, 200))
  const [running] = await database.sql<{ statements: number }>(
    `select count(*)::int as statements from pg_stat_activity where usename = 'lt_gateway' and datname = current_database() and query like '%append_audit%' and state = 'active'`,
  )
  await database.sql('commit')
  const answers = await Promise.all(asking)
  const [written] = await database.sql<{ records: number; transactions: number }>(
    'select count(*)::int as records, count(distinct xmin::text)::int as transactions from access.audit_event where request_id = $1',
    [requestId],
  )
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect(running?.statements).toBe(2)
  expect(written?.records).toBe(60)
  expect(written?.transactions).toBeLessThanOrEqual(6)
})
