// A PostgreSQL of one's own, under a role that is no superuser, and the days on which it breaks, goes away or hangs.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client as Connection } from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../platform/postgres/embedded.ts'
import * as sdk from '../../sdk/generated/graphql.ts'
import type { Answer, Client } from '../../sdk/client.ts'
import { expectNothingLeft, freePort, killAll, startProcess, type PlatformProcess } from '../testkit/process.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const PASSWORD = 'owner of a database'

let base: string
let server: EmbeddedPostgres
let platform: PlatformProcess
let smas: Client
let pid: number

const startServer = (): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({
    dataDir: join(base, 'postgres'),
    superuserPassword: PASSWORD,
    settings: { fsync: 'off', max_connections: '60' },
  })

async function asSuperuser<R>(database: string, work: (connection: Connection) => Promise<R>): Promise<R> {
  const connection = new Connection({ connectionString: server.connectionUrl(database) })
  await connection.connect()
  try {
    return await work(connection)
  } finally {
    await connection.end()
  }
}

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'lienthong-outage-'))
  server = await startServer()
  await asSuperuser('postgres', async (connection) => {
    await connection.query(`create role landlord login createrole createdb password '${PASSWORD}'`)
    await connection.query('create database school_data owner landlord')
  })
  const address = Object.assign(new URL(server.connectionUrl('school_data')), { username: 'landlord' }).href
  platform = startProcess({
    dataDir: join(base, 'var'),
    port: await freePort(),
    environment: { DATABASE_URL: address, LOG_LEVEL: 'info' },
  })
  await platform.ready()
  pid = platform.platformPid()
  smas = await platform.client('smas')
})
afterAll(async () => {
  await killAll()
  await server?.stop()
  await expectNothingLeft(base)
  await rm(base, { recursive: true, force: true })
})

const askSchools = (): Promise<Answer<sdk.SchoolsQuery>> => smas.ask(sdk.SchoolsDocument, { first: 50 })

/** One answer, how long it took, and when it may be asked again. */
async function ask(path: string): Promise<{ status: number; retryAfter: string | null; body: string; seconds: number }> {
  const began = performance.now()
  const response = await fetch(`${platform.url}${path}`)
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: await response.text(),
    seconds: (performance.now() - began) / 1000,
  }
}

async function askGraphQL(): Promise<{
  status: number
  retryAfter: string | null
  codes: unknown[]
  data: unknown
  seconds: number
}> {
  const token = await held.get()
  const began = performance.now()
  const response = await fetch(`${platform.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ query: '{ schools(first: 50) { nodes { code } } }' }),
  })
  const { data, errors = [] } = (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] }
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    codes: errors.map(({ extensions }) => extensions.code),
    data: data ?? null,
    seconds: (performance.now() - began) / 1000,
  }
}

/** A token from before the outage: what is tried is the API, not the token endpoint. */
let held: Awaited<ReturnType<PlatformProcess['tokenSource']>>

async function expectRefusedInTime(): Promise<void> {
  const refused = await askGraphQL()
  expect(refused).toMatchObject({
    status: 503,
    retryAfter: expect.stringMatching(/^\d+$/),
    codes: ['SERVICE_UNAVAILABLE'],
    data: null,
  })
  expect(refused.seconds).toBeLessThan(5)
}

async function expectAliveAndNotReady(): Promise<void> {
  const ready = await ask('/readyz')
  expect(ready).toMatchObject({
    status: 503,
    retryAfter: expect.stringMatching(/^\d+$/),
    body: '{"status":"unavailable"}',
  })
  expect(ready.seconds).toBeLessThan(5)
  expect(await ask('/livez')).toMatchObject({ status: 200 })
}

async function expectAnswersAgain(): Promise<void> {
  await vi.waitFor(async () => expect((await askGraphQL()).codes).toEqual([]), { timeout: 15_000, interval: 100 })
  expect((await ask('/readyz')).status).toBe(200)
  expect((await askSchools()).data!.schools.nodes.length).toBeGreaterThan(0)
  expect(platform.child.exitCode).toBeNull()
  expect(platform.platformPid()).toBe(pid)
}

test('a role that owns its database and may create roles is enough: the province is loaded and answers', async () => {
  held = await platform.tokenSource('smas')
  const { schools } = platform.sandbox().parties.find(({ clientId }) => clientId === 'smas')!
  expect((await askSchools()).data!.schools.nodes.map(({ code }) => code).toSorted()).toEqual(
    schools.map(({ code }) => code).toSorted(),
  )
  expect(platform.printed()).toMatch(/Database {4}PostgreSQL at .*\/school_data\n/)
  expect(platform.printed()).not.toContain(PASSWORD)
  const roles = await asSuperuser(
    'school_data',
    async (connection) =>
      (await connection.query<{ rolname: string }>('select rolname from pg_roles where rolsuper or rolbypassrls')).rows,
  )
  expect(roles).toEqual([{ rolname: 'lienthong' }])
})

test('broken connections, all at once and again and again, cost no caller more than one try', async () => {
  for (let round = 0; round < 5; round += 1) {
    const broken = await asSuperuser('school_data', async (connection) => {
      const { rows } = await connection.query<{ ended: boolean }>(
        `select pg_terminate_backend(pid, 5000) as ended from pg_stat_activity where usename like 'lt\\_%'`,
      )
      return rows.length
    })
    expect(broken).toBeGreaterThan(0)
    const answers = [await askGraphQL(), await askGraphQL()]
    expect(answers[1]).toMatchObject({ status: 200, codes: [] })
    if (answers[0]!.status !== 200) expect(answers[0]).toMatchObject({ status: 503, codes: ['SERVICE_UNAVAILABLE'], data: null })
  }
  await expectAnswersAgain()
})

test('connections that break under running requests answer 503 or the whole answer, never half of it', async () => {
  const asked = Array.from({ length: 30 }, () => askGraphQL())
  await asSuperuser('school_data', (connection) =>
    connection.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename like 'lt\\_%'`),
  )
  for (const answer of await Promise.all(asked)) expect([200, 503]).toContain(answer.status)
  await expectAnswersAgain()
})

test('a database that goes away is answered 503 with Retry-After, and found again without a restart', async () => {
  await server.stop()
  await expectRefusedInTime()
  await expectAliveAndNotReady()
  // Also no token without a database, and no stranger learns why.
  const token = await fetch(`${platform.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'smas' }),
  })
  expect(await token.text()).not.toMatch(/ECONN|ENOENT|socket|PGSQL|postgres/i)
  server = await startServer()
  await expectAnswersAgain()
})

test('a database that hangs is noticed within seconds and then answered the same way, until it moves on', async () => {
  // Only a listener that is up again after the last outage has a connection to lose.
  await vi.waitFor(
    () =>
      expect(
        platform
          .printed()
          .match(/grant connection (up|lost)/g)!
          .at(-1),
      ).toBe('grant connection up'),
    {
      timeout: 30_000,
    },
  )
  const stopped = await asSuperuser('postgres', async (connection) =>
    (await connection.query<{ pid: number }>(`select pid from pg_stat_activity where usename like 'lt\\_%'`)).rows.map(
      (row) => row.pid,
    ),
  )
  const frozen = [server.pid, ...stopped]
  const before = platform.printed().length
  for (const each of frozen) process.kill(each, 'SIGSTOP')
  try {
    await expectAliveAndNotReady()
    await platform.untilPrinted('grant connection lost', before)
    await expectRefusedInTime()
  } finally {
    for (const each of frozen) process.kill(each, 'SIGCONT')
  }
  await expectAnswersAgain()
})

test('a platform whose database is away ends in order all the same', async () => {
  await server.stop()
  expect(await platform.end('SIGTERM')).toEqual({ code: 0, signal: null })
  await expectNothingLeft(platform.dataDir)
})
