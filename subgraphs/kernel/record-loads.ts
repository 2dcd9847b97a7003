// Batches that read records: by their keys, under what they hang on, of a school. Many keys, one query, under the scope of the field.
import {
  defineBatch,
  groupedByKey,
  idsOf,
  inKeyOrder,
  schoolKeyOf,
  schoolsOf,
  type BatchLoad,
  type SchoolKey,
  type SubgraphContext,
} from './context.ts'
import type { Scope } from './scopes.ts'

/** Records by (school, id). */
export function byKey<R extends SchoolKey>(
  scope: Scope,
  text: string,
  touch?: (context: SubgraphContext, row: R) => void,
): BatchLoad<SchoolKey, R | null> {
  return defineBatch(schoolKeyOf, (context, keys) =>
    context.database.read(context, { scope, schools: schoolsOf(keys) }, async (tx) => {
      const rows = await tx.query<R & Record<string, unknown>>(text, [tx.schools, idsOf(keys)])
      if (touch) for (const row of rows) touch(context, row)
      return inKeyOrder(keys, rows, schoolKeyOf, schoolKeyOf)
    }),
  )
}

/** Rows that hang on records, grouped under (school, owner). */
export function byOwner<R extends { schoolId: string }>(
  scope: Scope,
  text: string,
  ownerOf: (row: R) => string,
  touch?: (context: SubgraphContext, row: R) => void,
): BatchLoad<SchoolKey, R[]> {
  return defineBatch(schoolKeyOf, (context, keys) =>
    context.database.read(context, { scope, schools: schoolsOf(keys) }, async (tx) => {
      const rows = await tx.query<R & Record<string, unknown>>(text, [tx.schools, idsOf(keys)])
      if (touch) for (const row of rows) touch(context, row)
      return groupedByKey<SchoolKey, R>(keys, rows, schoolKeyOf, (row) => `${row.schoolId}/${ownerOf(row)}`)
    }),
  )
}

/** Rows of a school itself. */
export function bySchool<R extends { schoolId: string }>(scope: Scope, text: string): BatchLoad<string, R[]> {
  const idOf = (id: string): string => id
  return defineBatch(idOf, (context, ids) =>
    context.database.read(context, { scope, schools: [...new Set(ids)] }, async (tx) =>
      groupedByKey<string, R>(ids, await tx.query<R & Record<string, unknown>>(text, [tx.schools]), idOf, (row) => row.schoolId),
    ),
  )
}
