// Rolling a school over: one plan to look at, one act that carries out that plan, and nothing else.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { personViewer } from '../testkit/parties.ts'
import { captureSql, codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { codesIn, keeper, pupil, send, statusesIn, YEAR, type Sent } from './roster-kit.ts'

const NEXT = '2027-2028'
const AFTER = new Date('2027-06-15T08:00:00Z')

interface Plan {
  state: string
  hash: string
  summary: Record<'promoted' | 'repeated' | 'graduated' | 'present' | 'newClasses', number>
  classes: { name: string; grade: number; isNew: boolean; size: number; members: MemberRow[] }[]
  graduates: MemberRow[]
  problems: { code: string; path: string; count: number }[]
  warnings: { code: string; path: string; count: number }[]
}
interface MemberRow {
  outcome: string
  fromClass: string | null
  rollNumber: number | null
  student: { code: string; fullName: string }
}

const PLAN = `state hash summary { promoted repeated graduated present newClasses }
  classes { name grade isNew size members { outcome fromClass rollNumber student { code fullName } } }
  graduates { outcome fromClass rollNumber student { code fullName } }
  problems { code path count } warnings { code path count }`
const PREVIEW = `query ($input: RolloverInput!) { plan: previewRollover(input: $input) { ${PLAN} } }`
const COMMIT = `mutation ($input: RollOverSchoolInput!) { done: rollOverSchool(input: $input) { status plan { ${PLAN} } } }`

let database: TestDatabase
let schools: TestSubgraph
let smas: Viewer
let now = AFTER
/** A school of its own for each test: two levels, no class and no pupil. */
let school: string

beforeAll(async () => {
  database = await freshDatabase()
  schools = await testSubgraph(database, 'schools', { now: () => now })
  smas = await keeper(database, 'smas', 'school.write', 'student.basic.write')
})
afterAll(async () => {
  await schools?.close()
  await database?.drop()
})
beforeEach(async () => {
  now = AFTER
  school = randomUUID()
  await database.sql(
    `insert into schools.school (school_id, code, name, levels, ownership, commune_code, address, status, updated_at)
     values ($1, $2, 'Trường TH & THCS Thử nghiệm', '{TH,THCS}', 1, '14797', 'Thử nghiệm', 'ACTIVE', now())`,
    [school, `38T${school.slice(0, 8)}`],
  )
  await database.sql(
    `insert into schools.school_code (code, current, school) select code, true, school_id from schools.school where school_id = $1`,
    [school],
  )
  await database.sql(
    `insert into access.school_grant (agreement_id, application_id, school_id, scopes, agreement_version, purpose, valid_from, valid_to)
     values (gen_random_uuid(), $1, $2, $3, 1, 'Quản lý', '2020-01-01', '2099-01-01')`,
    [smas.applicationId, school, smas.scopes],
  )
})

const act = (name: string, more: Sent) => send(schools, smas, name, { school: { id: school }, ...more })
const classes = async (year: string, ...names: [name: string, grade: number, level: string][]) =>
  expect(
    codesIn(
      await act('upsertClasses', { schoolYear: year, classes: names.map(([name, grade, level]) => ({ name, grade, level })) }),
    ),
  ).toEqual(names.map(() => []))

/** Pupils of one class, named, of the usual age. */
async function fill(name: string, grade: number, names: readonly string[], year = YEAR): Promise<string[]> {
  const students = names.map((fullName) =>
    pupil({
      fullName,
      classRoom: { name },
      birthDate: `${Number(year.slice(0, 4)) - grade - 5}-03-04`,
      admittedOn: year === YEAR ? '2026-09-05' : undefined,
    }),
  )
  expect(codesIn(await act('upsertStudents', { schoolYear: year, students }))).toEqual(names.map(() => []))
  return students.map(({ code }) => String(code))
}

const input = (more: Sent = {}): Sent => ({ school: { id: school }, fromYear: YEAR, toYear: NEXT, ...more })
async function preview(more: Sent = {}): Promise<Plan> {
  const { data, errors } = await schools.ask<{ plan: Plan }>(smas, PREVIEW, { input: input(more) })
  expect(errors).toBeUndefined()
  return data.plan
}
const commit = (more: Sent, viewer = smas) =>
  schools.ask<{ done: { status: string; plan: Plan } }>(viewer, COMMIT, { input: input(more) })
async function rolled(more: Sent = {}): Promise<{ status: string; plan: Plan }> {
  const { hash } = await preview(more)
  const { data, errors } = await commit({ ...more, planHash: hash })
  expect(errors).toBeUndefined()
  return data.done
}
const listed = (plan: Plan, name: string): string[] =>
  plan.classes.find((room) => room.name === name)!.members.map(({ rollNumber, student }) => `${rollNumber} ${student.fullName}`)

async function twoClasses(): Promise<{ sixth: string[]; ninth: string[] }> {
  await classes(YEAR, ['6A', 6, 'THCS'], ['9A', 9, 'THCS'])
  const sixth = await fill('6A', 6, ['Trần Văn Đông', 'Nguyễn Thị Ánh', 'Lê Văn Dũng', 'Nguyễn Văn An', 'Lê Thị An'])
  return { sixth, ninth: await fill('9A', 9, ['Phạm Văn Bình', 'Đỗ Thị Ân']) }
}

test('a school is promoted, its last grade has finished, and the lists stand in Vietnamese order with numbers', async () => {
  await twoClasses()
  const plan = await preview()
  expect(plan).toMatchObject({
    state: 'READY',
    summary: { promoted: 5, repeated: 0, graduated: 2, present: 0, newClasses: 1 },
    classes: [{ name: '7A', grade: 7, isNew: true, size: 5 }],
    problems: [],
    warnings: [],
  })
  expect(listed(plan, '7A')).toEqual(['1 Lê Thị An', '2 Nguyễn Văn An', '3 Nguyễn Thị Ánh', '4 Lê Văn Dũng', '5 Trần Văn Đông'])
  expect(plan.graduates.map(({ student }) => student.fullName)).toEqual(['Đỗ Thị Ân', 'Phạm Văn Bình'])
  const untouched = await database.sql(`select 1 from schools.class_room where school_id = $1 and name = '7A'`, [school])
  expect(untouched).toEqual([])
  const done = await commit({ planHash: plan.hash })
  expect(done.data.done).toEqual({ status: 'CREATED', plan: { ...plan, state: 'DONE' } })
  const rows = await database.sql<Sent>(
    `select s.full_name, s.status, c.name as class, e.roll_number, e.admitted_on::text, o.status as left_as, o.left_on::text
     from schools.student s
     left join schools.class_room c on c.school_id = s.school_id and c.id = s.class_id
     left join schools.enrolment e on e.school_id = s.school_id and e.student_id = s.id and e.left_on is null
     left join schools.enrolment o on o.school_id = s.school_id and o.student_id = s.id and o.left_on is not null
     where s.school_id = $1 order by c.name, e.roll_number, s.sort_name`,
    [school],
  )
  const stays = { status: 'STUDYING', class: '7A', admitted_on: '2027-06-15', left_as: 'STUDYING', left_on: '2027-06-15' }
  const gone = {
    status: 'GRADUATED',
    class: null,
    roll_number: null,
    admitted_on: null,
    left_as: 'GRADUATED',
    left_on: '2027-06-15',
  }
  expect(rows).toEqual([
    ...['Lê Thị An', 'Nguyễn Văn An', 'Nguyễn Thị Ánh', 'Lê Văn Dũng', 'Trần Văn Đông'].map((full_name, index) => ({
      full_name,
      ...stays,
      roll_number: index + 1,
    })),
    ...['Đỗ Thị Ân', 'Phạm Văn Bình'].map((full_name) => ({ full_name, ...gone })),
  ])
})

test('history, feed and log hold every pupil of a rollover, and the class and the act itself', async () => {
  await twoClasses()
  const [mark] = await database.sql<{ id: string }>(
    `select coalesce(max(id), 0) as id from schools.outbox where school_id = $1`,
    [school],
  )
  await rolled()
  const events = await database.sql<{ what: string; count: number }>(
    `select entity || ' ' || event as what, count(*)::int as count from schools.outbox where school_id = $1 and id > $2 group by 1 order by 1`,
    [school, mark!.id],
  )
  expect(events).toEqual([
    { what: 'ClassRoom NEW', count: 1 },
    { what: 'Enrolment NEW', count: 5 },
    { what: 'Enrolment UPDATE', count: 7 },
    { what: 'Rollover NEW', count: 1 },
    { what: 'Student UPDATE', count: 7 },
  ])
  const former = await database.sql<{ entity: string; count: number }>(
    `select entity, count(*)::int as count from schools.former_version where school_id = $1 group by 1 order by 1`,
    [school],
  )
  expect(former).toEqual([
    { entity: 'Enrolment', count: 7 },
    { entity: 'Student', count: 7 },
  ])
  const [audit] = await database.sql<{ records: number }>(
    `select count(*)::int as records from access.audit_event where kind = 'WRITE' and $1 = any (schools) and student_count = 7`,
    [school],
  )
  expect(audit!.records).toBe(1)
})

test('who repeats stays in the grade, in the class of the same name or the one that is named', async () => {
  const { sixth, ninth } = await twoClasses()
  await classes(NEXT, ['6B', 6, 'THCS'])
  const repeaters = [
    { student: { code: sixth[0] } },
    { student: { code: sixth[1] }, classRoom: '6B' },
    { student: { code: ninth[0] } },
  ]
  const { plan } = await rolled({ repeaters })
  expect(plan.summary).toEqual({ promoted: 3, repeated: 3, graduated: 1, present: 0, newClasses: 3 })
  expect(plan.classes.map(({ name, isNew, size }) => [name, isNew, size])).toEqual([
    ['6A', true, 1],
    ['6B', false, 1],
    ['7A', true, 3],
    ['9A', true, 1],
  ])
  expect(plan.warnings.map(({ code, path }) => [code, path])).toEqual([
    ['CLASS_OF_REPEATERS', '6A'],
    ['CLASS_OF_REPEATERS', '9A'],
  ])
})

test('names can be given: for a class without its grade in the name, to join two classes, and over the border of levels', async () => {
  await classes(YEAR, ['Lớp Sao', 1, 'TH'], ['2A', 2, 'TH'], ['2B', 2, 'TH'], ['5A', 5, 'TH'])
  for (const [name, grade] of [
    ['Lớp Sao', 1],
    ['2A', 2],
    ['2B', 2],
    ['5A', 5],
  ] as const)
    await fill(name, grade, ['Lê Văn Tám'])
  expect(await preview()).toMatchObject({
    state: 'REFUSED',
    problems: [{ code: 'CLASS_NAME_UNMAPPED', path: 'Lớp Sao', count: 1 }],
  })
  const { plan } = await rolled({
    classes: [
      { from: 'Lớp Sao', to: '2A' },
      { from: '2A', to: '3A' },
      { from: '2B', to: '3A' },
      { from: '5A', to: '6A' },
    ],
  })
  expect(plan.classes.map(({ name, grade, size }) => [name, grade, size])).toEqual([
    ['2A', 2, 1],
    ['3A', 3, 2],
    ['6A', 6, 1],
  ])
  expect(plan.graduates).toEqual([])
})

test('what stands against a plan is told with its place, and the plan is not carried out', async () => {
  const { sixth } = await twoClasses()
  await classes(NEXT, ['7A', 6, 'THCS'])
  const wrong = {
    repeaters: [
      { student: { code: '3800000000' } },
      { student: {} },
      { student: { code: sixth[0] } },
      { student: { code: sixth[0] } },
    ],
    classes: [
      { from: '8Z', to: '9Z' },
      { from: '9A', to: '10A' },
    ],
  }
  const plan = await preview(wrong)
  expect(plan.state).toBe('REFUSED')
  expect(plan.problems).toEqual([
    { code: 'CLASS_NOT_FOUND', path: 'classes.0.from', count: 1 },
    { code: 'STUDENT_NOT_FOUND', path: 'repeaters.0', count: 1 },
    { code: 'REFERENCE_INVALID', path: 'repeaters.1', count: 1 },
    { code: 'DUPLICATE_IN_BATCH', path: 'repeaters.3', count: 1 },
    { code: 'ROLLOVER_CLASS_MISMATCH', path: '7A', count: 4 },
    { code: 'LEVEL_INVALID', path: '9A', count: 2 },
  ])
  expect(codesOf(await commit({ ...wrong, planHash: plan.hash }))).toEqual(['ROLLOVER_REFUSED'])
})

test('the plan that was looked at is the plan that is carried out, or none is', async () => {
  await twoClasses()
  const { hash } = await preview()
  await fill('6A', 6, ['Hoàng Văn Muộn'])
  expect(codesOf(await commit({ planHash: hash }))).toEqual(['PLAN_STALE'])
  const fresh = await preview()
  expect(fresh.hash).not.toBe(hash)
  expect(
    codesOf(await commit({ planHash: fresh.hash, repeaters: [{ student: { code: fresh.graduates[0]!.student.code } }] })),
  ).toEqual(['PLAN_STALE'])
  expect((await commit({ planHash: fresh.hash })).data.done.status).toBe('CREATED')
})

test('the same rollover again is UNCHANGED with the same answer and leaves no trace; another one is refused', async () => {
  const { sixth } = await twoClasses()
  const first = await rolled()
  const traces = () => database.sql(`select count(*)::int from schools.outbox where school_id = $1`, [school])
  const before = await traces()
  expect(await rolled()).toEqual({ ...first, status: 'UNCHANGED' })
  expect(await traces()).toEqual(before)
  expect(await preview({ repeaters: [{ student: { code: sixth[0] } }] })).toEqual(first.plan)
  expect(codesOf(await commit({ planHash: '0' }))).toEqual(['ROLLOVER_DONE'])
})

test('of rollovers sent at once one is carried out', async () => {
  await twoClasses()
  const { hash } = await preview()
  const answers = await Promise.all(Array.from({ length: 4 }, () => commit({ planHash: hash })))
  expect(answers.map(({ data }) => data.done.status).toSorted()).toEqual(['CREATED', 'UNCHANGED', 'UNCHANGED', 'UNCHANGED'])
})

test('who was moved by hand must be where the plan has them, or the rollover is refused', async () => {
  const { sixth } = await twoClasses()
  await classes(NEXT, ['7A', 7, 'THCS'], ['7B', 7, 'THCS'])
  const move = (code: string, name: string) =>
    act('moveStudents', { schoolYear: NEXT, moves: [{ student: { code }, classRoom: { name } }] })
  expect(statusesIn(await move(sixth[0]!, '7B'))).toEqual(['UPDATED'])
  const plan = await preview()
  expect(plan).toMatchObject({ state: 'REFUSED', problems: [{ code: 'ROLLOVER_DIVERGENT', path: '6A', count: 1 }] })
  expect(codesOf(await commit({ planHash: plan.hash }))).toEqual(['ROLLOVER_REFUSED'])
  await move(sixth[0]!, '7A')
  const done = await rolled()
  expect(done.plan.summary).toMatchObject({ promoted: 4, present: 1, newClasses: 0 })
  expect(listed(done.plan, '7A').at(-1)).toBe('5 Trần Văn Đông')
  const [line] = await database.sql<{ lines: number; roll: number }>(
    `select count(*)::int as lines, max(e.roll_number) as roll from schools.enrolment e join schools.student s on s.school_id = e.school_id and s.id = e.student_id
     where s.code = $1 and e.left_on is null`,
    [sixth[0]],
  )
  expect(line).toEqual({ lines: 1, roll: 5 })
})

test('new pupils of the new year are in its lists, and whoever is in no class of either year is left and told of', async () => {
  await twoClasses()
  await classes(NEXT, ['6A', 6, 'THCS'], ['7A', 7, 'THCS'])
  await fill('6A', 6, ['Vũ Thị Mới'], NEXT)
  await fill('7A', 7, ['Nguyễn Thị Ba'], NEXT)
  expect(statusesIn(await act('upsertStudents', { schoolYear: YEAR, students: [pupil()] }))).toEqual(['CREATED'])
  const { plan } = await rolled()
  expect(plan.summary).toMatchObject({ promoted: 5, present: 2 })
  expect(listed(plan, '7A').slice(2, 5)).toEqual(['3 Nguyễn Thị Ánh', '4 Nguyễn Thị Ba', '5 Lê Văn Dũng'])
  expect(plan.warnings).toEqual([{ code: 'NOT_IN_THE_YEAR', path: 'pupils', count: 1 }])
})

test('a school rolls over to the year that follows, after the old one is over, on a day that has come', async () => {
  await twoClasses()
  now = new Date('2027-05-31T08:00:00Z')
  const plan = await preview()
  expect(plan).toMatchObject({ state: 'READY', warnings: [{ code: 'YEAR_NOT_OVER', path: YEAR }] })
  expect(codesOf(await commit({ planHash: plan.hash }))).toEqual(['YEAR_NOT_OVER'])
  now = AFTER
  for (const [on, code] of [
    ['2027-06-16', 'DATE_INVALID'],
    ['2027-02-30', 'DATE_INVALID'],
    ['2027-05-31', 'YEAR_NOT_OVER'],
  ])
    expect(codesOf(await commit({ planHash: plan.hash, on }))).toEqual([code])
  expect(codesOf(await schools.ask(smas, PREVIEW, { input: input({ toYear: YEAR }) }))).toEqual(['YEARS_NOT_CONSECUTIVE'])
  expect(codesOf(await schools.ask(smas, PREVIEW, { input: input({ toYear: '2099-2100' }) }))).toEqual(['RECORD_NOT_ACCESSIBLE'])
  expect((await commit({ planHash: plan.hash, on: '2027-06-01' })).data.done.status).toBe('CREATED')
})

test('a rollover needs the scopes, of the approval and of the school, the whole school, and a keeper of it', async () => {
  await twoClasses()
  const { hash } = await preview()
  const refused = async (viewer: Viewer) => {
    const look = codesOf(await schools.ask(viewer, PREVIEW, { input: input() }))
    expect(codesOf(await commit({ planHash: hash }, viewer))).toEqual(look)
    return look
  }
  const without = (scope: string): Viewer => ({ ...smas, scopes: smas.scopes.filter((one) => one !== scope) })
  expect(await refused(without('school.write'))).toEqual(['SCOPE_MISSING'])
  expect(await refused(without('student.basic.write'))).toEqual(['SCOPE_MISSING'])
  const officer = await personViewer(database, 'can-bo-so')
  expect(await refused({ ...officer, scopes: [...smas.scopes] })).toEqual(['ACT_FORBIDDEN'])
  expect(await refused(await keeper(database, 'vnedu', 'school.write'))).toEqual(['SCHOOL_NOT_ACCESSIBLE'])
  const grant = (change: string) =>
    database.sql(`update access.school_grant set ${change} where application_id = $1 and school_id = $2`, [
      smas.applicationId,
      school,
    ])
  await grant(`scopes = array_remove(scopes, 'school.write')`)
  expect(await refused(smas)).toEqual(['SCOPE_MISSING'])
  await grant(`scopes = scopes || '{school.write}', levels = '{THCS}'`)
  expect(await refused(smas)).toEqual(['ACT_FORBIDDEN'])
  await grant(`levels = '{}'`)
  const vnedu = await keeper(database, 'vnedu', 'school.write', 'student.basic.write')
  await database.sql(
    `insert into access.school_grant (agreement_id, application_id, school_id, scopes, agreement_version, purpose, valid_from, valid_to)
     values (gen_random_uuid(), $1, $2, $3, 1, 'Quản lý', '2021-01-01', '2099-01-01')`,
    [vnedu.applicationId, school, smas.scopes],
  )
  // Whoever came first owns the classes and lines of a school, until it is decided otherwise.
  expect(await refused(vnedu)).toEqual(['ACT_FORBIDDEN'])
  expect((await commit({ planHash: hash })).data.done.status).toBe('CREATED')
})

test('who graduates leaves from a last grade, by the act of one day as by the rollover', async () => {
  const { sixth, ninth } = await twoClasses()
  const leave = (code: string) =>
    act('recordLeaving', { leavings: [{ student: { code }, status: 'GRADUATED', on: '2027-05-31' }] })
  expect(codesIn(await leave(sixth[0]!))).toEqual([['GRADE_NOT_FINAL']])
  const gone = await leave(ninth[0]!)
  expect(gone.results[0]).toMatchObject({
    status: 'UPDATED',
    entity: { status: 'GRADUATED', classRoom: null, enrolments: [{ status: 'GRADUATED', leftOn: '2027-05-31' }] },
  })
  expect((await rolled()).plan.summary.graduated).toBe(1)
})

test('a school of 3,000 pupils rolls over in as many statements as one of seven', async () => {
  const statementsOf = async (): Promise<string[]> => {
    const { hash } = await preview()
    const text = `mutation ($input: RollOverSchoolInput!) { done: rollOverSchool(input: $input) { status plan { summary { promoted graduated } } } }`
    const { statements, result } = await captureSql(schools, () => schools.ask(smas, text, { input: input({ planHash: hash }) }))
    expect(result.errors).toBeUndefined()
    return statements.map((statement) => statement.replaceAll(school, '<school>'))
  }
  await twoClasses()
  const few = await statementsOf()
  school = randomUUID()
  await database.sql(
    `insert into schools.school (school_id, code, name, levels, ownership, commune_code, address, status, updated_at)
     values ($1, '38TBIG', 'Trường lớn', '{THCS}', 1, '14797', 'Thử nghiệm', 'ACTIVE', now())`,
    [school],
  )
  await database.sql(
    `insert into access.school_grant (agreement_id, application_id, school_id, scopes, agreement_version, purpose, valid_from, valid_to)
     values (gen_random_uuid(), $1, $2, $3, 1, 'Quản lý', '2020-01-01', '2099-01-01')`,
    [smas.applicationId, school, smas.scopes],
  )
  await database.sql(
    `insert into schools.class_room (school_id, id, school_year_id, name, grade, level, updated_at)
     select $1, gen_random_uuid(), y.id, g || 'L' || n, g, 'THCS', now()
     from schools.school_year y, generate_series(6, 9) g, generate_series(1, 20) n where y.code = $2`,
    [school, YEAR],
  )
  await database.sql(
    `with made as (
       insert into schools.student (school_id, id, code, full_name, given_name, sort_name, sex, birth_date, status, class_id, updated_at)
       select $1, gen_random_uuid(), 'L' || row_number() over (), 'Học sinh ' || n, n::text, n::text, 'FEMALE', '2014-01-01', 'STUDYING', c.id, now()
       from schools.class_room c, generate_series(1, 38) n where c.school_id = $1
       returning id, class_id)
     insert into schools.enrolment (school_id, id, student_id, class_id, school_year_id, admitted_on, status, updated_at)
     select $1, gen_random_uuid(), m.id, m.class_id, y.id, '2026-09-05', 'STUDYING', now() from made m, schools.school_year y where y.code = $2`,
    [school, YEAR],
  )
  const many = await statementsOf()
  expect(many).toEqual(few)
  const [row] = await database.sql<{ studying: number; graduated: number }>(
    `select count(*) filter (where status = 'STUDYING')::int as studying, count(*) filter (where status = 'GRADUATED')::int as graduated
     from schools.student where school_id = $1`,
    [school],
  )
  expect(row).toEqual({ studying: 2_280, graduated: 760 })
})
