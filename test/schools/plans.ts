// Statements as the subgraph sends them, with their values, and the plans that PostgreSQL makes of them under the row policies.
import { Client, escapeLiteral } from 'pg'
import type { Service } from '../../platform/database/roles.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import type { TestDatabase } from '../testkit/database.ts'
import type { TestSubgraph } from '../testkit/subgraph.ts'

interface Statement {
  readonly text: string
  readonly values?: readonly unknown[]
}

const literal = (value: unknown): string => {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return `array[${value.map(literal).join(', ')}]${value.length === 0 ? '::text[]' : ''}`
  return typeof value === 'string' ? escapeLiteral(value) : String(value)
}

const inLiterals = ({ text, values = [] }: Statement): string =>
  text.replace(/\$(\d+)/g, (_, place: string) => literal(values[Number(place) - 1]))

/** What opens is the whole of a message that begins a transaction, and the first statement of one that is a transaction by itself. */
function openingOf(together: readonly Statement[]): string {
  if (together[0]!.text.startsWith('begin')) return together.map(inLiterals).join('; ')
  return `begin read only; ${inLiterals(together[0]!)}`
}

export interface Sent {
  /** What opened the transaction of the statement. */
  readonly opening: string
  readonly text: string
  readonly values: readonly unknown[]
}

/** The statements that one operation sends inside its transactions. */
export async function sentBy(subgraph: TestSubgraph, viewer: Viewer, query: string, variables: object): Promise<Sent[]> {
  const { pool } = subgraph.runtime.storage
  type Query = (...args: unknown[]) => unknown
  const watched = new Map<{ query: Query }, Query>()
  const sent: Sent[] = []
  const onAcquire = (acquired: unknown): void => {
    const client = acquired as { query: Query }
    if (watched.has(client)) return
    const { query: original } = client
    watched.set(client, original)
    let opening = ''
    client.query = (...args) => {
      const [first] = args as [string | (Statement & { readonly statements?: readonly Statement[] })]
      const { statements: together } = typeof first === 'string' ? {} : first
      if (together) opening = openingOf(together)
      const asked = together ? together.slice(1).filter(() => !together[0]!.text.startsWith('begin')) : [first]
      for (const each of asked) if (typeof each !== 'string') sent.push({ opening, text: each.text, values: each.values ?? [] })
      return original.apply(client, args)
    }
  }
  pool.on('acquire', onAcquire)
  try {
    const { errors } = await subgraph.ask(viewer, query, variables as Record<string, unknown>)
    if (errors) throw new Error(JSON.stringify(errors))
    return sent
  } finally {
    pool.off('acquire', onAcquire)
    for (const [client, original] of watched) client.query = original
  }
}

interface Node {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Shared Hit Blocks'?: number
  readonly 'Shared Read Blocks'?: number
  readonly Plans?: readonly Node[]
}

export interface Plan {
  readonly scans: readonly { readonly type: string; readonly relation: string }[]
  readonly indexes: readonly string[]
  /** How tables are joined, as `Nested Loop`. */
  readonly joins: readonly string[]
  /** Pages looked at, when it was run. */
  readonly blocks: number
}

function flat(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(flat)]
}

/** `forced`: with the plan for these very values, and with the one that a prepared statement keeps for all values. */
export async function planOf(
  database: TestDatabase,
  { opening, text, values }: Sent,
  {
    mode = 'auto',
    run = false,
    service = 'schools',
  }: { mode?: 'auto' | 'force_custom_plan' | 'force_generic_plan'; run?: boolean; service?: Service } = {},
): Promise<Plan> {
  const client = new Client({ connectionString: database.urlOf(service) })
  await client.connect()
  try {
    await client.query(opening)
    await client.query(`set local plan_cache_mode = ${mode}`)
    await client.query(`prepare asked as ${text}`)
    const cast = (value: unknown, place: number): string => {
      const type = new RegExp(`\\$${place + 1}::([a-z]+(?:\\[\\])?)`).exec(text)?.[1]
      return Array.isArray(value) && type ? `(${literal(value)})::text[]::${type}` : literal(value)
    }
    const { rows } = await client.query(
      `explain (format json, buffers ${run}, analyze ${run}, timing false) execute asked${values.length > 0 ? `(${values.map(cast).join(', ')})` : ''}`,
    )
    const nodes = flat((rows[0] as { 'QUERY PLAN': [{ Plan: Node }] })['QUERY PLAN'][0].Plan)
    return {
      scans: nodes
        .filter((node) => node['Relation Name'])
        .map((node) => ({ type: node['Node Type'], relation: node['Relation Name']! })),
      indexes: nodes.flatMap((node) => node['Index Name'] ?? []),
      joins: nodes.map((node) => node['Node Type']).filter((type) => /Loop|Join/.test(type)),
      blocks: (nodes[0]!['Shared Hit Blocks'] ?? 0) + (nodes[0]!['Shared Read Blocks'] ?? 0),
    }
  } finally {
    await client.end()
  }
}

/** More schoolfuls of the province's own kind, set-based: `pupils` in one large school, a few thousand rows in every other table. */
export async function crowd(database: TestDatabase, schoolId: string, pupils: number): Promise<void> {
  await database.sql(
    `insert into schools.class_room (school_id, id, school_year_id, name, grade, level, updated_at)
     select s.school_id, gen_random_uuid(), y.id, 'X' || n, 10, 'THPT', timestamptz '2026-01-01' + n * interval '1 minute'
     from schools.school s, schools.school_year y, generate_series(1, 100) n
     where y.code = '2026-2027'`,
  )
  await database.sql(
    `insert into schools.staff (school_id, id, code, full_name, sex, position, status, updated_at)
     select s.school_id, gen_random_uuid(), '3' || lpad((abs(hashtext(s.school_id::text)) % 10000)::text, 4, '0') || lpad(n::text, 5, '0'), (array['Lê', 'Trần', 'Nguyễn'])[n % 3 + 1] || ' Văn ' || chr(65 + n % 26) || 'n', 'MALE', 'TEACHER', 1,
       timestamptz '2026-01-01' + n * interval '1 minute'
     from schools.school s, generate_series(1, 200) n`,
  )
  await database.sql(
    `insert into schools.student (school_id, id, code, full_name, given_name, sort_name, sex, birth_date, status, class_id, updated_at)
     select s.school_id, gen_random_uuid(), '3' || lpad((abs(hashtext(s.school_id::text)) % 10000)::text, 4, '0') || lpad(n::text, 5, '0'), w.name, w.given, lower(w.given || w.name), 'MALE', '2011-01-01', 'STUDYING',
       (select c.id from schools.class_room c where c.school_id = s.school_id and c.name = 'X' || (1 + n % 100)),
       timestamptz '2026-01-01' + n * interval '1 minute'
     from schools.school s
     cross join lateral generate_series(1, case when s.school_id = $1 then $2::int else 1000 end) n
     cross join lateral (
       select given, (array['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng'])[n % 5 + 1] || ' ' || (array['Văn', 'Thị', 'Đức'])[n % 3 + 1] || ' ' || given as name
       from (select chr(65 + n % 26) || 'n' || chr(97 + n % 23) as given) g) w`,
    [schoolId, pupils],
  )
  await database.sql(
    `insert into schools.external_reference (school_id, application_id, entity, external_id, entity_id)
     select s.school_id, a.id, 'STUDENT', 'C' || s.id, s.id from schools.student s, identity.application a where a.code in ('smas', 'vnedu')`,
  )
  await database.sql(
    `insert into schools.homeroom_assignment (school_id, id, staff_id, class_id, school_year_id, updated_at)
     select c.school_id, gen_random_uuid(), (select t.id from schools.staff t where t.school_id = c.school_id limit 1), c.id, c.school_year_id, c.updated_at
     from schools.class_room c on conflict do nothing`,
  )
  await database.sql('analyze')
}
