// The gateway at work: its access pool under its own role, the committed supergraph, the known documents.
import { readFile } from 'node:fs/promises'
import { Pool } from 'pg'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { createGateway, type Gateway, type GatewayDependencies } from '../../gateway/index.ts'
import { DEFAULT_LIMITS } from '../../gateway/limits/limits.ts'
import { roleOf } from '../database/roles.ts'
import { serviceUrl } from '../database/server.ts'
import { endPool } from './end-pool.ts'
import { loadKnownDocuments } from './known-documents.ts'

export type GatewayRuntimeOptions = Pick<
  GatewayDependencies,
  'transports' | 'jwks' | 'oauth' | 'corsOrigins' | 'proxyHops' | 'explorer' | 'mode' | 'publicUrl' | 'readiness'
> & {
  /** Shared with the subgraphs of the same process. */
  readonly metrics?: Registry
  readonly databaseUrl: string
  readonly databasePassword: string
  readonly now: () => Date
  readonly log: Logger
}

export interface GatewayRuntime {
  readonly gateway: Gateway
  close(): Promise<void>
}

export const SUPERGRAPH = new URL('../../schema/supergraph.graphql', import.meta.url)

export async function openGateway({
  databaseUrl,
  databasePassword,
  log,
  metrics = new Registry(),
  ...rest
}: GatewayRuntimeOptions): Promise<GatewayRuntime> {
  const accessPool = new Pool({
    connectionString: serviceUrl(databaseUrl, roleOf('gateway'), databasePassword),
    max: 4,
    connectionTimeoutMillis: 3_000,
    application_name: 'lienthong gateway',
  })
  // Without a listener a connection that the server drops would end the process.
  accessPool.on('error', (error) => log.warn({ reason: error.message }, 'database connection lost'))
  accessPool.on('connect', (client) => client.on('error', () => undefined))
  try {
    const gateway = await createGateway({
      ...rest,
      accessPool,
      log,
      limits: DEFAULT_LIMITS,
      metrics,
      supergraphSdl: await readFile(SUPERGRAPH, 'utf8'),
      knownDocuments: await loadKnownDocuments(),
    })
    return {
      gateway,
      close: async () => {
        await gateway.close()
        await endPool(accessPool)
      },
    }
  } catch (error) {
    await endPool(accessPool)
    throw error
  }
}
