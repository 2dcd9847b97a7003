// Finding one school, class or pupil by the reference a caller holds. Not there and not yours read the same.
import type { SubgraphContext } from '../../kernel/context.ts'
import { uuidOf, type Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { findByExternalId } from '../../kernel/own-id.ts'
import { chosen } from '../../kernel/reference.ts'
import { findSchoolId } from '../../kernel/school-ref.ts'
import type { ClassRoomRef, SchoolRef, StudentRef } from '../schema/inputs.ts'
import type { ClassRoom, School } from '../schema/types.ts'
import { classRoomByKey, schoolById, studentByKey, type StudentRow } from '../store/loaders.ts'
import { NOW_CALLED } from '../store/identity-queries.ts'
import * as sql from '../store/queries.ts'

export async function getSchool(context: SubgraphContext, ref: SchoolRef): Promise<School> {
  const id = await findSchoolId(context, 'school.read', ref)
  const school = id === null ? null : await context.loaders.of(schoolById).load(id)
  if (!school) throw new PlatformError('SCHOOL_NOT_ACCESSIBLE')
  return school
}

export async function getClassRoom(context: SubgraphContext, ref: ClassRoomRef): Promise<ClassRoom> {
  const by = chosen(ref, ['id', 'key', 'externalId'])
  if (by === 'key') {
    const { school, schoolYear, name } = ref.key!
    const { id: schoolId } = await getSchool(context, school)
    const rows = await context.database.read(context, { scope: 'school.read', schools: [schoolId] }, (tx) =>
      tx.query<ClassRoom & Record<string, unknown>>(sql.CLASS_ROOM_BY_KEY, [schoolId, schoolYear, name.normalize('NFC')]),
    )
    if (!rows[0]) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
    return rows[0]
  }
  const room = await context.database.read(context, { scope: 'school.read' }, async (tx) => {
    const id = by === 'id' ? uuidOf(ref.id!) : (await findByExternalId(context, tx, 'CLASS_ROOM', ref.externalId!))?.id
    return id ? (await tx.query<ClassRoom & Record<string, unknown>>(sql.CLASS_ROOMS_BY_ID, [tx.schools, [id]]))[0] : undefined
  })
  if (!room) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
  context.touched.schools.add(room.schoolId)
  context.loaders.of(classRoomByKey).prime(room, room)
  return room
}

type FoundStudent = StudentRow & Record<string, unknown>

/** By what a pupil was called once: a temporary code, the id or code of a record that was merged into another. */
async function findByFormerName(tx: Transaction, id: string | null, code: string | null): Promise<FoundStudent | undefined> {
  const named = await tx.query<{ id: string }>(NOW_CALLED, [tx.schools, id === null ? [] : [id], code === null ? [] : [code]])
  const rows = await tx.query<FoundStudent>(sql.STUDENTS_BY_ID, [tx.schools, named.map((one) => one.id)])
  return rows.find(({ status }) => status === 'STUDYING') ?? rows[0]
}

export async function getStudent(context: SubgraphContext, ref: StudentRef): Promise<StudentRow> {
  const by = chosen(ref, ['id', 'code', 'externalId'])
  const student = await context.database.read(context, { scope: 'student.basic.read' }, async (tx) => {
    if (by === 'code') {
      const rows = await tx.query<FoundStudent>(sql.STUDENT_BY_CODE, [tx.schools, ref.code])
      // The code goes with the pupil from school to school, and the former school keeps its record.
      return rows.find(({ status }) => status === 'STUDYING') ?? rows[0] ?? (await findByFormerName(tx, null, ref.code!))
    }
    const id = by === 'id' ? uuidOf(ref.id!) : (await findByExternalId(context, tx, 'STUDENT', ref.externalId!))?.id
    if (!id) return undefined
    const [row] = await tx.query<FoundStudent>(sql.STUDENTS_BY_ID, [tx.schools, [id]])
    return row ?? (await findByFormerName(tx, id, null))
  })
  if (!student) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
  context.touched.schools.add(student.schoolId)
  context.touched.students.add(student.id)
  context.loaders.of(studentByKey).prime(student, student)
  return student
}
