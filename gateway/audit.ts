// The audit of operations: a record is durable before the answer leaves, and many records share one statement.
import { PlatformError } from '../subgraphs/kernel/errors.ts'
import { uuidv7 } from '../subgraphs/kernel/uuid.ts'
import type { AccessDatabase } from './access-database.ts'
import type { Party } from './viewer/authenticate.ts'

export type AuditOutcome = 'ALLOWED' | 'PARTIAL' | 'REFUSED' | 'FAILED'
/** `unknown`: the document never became an operation. */
export type OperationKind = 'query' | 'mutation' | 'subscription' | 'introspection' | 'unknown'

export interface OperationRecord {
  readonly requestId: string
  readonly party: Party
  readonly operationName: string | null
  readonly operationHash: string
  readonly operationKind: OperationKind
  readonly fields: readonly string[]
  readonly schools: Iterable<string>
  readonly students: Iterable<string>
  readonly outcome: AuditOutcome
  readonly errorCodes: readonly string[]
}

/** Resolves when the record is durable; rejects with SERVICE_UNAVAILABLE, and then nothing may leave. */
export type AppendAudit = (record: OperationRecord) => Promise<void>

export interface AuditLog {
  readonly append: AppendAudit
  /** Resolves when nothing waits any more. */
  flushed(): Promise<void>
}

interface Waiting {
  readonly row: object
  resolve(): void
  reject(error: unknown): void
}

const MOST_ROWS = 500
// More than this waiting means a database that does not keep up; memory is not the place to remember it.
const MOST_WAITING = 10_000
/** A second statement hides the round trip of the first; a third would only make the groups smaller. */
const MOST_IN_FLIGHT = 2

export function createAuditLog(database: AccessDatabase, now: () => Date): AuditLog {
  let waiting: Waiting[] = []
  let inFlight = 0
  const idle: (() => void)[] = []

  function flush(): void {
    while (waiting.length > 0 && inFlight < MOST_IN_FLIGHT) {
      const group = waiting.slice(0, MOST_ROWS)
      waiting = waiting.slice(MOST_ROWS)
      inFlight++
      void write(group)
    }
    if (waiting.length === 0 && inFlight === 0) for (const tell of idle.splice(0)) tell()
  }

  async function write(group: readonly Waiting[]): Promise<void> {
    try {
      await database.query('select access.append_audit($1::jsonb)', [JSON.stringify(group.map(({ row }) => row))])
      for (const { resolve } of group) resolve()
    } catch (error) {
      for (const { reject } of group) reject(error)
    } finally {
      inFlight--
      flush()
    }
  }

  return {
    append(record) {
      if (waiting.length >= MOST_WAITING) return Promise.reject(new PlatformError('SERVICE_UNAVAILABLE', { retryAfter: 2 }))
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      waiting.push({ row: rowOf(record, now()), resolve, reject })
      flush()
      return promise
    },
    flushed: () =>
      new Promise((resolve) => {
        idle.push(resolve)
        flush()
      }),
  }
}

function rowOf(
  {
    requestId,
    party,
    operationName,
    operationHash,
    operationKind,
    fields,
    schools,
    students,
    outcome,
    errorCodes,
  }: OperationRecord,
  at: Date,
): object {
  return {
    id: uuidv7(at),
    at: at.toISOString(),
    kind: 'OPERATION',
    request_id: requestId,
    client_id: party.clientId,
    application_id: party.applicationId,
    vendor_id: party.vendorId,
    account_id: party.accountId,
    party_name: party.displayName,
    operation_name: operationName,
    operation_hash: operationHash,
    operation_kind: operationKind,
    fields,
    schools: [...schools],
    student_ids: [...students],
    outcome,
    error_codes: errorCodes,
  }
}
