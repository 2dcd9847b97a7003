// TT22/2021 at its thresholds: components, levels, the single-subject adjustment, conduct, promotion, titles.

import { describe, expect, test } from 'vitest'
import { applyRetests } from '../../../subgraphs/gradebook/assessment/secondary-year.ts'
import { TT22_2021, TT43_2021, tt22_2021 } from '../../../subgraphs/gradebook/assessment/tt22-2021.ts'
import type { ConductLevel, LearningLevel, PromotionInput } from '../../../subgraphs/gradebook/assessment/types.ts'
import { comments, mark, remarked, scored, term, year } from './standings.ts'

const level = (averages: string, remarks?: string): LearningLevel | null => TT22_2021.learningLevel(year(averages, remarks)).level
const base = (averages: string, remarks?: string): LearningLevel | null =>
  TT22_2021.learningLevel(year(averages, remarks)).unadjusted

describe('the term result of a subject', () => {
  test.each([
    [null, 2],
    [35, 2],
    [36, 3],
    [70, 3],
    [71, 4],
    [140, 4],
  ])('a scored subject of %s periods a year asks for %i regular marks', (periods, minimum) => {
    expect(TT22_2021.minimumRegularMarks(scored(periods))).toBe(minimum)
  })

  test('one regular mark too few leaves no average, one more than asked is counted', () => {
    const short = TT22_2021.termResult(scored(140), term({ tx: '8 8 8', gk: '8', ck: '8' }))
    expect(short.value).toBeNull()
    expect(short.missing).toEqual([{ kind: 'REGULAR', needed: 4, present: 3 }])
    expect(short.reasons[0]).toMatchObject({ code: 'COMPONENT_MISSING', article: 'Điều 6 khoản 2, Điều 7' })
    expect(TT22_2021.termResult(scored(140), term({ tx: '8 8 8 8 9', gk: '8', ck: '8' })).value).toBe(mark('8.1'))
  })

  test('oral, fifteen-minute and practice marks are regular marks', () => {
    const page = [
      { kind: 'ORAL' as const, value: 80 },
      { kind: 'FIFTEEN_MINUTE' as const, value: 90 },
      ...term({ gk: '7', ck: '8' }),
    ]
    expect(TT22_2021.termResult(scored(35), page).value).toBe(mark('7.9'))
  })

  test('a mid-term is required as the final is', () => {
    const result = TT22_2021.termResult(scored(35), term({ tx: '8 9', ck: '8' }))
    expect([result.value, result.missing]).toEqual([null, [{ kind: 'MIDTERM', needed: 1, present: 0 }]])
  })

  test('an entered zero counts, an absent mark does not', () => {
    expect(TT22_2021.termResult(scored(35), term({ tx: '8 9', gk: '7', ck: '0' })).value).toBe(mark('4.4'))
  })

  test('a second final, a one-period test or a comment among marks leaves no average and says why', () => {
    const page = term({ tx: '8 9', gk: '7', ck: '8' })
    const twice = TT22_2021.termResult(scored(35), [...page, ...term({ ck: '9' })])
    const foreign = TT22_2021.termResult(scored(35), [...page, ...term({ dk: '9' })])
    const mixed = TT22_2021.termResult(scored(35), [...page, { kind: 'REGULAR', value: 'PASSED' }])
    for (const result of [twice, foreign, mixed]) {
      expect(result.value).toBeNull()
      expect(result.reasons).toMatchObject([{ code: 'COMPONENT_INVALID' }])
    }
  })

  test('a mark is refused by kind, form and scale, and allowed otherwise', () => {
    const fault = TT22_2021.scoreFault
    expect(fault({ kind: 'ONE_PERIOD', value: 80 }, 'SCORE')?.code).toBe('KIND_NOT_IN_REGULATION')
    expect(fault({ kind: 'FINAL', value: 'PASSED' }, 'SCORE')?.code).toBe('NUMBER_EXPECTED')
    expect(fault({ kind: 'FINAL', value: 80 }, 'REMARK')?.code).toBe('REMARK_EXPECTED')
    expect(fault({ kind: 'FINAL', value: 101 }, 'SCORE')?.code).toBe('OUT_OF_SCALE')
    expect(fault({ kind: 'FINAL', value: 7.5 }, 'SCORE')?.code).toBe('OUT_OF_SCALE')
    expect(fault({ kind: 'FINAL', value: -1 }, 'SCORE')?.code).toBe('OUT_OF_SCALE')
    expect(fault({ kind: 'FINAL', value: 100 }, 'SCORE')).toBeNull()
    expect(fault({ kind: 'MIDTERM', value: 'NOT_PASSED' }, 'REMARK')).toBeNull()
  })

  test('a comment subject is Đạt when every assessment is, Chưa đạt with one that is not, nothing while one is missing', () => {
    expect(TT22_2021.termResult(remarked(70), comments('ĐĐĐĐ')).value).toBe('PASSED')
    expect(TT22_2021.termResult(remarked(70), comments('ĐCĐĐ')).value).toBe('NOT_PASSED')
    expect(TT22_2021.termResult(remarked(70), comments('ĐĐĐ')).value).toBeNull()
  })
})

describe('the year result of a subject', () => {
  test('weighs the second term twice', () => {
    expect(TT22_2021.yearResult('SCORE', mark('7.9'), mark('8.5')).value).toBe(mark('8.3'))
    expect(TT22_2021.yearResult('SCORE', mark('6.4'), mark('6.5')).value).toBe(mark('6.5'))
  })

  test('is nothing while a term is missing, unless the subject is taught in one term only', () => {
    expect(TT22_2021.yearResult('SCORE', null, mark('8')).value).toBeNull()
    expect(TT22_2021.yearResult('SCORE', mark('8'), null).value).toBeNull()
    const oneTerm = TT22_2021.yearResult('SCORE', mark('8'), null, 'TERM_1')
    expect([oneTerm.value, oneTerm.reasons[0]?.code]).toEqual([mark('8'), 'TAUGHT_IN_ONE_TERM'])
    expect(TT22_2021.yearResult('SCORE', mark('8'), null, 'TERM_2').value).toBeNull()
  })

  test('of a comment subject is its second term', () => {
    expect(TT22_2021.yearResult('REMARK', 'NOT_PASSED', 'PASSED')).toMatchObject({
      value: 'PASSED',
      reasons: [{ code: 'YEAR_FOLLOWS_TERM_2', article: 'Điều 9 khoản 1 điểm a' }],
    })
    expect(TT22_2021.yearResult('REMARK', 'PASSED', 'NOT_PASSED').value).toBe('NOT_PASSED')
    expect(TT22_2021.yearResult('REMARK', 'PASSED', 'PASSED').reasons).toEqual([])
    expect(TT22_2021.yearResult('REMARK', null, 'PASSED')).toMatchObject({ value: 'PASSED', reasons: [] })
    expect(TT22_2021.yearResult('REMARK', 'PASSED', null).value).toBeNull()
  })

  test('refuses a result of the other form', () => {
    expect(() => TT22_2021.yearResult('SCORE', 'PASSED', mark('8'))).toThrow(RangeError)
    expect(() => TT22_2021.yearResult('REMARK', 'PASSED', mark('8'))).toThrow(RangeError)
  })
})

describe('the learning level before adjustment', () => {
  test.each([
    ['Tốt: lowest 6.5', '8.0 8.0 8.0 8.0 8.0 8.0 6.5 6.5', 'ĐĐĐ', 'GOOD'],
    ['Khá: one at 6.4', '8.0 8.0 8.0 8.0 8.0 8.0 6.5 6.4', 'ĐĐĐ', 'FAIR'],
    ['Khá: five at 8.0 and one at 7.9', '8.0 8.0 8.0 8.0 8.0 7.9 7.9 7.9', 'ĐĐĐ', 'FAIR'],
    ['Khá: lowest 5.0, six at 6.5', '6.5 6.5 6.5 6.5 6.5 6.5 5.0 5.0', 'ĐĐĐ', 'FAIR'],
    ['Đạt: one at 4.9', '6.5 6.5 6.5 6.5 6.5 6.5 5.0 4.9', 'ĐĐĐ', 'PASSED'],
    ['Đạt: five at 6.5 and one at 6.4', '6.5 6.5 6.5 6.5 6.5 6.4 6.4 6.4', 'ĐĐĐ', 'PASSED'],
    ['Đạt: six at 5.0, lowest 3.5', '5.0 5.0 5.0 5.0 5.0 5.0 3.5 3.5', 'ĐĐĐ', 'PASSED'],
    ['Chưa đạt: one at 3.4', '5.0 5.0 5.0 5.0 5.0 5.0 3.5 3.4', 'ĐĐĐ', 'NOT_PASSED'],
    ['Chưa đạt: five at 5.0 and one at 4.9', '5.0 5.0 5.0 5.0 5.0 4.9 4.9 4.9', 'ĐĐĐ', 'NOT_PASSED'],
    ['Đạt: one comment subject Chưa đạt', '9.0 9.0 9.0 9.0 9.0 9.0 9.0 9.0', 'ĐĐC', 'PASSED'],
    ['Chưa đạt: two comment subjects Chưa đạt', '9.0 9.0 9.0 9.0 9.0 9.0 9.0 9.0', 'ĐCC', 'NOT_PASSED'],
  ])('%s', (_, averages, remarks, expected) => {
    expect(base(averages, remarks)).toBe(expected)
  })

  test('there is no overall average', () => {
    expect(TT22_2021.hasOverallAverage).toBe(false)
    expect(TT22_2021.learningLevel(year('8.0 8.0 8.0 8.0 8.0 8.0 7.0 6.5')).overallAverage).toBeNull()
  })

  test('one subject without a result leaves the pupil unclassified and is named', () => {
    const result = TT22_2021.learningLevel(year('8.0 8.0 8.0 8.0 8.0 8.0 7.0 -'))
    expect(result.level).toBeNull()
    expect(result.reasons).toMatchObject([{ code: 'SUBJECT_RESULT_MISSING', subject: 'scored-8' }])
    expect(TT22_2021.learningLevel(year('8.0 8.0 8.0 8.0 8.0 8.0 7.0 7.0', 'ĐĐ-')).level).toBeNull()
  })

  test('fewer than six scored subjects are a gap, not a Chưa đạt', () => {
    const result = TT22_2021.learningLevel(year('9.0 9.0 9.0 9.0 9.0'))
    expect([result.level, result.reasons[0]?.code]).toEqual([null, 'TOO_FEW_SCORED_SUBJECTS'])
    expect(TT22_2021.learningLevel([]).level).toBeNull()
  })

  test('points in place of tenths are refused loudly', () => {
    expect(() => TT22_2021.learningLevel([{ subject: 'Toán', assessedBy: 'SCORE', value: 7.9 }])).toThrow(/Toán/)
  })
})

describe('the single-subject adjustment, Điều 9 khoản 3', () => {
  test.each([
    ['Tốt pulled to Đạt by 4.9 becomes Khá', '8.5 8.5 8.5 8.5 8.5 8.5 8.5 4.9', 'ĐĐĐ', 'FAIR'],
    ['Tốt pulled to Đạt by 3.5 becomes Khá', '8.5 8.5 8.5 8.5 8.5 8.5 8.5 3.5', 'ĐĐĐ', 'FAIR'],
    ['Tốt pulled to Chưa đạt by 3.4 becomes Đạt, one level only', '8.5 8.5 8.5 8.5 8.5 8.5 8.5 3.4', 'ĐĐĐ', 'PASSED'],
    ['Khá pulled to Chưa đạt by 3.4 becomes Đạt', '6.5 6.5 6.5 6.5 6.5 6.5 6.5 3.4', 'ĐĐĐ', 'PASSED'],
    ['Tốt pulled to Đạt by a comment subject becomes Khá', '8.5 8.5 8.5 8.5 8.5 8.5 8.5 8.5', 'ĐĐC', 'FAIR'],
    ['Tốt pulled to Khá by 5.0 stays Khá: one level', '8.5 8.5 8.5 8.5 8.5 8.5 8.5 5.0', 'ĐĐĐ', 'FAIR'],
    ['Khá pulled to Đạt by 4.9 stays Đạt: one level', '6.5 6.5 6.5 6.5 6.5 6.5 6.5 4.9', 'ĐĐĐ', 'PASSED'],
    ['Khá pulled to Đạt by a comment subject stays Đạt', '6.5 6.5 6.5 6.5 6.5 6.5 6.5 6.5', 'ĐĐC', 'PASSED'],
    ['two scored subjects at fault: Đạt stays', '8.5 8.5 8.5 8.5 8.5 8.5 4.9 4.9', 'ĐĐĐ', 'PASSED'],
    ['a scored and a comment subject at fault: Đạt stays', '8.5 8.5 8.5 8.5 8.5 8.5 8.5 4.9', 'ĐĐC', 'PASSED'],
    ['two comment subjects at fault: Chưa đạt stays', '8.5 8.5 8.5 8.5 8.5 8.5 8.5 8.5', 'ĐCC', 'NOT_PASSED'],
    ['Đạt pulled to Chưa đạt is not covered', '5.0 5.0 5.0 5.0 5.0 5.0 5.0 3.4', 'ĐĐĐ', 'NOT_PASSED'],
    ['the subject may be the sixth that Tốt counts', '8.0 8.0 8.0 8.0 8.0 7.0 7.0 4.0', 'ĐĐĐ', 'FAIR'],
  ])('%s', (_, averages, remarks, expected) => {
    expect(level(averages, remarks)).toBe(expected)
  })

  test('names the subject at fault and both levels in words', () => {
    const [reason] = TT22_2021.learningLevel(year('8.5 8.5 8.5 8.5 8.5 8.5 8.5 8.5', 'ĐCĐ')).reasons
    expect(reason?.subject).toBe('comment-2')
    expect(reason?.text).toContain('từ Đạt lên Khá')
  })

  test('reads as the option says: scored subjects only, or not at all', () => {
    const byComment = year('8.5 8.5 8.5 8.5 8.5 8.5 8.5 8.5', 'ĐĐC')
    const byScore = year('8.5 8.5 8.5 8.5 8.5 8.5 8.5 4.0')
    expect(tt22_2021({ adjustment: 'SCORED_SUBJECTS' }).learningLevel(byComment).level).toBe('PASSED')
    expect(tt22_2021({ adjustment: 'SCORED_SUBJECTS' }).learningLevel(byScore).level).toBe('FAIR')
    expect(tt22_2021({ adjustment: 'NONE' }).learningLevel(byScore)).toMatchObject({ level: 'PASSED', reasons: [] })
  })
})

describe('rèn luyện of the year, Điều 8 khoản 2', () => {
  test('every pair of terms gives the level of the table', () => {
    const terms: ConductLevel[] = ['GOOD', 'FAIR', 'PASSED', 'NOT_PASSED']
    const table = terms.map((term1) => terms.map((term2) => TT22_2021.conductYear({ term1, term2 }).level))
    expect(table).toEqual([
      ['GOOD', 'FAIR', 'FAIR', 'NOT_PASSED'],
      ['GOOD', 'FAIR', 'PASSED', 'NOT_PASSED'],
      ['FAIR', 'FAIR', 'PASSED', 'NOT_PASSED'],
      ['FAIR', 'PASSED', 'PASSED', 'NOT_PASSED'],
    ])
  })

  test('a missing term gives no year, and a level of the old programme is refused', () => {
    expect(TT22_2021.conductYear({ term1: null, term2: 'GOOD' })).toMatchObject({
      level: null,
      reasons: [{ code: 'CONDUCT_MISSING' }],
    })
    expect(() => TT22_2021.conductYear({ term1: 'AVERAGE', term2: 'GOOD' })).toThrow(RangeError)
  })
})

describe('promotion, Điều 12 to 14', () => {
  const pupil = (changes: Partial<PromotionInput>): PromotionInput => ({
    learning: 'PASSED',
    conduct: 'PASSED',
    absences: 0,
    subjects: year('5.0 5.0 5.0 5.0 5.0 5.0 3.5 4.9', 'ĐC'),
    ...changes,
  })
  const outcome = (changes: Partial<PromotionInput>): string | null => TT22_2021.promotion(pupil(changes)).outcome

  test('Đạt and Đạt with 45 absences goes up, with 46 stays', () => {
    expect(outcome({ absences: 45 })).toBe('PROMOTED')
    expect(TT22_2021.promotion(pupil({ absences: 46 }))).toMatchObject({
      outcome: 'RETAINED',
      reasons: [{ code: 'ABSENCES_OVER_LIMIT', article: 'Điều 12' }],
    })
  })

  test('học tập Chưa đạt with rèn luyện Đạt retakes the subjects below 5.0 and the comment subjects Chưa đạt', () => {
    const result = TT22_2021.promotion(pupil({ learning: 'NOT_PASSED' }))
    expect(result.outcome).toBe('RETEST')
    expect(result.retestSubjects).toEqual(['scored-7', 'scored-8', 'comment-2'])
    expect(result.reasons).toMatchObject([{ code: 'LEARNING_TOO_LOW', article: 'Điều 14' }])
  })

  test('rèn luyện Chưa đạt trains in summer when học tập holds, and both Chưa đạt stays', () => {
    expect(outcome({ conduct: 'NOT_PASSED' })).toBe('SUMMER_TRAINING')
    expect(outcome({ conduct: 'NOT_PASSED', learning: 'NOT_PASSED' })).toBe('RETAINED')
  })

  test('after the summer what is still Chưa đạt stays and what is Đạt goes up', () => {
    expect(outcome({ learning: 'NOT_PASSED', stage: 'AFTER_SUMMER' })).toBe('RETAINED')
    expect(outcome({ conduct: 'NOT_PASSED', stage: 'AFTER_SUMMER' })).toBe('RETAINED')
    expect(outcome({ stage: 'AFTER_SUMMER' })).toBe('PROMOTED')
  })

  test('nothing is decided while a result is missing, except too many absences', () => {
    expect(outcome({ learning: null })).toBeNull()
    expect(outcome({ conduct: null })).toBeNull()
    expect(outcome({ learning: null, absences: 46 })).toBe('RETAINED')
  })

  test('absences that cannot be counted are refused', () => {
    expect(() => outcome({ absences: -1 })).toThrow(RangeError)
    expect(() => outcome({ absences: 1.5 })).toThrow(RangeError)
  })

  test('a retest takes the place of the year result, and only where one is allowed', () => {
    const failed = year('5.0 5.0 5.0 5.0 5.0 5.0 5.0 3.0', 'ĐĐ')
    expect(TT22_2021.learningLevel(failed).level).toBe('NOT_PASSED')
    const retaken = applyRetests(failed, new Map([['scored-8', mark('5.0')]]))
    expect(TT22_2021.learningLevel(retaken).level).toBe('PASSED')
    expect(() => applyRetests(failed, new Map([['scored-1', mark('9.0')]]))).toThrow(/scored-1/)
    expect(() => applyRetests(failed, new Map([['unknown', mark('9.0')]]))).toThrow(/unknown/)
  })
})

describe('titles, Điều 15', () => {
  const title = (learning: LearningLevel | null, conduct: ConductLevel | null, averages: string): string | null =>
    TT22_2021.title({ learning, conduct, subjects: year(averages) }).title

  test('five subjects at 9.0 and one at 8.9 make Học sinh Giỏi, six at 9.0 Học sinh Xuất sắc', () => {
    expect(title('GOOD', 'GOOD', '9.0 9.0 9.0 9.0 9.0 8.9 8.9 8.9')).toBe('EXCELLENT_STUDENT')
    expect(title('GOOD', 'GOOD', '9.0 9.0 9.0 9.0 9.0 9.0 6.5 6.5')).toBe('OUTSTANDING_STUDENT')
  })

  test('neither comes without both Tốt', () => {
    expect(title('FAIR', 'GOOD', '9.0 9.0 9.0 9.0 9.0 9.0')).toBeNull()
    expect(title('GOOD', 'FAIR', '9.0 9.0 9.0 9.0 9.0 9.0')).toBeNull()
    expect(title(null, 'GOOD', '9.0 9.0 9.0 9.0 9.0 9.0')).toBeNull()
  })
})

describe('continuing education, TT43/2021', () => {
  test('works out marks and levels as TT22/2021 does and cites itself', () => {
    expect(TT43_2021.termResult(scored(35), term({ tx: '8 9', gk: '7', ck: '8' })).value).toBe(mark('7.9'))
    const result = TT43_2021.learningLevel(year('8.5 8.5 8.5 8.5 8.5 8.5 4.0', 'ĐĐ'))
    expect([result.level, result.reasons[0]?.regulation]).toEqual(['FAIR', 'TT43_2021'])
  })

  test('leaves a lower-secondary pupil with five scored subjects unclassified rather than failed', () => {
    expect(TT43_2021.learningLevel(year('8.5 8.5 8.5 8.5 8.5', 'ĐĐ')).level).toBeNull()
  })
})
