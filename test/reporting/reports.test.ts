// The Sở's reports: every school below the authority, counts only, for the officers of that authority.
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'

interface Row {
  ordinal: number
  school: { id: string }
  schoolName: string
  levels: string
  deployed: boolean
  providerName: string | null
  registeredStudents: number
  feePerStudentPerMonth: number | null
  messagesPerSubscriberPerMonth: number | null
  usesSmsBrandname: boolean | null
}
interface Report {
  unitName: string
  title: string
  month: string
  dueOn: string | null
  rows: Row[]
  totals: { schools: number; schoolsDeployed: number; schoolsWithSmsBrandname: number; registeredStudents: number }
  signatureTitle: string
}

let database: TestDatabase
let reporting: TestSubgraph
let department: Viewer
let commune: Viewer

beforeAll(async () => {
  database = await freshDatabase()
  reporting = await testSubgraph(database, 'reporting')
  department = await personViewer(database, 'can-bo-so')
  commune = await personViewer(database, 'can-bo-hac-thanh')
})
afterAll(async () => {
  await reporting?.close()
  await database?.drop()
})

const CONTACT_BOOK = `query ($authorityId: ID, $month: String = "2026-11") {
  contactBookReport(authorityId: $authorityId, month: $month) {
    unitName title month dueOn signatureTitle
    rows {
      ordinal school { id } schoolName levels deployed providerName registeredStudents
      feePerStudentPerMonth messagesPerSubscriberPerMonth usesSmsBrandname
    }
    totals { schools schoolsDeployed schoolsWithSmsBrandname registeredStudents }
  }
}`
const ask = (viewer: Viewer, variables = {}) => reporting.ask<{ contactBookReport: Report }>(viewer, CONTACT_BOOK, variables)
const report = async (viewer: Viewer, variables = {}): Promise<Report> => (await ask(viewer, variables)).data.contactBookReport

describe('the contact-book report', () => {
  test('has the form’s head, every school of the province once, and sums that add up', async () => {
    const { rows, totals, ...head } = await report(department)
    expect(head).toEqual({
      unitName: 'Sở Giáo dục và Đào tạo Thanh Hóa',
      title: 'BÁO CÁO VIỆC TRIỂN KHAI SỔ LIÊN LẠC ĐIỆN TỬ',
      month: '2026-11',
      dueOn: '2026-12-15',
      signatureTitle: 'Thủ trưởng đơn vị (Ký, ghi rõ họ tên)',
    })
    const stored = await database.sql<{ school_id: string; subscribers: number; plans: number }>(
      `select s.school_id, (select count(*)::int from communications.subscription x where x.school_id = s.school_id and x.until is null) as subscribers,
         (select count(*)::int from communications.contact_book_plan p where p.school_id = s.school_id) as plans
       from schools.school s`,
    )
    expect(new Map(rows.map(({ school, registeredStudents }) => [school.id, registeredStudents]))).toEqual(
      new Map(stored.map(({ school_id, subscribers }) => [school_id, subscribers])),
    )
    expect(rows.map(({ ordinal }) => ordinal)).toEqual(stored.map((_, index) => index + 1))
    expect(totals).toMatchObject({
      schools: 24,
      schoolsDeployed: stored.filter(({ plans }) => plans > 0).length,
      registeredStudents: stored.reduce((sum, { subscribers }) => sum + subscribers, 0),
    })
  })

  test('says of a school with a contact book who provides it, for how much, and under which name it sends', async () => {
    const { rows } = await report(department)
    expect(rows.find(({ schoolName }) => schoolName === 'Trường THPT Hạc Thành – Hàm Rồng')).toMatchObject({
      levels: 'THPT',
      deployed: true,
      providerName: 'Công ty Cổ phần Công nghệ Quảng Ích',
      feePerStudentPerMonth: 25_000,
      messagesPerSubscriberPerMonth: 15,
      usesSmsBrandname: true,
    })
    expect(rows.find(({ schoolName }) => schoolName === 'Trường THCS Hoằng Phú – Hoằng Giang')).toMatchObject({
      usesSmsBrandname: false,
    })
    expect(rows.find(({ schoolName }) => schoolName === 'Trường TH&THCS Hoằng Sơn – Hoằng Lộc')).toMatchObject({
      levels: 'TH, THCS',
    })
  })

  test('keeps the line of a school that has not begun', async () => {
    const { rows } = await report(department)
    expect(rows.find(({ schoolName }) => schoolName === 'Trường THPT Hoằng Hoá – Hoằng Tiến')).toMatchObject({
      deployed: false,
      providerName: null,
      registeredStudents: 0,
      feePerStudentPerMonth: null,
      usesSmsBrandname: null,
    })
  })

  test('of a month that has passed counts who was registered at its end', async () => {
    const at = async (day: string): Promise<number> =>
      (
        await database.sql<{ n: number }>(
          `select count(*)::int as n from communications.subscription where since <= $1 and (until is null or until > $1)`,
          [day],
        )
      )[0]!.n
    const september = await report(department, { month: '2026-09' })
    const november = await report(department)
    expect(september.totals.registeredStudents).toBe(await at('2026-09-30'))
    expect(september.totals.registeredStudents).toBeGreaterThan(november.totals.registeredStudents)
    expect(september.dueOn).toBeNull()
  })

  test('of a month before the contact book counts nobody and no school as deployed', async () => {
    expect((await report(department, { month: '2026-08' })).totals).toEqual({
      schools: 24,
      schoolsDeployed: 0,
      schoolsWithSmsBrandname: 0,
      registeredStudents: 0,
    })
  })

  test('takes a brandname for used only while it is approved and registered', async () => {
    const [one, two] = (await report(department)).rows.filter(({ usesSmsBrandname }) => usesSmsBrandname)
    await database.sql(`update communications.brandname set status = 'REVOKED' where school_id = $1`, [one!.school.id])
    await database.sql(`update communications.brandname set valid_to = '2026-10-31' where school_id = $1`, [two!.school.id])
    const after = (await report(department)).rows.filter(({ school }) => [one!.school.id, two!.school.id].includes(school.id))
    expect(after.map(({ usesSmsBrandname }) => usesSmsBrandname)).toEqual([false, false])
  })

  test('names the provider also after the agreement ended', async () => {
    const { rows } = await report(department)
    const deployed = rows.find((row) => row.deployed)!
    await database.sql(
      `update identity.agreement g set ended_at = '2026-11-18T00:00:00Z' from identity.application a
       where a.id = g.application_id and a.kind = 'CONTACT_BOOK' and g.school_id = $1`,
      [deployed.school.id],
    )
    expect((await report(department)).rows.find(({ school }) => school.id === deployed.school.id)!.providerName).toBe(
      deployed.providerName,
    )
  })

  test('is refused for a month to come and for what is no month', async () => {
    for (const month of ['2026-12', '2026-13', 'November'])
      expect(codesOf(await ask(department, { month }))).toEqual(['INPUT_INVALID'])
  })
})

describe('whose report', () => {
  const below = (viewer: Viewer) =>
    database.sql<{ school_id: string }>(
      `select distinct school_id from access.oversight where authority_id = $1 and valid_to is null order by school_id`,
      [viewer.authorityId],
    )
  const idsOf = ({ rows }: Report) =>
    rows.map(({ school }) => ({ school_id: school.id })).sort((a, b) => (a.school_id < b.school_id ? -1 : 1))

  test('an officer of a commune reads the commune’s schools and no other', async () => {
    const own = await report(commune)
    expect(own.unitName).toContain('Hạc Thành')
    expect(idsOf(own)).toEqual(await below(commune))
    expect(own.rows.length).toBeLessThan(24)
  })

  test('an officer of the Sở reads the report of a commune below it, as the commune itself does', async () => {
    expect(await report(department, { authorityId: commune.authorityId })).toEqual(await report(commune))
  })

  test('an officer of a commune is refused the Sở, a sister commune and an authority that does not exist, alike', async () => {
    const [sister] = await database.sql<{ id: string }>(
      `select id from schools.authority where kind = 'COMMUNE' and id <> $1 limit 1`,
      [commune.authorityId],
    )
    for (const authorityId of [department.authorityId, sister!.id, '019fba9e-0000-7000-8000-000000000000', 'x'])
      expect(codesOf(await ask(commune, { authorityId }))).toEqual(['ACT_FORBIDDEN'])
  })

  test('a principal and an application are refused, though they hold the scope; without it an officer is as well', async () => {
    const principal = await personViewer(database, 'hieu-truong@thpt-hac-thanh')
    const smas = await applicationViewer(database, 'smas')
    expect(principal.scopes).toContain('report.read')
    expect(codesOf(await ask(principal))).toEqual(['ACT_FORBIDDEN'])
    expect(codesOf(await ask({ ...smas, scopes: [...smas.scopes, 'report.read'] }))).toEqual(['ACT_FORBIDDEN'])
    expect(codesOf(await ask({ ...department, scopes: ['school.read'] }))).toEqual(['SCOPE_MISSING'])
  })

  test('the subgraph’s own role reaches no pupil and no message', async () => {
    const client = new pg.Client({ connectionString: database.urlOf('reporting') })
    await client.connect()
    for (const table of [
      'schools.student',
      'published.student',
      'communications.message',
      'communications.subscription',
      'gradebook.score',
    ])
      await expect(client.query(`select * from ${table}`)).rejects.toMatchObject({ code: '42501' })
    await client.end()
  })
})

describe('software in use', () => {
  const SOFTWARE = `query ($authorityId: ID) {
    softwareInUse(authorityId: $authorityId) {
      unitName asOf
      rows { ordinal school { id } schoolName products { kind application { id } productName vendorName validFrom validTo } }
      adoption { kind schoolsWith schoolsTotal percentTenths }
    }
  }`
  interface Software {
    unitName: string
    asOf: string
    rows: {
      ordinal: number
      school: { id: string }
      schoolName: string
      products: { kind: string; productName: string; vendorName: string }[]
    }[]
    adoption: { kind: string; schoolsWith: number; schoolsTotal: number; percentTenths: number }[]
  }
  const software = async (viewer: Viewer, variables = {}): Promise<Software> =>
    (await reporting.ask<{ softwareInUse: Software }>(viewer, SOFTWARE, variables)).data.softwareInUse

  test('lists every school with its products and vendors of today, not those of agreements that ran out', async () => {
    const { rows, asOf } = await software(department)
    const stored = await database.sql<{ n: number }>(
      `select count(*)::int as n from identity.agreement where ended_at is null and date '2026-11-20' between valid_from and valid_to`,
    )
    expect(asOf).toBe('2026-11-20')
    expect(rows.length).toBe(24)
    expect(rows.flatMap(({ products }) => products).length).toBe(stored[0]!.n)
    const names = rows.flatMap(({ products }) => products.map(({ productName, vendorName }) => `${productName}: ${vendorName}`))
    expect(new Set(names)).toContain('SMAS: Tập đoàn Công nghiệp – Viễn thông Quân đội')
  })

  test('tells adoption by kind, in tenths of a percent', async () => {
    const { adoption, rows } = await software(department)
    const schoolsWith = rows.filter(({ products }) => products.some(({ kind }) => kind === 'SCHOOL_MANAGEMENT')).length
    expect(adoption.find(({ kind }) => kind === 'SCHOOL_MANAGEMENT')).toEqual({
      kind: 'SCHOOL_MANAGEMENT',
      schoolsWith,
      schoolsTotal: 24,
      percentTenths: Math.round((schoolsWith * 1000) / 24),
    })
    expect(adoption.find(({ kind }) => kind === 'EXAM')).toMatchObject({ schoolsWith: 0, percentTenths: 0 })
  })

  test('no longer lists a product that was suspended', async () => {
    await database.sql(`update identity.application set status = 'SUSPENDED' where code = 'vietschool'`)
    const { rows } = await software(department)
    expect(rows.flatMap(({ products }) => products.map(({ productName }) => productName))).not.toContain('Vietschool')
    await database.sql(`update identity.application set status = 'ACTIVE' where code = 'vietschool'`)
  })

  test('is refused to a principal', async () => {
    expect(codesOf(await reporting.ask(await personViewer(database, 'hieu-truong@thpt-hac-thanh'), SOFTWARE))).toEqual([
      'ACT_FORBIDDEN',
    ])
  })
})
