// UUIDv7 (RFC 9562): ids that rise with time, so that new rows land at the end of their index.
import { randomFillSync } from 'node:crypto'

// Randomness is drawn for many ids at once: a call into the operating system for each would cost ten times the id itself.
const pool = Buffer.alloc(16 * 256)
let used = pool.length

export function uuidv7(now: Date): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = pool.subarray(used, (used += 16))
  bytes.writeUIntBE(now.getTime(), 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
