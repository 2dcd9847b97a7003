// One access token: a signed client assertion goes to the token endpoint (OAuth 2 client credentials, private_key_jwt).
import { createPrivateKey, randomUUID } from 'node:crypto'
import { algorithmOf } from './key-algorithm.ts'
import type { Prover } from './proof.ts'
import { SignJWT, type JWK } from 'jose'

export interface TokenRequest {
  readonly tokenEndpoint: string
  /** The authorization server's identifier, the audience of the assertion. Configure it; do not take it from a response. */
  readonly issuer: string
  readonly clientId: string
  /** The application's private key, P-256 or Ed25519: PEM (PKCS #8) or JWK. It never leaves this process. */
  readonly privateKey: string | JWK
  /** Names the registered key; needed only by a client that has several of one kind. A JWK's own `kid` is used if there is one. */
  readonly keyId?: string
  /** Fewer scopes than the application holds. Left out: all of them. */
  readonly scope?: string | readonly string[]
  /** Binds the token to a key (DPoP, RFC 9449): give the same prover to `createClient`. */
  readonly prover?: Prover
  readonly fetch?: typeof fetch
  readonly now?: () => Date
  readonly timeoutMs?: number
}

export interface AccessToken {
  readonly accessToken: string
  /** Seconds from when it was asked for. */
  readonly expiresIn: number
  readonly scope: string
}

/** The token endpoint's refusal, with its way out as the message. Holds neither token nor assertion. */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  readonly error: string
  readonly status: number
  readonly retryAfterSeconds: number | undefined

  constructor(error: string, description: string, status: number, retryAfterSeconds?: number) {
    super(description)
    this.error = error
    this.status = status
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** A minute is enough for one request, and worth little to who finds the assertion in a log. */
const ASSERTION_SECONDS = 60
const DEFAULT_TIMEOUT_MS = 15_000

export async function fetchToken(request: TokenRequest): Promise<AccessToken> {
  const { tokenEndpoint, scope, prover, fetch: send = fetch, timeoutMs = DEFAULT_TIMEOUT_MS } = request
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await signAssertion(request),
  })
  if (scope !== undefined) body.set('scope', typeof scope === 'string' ? scope : scope.join(' '))
  const response = await send(tokenEndpoint, {
    method: 'POST',
    headers: { accept: 'application/json', ...(prover ? { dpop: await prover.prove('POST', tokenEndpoint) } : {}) },
    body,
    // A redirect would carry the assertion to an address that nobody configured.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  const answer = await readAnswer(response)
  if (!response.ok) {
    const retryAfter = Number(response.headers.get('retry-after'))
    const description = answer.error_description ?? `The token endpoint answered ${response.status}.`
    throw new TokenError(answer.error ?? 'server_error', description, response.status, retryAfter || undefined)
  }
  const { access_token: accessToken, expires_in: expiresIn, token_type: type, scope: granted } = answer
  const wanted = prover ? 'DPoP' : 'Bearer'
  if (typeof accessToken !== 'string' || typeof expiresIn !== 'number' || type?.toLowerCase() !== wanted.toLowerCase()) {
    throw new TokenError('server_error', `The token endpoint answered something other than a ${wanted} token.`, response.status)
  }
  return { accessToken, expiresIn, scope: granted ?? '' }
}

interface TokenAnswer {
  access_token?: string
  expires_in?: number
  token_type?: string
  scope?: string
  error?: string
  error_description?: string
}

async function readAnswer(response: Response): Promise<TokenAnswer> {
  const answer: unknown = await response.json().catch(() => null)
  return typeof answer === 'object' && answer !== null ? answer : {}
}

export async function signAssertion({
  issuer,
  clientId,
  privateKey,
  keyId,
  now = () => new Date(),
}: Pick<TokenRequest, 'issuer' | 'clientId' | 'privateKey' | 'keyId' | 'now'>): Promise<string> {
  const key =
    typeof privateKey === 'string' ? createPrivateKey(privateKey) : createPrivateKey({ key: { ...privateKey }, format: 'jwk' })
  const kid = keyId ?? (typeof privateKey === 'string' ? undefined : privateKey.kid)
  const seconds = Math.floor(now().getTime() / 1000)
  return new SignJWT({
    iss: clientId,
    sub: clientId,
    aud: issuer,
    jti: randomUUID(),
    iat: seconds,
    exp: seconds + ASSERTION_SECONDS,
  })
    .setProtectedHeader({ alg: algorithmOf(key), ...(kid ? { kid } : {}) })
    .sign(key)
}
