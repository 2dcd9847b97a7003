// The batches of the gradebook: many keys, one query, opened under gradebook.read for the schools of the keys alone.
import {
  defineBatch,
  groupedByKey,
  idsOf,
  inKeyOrder,
  schoolKeyOf,
  schoolsOf,
  type BatchLoad,
  type SchoolKey,
  type SubgraphContext,
} from '../../kernel/context.ts'
import type { Transaction } from '../../kernel/database.ts'
import type { RemarkMark, ScoreComponent, ScoreKind } from '../assessment/types.ts'
import { bookRules, type BookFacts } from '../scores/book-rules.ts'
import { progressOf, type HeldKinds } from '../scores/progress.ts'
import type { Gradebook, GradebookProgress, Score, ScoreAmendment } from '../schema/types.ts'
import { readMarks } from './packed-marks.ts'
import { shapeAmendment, shapeGradebook, shapeScore, type AmendmentRow, type GradebookRow, type ScoreRow } from './shapes.ts'
import * as sql from './queries.ts'

function reading<V>(
  load: (context: SubgraphContext, tx: Transaction, keys: readonly SchoolKey[]) => Promise<readonly V[]>,
): BatchLoad<SchoolKey, V> {
  return defineBatch(schoolKeyOf, (context, keys) =>
    context.database.read(context, { scope: 'gradebook.read', schools: schoolsOf(keys) }, (tx) => load(context, tx, keys)),
  )
}

// A batch is known by its object, so a field with arguments has one batch for each set of arguments, kept as long as the
// operation: aliases that ask for both terms are two queries, forty pupils of one term are one.
const batchesOfOperation = new WeakMap<SubgraphContext, Map<string, BatchLoad<SchoolKey, unknown>>>()

/** The batch of this field for these arguments within this operation. */
function forArguments<A, V>(
  field: string,
  make: (args: A) => BatchLoad<SchoolKey, V>,
): (context: SubgraphContext, args: A) => BatchLoad<SchoolKey, V> {
  return (context, args) => {
    let batches = batchesOfOperation.get(context)
    if (!batches) batchesOfOperation.set(context, (batches = new Map()))
    const key = `${field} ${JSON.stringify(args)}`
    let batch = batches.get(key) as BatchLoad<SchoolKey, V> | undefined
    if (!batch) batches.set(key, (batch = make(args)))
    return batch
  }
}

export interface TermOfYear {
  readonly term: string
  /** `2026-2027` */
  readonly schoolYear: string
  /** The calendar year it begins in: names the partition. */
  readonly startYear: number
}

export interface ScoresAsked extends TermOfYear {
  readonly subject: string | null
  /** Nothing is asked but what the marks say: kind, ordinal, value, remark, subject. */
  readonly factsOnly: boolean
}

interface PackedMarksRow extends Record<string, unknown> {
  readonly studentId: string
  readonly marks: string
}

export const scoresOfStudents = forArguments<ScoresAsked, Score[]>(
  'scores',
  ({ startYear, term, schoolYear, subject, factsOnly }) =>
    defineBatch(schoolKeyOf, async (context, keys) => {
      const opening = { scope: 'gradebook.read', schools: schoolsOf(keys) } as const
      const ids = idsOf(keys)
      const values = (open: readonly string[]): unknown[] => [open, startYear, ids, term, schoolYear, subject]
      // Without its school a row says whose it is only where one school is asked.
      if (factsOnly && opening.schools.length === 1) {
        const asked = { text: sql.SCORE_FACTS_OF_STUDENTS, values }
        const { rows } = await context.database.readRows<PackedMarksRow>(context, opening, asked)
        const subjects = new Map<string, { code: string }>()
        const ofStudents = new Map(rows.map(({ studentId, marks }) => [studentId, readMarks(marks, subjects)]))
        for (const studentId of ofStudents.keys()) context.touched.students.add(studentId)
        return keys.map(({ id }) => (ofStudents.get(id) ?? []) as object[] as Score[])
      }
      const { rows } = await context.database.readRows<ScoreRow>(context, opening, { text: sql.SCORES_OF_STUDENTS, values })
      for (const { studentId } of rows) context.touched.students.add(studentId)
      const scores = rows.map((row) => shapeScore(row, context.viewer.applicationId))
      return groupedByKey(keys, scores, schoolKeyOf, ({ student }) => schoolKeyOf(student))
    }),
)

interface SeatRow extends Record<string, unknown> {
  readonly schoolId: string
  readonly studentId: string
  readonly classId: string | null
}

interface MarkRow extends Record<string, unknown> {
  readonly schoolId: string
  readonly studentId: string
  readonly classId: string
  readonly subjectCode: string
  readonly kind: ScoreKind
  readonly valueTenths: number | null
  readonly remark: RemarkMark | null
}

interface TaughtRow extends Omit<BookFacts, 'schoolYear' | 'term'>, Record<string, unknown> {
  readonly schoolId: string
  readonly classId: string
  readonly termId: string
}

/** What a term's results rest on: the subjects of a class, each with the marks of one pupil. */
export interface SubjectMarks {
  readonly subject: TaughtRow
  readonly components: readonly ScoreComponent[]
}

/**
 * The class is today's when it is of that year, otherwise the one in whose books the marks of that year stand. A subject
 * that the pupil left behind in another class keeps its place by the marks it has.
 */
function subjectMarks(
  seat: SeatRow | null,
  marks: readonly MarkRow[],
  taught: ReadonlyMap<string, readonly TaughtRow[]>,
): SubjectMarks[] {
  const classes = [seat?.classId ?? null, ...marks.map(({ classId }) => classId)]
  const home = classes.find((classId) => classId !== null && taught.has(classId))
  const subjects = new Map(
    (home ? taught.get(home)! : []).map((subject) => [subject.subjectCode, { subject, components: [] as ScoreComponent[] }]),
  )
  for (const { classId, subjectCode, kind, valueTenths, remark } of marks) {
    let known = subjects.get(subjectCode)
    if (!known) {
      const subject = taught.get(classId)?.find((row) => row.subjectCode === subjectCode)
      if (subject) subjects.set(subjectCode, (known = { subject, components: [] }))
    }
    const value = valueTenths ?? remark
    if (value !== null) known?.components.push({ kind, value })
  }
  return [...subjects.values()]
}

export const subjectMarksOfStudents = forArguments<TermOfYear, SubjectMarks[]>(
  'subjectResults',
  ({ startYear, term, schoolYear }) =>
    reading(async (context, tx, keys) => {
      const ids = idsOf(keys)
      const seats = await tx.query<SeatRow>(sql.CLASSES_OF_STUDENTS, [tx.schools, ids])
      const marks = await tx.query<MarkRow>(sql.MARKS_OF_STUDENTS, [tx.schools, startYear, ids, term, schoolYear])
      const classIds = new Set([...seats, ...marks].map(({ classId }) => classId).filter((id) => id !== null))
      const taught = new Map<string, TaughtRow[]>()
      for (const row of await tx.query<TaughtRow>(sql.SUBJECTS_OF_CLASSES, [tx.schools, [...classIds], term, schoolYear])) {
        const subjects = taught.get(row.classId)
        if (subjects) subjects.push(row)
        else taught.set(row.classId, [row])
      }
      for (const { studentId } of seats) context.touched.students.add(studentId)
      const keyOf = ({ schoolId, studentId }: { schoolId: string; studentId: string }): string => `${schoolId}/${studentId}`
      const seatOf = inKeyOrder(keys, seats, schoolKeyOf, keyOf)
      const marksOf = groupedByKey<SchoolKey, MarkRow>(keys, marks, schoolKeyOf, keyOf)
      return keys.map((_key, index) => subjectMarks(seatOf[index]!, marksOf[index]!, taught))
    }),
)

export const gradebooksOfClasses = forArguments<{ readonly term: string | null }, Gradebook[]>('gradebooks', ({ term }) =>
  reading(async (_context, tx, keys) => {
    const rows = await tx.query<GradebookRow>(sql.GRADEBOOKS_OF_CLASSES, [tx.schools, idsOf(keys), term])
    return groupedByKey(keys, rows.map(shapeGradebook), schoolKeyOf, ({ classRoom }) => schoolKeyOf(classRoom))
  }),
)

export const gradebookByKey = reading<Gradebook | null>(async (_context, tx, keys) => {
  const rows = await tx.query<GradebookRow>(sql.GRADEBOOKS_BY_ID, [tx.schools, idsOf(keys)])
  return inKeyOrder(keys, rows.map(shapeGradebook), schoolKeyOf, schoolKeyOf)
})

export const scoreByKey = reading<Score | null>(async (context, tx, keys) => {
  const rows = await tx.query<ScoreRow>(sql.SCORES_BY_ID, [tx.schools, idsOf(keys)])
  for (const { studentId } of rows) context.touched.students.add(studentId)
  const scores = rows.map((row) => shapeScore(row, context.viewer.applicationId))
  return inKeyOrder(keys, scores, schoolKeyOf, schoolKeyOf)
})

export const amendmentsOfScore = reading<ScoreAmendment[]>(async (_context, tx, keys) => {
  const rows = await tx.query<AmendmentRow>(sql.AMENDMENTS_OF_SCORES, [tx.schools, idsOf(keys)])
  const byScore = groupedByKey<SchoolKey, AmendmentRow>(
    keys,
    rows,
    schoolKeyOf,
    ({ schoolId, scoreId }) => `${schoolId}/${scoreId}`,
  )
  return byScore.map((amendments) => amendments.map(shapeAmendment))
})

type HeldKindsRow = BookFacts & HeldKinds & SchoolKey & Record<string, unknown>

export const progressOfGradebook = reading<GradebookProgress>(async (_context, tx, keys) => {
  const rows = await tx.query<HeldKindsRow>(sql.HELD_KINDS_OF_GRADEBOOKS, [tx.schools, idsOf(keys)])
  const groups = groupedByKey<SchoolKey, HeldKindsRow>(keys, rows, schoolKeyOf, schoolKeyOf)
  return groups.map((group) => (group[0] ? progressOf(bookRules(group[0]), group) : { entered: 0, expected: 0 }))
})

/** Whether the marks of a school may be read, not only written: an agreement may give one without the other. */
export const mayReadMarks = defineBatch<string, boolean>(
  (schoolId) => schoolId,
  (context, schoolIds) =>
    context.database.read(context, { scope: 'gradebook.read', schools: schoolIds }, async (tx) =>
      schoolIds.map((id) => tx.schools.includes(id)),
    ),
)
