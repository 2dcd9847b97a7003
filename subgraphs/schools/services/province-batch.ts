// How authorities write what the province has, schools and calendar: one batch after another, under the office of the day.
import { assertBatchSize, BatchStatus, summarize, type BatchPayload, type RecordError } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { vietnamDay, type Transaction } from '../../kernel/database.ts'
import { PlatformError, type ErrorCode } from '../../kernel/errors.ts'
import { once } from '../../kernel/idempotency.ts'
import { rootCauses, type Cause, type Fault } from '../../kernel/root-causes.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Change, Decision, Stored } from '../../kernel/records/decide.ts'
import type { OfficeInForce } from '../roster/school-rules.ts'
import * as sql from '../store/school-writing.ts'

/** A change with what it is written under. */
export type Numbered<S extends Stored, E> = Change<S, E> & { readonly id: string; readonly version: number }

interface Receipt {
  readonly results: readonly {
    readonly status: `${BatchStatus}`
    readonly id: string | null
    readonly faults: readonly RecordError[]
    readonly warnings: readonly RecordError[]
  }[]
  readonly rootCauses: readonly Cause[]
}

export interface ProvinceAct<S extends Stored, E, T> {
  /** The name of the mutation, which a retry must name again. */
  readonly name: string
  readonly input: object
  readonly length: number
  /** Causes that lie outside a record. */
  readonly shared?: ReadonlySet<ErrorCode>
  /** Judges the batch, everything that it is judged by held until it ends. */
  readonly decide: (tx: Transaction, province: ProvinceOfDay) => Promise<readonly Decision<S, E>[]>
  readonly write: (tx: Transaction, province: ProvinceOfDay, changes: readonly Numbered<S, E>[]) => Promise<void>
  /** Read under the caller's own rights, after the commit. */
  readonly read: (id: string) => Promise<T | null>
}

export interface ProvinceOfDay {
  readonly today: string
  /** The officer's own office. */
  readonly office: OfficeInForce
  readonly department: OfficeInForce
  readonly offices: readonly OfficeInForce[]
  /** Open to the officer. */
  readonly schools: readonly string[]
}

/** Batches of the province follow one another; who asks must be of an office that is in force. */
async function provinceOfDay({ viewer, now }: SubgraphContext, tx: Transaction): Promise<ProvinceOfDay> {
  const today = vietnamDay(now())
  await tx.query(sql.LOCK_PROVINCE, [])
  // What the batch before this one founded or handed over, it did after this transaction had opened.
  const [open] = await tx.query<{ schools: string[] }>(sql.OPEN_AGAIN, [viewer.accountId, today])
  const offices = await tx.query<OfficeInForce & Record<string, unknown>>(sql.AUTHORITIES_IN_FORCE, [])
  const inForce = ({ validFrom, validTo }: OfficeInForce): boolean => validFrom <= today && (validTo === null || today <= validTo)
  const office = offices.find((one) => one.id === viewer.authorityId && inForce(one))
  const department = offices.find((one) => one.kind === 'DEPARTMENT' && inForce(one))
  if (!office || !department) throw new PlatformError('ACT_FORBIDDEN')
  return { today, office, department, offices, schools: open!.schools }
}

async function write<S extends Stored, E, T>(
  context: SubgraphContext,
  tx: Transaction,
  act: ProvinceAct<S, E, T>,
): Promise<Receipt> {
  const province = await provinceOfDay(context, tx)
  const decisions = await act.decide(tx, province)
  const now = context.now()
  const changes = decisions.flatMap((decision): Numbered<S, E>[] =>
    decision.status === 'CREATED' || decision.status === 'UPDATED'
      ? [{ ...decision, id: decision.stored?.id ?? uuidv7(now), version: (decision.stored?.version ?? 0) + 1 }]
      : [],
  )
  if (changes.length > 0) await act.write(tx, province, changes)
  const written = new Map(changes.map((change) => [change.key, change.id]))
  const told = (faults: readonly Fault[]): RecordError[] => faults.map(({ about: _about, ...fault }) => fault)
  return {
    results: decisions.map((decision) => ({
      status: decision.status,
      id: decision.stored?.id ?? (decision.status === 'CREATED' ? written.get(decision.key)! : null),
      faults: told(decision.faults),
      warnings: told(decision.warnings),
    })),
    rootCauses: rootCauses(
      decisions.map(({ faults }) => faults),
      act.shared ?? new Set(),
    ),
  }
}

export async function writeProvince<S extends Stored, E, T>(
  context: SubgraphContext,
  act: ProvinceAct<S, E, T>,
): Promise<BatchPayload<T>> {
  assertBatchSize(act.length)
  const receipt = await context.database.write(context, { scope: 'school.write', schools: null }, (tx) =>
    once(context, tx, 'schools', { [act.name]: act.input }, () => write(context, tx, act)),
  )
  const results = await Promise.all(
    receipt.results.map(async ({ status, id, faults, warnings }, index) => ({
      index,
      status: BatchStatus[status],
      entity: id === null ? null : await act.read(id),
      errors: [...faults],
      warnings: [...warnings],
    })),
  )
  return { summary: summarize(results.map(({ status }) => status)), results, rootCauses: [...receipt.rootCauses] }
}
