// People sign in at an application: codes with PKCE, tokens of people, and everything that must not yield one.
import { decodeJwt, type JWTPayload } from 'jose'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, allow, CALLBACK, credentialsOf, discover, graphql, refusalOf, signInAt, Surfer } from '../testkit/person.ts'
import { startTestPlatform, type TestPlatform } from '../testkit/platform.ts'

const PORTAL = 'lien-thong-portal'
const OFFICER = 'can-bo-so'
const PRINCIPAL = 'hieu-truong.thpt-hac-thanh'

let platform: TestPlatform
let portal: client.Configuration

beforeAll(async () => {
  platform = await startTestPlatform()
  portal = await discover(platform, PORTAL)
}, 120_000)
afterAll(() => platform?.close(), 60_000)

const surfer = (): Surfer => new Surfer(platform.sandbox.issuer)
const accountOf = async (party: string) =>
  (
    await platform.database.sql<{ id: string; scopes: string[] }>('select id, scopes from identity.account where email = $1', [
      platform.party(party).signIn!.email,
    ])
  )[0]!

/** A code of the officer, unspent. */
async function freshCode(scope = 'school.read') {
  const asked = await ask(portal, scope)
  return { ...asked, back: await allow(platform, surfer(), asked.url, OFFICER) }
}

const redeem = ({ back, verifier, state }: { back: URL; verifier: string; state: string }) =>
  client.authorizationCodeGrant(portal, back, { pkceCodeVerifier: verifier, expectedState: state })

/** Changes an account as the registry does: the row, and its publication. */
async function changeAccount(id: string, column: 'status' | 'scopes', value: unknown): Promise<void> {
  await platform.database.sql(`update identity.account set ${column} = $2 where id = $1`, [id, value])
  await platform.database.sql('select identity.publish_person($1, now())', [id])
}

/** Gateways hear of a change a moment after its commit; a second is the promise. */
const soon = { timeout: 1_000, interval: 10 }

const VIEWER = '{ viewer { kind displayName role schoolCount(scope: "school.read") scopes { name } } }'

describe('a person who has signed in', () => {
  test('gets a token of RFC 9068 in their own name, of five minutes, with what they and the client both hold', async () => {
    const { token } = await signInAt(platform, PORTAL, OFFICER, 'school.read report.read gradebook.write')
    const account = await accountOf(OFFICER)
    const claims: JWTPayload = decodeJwt(token)
    expect(claims).toEqual({
      iss: platform.sandbox.issuer,
      aud: platform.sandbox.audience,
      sub: account.id,
      client_id: PORTAL,
      scope: 'school.read report.read',
      jti: expect.any(String),
      grant_id: expect.any(String),
      iat: expect.any(Number),
      exp: claims.iat! + 300,
    })
    const { data } = await graphql(platform, token, VIEWER)
    expect(data?.viewer).toMatchObject({
      kind: 'PERSON',
      role: 'AUTHORITY_OFFICER',
      scopes: [{ name: 'school.read' }, { name: 'report.read' }],
    })
  })

  test('asking for nothing in particular is asking for all, of which the person gives what is theirs', async () => {
    const { scope } = await signInAt(platform, PORTAL, PRINCIPAL, '')
    expect(scope.split(' ').toSorted()).toEqual((await accountOf(PRINCIPAL)).scopes.toSorted())
  })

  test('need not sign in again that day, and at a program of their own is asked each time what it may do', async () => {
    const same = surfer()
    const first = await ask(portal, 'school.read')
    await allow(platform, same, first.url, OFFICER)
    const again = await same.open((await ask(portal, 'school.read')).url.href)
    expect([/name="password"/.test(again.text), /value="allow"/.test(again.text)]).toEqual([false, true])
  })

  test('can refuse, and the application learns only that', async () => {
    const same = surfer()
    const asked = await ask(portal, 'school.read')
    const signedIn = await same.submit(await same.open(asked.url.href), {
      ...(await credentialsOf(platform, OFFICER)),
      decision: 'go',
    })
    const back = new URL((await same.submit(signedIn, { decision: 'cancel' })).url)
    expect(back.searchParams.get('error')).toBe('access_denied')
    expect(back.searchParams.has('code')).toBe(false)
    expect(await refusalOf(redeem({ ...asked, back }))).toBe('access_denied')
  })

  test('who signs out is signed out: tokens in flight are refused at once, and the browser is asked who it is', async () => {
    const { token, surfer: same } = await signInAt(platform, PORTAL, OFFICER, 'school.read')
    expect((await graphql(platform, token, VIEWER)).status).toBe(200)
    const bye = await same.submit(await same.open(`${platform.sandbox.issuer}/oauth/sign-out`), {})
    expect(bye.text).toContain('Đã đăng xuất')
    await expect.poll(async () => (await graphql(platform, token, VIEWER)).codes, soon).toEqual(['TOKEN_REVOKED'])
    expect((await same.open((await ask(portal, 'school.read')).url.href)).text).toContain('name="password"')
  })

  test('is one person: another account cannot take over the session', async () => {
    const same = surfer()
    await allow(platform, same, (await ask(portal, 'school.read')).url, OFFICER)
    const page = await same.open((await ask(portal, 'school.read', { prompt: 'login' })).url.href)
    expect(page.text).toContain(platform.party(OFFICER).signIn!.email)
    const taken = await same.submit(page, { ...(await credentialsOf(platform, PRINCIPAL)), decision: 'go' })
    expect([taken.status, taken.text.includes('tài khoản khác')]).toEqual([409, true])
    const own = await same.submit(page, { ...(await credentialsOf(platform, OFFICER)), decision: 'go' })
    expect(own.text).toContain('value="allow"')
  })
})

describe('at the sign-in page', () => {
  test.each([
    ['a wrong password', { password: 'not this one at all' }],
    ['a wrong code', { code: '000000' }],
    ['an unknown address', { email: 'nobody@thanhhoa.example' }],
  ])('%s is refused in the same words', async (_, wrong) => {
    const same = surfer()
    const page = await same.open((await ask(portal, 'school.read')).url.href)
    const refused = await same.submit(page, { ...(await credentialsOf(platform, OFFICER)), ...wrong, decision: 'go' })
    expect(refused.status).toBe(401)
    expect(refused.text).toContain('Địa chỉ e-mail, mật khẩu hoặc mã xác thực không đúng')
  })

  test('a code of the authenticator opens one session and no second', async () => {
    const credentials = await credentialsOf(platform, OFFICER)
    const [one, two] = [surfer(), surfer()]
    const first = await one.submit(await one.open((await ask(portal, 'school.read')).url.href), {
      ...credentials,
      decision: 'go',
    })
    const second = await two.submit(await two.open((await ask(portal, 'school.read')).url.href), {
      ...credentials,
      decision: 'go',
    })
    expect([first.status, second.status]).toEqual([200, 401])
  })

  test('too many tries are told to wait', async () => {
    const { email } = platform.party('tuan-thu').signIn!
    const same = surfer()
    const page = await same.open((await ask(portal, 'school.read')).url.href)
    const statuses: number[] = []
    for (let turn = 0; turn < 12; turn++)
      statuses.push((await same.submit(page, { email, password: 'guess', code: '123456', decision: 'go' })).status)
    expect([statuses.indexOf(429), statuses.at(-1)]).toEqual([10, 429])
    await platform.database.sql('truncate identity.sign_in_window')
  })

  test('a form of another site, of another request or without its proof is not taken', async () => {
    const same = surfer()
    const credentials = { ...(await credentialsOf(platform, OFFICER)), decision: 'go' }
    const page = await same.open((await ask(portal, 'school.read')).url.href)
    const otherSite = await same.submit(page, credentials, { 'sec-fetch-site': 'cross-site' })
    const otherOrigin = await same.submit(page, credentials, { origin: 'https://elsewhere.example' })
    const noProof = await same.submit(page, { ...credentials, proof: 'x' })
    const stranger = await surfer().submit(page, credentials)
    expect([otherSite.status, otherOrigin.status, noProof.status, stranger.status]).toEqual([403, 403, 400, 400])
    expect((await same.submit(page, credentials)).text).toContain('value="allow"')
  })

  test('what a client or a person is called is text, never markup', async () => {
    await platform.database.sql(`update access.client set display_name = '<script>alert(1)</script>' where client_id = $1`, [
      PORTAL,
    ])
    const page = await surfer().open((await ask(portal, 'school.read')).url.href)
    expect(page.text).not.toContain('<script')
    expect(page.text).toContain('&lt;script&gt;')
    await platform.database.sql(`update access.client set display_name = 'Cổng Liên Thông' where client_id = $1`, [PORTAL])
  })

  test('cookies stay below /oauth, away from scripts and from other sites', async () => {
    const response = await fetch((await ask(portal, 'school.read')).url, { redirect: 'manual' })
    const cookies = response.headers.getSetCookie()
    expect(cookies.length).toBeGreaterThan(0)
    for (const cookie of cookies) expect(cookie).toMatch(/path=\/oauth\/.*; samesite=lax; httponly/i)
  })
})

describe('an authorization request is refused', () => {
  const errorAt = async (url: URL): Promise<string> => {
    const { url: ended, status, text } = await surfer().open(url.href)
    if (ended.startsWith(CALLBACK)) return new URL(ended).searchParams.get('error') ?? 'none'
    return text.includes('Không thể tiếp tục') ? `page ${status}` : `status ${status}`
  }

  test('without PKCE, and with a challenge that is the verifier itself', async () => {
    const { url } = await ask(portal, 'school.read')
    const bare = new URL(url)
    bare.searchParams.delete('code_challenge')
    bare.searchParams.delete('code_challenge_method')
    const plain = new URL(url)
    plain.searchParams.set('code_challenge_method', 'plain')
    const unnamed = new URL(url)
    unnamed.searchParams.delete('code_challenge_method')
    expect([await errorAt(bare), await errorAt(plain), await errorAt(unnamed)]).toEqual(Array(3).fill('invalid_request'))
  })

  test.each([
    'https://elsewhere.example/callback',
    'http://127.0.0.1:50123/callback/',
    'http://127.0.0.1:50123/callback?x=1',
    'http://localhost:50123/callback',
    'http://127.0.0.1.elsewhere.example/callback',
    'http://127.0.0.1@elsewhere.example/callback',
    'https://127.0.0.1:50123/callback',
  ])('with the redirect %s, and the browser is not sent there', async (redirect_uri) => {
    const { url, status, text } = await surfer().open((await ask(portal, 'school.read', { redirect_uri })).url.href)
    expect([status, url.startsWith(platform.sandbox.issuer), text.includes('Không thể tiếp tục')]).toEqual([400, true, true])
  })

  test('for a scope that is not in the catalogue, a token without a code, or another resource', async () => {
    const wish = async (change: Record<string, string>): Promise<string> =>
      errorAt((await ask(portal, 'school.read', change)).url)
    expect(await wish({ scope: 'everything' })).toBe('invalid_scope')
    expect(await wish({ scope: 'school.read openid' })).toBe('invalid_scope')
    expect(await wish({ resource: 'https://elsewhere.example/' })).toBe('invalid_target')
    const token = new URL((await ask(portal, 'school.read')).url)
    token.searchParams.set('response_type', 'token')
    const { url, status } = await surfer().open(token.href)
    expect([status, url].join(' ')).toMatch(/unsupported_response_type|^400/)
  })

  test('of an unknown client, of a person’s key client, and of an application that has not pushed it', async () => {
    const { url } = await ask(portal, 'school.read')
    const by = (clientId: string): URL => {
      const changed = new URL(url)
      changed.searchParams.set('client_id', clientId)
      return changed
    }
    expect([await errorAt(by('nobody')), await errorAt(by(OFFICER)), await errorAt(by('smas'))]).toEqual([
      'page 400',
      'page 400',
      'invalid_request',
    ])
  })
})

describe('a code', () => {
  test('yields a token once; used again it yields none, and the first token ends', async () => {
    const code = await freshCode()
    const { access_token } = await redeem(code)
    expect((await graphql(platform, access_token, VIEWER)).status).toBe(200)
    expect(await refusalOf(redeem(code))).toBe('invalid_grant')
    await expect.poll(async () => (await graphql(platform, access_token, VIEWER)).codes, soon).toEqual(['TOKEN_REVOKED'])
  })

  test('used many times at once yields at most one token, and that one opens nothing', async () => {
    const code = await freshCode()
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => redeem(code)))
    const tokens = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.access_token] : []))
    expect(tokens.length).toBeLessThanOrEqual(1)
    for (const token of tokens)
      await expect.poll(async () => (await graphql(platform, token, VIEWER)).codes, soon).toEqual(['TOKEN_REVOKED'])
  })

  test('is worth nothing without its verifier, with another one, or at another redirect', async () => {
    const wrong = await freshCode()
    expect(await refusalOf(redeem({ ...wrong, verifier: client.randomPKCECodeVerifier() }))).toBe('invalid_grant')
    const { back } = await freshCode()
    const body = {
      grant_type: 'authorization_code',
      client_id: PORTAL,
      code: back.searchParams.get('code')!,
      redirect_uri: CALLBACK,
    }
    const post = async (change: Record<string, string>): Promise<unknown> => {
      const response = await fetch(platform.sandbox.tokenEndpoint, {
        method: 'POST',
        body: new URLSearchParams({ ...body, ...change }),
      })
      return ((await response.json()) as { error?: string }).error
    }
    expect(await post({})).toBe('invalid_grant')
    const other = await freshCode()
    const elsewhere = {
      code: other.back.searchParams.get('code')!,
      code_verifier: other.verifier,
      redirect_uri: 'http://127.0.0.1:1/callback',
    }
    expect(await post(elsewhere)).toBe('invalid_grant')
    expect(await post({ ...elsewhere, code: `${elsewhere.code}x`, redirect_uri: CALLBACK })).toBe('invalid_grant')
  })

  test('of one client is worth nothing to another, whoever holds it', async () => {
    const code = await freshCode()
    const smas = await discover(platform, 'smas')
    const stolen = client.authorizationCodeGrant(smas, code.back, { pkceCodeVerifier: code.verifier, expectedState: code.state })
    expect(await refusalOf(stolen)).toBe('invalid_grant')
  })

  test('is worth nothing after a minute', async () => {
    const code = await freshCode()
    await platform.database.sql(
      `update identity.oidc_payload
       set expires_at = expires_at - interval '61 seconds', payload = jsonb_set(payload, '{exp}', to_jsonb((payload->>'exp')::bigint - 61))
       where model = 'AuthorizationCode'`,
    )
    expect(await refusalOf(redeem(code))).toBe('invalid_grant')
  })

  test('comes back with the state and the issuer, so that a client sees an answer that is not to its question', async () => {
    const code = await freshCode()
    expect(code.back.searchParams.get('iss')).toBe(platform.sandbox.issuer)
    const otherState = new URL(code.back)
    otherState.searchParams.set('state', client.randomState())
    const otherIssuer = new URL(code.back)
    otherIssuer.searchParams.set('iss', 'https://elsewhere.example')
    const noIssuer = new URL(code.back)
    noIssuer.searchParams.delete('iss')
    for (const back of [otherState, otherIssuer, noIssuer]) expect(await refusalOf(redeem({ ...code, back }))).not.toBe('none')
    expect(await refusalOf(redeem(code))).toBe('none')
  })
})

describe('rights end at once', () => {
  const suspended = async (party: string, work: () => Promise<void>): Promise<void> => {
    const { id } = await accountOf(party)
    await changeAccount(id, 'status', 'SUSPENDED')
    try {
      await work()
    } finally {
      await changeAccount(id, 'status', 'ACTIVE')
    }
  }

  test('a suspended account’s token is refused on the next request, its session and its unspent code too', async () => {
    const { token, surfer: same } = await signInAt(platform, PORTAL, OFFICER, 'school.read')
    const code = await freshCode()
    expect((await graphql(platform, token, VIEWER)).status).toBe(200)
    await suspended(OFFICER, async () => {
      await expect.poll(async () => (await graphql(platform, token, VIEWER)).codes, soon).toEqual(['TOKEN_REVOKED'])
      expect(await refusalOf(redeem(code))).toBe('invalid_grant')
      const ended = await same.open((await ask(portal, 'school.read')).url.href)
      expect(new URL(ended.url).searchParams.get('error')).toBe('access_denied')
    })
    await expect.poll(async () => (await graphql(platform, token, VIEWER)).status, soon).toBe(200)
  })

  test('a person who has left is refused in the same breath', async () => {
    const { token } = await signInAt(platform, PORTAL, PRINCIPAL, 'school.read')
    expect((await graphql(platform, token, VIEWER)).status).toBe(200)
    const { id } = await accountOf(PRINCIPAL)
    await changeAccount(id, 'status', 'REVOKED')
    await expect.poll(async () => (await graphql(platform, token, VIEWER)).codes, soon).toEqual(['TOKEN_REVOKED'])
    await changeAccount(id, 'status', 'ACTIVE')
  })

  test('a scope taken from the account is gone from the token', async () => {
    const { token } = await signInAt(platform, PORTAL, OFFICER, 'school.read report.read')
    const scopesNow = async () => ((await graphql(platform, token, VIEWER)).data!.viewer as { scopes: { name: string }[] }).scopes
    expect(await scopesNow()).toHaveLength(2)
    const { id, scopes } = await accountOf(OFFICER)
    await changeAccount(
      id,
      'scopes',
      scopes.filter((scope) => scope !== 'report.read'),
    )
    await expect.poll(scopesNow, soon).toEqual([{ name: 'school.read' }])
    await changeAccount(id, 'scopes', scopes)
  })
})

describe('tokens taken back', () => {
  test('by the client that holds them open nothing any more, and the application must ask the person anew', async () => {
    const { token, configuration, surfer: same } = await signInAt(platform, PORTAL, OFFICER, 'school.read')
    expect((await graphql(platform, token, VIEWER)).status).toBe(200)
    await client.tokenRevocation(configuration, token)
    await expect.poll(async () => (await graphql(platform, token, VIEWER)).codes, soon).toEqual(['TOKEN_REVOKED'])
    expect((await same.open((await ask(portal, 'school.read')).url.href)).text).toContain('value="allow"')
  })

  test('a token of an application ends alone: its other tokens go on', async () => {
    const smas = await discover(platform, 'smas')
    const [one, two] = [await client.clientCredentialsGrant(smas), await client.clientCredentialsGrant(smas)]
    expect((await client.tokenIntrospection(smas, one.access_token)).active).toBe(true)
    await client.tokenRevocation(smas, one.access_token)
    expect((await graphql(platform, one.access_token, VIEWER)).codes).toEqual(['TOKEN_REVOKED'])
    expect((await graphql(platform, two.access_token, VIEWER)).status).toBe(200)
    expect((await client.tokenIntrospection(smas, one.access_token)).active).toBe(false)
    expect((await client.tokenIntrospection(smas, two.access_token)).active).toBe(true)
  })

  test('another client can neither end a token nor learn anything of it, and a client without a key may not ask', async () => {
    const [smas, vnedu] = [await discover(platform, 'smas'), await discover(platform, 'vnedu')]
    const { access_token } = await client.clientCredentialsGrant(smas)
    expect(await client.tokenIntrospection(vnedu, access_token)).toEqual({ active: false })
    await client.tokenRevocation(vnedu, access_token)
    expect((await graphql(platform, access_token, VIEWER)).status).toBe(200)
    expect(await client.tokenIntrospection(smas, access_token)).toMatchObject({
      active: true,
      client_id: 'smas',
      aud: platform.sandbox.audience,
      iss: platform.sandbox.issuer,
      token_type: 'Bearer',
    })
    const { token } = await signInAt(platform, PORTAL, OFFICER, 'school.read')
    expect(await client.tokenIntrospection(portal, token)).toEqual({ active: false })
  })

  test('nonsense, a forged token and one that has ended are all simply not active', async () => {
    const smas = await discover(platform, 'smas')
    const { access_token } = await client.clientCredentialsGrant(smas)
    const forged = `${access_token.slice(0, -6)}AAAAAA`
    for (const token of ['nonsense', forged, 'a.b.c', '~~']) {
      expect(await client.tokenIntrospection(smas, token)).toEqual({ active: false })
      expect(await refusalOf(client.tokenRevocation(smas, token))).toBe('none')
    }
    expect((await graphql(platform, access_token, VIEWER)).status).toBe(200)
  })
})

describe('a token that names a person', () => {
  test('is written down with the person and the client in the access log', async () => {
    const { token } = await signInAt(platform, PORTAL, OFFICER, 'school.read')
    await graphql(platform, token, VIEWER)
    const { id } = await accountOf(OFFICER)
    const [event] = await platform.database.sql<{ client_id: string; account_id: string }>(
      'select client_id, account_id from access.audit_event where account_id = $1 order by id desc limit 1',
      [id],
    )
    expect(event).toEqual({ client_id: PORTAL, account_id: id })
    const acts = await platform.database.sql<{ act: string }>(
      `select distinct act from identity.sign_in_event where account_id = $1 and outcome = 'ALLOWED' and address = '127.0.0.1' order by 1`,
      [id],
    )
    expect(acts.map(({ act }) => act)).toEqual(expect.arrayContaining(['CONSENT', 'SIGN_IN']))
  })
})
