// The PostgreSQL the platform runs on: the embedded one under the data folder, or one's own by DATABASE_URL.
import { join } from 'node:path'
import { Client } from 'pg'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../postgres/embedded.ts'

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
  /** For the person who started the platform. */
  readonly tell: (line: string) => void
  /** The server ended by itself and does not come back. */
  readonly onUnexpectedExit: (error: Error) => void
}

export function openDatabaseServer(options: DatabaseServerOptions): Promise<DatabaseServer> {
  return options.databaseUrl ? useServer(options.databaseUrl) : openEmbeddedServer(options)
}

async function useServer(databaseUrl: string): Promise<DatabaseServer> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (cause) {
    throw new Error(explainRefusal(cause as PostgresFault), { cause })
  } finally {
    await client.end()
  }
  const { host, pathname } = new URL(databaseUrl)
  return {
    adminUrl: databaseUrl,
    description: `PostgreSQL at ${decodeURIComponent(host)}${decodeURIComponent(pathname)}`,
    stop: async () => undefined,
  }
}

/** A name with two addresses (localhost: ::1 and 127.0.0.1) fails with an error for each and no message of its own. */
type PostgresFault = Error & { readonly code?: string; readonly errors?: readonly Error[] }

function explainRefusal({ code, message, errors }: PostgresFault): string {
  const reason = errors ? errors.map((each) => each.message).join('; ') : message
  if (code?.startsWith('28')) return `The PostgreSQL of DATABASE_URL refuses these credentials (${reason}).`
  if (code === '3D000') return `The PostgreSQL of DATABASE_URL has no such database (${reason}). Create it first: createdb.`
  return `The PostgreSQL of DATABASE_URL does not answer (${reason}).`
}

/** A server that dies more often than this within the hour has a reason that starting it again does not mend. */
const MOST_RESTARTS = 3
const RESTARTS_COUNT_FOR_MS = 3_600_000

/**
 * The embedded server, started again when it ends by itself (killed for want of memory, say): on the same folder and socket, so
 * that every pool finds it by itself; meanwhile callers are answered 503. What was acknowledged is in its log.
 */
async function openEmbeddedServer({
  tell,
  log,
  onUnexpectedExit,
  settings,
  superuserPassword,
  ...options
}: DatabaseServerOptions): Promise<DatabaseServer> {
  const dataDir = join(options.dataDir, 'postgres')
  const start = async (): Promise<EmbeddedPostgres> => {
    const started = await startEmbeddedPostgres({ dataDir, superuserPassword, log, ...(settings ? { settings } : {}) })
    started.onUnexpectedExit((error) => {
      if (!stopping) restarting = restart(error)
    })
    return started
  }
  const restarts: number[] = []
  let stopping: Promise<void> | undefined
  let restarting: Promise<void> | undefined

  async function restart(reason: Error): Promise<void> {
    const since = performance.now()
    const recent = restarts.filter((at) => since - at < RESTARTS_COUNT_FOR_MS)
    restarts.push(since)
    try {
      if (recent.length >= MOST_RESTARTS)
        throw new Error(`${reason.message}\nIt has ended ${recent.length + 1} times within the hour.`)
      tell(`${firstLine(reason.message)} It is started again.`)
      const { connectionUrl } = server
      await server.stop()
      server = await start()
      // On Windows the server takes another port, which nobody would look for.
      if (server.connectionUrl() !== connectionUrl()) throw new Error(`${reason.message}\nIt came back under another address.`)
      tell(`PostgreSQL is back (${((performance.now() - since) / 1000).toFixed(1)} s).`)
    } catch (error) {
      if (!stopping) onUnexpectedExit(error as Error)
    }
  }

  let server = await start()
  try {
    await ensureDatabase(server.connectionUrl())
  } catch (error) {
    await server.stop()
    throw error
  }
  return {
    adminUrl: server.connectionUrl(DATABASE_NAME),
    description: `embedded PostgreSQL 18 in ${dataDir}`,
    stop: () =>
      (stopping ??= (async () => {
        await restarting
        await server.stop()
      })()),
  }
}

const firstLine = (text: string): string => text.split('\n', 1)[0]!.replace(/:$/, '.')

/** The same database under a service's own role; whatever credentials stand in the address are replaced. */
export function serviceUrl(url: string, role: string, password: string): string {
  const service = new URL(url)
  service.username = role
  service.password = encodeURIComponent(password)
  return service.href
}

/** Where the database is, and nothing with which to get in. */
export function withoutCredentials(url: string): string {
  const address = new URL(url)
  address.username = ''
  address.password = ''
  return address.href
}
