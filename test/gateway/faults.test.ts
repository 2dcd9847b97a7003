// A database that goes away: 503 with Retry-After, never a crash, never an open door, and back without a restart.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import pg from 'pg'
import { pino } from 'pino'
import { createBackoff } from '../../gateway/backoff.ts'
import { GrantListener } from '../../gateway/viewer/grant-listener.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { layCable, type Cable } from './support/cable.ts'
import { openDoor, putClient, tellGrantsChanged, type Door } from './support/door.ts'

let database: TestDatabase
let cable: Cable
let door: Door

beforeAll(async () => {
  database = await freshDatabase({ province: false })
  cable = await layCable(database.urlOf('gateway'))
  door = await openDoor(database, { databaseUrl: cable.url })
  await putClient(database, 'smas')
})

afterAll(async () => {
  await door?.close()
  await cable?.close()
  await database?.drop()
})

const ask = (of = door) => of.ask('{ students(first: 1) { name } }')
const recovered = async (of = door) =>
  await expect.poll(async () => (await ask(of)).status, { timeout: 5_000, interval: 50 }).toBe(200)

test('a database that is gone answers 503 with Retry-After, and comes back without a restart', async () => {
  expect((await ask()).status).toBe(200)
  await cable.cut()
  const gone = await ask()
  await cable.mend()
  expect([gone.status, gone.codes, gone.headers.get('retry-after'), gone.body.data]).toEqual([
    503,
    ['SERVICE_UNAVAILABLE'],
    '2',
    undefined,
  ])
  await recovered()
})

test('a database that hangs answers 503 within five seconds, and comes back without a restart', async () => {
  await recovered()
  cable.block()
  const started = Date.now()
  const hung = await ask()
  const took = Date.now() - started
  await cable.cut()
  await cable.mend()
  expect([hung.status, hung.codes, hung.body.data]).toEqual([503, ['SERVICE_UNAVAILABLE'], undefined])
  expect(took).toBeLessThan(5_000)
  await recovered()
})

test('connections that the server ends, idle ones and the listening one among them, crash nothing', async () => {
  const connections = () =>
    database.sql<{ pid: number; listens: boolean }>(
      `select pid, application_name = 'lienthong gateway grants' as listens from pg_stat_activity where usename = 'lt_gateway' and datname = current_database()`,
    )
  await expect
    .poll(
      async () => {
        await recovered()
        return new Set((await connections()).map(({ listens }) => listens)).size
      },
      { timeout: 10_000 },
    )
    .toBe(2)
  for (const { pid } of await connections()) await database.sql('select pg_terminate_backend($1)', [pid])
  await recovered()
})

describe('while nobody tells of changed grants', () => {
  /** A door of its own, whose listening connection does not come back once it is lost. */
  async function deafDoor(own: TestDatabase): Promise<Door> {
    const listening = () =>
      own.sql<{ pid: number }>(
        `select pid from pg_stat_activity where application_name = 'lienthong gateway grants' and datname = current_database()`,
      )
    const deaf = await openDoor(own, { backoff: createBackoff({ first: 600_000, most: 600_000 }) })
    await expect.poll(async () => (await listening()).length).toBe(1)
    await recovered(deaf)
    for (const { pid } of await listening()) await own.sql('select pg_terminate_backend($1)', [pid])
    await expect.poll(() => deaf.log.some((line) => line.includes('grant connection lost'))).toBe(true)
    return deaf
  }

  test('nothing is remembered: a suspension acts on the very next request', async () => {
    const own = await freshDatabase({ province: false })
    await putClient(own, 'smas')
    const deaf = await deafDoor(own)
    try {
      expect((await ask(deaf)).status).toBe(200)
      await putClient(own, 'smas', { status: 'SUSPENDED' })
      expect((await ask(deaf)).codes).toEqual(['APPLICATION_SUSPENDED'])
      await putClient(own, 'smas')
      expect((await ask(deaf)).status).toBe(200)
    } finally {
      await deaf.close()
      await own.drop()
    }
  })

  test('what was missed meanwhile is known when the connection is back', async () => {
    await recovered()
    await cable.cut()
    await putClient(database, 'smas', { status: 'SUSPENDED' })
    await tellGrantsChanged(database, 'smas')
    await cable.mend()
    await expect.poll(async () => (await ask()).codes, { timeout: 5_000 }).toEqual(['APPLICATION_SUSPENDED'])
    await putClient(database, 'smas')
    await tellGrantsChanged(database, 'smas')
    await recovered()
  })
})

describe('the listening connection', () => {
  test('is relied upon only while its own pulse comes back', async () => {
    const own = await layCable(database.urlOf('gateway'))
    const pool = new pg.Pool({ connectionString: own.url, max: 1 })
    const told: string[] = []
    let falls = 0
    const listener = new GrantListener({
      pool,
      backoff: createBackoff({ first: 20, most: 50 }),
      log: pino({ level: 'silent' }),
      onChange: (clientId) => told.push(clientId),
      onDown: () => (falls += 1),
      pulseEveryMs: 50,
      pulseWithinMs: 200,
    })
    try {
      listener.start()
      await expect.poll(() => listener.up).toBe(true)
      await tellGrantsChanged(database, 'vnedu')
      await expect.poll(() => told).toEqual(['vnedu'])
      own.block()
      await expect.poll(() => listener.up, { timeout: 2_000 }).toBe(false)
      expect(falls).toBeGreaterThan(0)
      await own.cut()
      await own.mend()
      await expect.poll(() => listener.up, { timeout: 5_000 }).toBe(true)
    } finally {
      await listener.close()
      await pool.end()
      await own.close()
    }
  })

  test('has told of everything committed before once it has caught up, and catches up by falling where it cannot', async () => {
    const own = await layCable(database.urlOf('gateway'))
    const pool = new pg.Pool({ connectionString: own.url, max: 1 })
    const told: string[] = []
    const listener = new GrantListener({
      pool,
      backoff: createBackoff({ first: 600_000, most: 600_000 }),
      log: pino({ level: 'silent' }),
      onChange: (name) => told.push(name),
      onDown: () => undefined,
      pulseWithinMs: 1_000,
    })
    try {
      listener.start()
      await expect.poll(() => listener.up).toBe(true)
      for (let round = 0; round < 50; round += 1) {
        await tellGrantsChanged(database, `client-${round}`)
        await listener.caughtUp()
        expect(told.at(-1)).toBe(`client-${round}`)
      }
      own.block()
      await tellGrantsChanged(database, 'missed')
      await Promise.all([listener.caughtUp(), listener.caughtUp()])
      expect([listener.up, told.includes('missed')]).toEqual([false, false])
    } finally {
      await listener.close()
      await pool.end()
      await own.close()
    }
  })

  test('is waited for longer each time, and not in step with others', () => {
    const waits = (random: () => number) => [0, 1, 2, 10].map(createBackoff({ first: 100, most: 1_000, random }))
    expect([waits(() => 0), waits(() => 1)]).toEqual([
      [50, 100, 200, 500],
      [100, 200, 400, 1_000],
    ])
  })
})
