// A record by the calling application's own id of it, among the schools that are open.
import type { SchoolKey, SubgraphContext } from './context.ts'
import type { Transaction } from './database.ts'
import { PlatformError } from './errors.ts'

const ID_BY_EXTERNAL_REFERENCE = `
select school_id as "schoolId", entity_id as "id"
from published.external_reference
where school_id = any ($1::uuid[])
  and application_id = $2
  and entity = $3
  and external_id = $4`

export async function findByExternalId(
  context: SubgraphContext,
  tx: Transaction,
  entity: string,
  externalId: string,
): Promise<SchoolKey | null> {
  if (!context.viewer.applicationId) return null
  const rows = await tx.query<SchoolKey & Record<string, unknown>>(ID_BY_EXTERNAL_REFERENCE, [
    tx.schools,
    context.viewer.applicationId,
    entity,
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
