// Marks, results and books as others read them: the right ones, in one read, and none to whom no agreement opens them.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { applicationViewer, personViewer, schoolOf } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { classAtWork, mark, record, smas, type ClassAtWork } from './class-at-work.ts'

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

interface Entities<T> {
  _entities: (T | null)[]
}

const pupilsOf = ({ schoolId, pupils }: ClassAtWork) => pupils.map(({ id }) => ({ __typename: 'Student', schoolId, id }))

const SCORES = `query Scores($of: [_Any!]!, $subject: String, $year: String) {
  _entities(representations: $of) { ... on Student { id scores(term: "HKI", schoolYear: $year, subject: $subject) {
    id value remark kind ordinal version subject { code } student { id } enteredBy { id } amendments { oldValue newValue version enteredBy { id } } provenance { externalId application { id } }
  } } }
}`
interface ScoresOf {
  id: string
  scores: {
    id: string
    value: number | null
    remark: string | null
    kind: string
    ordinal: number
    version: number
    subject: { code: string }
    student: { id: string }
    enteredBy: { id: string }
    amendments: { oldValue: number | null; newValue: number | null; version: number; enteredBy: { id: string } }[]
    provenance: { externalId: string | null; application: { id: string } | null }
  }[]
}

describe('the marks of a class', () => {
  test('come in one read for the marks and one for their history, however many pupils', async () => {
    const { database: reads } = gradebook.runtime.subgraph
    const [marks, history] = [vi.spyOn(reads, 'readRows'), vi.spyOn(reads, 'read')]
    const { data, errors } = await gradebook.ask<Entities<ScoresOf>>(await smas(database), SCORES, {
      of: pupilsOf(room),
      subject: 'TOAN',
    })
    expect(errors).toBeUndefined()
    expect([marks, history].map(({ mock }) => mock.calls.length)).toEqual([1, 1])
    for (const each of [marks, history]) each.mockRestore()
    expect(data._entities).toHaveLength(room.pupils.length)
    const [behind] = await database.sql(
      `select count(*)::int as count from gradebook.score where class_id = $1 and subject_code = 'TOAN'`,
      [room.classId],
    )
    expect(data._entities.flatMap((pupil) => pupil!.scores)).toHaveLength(behind!.count as number)
    for (const pupil of data._entities) for (const score of pupil!.scores) expect(score.student.id).toBe(pupil!.id)
  })

  test('say the same where only what they say is asked for, in one school and in two', async () => {
    const viewer = await smas(database)
    const { id } = await schoolOf(database, 'smas', { level: 'THCS' })
    const other = await classAtWork(database, { schoolId: id, grade: 6 })
    const facts = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Student {
      id scores(term: "HKI") { __typename kind ordinal ...f } hidden: scores(term: "HKI") { value remark kind subject { code } }
    } } } fragment f on Score { value remark subject { code } }`
    const whole = facts.replaceAll('ordinal', 'ordinal id').replaceAll('kind subject', 'kind version subject')
    const withoutIds = (told: unknown): unknown =>
      JSON.parse(JSON.stringify(told), function (this: { kind?: string }, key, value: unknown) {
        return this.kind && (key === 'id' || key === 'version') ? undefined : value
      })
    for (const of of [pupilsOf(room), [...pupilsOf(room).slice(0, 2), ...pupilsOf(other).slice(0, 2)]]) {
      const ask = (query: string) => gradebook.runtime.subgraph.execute({ query, variables: { of } }, viewer)
      const [few, all] = [await ask(facts), await ask(whole)]
      expect(few.errors).toBeUndefined()
      expect(JSON.stringify(few.data)).toMatch(/"value":\d.*"remark":"PASSED"/)
      expect(withoutIds(few)).toEqual(withoutIds(all))
    }
    const strange = await classAtWork(database, {
      schoolId: (await schoolOf(database, 'smas', { level: 'THPT', agreed: false })).id,
    })
    const { data } = await gradebook.ask<Entities<ScoresOf>>(viewer, facts, {
      of: [...pupilsOf(strange), ...pupilsOf(room).map(({ id: pupil }) => ({ ...pupilsOf(strange)[0], id: pupil }))],
    })
    expect(data._entities.flatMap((pupil) => pupil!.scores)).toEqual([])
  })

  test('are those of the subject and the year asked for, the present one when none is named', async () => {
    const viewer = await smas(database)
    const ask = async (variables: Record<string, unknown>): Promise<ScoresOf['scores']> =>
      (await gradebook.ask<Entities<ScoresOf>>(viewer, SCORES, { of: pupilsOf(room), ...variables })).data._entities.flatMap(
        (pupil) => pupil!.scores,
      )
    const mathematics = await ask({ subject: 'TOAN' })
    expect(new Set(mathematics.map(({ subject }) => subject.code))).toEqual(new Set(['TOAN']))
    expect(await ask({ subject: 'TOAN', year: '2026-2027' })).toEqual(mathematics)
    expect(await ask({ subject: 'TOAN', year: '2025-2026' })).toEqual([])
    expect(codesOf(await gradebook.ask(viewer, SCORES, { of: pupilsOf(room), year: '2026' }))[0]).toBe('INPUT_INVALID')
  })

  test('carry their history, and the caller’s own id but never another product’s', async () => {
    await record(gradebook, await smas(database), room, [mark(room, 0, 6, { externalId: 'D-1' })])
    await record(gradebook, await smas(database), room, [mark(room, 0, 7.5, { externalId: 'D-2' })])
    const seenBy = async (viewer: Viewer): Promise<ScoresOf['scores'][number] | undefined> => {
      const answer = await gradebook.ask<Entities<ScoresOf>>(viewer, SCORES, { of: pupilsOf(room).slice(0, 1), subject: 'TOAN' })
      return answer.data._entities[0]!.scores.find(({ ordinal }) => ordinal === 9)
    }
    expect(await seenBy(await smas(database))).toMatchObject({
      value: 7.5,
      version: 2,
      amendments: [{ oldValue: 6, newValue: 7.5, version: 2, enteredBy: { id: room.teacherId } }],
      provenance: { externalId: 'D-2', application: { id: expect.any(String) } },
    })
    const [principal] = await database.sql<{ email: string }>(
      `select a.email from identity.account a join access.membership m on m.account_id = a.id where m.school_id = $1 and m.role = 'PRINCIPAL'`,
      [room.schoolId],
    )
    expect(await seenBy(await personViewer(database, principal!.email))).toMatchObject({
      value: 7.5,
      provenance: { externalId: null },
    })
  })

  test('are told to the audit: which school, which pupils', async () => {
    const result = await gradebook.runtime.subgraph.execute(
      { query: SCORES, variables: { of: pupilsOf(room).slice(0, 3) } },
      await smas(database),
    )
    const { touched } = result.extensions as { touched: { schools: string[]; students: string[] } }
    expect(touched.schools).toEqual([room.schoolId])
    expect(touched.students.sort()).toEqual(
      room.pupils
        .slice(0, 3)
        .map(({ id }) => id)
        .sort(),
    )
  })

  test('stay hidden from a product whose agreement does not reach the school, as if there were none', async () => {
    const strange = await classAtWork(database, {
      schoolId: (await schoolOf(database, 'smas', { level: 'THPT', agreed: false })).id,
    })
    const { data, errors } = await gradebook.ask<Entities<ScoresOf>>(await smas(database), SCORES, { of: pupilsOf(strange) })
    expect(errors).toBeUndefined()
    expect(data._entities.flatMap((pupil) => pupil!.scores)).toEqual([])
  })

  test('stay hidden where the agreement leaves gradebook.read out', async () => {
    const [school] = await database.sql<{ id: string }>(
      `select g.school_id as id from access.school_grant g join identity.application a on a.id = g.application_id
       where a.code = 'enetviet' and not 'gradebook.read' = any (g.scopes)
         and exists (select 1 from gradebook.score s where s.school_id = g.school_id) limit 1`,
    )
    const pupils = await database.sql<{ id: string }>(
      `select distinct student_id as id from gradebook.score where school_id = $1 limit 20`,
      [school!.id],
    )
    const of = pupils.map(({ id }) => ({ __typename: 'Student', schoolId: school!.id, id }))
    const { data } = await gradebook.ask<Entities<ScoresOf>>(await applicationViewer(database, 'enetviet'), SCORES, { of })
    expect(data._entities.flatMap((pupil) => pupil!.scores)).toEqual([])
  })

  test('are refused to whoever lacks the scope, through the pupil as through the mark itself', async () => {
    const [score] = await database.sql<{ id: string }>(`select id from gradebook.score where school_id = $1 limit 1`, [
      room.schoolId,
    ])
    const of = [{ __typename: 'Score', schoolId: room.schoolId, id: score!.id }]
    const byKey = `query($of: [_Any!]!) { _entities(representations: $of) { ... on Score { id value } } }`
    const without = await applicationViewer(database, 'smas', { scopes: ['student.basic.read'] })
    expect(codesOf(await gradebook.ask(without, SCORES, { of: pupilsOf(room) }))).toEqual(['SCOPE_MISSING'])
    expect(codesOf(await gradebook.ask(without, byKey, { of }))).toEqual(['SCOPE_MISSING'])
    const { data } = await gradebook.ask<Entities<{ value: number | null }>>(await smas(database), byKey, {
      of: [...of, { ...of[0], id: randomUUID() }],
    })
    expect(data._entities).toEqual([{ id: score!.id, value: expect.any(Number) }, null])
  })

  test('cannot be reached past the policies by naming a partition', async () => {
    const client = await gradebook.runtime.storage.pool.connect()
    try {
      for (const table of ['score', 'score_2026', 'score_other', 'score_amendment', 'gradebook', 'outbox'])
        expect((await client.query(`select count(*)::int as count from gradebook.${table}`)).rows).toEqual([{ count: 0 }])
    } finally {
      client.release()
    }
  })
})

describe('the results of a class', () => {
  const RESULTS = `query Results($of: [_Any!]!) {
    _entities(representations: $of) { ... on Student { id subjectResults(term: "HKI") {
      subject { code } term { id } regulation regulationName average remark missing { kind needed present } reasons { code article text }
    } } }
  }`
  interface ResultsOf {
    id: string
    subjectResults: {
      subject: { code: string }
      term: { id: string }
      regulation: string | null
      regulationName: string | null
      average: number | null
      remark: string | null
      missing: { kind: string; needed: number; present: number }[]
      reasons: { code: string; article: string | null; text: string }[]
    }[]
  }
  const resultsOf = async (at: ClassAtWork, viewer = smas(database)): Promise<ResultsOf[]> => {
    const { data, errors } = await gradebook.ask<Entities<ResultsOf>>(await viewer, RESULTS, { of: pupilsOf(at) })
    expect(errors).toBeUndefined()
    return data._entities.map((pupil) => pupil!)
  }

  test('come in one transaction, one for each subject that the class is taught', async () => {
    const reads = vi.spyOn(gradebook.runtime.subgraph.database, 'read')
    const pupils = await resultsOf(room)
    expect(reads).toHaveBeenCalledTimes(1)
    reads.mockRestore()
    const taught = await database.sql<{ code: string }>(
      `select distinct subject_code as code from schools.teaching_assignment where class_id = $1 and term_id = $2 order by 1`,
      [room.classId, room.termId],
    )
    for (const { subjectResults } of pupils)
      expect(subjectResults.map(({ subject }) => subject.code)).toEqual(taught.map(({ code }) => code))
  })

  test('are null with what is missing until every component is there, then the average of Thông tư 22/2021', async () => {
    const last = await classAtWork(database, { nth: 1 })
    const mathematics = async (): Promise<ResultsOf['subjectResults'][number]> =>
      (await resultsOf(last))[0]!.subjectResults.find(({ subject }) => subject.code === 'TOAN')!
    await database.sql(`delete from gradebook.score where class_id = $1 and subject_code = 'TOAN'`, [last.classId])
    const enter = async (kind: string, ...values: number[]): Promise<void> => {
      const { recorded } = await record(
        gradebook,
        await smas(database),
        last,
        values.map((value, index) => mark(last, 0, value, { kind, ordinal: index + 1 })),
      )
      expect(recorded.summary.created).toBe(values.length)
    }
    await enter('REGULAR', 8, 9, 8.5, 7)
    await enter('MIDTERM', 7)
    expect(await mathematics()).toMatchObject({
      regulation: 'TT22_2021',
      regulationName: 'Thông tư 22/2021/TT-BGDĐT',
      average: null,
      missing: [{ kind: 'FINAL', needed: 1, present: 0 }],
      reasons: [{ code: 'COMPONENT_MISSING' }],
      term: { id: last.termId },
    })
    await enter('FINAL', 8)
    // (8 + 9 + 8.5 + 7 + 2×7 + 3×8) / 9 = 70.5 / 9 = 7.83…
    expect(await mathematics()).toMatchObject({ average: 7.8, remark: null, missing: [], reasons: [] })
  })

  test('of a comment subject are Đạt or Chưa đạt', async () => {
    const sport = await classAtWork(database, { subject: 'GDTC', nth: 1 })
    const enter = async (kind: string, ordinal: number, remark: string): Promise<void> => {
      const { value: _number, ...rest } = mark(sport, 0, 0, { kind, ordinal, remark })
      await record(gradebook, await smas(database), sport, [rest])
    }
    await database.sql(`delete from gradebook.score where class_id = $1 and subject_code = 'GDTC'`, [sport.classId])
    for (const [kind, ordinal] of [
      ['REGULAR', 1],
      ['REGULAR', 2],
      ['MIDTERM', 1],
      ['FINAL', 1],
    ] as const)
      await enter(kind, ordinal, 'PASSED')
    const result = async () => (await resultsOf(sport))[0]!.subjectResults.find(({ subject }) => subject.code === 'GDTC')
    expect(await result()).toMatchObject({ average: null, remark: 'PASSED' })
    await enter('REGULAR', 2, 'NOT_PASSED')
    expect(await result()).toMatchObject({ remark: 'NOT_PASSED' })
  })

  test('of a primary class say that its regulation has no term average', async () => {
    const primary = await classAtWork(database, { level: 'TH', grade: 4, subject: 'TOAN', application: 'vnedu' })
    const pupils = await resultsOf(primary, applicationViewer(database, 'vnedu'))
    const mathematics = pupils[0]!.subjectResults.find(({ subject }) => subject.code === 'TOAN')
    expect(mathematics).toMatchObject({ regulation: 'TT27_2020', average: null, reasons: [{ code: 'NO_TERM_AVERAGE' }] })
  })

  test('stay hidden from a product whose agreement does not reach the school', async () => {
    const strange = await classAtWork(database, {
      schoolId: (await schoolOf(database, 'smas', { level: 'THPT', agreed: false })).id,
    })
    for (const { subjectResults } of await resultsOf(strange)) expect(subjectResults).toEqual([])
  })
})

describe('the books of a class', () => {
  const BOOKS = `query Books($of: [_Any!]!) {
    _entities(representations: $of) { ... on ClassRoom { gradebooks(term: "HKI") { id schoolId state ordinaryDeadline finalDeadline subject { code } term { id } classRoom { id } progress { entered expected } } } }
  }`
  interface BooksOf {
    gradebooks: {
      id: string
      state: string
      ordinaryDeadline: string
      finalDeadline: string
      subject: { code: string }
      progress: { entered: number; expected: number }
    }[]
  }
  const classesOf = ({ schoolId }: ClassAtWork, ids: readonly string[]) =>
    ids.map((id) => ({ __typename: 'ClassRoom', schoolId, id }))

  test('come in one read, their progress in another, for all classes at once', async () => {
    const classes = await database.sql<{ id: string }>(`select id from schools.class_room where school_id = $1`, [room.schoolId])
    const reads = vi.spyOn(gradebook.runtime.subgraph.database, 'read')
    const { data, errors } = await gradebook.ask<Entities<BooksOf>>(await smas(database), BOOKS, {
      of: classesOf(
        room,
        classes.map(({ id }) => id),
      ),
    })
    expect(errors).toBeUndefined()
    expect(reads).toHaveBeenCalledTimes(2)
    reads.mockRestore()
    expect(data._entities.every((each) => each!.gradebooks.length > 8)).toBe(true)
  })

  test('tell state, deadlines and how far they are filled', async () => {
    const third = await classAtWork(database, { nth: 2 })
    const mathematics = async () =>
      (
        await gradebook.ask<Entities<BooksOf>>(await smas(database), BOOKS, { of: classesOf(third, [third.classId]) })
      ).data._entities[0]!.gradebooks.find(({ subject }) => subject.code === 'TOAN')!
    await database.sql(`delete from gradebook.score where class_id = $1 and subject_code = 'TOAN'`, [third.classId])
    await database.sql(
      `update gradebook.gradebook set ordinary_deadline = '2026-12-21', final_deadline = '2027-01-15' where class_id = $1 and subject_code = 'TOAN'`,
      [third.classId],
    )
    expect(await mathematics()).toMatchObject({
      state: 'OPEN',
      ordinaryDeadline: '2026-12-21',
      finalDeadline: '2027-01-15',
      progress: { entered: 0, expected: 6 * third.pupils.length },
    })
    await record(gradebook, await smas(database), third, [
      mark(third, 0, 8, { kind: 'FINAL', ordinal: 1 }),
      mark(third, 0, 8, { ordinal: 1 }),
      mark(third, 1, 8, { ordinal: 1 }),
    ])
    expect((await mathematics()).progress.entered).toBe(3)
  })

  test('stay hidden from a product whose agreement does not reach the school', async () => {
    const strange = await classAtWork(database, {
      schoolId: (await schoolOf(database, 'smas', { level: 'THPT', agreed: false })).id,
    })
    const { data } = await gradebook.ask<Entities<BooksOf>>(await smas(database), BOOKS, {
      of: classesOf(strange, [strange.classId]),
    })
    expect(data._entities).toEqual([{ gradebooks: [] }])
  })
})
