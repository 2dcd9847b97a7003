// Whether an application gets tokens only against a proof of a key (DPoP): required by its vendor or by the Sở, at once.
import type { SubgraphContext } from '../../kernel/context.ts'
import { PlatformError } from '../../kernel/errors.ts'
import type { ApplicationRef } from '../schema/inputs.ts'
import type { TokenBinding } from '../schema/enums.ts'
import type { Application } from '../schema/types.ts'
import { NO_SCHOOL } from '../store/loaders.ts'
import * as sql from '../store/registry-writing.ts'
import { act, reasonOf, recordRegistryChange } from './acts.ts'
import { freshApplication, lockOwnApplication } from './approvals.ts'

const opening = { scope: 'identity.read', schools: NO_SCHOOL } as const

/**
 * From the commit on, bearer tokens that are out open nothing (see the gateway): they are what the act is about, and a thief of one
 * must not keep it to its end. An application without keys may require it too; it holds from its first token on.
 */
export async function setTokenBinding(
  context: SubgraphContext,
  ref: ApplicationRef,
  binding: `${TokenBinding}`,
  why: string,
): Promise<Application> {
  const reason = reasonOf(why, 'REASON_REQUIRED', 'reason')
  const { viewer } = context
  const id = await act(context, opening, { setTokenBinding: [ref, binding, why] }, async (tx) => {
    const application = await lockOwnApplication(context, tx, ref)
    const { tokenBinding: from, tokenBindingOrdered: ordered } = application
    // Whoever is neither the vendor nor one of its developers has come this far as the Sở.
    const orders = viewer.vendorId === null && viewer.role !== 'DEVELOPER'
    if (application.status === 'REVOKED')
      throw new PlatformError('TRANSITION_ILLEGAL', { state: application.status, act: ACTS[binding] })
    if (binding === from && ordered === (orders && binding === 'REQUIRED'))
      throw new PlatformError('TRANSITION_ILLEGAL', { state: from, act: ACTS[binding] })
    if (ordered && !orders)
      throw new PlatformError('ACT_FORBIDDEN', {
        message: 'The Department of Education and Training requires bound tokens of this application, and lifts that itself.',
        messageVi: 'Sở GD&ĐT yêu cầu ứng dụng này dùng token gắn khóa; chỉ Sở được bỏ yêu cầu đó.',
      })
    const now = context.now().toISOString()
    await tx.query(sql.SET_TOKEN_BINDING, [application.id, binding, orders && binding === 'REQUIRED', now])
    await recordRegistryChange(context, tx, {
      subject: 'APPLICATION',
      vendorId: application.vendorId,
      applicationId: application.id,
      act: ACTS[binding],
      from,
      to: binding,
      reason,
      fields: ['Application.tokenBinding'],
    })
    await tx.query(sql.PUBLISH_APPLICATION, [application.id, now])
    return application.id
  })
  return freshApplication(context, id)
}

const ACTS = { REQUIRED: 'REQUIRE_BOUND_TOKENS', OPTIONAL: 'ALLOW_BEARER_TOKENS' } as const
