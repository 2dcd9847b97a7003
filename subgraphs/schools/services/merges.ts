// Merges of a school as they are read.
import { readPage, type Connection, type PageArgs } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import type { SchoolRef } from '../schema/inputs.ts'
import type { MergeRow, StudentMerge } from '../schema/merge-types.ts'
import { MERGE_PAGE } from '../store/merge-queries.ts'
import { getSchool } from './lookup.ts'

export const studentsOf = ({ keptId, mergedId }: MergeRow): string[] => [keptId, mergedId]

export const shapeMerge = (row: MergeRow): StudentMerge => ({
  id: row.id,
  mergedId: row.mergedId,
  mergedCode: row.mergedCode,
  state: row.state,
  reason: row.reason,
  mergedAt: row.mergedAt,
  mergedBy: row.applicationId === null ? null : { id: row.applicationId },
  undoReason: row.undoReason,
  undoneAt: row.undoneAt,
  version: row.version,
  updatedAt: row.updatedAt,
  schoolId: row.schoolId,
  keptId: row.keptId,
})

export async function listMerges(context: SubgraphContext, ref: SchoolRef, page: PageArgs): Promise<Connection<StudentMerge>> {
  const { id: schoolId } = await getSchool(context, ref)
  return readPage<StudentMerge>(context, {
    list: ['studentMerges', schoolId],
    page,
    position: (row) => [row.id],
    read: (after, limit) =>
      context.database.read(context, { scope: 'student.basic.read', schools: [schoolId] }, async (tx) => {
        const rows = await tx.query<MergeRow & Record<string, unknown>>(MERGE_PAGE, [schoolId, after?.[0] ?? null, limit])
        for (const row of rows) for (const id of studentsOf(row)) context.touched.students.add(id)
        return rows.map(shapeMerge)
      }),
  })
}
