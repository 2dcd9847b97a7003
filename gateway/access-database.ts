// The gateway's own two questions to the database, each with a deadline: an operation waits seconds, never for a dead server.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient, QueryResultRow } from 'pg'
import { isDatabaseAway } from '../subgraphs/kernel/database.ts'
import { PlatformError } from '../subgraphs/kernel/errors.ts'

const DEADLINE_MS = 3_000

export interface AccessDatabase {
  query<R extends QueryResultRow>(text: string, values: readonly unknown[]): Promise<R[]>
  /** Takes the listeners off the pool, which is not ours. */
  release(): void
}

export function createAccessDatabase(pool: Pool, onConnectionError: (error: Error) => void): AccessDatabase {
  // An 'error' event that nobody listens to ends the process: of an idle connection it comes from the pool, of one in use from itself.
  const watch = (client: PoolClient): void => void client.on('error', onConnectionError)
  pool.on('error', onConnectionError)
  pool.on('connect', watch)

  return {
    async query<R extends QueryResultRow>(text: string, values: readonly unknown[]) {
      try {
        // The pool's own wait for a connection has no end by default, and a server that hangs answers no query at all.
        const answer = pool.query<R>({ text, values: values as unknown[], query_timeout: DEADLINE_MS } as {
          text: string
          values: unknown[]
        })
        return (await withDeadline(answer, DEADLINE_MS + 500)).rows
      } catch (error) {
        if (isDatabaseAway(error) || isTimeout(error)) throw new PlatformError('SERVICE_UNAVAILABLE', { retryAfter: 2 })
        throw error
      }
    },
    release() {
      pool.off('error', onConnectionError)
      pool.off('connect', watch)
    },
  }
}

class DeadlinePassed extends Error {}

function isTimeout(error: unknown): boolean {
  // 57014 is the server's own statement timeout.
  const { code, message } = error as { code?: string; message?: string }
  return error instanceof DeadlinePassed || code === '57014' || message === 'Query read timeout'
}

async function withDeadline<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  const done = new AbortController()
  const deadline = sleep(milliseconds, undefined, { signal: done.signal, ref: false }).then(
    () => {
      throw new DeadlinePassed()
    },
    () => new Promise<never>(() => undefined),
  )
  try {
    return await Promise.race([work, deadline])
  } finally {
    done.abort()
  }
}
