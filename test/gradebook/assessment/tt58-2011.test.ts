// TT58/2011 and its amendment TT26/2020 at their thresholds.

import { describe, expect, test } from 'vitest'
import { TT26_2020 } from '../../../subgraphs/gradebook/assessment/tt26-2020.ts'
import { TT58_2011, tt58_2011 } from '../../../subgraphs/gradebook/assessment/tt58-2011.ts'
import type {
  ConductLevel,
  LearningLevel,
  PromotionInput,
  SubjectStanding,
} from '../../../subgraphs/gradebook/assessment/types.ts'
import { comments, mark, remarked, scored, term, year } from './standings.ts'

const unadjusted = (averages: string, remarks?: string): LearningLevel | null =>
  TT58_2011.learningLevel(year(averages, remarks)).unadjusted
const level = (averages: string, remarks?: string): LearningLevel | null => TT58_2011.learningLevel(year(averages, remarks)).level

describe('the term result of a subject', () => {
  test.each([
    [35, 2],
    [36, 3],
    [104, 3],
    [105, 4],
    [null, 2],
  ])('TT58: %s periods a year ask for %i regular marks', (periods, minimum) => {
    expect(TT58_2011.minimumRegularMarks(scored(periods))).toBe(minimum)
  })

  test.each([
    [35, 2],
    [36, 3],
    [70, 3],
    [71, 4],
  ])('TT26: %s periods a year ask for %i regular marks', (periods, minimum) => {
    expect(TT26_2020.minimumRegularMarks(scored(periods))).toBe(minimum)
  })

  test('TT58: one-period tests count twice and the final three times', () => {
    expect(TT58_2011.termResult(scored(35), term({ tx: '10 10', dk: '0', ck: '0' })).value).toBe(mark('2.9'))
    expect(TT58_2011.termResult(scored(35), term({ tx: '0 0', dk: '10', ck: '0' })).value).toBe(mark('2.9'))
    expect(TT58_2011.termResult(scored(35), term({ tx: '0 0', dk: '0', ck: '10' })).value).toBe(mark('4.3'))
  })

  test('TT58: as many one-period tests are asked for as the programme sets', () => {
    const page = term({ tx: '8 8', dk: '8', ck: '8' })
    expect(TT58_2011.termResult({ ...scored(35), onePeriodTests: 1 }, page).value).toBe(mark('8'))
    const short = TT58_2011.termResult({ ...scored(35), onePeriodTests: 2 }, page)
    expect([short.value, short.missing]).toEqual([null, [{ kind: 'ONE_PERIOD', needed: 2, present: 1 }]])
    expect(TT58_2011.termResult({ ...scored(35), onePeriodTests: 0 }, term({ tx: '8 8', ck: '8' })).value).toBe(mark('8'))
    expect(TT58_2011.termResult(scored(35), term({ tx: '8 8', ck: '8' })).value).toBeNull()
  })

  test('TT26: a mid-term takes the place of one-period tests', () => {
    expect(TT26_2020.termResult(scored(35), term({ tx: '8 9', gk: '7', ck: '8' })).value).toBe(mark('7.9'))
    expect(TT26_2020.scoreFault({ kind: 'ONE_PERIOD', value: 80 }, 'SCORE')?.code).toBe('KIND_NOT_IN_REGULATION')
    expect(TT58_2011.scoreFault({ kind: 'MIDTERM', value: 80 }, 'SCORE')?.code).toBe('KIND_NOT_IN_REGULATION')
  })

  test('a comment subject is Đạt with two thirds Đạt, the final among them', () => {
    expect(TT26_2020.termResult(remarked(35), comments('CĐĐĐ')).value).toBe('PASSED')
    expect(TT26_2020.termResult(remarked(70), comments('CCĐĐĐĐ')).value).toBe('PASSED')
    expect(TT26_2020.termResult(remarked(35), comments('CCĐĐ')).value).toBe('NOT_PASSED')
    expect(TT26_2020.termResult(remarked(35), comments('ĐĐĐC')).value).toBe('NOT_PASSED')
  })

  test("a comment subject's year follows its second term", () => {
    expect(TT58_2011.yearResult('REMARK', 'NOT_PASSED', 'PASSED').value).toBe('PASSED')
    expect(TT58_2011.yearResult('REMARK', 'PASSED', 'NOT_PASSED').value).toBe('NOT_PASSED')
  })
})

describe('học lực before adjustment', () => {
  test.each([
    ['Giỏi: average 8.0, Toán 8.0, lowest 6.5', '8.0 7.0 8.5 9.0 9.0 6.5', 'ĐĐĐ', 'EXCELLENT'],
    ['Giỏi: Ngữ văn serves as well as Toán', '7.0 8.0 8.5 9.0 9.0 6.5', 'ĐĐĐ', 'EXCELLENT'],
    ['Giỏi: 7.95 rounds to 8.0', '8.0 7.9', 'ĐĐĐ', 'EXCELLENT'],
    ['Khá: average 7.9', '8.0 7.8', 'ĐĐĐ', 'FAIR'],
    ['Khá: Toán and Văn 7.9', '7.9 7.9 9.0 9.0', 'ĐĐĐ', 'FAIR'],
    ['Khá: one subject 6.4', '9.0 9.0 9.0 6.4', 'ĐĐĐ', 'FAIR'],
    ['Khá: average 6.5, Toán 6.5, lowest 5.0', '6.5 6.4 8.1 5.0', 'ĐĐĐ', 'FAIR'],
    ['Trung bình: average 6.4', '6.5 6.3', 'ĐĐĐ', 'AVERAGE'],
    ['Trung bình: Toán and Văn 6.4', '6.4 6.4 8.0 8.0', 'ĐĐĐ', 'AVERAGE'],
    ['Trung bình: one subject 4.9', '7.0 7.0 9.0 4.9', 'ĐĐĐ', 'AVERAGE'],
    ['Trung bình: average 5.0, Toán 5.0, lowest 3.5', '5.0 4.9 6.6 3.5', 'ĐĐĐ', 'AVERAGE'],
    ['Yếu: average 4.9', '5.0 4.8', 'ĐĐĐ', 'WEAK'],
    ['Yếu: Toán and Văn 4.9', '4.9 4.9 7.0 7.0', 'ĐĐĐ', 'WEAK'],
    ['Yếu: one subject 3.4', '5.0 5.0 7.0 3.4', 'ĐĐĐ', 'WEAK'],
    ['Yếu: a comment subject Chưa đạt', '9.0 9.0 9.0 9.0', 'ĐĐC', 'WEAK'],
    ['Yếu: average 3.5, lowest 2.0', '5.0 3.5 3.5 2.0', 'ĐĐĐ', 'WEAK'],
    ['Kém: average 3.4', '3.4 3.4', 'ĐĐĐ', 'POOR'],
    ['Kém: one subject 1.9', '5.0 5.0 5.0 1.9', 'ĐĐĐ', 'POOR'],
  ])('%s', (_, averages, remarks, expected) => {
    expect(unadjusted(averages, remarks)).toBe(expected)
  })

  test('a specialised class asks the same of its specialty', () => {
    const pupil = (specialty: string): SubjectStanding[] => year(`8.5 8.5 8.5 ${specialty}`)
    const specialised = (specialty: string): SubjectStanding[] =>
      pupil(specialty).map((standing) => ({ ...standing, specialised: standing.subject === 'scored-4' }))
    expect(TT58_2011.learningLevel(pupil('7.9')).level).toBe('EXCELLENT')
    expect(TT58_2011.learningLevel(specialised('7.9')).level).toBe('FAIR')
    expect(TT58_2011.learningLevel(specialised('8.0')).level).toBe('EXCELLENT')
  })

  test('Ngoại ngữ 1 is a key subject under TT26 only', () => {
    const pupil = year('6.4 6.4 6.5 8.0')
    expect([TT58_2011.learningLevel(pupil).level, TT26_2020.learningLevel(pupil).level]).toEqual(['AVERAGE', 'FAIR'])
  })

  test('nothing is worked out while a subject has no result or no key subject is named', () => {
    expect(TT58_2011.learningLevel(year('8.0 -')).overallAverage).toBeNull()
    expect(TT58_2011.learningLevel(year('8.0 -')).level).toBeNull()
    const unnamed = year('8.0 8.0').map((standing) => ({ ...standing, key: undefined }))
    expect(TT58_2011.learningLevel(unnamed)).toMatchObject({ level: null, reasons: [{ code: 'KEY_SUBJECT_MISSING' }] })
    expect(TT58_2011.learningLevel([]).level).toBeNull()
  })
})

describe('the single-subject adjustment, Điều 13 khoản 6', () => {
  test.each([
    ['Giỏi pulled to Trung bình by 4.9 becomes Khá', '9.0 9.0 9.0 9.0 9.0 4.9', 'ĐĐĐ', 'FAIR'],
    ['Giỏi pulled to Trung bình by 3.5 becomes Khá', '9.0 9.0 9.0 9.0 9.0 3.5', 'ĐĐĐ', 'FAIR'],
    ['Giỏi pulled to Yếu by 3.4 becomes Trung bình', '9.0 9.0 9.0 9.0 9.0 3.4', 'ĐĐĐ', 'AVERAGE'],
    ['Giỏi pulled to Yếu by a comment subject becomes Trung bình', '9.0 9.0 9.0 9.0 9.0 9.0', 'ĐĐC', 'AVERAGE'],
    ['Khá pulled to Yếu by 3.4 becomes Trung bình', '7.5 7.5 7.5 7.5 7.5 3.4', 'ĐĐĐ', 'AVERAGE'],
    ['Khá pulled to Kém by 1.9 becomes Yếu', '7.5 7.5 7.5 7.5 7.5 1.9', 'ĐĐĐ', 'WEAK'],
    ['Giỏi pulled to Khá by 6.4 stays: one level', '9.0 9.0 9.0 9.0 9.0 6.4', 'ĐĐĐ', 'FAIR'],
    ['Khá pulled to Trung bình by 4.9 stays', '7.5 7.5 7.5 7.5 7.5 4.9', 'ĐĐĐ', 'AVERAGE'],
    ['Trung bình pulled to Kém by 1.9 stays', '6.0 6.0 6.0 6.0 6.0 1.9', 'ĐĐĐ', 'POOR'],
    ['Giỏi pulled to Kém is not a pair of khoản 6', '9.5 9.5 9.5 9.5 9.5 1.9', 'ĐĐĐ', 'POOR'],
    ['two subjects at fault: Trung bình stays', '9.5 9.5 9.5 9.5 9.5 4.9 4.9', 'ĐĐĐ', 'AVERAGE'],
    ['a comment and a scored subject at fault: Yếu stays', '9.5 9.5 9.5 9.5 9.5 4.9', 'ĐĐC', 'WEAK'],
    ['the average itself must reach Giỏi', '8.5 8.5 8.5 8.5 8.5 4.8', 'ĐĐĐ', 'AVERAGE'],
  ])('%s', (_, averages, remarks, expected) => {
    expect(level(averages, remarks)).toBe(expected)
  })

  test('reads as the option says', () => {
    const byComment = year('9.0 9.0 9.0 9.0', 'ĐĐC')
    expect(tt58_2011({ adjustment: 'SCORED_SUBJECTS' }).learningLevel(byComment).level).toBe('WEAK')
    expect(tt58_2011({ adjustment: 'NONE' }).learningLevel(year('9.0 9.0 9.0 9.0 9.0 4.8')).level).toBe('AVERAGE')
  })
})

describe('hạnh kiểm of the year', () => {
  test("is what the homeroom teacher enters; the second term's level is only proposed", () => {
    expect(TT58_2011.conductYear({ term1: 'FAIR', term2: 'GOOD' })).toMatchObject({
      level: null,
      proposed: 'GOOD',
      reasons: [{ code: 'CONDUCT_MISSING' }],
    })
    expect(TT58_2011.conductYear({ term1: 'FAIR', term2: 'GOOD', entered: 'GOOD' })).toEqual({
      level: 'GOOD',
      proposed: 'GOOD',
      reasons: [],
    })
    expect(TT58_2011.conductYear({ term1: 'FAIR', term2: 'GOOD', entered: 'FAIR' })).toMatchObject({
      level: 'FAIR',
      reasons: [{ code: 'CONDUCT_ENTERED_BY_TEACHER', article: 'Điều 3 khoản 2' }],
    })
    expect(() => TT58_2011.conductYear({ term1: 'PASSED', term2: 'GOOD' })).toThrow(RangeError)
  })
})

describe('promotion, Điều 15 to 17', () => {
  const outcome = (learning: LearningLevel, conduct: ConductLevel, more: Partial<PromotionInput> = {}): string | null =>
    TT58_2011.promotion({ learning, conduct, absences: 0, subjects: year('4.9 5.0', 'C'), ...more }).outcome

  test('Trung bình and Trung bình with 45 absences goes up, with 46 stays', () => {
    expect(outcome('AVERAGE', 'AVERAGE', { absences: 45 })).toBe('PROMOTED')
    expect(outcome('EXCELLENT', 'GOOD', { absences: 46 })).toBe('RETAINED')
  })

  test('học lực Yếu retakes subjects, hạnh kiểm Yếu trains in summer, both Yếu or Kém stays', () => {
    expect(outcome('WEAK', 'AVERAGE')).toBe('RETEST')
    expect(outcome('AVERAGE', 'WEAK')).toBe('SUMMER_TRAINING')
    expect(outcome('WEAK', 'WEAK')).toBe('RETAINED')
    expect(outcome('POOR', 'GOOD')).toBe('RETAINED')
  })

  test('names what may be retaken: below 5.0 and Chưa đạt', () => {
    const result = TT58_2011.promotion({ learning: 'WEAK', conduct: 'GOOD', absences: 0, subjects: year('4.9 5.0', 'CĐ') })
    expect(result.retestSubjects).toEqual(['scored-1', 'comment-1'])
  })

  test('after the summer Yếu stays', () => {
    expect(outcome('WEAK', 'GOOD', { stage: 'AFTER_SUMMER' })).toBe('RETAINED')
    expect(outcome('AVERAGE', 'WEAK', { stage: 'AFTER_SUMMER' })).toBe('RETAINED')
  })

  test('a pupil with nothing to retake is not sent to a retest', () => {
    const result = TT58_2011.promotion({ learning: 'WEAK', conduct: 'GOOD', absences: 0, subjects: year('5.0 5.0') })
    expect([result.outcome, result.reasons.map(({ code }) => code)]).toEqual([
      'RETAINED',
      ['LEARNING_TOO_LOW', 'NOTHING_TO_RETEST'],
    ])
  })
})

describe('titles, Điều 18', () => {
  const title = (learning: LearningLevel | null, conduct: ConductLevel | null): string | null =>
    TT58_2011.title({ learning, conduct, subjects: [] }).title

  test('Giỏi and Tốt is Học sinh Giỏi; at least Khá and Khá is Học sinh tiên tiến; less is neither', () => {
    expect(title('EXCELLENT', 'GOOD')).toBe('EXCELLENT_STUDENT')
    expect(title('EXCELLENT', 'FAIR')).toBe('ADVANCED_STUDENT')
    expect(title('FAIR', 'GOOD')).toBe('ADVANCED_STUDENT')
    expect(title('FAIR', 'FAIR')).toBe('ADVANCED_STUDENT')
    expect(title('FAIR', 'AVERAGE')).toBeNull()
    expect(title('AVERAGE', 'GOOD')).toBeNull()
    expect(title(null, 'GOOD')).toBeNull()
  })

  test('a level of TT22 is refused', () => {
    expect(() => title('GOOD', 'GOOD')).toThrow(RangeError)
  })
})
