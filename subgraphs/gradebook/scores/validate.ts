// Record by record: may this mark be entered, by this teacher, for this pupil, into this book, today?
import { isStorable } from '../../kernel/text.ts'
import { recordFault, type ErrorCode } from '../../kernel/errors.ts'
import { wordOf, type Known, type Named, type Reference } from '../../kernel/named.ts'
import type { Fault } from '../../kernel/root-causes.ts'
import type { Mark, RemarkMark, ScoreKind, Tenths } from '../assessment/types.ts'
import type { BookRules } from './book-rules.ts'
import { isPastDeadline, type Deadlines } from './deadlines.ts'
import { tenthsOf } from './mark.ts'

export interface SentScore {
  readonly student: Reference
  readonly kind: ScoreKind
  readonly ordinal: number
  readonly value?: number | null
  readonly remark?: RemarkMark | null
  readonly enteredBy: Reference
  readonly externalId?: string | null
  readonly expectedVersion?: number | null
}

export interface Teacher extends Known {
  /** Teaches this class this subject in this term. */
  readonly assigned: boolean
}

/** All that a verdict rests on, read in the transaction that writes. */
export interface BookAtHand extends Deadlines {
  readonly state: 'OPEN' | 'LOCKED' | 'CLOSED'
  readonly assessment: 'SCORED' | 'COMMENT'
  readonly rules: BookRules
  readonly pupils: Named<Known>
  readonly teachers: Named<Teacher>
  /** The teacher in whose name the application acts; undefined when it acts for nobody in particular. */
  readonly actingFor?: string | null
  /** In Vietnam, as `2026-12-20`. */
  readonly today: string
}

/** A record that may be entered, in the terms of the store. */
export interface AcceptedScore {
  readonly index: number
  readonly studentId: string
  readonly studentCode: string
  readonly kind: ScoreKind
  readonly ordinal: number
  readonly valueTenths: Tenths | null
  readonly remark: RemarkMark | null
  readonly staffId: string
  readonly externalId: string | null
  readonly expectedVersion: number | null
}

// Thirty marks out of scale are thirty slips, not one cause: a cause lies outside the record, in a book, a person or a
// kind of mark, and mending it once mends them all.
export const SHARED_CAUSES: ReadonlySet<ErrorCode> = new Set([
  'GRADEBOOK_LOCKED',
  'DEADLINE_PASSED',
  'TEACHER_NOT_ASSIGNED',
  'STAFF_NOT_FOUND',
  'STUDENT_NOT_IN_CLASS',
  'SCORE_KIND_INVALID',
  'SCORE_FORM_INVALID',
] as const)

export type Verdict = { readonly accepted: AcceptedScore } | { readonly faults: readonly Fault[] }

export const scoreKey = (studentId: string, kind: ScoreKind, ordinal: number): string => `${studentId}/${kind}/${ordinal}`

class Findings {
  readonly faults: Fault[] = []

  add(
    code: ErrorCode,
    path: string,
    about: string | null = null,
    exact: Partial<Pick<Fault, 'message' | 'messageVi'>> = {},
  ): void {
    const { message, messageVi } = recordFault(code, path)
    this.faults.push({ code, path, message: exact.message ?? message, messageVi: exact.messageVi ?? messageVi, about })
  }
}

/** The mark itself, or null with the reason found. */
function readMark({ kind, ordinal, value, remark }: SentScore, { assessment, rules }: BookAtHand, found: Findings): Mark | null {
  const hasValue = value !== null && value !== undefined
  const hasRemark = remark !== null && remark !== undefined
  if (hasValue === hasRemark || hasValue !== (assessment === 'SCORED')) {
    found.add('SCORE_FORM_INVALID', hasRemark && assessment === 'SCORED' ? 'remark' : 'value')
    return null
  }
  const mark: Mark | null = hasValue ? tenthsOf(value) : remark!
  if (mark === null) {
    found.add('SCORE_OUT_OF_SCALE', 'value')
    return null
  }
  const fault = rules.markFault(kind, ordinal, mark)
  if (fault) found.add(fault.code, fault.path, fault.path === 'kind' ? kind : null, fault)
  return fault ? null : mark
}

const NOT_THE_SUBJECT = {
  message: 'Acting for a teacher, an application enters marks in the name of that teacher alone.',
  messageVi: 'Khi thay mặt một giáo viên, ứng dụng chỉ nhập điểm dưới tên chính giáo viên đó.',
}

function judge(sent: SentScore, index: number, book: BookAtHand): Verdict {
  const found = new Findings()
  const pupil = book.pupils.find(sent.student)
  if (pupil === undefined) found.add('REFERENCE_INVALID', 'student')
  else if (pupil === null) found.add('STUDENT_NOT_IN_CLASS', 'student', wordOf(sent.student))

  const teacher = book.teachers.find(sent.enteredBy)
  if (teacher === undefined) found.add('REFERENCE_INVALID', 'enteredBy')
  else if (teacher === null) found.add('STAFF_NOT_FOUND', 'enteredBy', wordOf(sent.enteredBy))
  else if (book.actingFor !== undefined && teacher.id !== book.actingFor)
    found.add('ACT_FORBIDDEN', 'enteredBy', null, NOT_THE_SUBJECT)
  else if (!teacher.assigned) found.add('TEACHER_NOT_ASSIGNED', 'enteredBy', wordOf(sent.enteredBy))

  const mark = readMark(sent, book, found)
  if (sent.externalId && !isStorable(sent.externalId)) found.add('INPUT_INVALID', 'externalId')
  if (book.state !== 'OPEN') found.add('GRADEBOOK_LOCKED', 'kind')
  else if (isPastDeadline(sent.kind, book, book.today))
    found.add('DEADLINE_PASSED', 'kind', sent.kind === 'FINAL' ? 'FINAL' : null)

  if (found.faults.length > 0 || !pupil || !teacher || mark === null) return { faults: found.faults }
  return {
    accepted: {
      index,
      studentId: pupil.id,
      studentCode: pupil.code,
      kind: sent.kind,
      ordinal: sent.ordinal,
      valueTenths: typeof mark === 'number' ? mark : null,
      remark: typeof mark === 'number' ? null : mark,
      staffId: teacher.id,
      externalId: sent.externalId || null,
      expectedVersion: sent.expectedVersion ?? null,
    },
  }
}

/**
 * One verdict for each record, in the order sent. Records that name the same mark are all refused: which of two numbers
 * the teacher meant is not ours to guess, and a later one that wins in silence is a lost mark.
 */
export function validate(scores: readonly SentScore[], book: BookAtHand): Verdict[] {
  const verdicts = scores.map((sent, index) => judge(sent, index, book))
  const namings = new Map<string, number>()
  const keys = scores.map(({ student, kind, ordinal }) => {
    const pupil = book.pupils.find(student)
    if (!pupil) return null
    const key = scoreKey(pupil.id, kind, ordinal)
    namings.set(key, (namings.get(key) ?? 0) + 1)
    return key
  })
  return verdicts.map((verdict, index) => {
    const key = keys[index]
    if (!key || namings.get(key) === 1) return verdict
    const found = new Findings()
    found.add('DUPLICATE_IN_BATCH', 'student')
    return { faults: [...('faults' in verdict ? verdict.faults : []), ...found.faults] }
  })
}
