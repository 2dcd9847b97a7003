// The keys that sign access tokens: checked, named and told to the world without their private part.
import { createHash } from 'node:crypto'
import type { JWK } from 'jose'

/** The two signature algorithms of the platform, each with the one kind of key it takes (FAPI 2.0, 5.4.1). */
export const SIGNING_ALGORITHMS = ['ES256', 'EdDSA'] as const
/** Of proofs of possession: clients of today write the curve's own name (RFC 9864) where the registered keys of older ones say EdDSA. */
export const PROOF_ALGORITHMS = [...SIGNING_ALGORITHMS, 'Ed25519'] as const
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

export interface SigningKeys {
  readonly privateJwks: { keys: JWK[] }
  readonly publicJwks: { keys: JWK[] }
  /** The first key signs; the others are still published, so that tokens they signed are believed until they expire. */
  readonly algorithm: SigningAlgorithm
  readonly kid: string
}

export function readSigningKeys(jwks: readonly JWK[]): SigningKeys {
  const keys = jwks.map((jwk, index) => {
    const shape = findPublicShape(jwk)
    if (!shape || typeof jwk.d !== 'string') {
      throw new Error(`Signing key ${index + 1} is not a private P-256 or Ed25519 key in JWK form.`)
    }
    const published: JWK = { ...shape.members, kid: jwk.kid ?? thumbprint(shape.members), alg: shape.algorithm, use: 'sig' }
    return { algorithm: shape.algorithm, published, secret: { ...published, d: jwk.d } }
  })
  const [first] = keys
  if (!first) throw new Error('The authorization server needs at least one signing key.')
  if (new Set(keys.map(({ published }) => published.kid)).size < keys.length) throw new Error('Two signing keys share one kid.')
  return {
    privateJwks: { keys: keys.map(({ secret }) => secret) },
    publicJwks: { keys: keys.map(({ published }) => published) },
    algorithm: first.algorithm,
    kid: first.published.kid!,
  }
}

/** The members that make up the public key and nothing else; null for a kind of key we do not take. */
export function findPublicShape({ kty, crv, x, y }: JWK): { algorithm: SigningAlgorithm; members: JWK } | null {
  if (kty === 'EC' && crv === 'P-256' && x && y) return { algorithm: 'ES256', members: { crv, kty, x, y } }
  if (kty === 'OKP' && crv === 'Ed25519' && x) return { algorithm: 'EdDSA', members: { crv, kty, x } }
  return null
}

// RFC 7638: the required members in lexicographic order, which is the order findPublicShape writes them in.
const thumbprint = (members: JWK): string => createHash('sha256').update(JSON.stringify(members)).digest('base64url')
