// The vocabulary of assessment: marks, levels, results and what a regulation can decide. Plain data, no behaviour.

/** A mark or an average in tenths of a point, 0–100: 7,9 is 79. Integers, because 7.95 has no exact binary form. */
export type Tenths = number

/** Result of a subject assessed by comment: Đạt (Đ) or Chưa đạt (CĐ). */
export type RemarkMark = 'PASSED' | 'NOT_PASSED'

export type Mark = Tenths | RemarkMark

export type AssessedBy = 'SCORE' | 'REMARK'

export type ScoreKind = 'REGULAR' | 'ORAL' | 'FIFTEEN_MINUTE' | 'PRACTICE' | 'ONE_PERIOD' | 'MIDTERM' | 'FINAL'

export interface ScoreComponent {
  kind: ScoreKind
  value: Mark
}

/** What the timetable asks of a subject in one class. */
export interface SubjectPlan {
  assessedBy: AssessedBy
  /** Periods in the school year (35 weeks). Null when the school has not said: then only the lowest minimum is asked. */
  periodsPerYear: number | null
  /** One-period tests (≥ 1 tiết) the programme sets for the term; TT58/2011 only, where it is at least one. */
  onePeriodTests?: number
}

export type TaughtIn = 'BOTH_TERMS' | 'TERM_1' | 'TERM_2'

export type LearningLevel = 'GOOD' | 'EXCELLENT' | 'FAIR' | 'AVERAGE' | 'PASSED' | 'WEAK' | 'NOT_PASSED' | 'POOR'
export type ConductLevel = 'GOOD' | 'FAIR' | 'AVERAGE' | 'PASSED' | 'WEAK' | 'NOT_PASSED'
export type Title = 'OUTSTANDING_STUDENT' | 'EXCELLENT_STUDENT' | 'ADVANCED_STUDENT' | 'EXEMPLARY_STUDENT'
export type PromotionOutcome = 'PROMOTED' | 'RETEST' | 'SUMMER_TRAINING' | 'RETAINED' | 'SUPPLEMENTARY_ASSESSMENT'

export type SubjectLevel = 'COMPLETED_WELL' | 'COMPLETED' | 'NOT_COMPLETED'
export type TraitLevel = 'GOOD' | 'PASSED' | 'NEEDS_EFFORT' | 'NOT_PASSED'
export type PrimaryYearLevel = 'OUTSTANDING' | 'COMPLETED_WELL' | 'COMPLETED' | 'NOT_COMPLETED'

export type RegulationCode = 'TT58_2011' | 'TT26_2020' | 'TT22_2021' | 'TT43_2021' | 'TT30_2014' | 'TT22_2016' | 'TT27_2020'

export type ReasonCode =
  | 'COMPONENT_MISSING'
  | 'COMPONENT_INVALID'
  | 'SUBJECT_RESULT_MISSING'
  | 'KEY_SUBJECT_MISSING'
  | 'TOO_FEW_SCORED_SUBJECTS'
  | 'TAUGHT_IN_ONE_TERM'
  | 'YEAR_FOLLOWS_TERM_2'
  | 'SINGLE_SUBJECT_ADJUSTMENT'
  | 'CONDUCT_MISSING'
  | 'CONDUCT_ENTERED_BY_TEACHER'
  | 'ABSENCES_OVER_LIMIT'
  | 'LEARNING_TOO_LOW'
  | 'CONDUCT_TOO_LOW'
  | 'NOTHING_TO_RETEST'
  | 'TRAIT_MISSING'
  | 'TEST_MISSING'
  | 'TEST_INVALID'

/** Why a result is not simply the arithmetic: the rule, its article, and a sentence people can read. */
export interface Reason {
  code: ReasonCode
  regulation: RegulationCode
  article: string
  text: string
  subject?: string
}

export interface MissingComponent {
  kind: ScoreKind
  needed: number
  present: number
}

/** The result of one subject in a term or a year. Null whenever a required part is missing: never a partial average. */
export interface SubjectResult {
  value: Mark | null
  missing: MissingComponent[]
  reasons: Reason[]
}

export type ScoreFaultCode =
  'KIND_NOT_IN_REGULATION' | 'NUMBER_EXPECTED' | 'REMARK_EXPECTED' | 'OUT_OF_SCALE' | 'NOT_INTEGER' | 'ZERO_NOT_ALLOWED'

/** Why a mark cannot be entered under a regulation, in words for whoever entered it. */
export interface ScoreFault {
  code: ScoreFaultCode
  article: string
  text: string
}

export type KeySubject = 'MATHEMATICS' | 'LITERATURE' | 'FOREIGN_LANGUAGE_1'

/** One subject's term or year result as it enters the classification. Subjects a pupil is exempt from are left out. */
export interface SubjectStanding {
  subject: string
  assessedBy: AssessedBy
  value: Mark | null
  /** Marks Toán, Ngữ văn and Ngoại ngữ 1, which TT58 and TT26 ask for by name. */
  key?: KeySubject
  /** The specialty subject of a specialised class (môn chuyên). */
  specialised?: boolean
}

export interface LearningResult {
  level: LearningLevel | null
  /** The level before Điều 9 khoản 3 (TT22) or Điều 13 khoản 6 (TT58); equal to `level` when nothing was adjusted. */
  unadjusted: LearningLevel | null
  /** Mean of the scored subjects; null under TT22/2021, which has none. */
  overallAverage: Tenths | null
  reasons: Reason[]
}

export interface ConductTerms {
  term1: ConductLevel | null
  term2: ConductLevel | null
  /** The year's level the homeroom teacher entered; asked for by TT58 and TT26 only. */
  entered?: ConductLevel | null
}

export interface ConductResult {
  level: ConductLevel | null
  /** What the rule, or the habit where the rule leaves it to the teacher, points to. */
  proposed: ConductLevel | null
  reasons: Reason[]
}

export interface PromotionInput {
  learning: LearningLevel | null
  conduct: ConductLevel | null
  /** Sessions missed in the school year, with or without leave. */
  absences: number
  subjects: readonly SubjectStanding[]
  /** AFTER_SUMMER: retests and summer training are over and the levels above already count them. */
  stage?: 'YEAR_END' | 'AFTER_SUMMER'
}

export interface PromotionResult {
  outcome: PromotionOutcome | null
  /** Subjects the pupil may retake; empty unless the outcome is RETEST. */
  retestSubjects: string[]
  reasons: Reason[]
}

export interface TitleInput {
  learning: LearningLevel | null
  conduct: ConductLevel | null
  subjects: readonly SubjectStanding[]
}

export interface TitleResult {
  title: Title | null
  article: string | null
}

/** How the single-subject adjustment is read. ANY_SUBJECT: comment subjects count too. NONE: results are left as they fall. */
export type AdjustmentReading = 'ANY_SUBJECT' | 'SCORED_SUBJECTS' | 'NONE'

interface RegulationFacts {
  code: RegulationCode
  /** Official short name, e.g. Thông tư 22/2021/TT-BGDĐT. */
  name: string
}

export interface SecondaryRegulation extends RegulationFacts {
  stage: 'SECONDARY'
  options: { adjustment: AdjustmentReading }
  scoreKinds: readonly ScoreKind[]
  /** Lowest to highest. */
  learningLevels: readonly LearningLevel[]
  conductLevels: readonly ConductLevel[]
  hasOverallAverage: boolean
  scoreFault(component: ScoreComponent, assessedBy: AssessedBy): ScoreFault | null
  minimumRegularMarks(plan: SubjectPlan): number
  termResult(plan: SubjectPlan, components: readonly ScoreComponent[]): SubjectResult
  yearResult(assessedBy: AssessedBy, term1: Mark | null, term2: Mark | null, taughtIn?: TaughtIn): SubjectResult
  learningLevel(subjects: readonly SubjectStanding[]): LearningResult
  conductYear(terms: ConductTerms): ConductResult
  promotion(input: PromotionInput): PromotionResult
  title(input: TitleInput): TitleResult
}

export type AssessmentPoint = 'MID_TERM_1' | 'END_TERM_1' | 'MID_TERM_2' | 'END_YEAR'

export type PrimaryTestSubject =
  'VIETNAMESE' | 'MATHEMATICS' | 'FOREIGN_LANGUAGE_1' | 'HISTORY_AND_GEOGRAPHY' | 'SCIENCE' | 'INFORMATICS_AND_TECHNOLOGY'

/** The year-end test of a subject, in tenths like every mark: 9 is 90. */
export interface PrimaryTest {
  subject: string
  value: Tenths
}

export interface PrimaryYearInput {
  grade: number
  subjects: readonly { subject: string; level: SubjectLevel | null }[]
  /** Qualities (phẩm chất) and competences (năng lực) by name. */
  traits: readonly { trait: string; level: TraitLevel | null }[]
  tests: readonly PrimaryTest[]
}

export interface PrimaryYearResult {
  level: PrimaryYearLevel | null
  reasons: Reason[]
}

export interface PrimaryTitleInput {
  level: PrimaryYearLevel | null
  /** Outstanding in a subject, or clear progress in a quality or competence, recognised by the class. */
  outstandingOrProgress: boolean
}

export interface PrimaryRegulation extends RegulationFacts {
  stage: 'PRIMARY'
  subjectLevels: readonly SubjectLevel[]
  traitLevels: readonly TraitLevel[]
  /** Points of the year at which subjects and traits are summed up. */
  points: readonly AssessmentPoint[]
  testFault(value: Tenths): ScoreFault | null
  requiredTests(grade: number, point: AssessmentPoint): readonly PrimaryTestSubject[]
  requiredTraits(grade: number): readonly string[]
  yearEnd(input: PrimaryYearInput): PrimaryYearResult
  title(input: PrimaryTitleInput): TitleResult
  promotion(level: PrimaryYearLevel | null): PromotionResult
}

export type Regulation = SecondaryRegulation | PrimaryRegulation
