// One platform per data folder: a lock file beside it names the live process that holds it.
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { z } from 'zod'

const Owner = z.object({ pid: z.number().int().positive(), birth: z.string(), token: z.string() })
type Owner = z.infer<typeof Owner>

const ATTEMPTS = 20

/** Holds the folder until the returned function is called. A lock whose process is gone holds nothing. */
export async function holdDataDirectory(dataDir: string): Promise<() => Promise<void>> {
  const path = `${dataDir}.lock`
  const token = randomUUID()
  const draft = `${path}.${token}`
  const mine = JSON.stringify({ pid: process.pid, birth: birthOf(process.pid) ?? '', token } satisfies Owner)
  // Written whole first and linked into place, so that nobody ever reads half a lock.
  await writeFile(draft, mine, { flag: 'wx', mode: 0o600 })
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await linkIfFree(draft, path)) {
        return async () => {
          if ((await readIfThere(path)) === mine) await rm(path, { force: true })
        }
      }
      const held = await readIfThere(path)
      if (held === undefined) continue
      const owner = parseOwner(held)
      if (owner && isAlive(owner)) {
        throw new Error(
          `Another platform is running on this folder: ${dataDir} is held by process ${owner.pid}` +
            `${owner.pid === process.pid ? ' (this one)' : ''}. Stop it first, or choose another data folder.`,
        )
      }
      await takeAway(path, held, `${draft}.dead`)
    }
    throw new Error(`The lock ${path} keeps changing hands: other platforms are starting on this folder.`)
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * Two starters may find the same dead lock; the slower one would then take the faster one's fresh lock away, and so
 * looks at what it took and gives that back. Should three meet in the same microseconds, PostgreSQL's own
 * postmaster.pid still admits one server only.
 */
async function takeAway(path: string, dead: string, aside: string): Promise<void> {
  try {
    await rename(path, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if ((await readIfThere(aside)) !== dead) await linkIfFree(aside, path)
  await rm(aside, { force: true })
}

async function linkIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

function parseOwner(text: string): Owner | undefined {
  try {
    return Owner.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** Process numbers are given out again, soonest in a restarted container: only number and birth together name a process. */
const isAlive = (owner: Owner): boolean => birthOf(owner.pid) === owner.birth

/** When a live process was born, in whatever unit the system keeps; undefined when there is none (a zombie is none). */
function birthOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      // proc(5): after the name in brackets come the state (field 3) and, as field 22, the start in ticks since boot.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
      if (fields[0] === 'Z' || fields[0] === 'X') return undefined
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`
    } catch {
      return undefined
    }
  }
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return undefined
  }
  if (process.platform === 'win32') return 'unknown'
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}
