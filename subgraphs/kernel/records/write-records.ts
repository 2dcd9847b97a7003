// How records of a school are written by batch, in every subgraph alike: judged, decided, and written with their former versions,
// the feed, their freshness and the audit record in one transaction. What a subgraph adds of its own stands in its frame.
import { BatchStatus, summarize, type BatchPayload, type RecordError } from '../batch.ts'
import { writeBatch } from '../batch-write.ts'
import type { SubgraphContext } from '../context.ts'
import type { Transaction } from '../database.ts'
import { PlatformError, type ErrorCode } from '../errors.ts'
import type { Confirmed, FreshEntity } from '../freshness.ts'
import type { Reference } from '../named.ts'
import { appendChanges, appendWriteAudit, type ChangeEvent } from '../outbox.ts'
import { pack, unpack, type Table as Packed } from '../receipt.ts'
import { rootCauses, type Cause, type Fault } from '../root-causes.ts'
import type { Scope } from '../scopes.ts'
import type { Mode } from '../settle.ts'
import { uuidv7 } from '../uuid.ts'
import { decide, type Change, type Decision, type Judged, type Stored } from './decide.ts'
import { forgetExternalIds, keepFormer, rememberExternalIds, upsert, type Table } from './table.ts'

/** What a judge may ask about; a subgraph's own desk has more on it. */
export interface Desk {
  readonly context: SubgraphContext
  readonly tx: Transaction
  readonly schoolId: string
}

export interface Written<S extends Stored, E> extends Change<S, E> {
  readonly id: string
  readonly version: number
}

export interface Act<D extends Desk, S extends Stored, E, Row extends object> {
  /** The name of the mutation, which a retry must name again. */
  readonly name: string
  readonly scope: Scope
  /** Who may see the record that was written. */
  readonly readScope: Scope
  readonly input: { readonly school: Reference; readonly mode: Mode }
  readonly length: number
  readonly table: Table
  readonly entity: FreshEntity
  /** Of a record that was sent and landed: what else it says and so proves to be looked after, as a pupil sent with the class. */
  readonly alsoSays?: { readonly entity: FreshEntity; readonly at: (index: number) => boolean }
  /** The kind under which an application's own ids of such records are kept; null: it keeps none. */
  readonly externalKind: string | null
  /** Fields the audit record names. */
  readonly fields: readonly string[]
  readonly judge: (desk: D) => Promise<readonly Judged<S, E>[]>
  /** Of a record that hangs on a pupil: how the feed names it, and whose it is. */
  readonly ofStudent?: (written: Written<S, E>) => { readonly key: string; readonly studentId: string }
  /** Which of new natural keys the school has already, for an agreement that does not show all of it. */
  readonly keysTaken?: string
  /** Writes what hangs on the changes; answers its events for the feed. */
  readonly follow?: (desk: D, written: readonly Written<S, E>[]) => Promise<readonly ChangeEvent[]>
  /** The records in the shape of the contract, flat. */
  readonly read: (desk: D, ids: readonly string[]) => Promise<readonly (Row & { readonly id: string })[]>
}

/** What was kept aside instead of being written: events for the feed, fields for the audit record, and whose. */
export interface Aside {
  readonly events: readonly ChangeEvent[]
  readonly fields: readonly string[]
  readonly ids: readonly string[]
}

/** What a subgraph adds of its own to each of its batches. */
export interface Frame<D extends Desk> {
  readonly schema: string
  /** Causes that lie outside a record: mending one mends all that it blocks. */
  readonly shared: ReadonlySet<ErrorCode>
  /** Locks what batches of a school wait for, so that each sees what the one before left. */
  readonly open: (desk: Desk) => Promise<D>
  /** What is taken back from the judged. */
  readonly cut?: <S extends Stored, E, Row extends object>(
    desk: D,
    act: Act<D, S, E, Row>,
    judged: readonly Judged<S, E>[],
  ) => Promise<readonly Judged<S, E>[]>
  readonly keepAside?: <S extends Stored, E>(
    desk: D,
    act: { readonly entity: string; readonly mode: Mode },
    decisions: readonly Decision<S, E>[],
  ) => Promise<Aside>
}

const NOTHING_ASIDE: Aside = { events: [], fields: [], ids: [] }

interface Receipt {
  readonly schoolId: string
  readonly statuses: readonly `${BatchStatus}`[]
  /** Records, faults and warnings with the index of what was sent. */
  readonly rows: Packed
  readonly faults: Packed
  readonly warnings: Packed
  readonly rootCauses: readonly Cause[]
}

const isChange = <S extends Stored, E>(decision: Decision<S, E>): decision is Change<S, E> =>
  decision.status === 'CREATED' || decision.status === 'UPDATED'

/** The record before, the record after: one statement each. `from` is the application whose data it is. */
export async function writeRows<S extends Stored, E, C extends Pick<Change<S, E>, 'stored' | 'values'>>(
  { context, tx, schoolId }: Desk,
  { table, entity }: { readonly table: Table; readonly entity: string },
  changes: readonly C[],
  from: string | null = context.viewer.applicationId,
): Promise<(C & { readonly id: string; readonly version: number })[]> {
  const { applicationId, accountId } = context.viewer
  const now = context.now()
  const written = changes.map((change) => ({
    ...change,
    id: change.stored?.id ?? uuidv7(now),
    version: (change.stored?.version ?? 0) + 1,
  }))
  const updated = written.filter(({ stored }) => stored).map(({ id }) => id)
  if (updated.length > 0)
    await tx.query(keepFormer(table), [schoolId, entity, updated, now.toISOString(), applicationId, accountId])
  const [result] = await tx.query<{ count: number }>(upsert(table), [
    schoolId,
    now.toISOString(),
    from,
    written.map(({ id }) => id),
    written.map(({ version }) => version),
    ...Object.keys(table.columns).map((column) => written.map(({ values }) => values[column] ?? null)),
  ])
  // The school is locked, so only somebody who wrote past that lock can bring this about.
  if (result!.count !== written.length) throw new PlatformError('VERSION_CONFLICT')
  return written
}

/**
 * An application's own ids belong to it alone: they are kept whether or not the record itself changed, and change no version,
 * so that two products never make each other's records look new.
 */
async function keepExternalIds(
  { context, tx, schoolId }: Desk,
  schema: string,
  kind: string,
  sent: readonly { readonly id: string; readonly externalId: string | null; readonly known: string | null }[],
): Promise<void> {
  const { applicationId } = context.viewer
  const news = sent.filter(({ externalId, known }) => externalId !== null && externalId !== known)
  if (applicationId === null || news.length === 0) return
  const ids = news.map(({ id }) => id)
  await tx.query(forgetExternalIds(schema), [schoolId, applicationId, kind, ids])
  await tx.query(rememberExternalIds(schema), [schoolId, applicationId, kind, news.map(({ externalId }) => externalId), ids])
}

/** What stands as it was sent. Refused and competing records prove nothing: their sender does not keep them. */
function confirmedBy<D extends Desk, S extends Stored, E, Row extends object>(
  { entity, alsoSays }: Act<D, S, E, Row>,
  schoolId: string,
  decisions: readonly Decision<S, E>[],
  heldBack: number,
  told: readonly ChangeEvent[],
): Confirmed[] {
  const landed = (decision: Decision<S, E>): boolean => isChange(decision) || decision.status === 'UNCHANGED'
  const unchanged = decisions.filter(({ status }) => status === 'UNCHANGED').length
  if (!alsoSays) return [{ schoolId, entity, records: unchanged, heldBack }]
  const said = decisions.filter((decision, index) => landed(decision) && alsoSays.at(index)).length
  const changed = new Set(told.filter((event) => event.entity === alsoSays.entity).map(({ entityId }) => entityId)).size
  return [
    { schoolId, entity, records: unchanged },
    { schoolId, entity: alsoSays.entity, records: Math.max(0, said - changed) },
  ]
}

/** Whom the audit record names. */
function studentOf<D extends Desk, S extends Stored, E, Row extends object>(
  act: Act<D, S, E, Row>,
  written: Written<S, E>,
): string | null {
  if (act.ofStudent) return act.ofStudent(written).studentId
  return act.entity === 'Student' ? written.id : null
}

async function write<D extends Desk, S extends Stored, E, Row extends object>(
  frame: Frame<D>,
  act: Act<D, S, E, Row>,
  place: Desk,
): Promise<Receipt> {
  const { context, tx, schoolId } = place
  const desk = await frame.open(place)
  const judged = await act.judge(desk)
  const decisions = decide((await frame.cut?.(desk, act, judged)) ?? judged, act.input.mode)
  const all = decisions.filter(isChange)
  const changes = all.filter(({ lands }) => lands)
  // Nothing of these is left to write, which their writer is not told: what it said is remembered all the same.
  const idle = all.flatMap((change) =>
    change.lands ? [] : [{ ...change, id: change.stored!.id, version: change.stored!.version }],
  )
  const written: Written<S, E>[] = changes.length > 0 ? await writeRows(desk, act, changes) : []
  const idOf = new Map<Decision<S, E>, string>(changes.map((change, index) => [change, written[index]!.id]))
  const idOfDecision = (decision: Decision<S, E>): string | null => idOf.get(decision) ?? decision.stored?.id ?? null
  if (act.externalKind)
    await keepExternalIds(
      desk,
      frame.schema,
      act.externalKind,
      decisions.flatMap((decision) =>
        'externalId' in decision
          ? [{ id: idOfDecision(decision)!, externalId: decision.externalId, known: decision.stored?.externalId ?? null }]
          : [],
      ),
    )
  const aside = (await frame.keepAside?.(desk, { entity: act.entity, mode: act.input.mode }, decisions)) ?? NOTHING_ASIDE
  const isToTell = written.length + idle.length + aside.events.length > 0
  const events = isToTell
    ? [
        ...written.map((one): ChangeEvent => ({
          schoolId,
          entity: act.entity,
          entityId: one.id,
          naturalKey: act.ofStudent?.(one).key ?? one.key,
          event: one.status === 'CREATED' ? 'NEW' : 'UPDATE',
          version: one.version,
        })),
        ...((await act.follow?.(desk, [...written, ...idle])) ?? []),
        ...aside.events,
      ]
    : []
  await appendChanges(context, tx, frame.schema, events, confirmedBy(act, schoolId, decisions, idle.length, events))
  if (isToTell) {
    const students = [
      ...written.flatMap((one) => studentOf(act, one) ?? []),
      ...(act.entity === 'Student' || act.ofStudent ? aside.ids : []),
    ]
    await appendWriteAudit(context, tx, {
      fields: [...(written.length > 0 ? act.fields : []), ...(aside.events.length > 0 ? aside.fields : [])],
      schools: [schoolId],
      students: [...new Set(students)],
    })
  }
  const ids = decisions.map(idOfDecision)
  const named = [...new Set(ids.filter((id) => id !== null))]
  const rows = new Map((named.length > 0 ? await act.read(desk, named) : []).map((row) => [row.id, row]))
  const told = (list: readonly Fault[], index: number) => list.map(({ about: _about, ...fault }) => ({ ...fault, index }))
  return {
    schoolId,
    statuses: decisions.map(({ status }) => status),
    rows: pack(ids.flatMap((id, index) => (id !== null && rows.has(id) ? [{ ...rows.get(id)!, index }] : []))),
    faults: pack(decisions.flatMap(({ faults }, index) => told(faults, index))),
    warnings: pack(decisions.flatMap(({ warnings }, index) => told(warnings, index))),
    rootCauses: rootCauses(
      decisions.map(({ faults }) => faults),
      frame.shared,
    ),
  }
}

/** Whether the school's agreement lets the caller see such records; who may write is told what became of them all the same. */
export async function mayAt(context: SubgraphContext, scope: Scope, schoolId: string): Promise<boolean> {
  if (!context.viewer.scopes.includes(scope)) return false
  return context.database.read(context, { scope, schools: [schoolId] }, (tx) => Promise.resolve(tx.schools.length > 0))
}

export async function writeRecords<D extends Desk, S extends Stored, E, Row extends object>(
  context: SubgraphContext,
  frame: Frame<D>,
  act: Act<D, S, E, Row>,
): Promise<BatchPayload<Row>> {
  const { name, scope, input, length } = act
  const batch = { schema: frame.schema, scope, school: input.school, length, body: { [name]: input } }
  const receipt = await writeBatch(context, batch, (tx, schoolId) => write(frame, act, { context, tx, schoolId }))
  const mayRead = await mayAt(context, act.readScope, receipt.schoolId)
  const results = receipt.statuses.map((status, index) => ({
    index,
    status: BatchStatus[status],
    entity: null as Row | null,
    errors: [] as RecordError[],
    warnings: [] as RecordError[],
  }))
  for (const { index, ...row } of unpack<{ index: number; id: string; studentId?: string }>(receipt.rows)) {
    if (act.entity === 'Student') context.touched.students.add(row.id)
    if (act.ofStudent && row.studentId) context.touched.students.add(row.studentId)
    if (mayRead) results[index]!.entity = row as unknown as Row
  }
  for (const { index, ...fault } of unpack<RecordError & { index: number }>(receipt.faults)) results[index]!.errors.push(fault)
  for (const { index, ...fault } of unpack<RecordError & { index: number }>(receipt.warnings))
    results[index]!.warnings.push(fault)
  return { summary: summarize(results.map(({ status }) => status)), results, rootCauses: [...receipt.rootCauses] }
}
