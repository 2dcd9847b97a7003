// The frame of every command that stays: ends in order on a signal, says plainly why it cannot start.
import type { Logger } from 'pino'
import { createLog } from '../subgraphs/kernel/log.ts'
import { readConfig, type Config } from './config.ts'

export interface Running {
  close(): Promise<void>
  /** What SIGHUP asks for; without it a hangup ends the program. */
  reload?(): void
}

export interface RunContext extends ProcessContext {
  readonly config: Config
  readonly log: Logger
  readonly now: () => Date
}

export interface ProcessContext {
  readonly tell: (line: string) => void
  /** Ends the program after something it stands on is gone. */
  readonly fail: (error: Error) => void
  /** Aborted when the program is to end: a start under way stops at its next step. */
  readonly signal: AbortSignal
}

/** What a person can mend is told without a stack; a fault of the program is not understood without one. */
function explain(error: Error): string {
  const isFaultOfOurs = [TypeError, ReferenceError, RangeError, SyntaxError].some((kind) => error instanceof kind)
  return isFaultOfOurs ? (error.stack ?? error.message) : error.message
}

const PARENT_LOOKED_FOR_EVERY_MS = 250

/** When whoever started us is gone, nobody would end us any more. A parent that goes without npm or a channel (nohup) wants us to stay. */
function onAbandoned(end: () => void): void {
  // A service of the distributed topology: its channel closes with the process that started it, also when that is killed.
  process.on('disconnect', end)
  process.channel?.unref()
  // npm hands SIGTERM to the shell it runs us in, which dies of it without passing it on.
  if (!('npm_lifecycle_event' in process.env)) return
  const parent = process.ppid
  setInterval(() => process.ppid === parent || end(), PARENT_LOOKED_FOR_EVERY_MS).unref()
}

/**
 * A command of the platform: its configuration is the environment. What follows the configuration is imported by `start` itself: a
 * wrong variable is told, and a signal heard, before seconds of loading modules.
 */
export function run(start: (context: RunContext) => Promise<Running>): Promise<void> {
  return runProcess((context) => {
    const config = readConfig(process.env)
    return start({ ...context, config, log: createLog({ level: config.logLevel }), now: () => new Date() })
  })
}

export async function runProcess(start: (context: ProcessContext) => Promise<Running>): Promise<void> {
  const stopping = new AbortController()
  let running: Running | undefined
  let ending: Promise<void> | undefined
  const end = (code: number): Promise<void> =>
    (ending ??= (async () => {
      stopping.abort(new Error('The start was broken off.'))
      await starting.catch(() => undefined)
      await running?.close()
      process.exitCode = code
      // What keeps the process alive after everything is closed is a fault; it must not keep a terminal either.
      setTimeout(() => process.exit(code), 2_000).unref()
    })())
  const fail = (error: Error): void => {
    if (ending) return
    process.stderr.write(`${error.message}\n`)
    void end(1)
  }

  // A terminal that is closed, or a pipe whose reader is gone, takes no more lines. The database is closed in order all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(0))
  process.on('SIGHUP', () => (running?.reload && !ending ? running.reload() : void end(0)))
  onAbandoned(() => void end(0))

  const starting = (async () => {
    const tell = (line: string): void => void process.stdout.write(`${line}\n`)
    running = await start({ tell, fail, signal: stopping.signal })
  })()
  try {
    await starting
  } catch (error) {
    if (!ending) process.stderr.write(`${explain(error as Error)}\n`)
    await end(1)
  }
}
