// The clients of the authorization server, read from the grants at each request: a suspension acts on the next one.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { JWK } from 'jose'
import type { Pool } from 'pg'
import type { Adapter, ClientMetadata } from 'oidc-provider'
import { isScope } from '../../kernel/scopes.ts'
import { findPublicShape } from './signing-keys.ts'
import { TOKEN_EXCHANGE } from './token-exchange.ts'

interface ClientRow {
  client_id: string
  environment: 'SANDBOX' | 'PRODUCTION'
  application_id: string | null
  first_party: boolean
  redirect_uris: string[]
  dpop_bound: boolean
  jwks: { keys?: unknown } | null
  scopes: string[]
  secret_hash: string | null
}

// RFC 6749 lets an id hold any printable character. Anything else cannot be ours, and PostgreSQL refuses a NUL in text.
const CLIENT_ID = /^[\x21-\x7e]{1,255}$/

// A client that is a person, with a key instead of a password, exists for scripts of the sandbox alone: where it matters who sits
// at the keyboard, nobody signs in without a second factor.
const FIND = `
select client_id, environment, application_id, first_party, redirect_uris, dpop_bound, jwks, scopes, secret_hash
from access.client
where client_id = $1
  and status = 'ACTIVE'
  and (account_id is null or environment = 'SANDBOX')`

/** Clients by their primary key. Suspended, revoked and unknown are one answer, so that a stranger cannot tell them apart. */
export function clientAdapter(pool: Pool, now: () => Date, sandbox: boolean): Adapter {
  async function find(id: string): Promise<ClientMetadata | undefined> {
    if (!CLIENT_ID.test(id)) return undefined
    const { rows } = await pool.query<ClientRow>(FIND, [id])
    return rows[0] && describeClient(rows[0], now(), sandbox)
  }
  return {
    find,
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    upsert: refuseWrite,
    consume: refuseWrite,
    destroy: refuseWrite,
    revokeByGrantId: async () => undefined,
  }
}

/** There is no self-registration: applications come through approval, and their keys through the registry. */
async function refuseWrite(): Promise<void> {
  throw new Error('The authorization server does not write clients.')
}

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\])(:\d+)?\//

/**
 * Where a code may be sent: exactly here, over TLS, or to a program on the person's own machine at whatever port it has (RFC 8252,
 * 7.3). A product that holds a key runs on a server, so in production its codes do not go to anybody's machine.
 */
function isRedirectUri(uri: string, { environment, first_party }: ClientRow): boolean {
  if (!URL.canParse(uri) || new URL(uri).hash !== '') return false
  return uri.startsWith('https://') || (LOOPBACK.test(uri) && (environment === 'SANDBOX' || first_party))
}

/** A key that a newer one has replaced carries its last second (`exp`), and is none from then on. */
function keysOf({ jwks }: ClientRow, now: Date): JWK[] {
  const all: (JWK & { exp?: unknown })[] = Array.isArray(jwks?.keys) ? jwks.keys : []
  const registered = all.filter(({ exp }) => typeof exp !== 'number' || exp > now.getTime() / 1000)
  return registered.flatMap((jwk) => {
    const shape = findPublicShape(jwk)
    return shape ? [{ ...shape.members, alg: shape.algorithm, use: 'sig', ...(jwk.kid ? { kid: jwk.kid } : {}) }] : []
  })
}

function describeClient(row: ClientRow, now: Date, sandbox: boolean): ClientMetadata | undefined {
  const { client_id, application_id, first_party, scopes } = row
  const redirect_uris = row.redirect_uris.filter((uri) => isRedirectUri(uri, row))
  const signsIn = redirect_uris.length > 0
  const common = {
    client_id,
    redirect_uris,
    application_type: redirect_uris.some((uri) => LOOPBACK.test(uri)) ? 'native' : 'web',
    // A client that is registered so gets no token that a thief could use without its key.
    dpop_bound_access_tokens: row.dpop_bound,
    response_types: signsIn ? ['code'] : [],
    // An empty list must not become "no restriction": it is left out here and refused in grantScopes.
    scope: scopes.filter(isScope).join(' ') || undefined,
  }
  // A page or a program in people's hands keeps no secret: who it is, is proved by PKCE and the redirect alone, and by itself it may nothing.
  if (first_party)
    return signsIn ? { ...common, token_endpoint_auth_method: 'none', grant_types: ['authorization_code'] } : undefined
  const keys = keysOf(row, now)
  if (keys.length === 0 && sandbox && row.environment === 'SANDBOX' && row.secret_hash !== null)
    return {
      client_id,
      redirect_uris: [],
      dpop_bound_access_tokens: row.dpop_bound,
      response_types: [],
      scope: common.scope,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['client_credentials'],
      // Its hash: see isSecret.
      client_secret: row.secret_hash,
    }
  // Without a key of ours nobody can speak for this client.
  if (keys.length === 0) return undefined
  return {
    ...common,
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: ['client_credentials', ...(application_id && signsIn ? ['authorization_code', TOKEN_EXCHANGE] : [])],
    // FAPI 2.0, 5.3.2.2: what a confidential client asks for is pushed, so that no browser carries or alters it.
    ...(signsIn ? { require_pushed_authorization_requests: true } : {}),
    jwks: { keys },
  }
}

/** We keep the hash where the library looks for the secret, so what a client sends is compared as a hash. */
export function isSecret(kept: string, sent: string): boolean {
  const [a, b] = [Buffer.from(kept), Buffer.from(createHash('sha256').update(sent).digest('base64url'))]
  return a.length === b.length && timingSafeEqual(a, b)
}
