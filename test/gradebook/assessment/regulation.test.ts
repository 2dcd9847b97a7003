// Which circular holds for which class: the phasing in of each, and the years and grades that have none.

import { describe, expect, test } from 'vitest'
import { REGULATIONS, regulationFor } from '../../../subgraphs/gradebook/assessment/regulation.ts'
import { TT22_2021, tt22_2021 } from '../../../subgraphs/gradebook/assessment/tt22-2021.ts'

function codes(schoolYear: string, grades: number[], programme?: 'GENERAL' | 'CONTINUING'): (string | null)[] {
  return grades.map((grade) => regulationFor({ schoolYear, grade, programme })?.code ?? null)
}

describe('the regulation follows the school year and the grade', () => {
  test.each([
    ['2010-2011', [null, null, null, null, null, null, null]],
    ['2011-2012', Array(7).fill('TT58_2011')],
    ['2019-2020', Array(7).fill('TT58_2011')],
    ['2020-2021', Array(7).fill('TT26_2020')],
    ['2021-2022', ['TT22_2021', 'TT26_2020', 'TT26_2020', 'TT26_2020', 'TT26_2020', 'TT26_2020', 'TT26_2020']],
    ['2022-2023', ['TT22_2021', 'TT22_2021', 'TT26_2020', 'TT26_2020', 'TT22_2021', 'TT26_2020', 'TT26_2020']],
    ['2023-2024', ['TT22_2021', 'TT22_2021', 'TT22_2021', 'TT26_2020', 'TT22_2021', 'TT22_2021', 'TT26_2020']],
    ['2024-2025', Array(7).fill('TT22_2021')],
    ['2026-2027', Array(7).fill('TT22_2021')],
  ])('secondary grades 6 to 12 in %s', (schoolYear, expected) => {
    expect(codes(schoolYear, [6, 7, 8, 9, 10, 11, 12])).toEqual(expected)
  })

  test.each([
    ['2013-2014', [null, null, null, null, null]],
    ['2014-2015', Array(5).fill('TT30_2014')],
    ['2015-2016', Array(5).fill('TT30_2014')],
    ['2016-2017', Array(5).fill('TT22_2016')],
    ['2019-2020', Array(5).fill('TT22_2016')],
    ['2020-2021', ['TT27_2020', 'TT22_2016', 'TT22_2016', 'TT22_2016', 'TT22_2016']],
    ['2021-2022', ['TT27_2020', 'TT27_2020', 'TT22_2016', 'TT22_2016', 'TT22_2016']],
    ['2022-2023', ['TT27_2020', 'TT27_2020', 'TT27_2020', 'TT22_2016', 'TT22_2016']],
    ['2023-2024', ['TT27_2020', 'TT27_2020', 'TT27_2020', 'TT27_2020', 'TT22_2016']],
    ['2024-2025', Array(5).fill('TT27_2020')],
  ])('primary grades 1 to 5 in %s', (schoolYear, expected) => {
    expect(codes(schoolYear, [1, 2, 3, 4, 5])).toEqual(expected)
  })

  test('preschool groups and classes have no regulation of marks', () => {
    expect(codes('2026-2027', [13, 14, 15, 16, 17, 18])).toEqual(Array(6).fill(null))
  })

  test('continuing education follows TT43/2021 as it came, and nothing is guessed before it', () => {
    expect(codes('2022-2023', [6, 7, 8, 10, 11], 'CONTINUING')).toEqual(['TT43_2021', 'TT43_2021', null, 'TT43_2021', null])
    expect(codes('2026-2027', [1, 9, 12], 'CONTINUING')).toEqual([null, 'TT43_2021', 'TT43_2021'])
  })

  test('a school year or grade that cannot be is refused', () => {
    for (const schoolYear of ['2026', '2026-2028', '2027-2026', '26-27', '2026/2027', '']) {
      expect(() => regulationFor({ schoolYear, grade: 6 })).toThrow(RangeError)
    }
    for (const grade of [0, 19, 6.5, -1]) {
      expect(() => regulationFor({ schoolYear: '2026-2027', grade })).toThrow(RangeError)
    }
  })

  test('every regulation is kept under its own code and names itself', () => {
    for (const [code, regulation] of Object.entries(REGULATIONS)) {
      expect(regulation.code).toBe(code)
      expect(regulation.name).toMatch(/^Thông tư \d+\/\d{4}\/TT-BGDĐT$/)
      expect(regulation.name).toBe(regulation.name.normalize('NFC'))
    }
  })

  test('the reading of the adjustment is an option of the regulation, and the default counts comment subjects', () => {
    expect(TT22_2021.options).toEqual({ adjustment: 'ANY_SUBJECT' })
    expect(tt22_2021({ adjustment: 'NONE' }).options).toEqual({ adjustment: 'NONE' })
  })
})
