// The end of a pool of connections: when it is over, no connection is left that a stopping database would have to break.
import type { Pool } from 'pg'

/** A connection to a server that is gone says no goodbye. */
const PATIENCE_MS = 2_000

/** The pool itself says it has ended while its connections are still closing, and each that the server breaks then logs a fault. */
export async function endPool(pool: Pool, end: () => Promise<void> = () => pool.end()): Promise<void> {
  let open = pool.totalCount
  if (open === 0) return end()
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  pool.on('remove', () => --open === 0 && resolve())
  const patience = setTimeout(resolve, PATIENCE_MS)
  await end()
  await closed
  clearTimeout(patience)
}
