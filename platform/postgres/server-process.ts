// One running PostgreSQL server as a process: started in its own session, watched, ended in order.
import { spawn, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { run, runAs, type ServerAccount } from './account.ts'
import { program } from './binaries.ts'

const KEPT_LINES = 40
const FAST_SHUTDOWN_MS = 10_000
const IMMEDIATE_SHUTDOWN_MS = 10_000

export interface ServerPlace {
  dataDir: string
  /** The folder as the server is told it; see serverPathOf. */
  serverPath: string
  native: string
  account: ServerAccount
}

export class ServerProcess {
  readonly #place: ServerPlace
  readonly #child: ChildProcess
  readonly #dismissWatchdog: () => Promise<void>
  readonly #lines: string[] = []
  /** How it ended; fulfilled once, never rejected. */
  readonly ended: Promise<string>
  #hasEnded = false

  constructor(place: ServerPlace, args: string[], log: (line: string) => void) {
    this.#place = place
    this.#child = spawn(program(place.native, 'postgres'), ['-D', place.serverPath, ...args], {
      ...runAs(place.account, place.dataDir),
      // Its own session: the terminal's Ctrl-C reaches the platform, which drains its requests before the database ends.
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#dismissWatchdog = watchOver(this.#child, place)
    const output = createInterface({ input: this.#child.stderr! })
    output.on('line', (line) => {
      this.#lines.push(line)
      if (this.#lines.length > KEPT_LINES) this.#lines.shift()
      log(line)
    })
    this.ended = new Promise((resolve) => {
      const end = (how: string): void => {
        this.#hasEnded = true
        void this.#dismissWatchdog().then(() => resolve(how))
      }
      this.#child.once('error', (error) => end(error.message))
      this.#child.once('exit', (code, signal) => {
        // The last lines are read first, but not waited for long: orphans of a killed postmaster hold the pipe open.
        const finish = (): void => end(signal ? `killed by ${signal}` : `exit code ${code}`)
        const late = setTimeout(finish, 100)
        this.#child.once('close', () => {
          clearTimeout(late)
          finish()
        })
      })
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  get lastLines(): string {
    return this.#lines.join('\n')
  }

  /** True once the server says so itself, in the status line of its postmaster.pid, where pg_ctl reads it too. */
  async isReady(): Promise<boolean> {
    const record = await readFile(join(this.#place.dataDir, 'postmaster.pid'), 'utf8').catch(() => '')
    const lines = record.split('\n')
    return Number(lines[0]) === this.pid && lines[7]?.trim() === 'ready'
  }

  /** Fast shutdown: transactions in flight are rolled back, everything committed is checkpointed. */
  async end(): Promise<void> {
    if (this.#hasEnded) return
    await this.#signal('SIGINT')
    if (await this.#endsWithin(FAST_SHUTDOWN_MS)) return
    await this.#signal('SIGQUIT')
    if (await this.#endsWithin(IMMEDIATE_SHUTDOWN_MS)) return
    this.#child.kill('SIGKILL')
    await this.ended
  }

  async #signal(signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
    if (process.platform !== 'win32') {
      this.#child.kill(signal)
      return
    }
    // Windows has no signals; PostgreSQL listens to a pipe of its own, which pg_ctl writes to.
    const { native, account } = this.#place
    await run(account, program(native, 'pg_ctl'), ['kill', signal === 'SIGINT' ? 'INT' : 'QUIT', String(this.pid)])
  }

  async #endsWithin(ms: number): Promise<boolean> {
    const timeout = new AbortController()
    const late = sleep(ms, false, { signal: timeout.signal }).catch(() => false)
    const inTime = await Promise.race([this.ended.then(() => true), late])
    timeout.abort()
    return inTime
  }
}

/**
 * A shell that reads from a pipe we hold. When our process dies, even by kill -9, the kernel closes the pipe and the
 * shell ends the database; when the database ends first, the shell is told a line and leaves. It costs one small
 * process, and unlike PR_SET_PDEATHSIG it needs no helper program and works on macOS too.
 */
function watchOver(server: ChildProcess, { account, dataDir }: ServerPlace): () => Promise<void> {
  if (server.pid === undefined || process.platform === 'win32') return async () => undefined
  const shell = spawn('/bin/sh', ['-c', 'read -r farewell || kill -INT "$1"', 'sh', String(server.pid)], {
    ...runAs(account, dataDir),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.unref()
  const gone = new Promise<void>((resolve) => {
    shell.once('error', () => resolve())
    shell.once('exit', () => resolve())
  })
  shell.stdin!.on('error', () => undefined)
  return async () => {
    shell.ref()
    shell.stdin!.end('farewell\n')
    await gone
  }
}
