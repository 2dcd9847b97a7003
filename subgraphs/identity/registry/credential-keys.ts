// The public key that a vendor registers: which kinds are taken, and by which name it is known.
import { createHash, createPublicKey } from 'node:crypto'

/** EC P-256 (ES256) or Ed25519 (EdDSA), FAPI 2.0, 5.4.1. */
export interface PublicKey {
  readonly kty: 'EC' | 'OKP'
  readonly crv: 'P-256' | 'Ed25519'
  readonly x: string
  readonly y?: string
  readonly kid?: string
  readonly alg: 'ES256' | 'EdDSA'
  readonly use: 'sig'
}

export interface RegisteredKey {
  readonly jwk: PublicKey
  /** RFC 7638. */
  readonly thumbprint: string
}

export type KeyFault = 'NOT_A_KEY' | 'PRIVATE_KEY'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')

function isOnCurve(jwk: object): boolean {
  try {
    createPublicKey({ key: jwk as never, format: 'jwk' })
    return true
  } catch {
    return false
  }
}

/** The public members and nothing else. A private key is refused, not stripped: its owner must learn that it has leaked. */
export function readPublicKey(text: string): RegisteredKey | KeyFault {
  let given: Record<string, unknown>
  try {
    given = JSON.parse(text) as Record<string, unknown>
  } catch {
    return 'NOT_A_KEY'
  }
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return 'NOT_A_KEY'
  if ('d' in given || 'k' in given) return 'PRIVATE_KEY'
  const { kty, crv, x, y, kid } = given
  const name = typeof kid === 'string' && /^[\x21-\x7e]{1,128}$/.test(kid) ? { kid } : {}
  if (kty === 'EC' && crv === 'P-256' && typeof x === 'string' && typeof y === 'string') {
    const members = { crv, kty, x, y } as const
    return isOnCurve(members)
      ? { jwk: { ...members, ...name, alg: 'ES256', use: 'sig' }, thumbprint: sha256(JSON.stringify(members)) }
      : 'NOT_A_KEY'
  }
  if (kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string') {
    const members = { crv, kty, x } as const
    return isOnCurve(members)
      ? { jwk: { ...members, ...name, alg: 'EdDSA', use: 'sig' }, thumbprint: sha256(JSON.stringify(members)) }
      : 'NOT_A_KEY'
  }
  return 'NOT_A_KEY'
}
