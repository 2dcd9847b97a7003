// Circular 30/2014/TT-BGDĐT: primary assessment by comment — subjects Hoàn thành or not, competences and qualities Đạt or not.

import { oldProgrammeTests, primaryRegulation } from './primary.ts'

export const TT30_2014 = primaryRegulation({
  code: 'TT30_2014',
  subjectLevels: ['NOT_COMPLETED', 'COMPLETED'],
  traitLevels: ['NOT_PASSED', 'PASSED'],
  points: ['END_TERM_1', 'END_YEAR'],
  lowestTest: 10,
  requiredTests: oldProgrammeTests,
  requiredTraits: () => [],
  standards: [{ level: 'COMPLETED', subjects: ['COMPLETED'], traits: ['PASSED'], tests: 50 }],
  title: () => ({ title: null, article: null }),
  articles: { tests: 'Điều 10', traits: 'Điều 11', yearEnd: 'Điều 14', promotion: 'Điều 14' },
})
