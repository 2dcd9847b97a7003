// Freshness (R11): every accepted batch leaves its mark in its own transaction, and everybody is told what is theirs to know.
import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RECORD_KINDS, SCOPE_OF_KIND } from '../../subgraphs/kernel/freshness.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import {
  freshCode,
  keeper,
  pupil,
  schoolAtWork,
  send,
  statusesIn,
  YEAR,
  type SchoolAtWork,
  type Sent,
} from '../schools/roster-kit.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { personViewer } from '../testkit/parties.ts'
import { testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { linesFor, type Keeper, type Line } from './freshness-kit.ts'

let database: TestDatabase
let schools: TestSubgraph
let reporting: TestSubgraph
let clock = new Date('2026-12-01T03:00:00Z')
let smas: Viewer
let enetviet: Viewer
let principal: Viewer
let department: Viewer
let school: SchoolAtWork
let ref: Sent

const ALL = [
  'school.write',
  'staff.read',
  'staff.write',
  'student.basic.write',
  'guardian.contact.write',
  'health.write',
] as const

beforeAll(async () => {
  database = await freshDatabase()
  const now = () => clock
  schools = await testSubgraph(database, 'schools', { now })
  reporting = await testSubgraph(database, 'reporting', { now })
  smas = await keeper(database, 'smas', ...ALL)
  enetviet = await keeper(database, 'enetviet', ...ALL)
  school = await schoolAtWork(database, smas, enetviet)
  await database.sql(`update access.school_grant set valid_to = '2028-07-31' where school_id = $1`, [school.id])
  ref = { school: { id: school.id } }
  department = await personViewer(database, 'can-bo-so')
  principal = await personViewer(database, 'hieu-truong@thpt-hac-thanh')
  await database.sql(`update access.membership set school_id = $2 where account_id = $1`, [principal.accountId, school.id])
})
afterAll(async () => {
  await schools?.close()
  await reporting?.close()
  await database?.drop()
})

const later = (days: number): void => void (clock = new Date(clock.getTime() + days * 86_400_000))
const vietnam = (): string => new Date(clock.getTime() + 7 * 3_600_000).toISOString().replace('.000Z', '+07:00')
const lineFor = async (viewer: Viewer, kind: string): Promise<Line> =>
  (await linesFor(reporting, viewer, school.id)).find((line) => line.kind === kind)!
const keeperIn = ({ applications }: Line, { applicationId }: Viewer): Keeper | undefined =>
  applications.find(({ application }) => application?.id === applicationId)

const room = (name: string, change: Sent = {}): Sent => ({ name, grade: 10, level: 'THPT', ...change })
const classes = (list: Sent[], viewer = smas, more: Sent = {}) =>
  send(schools, viewer, 'upsertClasses', { ...ref, schoolYear: YEAR, classes: list, ...more })
const students = (list: Sent[], viewer = smas, more: Sent = {}) =>
  send(schools, viewer, 'upsertStudents', { ...ref, schoolYear: YEAR, students: list, ...more })

describe('a batch leaves its mark', () => {
  test('a change says when, by whom, and how many', async () => {
    expect(statusesIn(await classes([room('10F1'), room('10F2')]))).toEqual(['CREATED', 'CREATED'])
    const line = await lineFor(principal, 'CLASS_ROOM')
    expect(line).toMatchObject({
      lastConfirmedAt: vietnam(),
      lastChangedAt: vietnam(),
      lastChangedBy: { id: smas.applicationId },
      changed: { today: 2, last7Days: 2, last30Days: 2 },
      confirmed: { today: 2, last7Days: 2, last30Days: 2 },
    })
    expect(keeperIn(line, smas)).toMatchObject({ lastChangedAt: vietnam(), changed: { today: 2 } })
  })

  test('records that are sent as they stand are looked after, and have not changed', async () => {
    const before = await lineFor(principal, 'CLASS_ROOM')
    later(2)
    expect(statusesIn(await classes([room('10F1'), room('10F2')]))).toEqual(['UNCHANGED', 'UNCHANGED'])
    expect(await lineFor(principal, 'CLASS_ROOM')).toMatchObject({
      lastConfirmedAt: vietnam(),
      lastChangedAt: before.lastChangedAt,
      lastChangedBy: { id: smas.applicationId },
      changed: { today: 0, last7Days: 2, last30Days: 2 },
      confirmed: { today: 2, last7Days: 4, last30Days: 4 },
    })
  })

  test('days fall out of the windows, and a month later nothing is left in them', async () => {
    const countsAfter = async (days: number) => {
      later(days)
      await students([pupil()])
      const { changed } = await lineFor(principal, 'STUDENT')
      return changed
    }
    expect(await countsAfter(0)).toEqual({ today: 1, last7Days: 1, last30Days: 1 })
    expect(await countsAfter(6)).toEqual({ today: 1, last7Days: 2, last30Days: 2 })
    expect(await countsAfter(1)).toEqual({ today: 1, last7Days: 2, last30Days: 3 })
    expect(await countsAfter(22)).toEqual({ today: 1, last7Days: 1, last30Days: 4 })
    later(31)
    expect((await lineFor(principal, 'STUDENT')).changed).toEqual({ today: 0, last7Days: 0, last30Days: 0 })
    expect(await countsAfter(40)).toEqual({ today: 1, last7Days: 1, last30Days: 1 })
  })

  test('what is refused or in conflict proves nothing', async () => {
    later(1)
    const before = await lineFor(principal, 'CLASS_ROOM')
    expect(statusesIn(await classes([room('10F1', { grade: 99 })]))).toEqual(['REJECTED'])
    expect(statusesIn(await classes([room('10F1', { expectedVersion: 7 })]))).toEqual(['CONFLICT'])
    expect(statusesIn(await classes([room('10F1'), room('10F9', { grade: 99 })], smas, { mode: 'ATOMIC' }))).toEqual([
      'REJECTED',
      'REJECTED',
    ])
    // The class is another application's: its rival changes nothing, and so looks after nothing.
    expect(statusesIn(await classes([room('10F1', { grade: 11 })], enetviet))).toEqual(['CONFLICT'])
    expect(await lineFor(principal, 'CLASS_ROOM')).toEqual(before)
    expect(keeperIn(await lineFor(principal, 'CLASS_ROOM'), enetviet)).toBeUndefined()
  })

  test('a retried request is told its first answer and counts once', async () => {
    const key = { ...smas, idempotencyKey: randomUUID() }
    const before = (await lineFor(principal, 'CLASS_ROOM')).confirmed!.today
    for (const _time of [1, 2]) expect(statusesIn(await classes([room('10F1')], key))).toEqual(['UNCHANGED'])
    expect((await lineFor(principal, 'CLASS_ROOM')).confirmed!.today).toBe(before + 1)
  })

  test('two products at one school each have a line of their own, and batches at once lose none', async () => {
    later(1)
    const list = Array.from({ length: 8 }, (_, place) => [room(`10G${place}`)])
    await Promise.all(list.map((one, place) => classes(one, place % 2 ? enetviet : smas)))
    const line = await lineFor(principal, 'CLASS_ROOM')
    expect(line.changed!.today).toBe(8)
    expect([smas, enetviet].map((viewer) => keeperIn(line, viewer)!.changed.today)).toEqual([4, 4])
  })

  test('a pupil who is sent with the class confirms the enrolment too, one without it does not', async () => {
    later(1)
    const [with10, without] = [pupil({ classRoom: { name: school.rooms[0]!.name } }), pupil()]
    await students([with10, without])
    expect((await lineFor(principal, 'ENROLMENT')).changed!.today).toBe(1)
    later(1)
    await students([without])
    expect(await lineFor(principal, 'ENROLMENT')).toMatchObject({ confirmed: { today: 0 } })
    await students([with10])
    expect(await lineFor(principal, 'ENROLMENT')).toMatchObject({ changed: { today: 0 }, confirmed: { today: 1 } })
    expect(await lineFor(principal, 'STUDENT')).toMatchObject({ changed: { today: 0 }, confirmed: { today: 2 } })
  })

  test('every kind of the roster has its freshness, under its own act', async () => {
    later(1)
    const code = freshCode()
    const person = { code, fullName: 'Lê Văn Đức', sex: 'MALE', position: 'TEACHER', status: 1 }
    const student = pupil({ classRoom: { name: school.rooms[0]!.name } })
    const of = { classRoom: { name: school.rooms[0]!.name }, teacher: { code } }
    const [other] = await database.sql<{ name: string }>(
      `insert into schools.class_room (school_id, id, school_year_id, name, grade, level, updated_at)
       select school_id, gen_random_uuid(), school_year_id, '10H1', 10, 'THPT', now() from schools.class_room where school_id = $1 and id = $2
       returning name`,
      [school.id, school.rooms[0]!.id],
    )
    const year = { schoolYear: YEAR }
    const acts: [string, string, Sent][] = [
      ['CLASS_ROOM', 'upsertClasses', { ...year, classes: [room('10H2')] }],
      ['STAFF', 'upsertStaff', { staff: [person] }],
      ['STUDENT', 'upsertStudents', { ...year, students: [student] }],
      ['ENROLMENT', 'moveStudents', { ...year, moves: [{ student: { code: student.code }, classRoom: { name: other!.name } }] }],
      ['TEACHING_ASSIGNMENT', 'assignTeachers', { ...year, term: 'HKI', assignments: [{ ...of, subject: 'TOAN' }] }],
      [
        'HOMEROOM_ASSIGNMENT',
        'assignHomerooms',
        { ...year, assignments: [{ classRoom: { name: other!.name }, teacher: { code } }] },
      ],
      [
        'GUARDIAN',
        'upsertGuardians',
        { guardians: [{ student: { code: student.code }, fullName: 'Trần Thị Mai', relation: 'MOTHER' }] },
      ],
      [
        'HEALTH_RECORD',
        'upsertHealthRecords',
        { records: [{ student: { code: student.code }, measuredOn: '2026-10-05', heightCm: 150 }] },
      ],
      ['FACILITY', 'upsertFacilities', { facilities: [{ ...year, period: 'START', electricity: true }] }],
      [
        'CAMPUS',
        'upsertCampuses',
        { campuses: [{ code: 'DT1', name: 'Điểm trường 1', address: 'Số 1', communeCode: '14797', validFrom: '2026-08-01' }] },
      ],
    ]
    for (const [kind, act, more] of acts) {
      const batch = await send(schools, smas, act, { ...ref, ...more })
      expect([act, ...batch.results]).toEqual([
        act,
        expect.objectContaining({ status: expect.stringMatching(/CREATED|UPDATED/) }),
      ])
      expect([act, await lineFor(principal, kind)]).toEqual([
        act,
        expect.objectContaining({ lastChangedAt: vietnam(), lastChangedBy: { id: smas.applicationId } }),
      ])
    }
  })
})

describe('everybody is told what is theirs', () => {
  test('the principal and the officers of every kind, the principal also of what the office may not read', async () => {
    for (const viewer of [principal, department]) {
      expect(viewer.scopes).not.toContain('health.read')
      const lines = await linesFor(reporting, viewer, school.id)
      expect(lines.map(({ kind }) => kind)).toEqual(RECORD_KINDS)
      expect(lines.filter(({ state }) => state === null)).toEqual([])
    }
  })

  test('an application of the kinds that its agreement lets it read', async () => {
    const told = async (viewer: Viewer) => (await linesFor(reporting, viewer, school.id)).map(({ kind }) => kind)
    expect(await told(smas)).toEqual(RECORD_KINDS.filter((kind) => smas.scopes.includes(SCOPE_OF_KIND[kind])))
    const [grant] = await database.sql<{ scopes: string[] }>(
      `select scopes from access.school_grant where application_id = $1 and school_id = $2`,
      [smas.applicationId, school.id],
    )
    const narrow = `update access.school_grant set scopes = $3 where application_id = $1 and school_id = $2`
    await database.sql(narrow, [smas.applicationId, school.id, ['school.read']])
    expect(await told(smas)).toEqual(['CLASS_ROOM', 'FACILITY', 'CAMPUS'])
    await database.sql(narrow, [smas.applicationId, school.id, []])
    expect(await told(smas)).toEqual([])
    await database.sql(narrow, [smas.applicationId, school.id, grant!.scopes])
  })

  test('of its rivals an application learns when the records were looked after and who changed them last, and no more', async () => {
    later(1)
    await classes([room('10F1')])
    const line = await lineFor(enetviet, 'CLASS_ROOM')
    expect(line).toMatchObject({ lastConfirmedAt: vietnam(), changed: null, confirmed: null })
    expect(line.applications.map(({ application }) => application?.id)).toEqual([enetviet.applicationId])
    // Also through the person whom it serves: the product would learn it, not the person.
    const serving = { ...enetviet, accountId: principal.accountId, role: 'PRINCIPAL' as const }
    expect((await lineFor(serving, 'CLASS_ROOM')).applications).toHaveLength(1)
    expect((await lineFor(principal, 'CLASS_ROOM')).applications.length).toBeGreaterThan(1)
  })

  test('an application that never wrote is told so of itself', async () => {
    const { applications } = await lineFor(enetviet, 'STUDENT')
    expect(applications).toEqual([
      {
        application: { id: enetviet.applicationId },
        lastConfirmedAt: null,
        lastChangedAt: null,
        changed: { today: 0, last7Days: 0, last30Days: 0 },
        confirmed: { today: 0, last7Days: 0, last30Days: 0 },
      },
    ])
  })

  test('of what rests on consent an application is told what it wrote itself', async () => {
    const reading = { ...enetviet, scopes: [...enetviet.scopes, 'health.read' as const] }
    await database.sql(`update access.school_grant set scopes = scopes || '{health.read}' where application_id = $1`, [
      enetviet.applicationId,
    ])
    const line = await lineFor(reading, 'HEALTH_RECORD')
    expect(line).toMatchObject({ state: null, lastConfirmedAt: null, lastChangedAt: null, lastChangedBy: null, changed: null })
    expect(line.applications).toMatchObject([{ application: { id: enetviet.applicationId }, lastConfirmedAt: null }])
    expect(await lineFor(principal, 'HEALTH_RECORD')).toMatchObject({ lastChangedBy: { id: smas.applicationId } })
  })

  test('whoever sees a part of the school is not told of the whole: an agreement with terms, a teacher', async () => {
    const terms = `update access.school_grant set levels = $3 where application_id = $1 and school_id = $2`
    await database.sql(terms, [enetviet.applicationId, school.id, ['THPT']])
    expect(await lineFor(enetviet, 'CLASS_ROOM')).toMatchObject({ state: null, lastConfirmedAt: null, lastChangedBy: null })
    expect(keeperIn(await lineFor(enetviet, 'CLASS_ROOM'), enetviet)).toMatchObject({ changed: { last30Days: 4 } })
    await database.sql(terms, [enetviet.applicationId, school.id, []])
    const teacher = { ...principal, role: 'TEACHER' as const }
    await database.sql(`update access.membership set role = 'TEACHER' where account_id = $1`, [principal.accountId])
    const lines = await linesFor(reporting, teacher, school.id)
    await database.sql(`update access.membership set role = 'PRINCIPAL' where account_id = $1`, [principal.accountId])
    expect(lines.length).toBeGreaterThan(0)
    for (const { state, lastConfirmedAt, applications } of lines)
      expect([state, lastConfirmedAt, applications]).toEqual([null, null, []])
  })

  test('nobody of a school that is not open to them', async () => {
    const [other] = await database.sql<{ id: string }>(
      `select s.school_id as id from schools.school s where not exists (
         select 1 from access.school_grant g where g.school_id = s.school_id and g.application_id = $1) limit 1`,
      [smas.applicationId],
    )
    expect(await linesFor(reporting, smas, other!.id)).toEqual([])
    expect(await linesFor(reporting, principal, other!.id)).toEqual([])
    expect(await linesFor(reporting, smas, randomUUID())).toEqual([])
    const commune = await personViewer(database, 'can-bo-hac-thanh')
    expect(await linesFor(reporting, commune, school.id)).toEqual([])
  })
})

describe('the walls in the database', () => {
  const as = async <T>(service: 'reporting' | 'schools', work: (client: Client) => Promise<T>): Promise<T> => {
    const client = new Client({ connectionString: database.urlOf(service) })
    await client.connect()
    try {
      await client.query('begin')
      return await work(client)
    } finally {
      await client.end()
    }
  }
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'allowed',
      (error: { code: string }) => error.code,
    )
  const open = (client: Client, { applicationId, accountId }: Viewer, scope = 'school.read') =>
    client.query(`select access.open_viewer($1, $2, $3, null, '2026-12-01')`, [applicationId, accountId, scope])

  test('a transaction that forgot to open sees no row, and an application its own lines alone', async () => {
    await as('reporting', async (client) => {
      for (const table of ['record_freshness', 'record_keeper'])
        expect((await client.query(`select 1 from access.${table}`)).rows).toEqual([])
      await open(client, enetviet)
      const { rows } = await client.query('select distinct application_id from access.record_keeper')
      expect(rows).toEqual([{ application_id: enetviet.applicationId }])
      expect(
        (await client.query(`select 1 from access.record_freshness where kind in ('GUARDIAN', 'HEALTH_RECORD', 'CONSENT')`)).rows,
      ).toEqual([])
      expect((await client.query(`select 1 from access.record_freshness where kind = 'CLASS_ROOM'`)).rows.length).toBeGreaterThan(
        0,
      )
    })
  })

  test('nobody writes times and counts but through the note, and the note of a closed school is refused', async () => {
    const note = `select access.note_records($1, '{STUDENT}', '{1}', '{1}', '{1}', null, now(), '2026-12-01')`
    for (const statement of [
      'select 1 from access.record_keeper',
      `update access.record_freshness set confirmed_at = now()`,
      `delete from access.record_keeper`,
    ])
      expect([statement, await as('schools', (client) => codeOf(client.query(statement)))]).toEqual([statement, '42501'])
    expect(
      await as('reporting', (client) => codeOf(client.query('update access.record_freshness set confirmed_at = now()'))),
    ).toBe('42501')
    expect(await as('reporting', (client) => codeOf(client.query('delete from reporting.freshness_threshold')))).toBe('42501')
    await as('schools', async (client) => {
      await open(client, smas)
      expect(await codeOf(client.query(note, [[school.id]]))).toBe('allowed')
      await client.query('savepoint closed')
      expect(await codeOf(client.query(note, [[randomUUID()]]))).toBe('42501')
    })
  })

  test('the tables keep the rules of a cluster: the school in every key, policies forced', async () => {
    const rows = await database.sql<Record<string, unknown>>(
      `select c.relname, c.relrowsecurity and c.relforcerowsecurity as forced,
         (select bool_and(a.attnum = any (i.indkey::int2[])) from pg_index i where i.indrelid = c.oid and i.indisunique) as keyed
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'school_id'
       where c.relnamespace = 'access'::regnamespace and c.relname like 'record\\_%' and c.relkind = 'r' order by 1`,
    )
    expect(rows).toEqual(['record_freshness', 'record_keeper'].map((relname) => ({ relname, forced: true, keyed: true })))
  })
})

test('what was written before is as fresh as its provenance: the last change by whom, on which day how much', async () => {
  const fresh = await freshDatabase()
  try {
    const [one] = await fresh.sql<{ id: string }>(
      `select school_id as id from gradebook.score group by school_id order by count(*) desc limit 1`,
    )
    await fresh.sql(
      `update schools.student set updated_at = '2026-11-26T03:00:00Z', application_id = null
      where school_id = $1 and id in (select id from schools.student where school_id = $1 limit 3)`,
      [one!.id],
    )
    await fresh.sql(`select published.recount_freshness($1, '2026-11-27')`, [one!.id])
    const [student] = await fresh.sql<Record<string, unknown>>(
      `select f.confirmed_at = timestamptz '2026-11-26T03:00:00Z' as at, f.changed_by, f.changed[1:3] as days,
         (select count(*)::int from access.record_keeper k where k.school_id = f.school_id and k.kind = f.kind) as keepers
       from access.record_freshness f where f.school_id = $1 and f.kind = 'STUDENT'`,
      [one!.id],
    )
    expect(student).toEqual({ at: true, changed_by: null, days: [0, 3, 0], keepers: 2 })
    const odds = await fresh.sql(
      `select f.school_id from access.record_freshness f
       where f.kind = 'SCORE' and f.changed_at <> (select max(s.updated_at) from gradebook.score s where s.school_id = f.school_id)`,
    )
    expect(odds).toEqual([])
    // All that the province was loaded with stands there, without anybody having written since.
    const [loaded] = await fresh.sql<{ schools: number }>(
      `select count(distinct school_id)::int as schools from access.record_freshness where kind = 'STUDENT'`,
    )
    expect(loaded!.schools).toBe(24)
  } finally {
    await fresh.drop()
  }
})
