// How fresh an authority asks records to be: declared by its officers, kept with its days and its reason, never overwritten.
import { assertBatchSize, type BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { NO_SCHOOL, vietnamDay, type Transaction } from '../../kernel/database.ts'
import { PlatformError, recordFault } from '../../kernel/errors.ts'
import type { RecordKind } from '../../kernel/freshness.ts'
import { once } from '../../kernel/idempotency.ts'
import { appendWriteAudit } from '../../kernel/outbox.ts'
import { settle } from '../../kernel/settle.ts'
import { cleanReason } from '../../kernel/text.ts'
import { payloadOf, refused, type Told } from '../../kernel/told.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { SchoolLevel } from '../schema/enums.ts'
import type { FreshnessThresholdInput, SetFreshnessThresholdsInput } from '../schema/freshness-inputs.ts'
import type { FreshnessThreshold } from '../schema/freshness-types.ts'
import * as sql from '../store/freshness-queries.ts'

const DAYS_MAX = 400

interface Line {
  readonly id: string
  readonly authorityId: string
  readonly kind: RecordKind
  readonly level: SchoolLevel
  readonly days: number
  readonly reason: string
  readonly validFrom: string
  readonly declaredAt: string
}

const shape = ({ authorityId, ...line }: Line): FreshnessThreshold => ({ ...line, authority: { id: authorityId } })
const keyOf = ({ kind, level }: Pick<Line, 'kind' | 'level'>): string => `${kind}/${level}`

export function listThresholds(context: SubgraphContext): Promise<FreshnessThreshold[]> {
  return context.database.read(context, { scope: 'report.read' }, async (tx) => {
    const values = [tx.schools, context.viewer.authorityId, vietnamDay(context.now())]
    return (await tx.query<Line & Record<string, unknown>>(sql.THRESHOLDS_OF_SCHOOLS, values)).map(shape)
  })
}

type Verdict =
  | ReturnType<typeof refused>
  | { readonly status: 'UNCHANGED' }
  | { readonly status: 'CREATED' | 'UPDATED'; readonly line: Line | null; readonly ends: string | null }

function judge(
  sent: FreshnessThresholdInput,
  all: readonly FreshnessThresholdInput[],
  standing: ReadonlyMap<string, Line>,
  make: (reason: string, days: number) => Line,
): Verdict {
  if (all.filter((other) => keyOf(other) === keyOf(sent)).length > 1) return refused('DUPLICATE_IN_BATCH', 'kind')
  const days = sent.days ?? null
  if (days !== null && (days < 1 || days > DAYS_MAX)) return refused('NUMBER_OUT_OF_RANGE', 'days')
  const reason = cleanReason(sent.reason)
  if (reason === null) return refused('REASON_REQUIRED', 'reason')
  const line = standing.get(keyOf(sent)) ?? null
  if ((line?.days ?? null) === days) return { status: 'UNCHANGED' }
  return { status: line ? 'UPDATED' : 'CREATED', line: days === null ? null : make(reason, days), ends: line?.id ?? null }
}

async function write(
  context: SubgraphContext,
  tx: Transaction,
  authorityId: string,
  verdicts: readonly Verdict[],
): Promise<void> {
  const changes = verdicts.flatMap((verdict) => ('ends' in verdict ? [verdict] : []))
  if (changes.length === 0) return
  const today = vietnamDay(context.now())
  await tx.query(sql.END_THRESHOLDS, [changes.flatMap(({ ends }) => ends ?? []), today])
  const lines = changes.flatMap(({ line }) => line ?? [])
  await tx.query(sql.DECLARE_THRESHOLDS, [
    authorityId,
    today,
    context.viewer.accountId,
    context.now().toISOString(),
    lines.map(({ id }) => id),
    lines.map(({ kind }) => kind),
    lines.map(({ level }) => level),
    lines.map(({ days }) => days),
    lines.map(({ reason }) => reason),
  ])
  await appendWriteAudit(context, tx, { fields: ['FreshnessThreshold.days'], schools: [], students: [] })
}

export async function setThresholds(
  context: SubgraphContext,
  input: SetFreshnessThresholdsInput,
): Promise<BatchPayload<FreshnessThreshold>> {
  const { authorityId } = context.viewer
  if (authorityId === null) throw new PlatformError('ACT_FORBIDDEN')
  const { thresholds, mode } = input
  assertBatchSize(thresholds.length)
  const work = async (tx: Transaction): Promise<Told<FreshnessThreshold>[]> => {
    await tx.query(sql.LOCK_THRESHOLDS, [authorityId])
    const now = context.now()
    const lines = await tx.query<Line & Record<string, unknown>>(sql.THRESHOLDS_IN_FORCE, [authorityId])
    const standing = new Map<string, Line>(lines.map((line) => [keyOf(line), line]))
    const verdicts = settle<Verdict>(
      thresholds.map((sent) =>
        judge(sent, thresholds, standing, (reason, days) => ({
          id: uuidv7(now),
          authorityId,
          kind: sent.kind,
          level: sent.level,
          days,
          reason,
          validFrom: vietnamDay(now),
          declaredAt: now.toISOString(),
        })),
      ),
      mode,
      { status: 'REJECTED', faults: [recordFault('BATCH_REJECTED', '')] },
    )
    await write(context, tx, authorityId, verdicts)
    return verdicts.map((verdict, index) => {
      const line =
        'line' in verdict ? verdict.line : verdict.status === 'UNCHANGED' ? standing.get(keyOf(thresholds[index]!)) : null
      return { status: verdict.status, entity: line ? shape(line) : null, faults: 'faults' in verdict ? verdict.faults : [] }
    })
  }
  const told = await context.database.write(context, { scope: 'report.approve', schools: NO_SCHOOL }, (tx) =>
    once(context, tx, 'reporting', { setFreshnessThresholds: input }, () => work(tx)),
  )
  return payloadOf(told)
}
