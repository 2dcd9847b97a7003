// What a school agrees to: proposed by the vendor, signed, narrowed or ended by the principal, stopped by the authority.
import type { SubgraphContext } from '../../kernel/context.ts'
import { isUuid, vietnamDay, type Opening, type Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { findListedSchoolId } from '../../kernel/school-ref.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { SchoolRef } from '../../kernel/inputs.ts'
import {
  AGREEMENT_TRANSITIONS,
  PROPOSAL_TRANSITIONS,
  type AgreementAct,
  type AgreementState,
  type ProposalAct,
  type ProposalState,
} from '../registry/agreement-states.ts'
import type { ApplicationState } from '../registry/application-states.ts'
import { beyond, isNarrowing, LEVELS, type Terms } from '../registry/terms.ts'
import type { AgreementTermsInput, ProposeAgreementInput } from '../schema/registry-inputs.ts'
import type { AgreementProposal } from '../schema/registry-types.ts'
import type { Agreement } from '../schema/types.ts'
import { agreementByKey, NO_SCHOOL, proposalByKey } from '../store/loaders.ts'
import * as sql from '../store/agreement-writing.ts'
import { act, assertPeriod, assertWithin, isDepartment, reasonOf, recordSchoolChange, scopesOf, step } from './acts.ts'
import { approvedScopes, lockApplication } from './approvals.ts'

type Row = Record<string, unknown>
type LockedAgreement = Row &
  Terms & { schoolId: string; id: string; applicationId: string; version: number; state: AgreementState }
type LockedProposal = Row &
  Terms & { schoolId: string; id: string; agreementId: string; applicationId: string; version: number; state: ProposalState }
interface Key {
  readonly schoolId: string
  readonly id: string
}

const freshAgreement = async (context: SubgraphContext, key: Key): Promise<Agreement> =>
  (await context.loaders.of(agreementByKey).clear(key).load(key))!
const freshProposal = async (context: SubgraphContext, key: Key): Promise<AgreementProposal> =>
  (await context.loaders.of(proposalByKey).clear(key).load(key))!

/** An application reaches its own by the policies, whether or not the school is open; a person the schools of the own office. */
const opening = ({ viewer }: SubgraphContext): Opening => ({
  scope: 'identity.read',
  schools: viewer.applicationId ? NO_SCHOOL : null,
})
const reach = ({ viewer }: SubgraphContext, tx: Transaction): readonly string[] | null =>
  viewer.applicationId ? null : tx.schools

async function findOne<R extends Row>(context: SubgraphContext, tx: Transaction, text: string, id: string): Promise<R> {
  const [row] = isUuid(id) ? await tx.query<R>(text, [id, reach(context, tx)]) : []
  if (!row) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
  return row
}

/**
 * The application first, by every act on its rights: an end that ran beside a decision of the Sở was seen to take away the grant
 * that was there while the decision put it back, and an end beside a signature to wait for it in a ring.
 */
async function lockOne<R extends Row & { applicationId: string }>(
  context: SubgraphContext,
  tx: Transaction,
  find: string,
  lock: string,
  id: string,
): Promise<R & { applicationStatus: ApplicationState }> {
  const { applicationId } = await findOne<R>(context, tx, find, id)
  const { status } = await lockApplication(tx, { id: applicationId })
  return { ...(await findOne<R>(context, tx, lock, id)), applicationStatus: status }
}

const lockAgreement = (context: SubgraphContext, tx: Transaction, id: string) =>
  lockOne<LockedAgreement>(context, tx, sql.FIND_AGREEMENT, sql.LOCK_AGREEMENT, id)
const lockProposal = (context: SubgraphContext, tx: Transaction, id: string) =>
  lockOne<LockedProposal>(context, tx, sql.FIND_PROPOSAL, sql.LOCK_PROPOSAL, id)

/** A school that a vendor may propose to is any school of the province: that it exists is public, what it holds is not. */
export async function schoolIdOf(tx: Transaction, ref: SchoolRef): Promise<string> {
  const id = await findListedSchoolId(tx, ref)
  if (id === null) throw new PlatformError('SCHOOL_NOT_ACCESSIBLE')
  return id
}

const SCHOOL_YEAR = /^(\d{4})-(\d{4})$/

/** Terms as they may be written down, whoever sends them. */
export function termsOf(context: SubgraphContext, input: AgreementTermsInput): Terms {
  assertPeriod(context, input)
  const levels = [...new Set(input.levels)]
  if (beyond(levels, LEVELS).length > 0) throw new PlatformError('LEVEL_INVALID', { path: ['levels'] })
  const wrongYear = input.schoolYears.find((code) => {
    const [, from, to] = SCHOOL_YEAR.exec(code) ?? []
    return !from || Number(to) !== Number(from) + 1
  })
  if (wrongYear !== undefined)
    throw new PlatformError('INPUT_INVALID', {
      path: ['schoolYears'],
      message: 'A school year reads as 2026-2027.',
      messageVi: 'Năm học có dạng 2026-2027.',
    })
  return {
    purpose: reasonOf(input.purpose, 'PURPOSE_REQUIRED', 'purpose'),
    scopeNames: scopesOf(input.scopes, 'scopes'),
    levels,
    schoolYears: [...new Set(input.schoolYears)],
    validFrom: input.validFrom,
    validTo: input.validTo,
  }
}

const columnsOf = ({ purpose, scopeNames, levels, schoolYears, validFrom, validTo }: Terms): unknown[] => [
  purpose,
  scopeNames,
  levels,
  schoolYears,
  validFrom,
  validTo,
]

interface Proposing extends Key {
  readonly agreementId: string
  readonly applicationId: string
  readonly version: number
  readonly terms: Terms
}

async function insertProposal(
  context: SubgraphContext,
  tx: Transaction,
  { schoolId, id, agreementId, applicationId, version, terms }: Proposing,
): Promise<void> {
  const now = context.now().toISOString()
  const values = [schoolId, id, agreementId, applicationId, version, 'PROPOSED', ...columnsOf(terms), now, null, null]
  if ((await tx.query(sql.INSERT_PROPOSAL, values)).length === 0) throw new PlatformError('PROPOSAL_EXISTS')
  await recordSchoolChange(context, tx, {
    subject: 'AGREEMENT',
    schoolId,
    subjectId: agreementId,
    applicationId,
    act: version === 1 ? 'PROPOSE' : 'PROPOSE_AMENDMENT',
    to: 'PROPOSED',
    version,
    fields: ['AgreementProposal.state'],
  })
}

export async function proposeAgreement(context: SubgraphContext, input: ProposeAgreementInput): Promise<AgreementProposal> {
  const terms = termsOf(context, input.terms)
  const applicationId = context.viewer.applicationId!
  const key = await act(context, opening(context), { proposeAgreement: input }, async (tx) => {
    const schoolId = await schoolIdOf(tx, input.school)
    await lockApplication(tx, { id: applicationId })
    assertWithin('SCOPE_NOT_APPROVED', terms.scopeNames, await approvedScopes(context, tx, applicationId))
    await assertNoneStanding(context, tx, schoolId, applicationId)
    const id = uuidv7(context.now())
    await insertProposal(context, tx, { schoolId, id, agreementId: uuidv7(context.now()), applicationId, version: 1, terms })
    return { schoolId, id }
  })
  return freshProposal(context, key)
}

async function assertNoneStanding(
  context: SubgraphContext,
  tx: Transaction,
  schoolId: string,
  applicationId: string,
): Promise<void> {
  const [standing] = await tx.query<{ id: string }>(sql.STANDING_AGREEMENT, [schoolId, applicationId, vietnamDay(context.now())])
  if (standing) throw new PlatformError('AGREEMENT_IN_FORCE', { agreementId: standing.id })
}

/** The principal’s own staff record, which the signature names. */
async function signatoryOf(context: SubgraphContext, tx: Transaction, schoolId: string): Promise<string> {
  const [office] = await tx.query<{ staffId: string }>(sql.PRINCIPAL_STAFF, [
    context.viewer.accountId,
    schoolId,
    vietnamDay(context.now()),
  ])
  if (!office) throw new PlatformError('ACT_FORBIDDEN')
  return office.staffId
}

async function assertLevelsOfSchool(tx: Transaction, { schoolId, levels }: LockedProposal): Promise<void> {
  const [school] = await tx.query<{ levels: string[] }>(sql.LEVELS_OF_SCHOOL, [schoolId])
  if (beyond(levels, school?.levels ?? []).length > 0) throw new PlatformError('LEVEL_INVALID', { path: ['levels'] })
}

/** Puts the terms in the place of those in force, which are kept. */
async function replaceTerms(
  context: SubgraphContext,
  tx: Transaction,
  { schoolId, id }: Key,
  terms: Terms,
  signatory: string,
): Promise<void> {
  const now = context.now().toISOString()
  await tx.query(sql.KEEP_AGREEMENT_VERSION, [schoolId, id, now])
  await tx.query(sql.AMEND_AGREEMENT, [schoolId, id, ...columnsOf(terms), signatory, now])
}

export async function signAgreement(context: SubgraphContext, proposalId: string): Promise<Agreement> {
  const key = await act(context, opening(context), { signAgreement: proposalId }, async (tx) => {
    const proposal = await lockProposal(context, tx, proposalId)
    const { schoolId, agreementId, applicationId, version, applicationStatus: status } = proposal
    const to = step(PROPOSAL_TRANSITIONS, proposal.state, 'SIGN')
    const signatory = await signatoryOf(context, tx, schoolId)
    if (status !== 'ACTIVE') throw new PlatformError('TRANSITION_ILLEGAL', { state: status, act: 'SIGN' })
    assertWithin('SCOPE_NOT_APPROVED', proposal.scopeNames, await approvedScopes(context, tx, applicationId))
    assertPeriod(context, proposal)
    await assertLevelsOfSchool(tx, proposal)
    const now = context.now().toISOString()
    if (version === 1) {
      await assertNoneStanding(context, tx, schoolId, applicationId)
      await tx.query(sql.INSERT_AGREEMENT, [schoolId, agreementId, applicationId, ...columnsOf(proposal), signatory, now])
    } else {
      const agreement = await lockAgreement(context, tx, agreementId)
      step(AGREEMENT_TRANSITIONS, agreement.state, 'AMEND')
      if (agreement.version !== version - 1) throw new PlatformError('VERSION_CONFLICT')
      await replaceTerms(context, tx, agreement, proposal, signatory)
    }
    await tx.query(sql.DECIDE_PROPOSAL, [schoolId, proposal.id, to, now, null])
    await recordSchoolChange(context, tx, {
      subject: 'AGREEMENT',
      schoolId,
      subjectId: agreementId,
      applicationId,
      act: version === 1 ? 'SIGN' : 'AMEND',
      from: proposal.state,
      to: 'SIGNED',
      version,
      fields: ['Agreement.scopes', 'Agreement.validTo'],
    })
    await tx.query(sql.PUBLISH_AGREEMENT, [applicationId, agreementId, now])
    return { schoolId, id: agreementId }
  })
  return freshAgreement(context, key)
}

async function closeProposal(
  context: SubgraphContext,
  proposalId: string,
  done: ProposalAct,
  why: string,
): Promise<AgreementProposal> {
  const reason = reasonOf(why, 'REASON_REQUIRED', 'reason')
  const key = await act(context, opening(context), { [done]: [proposalId, why] }, async (tx) => {
    const proposal = await lockProposal(context, tx, proposalId)
    const to = step(PROPOSAL_TRANSITIONS, proposal.state, done)
    if (done === 'REFUSE') await signatoryOf(context, tx, proposal.schoolId)
    await tx.query(sql.DECIDE_PROPOSAL, [proposal.schoolId, proposal.id, to, context.now().toISOString(), reason])
    await recordSchoolChange(context, tx, {
      subject: 'AGREEMENT',
      schoolId: proposal.schoolId,
      subjectId: proposal.agreementId,
      applicationId: proposal.applicationId,
      act: done,
      from: proposal.state,
      to,
      version: proposal.version,
      reason,
      fields: ['AgreementProposal.state'],
    })
    return { schoolId: proposal.schoolId, id: proposal.id }
  })
  return freshProposal(context, key)
}

export const refuseAgreement = (context: SubgraphContext, proposalId: string, reason: string): Promise<AgreementProposal> =>
  closeProposal(context, proposalId, 'REFUSE', reason)
export const withdrawProposal = (context: SubgraphContext, proposalId: string, reason: string): Promise<AgreementProposal> =>
  closeProposal(context, proposalId, 'WITHDRAW', reason)

/** The vendor proposes the next version; the principal narrows the present one, which needs nobody’s consent but the school’s. */
export async function amendAgreement(
  context: SubgraphContext,
  agreementId: string,
  input: AgreementTermsInput,
): Promise<AgreementProposal> {
  const terms = termsOf(context, input)
  const key = await act(context, opening(context), { amendAgreement: [agreementId, input] }, async (tx) => {
    const agreement = await lockAgreement(context, tx, agreementId)
    const { schoolId, applicationId } = agreement
    step(AGREEMENT_TRANSITIONS, agreement.state, 'AMEND')
    const version = agreement.version + 1
    const id = uuidv7(context.now())
    if (context.viewer.applicationId) {
      assertWithin('SCOPE_NOT_APPROVED', terms.scopeNames, await approvedScopes(context, tx, applicationId))
      await insertProposal(context, tx, { schoolId, id, agreementId, applicationId, version, terms })
      return { schoolId, id }
    }
    const signatory = await signatoryOf(context, tx, schoolId)
    if (!isNarrowing(terms, agreement)) throw new PlatformError('AMENDMENT_WIDENS', { path: ['terms'] })
    const now = context.now().toISOString()
    // A proposal of the vendor was made to the terms that end here.
    await tx.query(sql.WITHDRAW_OPEN_AMENDMENTS, [schoolId, agreementId, now])
    await replaceTerms(context, tx, agreement, terms, signatory)
    await tx.query(sql.INSERT_PROPOSAL, [
      schoolId,
      id,
      agreementId,
      applicationId,
      version,
      'SIGNED',
      ...columnsOf(terms),
      now,
      now,
      null,
    ])
    await recordSchoolChange(context, tx, {
      subject: 'AGREEMENT',
      schoolId,
      subjectId: agreementId,
      applicationId,
      act: 'AMEND',
      from: agreement.state,
      to: 'SIGNED',
      version,
      fields: ['Agreement.scopes', 'Agreement.validTo'],
    })
    await tx.query(sql.PUBLISH_AGREEMENT, [applicationId, agreementId, now])
    return { schoolId, id }
  })
  return freshProposal(context, key)
}

async function close(
  context: SubgraphContext,
  agreementId: string,
  done: Exclude<AgreementAct, 'AMEND'>,
  why: string,
  assertMay: (tx: Transaction, schoolId: string) => Promise<void>,
): Promise<Agreement> {
  const reason = reasonOf(why, 'REASON_REQUIRED', 'reason')
  const key = await act(context, opening(context), { [done]: [agreementId, why] }, async (tx) => {
    const agreement = await lockAgreement(context, tx, agreementId)
    const { schoolId, applicationId } = agreement
    await assertMay(tx, schoolId)
    const to = step(AGREEMENT_TRANSITIONS, agreement.state, done)
    const now = context.now().toISOString()
    await tx.query(sql.WITHDRAW_OPEN_AMENDMENTS, [schoolId, agreementId, now])
    await tx.query(sql.END_AGREEMENT, [schoolId, agreementId, now, to, reason])
    await recordSchoolChange(context, tx, {
      subject: 'AGREEMENT',
      schoolId,
      subjectId: agreementId,
      applicationId,
      act: done,
      from: agreement.state,
      to,
      version: agreement.version + 1,
      reason,
      fields: ['Agreement.endedAt'],
    })
    await tx.query(sql.PUBLISH_AGREEMENT, [applicationId, agreementId, now])
    return { schoolId, id: agreementId }
  })
  return freshAgreement(context, key)
}

/** Either party ends it: the principal for the school, the vendor for its application. */
export function endAgreement(context: SubgraphContext, agreementId: string, reason: string): Promise<Agreement> {
  return close(context, agreementId, 'END', reason, async (tx, schoolId) => {
    if (!context.viewer.applicationId) await signatoryOf(context, tx, schoolId)
  })
}

/** The authority that manages the school today, or the Sở. Professional oversight alone stops nothing. */
export function stopAgreement(context: SubgraphContext, agreementId: string, reason: string): Promise<Agreement> {
  return close(context, agreementId, 'STOP', reason, async (tx, schoolId) => {
    const [manages] = await tx.query(sql.MANAGES_SCHOOL, [context.viewer.authorityId, schoolId, vietnamDay(context.now())])
    if (!manages && !(await isDepartment(context, tx))) throw new PlatformError('ACT_FORBIDDEN')
  })
}
