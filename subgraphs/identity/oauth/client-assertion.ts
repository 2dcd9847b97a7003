// When a client assertion (RFC 7523) whose signature holds is refused all the same: its minute, its audience, its claims.

/** Five minutes: an assertion that leaks from a vendor's log is worth nothing soon after. */
export const MAX_ASSERTION_AGE_SECONDS = 300
/** FAPI 2.0, 5.3.2.1: clocks may differ by 10 seconds; more would only help a thief. */
export const CLOCK_TOLERANCE_SECONDS = 10

/** Why the assertion is refused, for the log; null when nothing is wrong. */
export function findAssertionFault(claims: Readonly<Record<string, unknown>>, issuer: string, now: Date): string | null {
  const { aud, exp, iat, jti } = claims
  const seconds = now.getTime() / 1000
  // Only our issuer, and as a string: an assertion that also names another server, or an address that another server's
  // metadata could hand out as its own token endpoint, could be collected there and spent here (FAPI 2.0, 5.3.2.1).
  if (aud !== issuer) return 'aud is not the issuer identifier'
  if (typeof jti !== 'string' || jti === '') return 'jti is missing'
  if (typeof iat !== 'number') return 'iat is missing'
  if (typeof exp !== 'number') return 'exp is missing'
  if (exp + CLOCK_TOLERANCE_SECONDS <= seconds) return 'the assertion has expired'
  if (exp > seconds + MAX_ASSERTION_AGE_SECONDS + CLOCK_TOLERANCE_SECONDS) return 'exp is too far in the future'
  if (iat > seconds + CLOCK_TOLERANCE_SECONDS) return 'iat is in the future'
  if (iat < seconds - MAX_ASSERTION_AGE_SECONDS - CLOCK_TOLERANCE_SECONDS) return 'the assertion is too old'
  return null
}
