// A merge taken back: both records stand again, each with what hung on it.
import type { BatchPayload } from '../../kernel/batch.ts'
import { writeBatch } from '../../kernel/batch-write.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { uuidOf } from '../../kernel/database.ts'
import { recordFault } from '../../kernel/errors.ts'
import { appendChanges, appendWriteAudit, type ChangeEvent } from '../../kernel/outbox.ts'
import { settle } from '../../kernel/settle.ts'
import { HOLDERS_OF_PUPILS } from '../../kernel/subgraphs.ts'
import { cleanReason } from '../../kernel/text.ts'
import type { Values, Word } from '../../kernel/records/decide.ts'
import { undone } from '../roster/merging.ts'
import type { UndoMergeInput, UndoneMergeInput } from '../schema/merge-inputs.ts'
import type { MergeRow, StudentMerge } from '../schema/merge-types.ts'
import * as sql from '../store/merge-queries.ts'
import { keepFormer, LEAVE_TERMS, LOCK_SCHOOL } from '../store/writing.ts'
import { refused, type Told } from '../../kernel/told.ts'
import { decideMatches } from './identity-matches.ts'
import { assertKeepsRoster, change, eventOf, keepBoth, tellMerges, type Seat } from './merge-students.ts'

interface Standing {
  readonly values: Values
  readonly mergedInto: string | null
}

type Verdict =
  | ReturnType<typeof refused>
  | { readonly status: 'UNCHANGED' }
  | {
      readonly status: 'UPDATED'
      readonly row: MergeRow
      readonly reason: string
      readonly kept: Values
      readonly merged: Values
    }

async function standing({ tx, schoolId }: Seat, ids: readonly string[]): Promise<ReadonlyMap<string, Standing>> {
  const rows = await tx.query<Record<string, Word> & { id: string }>(sql.STUDENTS_AS_THEY_STAND, [schoolId, ids])
  return new Map(
    rows.map(({ id, version: _version, mergedInto, ...values }) => [
      id,
      { values, mergedInto: (mergedInto ?? null) as string | null },
    ]),
  )
}

/** Whether rows came to the kept record since: of which of the two pupils they speak is not ours to guess. */
async function hasLaterRows({ tx, schoolId }: Seat, { keptId, rowCounts }: MergeRow): Promise<boolean> {
  for (const schema of HOLDERS_OF_PUPILS) {
    const [row] = await tx.query<{ answer: Record<string, number> }>(sql.countRows(schema), [schoolId, keptId])
    const then = rowCounts[schema] ?? {}
    if (Object.entries(row!.answer).some(([table, count]) => count !== (then[table] ?? 0))) return true
  }
  return false
}

async function judge(seat: Seat, sent: UndoneMergeInput, row: MergeRow | undefined): Promise<Verdict> {
  if (!row) return refused('RECORD_NOT_FOUND', 'merge')
  const reason = cleanReason(sent.reason)
  if (reason === null) return refused('REASON_REQUIRED', 'reason')
  if (row.state === 'UNDONE') return { status: 'UNCHANGED' }
  const records = await standing(seat, [row.keptId, row.mergedId])
  const [kept, merged] = [records.get(row.keptId)!, records.get(row.mergedId)!]
  const [later] = await seat.tx.query<{ count: number }>(sql.LATER_MERGES, [seat.schoolId, row.keptId, row.keptVersion])
  if (kept.mergedInto !== null || later!.count > 0) return refused('MERGE_UNDO_ORDER', 'merge')
  const after = undone(kept.values, row, sent.laterStays)
  if ('fault' in after) return refused(after.fault, 'merge')
  if (!sent.laterStays && (await hasLaterRows(seat, row))) return refused('MERGE_HAS_LATER_ACTS', 'merge')
  // Each has its own code again: the kept one's that it had, the other's that the kept one took from it.
  const code = row.filled.code ?? merged.values.code!
  return { status: 'UPDATED', row, reason, kept: after.values, merged: { ...merged.values, code } }
}

async function write(seat: Seat, { row, reason, kept, merged }: Extract<Verdict, { status: 'UPDATED' }>): Promise<ChangeEvent[]> {
  const { context, tx, schoolId } = seat
  const { applicationId, accountId } = context.viewer
  const at = context.now().toISOString()
  await keepBoth(seat, [row.keptId, row.mergedId])
  if (row.filled.code !== undefined) await tx.query(sql.FREE_CODE, [schoolId, row.mergedId])
  const keptVersion = await change(seat, { id: row.keptId, values: kept, mergedInto: null })
  const mergedVersion = await change(seat, { id: row.mergedId, values: merged, mergedInto: null })
  await tx.query(sql.FORGET_NAME, [schoolId, row.aliasId])
  // The pupil is there again before anything is told to be the pupil's.
  await appendChanges(context, tx, 'schools', [
    eventOf(schoolId, 'Student', row.mergedId, String(merged.code), 'NEW', mergedVersion),
    eventOf(schoolId, 'Student', row.keptId, String(kept.code), 'UPDATE', keptVersion),
  ])
  for (const schema of HOLDERS_OF_PUPILS)
    await tx.query(sql.moveBack(schema), [
      schoolId,
      row.keptId,
      row.mergedId,
      JSON.stringify(row.moved[schema] ?? {}),
      String(merged.code),
      at,
      applicationId,
      accountId,
    ])
  await tx.query(keepFormer('student_merge'), [schoolId, 'StudentMerge', [row.id], at, applicationId, accountId])
  const [done] = await tx.query<{ version: number }>(sql.UNDO_MERGE, [schoolId, row.id, reason, at])
  const pairs = await tx.query<{ id: string }>(sql.MATCHES_OF_PAIR, [schoolId, row.keptId, row.mergedId, ['MERGED']])
  const matches = pairs.map(({ id }) => ({ id, state: 'OPEN' as const, reason: null }))
  return [
    eventOf(schoolId, 'StudentAlias', row.aliasId, row.mergedCode, 'CANCEL', 2),
    eventOf(schoolId, 'StudentMerge', row.id, `${row.keptCode}/${row.mergedCode}`, 'UPDATE', done!.version),
    ...(await decideMatches(context, tx, schoolId, matches)),
  ]
}

export async function undoMerge(context: SubgraphContext, input: UndoMergeInput): Promise<BatchPayload<StudentMerge>> {
  const { merges, mode } = input
  const batch = {
    schema: 'schools',
    scope: 'student.basic.write',
    school: input.school,
    length: merges.length,
    body: { undoMerge: input },
  } as const
  const { schoolId, told } = await writeBatch(context, batch, async (tx, schoolId) => {
    const seat = { context, tx, schoolId }
    await tx.query(LOCK_SCHOOL, [schoolId])
    await assertKeepsRoster(seat)
    // Of a chain of merges the kept record may be a merged one itself; whom the terms leave out stays hidden all the same.
    await tx.query(sql.SHOW_MERGED, [])
    const ids = merges.map(({ merge }) => uuidOf(merge))
    const find = () =>
      tx.query<MergeRow & Record<string, unknown>>(sql.MERGES_SEEN_BY_ID, [schoolId, ids.filter((id) => id !== null)])
    const rows = new Map((await find()).map((row) => [row.id, row]))
    await tx.query(LEAVE_TERMS, [])
    const verdicts: Verdict[] = []
    for (const [index, sent] of merges.entries()) {
      const id = ids[index] ?? null
      const isDouble = id !== null && ids.indexOf(id) !== ids.lastIndexOf(id)
      verdicts.push(isDouble ? refused('DUPLICATE_IN_BATCH', 'merge') : await judge(seat, sent, rows.get(id ?? '')))
    }
    const settled = settle<Verdict>(verdicts, mode, { status: 'REJECTED', faults: [recordFault('BATCH_REJECTED', '')] })
    const events: ChangeEvent[] = []
    for (const verdict of settled) if (verdict.status === 'UPDATED') events.push(...(await write(seat, verdict)))
    if (events.length > 0) {
      await appendChanges(context, tx, 'schools', events)
      const touched = settled.flatMap((verdict) =>
        verdict.status === 'UPDATED' ? [verdict.row.keptId, verdict.row.mergedId] : [],
      )
      await appendWriteAudit(context, tx, {
        fields: ['StudentMerge.state', 'Student.code'],
        schools: [schoolId],
        students: touched,
      })
    }
    const after = new Map((await find()).map((row) => [row.id, row]))
    return {
      schoolId,
      told: settled.map((verdict, index): Told<MergeRow> => ({
        status: verdict.status,
        entity: verdict.status === 'REJECTED' ? null : (after.get(ids[index] ?? '') ?? null),
        faults: 'faults' in verdict ? verdict.faults : [],
      })),
    }
  })
  return tellMerges(context, schoolId, told)
}
