// What a record said before: its versions as they are read, many records a query, each with what it changed of the one before.
import { readPage, type Connection, type PageArgs } from '../connection.ts'
import { defineBatch, type BatchLoad, type SchoolKey, type SubgraphContext } from '../context.ts'
import type { Scope } from '../scopes.ts'
import type { Viewer } from '../viewer.ts'
import { changesBetween, worded, type Part } from './history.ts'
import type { RecordVersion } from './history-types.ts'

/** A page of the versions of one record. */
interface VersionsAsked extends SchoolKey {
  /** The page begins below this version. */
  readonly before: number
  readonly size: number
}

interface VersionRow {
  readonly version: number
  readonly validFrom: string
  readonly validTo: string | null
  readonly replacedByAccountId: string | null
  readonly applicationId: string | null
  readonly texts: readonly (string | null)[]
}

/**
 * Of many records a page each: $1 schools, $2 ids, $3 versions before which the page begins, $4 rows a page, $5 the schools opened.
 * A record has a history where the record itself is seen, so each is found under the policies first. Former versions are one range
 * of their primary key, read backwards, under policies of their own. No column leaves that the part does not tell.
 */
function versionsOf(schema: string, { table, entity, throughStudent, student, fields }: Part): string {
  const id = table === 'school' ? 's.school_id' : 's.id'
  const columns = Object.values(fields).map(({ column }) => `v.record ->> '${column}'`)
  const pupil = throughStudent
    ? `\njoin ${schema === 'schools' ? 'schools' : 'published'}.student p on p.school_id = s.school_id and p.id = s.student_id`
    : ''
  return `
select k.place::int as "place", v.version, (v.record ->> 'updated_at')::timestamptz as "validFrom", v.replaced_at as "validTo",
  v.replaced_by_account_id as "replacedByAccountId", v.record ->> 'application_id' as "applicationId",
  ${student ? `s.${student}` : 'null'} as "studentId", array[${columns.join(', ')}] as "texts"
from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[]) with ordinality k (school_id, id, before, size, place)
join ${schema}.${table} s on s.school_id = k.school_id and ${id} = k.id${pupil}
cross join lateral (
  select s.version, to_jsonb(s) as record, null::timestamptz as replaced_at, null::uuid as replaced_by_account_id
  where s.version < k.before
  union all
  (select f.version, f.record, f.replaced_at, f.replaced_by_account_id
  from ${schema}.former_version f
  where f.school_id = k.school_id
    and f.entity = '${entity}'
    and f.entity_id = k.id
    and f.version < k.before
  order by f.version desc
  limit k.size)
) v
where s.school_id = any ($5::uuid[])
order by k.place, v.version desc`
}

/** The former versions of one kind of record, in the schema that keeps them, under the scope of the type that tells them. */
export interface History {
  readonly name: string
  readonly part: Part
  readonly load: BatchLoad<VersionsAsked, VersionRow[]>
}

export function defineHistory(name: string, schema: string, scope: Scope, part: Part): History {
  const text = versionsOf(schema, part)
  const load = defineBatch<VersionsAsked, VersionRow[]>(
    ({ schoolId, id, before, size }) => `${schoolId}/${id}/${before}/${size}`,
    (context, asked) =>
      context.database.read(context, { scope, schools: [...new Set(asked.map(({ schoolId }) => schoolId))] }, async (tx) => {
        const rows = await tx.query<VersionRow & { place: number; studentId: string | null } & Record<string, unknown>>(text, [
          asked.map(({ schoolId }) => schoolId),
          asked.map(({ id }) => id),
          asked.map(({ before }) => before),
          asked.map(({ size }) => size),
          tx.schools,
        ])
        const pages: VersionRow[][] = asked.map(() => [])
        for (const { place, studentId, ...row } of rows) {
          if (studentId !== null) context.touched.students.add(studentId)
          const page = pages[place - 1]!
          if (page.length < asked[place - 1]!.size) page.push(row)
        }
        return pages
      }),
  )
  return { name, part, load }
}

/** Above every version. */
const NEWEST = 2 ** 31 - 1

/** Who of a school did what is told to those who answer for it, signed in personally; a product learns of no person. */
const isToldOfPeople = ({ applicationId, role }: Viewer): boolean =>
  applicationId === null && (role === 'PRINCIPAL' || role === 'AUTHORITY_OFFICER')

/**
 * `below`: the next older one that the caller sees. Only the very version before says what this one changed, and who made it: where
 * a policy hides that, the step is not told.
 */
function shape(part: Part, key: SchoolKey, row: VersionRow, below: VersionRow | undefined, viewer: Viewer): RecordVersion {
  const fields = worded(part, row.texts)
  const before = below?.version === row.version - 1 ? below : null
  return {
    version: row.version,
    validFrom: row.validFrom,
    validTo: row.validTo,
    accountId: before !== null && isToldOfPeople(viewer) ? before.replacedByAccountId : null,
    changes: before && changesBetween(worded(part, before.texts), fields),
    fields,
    schoolId: key.schoolId,
    id: key.id,
    applicationId: row.applicationId,
    updatedAt: row.validFrom,
  }
}

export function listVersions(
  context: SubgraphContext,
  { name, part, load }: History,
  key: SchoolKey,
  page: PageArgs,
): Promise<Connection<RecordVersion>> {
  return readPage<RecordVersion>(context, {
    list: ['history', name, key.schoolId, key.id],
    page,
    position: ({ version }) => [version],
    read: async (after, limit) => {
      const before = (after?.[0] as number | undefined) ?? NEWEST
      const rows = await context.loaders.of(load).load({ ...key, before, size: limit })
      // One row more than the page has is read anyway: it is what the last of the page is compared with.
      return rows.map((row, place) => shape(part, key, row, rows[place + 1], context.viewer))
    },
  })
}
