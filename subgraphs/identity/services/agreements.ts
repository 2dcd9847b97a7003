// Agreements: page by page for whoever may see them, and the few of one school.
import { readPage, type Connection } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import type { AgreementListArgs } from '../schema/inputs.ts'
import type { ProposalListArgs } from '../schema/registry-inputs.ts'
import type { AgreementProposal } from '../schema/registry-types.ts'
import type { Agreement } from '../schema/types.ts'
import { agreementsOfSchool as agreementsBySchool, openAgreements } from '../store/loaders.ts'
import * as sql from '../store/queries.ts'
import { assertUuids } from './identifiers.ts'

export async function listAgreements(context: SubgraphContext, args: AgreementListArgs): Promise<Connection<Agreement>> {
  const schoolId = args.schoolId ?? null
  const applicationId = args.applicationId ?? null
  assertUuids({ schoolId, applicationId })
  return readPage<Agreement>(context, {
    list: ['agreements', schoolId, applicationId],
    page: args,
    position: (row) => [row.schoolId, row.id],
    read: (after, limit) =>
      openAgreements(context, schoolId ? [schoolId] : null, async (tx, visible) => {
        const wanted = applicationId ?? context.viewer.applicationId
        const rows = await tx.query<Agreement & Record<string, unknown>>(sql.AGREEMENT_PAGE, [
          visible,
          wanted,
          after?.[0] ?? null,
          after?.[1] ?? null,
          limit,
        ])
        for (const row of rows) context.touched.schools.add(row.schoolId)
        return rows
      }),
  })
}

export function agreementsOfSchool(context: SubgraphContext, schoolId: string): Promise<Agreement[]> {
  return context.loaders.of(agreementsBySchool).load(schoolId)
}

export function listProposals(context: SubgraphContext, args: ProposalListArgs): Promise<Connection<AgreementProposal>> {
  const schoolId = args.schoolId ?? null
  const applicationId = args.applicationId ?? null
  const state = args.state ?? null
  assertUuids({ schoolId, applicationId })
  return readPage<AgreementProposal>(context, {
    list: ['agreementProposals', schoolId, applicationId, state],
    page: args,
    position: (row) => [row.schoolId, row.id],
    read: (after, limit) =>
      openAgreements(context, schoolId ? [schoolId] : null, async (tx, visible) => {
        const wanted = applicationId ?? context.viewer.applicationId
        const values = [visible, wanted, state, after?.[0] ?? null, after?.[1] ?? null, limit]
        const rows = await tx.query<AgreementProposal & Record<string, unknown>>(sql.PROPOSAL_PAGE, values)
        for (const row of rows) context.touched.schools.add(row.schoolId)
        return rows
      }),
  })
}
