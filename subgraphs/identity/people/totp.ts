// One-time codes of an authenticator app (RFC 6238): SHA-1, six digits, thirty seconds, as every app makes them.
import { createHmac, timingSafeEqual } from 'node:crypto'

const STEP_SECONDS = 30
const DIGITS = 6
/** RFC 6238, 5.2: one step for the clock of a telephone and the time of typing, not more. */
const DRIFT_STEPS = 1
/** RFC 4226, 4 (R6): 160 bits. */
export const TOTP_SECRET_BYTES = 20

export const totpStep = (now: Date): number => Math.floor(now.getTime() / 1_000 / STEP_SECONDS)

export function totpCode(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = mac[mac.length - 1]! & 0x0f
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** DIGITS).padStart(DIGITS, '0')
}

/** The step whose code this is, or null. All candidates are compared, so that the time taken tells nothing. */
export function findTotpStep(secret: Buffer, code: string, now: Date): number | null {
  const typed = Buffer.from(
    code
      .replace(/\s/g, '')
      .padEnd(DIGITS)
      .slice(0, DIGITS + 1),
  )
  let found: number | null = null
  for (let step = totpStep(now) - DRIFT_STEPS; step <= totpStep(now) + DRIFT_STEPS; step++) {
    const expected = Buffer.from(totpCode(secret, step))
    if (typed.length === expected.length && timingSafeEqual(typed, expected)) found = step
  }
  return found
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648, without padding: the form in which an authenticator app takes a secret by hand. */
export function toBase32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((group) => BASE32[parseInt(group.padEnd(5, '0'), 2)]).join('')
}

export function fromBase32(text: string): Buffer {
  const values = [...text].map((letter) => BASE32.indexOf(letter))
  if (values.includes(-1)) throw new Error('Not a base32 text.')
  const bits = values.map((value) => value.toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
}
