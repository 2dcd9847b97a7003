// A pupil without a known code: the same record when it is certain, a list to look at when not, a temporary code until there is one.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { codesIn, freshCode, keeper, pupil, send, statusesIn, warningsIn, YEAR, type Sent } from './roster-kit.ts'

let database: TestDatabase
let schools: TestSubgraph
let smas: Viewer
let school: { id: string }
let firstGrade: { name: string }

beforeAll(async () => {
  database = await freshDatabase()
  schools = await testSubgraph(database, 'schools')
  smas = await keeper(database, 'smas', 'school.write', 'student.sensitive.read', 'student.sensitive.write')
  const [row] = await database.sql<{ id: string; name: string }>(
    `select c.school_id as id, c.name from schools.class_room c
     join schools.school_year y on y.id = c.school_year_id
     join access.school_grant g on g.school_id = c.school_id and g.application_id = $1
     where c.grade = 1 and y.code = $2 order by c.school_id, c.name limit 1`,
    [smas.applicationId, YEAR],
  )
  school = { id: row!.id }
  firstGrade = { name: row!.name }
})
afterAll(async () => {
  await schools?.close()
  await database?.drop()
})

let serial = 0
/** A first-grader whom nobody resembles, without a code. */
const newcomer = (change: Sent = {}): Sent => {
  serial += 1
  const name = [...String(serial)].map((digit) => 'ABCDEGHIKL'[Number(digit)]).join('')
  return {
    fullName: `Phạm Zu${name} ${name}ang`,
    sex: 'MALE',
    birthDate: '2020-03-17',
    classRoom: firstGrade,
    externalId: `hs-${serial}`,
    ...change,
  }
}
const numberOf = (n: number): string => `038220${String(n).padStart(6, '0')}`
const upsert = (list: Sent[], viewer = smas) =>
  send(schools, viewer, 'upsertStudents', { school, schoolYear: YEAR, students: list })

type Match = {
  id: string
  score: number
  reasons: string[]
  state: string
  version: number
  landed: { id: string }
  candidate: { id: string }
}
async function matchesOf(id: string, state = 'OPEN', viewer = smas): Promise<Match[]> {
  const { data, errors } = await schools.ask<{ identityMatches: { nodes: Match[] } }>(
    viewer,
    `query ($school: SchoolRef!, $state: IdentityMatchState!) { identityMatches(school: $school, state: $state, first: 200) {
      nodes { id score reasons state version landed { id } candidate { id } } } }`,
    { school, state },
  )
  expect(errors).toBeUndefined()
  return data.identityMatches.nodes.filter(({ landed, candidate }) => landed.id === id || candidate.id === id)
}

async function find(ref: Sent, viewer = smas): Promise<Sent | string> {
  const answer = await schools.ask<{ student: Sent }>(viewer, `query ($ref: StudentRef!) { student(ref: $ref) { id code } }`, {
    ref,
  })
  return answer.errors ? String(codesOf(answer)[0]) : answer.data.student
}

describe('a new pupil of grade 1 without a code', () => {
  test('is given a temporary one, and a resend finds the record by the own id', async () => {
    const sent = newcomer()
    const created = await upsert([sent])
    expect([statusesIn(created), warningsIn(created)]).toEqual([['CREATED'], [[]]])
    expect(created.results[0]!.entity!.code).toMatch(/^T38[0-9A-Z]{10}$/)
    const again = await upsert([sent])
    expect(statusesIn(again)).toEqual(['UNCHANGED'])
    expect(again.results[0]!.entity!.id).toBe(created.results[0]!.entity!.id)
  })

  test('needs something to be found again by, and a class of a first grade; a code that was not issued names nobody', async () => {
    const batch = await upsert([
      newcomer({ externalId: undefined }),
      newcomer({ classRoom: undefined }),
      newcomer({ code: 'T38AAAAAAAAA0' }),
    ])
    expect(codesIn(batch)).toEqual([['IDENTITY_REQUIRED'], ['RECORD_NOT_FOUND'], ['CODE_INVALID']])
  })

  test('takes the Ministry’s code when it comes, and goes on answering to the temporary one', async () => {
    const sent = newcomer()
    const { id, code: temporary } = (await upsert([sent])).results[0]!.entity!
    const code = freshCode()
    const taken = await upsert([{ ...sent, code }])
    expect(taken.results[0]).toMatchObject({ status: 'UPDATED', entity: { id, code, version: 2 } })
    expect(await find({ code: temporary })).toEqual({ id, code })
    const byOld = await upsert([{ ...sent, externalId: undefined, code: temporary, fullName: 'Phạm Văn Khác Hẳn' }])
    expect(byOld.results[0]).toMatchObject({ status: 'UPDATED', entity: { id, code } })
    const events = await database.sql(`select entity, event from schools.outbox where natural_key = $1 order by id`, [temporary])
    expect(events).toEqual([
      { entity: 'Student', event: 'NEW' },
      { entity: 'StudentAlias', event: 'NEW' },
    ])
    expect(codesIn(await upsert([{ ...sent, id, externalId: undefined, code: freshCode() }]))).toEqual([['KEY_CHANGED']])
  })

  test('takes it by the personal number too, from a list that knows nothing else of the record', async () => {
    const sensitive = { personalNumber: numberOf(1) }
    const sent = newcomer({ sensitive })
    const { id } = (await upsert([sent])).results[0]!.entity!
    const code = freshCode()
    const found = await upsert([
      { ...sent, externalId: undefined, classRoom: undefined, code, fullName: String(sent.fullName).toUpperCase() },
    ])
    expect(found.results[0]).toMatchObject({ entity: { id, code }, warnings: [] })
  })
})

describe('who may be a pupil of the school already', () => {
  test('by name and birth date lands as a record of its own with a warning, and waits on the list with score and reasons', async () => {
    const name = 'Hoàng Thuý Hoà Quỳnh'
    const first = (await upsert([newcomer({ fullName: name })])).results[0]!.entity!
    const second = await upsert([newcomer({ fullName: 'HOÀNG THÚY HÒA  QUỲNH' })])
    expect([statusesIn(second), warningsIn(second)]).toEqual([['CREATED'], [['IDENTITY_UNCERTAIN']]])
    const { id } = second.results[0]!.entity!
    expect(id).not.toBe(first.id)
    expect(await matchesOf(id)).toMatchObject([
      { score: 85, reasons: ['NAME_EQUAL', 'BIRTH_DATE_EQUAL', 'SEX_EQUAL'], landed: { id }, candidate: { id: first.id } },
    ])
  })

  test('within one batch too; for certain twice in one batch is refused', async () => {
    const [a, b] = [newcomer({ fullName: 'Đặng Song Sinh Một' }), newcomer({ fullName: 'Đặng Song Sinh Một' })]
    const likely = await upsert([a, b])
    expect(warningsIn(likely)).toEqual([[], ['IDENTITY_UNCERTAIN']])
    expect(await matchesOf(likely.results[1]!.entity!.id)).toMatchObject([{ candidate: { id: likely.results[0]!.entity!.id } }])
    const sensitive = { personalNumber: numberOf(2) }
    const twice = await upsert([
      newcomer({ fullName: 'Đặng Hai Lần', sensitive }),
      newcomer({ fullName: 'Đặng Hai Lần', sensitive }),
    ])
    expect(codesIn(twice)).toEqual([['DUPLICATE_IN_BATCH'], ['DUPLICATE_IN_BATCH']])
  })

  test('for certain is the same record: number, name and birth date', async () => {
    const sensitive = { personalNumber: numberOf(3) }
    const { id } = (await upsert([newcomer({ fullName: 'Vũ Chắc Chắn', sensitive })])).results[0]!.entity!
    const again = await upsert([newcomer({ fullName: 'Vũ Chắc Chắn', sensitive })])
    expect(again.results[0]).toMatchObject({ status: 'UNCHANGED', entity: { id } })
    const other = await upsert([newcomer({ fullName: 'Vũ Khác Tên', sensitive })])
    expect([statusesIn(other), warningsIn(other)]).toEqual([['CREATED'], [['IDENTITY_UNCERTAIN']]])
  })

  test('with two different codes of the Ministry is another pupil, and nobody is asked', async () => {
    const sent = pupil({ fullName: 'Trịnh Trùng Tên', birthDate: '2020-08-08' })
    await upsert([sent])
    expect(warningsIn(await upsert([{ ...sent, code: freshCode() }]))).toEqual([[]])
  })

  test('whether numbers agree is told to whoever may read numbers', async () => {
    const sensitive = { personalNumber: numberOf(4) }
    await upsert([newcomer({ fullName: 'Mai Số Giống', sensitive })])
    const { id } = (await upsert([newcomer({ fullName: 'Mai Số Giốngg', sensitive })])).results[0]!.entity!
    const plain: Viewer = { ...smas, scopes: smas.scopes.filter((scope) => !scope.startsWith('student.sensitive')) }
    expect((await matchesOf(id))[0]!.reasons).toContain('PERSONAL_NUMBER_EQUAL')
    expect((await matchesOf(id, 'OPEN', plain))[0]!.reasons).not.toContain('PERSONAL_NUMBER_EQUAL')
  })
})

describe('the list', () => {
  const dismiss = async (matches: Sent[], viewer = smas) => {
    const answer = await schools.ask<{ batch: { results: { status: string; errors: { code: string }[] }[] } }>(
      viewer,
      `mutation ($input: DismissIdentityMatchesInput!) { batch: dismissIdentityMatches(input: $input) { results { status errors { code } } } }`,
      { input: { school, matches } },
    )
    if (answer.errors) return codesOf(answer)
    return answer.data.batch.results.map(({ status, errors: [first] }) => first?.code ?? status)
  }

  test('is decided with a reason and its history, and needs the scope to write pupils', async () => {
    await upsert([newcomer({ fullName: 'Bùi Hai Người' })])
    const { id } = (await upsert([newcomer({ fullName: 'Bùi Hai Người' })])).results[0]!.entity!
    const [match] = await matchesOf(id)
    const sent = { match: match!.id, reason: 'Hai em khác nhau' }
    const reader: Viewer = { ...smas, scopes: smas.scopes.filter((scope) => scope !== 'student.basic.write') }
    expect(await dismiss([sent], reader)).toEqual(['SCOPE_MISSING'])
    expect(await dismiss([{ ...sent, reason: '' }])).toEqual(['REASON_REQUIRED'])
    expect(await dismiss([sent, { ...sent, match: '00000000-0000-7000-8000-000000000000' }])).toEqual([
      'UPDATED',
      'RECORD_NOT_FOUND',
    ])
    expect(await dismiss([sent])).toEqual(['UNCHANGED'])
    expect(await matchesOf(id)).toEqual([])
    expect(await matchesOf(id, 'DISTINCT')).toMatchObject([{ version: 2 }])
    const [kept] = await database.sql(`select record ->> 'state' as state from schools.former_version where entity_id = $1`, [
      match!.id,
    ])
    expect(kept).toEqual({ state: 'OPEN' })
  })

  test('of a school that is not the caller’s reads as that of none, and needs its scope', async () => {
    const [foreign] = await database.sql<{ id: string }>(
      `select s.school_id as id from schools.school s where not exists (select 1 from access.school_grant g where g.school_id = s.school_id and g.application_id = $1) limit 1`,
      [smas.applicationId],
    )
    const query = `query ($school: SchoolRef!) { identityMatches(school: $school) { nodes { id } } }`
    expect(codesOf(await schools.ask(smas, query, { school: { id: foreign!.id } }))).toEqual(['SCHOOL_NOT_ACCESSIBLE'])
    expect(codesOf(await schools.ask({ ...smas, scopes: ['school.read'] }, query, { school }))).toContain('SCOPE_MISSING')
  })
})
