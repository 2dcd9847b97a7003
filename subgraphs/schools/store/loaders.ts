// The batches of the roster: many keys, one query, opened under the scope of the field that asks.
import {
  defineBatch,
  idsOf,
  inKeyOrder,
  schoolKeyOf,
  schoolsOf,
  type BatchLoad,
  type SchoolKey,
  type SubgraphContext,
} from '../../kernel/context.ts'
import { NO_SCHOOL, vietnamDay } from '../../kernel/database.ts'
import { ownIdsUnder } from '../../kernel/own-id.ts'
import { byKey, byOwner, bySchool } from '../../kernel/record-loads.ts'
import type { Campus, Facility } from '../schema/facility-types.ts'
import type {
  Authority,
  ClassRoom,
  Enrolment,
  HomeroomAssignment,
  SchoolYear,
  Staff,
  Student,
  StudentProfile,
  StudentSensitive,
  Subject,
  TeachingAssignment,
  Term,
  School,
} from '../schema/types.ts'
import { NOW_CALLED } from './identity-queries.ts'
import * as sql from './queries.ts'
import { CODES_OF_SCHOOLS } from './school-writing.ts'

export type StudentRow = Student & { sortName: string }
type OwnedByStudent = { schoolId: string; studentId: string }

const touchStudent = (context: SubgraphContext, row: Student): void => void context.touched.students.add(row.id)
const touchOwner = (context: SubgraphContext, row: OwnedByStudent): void => void context.touched.students.add(row.studentId)

export const classRoomByKey = byKey<ClassRoom>('school.read', sql.CLASS_ROOMS_BY_ID)
export const staffByKey = byKey<Staff>('staff.read', sql.STAFF_BY_ID)
/** A key of a record that was merged is answered by the one that lives. */
export const studentByKey = defineBatch<SchoolKey, StudentRow | null>(schoolKeyOf, (context, keys) =>
  context.database.read(context, { scope: 'student.basic.read', schools: schoolsOf(keys) }, async (tx) => {
    const read = (ids: readonly string[]) => tx.query<StudentRow & Record<string, unknown>>(sql.STUDENTS_BY_ID, [tx.schools, ids])
    const rows = await read(idsOf(keys))
    const found = new Map(rows.map((row) => [schoolKeyOf(row), row]))
    const missing = keys.filter((key) => !found.has(schoolKeyOf(key)))
    if (missing.length > 0) {
      const named = await tx.query<SchoolKey & { formerId: string }>(NOW_CALLED, [tx.schools, idsOf(missing), []])
      const living = new Map((named.length > 0 ? await read(idsOf(named)) : []).map((row) => [schoolKeyOf(row), row]))
      for (const one of named) {
        const row = living.get(schoolKeyOf(one))
        if (row) found.set(schoolKeyOf({ schoolId: one.schoolId, id: one.formerId }), row)
      }
    }
    for (const row of found.values()) touchStudent(context, row)
    return keys.map((key) => found.get(schoolKeyOf(key)) ?? null)
  }),
)
export const sensitiveByStudent = byKey<StudentSensitive & SchoolKey>(
  'student.sensitive.read',
  sql.STUDENT_SENSITIVE,
  (context, row) => context.touched.students.add(row.id),
)
export const profileByStudent = byKey<StudentProfile & SchoolKey>('student.basic.read', sql.STUDENT_PROFILES, (context, row) =>
  context.touched.students.add(row.id),
)
export const studentsOfClass = byOwner<StudentRow>(
  'student.basic.read',
  sql.STUDENTS_OF_CLASSES,
  (row) => row.classId ?? '',
  touchStudent,
)
export const enrolmentsOfStudent = byOwner<Enrolment & OwnedByStudent>(
  'student.basic.read',
  sql.ENROLMENTS_OF_STUDENTS,
  (row) => row.studentId,
  touchOwner,
)
export const assignmentsOfClass = byOwner<TeachingAssignment>('staff.read', sql.ASSIGNMENTS_OF_CLASSES, (row) => row.classId)
export const allAssignmentsOfClass = byOwner<TeachingAssignment>(
  'staff.read',
  sql.ALL_ASSIGNMENTS_OF_CLASSES,
  (row) => row.classId,
)
export const homeroomOfClass = byOwner<HomeroomAssignment>('staff.read', sql.HOMEROOM_OF_CLASSES, (row) => row.classId)

export const facilitiesOfSchool = bySchool<Facility>('school.read', sql.FACILITIES_OF_SCHOOLS)
export const campusesOfSchool = bySchool<Campus>('school.read', sql.CAMPUSES_OF_SCHOOLS)

export const schoolById = defineBatch<string, School | null>(
  (id) => id,
  (context, ids) =>
    context.database.read(context, { scope: 'school.read', schools: ids }, async (tx) => {
      const rows = await tx.query<School & Record<string, unknown>>(sql.SCHOOLS_BY_ID, [tx.schools])
      return inKeyOrder(
        ids,
        rows,
        (id) => id,
        (row) => row.id,
      )
    }),
)

export const formerCodesOf = defineBatch<string, string[]>(
  (id) => id,
  (context, ids) =>
    context.database.read(context, { scope: 'school.read', schools: ids }, async (tx) => {
      const rows = await tx.query<{ code: string; school: string }>(CODES_OF_SCHOOLS, [tx.schools])
      return ids.map((id) => rows.filter(({ school }) => school === id).map(({ code }) => code))
    }),
)

export const externalIdOf = ownIdsUnder('school.read')

interface SchoolOnDay {
  readonly schoolId: string
  /** Null: today. */
  readonly on: string | null
}

export const managingAuthorityOf = defineBatch<SchoolOnDay, Authority | null>(
  ({ schoolId, on }) => `${schoolId}/${on ?? ''}`,
  (context, keys) =>
    context.database.read(
      context,
      { scope: 'school.read', schools: [...new Set(keys.map(({ schoolId }) => schoolId))] },
      async (tx) => {
        const today = vietnamDay(context.now())
        const asked = keys.map(({ schoolId, on }) => ({ schoolId, on: on ?? today }))
        const rows = await tx.query<Authority & { schoolId: string; on: string }>(sql.MANAGING_AUTHORITIES, [
          asked.map(({ schoolId }) => schoolId),
          asked.map(({ on }) => on),
          tx.schools,
        ])
        const keyOf = ({ schoolId, on }: { schoolId: string; on: string }): string => `${schoolId}/${on}`
        return inKeyOrder(asked, rows, keyOf, keyOf)
      },
    ),
)

/** Code lists and calendars hold no school's rows: the transaction is opened for no school at all. */
function sharedBy<R extends object>(keyName: keyof R & string, text: string): BatchLoad<string, R | null> {
  return defineBatch(
    (key) => key,
    async (context, keys) => {
      const rows = await readShared<R>(context, text)
      return inKeyOrder(
        keys,
        rows,
        (key) => key,
        (row) => String(row[keyName]),
      )
    },
  )
}

export function readShared<R extends object>(context: SubgraphContext, text: string): Promise<R[]> {
  return context.database.read(context, { scope: 'school.read', schools: NO_SCHOOL }, (tx) =>
    tx.query<R & Record<string, unknown>>(text, []),
  )
}

export const authorityById = sharedBy<Authority>('id', sql.AUTHORITIES)
export const schoolYearById = sharedBy<SchoolYear>('id', sql.SCHOOL_YEARS)
export const termById = sharedBy<Term>('id', sql.TERMS)
export const subjectByCode = sharedBy<Subject>('code', sql.SUBJECTS)
