// The tokens we have issued: nothing is stored of them, so they are known by their signature, and remembered only when they end early.
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose'
import type { Pool } from 'pg'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import { isUuid } from '../../kernel/database.ts'
import { tokenOf } from './door.ts'
import { SIGNING_ALGORITHMS } from './signing-keys.ts'

/** Longer than any token lives, and than clocks of two processes differ. */
const REMEMBERED_SECONDS = 900

/** Whom a token stands for at this moment; see access.resolve_bearer. */
export interface Bearer {
  readonly application_id: string | null
  readonly role: string | null
  readonly display_name: string
  readonly scopes: readonly string[]
  readonly status: 'ACTIVE' | 'SUSPENDED' | 'REVOKED'
  /** A key of the client was revoked then: what was issued by then may have been asked for with it. */
  readonly tokens_after: number | null
  /** A bearer token of the client is from before it was required to bind its tokens. */
  readonly dpop_bound: boolean
}

export interface IssuedTokensOptions {
  readonly pool: Pool
  readonly issuer: string
  readonly publicJwks: JSONWebKeySet
  readonly now: () => Date
}

export class IssuedTokens {
  readonly #options: IssuedTokensOptions
  readonly #keys: ReturnType<typeof createLocalJWKSet>

  constructor(options: IssuedTokensOptions) {
    this.#options = options
    this.#keys = createLocalJWKSet(options.publicJwks)
  }

  /** The claims of a token of ours for this audience that is still good in every respect; null for all others alike. */
  async findClaims(token: string, audience?: string): Promise<JWTPayload | null> {
    const { issuer, now } = this.#options
    const verified = await jwtVerify(token, this.#keys, {
      issuer,
      typ: 'at+jwt',
      algorithms: [...SIGNING_ALGORITHMS],
      currentDate: now(),
      ...(audience === undefined ? {} : { audience }),
    }).catch(() => null)
    if (!verified) return null
    const { client_id: clientId, sub, jti, iat = 0, grant_id: grantId, cnf } = verified.payload
    const accountId = sub !== clientId && sub !== undefined && isUuid(sub) ? sub : null
    const ids = [jti, grantId].filter((id) => typeof id === 'string')
    const bearer = await this.findBearer(String(clientId), accountId, ids)
    if (bearer?.status !== 'ACTIVE' || (bearer.tokens_after !== null && iat <= bearer.tokens_after)) return null
    if (bearer.dpop_bound && cnf === undefined) return null
    return verified.payload
  }

  async findBearer(clientId: string, accountId: string | null, ids: readonly string[] = []): Promise<Bearer | undefined> {
    const { rows } = await this.#options.pool.query<Bearer>(
      `select b.application_id, b.role, b.display_name, b.scopes, b.status,
  floor(extract(epoch from c.tokens_after))::integer as tokens_after, c.dpop_bound
from access.resolve_bearer($1, $2, $3) b
join access.client c on c.client_id = b.client_id`,
      [clientId, accountId, ids],
    )
    return rows[0]
  }

  /** Ends a token by its own id, or all tokens of one sign-in by the id of the grant; every gateway hears of it at once. */
  async end(id: string): Promise<void> {
    const now = this.#options.now()
    await this.#options.pool.query('select access.end_token($1, $2, $3)', [
      id,
      now,
      new Date(now.getTime() + REMEMBERED_SECONDS * 1_000),
    ])
  }

  /** What oidc-provider takes for the table of its tokens. */
  adapterFor(kind: 'AccessToken' | 'ClientCredentials'): Adapter {
    const never = async (): Promise<never> => {
      throw new Error('Tokens are signed, not stored.')
    }
    return {
      find: async (opaque) => payloadOf(kind, await this.findClaims(tokenOf(opaque))),
      destroy: (jti) => this.end(jti),
      revokeByGrantId: (grantId) => this.end(grantId),
      findByUid: async () => undefined,
      findByUserCode: async () => undefined,
      upsert: never,
      consume: never,
    }
  }
}

function payloadOf(kind: string, claims: JWTPayload | null): AdapterPayload | undefined {
  if (!claims) return undefined
  const { client_id: clientId, sub, jti, iat, exp, scope, aud, act, grant_id: grantId, cnf } = claims
  if (kind !== (sub === clientId ? 'ClientCredentials' : 'AccessToken')) return undefined
  return {
    kind,
    jti,
    iat,
    exp,
    clientId,
    scope,
    aud,
    // Introspection tells it (RFC 9449, 6.2).
    ...(cnf ? { jkt: (cnf as { jkt?: string }).jkt } : {}),
    ...(kind === 'AccessToken' ? { accountId: sub, grantId: grantId as string | undefined } : {}),
    ...(act ? { extra: { act } } : {}),
  }
}
