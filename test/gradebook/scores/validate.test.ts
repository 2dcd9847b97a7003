// Each record of a batch is let in or refused on its own, with the reason and the place.
import { describe, expect, test } from 'vitest'
import { bookRules } from '../../../subgraphs/gradebook/scores/book-rules.ts'
import { Named } from '../../../subgraphs/kernel/named.ts'
import { rootCauses, type Fault } from '../../../subgraphs/kernel/root-causes.ts'
import { SHARED_CAUSES, validate, type BookAtHand, type SentScore } from '../../../subgraphs/gradebook/scores/validate.ts'

const rules = (assessment: 'SCORED' | 'COMMENT') =>
  bookRules({
    schoolYear: '2026-2027',
    grade: 10,
    level: 'THPT',
    term: 'HKI',
    subjectCode: assessment === 'SCORED' ? 'TOAN' : 'GDTC',
    assessment,
    periodsPerYear: 105,
  })

const book = (change: Partial<BookAtHand> = {}): BookAtHand => ({
  state: 'OPEN',
  ordinaryDeadline: '2026-12-21',
  finalDeadline: '2027-01-15',
  assessment: 'SCORED',
  rules: rules(change.assessment ?? 'SCORED'),
  pupils: new Named([
    { id: 'an', code: '3800000001', externalId: 'HS-1' },
    { id: 'binh', code: '3800000002', externalId: null },
  ]),
  teachers: new Named([
    { id: 'lan', code: '3899000001', externalId: 'GV-1', assigned: true },
    { id: 'mai', code: '3899000002', externalId: null, assigned: false },
  ]),
  today: '2026-11-22',
  ...change,
})

const sent = (change: Partial<SentScore> = {}): SentScore => ({
  student: { code: '3800000001' },
  kind: 'REGULAR',
  ordinal: 1,
  value: 8.5,
  enteredBy: { code: '3899000001' },
  ...change,
})

const faults = (scores: readonly SentScore[], at = book()): { code: string; path: string }[][] =>
  validate(scores, at).map((verdict) => ('faults' in verdict ? verdict.faults.map(({ code, path }) => ({ code, path })) : []))

test('an application that acts for a teacher enters marks in that name, and in no other', () => {
  expect(faultsFor('lan', '3899000001')).toEqual([])
  expect(faultsFor('mai', '3899000001')).toEqual([{ code: 'ACT_FORBIDDEN', path: 'enteredBy' }])
  expect(faultsFor(null, '3899000001')).toEqual([{ code: 'ACT_FORBIDDEN', path: 'enteredBy' }])
  expect(faultsFor('mai', '3899000002')).toEqual([{ code: 'TEACHER_NOT_ASSIGNED', path: 'enteredBy' }])
})

const faultsFor = (actingFor: string | null, code: string) => faultOf({ enteredBy: { code } }, book({ actingFor }))

const faultOf = (change: Partial<SentScore>, at = book()): { code: string; path: string }[] => faults([sent(change)], at)[0]!

describe('a record', () => {
  test('that is right is accepted in the terms of the store', () => {
    expect(validate([sent({ externalId: 'D-1', expectedVersion: 3 })], book())).toEqual([
      {
        accepted: {
          index: 0,
          studentId: 'an',
          studentCode: '3800000001',
          kind: 'REGULAR',
          ordinal: 1,
          valueTenths: 85,
          remark: null,
          staffId: 'lan',
          externalId: 'D-1',
          expectedVersion: 3,
        },
      },
    ])
  })

  test.each([{ id: 'an' }, { id: 'AN' }, { code: '3800000001' }, { externalId: 'HS-1' }])(
    'may name its pupil by %o',
    (student) => {
      expect(faultOf({ student })).toEqual([])
    },
  )

  test('of a pupil outside the class is refused, whether or not such a pupil exists', () => {
    expect(faultOf({ student: { code: '3800000009' } })).toEqual([{ code: 'STUDENT_NOT_IN_CLASS', path: 'student' }])
    expect(faultOf({ student: { externalId: '' } })).toEqual([{ code: 'STUDENT_NOT_IN_CLASS', path: 'student' }])
  })

  test.each([{}, { id: 'an', code: '3800000001' }, { id: null }])('with %o for a pupil names nobody', (student) => {
    expect(faultOf({ student })).toEqual([{ code: 'REFERENCE_INVALID', path: 'student' }])
  })

  test('of a teacher who is not at the school is refused', () => {
    expect(faultOf({ enteredBy: { code: '0' } })).toEqual([{ code: 'STAFF_NOT_FOUND', path: 'enteredBy' }])
  })

  test('of a teacher who does not teach this class this subject in this term is refused', () => {
    expect(faultOf({ enteredBy: { code: '3899000002' } })).toEqual([{ code: 'TEACHER_NOT_ASSIGNED', path: 'enteredBy' }])
  })

  test.each([7.25, 10.1, -1, 11])('with the mark %d is out of scale', (value) => {
    expect(faultOf({ value })).toEqual([{ code: 'SCORE_OUT_OF_SCALE', path: 'value' }])
  })

  test('of a scored subject takes a number and nothing else', () => {
    expect(faultOf({ value: null, remark: 'PASSED' })).toEqual([{ code: 'SCORE_FORM_INVALID', path: 'remark' }])
    expect(faultOf({ remark: 'PASSED' })).toEqual([{ code: 'SCORE_FORM_INVALID', path: 'remark' }])
    expect(faultOf({ value: null })).toEqual([{ code: 'SCORE_FORM_INVALID', path: 'value' }])
  })

  test('of a comment subject takes a remark and nothing else', () => {
    const comment = book({ assessment: 'COMMENT' })
    expect(faultOf({ value: null, remark: 'NOT_PASSED' }, comment)).toEqual([])
    expect(faultOf({ value: 8 }, comment)).toEqual([{ code: 'SCORE_FORM_INVALID', path: 'value' }])
  })

  test('of a kind or ordinal that the regulation does not know is refused', () => {
    expect(faultOf({ kind: 'ONE_PERIOD' })).toEqual([{ code: 'SCORE_KIND_INVALID', path: 'kind' }])
    expect(faultOf({ kind: 'FINAL', ordinal: 2 })).toEqual([{ code: 'SCORE_KIND_INVALID', path: 'ordinal' }])
  })

  test('with an id of its own that no column should hold is refused', () => {
    expect(faultOf({ externalId: 'x'.repeat(256) })).toEqual([{ code: 'INPUT_INVALID', path: 'externalId' }])
    expect(faultOf({ externalId: 'a\u0000b' })).toEqual([{ code: 'INPUT_INVALID', path: 'externalId' }])
    expect(faultOf({ externalId: 'x'.repeat(255) })).toEqual([])
  })

  test('tells all its faults at once', () => {
    expect(faultOf({ student: { code: '0' }, value: 11, enteredBy: { code: '3899000002' } }).map(({ code }) => code)).toEqual([
      'STUDENT_NOT_IN_CLASS',
      'TEACHER_NOT_ASSIGNED',
      'SCORE_OUT_OF_SCALE',
    ])
  })
})

describe('a book', () => {
  test.each(['LOCKED', 'CLOSED'] as const)('that is %s takes no marks', (state) => {
    expect(faultOf({}, book({ state }))).toEqual([{ code: 'GRADEBOOK_LOCKED', path: 'kind' }])
  })

  test('takes ordinary marks until their deadline and the final mark until its own', () => {
    const between = book({ today: '2027-01-04' })
    expect(faultOf({}, between)).toEqual([{ code: 'DEADLINE_PASSED', path: 'kind' }])
    expect(faultOf({ kind: 'FINAL' }, between)).toEqual([])
    expect(faultOf({ kind: 'FINAL' }, book({ today: '2027-01-16' }))).toEqual([{ code: 'DEADLINE_PASSED', path: 'kind' }])
  })
})

describe('two records of one mark', () => {
  test('are both refused, by whatever reference each names the pupil', () => {
    const twice = [sent({ value: 7 }), sent({ student: { externalId: 'HS-1' }, value: 9 }), sent({ student: { id: 'binh' } })]
    expect(faults(twice)).toEqual([
      [{ code: 'DUPLICATE_IN_BATCH', path: 'student' }],
      [{ code: 'DUPLICATE_IN_BATCH', path: 'student' }],
      [],
    ])
  })

  test('of another kind or ordinal are two marks', () => {
    expect(faults([sent(), sent({ ordinal: 2 }), sent({ kind: 'MIDTERM' })])).toEqual([[], [], []])
  })
})

describe('root causes', () => {
  const faultsOf = (scores: readonly SentScore[], at = book()): (readonly Fault[])[] =>
    validate(scores, at).map((verdict) => ('faults' in verdict ? verdict.faults : []))

  test('a locked book behind a whole batch is told once with its count', () => {
    const batch = Array.from({ length: 30 }, (_, index) =>
      sent({ ordinal: (index % 15) + 1, student: { id: index < 15 ? 'an' : 'binh' } }),
    )
    expect(rootCauses(faultsOf(batch, book({ state: 'LOCKED' })), SHARED_CAUSES)).toMatchObject([
      { code: 'GRADEBOOK_LOCKED', about: null, blocks: 30 },
    ])
  })

  test('each teacher who is not assigned is a cause of their own, the widest first', () => {
    const by = (code: string, ordinal: number): SentScore => sent({ ordinal, enteredBy: { code } })
    const causes = rootCauses(
      faultsOf([by('0', 1), by('3899000002', 2), by('0', 3), by('3899000002', 4), by('3899000002', 5)]),
      SHARED_CAUSES,
    )
    expect(causes.map(({ code, about, blocks }) => [code, about, blocks])).toEqual([
      ['TEACHER_NOT_ASSIGNED', '3899000002', 3],
      ['STAFF_NOT_FOUND', '0', 2],
    ])
  })

  test('many marks out of scale are many slips, and one refusal alone is no root cause', () => {
    expect(rootCauses(faultsOf([sent({ value: 11 }), sent({ value: 12, ordinal: 2 })]), SHARED_CAUSES)).toEqual([])
    expect(rootCauses(faultsOf([sent({ enteredBy: { code: '0' } })]), SHARED_CAUSES)).toEqual([])
  })
})
