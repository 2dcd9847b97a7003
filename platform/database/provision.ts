// Brings a database to the state this version needs: roles, schemas, migrations, privileges. Safe to run at every start.
import { createHash } from 'node:crypto'
import { MikroORM } from '@mikro-orm/postgresql'
import { Migrator } from '@mikro-orm/migrations'
import { Client, type Pool } from 'pg'
import { AccessGrants20261122T0900 } from '../../subgraphs/kernel/migrations/20261122T0900_access_grants.ts'
import { CostBuckets20261122T1310 } from '../../subgraphs/kernel/migrations/20261122T1310_cost_buckets.ts'
import { ActingForPeople20261122T1330 } from '../../subgraphs/kernel/migrations/20261122T1330_acting_for_people.ts'
import { AgreementsNarrow20261122T1500 } from '../../subgraphs/kernel/migrations/20261122T1500_agreements_narrow.ts'
import { UsedProofs20261127T1500 } from '../../subgraphs/kernel/migrations/20261127T1500_used_proofs.ts'
import { SandboxTenants20261127T1600 } from '../../subgraphs/kernel/migrations/20261127T1600_sandbox_tenants.ts'
import { BearerTokensOfBoundClients20261127T1830 } from '../../subgraphs/kernel/migrations/20261127T1830_bearer_tokens_of_bound_clients.ts'
import { KnownDocuments20261127T2040 } from '../../subgraphs/kernel/migrations/20261127T2040_known_documents.ts'
import { TeachersSeeTheirClasses20261127T1845 } from '../../subgraphs/kernel/migrations/20261127T1845_teachers_see_their_classes.ts'
import { TenantsBeginWhole20261127T2036 } from '../../subgraphs/kernel/migrations/20261127T2036_tenants_begin_whole.ts'
import { OpeningsAreQuick20261128T0015 } from '../../subgraphs/kernel/migrations/20261128T0015_openings_are_quick.ts'
import { RecordsHaveAFreshness20261127T2100 } from '../../subgraphs/kernel/migrations/20261127T2100_records_have_a_freshness.ts'
import { MODULES } from '../modules.ts'
import { createRoles, createSchemas, forbidTemporaryObjects, grantPrivileges, OWNER, type RolePasswords } from './roles.ts'

const MINIMUM_VERSION = 150000

/** Every migration of the platform in the order they run: the kernel's grants first, then each subgraph's own. */
export const MIGRATIONS = [
  { name: 'kernel/access_grants', class: AccessGrants20261122T0900 },
  { name: 'kernel/cost_buckets', class: CostBuckets20261122T1310 },
  { name: 'kernel/acting_for_people', class: ActingForPeople20261122T1330 },
  { name: 'kernel/agreements_narrow', class: AgreementsNarrow20261122T1500 },
  { name: 'kernel/used_proofs', class: UsedProofs20261127T1500 },
  { name: 'kernel/sandbox_tenants', class: SandboxTenants20261127T1600 },
  { name: 'kernel/bearer_tokens_of_bound_clients', class: BearerTokensOfBoundClients20261127T1830 },
  { name: 'kernel/teachers_see_their_classes', class: TeachersSeeTheirClasses20261127T1845 },
  { name: 'kernel/tenants_begin_whole', class: TenantsBeginWhole20261127T2036 },
  { name: 'kernel/known_documents', class: KnownDocuments20261127T2040 },
  { name: 'kernel/records_have_a_freshness', class: RecordsHaveAFreshness20261127T2100 },
  { name: 'kernel/openings_are_quick', class: OpeningsAreQuick20261128T0015 },
  ...Object.values(MODULES).flatMap(({ definition, migrations }) =>
    Object.entries(migrations).map(([name, migration]) => ({ name: `${definition.name}/${name}`, class: migration })),
  ),
]

export interface ProvisionOptions {
  /** A role that may create roles and schemas. */
  readonly adminUrl: string
  readonly rolePasswords: RolePasswords
  /** Developers may sign up and fill tenants of their own with synthetic pupils. Never in production. */
  readonly sandbox: boolean
  readonly log: (line: string) => void
}

/** What this version expects; kept as a comment on schema access, so that a restart asks one question instead of hundreds. */
function fingerprint(passwords: RolePasswords, sandbox: boolean): string {
  const text = JSON.stringify([
    MIGRATIONS.map(({ name }) => name),
    passwords,
    sandbox,
    grantPrivileges.toString(),
    createRoles.toString(),
  ])
  return createHash('sha256').update(text).digest('hex')
}

async function isCurrent(client: Client, expected: string): Promise<boolean> {
  const { rows } = await client.query<{ comment: string | null }>(
    `select obj_description(n.oid, 'pg_namespace') as comment from pg_namespace n where n.nspname = 'access'`,
  )
  return rows[0]?.comment === `provisioned ${expected}`
}

async function assertMayProvision(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string; database: string; may: boolean }>(
    `select current_user as name, current_database() as database,
            (rolsuper or rolcreaterole) and has_database_privilege(current_database(), 'create') as may
     from pg_roles where rolname = current_user`,
  )
  const { name, database, may } = rows[0]!
  if (may) return
  const grants = `alter role "${name}" createrole; grant create on database "${database}" to "${name}";`
  throw new Error(`The role ${name} of DATABASE_URL may not create roles and schemas. As a superuser: ${grants}`)
}

async function migrate(adminUrl: string): Promise<string[]> {
  const orm = await MikroORM.init({
    clientUrl: adminUrl,
    dbName: decodeURIComponent(new URL(adminUrl).pathname.slice(1)),
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    driverOptions: {
      connectionString: adminUrl,
      onPoolCreated: (pool: Pool) =>
        // Everything the migrations make belongs to the owner, which has no login and stands under the policies itself.
        void pool.on('connect', (client) => void client.query(`set role ${OWNER}`)),
    },
    pool: { max: 1 },
    migrations: { migrationsList: MIGRATIONS, tableName: 'access.migration', snapshot: false, allOrNothing: true },
    logger: () => undefined,
  })
  try {
    return (await orm.migrator.up()).map(({ name }) => name)
  } catch (cause) {
    throw new Error(`A migration of the database failed and was taken back: ${(cause as Error).message}`, { cause })
  } finally {
    await orm.close(true)
  }
}

export async function provision({ adminUrl, rolePasswords, sandbox, log }: ProvisionOptions): Promise<void> {
  const client = new Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query<{ version: number }>(`select current_setting('server_version_num')::int as version`)
    if (rows[0]!.version < MINIMUM_VERSION)
      throw new Error(`PostgreSQL 15 or newer is needed; this server is ${rows[0]!.version}.`)
    // Several processes may start at once: one provisions, the others wait and find it done.
    await client.query(`select pg_advisory_lock(hashtext('lienthong.provision'))`)
    await forbidTemporaryObjects(client)
    const expected = fingerprint(rolePasswords, sandbox)
    if (await isCurrent(client, expected)) return
    await assertMayProvision(client)
    await createRoles(client, rolePasswords)
    await createSchemas(client)
    const applied = await migrate(adminUrl)
    await client.query(`set role ${OWNER}`)
    await grantPrivileges(client, { sandbox })
    await client.query(`comment on schema access is 'provisioned ${expected}'`)
    log(`database: ${applied.length} migrations applied`)
  } finally {
    await client.end()
  }
}
