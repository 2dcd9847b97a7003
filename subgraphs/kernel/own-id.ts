// The calling application's own ids: a record by such an id among the schools that are open, and such ids of records.
//
// Each subgraph keeps those of its own records in its own schema; those of the roster are published, because every subgraph takes
// schools, classes, staff and pupils by them.
import { defineBatch, idsOf, schoolKeyOf, schoolsOf, type BatchLoad, type SchoolKey, type SubgraphContext } from './context.ts'
import type { Transaction } from './database.ts'
import { PlatformError } from './errors.ts'
import type { Scope } from './scopes.ts'

const OF_ROSTER = 'published.external_reference'

const idByOwnId = (references: string): string => `
select school_id as "schoolId", entity_id as "id"
from ${references}
where school_id = any ($1::uuid[])
  and application_id = $2
  and entity = $3
  and external_id = $4`

const ownIds = (references: string): string => `
select entity_id as "id", external_id as "externalId"
from ${references}
where school_id = any ($1::uuid[])
  and application_id = $2
  and entity_id = any ($3::uuid[])`

async function find(
  references: string,
  context: SubgraphContext,
  tx: Transaction,
  kind: string,
  externalId: string,
): Promise<SchoolKey | null> {
  if (!context.viewer.applicationId) return null
  const rows = await tx.query<SchoolKey & Record<string, unknown>>(idByOwnId(references), [
    tx.schools,
    context.viewer.applicationId,
    kind,
    externalId,
  ])
  // Two schools may number their pupils alike. Which of two children is meant is not ours to guess.
  if (rows.length > 1)
    throw new PlatformError('REFERENCE_INVALID', {
      message: 'Records of several schools have this externalId. Name the record by its id.',
      messageVi: 'Bản ghi của nhiều trường cùng mang externalId này. Hãy nêu id của bản ghi.',
    })
  return rows[0] ?? null
}

/** A record of the roster. Of any other subgraph's kind it would find none, and so does not take it. */
export function findByExternalId(
  context: SubgraphContext,
  tx: Transaction,
  kind: 'SCHOOL' | 'CLASS_ROOM' | 'STAFF' | 'STUDENT',
  externalId: string,
): Promise<SchoolKey | null> {
  return find(OF_ROSTER, context, tx, kind, externalId)
}

/** A record of the subgraph's own: it names the schema in which it keeps the own ids of such. */
export function findByExternalIdIn(
  schema: string,
  context: SubgraphContext,
  tx: Transaction,
  kind: string,
  externalId: string,
): Promise<SchoolKey | null> {
  return find(`${schema}.external_reference`, context, tx, kind, externalId)
}

/** The calling application's own ids of records, opened under the scope that reads them; a person has none. */
export function ownIdsUnder(scope: Scope, references: string = OF_ROSTER): BatchLoad<SchoolKey, string | null> {
  return defineBatch(schoolKeyOf, async (context, keys) => {
    const { applicationId } = context.viewer
    if (!applicationId) return keys.map(() => null)
    return context.database.read(context, { scope, schools: schoolsOf(keys) }, async (tx) => {
      const rows = await tx.query<{ id: string; externalId: string }>(ownIds(references), [
        tx.schools,
        applicationId,
        idsOf(keys),
      ])
      const byId = new Map(rows.map((row) => [row.id, row.externalId]))
      return keys.map(({ id }) => byId.get(id) ?? null)
    })
  })
}
