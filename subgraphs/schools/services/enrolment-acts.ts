// Acts of a pupil's history: admission of a known pupil and return, change of class, leaving.
import type { BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { vietnamDay } from '../../kernel/database.ts'
import type { ClassRoomOfYearRef } from '../../kernel/inputs.ts'
import { wordOf, type Named, type Reference } from '../../kernel/named.ts'
import { isDay } from '../../kernel/scalars.ts'
import { judgeAge } from '../roster/ages.ts'
import { isCodeOf } from '../roster/code-lists.ts'
import { Findings, type Judged, type Values } from '../../kernel/records/decide.ts'
import { isFinalGrade, type Level } from '../roster/grades.ts'
import type { Student } from '../schema/types.ts'
import type { EnrolStudentsInput, LeavingInput, MoveStudentsInput, RecordLeavingInput } from '../schema/write-inputs.ts'
import { GRADES_OF_CLASSES, STUDENT } from '../store/writing.ts'
import {
  asReference,
  findClasses,
  findStudents,
  getSchoolYear,
  type SchoolYearAtHand,
  type StoredClass,
  type StoredStudent,
} from './at-the-desk.ts'
import { writeEnrolments, type EnrolmentEffect } from './enrolment-lines.ts'
import { writeRoster, type Act, type Desk } from './roster-batch.ts'
import { countRefusals, guardReturns, withdrawReleases } from './transfer-guard.ts'
import { readStudents } from './upsert-students.ts'

export type Outcome = Pick<EnrolmentEffect, 'close' | 'open'> & { readonly values: Values }

interface Grade {
  readonly grade: number
  readonly level: Level
}

export interface SentAct {
  readonly student: Reference
  readonly on?: string | null
  readonly expectedVersion?: number | null
}

/** The frame of every act: the pupil is known here, the day exists, is not to come, and not before the line that it closes. */
export function judgeAct<S extends SentAct>(
  sent: S,
  students: Named<StoredStudent>,
  today: string,
  outcomeOf: (student: StoredStudent, found: Findings) => Outcome | null,
): Judged<StoredStudent, EnrolmentEffect> {
  const found = new Findings()
  const student = students.find(sent.student)
  if (student === undefined) found.add('REFERENCE_INVALID', 'student')
  else if (student === null) found.add('STUDENT_NOT_FOUND', 'student')
  const on = sent.on ?? today
  const isThen = isDay(on) && on <= today
  if (!isThen) found.add('DATE_INVALID', 'on')
  const outcome = student ? outcomeOf(student, found) : null
  if (outcome?.close && isThen && student?.admittedOn && on < student.admittedOn) found.add('DATE_INVALID', 'on')
  const ok = outcome !== null && found.faults.length === 0
  return {
    sent: { key: student?.code ?? null, expectedVersion: sent.expectedVersion },
    stored: student ?? null,
    key: student?.code ?? '',
    values: ok ? outcome.values : null,
    faults: found.faults,
    warnings: found.warnings,
    effect: ok ? { on, close: outcome.close, open: outcome.open } : null,
  }
}

export function roomOf(
  ref: ClassRoomOfYearRef,
  { birthDate }: { birthDate: string },
  year: SchoolYearAtHand,
  classes: Named<StoredClass>,
  found: Findings,
): StoredClass | null {
  const room = classes.find(asReference(ref))
  if (room === undefined) return found.add('REFERENCE_INVALID', 'classRoom')
  if (room === null) return found.add('CLASS_NOT_FOUND', 'classRoom', wordOf(asReference(ref)))
  const age = judgeAge(birthDate, room.grade, room.level, year.startYear)
  if (age === 'IMPOSSIBLE') return found.add('AGE_GRADE_INVALID', 'classRoom')
  if (age === 'UNUSUAL') found.warn('AGE_GRADE_UNUSUAL', 'classRoom')
  return room
}

export const openIn = (room: StoredClass, year: SchoolYearAtHand): EnrolmentEffect['open'] => ({
  classId: room.id,
  className: room.code,
  yearId: year.id,
  yearCode: year.code,
})

export const frame = {
  scope: 'student.basic.write',
  readScope: 'student.basic.read',
  table: STUDENT,
  entity: 'Student',
  alsoSays: { entity: 'Enrolment', at: () => true },
  externalKind: null,
  fields: ['Student.status', 'Student.classRoom', 'Student.enrolments'],
  follow: writeEnrolments,
  read: readStudents,
} as const satisfies Partial<Act<StoredStudent, EnrolmentEffect, Student>>

export const studentsIn = (desk: Desk, sent: readonly SentAct[]): Promise<Named<StoredStudent>> =>
  findStudents(
    desk,
    sent.map(({ student }) => student),
  )

function intoClasses(
  context: SubgraphContext,
  name: 'enrolStudents' | 'moveStudents',
  input: EnrolStudentsInput | MoveStudentsInput,
  sent: readonly (SentAct & { readonly classRoom: ClassRoomOfYearRef })[],
): Promise<BatchPayload<Student>> {
  return writeRoster<StoredStudent, EnrolmentEffect, Student>(context, {
    ...frame,
    name,
    input,
    length: sent.length,
    judge: async (desk) => {
      const year = await getSchoolYear(desk, input.schoolYear)
      const classes = await findClasses(desk, year)
      const students = await studentsIn(desk, sent)
      const guard = await guardReturns(desk, name === 'enrolStudents' ? students.all() : [])
      const today = vietnamDay(context.now())
      const judged = sent.map((one) =>
        judgeAct(one, students, today, ({ id, code, values, enrolmentId }, found) => {
          const room = roomOf(one.classRoom, { birthDate: String(values.birth_date) }, year, classes, found)
          if (room === null) return null
          if (values.class_id === room.id && enrolmentId) return { values, close: null, open: null }
          if (name === 'enrolStudents' && enrolmentId) return found.add('ALREADY_ENROLLED', 'classRoom')
          if (guard.hasMovedOn(id)) return found.add('STUDENT_MOVED_ON', 'student')
          if (guard.isElsewhere(code)) return found.add('STUDENT_ELSEWHERE', 'student')
          if (name === 'moveStudents' && !enrolmentId) return found.add('NOT_ENROLLED', 'student')
          return {
            values: { ...values, status: 'STUDYING', class_id: room.id },
            close: enrolmentId ? { id: enrolmentId, status: 'STUDYING', reason: null } : null,
            open: openIn(room, year),
          }
        }),
      )
      await countRefusals(desk, judged)
      return judged
    },
    follow: async (desk, written) => [...(await writeEnrolments(desk, written)), ...(await withdrawReleases(desk, written))],
  })
}

export const enrolStudents = (context: SubgraphContext, input: EnrolStudentsInput): Promise<BatchPayload<Student>> =>
  intoClasses(context, 'enrolStudents', input, input.enrolments)

export const moveStudents = (context: SubgraphContext, input: MoveStudentsInput): Promise<BatchPayload<Student>> =>
  intoClasses(context, 'moveStudents', input, input.moves)

/** The classes of those who are said to graduate, for the grade they graduate from. */
async function gradesOf({ tx, schoolId }: Desk, students: readonly StoredStudent[]): Promise<ReadonlyMap<unknown, Grade>> {
  const ids = [...new Set(students.flatMap(({ values }) => (values.class_id === null ? [] : [values.class_id])))]
  if (ids.length === 0) return new Map()
  const rows = await tx.query<Grade & { id: string }>(GRADES_OF_CLASSES, [schoolId, ids])
  return new Map(rows.map((row) => [row.id, row]))
}

function leaving(
  { status, reason = null }: LeavingInput,
  student: StoredStudent,
  grades: ReadonlyMap<unknown, Grade>,
  found: Findings,
): Outcome | null {
  if (reason !== null && !isCodeOf('LEAVING_REASON', reason)) return found.add('CODE_UNKNOWN', 'reason')
  if (reason === null && (status === 'DROPPED_OUT' || status === 'DEFERRED'))
    return found.add('LEAVING_REASON_REQUIRED', 'reason')
  const { values, enrolmentId } = student
  const from = grades.get(values.class_id)
  if (status === 'GRADUATED' && enrolmentId && (!from || !isFinalGrade(from.level, from.grade)))
    return found.add('GRADE_NOT_FINAL', 'status')
  if (!enrolmentId) return values.status === status ? { values, close: null, open: null } : found.add('NOT_ENROLLED', 'student')
  return { values: { ...values, status, class_id: null }, close: { id: enrolmentId, status, reason }, open: null }
}

export function recordLeaving(context: SubgraphContext, input: RecordLeavingInput): Promise<BatchPayload<Student>> {
  return writeRoster<StoredStudent, EnrolmentEffect, Student>(context, {
    ...frame,
    name: 'recordLeaving',
    input,
    length: input.leavings.length,
    judge: async (desk) => {
      const students = await studentsIn(desk, input.leavings)
      const graduates = input.leavings.flatMap(({ status, student }) => (status === 'GRADUATED' ? [students.find(student)] : []))
      const grades = await gradesOf(
        desk,
        graduates.filter((student) => student !== null && student !== undefined),
      )
      const today = vietnamDay(context.now())
      return input.leavings.map((one) => judgeAct(one, students, today, (student, found) => leaving(one, student, grades, found)))
    },
  })
}
