// School years and terms as the Sở sets them: their days beside and within each other, who may, and what each change leaves behind.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { codesIn, refusal, send, statusesIn, type Answered, type Sent } from './roster-kit.ts'

let database: TestDatabase
let schools: TestSubgraph
let department: Viewer

const NOW = new Date('2026-11-20T09:00:00+07:00')

beforeAll(async () => {
  database = await freshDatabase()
  schools = await testSubgraph(database, 'schools', { now: () => NOW })
  department = await personViewer(database, 'can-bo-so')
})
afterAll(async () => {
  await schools?.close()
  await database?.drop()
})

/** `2030-2031`: each test has years of its own. */
let begins = 2029
const freshYear = (): string => `${(begins += 1)}-${begins + 1}`
const [from, to] = [(code: string) => code.slice(0, 4), (code: string) => code.slice(5)]
const year = (code: string, change: Sent = {}): Sent => ({
  code,
  startsOn: `${from(code)}-09-01`,
  endsOn: `${to(code)}-05-31`,
  ...change,
})
const first = (schoolYear: string, change: Sent = {}): Sent => ({
  schoolYear,
  level: 'THCS',
  code: 'HKI',
  startsOn: `${from(schoolYear)}-09-05`,
  endsOn: `${to(schoolYear)}-01-10`,
  examFrom: `${from(schoolYear)}-12-20`,
  examTo: `${from(schoolYear)}-12-31`,
  ...change,
})
const second = (schoolYear: string, change: Sent = {}): Sent =>
  first(schoolYear, {
    code: 'HKII',
    startsOn: `${to(schoolYear)}-01-17`,
    endsOn: `${to(schoolYear)}-05-25`,
    examFrom: `${to(schoolYear)}-05-05`,
    examTo: `${to(schoolYear)}-05-15`,
    ...change,
  })

const years = (list: Sent[], viewer = department, more: Sent = {}): Promise<Answered> =>
  send(schools, viewer, 'upsertSchoolYears', { schoolYears: list, ...more })
const terms = (list: Sent[], viewer = department, more: Sent = {}): Promise<Answered> =>
  send(schools, viewer, 'upsertTerms', { terms: list, ...more })
const errorsIn = ({ results }: Answered): string[] =>
  results.flatMap(({ errors }) => errors.map(({ code, path }) => `${code} ${path}`))

interface Traces {
  readonly told: number
  readonly former: number
  readonly audit: number
}
async function tracesOf(id: string): Promise<Traces> {
  const [row] = await database.sql<Traces & Record<string, unknown>>(
    `select (select count(*)::int from schools.outbox where entity_id = $1) as told,
       (select count(*)::int from schools.former_calendar where entity_id = $1) as former,
       (select count(*)::int from access.audit_event where kind = 'WRITE' and fields && '{SchoolYear.startsOn,Term.startsOn}'::text[]) as audit`,
    [id],
  )
  return row!
}
/** Schools of the province that teach at the level, or all of them. */
async function schoolsOf(level: string | null): Promise<number> {
  const [row] = await database.sql<{ count: number }>(
    `select count(*)::int as count from schools.school s
     where ($1::text is null or $1 = any (s.levels)) and (s.valid_to is null or s.valid_to >= '2026-11-20')
       and exists (select 1 from access.oversight o where o.school_id = s.school_id and o.authority_id = $2)`,
    [level, department.authorityId],
  )
  return row!.count
}

describe('the Sở', () => {
  test('opens a school year with its terms: products read it at once, every school of the level hears of it, and twice is once', async () => {
    const code = freshYear()
    const opened = await years([year(code)])
    expect(opened.results[0]).toMatchObject({
      status: 'CREATED',
      entity: { code, version: 1, startsOn: `${from(code)}-09-01`, endsOn: `${to(code)}-05-31` },
    })
    const yearId = opened.results[0]!.entity!.id
    expect((await tracesOf(yearId)).told).toBe(await schoolsOf(null))
    const set = await terms([first(code), second(code)])
    expect(set.results.map(({ entity }) => entity)).toMatchObject([
      { code: 'HKI', name: 'Học kỳ I', schoolYear: { code }, examFrom: `${from(code)}-12-20` },
      { code: 'HKII', name: 'Học kỳ II', schoolYear: { code } },
    ])
    const termId = set.results[0]!.entity!.id
    const left = await tracesOf(termId)
    expect([left.told, left.former]).toEqual([await schoolsOf('THCS'), 0])
    expect(await schoolsOf('THCS')).toBeLessThan(await schoolsOf(null))
    expect(statusesIn(await years([year(code)]))).toEqual(['UNCHANGED'])
    expect(statusesIn(await terms([second(code), first(code)]))).toEqual(['UNCHANGED', 'UNCHANGED'])
    expect(await tracesOf(termId)).toEqual(left)
    const { data } = await schools.ask<{ schoolYears: Sent[] }>(
      await applicationViewer(database, 'smas'),
      '{ schoolYears { code version provenance { application { id } externalId } terms { level code version } } }',
    )
    expect(data.schoolYears.find((one) => one.code === code)).toEqual({
      code,
      version: 1,
      provenance: { application: null, externalId: null },
      terms: [
        { level: 'THCS', code: 'HKI', version: 1 },
        { level: 'THCS', code: 'HKII', version: 1 },
      ],
    })
  })

  test('moves the examinations: the former days are kept, and the feed and the audit say so', async () => {
    const code = freshYear()
    await years([year(code)])
    const { id } = (await terms([first(code)])).results[0]!.entity!
    const before = await tracesOf(id)
    const moved = await terms([first(code, { examFrom: `${to(code)}-01-03`, examTo: `${to(code)}-01-08`, expectedVersion: 1 })])
    expect(moved.results[0]).toMatchObject({ status: 'UPDATED', entity: { id, version: 2, examFrom: `${to(code)}-01-03` } })
    const after = await tracesOf(id)
    expect([after.told - before.told, after.former - before.former, after.audit - before.audit]).toEqual([
      await schoolsOf('THCS'),
      1,
      1,
    ])
    const [former] = await database.sql(
      `select record ->> 'exam_from' as "examFrom", version, replaced_by_account_id as by from schools.former_calendar where entity_id = $1`,
      [id],
    )
    expect(former).toEqual({ examFrom: `${from(code)}-12-20`, version: 1, by: department.accountId })
    // What is not sent stays, null takes away.
    const sent = first(code)
    delete sent.examFrom
    delete sent.examTo
    expect(statusesIn(await terms([sent]))).toEqual(['UNCHANGED'])
    expect((await terms([{ ...sent, examFrom: null, examTo: null }])).results[0]!.entity).toMatchObject({ examFrom: null })
  })

  test('that saw an older version is told the present one; a retried request has one effect', async () => {
    const code = freshYear()
    await years([year(code)])
    await years([year(code, { endsOn: `${to(code)}-06-15` })])
    const late = await years([year(code, { endsOn: `${to(code)}-06-30`, expectedVersion: 1 })])
    expect(late.results[0]).toMatchObject({ status: 'CONFLICT', entity: { version: 2, endsOn: `${to(code)}-06-15` } })
    const other = freshYear()
    const keyed = { ...department, idempotencyKey: 'nam-hoc-1' }
    const answer = await years([year(other)], keyed)
    expect(statusesIn(answer)).toEqual(['CREATED'])
    expect(await years([year(other)], keyed)).toEqual(answer)
  })
})

describe('a school year', () => {
  test('is named by its two calendar years, begins in the first and ends in the second, on days that exist', async () => {
    const code = freshYear()
    expect(
      errorsIn(
        await years([
          year('2031-2033'),
          year('Năm học 2031'),
          year(code, { startsOn: `${to(code)}-01-05` }),
          year('2090-2091', { endsOn: '2090-12-31' }),
          year('2091-2092', { endsOn: '2092-02-30' }),
          year('2092-2093', { startsOn: '05/09/2092' }),
          year('2093-2094', { startsOn: '2094-03-01', endsOn: '2094-03-01' }),
        ]),
      ),
    ).toEqual([
      'SCHOOL_YEAR_INVALID code',
      'SCHOOL_YEAR_INVALID code',
      'SCHOOL_YEAR_INVALID startsOn',
      'SCHOOL_YEAR_INVALID endsOn',
      'DATE_INVALID endsOn',
      'DATE_INVALID startsOn',
      'DATE_INVALID endsOn',
    ])
  })

  test('shares no day with another: beside what stands both are refused that meet, and two that make room for each other land', async () => {
    const [one, next] = [freshYear(), freshYear()]
    await years([year(one)])
    const early = year(next, { startsOn: `${from(next)}-05-20` })
    expect(errorsIn(await years([early]))).toEqual(['SCHOOL_YEARS_OVERLAP startsOn'])
    const long = year(one, { endsOn: `${to(one)}-09-10` })
    expect(errorsIn(await years([long, year(next)]))).toEqual(['SCHOOL_YEARS_OVERLAP startsOn', 'SCHOOL_YEARS_OVERLAP startsOn'])
    // The first gives the days that the second takes.
    expect(statusesIn(await years([year(one, { endsOn: `${to(one)}-05-10` }), early]))).toEqual(['UPDATED', 'CREATED'])
    // Refused for its version it gives nothing, so the other is refused too; in ATOMIC mode it says whose fault that is.
    const stale = year(one, { endsOn: `${to(one)}-05-01`, expectedVersion: 7 })
    const earlier = year(next, { startsOn: `${from(next)}-05-05` })
    expect(errorsIn(await years([stale, earlier]))).toEqual(['VERSION_CONFLICT expectedVersion', 'SCHOOL_YEARS_OVERLAP startsOn'])
    expect(codesIn(await years([stale, earlier], department, { mode: 'ATOMIC' }))).toEqual([
      ['VERSION_CONFLICT'],
      ['BATCH_REJECTED'],
    ])
  })

  test('keeps its terms within it', async () => {
    const code = freshYear()
    await years([year(code)])
    await terms([first(code), second(code)])
    expect(
      errorsIn(await years([year(code, { startsOn: `${from(code)}-10-01` }), year('2095-2096'), year('2095-2096')], department)),
    ).toEqual(['TERM_OUTSIDE_YEAR startsOn', 'DUPLICATE_IN_BATCH ', 'DUPLICATE_IN_BATCH '])
    expect(errorsIn(await years([year(code, { endsOn: `${to(code)}-05-24` })]))).toEqual(['TERM_OUTSIDE_YEAR endsOn'])
    expect(statusesIn(await years([year(code, { endsOn: `${to(code)}-05-25` })]))).toEqual(['UPDATED'])
  })
})

describe('a term', () => {
  test('lies within its year, its examinations within it, on days that exist; a preschool sits none', async () => {
    const code = freshYear()
    await years([year(code)])
    const batch = await terms([
      first(code, { startsOn: `${from(code)}-08-30` }),
      second(code, { endsOn: `${to(code)}-06-01` }),
      first(code, { level: 'TH', examTo: `${to(code)}-01-11` }),
      first(code, { level: 'THPT', examTo: null }),
      first(code, { level: 'GDTX', examFrom: `${from(code)}-12-30`, examTo: `${from(code)}-12-20` }),
      first(code, { level: 'MN' }),
      second(code, { level: 'THPT', startsOn: `${to(code)}-02-30` }),
      second(code, { level: 'TH', name: '  ' }),
    ])
    expect(errorsIn(batch)).toEqual([
      'TERM_OUTSIDE_YEAR startsOn',
      'TERM_OUTSIDE_YEAR endsOn',
      'EXAM_OUTSIDE_TERM examTo',
      'EXAM_OUTSIDE_TERM examTo',
      'EXAM_OUTSIDE_TERM examTo',
      'EXAM_OUTSIDE_TERM examFrom',
      'DATE_INVALID startsOn',
      'NAME_INVALID name',
    ])
    expect(batch.results.every(({ entity }) => entity === null)).toBe(true)
    const preschool = first(code, { level: 'MN', examFrom: null, examTo: null })
    expect(statusesIn(await terms([preschool]))).toEqual(['CREATED'])
  })

  test('of a year that is not there is told once for all that it blocks', async () => {
    const batch = await terms([first('2097-2098'), second('2097-2098')])
    expect(codesIn(batch)).toEqual([['RECORD_NOT_FOUND'], ['RECORD_NOT_FOUND']])
    expect(batch.rootCauses).toMatchObject([{ code: 'RECORD_NOT_FOUND', about: '2097-2098', blocks: 2 }])
  })

  test('is over before the second begins, at its own level alone', async () => {
    const code = freshYear()
    await years([year(code)])
    await terms([first(code)])
    const early = { startsOn: `${to(code)}-01-10` }
    expect(errorsIn(await terms([second(code, early), second(code, { ...early, level: 'TH' })]))).toEqual([
      'TERMS_OVERLAP startsOn',
    ])
    // Both in one batch: the first gives the day that the second takes.
    expect(statusesIn(await terms([second(code, early), first(code, { endsOn: `${to(code)}-01-09` })]))).toEqual([
      'CREATED',
      'UPDATED',
    ])
  })

  test('whose books were closed keeps its days and may change its name', async () => {
    const term = {
      schoolYear: '2026-2027',
      level: 'THPT',
      code: 'HKI',
      startsOn: '2026-09-07',
      endsOn: '2027-01-09',
      examFrom: '2026-12-28',
      examTo: '2027-01-08',
    }
    expect(statusesIn(await terms([term]))).toEqual(['UNCHANGED'])
    const [book] = await database.sql<{ id: string }>(
      `update gradebook.gradebook g set state = 'CLOSED'
       where (school_id, id) = (select b.school_id, b.id from gradebook.gradebook b join schools.term t on t.id = b.term_id
         where t.level = 'THPT' and t.code = 'HKI' limit 1)
       returning id`,
    )
    expect(book).toBeDefined()
    const moved = { ...term, endsOn: '2027-01-16', examFrom: '2027-01-04' }
    expect(errorsIn(await terms([moved]))).toEqual(['TERM_HAS_CLOSED_BOOKS endsOn', 'TERM_HAS_CLOSED_BOOKS examFrom'])
    expect(statusesIn(await terms([{ ...term, name: 'Học kỳ 1' }]))).toEqual(['UPDATED'])
    // Another level’s books are open.
    expect(statusesIn(await terms([{ ...term, level: 'THCS', examFrom: '2027-01-04' }]))).toEqual(['UPDATED'])
  })
})

test('two batches at once that open one year open one', async () => {
  const code = freshYear()
  const answers = await Promise.all(Array.from({ length: 5 }, () => years([year(code)])))
  expect(answers.flatMap(statusesIn).toSorted()).toEqual(['CREATED', 'UNCHANGED', 'UNCHANGED', 'UNCHANGED', 'UNCHANGED'])
})

test('neither a product, a principal, a commune nor an office that has ended sets a day, and nothing is written', async () => {
  const smas = await applicationViewer(database, 'smas')
  const principal = await personViewer(database, 'hieu-truong@thpt-hac-thanh')
  const officer = await personViewer(database, 'can-bo-hac-thanh')
  const commune = { ...officer, scopes: [...officer.scopes, 'school.write' as const] }
  const [phong] = await database.sql<{ id: string }>(`select id from schools.authority where code = 'PGDDT-380'`)
  const refused = [
    { ...smas, scopes: [...smas.scopes, 'school.write' as const] },
    { ...smas, scopes: [...smas.scopes, 'school.write' as const], accountId: department.accountId, role: department.role },
    principal,
    commune,
    { ...department, authorityId: phong!.id },
  ]
  const code = freshYear()
  for (const viewer of refused) {
    expect(await refusal(schools, viewer, 'upsertSchoolYears', { schoolYears: [year(code)] })).toEqual(['ACT_FORBIDDEN'])
    expect(await refusal(schools, viewer, 'upsertTerms', { terms: [first('2026-2027')] })).toEqual(['ACT_FORBIDDEN'])
  }
  expect(await refusal(schools, officer, 'upsertSchoolYears', { schoolYears: [year(code)] })).toEqual(['SCOPE_MISSING'])
  expect(await refusal(schools, department, 'upsertTerms', { terms: [] })).toEqual(['BATCH_EMPTY'])
  expect(await database.sql(`select 1 from schools.school_year where code = $1`, [code])).toEqual([])
})
