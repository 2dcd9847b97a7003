// Deciding competing writes: the owner of the field or the principal; what is accepted is written with history, feed and audit.
import type { BatchPayload } from '../../kernel/batch.ts'
import { writeBatch } from '../../kernel/batch-write.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { uuidOf, vietnamDay, type Transaction } from '../../kernel/database.ts'
import { PlatformError, recordFault, type ErrorCode, type RecordFault } from '../../kernel/errors.ts'
import { appendChanges, appendWriteAudit, type ChangeEvent } from '../../kernel/outbox.ts'
import { settle } from '../../kernel/settle.ts'
import { cleanReason } from '../../kernel/text.ts'
import type { Stored, Values, Word } from '../../kernel/records/decide.ts'
import { writeRows } from '../../kernel/records/write-records.ts'
import { FIELD_GROUPS, GROUP_NAMES } from '../roster/field-groups.ts'
import { roomsText, type Rooms } from '../roster/facilities.ts'
import type { ConflictResolutionInput, ResolveConflictsInput } from '../schema/ownership-inputs.ts'
import type { ConflictRow, FieldConflict } from '../schema/ownership-types.ts'
import { APPLY_CONSENTS_TO_GUARDIANS, LOCK_STUDENTS, STEP_BEHIND_CONSENT } from '../store/consented-queries.ts'
import * as sql from '../store/ownership-queries.ts'
import * as records from '../store/resolution-queries.ts'
import { END_OFFICES, keepFormer, LEAVE_TERMS, LOCK_SCHOOL } from '../store/writing.ts'
import { payloadOf, refused, type Told } from '../../kernel/told.ts'
import { hasLeft } from './at-the-desk.ts'
import { groupsToRead, shapeConflict, touch } from './conflicts.ts'
import { writeEnrolments, type EnrolmentEffect } from './enrolment-lines.ts'
import { ownersAt, productsAt } from './proposals.ts'
import type { Desk } from './roster-batch.ts'
import { guardReturns, OPEN, withdrawReleases, type TransferGuard } from './transfer-guard.ts'

type Seat = Pick<Desk, 'context' | 'tx' | 'schoolId'>

/** It rests on consent: whoever may decide sees it, and it is written from behind the consents, as it always is. */
const isKept = ({ entity }: ConflictRow): boolean => entity === 'Guardian' || entity === 'HealthRecord'

/** Who may decide the conflicts of which group here: by ownership and scope of an application, by scope of a person. */
async function deciderOf({ context, tx, schoolId }: Seat): Promise<(row: ConflictRow) => ErrorCode | null> {
  const { applicationId, accountId, scopes } = context.viewer
  const owners = await ownersAt({ context, tx, schoolId }, GROUP_NAMES)
  const products = await productsAt({ context, tx, schoolId })
  const agreed = products.find((product) => product.applicationId === applicationId)?.scopes ?? []
  return ({ group }) => {
    const { writeScope } = FIELD_GROUPS[group]
    if (accountId === null && owners.get(group)?.applicationId !== applicationId) return 'ACT_FORBIDDEN'
    if (!scopes.includes(writeScope) || (applicationId !== null && !agreed.includes(writeScope))) return 'SCOPE_MISSING'
    return null
  }
}

/** The records of the conflicts as they stand, and as the accepted ones change them. */
class AtHand {
  readonly #stored = new Map<string, Stored & { readonly entity: string }>()
  readonly #values = new Map<string, Values>()
  #inUse: ReadonlySet<string> = new Set()
  #names = new Map<string, string>()
  #left: ReadonlySet<string> = new Set()
  #guard: TransferGuard = OPEN

  static async of({ context, tx, schoolId }: Seat, rows: readonly ConflictRow[]): Promise<AtHand> {
    const at = new AtHand()
    for (const [entity, table] of Object.entries(records.TABLES)) {
      const ids = rows.filter((row) => row.entity === entity).map(({ recordId }) => recordId)
      if (ids.length === 0) continue
      const found = await tx.query<Record<string, Word> & { id: string; version: number }>(records.recordsById(table), [
        schoolId,
        ids,
      ])
      for (const { id, version, ...row } of found) {
        // Compared as it is written: in one order.
        const values = entity === 'Facility' ? { ...row, rooms: roomsText(row.rooms as unknown as Rooms) } : row
        at.#stored.set(id, { id, version, code: '', externalId: null, values, entity })
        at.#values.set(id, values)
      }
    }
    const of = (entity: string): Values[] =>
      [...at.#stored.values()].filter((one) => one.entity === entity).map(({ values }) => values)
    const rooms = [...at.#stored.values()].filter(({ entity }) => entity === 'ClassRoom')
    if (rooms.length > 0) {
      const used = await tx.query<{ id: string }>(records.CLASSES_IN_USE, [schoolId, rooms.map(({ id }) => id)])
      at.#inUse = new Set(used.map(({ id }) => id))
      const named = await tx.query<{ id: string; key: string }>(records.CLASS_NAMES, [
        schoolId,
        [...new Set(rooms.map(({ values }) => values.school_year_id))],
      ])
      at.#names = new Map(named.map(({ id, key }) => [key, id]))
    }
    // What was proposed before a pupil went to another school is not to be brought about after it.
    const away = rows.flatMap(({ entity, recordId, naturalKey }) =>
      entity === 'Student' && at.#values.get(recordId)?.status !== 'STUDYING'
        ? [{ id: recordId, code: naturalKey, enrolmentId: null }]
        : [],
    )
    at.#guard = await guardReturns({ context, tx, schoolId }, away)
    const staff = [...of('TeachingAssignment'), ...of('HomeroomAssignment')].map(({ staff_id: id }) => id)
    const proposed = rows.flatMap((row) => row.proposed.staff_id ?? [])
    if (staff.length + proposed.length > 0) {
      const known = await tx.query<{ id: string; status: number }>(records.STAFF_STATUS, [schoolId, [...staff, ...proposed]])
      at.#left = new Set(known.filter(({ status }) => hasLeft(status)).map(({ id }) => id))
    }
    return at
  }

  storedOf(id: string): Stored | undefined {
    return this.#stored.get(id)
  }

  valuesOf(id: string): Values {
    return this.#values.get(id)!
  }

  /** Puts the proposed value in; says what hinders it. */
  accept({ recordId, naturalKey, former, proposed, entity }: ConflictRow): ErrorCode | null {
    const values = this.#values.get(recordId)
    if (!values) return 'RECORD_NOT_FOUND'
    const says = (other: Values): boolean => Object.keys(other).every((column) => values[column] === other[column])
    if (says(proposed)) return null
    if (!says(former)) return 'CONFLICT_OUTDATED'
    const next = { ...values, ...proposed }
    if (entity === 'Student' && this.#guard.hasMovedOn(recordId)) return 'STUDENT_MOVED_ON'
    if (entity === 'Student' && next.status === 'STUDYING' && this.#guard.isElsewhere(naturalKey)) return 'STUDENT_ELSEWHERE'
    const key = `${next.school_year_id}/${next.name}`
    if (entity === 'ClassRoom' && 'name' in proposed && this.#names.has(key)) return 'CLASS_NAME_TAKEN'
    if (entity === 'ClassRoom' && 'grade' in proposed && this.#inUse.has(recordId)) return 'CLASS_HAS_PUPILS'
    const opens = entity === 'HomeroomAssignment' || (entity === 'TeachingAssignment' && next.active === true)
    if (opens && this.#left.has(String(next.staff_id))) return 'STAFF_LEFT'
    if (entity === 'ClassRoom') this.#names.set(key, recordId)
    this.#values.set(recordId, next)
    return null
  }
}

type Verdict =
  | { readonly status: 'REJECTED' | 'CONFLICT'; readonly faults: readonly RecordFault[] }
  | { readonly status: 'UNCHANGED' }
  | {
      readonly status: 'UPDATED'
      readonly row: ConflictRow
      readonly state: 'ACCEPTED' | 'REJECTED'
      readonly reason: string | null
    }

function judge(
  { decision, reason = null, expectedVersion = null }: ConflictResolutionInput,
  row: ConflictRow | undefined,
  mayDecide: (row: ConflictRow) => ErrorCode | null,
  atHand: AtHand,
): Verdict {
  if (!row) return refused('RECORD_NOT_FOUND', 'conflict')
  const hindered = mayDecide(row)
  if (hindered) return refused(hindered, 'conflict')
  const why = reason === null ? null : cleanReason(reason)
  if ((decision === 'REJECT' || reason !== null) && why === null) return refused('REASON_REQUIRED', 'reason')
  if (expectedVersion !== null && expectedVersion !== row.version)
    return { status: 'CONFLICT', faults: [recordFault('VERSION_CONFLICT', 'expectedVersion')] }
  const state = decision === 'ACCEPT' ? 'ACCEPTED' : 'REJECTED'
  if (row.state === state) return { status: 'UNCHANGED' }
  if (row.state !== 'OPEN') return refused('CONFLICT_DECIDED', 'conflict')
  const fault = state === 'ACCEPTED' ? atHand.accept(row) : null
  return fault ? refused(fault, 'conflict') : { status: 'UPDATED', row, state, reason: why }
}

type Decided = Extract<Verdict, { status: 'UPDATED' }>

/** The line that is open now closes as the act that was sent would have closed it. */
async function effectsOf(
  { tx, schoolId }: Seat,
  accepted: readonly ConflictRow[],
): Promise<ReadonlyMap<string, EnrolmentEffect>> {
  const acts = accepted.filter(({ effect }) => effect !== null)
  if (acts.length === 0) return new Map()
  const lines = await tx.query<{ id: string; studentId: string }>(records.OPEN_LINES, [
    schoolId,
    acts.map(({ recordId }) => recordId),
  ])
  return new Map(
    acts.map(({ recordId, effect }) => {
      const { on, close, open } = effect as EnrolmentEffect
      const line = lines.find(({ studentId }) => studentId === recordId)
      return [recordId, { on, open, close: close && line ? { ...close, id: line.id } : null }]
    }),
  )
}

async function writeAccepted(seat: Seat, decided: readonly Decided[], atHand: AtHand): Promise<ChangeEvent[]> {
  const { context, tx, schoolId } = seat
  const accepted = decided.filter(({ state }) => state === 'ACCEPTED').map(({ row }) => row)
  const effects = await effectsOf(seat, accepted)
  const desk: Desk = { ...seat, levels: [], terms: null }
  const events: ChangeEvent[] = []
  const isChanged = ({ recordId }: ConflictRow): boolean => atHand.storedOf(recordId)!.values !== atHand.valuesOf(recordId)
  const last = new Map(accepted.filter(isChanged).map((row) => [row.recordId, row]))
  // The data are whose they were: a record names the application that proposed what it says now.
  for (const rows of Map.groupBy(last.values(), (row) => `${row.entity} ${row.proposedByApplicationId}`).values()) {
    const { entity, proposedByApplicationId } = rows[0]!
    const changes = rows.map(({ recordId, naturalKey }) => ({
      stored: atHand.storedOf(recordId)!,
      values: atHand.valuesOf(recordId),
      key: naturalKey,
      effect: effects.get(recordId) ?? null,
    }))
    const written = await writeRows(desk, { table: records.TABLES[entity]!, entity }, changes, proposedByApplicationId)
    events.push(
      ...written.map(({ id, key, version }): ChangeEvent => ({
        schoolId,
        entity,
        entityId: id,
        naturalKey: key,
        event: 'UPDATE',
        version,
      })),
    )
    if (entity === 'Student') {
      events.push(...(await writeEnrolments(desk, written)))
      const admitted = written.filter(({ effect }) => effect?.open)
      events.push(...(await withdrawReleases(desk, admitted)))
    }
    // Whose link ends is shown to nobody, whose link begins again to whoever they still consent to.
    if (entity === 'Guardian') {
      const families = [...new Set(rows.map(({ studentId }) => studentId))]
      await tx.query(APPLY_CONSENTS_TO_GUARDIANS, [schoolId, families, proposedByApplicationId, context.now().toISOString()])
    }
    const leavers = entity === 'Staff' ? written.filter(({ values }) => hasLeft(values.status)).map(({ id }) => id) : []
    if (leavers.length > 0)
      await tx.query(END_OFFICES, [schoolId, leavers, vietnamDay(context.now()), context.now().toISOString()])
  }
  return events
}

async function write(seat: Seat, decided: readonly Decided[], atHand: AtHand): Promise<void> {
  if (decided.length === 0) return
  const { context, tx, schoolId } = seat
  const { applicationId, accountId } = context.viewer
  const at = context.now().toISOString()
  await tx.query(LEAVE_TERMS, [])
  const kept = decided.filter(({ row, state }) => state === 'ACCEPTED' && isKept(row)).map(({ row }) => row.studentId)
  if (kept.length > 0) {
    await tx.query(LOCK_STUDENTS, [schoolId, [...new Set(kept)]])
    await tx.query(STEP_BEHIND_CONSENT, [])
  }
  const events = await writeAccepted(seat, decided, atHand)
  const ids = decided.map(({ row }) => row.id)
  await tx.query(keepFormer('field_conflict'), [schoolId, 'FieldConflict', ids, at, applicationId, accountId])
  const changed = await tx.query<{ id: string; version: number }>(sql.DECIDE_CONFLICTS, [
    schoolId,
    at,
    applicationId,
    accountId,
    ids,
    decided.map(({ state }) => state),
    decided.map(({ reason }) => reason),
  ])
  const keys = new Map(decided.map(({ row }) => [row.id, `${row.entity}/${row.naturalKey}/${row.field}`]))
  events.push(
    ...changed.map(({ id, version }): ChangeEvent => ({
      schoolId,
      entity: 'FieldConflict',
      entityId: id,
      naturalKey: keys.get(id)!,
      event: 'UPDATE',
      version,
    })),
  )
  await appendChanges(context, tx, 'schools', events)
  const fields = decided.flatMap(({ row, state }) => (state === 'ACCEPTED' ? [`${row.entity}.${row.field}`] : []))
  await appendWriteAudit(context, tx, {
    fields: [...new Set(['FieldConflict.state', ...fields])],
    schools: [schoolId],
    students: [...new Set(decided.flatMap(({ row }) => row.studentId ?? []))],
  })
}

async function resolve(
  context: SubgraphContext,
  tx: Transaction,
  schoolId: string,
  { resolutions, mode }: ResolveConflictsInput,
): Promise<Told<ConflictRow>[]> {
  const seat = { context, tx, schoolId }
  await tx.query(LOCK_SCHOOL, [schoolId])
  const idOf = ({ conflict }: ConflictResolutionInput): string | null => uuidOf(conflict)
  const find = (ids: readonly string[]) => tx.query<ConflictRow & Record<string, unknown>>(sql.CONFLICTS_BY_ID, [schoolId, ids])
  const ids = [...new Set(resolutions.flatMap((sent) => idOf(sent) ?? []))]
  const rows = new Map((await find(ids)).map((row) => [row.id, row]))
  const mayDecide = await deciderOf(seat)
  const atHand = await AtHand.of(seat, [...rows.values()])
  const verdicts = settle<Verdict>(
    resolutions.map((sent) => {
      const id = idOf(sent)
      if (resolutions.filter((other) => idOf(other) === id).length > 1) return refused('DUPLICATE_IN_BATCH', 'conflict')
      return judge(sent, id === null ? undefined : rows.get(id), mayDecide, atHand)
    }),
    mode,
    { status: 'REJECTED', faults: [recordFault('BATCH_REJECTED', '')] },
  )
  await write(
    seat,
    verdicts.flatMap((verdict) => (verdict.status === 'UPDATED' ? [verdict] : [])),
    atHand,
  )
  const after = new Map((await find(ids)).map((row) => [row.id, row]))
  return verdicts.map((verdict, index) => ({
    status: verdict.status,
    entity: verdict.status === 'REJECTED' ? null : (after.get(idOf(resolutions[index]!) ?? '') ?? null),
    faults: 'faults' in verdict ? verdict.faults : [],
  }))
}

const WRITE_SCOPES = ['student.basic.write', 'school.write', 'staff.write', 'guardian.contact.write', 'health.write'] as const

/** The transaction opens under a scope that the application holds at the school; each record asks for its own on top. */
async function inTurn<T>(context: SubgraphContext, attempt: (scope: (typeof WRITE_SCOPES)[number]) => Promise<T>): Promise<T> {
  const held = WRITE_SCOPES.filter((scope) => context.viewer.scopes.includes(scope))
  for (const scope of held.slice(0, -1))
    try {
      return await attempt(scope)
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'SCHOOL_NOT_ACCESSIBLE') throw error
    }
  return attempt(held.at(-1) ?? 'school.write')
}

export async function resolveConflicts(
  context: SubgraphContext,
  input: ResolveConflictsInput,
): Promise<BatchPayload<FieldConflict>> {
  const { told, schoolId } = await inTurn(context, (scope) =>
    writeBatch(
      context,
      { schema: 'schools', scope, school: input.school, length: input.resolutions.length, body: { resolveConflicts: input } },
      async (tx, schoolId) => ({ schoolId, told: await resolve(context, tx, schoolId, input) }),
    ),
  )
  const readable = new Set(await groupsToRead(context, schoolId))
  return payloadOf(
    told.map(({ entity, ...rest }) => {
      if (entity) touch(context, entity)
      return { ...rest, entity: entity && readable.has(entity.group) ? shapeConflict(entity) : null }
    }),
  )
}
