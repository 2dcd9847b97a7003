// What a batch of marks is judged by: its school, class, subject and term, the people it names, the book and its marks.
import type { SubgraphContext } from '../../kernel/context.ts'
import { isUuid, uuidOf, vietnamDay, type Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import type { ClassRoomOfYearRef } from '../../kernel/inputs.ts'
import { Named, type FormerName, wordsOf, type Known } from '../../kernel/named.ts'
import { chosen } from '../../kernel/reference.ts'
import type { BookFacts } from '../scores/book-rules.ts'
import type { Deadlines, TermDates } from '../scores/deadlines.ts'
import type { StoredMark } from '../scores/decide.ts'
import { startOf } from '../../kernel/school-year.ts'
import { isStorable } from '../../kernel/text.ts'
import type { AcceptedScore, Teacher } from '../scores/validate.ts'
import type { RecordScoresInput } from '../schema/inputs.ts'
import * as sql from '../store/writing.ts'

type FactsRow = BookFacts &
  TermDates &
  Record<string, unknown> & { readonly classId: string; readonly className: string; readonly termId: string }

/** What the batch is about. */
export interface Target extends FactsRow {
  readonly schoolId: string
  /** The calendar year in which the school year begins: names the partition. */
  readonly startYear: number
}

const notFound = (path: string): PlatformError => new PlatformError('RECORD_NOT_ACCESSIBLE', { path: ['input', path] })

function wordsOfClass(ref: ClassRoomOfYearRef): { id: string | null; name: string | null; externalId: string | null } {
  const by = chosen(ref, ['id', 'name', 'externalId'])
  const word = ref[by]!
  if (by === 'id' ? !isUuid(word) : !isStorable(word)) throw notFound('classRoom')
  return {
    id: null,
    name: null,
    externalId: null,
    [by]: by === 'name' ? word.normalize('NFC') : by === 'id' ? uuidOf(word) : word,
  }
}

export async function getTarget(
  context: SubgraphContext,
  tx: Transaction,
  schoolId: string,
  input: RecordScoresInput,
): Promise<Target> {
  const { schoolYear, term, subject } = input
  const startYear = startOf(schoolYear)
  if (startYear === null) throw notFound('schoolYear')
  if (!isStorable(subject)) throw notFound('subject')
  if (!isStorable(term)) throw notFound('term')
  const { id, name, externalId } = wordsOfClass(input.classRoom)
  const [row] = await tx.query<FactsRow>(sql.BOOK_FACTS, [
    schoolId,
    schoolYear,
    id,
    name,
    externalId,
    term,
    subject,
    context.viewer.applicationId,
  ])
  if (!row) throw notFound('classRoom')
  if (!row.termId) throw notFound('term')
  if (!row.subjectCode) throw notFound('subject')
  return { ...row, schoolId, startYear, schoolYear, term }
}

export async function findPupils(
  context: SubgraphContext,
  tx: Transaction,
  { schoolId, classId }: Target,
): Promise<Named<Known>> {
  const values = [schoolId, classId, context.viewer.applicationId]
  const pupils = await tx.query<Known & Record<string, unknown>>(sql.PUPILS_OF_CLASS, values)
  return new Named(pupils, await tx.query<FormerName & Record<string, unknown>>(sql.FORMER_NAMES_OF_CLASS, [schoolId, classId]))
}

export async function findTeachers(
  context: SubgraphContext,
  tx: Transaction,
  { schoolId, classId, subjectCode, termId }: Target,
  { scores }: RecordScoresInput,
): Promise<Named<Teacher>> {
  const { id, code, externalId } = wordsOf(scores.map(({ enteredBy }) => enteredBy))
  return new Named(
    await tx.query<Teacher & Record<string, unknown>>(sql.TEACHERS_NAMED, [
      schoolId,
      context.viewer.applicationId,
      id,
      code,
      externalId,
      classId,
      subjectCode,
      termId,
    ]),
  )
}

/** Undefined when the application acts for nobody in particular; null when it acts for somebody who is no staff of this school. */
export async function findActingTeacher(
  { viewer, now }: SubgraphContext,
  tx: Transaction,
  { schoolId }: Target,
): Promise<string | null | undefined> {
  if (viewer.accountId === null) return undefined
  const [row] = await tx.query<{ id: string | null }>(sql.STAFF_OF_ACCOUNT, [viewer.accountId, schoolId, vietnamDay(now())])
  return row?.id ?? null
}

export interface Book extends Deadlines {
  readonly state: 'OPEN' | 'LOCKED' | 'CLOSED'
}

export interface BookRow extends Book, Record<string, unknown> {
  readonly id: string
}

export async function lockBook(tx: Transaction, { schoolId, classId, subjectCode, termId }: Target): Promise<BookRow | null> {
  return (await tx.query<BookRow>(sql.LOCK_GRADEBOOK, [schoolId, classId, subjectCode, termId]))[0] ?? null
}

/** A mark of the store with all that an answer shows of it. */
export interface StoredScore extends StoredMark {
  readonly id: string
  readonly classId: string
  readonly staffId: string
  readonly updatedAt: string
  readonly applicationId: string | null
  readonly externalId: string | null
}

interface StoredScoreRow extends Omit<StoredScore, 'locked'>, Record<string, unknown> {
  readonly gradebookId: string
}

/** The marks that pupils of the batch have in this subject and term, wherever they were entered. */
export async function findStoredScores(
  tx: Transaction,
  { schoolId, startYear, subjectCode, termId }: Target,
  accepted: readonly AcceptedScore[],
  bookId: string | null,
): Promise<StoredScore[]> {
  const pupils = [...new Set(accepted.map(({ studentId }) => studentId))]
  if (pupils.length === 0) return []
  const rows = await tx.query<StoredScoreRow>(sql.STORED_SCORES, [schoolId, startYear, subjectCode, termId, pupils])
  const otherBooks = new Set(rows.map(({ gradebookId }) => gradebookId).filter((id) => id !== bookId))
  const locked = otherBooks.size === 0 ? [] : await tx.query<{ id: string }>(sql.LOCKED_GRADEBOOKS, [schoolId, [...otherBooks]])
  const lockedIds = new Set(locked.map(({ id }) => id))
  return rows.map(({ gradebookId, ...row }) => ({ ...row, locked: lockedIds.has(gradebookId) }) as StoredScore)
}
