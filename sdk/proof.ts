// Proofs of possession (DPoP, RFC 9449): with them a stolen access token is worth nothing without the key.
import { createHash, createPrivateKey, createPublicKey, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { algorithmOf } from './key-algorithm.ts'

export interface Prover {
  /** A proof for one request; `accessToken` is named in it when it goes to the API. */
  prove(method: string, url: string, accessToken?: string): Promise<string>
}

export interface ProverOptions {
  /** P-256 or Ed25519, PEM (PKCS #8). Another key than the one that signs assertions; it may be made anew at every start. */
  readonly privateKey: string
  readonly now?: () => Date
}

export function createProver({ privateKey, now = () => new Date() }: ProverOptions): Prover {
  const key = createPrivateKey(privateKey)
  const { kty, crv, x, y } = createPublicKey(key).export({ format: 'jwk' })
  const header = { alg: algorithmOf(key), typ: 'dpop+jwt', jwk: { kty, crv, x, ...(y ? { y } : {}) } }

  return {
    prove: (method, url, accessToken) => {
      const address = new URL(url)
      address.search = ''
      address.hash = ''
      return new SignJWT({
        jti: randomUUID(),
        htm: method,
        htu: address.href,
        iat: Math.floor(now().getTime() / 1_000),
        ...(accessToken === undefined ? {} : { ath: createHash('sha256').update(accessToken).digest('base64url') }),
      })
        .setProtectedHeader(header as Parameters<SignJWT['setProtectedHeader']>[0])
        .sign(key)
    },
  }
}
