// How a report reads: one transaction, opened for the schools of the officer, narrowed to those of the authority asked for.
import type { SubgraphContext } from '../../kernel/context.ts'
import { isUuid, vietnamDay, type Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import type { ReportedSchool } from '../forms/contact-book.ts'
import * as sql from './queries.ts'

// In the order of the form, by Vietnamese name: the same on every server, whatever collations it has.
const { compare } = new Intl.Collator('vi', { numeric: true })
const byName = (one: ReportedSchool, other: ReportedSchool): number =>
  compare(one.name, other.name) || compare(one.schoolId, other.schoolId)

export interface ReportedAuthority {
  readonly id: string
  readonly name: string
}

export interface ReportScope {
  readonly authority: ReportedAuthority
  readonly schools: readonly ReportedSchool[]
  /** Ids of the schools, for the predicate of every further statement. */
  readonly schoolIds: readonly string[]
  readonly today: string
}

/** An authority that does not exist and one that is not below the officer's are refused alike. */
async function getAuthorityBelow(tx: Transaction, asked: string, own: string): Promise<ReportedAuthority> {
  const [authority] = isUuid(asked) ? await tx.query<{ id: string; name: string }>(sql.AUTHORITY_BELOW, [asked, own]) : []
  if (!authority)
    throw new PlatformError('ACT_FORBIDDEN', {
      message: 'An officer reads the reports of the own authority and of those below it.',
      messageVi: 'Cán bộ xem báo cáo của cơ quan mình và của các cơ quan trực thuộc.',
    })
  return authority
}

/** What a list of schools needs to know of an office: their ids, in one statement of the oversight. */
export interface Below {
  readonly authority: ReportedAuthority
  readonly schoolIds: readonly string[]
  readonly today: string
}

/** Runs a reading over the ids of the schools that stand under the authority today. */
export function readBelow<T>(
  context: SubgraphContext,
  askedAuthority: string | null | undefined,
  work: (tx: Transaction, below: Below) => Promise<T>,
): Promise<T> {
  const own = context.viewer.authorityId
  if (own === null) throw new PlatformError('ACT_FORBIDDEN')
  return context.database.read(context, { scope: 'report.read', joinsMany: true }, async (tx) => {
    const today = vietnamDay(context.now())
    const authority = await getAuthorityBelow(tx, askedAuthority ?? own, own)
    const below = await tx.query<{ schoolId: string }>(sql.SCHOOLS_OF_AUTHORITY, [tx.schools, authority.id, today])
    return work(tx, { authority, schoolIds: below.map(({ schoolId }) => schoolId), today })
  })
}

/** Runs the report's reading over the schools that stand under the authority today. */
export function readReport<T>(
  context: SubgraphContext,
  askedAuthority: string | null | undefined,
  work: (tx: Transaction, scope: ReportScope) => Promise<T>,
): Promise<T> {
  const own = context.viewer.authorityId
  if (own === null) throw new PlatformError('ACT_FORBIDDEN')
  return context.database.read(context, { scope: 'report.read' }, async (tx) => {
    const today = vietnamDay(context.now())
    const authority = await getAuthorityBelow(tx, askedAuthority ?? own, own)
    const below = await tx.query<{ schoolId: string }>(sql.SCHOOLS_OF_AUTHORITY, [tx.schools, authority.id, today])
    const schools = await tx.query<ReportedSchool & Record<string, unknown>>(sql.REPORTED_SCHOOLS, [
      below.map(({ schoolId }) => schoolId),
    ])
    schools.sort(byName)
    for (const { schoolId } of schools) context.touched.schools.add(schoolId)
    return work(tx, { authority, schools, schoolIds: schools.map(({ schoolId }) => schoolId), today })
  })
}
