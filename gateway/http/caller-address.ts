// From which address a request comes, when proxies of our own stand before the door.
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/**
 * Each proxy appends the address it heard from to X-Forwarded-For: with `hops` of them the caller is the `hops`-th from the right.
 * What stands further left the caller wrote itself, and could write anything.
 */
export function callerAddress({ headers, socket }: IncomingMessage, hops: number): string {
  const peer = socket.remoteAddress ?? ''
  if (hops === 0) return peer
  const named = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((part) => part.trim())
  const caller = named.at(-hops) ?? ''
  return isIP(caller) ? caller : peer
}
