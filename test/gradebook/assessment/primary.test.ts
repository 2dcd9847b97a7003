// Primary assessment under TT27/2020, TT22/2016 and TT30/2014: tests in whole points, the summing up of the year, titles.

import { describe, expect, test } from 'vitest'
import { TRAIT_NAMES, TT27_2020 } from '../../../subgraphs/gradebook/assessment/tt27-2020.ts'
import { TT22_2016 } from '../../../subgraphs/gradebook/assessment/tt22-2016.ts'
import { TT30_2014 } from '../../../subgraphs/gradebook/assessment/tt30-2014.ts'
import type {
  PrimaryRegulation,
  PrimaryYearInput,
  SubjectLevel,
  TraitLevel,
} from '../../../subgraphs/gradebook/assessment/types.ts'
import { mark } from './standings.ts'

interface Page {
  grade?: number
  subjects?: SubjectLevel[]
  traits?: Partial<Record<string, TraitLevel | null>>
  tests?: string
}

/** A pupil who is T and Tốt in everything, with the given exceptions; tests in the order the grade asks for them. */
function pupil(regulation: PrimaryRegulation, { grade = 5, subjects = [], traits = {}, tests = '' }: Page): PrimaryYearInput {
  const best = regulation.subjectLevels.at(-1) ?? 'COMPLETED'
  const bestTrait = regulation.traitLevels.at(-1) ?? 'PASSED'
  const asked = regulation.requiredTests(grade, 'END_YEAR')
  const required = regulation.requiredTraits(grade)
  const names = required.length > 0 ? required : ['competence', 'quality']
  return {
    grade,
    subjects: Array.from({ length: 8 }, (_, index) => ({ subject: `subject-${index}`, level: subjects[index] ?? best })),
    traits: names.map((trait) => ({ trait, level: trait in traits ? (traits[trait] ?? null) : bestTrait })),
    tests: tests
      .split(' ')
      .filter(Boolean)
      .map((text, index) => ({ subject: asked[index] ?? `elective-${index}`, value: mark(text) })),
  }
}

describe('TT27/2020 periodic tests', () => {
  test('whole points from 0 to 10 are allowed, anything else is refused', () => {
    for (let points = 0; points <= 10; points++) expect(TT27_2020.testFault(points * 10)).toBeNull()
    expect(TT27_2020.testFault(mark('9.5'))?.code).toBe('NOT_INTEGER')
    expect(TT27_2020.testFault(110)?.code).toBe('OUT_OF_SCALE')
    expect(TT27_2020.testFault(-10)?.code).toBe('OUT_OF_SCALE')
  })

  test('each grade is tested in the subjects it is taught, and grades 4 and 5 also at mid-term', () => {
    expect(TT27_2020.requiredTests(1, 'END_YEAR')).toEqual(['VIETNAMESE', 'MATHEMATICS'])
    expect(TT27_2020.requiredTests(3, 'END_TERM_1')).toEqual([
      'VIETNAMESE',
      'MATHEMATICS',
      'FOREIGN_LANGUAGE_1',
      'INFORMATICS_AND_TECHNOLOGY',
    ])
    expect(TT27_2020.requiredTests(4, 'END_YEAR')).toHaveLength(6)
    expect(TT27_2020.requiredTests(4, 'MID_TERM_1')).toEqual(['VIETNAMESE', 'MATHEMATICS'])
    expect(TT27_2020.requiredTests(5, 'MID_TERM_2')).toEqual(['VIETNAMESE', 'MATHEMATICS'])
    expect(TT27_2020.requiredTests(3, 'MID_TERM_1')).toEqual([])
    for (const grade of [0, 2.5, 6]) expect(() => TT27_2020.requiredTests(grade, 'END_YEAR')).toThrow(RangeError)
  })

  test('five qualities and ten competences are rated from grade 3, all with a Vietnamese name', () => {
    expect(TT27_2020.requiredTraits(5)).toHaveLength(15)
    expect([2, 3].map((grade) => TT27_2020.requiredTraits(grade).length)).toEqual([13, 15])
    expect(TT27_2020.requiredTraits(5).every((trait) => trait in TRAIT_NAMES)).toBe(true)
  })
})

describe('TT27/2020 result of the year', () => {
  const level = (page: Page): string | null => TT27_2020.yearEnd(pupil(TT27_2020, page)).level

  test.each([
    ['all T, all Tốt, tests from 9', { tests: '9 9 9 9 9 9' }, 'OUTSTANDING'],
    ['one test at 8', { tests: '9 9 9 9 9 8' }, 'COMPLETED_WELL'],
    ['one test at 7', { tests: '10 10 10 10 10 7' }, 'COMPLETED_WELL'],
    ['one test at 6', { tests: '10 10 10 10 10 6' }, 'COMPLETED'],
    ['one test at 5', { tests: '10 10 10 10 10 5' }, 'COMPLETED'],
    ['one test at 4', { tests: '10 10 10 10 10 4' }, 'NOT_COMPLETED'],
    ['one subject H', { subjects: ['COMPLETED'], tests: '10 10 10 10 10 10' }, 'COMPLETED'],
    ['one subject C', { subjects: ['NOT_COMPLETED'], tests: '10 10 10 10 10 10' }, 'NOT_COMPLETED'],
    ['one quality Đạt', { traits: { HONESTY: 'PASSED' }, tests: '10 10 10 10 10 10' }, 'COMPLETED'],
    ['one quality Cần cố gắng', { traits: { HONESTY: 'NEEDS_EFFORT' }, tests: '10 10 10 10 10 10' }, 'NOT_COMPLETED'],
  ] satisfies [string, Page, string][])('%s', (_, page, expected) => {
    expect(level(page)).toBe(expected)
  })

  test('is nothing while a test, a trait or a subject level is missing, and says which', () => {
    const untested = TT27_2020.yearEnd(pupil(TT27_2020, { tests: '9 9 9 9 9' }))
    expect([untested.level, untested.reasons.map(({ code }) => code)]).toEqual([null, ['TEST_MISSING']])
    const unrated = TT27_2020.yearEnd(pupil(TT27_2020, { traits: { HONESTY: null }, tests: '9 9 9 9 9 9' }))
    expect(unrated).toMatchObject({ level: null, reasons: [{ code: 'TRAIT_MISSING', subject: 'HONESTY' }] })
    const whole = pupil(TT27_2020, { tests: '9 9 9 9 9 9' })
    expect(TT27_2020.yearEnd({ ...whole, traits: whole.traits.slice(1) }).level).toBeNull()
    expect(TT27_2020.yearEnd({ ...whole, subjects: [{ subject: 'ETHICS', level: null }] }).level).toBeNull()
    expect(TT27_2020.yearEnd({ ...whole, subjects: [] }).level).toBeNull()
  })

  test('is nothing while a test is not a whole point', () => {
    const result = TT27_2020.yearEnd(pupil(TT27_2020, { tests: '9 9 9 9 9 9.5' }))
    expect(result).toMatchObject({ level: null, reasons: [{ code: 'TEST_INVALID' }] })
  })

  test('refuses levels of another circular', () => {
    expect(() => level({ traits: { HONESTY: 'NOT_PASSED' }, tests: '9 9 9 9 9 9' })).toThrow(RangeError)
  })

  test('Hoàn thành goes up; Chưa hoàn thành is helped and assessed again; nothing is decided without a result', () => {
    expect(TT27_2020.promotion('COMPLETED').outcome).toBe('PROMOTED')
    expect(TT27_2020.promotion('OUTSTANDING').outcome).toBe('PROMOTED')
    expect(TT27_2020.promotion('NOT_COMPLETED')).toMatchObject({
      outcome: 'SUPPLEMENTARY_ASSESSMENT',
      reasons: [{ article: 'Điều 11' }],
    })
    expect(TT27_2020.promotion(null).outcome).toBeNull()
  })

  test('Xuất sắc follows Hoàn thành xuất sắc, Tiêu biểu asks for more than Hoàn thành tốt', () => {
    const title = (level: Parameters<typeof TT27_2020.title>[0]['level'], outstandingOrProgress: boolean): string | null =>
      TT27_2020.title({ level, outstandingOrProgress }).title
    expect(title('OUTSTANDING', false)).toBe('OUTSTANDING_STUDENT')
    expect(title('COMPLETED_WELL', true)).toBe('EXEMPLARY_STUDENT')
    expect(title('COMPLETED_WELL', false)).toBeNull()
    expect(title('COMPLETED', true)).toBeNull()
    expect(title(null, true)).toBeNull()
  })
})

describe('TT22/2016 and TT30/2014', () => {
  test('forbid a zero as well as a decimal', () => {
    for (const regulation of [TT22_2016, TT30_2014]) {
      expect(regulation.testFault(0)?.code).toBe('ZERO_NOT_ALLOWED')
      expect(regulation.testFault(mark('6.5'))?.code).toBe('NOT_INTEGER')
      expect(regulation.testFault(mark('1'))).toBeNull()
    }
  })

  test('sum up four times a year under TT22/2016 and twice under TT30/2014', () => {
    expect([TT22_2016.points.length, TT30_2014.points.length]).toEqual([4, 2])
  })

  test('test Tiếng Việt and Toán in every grade, Khoa học and LS&ĐL in 4 and 5, and at mid-term only where TT22/2016 says', () => {
    for (const regulation of [TT22_2016, TT30_2014]) {
      expect([3, 4].map((grade) => regulation.requiredTests(grade, 'END_YEAR').length)).toEqual([2, 4])
      expect(regulation.requiredTests(3, 'MID_TERM_1')).toEqual([])
      expect(regulation.requiredTests(3, 'MID_TERM_2')).toEqual([])
    }
    expect(TT22_2016.requiredTests(4, 'MID_TERM_1')).toEqual(['VIETNAMESE', 'MATHEMATICS'])
    expect(TT22_2016.requiredTests(5, 'MID_TERM_2')).toEqual(['VIETNAMESE', 'MATHEMATICS'])
    expect(TT30_2014.requiredTests(4, 'MID_TERM_1')).toEqual([])
    expect(TT30_2014.requiredTests(5, 'MID_TERM_2')).toEqual([])
  })

  test('TT22/2016: HT, Đạt and tests from 5 complete the class programme; one C, one CHT or a 4 does not', () => {
    const level = (page: Page): string | null => TT22_2016.yearEnd(pupil(TT22_2016, page)).level
    expect(level({ subjects: ['COMPLETED'], traits: { quality: 'PASSED' }, tests: '5 5 5 5' })).toBe('COMPLETED')
    expect(level({ traits: { quality: 'NEEDS_EFFORT' }, tests: '5 5 5 5' })).toBe('NOT_COMPLETED')
    expect(level({ subjects: ['NOT_COMPLETED'], tests: '5 5 5 5' })).toBe('NOT_COMPLETED')
    expect(level({ tests: '5 5 5 4' })).toBe('NOT_COMPLETED')
    expect(level({ tests: '5 5 5' })).toBeNull()
  })

  test('TT30/2014: subjects Hoàn thành, traits Đạt and tests from 5 complete the class programme', () => {
    const level = (page: Page): string | null => TT30_2014.yearEnd(pupil(TT30_2014, page)).level
    expect(level({ tests: '5 5 5 5' })).toBe('COMPLETED')
    expect(level({ traits: { quality: 'NOT_PASSED' }, tests: '5 5 5 5' })).toBe('NOT_COMPLETED')
    expect(level({ tests: '9 9 9 4' })).toBe('NOT_COMPLETED')
    expect(() => level({ subjects: ['COMPLETED_WELL'], tests: '5 5 5 5' })).toThrow(RangeError)
  })

  test('grade no one higher than Hoàn thành and confer no title here', () => {
    expect(TT22_2016.yearEnd(pupil(TT22_2016, { tests: '10 10 10 10' })).level).toBe('COMPLETED')
    expect(TT22_2016.title({ level: 'COMPLETED', outstandingOrProgress: true }).title).toBeNull()
  })
})
