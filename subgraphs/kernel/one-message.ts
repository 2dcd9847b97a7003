// Several prepared statements in one message of PostgreSQL's extended protocol, answered in one: the way of every opening.
//
// Each statement sent for itself is a write and a read of the socket, a turn of the event loop and a wake of the backend. The
// protocol lets statements follow each other up to one Sync; after a fault the server skips the rest, and without a `begin` of
// their own all of them are one transaction, which ends with the Sync. node-postgres sends a Sync behind each statement and has no call
// for this, but takes whatever can submit itself (as its own cursors do). So each statement is a query of its own making, that
// writes itself, keeps the book of prepared statements and reads its rows; here stands only whose turn it is.
import type { Connection, PoolClient, Query, QueryResultRow, Submittable } from 'pg'

export interface Statement {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

interface Answered {
  readonly rows: QueryResultRow[]
}

/** What node-postgres calls on a query while it answers; its types leave it out. */
interface Answering extends Submittable {
  readonly name: string
  readonly text: string
  submit(connection: Connection): Error | null | undefined
  handleRowDescription(message: unknown): void
  handleDataRow(message: unknown): void
  handleCommandComplete(message: unknown, connection: Connection): void
  handleReadyForQuery(connection: Connection): void
}

interface BookOfStatements {
  readonly submittedNamedStatements: Record<string, string | undefined>
}

type QueryClass = new (config: object, callback: (error: Error | null, result: Answered) => void) => Query

class OneMessage implements Submittable {
  readonly statements: readonly Statement[]
  readonly #queries: readonly Answering[]
  readonly #answers: QueryResultRow[][] = []
  #fault: Error | null = null
  #turn = 0
  /** node-postgres puts its time limit around this one. */
  callback: (error: Error | null, answers?: QueryResultRow[][]) => void

  constructor(client: PoolClient, statements: readonly Statement[], callback: OneMessage['callback']) {
    this.statements = statements
    const { Query: Kind } = client.constructor as unknown as { Query: QueryClass }
    const types = { getTypeParser: client.getTypeParser.bind(client) }
    this.#queries = statements.map(
      (statement, index) =>
        new Kind({ ...statement, types }, (error, result) => {
          if (error) this.#fault ??= error
          else this.#answers[index] = result.rows
        }) as unknown as Answering,
    )
    this.callback = callback
  }

  get #current(): Answering {
    return this.#queries[Math.min(this.#turn, this.#queries.length - 1)]!
  }

  // By these two the client notes what has been prepared: always the statement whose turn it is.
  get name(): string {
    return this.#current.name
  }

  get text(): string {
    return this.#current.text
  }

  submit(connection: Connection): Error | null {
    const unsynced = Object.create(connection, { sync: { value: () => undefined } }) as Connection
    connection.stream.cork()
    try {
      for (const query of this.#queries) {
        const refused = query.submit(unsynced)
        if (refused) this.#fault ??= refused
        // The server would not know of it, and would run what follows: a statement under no opening.
        if (this.#fault) break
      }
      connection.sync()
    } finally {
      connection.stream.uncork()
    }
    return null
  }

  handleRowDescription(message: unknown): void {
    this.#current.handleRowDescription(message)
  }

  handleDataRow(message: unknown): void {
    this.#current.handleDataRow(message)
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    this.#current.handleCommandComplete(message, connection)
    this.#turn += 1
  }

  handleReadyForQuery(connection: Connection): void {
    for (const query of this.#queries) query.handleReadyForQuery(connection)
    if (this.#fault) this.callback(this.#fault)
    else this.callback(null, this.#answers)
  }

  /** The rest of the message is skipped by the server, so what was to be prepared by it is not. */
  handleError(error: Error, connection: Connection): void {
    const { submittedNamedStatements } = connection as unknown as BookOfStatements
    for (const { name } of this.#queries.slice(this.#turn)) delete submittedNamedStatements[name]
    this.callback(error)
  }
}

/** The rows of each statement. A fault of one is the fault of all; without a `begin` among them nothing of any is left. */
export function sendTogether(client: PoolClient, statements: readonly Statement[]): Promise<QueryResultRow[][]> {
  return new Promise((resolve, reject) => {
    client.query(new OneMessage(client, statements, (error, answers) => (error ? reject(error) : resolve(answers!))))
  })
}
