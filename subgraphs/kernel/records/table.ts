// A table of records, and the statements with which batches write it: the former versions, the rows, the applications' own ids.
import type { Word } from './decide.ts'

/** A table of a school's records with its own columns, in the order in which they are written; beside them stand those of every record. */
export interface Table {
  readonly schema: string
  readonly name: string
  readonly columns: Readonly<Record<string, 'text' | 'uuid' | 'date' | 'smallint' | 'integer' | 'boolean' | 'jsonb'>>
}

/** The values of a row by the columns of its table. */
export function valuesOf({ columns }: Pick<Table, 'columns'>, row: Readonly<Record<string, unknown>>): Record<string, Word> {
  return Object.fromEntries(Object.keys(columns).map((column) => [column, row[column] as Word]))
}

/** The record as it is about to be replaced, whole. */
export const keepFormer = ({ schema, name }: Pick<Table, 'schema' | 'name'>): string => `
insert into ${schema}.former_version (school_id, entity, entity_id, version, record, replaced_at, replaced_by_application_id, replaced_by_account_id)
select s.school_id, $2, s.id, s.version, to_jsonb(s), $4, $5, $6
from ${schema}.${name} s
where s.school_id = $1
  and s.id = any ($3::uuid[])`

/**
 * New records and changed ones in one statement, rows locked in the order of their ids. `version` is the one before plus one:
 * a row that is not as it was read is left alone, and the count tells.
 */
export function upsert({ schema, name, columns }: Table): string {
  const names = Object.keys(columns)
  const arrays = ['uuid', 'integer', ...Object.values(columns)].map((type, index) => `$${index + 4}::${type}[]`)
  return `
with written as (
  insert into ${schema}.${name} as s (school_id, updated_at, application_id, id, version, ${names.join(', ')})
  select $1, $2, $3, k.id, k.version, ${names.map((column) => `k.${column}`).join(', ')}
  from unnest(${arrays.join(', ')})
    as k (id, version, ${names.join(', ')})
  order by k.id
  on conflict (school_id, id) do update
  set updated_at = excluded.updated_at,
    application_id = excluded.application_id,
    version = excluded.version,
    ${names.map((column) => `${column} = excluded.${column}`).join(',\n    ')}
  where s.version = excluded.version - 1
  returning 1
)
select count(*)::int as "count"
from written`
}

/** One id a record and application: the last one sent. */
export const forgetExternalIds = (schema: string): string => `
delete from ${schema}.external_reference
where school_id = $1
  and application_id = $2
  and entity = $3
  and entity_id = any ($4::uuid[])`

export const rememberExternalIds = (schema: string): string => `
insert into ${schema}.external_reference (school_id, application_id, entity, external_id, entity_id)
select $1, $2, $3, k.external_id, k.entity_id
from unnest($4::text[], $5::uuid[]) as k (external_id, entity_id)`

/** The columns of the table, of `s`, as a batch compares them. */
export const columnsOf = ({ columns }: Pick<Table, 'columns'>): string =>
  Object.keys(columns)
    .map((column) => `s.${column}`)
    .join(', ')

/** Joins to `s` the own id that the calling application ($2) has of it: `x.external_id`. */
export const joinOwnId = (schema: string, kind: string): string => `
left join ${schema}.external_reference x
  on x.school_id = s.school_id and x.entity_id = s.id and x.application_id = $2 and x.entity = '${kind}'`

/** Ids of records by whichever of id ($3), code ($4) and own id ($5): each list is looked up by its own index, however many the school has. */
export const idsNamed = (
  { schema, name }: Pick<Table, 'schema' | 'name'>,
  kind: string,
  references = `${schema}.external_reference`,
): string => `
  select unnest($3::uuid[])
  union all
  select o.id
  from ${schema}.${name} o
  where o.school_id = $1
    and o.code = any ($4::text[])
  union all
  select r.entity_id
  from ${references} r
  where r.school_id = $1
    and r.application_id = $2
    and r.entity = '${kind}'
    and r.external_id = any ($5::text[])`

const recordsWithOwnIds = (table: Table, kind: string): string => `
select s.id, s.version, x.external_id as "externalId", ${columnsOf(table)}
from ${table.schema}.${table.name} s${joinOwnId(table.schema, kind)}
where s.school_id = $1`

/** What a batch is judged by: the records that it names. */
export const recordsNamed = (table: Table, kind: string): string => `${recordsWithOwnIds(table, kind)}
  and s.id in (${idsNamed(table, kind)})`

/** The same of a kind of which a school has a few dozen: all of them. */
export const recordsOfSchool = recordsWithOwnIds
