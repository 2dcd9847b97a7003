// The worked cases agreed with people of the sector, one test each.

import { describe, expect, test } from 'vitest'
import { formatTenths } from '../../../subgraphs/gradebook/assessment/decimal.ts'
import { TT22_2021 } from '../../../subgraphs/gradebook/assessment/tt22-2021.ts'
import { TT26_2020 } from '../../../subgraphs/gradebook/assessment/tt26-2020.ts'
import { TT27_2020 } from '../../../subgraphs/gradebook/assessment/tt27-2020.ts'
import { TT58_2011 } from '../../../subgraphs/gradebook/assessment/tt58-2011.ts'
import type { SubjectResult } from '../../../subgraphs/gradebook/assessment/types.ts'
import { mark, scored, term, year } from './standings.ts'

function shown(result: SubjectResult): string | null {
  return typeof result.value === 'number' ? formatTenths(result.value) : result.value
}

describe('worked cases', () => {
  test('1 · TT58: TX 8, 7, 9 · đk 7.5, 6 · HK 8 gives 7.5', () => {
    expect(shown(TT58_2011.termResult(scored(52), term({ tx: '8 7 9', dk: '7.5 6', ck: '8' })))).toBe('7.5')
  })

  test('2 · TT58: TX 7, 8, 6 · đk 6.5, 7.5 · HK 6.5 is 6.85 and rounds up to 6.9', () => {
    expect(shown(TT58_2011.termResult(scored(52), term({ tx: '7 8 6', dk: '6.5 7.5', ck: '6.5' })))).toBe('6.9')
  })

  test('3 · TT58: average 8.1, Toán 8.2, lowest 6.5 is Giỏi', () => {
    const result = TT58_2011.learningLevel(year('8.2 7.5 8.5 8.9 8.7 6.5 8.4'))
    expect([result.overallAverage, result.level]).toEqual([mark('8.1'), 'EXCELLENT'])
  })

  test('4 · average 8.3, Toán 7.9, Văn 7.8, Ngoại ngữ 9 is Khá under TT58 and Giỏi under TT26', () => {
    const pupil = year('7.9 7.8 9.0 8.4 8.4 8.3')
    expect(TT58_2011.learningLevel(pupil).overallAverage).toBe(mark('8.3'))
    expect(TT58_2011.learningLevel(pupil).level).toBe('FAIR')
    expect(TT26_2020.learningLevel(pupil).level).toBe('EXCELLENT')
  })

  test('5 · TT58: Giỏi but for one subject at 4.8 is Khá, by Điều 13 khoản 6', () => {
    const result = TT58_2011.learningLevel(year('9.0 8.5 8.6 8.8 9.2 4.8'))
    expect([result.unadjusted, result.level]).toEqual(['AVERAGE', 'FAIR'])
    expect(result.reasons).toMatchObject([
      { code: 'SINGLE_SUBJECT_ADJUSTMENT', article: 'Điều 13 khoản 6', subject: 'scored-6', regulation: 'TT58_2011' },
    ])
  })

  test('6 · TT22: TX 8, 9 · GK 7 · CK 8 gives 7.9', () => {
    expect(shown(TT22_2021.termResult(scored(35), term({ tx: '8 9', gk: '7', ck: '8' })))).toBe('7.9')
  })

  test('7 · TT22: terms 7.9 and 8.0 make a year of 8.0', () => {
    expect(shown(TT22_2021.yearResult('SCORE', mark('7.9'), mark('8.0')))).toBe('8.0')
  })

  test('8 · TT22: six subjects at 8.0, then 7.0 and 6.5, comments Đạt, is Tốt', () => {
    expect(TT22_2021.learningLevel(year('8.0 8.0 8.0 8.0 8.0 8.0 7.0 6.5')).level).toBe('GOOD')
  })

  test('9 · TT22: seven subjects at 8.5 and one at 4.0 is Khá, adjusted from Đạt by Điều 9 khoản 3', () => {
    const result = TT22_2021.learningLevel(year('8.5 8.5 8.5 8.5 8.5 8.5 8.5 4.0'))
    expect([result.unadjusted, result.level]).toEqual(['PASSED', 'FAIR'])
    expect(result.reasons).toMatchObject([
      { code: 'SINGLE_SUBJECT_ADJUSTMENT', article: 'Điều 9 khoản 3', subject: 'scored-8', regulation: 'TT22_2021' },
    ])
  })

  test('10 · TT22: rèn luyện Chưa đạt then Tốt makes a year of Khá', () => {
    expect(TT22_2021.conductYear({ term1: 'NOT_PASSED', term2: 'GOOD' }).level).toBe('FAIR')
  })

  test('11 · TT22: Tốt and Tốt with six subjects from 9.0 is Học sinh Xuất sắc', () => {
    const subjects = year('9.0 9.0 9.0 9.0 9.0 9.0 7.0 6.5')
    expect(TT22_2021.title({ learning: 'GOOD', conduct: 'GOOD', subjects }).title).toBe('OUTSTANDING_STUDENT')
  })

  test('12 · TT27: all subjects T, all traits Tốt, tests 9, 9, 10 is Hoàn thành xuất sắc', () => {
    const result = TT27_2020.yearEnd({
      grade: 2,
      subjects: ['VIETNAMESE', 'MATHEMATICS', 'ETHICS'].map((subject) => ({ subject, level: 'COMPLETED_WELL' as const })),
      traits: TT27_2020.requiredTraits(2).map((trait) => ({ trait, level: 'GOOD' as const })),
      tests: [
        { subject: 'VIETNAMESE', value: mark('9') },
        { subject: 'MATHEMATICS', value: mark('9') },
        { subject: 'FOREIGN_LANGUAGE_1', value: mark('10') },
      ],
    })
    expect(result).toEqual({ level: 'OUTSTANDING', reasons: [] })
  })

  test('13 · TT27: a test score of 7.5 is refused', () => {
    expect(TT27_2020.testFault(mark('7.5'))).toMatchObject({ code: 'NOT_INTEGER', article: 'Điều 7 khoản 1' })
    expect(TT27_2020.testFault(mark('7'))).toBeNull()
  })

  test('14 · without the final there is no average', () => {
    const result = TT22_2021.termResult(scored(35), term({ tx: '8 9', gk: '7' }))
    expect(result.value).toBeNull()
    expect(result.missing).toEqual([{ kind: 'FINAL', needed: 1, present: 0 }])
  })
})
