// How complete the profiles of a school are (R20): counts, the incomplete records by their keys, and the names of what they lack.
import { readPage, type Connection, type PageArgs } from '../../kernel/connection.ts'
import {
  defineBatch,
  idsOf,
  schoolKeyOf,
  schoolsOf,
  type BatchLoad,
  type SchoolKey,
  type SubgraphContext,
} from '../../kernel/context.ts'
import { vietnamDay, type Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { isSensitive, requiredOf, SCOPE_OF, type Profile, type RequiredAttribute } from '../roster/required-attributes.ts'
import type { IncompleteRecord, ProfileCompleteness } from '../schema/completeness-types.ts'
import * as sql from '../store/completeness-queries.ts'

const PROFILES: readonly Profile[] = ['SCHOOL', 'CLASS_ROOM', 'STAFF', 'STUDENT']
const NOBODY = '00000000-0000-0000-0000-000000000000'

interface Counts {
  readonly schoolId: string
  readonly id: string
  readonly records: number
  readonly incomplete: number
  readonly missing: readonly number[]
}

/** Of these schools, those whose sensitive data the caller may read: elsewhere it is not even told what is missing of them. */
function sensitiveAt(context: SubgraphContext, profile: Profile, schools: readonly string[]): Promise<readonly string[]> {
  if (!requiredOf(profile).some(isSensitive) || !context.viewer.scopes.includes('student.sensitive.read'))
    return Promise.resolve([])
  return context.database.read(context, { scope: 'student.sensitive.read', schools }, (tx) => Promise.resolve(tx.schools))
}

/** What every statement begins with: the schools, those of sensitive data, today. */
async function reading<T>(
  context: SubgraphContext,
  profile: Profile,
  schools: readonly string[],
  work: (tx: Transaction, values: readonly unknown[], sensitive: ReadonlySet<string>) => Promise<T>,
): Promise<T> {
  const sensitive = await sensitiveAt(context, profile, schools)
  return context.database.read(context, { scope: SCOPE_OF[profile], schools }, (tx) =>
    work(tx, [tx.schools, sensitive, vietnamDay(context.now())], new Set(sensitive)),
  )
}

const lookedAt = (profile: Profile, sensitive: boolean): readonly (readonly [RequiredAttribute, number])[] =>
  requiredOf(profile).flatMap((attribute, place) => (sensitive || !isSensitive(attribute) ? [[attribute, place] as const] : []))

function told(profile: Profile, counts: Counts | undefined, sensitive: boolean): ProfileCompleteness {
  const records = counts?.records ?? 0
  return {
    profile,
    records,
    complete: records - (counts?.incomplete ?? 0),
    missing: lookedAt(profile, sensitive).map(([{ field, name }, place]) => ({
      field,
      name,
      records: counts?.missing[place] ?? 0,
    })),
  }
}

/** Under a scope that the caller does not hold there is nothing to count. */
const countsOf = (profile: Profile): BatchLoad<string, ProfileCompleteness | null> =>
  defineBatch<string, ProfileCompleteness | null>(
    (id) => id,
    async (context, ids) => {
      if (!context.viewer.scopes.includes(SCOPE_OF[profile])) return ids.map(() => null)
      return reading(context, profile, ids, async (tx, values, sensitive) => {
        const rows = await tx.query<Counts & Record<string, unknown>>(sql.COUNTS[profile], values)
        const bySchool = new Map(rows.map((row) => [row.schoolId, row]))
        return ids.map((id) => (tx.schools.includes(id) ? told(profile, bySchool.get(id), sensitive.has(id)) : null))
      })
    },
  )

const COUNTS_OF = new Map(PROFILES.map((profile) => [profile, countsOf(profile)]))

export async function completenessOfSchool(context: SubgraphContext, schoolId: string): Promise<ProfileCompleteness[]> {
  const all = await Promise.all([...COUNTS_OF.values()].map((batch) => context.loaders.of(batch).load(schoolId)))
  return all.filter((each) => each !== null)
}

export const completenessOfClass = defineBatch<SchoolKey, ProfileCompleteness | null>(schoolKeyOf, (context, keys) =>
  reading(context, 'STUDENT', schoolsOf(keys), async (tx, values, sensitive) => {
    const rows = await tx.query<Counts & Record<string, unknown>>(sql.COUNTS_OF_CLASSES, [...values, idsOf(keys)])
    const byClass = new Map(rows.map((row) => [schoolKeyOf(row), row]))
    return keys.map((key) =>
      tx.schools.includes(key.schoolId) ? told('STUDENT', byClass.get(schoolKeyOf(key)), sensitive.has(key.schoolId)) : null,
    )
  }),
)

type Found = SchoolKey & { readonly missing: readonly (boolean | null)[] }

const namesOf = (profile: Profile, { missing }: Found): string[] =>
  requiredOf(profile).flatMap(({ field }, place) => (missing[place] ? [field] : []))

const missingBy = (profile: 'STAFF' | 'STUDENT'): BatchLoad<SchoolKey, string[]> =>
  defineBatch(schoolKeyOf, (context, keys) =>
    reading(context, profile, schoolsOf(keys), async (tx, values) => {
      const rows = await tx.query<Found & Record<string, unknown>>(sql.missingOfRecords(profile), [...values, idsOf(keys)])
      const byKey = new Map(rows.map((row) => [schoolKeyOf(row), row]))
      return keys.map((key) => {
        const row = byKey.get(schoolKeyOf(key))
        return row ? namesOf(profile, row) : []
      })
    }),
  )

export const missingOfStudent = missingBy('STUDENT')
export const missingOfStaff = missingBy('STAFF')

type Row = Found & { readonly key: string; readonly order: string }

export function listIncomplete(
  context: SubgraphContext,
  schoolId: string,
  profile: Profile,
  field: string | null,
  page: PageArgs,
): Promise<Connection<IncompleteRecord>> {
  const place = field === null ? null : requiredOf(profile).findIndex((attribute) => attribute.field === field) + 1
  if (place === 0)
    throw new PlatformError('INPUT_INVALID', {
      message: `No attribute of this name is required of the profile. Required are: ${requiredOf(profile)
        .map((each) => each.field)
        .join(', ')}.`,
      messageVi: `Hồ sơ không yêu cầu thuộc tính này. Các thuộc tính bắt buộc: ${requiredOf(profile)
        .map((each) => each.field)
        .join(', ')}.`,
    })
  return readPage<IncompleteRecord & { readonly order: string }>(context, {
    list: ['incompleteRecords', schoolId, profile, field],
    page,
    position: ({ order, id }) => [order, id],
    read: (after, limit) =>
      reading(context, profile, [schoolId], async (tx, values) => {
        const rows = await tx.query<Row & Record<string, unknown>>(sql.incompletePage(profile), [
          ...values,
          place,
          ...(after ?? ['', NOBODY]),
          limit,
        ])
        if (profile === 'STUDENT') for (const { id } of rows.slice(0, page.first)) context.touched.students.add(id)
        return rows.map((row) => ({ profile, id: row.id, key: row.key, order: row.order, missing: namesOf(profile, row) }))
      }),
  })
}
