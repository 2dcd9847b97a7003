// The folder that holds the database: recognised, refused when it is not ours, created whole or not at all.
import { randomBytes } from 'node:crypto'
import { chown, lstat, mkdir, open, readFile, readdir, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { canEnter, run, weAreRoot, type ServerAccount } from './account.ts'
import { POSTGRES_MAJOR, program } from './binaries.ts'

export const SUPERUSER = 'lienthong'

/** The one true path, so that two names of a folder meet at one lock. Creates the folders above it. */
export async function resolveDataDirectory(dataDir: string): Promise<string> {
  const path = resolve(dataDir)
  if (await lstat(path).catch(() => undefined)) return realpath(path)
  await mkdir(dirname(path), { recursive: true })
  return join(await realpath(dirname(path)), basename(path))
}

/** True when the folder holds a database of ours, false when one may be created there, otherwise refuses. Changes nothing. */
export async function holdsDatabase(dataDir: string): Promise<boolean> {
  let content: string[]
  try {
    content = await readdir(dataDir)
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case 'ENOENT':
        return false
      case 'ENOTDIR':
        throw new Error(`${dataDir} is a file, not a folder for a database.`, { cause: error })
      case 'EACCES':
        throw new Error(
          `${dataDir} belongs to another user (was the platform once started as root?). Start as that user, or choose another data folder.`,
          { cause: error },
        )
      default:
        throw error
    }
  }
  if (content.length === 0) return false
  if (!content.includes('PG_VERSION')) {
    throw new Error(`${dataDir} is not empty and holds no PostgreSQL database. Nothing was touched; choose another data folder.`)
  }
  const major = (await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).trim()
  if (major !== POSTGRES_MAJOR) {
    throw new Error(
      `${dataDir} was made by PostgreSQL ${major}; the platform brings ${POSTGRES_MAJOR}. ` +
        `Nothing was touched: dump it with version ${major} and restore it into a new data folder, or set DATABASE_URL.`,
    )
  }
  if (weAreRoot() && (await lstat(dataDir)).uid === 0) {
    throw new Error(
      `${dataDir} belongs to root, as which PostgreSQL does not run (restored from a backup?). Give it back with chown -R postgres.`,
    )
  }
  return true
}

/**
 * How the server is told its folder. An account that cannot enter the folders above (a clone under /root) still stands in
 * this one, because it is entered before rights are dropped, and the kernel follows /proc/self/cwd without
 * walking the path. initdb, the server and all its children keep that working directory.
 */
export async function serverPathOf(dataDir: string, account: ServerAccount): Promise<string> {
  if (await canEnter(account, dataDir)) return dataDir
  if (process.platform === 'linux') return '/proc/self/cwd'
  throw new Error(
    `PostgreSQL runs as ${account.name}, which cannot enter ${dataDir}. ` +
      'Choose a data folder that account can reach, start as an ordinary user, or set DATABASE_URL.',
  )
}

export interface Creation {
  dataDir: string
  native: string
  account: ServerAccount
  superuserPassword: string
  /** A folder only the server's account can read: the password passes through a file in it. */
  privateDir: string
  /** False only for throw-away databases. */
  durable: boolean
}

const unfinishedPrefix = (dataDir: string): string => `.${basename(dataDir)}.initdb-`

/** initdb in a sibling folder, renamed when all is done and on the disk: a killed initdb never leaves half a database. */
export async function createDatabase(creation: Creation): Promise<void> {
  const { dataDir, native, account, superuserPassword, privateDir, durable } = creation
  const unfinished = join(dirname(dataDir), unfinishedPrefix(dataDir) + randomBytes(4).toString('hex'))
  const passwordFile = join(privateDir, 'initdb-password')
  try {
    await mkdir(unfinished, { mode: 0o700 })
    await writeFile(passwordFile, superuserPassword + '\n', { mode: 0o600 })
    if (account.uid !== undefined && account.gid !== undefined) {
      await chown(unfinished, account.uid, account.gid)
      await chown(passwordFile, account.uid, account.gid)
    }
    // prettier-ignore
    const args = [
      '--pgdata', await serverPathOf(unfinished, account),
      '--username', SUPERUSER,
      '--pwfile', passwordFile,
      '--auth', 'scram-sha-256',
      '--encoding', 'UTF8',
      // Built in: the same order of strings on every machine, and no index spoilt by a newer C library. Vietnamese
      // order is asked for by name where people read a list: collate "vi-x-icu".
      '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--locale', 'C',
      ...syncOptions(durable),
    ]
    const outcome = await run(account, program(native, 'initdb'), args, unfinished)
    if (!outcome.ok) throw new Error(`initdb failed in ${dirname(dataDir)}:\n${lastLines(outcome.output)}`)
    await putInPlace(unfinished, dataDir)
  } finally {
    await rm(passwordFile, { force: true })
    await rm(unfinished, { recursive: true, force: true, maxRetries: 3 })
  }
}

/**
 * The rename below must not overtake the files. One syncfs does that for all of them, measured at 0.1–0.3 s against
 * 0.5 s for a thousand single fsyncs (and far more on a spinning disk).
 */
function syncOptions(durable: boolean): string[] {
  if (!durable) return ['--no-sync']
  return process.platform === 'linux' ? ['--sync-method=syncfs'] : []
}

async function putInPlace(finished: string, dataDir: string): Promise<void> {
  try {
    await rmdir(dataDir)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EBUSY') throw new Error(`${dataDir} is a mount point; choose a folder below it as the data folder.`, { cause })
    if (code !== 'ENOENT') throw cause
  }
  await rename(finished, dataDir)
  if (process.platform === 'win32') return
  const parent = await open(dirname(dataDir), 'r')
  try {
    await parent.sync()
  } finally {
    await parent.close()
  }
}

/** What killed starts left beside the folder. An orphaned initdb may still write there for a moment; the next start looks again. */
export async function removeUnfinished(dataDir: string): Promise<void> {
  for (const name of await readdir(dirname(dataDir))) {
    if (!name.startsWith(unfinishedPrefix(dataDir))) continue
    const unfinished = join(dirname(dataDir), name)
    await rm(unfinished, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 }).catch(() => undefined)
  }
}

const lastLines = (text: string): string => text.split('\n').slice(-15).join('\n')
