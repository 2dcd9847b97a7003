// A transaction of a subgraph: what PostgreSQL refuses comes out in words for the caller.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SubgraphContext } from '../../subgraphs/kernel/context.ts'
import type { Transaction } from '../../subgraphs/kernel/database.ts'
import { once } from '../../subgraphs/kernel/idempotency.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer } from '../testkit/parties.ts'
import { testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'

let database: TestDatabase
let subgraph: TestSubgraph
let contextOf: (key: string | null) => Promise<SubgraphContext>

beforeAll(async () => {
  database = await freshDatabase()
  subgraph = await testSubgraph(database, 'gradebook')
  contextOf = async (idempotencyKey) =>
    ({
      viewer: await applicationViewer(database, 'smas', { idempotencyKey }),
      touched: { schools: new Set(), students: new Set() },
      now: () => new Date(),
    }) as unknown as SubgraphContext
})

afterAll(async () => {
  await subgraph?.close()
  await database?.drop()
})

const write = async <T>(context: SubgraphContext, work: (tx: Transaction) => Promise<T>): Promise<T> =>
  subgraph.runtime.storage.database.write(context, { scope: 'gradebook.write' }, work)

describe('what PostgreSQL refuses', () => {
  test.each([
    ['NUL in a text', 'select $1::text', ['a\u0000'], 'INPUT_INVALID'],
    ['NUL in a document', 'select $1::jsonb', ['{"a":"\\u0000"}'], 'INPUT_INVALID'],
    [
      'a statement that takes too long',
      `do $$ begin raise exception using errcode = 'query_canceled'; end $$`,
      [],
      'REQUEST_TIMEOUT',
    ],
    [
      'a transaction that waited in a ring',
      `do $$ begin raise exception using errcode = 'deadlock_detected'; end $$`,
      [],
      'SERVICE_UNAVAILABLE',
    ],
  ])('%s has a code', async (_, text, values, code) => {
    await expect(write(await contextOf(null), (tx) => tx.query(text, values))).rejects.toMatchObject({ code })
  })

  test('and the connection serves the next transaction', async () => {
    const context = await contextOf(null)
    await write(context, (tx) => tx.query('select $1::text', ['\u0000'])).catch(() => undefined)
    expect(await write(context, (tx) => tx.query('select 1 as one', []))).toEqual([{ one: 1 }])
  })
})

test('an answer that repeats NUL and half of a surrogate pair is kept for a retry and read back as it was', async () => {
  const answer = { about: ['a\u0000b', '\ud800'] }
  const ask = async (work: () => Promise<unknown>) => {
    const context = await contextOf('key-1')
    return write(context, (tx) => once(context, tx, 'gradebook', { body: 1 }, work))
  }
  const first = await ask(async () => answer)
  const again = await ask(() => Promise.reject(new Error('must not run twice')))
  expect([first, again]).toEqual([answer, answer])
})
