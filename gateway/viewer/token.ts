// A bearer token, believed only when its signature, issuer, audience, type and time are right. Each fault has its own code.
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose'
import { LRUCache } from 'lru-cache'
import { isUuid } from '../../subgraphs/kernel/database.ts'
import { PlatformError } from '../../subgraphs/kernel/errors.ts'

export interface TokenClaims {
  readonly clientId: string
  /** The person whom the token names; null for a client by itself. */
  readonly accountId: string | null
  /** The client acts for the person (RFC 8693, 4.1). */
  readonly acts: boolean
  readonly scopes: readonly string[]
  /** By which the token can have been ended early: its own id, and that of the sign-in it comes from. */
  readonly ids: readonly string[]
  /** Thumbprint of the key without which the token is worth nothing (RFC 9449, 6.1); null for a bearer token. */
  readonly boundTo: string | null
  /** Seconds since 1970. */
  readonly issuedAt: number
  /** Seconds since 1970. */
  readonly expiresAt: number
}

export interface TokenVerifierOptions {
  readonly issuer: string
  readonly audience: string
  readonly jwks: () => Promise<JSONWebKeySet>
  readonly now: () => Date
}

// FAPI 2.0, 5.4: no RSA with PKCS #1 v1.5. Symmetric algorithms and `none` are not in the list, so a public key is never taken for a secret.
const ALGORITHMS = ['ES256', 'PS256', 'EdDSA', 'Ed25519']
const CLOCK_TOLERANCE_SECONDS = 3
const KEYS_MAX_AGE_MS = 600_000
const KEYS_STALE_MS = 3_600_000
/** An unknown key id asks for the keys again, but a stream of forged ids not more often than this. */
const KEYS_RETRY_MS = 2_000

interface Keys {
  readonly find: JWTVerifyGetKey
  readonly text: string
  readonly fetchedAt: number
}

export class TokenVerifier {
  readonly #options: TokenVerifierOptions
  // A signature costs about 0.1 ms and a token serves for minutes: it is checked once, its time at every use.
  readonly #verified = new LRUCache<string, TokenClaims>({ max: 5_000 })
  #keys: Keys | undefined
  #fetching: Promise<Keys> | undefined

  constructor(options: TokenVerifierOptions) {
    this.#options = options
  }

  async verify(token: string): Promise<TokenClaims> {
    const known = this.#verified.get(token)
    if (known) {
      await this.#currentKeys()
      if (this.#verified.get(token)) return this.#inTime(known)
    }
    const claims = await this.#check(token)
    this.#verified.set(token, claims)
    return claims
  }

  #inTime(claims: TokenClaims): TokenClaims {
    if (claims.expiresAt + CLOCK_TOLERANCE_SECONDS <= this.#options.now().getTime() / 1_000)
      throw new PlatformError('TOKEN_EXPIRED')
    return claims
  }

  async #check(token: string): Promise<TokenClaims> {
    assertAllowedAlgorithm(token)
    const { issuer, audience, now } = this.#options
    try {
      const { payload } = await jwtVerify(token, (header, jws) => this.#findKey(header, jws), {
        algorithms: ALGORITHMS,
        issuer,
        audience,
        typ: 'at+jwt',
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: now(),
        requiredClaims: ['exp', 'iat'],
      })
      return readClaims(payload)
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new PlatformError('TOKEN_EXPIRED')
      if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') throw new PlatformError('TOKEN_AUDIENCE')
      if (error instanceof errors.JOSEError) throw new PlatformError('TOKEN_INVALID')
      throw error
    }
  }

  async #findKey(...[header, jws]: Parameters<JWTVerifyGetKey>): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
    const keys = await this.#currentKeys()
    try {
      return await keys.find(header, jws)
    } catch (error) {
      const age = this.#options.now().getTime() - keys.fetchedAt
      if (!(error instanceof errors.JWKSNoMatchingKey) || age < KEYS_RETRY_MS) throw error
      return (await this.#fetchKeys()).find(header, jws)
    }
  }

  async #currentKeys(): Promise<Keys> {
    const keys = this.#keys
    const age = keys ? this.#options.now().getTime() - keys.fetchedAt : Infinity
    if (keys && age < KEYS_MAX_AGE_MS) return keys
    try {
      return await this.#fetchKeys()
    } catch (error) {
      // Keys change once in months; that they cannot be read again just now is no reason to stop.
      if (keys && age < KEYS_STALE_MS) return keys
      throw error
    }
  }

  #fetchKeys(): Promise<Keys> {
    this.#fetching ??= this.#readKeys().finally(() => (this.#fetching = undefined))
    return this.#fetching
  }

  async #readKeys(): Promise<Keys> {
    const { jwks, now } = this.#options
    const set = await jwks().catch(() => {
      throw new PlatformError('SERVICE_UNAVAILABLE', { retryAfter: 2 })
    })
    const text = JSON.stringify(set)
    // A key that was taken out of the set takes the tokens with it that were believed on its word.
    if (this.#keys && this.#keys.text !== text) this.#verified.clear()
    return (this.#keys = { find: createLocalJWKSet(set), text, fetchedAt: now().getTime() })
  }
}

function readClaims({ client_id: clientId, sub, act, scope, exp, iat, jti, grant_id: grantId, cnf }: JWTPayload): TokenClaims {
  if (typeof clientId !== 'string' || clientId === '' || exp === undefined) throw new PlatformError('TOKEN_INVALID')
  const accountId = sub === undefined || sub === clientId ? null : sub
  if (accountId !== null && !isUuid(accountId)) throw new PlatformError('TOKEN_INVALID')
  // Nobody acts for a person but the client that the token was given to.
  if (act !== undefined && (accountId === null || (act as { sub?: unknown } | null)?.sub !== clientId))
    throw new PlatformError('TOKEN_INVALID')
  return {
    clientId,
    accountId,
    acts: act !== undefined,
    scopes: typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [],
    ids: [jti, grantId].filter((id) => typeof id === 'string'),
    boundTo: boundKeyOf(cnf),
    issuedAt: iat ?? 0,
    expiresAt: exp,
  }
}

/** A confirmation that we cannot check is not one to be overlooked. */
function boundKeyOf(cnf: unknown): string | null {
  if (cnf === undefined) return null
  const { jkt } = (cnf ?? {}) as { jkt?: unknown }
  if (typeof jkt !== 'string' || jkt === '') throw new PlatformError('TOKEN_INVALID')
  return jkt
}

/** Before a key is looked for: what is no token of ours must not cause the keys to be fetched. */
function assertAllowedAlgorithm(token: string): void {
  try {
    const { alg } = decodeProtectedHeader(token)
    if (alg !== undefined && ALGORITHMS.includes(alg)) return
  } catch {
    // Falls through: not a JWT at all.
  }
  throw new PlatformError('TOKEN_INVALID')
}
