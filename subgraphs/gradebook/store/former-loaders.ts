// Marks of former schools, many pupils a query; see the migration for who is shown them.
import { defineBatch, schoolKeyOf, schoolsOf, type SchoolKey } from '../../kernel/context.ts'
import type { RemarkMark } from '../assessment/types.ts'
import type { BookFacts } from '../scores/book-rules.ts'
import type { Score } from '../schema/types.ts'
import { FORMER_MARKS } from './queries.ts'

export interface FormerMarkRow extends BookFacts {
  readonly studentId: string
  readonly formerSchool: string
  readonly schoolCode: string
  readonly schoolName: string
  readonly className: string
  readonly termId: string
  readonly markId: string
  readonly kind: Score['kind']
  readonly ordinal: number
  readonly valueTenths: number | null
  readonly remark: RemarkMark | null
}

export const formerMarksOfStudent = defineBatch<SchoolKey, FormerMarkRow[]>(schoolKeyOf, (context, keys) =>
  context.database.read(context, { scope: 'gradebook.read', schools: schoolsOf(keys) }, async (tx) => {
    const found = new Map<string, FormerMarkRow[]>(keys.map((key) => [schoolKeyOf(key), []]))
    for (const schoolId of tx.schools) {
      const ids = keys.flatMap((key) => (key.schoolId === schoolId ? [key.id] : []))
      for (const row of await tx.query<FormerMarkRow & Record<string, unknown>>(FORMER_MARKS, [schoolId, ids])) {
        context.touched.schools.add(row.formerSchool)
        context.touched.students.add(row.studentId)
        found.get(schoolKeyOf({ schoolId, id: row.studentId }))?.push(row)
      }
    }
    return keys.map((key) => found.get(schoolKeyOf(key))!)
  }),
)
