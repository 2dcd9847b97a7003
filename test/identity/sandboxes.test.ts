// A developer's own sandbox: there at one call, alone in the world, and back to its first state on demand.
import { createHash } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { grantPrivileges, OWNER } from '../../platform/database/roles.ts'
import type { Scope } from '../../subgraphs/kernel/scopes.ts'
import { HOLDERS_OF_SCHOOLS, SUBGRAPH_NAMES, type SubgraphName } from '../../subgraphs/kernel/subgraphs.ts'
import { admitViewer, type Viewer } from '../../subgraphs/kernel/viewer.ts'
import { MOST_TENANTS } from '../../subgraphs/identity/services/sandboxes.ts'
import { TENANT_SCOPES } from '../../subgraphs/identity/registry/sandbox-scopes.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer, schoolOf } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { newDeveloper, type Developer } from './developers.ts'
import * as kit from './rights-kit.ts'

const CREATE = `mutation ($input: CreateSandboxInput!) { createSandbox(input: $input) {
  clientId clientSecret tenant { id name resets application { id code environment status } schools { id } } } }`
const RESET = `mutation ($id: ID!) { resetSandbox(id: $id) { id resets } }`
const TENANTS = `{ sandboxTenants { id } }`
const TENANT = `query ($id: ID!) { sandboxTenant(id: $id) { id } }`

interface Sandbox {
  clientId: string
  clientSecret: string | null
  tenant: { id: string; name: string; resets: number; application: { id: string; code: string }; schools: { id: string }[] }
}

let database: TestDatabase
let parts: Record<SubgraphName, TestSubgraph>
let act: ReturnType<typeof kit.actor>
let mine: Developer
let theirs: Developer
let sandbox: Sandbox
let foreign: Sandbox
let smas: Viewer

const created = async (developer: Developer, input: object = {}, overrides: Partial<Viewer> = {}): Promise<Sandbox> =>
  (await act.done({ ...(await developer.viewer()), ...overrides }, CREATE, { input })) as unknown as Sandbox

/** The viewer of the sandbox's application, as the gateway would mint it. */
async function applicationOf({ clientId }: Sandbox): Promise<Viewer> {
  const [client] = await database.sql<{ application_id: string; vendor_id: string; display_name: string; scopes: Scope[] }>(
    'select application_id, vendor_id, display_name, scopes from access.client where client_id = $1',
    [clientId],
  )
  return admitViewer({
    ...(await applicationViewer(database, 'smas')),
    clientId,
    applicationId: client!.application_id,
    vendorId: client!.vendor_id,
    displayName: client!.display_name,
    scopes: client!.scopes,
  })
}

/** Every row of every school table, of these schools or of all others: what a reset must bring back, and must not touch. */
async function rowsOf(schools: readonly string[], { outside = false } = {}): Promise<Record<string, string>> {
  const tables = await database.sql<{ table: string }>(
    `select n.nspname || '.' || c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'school_id'
     where n.nspname = any ($1) and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
    [SUBGRAPH_NAMES],
  )
  const found: Record<string, string> = {}
  for (const { table } of tables) {
    const [row] = await database.sql<{ n: string; digest: string }>(
      `select count(*) as n, coalesce(sum(hashtextextended(t.row, 0)), 0)::text as digest
       from (select (to_jsonb(r) - 'updated_at')::text as row from ${table} r where (school_id = any ($1::uuid[])) <> $2) t`,
      [schools, outside],
    )
    found[table] = `${row!.n} ${row!.digest}`
  }
  return found
}
const schoolsOf = ({ tenant }: Sandbox): string[] => tenant.schools.map(({ id }) => id)

beforeAll(async () => {
  database = await freshDatabase()
  parts = Object.fromEntries(
    await Promise.all(SUBGRAPH_NAMES.map(async (name) => [name, await testSubgraph(database, name)])),
  ) as Record<SubgraphName, TestSubgraph>
  act = kit.actor(parts.identity)
  mine = await newDeveloper(database)
  theirs = await newDeveloper(database)
  sandbox = await created(mine)
  foreign = await created(theirs, { publicKey: kit.newPublicKey() })
  smas = await applicationViewer(database, 'smas')
})
afterAll(async () => {
  await Promise.all(Object.values(parts ?? {}).map((part) => part.close()))
  await database?.drop()
})

describe('a sandbox', () => {
  test('is two schools of two levels with staff, classes, assignments, pupils, guardians and marks', async () => {
    const rows = await rowsOf(schoolsOf(sandbox))
    for (const table of [
      'school',
      'class_room',
      'staff',
      'student',
      'enrolment',
      'guardian',
      'teaching_assignment',
      'homeroom_assignment',
    ])
      expect([table, rows[`schools.${table}`]]).toEqual([table, expect.not.stringMatching(/^0 /)])
    expect(rows['gradebook.score']).not.toMatch(/^0 /)
    const levels = await database.sql('select levels from schools.school where school_id = any ($1) order by code', [
      schoolsOf(sandbox),
    ])
    expect(levels).toEqual([{ levels: ['TH'] }, { levels: ['THCS'] }])
  })

  test('is as fresh as what it was filled with', async () => {
    const kinds = await database.sql(
      `select kind, changed_by, confirmed_at = changed_at as as_changed from access.record_freshness where school_id = $1 and kind = 'STUDENT'`,
      [schoolsOf(sandbox)[0]],
    )
    const [own] = await database.sql<{ id: string }>('select application_id as id from access.sandbox_tenant where id = $1', [
      sandbox.tenant.id,
    ])
    expect(kinds).toEqual([{ kind: 'STUDENT', changed_by: own!.id, as_changed: true }])
  })

  test('has codes that no school and no person of a province can have', async () => {
    const codes = await database.sql<{ code: string }>('select code from schools.school_code where tenant_id is not null')
    expect(codes).toHaveLength(4)
    for (const { code } of codes) expect(code).toMatch(/^SB[2-9A-Z]{10}[12]$/)
    const pupils = await database.sql<{ code: string; personal_number: string }>(
      'select code, personal_number from schools.student where school_id = any ($1)',
      [schoolsOf(sandbox)],
    )
    for (const { code, personal_number } of pupils) {
      expect(code).toMatch(/^00\d{8}$/)
      expect(personal_number).toMatch(/^000\d{9}$/)
    }
    for (const id of [...schoolsOf(sandbox), ...schoolsOf(foreign)]) expect(id[14]).toBe('8')
    const [real] = await database.sql<{ n: number }>(
      `select count(*)::int as n from schools.school where substr(school_id::text, 15, 1) = '8' and school_id <> all ($1)`,
      [[...schoolsOf(sandbox), ...schoolsOf(foreign)]],
    )
    expect(real!.n).toBe(0)
  })

  test('shows its secret once: stored is the hash, and with a key there is none', async () => {
    expect(sandbox.clientSecret).toMatch(/^[\w-]{43}$/)
    expect(foreign.clientSecret).toBeNull()
    const clients = await database.sql<{ secret_hash: string | null; keys: number }>(
      `select secret_hash, jsonb_array_length(jwks -> 'keys') as keys from access.client where client_id = any ($1) order by secret_hash nulls last`,
      [[sandbox.clientId, foreign.clientId]],
    )
    expect(clients).toEqual([
      { secret_hash: createHash('sha256').update(sandbox.clientSecret!).digest('base64url'), keys: 0 },
      { secret_hash: null, keys: 1 },
    ])
    const kept = await database.sql<{ answer: string }>(`select answer::text from identity.idempotency_answer`)
    expect(kept.some(({ answer }) => answer.includes(sandbox.clientSecret!))).toBe(false)
  })

  test('asked for twice with one key is one sandbox and one secret', async () => {
    const developer = await newDeveloper(database)
    const twice = [await created(developer, {}, { idempotencyKey: 'k' }), await created(developer, {}, { idempotencyKey: 'k' })]
    expect(twice[1]).toEqual(twice[0])
    expect(twice[0]!.clientSecret).not.toBeNull()
  })

  test('is one of three at most, also when ten are asked for at once', async () => {
    const developer = await newDeveloper(database)
    const viewer = await developer.viewer()
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => act.refused(viewer, CREATE, { input: {} })))
    expect(outcomes.filter(({ length }) => length === 0)).toHaveLength(MOST_TENANTS)
    expect(new Set(outcomes.flat())).toEqual(new Set(['SANDBOX_LIMIT']))
  })

  test('belongs to developers: no application, officer, principal or compliance gets one, and production has none', async () => {
    for (const viewer of [
      smas,
      await applicationOf(sandbox),
      await personViewer(database, 'can-bo-so'),
      await personViewer(database, 'tuan-thu'),
    ])
      expect(await act.refused(viewer, CREATE, { input: {} })).toEqual(['ACT_FORBIDDEN'])
    expect(await act.refused(await personViewer(database, 'hieu-truong@thpt-hac-thanh'), CREATE, { input: {} })).toEqual([
      'ACT_FORBIDDEN',
    ])
    expect(await act.refused({ ...(await mine.viewer()), environment: 'PRODUCTION' }, CREATE, { input: {} })).toEqual([
      'ACT_FORBIDDEN',
    ])
    const production = await testSubgraph(database, 'identity', { sandbox: false })
    expect(codesOf(await production.ask(await mine.viewer(), CREATE, { input: {} }))).toEqual(['ACT_FORBIDDEN'])
    await production.close()
  })
})

describe('nobody else sees a sandbox', () => {
  const SCHOOLS = '{ schools(first: 50) { nodes { id } } }'
  const school = (ref: object) => [`query ($ref: SchoolRef!) { school(ref: $ref) { id } }`, { ref }] as const
  const idsIn = async (viewer: Viewer): Promise<string[]> =>
    (await parts.schools.ask<{ schools: { nodes: { id: string }[] } }>(viewer, SCHOOLS)).data.schools.nodes.map(({ id }) => id)
  const code = async (id: string): Promise<string> =>
    (await database.sql<{ code: string }>('select code from schools.school where school_id = $1', [id]))[0]!.code

  test('its application and its developer read its schools and no others; the province reads none of them', async () => {
    const own = schoolsOf(sandbox).toSorted()
    expect((await idsIn(await applicationOf(sandbox))).toSorted()).toEqual(own)
    expect((await idsIn(await mine.viewer())).toSorted()).toEqual(own)
    for (const viewer of [smas, await personViewer(database, 'can-bo-so'), await personViewer(database, 'can-bo-hac-thanh')]) {
      const seen = await idsIn(viewer)
      expect(seen.length).toBeGreaterThan(0)
      expect(seen.filter((id) => own.includes(id) || schoolsOf(foreign).includes(id))).toEqual([])
    }
  })

  test('a foreign school reads as not there, by id and by code, to both sides', async () => {
    const agreed = await schoolOf(database, 'smas')
    const [here, there] = [schoolsOf(sandbox)[0]!, schoolsOf(foreign)[0]!]
    const asked: [Viewer, string, string][] = [
      [await applicationOf(sandbox), here, there],
      [await applicationOf(sandbox), here, agreed.id],
      [await mine.viewer(), here, there],
      [await theirs.viewer(), there, here],
      [smas, agreed.id, here],
    ]
    for (const [viewer, open, closed] of asked) {
      for (const ref of [{ id: open }, { code: await code(open) }])
        expect(codesOf(await parts.schools.ask(viewer, ...school(ref)))).toEqual([])
      const answers = [
        await parts.schools.ask(viewer, ...school({ id: closed })),
        await parts.schools.ask(viewer, ...school({ code: await code(closed) })),
        await parts.schools.ask(viewer, ...school({ code: 'SBNOBODY001' })),
      ]
      expect(answers.map(codesOf)).toEqual([['SCHOOL_NOT_ACCESSIBLE'], ['SCHOOL_NOT_ACCESSIBLE'], ['SCHOOL_NOT_ACCESSIBLE']])
    }
  })

  test('no agreement is proposed over the border, in neither direction', async () => {
    const agreed = await schoolOf(database, 'smas')
    const propose = (viewer: Viewer, ref: object) =>
      act.refused(viewer, kit.PROPOSE, { input: { school: ref, terms: { ...kit.TERMS, scopes: ['school.read'] } } })
    const nobody = await propose(smas, { code: 'SBNOBODY001' })
    expect(nobody).toHaveLength(1)
    expect(await propose(smas, { code: await code(schoolsOf(sandbox)[0]!) })).toEqual(nobody)
    expect(await propose(smas, { id: schoolsOf(sandbox)[0]! })).toEqual(nobody)
    const app = await applicationOf(sandbox)
    expect(await propose(app, { code: agreed.code })).toEqual(nobody)
    expect(await propose(app, { id: schoolsOf(foreign)[0]! })).toEqual(nobody)
  })

  test('its vendor, application, agreements and events are in no registry but its own', async () => {
    const REGISTRY = `{ vendors(first: 50) { nodes { code } } applications(first: 50) { nodes { code } }
      agreements(first: 50) { nodes { school { id } application { code } } } registryEvents(first: 50) { nodes { act application { code } school { id } } } }`
    const seenBy = async (viewer: Viewer) => JSON.stringify(await parts.identity.ask(viewer, REGISTRY))
    const own = await seenBy(await applicationOf(sandbox))
    expect(own).toContain(sandbox.clientId)
    expect(own).not.toContain('smas')
    expect(own).not.toContain(foreign.clientId)
    const developer = await seenBy(await mine.viewer())
    expect(developer).toContain('CREATE_SANDBOX')
    expect(developer).not.toContain('smas')
    expect(developer).not.toContain(foreign.clientId)
    const compliance = await personViewer(database, 'tuan-thu')
    for (const viewer of [smas, await personViewer(database, 'can-bo-so'), compliance]) {
      const seen = await seenBy(viewer)
      expect(seen).toContain('smas')
      for (const trace of [sandbox.clientId, foreign.clientId, ...schoolsOf(sandbox), 'CREATE_SANDBOX'])
        expect(seen).not.toContain(trace)
    }
  })

  test('a developer lists and opens the own ones; another’s reads as one that is not there', async () => {
    const ids = async (developer: Developer) =>
      (await parts.identity.ask<{ sandboxTenants: { id: string }[] }>(await developer.viewer(), TENANTS)).data.sandboxTenants
    expect([await ids(mine), await ids(theirs)]).toEqual([[{ id: sandbox.tenant.id }], [{ id: foreign.tenant.id }]])
    const viewer = await theirs.viewer()
    for (const document of [TENANT, RESET])
      expect([
        await act.refused(viewer, document, { id: sandbox.tenant.id }),
        await act.refused(viewer, document, { id: '01900000-0000-7000-8000-000000000099' }),
        await act.refused(viewer, document, { id: 'x' }),
      ]).toEqual([['RECORD_NOT_ACCESSIBLE'], ['RECORD_NOT_ACCESSIBLE'], ['RECORD_NOT_ACCESSIBLE']])
    const rotate = { ref: { code: foreign.clientId }, key: kit.newPublicKey() }
    expect(await act.refused(await mine.viewer(), kit.ROTATE, rotate)).toEqual(['RECORD_NOT_ACCESSIBLE'])
    expect(await act.refused(smas, kit.ROTATE, rotate)).toEqual(['RECORD_NOT_ACCESSIBLE'])
  })

  test('its application is the one it has, and registers no other', async () => {
    const input = { code: 'them-mot', name: 'A', kind: 'PORTAL' }
    expect(await act.refused(await applicationOf(sandbox), kit.REGISTER_APPLICATION, { input })).toEqual(['ACT_FORBIDDEN'])
  })

  test('an account that is closed sees its schools no more', async () => {
    const developer = await newDeveloper(database)
    const made = await created(developer)
    expect((await idsIn(await developer.viewer())).toSorted()).toEqual(schoolsOf(made).toSorted())
    await database.sql(`update access.person set status = 'SUSPENDED' where account_id = $1`, [developer.accountId])
    expect(await idsIn(await developer.viewer())).toEqual([])
  })
})

describe('a reset', () => {
  const spoil = async (schools: readonly string[]): Promise<void> => {
    await database.sql(`update schools.student set full_name = 'Đã đổi', version = version + 1 where school_id = any ($1)`, [
      schools,
    ])
    await database.sql(`delete from gradebook.score where school_id = any ($1)`, [schools])
    await database.sql(`update identity.agreement set ended_at = now(), ended_as = 'ENDED' where school_id = any ($1)`, [schools])
    await database.sql(
      `insert into gradebook.outbox (school_id, occurred_at, entity, entity_id, natural_key, event, version) values ($1, now(), 'Score', gen_random_uuid(), 'k', 'NEW', 1)`,
      [schools[0]],
    )
  }

  test('brings every row of its schools back as it was, opens them again, and touches nobody else’s', async () => {
    const schools = schoolsOf(sandbox)
    const [first, others] = [await rowsOf(schools), await rowsOf(schools, { outside: true })]
    const secret = await database.sql('select client_id, secret_hash, jwks from access.client where client_id = $1', [
      sandbox.clientId,
    ])
    await spoil(schools)
    expect(await rowsOf(schools)).not.toEqual(first)
    expect(await act.done(await mine.viewer(), RESET, { id: sandbox.tenant.id })).toMatchObject({ resets: 1 })
    expect(await rowsOf(schools)).toEqual(first)
    expect(await rowsOf(schools, { outside: true })).toEqual(others)
    expect(
      await database.sql('select client_id, secret_hash, jwks from access.client where client_id = $1', [sandbox.clientId]),
    ).toEqual(secret)
    expect(await kit.openTo(database, sandbox.tenant.application.id, 'gradebook.write')).toEqual(schools.toSorted())
  })

  test('brings back a pupil whose record was merged into another, and leaves no former version', async () => {
    const first = await rowsOf(schoolsOf(sandbox))
    const [pupils] = await database.sql<{ school: string; one: string; other: string }>(
      `select school_id as school, min(id::text) as one, max(id::text) as other from schools.student
       where school_id = any ($1::uuid[]) group by 1 limit 1`,
      [schoolsOf(sandbox)],
    )
    await database.sql(`update schools.student set merged_into = $2 where school_id = $3 and id = $1`, [
      pupils!.one,
      pupils!.other,
      pupils!.school,
    ])
    await database.sql(
      `insert into schools.former_version (school_id, entity, entity_id, version, record, replaced_at)
       select school_id, 'Student', id, version, to_jsonb(s), now() from schools.student s where school_id = $2 and id = $1`,
      [pupils!.one, pupils!.school],
    )
    await act.done(await mine.viewer(), RESET, { id: sandbox.tenant.id })
    expect(await rowsOf(schoolsOf(sandbox))).toEqual(first)
  })

  test('that breaks in the middle leaves the sandbox as it was, and the next one mends it', async () => {
    const schools = schoolsOf(sandbox)
    const first = await rowsOf(schools)
    await spoil(schools)
    const spoilt = await rowsOf(schools)
    // The third schema of four refuses, after two are written.
    await database.sql(`revoke execute on function published.refill_tenant_of_gradebook(uuid, jsonb) from lt_identity`)
    const broken = parts.identity.ask(await mine.viewer(), RESET, { id: sandbox.tenant.id })
    expect((await broken).errors).toHaveLength(1)
    expect(await rowsOf(schools)).toEqual(spoilt)
    await database.sql(`grant execute on function published.refill_tenant_of_gradebook(uuid, jsonb) to lt_identity`)
    await act.done(await mine.viewer(), RESET, { id: sandbox.tenant.id })
    expect(await rowsOf(schools)).toEqual(first)
  })

  test('done five times at once is the same as once', async () => {
    const schools = schoolsOf(foreign)
    const first = await rowsOf(schools)
    const viewer = await theirs.viewer()
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => act.refused(viewer, RESET, { id: foreign.tenant.id })))
    expect(outcomes.flat()).toEqual([])
    expect(await rowsOf(schools)).toEqual(first)
  })
})

describe('in the database', () => {
  const asIdentity = async (sql: string, values: unknown[]): Promise<string> =>
    parts.identity.runtime.storage.pool.query(sql, values).then(
      () => 'allowed',
      (error: { code: string }) => error.code,
    )

  test('identity cannot make a tenant of a real school, nor write one', async () => {
    const { id: real } = await schoolOf(database, 'smas')
    const row = JSON.stringify([
      {
        table: 'school_event',
        rows: [
          {
            school_id: real,
            id: real,
            at: '2026-11-20',
            subject: 'ACCOUNT',
            subject_id: real,
            act: 'X',
            client_id: 'x',
            party_name: 'x',
          },
        ],
      },
    ])
    const before = await rowsOf([real])
    expect(await asIdentity('select published.refill_tenant_of_identity($1, $2)', [sandbox.tenant.id, row])).toBe('42501')
    expect(await asIdentity('select published.refill_tenant_of_schools($1, $2)', [real, '[]'])).toBe('P0002')
    expect(await asIdentity(`update access.sandbox_tenant set school_ids = $1`, [[real]])).toBe('42501')
    expect(await asIdentity(`select access.open_tenant($1)`, [sandbox.tenant.id])).toBe('42501')
    expect(await asIdentity(`delete from schools.student where school_id = $1`, [real])).toBe('42501')
    expect(await rowsOf([real])).toEqual(before)
  })

  test('identity alone may found and refill a tenant, and in production not even identity', async () => {
    const RIGHTS = `select r.rolname as role, p.proname as act from pg_proc p join pg_roles r on r.rolname like 'lt\\_%' and r.rolcanlogin
      where (p.proname like 'refill\\_tenant\\_%' or p.proname in ('add_tenant', 'begin_reset', 'found_tenant', 'open_tenant', 'recount_freshness', 'recount_freshness_of_tenant'))
        and has_function_privilege(r.oid, p.oid, 'execute') order by 1, 2`
    const acts = ['add_tenant', 'begin_reset', 'found_tenant', 'recount_freshness_of_tenant']
    const refills = HOLDERS_OF_SCHOOLS.toSorted().map((schema) => `refill_tenant_of_${schema}`)
    expect(await database.sql(RIGHTS)).toEqual([...acts, ...refills].map((act) => ({ role: 'lt_identity', act })))
    const production = await freshDatabase({ province: false })
    const client = new Client({ connectionString: production.adminUrl })
    await client.connect()
    await client.query(`set role ${OWNER}`)
    await grantPrivileges(client, { sandbox: false })
    await client.end()
    expect(await production.sql(RIGHTS)).toEqual([])
    await production.drop()
  })

  test('a table that holds no school is not refilled', async () => {
    const rows = JSON.stringify([{ table: 'authority', rows: [{ id: sandbox.tenant.id }] }])
    expect(await asIdentity('select published.refill_tenant_of_schools($1, $2)', [sandbox.tenant.id, rows])).toBe('P0001')
  })

  test('the application of a sandbox holds no scope of an office', () => {
    for (const scope of [
      'vendor.approve',
      'access.review',
      'audit.read',
      'report.approve',
      'message.supervise',
      'gradebook.approve',
    ] as const)
      expect(TENANT_SCOPES).not.toContain(scope)
  })
})
