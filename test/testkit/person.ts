// A person at a browser without scripts, who fills in the forms of the sign-in pages, and the clients at which they sign in.
import { importPKCS8 } from 'jose'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as client from 'openid-client'
import { fromBase32, totpCode, totpStep } from '../../subgraphs/identity/people/totp.ts'
import type { TestPlatform } from './platform.ts'

export interface Seen {
  readonly status: number
  readonly url: string
  readonly text: string
  readonly headers: Headers
}

/** Keeps cookies by path, follows redirects until they leave the platform, and never runs a script. */
export class Surfer {
  readonly #home: string
  readonly #cookies = new Map<string, { readonly value: string; readonly path: string }>()

  constructor(home: string) {
    this.#home = home
  }

  get cookieNames(): string[] {
    return [...this.#cookies.keys()]
  }

  async open(url: string, init: RequestInit = {}): Promise<Seen> {
    const { pathname } = new URL(url)
    const cookie = [...this.#cookies]
      .filter(([, { path }]) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...(cookie && { cookie }), ...init.headers } })
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    const location = response.headers.get('location')
    const text = await response.text()
    if (!location) return { status: response.status, url, text, headers: response.headers }
    const next = new URL(location, url)
    if (next.origin !== this.#home) return { status: response.status, url: next.href, text, headers: response.headers }
    return this.open(next.href)
  }

  /** Sends the form of a page, with the values it came with and those given. */
  submit(page: Seen, values: Readonly<Record<string, string>>, headers: Record<string, string> = {}): Promise<Seen> {
    const proof = /name="proof" value="([^"]*)"/.exec(page.text)?.[1] ?? ''
    return this.open(page.url, { method: 'POST', body: new URLSearchParams({ proof, ...values }), headers })
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ')
    const at = pair.indexOf('=')
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/'
    const ended = attributes.some((attribute) => /^expires=Thu, 01 Jan 1970/i.test(attribute))
    if (ended) this.#cookies.delete(pair.slice(0, at))
    else this.#cookies.set(pair.slice(0, at), { value: pair.slice(at + 1), path })
  }
}

// Each code serves once: a second sign-in of the same person within half a minute uses the next one, which a drift of one step allows,
// and the platform is told to forget the last before a third.
export async function credentialsOf({ party, database }: TestPlatform, clientId: string): Promise<Record<string, string>> {
  const { signIn } = party(clientId)
  if (!signIn) throw new Error(`${clientId} does not sign in`)
  await database.sql(
    `update identity.account_secret set totp_last_step = 0 where account_id = (select id from identity.account where email = $1)`,
    [signIn.email],
  )
  return { email: signIn.email, password: signIn.password, code: totpCode(fromBase32(signIn.totpSecret), totpStep(new Date())) }
}

/** An independent client, configured by the metadata alone: the portal, or an application with its key. */
export async function discover(platform: TestPlatform, clientId: string): Promise<client.Configuration> {
  const { sandbox, dataDir } = platform
  const isPortal = clientId === sandbox.portal.clientId
  const key = isPortal
    ? undefined
    : await importPKCS8(await readFile(join(dataDir, platform.party(clientId).privateKeyFile), 'utf8'), 'ES256')
  const found = await client.discovery(
    new URL(sandbox.issuer),
    clientId,
    undefined,
    key ? client.PrivateKeyJwt(key) : client.None(),
    { algorithm: 'oauth2', execute: [client.allowInsecureRequests] },
  )
  return found
}

export const CALLBACK = 'http://127.0.0.1:50123/callback'

export interface Asked {
  readonly url: URL
  readonly verifier: string
  readonly state: string
}

/** An authorization request, pushed where the client has a key. */
export async function ask(
  configuration: client.Configuration,
  scope: string,
  wishes: Readonly<Record<string, string>> = {},
): Promise<Asked> {
  const verifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  const parameters = {
    redirect_uri: CALLBACK,
    scope,
    state,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...wishes,
  }
  const pushed = configuration.clientMetadata().client_id !== 'lien-thong-portal'
  const url = pushed
    ? await client.buildAuthorizationUrlWithPAR(configuration, parameters)
    : client.buildAuthorizationUrl(configuration, parameters)
  return { url, verifier, state }
}

/** Signs in where asked, allows where asked, and ends at the client's own address. */
export async function allow(platform: TestPlatform, surfer: Surfer, url: URL, party: string): Promise<URL> {
  let page = await surfer.open(url.href)
  if (/name="password"/.test(page.text))
    page = await surfer.submit(page, { ...(await credentialsOf(platform, party)), decision: 'go' })
  if (/value="allow"/.test(page.text)) page = await surfer.submit(page, { decision: 'allow' })
  if (!page.url.startsWith(CALLBACK)) throw new Error(`ended at ${page.url}: ${page.text}`)
  return new URL(page.url)
}

/** The whole way: the token that `party` gets by signing in at the client. */
export async function signInAt(
  platform: TestPlatform,
  clientId: string,
  party: string,
  scope: string,
): Promise<{ configuration: client.Configuration; token: string; scope: string; surfer: Surfer }> {
  const configuration = await discover(platform, clientId)
  const surfer = new Surfer(platform.sandbox.issuer)
  const asked = await ask(configuration, scope)
  const back = await allow(platform, surfer, asked.url, party)
  const answer = await client.authorizationCodeGrant(configuration, back, {
    pkceCodeVerifier: asked.verifier,
    expectedState: asked.state,
  })
  return { configuration, token: answer.access_token, scope: answer.scope ?? '', surfer }
}

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

export function exchange(
  configuration: client.Configuration,
  subjectToken: string,
  wishes: Readonly<Record<string, string>> = {},
): Promise<client.TokenEndpointResponse> {
  return client.genericGrantRequest(configuration, TOKEN_EXCHANGE, {
    subject_token: subjectToken,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    ...wishes,
  })
}

export interface Asking {
  readonly status: number
  readonly data: Record<string, unknown> | undefined
  readonly codes: readonly string[]
}

export async function graphql(
  { sandbox }: TestPlatform,
  token: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Asking> {
  const response = await fetch(sandbox.graphql, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  })
  const body = (await response.json()) as { data?: Record<string, unknown>; errors?: { extensions: { code: string } }[] }
  return { status: response.status, data: body.data, codes: (body.errors ?? []).map(({ extensions }) => extensions.code) }
}

/** The error of OAuth that a call ends with; `none` when it does not. */
export function refusalOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: { error?: string; code?: string; message: string }) => error.error ?? error.code ?? error.message,
  )
}
