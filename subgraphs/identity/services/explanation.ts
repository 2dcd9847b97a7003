// Which scopes and schools stand behind an operation for the caller, and what is missing where.
import { readPage, type Connection, type PageArgs } from '../../kernel/connection.ts'
import { defineBatch, type SubgraphContext } from '../../kernel/context.ts'
import { vietnamDay } from '../../kernel/database.ts'
import { isScope, type Scope } from '../../kernel/scopes.ts'
import { MissingScopeReason } from '../schema/explanation-types.ts'
import type { SchoolAccess, ScopeExplanation } from '../schema/explanation-types.ts'
import * as sql from '../store/explanation-queries.ts'
import { readRegistry } from '../store/loaders.ts'
import { scopesNamed } from './scopes.ts'

// Rights over the registry and over aggregates: held or not, and no school agrees to them.
const OF_NO_SCHOOL: ReadonlySet<string> = new Set<Scope>([
  'identity.read',
  'report.read',
  'report.submit',
  'report.approve',
  'access.review',
  'audit.read',
  'vendor.approve',
])

/** Asked of the very function that opens a transaction, so that an explanation cannot disagree with the wall. */
const openSchools = defineBatch<Scope, ReadonlySet<string>>(
  (scope) => scope,
  async (context, scopes) => {
    const open: ReadonlySet<string>[] = []
    // One after the other: an explanation is no reason to take every connection of the pool.
    for (const scope of scopes) {
      const held = context.viewer.scopes.includes(scope)
      open.push(new Set(held ? await context.database.read(context, { scope }, async (tx) => tx.schools) : []))
    }
    return open
  },
)

const scopesIn = (neededScopes: string): Scope[] => neededScopes.split(' ').filter(isScope)

export async function explainScopes(context: SubgraphContext, neededScopes: string): Promise<ScopeExplanation[]> {
  const needed = scopesIn(neededScopes)
  if (needed.length === 0) return []
  const { viewer } = context
  const approvedScopes = await scopesBeforeToken(context)
  return Promise.all(
    needed.map(async (name) => {
      const held = viewer.scopes.includes(name)
      const approved = approvedScopes.includes(name)
      return {
        scope: scopesNamed([name])[0]!,
        held,
        missingBecause: held ? null : approved ? MissingScopeReason.NOT_IN_TOKEN : MissingScopeReason.NOT_APPROVED,
        openSchools: OF_NO_SCHOOL.has(name) ? null : (await context.loaders.of(openSchools).load(name)).size,
      }
    }),
  )
}

/** Of an application its approval, also when it acts for a person; of a person in person the office. */
async function scopesBeforeToken(context: SubgraphContext): Promise<readonly string[]> {
  const { applicationId, accountId, clientId } = context.viewer
  const [row] =
    applicationId === null && accountId !== null
      ? await readRegistry<{ scopes: string[] }>(context, sql.SCOPES_OF_ACCOUNT, [accountId])
      : await readRegistry<{ scopes: string[] }>(context, sql.SCOPES_OF_CLIENT, [clientId])
  return row?.scopes ?? []
}

async function accessBySchool(context: SubgraphContext, needed: readonly Scope[]): Promise<SchoolAccess[]> {
  const { applicationId, accountId } = context.viewer
  const atSchools = needed.filter((scope) => !OF_NO_SCHOOL.has(scope))
  if (atSchools.length === 0) return []
  const agreements = new Map<string, string[]>()
  if (applicationId) {
    const rows = await readRegistry<{ schoolId: string; agreementIds: string[] }>(context, sql.AGREEMENTS_IN_FORCE, [
      applicationId,
      vietnamDay(context.now()),
    ])
    for (const { schoolId, agreementIds } of rows) agreements.set(schoolId, agreementIds)
  }
  const open = await Promise.all(atSchools.map((scope) => context.loaders.of(openSchools).load(scope)))
  // A person sees the schools of the office alone, also through an application that other schools have agreed with.
  const concerned = new Set(open.flatMap((schools) => [...schools]))
  if (accountId === null) for (const schoolId of agreements.keys()) concerned.add(schoolId)
  return [...concerned].sort().map((id) => {
    const missing = atSchools.filter((_, index) => !open[index]!.has(id))
    return {
      school: { id },
      agreementIds: agreements.get(id) ?? [],
      open: missing.length === 0,
      missingScopes: scopesNamed(missing),
    }
  })
}

export function explainSchools(
  context: SubgraphContext,
  neededScopes: string,
  page: PageArgs,
): Promise<Connection<SchoolAccess>> {
  return readPage<SchoolAccess>(context, {
    list: ['explainSchools', neededScopes],
    page,
    position: ({ school }) => [school.id],
    read: async (after, limit) => {
      const all = await accessBySchool(context, scopesIn(neededScopes))
      const rest = after ? all.filter(({ school }) => school.id > String(after[0])) : all
      return rest.slice(0, limit)
    },
  })
}
