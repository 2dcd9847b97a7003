// Circular 27/2020/TT-BGDĐT: assessment in primary school under the 2018 programme, grade by grade from 2020-2021.

import { primaryRegulation } from './primary.ts'
import type { AssessmentPoint, PrimaryTestSubject, PrimaryTitleInput, TitleResult } from './types.ts'

export const QUALITIES = ['PATRIOTISM', 'COMPASSION', 'DILIGENCE', 'HONESTY', 'RESPONSIBILITY'] as const

export const GENERAL_COMPETENCES = ['SELF_RELIANCE', 'COMMUNICATION', 'PROBLEM_SOLVING'] as const

const SPECIFIC_COMPETENCES = ['LANGUAGE', 'CALCULATION', 'SCIENCE', 'AESTHETICS', 'PHYSICAL'] as const

// Tin học và Công nghệ is taught from grade 3, so its two competences are asked for from there.
const COMPETENCES_FROM_GRADE_3 = ['TECHNOLOGY', 'INFORMATICS'] as const

/** Phẩm chất and năng lực of TT27/2020, Điều 5, with their Vietnamese names. */
export const TRAIT_NAMES = {
  PATRIOTISM: 'Yêu nước',
  COMPASSION: 'Nhân ái',
  DILIGENCE: 'Chăm chỉ',
  HONESTY: 'Trung thực',
  RESPONSIBILITY: 'Trách nhiệm',
  SELF_RELIANCE: 'Tự chủ và tự học',
  COMMUNICATION: 'Giao tiếp và hợp tác',
  PROBLEM_SOLVING: 'Giải quyết vấn đề và sáng tạo',
  LANGUAGE: 'Ngôn ngữ',
  CALCULATION: 'Tính toán',
  SCIENCE: 'Khoa học',
  AESTHETICS: 'Thẩm mĩ',
  PHYSICAL: 'Thể chất',
  TECHNOLOGY: 'Công nghệ',
  INFORMATICS: 'Tin học',
} as const

function requiredTests(grade: number, point: AssessmentPoint): readonly PrimaryTestSubject[] {
  const core: PrimaryTestSubject[] = ['VIETNAMESE', 'MATHEMATICS']
  if (point === 'MID_TERM_1' || point === 'MID_TERM_2') return grade >= 4 ? core : []
  if (grade >= 3) core.push('FOREIGN_LANGUAGE_1', 'INFORMATICS_AND_TECHNOLOGY')
  if (grade >= 4) core.push('HISTORY_AND_GEOGRAPHY', 'SCIENCE')
  return core
}

function title({ level, outstandingOrProgress }: PrimaryTitleInput): TitleResult {
  if (level === 'OUTSTANDING') return { title: 'OUTSTANDING_STUDENT', article: 'Điều 13 khoản 1' }
  if (level === 'COMPLETED_WELL' && outstandingOrProgress) return { title: 'EXEMPLARY_STUDENT', article: 'Điều 13 khoản 1' }
  return { title: null, article: null }
}

export const TT27_2020 = primaryRegulation({
  code: 'TT27_2020',
  subjectLevels: ['NOT_COMPLETED', 'COMPLETED', 'COMPLETED_WELL'],
  traitLevels: ['NEEDS_EFFORT', 'PASSED', 'GOOD'],
  points: ['MID_TERM_1', 'END_TERM_1', 'MID_TERM_2', 'END_YEAR'],
  lowestTest: 0,
  requiredTests,
  requiredTraits: (grade) => [
    ...QUALITIES,
    ...GENERAL_COMPETENCES,
    ...SPECIFIC_COMPETENCES,
    ...(grade >= 3 ? COMPETENCES_FROM_GRADE_3 : []),
  ],
  standards: [
    { level: 'OUTSTANDING', subjects: ['COMPLETED_WELL'], traits: ['GOOD'], tests: 90 },
    { level: 'COMPLETED_WELL', subjects: ['COMPLETED_WELL'], traits: ['GOOD'], tests: 70 },
    { level: 'COMPLETED', subjects: ['COMPLETED_WELL', 'COMPLETED'], traits: ['GOOD', 'PASSED'], tests: 50 },
  ],
  title,
  articles: { tests: 'Điều 7 khoản 1', traits: 'Điều 7 khoản 2', yearEnd: 'Điều 9', promotion: 'Điều 11' },
})
