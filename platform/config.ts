// The platform's configuration: the environment, parsed once, every fault reported together.
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { SUBGRAPH_NAMES, type SubgraphName } from '../subgraphs/kernel/subgraph.ts'

/** Digits alone: Number() would take `0x50`, `1e3` and a blank for numbers too. */
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .refine(
      (text) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most,
      `must be a whole number, ${least} to ${most}`,
    )
    .transform(Number)
const httpUrl = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'must be an http or https address')
  .transform((text) => text.replace(/\/+$/, ''))
// The paths of OAuth and of the API are fixed, so a proxy that serves us under a path of its own would break them.
const publicUrl = httpUrl.refine(
  (text) => URL.canParse(text) && new URL(text).origin === text,
  'must be an origin, as https://lienthong.example.vn, without a path',
)
const postgresUrl = z
  .string()
  .refine(
    (text) => /^postgres(ql)?:\/\/./.test(text) && URL.canParse(text) && new URL(text).pathname.length > 1,
    'must be a postgresql:// address that names a database',
  )

const schema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production'], 'must be development, test or production').default('development'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: wholeNumber(1, 65_535).default(4000),
  PUBLIC_URL: publicUrl.optional(),
  DATA_DIR: z.string().min(1).default('var'),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_POOL_SIZE: wholeNumber(1, 200).default(8),
  SECRETS_DIR: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'must be a pino level').default('warn'),
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((origin) => origin.trim())
        .filter(Boolean),
    )
    .refine(
      (origins) => origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
      'must be origins, as https://cong.example.vn, divided by commas',
    ),
  PROXY_HOPS: wholeNumber(0, 5).default(0),
  SUBGRAPH: z.enum(SUBGRAPH_NAMES, `must be one of ${SUBGRAPH_NAMES.join(', ')}`).optional(),
  SUBGRAPH_URLS: z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) return undefined
      const urls = new Map(text.split(',').map((pair) => pair.trim().split('=', 2) as [string, string]))
      for (const name of SUBGRAPH_NAMES) {
        const url = urls.get(name)
        if (!url || !httpUrl.safeParse(url).success)
          context.addIssue({
            code: 'custom',
            message: `must name an http address for ${name}: identity=http://…,schools=http://…`,
          })
      }
      return Object.fromEntries(urls) as Record<SubgraphName, string>
    }),
})

export interface Config {
  readonly production: boolean
  readonly host: string
  readonly port: number
  /** Address under which callers reach the gateway; without a trailing slash. Undefined: made from host and port. */
  readonly publicUrl: string | undefined
  readonly dataDir: string
  readonly databaseUrl: string | undefined
  readonly databasePoolSize: number
  readonly secretsDir: string
  readonly logLevel: string
  readonly corsOrigins: readonly string[]
  /** Proxies before the gateway, each of which adds to X-Forwarded-For. */
  readonly proxyHops: number
  readonly subgraph: SubgraphName | undefined
  readonly subgraphUrls: Readonly<Record<SubgraphName, string>> | undefined
}

export class ConfigurationError extends Error {}

/** Tokens travel there, and OAuth demands TLS for them (RFC 6749, 1.6). A fault of its form is another matter. */
function isPrivateOnTheWay(url: string): boolean {
  if (!URL.canParse(url)) return true
  const { protocol, hostname } = new URL(url)
  return protocol !== 'http:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}

export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  // A variable that is set but empty means the same as one that is not set.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  const faults = parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`)
  if (given.NODE_ENV === 'production') {
    if (!given.PUBLIC_URL) faults.push('  PUBLIC_URL: production needs the address under which callers reach the platform')
    else if (!isPrivateOnTheWay(given.PUBLIC_URL))
      faults.push('  PUBLIC_URL: production speaks https; http only where callers are on this machine')
    if (!given.DATABASE_URL) faults.push('  DATABASE_URL: production needs a PostgreSQL of its own')
    if (!given.SECRETS_DIR) faults.push('  SECRETS_DIR: production needs the folder that `npm run secrets` has filled')
  }
  if (!parsed.success || faults.length > 0) throw new ConfigurationError(`The configuration is wrong:\n${faults.join('\n')}`)
  const env = parsed.data
  const dataDir = resolve(env.DATA_DIR)
  return {
    production: env.NODE_ENV === 'production',
    host: env.HOST,
    port: env.PORT,
    publicUrl: env.PUBLIC_URL,
    dataDir,
    databaseUrl: env.DATABASE_URL,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    secretsDir: env.SECRETS_DIR ? resolve(env.SECRETS_DIR) : join(dataDir, 'secrets'),
    logLevel: env.LOG_LEVEL,
    corsOrigins: env.CORS_ORIGINS,
    proxyHops: env.PROXY_HOPS,
    subgraph: env.SUBGRAPH,
    subgraphUrls: env.SUBGRAPH_URLS,
  }
}
