// What `npm run gateway:bare` is told on its command line, every fault reported together.
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { isLoopback } from '../gateway/bare/loopback.ts'

export const USAGE = `usage: npm run gateway:bare -- --supergraph FILE [--port N] [--host HOST] [--timeout MS] [--log-level LEVEL]

Serves a federated supergraph (Federation 2, as composition writes it) at http://127.0.0.1:PORT/graphql through the compiled
executor and the platform's door: limits of documents, form of requests, sizes, timeouts. No tokens, no rules, no audit, so
it listens on this machine only. The subgraphs are asked where the supergraph says they are (join__Graph).

  --supergraph FILE   the supergraph; read again when it changes, and on SIGHUP
  --port N            0 to 65535, 4000 unless told otherwise; 0 takes a free one
  --host HOST         127.0.0.1 (default), ::1 or localhost; others are refused
  --timeout MS        longest run of an operation, 1 to 600000; 30000 unless told otherwise
  --log-level LEVEL   fatal, error, warn (default), info, debug, trace, silent
  --help              this text

Beside it: /livez and /readyz for whoever waits for it, /metrics for what was executed by whom.
`

export interface BareOptions {
  readonly supergraph: string
  readonly port: number
  readonly host: string
  readonly timeout: number
  readonly logLevel: string
}

/** Nothing to start: the text to show, and whether that is what was asked for. */
export class Told extends Error {
  readonly asked: boolean

  constructor(message: string, asked: boolean) {
    super(message)
    this.asked = asked
  }
}

const number = (least: number, most: number) =>
  z
    .string()
    .refine(
      (text) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most,
      `must be a whole number, ${least} to ${most}`,
    )
    .transform(Number)

const schema = z.object({
  supergraph: z.string('names the file of the supergraph, and is missing').min(1, 'names the file of the supergraph'),
  port: number(0, 65_535).default(4000),
  host: z
    .string()
    .refine(
      isLoopback,
      'must be 127.0.0.1, ::1 or localhost: a gateway without tokens and rules serves this machine only. What others shall reach is the platform: npm start',
    )
    .default('127.0.0.1'),
  timeout: number(1, 600_000).default(30_000),
  'log-level': z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'must be a pino level').default('warn'),
})

export function readBareOptions(args: readonly string[]): BareOptions {
  const { help, ...values } = parse(args)
  if (help) throw new Told(USAGE, true)
  const result = schema.safeParse(values)
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) => `  --${path.join('.')} ${message}`)
    throw new Told(`The command line is wrong:\n${faults.join('\n')}\n\n${USAGE}`, false)
  }
  const { 'log-level': logLevel, ...rest } = result.data
  return { ...rest, logLevel }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        supergraph: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
        timeout: { type: 'string' },
        'log-level': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    // An unknown flag, a flag without its value, a word that belongs to none.
    throw new Told(`${(error as Error).message}\n\n${USAGE}`, false)
  }
}
