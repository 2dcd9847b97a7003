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

async function rowsOf<R>(context: SubgraphContext, scope: Scope, text: string, keys: readonly SchoolKey[]): Promise<R[]> {
  const ids = idsOf(keys)
  const { rows } = await context.database.readRows<R & Record<string, unknown>>(
    context,
    { scope, schools: schoolsOf(keys) },
    { text, values: (schools) => [schools, ids] },
  )
  return rows
}

/** Records by (school, id). */
export function byKey<R extends SchoolKey>(
  scope: Scope,
  text: string,
  touch?: (context: SubgraphContext, row: R) => void,
): BatchLoad<SchoolKey, R | null> {
  return defineBatch(schoolKeyOf, async (context, keys) => {
    const rows = await rowsOf<R>(context, scope, text, keys)
    if (touch) for (const row of rows) touch(context, row)
    return inKeyOrder(keys, rows, schoolKeyOf, schoolKeyOf)
  })
}

/** Rows that hang on records, grouped under (school, owner). */
export function byOwner<R extends { schoolId: string }>(
  scope: Scope,
  text: string,
  ownerOf: (row: R) => string,
  touch?: (context: SubgraphContext, row: R) => void,
): BatchLoad<SchoolKey, R[]> {
  return defineBatch(schoolKeyOf, async (context, keys) => {
    const rows = await rowsOf<R>(context, scope, text, keys)
    if (touch) for (const row of rows) touch(context, row)
    return groupedByKey<SchoolKey, R>(keys, rows, schoolKeyOf, (row) => `${row.schoolId}/${ownerOf(row)}`)
  })
}

/** Rows of a school itself. */
export function bySchool<R extends { schoolId: string }>(scope: Scope, text: string): BatchLoad<string, R[]> {
  const idOf = (id: string): string => id
  return defineBatch(idOf, async (context, ids) => {
    const opening = { scope, schools: [...new Set(ids)] }
    const { rows } = await context.database.readRows<R & Record<string, unknown>>(context, opening, {
      text,
      values: (schools) => [schools],
    })
    return groupedByKey<string, R>(ids, rows, idOf, (row) => row.schoolId)
  })
}
