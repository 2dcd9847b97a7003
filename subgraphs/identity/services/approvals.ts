// The life of an application: registered and requested by its vendor, decided by the Sở, published in the same transaction.
import type { SubgraphContext } from '../../kernel/context.ts'
import { isUuid, vietnamDay, type Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { chosen } from '../../kernel/reference.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { APPLICATION_TRANSITIONS, type ApplicationAct, type ApplicationState } from '../registry/application-states.ts'
import type { ApplicationRef } from '../schema/inputs.ts'
import type {
  ApprovalInput,
  RegisterApplicationInput,
  RegisterVendorInput,
  ScopeRequestInput,
} from '../schema/registry-inputs.ts'
import type { Application, Vendor } from '../schema/types.ts'
import { applicationById, NO_SCHOOL, vendorById } from '../store/loaders.ts'
import * as sql from '../store/registry-writing.ts'
import {
  act,
  assertDepartment,
  assertPeriod,
  assertWithin,
  isPlain,
  lineOf,
  reasonOf,
  recordRegistryChange,
  scopesOf,
  step,
} from './acts.ts'
import { isTaxCode } from '../registry/tax-code.ts'
import { assertUuids } from './identifiers.ts'

interface LockedApplication extends Record<string, unknown> {
  id: string
  vendorId: string
  code: string
  status: ApplicationState
  environment: 'SANDBOX' | 'PRODUCTION'
  tokenBinding: 'OPTIONAL' | 'REQUIRED'
  /** Required by the Sở, not by the vendor alone. */
  tokenBindingOrdered: boolean
}

const forApproval = { scope: 'vendor.approve', schools: NO_SCHOOL } as const
const forVendor = { scope: 'identity.read', schools: NO_SCHOOL } as const

/** The registry as it stands after the act, past anything that the operation has read before. */
export async function freshApplication(context: SubgraphContext, id: string): Promise<Application> {
  return (await context.loaders.of(applicationById).clear(id).load(id))!
}

export async function lockApplication(tx: Transaction, ref: ApplicationRef): Promise<LockedApplication> {
  const key = chosen(ref, ['id', 'code'])
  const found =
    (key === 'id' && !isUuid(ref.id!)) || (key === 'code' && !isPlain(ref.code!))
      ? []
      : await tx.query<LockedApplication>(sql.LOCK_APPLICATION, [ref.id ?? null, ref.code ?? null])
  if (!found[0]) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
  return found[0]
}

/** Before anything is looked up: who is neither a vendor nor its developer does this as the Sở, or not at all. */
export async function assertKeeper(context: SubgraphContext, tx: Transaction): Promise<void> {
  const { vendorId, role, applicationId } = context.viewer
  if (vendorId === null && (role !== 'DEVELOPER' || applicationId !== null)) await assertDepartment(context, tx)
}

/** The vendor's own, whoever of the vendor acts; or the Sở's, in the vendor's name. Another vendor's reads as not there. */
export async function assertOwnVendor(context: SubgraphContext, tx: Transaction, vendorId: string): Promise<void> {
  const { viewer } = context
  if (viewer.vendorId === vendorId) return
  // A developer also keeps the products of the own sandboxes; the policies show no others.
  if (viewer.role === 'DEVELOPER' && viewer.applicationId === null) {
    const [own] = await tx.query(sql.VENDOR_AT_HAND, [vendorId])
    if (own) return
    throw new PlatformError('RECORD_NOT_ACCESSIBLE')
  }
  if (viewer.vendorId !== null) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
}

/** The application that its vendor, or the Sở in its name, may change. */
export async function lockOwnApplication(
  context: SubgraphContext,
  tx: Transaction,
  ref: ApplicationRef,
): Promise<LockedApplication> {
  await assertKeeper(context, tx)
  const application = await lockApplication(tx, ref)
  await assertOwnVendor(context, tx, application.vendorId)
  return application
}

const CODE = /^[a-z][a-z0-9-]{1,39}$/
const MAILBOX = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+\.[^\s@\p{Cc}]+$/u

function assertForm(value: string, form: RegExp, path: string, message: string, messageVi: string): void {
  if (!form.test(value)) throw new PlatformError('INPUT_INVALID', { path: [path], message, messageVi })
}

/** Sandboxes name their vendors and products so; in the province's registry nobody does. */
const RESERVED = /^sandbox-/

function assertCode(code: string): void {
  assertForm(
    code,
    CODE,
    'code',
    'A code has 2 to 40 small letters, digits and hyphens, a letter first.',
    'Mã gồm 2 đến 40 chữ thường, chữ số, dấu gạch nối; bắt đầu bằng chữ.',
  )
  if (RESERVED.test(code))
    throw new PlatformError('INPUT_INVALID', {
      path: ['code'],
      message: 'Codes that begin with `sandbox-` belong to sandboxes.',
      messageVi: 'Mã bắt đầu bằng `sandbox-` dành cho môi trường thử nghiệm.',
    })
}

function assertMailbox(value: string, path: string): void {
  assertForm(value, MAILBOX, path, 'This is not a mail address.', 'Địa chỉ thư điện tử không hợp lệ.')
}

export async function registerVendor(context: SubgraphContext, input: RegisterVendorInput): Promise<Vendor> {
  assertCode(input.code)
  if (!isTaxCode(input.taxCode)) throw new PlatformError('TAX_CODE_INVALID', { path: ['taxCode'] })
  assertMailbox(input.contactEmail, 'contactEmail')
  assertMailbox(input.dataProtectionOfficerEmail, 'dataProtectionOfficerEmail')
  const legalName = lineOf(input.legalName, 'legalName')
  const { viewer } = context
  const opening = viewer.role === 'DEVELOPER' ? forVendor : forApproval
  const vendorId = await act(context, opening, { registerVendor: input }, async (tx) => {
    const now = context.now()
    const id = uuidv7(now)
    if (viewer.role === 'DEVELOPER') await assertSpeaksForNoVendor(context, tx, id)
    else await assertDepartment(context, tx)
    const inserted = await tx.query(sql.INSERT_VENDOR, [
      id,
      input.code,
      legalName,
      input.taxCode,
      input.contactEmail,
      input.contactName ? lineOf(input.contactName, 'contactName') : null,
      input.contactPhone ? lineOf(input.contactPhone, 'contactPhone') : null,
      lineOf(input.dataProtectionOfficer, 'dataProtectionOfficer'),
      input.dataProtectionOfficerEmail,
      now.toISOString(),
    ])
    if (inserted.length === 0) throw new PlatformError('VENDOR_EXISTS')
    await insertCertificates(tx, id, input)
    await recordRegistryChange(context, tx, {
      subject: 'VENDOR',
      vendorId: id,
      act: 'REGISTER',
      to: 'REGISTERED',
      fields: ['Vendor.legalName', 'Vendor.taxCode'],
    })
    if (viewer.role === 'DEVELOPER') await speakForVendor(context, tx, id)
    return id
  })
  return (await context.loaders.of(vendorById).clear(vendorId).load(vendorId))!
}

async function assertSpeaksForNoVendor({ viewer }: SubgraphContext, tx: Transaction, vendorId: string): Promise<void> {
  if (viewer.vendorId !== null) throw new PlatformError('TRANSITION_ILLEGAL', SPEAKS_ALREADY)
  await tx.query(sql.SPEAK_FOR_VENDOR, [vendorId])
}

const SPEAKS_ALREADY = {
  message: 'This account speaks for a vendor already.',
  messageVi: 'Tài khoản này đã đại diện cho một nhà cung cấp.',
  state: 'REGISTERED',
  act: 'REGISTER',
}

/** From the commit on, every token of the account stands for the vendor. Of two registrations at once one finds the place taken. */
async function speakForVendor(context: SubgraphContext, tx: Transaction, vendorId: string): Promise<void> {
  const now = context.now().toISOString()
  const tied = await tx.query(sql.TIE_ACCOUNT_TO_VENDOR, [context.viewer.accountId, vendorId, now])
  if (tied.length === 0) throw new PlatformError('TRANSITION_ILLEGAL', SPEAKS_ALREADY)
  await tx.query(sql.PUBLISH_PERSON, [context.viewer.accountId, now])
}

async function insertCertificates(tx: Transaction, vendorId: string, { certificates }: RegisterVendorInput): Promise<void> {
  if (certificates.length === 0) return
  if (certificates.some(({ issuedOn, validTo }) => validTo < issuedOn))
    throw new PlatformError('VALIDITY_INVALID', { path: ['certificates'] })
  const known = new Set(certificates.map(({ kind, number }) => `${kind}/${number}`))
  if (known.size < certificates.length) throw new PlatformError('DUPLICATE_IN_BATCH', { path: ['certificates'] })
  await tx.query(sql.INSERT_CERTIFICATES, [
    vendorId,
    certificates.map(({ kind }) => kind),
    certificates.map(({ number }) => lineOf(number, 'certificates')),
    certificates.map(({ issuedOn }) => issuedOn),
    certificates.map(({ validTo }) => validTo),
  ])
}

export async function registerApplication(context: SubgraphContext, input: RegisterApplicationInput): Promise<Application> {
  assertCode(input.code)
  assertUuids({ vendorId: input.vendorId })
  const { viewer } = context
  const vendorId = input.vendorId ?? viewer.vendorId
  if (!vendorId)
    throw new PlatformError('INPUT_INVALID', {
      path: ['vendorId'],
      message: 'Name the vendor.',
      messageVi: 'Cần nêu nhà cung cấp.',
    })
  const name = lineOf(input.name, 'name')
  const id = await act(context, forVendor, { registerApplication: input }, async (tx) => {
    await assertKeeper(context, tx)
    await assertOwnVendor(context, tx, vendorId)
    const [vendor] = await tx.query<{ tenantId: string | null }>(sql.VENDOR_AT_HAND, [vendorId])
    if (!vendor) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
    if (vendor.tenantId !== null)
      throw new PlatformError('ACT_FORBIDDEN', {
        message: 'A sandbox has one application. Register your vendor, then its products.',
        messageVi: 'Mỗi môi trường thử nghiệm có một ứng dụng. Hãy đăng ký nhà cung cấp, sau đó đăng ký sản phẩm.',
      })
    const now = context.now()
    const id = uuidv7(now)
    const inserted = await tx.query(sql.INSERT_APPLICATION, [
      id,
      vendorId,
      input.code,
      name,
      input.kind,
      input.environment ?? viewer.environment,
      now.toISOString(),
      input.tokenBinding,
      // What the Sở registers so, it has ordered.
      input.tokenBinding === 'REQUIRED' && viewer.vendorId === null && viewer.role !== 'DEVELOPER',
    ])
    if (inserted.length === 0) throw new PlatformError('APPLICATION_EXISTS')
    await recordRegistryChange(context, tx, {
      subject: 'APPLICATION',
      vendorId,
      applicationId: id,
      act: 'REGISTER',
      to: 'DRAFT',
      fields: ['Application.name', 'Application.kind', 'Application.tokenBinding'],
    })
    return id
  })
  return freshApplication(context, id)
}

interface Decided {
  readonly act: ApplicationAct
  readonly reason?: string
  readonly decisionNumber?: string
  readonly fields?: readonly string[]
}

/** The step, its event, its audit and its publication: always together, always last in the transaction. */
async function settle(
  context: SubgraphContext,
  tx: Transaction,
  application: LockedApplication,
  { act: done, fields, ...why }: Decided,
): Promise<void> {
  const to = step(APPLICATION_TRANSITIONS, application.status, done)
  const now = context.now().toISOString()
  await tx.query(sql.SET_APPLICATION_STATUS, [application.id, to, now])
  await recordRegistryChange(context, tx, {
    subject: 'APPLICATION',
    vendorId: application.vendorId,
    applicationId: application.id,
    act: done,
    from: application.status,
    to,
    ...why,
    fields: ['Application.status', ...(fields ?? [])],
  })
  await tx.query(sql.PUBLISH_APPLICATION, [application.id, now])
}

export async function requestScopes(
  context: SubgraphContext,
  ref: ApplicationRef,
  wanted: readonly ScopeRequestInput[],
): Promise<Application> {
  const scopes = scopesOf(
    wanted.map(({ scope }) => scope),
    'scopes',
  )
  if (scopes.length < wanted.length) throw new PlatformError('DUPLICATE_IN_BATCH', { path: ['scopes'] })
  const purposes = wanted.map(({ purpose }) => reasonOf(purpose, 'PURPOSE_REQUIRED', 'scopes'))
  const id = await act(context, forVendor, { requestScopes: [ref, wanted] }, async (tx) => {
    const application = await lockOwnApplication(context, tx, ref)
    step(APPLICATION_TRANSITIONS, application.status, 'REQUEST')
    await tx.query(sql.DELETE_OPEN_REQUESTS, [application.id])
    await tx.query(sql.UPSERT_SCOPE_REQUESTS, [application.id, scopes, purposes, context.now().toISOString()])
    await settle(context, tx, application, { act: 'REQUEST', fields: ['Application.scopeRequests'] })
    return application.id
  })
  return freshApplication(context, id)
}

export async function approveApplication(
  context: SubgraphContext,
  ref: ApplicationRef,
  input: ApprovalInput,
): Promise<Application> {
  const decisionNumber = input.decisionNumber.normalize('NFC').trim()
  if (decisionNumber === '' || decisionNumber.length > 64 || !isPlain(decisionNumber))
    throw new PlatformError('DECISION_NUMBER_REQUIRED', { path: ['decisionNumber'] })
  const scopes = scopesOf(input.scopes, 'scopes')
  assertPeriod(context, input)
  const id = await act(context, forApproval, { approveApplication: [ref, input] }, async (tx) => {
    await assertDepartment(context, tx)
    const application = await lockApplication(tx, ref)
    step(APPLICATION_TRANSITIONS, application.status, 'APPROVE')
    const grantable = await tx.query<{ scope: string }>(sql.GRANTABLE_SCOPES, [application.id])
    assertWithin(
      'SCOPE_NOT_REQUESTED',
      scopes,
      grantable.map(({ scope }) => scope),
    )
    const now = context.now()
    await tx.query(sql.SUPERSEDE_APPROVALS, [application.id, input.validFrom])
    const inserted = await tx.query(sql.INSERT_APPROVAL, [
      uuidv7(now),
      application.id,
      decisionNumber,
      input.certificateNumber ? lineOf(input.certificateNumber, 'certificateNumber') : null,
      scopes,
      input.validFrom,
      input.validTo,
      now.toISOString(),
      context.viewer.accountId,
    ])
    if (inserted.length === 0) throw new PlatformError('DECISION_NUMBER_REQUIRED', { path: ['decisionNumber'] })
    await tx.query(sql.DECIDE_REQUESTS, [application.id, scopes])
    await settle(context, tx, application, { act: 'APPROVE', decisionNumber, fields: ['Application.approvals'] })
    return application.id
  })
  return freshApplication(context, id)
}

/** A decision of the Sở that needs a reason and changes the state alone. */
async function decide(context: SubgraphContext, ref: ApplicationRef, done: ApplicationAct, why: string): Promise<Application> {
  const reason = reasonOf(why, 'REASON_REQUIRED', 'reason')
  const id = await act(context, forApproval, { [done]: [ref, why] }, async (tx) => {
    await assertDepartment(context, tx)
    const application = await lockApplication(tx, ref)
    if (done === 'REFUSE') await refuseOpenRequests(tx, application)
    await settle(context, tx, application, { act: done, reason })
    return application.id
  })
  return freshApplication(context, id)
}

/** An active application that asked for nothing new has nothing that could be refused. */
async function refuseOpenRequests(tx: Transaction, { id, status }: LockedApplication): Promise<void> {
  const requests = await tx.query<{ open: boolean }>(sql.GRANTABLE_SCOPES, [id])
  if (status === 'ACTIVE' && !requests.some(({ open }) => open))
    throw new PlatformError('TRANSITION_ILLEGAL', { state: status, act: 'REFUSE' })
  await tx.query(sql.DECIDE_REQUESTS, [id, []])
}

export const refuseApplication = (context: SubgraphContext, ref: ApplicationRef, reason: string): Promise<Application> =>
  decide(context, ref, 'REFUSE', reason)
export const suspendApplication = (context: SubgraphContext, ref: ApplicationRef, reason: string): Promise<Application> =>
  decide(context, ref, 'SUSPEND', reason)
export const reinstateApplication = (context: SubgraphContext, ref: ApplicationRef, reason: string): Promise<Application> =>
  decide(context, ref, 'REINSTATE', reason)
export const revokeApplication = (context: SubgraphContext, ref: ApplicationRef, reason: string): Promise<Application> =>
  decide(context, ref, 'REVOKE', reason)

export async function approvedScopes(context: SubgraphContext, tx: Transaction, applicationId: string): Promise<string[]> {
  const [row] = await tx.query<{ scopes: string[] }>(sql.APPROVED_SCOPES, [applicationId, vietnamDay(context.now())])
  return row?.scopes ?? []
}
