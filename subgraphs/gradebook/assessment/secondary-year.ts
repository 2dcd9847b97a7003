// What the secondary circulars share about a pupil's year: complete standings, promotion, retests.

import { assertTenths, MAX_MARK } from './decimal.ts'
import type {
  AdjustmentReading,
  ConductLevel,
  LearningLevel,
  Mark,
  PromotionInput,
  PromotionResult,
  Reason,
  ReasonCode,
  RegulationCode,
  SubjectStanding,
  Tenths,
} from './types.ts'

export const MAX_ABSENCES = 45
export const RETEST_BELOW: Tenths = 50

export interface SplitStandings {
  scores: { subject: string; value: Tenths; key: SubjectStanding['key']; specialised: boolean }[]
  remarks: { subject: string; passed: boolean }[]
  /** Subjects without a result; one is enough to leave the pupil unclassified. */
  unfinished: string[]
}

export function splitStandings(subjects: readonly SubjectStanding[]): SplitStandings {
  const split: SplitStandings = { scores: [], remarks: [], unfinished: [] }
  for (const { subject, assessedBy, value, key, specialised } of subjects) {
    if (value === null) {
      split.unfinished.push(subject)
    } else if (assessedBy === 'SCORE') {
      if (typeof value !== 'number') throw new RangeError(`${subject} is assessed by score and cannot be ${value}`)
      assertTenths(value, subject)
      split.scores.push({ subject, value, key, specialised: specialised ?? false })
    } else {
      if (typeof value === 'number') throw new RangeError(`${subject} is assessed by comment and cannot be ${value}`)
      split.remarks.push({ subject, passed: value === 'PASSED' })
    }
  }
  return split
}

/** The same standings once for every subject, each time with that subject fully passed: what the pupil would be without it. */
export function liftEachSubject(
  split: SplitStandings,
  reading: AdjustmentReading,
): { subject: string; standings: SplitStandings }[] {
  if (reading === 'NONE') return []
  const lifted = split.scores.map(({ subject }, lift) => {
    const scores = split.scores.map((score, index) => (index === lift ? { ...score, value: MAX_MARK } : score))
    return { subject, standings: { ...split, scores } }
  })
  if (reading === 'SCORED_SUBJECTS') return lifted
  const remarked = split.remarks.map(({ subject }, lift) => {
    const remarks = split.remarks.map((remark, index) => (index === lift ? { ...remark, passed: true } : remark))
    return { subject, standings: { ...split, remarks } }
  })
  return [...lifted, ...remarked]
}

export function unfinishedReasons(regulation: RegulationCode, article: string, unfinished: readonly string[]): Reason[] {
  return unfinished.map((subject) => ({
    code: 'SUBJECT_RESULT_MISSING',
    regulation,
    article,
    text: 'Môn học chưa có kết quả.',
    subject,
  }))
}

/** Place of a level on a ladder that rises; a level of another circular is a mistake of the caller, not a low result. */
export function rank<Level extends string>(ladder: readonly Level[], level: Level): number {
  const place = ladder.indexOf(level)
  if (place < 0) throw new RangeError(`${level} is not one of ${ladder.join(', ')}`)
  return place
}

/** Subjects a pupil may retake in summer: below 5,0, or comment subjects Chưa đạt. */
export function retestSubjects(subjects: readonly SubjectStanding[]): string[] {
  return subjects
    .filter(({ value }) => value === 'NOT_PASSED' || (typeof value === 'number' && value < RETEST_BELOW))
    .map(({ subject }) => subject)
}

/** Puts retest results in place of the year results they replace; the level is then worked out anew. */
export function applyRetests(subjects: readonly SubjectStanding[], retests: ReadonlyMap<string, Mark>): SubjectStanding[] {
  const allowed = new Set(retestSubjects(subjects))
  for (const subject of retests.keys()) {
    if (!allowed.has(subject)) throw new RangeError(`${subject} has no result that may be retaken`)
  }
  return subjects.map((standing) => ({ ...standing, value: retests.get(standing.subject) ?? standing.value }))
}

export interface PromotionRules {
  code: RegulationCode
  learningLevels: readonly LearningLevel[]
  conductLevels: readonly ConductLevel[]
  /** The lowest level of each that lets a pupil go up. */
  learningPasses: LearningLevel
  conductPasses: ConductLevel
  /** The one level below it from which a retest can still lead up. */
  learningRetests: LearningLevel
  articles: { promotion: string; retained: string; retest: string; training: string }
}

export function decidePromotion(rules: PromotionRules, input: PromotionInput): PromotionResult {
  const { learning, conduct, absences } = input
  if (!Number.isInteger(absences) || absences < 0) throw new RangeError(`absences must be a whole number, not ${absences}`)
  const why = (code: ReasonCode, article: string, text: string): Reason => ({ code, regulation: rules.code, article, text })
  const retained = (...reasons: Reason[]): PromotionResult => ({ outcome: 'RETAINED', retestSubjects: [], reasons })

  if (absences > MAX_ABSENCES) {
    return retained(
      why('ABSENCES_OVER_LIMIT', rules.articles.retained, `Nghỉ học ${absences} buổi, quá ${MAX_ABSENCES} buổi trong năm học.`),
    )
  }
  if (learning === null || conduct === null) {
    const reasons = [
      learning === null ? [why('SUBJECT_RESULT_MISSING', rules.articles.promotion, 'Chưa có kết quả học tập cả năm.')] : [],
      conduct === null ? [why('CONDUCT_MISSING', rules.articles.promotion, 'Chưa có kết quả rèn luyện (hạnh kiểm) cả năm.')] : [],
    ]
    return { outcome: null, retestSubjects: [], reasons: reasons.flat() }
  }

  const learningHolds = rank(rules.learningLevels, learning) >= rank(rules.learningLevels, rules.learningPasses)
  const conductHolds = rank(rules.conductLevels, conduct) >= rank(rules.conductLevels, rules.conductPasses)
  if (learningHolds && conductHolds) return { outcome: 'PROMOTED', retestSubjects: [], reasons: [] }

  const lowLearning = why('LEARNING_TOO_LOW', rules.articles.retest, 'Kết quả học tập cả năm chưa đủ để lên lớp.')
  const lowConduct = why('CONDUCT_TOO_LOW', rules.articles.training, 'Kết quả rèn luyện (hạnh kiểm) cả năm chưa đủ để lên lớp.')
  if (!learningHolds && !conductHolds) return retained(lowLearning, lowConduct)
  if (input.stage === 'AFTER_SUMMER') return retained(learningHolds ? lowConduct : lowLearning)
  if (learningHolds) return { outcome: 'SUMMER_TRAINING', retestSubjects: [], reasons: [lowConduct] }
  if (learning !== rules.learningRetests) return retained(lowLearning)

  const retests = retestSubjects(input.subjects)
  if (retests.length > 0) return { outcome: 'RETEST', retestSubjects: retests, reasons: [lowLearning] }
  return retained(lowLearning, why('NOTHING_TO_RETEST', rules.articles.retest, 'Không có môn học nào thuộc diện đánh giá lại.'))
}
