// The database as a subgraph sees it: one pool under its own role, every transaction opened for a viewer.
import { createHash } from 'node:crypto'
import type { Pool, PoolClient, QueryConfig, QueryResultRow } from 'pg'
import { PlatformError } from './errors.ts'
import { sendTogether, type Statement } from './one-message.ts'
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

/**
 * The open schools in the words of a statement, read once for it. The planner takes them for ten, however many there are: it neither
 * weighs a thousand ids against its statistics nor plans anew for each list of them.
 */
export const OPEN_SCHOOLS = `(select nullif(current_setting('lt.schools', true), '')::uuid[])::uuid[]`

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

/** A statement of which only the open schools are not known beforehand. */
export interface Asked {
  readonly text: string
  /** Its values once it is known which schools are open; asked for schools that are not, it finds nothing of them. */
  readonly values: (schools: readonly string[]) => readonly unknown[]
}

export interface Rows<R> {
  /** The schools that the database opened, as in a transaction. */
  readonly schools: readonly string[]
  readonly rows: R[]
}

export interface Database {
  /** One statement in a read-only transaction of its own: opened, read and ended in one message. */
  readRows<R extends QueryResultRow>(
    context: SubgraphContext,
    opening: Opening & { readonly schools: readonly string[] },
    asked: Asked,
  ): Promise<Rows<R>>
  /**
   * The same for what names no school: all schools that are open to the viewer under the scope. They are some thousands for a
   * product of the whole province, so their ids stay in the database: the statement names them by OPEN_SCHOOLS.
   */
  readOpen<R extends QueryResultRow>(
    context: SubgraphContext,
    scope: Scope,
    text: string,
    values: readonly unknown[],
  ): Promise<R[]>
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

const BEGIN = { 'read only': 'begin read only', 'read write': 'begin read write' } as const
type Mode = keyof typeof BEGIN

const OPEN = 'select access.open_viewer($1, $2, $3, $4::uuid[], $5) as schools'
/**
 * Without a `begin` the message is the transaction, and says for itself that nothing is written. What it asks is planned once for a
 * connection: for a list of one id the planner would rather plan anew each time (0.3 ms for the pupils of a class, who are read in
 * 0.1) than keep a plan made for ten. These are reads by key through an index; lists with filters stay with `read`.
 */
const READS = `set_config('transaction_read_only', 'on', true), set_config('plan_cache_mode', 'force_generic_plan', true)`
const OPEN_TO_READ = `select ${READS}, access.open_all($1, $2, $3, $4::uuid[], $5) as schools`
const OPEN_ALL_THERE_ARE = `select ${READS}, access.open_viewer($1, $2, $3, $4::uuid[], $5) is not null as open`
/** What access.open_all says when a school is not open. */
const NOT_ALL_OPEN = 'LT001'
const NO_NESTED_LOOPS = 'set local enable_nestloop = off'

const isId = (id: string | null): boolean => id === null || UUID.test(id)

/** Ids come from the signed viewer and from references; what is none cannot be anybody's. */
function opens(text: string, { applicationId, accountId }: Viewer, { scope, schools }: Opening, today: string): Statement {
  if (![applicationId, accountId, ...(schools ?? [])].every(isId)) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
  return prepared(text, [applicationId, accountId, scope, schools ?? null, today])
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

const prepared = (text: string, values: readonly unknown[] = []): Statement => ({ name: statementName(text), text, values })

export function createDatabase(pool: Pool): Database {
  async function connect(): Promise<PoolClient> {
    try {
      return await pool.connect()
    } catch (error) {
      if (isDatabaseAway(error)) throw new PlatformError('SERVICE_UNAVAILABLE', { retryAfter: 2 })
      throw error
    }
  }

  /** Lends a connection; after a fault nothing of a transaction is left on it, or it is not used again. */
  async function lend<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await connect()
    let broken: Error | undefined
    try {
      return await work(client)
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

  function touch(context: SubgraphContext, opening: Opening, schools: readonly string[]): void {
    if (opening.schools) for (const school of schools) context.touched.schools.add(school)
  }

  async function run<T>(
    context: SubgraphContext,
    opening: Opening,
    mode: Mode,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    assertAdmitted(context.viewer)
    if (opening.schools?.length === 0) return work({ schools: [], query: async () => [] })
    const open = opens(OPEN, context.viewer, opening, vietnamDay(context.now()))
    const joins = opening.joinsMany ? [prepared(NO_NESTED_LOOPS)] : []
    return lend(async (client) => {
      const answers = await sendTogether(client, [prepared(BEGIN[mode]), ...joins, open])
      const { schools } = answers.at(-1)![0] as { schools: string[] }
      touch(context, opening, schools)
      const result = await work({
        schools,
        query: async (text, values) => (await client.query(prepared(text, values) as QueryConfig)).rows,
      })
      const { command } = await client.query('commit')
      // After a fault that the work has caught, PostgreSQL takes the word for a rollback, and says so.
      if (command !== 'COMMIT') throw new Error(`a transaction was given up: ${command}`)
      return result
    })
  }

  /**
   * Which schools are open is known when the statement has left: it is sent for those that were asked for, and runs only if all of
   * them are open. Otherwise it is asked anew, in a transaction that says first which ones are.
   */
  async function readRows<R extends QueryResultRow>(
    context: SubgraphContext,
    opening: Opening & { readonly schools: readonly string[] },
    { text, values }: Asked,
  ): Promise<Rows<R>> {
    assertAdmitted(context.viewer)
    const asked = [...new Set(opening.schools)]
    if (asked.length === 0) return { schools: [], rows: [] }
    const open = opens(OPEN_TO_READ, context.viewer, { ...opening, schools: asked }, vietnamDay(context.now()))
    const statement = prepared(text, values(asked))
    const answers = await lend((client) =>
      sendTogether(client, [open, statement]).catch((error: { code?: string }) => {
        if (error.code === NOT_ALL_OPEN) return undefined
        throw error
      }),
    )
    if (answers) {
      const [opened, rows] = answers
      const { schools } = opened![0] as { schools: string[] }
      touch(context, opening, schools)
      return { schools, rows: rows as R[] }
    }
    return run(context, opening, 'read only', async (tx) => ({
      schools: tx.schools,
      rows: await tx.query<R>(text, values(tx.schools)),
    }))
  }

  async function readOpen<R extends QueryResultRow>(
    context: SubgraphContext,
    scope: Scope,
    text: string,
    values: readonly unknown[],
  ): Promise<R[]> {
    assertAdmitted(context.viewer)
    const open = opens(OPEN_ALL_THERE_ARE, context.viewer, { scope }, vietnamDay(context.now()))
    const [, rows] = await lend((client) => sendTogether(client, [open, prepared(text, values)]))
    return rows as R[]
  }

  return {
    readRows,
    readOpen,
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
