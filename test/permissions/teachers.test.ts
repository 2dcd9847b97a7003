// A teacher's rights follow the assignments (R18, R41, R42): which classes, whose marks, and when that changes.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'

interface Assigned extends Record<string, unknown> {
  account: string
  school: string
  staff: string
  class: string
  subject: string
}

let database: TestDatabase
let schools: TestSubgraph
let gradebook: TestSubgraph
let one: Assigned
let teacher: Viewer
let throughProduct: Viewer

beforeAll(async () => {
  database = await freshDatabase()
  schools = await testSubgraph(database, 'schools')
  gradebook = await testSubgraph(database, 'gradebook')
  // Teaches, and leads no class.
  const [found] = await database.sql<Assigned>(
    `select a.id as account, a.email, m.school_id as school, m.staff_id as staff, t.class_id as class, t.subject_code as subject
     from identity.account a
     join access.membership m on m.account_id = a.id
     join schools.teaching_assignment t on t.school_id = m.school_id and t.staff_id = m.staff_id
     where a.role = 'TEACHER' and a.email like '%@thpt-hac-thanh.example'
       and exists (select 1 from gradebook.score s where s.school_id = t.school_id and s.class_id = t.class_id and s.subject_code = t.subject_code)
       and not exists (select 1 from schools.homeroom_assignment h where h.school_id = m.school_id and h.staff_id = m.staff_id)
     order by t.id limit 1`,
  )
  one = found!
  teacher = await personViewer(database, String(one.email))
  throughProduct = await applicationViewer(database, 'smas', { accountId: teacher.accountId, role: 'TEACHER' })
})
afterAll(async () => {
  await schools?.close()
  await gradebook?.close()
  await database?.drop()
})

const classesSeen = async (viewer: Viewer): Promise<string[]> => {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on School { students(first: 100) { nodes { classRoom { id } } } } } }`
  const { data } = await schools.ask<{ _entities: [{ students: { nodes: { classRoom: { id: string } | null }[] } }] }>(
    viewer,
    query,
    {
      r: [{ __typename: 'School', id: one.school }],
    },
  )
  return [...new Set(data._entities[0].students.nodes.map(({ classRoom }) => classRoom?.id ?? 'left'))].sort()
}
const subjectsSeen = async (viewer: Viewer, classId = one.class): Promise<string[]> => {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ClassRoom { gradebooks(term: "HKI") { subject { code } } } } }`
  const { data } = await gradebook.ask<{ _entities: [{ gradebooks: { subject: { code: string } }[] }] }>(viewer, query, {
    r: [{ __typename: 'ClassRoom', schoolId: one.school, id: classId }],
  })
  return data._entities[0].gradebooks.map(({ subject }) => subject.code).sort()
}
const marksSeen = async (viewer: Viewer): Promise<string[]> => {
  const [pupil] = await database.sql<{ id: string }>(
    `select id from schools.student where school_id = $1 and class_id = $2 limit 1`,
    [one.school, one.class],
  )
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student { scores(term: "HKI") { subject { code } } } } }`
  const { data } = await gradebook.ask<{ _entities: [{ scores: { subject: { code: string } }[] }] }>(viewer, query, {
    r: [{ __typename: 'Student', schoolId: one.school, id: pupil!.id }],
  })
  return [...new Set(data._entities[0].scores.map(({ subject }) => subject.code))].sort()
}
const assigned = async (column: 'class_id' | 'subject_code', where = 'true'): Promise<string[]> =>
  (
    await database.sql<{ id: string }>(
      `select distinct ${column} as id from schools.teaching_assignment where school_id = $1 and staff_id = $2 and active and ${where} order by 1`,
      [one.school, one.staff],
    )
  ).map(({ id }) => id)
const viewers = (): [string, Viewer][] => [
  ['in person', teacher],
  ['through a product', throughProduct],
]

test('a teacher sees the pupils of the classes taught, and of those the marks of the own subject', async () => {
  const own = await assigned('class_id')
  const subjects = await assigned('subject_code', `class_id = '${one.class}'`)
  const [{ all } = { all: 0 }] = await database.sql<{ all: number }>(
    `select count(distinct class_id)::int as all from schools.student where school_id = $1 and class_id is not null`,
    [one.school],
  )
  expect(own.length).toBeLessThan(all)
  for (const [how, viewer] of viewers()) {
    const seen = await classesSeen(viewer)
    expect([how, seen.length > 0, seen.filter((id) => !own.includes(id))]).toEqual([how, true, []])
    expect([how, await subjectsSeen(viewer), await marksSeen(viewer)]).toEqual([how, subjects, subjects])
  }
})

test('the product by itself and the principal see them all', async () => {
  const principal = await personViewer(database, 'hieu-truong@thpt-hac-thanh')
  for (const viewer of [await applicationViewer(database, 'smas'), principal])
    expect((await subjectsSeen(viewer)).length).toBeGreaterThan(5)
})

test('a homeroom teacher sees the marks of every subject of the class', async () => {
  const [room] = await database.sql<{ class: string; account: string; email: string }>(
    `select h.class_id as class, a.id as account, a.email from schools.homeroom_assignment h
     join access.membership m on m.school_id = h.school_id and m.staff_id = h.staff_id
     join identity.account a on a.id = m.account_id where h.school_id = $1 order by h.id limit 1`,
    [one.school],
  )
  expect((await subjectsSeen(await personViewer(database, room!.email), room!.class)).length).toBeGreaterThan(5)
})

test('an assignment that ends, or a year that another has followed, closes the class; another office at the school opens it', async () => {
  const own = (await classesSeen(teacher)).length
  await database.sql(
    `update schools.teaching_assignment set active = false, ended_on = current_date where school_id = $1 and staff_id = $2 and class_id = $3`,
    [one.school, one.staff, one.class],
  )
  expect(await subjectsSeen(teacher)).toEqual([])
  expect(await classesSeen(teacher)).not.toContain(one.class)
  await database.sql(
    `update schools.teaching_assignment set active = true, ended_on = null where school_id = $1 and staff_id = $2`,
    [one.school, one.staff],
  )
  expect((await classesSeen(teacher)).length).toBe(own)

  await database.sql(
    `insert into schools.school_year (id, code, starts_on, ends_on) values (gen_random_uuid(), '2028-2029', date '2026-11-01', date '2028-05-31')`,
  )
  expect([await classesSeen(teacher), await subjectsSeen(throughProduct)]).toEqual([[], []])
  await database.sql(`delete from schools.school_year where code = '2028-2029'`)

  await database.sql(
    `insert into access.membership (account_id, school_id, staff_id, role, valid_from) values ($1, $2, $3, 'PRINCIPAL', date '2026-08-01')`,
    [one.account, one.school, one.staff],
  )
  expect((await subjectsSeen(teacher)).length).toBeGreaterThan(5)
})
