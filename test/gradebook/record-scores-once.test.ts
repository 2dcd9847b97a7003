// Retries, rivals and failures: a batch of marks has one effect or none.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { classAtWork, inputOf, mark, record, smas, traces, type ClassAtWork } from './class-at-work.ts'

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

describe('a keyed request', () => {
  test('sent again gets its first answer, though the mark has moved on since', async () => {
    const viewer = await smas(database, 'k-1')
    const first = await record(gradebook, viewer, room, [mark(room, 0, 7.5, { externalId: 'D-1' }), mark(room, 1, 11)])
    await record(gradebook, await smas(database), room, [mark(room, 0, 9)])
    const before = await traces(database)
    const again = await record(gradebook, viewer, room, [mark(room, 0, 7.5, { externalId: 'D-1' }), mark(room, 1, 11)])
    expect(again.recorded).toEqual(first.recorded)
    expect(await traces(database)).toEqual(before)
  })

  test('with another body is refused and has no effect', async () => {
    const viewer = await smas(database, 'k-2')
    await record(gradebook, viewer, room, [mark(room, 2, 7)])
    const before = await traces(database)
    expect(codesOf(await record(gradebook, viewer, room, [mark(room, 2, 8)]))).toEqual(['IDEMPOTENCY_MISMATCH'])
    expect(await traces(database)).toEqual(before)
  })

  test('sent ten times at once has one effect and one answer', async () => {
    const viewer = await smas(database, 'k-3')
    const before = await traces(database)
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => record(gradebook, viewer, room, [mark(room, 3, 6), mark(room, 4, 7)])),
    )
    for (const { recorded } of answers) expect(recorded).toEqual(answers[0]!.recorded)
    const after = await traces(database)
    expect([
      after.scores! - before.scores!,
      after.outbox! - before.outbox!,
      after.audits! - before.audits!,
      after.answers! - before.answers!,
    ]).toEqual([2, 2, 1, 1])
  })

  test('of two root fields keeps an answer for each, and gives both again', async () => {
    const viewer = await smas(database, 'k-two')
    const query = `mutation ($a: RecordScoresInput!, $b: RecordScoresInput!) {
      a: recordScores(input: $a) { summary { created } results { status entity { id } } }
      b: recordScores(input: $b) { summary { created } results { status entity { id } } }
    }`
    const variables = { a: inputOf(room, [mark(room, 20, 6)]), b: inputOf(room, [mark(room, 21, 7)]) }
    const first = await gradebook.ask<Record<string, { summary: { created: number } }>>(viewer, query, variables)
    expect([first.errors, first.data.a!.summary.created, first.data.b!.summary.created]).toEqual([undefined, 1, 1])
    const before = await traces(database)
    const again = await gradebook.ask(viewer, query, variables)
    expect(again.data).toEqual(first.data)
    expect(await traces(database)).toEqual(before)
  })

  test('is forgotten after its 72 hours, and not before', async () => {
    const viewer = await smas(database, 'k-old')
    await record(gradebook, viewer, room, [mark(room, 22, 6)])
    const age = (hours: number): Promise<unknown> =>
      database.sql(`update gradebook.idempotency_answer set created_at = $1 where key like 'k-old/%'`, [
        new Date(Date.now() - hours * 3_600_000).toISOString(),
      ])
    await age(71)
    expect(codesOf(await record(gradebook, viewer, room, [mark(room, 22, 7)]))).toEqual(['IDEMPOTENCY_MISMATCH'])
    await age(73)
    expect(codesOf(await record(gradebook, viewer, room, [mark(room, 22, 7)]))).toEqual([])
  })

  test('that was refused as a whole leaves its key free', async () => {
    const viewer = await smas(database, 'k-4')
    expect(codesOf(await record(gradebook, viewer, room, [mark(room, 5, 6)], { term: 'HKIII' }))).toEqual([
      'RECORD_NOT_ACCESSIBLE',
    ])
    expect((await record(gradebook, viewer, room, [mark(room, 5, 6)])).recorded.summary.created).toBe(1)
  })
})

describe('two batches at once', () => {
  test('over the same marks in opposite order neither deadlock nor lose a change', async () => {
    const viewer = await smas(database)
    const batch = (value: number, backwards: boolean) => {
      const scores = room.pupils.map((_, pupil) => mark(room, pupil, value, { ordinal: 12 }))
      return backwards ? scores.reverse() : scores
    }
    for (let round = 0; round < 6; round += 1) {
      const answers = await Promise.all(
        [0, 1, 2, 3].map((rival) => record(gradebook, viewer, room, batch(round + rival / 10, rival % 2 === 1))),
      )
      for (const { errors, recorded } of answers) {
        expect(errors).toBeUndefined()
        expect(recorded.summary.rejected + recorded.summary.conflicts).toBe(0)
      }
    }
    const [lost] = await database.sql(
      `select count(*)::int as count from gradebook.score s where class_id = $1 and ordinal = 12
         and s.version <> 1 + (select count(*) from gradebook.score_amendment a where a.score_id = s.id)`,
      [room.classId],
    )
    expect(lost).toEqual({ count: 0 })
  })

  test('made from the same version let one through and tell the other', async () => {
    const viewer = await smas(database)
    await record(gradebook, viewer, room, [mark(room, 6, 5)])
    const rivals = await Promise.all(
      [7, 8, 9].map((value) => record(gradebook, viewer, room, [mark(room, 6, value, { expectedVersion: 1 })])),
    )
    expect(rivals.map(({ recorded }) => recorded.results[0]!.status).sort()).toEqual(['CONFLICT', 'CONFLICT', 'UPDATED'])
  })
})

describe('a batch that fails half-way leaves nothing', () => {
  test.each([
    [
      1,
      'the feed cannot take it',
      'revoke insert on gradebook.outbox from lt_gradebook',
      'grant insert on gradebook.outbox to lt_gradebook',
    ],
    [
      2,
      'its audit record cannot be kept',
      'revoke execute on function access.append_audit(jsonb) from lt_gradebook',
      'grant execute on function access.append_audit(jsonb) to lt_gradebook',
    ],
    [
      3,
      'its answer cannot be kept',
      'revoke update on gradebook.idempotency_answer from lt_gradebook',
      'grant update on gradebook.idempotency_answer to lt_gradebook',
    ],
  ])('%i: when %s', async (value, reason, breakIt, mendIt) => {
    const viewer = await smas(database, `k ${reason}`)
    const scores = [mark(room, 7, value, { ordinal: 14 + value }), mark(room, 0, 6 + value, { ordinal: 12 })]
    const before = await traces(database)
    await database.sql(breakIt)
    const failed = await record(gradebook, viewer, room, scores)
    await database.sql(mendIt)
    expect(failed.errors).toHaveLength(1)
    expect(await traces(database)).toEqual(before)
    const { recorded } = await record(gradebook, viewer, room, scores)
    expect(recorded.summary).toMatchObject({ created: 1, updated: 1 })
    expect((await traces(database)).answers).toBe(before.answers! + 1)
  })
})
