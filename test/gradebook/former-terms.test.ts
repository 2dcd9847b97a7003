// Marks follow a pupil to the school that took the pupil over: read where they stand, by whoever may there, and by nobody before or after.
import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { uuidv7 } from '../../subgraphs/kernel/uuid.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { keeper, pupil, schoolAtWork, send, statusesIn, YEAR, type SchoolAtWork, type Sent } from '../schools/roster-kit.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { personViewer } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'

interface Side extends SchoolAtWork {
  readonly code: string
  readonly viewer: Viewer
}
interface FormerTerm {
  schoolCode: string
  schoolYear: string
  className: string
  grade: number
  results: { subject: { code: string }; regulation: string; average: number | null }[]
  marks: { subject: { code: string }; kind: string; ordinal: number; value: number | null }[]
}
type Pupil = Sent & { code: string; fullName: string; birthDate: string }

/** The other year that the sandbox knows. */
const OTHER_YEAR = '2027-2028'

let database: TestDatabase
let schools: TestSubgraph
let gradebook: TestSubgraph
let former: Side
let next: Side
let third: Side

/** Schools of upper secondary level, each with one product of its own. */
async function sideOf(product: string, taken: readonly string[]): Promise<Side> {
  const viewer = await keeper(database, product, 'student.basic.write', 'student.basic.read', 'gradebook.read')
  const [row] = await database.sql<{ id: string; code: string }>(
    `select s.school_id as id, s.code from schools.school s
     where 'THPT' = any (s.levels) and s.school_id <> all ($1) order by s.code limit 1`,
    [taken],
  )
  await database.sql(`delete from access.school_grant where application_id = $1`, [viewer.applicationId])
  await database.sql(
    `insert into access.school_grant (agreement_id, application_id, school_id, scopes, agreement_version, purpose, valid_from, valid_to)
     values (gen_random_uuid(), $1, $2, $3, 1, 'Quản lý', '2020-01-01', '2099-01-01')`,
    [viewer.applicationId, row!.id, viewer.scopes],
  )
  const { rooms } = await schoolAtWork(database, viewer)
  return { id: row!.id, code: row!.code, rooms, viewer }
}

beforeAll(async () => {
  database = await freshDatabase()
  schools = await testSubgraph(database, 'schools')
  gradebook = await testSubgraph(database, 'gradebook')
  former = await sideOf('smas', [])
  next = await sideOf('misa-emis', [former.id])
  third = await sideOf('vietschool', [former.id, next.id])
})
afterAll(async () => {
  await Promise.all([schools?.close(), gradebook?.close()])
  await database?.drop()
})

const at = async (side: Side, act: string, more: Sent): Promise<string[]> =>
  statusesIn(await send(schools, side.viewer, act, { school: { id: side.id }, ...more }))
async function admitted(side: Side): Promise<Pupil> {
  const sent = pupil({ classRoom: { name: side.rooms[0]!.name }, admittedOn: '2026-09-05' })
  expect(await at(side, 'upsertStudents', { schoolYear: YEAR, students: [sent] })).toEqual(['CREATED'])
  return sent as Pupil
}
const release = (side: Side, { code }: Pupil) => at(side, 'releaseStudents', { releases: [{ student: { code } }] })
const claim = (side: Side, { code, fullName, birthDate }: Pupil) =>
  at(side, 'claimStudents', {
    schoolYear: YEAR,
    claims: [{ code, fullName, birthDate, classRoom: { name: side.rooms[0]!.name } }],
  })
const idAt = async (side: Side, { code }: Pupil): Promise<string> =>
  (await database.sql<{ id: string }>(`select id from schools.student where school_id = $1 and code = $2`, [side.id, code]))[0]!
    .id

/** Marks as the school's own book has them: [kind, tenths]. */
async function marked(side: Side, one: Pupil, marks: readonly [string, number][], subject = 'TOAN'): Promise<void> {
  const student = await idAt(side, one)
  const [seat] = await database.sql<{ class: string; term: string; staff: string }>(
    `select c.id as class, t.id as term, (select s.id from schools.staff s where s.school_id = c.school_id limit 1) as staff
     from schools.class_room c join schools.term t on t.school_year_id = c.school_year_id and t.level = c.level and t.code = 'HKI'
     where c.school_id = $1 and c.id = $2`,
    [side.id, side.rooms[0]!.id],
  )
  await database.sql(
    `insert into gradebook.gradebook (school_id, id, class_id, subject_code, term_id, state, ordinary_deadline, final_deadline, version, updated_at)
     values ($1, $2, $3, $4, $5, 'OPEN', '2027-01-31', '2027-01-31', 1, now()) on conflict do nothing`,
    [side.id, randomUUID(), seat!.class, subject, seat!.term],
  )
  for (const [index, [kind, tenths]] of marks.entries())
    await database.sql(
      `insert into gradebook.score (school_id, school_year, id, gradebook_id, class_id, student_id, subject_code, term_id, kind, ordinal, value_tenths,
         entered_by_staff_id, received_at, updated_at)
       select $1, 2026, $2, g.id, $3, $4, $5, $6, $7, $8, $9, $10, now(), now() from gradebook.gradebook g
       where g.school_id = $1 and g.class_id = $3 and g.subject_code = $5 and g.term_id = $6`,
      [
        side.id,
        uuidv7(new Date()),
        seat!.class,
        student,
        subject,
        seat!.term,
        kind,
        kind === 'REGULAR' ? index + 1 : 1,
        tenths,
        seat!.staff,
      ],
    )
}

const BODY = `formerTerms { schoolCode schoolName schoolYear className grade term { id } results { subject { code } regulation average } marks { subject { code } kind ordinal value remark } }`
async function read(viewer: Viewer, schoolId: string, id: string): Promise<FormerTerm[]> {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student { ${BODY} } } }`
  const { data, errors } = await gradebook.ask<{ _entities: [{ formerTerms: FormerTerm[] }] }>(viewer, query, {
    r: [{ __typename: 'Student', schoolId, id }],
  })
  expect(errors).toBeUndefined()
  return data._entities[0].formerTerms
}
const readAt = async (side: Side, one: Pupil, viewer = side.viewer): Promise<FormerTerm[]> =>
  read(viewer, side.id, await idAt(side, one))
const averages = (terms: FormerTerm[]): [string, string, number | null][] =>
  terms.flatMap(({ schoolCode, results }) =>
    results.map(({ subject, average }): [string, string, number | null] => [schoolCode, subject.code, average]),
  )
// TT22/2021: (8 + 9 + 7 + 8 + 2·7 + 3·8) / 9 = 7.8 in Toán, which has four regular marks.
const WHOLE: readonly [string, number][] = [
  ['REGULAR', 80],
  ['REGULAR', 90],
  ['REGULAR', 70],
  ['REGULAR', 80],
  ['MIDTERM', 70],
  ['FINAL', 80],
]

describe('the school that took a pupil over', () => {
  test('reads results and marks of the former school, each as it stands there today', async () => {
    const one = await admitted(former)
    await marked(former, one, WHOLE)
    await marked(former, one, [['REGULAR', 65]], 'NGU_VAN')
    await release(former, one)
    expect(await claim(next, one)).toEqual(['CREATED'])
    const terms = await readAt(next, one)
    expect(terms).toMatchObject([
      {
        schoolCode: former.code,
        schoolYear: YEAR,
        className: former.rooms[0]!.name,
        grade: 10,
        results: [
          { subject: { code: 'NGU_VAN' }, regulation: 'TT22_2021', average: null },
          { subject: { code: 'TOAN' }, regulation: 'TT22_2021', average: 7.8 },
        ],
      },
    ])
    expect(terms[0]!.marks.filter(({ subject }) => subject.code === 'NGU_VAN')).toMatchObject([
      { kind: 'REGULAR', ordinal: 1, value: 6.5, remark: null },
    ])
    expect(terms[0]!.marks).toHaveLength(7)
    // A correction of the school that gave the mark is seen at once: nothing was copied.
    await database.sql(
      `update gradebook.score set value_tenths = 100 where school_id = $1 and student_id = $2 and kind = 'FINAL'`,
      [former.id, await idAt(former, one)],
    )
    expect(averages(await readAt(next, one))).toContainEqual([former.code, 'TOAN', 8.4])
  })

  test('reads every school the pupil came through, and the first one reads none of those after it', async () => {
    const one = await admitted(former)
    await marked(former, one, WHOLE)
    await release(former, one)
    await claim(next, one)
    await marked(next, one, [['REGULAR', 50]])
    await release(next, one)
    expect(await claim(third, one)).toEqual(['CREATED'])
    expect(averages(await readAt(third, one))).toEqual(
      [
        [former.code, 'TOAN', 7.8],
        [next.code, 'TOAN', null],
      ].toSorted(),
    )
    expect(await readAt(former, one)).toEqual([])
    // The school in between has let go: neither what came before it nor what comes after is its own any more.
    expect(await readAt(next, one)).toEqual([])
  })

  test('the former school goes on reading its own marks and nothing new', async () => {
    const one = await admitted(former)
    await marked(former, one, WHOLE)
    await release(former, one)
    await claim(next, one)
    await marked(next, one, [['REGULAR', 30]])
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student { scores(term: "HKI", schoolYear: "${YEAR}") { value } } } }`
    const values = async (viewer: Viewer, schoolId: string, id: string): Promise<number[]> => {
      const { data } = await gradebook.ask<{ _entities: [{ scores: { value: number }[] }] }>(viewer, query, {
        r: [{ __typename: 'Student', schoolId, id }],
      })
      return data._entities[0].scores.map(({ value }) => value)
    }
    expect(await values(former.viewer, former.id, await idAt(former, one))).toHaveLength(WHOLE.length)
    expect(await values(former.viewer, next.id, await idAt(next, one))).toEqual([])
    expect(await values(next.viewer, next.id, await idAt(next, one))).toEqual([3])
    expect(await values(next.viewer, former.id, await idAt(former, one))).toEqual([])
  })
})

describe('nobody else', () => {
  test('not before the pupil is released, not between release and claim, and not another school', async () => {
    const one = await admitted(former)
    await marked(former, one, WHOLE)
    const id = await idAt(former, one)
    const strangers = async (): Promise<unknown> =>
      Promise.all([next, third].flatMap(({ viewer, id: own }) => [read(viewer, former.id, id), read(viewer, own, id)]))
    const nothing = [[], [], [], []]
    expect(await strangers()).toEqual(nothing)
    await claim(next, one)
    expect(await strangers()).toEqual(nothing)
    await release(former, one)
    expect(await strangers()).toEqual(nothing)
    await claim(next, one)
    expect(await strangers()).toEqual(nothing)
    expect(await readAt(next, one)).toHaveLength(1)
    expect(await read(third.viewer, next.id, await idAt(next, one))).toEqual([])
  })

  test('not after the pupil has gone back', async () => {
    const one = await admitted(former)
    await marked(former, one, WHOLE)
    await release(former, one)
    await claim(next, one)
    await marked(next, one, [['REGULAR', 50]])
    expect(await readAt(next, one)).toHaveLength(1)
    await release(next, one)
    expect(await readAt(next, one)).toEqual([])
    expect(await claim(former, one)).toEqual(['UPDATED'])
    expect(await readAt(next, one)).toEqual([])
    // The pupil who is back brought along what the other school gave.
    expect(averages(await readAt(former, one))).toEqual([[next.code, 'TOAN', null]])
  })

  test('not who lacks the scope, of the approval or of the school’s agreement', async () => {
    const one = await admitted(former)
    await marked(former, one, WHOLE)
    await release(former, one)
    await claim(next, one)
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student { ${BODY} } } }`
    const r = [{ __typename: 'Student', schoolId: next.id, id: await idAt(next, one) }]
    const without = { ...next.viewer, scopes: next.viewer.scopes.filter((scope) => scope !== 'gradebook.read') }
    expect(codesOf(await gradebook.ask(without, query, { r }))).toEqual(['SCOPE_MISSING'])
    const set = (text: string) =>
      database.sql(`update access.school_grant set scopes = ${text} where application_id = $1`, [next.viewer.applicationId])
    await set(`array_remove(scopes, 'gradebook.read')`)
    try {
      expect(await readAt(next, one)).toEqual([])
    } finally {
      await set(`scopes || '{gradebook.read}'`)
    }
    expect(await readAt(next, one)).toHaveLength(1)
  })

  test('an agreement for other school years opens none of their marks, though the pupil is there', async () => {
    const one = await admitted(former)
    await marked(former, one, WHOLE)
    await database.sql(
      `update schools.class_room set school_year_id = (select id from schools.school_year where code = $3) where school_id = $1 and id = $2`,
      [former.id, former.rooms[0]!.id, OTHER_YEAR],
    )
    try {
      await release(former, one)
      await claim(next, one)
      expect(await readAt(next, one)).toMatchObject([{ schoolYear: OTHER_YEAR }])
      const years = (list: string) =>
        database.sql(`update access.school_grant set school_years = $2::text[] where application_id = $1`, [
          next.viewer.applicationId,
          list,
        ])
      await years(`{${YEAR}}`)
      expect(await readAt(next, one)).toEqual([])
      await years(`{${YEAR},${OTHER_YEAR}}`)
      expect(await readAt(next, one)).toHaveLength(1)
      await years('{}')
    } finally {
      await database.sql(
        `update schools.class_room set school_year_id = (select id from schools.school_year where code = $3) where school_id = $1 and id = $2`,
        [former.id, former.rooms[0]!.id, YEAR],
      )
    }
  })

  test('a teacher reads the own subject of pupils in the class taught, and of others nothing', async () => {
    const one = await admitted(former)
    await marked(former, one, WHOLE)
    await marked(former, one, [['REGULAR', 65]], 'NGU_VAN')
    await release(former, one)
    await claim(next, one)
    const [account] = await database.sql<{ email: string; id: string }>(
      `select email, id from identity.account where role = 'TEACHER' order by email limit 1`,
    )
    const [staff] = await database.sql<{ id: string }>(
      `select s.id from schools.staff s where s.school_id = $1
         and not exists (select 1 from schools.teaching_assignment t where t.school_id = s.school_id and t.staff_id = s.id)
         and not exists (select 1 from schools.homeroom_assignment h where h.school_id = s.school_id and h.staff_id = s.id) limit 1`,
      [next.id],
    )
    await database.sql(`update access.membership set school_id = $2, staff_id = $3 where account_id = $1`, [
      account!.id,
      next.id,
      staff!.id,
    ])
    const assign = (room: number, subject: string) =>
      database.sql(
        `insert into schools.teaching_assignment (school_id, id, staff_id, class_id, subject_code, term_id, updated_at)
         select c.school_id, gen_random_uuid(), $3, c.id, $4, t.id, now()
         from schools.class_room c join schools.term t on t.school_year_id = c.school_year_id and t.level = c.level and t.code = 'HKI'
         where c.school_id = $1 and c.id = $2`,
        [next.id, next.rooms[room]!.id, staff!.id, subject],
      )
    const teacher = await personViewer(database, account!.email)
    const through: Viewer = { ...next.viewer, accountId: teacher.accountId, role: 'TEACHER' }
    const scoped: Viewer = { ...teacher, scopes: [...new Set([...teacher.scopes, 'gradebook.read' as const])] }
    await assign(1, 'TOAN')
    for (const viewer of [scoped, through]) expect(await readAt(next, one, viewer)).toEqual([])
    await assign(0, 'NGU_VAN')
    for (const viewer of [scoped, through])
      expect(averages(await readAt(next, one, viewer))).toEqual([[former.code, 'NGU_VAN', null]])
  })
})

describe('in the database', () => {
  const asLogin = async (viewer: Viewer, work: (client: Client) => Promise<unknown>, open: string): Promise<unknown> => {
    const client = new Client({ connectionString: database.urlOf('gradebook') })
    await client.connect()
    try {
      await client.query('begin')
      await client.query(`select access.open_viewer($1, null, 'gradebook.read', $2, '2026-11-20')`, [
        viewer.applicationId,
        [open],
      ])
      return await work(client)
    } catch (error) {
      return (error as { code: string }).code
    } finally {
      await client.end()
    }
  }

  test('a service that claims another school, or makes a paper of its own, is shown nothing; what was open is open again', async () => {
    const one = await admitted(former)
    await marked(former, one, WHOLE)
    await release(former, one)
    await claim(next, one)
    const [own, theirs] = [await idAt(next, one), await idAt(former, one)]
    const count = (school: string, id: string) => async (client: Client) =>
      (
        await client.query<{ n: number }>(`select count(*)::int as n from gradebook.former_marks($1, array[$2]::uuid[])`, [
          school,
          id,
        ])
      ).rows[0]!.n
    expect(await asLogin(next.viewer, count(next.id, own), next.id)).toBe(WHOLE.length)
    expect(await asLogin(third.viewer, count(next.id, own), third.id)).toBe('42501')
    expect(await asLogin(third.viewer, count(third.id, own), third.id)).toBe(0)
    // A transfer in that no other school has a transfer out for: the third school writes that the pupil is its own.
    const forged = await admitted(third)
    await database.sql(
      `insert into schools.student_transfer (school_id, id, student_id, person_id, direction, state, released_on, taken_on, updated_at)
       values ($1, gen_random_uuid(), $2, $3, 'IN', 'TAKEN', '2026-11-01', '2026-11-02', now())`,
      [third.id, await idAt(third, forged), theirs],
    )
    expect(await readAt(third, forged)).toEqual([])
    const left = await asLogin(
      next.viewer,
      async (client) => {
        await client.query(`select * from gradebook.former_marks($1, array[$2]::uuid[])`, [next.id, own])
        return (
          await client.query(`select current_setting('lt.schools') as schools, current_setting('lt.application') as application`)
        ).rows[0]
      },
      next.id,
    )
    expect(left).toEqual({ schools: `{${next.id}}`, application: next.viewer.applicationId })
  })

  test('no service but the gradebook asks, and the roster’s proof is asked by none', async () => {
    for (const service of ['schools', 'identity', 'reporting', 'communications', 'gateway'] as const) {
      const client = new Client({ connectionString: database.urlOf(service) })
      await client.connect()
      try {
        for (const call of ['gradebook.former_marks(null, null)', 'published.former_records(null, null)'])
          await expect(client.query(`select * from ${call}`)).rejects.toMatchObject({ code: '42501' })
      } finally {
        await client.end()
      }
    }
    const client = new Client({ connectionString: database.urlOf('gradebook') })
    await client.connect()
    await expect(client.query(`select * from published.former_records(null, null)`)).rejects.toMatchObject({ code: '42501' })
    await client.end()
  })
})
