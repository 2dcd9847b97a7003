// The private folder of the unix socket: the only way to the embedded server, open to its account alone.
import { createHash } from 'node:crypto'
import { chmod, chown, lstat, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canEnter, type ServerAccount } from './account.ts'

/** The port only names the socket file; nothing listens on a network. */
export const SOCKET_PORT = 5432

// The kernel holds 108 bytes (Linux) or 104 (macOS), the closing zero included.
const MAX_SOCKET_PATH = 100

/** A short name out of the data folder's path: that path itself is often too long for a socket. */
export async function openSocketDirectory(dataDir: string, account: ServerAccount): Promise<string> {
  const owner = account.uid ?? process.getuid?.()
  const name = 'lienthong-' + createHash('sha256').update(`${owner}\n${dataDir}`).digest('hex').slice(0, 12)
  const refusals: string[] = []
  for (const parent of new Set([tmpdir(), '/tmp', '/var/tmp'])) {
    const folder = join(parent, name)
    const refusal = await claim(folder, account, owner)
    if (refusal === undefined) return folder
    refusals.push(`${folder}: ${refusal}`)
  }
  throw new Error(
    `No folder for the socket of PostgreSQL:\n  ${refusals.join('\n  ')}\nSet TMPDIR to a short path that ${account.name} can enter.`,
  )
}

async function claim(folder: string, account: ServerAccount, owner: number | undefined): Promise<string | undefined> {
  if (Buffer.byteLength(join(folder, `.s.PGSQL.${SOCKET_PORT}.lock`)) > MAX_SOCKET_PATH)
    return 'the path is too long for a socket'
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST') return message
  }
  // The name can be guessed, and temporary folders are everybody's: a folder laid out for us by a stranger is not used.
  const found = await lstat(folder)
  if (!found.isDirectory() || (found.uid !== owner && found.uid !== process.getuid?.())) return 'it belongs to someone else'
  await chmod(folder, 0o700)
  if (account.uid !== undefined && account.gid !== undefined) await chown(folder, account.uid, account.gid)
  if (await canEnter(account, folder)) return undefined
  await removeSocketDirectory(folder)
  return `${account.name} cannot enter it`
}

export const removeSocketDirectory = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true })
