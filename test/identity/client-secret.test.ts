// Client secrets: for the application of a sandbox, at a sandbox, as long as it has no key; and for nobody else.
import { createHash, generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endPool } from '../../platform/runtime/end-pool.ts'
import { createAuthorizationServer } from '../../subgraphs/identity/oauth/authorization-server.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'

const SECRET = 'b1946ac92492d2347c6235b4d2611184-a-secret-of-the-test'
const CLIENT = 'sandbox-abc'

let database: TestDatabase
let pool: pg.Pool
const servers: Server[] = []

async function open(sandbox: boolean): Promise<string> {
  const server = createServer()
  servers.push(server)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
  const oauth = createAuthorizationServer({
    issuer,
    resource: `${issuer}/graphql`,
    pool,
    signingKeys: [{ ...jwk, kid: 'k', alg: 'ES256', use: 'sig' }],
    cookieKeys: ['cookies'],
    accountKeys: ['a key of the test, long enough'],
    sandbox,
    log: pino({ level: 'silent' }),
  })
  server.on('request', (req, res) => void oauth.handle(req, res))
  return issuer
}

async function ask(issuer: string, { client = CLIENT, secret = SECRET, inBody = false } = {}): Promise<unknown> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(inBody ? { client_id: client, client_secret: secret } : {}),
  })
  const basic = `Basic ${Buffer.from(`${encodeURIComponent(client)}:${encodeURIComponent(secret)}`).toString('base64')}`
  const response = await fetch(`${issuer}/oauth/token`, { method: 'POST', body, headers: inBody ? {} : { authorization: basic } })
  const answer = (await response.json()) as { error?: string; token_type?: string }
  return answer.error ?? answer.token_type
}

let sandbox: string
let production: string
beforeAll(async () => {
  database = await freshDatabase({ province: false })
  pool = new pg.Pool({ connectionString: database.urlOf('identity'), max: 4 })
  const hash = createHash('sha256').update(SECRET).digest('base64url')
  await database.sql(
    `insert into access.client (client_id, application_id, display_name, environment, scopes, status, jwks, updated_at, secret_hash)
     values ($1, gen_random_uuid(), 'A', 'SANDBOX', '{school.read}', 'ACTIVE', '{"keys":[]}', now(), $2),
       ('without', gen_random_uuid(), 'B', 'SANDBOX', '{school.read}', 'ACTIVE', '{"keys":[]}', now(), null)`,
    [CLIENT, hash],
  )
  sandbox = await open(true)
  production = await open(false)
})
afterAll(async () => {
  for (const server of servers) await new Promise((closed) => server.close(closed))
  if (pool) await endPool(pool)
  await database?.drop()
})

test('the secret of a sandbox gives a token', async () => {
  expect(await ask(sandbox)).toBe('Bearer')
})

test.each([
  ['a wrong secret', { secret: `${SECRET}x` }],
  ['an empty secret', { secret: ' ' }],
  ['the hash that is stored', { secret: createHash('sha256').update(SECRET).digest('base64url') }],
  ['a client that has no secret', { client: 'without' }],
  ['a client that is not there', { client: 'nobody' }],
  ['the secret in the body', { inBody: true }],
])('%s gives none, in one and the same words', async (_what, wrong) => {
  expect(await ask(sandbox, wrong)).toBe('invalid_client')
})

test('production takes no secret, although the database knows it', async () => {
  expect(await ask(production)).toBe('invalid_client')
})

test('the database keeps no secret of a client of production', async () => {
  const put = database.sql(
    `insert into access.client (client_id, application_id, display_name, environment, scopes, status, jwks, updated_at, secret_hash)
     values ('real', gen_random_uuid(), 'C', 'PRODUCTION', '{}', 'ACTIVE', '{"keys":[]}', now(), 'x')`,
  )
  await expect(put).rejects.toMatchObject({ constraint: 'client_secret_is_of_the_sandbox' })
})

test('who is registered for bound tokens gets none that is bound to nothing, by a secret neither', async () => {
  const bind = (bound: boolean) => database.sql('update access.client set dpop_bound = $2 where client_id = $1', [CLIENT, bound])
  await bind(true)
  expect(await ask(sandbox)).toBe('invalid_dpop_proof')
  await bind(false)
  expect(await ask(sandbox)).toBe('Bearer')
})

test('whoever is suspended, or has a key, gets none for the secret', async () => {
  await database.sql(`update access.client set status = 'SUSPENDED' where client_id = $1`, [CLIENT])
  expect(await ask(sandbox)).toBe('invalid_client')
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
  await database.sql(`update access.client set status = 'ACTIVE', jwks = $2 where client_id = $1`, [
    CLIENT,
    JSON.stringify({ keys: [key] }),
  ])
  expect(await ask(sandbox)).toBe('invalid_client')
})
