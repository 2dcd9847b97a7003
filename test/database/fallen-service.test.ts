// A service that has fallen to a stranger, who now speaks SQL under its role: what the database refuses all the same.
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { provision } from '../../platform/database/provision.ts'
import { roleOf, SCHEMAS, SERVICES, type Service } from '../../platform/database/roles.ts'
import { readAdminSecrets } from '../../platform/secrets.ts'
import { HOLDERS_OF_SCHOOLS } from '../../subgraphs/kernel/subgraphs.ts'
import { freshDatabase, secretsDir, type TestDatabase } from '../testkit/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database?.drop())

async function as<T>(service: Service, work: (client: Client, told: string[]) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: database.urlOf(service) })
  const told: string[] = []
  client.on('notice', ({ message }) => told.push(message ?? ''))
  await client.connect()
  try {
    return await work(client, told)
  } finally {
    await client.end()
  }
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'allowed',
    (error: { code: string }) => error.code,
  )

const REFUSED = '42501'

test.each(SERVICES)('%s does not become the owner, nor reach the server behind the database', async (service) => {
  await as(service, async (client) => {
    const attempts = [
      'set role lt_owner',
      'set session authorization lt_owner',
      'create table public.mine (id integer)',
      'create function access.mine() returns integer language sql as $$ select 1 $$',
      'alter table access.audit_event disable row level security',
      `copy (select 1) to program 'id'`,
      `select pg_read_file('/etc/passwd')`,
      `select lo_import('/etc/passwd')`,
      `select access.permitted_schools(null, null, 'school.read', null, current_date)`,
    ]
    const answers: string[] = []
    for (const attempt of attempts) answers.push(await codeOf(client.query(attempt)))
    expect(answers).toEqual(attempts.map(() => REFUSED))
  })
})

// A copied database has the privileges of a new one, where everybody may make temporary objects: the function itself must hold.
test('a type of one’s own in the temporary schema does not run its code as the owner', async () => {
  const [smas] = await database.sql<{ id: string }>(`select id from identity.application where code = 'smas'`)
  await as('reporting', async (client, told) => {
    await client.query(`create function pg_temp.mine(pg_catalog.uuid) returns boolean language plpgsql
      as $$ begin raise notice 'running as %', current_user; return true; end $$`)
    await client.query('create domain pg_temp.uuid as pg_catalog.uuid check (pg_temp.mine(value))')
    const { rows } = await client.query(`select access.open_viewer($1, null, 'school.read', null, '2026-11-20') as schools`, [
      smas!.id,
    ])
    expect([rows[0].schools.length > 0, told]).toEqual([true, []])
  })
})

test('every function that sets a search path looks into the temporary schema last', async () => {
  const functions = await database.sql<{ name: string; path: string | null; definer: boolean }>(
    `select n.nspname || '.' || p.proname as name, p.prosecdef as definer,
       (select substring(setting from 'search_path=(.*)') from unnest(p.proconfig) setting where setting like 'search_path=%') as path
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = any ($1)`,
    [SCHEMAS],
  )
  expect(functions.length).toBeGreaterThan(4)
  expect(functions.filter(({ path, definer }) => (definer || path) && !/^pg_catalog\b.*, pg_temp$/.test(path ?? ''))).toEqual([])
})

test('after a start no service may make temporary objects, also in a restored database', async () => {
  const { rolePasswords } = await readAdminSecrets(secretsDir())
  await provision({ adminUrl: database.adminUrl, rolePasswords, sandbox: true, log: () => undefined })
  for (const service of SERVICES)
    await as(service, async (client) => {
      expect([service, await codeOf(client.query('create temp table mine (id integer)'))]).toEqual([service, REFUSED])
    })
})

test('what was stays: no service rewrites the history of a mark or what it has told, and no mark goes away', async () => {
  const attempts: readonly (readonly [Service, string])[] = [
    ['gradebook', 'update gradebook.score_amendment set old_value_tenths = 100'],
    ['gradebook', 'delete from gradebook.score_amendment'],
    ['gradebook', 'delete from gradebook.score'],
    ['gradebook', 'delete from gradebook.gradebook'],
    ['gradebook', 'delete from gradebook.score_2026'],
    ['gradebook', 'update gradebook.score_other set value_tenths = 100'],
    ...HOLDERS_OF_SCHOOLS.flatMap((service) => [
      [service, `update ${service}.outbox set event = 'NEW'`] as const,
      [service, `delete from ${service}.outbox`] as const,
    ]),
  ]
  for (const [service, statement] of attempts)
    await as(service, async (client) => {
      expect([service, statement, await codeOf(client.query(statement))]).toEqual([service, statement, REFUSED])
    })
})

test('the roles of the services are members of nothing', async () => {
  expect(
    await database.sql(`select m.member::regrole::text as member from pg_auth_members m where m.member = any ($1::regrole[])`, [
      SERVICES.map(roleOf),
    ]),
  ).toEqual([])
})
