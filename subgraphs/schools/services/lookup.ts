// Finding one school, class or pupil by the reference a caller holds. Not there and not yours read the same.
import type { SubgraphContext } from '../../kernel/context.ts'
import { uuidOf } from '../../kernel/database.ts'
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

type FoundClassRoom = ClassRoom & Record<string, unknown>

async function findClassRoomById(context: SubgraphContext, asked: string): Promise<ClassRoom | undefined> {
  const id = uuidOf(asked)
  if (id === null) return undefined
  const [room] = await context.database.readOpen<FoundClassRoom>(context, 'school.read', sql.OPEN_CLASS_ROOM_BY_ID, [id])
  return room
}

function findClassRoomByOwnId(context: SubgraphContext, externalId: string): Promise<ClassRoom | undefined> {
  return context.database.read(context, { scope: 'school.read' }, async (tx) => {
    const own = await findByExternalId(context, tx, 'CLASS_ROOM', externalId)
    return own ? (await tx.query<FoundClassRoom>(sql.CLASS_ROOMS_BY_ID, [tx.schools, [own.id]]))[0] : undefined
  })
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
  const room = await (by === 'id' ? findClassRoomById(context, ref.id!) : findClassRoomByOwnId(context, ref.externalId!))
  if (!room) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
  context.touched.schools.add(room.schoolId)
  context.loaders.of(classRoomByKey).prime(room, room)
  return room
}

type FoundStudent = StudentRow & Record<string, unknown>

const STUDENTS = 'student.basic.read'

/** By what a pupil was called once: a temporary code, the id or code of a record that was merged into another. */
function findByFormerName(context: SubgraphContext, id: string | null, code: string | null): Promise<FoundStudent | undefined> {
  return context.database.read(context, { scope: STUDENTS }, async (tx) => {
    const named = await tx.query<{ id: string }>(NOW_CALLED, [tx.schools, id === null ? [] : [id], code === null ? [] : [code]])
    return present(await tx.query<FoundStudent>(sql.STUDENTS_BY_ID, [tx.schools, named.map((one) => one.id)]))
  })
}

/** A code goes with the pupil from school to school, and the former school keeps its record. */
const present = (rows: readonly FoundStudent[]): FoundStudent | undefined =>
  rows.find(({ status }) => status === 'STUDYING') ?? rows[0]

async function findStudentById(context: SubgraphContext, id: string | null): Promise<FoundStudent | undefined> {
  if (id === null) return undefined
  const [row] = await context.database.readOpen<FoundStudent>(context, STUDENTS, sql.OPEN_STUDENT_BY_ID, [id])
  return row ?? (await findByFormerName(context, id, null))
}

async function findStudentByCode(context: SubgraphContext, code: string): Promise<FoundStudent | undefined> {
  const rows = await context.database.readOpen<FoundStudent>(context, STUDENTS, sql.OPEN_STUDENTS_BY_CODE, [code])
  return present(rows) ?? (await findByFormerName(context, null, code))
}

async function findStudentByOwnId(context: SubgraphContext, externalId: string): Promise<FoundStudent | undefined> {
  const own = await context.database.read(context, { scope: STUDENTS }, (tx) =>
    findByExternalId(context, tx, 'STUDENT', externalId),
  )
  return findStudentById(context, own?.id ?? null)
}

export async function getStudent(context: SubgraphContext, ref: StudentRef): Promise<StudentRow> {
  const by = chosen(ref, ['id', 'code', 'externalId'])
  const find = {
    id: () => findStudentById(context, uuidOf(ref.id!)),
    code: () => findStudentByCode(context, ref.code!),
    externalId: () => findStudentByOwnId(context, ref.externalId!),
  }
  const student = await find[by]()
  if (!student) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
  context.touched.schools.add(student.schoolId)
  context.touched.students.add(student.id)
  context.loaders.of(studentByKey).prime(student, student)
  return student
}
