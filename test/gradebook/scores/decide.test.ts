// What becomes of a record beside what the store already holds.
import { describe, expect, test } from 'vitest'
import { decide, type StoredMark } from '../../../subgraphs/gradebook/scores/decide.ts'
import type { AcceptedScore, Verdict } from '../../../subgraphs/gradebook/scores/validate.ts'

const accepted = (change: Partial<AcceptedScore> = {}): Verdict => ({
  accepted: {
    index: 0,
    studentId: 'an',
    studentCode: '3800000001',
    kind: 'REGULAR',
    ordinal: 1,
    valueTenths: 85,
    remark: null,
    staffId: 'lan',
    externalId: null,
    expectedVersion: null,
    ...change,
  },
})
const refused: Verdict = { faults: [{ code: 'SCORE_OUT_OF_SCALE', path: 'value', message: '', messageVi: '', about: null }] }
const stored: StoredMark = {
  studentId: 'an',
  kind: 'REGULAR',
  ordinal: 1,
  valueTenths: 85,
  remark: null,
  version: 4,
  locked: false,
}

const statuses = (verdicts: Verdict[], marks: StoredMark[], mode: 'PARTIAL' | 'ATOMIC' = 'PARTIAL'): string[] =>
  decide(verdicts, marks, mode).map(({ status }) => status)

describe('a record', () => {
  test('is CREATED where nothing stands, UPDATED over another mark, UNCHANGED over the same', () => {
    expect(statuses([accepted()], [])).toEqual(['CREATED'])
    expect(statuses([accepted({ valueTenths: 90 })], [stored])).toEqual(['UPDATED'])
    expect(statuses([accepted({ staffId: 'mai', externalId: 'D-9' })], [stored])).toEqual(['UNCHANGED'])
  })

  test('cannot change what a pupil brought along in a locked book of another class', () => {
    expect(statuses([accepted({ valueTenths: 90 })], [{ ...stored, locked: true }])).toEqual(['REJECTED'])
    expect(statuses([accepted()], [{ ...stored, locked: true }])).toEqual(['UNCHANGED'])
  })

  test('is in CONFLICT when the version in store is not the expected one, and shows the current record', () => {
    const [decision] = decide([accepted({ expectedVersion: 3, valueTenths: 90 })], [stored], 'PARTIAL')
    expect(decision).toMatchObject({
      status: 'CONFLICT',
      stored,
      faults: [{ code: 'VERSION_CONFLICT', path: 'expectedVersion' }],
    })
    expect(statuses([accepted({ expectedVersion: 4, valueTenths: 90 })], [stored])).toEqual(['UPDATED'])
  })

  test('with expected version 0 must be the first', () => {
    expect(statuses([accepted({ expectedVersion: 0 })], [])).toEqual(['CREATED'])
    expect(statuses([accepted({ expectedVersion: 0 })], [stored])).toEqual(['CONFLICT'])
    expect(statuses([accepted({ expectedVersion: 1 })], [])).toEqual(['CONFLICT'])
  })
})

describe('a batch', () => {
  test('in PARTIAL mode lets the good beside the bad', () => {
    expect(statuses([accepted(), refused], [])).toEqual(['CREATED', 'REJECTED'])
  })

  test('in ATOMIC mode refuses all for one, and tells the culprit from the rest', () => {
    const decisions = decide([accepted({ ordinal: 2 }), refused, accepted()], [stored], 'ATOMIC')
    expect(
      decisions.map((decision) => ('faults' in decision ? decision.faults.map(({ code }) => code) : decision.status)),
    ).toEqual([['BATCH_REJECTED'], ['SCORE_OUT_OF_SCALE'], ['BATCH_REJECTED']])
  })

  test('in ATOMIC mode is refused by a conflict too, and written when all are good', () => {
    expect(statuses([accepted({ ordinal: 2 }), accepted({ expectedVersion: 1 })], [stored], 'ATOMIC')).toEqual([
      'REJECTED',
      'CONFLICT',
    ])
    expect(statuses([accepted({ ordinal: 2 }), accepted()], [stored], 'ATOMIC')).toEqual(['CREATED', 'UNCHANGED'])
  })
})
