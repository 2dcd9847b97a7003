// Writing what a batch decided: marks, their history, the feed and the audit, one statement for each table.
import type { SubgraphContext } from '../../kernel/context.ts'
import type { Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import type { Confirmed } from '../../kernel/freshness.ts'
import { appendChanges, appendWriteAudit, type ChangeEvent } from '../../kernel/outbox.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Decision } from '../scores/decide.ts'
import * as sql from '../store/writing.ts'
import type { Book, BookRow, StoredScore, Target } from './book-at-hand.ts'

export type Change = Extract<Decision<StoredScore>, { status: 'CREATED' | 'UPDATED' }>

/** The book as this transaction opened it; null when another batch was first. */
export async function openBook(
  context: SubgraphContext,
  tx: Transaction,
  target: Target,
  { ordinaryDeadline, finalDeadline }: Book,
): Promise<BookRow | null> {
  const { schoolId, classId, subjectCode, termId } = target
  const now = context.now()
  const values = [schoolId, uuidv7(now), classId, subjectCode, termId, ordinaryDeadline, finalDeadline, now.toISOString()]
  return (await tx.query<BookRow>(sql.OPEN_GRADEBOOK, values))[0] ?? null
}

/** The marks as they stand afterwards, in the order of the changes. */
async function upsertScores(
  context: SubgraphContext,
  tx: Transaction,
  target: Target,
  bookId: string,
  changes: readonly Change[],
): Promise<StoredScore[]> {
  const { schoolId, startYear, classId, subjectCode, termId } = target
  const { applicationId } = context.viewer
  const now = context.now()
  const scores = changes.map(({ score, stored }): Omit<StoredScore, 'updatedAt'> => ({
    id: stored?.id ?? uuidv7(now),
    studentId: score.studentId,
    classId,
    kind: score.kind,
    ordinal: score.ordinal,
    valueTenths: score.valueTenths,
    remark: score.remark,
    staffId: score.staffId,
    version: (stored?.version ?? 0) + 1,
    applicationId,
    // Not sent means not changed: an id is lost only when another application takes the mark over.
    externalId: score.externalId ?? (stored?.applicationId === applicationId ? stored.externalId : null),
    locked: false,
  }))
  const [written] = await tx.query<{ count: number; updatedAt: string }>(sql.UPSERT_SCORES, [
    schoolId,
    startYear,
    bookId,
    classId,
    subjectCode,
    termId,
    applicationId,
    now.toISOString(),
    sql.plainArray(scores.map(({ id }) => id)),
    sql.plainArray(scores.map(({ studentId }) => studentId)),
    sql.plainArray(scores.map(({ kind }) => kind)),
    sql.plainArray(scores.map(({ ordinal }) => ordinal)),
    sql.plainArray(scores.map(({ valueTenths }) => valueTenths)),
    sql.plainArray(scores.map(({ remark }) => remark)),
    sql.plainArray(scores.map(({ staffId }) => staffId)),
    scores.map(({ externalId }) => externalId),
    sql.plainArray(scores.map(({ version }) => version)),
  ])
  // Only a pupil who changes class in this very moment has marks in reach of two books at once.
  if (written!.count !== scores.length) throw new PlatformError('VERSION_CONFLICT')
  return scores.map((score) => ({ ...score, updatedAt: written!.updatedAt }))
}

async function appendAmendments(
  context: SubgraphContext,
  tx: Transaction,
  { schoolId }: Target,
  changes: readonly Change[],
): Promise<void> {
  const amended = changes.flatMap((change) => (change.status === 'UPDATED' ? [change] : []))
  if (amended.length === 0) return
  const now = context.now()
  await tx.query(sql.APPEND_AMENDMENTS, [
    schoolId,
    context.viewer.applicationId,
    now.toISOString(),
    sql.plainArray(amended.map(() => uuidv7(now))),
    sql.plainArray(amended.map(({ stored }) => stored.id)),
    sql.plainArray(amended.map(({ stored }) => stored.valueTenths)),
    sql.plainArray(amended.map(({ stored }) => stored.remark)),
    sql.plainArray(amended.map(({ score }) => score.valueTenths)),
    sql.plainArray(amended.map(({ score }) => score.remark)),
    sql.plainArray(amended.map(({ score }) => score.staffId)),
    sql.plainArray(amended.map(({ stored }) => stored.version + 1)),
  ])
}

const bookKey = ({ schoolYear, term, subjectCode }: Target): string => `${schoolYear}/${term}/${subjectCode}`

function changeEvents(target: Target, changes: readonly Change[], scores: readonly StoredScore[]): ChangeEvent[] {
  const { schoolId } = target
  return changes.map(({ status, score: { studentCode, kind, ordinal } }, index) => ({
    schoolId,
    entity: 'Score',
    entityId: scores[index]!.id,
    naturalKey: `${studentCode}/${bookKey(target)}/${kind}/${ordinal}`,
    event: status === 'CREATED' ? 'NEW' : 'UPDATE',
    version: scores[index]!.version,
  }))
}

function bookEvent(target: Target, bookId: string): ChangeEvent {
  const naturalKey = `${target.className}/${bookKey(target)}`
  return { schoolId: target.schoolId, entity: 'Gradebook', entityId: bookId, naturalKey, event: 'NEW', version: 1 }
}

export interface BookToWrite {
  readonly id: string
  /** Opened by this transaction. */
  readonly isNew: boolean
}

/** Marks that a batch sent as they stand: they are looked after, and nothing is written of them. */
export const confirmedMarks = ({ schoolId }: Target, records: number): Confirmed => ({ schoolId, entity: 'Score', records })

/** Writes the changes with everything that must stand or fall with them; answers the marks in the order of the changes. */
export async function writeMarks(
  context: SubgraphContext,
  tx: Transaction,
  target: Target,
  book: BookToWrite,
  changes: readonly Change[],
  confirmed: Confirmed,
): Promise<StoredScore[]> {
  const scores = await upsertScores(context, tx, target, book.id, changes)
  await appendAmendments(context, tx, target, changes)
  const events = changeEvents(target, changes, scores)
  await appendChanges(context, tx, 'gradebook', book.isNew ? [bookEvent(target, book.id), ...events] : events, [confirmed])
  await appendWriteAudit(context, tx, {
    fields: [target.assessment === 'SCORED' ? 'Score.value' : 'Score.remark'],
    schools: [target.schoolId],
    students: [...new Set(scores.map(({ studentId }) => studentId))],
  })
  return scores
}
