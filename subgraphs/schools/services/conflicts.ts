// Competing writes as they are read: of the fields that the caller may read, as text.
import { readPage, type Connection, type PageArgs } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import type { Values, Word } from '../../kernel/records/decide.ts'
import { mayAt } from '../../kernel/records/write-records.ts'
import { FIELD_GROUPS, GROUP_NAMES, type GroupName } from '../roster/field-groups.ts'
import type { SchoolRef } from '../schema/inputs.ts'
import type { ConflictRow, FieldConflict } from '../schema/ownership-types.ts'
import * as sql from '../store/ownership-queries.ts'
import { getSchool } from './lookup.ts'

/** The groups whose fields the school's agreement lets the caller see. */
export async function groupsToRead(context: SubgraphContext, schoolId: string): Promise<GroupName[]> {
  const scopes = [...new Set(GROUP_NAMES.map((group) => FIELD_GROUPS[group].readScope))]
  const open = new Map<string, boolean>()
  for (const scope of scopes) open.set(scope, await mayAt(context, scope, schoolId))
  return GROUP_NAMES.filter((group) => open.get(FIELD_GROUPS[group].readScope))
}

function textOf(values: Values, group: GroupName, field: string): string | null {
  const { columns, shown, per = 1 } = FIELD_GROUPS[group].fields[field]!
  const shownAs = (word: Word): string => String(typeof word === 'number' ? word / per : word)
  const words = columns.slice(0, shown).flatMap((column) => (values[column] === null ? [] : [shownAs(values[column]!)]))
  return words.length > 0 ? words.join('; ') : null
}

export function shapeConflict(row: ConflictRow): FieldConflict {
  const application = (id: string) => ({ id })
  return {
    id: row.id,
    group: row.group,
    field: `${row.entity}.${row.field}`,
    recordId: row.recordId,
    naturalKey: row.naturalKey,
    currentValue: textOf(row.former, row.group, row.field),
    proposedValue: textOf(row.proposed, row.group, row.field),
    owner: application(row.ownerApplicationId),
    proposedBy: application(row.proposedByApplicationId),
    proposedAt: row.proposedAt,
    state: row.state,
    reason: row.reason,
    decidedAt: row.decidedAt,
    decidedBy: row.decidedByApplicationId === null ? null : application(row.decidedByApplicationId),
    version: row.version,
    updatedAt: row.updatedAt,
  }
}

/** Whose data an answer holds, for its audit record. */
export function touch(context: SubgraphContext, { studentId }: ConflictRow): void {
  if (studentId !== null) context.touched.students.add(studentId)
}

export async function listConflicts(
  context: SubgraphContext,
  ref: SchoolRef,
  state: string,
  page: PageArgs,
): Promise<Connection<FieldConflict>> {
  const { id: schoolId } = await getSchool(context, ref)
  const groups = await groupsToRead(context, schoolId)
  return readPage<FieldConflict>(context, {
    list: ['conflicts', schoolId, state],
    page,
    position: (row) => [row.id],
    read: (after, limit) =>
      context.database.read(context, { scope: 'school.read', schools: [schoolId] }, async (tx) => {
        const rows = await tx.query<ConflictRow & Record<string, unknown>>(sql.CONFLICT_PAGE, [
          schoolId,
          state,
          groups,
          after?.[0] ?? null,
          limit,
        ])
        for (const row of rows) touch(context, row)
        return rows.map(shapeConflict)
      }),
  })
}
