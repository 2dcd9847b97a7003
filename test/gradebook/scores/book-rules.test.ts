// What the regulation of a class lets into a book, asks of it, and makes of it.
import { describe, expect, test } from 'vitest'
import { bookRules, type BookFacts } from '../../../subgraphs/gradebook/scores/book-rules.ts'
import { progressOf } from '../../../subgraphs/gradebook/scores/progress.ts'

const facts = (change: Partial<BookFacts> = {}): BookFacts => ({
  schoolYear: '2026-2027',
  grade: 10,
  level: 'THPT',
  term: 'HKI',
  subjectCode: 'TOAN',
  assessment: 'SCORED',
  periodsPerYear: 105,
  ...change,
})

describe('the book of a secondary class of 2026-2027', () => {
  const rules = bookRules(facts())

  test('is assessed by Thông tư 22/2021', () => {
    expect(rules.regulation).toMatchObject({ code: 'TT22_2021', name: 'Thông tư 22/2021/TT-BGDĐT' })
  })

  test('takes regular marks by their number, one mid-term and one final mark', () => {
    expect(rules.markFault('REGULAR', 1, 80)).toBeNull()
    expect(rules.markFault('REGULAR', 5, 80)).toBeNull()
    expect(rules.markFault('MIDTERM', 1, 75)).toBeNull()
    expect(rules.markFault('FINAL', 1, 100)).toBeNull()
  })

  test('refuses a second mid-term or final mark, an ordinal below one, and a kind of the old circular', () => {
    expect(rules.markFault('MIDTERM', 2, 80)).toEqual({ code: 'SCORE_KIND_INVALID', path: 'ordinal' })
    expect(rules.markFault('FINAL', 2, 80)).toEqual({ code: 'SCORE_KIND_INVALID', path: 'ordinal' })
    expect(rules.markFault('REGULAR', 0, 80)).toEqual({ code: 'SCORE_KIND_INVALID', path: 'ordinal' })
    expect(rules.markFault('REGULAR', 21, 80)).toEqual({ code: 'SCORE_KIND_INVALID', path: 'ordinal' })
    expect(rules.markFault('ONE_PERIOD', 1, 80)).toEqual({ code: 'SCORE_KIND_INVALID', path: 'kind' })
  })

  test('tells a number from a remark by the subject', () => {
    expect(rules.markFault('REGULAR', 1, 'PASSED')).toEqual({ code: 'SCORE_FORM_INVALID', path: 'remark' })
    const comment = bookRules(facts({ subjectCode: 'GDTC', assessment: 'COMMENT', periodsPerYear: 70 }))
    expect(comment.markFault('REGULAR', 1, 'PASSED')).toBeNull()
    expect(comment.markFault('REGULAR', 1, 80)).toEqual({ code: 'SCORE_FORM_INVALID', path: 'value' })
  })

  test('gives no average while a component is missing, and says which', () => {
    const result = rules.termResult([
      { kind: 'REGULAR', value: 80 },
      { kind: 'REGULAR', value: 90 },
      { kind: 'MIDTERM', value: 70 },
    ])
    expect(result.value).toBeNull()
    expect(result.missing).toEqual([
      { kind: 'REGULAR', needed: 4, present: 2 },
      { kind: 'FINAL', needed: 1, present: 0 },
    ])
    expect(result.reasons.map(({ code }) => code)).toEqual(['COMPONENT_MISSING', 'COMPONENT_MISSING'])
  })

  test('gives the average half-up once all are there', () => {
    const few = bookRules(facts({ subjectCode: 'GDQP_AN', periodsPerYear: 35 }))
    const components = [
      { kind: 'REGULAR', value: 80 },
      { kind: 'REGULAR', value: 90 },
      { kind: 'MIDTERM', value: 70 },
      { kind: 'FINAL', value: 80 },
    ] as const
    expect(few.termResult(components)).toEqual({ value: 79, missing: [], reasons: [] })
  })

  test('a class of a centre for continuing education follows the circular of its own', () => {
    expect(bookRules(facts({ level: 'GDTX' })).regulation?.code).toBe('TT43_2021')
  })
})

describe('the book of a primary class', () => {
  const rules = bookRules(facts({ grade: 4, level: 'TH', periodsPerYear: 175 }))

  test('takes the periodic tests of its grade in whole points and nothing else', () => {
    expect(rules.markFault('MIDTERM', 1, 90)).toBeNull()
    expect(rules.markFault('FINAL', 1, 100)).toBeNull()
    expect(rules.markFault('REGULAR', 1, 90)).toEqual({ code: 'SCORE_KIND_INVALID', path: 'kind' })
    expect(rules.markFault('FINAL', 1, 75)).toMatchObject({ code: 'SCORE_OUT_OF_SCALE', path: 'value' })
  })

  test('has no mid-term test in grade 3, and none at all in a subject assessed by comment', () => {
    expect(bookRules(facts({ grade: 3, level: 'TH' })).markFault('MIDTERM', 1, 90)).toEqual({
      code: 'SCORE_KIND_INVALID',
      path: 'kind',
    })
    const ethics = bookRules(facts({ grade: 4, level: 'TH', subjectCode: 'DAO_DUC', assessment: 'COMMENT' }))
    expect(ethics.markFault('FINAL', 1, 'PASSED')).toEqual({ code: 'SCORE_KIND_INVALID', path: 'kind' })
  })

  test('has no term average, and says so', () => {
    const result = rules.termResult([{ kind: 'FINAL', value: 90 }])
    expect(result.value).toBeNull()
    expect(result.reasons.map(({ code }) => code)).toEqual(['NO_TERM_AVERAGE'])
    expect(result.missing).toEqual([{ kind: 'MIDTERM', needed: 1, present: 0 }])
  })
})

test('a preschool class takes no marks and has no results', () => {
  const rules = bookRules(facts({ grade: 17, level: 'MN' }))
  expect(rules.markFault('REGULAR', 1, 80)).toEqual({ code: 'SCORE_KIND_INVALID', path: 'kind' })
  expect(rules.termResult([]).reasons.map(({ code }) => code)).toEqual(['REGULATION_UNKNOWN'])
})

describe('progress of a book', () => {
  const rules = bookRules(facts())

  test('counts what the regulation asks of every pupil: four regular, one mid-term, one final mark', () => {
    expect(progressOf(rules, [{ kinds: [], pupils: 40 }])).toEqual({ entered: 0, expected: 240 })
  })

  test('a fifth regular mark does not stand in for a missing final one', () => {
    const kinds = ['REGULAR', 'REGULAR', 'REGULAR', 'REGULAR', 'REGULAR', 'MIDTERM'] as const
    expect(progressOf(rules, [{ kinds, pupils: 1 }])).toEqual({ entered: 5, expected: 6 })
  })

  test('is nothing of nothing where no regulation asks for marks', () => {
    expect(progressOf(bookRules(facts({ grade: 17, level: 'MN' })), [{ kinds: [], pupils: 30 }])).toEqual({
      entered: 0,
      expected: 0,
    })
  })
})
