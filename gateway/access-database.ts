// The gateway's own two questions to the database, each with a deadline: an operation waits seconds, never for a dead server.
import type { Pool, QueryResultRow } from 'pg'
import { isDatabaseAway } from '../subgraphs/kernel/database.ts'
import { PlatformError } from '../subgraphs/kernel/errors.ts'
import { DeadlinePassed, withDeadline } from './deadline.ts'

const DEADLINE_MS = 3_000

export interface AccessDatabase {
  query<R extends QueryResultRow>(text: string, values: readonly unknown[]): Promise<R[]>
}

export function createAccessDatabase(pool: Pool, onConnectionError: (error: Error) => void): AccessDatabase {
  // An 'error' event that nobody listens to ends the process: of an idle connection it comes from the pool, of one in use from itself.
  // The listeners stay for the life of the pool: a connection that is being closed can still be told that its server goes away.
  pool.on('error', onConnectionError)
  pool.on('connect', (client) => void client.on('error', onConnectionError))

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
        if (!isDatabaseAway(error) && !isTimeout(error)) throw error
        onConnectionError(error as Error)
        throw new PlatformError('SERVICE_UNAVAILABLE', { retryAfter: 2 })
      }
    },
  }
}

function isTimeout(error: unknown): boolean {
  // 57014 is the server's own statement timeout.
  const { code, message } = error as { code?: string; message?: string }
  return error instanceof DeadlinePassed || code === '57014' || message === 'Query read timeout'
}
