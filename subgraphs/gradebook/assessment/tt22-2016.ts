// Circular 22/2016/TT-BGDĐT: amends Circular 30/2014 — three levels for subjects and traits, summed up four times a year.

import { oldProgrammeTests, primaryRegulation } from './primary.ts'

export const TT22_2016 = primaryRegulation({
  code: 'TT22_2016',
  subjectLevels: ['NOT_COMPLETED', 'COMPLETED', 'COMPLETED_WELL'],
  traitLevels: ['NEEDS_EFFORT', 'PASSED', 'GOOD'],
  points: ['MID_TERM_1', 'END_TERM_1', 'MID_TERM_2', 'END_YEAR'],
  lowestTest: 10,
  // Grades 4 and 5 also sit mid-term tests in the two core subjects.
  requiredTests: (grade, point) =>
    grade >= 4 && (point === 'MID_TERM_1' || point === 'MID_TERM_2')
      ? ['VIETNAMESE', 'MATHEMATICS']
      : oldProgrammeTests(grade, point),
  requiredTraits: () => [],
  // The circular confirms completion of the class programme and grades it no further.
  standards: [{ level: 'COMPLETED', subjects: ['COMPLETED_WELL', 'COMPLETED'], traits: ['GOOD', 'PASSED'], tests: 50 }],
  title: () => ({ title: null, article: null }),
  articles: { tests: 'Điều 10', traits: 'Điều 10', yearEnd: 'Điều 14', promotion: 'Điều 14' },
})
