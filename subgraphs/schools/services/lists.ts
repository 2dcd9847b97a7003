// The roster's pages: schools open to the caller, classes, pupils and staff of a school.
import { readPage, type Connection, type PageArgs } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import type { ClassRoomFilter, SchoolFilter } from '../schema/inputs.ts'
import type { ClassRoom, School, Staff, Student } from '../schema/types.ts'
import type { StudentRow } from '../store/loaders.ts'
import * as sql from '../store/queries.ts'

export function listSchools(
  context: SubgraphContext,
  filter: SchoolFilter | null | undefined,
  page: PageArgs,
): Promise<Connection<School>> {
  const level = filter?.level ?? null
  const commune = filter?.communeCode ?? null
  return readPage<School>(context, {
    list: ['schools', level, commune],
    page,
    position: (row) => [row.code, row.id],
    read: (after, limit) =>
      context.database.read(context, { scope: 'school.read' }, async (tx) => {
        const rows = await tx.query<School & Record<string, unknown>>(sql.SCHOOL_PAGE, [
          tx.schools,
          level,
          commune,
          after?.[0] ?? null,
          after?.[1] ?? null,
          limit,
        ])
        for (const row of rows) context.touched.schools.add(row.id)
        return rows
      }),
  })
}

export function listClassRooms(
  context: SubgraphContext,
  schoolId: string,
  filter: ClassRoomFilter | null | undefined,
  page: PageArgs,
): Promise<Connection<ClassRoom>> {
  const schoolYear = filter?.schoolYear ?? null
  const grade = filter?.grade ?? null
  return readPage<ClassRoom>(context, {
    list: ['classRooms', schoolId, schoolYear, grade],
    page,
    position: (row) => [row.grade, row.name, row.id],
    read: (after, limit) =>
      context.database.read(context, { scope: 'school.read', schools: [schoolId] }, (tx) =>
        tx.query<ClassRoom & Record<string, unknown>>(sql.CLASS_ROOM_PAGE, [
          schoolId,
          schoolYear,
          grade,
          after?.[0] ?? null,
          after?.[1] ?? null,
          after?.[2] ?? null,
          limit,
        ]),
      ),
  })
}

export function listStudents(context: SubgraphContext, schoolId: string, page: PageArgs): Promise<Connection<Student>> {
  return readPage<StudentRow>(context, {
    list: ['students', schoolId],
    page,
    position: (row) => [row.sortName, row.id],
    read: (after, limit) =>
      context.database.read(context, { scope: 'student.basic.read', schools: [schoolId] }, async (tx) => {
        const rows = await tx.query<StudentRow & Record<string, unknown>>(sql.STUDENT_PAGE, [
          schoolId,
          after?.[0] ?? null,
          after?.[1] ?? null,
          limit,
        ])
        for (const row of rows) context.touched.students.add(row.id)
        return rows
      }),
  })
}

export function listStaff(context: SubgraphContext, schoolId: string, page: PageArgs): Promise<Connection<Staff>> {
  return readPage<Staff>(context, {
    list: ['staff', schoolId],
    page,
    position: (row) => [row.code, row.id],
    read: (after, limit) =>
      context.database.read(context, { scope: 'staff.read', schools: [schoolId] }, (tx) =>
        tx.query<Staff & Record<string, unknown>>(sql.STAFF_PAGE, [schoolId, after?.[0] ?? null, after?.[1] ?? null, limit]),
      ),
  })
}
