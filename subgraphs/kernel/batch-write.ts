// The frame of a batch write: its school found among those open for writing, one transaction, one effect for a retried request.
import { assertBatchSize } from './batch.ts'
import type { SubgraphContext } from './context.ts'
import type { Transaction } from './database.ts'
import { PlatformError } from './errors.ts'
import { once } from './idempotency.ts'
import type { Reference } from './named.ts'
import { findSchoolId } from './school-ref.ts'
import type { Scope } from './scopes.ts'

export interface Batch {
  /** The subgraph's own schema, which keeps the answer for a retry. */
  readonly schema: string
  readonly scope: Scope
  readonly school: Reference
  /** How many records were sent. */
  readonly length: number
  /** What a retry under the same key must send again, with the name of its act. */
  readonly body: Readonly<Record<string, unknown>>
}

/** Runs `write` once for the batch, in one transaction under the scope of its act; its answer is kept for a retry. */
export async function writeBatch<R>(
  context: SubgraphContext,
  { schema, scope, school, length, body }: Batch,
  write: (tx: Transaction, schoolId: string) => Promise<R>,
): Promise<R> {
  assertBatchSize(length)
  const schoolId = await findSchoolId(context, scope, school)
  if (schoolId === null) throw new PlatformError('SCHOOL_NOT_ACCESSIBLE')
  return context.database.write(context, { scope, schools: [schoolId] }, (tx) => {
    if (tx.schools.length === 0) throw new PlatformError('SCHOOL_NOT_ACCESSIBLE')
    return once(context, tx, schema, body, () => write(tx, schoolId))
  })
}
