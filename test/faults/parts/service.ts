// One service of the platform as a process of its own, kept running the way a supervisor keeps it, and hurt on request.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT } from '../../testkit/process.ts'

/** Of what it printed, the end: a long run must not keep it all. */
const KEPT = 200_000
const MOST_STARTS = 20

export interface ServiceEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export class Service {
  readonly name: string
  readonly port: number
  readonly #environment: Readonly<Record<string, string>>
  readonly #onUnasked: (what: string) => void
  #child: ChildProcess | undefined
  #ended: Promise<ServiceEnd> | undefined
  #asked = false
  #paused = false
  #printed = ''
  /** Most that it had resident at once, in MB. */
  mostMb = 0
  starts = 0

  constructor(
    name: string,
    port: number,
    environment: Readonly<Record<string, string>>,
    /** It ended although nobody had asked it to. */
    onUnasked: (what: string) => void,
  ) {
    this.name = name
    this.port = port
    this.#environment = environment
    this.#onUnasked = onUnasked
  }

  get printed(): string {
    return this.#printed
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Resolves when it listens. What cannot start, because its database is away, is started again, as a supervisor does. */
  async start(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const { listening, ended } = this.#fork()
      const outcome = await Promise.race([listening, ended])
      if (outcome === 'listening') break
      if (tries === MOST_STARTS) throw new Error(`${this.name} did not start:\n${this.#printed.slice(-3_000)}`)
      await sleep(500)
    }
    this.#asked = false
  }

  #fork(): { listening: Promise<'listening'>; ended: Promise<ServiceEnd> } {
    // Until it listens, its end is told to who starts it.
    this.#asked = true
    this.starts += 1
    const child = fork(join(ROOT, 'platform/serve.ts'), {
      cwd: ROOT,
      execArgv: ['--import', './platform/typescript.js'],
      env: {
        PATH: process.env.PATH,
        NODE_OPTIONS: `--import ${pathToFileURL(join(ROOT, 'test/testkit/shifted-clock.ts')).href}`,
        LT_TEST_CLOCK_BEGAN: process.env.LT_TEST_CLOCK_BEGAN,
        PORT: String(this.port),
        ...this.#environment,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.#child = child
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => (this.#printed = (this.#printed + text).slice(-KEPT)))
    const ended = once(child, 'exit').then(([code, signal]): ServiceEnd => {
      if (!this.#asked) this.#onUnasked(`${this.name} ended by itself (${signal ?? code}):\n${this.#printed.slice(-3_000)}`)
      return { code: code as number | null, signal: signal as NodeJS.Signals | null }
    })
    this.#ended = ended
    return { listening: once(child, 'message').then(() => 'listening' as const), ended }
  }

  /** Sends the signal and waits for the end. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<ServiceEnd> {
    this.#asked = true
    if (this.#paused) this.resume()
    this.#child?.kill(signal)
    return (await this.#ended)!
  }

  pause(): void {
    this.#paused = true
    this.#child?.kill('SIGSTOP')
  }

  resume(): void {
    this.#paused = false
    this.#child?.kill('SIGCONT')
  }

  look(): void {
    if (!this.running) return
    try {
      const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.#child!.pid}/status`, 'utf8'))
      this.mostMb = Math.max(this.mostMb, Number(resident?.[1] ?? 0) / 1024)
    } catch {
      // It has just ended.
    }
  }
}
