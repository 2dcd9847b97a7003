// Circular 22/2021/TT-BGDĐT: assessment in THCS and THPT under the 2018 programme, every grade since 2024-2025.

import { minimumByYearlyPeriods, secondaryScoreFault, secondaryTermResult, secondaryYearResult } from './secondary-subject.ts'
import type { SubjectRules } from './secondary-subject.ts'
import { decidePromotion, liftEachSubject, rank, splitStandings, unfinishedReasons } from './secondary-year.ts'
import type { SplitStandings } from './secondary-year.ts'
import { LEARNING_TERMS, REGULATION_NAMES } from './terms.ts'
import type {
  AdjustmentReading,
  ConductLevel,
  ConductResult,
  ConductTerms,
  LearningLevel,
  LearningResult,
  Reason,
  RegulationCode,
  SecondaryRegulation,
  SubjectStanding,
  Tenths,
  TitleInput,
  TitleResult,
} from './types.ts'

const LEVELS = ['NOT_PASSED', 'PASSED', 'FAIR', 'GOOD'] as const
type NewLevel = (typeof LEVELS)[number]

/** Điều 9 khoản 2 and Điều 15 count at least six scored subjects. */
const SUBJECTS_COUNTED = 6
const OUTSTANDING: Tenths = 90

function classify({ scores, remarks }: SplitStandings): NewLevel {
  const lowest = scores.reduce((least, { value }) => Math.min(least, value), 100)
  const reach = (mark: Tenths): boolean => scores.filter(({ value }) => value >= mark).length >= SUBJECTS_COUNTED
  const notPassed = remarks.filter(({ passed }) => !passed).length
  if (notPassed === 0 && lowest >= 65 && reach(80)) return 'GOOD'
  if (notPassed === 0 && lowest >= 50 && reach(65)) return 'FAIR'
  if (notPassed <= 1 && lowest >= 35 && reach(50)) return 'PASSED'
  return 'NOT_PASSED'
}

/**
 * Điều 9 khoản 3. The subject that alone pulls the result down is found by putting a full pass in its place: if the
 * result would then be Tốt or Khá, and two or more levels above what it is, no other subject is to blame.
 */
function singleSubjectFall(
  split: SplitStandings,
  actual: NewLevel,
  reading: AdjustmentReading,
): { target: NewLevel; subject: string } | null {
  for (const { subject, standings } of liftEachSubject(split, reading)) {
    const target = classify(standings)
    const falls = rank(LEVELS, target) - rank(LEVELS, actual)
    if (rank(LEVELS, target) >= rank(LEVELS, 'FAIR') && falls >= 2) return { target, subject }
  }
  return null
}

function learningLevel(code: RegulationCode, reading: AdjustmentReading, subjects: readonly SubjectStanding[]): LearningResult {
  const split = splitStandings(subjects)
  const none: LearningResult = { level: null, unadjusted: null, overallAverage: null, reasons: [] }
  const article = 'Điều 9 khoản 2'
  if (split.unfinished.length > 0) return { ...none, reasons: unfinishedReasons(code, article, split.unfinished) }
  // Every level counts six subjects, so fewer of them would read as Chưa đạt whatever the marks: a gap in the data, not a result.
  if (split.scores.length < SUBJECTS_COUNTED) {
    const text = `Cần ít nhất ${SUBJECTS_COUNTED} môn học đánh giá bằng điểm số, mới có ${split.scores.length}.`
    return { ...none, reasons: [{ code: 'TOO_FEW_SCORED_SUBJECTS', regulation: code, article, text }] }
  }

  const unadjusted = classify(split)
  const fall = singleSubjectFall(split, unadjusted, reading)
  const level = fall ? LEVELS[rank(LEVELS, unadjusted) + 1] : unadjusted
  if (!fall || !level) return { level: unadjusted, unadjusted, overallAverage: null, reasons: [] }
  return {
    level,
    unadjusted,
    overallAverage: null,
    reasons: [
      {
        code: 'SINGLE_SUBJECT_ADJUSTMENT',
        regulation: code,
        article: 'Điều 9 khoản 3',
        text: `Chỉ do một môn học, kết quả thấp hơn mức ${LEARNING_TERMS[fall.target]} từ hai mức trở lên: được điều chỉnh từ ${LEARNING_TERMS[unadjusted]} lên ${LEARNING_TERMS[level]}.`,
        subject: fall.subject,
      },
    ],
  }
}

// Điều 8 khoản 2: the year's level by term I (row) and term II (column).
const CONDUCT_YEAR: Record<NewLevel, Record<NewLevel, NewLevel>> = {
  GOOD: { GOOD: 'GOOD', FAIR: 'FAIR', PASSED: 'FAIR', NOT_PASSED: 'NOT_PASSED' },
  FAIR: { GOOD: 'GOOD', FAIR: 'FAIR', PASSED: 'PASSED', NOT_PASSED: 'NOT_PASSED' },
  PASSED: { GOOD: 'FAIR', FAIR: 'FAIR', PASSED: 'PASSED', NOT_PASSED: 'NOT_PASSED' },
  NOT_PASSED: { GOOD: 'FAIR', FAIR: 'PASSED', PASSED: 'PASSED', NOT_PASSED: 'NOT_PASSED' },
}

function newLevel(level: LearningLevel | ConductLevel): NewLevel {
  const known = LEVELS.find((one) => one === level)
  if (!known) throw new RangeError(`${level} is not one of ${LEVELS.join(', ')}`)
  return known
}

function conductYear(code: RegulationCode, { term1, term2 }: ConductTerms): ConductResult {
  if (term1 === null || term2 === null) {
    const missing = (term: string): Reason => ({
      code: 'CONDUCT_MISSING',
      regulation: code,
      article: 'Điều 8 khoản 2',
      text: `Chưa có kết quả rèn luyện học kì ${term}.`,
    })
    const reasons = [term1 === null ? [missing('I')] : [], term2 === null ? [missing('II')] : []].flat()
    return { level: null, proposed: null, reasons }
  }
  const level = CONDUCT_YEAR[newLevel(term1)][newLevel(term2)]
  return { level, proposed: level, reasons: [] }
}

function title({ learning, conduct, subjects }: TitleInput): TitleResult {
  if (learning !== null) newLevel(learning)
  if (conduct !== null) newLevel(conduct)
  if (learning !== 'GOOD' || conduct !== 'GOOD') return { title: null, article: null }
  const outstanding = splitStandings(subjects).scores.filter(({ value }) => value >= OUTSTANDING).length
  return {
    title: outstanding >= SUBJECTS_COUNTED ? 'OUTSTANDING_STUDENT' : 'EXCELLENT_STUDENT',
    article: 'Điều 15 khoản 1',
  }
}

function newProgrammeRegulation(code: RegulationCode, adjustment: AdjustmentReading): SecondaryRegulation {
  const rules: SubjectRules = {
    code,
    regularKinds: ['REGULAR', 'ORAL', 'FIFTEEN_MINUTE', 'PRACTICE'],
    periodic: [
      { kind: 'MIDTERM', weight: 2, single: true },
      { kind: 'FINAL', weight: 3, single: true },
    ],
    // Điều 6 khoản 2: a comment subject has two regular assessments whatever its periods, a scored one two to four.
    minimumRegular: ({ assessedBy, periodsPerYear }) => (assessedBy === 'REMARK' ? 2 : minimumByYearlyPeriods(periodsPerYear)),
    remarkPasses: (components) => components.every(({ value }) => value === 'PASSED'),
    articles: {
      kinds: 'Điều 6, Điều 7',
      scale: 'Điều 5 khoản 3',
      counts: 'Điều 6 khoản 2, Điều 7',
      score: 'Điều 9 khoản 1 điểm b',
      remark: 'Điều 9 khoản 1 điểm a',
      oneTerm: 'Điều 9 khoản 1',
    },
  }
  return {
    code,
    name: REGULATION_NAMES[code],
    stage: 'SECONDARY',
    options: { adjustment },
    scoreKinds: [...rules.regularKinds, ...rules.periodic.map(({ kind }) => kind)],
    learningLevels: LEVELS,
    conductLevels: LEVELS,
    hasOverallAverage: false,
    scoreFault: (component, assessedBy) => secondaryScoreFault(rules, component, assessedBy),
    minimumRegularMarks: (plan) => rules.minimumRegular(plan),
    termResult: (plan, components) => secondaryTermResult(rules, plan, components),
    yearResult: (assessedBy, term1, term2, taughtIn) => secondaryYearResult(rules, assessedBy, term1, term2, taughtIn),
    learningLevel: (subjects) => learningLevel(code, adjustment, subjects),
    conductYear: (terms) => conductYear(code, terms),
    promotion: (input) =>
      decidePromotion(
        {
          code,
          learningLevels: LEVELS,
          conductLevels: LEVELS,
          learningPasses: 'PASSED',
          conductPasses: 'PASSED',
          learningRetests: 'NOT_PASSED',
          articles: { promotion: 'Điều 12', retained: 'Điều 12', retest: 'Điều 14', training: 'Điều 13' },
        },
        input,
      ),
    title,
  }
}

export function tt22_2021(options: { adjustment: AdjustmentReading }): SecondaryRegulation {
  return newProgrammeRegulation('TT22_2021', options.adjustment)
}

export const TT22_2021 = tt22_2021({ adjustment: 'ANY_SUBJECT' })

/**
 * Circular 43/2021 assesses secondary continuing education (GDTX). It is read here as TT22/2021: the same marks, averages
 * and levels. Lower-secondary GDTX has fewer than six scored subjects and is therefore left unclassified, not failed.
 */
export const TT43_2021 = newProgrammeRegulation('TT43_2021', 'ANY_SUBJECT')
