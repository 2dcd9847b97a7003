// What the regulation of a class says of one subject in one term: which marks it knows, asks for, and what they make.
import { regulationFor } from '../assessment/regulation.ts'
import type {
  AssessmentPoint,
  Mark,
  MissingComponent,
  PrimaryRegulation,
  PrimaryTestSubject,
  RegulationCode,
  ScoreComponent,
  ScoreKind,
  SecondaryRegulation,
  SubjectPlan,
} from '../assessment/types.ts'

export interface BookFacts {
  /** `2026-2027` */
  readonly schoolYear: string
  readonly grade: number
  readonly level: string
  /** HKI or HKII. */
  readonly term: string
  readonly subjectCode: string
  readonly assessment: 'SCORED' | 'COMMENT'
  readonly periodsPerYear: number | null
}

export interface MarkFault {
  readonly code: 'SCORE_KIND_INVALID' | 'SCORE_FORM_INVALID' | 'SCORE_OUT_OF_SCALE'
  readonly path: 'kind' | 'ordinal' | 'value' | 'remark'
  /** A more exact sentence than the code's own. */
  readonly message?: string
  readonly messageVi?: string
}

export interface TermReason {
  readonly code: 'COMPONENT_MISSING' | 'COMPONENT_INVALID' | 'NO_TERM_AVERAGE' | 'REGULATION_UNKNOWN'
  readonly article: string | null
  readonly text: string
}

export interface TermResult {
  readonly value: Mark | null
  readonly missing: readonly MissingComponent[]
  readonly reasons: readonly TermReason[]
}

export interface BookRules {
  readonly regulation: { readonly code: RegulationCode; readonly name: string } | null
  /** Whether this kind, ordinal and mark may stand in the book. */
  markFault(kind: ScoreKind, ordinal: number, mark: Mark): MarkFault | null
  /** The marks still asked for beside these of one pupil. */
  missing(kinds: readonly ScoreKind[]): readonly MissingComponent[]
  termResult(components: readonly ScoreComponent[]): TermResult
}

const ORDINAL_MAX = 20
/** The circulars give a term one mid-term and one final mark; of all others it may have several. */
const SINGLE: ReadonlySet<ScoreKind> = new Set<ScoreKind>(['MIDTERM', 'FINAL'])

function ordinalFault(kind: ScoreKind, ordinal: number): MarkFault | null {
  const highest = SINGLE.has(kind) ? 1 : ORDINAL_MAX
  return ordinal >= 1 && ordinal <= highest ? null : { code: 'SCORE_KIND_INVALID', path: 'ordinal' }
}

const pathOf = (mark: Mark): 'value' | 'remark' => (typeof mark === 'number' ? 'value' : 'remark')

function secondary(regulation: SecondaryRegulation, facts: BookFacts): BookRules {
  const assessedBy = facts.assessment === 'SCORED' ? 'SCORE' : 'REMARK'
  const plan: SubjectPlan = { assessedBy, periodsPerYear: facts.periodsPerYear }
  const anyMark: Mark = assessedBy === 'SCORE' ? 0 : 'PASSED'
  return {
    regulation,
    markFault(kind, ordinal, mark) {
      const fault = regulation.scoreFault({ kind, value: mark }, assessedBy)
      switch (fault?.code) {
        case undefined:
          return ordinalFault(kind, ordinal)
        case 'KIND_NOT_IN_REGULATION':
          return { code: 'SCORE_KIND_INVALID', path: 'kind' }
        case 'NUMBER_EXPECTED':
        case 'REMARK_EXPECTED':
          return { code: 'SCORE_FORM_INVALID', path: pathOf(mark) }
        default:
          return { code: 'SCORE_OUT_OF_SCALE', path: pathOf(mark) }
      }
    },
    missing: (kinds) =>
      regulation.termResult(
        plan,
        kinds.map((kind) => ({ kind, value: anyMark })),
      ).missing,
    termResult(components) {
      const { value, missing, reasons } = regulation.termResult(plan, components)
      return {
        value,
        missing,
        reasons: reasons.map(({ code, article, text }) => ({
          code: code === 'COMPONENT_MISSING' ? 'COMPONENT_MISSING' : 'COMPONENT_INVALID',
          article,
          text,
        })),
      }
    },
  }
}

const PRIMARY_TESTS: Readonly<Record<string, PrimaryTestSubject>> = {
  TIENG_VIET: 'VIETNAMESE',
  TOAN: 'MATHEMATICS',
  NGOAI_NGU_1: 'FOREIGN_LANGUAGE_1',
  LS_DL: 'HISTORY_AND_GEOGRAPHY',
  KHOA_HOC: 'SCIENCE',
  TIN_HOC_CONG_NGHE: 'INFORMATICS_AND_TECHNOLOGY',
}

const PRIMARY_POINTS: Readonly<Record<string, { readonly MIDTERM: AssessmentPoint; readonly FINAL: AssessmentPoint }>> = {
  HKI: { MIDTERM: 'MID_TERM_1', FINAL: 'END_TERM_1' },
  HKII: { MIDTERM: 'MID_TERM_2', FINAL: 'END_YEAR' },
}

/** Primary school marks nothing but its periodic tests; levels of subjects and traits are not marks. */
function primary(regulation: PrimaryRegulation, facts: BookFacts): BookRules {
  const points = PRIMARY_POINTS[facts.term]
  const subject = PRIMARY_TESTS[facts.subjectCode]
  const tests = (['MIDTERM', 'FINAL'] as const).filter(
    (kind) => points && subject && regulation.requiredTests(facts.grade, points[kind]).includes(subject),
  )
  const missing = (kinds: readonly ScoreKind[]): MissingComponent[] =>
    tests.filter((kind) => !kinds.includes(kind)).map((kind) => ({ kind, needed: 1, present: 0 }))
  return {
    regulation,
    markFault(kind, ordinal, mark) {
      if (!tests.some((test) => test === kind)) return { code: 'SCORE_KIND_INVALID', path: 'kind' }
      if (typeof mark !== 'number') return { code: 'SCORE_FORM_INVALID', path: 'remark' }
      const fault = regulation.testFault(mark)
      if (!fault) return ordinalFault(kind, ordinal)
      return {
        code: 'SCORE_OUT_OF_SCALE',
        path: 'value',
        message: `A periodic test of primary school is a whole number up to 10 (${regulation.name}, ${fault.article}).`,
        messageVi: fault.text,
      }
    },
    missing,
    termResult: (components) => ({
      value: null,
      missing: missing(components.map(({ kind }) => kind)),
      reasons: [{ code: 'NO_TERM_AVERAGE', article: null, text: `${regulation.name} không tính điểm trung bình môn học kỳ.` }],
    }),
  }
}

const NO_REGULATION: BookRules = {
  regulation: null,
  markFault: () => ({ code: 'SCORE_KIND_INVALID', path: 'kind' }),
  missing: () => [],
  termResult: () => ({
    value: null,
    missing: [],
    reasons: [{ code: 'REGULATION_UNKNOWN', article: null, text: 'Lớp này không được đánh giá bằng điểm theo thông tư nào.' }],
  }),
}

export function bookRules(facts: BookFacts): BookRules {
  const { schoolYear, grade, level } = facts
  const regulation = regulationFor({ schoolYear, grade, programme: level === 'GDTX' ? 'CONTINUING' : 'GENERAL' })
  if (regulation === null) return NO_REGULATION
  return regulation.stage === 'SECONDARY' ? secondary(regulation, facts) : primary(regulation, facts)
}
