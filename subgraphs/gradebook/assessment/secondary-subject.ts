// One subject in lower and upper secondary: which marks are asked for, the term result and the year result.

import { isTenths, roundHalfUp, weightedMean } from './decimal.ts'
import type { Weighted } from './decimal.ts'
import { REGULATION_NAMES, SCORE_KIND_TERMS } from './terms.ts'
import type {
  AssessedBy,
  Mark,
  MissingComponent,
  Reason,
  RegulationCode,
  ScoreComponent,
  ScoreFault,
  ScoreKind,
  SubjectPlan,
  SubjectResult,
  TaughtIn,
} from './types.ts'

export const WEEKS_PER_YEAR = 35

/** What differs between the circulars; everything else about a subject is the same arithmetic. */
export interface SubjectRules {
  code: RegulationCode
  /** Kinds that count once and are asked for in a minimum number. */
  regularKinds: readonly ScoreKind[]
  /** Kinds with their own weight. `single`: exactly one a term. */
  periodic: readonly { kind: ScoreKind; weight: number; single: boolean }[]
  minimumRegular(plan: SubjectPlan): number
  remarkPasses(components: readonly ScoreComponent[]): boolean
  articles: { kinds: string; scale: string; counts: string; score: string; remark: string; oneTerm: string }
}

export function secondaryScoreFault(rules: SubjectRules, component: ScoreComponent, assessedBy: AssessedBy): ScoreFault | null {
  const known = rules.regularKinds.includes(component.kind) || rules.periodic.some(({ kind }) => kind === component.kind)
  if (!known) {
    return {
      code: 'KIND_NOT_IN_REGULATION',
      article: rules.articles.kinds,
      text: `${REGULATION_NAMES[rules.code]} không có điểm «${SCORE_KIND_TERMS[component.kind]}».`,
    }
  }
  const isNumber = typeof component.value === 'number'
  if (assessedBy === 'SCORE' && !isNumber) {
    return { code: 'NUMBER_EXPECTED', article: rules.articles.scale, text: 'Môn học này được đánh giá bằng điểm số từ 0 đến 10.' }
  }
  if (assessedBy === 'REMARK' && isNumber) {
    return { code: 'REMARK_EXPECTED', article: rules.articles.scale, text: 'Môn học này chỉ nhận mức Đạt hoặc Chưa đạt.' }
  }
  if (isNumber && !isTenths(component.value)) {
    return { code: 'OUT_OF_SCALE', article: rules.articles.scale, text: 'Điểm phải từ 0 đến 10, lấy đến một chữ số thập phân.' }
  }
  return null
}

// Regular marks come under several names; the shortage is told as REGULAR, whichever of them is entered next.
function missingComponents(rules: SubjectRules, plan: SubjectPlan, components: readonly ScoreComponent[]): MissingComponent[] {
  const missing: MissingComponent[] = []
  const regular = components.filter(({ kind }) => rules.regularKinds.includes(kind)).length
  const needed = rules.minimumRegular(plan)
  if (regular < needed) missing.push({ kind: 'REGULAR', needed, present: regular })
  for (const { kind, single } of rules.periodic) {
    const present = components.filter((component) => component.kind === kind).length
    const asked = single ? 1 : (plan.onePeriodTests ?? 1)
    if (present < asked) missing.push({ kind, needed: asked, present })
  }
  return missing
}

function refusals(rules: SubjectRules, plan: SubjectPlan, components: readonly ScoreComponent[]): Reason[] {
  const reasons: Reason[] = []
  for (const component of components) {
    const fault = secondaryScoreFault(rules, component, plan.assessedBy)
    if (fault) reasons.push({ code: 'COMPONENT_INVALID', regulation: rules.code, article: fault.article, text: fault.text })
  }
  for (const { kind, single } of rules.periodic) {
    if (single && components.filter((component) => component.kind === kind).length > 1) {
      reasons.push({
        code: 'COMPONENT_INVALID',
        regulation: rules.code,
        article: rules.articles.counts,
        text: `Mỗi học kì chỉ có một điểm «${SCORE_KIND_TERMS[kind]}».`,
      })
    }
  }
  return reasons
}

export function secondaryTermResult(
  rules: SubjectRules,
  plan: SubjectPlan,
  components: readonly ScoreComponent[],
): SubjectResult {
  const invalid = refusals(rules, plan, components)
  const missing = missingComponents(rules, plan, components)
  // A mark the regulation does not know cannot be left out of the mean either: that too would be a partial average.
  if (invalid.length > 0 || missing.length > 0) {
    const absent = missing.map(({ kind, needed, present }): Reason => ({
      code: 'COMPONENT_MISSING',
      regulation: rules.code,
      article: rules.articles.counts,
      text: `Cần ${needed} điểm «${SCORE_KIND_TERMS[kind]}», mới có ${present}.`,
    }))
    return { value: null, missing, reasons: [...invalid, ...absent] }
  }
  if (plan.assessedBy === 'REMARK') {
    return { value: rules.remarkPasses(components) ? 'PASSED' : 'NOT_PASSED', missing, reasons: [] }
  }
  const weights = new Map(rules.periodic.map(({ kind, weight }) => [kind, weight]))
  const items: Weighted[] = []
  for (const { kind, value } of components) {
    if (typeof value === 'number') items.push({ value, weight: weights.get(kind) ?? 1 })
  }
  return { value: weightedMean(items), missing, reasons: [] }
}

/** ĐTBmcn = (ĐTBmhkI + 2 × ĐTBmhkII) / 3 on rounded term averages; a comment subject's year is its second term. */
export function secondaryYearResult(
  rules: SubjectRules,
  assessedBy: AssessedBy,
  term1: Mark | null,
  term2: Mark | null,
  taughtIn: TaughtIn = 'BOTH_TERMS',
): SubjectResult {
  for (const value of [term1, term2]) {
    if (value === null) continue
    if (assessedBy === 'SCORE' ? !isTenths(value) : typeof value === 'number') {
      throw new RangeError(`a term result of a ${assessedBy} subject cannot be ${value}`)
    }
  }
  if (taughtIn !== 'BOTH_TERMS') {
    const value = taughtIn === 'TERM_1' ? term1 : term2
    const reason: Reason = {
      code: 'TAUGHT_IN_ONE_TERM',
      regulation: rules.code,
      article: rules.articles.oneTerm,
      text: 'Môn học chỉ dạy trong một học kì: lấy kết quả của học kì đó làm kết quả cả năm.',
    }
    return value === null
      ? { value, missing: [], reasons: [termMissing(rules, assessedBy, taughtIn === 'TERM_1' ? 'I' : 'II')] }
      : { value, missing: [], reasons: [reason] }
  }
  if (assessedBy === 'REMARK') {
    if (term2 === null) return { value: null, missing: [], reasons: [termMissing(rules, assessedBy, 'II')] }
    if (term1 === null || term1 === term2) return { value: term2, missing: [], reasons: [] }
    const reason: Reason = {
      code: 'YEAR_FOLLOWS_TERM_2',
      regulation: rules.code,
      article: rules.articles.remark,
      text: 'Môn học đánh giá bằng nhận xét: kết quả cả năm theo học kì II.',
    }
    return { value: term2, missing: [], reasons: [reason] }
  }
  if (typeof term1 !== 'number' || typeof term2 !== 'number') {
    const reasons = [
      term1 === null ? termMissing(rules, assessedBy, 'I') : [],
      term2 === null ? termMissing(rules, assessedBy, 'II') : [],
    ].flat()
    return { value: null, missing: [], reasons }
  }
  return { value: roundHalfUp(term1 + 2 * term2, 3), missing: [], reasons: [] }
}

function termMissing(rules: SubjectRules, assessedBy: AssessedBy, term: 'I' | 'II'): Reason {
  return {
    code: 'SUBJECT_RESULT_MISSING',
    regulation: rules.code,
    article: assessedBy === 'SCORE' ? rules.articles.score : rules.articles.remark,
    text: `Chưa có kết quả học kì ${term}.`,
  }
}

/** TT26/2020 and TT22/2021: two, three or four regular marks a term by periods in the year. */
export function minimumByYearlyPeriods(periodsPerYear: number | null): number {
  if (periodsPerYear === null || periodsPerYear <= WEEKS_PER_YEAR) return 2
  return periodsPerYear <= 2 * WEEKS_PER_YEAR ? 3 : 4
}

/** TT58/2011 and TT26/2020: at least two thirds of the tests Đạt, the final among them. */
export function twoThirdsWithFinal(components: readonly ScoreComponent[]): boolean {
  const passed = components.filter(({ value }) => value === 'PASSED').length
  const final = components.find(({ kind }) => kind === 'FINAL')
  return final?.value === 'PASSED' && 3 * passed >= 2 * components.length
}
