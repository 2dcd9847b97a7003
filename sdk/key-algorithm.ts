// Which algorithm a key signs with, for assertions and proofs alike.
import type { KeyObject } from 'node:crypto'

export function algorithmOf(key: KeyObject): 'ES256' | 'EdDSA' {
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA'
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256'
  throw new Error('The private key must be P-256 (for ES256) or Ed25519 (for EdDSA).')
}
