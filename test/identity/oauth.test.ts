// Tokens: which requests the authorization server answers with an access token, and which it refuses.
import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import {
  createLocalJWKSet,
  decodeJwt,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  jwtVerify,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWK,
} from 'jose'
import { MikroORM } from '@mikro-orm/postgresql'
import { Migrator } from '@mikro-orm/migrations'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { startEmbeddedPostgres } from '../../platform/postgres/embedded.ts'
import { endPool } from '../../platform/runtime/end-pool.ts'
import { fetchToken, signAssertion, TokenError, type TokenRequest } from '../../sdk/token.ts'
import { createTokenSource } from '../../sdk/token-source.ts'
import { AccessGrants20261122T0900 } from '../../subgraphs/kernel/migrations/20261122T0900_access_grants.ts'
import { ActingForPeople20261122T1330 } from '../../subgraphs/kernel/migrations/20261122T1330_acting_for_people.ts'
import { UsedProofs20261127T1500 } from '../../subgraphs/kernel/migrations/20261127T1500_used_proofs.ts'
import { SandboxTenants20261127T1600 } from '../../subgraphs/kernel/migrations/20261127T1600_sandbox_tenants.ts'
import { OauthState20261122T0910 } from '../../subgraphs/identity/migrations/20261122T0910_oauth_state.ts'
import { createAuthorizationServer, type AuthorizationServer } from '../../subgraphs/identity/oauth/authorization-server.ts'
import { PayloadStore } from '../../subgraphs/identity/oauth/payload-store.ts'

/** A database with the two migrations in it: `owner` may do everything, `identityUrl` connects as the platform does. */
interface TestDatabase {
  readonly owner: pg.Pool
  readonly identityUrl: string
  close(): Promise<void>
}

async function openTestDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'lienthong-oauth-'))
  const server = await startEmbeddedPostgres({
    dataDir: join(folder, 'data'),
    superuserPassword: randomUUID(),
    settings: { fsync: 'off' },
  })
  const owner = new pg.Pool({ connectionString: server.connectionUrl(), max: 4 })
  owner.on('error', () => undefined)
  await owner.query(`create schema access; create schema identity; create role lt_identity login password 'lt_identity'`)
  const orm = await MikroORM.init({
    clientUrl: server.connectionUrl(),
    dbName: 'postgres',
    driverOptions: { connectionString: server.connectionUrl() },
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    migrations: {
      snapshot: false,
      silent: true,
      migrationsList: [
        { name: 'AccessGrants20261122T0900', class: AccessGrants20261122T0900 },
        { name: 'ActingForPeople20261122T1330', class: ActingForPeople20261122T1330 },
        { name: 'UsedProofs20261127T1500', class: UsedProofs20261127T1500 },
        { name: 'SandboxTenants20261127T1600', class: SandboxTenants20261127T1600 },
        { name: 'OauthState20261122T0910', class: OauthState20261122T0910 },
      ],
    },
    logger: () => undefined,
  })
  await orm.migrator.up()
  await orm.close(true)
  await owner.query(`
    grant usage on schema access, identity to lt_identity;
    grant select on access.client to lt_identity;
    grant select, insert, update, delete on all tables in schema identity to lt_identity`)
  const identityUrl = new URL(server.connectionUrl())
  identityUrl.username = 'lt_identity'
  identityUrl.password = 'lt_identity'
  return {
    owner,
    identityUrl: identityUrl.href,
    async close() {
      await owner.end()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const APPLICATION = 'smas-thanh-hoa'
const SUSPENDED = 'suspended-product'
const SCOPES = ['school.read', 'gradebook.read', 'gradebook.write']
const GRANT = 'client_credentials'
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

let database: TestDatabase
let pool: pg.Pool
let door: Door
let smasKey: CryptoKey
let smasJwk: JWK
let edKey: CryptoKey
let strangerKey: CryptoKey
let signingJwk: JWK
let logged: string[]

/** A server in front of which a test can stand: the listening address is not the issuer, as behind a gateway. */
interface Door {
  readonly server: AuthorizationServer
  readonly address: string
  readonly issuer: string
  readonly resource: string
  close(): Promise<void>
}

const ISSUER = 'https://lienthong.example.vn'

async function openDoor(options: { pool?: pg.Pool; now?: () => Date; signingKeys?: JWK[] } = {}): Promise<Door> {
  const issuer = ISSUER
  const resource = `${issuer}/graphql`
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) })
  const server = createAuthorizationServer({
    issuer,
    resource,
    pool: options.pool ?? pool,
    signingKeys: options.signingKeys ?? [signingJwk],
    cookieKeys: ['test'],
    accountKeys: ['test'],
    now: options.now,
    log,
  })
  const http: Server = createServer((req, res) => void server.handle(req, res))
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening))
  return {
    server,
    issuer,
    resource,
    address: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    close: () =>
      new Promise((closed) => {
        http.close(() => closed())
        http.closeAllConnections()
      }),
  }
}

const nowSeconds = (): number => Math.floor(Date.now() / 1000)

interface AssertionChange {
  readonly claims?: Record<string, unknown>
  readonly header?: Record<string, unknown>
  readonly key?: CryptoKey | Uint8Array
  readonly client?: string
}

function assertion({ claims = {}, header = {}, key = smasKey, client = APPLICATION }: AssertionChange = {}): Promise<string> {
  const iat = nowSeconds()
  const payload = { iss: client, sub: client, aud: ISSUER, jti: randomUUID(), iat, exp: iat + 60, ...claims }
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', ...header }).sign(key)
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

async function ask(path: string, init?: RequestInit, at = door): Promise<Answer> {
  const response = await fetch(`${at.address}${path}`, init)
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> }
}

type Parameters = Record<string, string | string[]>

const post = (parameters: Parameters, at = door, headers: Record<string, string> = {}): Promise<Answer> => {
  const body = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) for (const one of [value].flat()) body.append(name, one)
  return ask('/oauth/token', { method: 'POST', body, headers }, at)
}

async function askToken(change: AssertionChange = {}, parameters: Parameters = {}, at = door): Promise<Answer> {
  const client_assertion = await assertion(change)
  return post({ grant_type: GRANT, client_assertion_type: ASSERTION_TYPE, client_assertion, ...parameters }, at)
}

async function registerClient(id: string, keys: unknown[], scopes = SCOPES, status = 'ACTIVE'): Promise<void> {
  await database.owner.query(
    `insert into access.client (client_id, application_id, display_name, environment, scopes, status, jwks, updated_at)
     values ($1, gen_random_uuid(), $1, 'SANDBOX', $2, $3, $4, now())`,
    [id, scopes, status, { keys }],
  )
}

beforeAll(async () => {
  database = await openTestDatabase()
  pool = new pg.Pool({ connectionString: database.identityUrl, max: 25 })
  pool.on('error', () => undefined)
  const smas = await generateKeyPair('ES256', { extractable: true })
  const ed = await generateKeyPair('EdDSA', { extractable: true })
  smasKey = smas.privateKey
  smasJwk = await exportJWK(smas.privateKey)
  edKey = ed.privateKey
  strangerKey = (await generateKeyPair('ES256')).privateKey
  signingJwk = await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey)
  const smasPublic = await exportJWK(smas.publicKey)
  await registerClient(APPLICATION, [smasPublic, await exportJWK(ed.publicKey)])
  await registerClient(SUSPENDED, [smasPublic], SCOPES, 'SUSPENDED')
  await registerClient('revoked-product', [smasPublic], SCOPES, 'REVOKED')
  await registerClient('no-scopes', [smasPublic], [])
  await registerClient('unknown-scope', [smasPublic], ['school.read', 'everything'])
  await registerClient('rsa-only', [await exportJWK((await generateKeyPair('PS256')).publicKey)])
  await registerClient('no-keys', [])
}, 60_000)

afterAll(async () => {
  if (pool) await endPool(pool)
  await database?.close()
}, 60_000)

beforeEach(async () => {
  logged = []
  door = await openDoor()
})

afterEach(async () => {
  vi.restoreAllMocks()
  await door.close()
})

describe('a token', () => {
  test('carries what RFC 9068 asks for, lives five minutes, and is signed with a published key', async () => {
    const { status, body, headers } = await askToken()
    const before = nowSeconds()
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toEqual({ access_token: expect.any(String), expires_in: 300, scope: SCOPES.join(' '), token_type: 'Bearer' })
    const published = (await ask('/oauth/jwks')).body as { keys: JWK[] }
    const { payload, protectedHeader } = await jwtVerify(String(body.access_token), createLocalJWKSet(published), {
      typ: 'at+jwt',
      issuer: ISSUER,
      audience: `${ISSUER}/graphql`,
      algorithms: ['ES256'],
    })
    expect(protectedHeader.kid).toBe(published.keys[0]?.kid)
    expect(payload).toEqual({
      iss: ISSUER,
      sub: APPLICATION,
      client_id: APPLICATION,
      aud: `${ISSUER}/graphql`,
      scope: SCOPES.join(' '),
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: payload.iat! + 300,
    })
    expect(Math.abs(payload.iat! - before)).toBeLessThanOrEqual(2)
  })

  test('is given for an Ed25519 key as well, and for a key named by its kid', async () => {
    expect((await askToken({ key: edKey, header: { alg: 'EdDSA' } })).status).toBe(200)
    const named = await generateKeyPair('ES256')
    await registerClient('named-key', [{ ...(await exportJWK(named.publicKey)), kid: 'k1' }])
    const change = { client: 'named-key', key: named.privateKey }
    expect((await askToken({ ...change, header: { kid: 'k1' } })).status).toBe(200)
    expect((await askToken({ ...change, header: { kid: 'k2' } })).body.error).toBe('invalid_client')
  })

  test('of a client with two keys is given for either, until the old one’s day is over or the registry takes it out', async () => {
    const [old, fresh] = [await generateKeyPair('ES256'), await generateKeyPair('EdDSA')]
    const [oldJwk, freshJwk] = [await exportJWK(old.publicKey), await exportJWK(fresh.publicKey)]
    let now = Date.now()
    const clocked = await openDoor({ now: () => new Date(now) })
    const given = async (key: CryptoKey, alg: string): Promise<unknown> => {
      const iat = Math.floor(now / 1000)
      const change = { client: 'rotating', key, header: { alg }, claims: { iat, exp: iat + 60 } }
      return (await askToken(change, {}, clocked)).body.error ?? 'given'
    }
    const both = async () => [await given(old.privateKey, 'ES256'), await given(fresh.privateKey, 'EdDSA')]
    const put = (keys: unknown[]) =>
      database.owner.query(`update access.client set jwks = $1 where client_id = 'rotating'`, [{ keys }])
    try {
      await registerClient('rotating', [oldJwk])
      expect(await both()).toEqual(['given', 'invalid_client'])
      await put([freshJwk, { ...oldJwk, exp: Math.floor(now / 1000) + 240 }])
      expect(await both()).toEqual(['given', 'given'])
      await put([freshJwk, { ...oldJwk, exp: Math.floor(now / 1000) - 1 }])
      expect(await both()).toEqual(['invalid_client', 'given'])
      await put([oldJwk])
      expect(await both()).toEqual(['given', 'invalid_client'])
    } finally {
      await clocked.close()
    }
  })

  test('is believed through a change of the signing key: published, then signing, then retired', async () => {
    const next = { ...(await exportJWK((await generateKeyPair('EdDSA', { extractable: true })).privateKey)), kid: 'next' }
    const steps = [[signingJwk], [signingJwk, next], [next, signingJwk], [next]]
    const doors = await Promise.all(steps.map((signingKeys) => openDoor({ signingKeys })))
    try {
      const sets = doors.map(({ server }) => createLocalJWKSet(server.publicJwks as { keys: JWK[] }))
      const believed: boolean[][] = []
      for (const at of doors) {
        const token = String((await askToken({}, {}, at)).body.access_token)
        believed.push(
          await Promise.all(
            sets.map((keys) =>
              jwtVerify(token, keys).then(
                () => true,
                () => false,
              ),
            ),
          ),
        )
      }
      // Each row a token of one step, each column a gateway that knows the keys of one: neighbours always believe each other.
      expect(believed).toEqual([
        [true, true, true, false],
        [true, true, true, false],
        [false, true, true, true],
        [false, true, true, true],
      ])
    } finally {
      for (const at of doors) await at.close()
    }
  })

  test('is not given to a client that is a person, where it matters', async () => {
    const keys = JSON.stringify({ keys: [{ ...smasJwk, d: undefined }] })
    for (const environment of ['SANDBOX', 'PRODUCTION'])
      await database.owner.query(
        `insert into access.client (client_id, account_id, display_name, environment, scopes, status, jwks, updated_at)
         values ($1, gen_random_uuid(), 'Lê Thị Hoa', $2, '{school.read}', 'ACTIVE', $3, now())`,
        [`person-${environment}`, environment, keys],
      )
    expect((await askToken({ client: 'person-SANDBOX' })).status).toBe(200)
    expect((await askToken({ client: 'person-PRODUCTION' })).body.error).toBe('invalid_client')
  })

  test('is signed with the first key, and a retired key stays published for the tokens that it signed', async () => {
    const old = String((await askToken()).body.access_token)
    const next = await exportJWK((await generateKeyPair('EdDSA', { extractable: true })).privateKey)
    const rotated = await openDoor({ signingKeys: [{ ...next, kid: 'next' }, signingJwk] })
    try {
      const keys = createLocalJWKSet((await ask('/oauth/jwks', {}, rotated)).body as { keys: JWK[] })
      const fresh = String((await askToken({}, {}, rotated)).body.access_token)
      expect((await jwtVerify(fresh, keys)).protectedHeader).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: 'next' })
      expect((await jwtVerify(old, keys)).protectedHeader.alg).toBe('ES256')
    } finally {
      await rotated.close()
    }
  })

  test('is no longer believed when its five minutes are over', async () => {
    const { body } = await askToken()
    const keys = createLocalJWKSet(door.server.publicJwks as { keys: JWK[] })
    const later = (seconds: number) =>
      jwtVerify(String(body.access_token), keys, { currentDate: new Date(Date.now() + seconds * 1000) })
    await expect(later(290)).resolves.toBeTruthy()
    await expect(later(301)).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' })
  })

  test('is dated by the platform’s clock', async () => {
    const ahead = await openDoor({ now: () => new Date(Date.now() + 3_600_000) })
    try {
      const iat = nowSeconds() + 3_600
      const { body } = await askToken({ claims: { iat, exp: iat + 60 } }, {}, ahead)
      expect(Math.abs(decodeJwt(String(body.access_token)).iat! - iat)).toBeLessThanOrEqual(2)
    } finally {
      await ahead.close()
    }
  })
})

describe('scopes', () => {
  test('are exactly those asked for', async () => {
    const { body } = await askToken({}, { scope: 'gradebook.read' })
    expect(body.scope).toBe('gradebook.read')
    expect(decodeJwt(String(body.access_token)).scope).toBe('gradebook.read')
  })

  test.each(['student.basic.read', 'gradebook.read student.basic.read', 'no.such.scope', 'openid', 'offline_access'])(
    'a request for “%s” beyond the client’s own is refused whole',
    async (scope) => {
      const { status, body } = await askToken({}, { scope })
      expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_scope' })
      expect(body.error_description).toContain('gradebook.write')
      expect(body).not.toHaveProperty('access_token')
    },
  )

  test('a client that holds none gets no token, whatever it asks', async () => {
    for (const parameters of [{}, { scope: 'school.read' }] as Parameters[]) {
      expect((await askToken({ client: 'no-scopes' }, parameters)).body.error).toBe('invalid_scope')
    }
  })

  test('a scope outside the catalogue is never granted, even if the registry names it', async () => {
    expect((await askToken({ client: 'unknown-scope' })).body.scope).toBe('school.read')
    expect((await askToken({ client: 'unknown-scope' }, { scope: 'everything' })).body.error).toBe('invalid_scope')
  })

  test('taken away in the registry are gone from the next token', async () => {
    await registerClient('narrowed', [{ ...smasJwk, d: undefined }])
    expect((await askToken({ client: 'narrowed' })).body.scope).toBe(SCOPES.join(' '))
    await database.owner.query(`update access.client set scopes = '{school.read}' where client_id = 'narrowed'`)
    expect((await askToken({ client: 'narrowed' })).body.scope).toBe('school.read')
  })
})

describe('the audience', () => {
  test('is our resource, named or not', async () => {
    const { body } = await askToken({}, { resource: `${ISSUER}/graphql` })
    expect(decodeJwt(String(body.access_token)).aud).toBe(`${ISSUER}/graphql`)
  })

  test.each([
    ['https://elsewhere.example/graphql'],
    [`${ISSUER}/graphql/`],
    [`${ISSUER}/`],
    ['graphql'],
    [[`${ISSUER}/graphql`, 'https://elsewhere.example/']],
  ])('%s as resource is refused', async (resource) => {
    const { status, body } = await askToken({}, { resource })
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_target' })
    expect(body.error_description).toContain(`${ISSUER}/graphql`)
  })
})

describe('an assertion is refused', () => {
  const at = (seconds: number): number => nowSeconds() + seconds
  const faults: [string, () => AssertionChange | Promise<AssertionChange>][] = [
    ['signed with another key', () => ({ key: strangerKey })],
    ['of an unknown client', () => ({ client: 'nobody' })],
    ['of a client id that no database could hold', () => ({ client: 'smas\u0000' })],
    ['of a suspended client', () => ({ client: SUSPENDED })],
    ['of a revoked client', () => ({ client: 'revoked-product' })],
    ['of a client whose only key is RSA', () => ({ client: 'rsa-only' })],
    ['of a client without a key', () => ({ client: 'no-keys' })],
    ['that has expired', () => ({ claims: { iat: at(-120), exp: at(-60) } })],
    ['that expires too late', () => ({ claims: { exp: at(3_600) } })],
    ['that is older than five minutes', () => ({ claims: { iat: at(-400), exp: at(60) } })],
    ['from the future', () => ({ claims: { iat: at(120), exp: at(180) } })],
    ['not yet valid', () => ({ claims: { nbf: at(120) } })],
    ['without exp', () => ({ claims: { exp: undefined } })],
    ['without iat', () => ({ claims: { iat: undefined } })],
    ['without jti', () => ({ claims: { jti: undefined } })],
    ['with a jti that is no string', () => ({ claims: { jti: 7 } })],
    ['without aud', () => ({ claims: { aud: undefined } })],
    ['for another server', () => ({ claims: { aud: 'https://elsewhere.example' } })],
    ['for this server and another', () => ({ claims: { aud: [ISSUER, 'https://elsewhere.example'] } })],
    ['for the token endpoint instead of the issuer', () => ({ claims: { aud: `${ISSUER}/oauth/token` } })],
    ['for the address it happens to reach', () => ({ claims: { aud: `${door.address}/oauth/token` } })],
    ['issued by one client about another', () => ({ claims: { iss: 'nobody' } })],
    [
      'with the public key as a shared secret',
      async () => {
        const secret = new TextEncoder().encode(JSON.stringify({ ...smasJwk, d: undefined }))
        return { key: secret, header: { alg: 'HS256' } }
      },
    ],
    ['signed with RSA', async () => ({ key: (await generateKeyPair('PS256')).privateKey, header: { alg: 'PS256' } })],
    [
      'signed with RSA in its oldest way',
      async () => ({ key: (await generateKeyPair('RS256')).privateKey, header: { alg: 'RS256' } }),
    ],
    ['that names a key it has not', () => ({ header: { kid: 'khong-co' } })],
    ['signed with P-384', async () => ({ key: (await generateKeyPair('ES384')).privateKey, header: { alg: 'ES384' } })],
  ]

  test.each(faults)('%s', async (_fault, change) => {
    const { status, body } = await askToken(await change())
    expect({ status, error: body.error }).toEqual({ status: 401, error: 'invalid_client' })
    expect(body).not.toHaveProperty('access_token')
  })

  test('that is not signed at all', async () => {
    const iat = nowSeconds()
    const client_assertion = new UnsecuredJWT({
      iss: APPLICATION,
      sub: APPLICATION,
      aud: ISSUER,
      jti: 'x',
      iat,
      exp: iat + 60,
    }).encode()
    const { body } = await post({ grant_type: GRANT, client_assertion_type: ASSERTION_TYPE, client_assertion })
    expect(body.error).toBe('invalid_client')
  })

  test('changed after it was signed', async () => {
    const [header, , signature] = (await assertion()).split('.')
    const [, payload] = (await assertion({ claims: { exp: at(200) } })).split('.')
    const { body } = await post({
      grant_type: GRANT,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: [header, payload, signature].join('.'),
    })
    expect(body.error).toBe('invalid_client')
  })

  test('in one and the same words, so that a stranger learns nothing about who exists', async () => {
    const answers = await Promise.all([
      askToken({ client: 'nobody', key: strangerKey }),
      askToken({ key: strangerKey }),
      askToken({ client: SUSPENDED }),
      askToken({ claims: { exp: at(3_600) } }),
    ])
    const different = new Set(answers.map(({ status, headers, body }) => JSON.stringify([status, [...headers.keys()], body])))
    expect(different.size).toBe(1)
    expect(answers[0]?.body.error_description).toContain(`aud is ${ISSUER}`)
  })

  const unsigned = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.e30`
  const basic = (client: string): string => `Basic ${Buffer.from(`${client}:secret`).toString('base64')}`

  test.each<[string, (client: string) => { headers?: Record<string, string>; parameters?: Parameters }]>([
    ['nothing but its name', (client) => ({ parameters: { client_id: client } })],
    ['a browser’s origin', (client) => ({ headers: { origin: 'https://elsewhere.example' }, parameters: { client_id: client } })],
    [
      'an attestation',
      (client) => ({ headers: { 'oauth-client-attestation': unsigned({ sub: client }) }, parameters: { client_id: client } }),
    ],
    ['a shared secret', (client) => ({ parameters: { client_id: client, client_secret: 'secret' } })],
    ['a shared secret in the header', (client) => ({ headers: { authorization: basic(client) } })],
    [
      'an unsigned assertion',
      (client) => ({ parameters: { client_assertion_type: ASSERTION_TYPE, client_assertion: unsigned({ sub: client }) } }),
    ],
  ])('in the same words for a known and an unknown client that comes with %s', async (_with, attempt) => {
    const answerTo = async (client: string): Promise<string> => {
      const { headers = {}, parameters = {} } = attempt(client)
      const { status, headers: received, body } = await post({ grant_type: GRANT, ...parameters }, door, headers)
      return JSON.stringify([status, [...received.keys()], body])
    }
    const answer = await answerTo(APPLICATION)
    expect(answer).toBe(await answerTo('nobody'))
    expect(answer).toContain('invalid_client')
  })
})

describe('a used assertion', () => {
  test('is refused the second time, also by another process and after the first request failed', async () => {
    const other = await openDoor()
    try {
      const client_assertion = await assertion()
      const parameters = { grant_type: GRANT, client_assertion_type: ASSERTION_TYPE, client_assertion }
      expect((await post({ ...parameters, scope: 'no.such.scope' })).body.error).toBe('invalid_scope')
      expect((await post(parameters)).body.error).toBe('invalid_client')
      expect((await post(parameters, other)).body.error).toBe('invalid_client')
    } finally {
      await other.close()
    }
  })

  test('gives exactly one token to twenty simultaneous requests at two processes, however slow the database', async () => {
    const other = await openDoor()
    const blocker = await database.owner.connect()
    try {
      const client_assertion = await assertion()
      const parameters = { grant_type: GRANT, client_assertion_type: ASSERTION_TYPE, client_assertion }
      // Reads pass and writes wait: every request that looks before it writes sees an unused assertion.
      await blocker.query('begin')
      await blocker.query('lock table identity.oidc_payload in share row exclusive mode')
      const answers = Promise.all(Array.from({ length: 20 }, (_, index) => post(parameters, index % 2 ? door : other)))
      await vi.waitFor(async () => {
        const { rows } = await database.owner.query(
          `select count(*)::int as waiting from pg_stat_activity where usename = 'lt_identity' and wait_event_type = 'Lock'`,
        )
        expect(rows[0]).toEqual({ waiting: 20 })
      }, 10_000)
      await blocker.query('commit')
      const given = (await answers).map(({ status, body }) => body.error ?? status)
      expect(given.filter((status) => status === 200)).toHaveLength(1)
      expect(given.filter((error) => error === 'invalid_client')).toHaveLength(19)
    } finally {
      blocker.release(true)
      await other.close()
    }
  })

  test('of one client does not use up the same jti of another', async () => {
    await registerClient('ab', [{ ...smasJwk, d: undefined }])
    await registerClient('a', [{ ...smasJwk, d: undefined }])
    expect((await askToken({ client: 'ab', claims: { jti: 'c' } })).status).toBe(200)
    expect((await askToken({ client: 'a', claims: { jti: 'bc' } })).status).toBe(200)
    expect((await askToken({ client: 'a', claims: { jti: 'c' } })).status).toBe(200)
    expect((await askToken({ client: 'a', claims: { jti: 'c' } })).body.error).toBe('invalid_client')
  })
})

describe('what is kept', () => {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
  let now: Date
  let store: PayloadStore

  beforeEach(async () => {
    await database.owner.query('truncate identity.oidc_payload')
    now = new Date('2026-11-22T08:00:00Z')
    store = new PayloadStore(pool, () => now, silent)
  })

  const after = (seconds: number): Date => new Date(now.getTime() + seconds * 1000)
  const countRows = async (): Promise<number> =>
    (await database.owner.query<{ count: number }>('select count(*)::int from identity.oidc_payload')).rows[0]!.count

  test('is found by id, uid and user code until it expires by the platform’s clock, and no longer', async () => {
    const sessions = store.adapterFor('Session')
    await sessions.upsert('s1', { uid: 'u1', userCode: 'c1', accountId: 'teacher' }, 60)
    const expected = { uid: 'u1', userCode: 'c1', accountId: 'teacher' }
    expect(await sessions.find('s1')).toEqual(expected)
    expect(await sessions.findByUid('u1')).toEqual(expected)
    expect(await sessions.findByUserCode('c1')).toEqual(expected)
    expect(await store.adapterFor('Interaction').find('s1')).toBeUndefined()
    now = after(60)
    expect(await sessions.find('s1')).toBeUndefined()
    expect(await sessions.findByUid('u1')).toBeUndefined()
  })

  test('is consumed once: of many that try at the same time one succeeds, and saving again does not undo it', async () => {
    const codes = store.adapterFor('AuthorizationCode')
    await codes.upsert('code', { grantId: 'g' }, 60)
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => codes.consume('code')))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await codes.upsert('code', { grantId: 'g' }, 60)
    expect((await codes.find('code'))?.consumed).toBe(now.getTime() / 1000)
  })

  test('goes with its grant, and only with its own', async () => {
    const tokens = store.adapterFor('RefreshToken')
    await tokens.upsert('mine', { grantId: 'g1' }, 60)
    await tokens.upsert('yours', { grantId: 'g2' }, 60)
    await tokens.revokeByGrantId('g1')
    expect(await tokens.find('mine')).toBeUndefined()
    expect(await tokens.find('yours')).toBeDefined()
    await tokens.destroy('yours')
    expect(await tokens.find('yours')).toBeUndefined()
  })

  test('of used assertions cannot be replaced by a save', async () => {
    await expect(store.adapterFor('ReplayDetection').upsert('x', {}, 60)).rejects.toThrow()
    expect(await countRows()).toBe(0)
  })

  test('is cleared away some time after it expired, a bounded number at a time and in passing', async () => {
    await database.owner.query(
      `insert into identity.oidc_payload (model, id, payload, expires_at)
       select 'ReplayDetection', 'old-' || n, '{}', $1 from generate_series(1, 250) n`,
      [after(-3_600)],
    )
    await store.claimOnce('client', 'just expired', after(-60))
    expect(await countRows()).toBe(51)
    for (let write = 0; write < 50; write++) await store.claimOnce('client', `jti ${write}`, after(60))
    expect(await countRows()).toBe(51)
    expect(await store.claimOnce('client', 'just expired', after(-60))).toBe(false)
  })
})

describe('the metadata', () => {
  test.each(['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'])(
    '%s lists what the server does and nothing else, at the issuer’s address whatever Host arrives',
    async (path) => {
      const { headers } = await ask(path, { headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'ftp' } })
      expect(headers.get('content-type')).toContain('application/json')
      const document = await askAsHost(path, 'evil.example')
      const scopes = document.scopes_supported as string[]
      expect(document).toEqual({
        issuer: ISSUER,
        token_endpoint: `${ISSUER}/oauth/token`,
        jwks_uri: `${ISSUER}/oauth/jwks`,
        authorization_endpoint: `${ISSUER}/oauth/authorize`,
        pushed_authorization_request_endpoint: `${ISSUER}/oauth/par`,
        revocation_endpoint: `${ISSUER}/oauth/revoke`,
        introspection_endpoint: `${ISSUER}/oauth/introspect`,
        authorization_response_iss_parameter_supported: true,
        code_challenge_methods_supported: ['S256'],
        response_modes_supported: ['form_post', 'fragment', 'query'],
        grant_types_supported: expect.arrayContaining([
          'authorization_code',
          'client_credentials',
          'urn:ietf:params:oauth:grant-type:token-exchange',
        ]),
        response_types_supported: ['code'],
        token_endpoint_auth_methods_supported: ['private_key_jwt', 'none'],
        token_endpoint_auth_signing_alg_values_supported: ['ES256', 'EdDSA'],
        dpop_signing_alg_values_supported: ['ES256', 'EdDSA', 'Ed25519'],
        scopes_supported: expect.arrayContaining(['school.read', 'gradebook.write']),
        protected_resources: [`${ISSUER}/graphql`],
      })
      expect(scopes).not.toContain('openid')
    },
  )

  test('the published keys have no private part', async () => {
    const { body } = await ask('/oauth/jwks')
    const [key] = body.keys as JWK[]
    expect(body.keys).toHaveLength(1)
    expect(key).toEqual({
      kty: 'EC',
      crv: 'P-256',
      x: signingJwk.x,
      y: signingJwk.y,
      kid: expect.any(String),
      alg: 'ES256',
      use: 'sig',
    })
    expect(door.server.publicJwks).toEqual(body)
    expect(JSON.stringify([body, door.server])).not.toContain(signingJwk.d)
  })

  test.each([
    ['no key', []],
    ['an RSA key', [{ kty: 'RSA', n: 'x', e: 'AQAB', d: 'x' }]],
    ['a public key', [{ kty: 'OKP', crv: 'Ed25519', x: 'x' }]],
  ])('a server with %s to sign with does not start', (_what, signingKeys) => {
    const options = {
      issuer: ISSUER,
      resource: ISSUER,
      pool,
      cookieKeys: ['x'],
      accountKeys: ['x'],
      log: pino({ level: 'silent' }),
    }
    expect(() => createAuthorizationServer({ ...options, signingKeys: signingKeys as JWK[] })).toThrow(/key/)
    expect(() => createAuthorizationServer({ ...options, issuer: `${ISSUER}/path`, signingKeys: [signingJwk] })).toThrow(/issuer/)
  })

  const askAsHost = (path: string, host: string): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      httpRequest(`${door.address}${path}`, { headers: { host } }, (response) => {
        let text = ''
        response.on('data', (chunk) => (text += chunk)).on('end', () => resolve(JSON.parse(text) as Record<string, unknown>))
      })
        .on('error', reject)
        .end()
    })
})

describe('the door', () => {
  test.each([
    ['GET', '/oauth/token', 405],
    ['OPTIONS', '/oauth/token', 405],
    ['DELETE', '/oauth/jwks', 405],
    ['POST', '/.well-known/openid-configuration', 405],
    ['GET', '/oauth/auth', 404],
    ['GET', '/auth', 404],
    ['POST', '/session/end/confirm', 404],
    ['POST', '/reg', 404],
    ['POST', '/oauth/TOKEN', 404],
    ['GET', '/interaction/x', 404],
    ['GET', '/', 404],
  ])('%s %s answers %i in JSON', async (method, path, status) => {
    const answer = await ask(path, { method })
    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({ error: expect.any(String), error_description: expect.any(String) })
    if (status === 405) expect(answer.headers.get('allow')).toBeTruthy()
  })

  test.each([
    ['no grant type', { grant_type: '' }, 400, 'invalid_request'],
    ['an unknown grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['a grant of people without a redirect', { grant_type: 'authorization_code' }, 400, 'invalid_request'],
    ['an implicit grant', { grant_type: 'implicit' }, 400, 'unsupported_grant_type'],
    ['two grant types', { grant_type: [GRANT, GRANT] }, 400, 'invalid_request'],
    ['two assertions', { client_assertion: ['a', 'b'] }, 400, 'invalid_request'],
    ['an assertion that is no JWT', { client_assertion: 'hello' }, 400, 'invalid_request'],
    ['another assertion type', { client_assertion_type: 'urn:x' }, 400, 'invalid_request'],
    ['another client id', { client_id: 'nobody' }, 400, 'invalid_request'],
    ['a scope with a control character', { scope: 'a\u0007b' }, 400, 'invalid_scope'],
  ] as [string, Parameters, number, string][])(
    'a request with %s is refused with a way out',
    async (_what, parameters, status, error) => {
      const answer = await askToken({}, parameters)
      expect({ status: answer.status, error: answer.body.error }).toEqual({ status, error })
      expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]{10,}$/)
      expect(answer.headers.get('cache-control')).toBe('no-store')
    },
  )

  test('a body that is JSON, too long or empty is refused in JSON, whatever the caller accepts', async () => {
    const bodies: RequestInit[] = [
      { body: '{}', headers: { 'content-type': 'application/json', accept: 'text/html' } },
      { body: 'x'.repeat(100_000), headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' } },
      { headers: { accept: 'text/html' } },
    ]
    for (const init of bodies) {
      const { status, body } = await ask('/oauth/token', { method: 'POST', ...init })
      expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_request' })
    }
  })

  test('a browser’s page gets no permission to read an answer unless the gateway gave it', async () => {
    const permissions = ({ headers }: Answer): string[] =>
      [...headers.keys()].filter((name) => name.startsWith('access-control-'))
    const headers = { origin: 'https://elsewhere.example' }
    expect(permissions(await post({ grant_type: GRANT }, door, headers))).toEqual([])
    expect(permissions(await ask('/oauth/jwks', { headers }))).toEqual([])
    const gateway = createServer((req, res) => {
      res.setHeader('access-control-allow-origin', 'https://portal.example')
      void door.server.handle(req, res)
    })
    await new Promise<void>((listening) => gateway.listen(0, '127.0.0.1', listening))
    const answer = await ask(
      '/oauth/jwks',
      { headers },
      { ...door, address: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}` },
    )
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://portal.example')
    expect(permissions(answer)).toHaveLength(1)
    await new Promise((closed) => gateway.close(closed))
  })

  test('an unexpected failure is masked, with an id that leads to it in the log', async () => {
    await database.owner.query('alter table access.client rename to client_away')
    try {
      const { status, body } = await askToken()
      expect({ status, error: body.error }).toEqual({ status: 500, error: 'server_error' })
      const id = /id: ([0-9a-f-]{36})/.exec(String(body.error_description))?.[1]
      expect(JSON.stringify(body)).not.toContain('access.client')
      expect(logged.find((line) => line.includes(id!))).toContain('access.client')
    } finally {
      await database.owner.query('alter table access.client_away rename to client')
    }
  })

  test('a database that is away answers 503 with Retry-After', async () => {
    const nowhere = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 1_000 })
    const cutOff = await openDoor({ pool: nowhere })
    try {
      const { status, headers, body } = await askToken({}, {}, cutOff)
      expect({ status, error: body.error, retryAfter: headers.get('retry-after') }).toEqual({
        status: 503,
        error: 'temporarily_unavailable',
        retryAfter: '2',
      })
    } finally {
      await cutOff.close()
      await nowhere.end()
    }
  })

  test('neither assertions nor tokens nor keys are logged, and nothing is printed on the console', async () => {
    const printed = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name))
    const quiet = await openDoor()
    try {
      const sent = await Promise.all([assertion(), assertion({ key: strangerKey }), assertion({ client: 'nobody' })])
      const given: string[] = []
      for (const client_assertion of [...sent, ...sent, 'not.a.jwt']) {
        const { body } = await post({ grant_type: GRANT, client_assertion_type: ASSERTION_TYPE, client_assertion }, quiet)
        if (typeof body.access_token === 'string') given.push(body.access_token)
      }
      await ask('/oauth/jwks', {}, quiet)
      await ask('/.well-known/openid-configuration', {}, quiet)
      expect(given).toHaveLength(1)
      expect(logged.length).toBeGreaterThan(3)
      const text = logged.join('')
      for (const secret of [...sent, ...given]) for (const part of secret.split('.')) expect(text).not.toContain(part)
      for (const secret of [signingJwk.d, smasJwk.d, 'not.a.jwt']) expect(text).not.toContain(secret)
      for (const spy of printed) expect(spy).not.toHaveBeenCalled()
    } finally {
      await quiet.close()
    }
  })

  test('the request is handed back to the gateway as it came', async () => {
    const seen: unknown[] = []
    const http = createServer((req, res) => {
      const { headers, url } = req
      void door.server.handle(req, res).then(() => seen.push(req.headers === headers, req.url === url))
    })
    await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening))
    const response = await fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}/oauth/jwks?x=1`)
    await response.text()
    await new Promise((closed) => http.close(closed))
    expect(seen).toEqual([true, true])
  })
})

describe('the SDK', () => {
  const request = (): TokenRequest => ({
    tokenEndpoint: `${door.address}/oauth/token`,
    issuer: ISSUER,
    clientId: APPLICATION,
    privateKey: smasJwk,
  })

  test('fetches a token with a JWK or a PEM of either kind', async () => {
    const expected = { accessToken: expect.any(String), expiresIn: 300, scope: SCOPES.join(' ') }
    expect(await fetchToken(request())).toEqual(expected)
    expect(await fetchToken({ ...request(), privateKey: await exportPKCS8(smasKey) })).toEqual(expected)
    expect(await fetchToken({ ...request(), privateKey: await exportPKCS8(edKey) })).toEqual(expected)
    expect(await fetchToken({ ...request(), scope: ['school.read', 'gradebook.read'] })).toMatchObject({
      scope: 'school.read gradebook.read',
    })
  })

  test('tells a refusal with its code and way out, and refuses a key of another kind before sending anything', async () => {
    const refused = await fetchToken({ ...request(), clientId: 'nobody' }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(TokenError)
    expect(refused).toMatchObject({ error: 'invalid_client', status: 401, message: expect.stringContaining('aud is') })
    const rsa = await exportPKCS8((await generateKeyPair('PS256', { extractable: true })).privateKey)
    await expect(signAssertion({ issuer: ISSUER, clientId: 'x', privateKey: rsa })).rejects.toThrow(/P-256/)
  })

  test('asks once for all who wait, keeps the token while it lasts, and forgets one that the API refused', async () => {
    let asked = 0
    const counting: typeof fetch = (...args) => {
      asked++
      return fetch(...args)
    }
    const source = createTokenSource({ ...request(), fetch: counting })
    const first = new Set(await Promise.all(Array.from({ length: 10 }, () => source.get())))
    expect([first.size, asked]).toEqual([1, 1])
    source.drop('another token')
    expect(first.has(await source.get())).toBe(true)
    const [refused] = first
    source.drop(refused!)
    const second = new Set(await Promise.all([source.get(), source.get()]))
    expect([second.size, asked, second.has(refused!)]).toEqual([1, 2, false])
  })

  test('renews a token 30 s before its end, uses up what is left of it while the endpoint is away, and says so when nothing is left', async () => {
    let now = Date.now()
    let away = false
    const endpoint: typeof fetch = async () =>
      away
        ? Response.json(
            { error: 'temporarily_unavailable', error_description: 'Later.' },
            { status: 503, headers: { 'retry-after': '2' } },
          )
        : Response.json({ access_token: `token at ${now}`, token_type: 'Bearer', expires_in: 300, scope: 'school.read' })
    const source = createTokenSource({ ...request(), fetch: endpoint, now: () => new Date(now) })
    const first = await source.get()
    now += 269_000
    expect(await source.get()).toBe(first)
    now += 2_000
    const second = await source.get()
    expect(second).not.toBe(first)
    away = true
    now += 280_000
    expect(await source.get()).toBe(second)
    now += 21_000
    await expect(source.get()).rejects.toMatchObject({ error: 'temporarily_unavailable', status: 503, retryAfterSeconds: 2 })
    away = false
    expect(await source.get()).not.toBe(second)
  })
})
