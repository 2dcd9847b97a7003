// The database as a subgraph sees it: one pool under its own role, every transaction opened for a viewer.
import { createHash } from 'node:crypto'
import type { Pool, PoolClient, QueryResultRow } from 'pg'
import { PlatformError } from './errors.ts'
import type { Scope } from './scopes.ts'
import type { SubgraphContext } from './context.ts'
import { assertAdmitted, type Viewer } from './viewer.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function isUuid(value: string): boolean {
  return UUID.test(value)
}

/** The id as the database answers it, null for what is none. SQL Server, which vendors run, writes them in capitals. */
export function uuidOf(value: string): string | null {
  return UUID.test(value) ? value.toLowerCase() : null
}

/** Opens a transaction for what is no school's: code lists, calendars, the registry. No school has this id (RFC 9562, nil). */
export const NO_SCHOOL: readonly string[] = ['00000000-0000-0000-0000-000000000000']

/** What a transaction is opened for. */
export interface Opening {
  /** The scope this transaction acts under: schools whose agreement lacks it stay closed. */
  readonly scope: Scope
  /** The schools the request concerns, if it names them: narrower is faster. Null: all that are open to the viewer. */
  readonly schools?: readonly string[] | null
  /**
   * Thousands of rows of many schools are joined. How many schools there are the planner cannot know: it expects ten, and would go
   * through thirty thousand rows in nested loops.
   */
  readonly joinsMany?: boolean
}

export interface Transaction {
  /** The schools that the database opened: requested ∩ granted. Every query names them in its own predicate. */
  readonly schools: readonly string[]
  query<R extends QueryResultRow>(text: string, values: readonly unknown[]): Promise<R[]>
}

export interface Database {
  /** Runs a read-only transaction for the viewer of the context. */
  read<T>(context: SubgraphContext, opening: Opening, work: (tx: Transaction) => Promise<T>): Promise<T>
  /** Runs a writing transaction; anything thrown rolls all of it back. */
  write<T>(context: SubgraphContext, opening: Opening, work: (tx: Transaction) => Promise<T>): Promise<T>
  /** Answers whether the database answers. */
  ping(): Promise<void>
}

// PostgreSQL classes that mean "the server went away or cannot take us now", not "the statement was wrong".
const AWAY = /^(08|57P0|53300|53200|58)/
const AWAY_SYSTEM = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'])

export function isDatabaseAway(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  if (code && (AWAY.test(code) || AWAY_SYSTEM.has(code))) return true
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout/.test(
    message ?? '',
  )
}

/** What PostgreSQL refuses because of what was sent or asked for, in words for the caller; undefined for a fault of ours. */
function refusalOf(error: unknown): PlatformError | undefined {
  switch ((error as { code?: string }).code) {
    // Text of PostgreSQL holds every character but NUL, which JSON and GraphQL both can write.
    case '22021':
    case '22P05':
      return new PlatformError('INPUT_INVALID', {
        message: 'A text holds the character NUL (U+0000). Leave it out.',
        messageVi: 'Chuỗi có ký tự NUL (U+0000). Hãy bỏ ký tự này.',
      })
    case '57014':
      return new PlatformError('REQUEST_TIMEOUT')
    // Of two transactions that wait for each other one is ended; it may simply be sent again.
    case '40P01':
      return new PlatformError('SERVICE_UNAVAILABLE', { retryAfter: 1 })
    default:
      return undefined
  }
}

function openStatement(viewer: Viewer, { scope, schools, joinsMany }: Opening, today: string, mode: string): string {
  const literal = (id: string | null): string => {
    if (id === null) return 'null'
    // The only text that reaches this statement: ids of the signed viewer and of references, both held to be UUIDs.
    if (!UUID.test(id)) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
    return `'${id}'`
  }
  const list = schools ? `array[${schools.map(literal).join(',')}]::uuid[]` : 'null'
  const joins = joinsMany ? 'set local enable_nestloop = off; ' : ''
  return `begin ${mode}; ${joins}select access.open_viewer(${literal(viewer.applicationId)}, ${literal(viewer.accountId)}, '${scope}', ${list}, '${today}') as schools`
}

/** The calendar day in Vietnam, which decides the validity of agreements (UTC+7, no daylight saving). */
export function vietnamDay(now: Date): string {
  return new Date(now.getTime() + 7 * 3_600_000).toISOString().slice(0, 10)
}

// A prepared statement is named by its text, so that a pooled connection plans each hot query once.
const statementNames = new Map<string, string>()
function statementName(text: string): string {
  let name = statementNames.get(text)
  if (!name) statementNames.set(text, (name = `lt_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`))
  return name
}

export function createDatabase(pool: Pool): Database {
  async function connect(): Promise<PoolClient> {
    try {
      return await pool.connect()
    } catch (error) {
      if (isDatabaseAway(error)) throw new PlatformError('SERVICE_UNAVAILABLE', { retryAfter: 2 })
      throw error
    }
  }

  async function run<T>(
    context: SubgraphContext,
    opening: Opening,
    mode: string,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    assertAdmitted(context.viewer)
    if (opening.schools?.length === 0) return work({ schools: [], query: async () => [] })
    const open = openStatement(context.viewer, opening, vietnamDay(context.now()), mode)
    const client = await connect()
    let broken: Error | undefined
    try {
      // One round trip begins the transaction and opens it: with several statements node-postgres answers several results.
      const results = (await client.query(open)) as unknown as { rows: [{ schools: string[] }] }[]
      const { schools } = results.at(-1)!.rows[0]
      for (const school of schools) if (opening.schools) context.touched.schools.add(school)
      const result = await work({
        schools,
        query: async (text, values) =>
          (await client.query({ name: statementName(text), text, values: values as unknown[] })).rows,
      })
      await client.query('commit')
      return result
    } catch (error) {
      if (isDatabaseAway(error)) {
        broken = error as Error
        throw new PlatformError('SERVICE_UNAVAILABLE', { retryAfter: 2 })
      }
      await client.query('rollback').catch((failure: Error) => (broken = failure))
      throw refusalOf(error) ?? error
    } finally {
      client.release(broken)
    }
  }

  return {
    read: (context, opening, work) => run(context, opening, 'read only', work),
    write: (context, opening, work) => run(context, opening, 'read write', work),
    ping: async () => {
      const client = await connect()
      try {
        await client.query('select 1')
        client.release()
      } catch (error) {
        client.release(error as Error)
        throw new PlatformError('SERVICE_UNAVAILABLE', { retryAfter: 2 })
      }
    },
  }
}
