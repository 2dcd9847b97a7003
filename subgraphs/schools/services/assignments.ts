// Who teaches what, and who is the homeroom teacher: rights to enter marks and ratings follow from these.
import type { BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { wordOf, type Named, type Reference } from '../../kernel/named.ts'
import { vietnamDay } from '../../kernel/database.ts'
import { daysOf } from '../roster/assignment-days.ts'
import { Findings, type Judged, type Stored } from '../../kernel/records/decide.ts'
import { valuesOf } from '../../kernel/records/table.ts'
import type { HomeroomAssignment, TeachingAssignment } from '../schema/types.ts'
import type {
  AssignHomeroomsInput,
  AssignTeachersInput,
  HomeroomAssignmentInput,
  TeachingAssignmentInput,
} from '../schema/write-inputs.ts'
import { ASSIGNMENTS_BY_ID, HOMEROOMS_BY_ID } from '../store/queries.ts'
import * as sql from '../store/writing.ts'
import {
  asReference,
  findClasses,
  findStaff,
  getSchoolYear,
  hasLeft,
  type SchoolYearAtHand,
  type StoredClass,
} from './at-the-desk.ts'
import { writeRoster, type Desk } from './roster-batch.ts'

type AssignmentRow = Record<string, unknown> & {
  id: string
  version: number
  staff_id: string
  class_id: string
  subject_code: string
  term_id: string
}

function roomOf(
  sent: TeachingAssignmentInput | HomeroomAssignmentInput,
  classes: Named<StoredClass>,
  found: Findings,
): StoredClass | null {
  const ref = asReference(sent.classRoom)
  const room = classes.find(ref)
  if (room === undefined) return found.add('REFERENCE_INVALID', 'classRoom')
  return room ?? found.add('CLASS_NOT_FOUND', 'classRoom', wordOf(ref))
}

/** A leaver is assigned nothing; an assignment of theirs may still be ended. */
function teacherOf(ref: Reference, staff: Named<Stored>, mayHaveLeft: boolean, found: Findings): Stored | null {
  const teacher = staff.find(ref)
  if (teacher === undefined) return found.add('REFERENCE_INVALID', 'teacher')
  if (teacher === null) return found.add('STAFF_NOT_FOUND', 'teacher', wordOf(ref))
  return hasLeft(teacher.values.status) && !mayHaveLeft ? found.add('STAFF_LEFT', 'teacher', wordOf(ref)) : teacher
}

interface TeachingAround {
  readonly classes: Named<StoredClass>
  readonly staff: Named<Stored>
  /** The term of each level, and the levels of each subject. */
  readonly terms: ReadonlyMap<string, string>
  readonly subjects: ReadonlyMap<string, readonly string[]>
  readonly stored: ReadonlyMap<string, Stored>
  readonly today: string
}

const teachingKey = (classId: string, subject: string, termId: string, staffId: string): string =>
  `${classId}/${subject}/${termId}/${staffId}`

function judgeTeaching(
  sent: TeachingAssignmentInput,
  { classes, staff, terms, subjects, stored, today }: TeachingAround,
  naturalKeyOf: (className: string, teacherCode: string) => string,
): Judged<Stored, null> {
  const found = new Findings()
  const room = roomOf(sent, classes, found)
  const teacher = teacherOf(sent.teacher, staff, !sent.active, found)
  if (room && !subjects.get(sent.subject)?.includes(room.level)) found.add('SUBJECT_NOT_FOUND', 'subject', sent.subject)
  const termId = room ? terms.get(room.level) : undefined
  if (room && !termId) found.add('RECORD_NOT_FOUND', 'classRoom', room.level)
  const key = room && teacher && termId ? teachingKey(room.id, sent.subject, termId, teacher.id) : null
  const current = key === null ? null : (stored.get(key) ?? null)
  if (key !== null && current === null && !sent.active) found.add('RECORD_NOT_FOUND', 'active')
  const days = key !== null ? daysOf(sent, current?.values ?? null, false, today, found) : null
  const ok = key !== null && found.faults.length === 0
  return {
    sent: { key, expectedVersion: sent.expectedVersion },
    stored: current,
    key: ok ? naturalKeyOf(room!.code, teacher!.code) : '',
    values: ok
      ? {
          staff_id: teacher!.id,
          class_id: room!.id,
          subject_code: sent.subject,
          term_id: termId!,
          active: sent.active,
          ...days!,
        }
      : null,
    faults: found.faults,
    warnings: found.warnings,
    effect: null,
  }
}

async function teachingAround(desk: Desk, input: AssignTeachersInput): Promise<TeachingAround> {
  const { tx, schoolId } = desk
  const year = await getSchoolYear(desk, input.schoolYear)
  const classes = await findClasses(desk, year)
  const staff = await findStaff(
    desk,
    input.assignments.map(({ teacher }) => teacher),
  )
  const terms = await tx.query<{ id: string; level: string }>(sql.TERMS_BY_CODE, [year.id, input.term])
  const subjects = await tx.query<{ code: string; levels: string[] }>(sql.SUBJECT_LEVELS, [])
  const rooms = input.assignments.flatMap(({ classRoom }) => classes.find(asReference(classRoom))?.id ?? [])
  const rows = await tx.query<AssignmentRow>(sql.ASSIGNMENTS_OF_TERMS, [schoolId, terms.map(({ id }) => id), [...new Set(rooms)]])
  return {
    classes,
    staff,
    terms: new Map(terms.map(({ id, level }) => [level, id])),
    subjects: new Map(subjects.map(({ code, levels }) => [code, levels])),
    stored: new Map(
      rows.map((row) => {
        const code = teachingKey(row.class_id, row.subject_code, row.term_id, row.staff_id)
        const values = valuesOf(sql.TEACHING_ASSIGNMENT, row)
        return [code, { id: row.id, version: row.version, code, externalId: null, values }]
      }),
    ),
    today: vietnamDay(desk.context.now()),
  }
}

export function assignTeachers(context: SubgraphContext, input: AssignTeachersInput): Promise<BatchPayload<TeachingAssignment>> {
  return writeRoster<Stored, null, TeachingAssignment>(context, {
    name: 'assignTeachers',
    scope: 'school.write',
    readScope: 'staff.read',
    input,
    length: input.assignments.length,
    table: sql.TEACHING_ASSIGNMENT,
    entity: 'TeachingAssignment',
    externalKind: null,
    fields: ['TeachingAssignment.teacher'],
    judge: async (desk) => {
      const around = await teachingAround(desk, input)
      return input.assignments.map((sent) =>
        judgeTeaching(
          sent,
          around,
          (className, code) => `${input.schoolYear}/${input.term}/${className}/${sent.subject}/${code}`,
        ),
      )
    },
    read: ({ tx, schoolId }, ids) => tx.query<TeachingAssignment & Record<string, unknown>>(ASSIGNMENTS_BY_ID, [schoolId, ids]),
  })
}

interface HomeroomAround {
  readonly classes: Named<StoredClass>
  readonly staff: Named<Stored>
  /** By class. */
  readonly stored: ReadonlyMap<string, Stored>
  readonly year: SchoolYearAtHand
  readonly today: string
}

/** One row a class: it passes from teacher to teacher, and its former versions say who had it until when. */
function judgeHomeroom(
  sent: HomeroomAssignmentInput,
  { classes, staff, stored, year, today }: HomeroomAround,
): Judged<Stored, null> {
  const found = new Findings()
  const room = roomOf(sent, classes, found)
  const teacher = teacherOf(sent.teacher, staff, !sent.active, found)
  const current = room ? (stored.get(room.id) ?? null) : null
  const passes = current !== null && teacher !== null && current.values.staff_id !== teacher.id
  if (room && teacher && !sent.active && (current === null || passes)) found.add('RECORD_NOT_FOUND', 'active')
  const days = room && teacher ? daysOf(sent, current?.values ?? null, passes, today, found) : null
  const ok = room !== null && teacher !== null && days !== null && found.faults.length === 0
  return {
    sent: { key: room?.id ?? null, expectedVersion: sent.expectedVersion },
    stored: current,
    key: room ? `${year.code}/${room.code}` : '',
    values: ok ? { staff_id: teacher.id, class_id: room.id, school_year_id: year.id, ...days } : null,
    faults: found.faults,
    warnings: found.warnings,
    effect: null,
  }
}

export function assignHomerooms(
  context: SubgraphContext,
  input: AssignHomeroomsInput,
): Promise<BatchPayload<HomeroomAssignment>> {
  return writeRoster<Stored, null, HomeroomAssignment>(context, {
    name: 'assignHomerooms',
    scope: 'school.write',
    readScope: 'staff.read',
    input,
    length: input.assignments.length,
    table: sql.HOMEROOM_ASSIGNMENT,
    entity: 'HomeroomAssignment',
    externalKind: null,
    fields: ['HomeroomAssignment.teacher'],
    judge: async (desk) => {
      const { tx, schoolId } = desk
      const year = await getSchoolYear(desk, input.schoolYear)
      const classes = await findClasses(desk, year)
      const staff = await findStaff(
        desk,
        input.assignments.map(({ teacher }) => teacher),
      )
      const rooms = input.assignments.flatMap(({ classRoom }) => classes.find(asReference(classRoom))?.id ?? [])
      const rows = await tx.query<AssignmentRow>(sql.HOMEROOMS_OF_YEAR, [schoolId, year.id, [...new Set(rooms)]])
      const stored = new Map(
        rows.map((row) => [
          row.class_id,
          {
            id: row.id,
            version: row.version,
            code: row.class_id,
            externalId: null,
            values: valuesOf(sql.HOMEROOM_ASSIGNMENT, row),
          },
        ]),
      )
      const today = vietnamDay(context.now())
      return input.assignments.map((sent) => judgeHomeroom(sent, { classes, staff, stored, year, today }))
    },
    read: ({ tx, schoolId }, ids) => tx.query<HomeroomAssignment & Record<string, unknown>>(HOMEROOMS_BY_ID, [schoolId, ids]),
  })
}
