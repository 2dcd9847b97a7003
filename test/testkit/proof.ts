// DPoP proofs made by hand, whole or with one thing wrong, and the key they are made with.
import { createHash, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'

export interface ProofKey {
  readonly algorithm: string
  readonly privateKey: CryptoKey
  readonly jwk: JWK
  readonly thumbprint: string
}

export async function proofKey(algorithm = 'ES256'): Promise<ProofKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true })
  const jwk = await exportJWK(publicKey)
  return { algorithm, privateKey, jwk, thumbprint: await calculateJwkThumbprint(jwk) }
}

export interface ProofWishes {
  readonly header?: Record<string, unknown>
  readonly claims?: Record<string, unknown>
  /** Signs instead of the key that the header shows. */
  readonly signedWith?: CryptoKey | Uint8Array
}

export const athOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** A proof for one POST to `url`, made now. */
export function proofOf(key: ProofKey, url: string, token: string | null, wishes: ProofWishes = {}): Promise<string> {
  const { header = {}, claims = {}, signedWith = key.privateKey } = wishes
  return new SignJWT({
    htm: 'POST',
    htu: url,
    iat: Math.floor(Date.now() / 1_000),
    jti: randomUUID(),
    ...(token === null ? {} : { ath: athOf(token) }),
    ...claims,
  })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: key.algorithm, jwk: key.jwk, ...header })
    .sign(signedWith)
}
