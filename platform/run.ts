// The frame of every command that stays: reads the configuration, ends in order on a signal, says plainly why it cannot start.
import type { Logger } from 'pino'
import { ConfigurationError, readConfig, type Config } from './config.ts'
import { createLog } from '../subgraphs/kernel/log.ts'

export interface Running {
  close(): Promise<void>
}

export interface RunContext {
  readonly config: Config
  readonly log: Logger
  readonly now: () => Date
  readonly tell: (line: string) => void
  /** Ends the program after something it stands on is gone. */
  readonly fail: (error: Error) => void
}

/** What a person can mend is one line without a stack. */
function explain(error: Error & { code?: string; port?: number }): string {
  if (error instanceof ConfigurationError) return error.message
  if (error.code === 'EADDRINUSE') return `Port ${error.port} is taken. Choose another one: PORT=4100 npm start`
  if (error.code === 'EACCES' && error.port) return `Port ${error.port} may not be opened by this user. Choose one above 1023: PORT=4100 npm start`
  if (error.code === 'ECONNREFUSED' || error.code === 'ENOTFOUND') return `The database of DATABASE_URL does not answer (${error.message}).`
  if (error.code?.startsWith('28')) return `The database of DATABASE_URL refuses these credentials (${error.message}).`
  return error.message
}

export async function run(start: (context: RunContext) => Promise<Running>): Promise<void> {
  let running: Running | undefined
  let ending: Promise<void> | undefined
  const end = (code: number): Promise<void> =>
    (ending ??= (async () => {
      await running?.close()
      process.exitCode = code
      // What keeps the process alive after everything is closed is a fault; it must not keep a terminal either.
      setTimeout(() => process.exit(code), 2_000).unref()
    })())

  const starting = (async () => {
    const config = readConfig(process.env)
    const fail = (error: Error): void => {
      process.stderr.write(`${error.message}\n`)
      void end(1)
    }
    return start({ config, log: createLog({ level: config.logLevel }), now: () => new Date(), tell: (line) => void process.stdout.write(`${line}\n`), fail })
  })()

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      // A signal during the start waits for it: what is half open cannot be closed in order.
      void starting.then(
        () => end(0),
        () => undefined,
      )
    })

  try {
    running = await starting
  } catch (error) {
    process.stderr.write(`${explain(error as Error)}\n`)
    await end(1)
  }
}
