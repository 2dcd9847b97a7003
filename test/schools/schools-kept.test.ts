// Schools as authorities write them: founded, renamed, merged, closed, handed over; each with its day, its codes and who may.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { codesIn, refusal, send, statusesIn, traces, type Sent } from './roster-kit.ts'

let database: TestDatabase
let schools: TestSubgraph
let department: Viewer
let commune: Viewer

const NOW = new Date('2026-11-20T09:00:00+07:00')

beforeAll(async () => {
  database = await freshDatabase()
  schools = await testSubgraph(database, 'schools', { now: () => NOW })
  department = await personViewer(database, 'can-bo-so')
  const officer = await personViewer(database, 'can-bo-hac-thanh')
  commune = { ...officer, scopes: [...officer.scopes, 'school.write'] }
})
afterAll(async () => {
  await schools?.close()
  await database?.drop()
})

const write = (list: Sent[], viewer = department, more: Sent = {}) =>
  send(schools, viewer, 'upsertSchools', { schools: list, ...more })
const school = (change: Sent = {}): Sent => ({
  code: '38-14797-901',
  name: 'Trường THCS Mới',
  levels: ['THCS'],
  ownership: 1,
  communeCode: '14797',
  address: 'Số 1, phố Mới',
  validFrom: '2026-09-01',
  ...change,
})
const byCode = async (code: string, viewer = department): Promise<Sent | null> =>
  (
    await schools.ask<{ school: Sent } | null>(
      viewer,
      `query ($ref: SchoolRef!) { school(ref: $ref) { id code name formerCodes managingAuthority { code } version } }`,
      { ref: { code } },
    )
  ).data?.school ?? null
const managersOf = (id: string): Promise<Sent[]> =>
  database.sql(
    `select a.code, o.kind, o.valid_from as "from", o.valid_to as "to" from access.oversight o join schools.authority a on a.id = o.authority_id
     where o.school_id = $1 order by o.kind, o.valid_from`,
    [id],
  )
const text = (rows: Sent[]): string[] =>
  rows.map(({ kind, code, from, to }) => [kind, code, day(from), to === null ? '' : day(to)].join(' ').trim())
const day = (value: unknown): string => {
  const date = new Date(String(value))
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`
}
/** A school as it stands, in the shape of the input. */
async function standing(code: string): Promise<Sent> {
  const [row] = await database.sql<Sent>(
    `select code, name, name_en as "nameEn", levels, ownership, commune_code as "communeCode", address from schools.school where code = $1`,
    [code],
  )
  return row!
}
const codesOfCommune = async (viewer: Viewer): Promise<string[]> =>
  (
    await schools.ask<{ schools: { nodes: { code: string }[] } }>(viewer, '{ schools(first: 100) { nodes { code } } }')
  ).data.schools.nodes.map(({ code }) => code)

test('the Sở founds a school: it is there at once, under the commune, with its code, feed and audit, and twice is once', async () => {
  const batch = await write([school()])
  expect(batch.results[0]).toMatchObject({
    status: 'CREATED',
    entity: {
      version: 1,
      code: '38-14797-901',
      levels: ['THCS'],
      validFrom: '2026-09-01',
      managingAuthority: { code: 'UBND-14797' },
    },
  })
  const { id } = batch.results[0]!.entity!
  expect(text(await managersOf(id))).toEqual(['MANAGING UBND-14797 2026-09-01', 'PROFESSIONAL SGDDT-38 2026-09-01'])
  const left = await traces(database, id)
  expect([left.outbox, left.audit]).toEqual([1, 1])
  expect(await codesOfCommune(commune)).toContain('38-14797-901')
  expect(statusesIn(await write([school()]))).toEqual(['UNCHANGED'])
  expect(await traces(database, id)).toEqual(left)
})

test('a school of several levels with THPT is the Sở’s own', async () => {
  const batch = await write([school({ code: '38-14797-902', levels: ['THPT', 'THCS'] })])
  expect(batch.results[0]!.entity).toMatchObject({ levels: ['THCS', 'THPT'], managingAuthority: { code: 'SGDDT-38' } })
})

test('a code changes and the old one still leads to the school; the former record is kept', async () => {
  const [first] = (await write([school({ code: 'CU-1' })])).results
  const { id } = first!.entity!
  const renamed = await write([school({ id, code: 'MOI-1' })])
  expect(renamed.results[0]).toMatchObject({
    status: 'UPDATED',
    entity: { id, code: 'MOI-1', formerCodes: ['CU-1'], version: 2 },
  })
  expect(await byCode('CU-1')).toMatchObject({ id, code: 'MOI-1' })
  const [former] = await database.sql(
    `select record ->> 'code' as code from schools.former_version where entity = 'School' and entity_id = $1`,
    [id],
  )
  expect(former).toEqual({ code: 'CU-1' })
  // Named by its old code it is mended, and keeps the new one.
  expect((await write([school({ code: 'CU-1', name: 'Trường THCS Đổi Tên' })])).results[0]).toMatchObject({
    status: 'UPDATED',
    entity: { id, code: 'MOI-1', name: 'Trường THCS Đổi Tên' },
  })
})

test('a school goes into another: while it stands its code is its own, once closed the code leads to the other', async () => {
  const [gone] = (await write([school({ code: 'GOP-1' })])).results
  await write([school({ code: 'GOP-2' })])
  const merger = school({ code: 'GOP-2', formerCodes: ['GOP-1', 'XUA-7'] })
  expect(codesIn(await write([merger]))).toEqual([['SCHOOL_CODE_TAKEN']])
  expect(statusesIn(await write([school({ code: 'GOP-1', validTo: '2026-11-19' })]))).toEqual(['UPDATED'])
  const merged = await write([merger])
  expect(merged.results[0]).toMatchObject({ status: 'UPDATED', entity: { formerCodes: ['GOP-1', 'XUA-7'] } })
  expect(await byCode('GOP-1')).toMatchObject({ code: 'GOP-2' })
  expect(statusesIn(await write([merger]))).toEqual(['UNCHANGED'])
  // The record of the school that went in is still there, by its id.
  const [row] = await database.sql(`select code, valid_to is not null as closed from schools.school where school_id = $1`, [
    gone!.entity!.id,
  ])
  expect(row).toEqual({ code: 'GOP-1', closed: true })
})

test('a school is handed over on a day: the one before manages until the day before, and sees it no longer', async () => {
  const code = (await codesOfCommune(commune)).find((each) => /^\d+$/.test(each))!
  const handed = { ...(await standing(code)), managedBy: { authority: 'SGDDT-38', from: '2026-11-20' } }
  const batch = await write([handed])
  expect(batch.results[0]).toMatchObject({ status: 'UPDATED', entity: { managingAuthority: { code: 'SGDDT-38' } } })
  expect(text(await managersOf(batch.results[0]!.entity!.id)).slice(-3, -1)).toEqual([
    'MANAGING UBND-14797 2025-07-01 2026-11-19',
    'MANAGING SGDDT-38 2026-11-20',
  ])
  expect(await codesOfCommune(commune)).not.toContain(code)
  expect(statusesIn(await write([handed]))).toEqual(['UNCHANGED'])
  const wrong = (authority: string, from: string) => ({ ...handed, managedBy: { authority, from } })
  expect(codesIn(await write([wrong('UBND-14797', '2026-11-20')]))).toEqual([['DATE_INVALID']])
  expect(codesIn(await write([wrong('PGDDT-380', '2026-12-01')]))).toEqual([['RECORD_NOT_FOUND']])
})

test('a commune mends what it manages today, and neither codes, levels, validity nor the manager; nor anybody else’s school', async () => {
  const [own] = (await codesOfCommune(commune)).filter((each) => /^\d+$/.test(each))
  const standsAs = await standing(own!)
  expect(statusesIn(await write([{ ...standsAs, address: 'Số 9, phố Khác' }], commune))).toEqual(['UPDATED'])
  const [foreign] = await database.sql<{ code: string }>(
    `select s.code from schools.school s where not exists (
       select 1 from access.oversight o where o.school_id = s.school_id and o.authority_id = $1) order by 1 limit 1`,
    [commune.authorityId],
  )
  const batch = await write(
    [
      { ...standsAs, levels: ['TH', 'THCS'] },
      { ...(await standing(foreign!.code)), address: 'Ở đâu đó' },
      school({ code: 'XA-LAP-1' }),
    ],
    commune,
  )
  expect(codesIn(batch)).toEqual([['ACT_FORBIDDEN'], ['NOT_MANAGING_AUTHORITY'], ['NOT_MANAGING_AUTHORITY']])
  expect(await byCode('XA-LAP-1')).toBeNull()
})

test('what is wrong is refused one by one; all or none in ATOMIC mode', async () => {
  const bad = [
    school({ code: 'A-1', communeCode: '00004' }),
    school({ code: 'A-2', communeCode: '99999' }),
    school({ code: 'A-3', levels: [] }),
    school({ code: 'A-4', ownership: 9 }),
    school({ code: 'A-5', validTo: '2026-01-01' }),
    school({ code: 'có dấu' }),
    school({ code: 'A-6', formerCodes: ['A-6'] }),
  ]
  expect(codesIn(await write(bad))).toEqual([
    ['CODE_OF_OTHER_PROVINCE'],
    ['CODE_UNKNOWN'],
    ['LEVEL_INVALID'],
    ['CODE_UNKNOWN'],
    ['DATE_INVALID'],
    ['SCHOOL_CODE_INVALID'],
    ['SCHOOL_CODE_TAKEN'],
  ])
  expect(codesIn(await write([school({ code: 'B-1' }), bad[0]!], department, { mode: 'ATOMIC' }))).toEqual([
    ['BATCH_REJECTED'],
    ['CODE_OF_OTHER_PROVINCE'],
  ])
  expect(await byCode('B-1')).toBeNull()
  expect(codesIn(await write([school({ code: 'B-2' }), school({ code: 'B-2' })]))).toEqual([
    ['DUPLICATE_IN_BATCH'],
    ['DUPLICATE_IN_BATCH'],
  ])
})

test('a lost update is a conflict that shows the record; a retried request has one effect', async () => {
  await write([school({ code: 'C-1' })])
  await write([school({ code: 'C-1', name: 'Trường THCS Hai' })])
  const late = await write([school({ code: 'C-1', name: 'Trường THCS Ba', expectedVersion: 1 })])
  expect(late.results[0]).toMatchObject({ status: 'CONFLICT', entity: { version: 2, name: 'Trường THCS Hai' } })
  const keyed = { ...department, idempotencyKey: 'so-1' }
  const first = await write([school({ code: 'C-2' })], keyed)
  expect(await write([school({ code: 'C-2' })], keyed)).toEqual(first)
})

test('two batches at once that found schools under one code found one', async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => write([school({ code: 'D-1' })])))
  expect(answers.flatMap(statusesIn).toSorted()).toEqual(['CREATED', 'UNCHANGED', 'UNCHANGED', 'UNCHANGED', 'UNCHANGED'])
})

test('neither a product nor a principal writes schools, nor an office that has ended', async () => {
  const smas = await applicationViewer(database, 'smas')
  const product = { ...smas, scopes: [...smas.scopes, 'school.write' as const] }
  const principal = await personViewer(database, 'hieu-truong@thpt-hac-thanh')
  for (const viewer of [product, principal])
    expect(await refusal(schools, viewer, 'upsertSchools', { schools: [school({ code: 'E-1' })] })).toEqual(['ACT_FORBIDDEN'])
  const [phong] = await database.sql<{ id: string }>(`select id from schools.authority where code = 'PGDDT-380'`)
  const former = { ...commune, authorityId: phong!.id }
  expect(await refusal(schools, former, 'upsertSchools', { schools: [school({ code: 'E-1' })] })).toEqual(['ACT_FORBIDDEN'])
})
