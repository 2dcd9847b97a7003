// The environment is read once: what is allowed passes whole, and every fault is told in the same breath.
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { publicUrlOf } from '../../platform/address.ts'
import { ConfigurationError, readConfig } from '../../platform/config.ts'
import { SUBGRAPH_NAMES } from '../../subgraphs/kernel/subgraphs.ts'

const SUBGRAPHS = SUBGRAPH_NAMES.map((name, place) => `${name}=http://${name}:${4001 + place}`).join(',')

const PRODUCTION = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://lienthong.example.vn',
  DATABASE_URL: 'postgresql://owner:secret@db.example.vn/lienthong?sslmode=verify-full',
  SECRETS_DIR: '/etc/lienthong',
}

/** The variables that are named, in the order of their lines. */
function faultsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment)
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    const [head, ...lines] = (error as Error).message.split('\n')
    expect(head).toBe('The configuration is wrong:')
    return lines.map((line) => /^ {2}([A-Z_]+): \S/.exec(line)?.[1] ?? line)
  }
}

test('without a variable it is the sandbox, on this machine only', () => {
  expect(readConfig({})).toMatchObject({
    production: false,
    host: '127.0.0.1',
    port: 4000,
    publicUrl: undefined,
    databaseUrl: undefined,
    dataDir: resolve('var'),
    secretsDir: resolve('var/secrets'),
    corsOrigins: [],
    subgraph: undefined,
    subgraphUrls: undefined,
  })
})

test('a variable that is set and empty is one that is not set', () => {
  const empty = Object.fromEntries(
    ['NODE_ENV', 'PORT', 'PUBLIC_URL', 'DATABASE_URL', 'SECRETS_DIR', 'LOG_LEVEL', 'SUBGRAPH', 'SUBGRAPH_URLS'].map((name) => [
      name,
      '',
    ]),
  )
  expect(readConfig(empty)).toEqual(readConfig({}))
})

describe.each<[string, { allowed: string[]; denied: string[] }]>([
  ['NODE_ENV', { allowed: ['development', 'test'], denied: ['prod', 'Production', 'staging'] }],
  ['PORT', { allowed: ['1', '80', '4100', '65535'], denied: ['0', '65536', '-1', '4000.5', '4e3', '0x50', ' ', 'http'] }],
  [
    'PUBLIC_URL',
    {
      allowed: ['https://lienthong.example.vn', 'https://lienthong.example.vn/', 'http://127.0.0.1:4100', 'https://[::1]:8443'],
      denied: [
        'lienthong.example.vn',
        'ftp://lienthong.example.vn',
        'https://lienthong.example.vn/api',
        'https://lienthong.example.vn?x=1',
        'https://u:p@lienthong.example.vn',
        'https://',
      ],
    },
  ],
  [
    'DATABASE_URL',
    {
      allowed: ['postgres://db/lienthong', PRODUCTION.DATABASE_URL, 'postgresql://owner@%2Frun%2Fpostgresql/lienthong'],
      denied: ['mysql://db/lienthong', 'db/lienthong', 'postgresql://', 'postgresql://db', 'postgresql://db/'],
    },
  ],
  ['DATABASE_POOL_SIZE', { allowed: ['1', '200'], denied: ['0', '201', '-4', '2.5', 'many'] }],
  ['LOG_LEVEL', { allowed: ['silent', 'debug', 'warn'], denied: ['verbose', 'WARN', '30'] }],
  [
    'CORS_ORIGINS',
    {
      allowed: ['https://cong.example.vn', 'https://cong.example.vn, http://localhost:5173'],
      denied: ['*', 'cong.example.vn', 'https://cong.example.vn/', 'https://cong.example.vn,evil'],
    },
  ],
  ['SUBGRAPH', { allowed: ['schools', 'reporting'], denied: ['gateway', 'Schools'] }],
  [
    'SUBGRAPH_URLS',
    {
      allowed: [SUBGRAPHS],
      denied: ['http://a:4001', 'identity=http://a:4001', SUBGRAPHS.replace('http://gradebook', 'gradebook')],
    },
  ],
])('%s', (name, { allowed, denied }) => {
  test.each(allowed)('takes %j', (value) => expect(faultsOf({ [name]: value })).toEqual([]))
  test.each(denied)('refuses %j, and names itself alone', (value) =>
    expect(new Set(faultsOf({ [name]: value }))).toEqual(new Set([name])),
  )
})

test('every faulty variable is named at once, each in one line with what it must be', () => {
  const wrong = {
    NODE_ENV: 'prod',
    PORT: 'http',
    PUBLIC_URL: 'x',
    DATABASE_URL: 'x',
    DATABASE_POOL_SIZE: '0',
    LOG_LEVEL: 'loud',
    CORS_ORIGINS: '*',
    SUBGRAPH: 'x',
  }
  expect(faultsOf(wrong).toSorted()).toEqual(Object.keys(wrong).toSorted())
})

test('a fault never repeats the value, which may be a secret', () => {
  expect(() => readConfig({ DATABASE_URL: 'postgres:owner:geheim@db/lienthong', PUBLIC_URL: 'https://u:geheim@x.vn' })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('geheim') }),
  )
})

describe('production', () => {
  test('is what it is told, whole', () => {
    expect(readConfig(PRODUCTION)).toMatchObject({
      production: true,
      publicUrl: PRODUCTION.PUBLIC_URL,
      databaseUrl: PRODUCTION.DATABASE_URL,
      secretsDir: '/etc/lienthong',
    })
  })

  test('names everything it lacks, beside what is wrong', () => {
    expect(faultsOf({ NODE_ENV: 'production', PORT: 'x' }).toSorted()).toEqual([
      'DATABASE_URL',
      'PORT',
      'PUBLIC_URL',
      'SECRETS_DIR',
    ])
    for (const name of ['PUBLIC_URL', 'DATABASE_URL', 'SECRETS_DIR'])
      expect(faultsOf({ ...PRODUCTION, [name]: '' })).toEqual([name])
  })

  test('sends no token over the network in the clear', () => {
    expect(faultsOf({ ...PRODUCTION, PUBLIC_URL: 'http://lienthong.example.vn' })).toEqual(['PUBLIC_URL'])
    for (const here of ['http://127.0.0.1:4000', 'http://localhost:4000', 'http://[::1]:4000'])
      expect(faultsOf({ ...PRODUCTION, PUBLIC_URL: here })).toEqual([])
  })
})

test('folders are taken from where the command is run', () => {
  expect(readConfig({ DATA_DIR: 'elsewhere' })).toMatchObject({
    dataDir: resolve('elsewhere'),
    secretsDir: resolve('elsewhere/secrets'),
  })
  expect(readConfig({ DATA_DIR: join(homedir(), 'lt'), SECRETS_DIR: 's' })).toMatchObject({
    dataDir: join(homedir(), 'lt'),
    secretsDir: resolve('s'),
  })
})

test('callers are told an address they can reach, whatever is listened on', () => {
  const told = (host: string): string => publicUrlOf(readConfig({ HOST: host, PORT: '4100' }))
  expect(['127.0.0.1', '0.0.0.0', '::', '::1', 'lt.local'].map(told)).toEqual([
    'http://127.0.0.1:4100',
    'http://127.0.0.1:4100',
    'http://[::1]:4100',
    'http://[::1]:4100',
    'http://lt.local:4100',
  ])
  expect(publicUrlOf(readConfig({ PUBLIC_URL: 'https://lienthong.example.vn/' }))).toBe('https://lienthong.example.vn')
})
