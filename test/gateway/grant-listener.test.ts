// The connection that tells of changed grants: who waits for it is released by a beat of their own, and one beat serves all who wait.
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { createAccessDatabase } from '../../gateway/access-database.ts'
import { createBackoff } from '../../gateway/backoff.ts'
import { ClientDirectory } from '../../gateway/viewer/client-directory.ts'
import { GrantListener, type GrantListenerOptions } from '../../gateway/viewer/grant-listener.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { layCable, type Cable } from './support/cable.ts'
import { putClient, tellGrantsChanged } from './support/door.ts'

const NEVER_MS = 600_000
const never = createBackoff({ first: NEVER_MS, most: NEVER_MS })
const log = pino({ level: 'silent' })

/** pg warns once in a process of a connection that is asked several things at a time, and will refuse it one day. */
const warnings: string[] = []
const hear = ({ message }: Error): void => void warnings.push(message)
process.on('warning', hear)
afterAll(() => void process.off('warning', hear))

let database: TestDatabase
let cable: Cable
let pool: pg.Pool
let open: { close(): Promise<void> }[]

beforeEach(async () => {
  database = await freshDatabase({ province: false })
  cable = await layCable(database.urlOf('gateway'))
  pool = new pg.Pool({ connectionString: cable.url, max: 1 })
  open = []
})

afterEach(async () => {
  for (const each of open) await each.close()
  await pool.end()
  await cable.close()
  await database.drop()
  expect(warnings).toEqual([])
})

async function listen(options: Partial<GrantListenerOptions> = {}): Promise<{ listener: GrantListener; told: string[] }> {
  const told: string[] = []
  const listener = new GrantListener({
    pool,
    backoff: never,
    log,
    onChange: (name) => told.push(name),
    onDown: () => undefined,
    pulseEveryMs: NEVER_MS,
    ...options,
  })
  open.push(listener)
  listener.start()
  await expect.poll(() => listener.up).toBe(true)
  return { listener, told }
}

/** The number of the last beat that the database was sent. */
async function beats(): Promise<number> {
  const [row] = await database.sql<{ number: number }>(
    `select substring(query from '''(\\d+)''$')::int as number from pg_stat_activity
     where application_name = 'lienthong gateway grants' and datname = current_database() and query like 'notify %'`,
  )
  return row?.number ?? 0
}

function watch(promise: Promise<void>): { readonly ended: Promise<void>; readonly hasEnded: () => boolean } {
  let hasEnded = false
  return { ended: promise.then(() => void (hasEnded = true)), hasEnded: () => hasEnded }
}

const aBeatIsHeld = async () => await expect.poll(() => cable.held()).toContain('lt_pulse_')

test('who comes while a beat is on its way is released by the next one', async () => {
  const { listener, told } = await listen()
  cable.hold()
  const first = watch(listener.caughtUp())
  await aBeatIsHeld()
  const second = watch(listener.caughtUp())
  cable.handOver()
  await first.ended
  // The database has answered the second beat, and nobody has heard it yet.
  await aBeatIsHeld()
  expect(second.hasEnded()).toBe(false)
  await tellGrantsChanged(database, 'smas')
  const third = watch(listener.caughtUp())
  cable.release()
  await second.ended
  await third.ended
  expect([told, await beats()]).toEqual([['smas'], 4])
})

test('a beat that an earlier connection sent, or somebody else, releases nobody', async () => {
  const { listener } = await listen()
  const [row] = await database.sql<{ channel: string }>(
    `select substring(query from 'lt_pulse_\\w+') as channel from pg_stat_activity
     where application_name = 'lienthong gateway grants' and datname = current_database()`,
  )
  cable.hold()
  for (const name of ['', '1', '3']) await database.sql('select pg_notify($1, $2)', [row!.channel, name])
  await aBeatIsHeld()
  const waiting = watch(listener.caughtUp())
  cable.handOver()
  await aBeatIsHeld()
  expect([await beats(), waiting.hasEnded()]).toEqual([2, false])
  cable.release()
  await waiting.ended
})

test('many who wait are one beat, or two', async () => {
  const { listener } = await listen()
  const before = await beats()
  await Promise.all(Array.from({ length: 500 }, () => listener.caughtUp()))
  expect((await beats()) - before).toBe(2)
})

test('a lost connection releases all who wait, and then nothing is read from memory', async () => {
  await putClient(database, 'smas')
  const direct = new pg.Pool({ connectionString: database.urlOf('gateway'), max: 1 })
  open.push({ close: () => direct.end() })
  const clients = new ClientDirectory({ pool, database: createAccessDatabase(direct, () => undefined), backoff: never, log })
  open.unshift(clients)
  clients.start()
  await expect.poll(() => clients.listening).toBe(true)
  const status = async () => (await clients.find({ clientId: 'smas', accountId: null, ids: [] }))?.status
  expect(await status()).toBe('ACTIVE')
  await putClient(database, 'smas', { status: 'SUSPENDED' })
  expect(await status(), 'remembered, since nobody was told').toBe('ACTIVE')

  cable.hold()
  const first = clients.caughtUp()
  await aBeatIsHeld()
  const others = Array.from({ length: 5 }, () => clients.caughtUp())
  await cable.cut()
  await Promise.all([first, ...others])
  expect([clients.listening, await status()]).toEqual([false, 'SUSPENDED'])
})

test('a closed one lets go of all who wait', async () => {
  const { listener } = await listen()
  cable.hold()
  const waiting = [listener.caughtUp(), listener.caughtUp()]
  await aBeatIsHeld()
  await listener.close()
  await Promise.all(waiting)
  expect(listener.up).toBe(false)
})

test('pulses and those who wait ask one after another', async () => {
  const { listener } = await listen({ pulseEveryMs: 1 })
  const wait = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn += 1) await listener.caughtUp()
  }
  await Promise.all([wait(), wait(), wait()])
  expect(listener.up).toBe(true)
})
