// The clients of the authorization server, read from the grants at each request: a suspension acts on the next one.
import type { JWK } from 'jose'
import type { Pool } from 'pg'
import type { Adapter, ClientMetadata } from 'oidc-provider'
import { isScope } from '../../kernel/scopes.ts'
import { findPublicShape } from './signing-keys.ts'

interface ClientRow {
  client_id: string
  jwks: { keys?: unknown } | null
  scopes: string[]
}

// RFC 6749 lets an id hold any printable character. Anything else cannot be ours, and PostgreSQL refuses a NUL in text.
const CLIENT_ID = /^[\x21-\x7e]{1,255}$/

/** Clients by their primary key. Suspended, revoked and unknown are one answer, so that a stranger cannot tell them apart. */
export function clientAdapter(pool: Pool): Adapter {
  async function find(id: string): Promise<ClientMetadata | undefined> {
    if (!CLIENT_ID.test(id)) return undefined
    const { rows } = await pool.query<ClientRow>(
      `select client_id, jwks, scopes
from access.client
where client_id = $1
  and status = 'ACTIVE'`,
      [id],
    )
    return rows[0] && describeClient(rows[0])
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

function describeClient({ client_id, jwks, scopes }: ClientRow): ClientMetadata | undefined {
  const registered: JWK[] = Array.isArray(jwks?.keys) ? jwks.keys : []
  const keys = registered.flatMap((jwk) => {
    const shape = findPublicShape(jwk)
    return shape ? [{ ...shape.members, alg: shape.algorithm, use: 'sig', ...(jwk.kid ? { kid: jwk.kid } : {}) }] : []
  })
  // Without a key of ours nobody can speak for this client.
  if (keys.length === 0) return undefined
  return {
    client_id,
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    jwks: { keys },
    // An empty list must not become "no restriction": it is left out here and refused in grantScopes.
    scope: scopes.filter(isScope).join(' ') || undefined,
  }
}
