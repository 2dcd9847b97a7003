// A token bound to a key is worth nothing without a proof by that key, made for this request and used once, whichever gateway sees it.
import { createHash, randomUUID } from 'node:crypto'
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
    codes: ['PROOF_INVALID'],
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
    expect((await send(proof, { at: second })).codes).toEqual(['PROOF_INVALID'])
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
  ['is old', () => ({ claims: { iat: seconds() - 120 } })],
  ['is of the future', () => ({ claims: { iat: seconds() + 60 } })],
  ['has no time', () => ({ claims: { iat: undefined } })],
  ['has no id', () => ({ claims: { jti: undefined } })],
  ['has an endless id', () => ({ claims: { jti: 'x'.repeat(300) } })],
  ['names another token', () => ({ claims: { ath: athOf('another') } })],
  ['names no token', () => ({ claims: { ath: undefined } })],
]

describe('a proof is refused that', () => {
  test.each(FAULTS)('%s', async (_, wishes) => {
    expect((await send(await proofOf(wishes()))).codes).toEqual(['PROOF_INVALID'])
  })

  test.each([null, '', 'x', 'a.b.c'])('is none: %j', async (proof) => {
    expect((await send(proof)).codes).toEqual(['PROOF_INVALID'])
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

test('a token confirmed in a way that we do not know is refused', async () => {
  const token = await door.token({ claims: { cnf: { 'x5t#S256': 'x' } } })
  expect((await send(null, { token, scheme: 'Bearer' })).codes).toEqual(['TOKEN_INVALID'])
})

test('who has no right proof, or no proof to give, makes us write nothing', async () => {
  const count = async () => Number((await database.sql<{ n: string }>('select count(*) as n from access.used_proof', []))[0]!.n)
  const before = await count()
  await send(await proofOf({ by: stranger.privateKey }))
  await door.ask('{ __typename }')
  expect(await count()).toBe(before)
})
