// Passwords: argon2id, in the PHC form that tells its own parameters.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'

// OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane. About 60 ms here, and 19 MiB for each guess.
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const
const TAG_BYTES = 32
const SALT_BYTES = 16

/** Longer than anybody types, and short enough that hashing it costs what a password costs. */
export const LONGEST_PASSWORD = 256
/** NIST SP 800-63B: length counts, rules of composition do not. */
export const SHORTEST_PASSWORD = 12

interface Cost {
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  // One text, one password, however the keyboard composed its Vietnamese letters.
  const message = Buffer.from(password.normalize('NFC'))
  return new Promise((resolve, reject) =>
    argon2('argon2id', { ...cost, message, nonce: salt, tagLength: TAG_BYTES }, (error, tag) =>
      error ? reject(error) : resolve(tag),
    ),
  )
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

export async function hashPassword(password: string): Promise<string> {
  if (password.length > LONGEST_PASSWORD) throw new RangeError(`A password has at most ${LONGEST_PASSWORD} characters.`)
  const salt = randomBytes(SALT_BYTES)
  const { memory, passes, parallelism } = COST
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(await derive(password, salt, COST))}`
}

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{43})$/

/** An account that is not there has a password too, which nobody knows: the answer takes as long and reads the same. */
const nobodysHash = hashPassword(randomBytes(24).toString('base64'))

export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const [, m, t, p, salt, tag] = PHC.exec(hash ?? (await nobodysHash)) ?? []
  if (!salt || !tag) throw new Error('A stored password hash is not in the form that we write.')
  const typed = password.length > LONGEST_PASSWORD ? '' : password
  const cost = { memory: Number(m), passes: Number(t), parallelism: Number(p) }
  const derived = await derive(typed, Buffer.from(salt, 'base64'), cost)
  return timingSafeEqual(derived, Buffer.from(tag, 'base64')) && hash !== null && typed === password
}
