// Which school a reference means: by its id, by any code it has or had, by the caller's own id. Everything that takes a code asks here.
//
// A code passes on when a school is renamed or goes into another: from then on it means the school that it leads to, for reading
// as for writing. Which codes lead where is a public list, whom they lead to is not open by that: a school is found among those
// that the transaction opened, by one and the same statement whether it is not there or not the caller's.
import type { SubgraphContext } from './context.ts'
import { OPEN_SCHOOLS, uuidOf, type Transaction } from './database.ts'
import type { Reference } from './named.ts'
import { findByExternalId } from './own-id.ts'
import { chosen } from './reference.ts'
import type { Scope } from './scopes.ts'
import { isStorable } from './text.ts'

/** By the primary key of the list. */
const OPEN_SCHOOL_BY_CODE = `
select school as "id"
from published.school_code
where code = $1
  and school = any (${OPEN_SCHOOLS})`

/** Null for a school that is not there as for one that is not open under the scope. An id is taken as it is: what opens it finds out. */
export async function findSchoolId(context: SubgraphContext, scope: Scope, ref: Reference): Promise<string | null> {
  const by = chosen(ref, ['id', 'code', 'externalId'])
  if (by === 'id') return uuidOf(ref.id!)
  if (!isStorable(ref[by]!)) return null
  if (by === 'code') {
    const [row] = await context.database.readOpen<{ id: string }>(context, scope, OPEN_SCHOOL_BY_CODE, [ref.code])
    return row?.id ?? null
  }
  return context.database.read(
    context,
    { scope },
    async (tx) => (await findByExternalId(context, tx, 'SCHOOL', ref.externalId!))?.id ?? null,
  )
}

const LISTED_SCHOOL = `
select school as "id"
from published.school_code
where ($1::uuid is null or school = $1)
  and ($2::text is null or code = $2)
limit 1`

/** Any school of the province, open or not: that it exists is public, what it holds is not. */
export async function findListedSchoolId(tx: Transaction, ref: Reference): Promise<string | null> {
  const by = chosen(ref, ['id', 'code'])
  const id = by === 'id' ? uuidOf(ref.id!) : null
  if (by === 'id' && id === null) return null
  const [row] = await tx.query<{ id: string }>(LISTED_SCHOOL, [id, by === 'code' ? ref.code : null])
  return row?.id ?? null
}

export interface ListedSchool {
  readonly id: string
  /** Its present code. */
  readonly code: string
}

const LISTED_SCHOOLS = `
select k.code, k.school as "id", c.code as "current"
from published.school_code k
join published.school_code c on c.school = k.school and c.current
where k.code = any ($1::text[])`

/** To which schools of the province these codes lead. */
export async function listedSchools(tx: Transaction, codes: readonly string[]): Promise<ReadonlyMap<string, ListedSchool>> {
  if (codes.length === 0) return new Map()
  const rows = await tx.query<{ code: string; id: string; current: string }>(LISTED_SCHOOLS, [codes])
  return new Map(rows.map(({ code, id, current }) => [code, { id, code: current }]))
}
