// How the platform starts, goes on and ends, told by real processes: whatever the way, it leaves its data and nothing else.
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { Client as Connection } from 'pg'
import { startEmbeddedPostgres } from '../../platform/postgres/embedded.ts'
import { ensureSecrets, readAdminSecrets } from '../../platform/secrets.ts'
import * as sdk from '../../sdk/generated/graphql.ts'
import { freshDatabase, secretsDir } from '../testkit/database.ts'
import {
  expectNothingLeft,
  freePort,
  killAll,
  processesOf,
  ROOT,
  startProcess,
  type PlatformProcess,
  type StartOptions,
} from '../testkit/process.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 })

/** Stands for the folder of a clone; the server's account may enter it. */
let base: string
let port: number
/** The data folder that most stories share, one after the other. */
let home: string

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'lienthong-life-'))
  await chmod(base, 0o755)
  home = join(base, 'var')
  port = await freePort()
})
afterEach(killAll)
afterAll(async () => {
  await expectNothingLeft(base)
  await rm(base, { recursive: true, force: true })
})

const start = (options: Partial<StartOptions> = {}): PlatformProcess => startProcess({ dataDir: home, port, ...options })

/** A start that is to fail: what it printed, and how it ended. */
async function failedStart(options: Partial<StartOptions>): Promise<{ code: number | null; printed: string }> {
  const platform = start(options)
  const { code } = await platform.ended
  return { code, printed: platform.printed().trim() }
}

async function expectEndedInOrder(platform: PlatformProcess): Promise<void> {
  await expectNothingLeft(platform.dataDir)
  // A server that did not end in order leaves its record, and recovers at its next start.
  expect(existsSync(join(platform.dataDir, 'postgres', 'postmaster.pid'))).toBe(false)
  expect(existsSync(join(platform.dataDir, 'postgres.lock'))).toBe(false)
}

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8)

/** Where SMAS may write: a class of a THPT school, its first pupil, and the teacher of mathematics. */
async function classOfSmas(platform: PlatformProcess) {
  const smas = await platform.client('smas')
  const { schools } = platform.sandbox().parties.find(({ clientId }) => clientId === 'smas')!
  const school = schools.find(({ name, scopes }) => name.includes('THPT') && scopes.includes('gradebook.write'))!
  const [room] = (await smas.get(sdk.ClassesDocument, { school: { code: school.code }, filter: { grade: 10 } })).school.classRooms
    .nodes
  const { classRoom } = await smas.get(sdk.ClassPageDocument, { classRoom: { id: room!.id } })
  const assignment = classRoom.teachingAssignments.find(({ subject, term }) => subject?.code === 'TOAN' && term?.code === 'HKI')!
  return { smas, school, classRoom, pupil: classRoom.students[0]!, teacher: assignment.teacher! }
}

async function finalMarkOf({
  smas,
  classRoom,
  pupil,
}: Awaited<ReturnType<typeof classOfSmas>>): Promise<number | null | undefined> {
  const page = await smas.get(sdk.ClassMarksDocument, { classRoom: { id: classRoom.id }, term: 'HKI', subject: 'TOAN' })
  const { scores } = page.classRoom.students.find(({ code }) => code === pupil.code)!
  return scores.find(({ kind }) => kind === 'FINAL')?.value
}

describe('one data folder from start to start', () => {
  /** Key files as the first start wrote them. */
  const keys = new Map<string, string>()

  test('the first start prints where to go, and tells every demo party in a file that only its owner reads', async () => {
    const platform = start()
    await platform.ready()
    const { url } = platform
    for (const address of [`${url}/graphql`, `${url}/explorer`, `${url}/.well-known/oauth-authorization-server`, `${url}/readyz`])
      expect(platform.printed()).toContain(` ${address}\n`)

    expect(await modeOf(join(home, 'sandbox.json'))).toBe('600')
    expect(await modeOf(join(home, 'sandbox-keys'))).toBe('700')
    const { parties, ...endpoints } = platform.sandbox()
    expect(endpoints).toMatchObject({
      graphql: `${url}/graphql`,
      explorer: `${url}/explorer`,
      issuer: url,
      tokenEndpoint: `${url}/oauth/token`,
      audience: `${url}/graphql`,
    })
    expect(parties.map(({ clientId }) => clientId)).toEqual(
      expect.arrayContaining(['smas', 'vnedu', 'enetviet', 'misa-emis', 'vietschool', 'can-bo-so', 'tuan-thu']),
    )
    for (const { clientId, privateKeyFile, scopes, schools, role } of parties) {
      const key = join(home, privateKeyFile)
      expect([clientId, await modeOf(key), scopes.length > 0, schools.length > 0]).toEqual([
        clientId,
        '600',
        true,
        role !== 'COMPLIANCE_OFFICER',
      ])
      keys.set(clientId, readFileSync(key, 'utf8'))
    }
    // Each of the keys opens the door, and a GraphQL answer comes out.
    for (const { clientId, name } of parties) {
      const { viewer } = await (await platform.client(clientId)).get(sdk.WhoAmIDocument, {})
      expect(viewer.displayName).toBe(name)
    }

    const at = await classOfSmas(platform)
    const { recordScores } = await at.smas.get(sdk.RecordScoresDocument, {
      input: {
        school: { code: at.school.code },
        schoolYear: '2026-2027',
        classRoom: { id: at.classRoom.id },
        subject: 'TOAN',
        term: 'HKI',
        mode: 'ATOMIC',
        scores: [
          { student: { code: at.pupil.code }, kind: 'FINAL', ordinal: 1, value: 8.7, enteredBy: { code: at.teacher.code } },
        ],
      },
    })
    expect(recordScores.summary.created + recordScores.summary.updated).toBe(1)
    expect(await platform.end('SIGTERM')).toEqual({ code: 0, signal: null })
    await expectEndedInOrder(platform)
  })

  test('the second start finds the mark and the same keys, loads nothing, and knows no data in its log', async () => {
    const platform = start({ environment: { LOG_LEVEL: 'debug' } })
    await platform.ready()
    const at = await classOfSmas(platform)
    expect(await finalMarkOf(at)).toBe(8.7)
    expect(
      new Map(
        [...keys.keys()].map((clientId) => [clientId, readFileSync(join(home, 'sandbox-keys', `${clientId}.pem`), 'utf8')]),
      ),
    ).toEqual(keys)
    expect(platform.printed()).not.toContain('sandbox province')

    // Everything a careless line could hold: what pupils and parties are called, what was written, what opens doors.
    const token = await (await platform.tokenSource('smas')).get()
    await at.smas.ask(sdk.SchoolDocument, { school: { code: '00000000' } })
    await fetch(`${platform.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer no.such.token' },
      body: `{"query":"{ students(name: \\"${at.pupil.fullName}\\")"}`,
    })
    await fetch(`${platform.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion: token,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      }),
    })
    const { code } = await platform.end('SIGINT')
    expect(code).toBe(0)
    await expectEndedInOrder(platform)
    const log = platform
      .printed()
      .split('\n')
      .filter((line) => line.startsWith('{'))
    expect(log.length).toBeGreaterThan(10)
    const people = at.classRoom.students.flatMap(({ fullName, code: pupil }) => [fullName, pupil])
    const teachers = at.classRoom.teachingAssignments.map(({ teacher }) => teacher!.fullName)
    const secrets = [...keys.values()].flatMap((pem) => pem.split('\n').slice(1, -2))
    for (const value of [...people, ...teachers, ...secrets, token, 'no.such.token'])
      expect(log.filter((line) => line.includes(value))).toEqual([])
    expect(log.filter((line) => /database connection lost/.test(line))).toEqual([])
  })

  test('while it runs, a second start says what is taken and the first goes on; beside it stands another with its own port and folder', async () => {
    const other = join(base, 'beside')
    await cp(home, other, { recursive: true, preserveTimestamps: true })
    // As the server's account owns it there.
    execFileSync('/bin/sh', ['-c', 'chown -R --reference="$1/postgres" "$2/postgres"', 'sh', home, other])
    const [first, second] = [start(), start({ dataDir: other, port: await freePort() })]
    await Promise.all([first.ready(), second.ready()])

    const samePort = await failedStart({ dataDir: join(base, 'third') })
    expect(samePort).toEqual({
      code: 1,
      printed: expect.stringMatching(new RegExp(`^Port ${port} is taken\\. Choose another one: PORT=\\d+ npm start$`)),
    })
    expect(existsSync(join(base, 'third'))).toBe(false)
    const sameFolder = await failedStart({ port: await freePort() })
    expect(sameFolder).toEqual({ code: 1, printed: expect.stringContaining('Another platform is running on this folder') })

    for (const platform of [first, second]) expect(await finalMarkOf(await classOfSmas(platform))).toBe(8.7)
    const stranger = await fetch(`${second.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await (await first.tokenSource('smas')).get()}` },
      body: JSON.stringify({ query: '{ viewer { displayName } }' }),
    })
    expect(stranger.status).toBe(401)

    // The one is killed outright, the other loses its terminal.
    process.kill(second.platformPid(), 'SIGKILL')
    await second.ended
    await expectNothingLeft(other)
    first.child.stdout!.destroy()
    first.child.stderr!.destroy()
    process.kill(first.platformPid(), 'SIGHUP')
    await first.ended
    await expectEndedInOrder(first)
  })

  test('a database that is killed comes back by itself with all that was acknowledged, and the platform goes on', async () => {
    const platform = start()
    await platform.ready()
    const at = await classOfSmas(platform)
    const before = platform.platformPid()
    process.kill(Number.parseInt(readFileSync(join(home, 'postgres', 'postmaster.pid'), 'utf8'), 10), 'SIGKILL')
    await platform.untilPrinted('PostgreSQL is back')
    await expect.poll(async () => (await fetch(`${platform.url}/readyz`)).status, { timeout: 15_000 }).toBe(200)
    expect(await finalMarkOf(at)).toBe(8.7)
    expect(platform.platformPid()).toBe(before)

    // Where it cannot come back, the platform says so and ends, instead of answering 503 for ever.
    const control = join(home, 'postgres', 'global', 'pg_control')
    const whole = readFileSync(control)
    await writeFile(control, whole.subarray(0, 100))
    process.kill(Number.parseInt(readFileSync(join(home, 'postgres', 'postmaster.pid'), 'utf8'), 10), 'SIGKILL')
    expect(await platform.ended).toEqual({ code: 1, signal: null })
    expect(platform.printed()).toMatch(/PostgreSQL did not start(.|\n)*pg_control/)
    await expectNothingLeft(home)
    await writeFile(control, whole)
  })
})

describe('`npm start`', () => {
  test('Ctrl-C, which reaches npm, its shell and the platform at once, ends all in order', async () => {
    const npm = start({ npm: true })
    await npm.ready()
    process.kill(-npm.child.pid!, 'SIGINT')
    await npm.ended
    await expectEndedInOrder(npm)
  })

  test('SIGTERM to npm alone ends all in order', async () => {
    const npm = start({ npm: true })
    await npm.ready()
    await npm.end('SIGTERM')
    await expectEndedInOrder(npm)
  })
})

describe('a start that fails says why in a line, ends with 1 and leaves nothing', () => {
  afterEach(async () => {
    expect(await processesOf(base)).toEqual([])
  })

  test('a wrong configuration names every faulty variable', async () => {
    const { code, printed } = await failedStart({
      environment: { PORT: '70000', LOG_LEVEL: 'loud', PUBLIC_URL: 'lienthong.vn', NODE_ENV: 'production' },
    })
    expect(code).toBe(1)
    const [head, ...faults] = printed.split('\n')
    expect(head).toBe('The configuration is wrong:')
    expect(faults.map((line) => line.trim().split(':')[0]).toSorted()).toEqual([
      'DATABASE_URL',
      'LOG_LEVEL',
      'PORT',
      'PUBLIC_URL',
      'SECRETS_DIR',
    ])
  })

  test('a data folder that is a file, or holds something else', async () => {
    const file = join(base, 'thesis.txt')
    await writeFile(file, 'years of work')
    expect(await failedStart({ dataDir: file })).toEqual({
      code: 1,
      printed: expect.stringMatching(/^DATA_DIR: .*thesis\.txt cannot be made or written .*$/),
    })
    const foreign = join(base, 'foreign')
    await mkdir(join(foreign, 'postgres'), { recursive: true })
    await writeFile(join(foreign, 'postgres', 'thesis.txt'), 'years of work')
    expect(await failedStart({ dataDir: foreign })).toEqual({
      code: 1,
      printed: expect.stringContaining('holds no PostgreSQL database'),
    })
    expect(await readdir(join(foreign, 'postgres'))).toEqual(['thesis.txt'])
  })

  test('an address that is not this machine’s, a database that does not answer, refuses or allows too little', async () => {
    expect(await failedStart({ environment: { HOST: '192.0.2.1' } })).toEqual({
      code: 1,
      printed: expect.stringMatching(/^HOST: 192\.0\.2\.1 is no address of this machine.*$/),
    })
    const dataDir = join(base, 'elsewhere')
    const silent = await freePort()
    expect(await failedStart({ dataDir, environment: { DATABASE_URL: `postgresql://a:geheim@127.0.0.1:${silent}/b` } })).toEqual({
      code: 1,
      printed: expect.stringMatching(/^The PostgreSQL of DATABASE_URL does not answer \(connect ECONNREFUSED .*\)\.$/),
    })
    const database = await freshDatabase({ province: false })
    const wrong = Object.assign(new URL(database.adminUrl), { password: 'geheim' }).href
    expect(await failedStart({ dataDir, environment: { DATABASE_URL: wrong } })).toEqual({
      code: 1,
      printed: expect.stringMatching(/^The PostgreSQL of DATABASE_URL refuses these credentials (?!.*geheim).*$/),
    })
    const lodger = `lodger_${database.name}`
    await database.sql(`create role ${lodger} login password '${lodger}'`)
    const mine = Object.assign(new URL(database.adminUrl), { username: lodger, password: lodger }).href
    expect(await failedStart({ dataDir, environment: { DATABASE_URL: mine } })).toEqual({
      code: 1,
      printed: expect.stringMatching(
        /^The role lodger_.* may not create roles and schemas\. As a superuser: alter role .* createrole;.*$/,
      ),
    })
    await database.sql(`drop role ${lodger}`)
    await database.drop()
  })

  test('a migration that cannot be applied: the database is as it was, and ended', async () => {
    const dataDir = join(base, 'occupied')
    await ensureSecrets(join(dataDir, 'secrets'))
    const { superuserPassword } = await readAdminSecrets(join(dataDir, 'secrets'))
    const occupy = async (database: string, sql: string): Promise<unknown[]> => {
      const server = await startEmbeddedPostgres({
        dataDir: join(dataDir, 'postgres'),
        superuserPassword,
        settings: { fsync: 'off' },
      })
      const connection = new Connection({ connectionString: server.connectionUrl(database) })
      try {
        await connection.connect()
        return (await connection.query(sql)).rows
      } finally {
        await connection.end()
        await server.stop()
      }
    }
    await occupy('postgres', 'create database lienthong')
    // Somebody else's table where one of the last migrations wants to create its own.
    await occupy(
      'lienthong',
      'create role lt_owner; create schema reporting authorization lt_owner; set role lt_owner; create table reporting.collection_window (id integer)',
    )
    const { code, printed } = await failedStart({ dataDir })
    expect([code, printed]).toEqual([
      1,
      expect.stringMatching(
        /^A migration of the database failed and was taken back: relation "collection_window" already exists$/,
      ),
    ])
    expect(await processesOf(dataDir)).toEqual([])
    expect(
      await occupy(
        'lienthong',
        `select from pg_tables where schemaname in ('access', 'identity', 'schools') and tablename <> 'migration'`,
      ),
    ).toEqual([])
  })
})

describe('in production', () => {
  test('nothing of the sandbox is there: no file, no keys, no province, no explorer', async () => {
    const database = await freshDatabase({ province: false })
    const dataDir = join(base, 'production')
    const platform = start({
      dataDir,
      environment: {
        NODE_ENV: 'production',
        DATABASE_URL: database.adminUrl,
        SECRETS_DIR: secretsDir(),
        PUBLIC_URL: 'https://lienthong.example.vn',
      },
    })
    await platform.ready()
    const statusOf = async (path: string): Promise<number> =>
      (await fetch(`${platform.url}${path}`, { redirect: 'manual' })).status
    expect([await statusOf('/readyz'), await statusOf('/explorer'), await statusOf('/explorer/')]).toEqual([200, 404, 404])
    expect(platform.printed()).toContain('https://lienthong.example.vn/graphql\n')
    expect(platform.printed()).not.toMatch(/explorer|sandbox|demo/i)
    expect(await readdir(dataDir)).toEqual([])
    expect(
      await database.sql(
        `select (select count(*)::int from access.client) as clients, (select count(*)::int from schools.school) as schools`,
      ),
    ).toEqual([{ clients: 0, schools: 0 }])
    expect(await platform.end()).toEqual({ code: 0, signal: null })
    await expectNothingLeft(dataDir)
    await database.drop()
  })
})

describe('a service of the distributed topology', () => {
  test('ends in order when the process that started it is gone, however that went', async () => {
    const database = await freshDatabase({ province: false })
    const dataDir = join(base, 'service')
    const service = fork(join(ROOT, 'platform/serve.ts'), {
      cwd: ROOT,
      execArgv: ['--import', './platform/typescript.js'],
      env: {
        PATH: process.env.PATH,
        SUBGRAPH: 'reporting',
        PORT: String(await freePort()),
        DATA_DIR: dataDir,
        SECRETS_DIR: secretsDir(),
        DATABASE_URL: database.adminUrl,
        PUBLIC_URL: 'https://lienthong.example.vn',
      },
    })
    const ended = once(service, 'exit')
    expect(await Promise.race([once(service, 'message'), ended])).toMatchObject([{ ready: 'reporting' }, undefined])
    service.disconnect()
    expect(await ended).toEqual([0, null])
    await expectNothingLeft(dataDir)
    await database.drop()
  })
})

describe('an ordinary user', () => {
  test('starts, breaks off and starts again', async () => {
    const folder = join(base, 'ordinary')
    await mkdir(folder)
    const { account, root } = await ordinaryUser(folder)
    const options = {
      dataDir: join(folder, 'var'),
      port: await freePort(),
      ...(account ? { account } : {}),
      ...(root ? { root } : {}),
    }
    const broken = start(options)
    await broken.untilPrinted('migrations applied')
    // In the middle of the load.
    expect(await broken.end('SIGTERM')).toEqual({ code: 0, signal: null })
    await expectEndedInOrder(broken)
    expect(existsSync(join(folder, 'var', 'sandbox.json'))).toBe(false)

    const platform = start(options)
    await platform.ready()
    const { viewer } = await (await platform.client('smas')).get(sdk.WhoAmIDocument, {})
    expect(viewer.displayName).toBe('SMAS')
    expect((await stat(join(folder, 'var', 'postgres'))).uid).toBe(account?.uid ?? process.getuid!())
    expect(await platform.end('SIGINT')).toEqual({ code: 0, signal: null })
    await expectEndedInOrder(platform)
  })
})

/** Root tries it as `nobody`; a clone that nobody may enter is linked beside. Any other user is ordinary already. */
async function ordinaryUser(folder: string): Promise<{ account?: { uid: number; gid: number }; root?: string }> {
  if (process.getuid!() !== 0) return {}
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith('nobody:'))!
  const [, , uid, gid] = line.split(':').map(Number)
  const account = { uid: uid!, gid: gid! }
  execFileSync('chown', [`${uid}:${gid}`, folder])
  try {
    execFileSync('/bin/sh', ['-c', 'test -r "$1/node_modules/tsx/package.json"', 'sh', ROOT], account)
    return { account }
  } catch {
    const root = join(base, 'clone')
    execFileSync('/bin/sh', ['-c', 'cp -al "$1" "$2" 2> /dev/null || { rm -rf "$2" && cp -a "$1" "$2"; }', 'sh', ROOT, root])
    await chmod(root, 0o755)
    return { account, root }
  }
}
