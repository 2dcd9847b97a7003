// Which operating-system account the database server runs as, and how a program is run under it.
import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'

/** Without `uid` the server simply shares our own account. */
export interface ServerAccount {
  name: string
  uid?: number
  gid?: number
}

const STAND_INS = ['postgres', 'nobody']

export const weAreRoot = (): boolean => process.getuid?.() === 0

/**
 * PostgreSQL refuses to run as root, rightly: its superuser can run programs. Root therefore lends it an account
 * without rights. A data folder that already belongs to someone keeps that owner, whatever accounts were added since.
 */
export async function serverAccount(dataDir: string): Promise<ServerAccount> {
  if (!weAreRoot()) return { name: ourName() }
  const accounts = await localAccounts()
  const owner = await stat(dataDir).catch(() => undefined)
  if (owner && owner.uid !== 0) {
    const name = [...accounts].find(([, { uid }]) => uid === owner.uid)?.[0] ?? `uid ${owner.uid}`
    return { name, uid: owner.uid, gid: owner.gid }
  }
  for (const name of STAND_INS) {
    const found = accounts.get(name)
    if (found) return { name, ...found }
  }
  throw new Error(
    `PostgreSQL does not run as root, and this machine has none of the accounts ${STAND_INS.join(', ')} to run it as. ` +
      'Start the platform as an ordinary user, create the account (useradd --system postgres), or set DATABASE_URL to a PostgreSQL of your own.',
  )
}

// A container may run under a number that no account bears; userInfo() throws then.
function ourName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`
  }
}

async function localAccounts(): Promise<Map<string, { uid: number; gid: number }>> {
  const accounts = new Map<string, { uid: number; gid: number }>()
  for (const line of (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (name && Number(uid) > 0) accounts.set(name, { uid: Number(uid), gid: Number(gid) })
  }
  return accounts
}

/**
 * The environment of everything we start here. The platform's own holds secrets, which `copy … from program` would
 * hand to whoever takes over the database, and may hold PG* variables, which would bend initdb and the server.
 * Windows programs do not start without theirs.
 */
const SERVER_ENVIRONMENT =
  process.platform === 'win32' ? undefined : { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

export interface RunOptions {
  uid?: number
  gid?: number
  cwd: string
  env?: Record<string, string>
}

/** Spawn options for `account`. The folder is entered before rights are dropped, so the account need not reach it by path. */
export function runAs(account: ServerAccount, cwd: string): RunOptions {
  return { uid: account.uid, gid: account.gid, cwd, env: SERVER_ENVIRONMENT }
}

export interface Outcome {
  ok: boolean
  output: string
}

/** Runs a program to its end. Never throws: a program that cannot be started is an outcome too. */
export function run(account: ServerAccount, program: string, args: string[], cwd = '/'): Promise<Outcome> {
  const options = {
    ...runAs(account, process.platform === 'win32' ? process.cwd() : cwd),
    maxBuffer: 16 << 20,
    windowsHide: true,
  }
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim()
      resolve({ ok: !error, output: output || (error?.message ?? '') })
    })
  })
}

/** Whether the account may enter a folder by its path: asked of the kernel, since modes alone tell nothing of ACLs and mounts. */
export async function canEnter(account: ServerAccount, folder: string): Promise<boolean> {
  if (account.uid === undefined) return true
  return (await run(account, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder])).ok
}
