// The contact-book report: every school of the authority, what its parents pay, and how many pupils take part.
import type { SubgraphContext } from '../../kernel/context.ts'
import { vietnamDay } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import {
  CONTACT_BOOK_TITLE,
  contactBookLines,
  contactBookTotals,
  SIGNATURE_TITLE,
  type ReportedPlan,
} from '../forms/contact-book.ts'
import { parseMonth, type Month } from '../forms/month.ts'
import type { ContactBookReportArgs } from '../schema/inputs.ts'
import type { ContactBookReport } from '../schema/types.ts'
import { readReport } from '../store/loaders.ts'
import * as sql from '../store/queries.ts'

function getReportedMonth(text: string, today: string): Month {
  const month = parseMonth(text)
  if (!month || month.firstDay > today)
    throw new PlatformError('INPUT_INVALID', {
      message: 'A month of a report is as 2026-11, and has begun.',
      messageVi: 'Tháng báo cáo có dạng 2026-11 và đã bắt đầu.',
      path: ['month'],
    })
  return month
}

export function reportContactBook(
  context: SubgraphContext,
  { authorityId, month }: ContactBookReportArgs,
): Promise<ContactBookReport> {
  const { firstDay, lastDay } = getReportedMonth(month, vietnamDay(context.now()))
  return readReport(context, authorityId, async (tx, { authority, schools, schoolIds, today }) => {
    const countedOn = lastDay < today ? lastDay : today
    const plans = await tx.query<ReportedPlan & Record<string, unknown>>(sql.CONTACT_BOOKS_OF_MONTH, [
      schoolIds,
      firstDay,
      lastDay,
      countedOn,
    ])
    const [window] = await tx.query<{ dueOn: string }>(sql.DUE_DAY, ['CONTACT_BOOK', firstDay, lastDay])
    const rows = contactBookLines(schools, plans)
    return {
      authority: { id: authority.id },
      unitName: authority.name,
      title: CONTACT_BOOK_TITLE,
      month,
      dueOn: window?.dueOn ?? null,
      rows,
      totals: contactBookTotals(rows),
      signatureTitle: SIGNATURE_TITLE,
    }
  })
}
