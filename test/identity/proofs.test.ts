// Proofs of possession (DPoP, RFC 9449) at the token endpoint and at pushed requests: which are refused. And what FAPI 2.0 asks for besides.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateKeyPairSync } from 'node:crypto'
import { decodeJwt, exportJWK } from 'jose'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signAssertion } from '../../sdk/token.ts'
import { allow, discover, refusalOf, Surfer } from '../testkit/person.ts'
import { startTestPlatform, type TestPlatform } from '../testkit/platform.ts'
import { proofKey, proofOf, type ProofKey, type ProofWishes } from '../testkit/proof.ts'

const APPLICATION = 'smas'
const TEACHER = 'giao-vien-1.thpt-hac-thanh'

let platform: TestPlatform
let smas: client.Configuration
let key: ProofKey
let privateKey: string

beforeAll(async () => {
  platform = await startTestPlatform()
  smas = await discover(platform, APPLICATION)
  key = await proofKey()
  privateKey = await readFile(join(platform.dataDir, platform.party(APPLICATION).privateKeyFile), 'utf8')
}, 120_000)
afterAll(() => platform?.close(), 60_000)

const handle = async (algorithm = 'ES256') => client.getDPoPHandle(smas, await client.randomDPoPKeyPair(algorithm), undefined)

interface Told {
  readonly status: number
  readonly error?: string
  readonly error_description?: string
  readonly token_type?: string
  readonly access_token?: string
}

/** POSTs to an endpoint as the application, with these proofs. */
async function send(path: string, parameters: Record<string, string>, ...proofs: string[]): Promise<Told> {
  const { issuer } = platform.sandbox
  const headers = new Headers()
  for (const proof of proofs) headers.append('dpop', proof)
  const response = await fetch(`${issuer}${path}`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await signAssertion({ issuer, clientId: APPLICATION, privateKey }),
      ...parameters,
    }),
  })
  return { status: response.status, ...((await response.json()) as object) }
}
const askToken = (...proofs: string[]): Promise<Told> => send('/oauth/token', { grant_type: 'client_credentials' }, ...proofs)
const proof = (wishes: ProofWishes = {}, by = key): Promise<string> => proofOf(by, platform.sandbox.tokenEndpoint, null, wishes)

describe('a code that was asked for with a key', () => {
  const checksOf = ({ verifier, state }: { verifier: string; state: string }) => ({
    pkceCodeVerifier: verifier,
    expectedState: state,
  })
  async function codeFor(DPoP: client.DPoPHandle) {
    const verifier = client.randomPKCECodeVerifier()
    const state = client.randomState()
    const url = await client.buildAuthorizationUrlWithPAR(
      smas,
      {
        redirect_uri: 'http://127.0.0.1:50123/callback',
        scope: 'school.read',
        state,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      },
      { DPoP },
    )
    return { verifier, state, back: await allow(platform, new Surfer(platform.sandbox.issuer), url, TEACHER) }
  }

  test('gives its token to that key, and the sign-in is exchanged with that key alone', async () => {
    const DPoP = await handle()
    const code = await codeFor(DPoP)
    const { access_token } = await client.authorizationCodeGrant(smas, code.back, checksOf(code), undefined, { DPoP })
    expect(decodeJwt(access_token).cnf).toEqual({ jkt: await DPoP.calculateThumbprint() })
    const exchanged = (options?: client.DPoPOptions) =>
      client.genericGrantRequest(
        smas,
        'urn:ietf:params:oauth:grant-type:token-exchange',
        { subject_token: access_token, subject_token_type: 'urn:ietf:params:oauth:token-type:access_token' },
        options,
      )
    expect(await refusalOf(exchanged())).toBe('invalid_grant')
    expect(await refusalOf(exchanged({ DPoP: await handle() }))).toBe('invalid_grant')
    expect((await exchanged({ DPoP })).token_type).toBe('dpop')
  })

  test('gives nothing without that key', async () => {
    const without = await codeFor(await handle())
    expect(await refusalOf(client.authorizationCodeGrant(smas, without.back, checksOf(without)))).toBe('invalid_dpop_proof')
    const other = await codeFor(await handle())
    const stolen = client.authorizationCodeGrant(smas, other.back, checksOf(other), undefined, { DPoP: await handle() })
    expect(await refusalOf(stolen)).toBe('invalid_dpop_proof')
  })
})

describe('a proof is refused at the token endpoint', () => {
  const now = (): number => Math.floor(Date.now() / 1_000)
  const faults: [string, () => ProofWishes | Promise<ProofWishes>][] = [
    ['of another type', () => ({ header: { typ: 'JWT' } })],
    ['without its key', () => ({ header: { jwk: undefined } })],
    ['that shows its private key', async () => ({ header: { jwk: await exportJWK(key.privateKey) } })],
    ['signed with another key than it shows', async () => ({ signedWith: (await proofKey()).privateKey })],
    ['with a shared secret', () => ({ header: { alg: 'HS256' }, signedWith: new TextEncoder().encode('x'.repeat(32)) })],
    ['for another method', () => ({ claims: { htm: 'GET' } })],
    ['for another endpoint', () => ({ claims: { htu: platform.sandbox.graphql } })],
    ['for another server', () => ({ claims: { htu: 'https://elsewhere.example/oauth/token' } })],
    ['without an address', () => ({ claims: { htu: undefined } })],
    ['without a time', () => ({ claims: { iat: undefined } })],
    ['without a jti', () => ({ claims: { jti: undefined } })],
    ['that is old', () => ({ claims: { iat: now() - 400 } })],
    ['from the future', () => ({ claims: { iat: now() + 400 } })],
    ['with a nonce that nobody gave', () => ({ claims: { nonce: 'x' } })],
  ]
  test.each(faults)('%s', async (_, wishes) => {
    const told = await askToken(await proof(await wishes()))
    expect([told.status, told.error, told.access_token]).toEqual([400, 'invalid_dpop_proof', undefined])
  })

  test.each(['PS256', 'ES384'])('signed with %s', async (algorithm) => {
    expect((await askToken(await proof({}, await proofKey(algorithm)))).error).toBe('invalid_dpop_proof')
  })

  test('that is none, and beside another', async () => {
    expect((await askToken('x')).error).toBe('invalid_dpop_proof')
    expect((await askToken(await proof(), await proof())).error).toBe('invalid_dpop_proof')
  })

  test('with the way out, and no word of how the client stands', async () => {
    const told = await askToken(await proof({ claims: { htm: 'GET' } }))
    expect(told.error_description).toMatch(/htm mismatch.*typ dpop\+jwt.*never used before/)
  })

  test('the second time, at whichever endpoint', async () => {
    const used = await proof()
    expect((await askToken(used)).token_type).toBe('DPoP')
    expect(await askToken(used)).toMatchObject({ status: 400, error: 'invalid_dpop_proof' })
    const pushed = await proofOf(key, `${platform.sandbox.issuer}/oauth/par`, null)
    const parameters = {
      client_id: APPLICATION,
      response_type: 'code',
      redirect_uri: 'http://127.0.0.1:50123/callback',
      scope: 'school.read',
      code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
    }
    expect((await send('/oauth/par', parameters, pushed)).status).toBe(201)
    expect(await send('/oauth/par', parameters, pushed)).toMatchObject({ status: 400, error: 'invalid_dpop_proof' })
  })

  test('of twenty simultaneous uses by all but one', async () => {
    const used = await proof()
    const answers = await Promise.all(Array.from({ length: 20 }, () => askToken(used)))
    expect(answers.filter(({ token_type }) => token_type === 'DPoP')).toHaveLength(1)
    expect(answers.filter(({ error }) => error === 'invalid_dpop_proof')).toHaveLength(19)
  })

  test('and neither it nor its token is logged', async () => {
    const sent = await proof()
    const { access_token } = await askToken(sent)
    for (const secret of [sent, access_token!])
      for (const part of secret.split('.')) expect(platform.logged().includes(part)).toBe(false)
  })
})

describe('of the profile FAPI 2.0', () => {
  test('the metadata says what is held: pushed requests, S256, codes alone, `iss` in the answer', () => {
    expect(smas.serverMetadata()).toMatchObject({
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: expect.not.arrayContaining(['implicit', 'password', 'refresh_token']),
      pushed_authorization_request_endpoint: `${platform.sandbox.issuer}/oauth/par`,
      response_types_supported: ['code'],
      token_endpoint_auth_signing_alg_values_supported: ['ES256', 'EdDSA'],
    })
  })

  test('an application sends what it wants in a pushed request alone, which is used once and lives less than ten minutes', async () => {
    const parameters = {
      client_id: APPLICATION,
      response_type: 'code',
      redirect_uri: 'http://127.0.0.1:50123/callback',
      scope: 'school.read',
      code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
    }
    const pushed = (await send('/oauth/par', parameters)) as Told & { expires_in: number }
    expect(pushed.expires_in).toBeLessThan(600)
    const { redirect_uri: _left, ...unaddressed } = parameters
    expect((await send('/oauth/par', unaddressed)).error).toBe('invalid_request')
    expect((await send('/oauth/par', { ...parameters, redirect_uri: 'https://elsewhere.example/' })).status).toBe(400)
    const { code_challenge: _bare, ...unchallenged } = parameters
    expect((await send('/oauth/par', unchallenged)).error).toBe('invalid_request')
    expect((await send('/oauth/par', { ...parameters, code_challenge_method: 'plain' })).error).toBe('invalid_request')
    const { issuer } = platform.sandbox
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' })
    const client_assertion = await signAssertion({ issuer, clientId: APPLICATION, privateKey: String(stranger) })
    expect((await send('/oauth/par', { ...parameters, client_assertion })).error).toBe('invalid_client')
  })

  test('an application proves who it is with its key, and with no secret in any form', async () => {
    const basic = await fetch(platform.sandbox.tokenEndpoint, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${APPLICATION}:secret`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    const inBody = await fetch(platform.sandbox.tokenEndpoint, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: APPLICATION, client_secret: 'secret' }),
    })
    for (const answer of [basic, inBody]) expect(await answer.json()).toMatchObject({ error: 'invalid_client' })
  })
})
