// Tokens bound to a key (DPoP, RFC 9449), with an independent client and our own: from the token endpoint to the API, in both topologies.
import { createHash, generateKeyPairSync } from 'node:crypto'
import { decodeJwt } from 'jose'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient } from '../../sdk/client.ts'
import { WhoAmIDocument } from '../../sdk/generated/graphql.ts'
import { createProver, type Prover } from '../../sdk/proof.ts'
import { createTokenSource, type TokenSource } from '../../sdk/token-source.ts'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { allow, ask, discover, graphql, refusalOf, Surfer } from '../testkit/person.ts'
import { startTestPlatform, TOPOLOGIES, type TestPlatform } from '../testkit/platform.ts'

const APPLICATION = 'smas'
const TEACHER = 'giao-vien-1.thpt-hac-thanh'
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const WHO = '{ viewer { kind } }'

describe.each(TOPOLOGIES)('in %s', (topology) => {
  let platform: TestPlatform
  let smas: client.Configuration

  beforeAll(async () => {
    platform = await startTestPlatform({ topology })
    smas = await discover(platform, APPLICATION)
  }, 180_000)
  afterAll(() => platform?.close(), 60_000)

  /** The library writes Ed25519 (RFC 9864); older ones write EdDSA for the same key. */
  const handleOf = async (alg: string) =>
    client.getDPoPHandle(smas, await client.randomDPoPKeyPair(alg === 'EdDSA' ? 'Ed25519' : alg), {
      [client.modifyAssertion]: (header) => {
        header.alg = alg
      },
    })
  const call = (token: string, DPoP: client.DPoPHandle) =>
    client.fetchProtectedResource(
      smas,
      token,
      new URL(platform.sandbox.graphql),
      'POST',
      JSON.stringify({ query: WHO }),
      new Headers({ 'content-type': 'application/json' }),
      { DPoP },
    )

  test('the metadata says which algorithms prove, and what FAPI 2.0 asks for', () => {
    expect(smas.serverMetadata()).toMatchObject({
      dpop_signing_alg_values_supported: ['ES256', 'EdDSA', 'Ed25519'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      pushed_authorization_request_endpoint: `${platform.sandbox.issuer}/oauth/par`,
      response_types_supported: ['code'],
    })
  })

  test.each(['ES256', 'EdDSA', 'Ed25519'])('an independent client proves with %s, and its token opens the API', async (alg) => {
    const DPoP = await handleOf(alg)
    const answer = await client.clientCredentialsGrant(smas, { scope: 'school.read' }, { DPoP })
    expect([answer.token_type, decodeJwt(answer.access_token).cnf]).toEqual(['dpop', { jkt: await DPoP.calculateThumbprint() }])
    const response = await call(answer.access_token, DPoP)
    expect([response.status, await response.json()]).toMatchObject([200, { data: { viewer: { kind: 'APPLICATION' } } }])
    expect(await client.tokenIntrospection(smas, answer.access_token)).toMatchObject({
      active: true,
      cnf: { jkt: await DPoP.calculateThumbprint() },
    })
    expect((await graphql(platform, answer.access_token, WHO)).codes).toEqual(['TOKEN_BINDING'])
  })

  test('a person’s sign-in, pushed and bound, is exchanged with the same key and with no other', async () => {
    const DPoP = await handleOf('ES256')
    const asked = await ask(smas, 'school.read')
    const back = await allow(platform, new Surfer(platform.sandbox.issuer), asked.url, TEACHER)
    const signedIn = await client.authorizationCodeGrant(
      smas,
      back,
      { pkceCodeVerifier: asked.verifier, expectedState: asked.state },
      undefined,
      { DPoP },
    )
    const subject = { subject_token: signedIn.access_token, subject_token_type: 'urn:ietf:params:oauth:token-type:access_token' }
    expect(await refusalOf(client.genericGrantRequest(smas, EXCHANGE, subject))).toBe('invalid_grant')
    const other = await handleOf('ES256')
    expect(await refusalOf(client.genericGrantRequest(smas, EXCHANGE, subject, { DPoP: other }))).toBe('invalid_grant')
    const delegated = await client.genericGrantRequest(smas, EXCHANGE, subject, { DPoP })
    expect([delegated.token_type, decodeJwt(delegated.access_token).cnf]).toEqual([
      'dpop',
      { jkt: await DPoP.calculateThumbprint() },
    ])
    expect((await call(delegated.access_token, DPoP)).status).toBe(200)
  })

  test('an application of which the Sở requires bound tokens gets no other, and its bearer token in flight is refused', async () => {
    const officer = await (await platform.tokenSource('can-bo-so')).get()
    const bind = async (binding: string) => {
      const text = `mutation ($binding: TokenBinding!) { setTokenBinding(application: { code: "${APPLICATION}" }, binding: $binding, reason: "Theo kết luận kiểm tra") { tokenBinding } }`
      const { codes, data } = await graphql(platform, officer, text, { binding })
      expect([codes, data]).toEqual([[], { setTokenBinding: { tokenBinding: binding } }])
    }
    const { access_token: inFlight } = await client.clientCredentialsGrant(smas)
    const early = await handleOf('ES256')
    const { access_token: bound } = await client.clientCredentialsGrant(smas, {}, { DPoP: early })
    expect((await graphql(platform, inFlight, WHO)).codes).toEqual([])
    await bind('REQUIRED')
    try {
      expect((await graphql(platform, inFlight, WHO)).codes).toEqual(['TOKEN_BINDING'])
      expect(await client.tokenIntrospection(smas, inFlight)).toEqual({ active: false })
      expect((await call(bound, early)).status).toBe(200)
      expect(await refusalOf(client.clientCredentialsGrant(smas))).toBe('invalid_dpop_proof')
      const DPoP = await handleOf('ES256')
      const { access_token, token_type } = await client.clientCredentialsGrant(smas, {}, { DPoP })
      expect([token_type, (await call(access_token, DPoP)).status]).toEqual(['dpop', 200])
    } finally {
      await bind('OPTIONAL')
    }
    expect((await client.clientCredentialsGrant(smas)).token_type).toBe('bearer')
  })

  const freshKey = (): string =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  async function sourceOf(prover: Prover): Promise<TokenSource> {
    const { sandbox, dataDir } = platform
    return createTokenSource({
      tokenEndpoint: sandbox.tokenEndpoint,
      issuer: sandbox.issuer,
      clientId: APPLICATION,
      privateKey: await readFile(join(dataDir, platform.party(APPLICATION).privateKeyFile), 'utf8'),
      prover,
    })
  }
  async function codesOf(token: TokenSource, prover?: Prover): Promise<(string | undefined)[]> {
    const sdk = createClient({ endpoint: platform.sandbox.graphql, token, ...(prover ? { prover } : {}), retries: 0 })
    return (await sdk.ask(WhoAmIDocument, {})).errors.map(({ extensions }) => extensions?.code)
  }

  test('who stole a bound token has nothing: not as a bearer token, and not with a key of their own', async () => {
    const owner = createProver({ privateKey: freshKey() })
    const token = await sourceOf(owner)
    expect(await codesOf(token)).toEqual(['TOKEN_BINDING'])
    expect(await codesOf(token, createProver({ privateKey: freshKey() }))).toEqual(['PROOF_INVALID'])
    expect(await codesOf(token, owner)).toEqual([])
  })

  test('who proves by a wrong clock is told that it is the clock', async () => {
    for (const shift of [-120_000, 60_000]) {
      const prover = createProver({ privateKey: freshKey(), now: () => new Date(Date.now() + shift) })
      expect(await codesOf(await sourceOf(prover), prover)).toEqual(['PROOF_OUTDATED'])
    }
  })

  test('both doors know themselves by their public address alone, wherever they listen', async () => {
    const prover = createProver({ privateKey: freshKey() })
    const inside: Prover = {
      prove: (method, url, token) => prover.prove(method, url.replace(platform.sandbox.issuer, 'http://127.0.0.1:4101'), token),
    }
    expect(await refusalOf((await sourceOf(inside)).get())).toBe('invalid_dpop_proof')
    expect(await codesOf(await sourceOf(prover), inside)).toEqual(['PROOF_INVALID'])
  })

  test.each(['P-256', 'Ed25519'])('the client of the sdk binds its tokens to a %s key and proves each request', async (kind) => {
    const { privateKey } = kind === 'P-256' ? generateKeyPairSync('ec', { namedCurve: kind }) : generateKeyPairSync('ed25519')
    const prover = createProver({ privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() })
    const { sandbox } = platform
    const token = await sourceOf(prover)
    const sdk = createClient({ endpoint: sandbox.graphql, token, prover })
    expect([(await sdk.ask(WhoAmIDocument, {})).errors, (await sdk.ask(WhoAmIDocument, {})).status]).toEqual([[], 200])
    const spent = await prover.prove('POST', sandbox.graphql, await token.get())
    const send = async () =>
      fetch(sandbox.graphql, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `DPoP ${await token.get()}`, dpop: spent },
        body: JSON.stringify({ query: WHO }),
      })
    expect([(await send()).status, (await send()).status]).toEqual([200, 401])
    expect(
      createHash('sha256')
        .update(await token.get())
        .digest('base64url'),
    ).toBe(decodeJwt(spent).ath)
  })
})
