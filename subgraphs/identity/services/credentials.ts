// The keys of an application: a new one beside the old for a while, and any of them ended at once.
import type { SubgraphContext } from '../../kernel/context.ts'
import type { Transaction } from '../../kernel/database.ts'
import { isUuid } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { readPublicKey, type RegisteredKey } from '../registry/credential-keys.ts'
import type { ApplicationRef } from '../schema/inputs.ts'
import type { Credential } from '../schema/registry-types.ts'
import { credentialById, NO_SCHOOL } from '../store/loaders.ts'
import * as sql from '../store/registry-writing.ts'
import { act, reasonOf, recordRegistryChange } from './acts.ts'
import { assertKeeper, assertOwnVendor, lockOwnApplication } from './approvals.ts'

const opening = { scope: 'identity.read', schools: NO_SCHOOL } as const

/** A week: long enough to roll a key out over a vendor's servers, short enough that a forgotten key is no danger for years. */
export const OVERLAP_HOURS_MAX = 168

/** What a key of an application opens in production, the Sở has decided before there is one. */
const WAS_APPROVED: readonly string[] = ['ACTIVE', 'SUSPENDED']

export function publicKeyOf(text: string): RegisteredKey {
  const key = readPublicKey(text)
  if (typeof key === 'string') throw new PlatformError('KEY_INVALID', { path: ['publicKey'], fault: key })
  return key
}

/** Keys that the client has from elsewhere (the sandbox registers its parties itself) become credentials like the others. */
async function adoptKeys(context: SubgraphContext, tx: Transaction, applicationId: string): Promise<void> {
  const [client] = await tx.query<{ jwks: { keys?: unknown[] } }>(sql.CLIENT_KEYS, [applicationId])
  for (const jwk of client?.jwks.keys ?? []) {
    const key = readPublicKey(JSON.stringify(jwk))
    if (typeof key !== 'string') await insertKey(context, tx, applicationId, key)
  }
}

export async function insertKey(
  context: SubgraphContext,
  tx: Transaction,
  applicationId: string,
  { jwk, thumbprint }: RegisteredKey,
): Promise<string | null> {
  const now = context.now()
  const id = uuidv7(now)
  const inserted = await tx.query(sql.INSERT_CREDENTIAL, [id, applicationId, thumbprint, JSON.stringify(jwk), now.toISOString()])
  return inserted.length > 0 ? id : null
}

async function freshCredential(context: SubgraphContext, id: string): Promise<Credential> {
  return (await context.loaders.of(credentialById).clear(id).load(id))!
}

export async function rotateCredential(
  context: SubgraphContext,
  ref: ApplicationRef,
  publicKey: string,
  overlapHours: number,
): Promise<Credential> {
  const key = publicKeyOf(publicKey)
  if (overlapHours < 0 || overlapHours > OVERLAP_HOURS_MAX)
    throw new PlatformError('INPUT_INVALID', {
      path: ['overlapHours'],
      message: `The overlap lasts 0 to ${OVERLAP_HOURS_MAX} hours.`,
      messageVi: `Thời gian dùng song song từ 0 đến ${OVERLAP_HOURS_MAX} giờ.`,
    })
  const id = await act(context, opening, { rotateCredential: [ref, publicKey, overlapHours] }, async (tx) => {
    const application = await lockOwnApplication(context, tx, ref)
    if (application.status === 'REVOKED')
      throw new PlatformError('TRANSITION_ILLEGAL', { state: application.status, act: 'ROTATE' })
    if (application.environment === 'PRODUCTION' && !WAS_APPROVED.includes(application.status))
      throw new PlatformError('CREDENTIAL_BEFORE_APPROVAL', { state: application.status })
    await adoptKeys(context, tx, application.id)
    const id = await insertKey(context, tx, application.id, key)
    if (!id) throw new PlatformError('KEY_EXISTS', { path: ['publicKey'] })
    const now = context.now()
    await tx.query(sql.LIMIT_OTHER_CREDENTIALS, [
      application.id,
      id,
      new Date(now.getTime() + overlapHours * 3_600_000).toISOString(),
    ])
    await recordRegistryChange(context, tx, {
      subject: 'CREDENTIAL',
      vendorId: application.vendorId,
      applicationId: application.id,
      act: 'ROTATE',
      to: key.thumbprint,
      fields: ['Application.credentials'],
    })
    await tx.query(sql.FORGET_SECRET, [application.id])
    if (overlapHours === 0) await tx.query(sql.END_TOKENS, [application.id, now.toISOString()])
    await tx.query(sql.PUBLISH_APPLICATION, [application.id, now.toISOString()])
    return id
  })
  return freshCredential(context, id)
}

interface LockedCredential extends Record<string, unknown> {
  id: string
  applicationId: string
  vendorId: string
  revokedAt: string | null
}

export async function revokeCredential(context: SubgraphContext, credentialId: string, why: string): Promise<Credential> {
  const reason = reasonOf(why, 'REASON_REQUIRED', 'reason')
  if (!isUuid(credentialId)) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
  const id = await act(context, opening, { revokeCredential: [credentialId, why] }, async (tx) => {
    await assertKeeper(context, tx)
    const [credential] = await tx.query<LockedCredential>(sql.LOCK_CREDENTIAL, [credentialId])
    if (!credential) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
    await assertOwnVendor(context, tx, credential.vendorId)
    if (credential.revokedAt) throw new PlatformError('TRANSITION_ILLEGAL', { state: 'REVOKED', act: 'REVOKE' })
    const now = context.now().toISOString()
    await tx.query(sql.REVOKE_CREDENTIAL, [credential.id, now])
    await tx.query(sql.END_TOKENS, [credential.applicationId, now])
    await recordRegistryChange(context, tx, {
      subject: 'CREDENTIAL',
      vendorId: credential.vendorId,
      applicationId: credential.applicationId,
      act: 'REVOKE',
      from: 'ACTIVE',
      to: 'REVOKED',
      reason,
      fields: ['Application.credentials'],
    })
    await tx.query(sql.PUBLISH_APPLICATION, [credential.applicationId, now])
    return credential.id
  })
  return freshCredential(context, id)
}
