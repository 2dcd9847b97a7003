// Secrets at rest: AES-256-GCM under a key that is not in the database, so that a copy of the database makes no codes.
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

const IV_BYTES = 12
const TAG_BYTES = 16
const NAME_BYTES = 4

const keyOf = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', 'lienthong account secrets', 32))
const nameOf = (secret: string): Buffer => createHash('sha256').update(keyOf(secret)).digest().subarray(0, NAME_BYTES)

/** The first key seals; the others still open what they sealed. `owner` is bound in: a secret copied to another account's row does not open. */
export function seal(plain: Buffer, owner: string, [secret]: readonly string[]): Buffer {
  if (!secret) throw new Error('There is no key to seal secrets with.')
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), iv).setAAD(Buffer.from(owner))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nameOf(secret), iv, cipher.getAuthTag(), body])
}

export function unseal(sealed: Buffer, owner: string, secrets: readonly string[]): Buffer {
  const name = sealed.subarray(0, NAME_BYTES)
  const secret = secrets.find((candidate) => nameOf(candidate).equals(name))
  if (!secret) throw new Error('The key that sealed this secret is no longer in the secrets file.')
  const iv = sealed.subarray(NAME_BYTES, NAME_BYTES + IV_BYTES)
  const tag = sealed.subarray(NAME_BYTES + IV_BYTES, NAME_BYTES + IV_BYTES + TAG_BYTES)
  const cipher = createDecipheriv('aes-256-gcm', keyOf(secret), iv).setAAD(Buffer.from(owner)).setAuthTag(tag)
  return Buffer.concat([cipher.update(sealed.subarray(NAME_BYTES + IV_BYTES + TAG_BYTES)), cipher.final()])
}
