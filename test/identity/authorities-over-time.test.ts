// Who manages a school on a day: the Phòng until 30/6/2025, the commune since, the Sở all along for upper secondary schools.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { personViewer } from '../testkit/parties.ts'
import { testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'

let database: TestDatabase
let schools: TestSubgraph
beforeAll(async () => {
  database = await freshDatabase()
  schools = await testSubgraph(database, 'schools')
})
afterAll(async () => {
  await schools?.close()
  await database?.drop()
})

interface Managed {
  code: string
  levels: string[]
  today: { kind: string; code: string } | null
  phong: { kind: string; code: string; validTo: string | null } | null
  lastDay: { kind: string } | null
  firstDay: { kind: string } | null
  before: { kind: string } | null
}

const READ = `{ schools(first: 100) { nodes { code levels
  today: managingAuthority { kind code }
  phong: managingAuthority(on: "2024-09-05") { kind code validTo }
  lastDay: managingAuthority(on: "2025-06-30") { kind }
  firstDay: managingAuthority(on: "2025-07-01") { kind }
  before: managingAuthority(on: "1990-01-01") { kind } } } }`

const seenBy = async (viewer: Viewer): Promise<Managed[]> =>
  (await schools.ask<{ schools: { nodes: Managed[] } }>(viewer, READ)).data.schools.nodes

test('each school answers with the authority of the day that is asked about, and of today when none is', async () => {
  const all = await seenBy(await personViewer(database, 'can-bo-so'))
  expect(all.length).toBeGreaterThan(20)
  for (const { levels, today, phong, lastDay, firstDay, before } of all) {
    const upper = levels.includes('THPT') || levels.includes('GDTX')
    expect(today!.kind).toBe(upper ? 'DEPARTMENT' : 'COMMUNE')
    expect(phong!.kind).toBe(upper ? 'DEPARTMENT' : 'DISTRICT_OFFICE')
    expect(phong!.validTo).toBe(upper ? null : '2025-06-30')
    expect([lastDay!.kind, firstDay!.kind]).toEqual(upper ? ['DEPARTMENT', 'DEPARTMENT'] : ['DISTRICT_OFFICE', 'COMMUNE'])
    // Nothing is recorded of that time, and nothing is made up.
    expect(before).toBeNull()
  }
  expect(new Set(all.map(({ phong }) => phong!.code)).size).toBeGreaterThan(2)
})

test('an officer of a commune sees the preschool to lower secondary schools it manages today, and no other', async () => {
  const officer = await personViewer(database, 'can-bo-hac-thanh')
  const seen = await seenBy(officer)
  const managed = await database.sql<{ code: string }>(
    `select s.code from schools.school s join access.oversight o on o.school_id = s.school_id
     where o.authority_id = $1 and o.kind = 'MANAGING' and date '2026-11-20' between o.valid_from and coalesce(o.valid_to, 'infinity') order by 1`,
    [officer.authorityId],
  )
  expect(seen.map(({ code }) => code)).toEqual(managed.map(({ code }) => code))
  expect(seen.length).toBeGreaterThan(0)
  for (const { levels, today } of seen) {
    expect(levels.some((level) => level === 'THPT' || level === 'GDTX')).toBe(false)
    expect(today!.code).toBe('UBND-14797')
  }
})

test('the Sở sees every school of the province', async () => {
  const [{ count }] = (await database.sql<{ count: number }>(`select count(*)::int as count from schools.school`)) as [
    { count: number },
  ]
  expect(await seenBy(await personViewer(database, 'can-bo-so'))).toHaveLength(count)
})

test('an office that has ended opens nothing today: its officer sees no school, and did on its last day', async () => {
  const commune = await personViewer(database, 'can-bo-hac-thanh')
  const [phong] = await database.sql<{ id: string }>(`select id from schools.authority where code = 'PGDDT-380'`)
  await database.sql(`update access.person set authority_id = $2 where account_id = $1`, [commune.accountId, phong!.id])
  const former = { ...commune, authorityId: phong!.id }
  expect(await seenBy(former)).toEqual([])
  const on = async (day: string): Promise<number> =>
    (
      await database.sql<{ schools: string[] }>(`select access.permitted_schools(null, $1, 'school.read', null, $2) as schools`, [
        commune.accountId,
        day,
      ])
    )[0]!.schools.length
  expect(await on('2025-06-30')).toBeGreaterThan(0)
  expect(await on('2025-07-01')).toBe(0)
  await database.sql(`update access.person set authority_id = $2 where account_id = $1`, [commune.accountId, commune.authorityId])
})

test('a school that passes to another commune passes from one officer to the other with its day', async () => {
  const officer = await personViewer(database, 'can-bo-hac-thanh')
  const before = (await seenBy(officer)).map(({ code }) => code)
  const [school] = await database.sql<{ id: string }>(`select school_id as id from schools.school where code = $1`, [before[0]])
  await database.sql(
    `update access.oversight set valid_to = '2026-11-19' where school_id = $1 and authority_id = $2 and kind = 'MANAGING'`,
    [school!.id, officer.authorityId],
  )
  expect((await seenBy(officer)).map(({ code }) => code)).toEqual(before.slice(1))
})
