// Freshness as an office reads it (R11): which schools are late by what it declared, the oldest first, below the office and nowhere else.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RECORD_KINDS } from '../../subgraphs/kernel/freshness.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { planOf, sentBy, type Sent } from '../schools/plans.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer, schoolOf } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { askDeclare, askList, COUNT, declare, linesFor, listFor, type ListLine } from './freshness-kit.ts'

let database: TestDatabase
let reporting: TestSubgraph
let department: Viewer
let commune: Viewer
let smas: Viewer
const NOW = new Date('2026-11-27T03:00:00Z')

beforeAll(async () => {
  database = await freshDatabase()
  reporting = await testSubgraph(database, 'reporting', { now: () => NOW })
  department = await personViewer(database, 'can-bo-so')
  commune = await personViewer(database, 'can-bo-hac-thanh')
  smas = await applicationViewer(database, 'smas')
})
afterAll(async () => {
  await reporting?.close()
  await database?.drop()
})

const daysAgo = (days: number): string => new Date(NOW.getTime() - days * 86_400_000).toISOString()
const keep = (schoolId: string, kind: string, days: number) =>
  database.sql(
    `insert into access.record_freshness (school_id, kind, confirmed_at, counted_on, changed, confirmed)
     values ($1, $2, $3, '2026-11-27', array_fill(0, array[31]), array_fill(0, array[31]))
     on conflict (school_id, kind) do update set confirmed_at = excluded.confirmed_at`,
    [schoolId, kind, daysAgo(days)],
  )
const schoolsBelow = ({ authorityId }: Viewer) =>
  database.sql<{ id: string; levels: string[] }>(
    `select distinct s.school_id as id, s.levels from access.oversight o join schools.school s on s.school_id = o.school_id
     where o.authority_id = $1 and date '2026-11-27' between o.valid_from and coalesce(o.valid_to, 'infinity') order by 1`,
    [authorityId],
  )
const of = (lines: readonly ListLine[], schoolId: string) => lines.filter(({ school }) => school.id === schoolId)
const REASON = 'Công văn số 1234/SGDĐT-CNTT'
const says = (kind: string, level: string, days: number | null, reason = REASON) => ({ kind, level, days, reason })

describe('what an office asks for', () => {
  test('is data: declared with its reason, said again without effect, changed, ended, and kept', async () => {
    expect(await declare(reporting, department, [says('CAMPUS', 'MN', 90)])).toMatchObject([
      {
        status: 'CREATED',
        entity: {
          kind: 'CAMPUS',
          level: 'MN',
          days: 90,
          reason: REASON,
          validFrom: '2026-11-27',
          authority: { id: department.authorityId },
        },
      },
    ])
    expect(await declare(reporting, department, [says('CAMPUS', 'MN', 90)])).toMatchObject([
      { status: 'UNCHANGED', entity: { days: 90 } },
    ])
    expect(await declare(reporting, department, [says('CAMPUS', 'MN', 60)])).toMatchObject([
      { status: 'UPDATED', entity: { days: 60 } },
    ])
    expect(await declare(reporting, department, [says('CAMPUS', 'MN', null)])).toMatchObject([
      { status: 'UPDATED', entity: null },
    ])
    const kept = await database.sql(
      `select days, valid_to is null as open, declared_by_account_id as by from reporting.freshness_threshold
       where kind = 'CAMPUS' order by days desc`,
    )
    expect(kept).toEqual([90, 60].map((days) => ({ days, open: false, by: department.accountId })))
  })

  test('stands under the audit, and a retry is told its first answer', async () => {
    const keyed = { ...department, idempotencyKey: randomUUID(), requestId: randomUUID() }
    const first = await declare(reporting, keyed, [says('CAMPUS', 'TH', 90)])
    expect(await declare(reporting, keyed, [says('CAMPUS', 'TH', 90)])).toEqual(first)
    expect(codesOf(await askDeclare(reporting, keyed, [says('CAMPUS', 'TH', 80)]))).toEqual(['IDEMPOTENCY_MISMATCH'])
    const audit = await database.sql(`select fields from access.audit_event where request_id = $1`, [keyed.requestId])
    expect(audit).toEqual([{ fields: ['FreshnessThreshold.days'] }])
    await declare(reporting, department, [says('CAMPUS', 'TH', null)])
  })

  test('is refused record by record, and in ATOMIC mode whole', async () => {
    const good = says('CAMPUS', 'THCS', 30)
    const bad = [
      says('CAMPUS', 'THPT', 0),
      says('CAMPUS', 'GDTX', 401),
      says('CAMPUS', 'MN', 5, ' '),
      says('STAFF', 'MN', 1),
      says('STAFF', 'MN', 2),
    ]
    const codes = (results: Awaited<ReturnType<typeof declare>>) =>
      results.map(({ errors }) => errors.map(({ code }) => code).join())
    expect(codes(await declare(reporting, department, [good, ...bad], { mode: 'ATOMIC' }))).toEqual([
      'BATCH_REJECTED',
      'NUMBER_OUT_OF_RANGE',
      'NUMBER_OUT_OF_RANGE',
      'REASON_REQUIRED',
      'DUPLICATE_IN_BATCH',
      'DUPLICATE_IN_BATCH',
    ])
    expect(await database.sql(`select 1 from reporting.freshness_threshold where kind = 'CAMPUS' and valid_to is null`)).toEqual(
      [],
    )
    expect((await declare(reporting, department, [good, ...bad])).map(({ status }) => status)).toEqual([
      'CREATED',
      ...bad.map(() => 'REJECTED'),
    ])
    await declare(reporting, department, [says('CAMPUS', 'THCS', null)])
    expect(codesOf(await askDeclare(reporting, department, []))).toEqual(['BATCH_EMPTY'])
  })

  test('is an office’s own word: no principal, no teacher, no application says it, not even for an officer', async () => {
    const principal = await personViewer(database, 'hieu-truong@thpt-hac-thanh', { scopes: ['report.approve', 'report.read'] })
    const through = { ...department, applicationId: smas.applicationId, vendorId: smas.vendorId }
    const product = { ...smas, scopes: ['report.approve' as const, 'report.read' as const] }
    for (const viewer of [principal, { ...principal, role: 'TEACHER' as const }, through, product])
      expect(codesOf(await askDeclare(reporting, viewer, [says('CAMPUS', 'THPT', 5)]))).toEqual(['ACT_FORBIDDEN'])
    const { errors } = await askDeclare(reporting, { ...department, scopes: ['report.read'] }, [says('CAMPUS', 'THPT', 5)])
    expect(codesOf({ errors })).toEqual(['SCOPE_MISSING'])
    expect(await database.sql(`select 1 from reporting.freshness_threshold where kind = 'CAMPUS' and level = 'THPT'`)).toEqual([])
  })

  test('holds at the schools of its level below it; where two offices ask, the stricter is meant', async () => {
    const [own] = (await schoolsBelow(commune)).filter(({ levels }) => levels.includes('THCS'))
    const due = async () => (await linesFor(reporting, department, own!.id)).find(({ kind }) => kind === 'STAFF')!.dueWithinDays
    expect(await due()).toBe(30)
    await declare(reporting, commune, [says('STAFF', 'THCS', 90)])
    expect(await due()).toBe(30)
    await declare(reporting, commune, [says('STAFF', 'THCS', 5)])
    expect(await due()).toBe(5)
    const elsewhere = (await schoolsBelow(department)).filter(({ id, levels }) => levels.includes('THCS') && id !== own!.id)
    const below = new Set((await schoolsBelow(commune)).map(({ id }) => id))
    const other = elsewhere.find(({ id }) => !below.has(id))!
    expect((await linesFor(reporting, department, other.id)).find(({ kind }) => kind === 'STAFF')!.dueWithinDays).toBe(30)
    const read = async (viewer: Viewer) =>
      (
        await reporting.ask<{ freshnessThresholds: { kind: string; level: string; days: number }[] }>(
          viewer,
          '{ freshnessThresholds { kind level days } }',
        )
      ).data.freshnessThresholds
    expect(await read(commune)).toEqual(
      expect.arrayContaining([
        { kind: 'STAFF', level: 'THCS', days: 5 },
        { kind: 'STAFF', level: 'THCS', days: 30 },
      ]),
    )
    await declare(reporting, commune, [says('STAFF', 'THCS', null)])
    expect(await due()).toBe(30)
  })
})

describe('which schools are late', () => {
  test('by the hour: within the days that are asked for it is fresh, a moment later it is overdue, and what nobody asks for is neither', async () => {
    const [own] = await schoolsBelow(department)
    const stateOf = async (kind: string) => of(await listFor(reporting, department, { kinds: [kind] }), own!.id)[0]?.state
    await keep(own!.id, 'STUDENT', 7)
    expect(await stateOf('STUDENT')).toBe('FRESH')
    await database.sql(
      `update access.record_freshness set confirmed_at = confirmed_at - interval '1 second' where school_id = $1 and kind = 'STUDENT'`,
      [own!.id],
    )
    expect(await stateOf('STUDENT')).toBe('OVERDUE')
    await keep(own!.id, 'CAMPUS', 399)
    expect(await stateOf('CAMPUS')).toBe('UNDECLARED')
    expect(await stateOf('FACILITY')).toBe('NEVER')
  })

  test('what was never kept comes first, then the oldest; page after page it is the same list, each line once', async () => {
    const whole = await listFor(reporting, department)
    const since = whole.map(({ lastConfirmedAt }) => (lastConfirmedAt ? Date.parse(lastConfirmedAt) : 0))
    expect(since).toEqual(since.toSorted((one, other) => one - other))
    expect(whole[0]!.state).toBe('NEVER')
    const paged: ListLine[] = []
    for (let after: string | null = null; ;) {
      const { data } = await askList(reporting, department, { first: 17, after })
      paged.push(...data.schoolFreshness.nodes)
      if (!data.schoolFreshness.pageInfo.hasNextPage) break
      after = data.schoolFreshness.pageInfo.endCursor
    }
    expect(paged).toEqual(whole)
    expect(new Set(whole.map(({ school, kind }) => `${school.id} ${kind}`)).size).toBe(whole.length)
  })

  test('by kind, by state, by the product that wrote', async () => {
    const whole = await listFor(reporting, department)
    const late = await listFor(reporting, department, { kinds: ['STUDENT', 'FACILITY'], states: ['OVERDUE', 'NEVER'] })
    expect(late).toEqual(
      whole.filter(({ kind, state }) => ['STUDENT', 'FACILITY'].includes(kind) && ['OVERDUE', 'NEVER'].includes(state!)),
    )
    expect(late.length).toBeGreaterThan(0)
    const own = await listFor(reporting, department, { applicationId: smas.applicationId, kinds: ['STAFF'] })
    const kept = await database.sql<{ id: string }>(
      `select school_id as id from schools.staff where application_id = $1 group by school_id`,
      [smas.applicationId],
    )
    expect(own.map(({ school }) => school.id).sort()).toEqual(kept.map(({ id }) => id).sort())
    for (const { lastChangedBy } of own) expect(lastChangedBy).toEqual({ id: smas.applicationId })
    for (const nobody of [randomUUID(), 'khong-co'])
      expect(await listFor(reporting, department, { applicationId: nobody })).toEqual([])
  })

  test('the counts are those of the list, of every kind each school once', async () => {
    const { data } = await reporting.ask<{ dataFreshness: { schools: number; counts: Record<string, string | number>[] } }>(
      department,
      COUNT,
    )
    const { schools, counts } = data.dataFreshness
    expect(schools).toBe((await schoolsBelow(department)).length)
    expect(counts.map(({ kind }) => kind)).toEqual(RECORD_KINDS)
    const whole = await listFor(reporting, department)
    for (const { kind, fresh, overdue, never, undeclared } of counts) {
      const states = whole.filter((line) => line.kind === kind).map(({ state }) => state)
      const count = (wanted: string) => states.filter((state) => state === wanted).length
      expect([kind, fresh, overdue, never]).toEqual([kind, count('FRESH'), count('OVERDUE'), count('NEVER')])
      expect(Number(fresh) + Number(overdue) + Number(never) + Number(undeclared)).toBe(schools)
    }
  })

  test('a cursor holds for its caller and its filter', async () => {
    const { data } = await askList(reporting, department, { first: 2 })
    const after = data.schoolFreshness.pageInfo.endCursor
    expect(codesOf(await askList(reporting, department, { first: 2, after, kinds: ['STAFF'] }))).toEqual(['CURSOR_INVALID'])
    expect(codesOf(await askList(reporting, commune, { first: 2, after }))).toEqual(['CURSOR_INVALID'])
    expect(codesOf(await askList(reporting, department, { first: 1_001 }))).toEqual(['LIST_TOO_LONG'])
  })
})

describe('who reads it', () => {
  test('an officer reads the schools below the own authority, and of another authority nothing', async () => {
    const below = (await schoolsBelow(commune)).map(({ id }) => id)
    const read = async (viewer: Viewer, authorityId?: string | null) => [
      ...new Set((await listFor(reporting, viewer, { authorityId })).map(({ school }) => school.id)),
    ]
    expect((await read(commune)).sort()).toEqual(below)
    expect((await read(department, commune.authorityId)).sort()).toEqual(below)
    for (const authorityId of [department.authorityId, randomUUID(), 'khong-co']) {
      expect(codesOf(await askList(reporting, commune, { authorityId }))).toEqual(['ACT_FORBIDDEN'])
      expect(codesOf(await reporting.ask(commune, COUNT, { a: authorityId }))).toEqual(['ACT_FORBIDDEN'])
    }
  })

  test('the schools of an office are those of the day: what it handed over is no longer listed', async () => {
    const [gone] = await schoolsBelow(commune)
    await database.sql(`update access.oversight set valid_to = '2026-11-26' where authority_id = $1 and school_id = $2`, [
      commune.authorityId,
      gone!.id,
    ])
    expect(of(await listFor(reporting, commune), gone!.id)).toEqual([])
    await database.sql(`update access.oversight set valid_to = null where authority_id = $1 and school_id = $2`, [
      commune.authorityId,
      gone!.id,
    ])
    expect(of(await listFor(reporting, commune), gone!.id).length).toBeGreaterThan(0)
  })

  test('no principal, no compliance officer and no application reads the list of an office', async () => {
    const principal = await personViewer(database, 'hieu-truong@thpt-hac-thanh')
    const compliance = await personViewer(database, 'tuan-thu', { scopes: ['report.read', 'access.review'] })
    const through = { ...department, applicationId: smas.applicationId, vendorId: smas.vendorId, role: 'PRINCIPAL' as const }
    for (const viewer of [principal, compliance, { ...smas, scopes: ['report.read' as const] }, through])
      for (const answer of [
        await askList(reporting, viewer),
        await reporting.ask(viewer, COUNT),
        await reporting.ask(viewer, '{ freshnessThresholds { id } }'),
      ])
        expect(codesOf(answer)).toEqual(['ACT_FORBIDDEN'])
  })
})

describe('at the size of a province', () => {
  const LIST =
    'query ($n: Int!, $a: String, $p: ID) { schoolFreshness(first: $n, after: $a, applicationId: $p) { nodes { kind applications { lastConfirmedAt } } pageInfo { endCursor } } }'
  beforeAll(async () => {
    await database.sql(
      `insert into schools.school (school_id, code, name, name_en, levels, ownership, commune_code, address, status, updated_at)
       select gen_random_uuid(), 'TX' || n, 'Trường ' || n, 'School ' || n, '{THCS}', 1, '14797', 'Số 1', 'ACTIVE', now() from generate_series(1, 1500) n`,
    )
    await database.sql(
      `insert into access.oversight (authority_id, school_id, kind, valid_from)
       select $1, school_id, 'PROFESSIONAL', '2025-01-01' from schools.school where code like 'TX%'`,
      [department.authorityId],
    )
    await database.sql(
      `insert into access.record_freshness (school_id, kind, confirmed_at, counted_on, changed, confirmed)
       select s.school_id, k, timestamptz '2026-10-01' + (abs(hashtext(s.code || k)) % 50) * interval '1 day', '2026-11-27', array_fill(0, array[31]), array_fill(0, array[31])
       from schools.school s, unnest($1::text[]) k where s.code like 'TX%'`,
      [RECORD_KINDS],
    )
    await database.sql(
      `insert into access.record_keeper (school_id, kind, application_id, confirmed_at, counted_on, changed, confirmed)
       select f.school_id, f.kind, a.id, f.confirmed_at, f.counted_on, f.changed, f.confirmed
       from access.record_freshness f join schools.school s on s.school_id = f.school_id and s.code like 'TX%', identity.application a where a.code in ('smas', 'vnedu')`,
    )
    await database.sql('analyze')
  })

  const statements = (viewer: Viewer, variables: object): Promise<Sent[]> =>
    sentBy(reporting, viewer, LIST, { n: 20, ...variables })
  const isPage = ({ text }: Sent): boolean => text.includes('from lines l') && text.includes('limit')
  const MODES = ['force_custom_plan', 'force_generic_plan'] as const

  test.each(MODES)('a few schools are found by their keys, also among thousands: %s', async (mode) => {
    const sent = [
      ...(await statements(commune, {})),
      ...(await statements(commune, { p: smas.applicationId })),
      ...(await sentBy(reporting, commune, COUNT, {})),
    ]
    expect(sent.length).toBeGreaterThan(10)
    for (const one of sent) {
      const { scans } = await planOf(database, one, { mode, service: 'reporting' })
      expect(scans.filter(({ type, relation }) => type === 'Seq Scan' && relation.startsWith('record_'))).toEqual([])
    }
  })

  test.each(MODES)('the lines of all schools are joined at once, never line by line: %s', async (mode) => {
    const pages = [
      ...(await statements(department, {})),
      ...(await statements(department, { p: smas.applicationId })),
      ...(await sentBy(reporting, department, COUNT, {})),
    ].filter(({ text }) => text.includes('lines as'))
    expect(pages).toHaveLength(3)
    for (const one of pages) {
      const { joins } = await planOf(database, one, { mode, service: 'reporting' })
      // The levels of a school are taken out of its row, school by school.
      expect(joins.filter((type) => type === 'Nested Loop').length).toBeLessThanOrEqual(1)
    }
  })

  test('the net catches: where looping is allowed, a prepared statement does', async () => {
    const page = (await statements(department, { p: smas.applicationId })).find(isPage)!
    const opening = page.opening.replace('enable_nestloop = off', 'enable_nestloop = on')
    const { joins } = await planOf(database, { ...page, opening }, { mode: 'force_generic_plan', service: 'reporting' })
    expect(joins.filter((type) => type === 'Nested Loop').length).toBeGreaterThan(1)
  })

  test('a page far down looks at as many pages of the database as the first', async () => {
    const page = async (variables: object) =>
      planOf(database, (await statements(department, variables)).find(isPage)!, {
        mode: 'force_generic_plan',
        run: true,
        service: 'reporting',
      })
    const { data } = await askList(reporting, department, { first: 1_000 })
    const [first, deep] = [await page({}), await page({ a: data.schoolFreshness.pageInfo.endCursor })]
    expect(first.blocks).toBeGreaterThan(0)
    expect(deep.blocks).toBeLessThanOrEqual(Math.ceil(first.blocks * 1.2) + 4)
  })

  test('of a school of its own an application reads as before', async () => {
    const { id } = await schoolOf(database, 'smas')
    expect((await linesFor(reporting, smas, id)).length).toBeGreaterThan(0)
  })
})
