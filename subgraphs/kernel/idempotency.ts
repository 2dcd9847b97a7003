// One effect for a retried request: the first answer of a keyed request is kept in its own transaction for 72 hours.
import { createHash } from 'node:crypto'
import type { SubgraphContext } from './context.ts'
import type { Transaction } from './database.ts'
import { PlatformError } from './errors.ts'

export const IDEMPOTENCY_HOURS = 72

// Which root field of the operation is running: mutations run one after another. The second of them is another request than
// the first, and is known by its response name, which stays the same however the gateway groups root fields into fetches.
const runningActs = new WeakMap<SubgraphContext, string>()

export function nameRunningAct(context: SubgraphContext, responseName: string): void {
  runningActs.set(context, responseName)
}

const keyOf = (context: SubgraphContext, key: string): string => `${key}/${runningActs.get(context) ?? ''}`

/** Answers older than the promise are removed here, some at a time, so that no request pays for a long clean-up. */
const FORGET = (schema: string): string => `
delete from ${schema}.idempotency_answer
where (caller, key) in (
  select caller, key from ${schema}.idempotency_answer
  where created_at < $1
  order by created_at
  limit 50
  for update skip locked)`

/**
 * Runs `work` once for this key and body. Two requests with one key meet at the primary key: the second waits for the
 * first to commit, then reads its answer. The answer is JSON, and reads back as it was written.
 */
export async function once<T>(
  context: SubgraphContext,
  tx: Transaction,
  schema: string,
  body: unknown,
  work: () => Promise<T>,
): Promise<T> {
  const { idempotencyKey: sent, clientId, accountId, applicationId } = context.viewer
  if (sent === null) return work()
  const idempotencyKey = keyOf(context, sent)
  // A person's keys are their own at whatever client; those of an application that acts for a person are this pair's alone.
  const caller = accountId && applicationId ? `${clientId} ${accountId}` : (accountId ?? clientId)
  const now = context.now()
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex')
  const forgotten = new Date(now.getTime() - IDEMPOTENCY_HOURS * 3_600_000).toISOString()
  await tx.query(FORGET(schema), [forgotten])
  const claimed = await tx.query(
    `insert into ${schema}.idempotency_answer (caller, key, request_hash, answer, created_at)
     values ($1, $2, $3, 'null', $4)
     on conflict (caller, key) do nothing
     returning key`,
    [caller, idempotencyKey, hash, now.toISOString()],
  )
  if (claimed.length === 0) {
    const [first] = await tx.query<{ request_hash: string; answer: T }>(
      `select request_hash, answer from ${schema}.idempotency_answer where caller = $1 and key = $2`,
      [caller, idempotencyKey],
    )
    if (!first || first.request_hash !== hash) throw new PlatformError('IDEMPOTENCY_MISMATCH')
    return first.answer
  }
  const answer = await work()
  await tx.query(`update ${schema}.idempotency_answer set answer = $3 where caller = $1 and key = $2`, [
    caller,
    idempotencyKey,
    JSON.stringify(answer),
  ])
  return answer
}
