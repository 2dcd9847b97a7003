// The embedded PostgreSQL: one call starts it on a folder of ours, and whoever starts it owns its end.
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { serverAccount } from './account.ts'
import { packagedBinaries, usableBinaries } from './binaries.ts'
import { createDatabase, holdsDatabase, removeUnfinished, resolveDataDirectory, serverPathOf } from './data-directory.ts'
import { endLeftoverServer } from './leftovers.ts'
import { prepareListening, type Listening } from './listening.ts'
import { holdDataDirectory } from './owner-lock.ts'
import { ServerProcess } from './server-process.ts'
import { serverArguments } from './settings.ts'

export interface EmbeddedPostgresOptions {
  /** Created at the first start, found again at every later one. */
  dataDir: string
  /** Given to the superuser at the first start; later starts must bring the same. */
  superuserPassword: string
  /** Server settings beside or instead of our own, `{ fsync: 'off' }` for a throw-away test server. */
  settings?: Readonly<Record<string, string>>
  log?: (line: string) => void
}

export interface EmbeddedPostgres {
  /** As the superuser; for node-postgres, MikroORM and libpq alike. */
  connectionUrl(database?: string): string
  /** Undefined on Windows, where the server listens on the loopback address. */
  readonly socketDir: string | undefined
  readonly pid: number
  /** Ends the server in order and frees the folder, also after the server ended by itself. May be called more than once. */
  stop(): Promise<void>
  /** Told once if the server ends without stop(). The folder stays held until stop(), after which it can be started anew. */
  onUnexpectedExit(tell: (error: Error) => void): void
}

/** Recovery after a crash replays at most max_wal_size of log; a slow disk needs some minutes for that at worst. */
const READY_WITHIN_MS = 300_000
const POLL_MS = 5

export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { superuserPassword, settings = {}, log = () => undefined } = options
  if (!/^[^\r\n\0]+$/.test(superuserPassword)) throw new Error('The superuser password must be one line, and not empty.')
  const dataDir = await resolveDataDirectory(options.dataDir)
  // Asked before the lock too: beside a folder that is not ours, not even a lock file is laid.
  await holdsDatabase(dataDir)

  // Undone in reverse order, at stop() as after a failed start.
  const undo: (() => Promise<void>)[] = [await holdDataDirectory(dataDir)]
  const undoAll = async (): Promise<void> => {
    const failures: unknown[] = []
    for (let step = undo.pop(); step; step = undo.pop()) await step().catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }
  try {
    const account = await serverAccount(dataDir)
    const native = await usableBinaries(account, await packagedBinaries())
    await endLeftoverServer(dataDir, native, account, log)
    await removeUnfinished(dataDir)
    const listening = await prepareListening(dataDir, account)
    undo.push(() => listening.close())
    const args = serverArguments(listening, settings)
    if (!(await holdsDatabase(dataDir))) {
      const privateDir = listening.socketDir ?? dirname(dataDir)
      await createDatabase({ dataDir, native, account, superuserPassword, privateDir, durable: settings.fsync !== 'off' })
    }
    const serverPath = await serverPathOf(dataDir, account)
    const server = new ServerProcess({ dataDir, serverPath, native, account }, args, log)
    undo.push(() => server.end())
    await untilReady(server, listening, superuserPassword)
    return running(server, listening, superuserPassword, undoAll)
  } catch (error) {
    await undoAll().catch((failure: unknown) => log(`after a failed start: ${String(failure)}`))
    throw error
  }
}

async function untilReady(server: ServerProcess, listening: Listening, password: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (!(await server.isReady())) {
    if (server.hasEnded) throw new Error(`PostgreSQL did not start (${await server.ended}):\n${server.lastLines}`)
    if (Date.now() > deadline) throw new Error(`PostgreSQL was not ready after ${READY_WITHIN_MS / 1000} s:\n${server.lastLines}`)
    await sleep(POLL_MS)
  }
  const client = new pg.Client({ connectionString: listening.url('postgres', password), connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
  } catch (cause) {
    const wrongPassword = cause instanceof pg.DatabaseError && cause.code === '28P01'
    const reason = wrongPassword ? 'the database was created with another superuser password' : String(cause)
    throw new Error(`PostgreSQL started but refuses us: ${reason}.`, { cause })
  } finally {
    await client.end().catch(() => undefined)
  }
}

function running(server: ServerProcess, listening: Listening, password: string, undoAll: () => Promise<void>): EmbeddedPostgres {
  let stopping: Promise<void> | undefined
  const unexpected = server.ended.then((how) =>
    stopping ? undefined : new Error(`PostgreSQL ended unexpectedly (${how}):\n${server.lastLines}`),
  )
  return {
    connectionUrl: (database = 'postgres') => listening.url(database, password),
    socketDir: listening.socketDir,
    pid: server.pid,
    stop: () => (stopping ??= undoAll()),
    onUnexpectedExit: (tell) => void unexpected.then((error) => error && tell(error)),
  }
}
