// The row policies in their two readings of the settings: once for a statement, as they stand, and in each row, as a cluster asks for.
import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { policies, rewritePolicies } from '../../subgraphs/kernel/migration-kit.ts'
import { SUBGRAPH_NAMES } from '../../subgraphs/kernel/subgraph.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

/** Where tables of schools are: the subgraphs', and the freshness of records. */
const SCHEMAS = [...SUBGRAPH_NAMES, 'access']

const policyTexts = () =>
  database.sql<{ name: string; qual: string; with_check: string | null }>(
    `select schemaname || '.' || tablename || ' ' || policyname as name, qual, with_check from pg_policies order by 1`,
  )

test('every policy of a school’s table that reads a list of schools or classes reads it once for a statement', async () => {
  const inEachRow = (await policyTexts()).filter(({ qual, with_check }) =>
    /(= ANY|<> ALL) \(\(NULLIF\(current_setting\('lt\./.test(`${qual} ${with_check ?? ''}`),
  )
  expect(inEachRow).toEqual([])
})

test('rewritten for a cluster the tables keep the rules of one distributed by school, and rewritten back they are as they were', async () => {
  const rules = await readFile(new URL('citus-ready.sql', import.meta.url), 'utf8')
  const before = await policyTexts()
  for (const schema of SCHEMAS) for (const sql of rewritePolicies(schema, 'EACH_ROW')) await database.sql(sql)
  for (const schema of SUBGRAPH_NAMES) {
    const found = await database.sql(rules.replaceAll(":'schema'", `'${schema}'`).replaceAll(":'key'", `'school_id'`))
    expect([schema, found]).toEqual([schema, []])
  }
  expect(await policyTexts()).not.toEqual(before)
  for (const schema of SCHEMAS) for (const sql of rewritePolicies(schema)) await database.sql(sql)
  expect(await policyTexts()).toEqual(before)
})

const ids = [1, 2, 3, 4].map((n) => `00000000-0000-0000-0000-00000000000${n}`)
const id = fc.constantFrom(...ids)
const list = (of: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.constant(''),
    fc.array(of, { minLength: 1, maxLength: 3 }).map((each) => `{${each.join(',')}}`),
  )
const SETTINGS = {
  'lt.schools': list(id),
  'lt.narrowed': list(id),
  'lt.classes': fc.oneof(fc.constant('{}'), list(id)),
  'lt.taught': list(id),
  'lt.terms': list(fc.tuple(id, fc.constantFrom('THCS', 'THPT'), id).map((parts) => parts.join('/'))),
  'lt.marks': list(fc.tuple(id, fc.constantFrom('TOAN', 'VAN')).map((parts) => parts.join('/'))),
  'lt.application': fc.oneof(fc.constant(''), id),
  'lt.merged': fc.constantFrom('', 'shown'),
}

test('both readings decide alike about any row under any settings', async () => {
  const alike = policies('ONCE').map(({ condition }, place) => {
    const other = policies('EACH_ROW')[place]!.condition
    expect(other).not.toBe(condition)
    return `array[coalesce((${condition}), false), coalesce((${other}), false)]`
  })
  const statement = `select ${alike.map((each, place) => `array_agg(distinct ${each}) as p${place}`).join(', ')}
    from unnest($1::uuid[]) school_id
    cross join (select * from unnest($1::uuid[]) c union all select null) k (class_id)
    cross join unnest(array['THCS', 'THPT']) level
    cross join unnest($1::uuid[]) school_year_id
    cross join unnest(array['TOAN', 'VAN']) subject_code
    cross join (values ('{}'::uuid[]), ($1::uuid[]), (null)) a (consented_applications)
    cross join (values (null::uuid), ($2::uuid)) m (merged_into)
    cross join unnest(array['Student', 'ClassRoom', 'Staff']) entity
    cross join unnest(array['STUDENT', 'GUARDIAN']) kind
    cross join (values (($1::uuid[])[2]), ($2::uuid)) b (application_id)
    cross join lateral jsonb_build_object('level', level, 'school_year_id', school_year_id, 'class_id', class_id, 'merged_into', merged_into) record`
  const decided = alike.map(() => new Set<boolean>())
  await fc.assert(
    fc.asyncProperty(fc.record(SETTINGS), async (settings) => {
      for (const [name, value] of Object.entries(settings)) await database.sql(`select set_config($1, $2, false)`, [name, value])
      const [row] = await database.sql<Record<string, boolean[][]>>(statement, [ids.slice(0, 3), ids[0]])
      for (const [place, pairs] of Object.values(row!).entries())
        for (const [once, each] of pairs) {
          expect([policies('ONCE')[place]!.name, once]).toEqual([policies('ONCE')[place]!.name, each])
          decided[place]!.add(once!)
        }
    }),
    { numRuns: 60 },
  )
  // Otherwise the settings were such that nothing was decided.
  for (const seen of decided) expect(seen.size).toBe(2)
})
