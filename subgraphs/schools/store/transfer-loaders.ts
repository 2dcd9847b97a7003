// Transfers of pupils, many pupils a query.
import { defineBatch, groupedByKey, idsOf, schoolKeyOf, schoolsOf, type SchoolKey } from '../../kernel/context.ts'
import type { StudentTransfer } from '../schema/transfer-types.ts'
import { TRANSFERS_OF_STUDENTS } from './transfer-queries.ts'

export const transfersOfStudent = defineBatch<SchoolKey, StudentTransfer[]>(schoolKeyOf, (context, keys) =>
  context.database.read(context, { scope: 'student.basic.read', schools: schoolsOf(keys) }, async (tx) => {
    const rows = await tx.query<StudentTransfer & Record<string, unknown>>(TRANSFERS_OF_STUDENTS, [tx.schools, idsOf(keys)])
    for (const { studentId } of rows) context.touched.students.add(studentId)
    return groupedByKey<SchoolKey, StudentTransfer>(keys, rows, schoolKeyOf, (row) => `${row.schoolId}/${row.studentId}`)
  }),
)
