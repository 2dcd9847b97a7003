// The PostgreSQL the platform runs on: the embedded one under the data folder, or one's own by DATABASE_URL.
import { join } from 'node:path'
import { Client } from 'pg'
import { startEmbeddedPostgres } from '../postgres/embedded.ts'

export const DATABASE_NAME = 'lienthong'

export interface DatabaseServer {
  /** A role that may create roles, schemas and databases. */
  readonly adminUrl: string
  /** What is told to a person: `embedded PostgreSQL 18 (var/postgres)`. */
  readonly description: string
  stop(): Promise<void>
}

async function ensureDatabase(maintenanceUrl: string): Promise<void> {
  const client = new Client({ connectionString: maintenanceUrl })
  await client.connect()
  try {
    const { rows } = await client.query('select 1 from pg_database where datname = $1', [DATABASE_NAME])
    if (rows.length === 0) await client.query(`create database ${DATABASE_NAME}`)
  } finally {
    await client.end()
  }
}

export interface DatabaseServerOptions {
  readonly databaseUrl: string | undefined
  readonly dataDir: string
  readonly superuserPassword: string
  readonly settings?: Readonly<Record<string, string>>
  readonly log: (line: string) => void
  readonly onUnexpectedExit: (error: Error) => void
}

export async function openDatabaseServer(options: DatabaseServerOptions): Promise<DatabaseServer> {
  if (options.databaseUrl) {
    const { host, pathname } = new URL(options.databaseUrl)
    return { adminUrl: options.databaseUrl, description: `PostgreSQL at ${decodeURIComponent(host)}${pathname}`, stop: async () => undefined }
  }
  const dataDir = join(options.dataDir, 'postgres')
  const server = await startEmbeddedPostgres({
    dataDir,
    superuserPassword: options.superuserPassword,
    log: options.log,
    ...(options.settings ? { settings: options.settings } : {}),
  })
  server.onUnexpectedExit(options.onUnexpectedExit)
  try {
    await ensureDatabase(server.connectionUrl())
  } catch (error) {
    await server.stop()
    throw error
  }
  return { adminUrl: server.connectionUrl(DATABASE_NAME), description: `embedded PostgreSQL 18 in ${dataDir}`, stop: () => server.stop() }
}

/** The same database under a service's own role; whatever credentials stand in the address are replaced. */
export function serviceUrl(url: string, role: string, password: string): string {
  const service = new URL(url)
  service.username = role
  service.password = encodeURIComponent(password)
  return service.href
}
