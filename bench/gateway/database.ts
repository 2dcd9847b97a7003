// The platform's database for the gateway with everything on: migrated, one client that may ask for all, budgets that never end.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, SignJWT, type JWK } from 'jose'
import { Client } from 'pg'
import { provision } from '../../platform/database/provision.ts'
import { roleOf } from '../../platform/database/roles.ts'
import { serviceUrl } from '../../platform/database/server.ts'
import { startEmbeddedPostgres } from '../../platform/postgres/embedded.ts'
import { ensureSecrets, readAdminSecrets } from '../../platform/secrets.ts'
import { liftBudgets } from '../kit.ts'
import { ALL_SCOPES } from './contract.ts'

const CLIENT_ID = 'bench'
const DATABASE = 'lienthong'

export interface BenchDatabase {
  /** As the gateway's role. */
  readonly gatewayUrl: string
  readonly postmaster: number
  readonly jwks: string
  /** For a gateway at this address. */
  tokenFor(publicUrl: string): Promise<string>
  /** How many operations have their record. */
  audited(): Promise<number>
  close(): Promise<void>
}

export async function openBenchDatabase(): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'lienthong-bench-'))
  const secretsDir = join(folder, 'secrets')
  await ensureSecrets(secretsDir)
  const { superuserPassword, rolePasswords } = await readAdminSecrets(secretsDir)
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), superuserPassword })
  const close = async (): Promise<void> => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const admin = new Client({ connectionString: server.connectionUrl() })
    await admin.connect()
    await admin.query(`create database ${DATABASE}`)
    await admin.end()
    const adminUrl = server.connectionUrl(DATABASE)
    await provision({ adminUrl, rolePasswords, sandbox: true, log: () => undefined })
    await liftBudgets(adminUrl)
    const client = new Client({ connectionString: adminUrl })
    await client.connect()
    await client.query(
      `insert into access.client (client_id, application_id, display_name, environment, scopes, status, jwks, updated_at)
       values ($1, gen_random_uuid(), $1, 'SANDBOX', $2, 'ACTIVE', '{"keys":[]}', now())`,
      [CLIENT_ID, ALL_SCOPES],
    )
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwk: JWK = { ...(await exportJWK(keys.publicKey)), kid: 'bench', alg: 'ES256', use: 'sig' }
    const [pid = ''] = (await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')
    return {
      gatewayUrl: serviceUrl(adminUrl, roleOf('gateway'), rolePasswords.gateway),
      postmaster: Number(pid),
      jwks: JSON.stringify({ keys: [jwk] }),
      tokenFor: (publicUrl) =>
        new SignJWT({ sub: CLIENT_ID, client_id: CLIENT_ID, scope: ALL_SCOPES.join(' ') })
          .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'bench' })
          .setIssuer(publicUrl)
          .setAudience(`${publicUrl}/graphql`)
          .setIssuedAt()
          .setExpirationTime('300s')
          .sign(keys.privateKey),
      audited: async () => Number((await client.query(`select count(*) as count from access.audit_event`)).rows[0].count),
      close: async () => {
        await client.end()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}
