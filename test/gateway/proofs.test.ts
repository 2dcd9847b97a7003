// A token bound to a key is worth nothing without a proof by that key, made for this request and used once, whichever gateway sees it.
import { createHash, randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { openDoor, putClient, type Door } from './support/door.ts'

let database: TestDatabase
let door: Door
let key: CryptoKey
let jwk: JWK
let secret: JWK
let stranger: { privateKey: CryptoKey; jwk: JWK }
let bound: string

beforeAll(async () => {
  database = await freshDatabase({ province: false })
  door = await openDoor(database)
  await putClient(database, 'smas')
  const pair = await generateKeyPair('ES256', { extractable: true })
  key = pair.privateKey
  jwk = await exportJWK(pair.publicKey)
  secret = await exportJWK(pair.privateKey)
  const other = await generateKeyPair('ES256')
  stranger = { privateKey: other.privateKey, jwk: await exportJWK(other.publicKey) }
  bound = await door.token({ claims: { cnf: { jkt: await calculateJwkThumbprint(jwk) } } })
})
afterAll(async () => {
  await door?.close()
  await database?.drop()
})

const seconds = () => Math.floor(Date.now() / 1_000)
const athOf = (token: string) => createHash('sha256').update(token).digest('base64url')

interface Wishes {
  readonly claims?: Record<string, unknown>
  readonly header?: Record<string, unknown>
  readonly by?: CryptoKey | Uint8Array
}

const proofOf = ({ claims = {}, header = {}, by = key }: Wishes = {}): Promise<string> =>
  new SignJWT({ jti: randomUUID(), iat: seconds(), htm: 'POST', htu: door.url, ath: athOf(bound), ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...header })
    .sign(by)

const send = async (proof: string | null, { token = bound, scheme = 'DPoP', at = door } = {}) => {
  const answer = await at.ask('{ __typename }', {
    token: null,
    headers: { authorization: `${scheme} ${token}`, ...(proof !== null && { dpop: proof }) },
  })
  return { status: answer.status, codes: answer.codes, challenge: answer.headers.get('www-authenticate') }
}

test('a bound token with a proof by its key opens the door, once for each proof', async () => {
  const proof = await proofOf()
  expect((await send(proof)).status).toBe(200)
  expect(await send(proof)).toEqual({
    status: 401,
    codes: ['PROOF_USED'],
    challenge: expect.stringMatching(/^DPoP realm="lienthong", algs="ES256 EdDSA Ed25519", error="invalid_dpop_proof", /),
  })
})

test('query and fragment of the address in a proof do not count', async () => {
  expect((await send(await proofOf({ claims: { htu: `${door.url}?a=1#b` } }))).status).toBe(200)
})

test('of 20 simultaneous uses of one proof one goes on', async () => {
  const proof = await proofOf()
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(proof)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
})

test('a proof that one gateway has seen is used at every other', async () => {
  const second = await openDoor(database, { publicUrl: new URL(door.url).origin })
  try {
    const proof = await proofOf()
    const issuer = new URL(door.url).origin
    expect((await send(proof)).status).toBe(200)
    expect((await send(proof, { at: second })).codes).toEqual(['PROOF_USED'])
    expect(issuer).not.toBe(new URL(second.url).origin)
    expect((await send(await proofOf(), { at: second })).status).toBe(200)
  } finally {
    await second.close()
  }
})

const FAULTS: readonly [string, () => Wishes][] = [
  ['is of another type', () => ({ header: { typ: 'JWT' } })],
  ['is signed by another key', () => ({ by: stranger.privateKey })],
  [
    'carries and is signed by a key that the token is not bound to',
    () => ({ header: { jwk: stranger.jwk }, by: stranger.privateKey }),
  ],
  ['carries the private key', () => ({ header: { jwk: secret } })],
  ['carries no key', () => ({ header: { jwk: undefined } })],
  ['is signed with a shared secret', () => ({ header: { alg: 'HS256' }, by: new Uint8Array(32) })],
  ['was made for another method', () => ({ claims: { htm: 'GET' } })],
  ['was made for another address', () => ({ claims: { htu: 'https://evil.example/graphql' } })],
  ['was made for another path', () => ({ claims: { htu: `${door.url}/x` } })],
  ['has no time', () => ({ claims: { iat: undefined } })],
  ['has no id', () => ({ claims: { jti: undefined } })],
  ['has an endless id', () => ({ claims: { jti: 'x'.repeat(300) } })],
  ['names another token', () => ({ claims: { ath: athOf('another') } })],
  ['names no token', () => ({ claims: { ath: undefined } })],
  ['is of no type', () => ({ header: { typ: undefined } })],
  ['carries a secret as its key', () => ({ header: { jwk: { kty: 'oct', k: 'AAAA' } } })],
  ['carries a broken key', () => ({ header: { jwk: { ...jwk, x: 'AAAA' } } })],
  ['names what is no address', () => ({ claims: { htu: 'graphql' } })],
  ['names no address', () => ({ claims: { htu: undefined } })],
  ['names no method', () => ({ claims: { htm: undefined } })],
  ['has an empty id', () => ({ claims: { jti: '' } })],
  ['has an id that is no text', () => ({ claims: { jti: 7 } })],
  ['says that it has expired', () => ({ claims: { exp: seconds() - 30 } })],
]

describe('a proof is refused that', () => {
  test.each(FAULTS)('%s', async (_, wishes) => {
    expect((await send(await proofOf(wishes()))).codes).toEqual(['PROOF_INVALID'])
  })

  test.each([null, '', 'x', 'a.b.c'])('is none: %j', async (proof) => {
    expect((await send(proof)).codes).toEqual(['PROOF_INVALID'])
  })

  test.each(['PS256', 'ES384'])('is signed with %s', async (alg) => {
    const { privateKey, publicKey } = await generateKeyPair(alg)
    const proof = await proofOf({ header: { alg, jwk: await exportJWK(publicKey) }, by: privateKey })
    expect((await send(proof)).codes).toEqual(['PROOF_INVALID'])
  })

  test('is not signed', async () => {
    const [, payload] = (await proofOf()).split('.')
    const header = Buffer.from(JSON.stringify({ typ: 'dpop+jwt', alg: 'none', jwk })).toString('base64url')
    expect((await send(`${header}.${payload}.`)).codes).toEqual(['PROOF_INVALID'])
  })

  test('is old or of the future, and is told that it is the clock', async () => {
    for (const iat of [seconds() - 120, seconds() + 60])
      expect((await send(await proofOf({ claims: { iat } }))).codes).toEqual(['PROOF_OUTDATED'])
    for (const iat of [seconds() - 55, seconds() + 8]) expect((await send(await proofOf({ claims: { iat } }))).status).toBe(200)
  })

  test('comes in two headers, and neither is used up', async () => {
    const [one, two] = [await proofOf(), await proofOf()]
    const status = await new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', authorization: `DPoP ${bound}`, dpop: [one, two] }
      request(door.url, { method: 'POST', headers }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end('{"query":"{ __typename }"}')
    })
    expect([status, (await send(one)).status, (await send(two)).status]).toEqual([401, 200, 200])
  })

  test('comes twice', async () => {
    expect((await send(`${await proofOf()}, ${await proofOf()}`)).codes).toEqual(['PROOF_INVALID'])
  })
})

test('a bound token is no bearer token, and a bearer token is not bound by a proof', async () => {
  expect(await send(await proofOf(), { scheme: 'Bearer' })).toEqual({
    status: 401,
    codes: ['TOKEN_BINDING'],
    challenge: expect.stringMatching(/^DPoP .*error="invalid_token"/),
  })
  const bearer = await door.token()
  expect((await send(await proofOf({ claims: { ath: athOf(bearer) } }), { token: bearer })).codes).toEqual(['TOKEN_BINDING'])
})

test.each([{ 'x5t#S256': 'x' }, {}, null, 'jkt', { jkt: null }, { jkt: '' }, { jkt: 7 }])(
  'a token confirmed in a way that we do not know is refused: %j',
  async (cnf) => {
    const token = await door.token({ claims: { cnf } })
    const by = async (scheme: string) => (await send(await proofOf({ claims: { ath: athOf(token) } }), { token, scheme })).codes
    expect([await by('Bearer'), await by('DPoP')]).toEqual([['TOKEN_INVALID'], ['TOKEN_INVALID']])
  },
)

test('who has no right proof, or no proof to give, makes us write nothing', async () => {
  const count = async () => Number((await database.sql<{ n: string }>('select count(*) as n from access.used_proof', []))[0]!.n)
  const before = await count()
  await send(await proofOf({ by: stranger.privateKey }))
  await door.ask('{ __typename }')
  expect(await count()).toBe(before)
})

test('a refusal says what of the proof does not hold', async () => {
  const { body } = await door.ask('{ __typename }', {
    token: null,
    headers: { authorization: `DPoP ${bound}`, dpop: await proofOf({ claims: { htm: 'GET' } }) },
  })
  expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'PROOF_INVALID', fault: 'htm' })
})

test('the proof of one key does not use up the same jti of another', async () => {
  const claims = { jti: randomUUID() }
  const others = await door.token({ claims: { cnf: { jkt: await calculateJwkThumbprint(stranger.jwk) } } })
  const other = { claims: { ...claims, ath: athOf(others) }, header: { jwk: stranger.jwk }, by: stranger.privateKey }
  expect((await send(await proofOf({ claims }))).status).toBe(200)
  expect((await send(await proofOf(other), { token: others })).status).toBe(200)
})

test('an expired token and a suspended client are told so in the scheme they used, and use up no proof', async () => {
  await putClient(database, 'suspended', { status: 'SUSPENDED' })
  const cnf = { jkt: await calculateJwkThumbprint(jwk) }
  const suspended = await door.token({ clientId: 'suspended', claims: { cnf } })
  const expired = await door.token({ expiresIn: -60, claims: { cnf } })
  await database.sql('truncate access.used_proof')
  const told = async (token: string) => send(await proofOf({ claims: { ath: athOf(token) } }), { token })
  expect(await told(suspended)).toMatchObject({ codes: ['APPLICATION_SUSPENDED'], challenge: expect.stringMatching(/^DPoP /) })
  expect(await told(expired)).toMatchObject({
    codes: ['TOKEN_EXPIRED'],
    challenge: expect.stringMatching(/^DPoP .*invalid_token/),
  })
  expect(await database.sql('select 1 from access.used_proof')).toEqual([])
})

test('a GET needs a proof for GET', async () => {
  const by = async (htm: string) => {
    const headers = {
      authorization: `DPoP ${bound}`,
      dpop: await proofOf({ claims: { htm } }),
      'apollo-require-preflight': 'true',
    }
    return (await fetch(`${door.url}?documentId=unknown`, { headers })).status
  }
  expect(await by('POST')).toBe(401)
  expect(await by('GET')).not.toBe(401)
})

test('when used proofs cannot be written down nobody with a bound token comes in, and bearer tokens do', async () => {
  await database.sql('revoke execute on function access.use_proof(text, timestamptz) from lt_gateway')
  try {
    expect((await send(await proofOf())).status).toBeGreaterThanOrEqual(500)
    expect((await door.ask('{ __typename }')).status).toBe(200)
  } finally {
    await database.sql('grant execute on function access.use_proof(text, timestamptz) to lt_gateway')
  }
})

test('when old proofs cannot be cleared away, the request whose turn it was is answered all the same', async () => {
  await database.sql('revoke execute on function access.forget_proofs(timestamptz) from lt_gateway')
  // A fresh gateway clears at its first use.
  const fresh = await openDoor(database, { publicUrl: new URL(door.url).origin })
  try {
    expect((await send(await proofOf(), { at: fresh })).status).toBe(200)
    await expect.poll(() => fresh.log.join('')).toContain('used proofs could not be cleared')
  } finally {
    await database.sql('grant execute on function access.forget_proofs(timestamptz) to lt_gateway')
    await fresh.close()
  }
})

test('old proofs are cleared away, and those that may still be believed stay', async () => {
  await database.sql(
    `insert into access.used_proof values ('old', now() - interval '1 year'), ('young', now() + interval '1 minute')`,
  )
  const fresh = await openDoor(database, { publicUrl: new URL(door.url).origin })
  try {
    await send(await proofOf(), { at: fresh })
    const left = () => database.sql(`select id from access.used_proof where id in ('old', 'young')`)
    await expect.poll(left).toEqual([{ id: 'young' }])
  } finally {
    await fresh.close()
  }
})

test('neither token nor proof is logged', async () => {
  const proof = await proofOf()
  await send(proof)
  for (const secret of [bound, proof]) for (const part of secret.split('.')) expect(door.log.join('').includes(part)).toBe(false)
})
