// What a change of an agreement would change, worked out from the same grants and rules as the change itself, and not saved.
import type { SubgraphContext } from '../../kernel/context.ts'
import { isUuid, vietnamDay, type Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { covers, type Terms } from '../registry/terms.ts'
import { differenceOf, showsEveryPupil, type Pupils, type Reach } from '../registry/difference.ts'
import type { AgreementChangeInput } from '../schema/registry-inputs.ts'
import type { GrantDifference } from '../schema/registry-types.ts'
import * as sql from '../store/agreement-writing.ts'
import { contractFields } from '../store/contract-fields.ts'
import * as read from '../store/queries.ts'
import { schoolIdOf, termsOf } from './agreement-acts.ts'
import { scopesNamed } from './scopes.ts'

interface Planned {
  readonly schoolId: string
  readonly applicationId: string
  /** Left out of what is in force before, and taken to hold `terms` after. */
  readonly agreementId: string | null
  /** Null: nothing is left of it. */
  readonly terms: Terms | null
}

type Found = Record<string, unknown> & Terms & { schoolId: string; applicationId: string; agreementId: string }

/** An application by itself reaches its own by the policies; for a person it reaches what is theirs too. */
const ownAlone = ({ viewer }: SubgraphContext): boolean => viewer.applicationId !== null && viewer.accountId === null

async function findOne(context: SubgraphContext, tx: Transaction, text: string, id: string): Promise<Found> {
  const [found] = isUuid(id) ? await tx.query<Found>(text, [id, ownAlone(context) ? null : tx.schools]) : []
  if (!found) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
  return found
}

async function planOf(context: SubgraphContext, tx: Transaction, change: AgreementChangeInput): Promise<Planned> {
  const { proposalId, proposal, agreementId, terms, end } = change
  const ways = [proposalId, proposal, agreementId].filter((given) => given !== null && given !== undefined).length
  const changes = Number(Boolean(terms)) + Number(Boolean(end))
  if (ways !== 1 || changes !== (agreementId ? 1 : 0))
    throw new PlatformError('REFERENCE_INVALID', {
      message: 'Name one change: proposalId, proposal, or agreementId with either terms or end.',
      messageVi: 'Chỉ nêu một thay đổi: proposalId, proposal, hoặc agreementId cùng với terms hoặc end.',
    })
  if (proposal) {
    const { applicationId } = context.viewer
    if (!applicationId) throw new PlatformError('ACT_FORBIDDEN')
    return {
      schoolId: await schoolIdOf(tx, proposal.school),
      applicationId,
      agreementId: null,
      terms: termsOf(context, proposal.terms),
    }
  }
  if (proposalId) return pick(await findOne(context, tx, read.PROPOSAL_TO_COMPARE, proposalId))
  const found = await findOne(context, tx, read.AGREEMENT_TO_COMPARE, agreementId!)
  return { ...pick(found), terms: terms ? termsOf(context, terms) : null }
}

const pick = (found: Found): Planned => ({
  schoolId: found.schoolId,
  applicationId: found.applicationId,
  agreementId: found.agreementId,
  terms: found,
})

type Grant = Record<string, unknown> & Reach & { agreementId: string }

/**
 * The pupils of the school as the caller may count them: whoever answers for the school, all; an application, where all are open
 * to it already. Of the others it would learn how many there are.
 */
async function countablePupils(
  { viewer }: SubgraphContext,
  tx: Transaction,
  schoolId: string,
  before: readonly Reach[],
): Promise<Pupils[] | null> {
  if (!tx.schools.includes(schoolId)) return null
  if (viewer.applicationId && !showsEveryPupil(before)) return null
  return tx.query<Pupils & Record<string, unknown>>(sql.PUPILS_OF_SCHOOL, [schoolId])
}

/**
 * On the first day the change acts on: today, or the first day of the new terms if that is to come. Other agreements of
 * the application at the school go on; what they give is neither gained nor lost.
 */
export function agreementDifference(context: SubgraphContext, change: AgreementChangeInput): Promise<GrantDifference> {
  return context.database.read(context, { scope: 'identity.read' }, async (tx) => {
    const { schoolId, applicationId, agreementId, terms } = await planOf(context, tx, change)
    const today = vietnamDay(context.now())
    const on = terms && terms.validFrom > today ? terms.validFrom : today
    const before = await tx.query<Grant>(sql.GRANTS_ON, [applicationId, schoolId, on])
    const rest = before.filter((grant) => grant.agreementId !== agreementId)
    const approved = (await tx.query<{ scopes: string[] }>(sql.APPROVED_ON, [applicationId, on]))[0]?.scopes ?? []
    const given = terms && covers(terms, on) ? terms.scopeNames.filter((scope) => approved.includes(scope)) : []
    const after = terms && given.length > 0 ? [...rest, { ...terms, scopeNames: given }] : rest
    const pupils = await countablePupils(context, tx, schoolId, before)
    const difference = differenceOf(before, after, pupils ?? [], contractFields())
    return {
      on,
      scopesGained: scopesNamed(difference.scopesGained),
      scopesLost: scopesNamed(difference.scopesLost),
      scopesWithoutEffect: scopesNamed(terms ? terms.scopeNames.filter((scope) => !approved.includes(scope)) : []),
      fieldsGained: [...difference.fieldsGained],
      fieldsLost: [...difference.fieldsLost],
      dataGained: [...difference.dataGained],
      dataLost: [...difference.dataLost],
      schoolsGained: difference.schoolGained ? [{ id: schoolId }] : [],
      schoolsLost: difference.schoolLost ? [{ id: schoolId }] : [],
      pupilsGained: pupils && difference.pupilsGained,
      pupilsLost: pupils && difference.pupilsLost,
    }
  })
}
