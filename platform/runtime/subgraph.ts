// One subgraph at work: its storage open under its own role, ready to be asked in this process or over HTTP.
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { createAuthorizationServer, type AuthorizationServer } from '../../subgraphs/identity/oauth/authorization-server.ts'
import { countExecutions } from '../../subgraphs/kernel/execution/metric.ts'
import { openStorage, type Storage } from '../../subgraphs/kernel/storage.ts'
import { createSubgraph, type Subgraph, type SubgraphName } from '../../subgraphs/kernel/subgraph.ts'
import type { TenantGenerator } from '../../subgraphs/kernel/tenant.ts'
import { roleOf } from '../database/roles.ts'
import { serviceUrl } from '../database/server.ts'
import { MODULES } from '../modules.ts'
import { createDocumentCheck } from './document-check.ts'
import { TENANT_SCHOOLS } from '../sandbox/seed.ts'
import { readIdentitySecrets, type SubgraphSecrets } from '../secrets.ts'
import { endPool } from './end-pool.ts'

export interface SubgraphRuntime {
  readonly subgraph: Subgraph
  readonly storage: Storage
  close(): Promise<void>
}

export interface SubgraphRuntimeOptions {
  readonly name: SubgraphName
  readonly databaseUrl: string
  readonly secrets: SubgraphSecrets
  readonly poolSize: number
  /** Developers get tenants with synthetic pupils. */
  readonly sandbox?: boolean
  readonly now: () => Date
  readonly log: Logger
  /** Of the process, where it shows any; a service of its own shows none, and logs what its programs do not cover. */
  readonly metrics?: Registry
}

/** The generator and its data are read when the first tenant is asked for. */
const lazyTenants: TenantGenerator = {
  schoolCount: TENANT_SCHOOLS,
  generate: async (tenant) => (await import('../sandbox/tenant.ts')).generateTenant(tenant),
}

export async function openSubgraph({
  name,
  databaseUrl,
  secrets,
  poolSize,
  sandbox = false,
  now,
  log,
  metrics,
}: SubgraphRuntimeOptions): Promise<SubgraphRuntime> {
  const { definition, entities } = MODULES[name]
  const storage = await openStorage({
    name,
    url: serviceUrl(databaseUrl, roleOf(name), secrets.databasePassword),
    entities,
    poolSize,
    onConnectionError: (error) => log.warn({ subgraph: name, reason: error.message }, 'database connection lost'),
  })
  const close = (): Promise<void> => endPool(storage.pool, () => storage.close())
  try {
    const subgraph = createSubgraph(definition, {
      database: storage.database,
      now,
      cursorKey: secrets.cursorKey,
      ...(sandbox && name === 'identity' ? { tenants: lazyTenants } : {}),
      ...(name === 'identity' ? { checkDocument: createDocumentCheck() } : {}),
      countExecution: metrics
        ? countExecutions(metrics, name)
        : (reason) => reason && log.debug({ subgraph: name, reason }, 'executed by graphql-js'),
    })
    return { subgraph, storage, close }
  } catch (error) {
    await close()
    throw error
  }
}

export interface AuthorizationServerSetting {
  readonly publicUrl: string
  readonly secretsDir: string
  readonly sandbox: boolean
  readonly now: () => Date
  readonly log: Logger
}

/** The OAuth server lives with identity, on identity's storage. */
export async function openAuthorizationServer(
  identity: SubgraphRuntime,
  { publicUrl, secretsDir, sandbox, now, log }: AuthorizationServerSetting,
): Promise<AuthorizationServer> {
  const { signingKeys, cookieKeys, accountKeys } = await readIdentitySecrets(secretsDir)
  return createAuthorizationServer({
    issuer: publicUrl,
    resource: `${publicUrl}/graphql`,
    pool: identity.storage.pool,
    signingKeys,
    cookieKeys,
    accountKeys,
    sandbox,
    now,
    log,
  })
}
