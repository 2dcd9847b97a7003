// How every batch of the roster is written: locked, judged, decided, and written with its history, feed and audit in one transaction.
import { BatchStatus, summarize, type BatchPayload, type RecordError } from '../../kernel/batch.ts'
import { writeBatch } from '../../kernel/batch-write.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import type { Transaction } from '../../kernel/database.ts'
import { PlatformError, recordFault, type ErrorCode } from '../../kernel/errors.ts'
import type { Confirmed, FreshEntity } from '../../kernel/freshness.ts'
import type { Reference } from '../../kernel/named.ts'
import { appendChanges, appendWriteAudit, type ChangeEvent } from '../../kernel/outbox.ts'
import { pack, unpack, type Table as Packed } from '../../kernel/receipt.ts'
import { rootCauses, type Cause, type Fault } from '../../kernel/root-causes.ts'
import type { Scope } from '../../kernel/scopes.ts'
import type { Mode } from '../../kernel/settle.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { decide, type Change, type Decision, type Judged, type Stored, type Word } from '../roster/decide.ts'
import * as sql from '../store/writing.ts'
import { proposedFor, recordProposals, withheldFromOthers } from './proposals.ts'

/** What a judge may ask about. */
export interface Desk {
  readonly context: SubgraphContext
  readonly tx: Transaction
  readonly schoolId: string
  readonly levels: readonly string[]
  /** Where the agreement names levels or school years: `school/level/year` of each; null where it opens the whole school. */
  readonly terms: ReadonlySet<string> | null
}

export interface Written<S extends Stored, E> extends Change<S, E> {
  readonly id: string
  readonly version: number
}

export interface Act<S extends Stored, E, Row extends object> {
  /** The name of the mutation, which a retry must name again. */
  readonly name: string
  readonly scope: Scope
  /** Who may see the record that was written. */
  readonly readScope: Scope
  readonly input: { readonly school: Reference; readonly mode: Mode }
  readonly length: number
  readonly table: sql.Table
  readonly entity: FreshEntity
  /** Of a record that was sent and landed: what else it says and so proves to be looked after, as a pupil sent with the class. */
  readonly alsoSays?: { readonly entity: FreshEntity; readonly at: (index: number) => boolean }
  /** The kind under which an application's own ids of such records are kept; null: it keeps none. */
  readonly externalKind: 'CLASS_ROOM' | 'STAFF' | 'STUDENT' | 'GUARDIAN' | 'HEALTH_RECORD' | 'FACILITY' | 'CAMPUS' | null
  /** Fields the audit record names. */
  readonly fields: readonly string[]
  readonly judge: (desk: Desk) => Promise<readonly Judged<S, E>[]>
  /** Of a record that hangs on a pupil: how the feed names it, and whose it is. */
  readonly ofStudent?: (written: Written<S, E>) => { readonly key: string; readonly studentId: string }
  /** Which of new natural keys the school has already, for an agreement that does not show all of it. */
  readonly keysTaken?: string
  /** Writes what hangs on the changes; answers its events for the feed. */
  readonly follow?: (desk: Desk, written: readonly Written<S, E>[]) => Promise<readonly ChangeEvent[]>
  /** The records in the shape of the contract, flat. */
  readonly read: (desk: Desk, ids: readonly string[]) => Promise<readonly (Row & { readonly id: string })[]>
}

/** Causes that lie outside a record: mending one mends all that it blocks. */
const SHARED: ReadonlySet<ErrorCode> = new Set([
  'CLASS_NOT_FOUND',
  'STAFF_NOT_FOUND',
  'STAFF_LEFT',
  'SUBJECT_NOT_FOUND',
  'LEVEL_INVALID',
  'SCOPE_MISSING',
] as const)

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
  { table, entity }: { readonly table: sql.Table; readonly entity: string },
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
    await tx.query(sql.keepFormer(table.name), [schoolId, entity, updated, now.toISOString(), applicationId, accountId])
  const [result] = await tx.query<{ count: number }>(sql.upsert(table), [
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
  kind: string,
  sent: readonly { readonly id: string; readonly externalId: string | null; readonly known: string | null }[],
): Promise<void> {
  const { applicationId } = context.viewer
  const news = sent.filter(({ externalId, known }) => externalId !== null && externalId !== known)
  if (applicationId === null || news.length === 0) return
  const ids = news.map(({ id }) => id)
  await tx.query(sql.FORGET_EXTERNAL_IDS, [schoolId, applicationId, kind, ids])
  await tx.query(sql.REMEMBER_EXTERNAL_IDS, [schoolId, applicationId, kind, news.map(({ externalId }) => externalId), ids])
}

/**
 * What was judged within the terms of the agreement is written outside them: a pupil who leaves is in none of the classes that
 * they name. A new record whose key a hidden one has already is refused as one that the caller may not reach.
 */
async function behindTerms<S extends Stored, E, Row extends object>(
  { tx, schoolId, terms }: Desk,
  { keysTaken }: Act<S, E, Row>,
  judged: readonly Judged<S, E>[],
): Promise<readonly Judged<S, E>[]> {
  if (terms === null) return judged
  await tx.query(sql.LEAVE_TERMS, [])
  const isNew = ({ stored, values }: Judged<S, E>): boolean => stored === null && values !== null
  const keys = judged.filter(isNew).map(({ key }) => key)
  if (keysTaken === undefined || keys.length === 0) return judged
  const taken = new Set((await tx.query<{ key: string }>(keysTaken, [schoolId, keys])).map(({ key }) => key))
  const hidden: Fault = { ...recordFault('RECORD_NOT_ACCESSIBLE', ''), about: null }
  return judged.map((one) => (isNew(one) && taken.has(one.key) ? { ...one, values: null, faults: [hidden] } : one))
}

/** What stands as it was sent. Refused and competing records prove nothing: their sender does not keep them. */
function confirmedBy<S extends Stored, E, Row extends object>(
  { entity, alsoSays }: Act<S, E, Row>,
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
function studentOf<S extends Stored, E, Row extends object>(act: Act<S, E, Row>, written: Written<S, E>): string | null {
  if (act.ofStudent) return act.ofStudent(written).studentId
  return act.entity === 'Student' ? written.id : null
}

async function write<S extends Stored, E, Row extends object>(
  context: SubgraphContext,
  tx: Transaction,
  schoolId: string,
  act: Act<S, E, Row>,
): Promise<Receipt> {
  const [school] = await tx.query<{ levels: string[] }>(sql.LOCK_SCHOOL, [schoolId])
  const [agreed] = await tx.query<{ terms: string[] | null }>(sql.TERMS_OF_AGREEMENT, [schoolId])
  const terms = agreed!.terms ? new Set(agreed!.terms) : null
  const desk: Desk = { context, tx, schoolId, levels: school!.levels, terms }
  const judged = await withheldFromOthers(desk, act.entity, await act.judge(desk))
  const decisions = decide(await behindTerms(desk, act, judged), act.input.mode)
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
      act.externalKind,
      decisions.flatMap((decision) =>
        'externalId' in decision
          ? [{ id: idOfDecision(decision)!, externalId: decision.externalId, known: decision.stored?.externalId ?? null }]
          : [],
      ),
    )
  // All or nothing leaves no half behind; of a record that its writer may not read, the half is not told and so waits as well.
  const aside = act.input.mode === 'ATOMIC' ? decisions.filter(({ stored }) => stored?.hidden) : decisions
  const proposals = await recordProposals(desk, act.entity, aside)
  const isToTell = written.length + idle.length + proposals.length > 0
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
        ...proposals,
      ]
    : []
  await appendChanges(context, tx, 'schools', events, confirmedBy(act, schoolId, decisions, idle.length, events))
  if (isToTell) {
    const fields = [...(written.length > 0 ? act.fields : []), ...(proposals.length > 0 ? ['FieldConflict.proposedValue'] : [])]
    const students = [
      ...written.flatMap((one) => studentOf(act, one) ?? []),
      ...(act.entity === 'Student' || act.ofStudent ? aside.flatMap(proposedFor) : []),
    ]
    await appendWriteAudit(context, tx, {
      fields,
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
      SHARED,
    ),
  }
}

/** Whether the school's agreement lets the caller see such records; who may write is told what became of them all the same. */
export async function mayAt(context: SubgraphContext, scope: Scope, schoolId: string): Promise<boolean> {
  if (!context.viewer.scopes.includes(scope)) return false
  return context.database.read(context, { scope, schools: [schoolId] }, (tx) => Promise.resolve(tx.schools.length > 0))
}

export async function writeRoster<S extends Stored, E, Row extends object>(
  context: SubgraphContext,
  act: Act<S, E, Row>,
): Promise<BatchPayload<Row>> {
  const { name, scope, input, length } = act
  const batch = { schema: 'schools', scope, school: input.school, length, body: { [name]: input } }
  const receipt = await writeBatch(context, batch, (tx, schoolId) => write(context, tx, schoolId, act))
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

/** The values of a row by the columns of its table. */
export function valuesOf({ columns }: sql.Table, row: Readonly<Record<string, unknown>>): Record<string, Word> {
  return Object.fromEntries(Object.keys(columns).map((column) => [column, row[column] as Word]))
}
