// Enrolment as history: admission, change of class, leaving, return; lines open and close, none is rewritten.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import {
  codesIn,
  keeper,
  pupil,
  refusal,
  schoolAtWork,
  send,
  statusesIn,
  YEAR,
  type SchoolAtWork,
  type Sent,
} from './roster-kit.ts'

let database: TestDatabase
let schools: TestSubgraph
let smas: Viewer
let school: SchoolAtWork
let first: Sent
let second: Sent

beforeAll(async () => {
  database = await freshDatabase()
  schools = await testSubgraph(database, 'schools')
  smas = await keeper(database, 'smas')
  school = await schoolAtWork(database, smas)
  first = { name: school.rooms[0]!.name }
  second = { name: school.rooms[1]!.name }
})
afterAll(async () => {
  await schools?.close()
  await database?.drop()
})

const act = (name: string, more: Sent, viewer = smas) => send(schools, viewer, name, { school: { id: school.id }, ...more })
const upsert = (...students: Sent[]) => act('upsertStudents', { schoolYear: YEAR, students })
const move = (...moves: Sent[]) => act('moveStudents', { schoolYear: YEAR, moves })
const enrol = (...enrolments: Sent[]) => act('enrolStudents', { schoolYear: YEAR, enrolments })
const leave = (...leavings: Sent[]) => act('recordLeaving', { leavings })

async function admitted(): Promise<Sent & { code: string }> {
  const sent = pupil({ classRoom: first, admittedOn: '2026-09-05' })
  await upsert(sent)
  return sent as Sent & { code: string }
}

test('a change of class closes one line and opens the next, and the class lists follow', async () => {
  const { code } = await admitted()
  const moved = await move({ student: { code }, classRoom: second, on: '2026-10-12' })
  expect(moved.results[0]).toMatchObject({
    status: 'UPDATED',
    entity: {
      version: 2,
      classRoom: second,
      enrolments: [
        { admittedOn: '2026-09-05', leftOn: '2026-10-12', classRoom: first },
        { admittedOn: '2026-10-12', leftOn: null, classRoom: second },
      ],
    },
  })
  expect(statusesIn(await move({ student: { code }, classRoom: second }))).toEqual(['UNCHANGED'])
  const events = await database.sql<{ entity: string; event: string }>(
    `select entity, event from schools.outbox where natural_key like $1 order by id desc limit 3`,
    [`${code}%`],
  )
  expect(events.map(({ entity, event }) => `${entity} ${event}`).toSorted()).toEqual([
    'Enrolment NEW',
    'Enrolment UPDATE',
    'Student UPDATE',
  ])
})

test('a pupil is never in two active classes of one school, by whichever act it is tried', async () => {
  const sent = await admitted()
  expect(codesIn(await upsert({ ...sent, classRoom: second }))).toEqual([['ALREADY_ENROLLED']])
  expect(codesIn(await enrol({ student: { code: sent.code }, classRoom: second }))).toEqual([['ALREADY_ENROLLED']])
  const twice = await move(
    { student: { code: sent.code }, classRoom: second },
    { student: { code: sent.code }, classRoom: first },
  )
  expect(codesIn(twice)).toEqual([['DUPLICATE_IN_BATCH'], ['DUPLICATE_IN_BATCH']])
  const [row] = await database.sql<{ lines: number }>(
    `select count(*)::int as lines from schools.enrolment e join schools.student s on s.school_id = e.school_id and s.id = e.student_id
     where s.code = $1 and e.left_on is null`,
    [sent.code],
  )
  expect(row!.lines).toBe(1)
})

test('leaving names its reason, ends the class, and a resent list does not bring the pupil back; an admission does', async () => {
  const sent = await admitted()
  const student = { code: sent.code }
  expect(codesIn(await leave({ student, status: 'DROPPED_OUT' }))).toEqual([['LEAVING_REASON_REQUIRED']])
  expect(codesIn(await leave({ student, status: 'DROPPED_OUT', reason: '99' }))).toEqual([['CODE_UNKNOWN']])
  const left = await leave({ student, status: 'DROPPED_OUT', reason: '01', on: '2026-11-02' })
  expect(left.results[0]).toMatchObject({
    status: 'UPDATED',
    entity: {
      status: 'DROPPED_OUT',
      classRoom: null,
      enrolments: [{ leftOn: '2026-11-02', status: 'DROPPED_OUT', leavingReason: '01' }],
    },
  })
  expect(statusesIn(await leave({ student, status: 'DROPPED_OUT', reason: '01' }))).toEqual(['UNCHANGED'])
  expect(codesIn(await upsert(sent))).toEqual([['NOT_ENROLLED']])
  expect(codesIn(await move({ student, classRoom: second }))).toEqual([['NOT_ENROLLED']])
  const back = await enrol({ student, classRoom: second })
  expect(back.results[0]).toMatchObject({ status: 'UPDATED', entity: { status: 'STUDYING', classRoom: second } })
  expect(back.results[0]!.entity!.enrolments).toHaveLength(2)
})

test('an act is not dated in the future, on a day that does not exist, or before the line that it closes', async () => {
  const { code } = await admitted()
  const sent = (on: string) => ({ student: { code }, classRoom: second, on })
  for (const on of ['2999-01-01', '2026-02-30', '2026-09-04', 'hôm nay'])
    expect(codesIn(await move(sent(on)))).toEqual([['DATE_INVALID']])
  expect(statusesIn(await move(sent('2026-09-06')))).toEqual(['UPDATED'])
})

test('a pupil of another school is not found, and each act needs the scope', async () => {
  const [stranger] = await database.sql<{ code: string }>(
    `select s.code from schools.student s where s.school_id <> $1
       and not exists (select 1 from schools.student o where o.school_id = $1 and o.code = s.code) limit 1`,
    [school.id],
  )
  const student = { code: stranger!.code }
  expect(codesIn(await leave({ student, status: 'GRADUATED' }))).toEqual([['STUDENT_NOT_FOUND']])
  const reader: Viewer = { ...smas, scopes: smas.scopes.filter((scope) => scope !== 'student.basic.write') }
  const inputs = {
    enrolStudents: { schoolYear: YEAR, enrolments: [{ student, classRoom: first }] },
    moveStudents: { schoolYear: YEAR, moves: [{ student, classRoom: first }] },
    recordLeaving: { leavings: [{ student, status: 'GRADUATED' }] },
  }
  for (const [name, input] of Object.entries(inputs))
    expect(await refusal(schools, reader, name, { school: { id: school.id }, ...input })).toEqual(['SCOPE_MISSING'])
})

test('an agreement that names a school year and a level writes within them alone, and hidden records stay hidden', async () => {
  const narrow = await keeper(database, 'vietschool', 'school.write')
  const own = await schoolAtWork(database, narrow)
  const to = (name: string, more: Sent) => send(schools, narrow, name, { school: { id: own.id }, ...more })
  const classRoom = { name: own.rooms[0]!.name }
  const outside = pupil()
  expect(statusesIn(await to('upsertStudents', { schoolYear: YEAR, students: [outside] }))).toEqual(['CREATED'])
  await database.sql(`update schools.school set levels = '{THCS,THPT}' where school_id = $1`, [own.id])
  await database.sql(
    `update access.school_grant set levels = '{THPT}', school_years = $3 where application_id = $1 and school_id = $2`,
    [narrow.applicationId, own.id, [YEAR]],
  )
  const within = pupil({ classRoom })
  const batch = await to('upsertStudents', { schoolYear: YEAR, students: [within, pupil(), { ...outside, classRoom }] })
  expect(codesIn(batch)).toEqual([[], ['RECORD_NOT_ACCESSIBLE'], ['RECORD_NOT_ACCESSIBLE']])
  const classes = [
    { name: '10W1', grade: 10, level: 'THPT' },
    { name: '7W1', grade: 7, level: 'THCS' },
  ]
  expect(codesIn(await to('upsertClasses', { schoolYear: YEAR, classes }))).toEqual([[], ['RECORD_NOT_ACCESSIBLE']])
  const left = await to('recordLeaving', { leavings: [{ student: { code: within.code }, status: 'TRANSFERRED_OUT' }] })
  expect(statusesIn(left)).toEqual(['UPDATED'])
  const again = await to('recordLeaving', { leavings: [{ student: { code: within.code }, status: 'TRANSFERRED_OUT' }] })
  expect(codesIn(again)).toEqual([['STUDENT_NOT_FOUND']])
})

test('of two batches that move one pupil at once the second sees what the first did', async () => {
  const { code } = await admitted()
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => move({ student: { code }, classRoom: second, expectedVersion: 1 })),
  )
  expect(answers.flatMap(statusesIn).toSorted()).toEqual([...Array.from({ length: 5 }, () => 'CONFLICT'), 'UPDATED'])
})
