// A server that an earlier, killed platform left behind in the data folder: found for certain, then ended.
import { execFileSync } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run, type ServerAccount } from './account.ts'
import { program } from './binaries.ts'

const PATIENCE: readonly { signal: NodeJS.Signals; ms: number }[] = [
  { signal: 'SIGINT', ms: 10_000 },
  { signal: 'SIGQUIT', ms: 6_000 },
  { signal: 'SIGKILL', ms: 5_000 },
]

/** To be called by the folder's owner only: whatever runs in it then has lost its platform. */
export async function endLeftoverServer(
  dataDir: string,
  native: string,
  account: ServerAccount,
  log: (line: string) => void,
): Promise<void> {
  const record = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => undefined)
  if (record === undefined) return
  const postmaster = Number.parseInt(record, 10)
  if (process.platform === 'win32') {
    await run(account, program(native, 'pg_ctl'), ['stop', '-D', dataDir, '-m', 'fast', '-w'])
    return
  }
  let left = await serversIn(dataDir, postmaster, account)
  if (left.length > 0) log(`ending a PostgreSQL that an earlier platform left in ${dataDir} (process ${left.join(', ')})`)
  for (const { signal, ms } of PATIENCE) {
    if (left.length === 0) break
    // A postmaster ends its children in order. Children without one never finish their work: they are told to drop it.
    if (left.includes(postmaster) && signal === 'SIGINT') send([postmaster], signal)
    else send(left, signal === 'SIGINT' ? 'SIGQUIT' : signal)
    const patience = Date.now() + ms
    while (left.length > 0 && Date.now() < patience) {
      await sleep(20)
      left = await serversIn(dataDir, postmaster, account)
    }
  }
  if (left.length > 0) throw new Error(`A PostgreSQL left in ${dataDir} does not end: process ${left.join(', ')}.`)
  // The recorded number may by now be a stranger's, whom PostgreSQL would take for a server and not start. Only where
  // every process can be looked at is it certain that none is left, and the record, which guards against them, may go.
  if (process.platform === 'linux') await rm(join(dataDir, 'postmaster.pid'), { force: true })
}

function send(pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

/** Server processes of this folder. A process number alone proves nothing; where a PostgreSQL process stands does. */
async function serversIn(dataDir: string, postmaster: number, account: ServerAccount): Promise<number[]> {
  if (process.platform !== 'linux') return commandNames(postmaster, dataDir) ? [postmaster] : []
  // Asked as the server's account: a container's root may not see where the processes of others stand (CAP_SYS_PTRACE).
  const script = 'for p in /proc/[0-9]*; do [ "$p/cwd" -ef . ] && read -r name < "$p/comm" && echo "${p#/proc/} $name"; done; :'
  const { ok, output } = await run(account, '/bin/sh', ['-c', script], dataDir)
  if (!ok) throw new Error(`Cannot tell whether a PostgreSQL still runs in ${dataDir}: ${output}`)
  return output.split('\n').flatMap((line) => (line.endsWith(' postgres') ? [Number.parseInt(line, 10)] : []))
}

function commandNames(pid: number, dataDir: string): boolean {
  if (!(pid > 0)) return false
  try {
    const command = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    return command.includes('postgres') && command.includes(dataDir)
  } catch {
    return false
  }
}
