// What the primary circulars share: periodic tests in whole points, levels of subjects and traits, the summing up of the year.

import { formatTenthsVi, isTenths } from './decimal.ts'
import { REGULATION_NAMES } from './terms.ts'
import type {
  AssessmentPoint,
  PrimaryRegulation,
  PrimaryTestSubject,
  PrimaryTitleInput,
  PrimaryYearInput,
  PrimaryYearLevel,
  PrimaryYearResult,
  PromotionResult,
  Reason,
  ReasonCode,
  RegulationCode,
  ScoreFault,
  SubjectLevel,
  Tenths,
  TitleResult,
  TraitLevel,
} from './types.ts'

export interface PrimaryStandard {
  level: PrimaryYearLevel
  subjects: readonly SubjectLevel[]
  traits: readonly TraitLevel[]
  tests: Tenths
}

export interface PrimaryRules {
  code: RegulationCode
  subjectLevels: readonly SubjectLevel[]
  traitLevels: readonly TraitLevel[]
  points: readonly AssessmentPoint[]
  /** The circulars before TT27/2020 forbade a zero. */
  lowestTest: Tenths
  requiredTests(grade: number, point: AssessmentPoint): readonly PrimaryTestSubject[]
  requiredTraits(grade: number): readonly string[]
  /** From the best down; a pupil who meets none is Chưa hoàn thành. */
  standards: readonly PrimaryStandard[]
  title(input: PrimaryTitleInput): TitleResult
  articles: { tests: string; traits: string; yearEnd: string; promotion: string }
}

export function assertPrimaryGrade(grade: number): void {
  if (!Number.isInteger(grade) || grade < 1 || grade > 5) throw new RangeError(`${grade} is not a primary grade (1 to 5)`)
}

function testFault(rules: PrimaryRules, value: Tenths): ScoreFault | null {
  const article = rules.articles.tests
  if (!isTenths(value)) return { code: 'OUT_OF_SCALE', article, text: 'Điểm bài kiểm tra định kì theo thang điểm 10.' }
  if (value % 10 !== 0) {
    const text = `Bài kiểm tra định kì không cho điểm thập phân: ${formatTenthsVi(value)} không hợp lệ.`
    return { code: 'NOT_INTEGER', article, text }
  }
  if (value < rules.lowestTest) return { code: 'ZERO_NOT_ALLOWED', article, text: 'Bài kiểm tra định kì không cho điểm 0.' }
  return null
}

function gaps(rules: PrimaryRules, input: PrimaryYearInput): Reason[] {
  const reasons: Reason[] = []
  const add = (code: ReasonCode, article: string, text: string, subject: string): void => {
    reasons.push({ code, regulation: rules.code, article, text, subject })
  }
  for (const { subject, level } of input.subjects) {
    if (level === null) add('SUBJECT_RESULT_MISSING', rules.articles.yearEnd, 'Môn học chưa có mức đánh giá cuối năm.', subject)
    else if (!rules.subjectLevels.includes(level)) throw new RangeError(`${level} is not a subject level of ${rules.code}`)
  }
  const rated = new Set<string>()
  for (const { trait, level } of input.traits) {
    rated.add(trait)
    if (level === null) add('TRAIT_MISSING', rules.articles.traits, 'Phẩm chất, năng lực chưa có mức đánh giá cuối năm.', trait)
    else if (!rules.traitLevels.includes(level)) throw new RangeError(`${level} is not a trait level of ${rules.code}`)
  }
  for (const trait of rules.requiredTraits(input.grade)) {
    if (!rated.has(trait))
      add('TRAIT_MISSING', rules.articles.traits, 'Phẩm chất, năng lực chưa có mức đánh giá cuối năm.', trait)
  }
  const tested = new Set(input.tests.map(({ subject }) => subject))
  for (const subject of rules.requiredTests(input.grade, 'END_YEAR')) {
    if (!tested.has(subject)) add('TEST_MISSING', rules.articles.tests, 'Chưa có bài kiểm tra định kì cuối năm.', subject)
  }
  for (const { subject, value } of input.tests) {
    const fault = testFault(rules, value)
    if (fault) add('TEST_INVALID', fault.article, fault.text, subject)
  }
  return reasons
}

function yearEnd(rules: PrimaryRules, input: PrimaryYearInput): PrimaryYearResult {
  assertPrimaryGrade(input.grade)
  const reasons = gaps(rules, input)
  if (input.subjects.length === 0 || input.traits.length === 0) {
    const text = 'Chưa có đánh giá môn học hoặc phẩm chất, năng lực.'
    reasons.push({ code: 'SUBJECT_RESULT_MISSING', regulation: rules.code, article: rules.articles.yearEnd, text })
  }
  if (reasons.length > 0) return { level: null, reasons }
  const met = rules.standards.find(
    (standard) =>
      input.subjects.every(({ level }) => level !== null && standard.subjects.includes(level)) &&
      input.traits.every(({ level }) => level !== null && standard.traits.includes(level)) &&
      input.tests.every(({ value }) => value >= standard.tests),
  )
  return { level: met?.level ?? 'NOT_COMPLETED', reasons }
}

function promotion(rules: PrimaryRules, level: PrimaryYearLevel | null): PromotionResult {
  const article = rules.articles.promotion
  if (level === null) {
    const text = 'Chưa có kết quả giáo dục cuối năm.'
    return {
      outcome: null,
      retestSubjects: [],
      reasons: [{ code: 'SUBJECT_RESULT_MISSING', regulation: rules.code, article, text }],
    }
  }
  if (level !== 'NOT_COMPLETED') return { outcome: 'PROMOTED', retestSubjects: [], reasons: [] }
  const text = 'Chưa hoàn thành: giáo viên hướng dẫn, giúp đỡ và đánh giá bổ sung; hiệu trưởng quyết định lên lớp hay ở lại.'
  const reason: Reason = { code: 'LEARNING_TOO_LOW', regulation: rules.code, article, text }
  return { outcome: 'SUPPLEMENTARY_ASSESSMENT', retestSubjects: [], reasons: [reason] }
}

export function primaryRegulation(rules: PrimaryRules): PrimaryRegulation {
  return {
    code: rules.code,
    name: REGULATION_NAMES[rules.code],
    stage: 'PRIMARY',
    subjectLevels: rules.subjectLevels,
    traitLevels: rules.traitLevels,
    points: rules.points,
    testFault: (value) => testFault(rules, value),
    requiredTests: (grade, point) => {
      assertPrimaryGrade(grade)
      return rules.requiredTests(grade, point)
    },
    requiredTraits: (grade) => {
      assertPrimaryGrade(grade)
      return rules.requiredTraits(grade)
    },
    yearEnd: (input) => yearEnd(rules, input),
    title: rules.title,
    promotion: (level) => promotion(rules, level),
  }
}

/** The old programme tests Tiếng Việt and Toán in every grade, Khoa học and LS&ĐL in 4–5; languages and informatics are elective. */
export function oldProgrammeTests(grade: number, point: AssessmentPoint): readonly PrimaryTestSubject[] {
  if (point === 'MID_TERM_1' || point === 'MID_TERM_2') return []
  return grade >= 4 ? ['VIETNAMESE', 'MATHEMATICS', 'SCIENCE', 'HISTORY_AND_GEOGRAPHY'] : ['VIETNAMESE', 'MATHEMATICS']
}
