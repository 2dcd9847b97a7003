// A transaction of a subgraph: what PostgreSQL refuses comes out in words for the caller.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SubgraphContext } from '../../subgraphs/kernel/context.ts'
import { OPEN_SCHOOLS, vietnamDay, type Transaction } from '../../subgraphs/kernel/database.ts'
import { once } from '../../subgraphs/kernel/idempotency.ts'
import { sendTogether } from '../../subgraphs/kernel/one-message.ts'
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

test('a write whose fault was caught on the way is not acknowledged: nothing of it was kept', async () => {
  const context = await contextOf(null)
  const work = async (tx: Transaction) => {
    await tx.query('select 1 / 0', []).catch(() => undefined)
    return 'done'
  }
  await expect(write(context, work)).rejects.toThrow('ROLLBACK')
  expect(await write(context, (tx) => tx.query('select 1 as one', []))).toEqual([{ one: 1 }])
})

test('what follows a statement that could not be sent is not sent either', async () => {
  const { pool } = subgraph.runtime.storage
  const client = await pool.connect()
  const none = {
    toPostgres: () => {
      throw new Error('no value')
    },
  }
  const statement = (name: string, text: string, values: readonly unknown[]) => ({ name, text, values })
  try {
    const follows = statement('lt_follows', `select set_config('lt.followed', 'yes', false)`, [])
    await expect(sendTogether(client, [statement('lt_first', 'select $1::text', [none]), follows])).rejects.toThrow('no value')
    expect((await client.query(`select current_setting('lt.followed', true) as followed`)).rows).toEqual([{ followed: null }])
    expect(await sendTogether(client, [follows])).toEqual([[{ set_config: 'yes' }]])
  } finally {
    client.release(true)
  }
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

describe('a read that leaves together with its opening', () => {
  let mine: string
  let foreign: string
  beforeAll(async () => {
    const schools = await database.sql<{ id: string; mine: boolean }>(
      `select s.school_id as id, g.school_id is not null as mine
       from schools.school s
       left join access.school_grant g on g.school_id = s.school_id
         and g.application_id = (select id from identity.application where code = 'smas') and 'gradebook.read' = any (g.scopes)
       order by s.school_id`,
    )
    ;[mine, foreign] = [true, false].map((own) => schools.find((school) => school.mine === own)!.id) as [string, string]
  })
  const read = async (schools: readonly string[], text: string, values = (open: readonly string[]): unknown[] => [open]) => {
    const context = await contextOf(null)
    const { database: reads, pool } = subgraph.runtime.storage
    // One connection, so that each message finds what the one before it has left.
    expect(pool.totalCount).toBe(1)
    return { context, ...(await reads.readRows(context, { scope: 'gradebook.read', schools }, { text, values })) }
  }
  const OPEN_NOW = `select $1::uuid[] as asked, current_setting('lt.schools') as open`

  test('runs under what was opened, and leaves nothing of it on the connection', async () => {
    const { schools, rows, context } = await read([mine, mine], OPEN_NOW)
    expect({ schools, rows }).toEqual({ schools: [mine], rows: [{ asked: [mine], open: `{${mine}}` }] })
    expect([...context.touched.schools]).toEqual([mine])
    const { rows: after } = await subgraph.runtime.storage.pool.query(
      `select current_setting('lt.schools', true) as open, current_setting('transaction_read_only') as read_only,
         current_setting('plan_cache_mode') as plans`,
    )
    expect(after).toEqual([{ open: '', read_only: 'off', plans: 'auto' }])
  })

  test('does not run where a school is not open, not even for a moment; asked anew, it is asked for what is', async () => {
    const failsFor = `select $1::uuid[] as asked, 1 / (case when $2::uuid = any ($1::uuid[]) then 0 else 1 end) as one`
    const asked: string[][] = []
    const values = (open: readonly string[]): unknown[] => {
      asked.push([...open])
      return [open, foreign]
    }
    const { schools, rows, context } = await read([mine, foreign], failsFor, values)
    expect({ schools, rows }).toEqual({ schools: [mine], rows: [{ asked: [mine], one: 1 }] })
    expect(asked).toEqual([[mine, foreign], [mine]])
    expect([...context.touched.schools]).toEqual([mine])
    expect(await read([foreign], failsFor, values)).toMatchObject({ schools: [], rows: [{ asked: [], one: 1 }] })
    await expect(read([mine], failsFor, (open) => [open, mine])).rejects.toMatchObject({ code: '22012' })
    expect(await read([mine], failsFor, values)).toMatchObject({ schools: [mine], rows: [{ one: 1 }] })
  })

  test('writes nothing, and what follows it may', async () => {
    const text = `update gradebook.gradebook set version = version where school_id = any ($1::uuid[])`
    await expect(read([mine], text)).rejects.toMatchObject({ code: '25006' })
    const context = await contextOf(null)
    expect(await write(context, (tx) => tx.query(`${text} and false`, [tx.schools]))).toEqual([])
  })

  test('of all open schools it names them where they are kept', async () => {
    const context = await contextOf(null)
    const { database: reads } = subgraph.runtime.storage
    const text = `select s.school_id as id from published.school s where s.school_id = any (${OPEN_SCHOOLS}) order by 1`
    const granted = await database.sql<{ id: string }>(
      `select access.permitted_schools($1, null, 'gradebook.read', null, $2) as ids`,
      [context.viewer.applicationId, vietnamDay(context.now())],
    )
    const open = await reads.readOpen<{ id: string }>(context, 'gradebook.read', text, [])
    expect([{ ids: open.map(({ id }) => id) }]).toEqual(granted)
    expect([open.length > 1, open.some(({ id }) => id === foreign)]).toEqual([true, false])
    // Which ones are open is no news to an audit record: what was read of them is noted where it is read.
    expect([...context.touched.schools]).toEqual([])
    await expect(
      reads.readOpen(
        context,
        'gradebook.read',
        `update gradebook.gradebook set version = 1 where school_id = any (${OPEN_SCHOOLS})`,
        [],
      ),
    ).rejects.toMatchObject({ code: '25006' })
  })

  test('a word that PostgreSQL does not take is refused as anywhere else', async () => {
    await expect(read([mine], 'select $1::text', () => ['a\u0000'])).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(read(['no-id'], OPEN_NOW)).rejects.toMatchObject({ code: 'RECORD_NOT_ACCESSIBLE' })
    await expect(read([mine], 'select from nowhere', () => [])).rejects.toMatchObject({ code: '42P01' })
    expect((await read([mine], OPEN_NOW)).rows).toHaveLength(1)
  })
})
