// Who may ask the explorer for a token: its own page, opened at the platform's own address, and nobody else.
import type { IncomingHttpHeaders } from 'node:http'
import { EXPLORER_HEADER } from './session.ts'

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'] as const

/**
 * The origins at which the page may be opened. Not whatever `Host` says: a name of an attacker that resolves to
 * 127.0.0.1 (DNS rebinding) would make origin and host agree.
 */
export function ownOrigins(address: string): ReadonlySet<string> {
  const { origin, protocol, hostname, port } = new URL(address)
  if (!(LOOPBACK as readonly string[]).includes(hostname)) return new Set([origin])
  return new Set(LOOPBACK.map((name) => new URL(`${protocol}//${name}${port && `:${port}`}`).origin))
}

/** Browsers send `Origin` with every POST and forbid pages to forge it; `Sec-Fetch-Site` says the same once more where they send it. */
export function comesFromOwnPage(headers: IncomingHttpHeaders, origins: ReadonlySet<string>): boolean {
  const { origin, 'sec-fetch-site': site } = headers
  return (
    origin !== undefined &&
    origins.has(origin) &&
    (site === undefined || site === 'same-origin') &&
    headers[EXPLORER_HEADER] === '1'
  )
}
