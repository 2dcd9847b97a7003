// Two records of one pupil become one: the kept one lives with everything that hangs on both, the other answers for it.
import type { BatchPayload } from '../../kernel/batch.ts'
import { writeBatch } from '../../kernel/batch-write.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { PlatformError, recordFault } from '../../kernel/errors.ts'
import type { Named } from '../../kernel/named.ts'
import { appendChanges, appendWriteAudit, type ChangeEvent } from '../../kernel/outbox.ts'
import { settle } from '../../kernel/settle.ts'
import { HOLDERS_OF_PUPILS } from '../../kernel/subgraphs.ts'
import { cleanReason } from '../../kernel/text.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Values } from '../../kernel/records/decide.ts'
import { mayAt } from '../../kernel/records/write-records.ts'
import { fillingOf, hindranceOf } from '../roster/merging.ts'
import type { MergeStudentsInput, StudentMergeInput } from '../schema/merge-inputs.ts'
import type { MergeRow, StudentMerge } from '../schema/merge-types.ts'
import { REMEMBER_NAMES } from '../store/identity-queries.ts'
import * as sql from '../store/merge-queries.ts'
import { keepFormer, LEAVE_TERMS, LOCK_SCHOOL } from '../store/writing.ts'
import { payloadOf, refused, type Told } from '../../kernel/told.ts'
import { findStudents, type StoredStudent } from './at-the-desk.ts'
import { decideMatches } from './identity-matches.ts'
import { shapeMerge, studentsOf } from './merges.ts'
import { productsAt } from './proposals.ts'
import type { Desk } from './roster-batch.ts'

export type Seat = Pick<Desk, 'context' | 'tx' | 'schoolId'>

/** Which of two records is a child's is said by the product that keeps the roster, or by the principal. */
export async function assertKeepsRoster(seat: Seat): Promise<void> {
  const { applicationId, accountId } = seat.context.viewer
  if (accountId !== null || applicationId === null) return
  const own = (await productsAt(seat)).find((product) => product.applicationId === applicationId)
  if (own?.kind !== 'SCHOOL_MANAGEMENT')
    throw new PlatformError('ACT_FORBIDDEN', {
      message: 'Records are merged by the school-management product or the principal.',
      messageVi: 'Việc gộp hồ sơ do phần mềm quản lý trường học hoặc hiệu trưởng thực hiện.',
    })
}

type Verdict =
  | ReturnType<typeof refused>
  | { readonly status: 'UNCHANGED' }
  | { readonly status: 'CREATED'; readonly kept: StoredStudent; readonly merged: StoredStudent; readonly reason: string }

async function judge(
  { tx, schoolId }: Seat,
  sent: StudentMergeInput,
  students: Named<StoredStudent>,
  again: ReadonlySet<string>,
): Promise<Verdict> {
  const kept = students.find(sent.keep)
  const merged = students.find(sent.merge)
  if (!kept) return refused(kept === null ? 'STUDENT_NOT_FOUND' : 'REFERENCE_INVALID', 'keep')
  if (!merged) return refused(merged === null ? 'STUDENT_NOT_FOUND' : 'REFERENCE_INVALID', 'merge')
  const reason = cleanReason(sent.reason)
  if (reason === null) return refused('REASON_REQUIRED', 'reason')
  // Both name the record that lives: it was done before.
  if (kept.id === merged.id) return { status: 'UNCHANGED' }
  if (again.has(kept.id) || again.has(merged.id)) return refused('DUPLICATE_IN_BATCH', '')
  const hindrance = hindranceOf(kept.values, merged.values)
  if (hindrance) return refused(hindrance, 'merge')
  const [marks] = await tx.query<{ count: number }>(sql.MARKS_AT_ODDS, [schoolId, kept.id, merged.id])
  return marks!.count > 0 ? refused('MERGE_MARKS_DIFFER', 'merge') : { status: 'CREATED', kept, merged, reason }
}

export interface Change {
  readonly id: string
  readonly values: Values
  readonly mergedInto: string | null
}

/** The record before, the record after. Answers the new version. */
export async function change({ context, tx, schoolId }: Seat, { id, values, mergedInto }: Change): Promise<number> {
  const [row] = await tx.query<{ version: number }>(sql.CHANGE_STUDENT, [
    schoolId,
    id,
    JSON.stringify(values),
    mergedInto,
    context.now().toISOString(),
    context.viewer.applicationId,
  ])
  return row!.version
}

export async function keepBoth({ context, tx, schoolId }: Seat, ids: readonly string[]): Promise<void> {
  const { applicationId, accountId } = context.viewer
  await tx.query(keepFormer('student'), [schoolId, 'Student', ids, context.now().toISOString(), applicationId, accountId])
}

export const eventOf = (
  schoolId: string,
  entity: string,
  entityId: string,
  naturalKey: string,
  event: ChangeEvent['event'],
  version: number,
): ChangeEvent => ({ schoolId, entity, entityId, naturalKey, event, version })

async function write(
  seat: Seat,
  { kept, merged, reason }: Extract<Verdict, { status: 'CREATED' }>,
): Promise<{ id: string; events: ChangeEvent[] }> {
  const { context, tx, schoolId } = seat
  const now = context.now()
  const [id, aliasId] = [uuidv7(now), uuidv7(now)]
  const { filled, former } = fillingOf(kept.values, merged.values)
  const keptCode = String(filled.code ?? kept.code)
  const mergedCode = filled.code === undefined ? merged.code : kept.code
  await keepBoth(seat, [kept.id, merged.id])
  if (filled.code !== undefined) await tx.query(sql.FREE_CODE, [schoolId, merged.id])
  const keptVersion = await change(seat, { id: kept.id, values: { ...kept.values, ...filled }, mergedInto: null })
  const mergedVersion = await change(seat, { id: merged.id, values: { ...merged.values, code: mergedCode }, mergedInto: kept.id })
  const moved: Record<string, unknown> = {}
  const counts: Record<string, unknown> = {}
  for (const schema of HOLDERS_OF_PUPILS) {
    const [row] = await tx.query<{ answer: { moved: unknown; rows: unknown } }>(sql.move(schema), [
      schoolId,
      merged.id,
      kept.id,
      keptCode,
      now.toISOString(),
      context.viewer.applicationId,
      context.viewer.accountId,
    ])
    moved[schema] = row!.answer.moved
    counts[schema] = row!.answer.rows
  }
  await tx.query(REMEMBER_NAMES, [schoolId, now.toISOString(), [aliasId], [kept.id], [merged.id], [mergedCode]])
  // The name that was just given is a row of the kept record too.
  const [own] = await tx.query<{ answer: unknown }>(sql.countRows('schools'), [schoolId, kept.id])
  counts.schools = own!.answer
  await tx.query(sql.REMEMBER_MERGE, [
    schoolId,
    id,
    kept.id,
    merged.id,
    aliasId,
    keptCode,
    mergedCode,
    JSON.stringify(former),
    JSON.stringify(filled),
    JSON.stringify(moved),
    JSON.stringify(counts),
    keptVersion,
    reason,
    now.toISOString(),
    context.viewer.accountId,
    context.viewer.applicationId,
  ])
  const pairs = await tx.query<{ id: string }>(sql.MATCHES_OF_PAIR, [schoolId, kept.id, merged.id, ['OPEN', 'DISTINCT']])
  const matches = pairs.map((pair) => ({ id: pair.id, state: 'MERGED' as const, reason }))
  return {
    id,
    events: [
      eventOf(schoolId, 'Student', merged.id, merged.code, 'CANCEL', mergedVersion),
      eventOf(schoolId, 'Student', kept.id, keptCode, 'UPDATE', keptVersion),
      eventOf(schoolId, 'StudentAlias', aliasId, mergedCode, 'NEW', 1),
      eventOf(schoolId, 'StudentMerge', id, `${keptCode}/${mergedCode}`, 'NEW', 1),
      ...(await decideMatches(context, tx, schoolId, matches)),
    ],
  }
}

export async function mergeStudents(context: SubgraphContext, input: MergeStudentsInput): Promise<BatchPayload<StudentMerge>> {
  const { merges, mode } = input
  const batch = {
    schema: 'schools',
    scope: 'student.basic.write',
    school: input.school,
    length: merges.length,
    body: { mergeStudents: input },
  } as const
  const { schoolId, told } = await writeBatch(context, batch, async (tx, schoolId) => {
    const seat = { context, tx, schoolId }
    await tx.query(LOCK_SCHOOL, [schoolId])
    await assertKeepsRoster(seat)
    const refs = merges.flatMap(({ keep, merge }) => [keep, merge])
    const students = await findStudents({ ...seat, levels: [], terms: null }, refs)
    const ids = refs.flatMap((ref) => students.find(ref)?.id ?? [])
    const again = new Set(ids.filter((id, index) => ids.indexOf(id) !== index))
    const verdicts: Verdict[] = []
    for (const sent of merges) verdicts.push(await judge(seat, sent, students, again))
    const settled = settle<Verdict>(verdicts, mode, { status: 'REJECTED', faults: [recordFault('BATCH_REJECTED', '')] })
    await tx.query(LEAVE_TERMS, [])
    await tx.query(sql.SHOW_MERGED, [])
    const made: (string | null)[] = []
    const events: ChangeEvent[] = []
    for (const verdict of settled) {
      const done = verdict.status === 'CREATED' ? await write(seat, verdict) : null
      made.push(done?.id ?? null)
      events.push(...(done?.events ?? []))
    }
    if (events.length > 0) {
      await appendChanges(context, tx, 'schools', events)
      const touched = settled.flatMap((verdict) => (verdict.status === 'CREATED' ? [verdict.kept.id, verdict.merged.id] : []))
      await appendWriteAudit(context, tx, {
        fields: ['StudentMerge.kept', 'Student.code'],
        schools: [schoolId],
        students: touched,
      })
    }
    const rows = new Map(
      (await tx.query<MergeRow & Record<string, unknown>>(sql.MERGES_BY_ID, [schoolId, made.filter((id) => id !== null)])).map(
        (row) => [row.id, row],
      ),
    )
    return {
      schoolId,
      told: settled.map((verdict, index): Told<MergeRow> => ({
        status: verdict.status,
        entity: rows.get(made[index] ?? '') ?? null,
        faults: 'faults' in verdict ? verdict.faults : [],
      })),
    }
  })
  return tellMerges(context, schoolId, told)
}

/** Who may write and not read is told what became of it and shown none. */
export async function tellMerges(
  context: SubgraphContext,
  schoolId: string,
  told: readonly Told<MergeRow>[],
): Promise<BatchPayload<StudentMerge>> {
  const mayRead = await mayAt(context, 'student.basic.read', schoolId)
  for (const { entity } of told) if (entity) for (const id of studentsOf(entity)) context.touched.students.add(id)
  return payloadOf(told.map(({ entity, ...rest }) => ({ ...rest, entity: entity && mayRead ? shapeMerge(entity) : null })))
}
