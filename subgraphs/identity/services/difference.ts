// What a change of an agreement would change, worked out from the same grants and rules as the change itself, and not saved.
import type { SubgraphContext } from '../../kernel/context.ts'
import { isUuid, vietnamDay, type Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { covers, type Terms } from '../registry/terms.ts'
import { differenceOf } from '../registry/difference.ts'
import type { AgreementChangeInput } from '../schema/registry-inputs.ts'
import type { GrantDifference } from '../schema/registry-types.ts'
import * as sql from '../store/agreement-writing.ts'
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

async function findOne(context: SubgraphContext, tx: Transaction, text: string, id: string): Promise<Found> {
  const [found] = isUuid(id) ? await tx.query<Found>(text, [id, context.viewer.applicationId ? null : tx.schools]) : []
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

const scopesOfRow = async (tx: Transaction, text: string, values: readonly unknown[]): Promise<string[]> =>
  (await tx.query<{ scopes: string[] }>(text, values))[0]?.scopes ?? []

/**
 * On the first day the change acts on: today, or the first day of the new terms if that is to come. Other agreements of
 * the application at the school go on; what they give is neither gained nor lost.
 */
export function agreementDifference(context: SubgraphContext, change: AgreementChangeInput): Promise<GrantDifference> {
  return context.database.read(context, { scope: 'identity.read' }, async (tx) => {
    const { schoolId, applicationId, agreementId, terms } = await planOf(context, tx, change)
    const today = vietnamDay(context.now())
    const on = terms && terms.validFrom > today ? terms.validFrom : today
    const before = await scopesOfRow(tx, sql.GRANTED_SCOPES, [applicationId, schoolId, null, on])
    const rest = await scopesOfRow(tx, sql.GRANTED_SCOPES, [applicationId, schoolId, agreementId, on])
    const approved = await scopesOfRow(tx, sql.APPROVED_ON, [applicationId, on])
    const given = terms && covers(terms, on) ? terms.scopeNames.filter((scope) => approved.includes(scope)) : []
    const after = [...new Set([...rest, ...given])]
    const difference = differenceOf({ scopeNames: before }, { scopeNames: after })
    const pupils = tx.schools.includes(schoolId)
      ? (await tx.query<{ count: number }>(sql.PUPILS_OF_SCHOOL, [schoolId]))[0]!.count
      : null
    return {
      on,
      scopesGained: scopesNamed(difference.scopesGained),
      scopesLost: scopesNamed(difference.scopesLost),
      scopesWithoutEffect: scopesNamed(terms ? terms.scopeNames.filter((scope) => !approved.includes(scope)) : []),
      dataGained: [...difference.dataGained],
      dataLost: [...difference.dataLost],
      schoolsGained: difference.schoolGained ? [{ id: schoolId }] : [],
      schoolsLost: difference.schoolLost ? [{ id: schoolId }] : [],
      pupilsGained: difference.pupilsGained ? pupils : 0,
      pupilsLost: difference.pupilsLost ? pupils : 0,
    }
  })
}
