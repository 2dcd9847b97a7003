// A vendor enters marks: what lands, what is refused and why, and what is left behind of either.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer, schoolOf } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { classAtWork, inputOf, mark, record, RECORD, smas, traces, type ClassAtWork, type Recorded } from './class-at-work.ts'

let database: TestDatabase
let gradebook: TestSubgraph
let room: ClassAtWork

beforeAll(async () => {
  database = await freshDatabase()
  gradebook = await testSubgraph(database, 'gradebook')
  room = await classAtWork(database)
})

afterAll(async () => {
  await gradebook.close()
  await database.drop()
})

const codesIn = ({ results }: Recorded): string[][] => results.map(({ errors }) => errors.map(({ code }) => code))
const statusesIn = ({ results }: Recorded): string[] => results.map(({ status }) => status)

describe('a batch of marks', () => {
  test('lands with its history, its place in the feed and its audit record', async () => {
    const before = await traces(database)
    const { recorded, errors } = await record(gradebook, await smas(database), room, [
      mark(room, 0, 7.9, { externalId: 'D-1' }),
      mark(room, 1, 10),
    ])
    expect(errors).toBeUndefined()
    expect(recorded.summary).toEqual({ created: 2, updated: 0, unchanged: 0, rejected: 0, conflicts: 0 })
    expect(recorded.results[0]!.entity).toMatchObject({
      value: 7.9,
      version: 1,
      student: { id: room.pupils[0]!.id },
      enteredBy: { id: room.teacherId },
      provenance: { externalId: 'D-1' },
    })
    expect(recorded.results[0]!.entity!.updatedAt).toMatch(/\+07:00$/)
    const after = await traces(database)
    expect({ ...after, versions: 0 }).toEqual({
      ...before,
      versions: 0,
      scores: before.scores! + 2,
      outbox: before.outbox! + 2,
      audits: before.audits! + 1,
    })

    const feed = await database.sql(`select entity, natural_key, event, version from gradebook.outbox order by id desc limit 2`)
    const keyOf = (pupil: number): string => `${room.pupils[pupil]!.code}/2026-2027/HKI/TOAN/REGULAR/9`
    expect(feed).toEqual(
      expect.arrayContaining([0, 1].map((pupil) => ({ entity: 'Score', natural_key: keyOf(pupil), event: 'NEW', version: 1 }))),
    )
    const [audit] = await database.sql(
      `select kind, outcome, fields, schools, student_ids, application_id from access.audit_event order by at desc, id desc limit 1`,
    )
    expect(audit).toMatchObject({ kind: 'WRITE', outcome: 'ALLOWED', fields: ['Score.value'], schools: [room.schoolId] })
    expect([...(audit!.student_ids as string[])].sort()).toEqual([room.pupils[0]!.id, room.pupils[1]!.id].sort())
  })

  test('sent again changes nothing and tells nobody', async () => {
    const scores = [mark(room, 2, 6.5), mark(room, 3, 8)]
    await record(gradebook, await smas(database), room, scores)
    const before = await traces(database)
    const { recorded } = await record(gradebook, await smas(database), room, scores)
    expect(recorded.summary).toMatchObject({ unchanged: 2, created: 0, updated: 0 })
    expect(await traces(database)).toEqual(before)
  })

  test('that changes a mark keeps what it was', async () => {
    const viewer = await smas(database)
    await record(gradebook, viewer, room, [mark(room, 4, 6)])
    await record(gradebook, viewer, room, [mark(room, 4, 6.5)])
    const { recorded } = await record(gradebook, viewer, room, [mark(room, 4, 7)])
    expect(recorded.results[0]).toMatchObject({ status: 'UPDATED', entity: { value: 7, version: 3 } })
    const history = await database.sql(
      `select old_value_tenths, new_value_tenths, version from gradebook.score_amendment where score_id = $1 order by version`,
      [recorded.results[0]!.entity!.id],
    )
    expect(history).toEqual([
      { old_value_tenths: 60, new_value_tenths: 65, version: 2 },
      { old_value_tenths: 65, new_value_tenths: 70, version: 3 },
    ])
  })

  test('in PARTIAL mode lands beside a bad record, which is refused by index, path and reason in both languages', async () => {
    const { recorded } = await record(gradebook, await smas(database), room, [
      mark(room, 5, 8),
      mark(room, 6, 7.25),
      mark(room, 7, 9),
    ])
    expect(statusesIn(recorded)).toEqual(['CREATED', 'REJECTED', 'CREATED'])
    expect(recorded.results[1]).toMatchObject({ index: 1, entity: null, errors: [{ code: 'SCORE_OUT_OF_SCALE', path: 'value' }] })
    expect(recorded.results[1]!.errors[0]!.messageVi).toContain('chữ số thập phân')
  })

  test('in ATOMIC mode leaves nothing behind for one bad record', async () => {
    const before = await traces(database)
    const { recorded } = await record(gradebook, await smas(database), room, [mark(room, 8, 8), mark(room, 9, 11)], {
      mode: 'ATOMIC',
    })
    expect(codesIn(recorded)).toEqual([['BATCH_REJECTED'], ['SCORE_OUT_OF_SCALE']])
    expect(await traces(database)).toEqual(before)
  })

  test('in ATOMIC mode lands whole when every record is good', async () => {
    const { recorded } = await record(gradebook, await smas(database), room, [mark(room, 8, 8), mark(room, 9, 10)], {
      mode: 'ATOMIC',
    })
    expect(statusesIn(recorded)).toEqual(['CREATED', 'CREATED'])
  })

  test('answers CONFLICT with the current record when it was made from an older version', async () => {
    const viewer = await smas(database)
    await record(gradebook, viewer, room, [mark(room, 10, 5)])
    await record(gradebook, viewer, room, [mark(room, 10, 6, { expectedVersion: 1 })])
    const { recorded } = await record(gradebook, viewer, room, [mark(room, 10, 9, { expectedVersion: 1 })])
    expect(recorded.results[0]).toMatchObject({
      status: 'CONFLICT',
      entity: { value: 6, version: 2 },
      errors: [{ code: 'VERSION_CONFLICT', path: 'expectedVersion' }],
    })
  })

  test('names school, class, pupils and teacher by code, name or the product’s own ids alike', async () => {
    const externalId = async (entity: string, id: string): Promise<string> => {
      const [row] = await database.sql<{ external_id: string }>(
        `select external_id from schools.external_reference where entity = $1 and entity_id = $2`,
        [entity, id],
      )
      return row!.external_id
    }
    const byCode = await record(gradebook, await smas(database), room, [mark(room, 11, 5)], {
      school: { code: room.schoolCode },
      classRoom: { name: room.className },
    })
    expect(statusesIn(byCode.recorded)).toEqual(['CREATED'])
    const student = { externalId: await externalId('STUDENT', room.pupils[11]!.id) }
    const enteredBy = { externalId: await externalId('STAFF', room.teacherId) }
    const byOwnId = await record(gradebook, await smas(database), room, [mark(room, 11, 5, { student, enteredBy })], {
      classRoom: { externalId: await externalId('CLASS_ROOM', room.classId) },
    })
    expect(statusesIn(byOwnId.recorded)).toEqual(['UNCHANGED'])
  })

  test('of a comment subject holds remarks', async () => {
    const sport = await classAtWork(database, { subject: 'GDTC' })
    const { value: _number, ...passed } = { ...mark(sport, 0, 0), remark: 'PASSED' }
    const { recorded } = await record(gradebook, await smas(database), sport, [passed, mark(sport, 1, 8)])
    expect(recorded.results[0]!.entity).toMatchObject({ value: null, remark: 'PASSED' })
    expect(codesIn(recorded)[1]).toEqual(['SCORE_FORM_INVALID'])
  })

  test('opens the book of a class that has none yet, once, whoever of two comes first', async () => {
    const primary = await classAtWork(database, { level: 'TH', grade: 4, subject: 'TIENG_VIET', application: 'vnedu' })
    const viewer = await applicationViewer(database, 'vnedu')
    const test = (pupil: number) => mark(primary, pupil, 9, { kind: 'FINAL', ordinal: 1 })
    const answers = await Promise.all([0, 1, 2, 3].map((pupil) => record(gradebook, viewer, primary, [test(pupil)])))
    expect(answers.map(({ recorded }) => statusesIn(recorded)[0])).toEqual(['CREATED', 'CREATED', 'CREATED', 'CREATED'])
    const books = await database.sql(
      `select state, ordinary_deadline::text, final_deadline::text from gradebook.gradebook where class_id = $1 and subject_code = 'TIENG_VIET'`,
      [primary.classId],
    )
    expect(books).toEqual([{ state: 'OPEN', ordinary_deadline: '2026-12-21', final_deadline: '2027-01-13' }])
    const opened = await database.sql(`select natural_key from gradebook.outbox where entity = 'Gradebook'`)
    expect(opened).toEqual([{ natural_key: `${primary.className}/2026-2027/HKI/TIENG_VIET` }])
  })

  test('whose every record is refused opens no book', async () => {
    const primary = await classAtWork(database, { level: 'TH', grade: 5, subject: 'TOAN', application: 'vnedu' })
    const before = await traces(database)
    const { recorded } = await record(gradebook, await applicationViewer(database, 'vnedu'), primary, [
      mark(primary, 0, 7.5, { kind: 'FINAL', ordinal: 1 }),
    ])
    expect(codesIn(recorded)).toEqual([['SCORE_OUT_OF_SCALE']])
    expect(await traces(database)).toEqual(before)
  })
})

describe('a record is refused', () => {
  const refusedFor = async (score: ReturnType<typeof mark>, at = room): Promise<string[]> => {
    const before = await traces(database)
    const { recorded } = await record(gradebook, await smas(database), at, [score])
    expect(await traces(database)).toEqual(before)
    return codesIn(recorded)[0]!
  }

  test('for a pupil of another class, and for one of another school, with the same code', async () => {
    const other = await classAtWork(database, { nth: 1 })
    const elsewhere = await database.sql<{ code: string }>(`select code from schools.student where school_id <> $1 limit 1`, [
      room.schoolId,
    ])
    expect(await refusedFor(mark(room, 0, 8, { student: { code: other.pupils[0]!.code } }))).toEqual(['STUDENT_NOT_IN_CLASS'])
    expect(await refusedFor(mark(room, 0, 8, { student: { code: elsewhere[0]!.code } }))).toEqual(['STUDENT_NOT_IN_CLASS'])
    expect(await refusedFor(mark(room, 0, 8, { student: { id: randomUUID() } }))).toEqual(['STUDENT_NOT_IN_CLASS'])
  })

  test('when its teacher does not teach this class this subject', async () => {
    const [stranger] = await database.sql<{ code: string }>(
      `select s.code from schools.staff s where s.school_id = $1 and s.status = 1 and not exists
         (select 1 from schools.teaching_assignment a where a.school_id = $1 and a.staff_id = s.id and a.class_id = $2 and a.subject_code = 'TOAN') limit 1`,
      [room.schoolId, room.classId],
    )
    expect(await refusedFor(mark(room, 0, 8, { enteredBy: { code: stranger!.code } }))).toEqual(['TEACHER_NOT_ASSIGNED'])
  })

  test('when its teacher is nobody at the school, or has left it', async () => {
    expect(await refusedFor(mark(room, 0, 8, { enteredBy: { id: 'not an id' } }))).toEqual(['STAFF_NOT_FOUND'])
    await database.sql(`update schools.staff set status = 6 where id = $1`, [room.teacherId])
    expect(await refusedFor(mark(room, 0, 8))).toEqual(['STAFF_NOT_FOUND'])
    await database.sql(`update schools.staff set status = 1 where id = $1`, [room.teacherId])
  })

  test('while the book is locked, and lands once the principal has opened it', async () => {
    const locked = await classAtWork(database, { nth: 2 })
    const lock = (state: string) =>
      database.sql(`update gradebook.gradebook set state = $2 where class_id = $1 and subject_code = 'TOAN'`, [
        locked.classId,
        state,
      ])
    await lock('LOCKED')
    const before = await traces(database)
    const scores = locked.pupils.slice(0, 12).map((_, pupil) => mark(locked, pupil, 8))
    const { recorded } = await record(gradebook, await smas(database), locked, scores)
    expect(recorded.summary).toMatchObject({ rejected: 12 })
    expect(recorded.rootCauses).toMatchObject([{ code: 'GRADEBOOK_LOCKED', about: null, blocks: 12 }])
    expect(await traces(database)).toEqual(before)
    await lock('OPEN')
    expect((await record(gradebook, await smas(database), locked, scores)).recorded.summary).toMatchObject({ created: 12 })
  })

  test('after its deadline, the final mark by a later one', async () => {
    await database.sql(
      `update gradebook.gradebook set ordinary_deadline = '2026-12-21', final_deadline = '2027-01-15' where class_id = $1 and subject_code = $2`,
      [room.classId, room.subject],
    )
    const january = await testSubgraph(database, 'gradebook', { now: () => new Date('2027-01-04T09:00:00+07:00') })
    const { recorded } = await record(january, await smas(database), room, [
      mark(room, 0, 8),
      mark(room, 0, 8, { kind: 'FINAL', ordinal: 1 }),
    ])
    await january.close()
    expect(codesIn(recorded)).toEqual([['DEADLINE_PASSED'], []])
  })
})

describe('a whole batch is refused', () => {
  const refusedFor = async (change: Record<string, unknown>, scores = [mark(room, 0, 8)]): Promise<unknown[]> => {
    const before = await traces(database)
    const answer = await record(gradebook, await smas(database), room, scores, change)
    expect(answer.data).toBeNull()
    expect(await traces(database)).toEqual(before)
    return codesOf(answer)
  }

  test('at a school without an agreement as at a school that does not exist', async () => {
    const strange = await schoolOf(database, 'smas', { level: 'THPT', agreed: false })
    for (const school of [
      { id: strange.id },
      { code: strange.code },
      { id: randomUUID() },
      { id: 'x' },
      { code: 'none' },
      { code: 'a\u0000' },
      { externalId: 'none' },
    ])
      expect(await refusedFor({ school })).toEqual(['SCHOOL_NOT_ACCESSIBLE'])
  })

  test('at a school whose agreement lets the product read marks but not write them', async () => {
    const [school] = await database.sql<{ id: string; code: string }>(
      `select g.school_id as id, a.code from access.school_grant g join identity.application a on a.id = g.application_id
       where 'gradebook.read' = any (g.scopes) and not 'gradebook.write' = any (g.scopes) and a.kind = 'SCHOOL_MANAGEMENT'`,
    )
    const before = await traces(database)
    const viewer = await applicationViewer(database, school!.code)
    expect(
      codesOf(await gradebook.ask(viewer, RECORD, { input: inputOf(room, [mark(room, 0, 8)], { school: { id: school!.id } }) })),
    ).toEqual(['SCHOOL_NOT_ACCESSIBLE'])
    expect(await traces(database)).toEqual(before)
  })

  test('for a class, subject, term or school year that is not there', async () => {
    for (const change of [
      { classRoom: { id: randomUUID() } },
      { classRoom: { name: '10Z9' } },
      { subject: 'PHEP_THUAT' },
      { term: 'HKIII' },
      { schoolYear: '2025-2026' },
      { schoolYear: '2026' },
    ])
      expect(await refusedFor(change)).toEqual(['RECORD_NOT_ACCESSIBLE'])
  })

  test('for a reference that names two things, an empty batch and one too long', async () => {
    expect(await refusedFor({ school: { id: room.schoolId, code: room.schoolCode } })).toEqual(['REFERENCE_INVALID'])
    expect(await refusedFor({ classRoom: {} })).toEqual(['REFERENCE_INVALID'])
    expect(await refusedFor({}, [])).toEqual(['BATCH_EMPTY'])
    expect(
      await refusedFor(
        {},
        Array.from({ length: 1001 }, () => mark(room, 0, 8)),
      ),
    ).toEqual(['BATCH_TOO_LONG'])
  })

  test('without the scope, and from anybody but an application whatever scopes they hold', async () => {
    const ask = async (viewer: Awaited<ReturnType<typeof smas>>): Promise<unknown[]> =>
      codesOf(await gradebook.ask(viewer, RECORD, { input: inputOf(room, [mark(room, 0, 8)]) }))
    const before = await traces(database)
    expect(await ask(await applicationViewer(database, 'smas', { scopes: ['gradebook.read'] }))).toEqual(['SCOPE_MISSING'])
    expect(await ask(await personViewer(database, 'can-bo-so', { scopes: ['gradebook.read', 'gradebook.write'] }))).toEqual([
      'ACT_FORBIDDEN',
    ])
    expect(await ask(await personViewer(database, 'hieu-truong', { scopes: ['gradebook.read', 'gradebook.write'] }))).toEqual([
      'ACT_FORBIDDEN',
    ])
    expect(await traces(database)).toEqual(before)
  })
})

describe('who writes but may not read', () => {
  test('is told what became of the marks, and shown none', async () => {
    await database.sql(
      `update access.school_grant g set scopes = array_remove(g.scopes, 'gradebook.read') from identity.application a where a.id = g.application_id and a.code = 'smas' and g.school_id = $1`,
      [room.schoolId],
    )
    const { recorded } = await record(gradebook, await smas(database), room, [
      mark(room, 12, 8),
      mark(room, 12, 9, { ordinal: 8, expectedVersion: 7 }),
    ])
    expect(recorded.results.map(({ status, entity }) => [status, entity])).toEqual([
      ['CREATED', null],
      ['CONFLICT', null],
    ])
    await database.sql(
      `update access.school_grant g set scopes = g.scopes || 'gradebook.read'::text from identity.application a where a.id = g.application_id and a.code = 'smas' and g.school_id = $1`,
      [room.schoolId],
    )
  })
})

test('a change that names no id of the application’s own keeps the one it gave', async () => {
  const viewer = await smas(database)
  await record(gradebook, viewer, room, [mark(room, 30, 5, { ordinal: 12, externalId: 'D-keep' })])
  const changed = await record(gradebook, viewer, room, [mark(room, 30, 6, { ordinal: 12 })])
  expect(changed.recorded.results[0]).toMatchObject({ status: 'UPDATED', entity: { provenance: { externalId: 'D-keep' } } })
})

test('a school and a class named by ids in capitals are the same school and class', async () => {
  const { recorded } = await record(gradebook, await smas(database), room, [mark(room, 31, 6, { ordinal: 13 })], {
    school: { id: room.schoolId.toUpperCase() },
    classRoom: { id: room.classId.toUpperCase() },
  })
  expect(recorded.results[0]).toMatchObject({ status: 'CREATED', entity: { value: 6 } })
})

test('a reference of half a character or a novel is refused by index, and its text is not given back whole', async () => {
  const novel = 'x'.repeat(20_000)
  const { recorded } = await record(gradebook, await smas(database), room, [
    mark(room, 0, 6, { ordinal: 14, student: { code: '\ud800' } }),
    mark(room, 1, 6, { ordinal: 14, enteredBy: { code: novel } }),
    mark(room, 2, 6, { ordinal: 14, enteredBy: { code: novel } }),
  ])
  expect(codesIn(recorded)).toEqual([['STUDENT_NOT_IN_CLASS'], ['STAFF_NOT_FOUND'], ['STAFF_NOT_FOUND']])
  expect(JSON.stringify(recorded).length).toBeLessThan(10_000)
})
