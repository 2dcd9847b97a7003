// Circular 26/2020/TT-BGDĐT: amends Circular 58/2011 from 11/10/2020 — one mid-term, one final, and Ngoại ngữ 1 among the key subjects.

import { minimumByYearlyPeriods, twoThirdsWithFinal } from './secondary-subject.ts'
import type { SubjectRules } from './secondary-subject.ts'
import { oldProgrammeRegulation } from './tt58-2011.ts'
import type { AdjustmentReading, SecondaryRegulation } from './types.ts'

// Articles are those of Circular 58/2011 as this circular amends them.
const RULES: SubjectRules = {
  code: 'TT26_2020',
  regularKinds: ['REGULAR', 'ORAL', 'FIFTEEN_MINUTE', 'PRACTICE'],
  periodic: [
    { kind: 'MIDTERM', weight: 2, single: true },
    { kind: 'FINAL', weight: 3, single: true },
  ],
  minimumRegular: ({ periodsPerYear }) => minimumByYearlyPeriods(periodsPerYear),
  remarkPasses: twoThirdsWithFinal,
  articles: {
    kinds: 'Điều 7',
    scale: 'Điều 6',
    counts: 'Điều 8',
    score: 'Điều 10 khoản 1',
    remark: 'Điều 10 khoản 2',
    oneTerm: 'Điều 10 khoản 3',
  },
}

export function tt26_2020(options: { adjustment: AdjustmentReading }): SecondaryRegulation {
  return oldProgrammeRegulation(RULES, ['MATHEMATICS', 'LITERATURE', 'FOREIGN_LANGUAGE_1'], options.adjustment)
}

export const TT26_2020 = tt26_2020({ adjustment: 'ANY_SUBJECT' })
