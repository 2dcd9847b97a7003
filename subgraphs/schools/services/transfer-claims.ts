// The counts of claims, for whoever watches over them: compliance over every school, an authority over those below it.
import { readPage, type Connection, type PageArgs } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { uuidOf, vietnamDay } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import type { TransferClaimFilter } from '../schema/transfer-inputs.ts'
import type { TransferClaimCount } from '../schema/transfer-types.ts'
import * as sql from '../store/transfer-queries.ts'

const DAYS = 30

function applicationIn(filter: TransferClaimFilter | null): string | null {
  const sent = filter?.applicationId ?? null
  if (sent === null) return null
  const id = uuidOf(sent)
  if (id === null) throw new PlatformError('REFERENCE_INVALID', { path: ['filter', 'applicationId'] })
  return id
}

export function listTransferClaims(
  context: SubgraphContext,
  filter: TransferClaimFilter | null,
  page: PageArgs,
): Promise<Connection<TransferClaimCount>> {
  const now = context.now()
  const to = filter?.to ?? vietnamDay(now)
  const from = filter?.from ?? vietnamDay(new Date(Date.parse(to) - DAYS * 86_400_000))
  const applicationId = applicationIn(filter)
  const { accountId, role } = context.viewer
  return readPage<TransferClaimCount>(context, {
    list: ['transferClaims', from, to, applicationId],
    page,
    position: (row) => [row.day, row.schoolId, row.applicationId],
    read: (after, limit) =>
      context.database.read(context, { scope: 'school.read' }, (tx) => {
        const overseen = role === 'COMPLIANCE_OFFICER'
        return tx.query<TransferClaimCount & Record<string, unknown>>(overseen ? sql.CLAIMS_OVERSEEN : sql.CLAIMS_OF_SCHOOLS, [
          overseen ? accountId : tx.schools,
          from,
          to,
          applicationId,
          after?.[0] ?? null,
          after?.[1] ?? null,
          after?.[2] ?? null,
          limit,
        ])
      }),
  })
}
