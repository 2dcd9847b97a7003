// How fresh the records of schools are (R11): of one school by kind, of an authority's schools as a list and as counts.
import { readPage, type Connection } from '../../kernel/connection.ts'
import { defineBatch, type BatchLoad, type SubgraphContext } from '../../kernel/context.ts'
import { uuidOf, vietnamDay, type Transaction } from '../../kernel/database.ts'
import { RECORD_KINDS, SCOPE_OF_KIND, type RecordKind } from '../../kernel/freshness.ts'
import type { Scope } from '../../kernel/scopes.ts'
import type { Viewer } from '../../kernel/viewer.ts'
import { countsOf } from '../forms/windows.ts'
import type { SchoolFreshnessArgs } from '../schema/freshness-inputs.ts'
import {
  FreshnessState,
  type ApplicationFreshness,
  type DataFreshness,
  type FreshnessCount,
  type RecordFreshness,
  type SchoolFreshness,
} from '../schema/freshness-types.ts'
import type { AuthorityArgs } from '../schema/inputs.ts'
import { readBelow } from '../store/loaders.ts'
import * as sql from '../store/freshness-queries.ts'

const NIL = '00000000-0000-0000-0000-000000000000'
/** No application has this id (RFC 9562, max). */
const NO_APPLICATION = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** Of these an application is told what it did itself: what others wrote is the families' to open. */
const RESTS_ON_CONSENT: ReadonlySet<RecordKind> = new Set(['GUARDIAN', 'HEALTH_RECORD', 'CONSENT'] as const)

interface Counted {
  readonly confirmedAt: string | null
  readonly changedAt: string | null
  readonly daysAgo: number | null
  readonly changed: readonly number[] | null
  readonly confirmed: readonly number[] | null
}

interface Place {
  readonly schoolId: string
  readonly kind: RecordKind
  readonly state: `${FreshnessState}`
  readonly dueWithinDays: number | null
}

interface Line extends Place, Counted {
  readonly changedBy: string | null
}

type Details = Omit<Line, 'state' | 'dueWithinDays'> & Record<string, unknown>

type Told = Omit<RecordFreshness, 'openedBy' | 'schoolId'>

const toldOf = ({ kind, state, dueWithinDays, confirmedAt, changedAt, changedBy, daysAgo, changed, confirmed }: Line): Told => ({
  kind,
  state,
  dueWithinDays,
  lastConfirmedAt: confirmedAt,
  lastChangedAt: changedAt,
  lastChangedBy: changedBy === null ? null : { id: changedBy },
  changed: countsOf(changed, daysAgo),
  confirmed: countsOf(confirmed, daysAgo),
})

const nothingOf = (schoolId: string, kind: RecordKind): Line => ({
  schoolId,
  kind,
  state: FreshnessState.UNDECLARED,
  dueWithinDays: null,
  confirmedAt: null,
  changedAt: null,
  changedBy: null,
  daysAgo: null,
  changed: null,
  confirmed: null,
})

const ofKind = ({ schoolId, kind }: Pick<Place, 'schoolId' | 'kind'>): string => `${schoolId} ${kind}`

/** Places with the times and counts that stand behind them. */
async function withDetails<P extends Place>(
  tx: Transaction,
  places: readonly P[],
  today: string,
  applicationId: string | null = null,
): Promise<(P & Line)[]> {
  const schools = [...new Set(places.map(({ schoolId }) => schoolId))]
  const kinds = [...new Set(places.map(({ kind }) => kind))]
  const details =
    applicationId === null
      ? await tx.query<Details>(sql.DETAILS, [schools, kinds, today])
      : await tx.query<Details>(sql.DETAILS_OF_APPLICATION, [schools, kinds, today, applicationId])
  const byKind = new Map(details.map((row) => [ofKind(row), row]))
  return places.map((place) => ({ ...nothingOf(place.schoolId, place.kind), ...byKind.get(ofKind(place)), ...place }))
}

/** The whole is told to whoever sees the whole; an application is not told how much others write. */
function within(viewer: Viewer, line: Line, isNarrowed: boolean): Told {
  const told = toldOf(line)
  if (isNarrowed || (viewer.applicationId !== null && RESTS_ON_CONSENT.has(line.kind)))
    return {
      ...toldOf(nothingOf(line.schoolId, line.kind)),
      dueWithinDays: line.dueWithinDays,
      state: null,
      changed: null,
      confirmed: null,
    }
  return viewer.applicationId === null ? told : { ...told, changed: null, confirmed: null }
}

const freshnessUnder = (scope: Scope, kinds: readonly RecordKind[]): BatchLoad<string, RecordFreshness[]> =>
  defineBatch<string, RecordFreshness[]>(
    (id) => id,
    (context, ids) =>
      context.database.read(context, { scope, schools: ids, joinsMany: true }, async (tx) => {
        const now = context.now()
        const today = vietnamDay(now)
        const values = [tx.schools, kinds, today, now.toISOString()]
        const places = await tx.query<Place & Record<string, unknown>>(sql.FRESHNESS_OF_SCHOOLS, values)
        const lines = await withDetails(tx, places, today)
        const [narrowed] = await tx.query<{ schools: string[] }>(sql.NARROWED, [])
        const byKind = new Map(lines.map((line) => [ofKind(line), line]))
        return ids.map((id) => {
          if (!tx.schools.includes(id)) return []
          const isNarrowed = narrowed!.schools.includes(id)
          return kinds.map((kind) => ({
            ...within(context.viewer, byKind.get(ofKind({ schoolId: id, kind })) ?? nothingOf(id, kind), isNarrowed),
            schoolId: id,
            openedBy: scope,
          }))
        })
      }),
  )

/** Whoever answers for a school reads how it stands as a report, also of records that are not theirs to read. */
const OF_REPORTS = freshnessUnder('report.read', RECORD_KINDS)
const OF_SCOPES = new Map(
  [...Map.groupBy(RECORD_KINDS, (kind) => SCOPE_OF_KIND[kind])].map(([scope, kinds]) => [scope, freshnessUnder(scope, kinds)]),
)

const answersForSchools = ({ applicationId, role, scopes }: Viewer): boolean =>
  applicationId === null && (role === 'PRINCIPAL' || role === 'AUTHORITY_OFFICER') && scopes.includes('report.read')

export async function freshnessOfSchool(context: SubgraphContext, schoolId: string): Promise<RecordFreshness[]> {
  const { viewer, loaders } = context
  const batches = answersForSchools(viewer)
    ? [OF_REPORTS]
    : [...OF_SCOPES].flatMap(([scope, batch]) => (viewer.scopes.includes(scope) ? [batch] : []))
  const lines = (await Promise.all(batches.map((batch) => loaders.of(batch).load(schoolId)))).flat()
  return lines.toSorted((one, other) => RECORD_KINDS.indexOf(one.kind) - RECORD_KINDS.indexOf(other.kind))
}

interface Keeper extends Counted {
  readonly schoolId: string
  readonly kind: RecordKind
  readonly applicationId: string
}

const keeperOf = ({ applicationId, confirmedAt, changedAt, daysAgo, changed, confirmed }: Keeper): ApplicationFreshness => ({
  application: applicationId === NIL ? null : { id: applicationId },
  lastConfirmedAt: confirmedAt,
  lastChangedAt: changedAt,
  changed: countsOf(changed, daysAgo),
  confirmed: countsOf(confirmed, daysAgo),
})

type KindOfSchool = Pick<RecordFreshness, 'schoolId' | 'kind' | 'openedBy'>
const keyOf = ({ schoolId, kind, openedBy }: KindOfSchool): string => `${openedBy} ${schoolId} ${kind}`

/** One transaction for each scope under which the lines were read: a line is told no more than it was opened for. */
export const keepersOfLine = defineBatch<KindOfSchool, ApplicationFreshness[]>(keyOf, async (context, lines) => {
  const { applicationId } = context.viewer
  const told = new Map<string, ApplicationFreshness[]>()
  for (const [openedBy, under] of Map.groupBy(lines, (line) => line.openedBy)) {
    const schools = [...new Set(under.map(({ schoolId }) => schoolId))]
    const kinds = [...new Set(under.map(({ kind }) => kind))]
    await context.database.read(context, { scope: openedBy, schools, joinsMany: true }, async (tx) => {
      const values = [tx.schools, kinds, vietnamDay(context.now())]
      const keepers = await tx.query<Keeper & Record<string, unknown>>(sql.KEEPERS, values)
      for (const [key, rows] of Map.groupBy(keepers, ({ schoolId, kind }) => keyOf({ schoolId, kind, openedBy })))
        told.set(key, rows.map(keeperOf))
    })
  }
  const never = applicationId === null ? [] : [keeperOf({ ...nothingOf('', 'STUDENT'), applicationId })]
  return lines.map((line) => told.get(keyOf(line)) ?? never)
})

export function countFreshness(context: SubgraphContext, { authorityId }: AuthorityArgs): Promise<DataFreshness> {
  return readBelow(context, authorityId, async (tx, { authority, schoolIds, today }) => {
    const asOf = context.now().toISOString()
    for (const id of schoolIds) context.touched.schools.add(id)
    const values = [schoolIds, RECORD_KINDS, today, asOf, schoolIds.length]
    const counts = await tx.query<FreshnessCount & Record<string, unknown>>(sql.FRESHNESS_COUNTS, values)
    return { authority: { id: authority.id }, unitName: authority.name, asOf, schools: schoolIds.length, counts }
  })
}

type PlaceInList = Place & { readonly since: string }

const EVERY_STATE: readonly FreshnessState[] = Object.values(FreshnessState)

const pageOf = (tx: Transaction, applicationId: string | null, values: readonly unknown[]) =>
  applicationId === null
    ? tx.query<PlaceInList & Record<string, unknown>>(sql.FRESHNESS_PAGE, values)
    : tx.query<PlaceInList & Record<string, unknown>>(sql.FRESHNESS_PAGE_OF_APPLICATION, [...values, applicationId])

export function listFreshness(
  context: SubgraphContext,
  { authorityId, kinds, states, applicationId, first, after }: SchoolFreshnessArgs,
): Promise<Connection<SchoolFreshness>> {
  const application = applicationId ? (uuidOf(applicationId) ?? NO_APPLICATION) : null
  const [wanted, shown] = [kinds?.length ? kinds : RECORD_KINDS, states?.length ? states : EVERY_STATE]
  return readPage<SchoolFreshness & { readonly since: string }>(context, {
    list: ['schoolFreshness', authorityId ?? null, wanted, shown, application],
    page: { first, after: after ?? null },
    position: ({ since, schoolId, kind }) => [since, schoolId, kind],
    read: (position, limit) =>
      readBelow(context, authorityId, async (tx, { schoolIds, today }) => {
        const from = position ?? ['-infinity', NIL, '']
        const values = [schoolIds, wanted, today, context.now().toISOString(), shown, ...from, limit]
        const lines = await withDetails(tx, await pageOf(tx, application, values), today, application)
        const named = [...new Set(lines.map(({ schoolId }) => schoolId))]
        const names = await tx.query<{ schoolId: string; name: string }>(sql.NAMES_OF_SCHOOLS, [named])
        const nameOf = new Map(names.map(({ schoolId, name }) => [schoolId, name]))
        for (const { schoolId } of lines.slice(0, first)) context.touched.schools.add(schoolId)
        return lines.map((line) => ({
          ...toldOf(line),
          since: line.since,
          openedBy: 'report.read' as const,
          schoolId: line.schoolId,
          school: { id: line.schoolId },
          schoolName: nameOf.get(line.schoolId)!,
        }))
      }),
  })
}
