// Circular 58/2011/TT-BGDĐT: assessment in THCS and THPT under the old programme, until the 2019-2020 school year.

import { mean } from './decimal.ts'
import {
  secondaryScoreFault,
  secondaryTermResult,
  secondaryYearResult,
  twoThirdsWithFinal,
  WEEKS_PER_YEAR,
} from './secondary-subject.ts'
import type { SubjectRules } from './secondary-subject.ts'
import { decidePromotion, liftEachSubject, rank, splitStandings, unfinishedReasons } from './secondary-year.ts'
import type { SplitStandings } from './secondary-year.ts'
import { LEARNING_TERMS, REGULATION_NAMES } from './terms.ts'
import type {
  AdjustmentReading,
  ConductLevel,
  ConductResult,
  ConductTerms,
  KeySubject,
  LearningLevel,
  LearningResult,
  RegulationCode,
  SecondaryRegulation,
  SubjectStanding,
  Tenths,
  TitleInput,
  TitleResult,
} from './types.ts'

const LEARNING_LEVELS = ['POOR', 'WEAK', 'AVERAGE', 'FAIR', 'EXCELLENT'] as const satisfies readonly LearningLevel[]
const CONDUCT_LEVELS = ['WEAK', 'AVERAGE', 'FAIR', 'GOOD'] as const satisfies readonly ConductLevel[]

type OldLevel = (typeof LEARNING_LEVELS)[number]

// Điều 13 khoản 1–3: overall average, one key subject (and the specialty), and no subject below.
const STANDARDS: readonly { level: OldLevel; average: Tenths; key: Tenths; lowest: Tenths }[] = [
  { level: 'EXCELLENT', average: 80, key: 80, lowest: 65 },
  { level: 'FAIR', average: 65, key: 65, lowest: 50 },
  { level: 'AVERAGE', average: 50, key: 50, lowest: 35 },
]

// Điều 13 khoản 6, points a to d; a pair that is not listed is not adjusted.
const ADJUSTMENTS: Partial<Record<OldLevel, Partial<Record<OldLevel, OldLevel>>>> = {
  EXCELLENT: { AVERAGE: 'FAIR', WEAK: 'AVERAGE' },
  FAIR: { WEAK: 'AVERAGE', POOR: 'WEAK' },
}

function classify(split: SplitStandings, average: Tenths, keys: readonly KeySubject[]): OldLevel {
  const lowest = split.scores.reduce((least, { value }) => Math.min(least, value), 100)
  const bestKey = split.scores.reduce((best, { key, value }) => (key && keys.includes(key) ? Math.max(best, value) : best), 0)
  const specialty = split.scores.reduce((least, { specialised, value }) => (specialised ? Math.min(least, value) : least), 100)
  if (split.remarks.every(({ passed }) => passed)) {
    for (const standard of STANDARDS) {
      if (average < standard.average || lowest < standard.lowest) continue
      if (bestKey >= standard.key && specialty >= standard.key) return standard.level
    }
  }
  return average >= 35 && lowest >= 20 ? 'WEAK' : 'POOR'
}

/**
 * The best level one subject alone keeps the pupil from, and that subject. The overall average stays what it is:
 * khoản 6 asks that the average itself reach the level, so only the subject's own condition is lifted.
 */
function withoutOneSubject(
  split: SplitStandings,
  average: Tenths,
  keys: readonly KeySubject[],
  reading: AdjustmentReading,
): { level: OldLevel; subject: string } | null {
  const candidates = liftEachSubject(split, reading).map(({ subject, standings }) => ({
    subject,
    level: classify(standings, average, keys),
  }))
  return candidates.reduce<(typeof candidates)[number] | null>(
    (best, one) => (best && rank(LEARNING_LEVELS, best.level) >= rank(LEARNING_LEVELS, one.level) ? best : one),
    null,
  )
}

function learningLevel(
  code: RegulationCode,
  keys: readonly KeySubject[],
  reading: AdjustmentReading,
  subjects: readonly SubjectStanding[],
): LearningResult {
  const split = splitStandings(subjects)
  const none: LearningResult = { level: null, unadjusted: null, overallAverage: null, reasons: [] }
  if (split.unfinished.length > 0) return { ...none, reasons: unfinishedReasons(code, 'Điều 13', split.unfinished) }
  const average = mean(split.scores.map(({ value }) => value))
  if (average === null || !split.scores.some(({ key }) => key !== undefined && keys.includes(key))) {
    const text =
      'Thiếu môn Toán, Ngữ văn' + (keys.includes('FOREIGN_LANGUAGE_1') ? ', Ngoại ngữ 1' : '') + ' để xếp loại học lực.'
    return {
      ...none,
      overallAverage: average,
      reasons: [{ code: 'KEY_SUBJECT_MISSING', regulation: code, article: 'Điều 13', text }],
    }
  }

  const unadjusted = classify(split, average, keys)
  const target = withoutOneSubject(split, average, keys, reading)
  const level = target ? ADJUSTMENTS[target.level]?.[unadjusted] : undefined
  if (!target || !level) return { level: unadjusted, unadjusted, overallAverage: average, reasons: [] }
  return {
    level,
    unadjusted,
    overallAverage: average,
    reasons: [
      {
        code: 'SINGLE_SUBJECT_ADJUSTMENT',
        regulation: code,
        article: 'Điều 13 khoản 6',
        text: `Đạt mức ${LEARNING_TERMS[target.level]} nhưng do một môn học phải xuống loại ${LEARNING_TERMS[unadjusted]}: được điều chỉnh xếp loại ${LEARNING_TERMS[level]}.`,
        subject: target.subject,
      },
    ],
  }
}

function conductYear(code: RegulationCode, terms: ConductTerms): ConductResult {
  for (const level of [terms.term1, terms.term2, terms.entered]) if (level) rank(CONDUCT_LEVELS, level)
  const entered = terms.entered ?? null
  const text = entered
    ? 'Giáo viên chủ nhiệm xếp loại cả năm, chủ yếu căn cứ hạnh kiểm học kì II và sự tiến bộ của học sinh.'
    : 'Giáo viên chủ nhiệm chưa xếp loại hạnh kiểm cả năm.'
  const reason = { regulation: code, article: 'Điều 3 khoản 2', text }
  if (!entered) return { level: null, proposed: terms.term2, reasons: [{ code: 'CONDUCT_MISSING', ...reason }] }
  const differs = entered !== terms.term2
  return { level: entered, proposed: terms.term2, reasons: differs ? [{ code: 'CONDUCT_ENTERED_BY_TEACHER', ...reason }] : [] }
}

function title({ learning, conduct }: TitleInput): TitleResult {
  if (learning === null || conduct === null) return { title: null, article: null }
  const learningRank = rank<LearningLevel>(LEARNING_LEVELS, learning)
  const conductRank = rank<ConductLevel>(CONDUCT_LEVELS, conduct)
  if (learning === 'EXCELLENT' && conduct === 'GOOD') return { title: 'EXCELLENT_STUDENT', article: 'Điều 18 khoản 1' }
  if (learningRank >= rank(LEARNING_LEVELS, 'FAIR') && conductRank >= rank(CONDUCT_LEVELS, 'FAIR')) {
    return { title: 'ADVANCED_STUDENT', article: 'Điều 18 khoản 2' }
  }
  return { title: null, article: null }
}

/** The classification TT58 and its amendment TT26 share; they differ in the marks they ask for and in the key subjects. */
export function oldProgrammeRegulation(
  rules: SubjectRules,
  keys: readonly KeySubject[],
  adjustment: AdjustmentReading,
): SecondaryRegulation {
  return {
    code: rules.code,
    name: REGULATION_NAMES[rules.code],
    stage: 'SECONDARY',
    options: { adjustment },
    scoreKinds: [...rules.regularKinds, ...rules.periodic.map(({ kind }) => kind)],
    learningLevels: LEARNING_LEVELS,
    conductLevels: CONDUCT_LEVELS,
    hasOverallAverage: true,
    scoreFault: (component, assessedBy) => secondaryScoreFault(rules, component, assessedBy),
    minimumRegularMarks: (plan) => rules.minimumRegular(plan),
    termResult: (plan, components) => secondaryTermResult(rules, plan, components),
    yearResult: (assessedBy, term1, term2, taughtIn) => secondaryYearResult(rules, assessedBy, term1, term2, taughtIn),
    learningLevel: (subjects) => learningLevel(rules.code, keys, adjustment, subjects),
    conductYear: (terms) => conductYear(rules.code, terms),
    promotion: (input) =>
      decidePromotion(
        {
          code: rules.code,
          learningLevels: LEARNING_LEVELS,
          conductLevels: CONDUCT_LEVELS,
          learningPasses: 'AVERAGE',
          conductPasses: 'AVERAGE',
          learningRetests: 'WEAK',
          articles: { promotion: 'Điều 15 khoản 1', retained: 'Điều 15 khoản 2', retest: 'Điều 16', training: 'Điều 17' },
        },
        input,
      ),
    title,
  }
}

const RULES: SubjectRules = {
  code: 'TT58_2011',
  regularKinds: ['REGULAR', 'ORAL', 'FIFTEEN_MINUTE', 'PRACTICE'],
  periodic: [
    { kind: 'ONE_PERIOD', weight: 2, single: false },
    { kind: 'FINAL', weight: 3, single: true },
  ],
  // Điều 8 khoản 2 counts periods a week: up to one, fewer than three, three and more.
  minimumRegular: ({ periodsPerYear }) => {
    if (periodsPerYear === null || periodsPerYear <= WEEKS_PER_YEAR) return 2
    return periodsPerYear < 3 * WEEKS_PER_YEAR ? 3 : 4
  },
  remarkPasses: twoThirdsWithFinal,
  articles: {
    kinds: 'Điều 7 khoản 2',
    scale: 'Điều 6',
    counts: 'Điều 8',
    score: 'Điều 10 khoản 1',
    remark: 'Điều 10 khoản 2',
    oneTerm: 'Điều 10 khoản 3',
  },
}

export function tt58_2011(options: { adjustment: AdjustmentReading }): SecondaryRegulation {
  return oldProgrammeRegulation(RULES, ['MATHEMATICS', 'LITERATURE'], options.adjustment)
}

export const TT58_2011 = tt58_2011({ adjustment: 'ANY_SUBJECT' })
