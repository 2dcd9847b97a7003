// Where a record of the roster came from, as every type of it answers.
import type { SubgraphContext } from '../../kernel/context.ts'
import type { Provenance } from '../../kernel/provenance.ts'
import * as load from '../store/loaders.ts'

export type Written = { id: string; schoolId?: string; applicationId?: string | null; updatedAt: string }

export async function provenanceOf(context: SubgraphContext, { id, schoolId = id, applicationId, updatedAt }: Written): Promise<Provenance> {
  const externalId = await context.loaders.of(load.externalIdOf).load({ schoolId, id })
  return { application: applicationId ? { id: applicationId } : null, receivedAt: updatedAt, externalId }
}

export const PROVENANCE = { description: 'Where the record came from (nguồn dữ liệu).' }
