// The events of the registry: every change of a right, who made it and why, newest first.
import { readPage, type Connection, type PageArgs } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import type { RegistryEventFilter } from '../schema/registry-inputs.ts'
import type { RegistryEvent } from '../schema/registry-types.ts'
import { openAgreements } from '../store/loaders.ts'
import { REGISTRY_EVENT_PAGE } from '../store/queries.ts'
import { assertUuids } from './identifiers.ts'

/**
 * What the Sở decided about a vendor is read by everybody of the administration, and by that vendor alone of the vendors;
 * what a school agreed to by whoever sees its agreements.
 */
export function listRegistryEvents(
  context: SubgraphContext,
  filter: RegistryEventFilter,
  page: PageArgs,
): Promise<Connection<RegistryEvent>> {
  const applicationId = filter.applicationId ?? null
  const agreementId = filter.agreementId ?? null
  const schoolId = filter.schoolId ?? null
  assertUuids({ applicationId, agreementId, schoolId })
  // A developer's are those of the own vendor and of the own sandboxes; the policies show no others.
  const ofVendor = context.viewer.role === 'DEVELOPER' ? null : context.viewer.vendorId
  return readPage<RegistryEvent>(context, {
    list: ['registryEvents', applicationId, agreementId, schoolId],
    page,
    position: (row) => [row.at, row.id],
    read: (after, limit) =>
      openAgreements(context, schoolId ? [schoolId] : null, (tx, visible) =>
        tx.query<RegistryEvent & Record<string, unknown>>(REGISTRY_EVENT_PAGE, [
          visible,
          ofVendor,
          applicationId,
          agreementId,
          schoolId,
          after?.[0] ?? null,
          after?.[1] ?? null,
          limit,
        ]),
      ),
  })
}
