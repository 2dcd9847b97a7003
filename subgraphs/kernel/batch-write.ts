// The frame of a batch write: its school found among those open for writing, one transaction, one effect for a retried request.
import { assertBatchSize } from './batch.ts'
import type { SubgraphContext } from './context.ts'
import { uuidOf, type Transaction } from './database.ts'
import { PlatformError } from './errors.ts'
import { once } from './idempotency.ts'
import type { Reference } from './named.ts'
import { chosen } from './reference.ts'
import type { Scope } from './scopes.ts'
import { isStorable } from './text.ts'

/** The school by its present code, among those open for writing. */
const SCHOOL_ID_BY_CODE = `
select school_id as "id"
from published.school
where school_id = any ($1::uuid[])
  and code = $2`

const SCHOOL_ID_BY_EXTERNAL_ID = `
select entity_id as "id"
from published.external_reference
where school_id = any ($1::uuid[])
  and application_id = $2
  and entity = 'SCHOOL'
  and external_id = $3`

/** Null for a school that is not there as for one that is not open. */
async function findSchoolId(context: SubgraphContext, scope: Scope, ref: Reference): Promise<string | null> {
  const by = chosen(ref, ['id', 'code', 'externalId'])
  const word = ref[by]!
  if (by === 'id') return uuidOf(word)
  if (!isStorable(word)) return null
  return context.database.read(context, { scope }, async (tx) => {
    const rows = await (by === 'code'
      ? tx.query<{ id: string }>(SCHOOL_ID_BY_CODE, [tx.schools, word])
      : tx.query<{ id: string }>(SCHOOL_ID_BY_EXTERNAL_ID, [tx.schools, context.viewer.applicationId, word]))
    return rows[0]?.id ?? null
  })
}

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
