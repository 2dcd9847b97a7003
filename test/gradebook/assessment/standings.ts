// Shorthand for pupils' marks, so that an assessment test reads like a page of the gradebook.

import { parseTenths } from '../../../subgraphs/gradebook/assessment/decimal.ts'
import type {
  KeySubject,
  ScoreComponent,
  ScoreKind,
  SubjectPlan,
  SubjectStanding,
  Tenths,
} from '../../../subgraphs/gradebook/assessment/types.ts'

/** '7.9' → 79. */
export function mark(text: string): Tenths {
  const tenths = parseTenths(text)
  if (tenths === null) throw new Error(`${text} is not a mark`)
  return tenths
}

function marks(kind: ScoreKind, texts: string): ScoreComponent[] {
  return texts
    .split(' ')
    .filter(Boolean)
    .map((text) => ({ kind, value: mark(text) }))
}

/** Marks of one subject in one term: tx thường xuyên, dk từ 1 tiết, gk giữa kì, ck cuối kì. */
export function term(page: { tx?: string; dk?: string; gk?: string; ck?: string }): ScoreComponent[] {
  return [
    ...marks('REGULAR', page.tx ?? ''),
    ...marks('ONE_PERIOD', page.dk ?? ''),
    ...marks('MIDTERM', page.gk ?? ''),
    ...marks('FINAL', page.ck ?? ''),
  ]
}

export function scored(periodsPerYear: number | null): SubjectPlan {
  return { assessedBy: 'SCORE', periodsPerYear }
}

export function remarked(periodsPerYear: number | null): SubjectPlan {
  return { assessedBy: 'REMARK', periodsPerYear }
}

/** A comment subject's term, written Đ and C: the last is the final, the one before it the mid-term. */
export function comments(letters: string): ScoreComponent[] {
  const values = letters.split('').map((letter): 'PASSED' | 'NOT_PASSED' => (letter === 'Đ' ? 'PASSED' : 'NOT_PASSED'))
  return values.map((value, index) => ({
    kind: index === values.length - 1 ? 'FINAL' : index === values.length - 2 ? 'MIDTERM' : 'REGULAR',
    value,
  }))
}

const KEYS: KeySubject[] = ['MATHEMATICS', 'LITERATURE', 'FOREIGN_LANGUAGE_1']

/** Year results: scored subjects in the order Toán, Ngữ văn, Ngoại ngữ 1, others; then comment subjects as Đ and C. */
export function year(averages: string, remarks = 'ĐĐĐ'): SubjectStanding[] {
  const scores = averages.split(' ').map((text, index): SubjectStanding => ({
    subject: `scored-${index + 1}`,
    assessedBy: 'SCORE',
    value: text === '-' ? null : mark(text),
    key: KEYS[index],
  }))
  const comment = remarks.split('').map((letter, index): SubjectStanding => ({
    subject: `comment-${index + 1}`,
    assessedBy: 'REMARK',
    value: letter === 'Đ' ? 'PASSED' : letter === 'C' ? 'NOT_PASSED' : null,
  }))
  return [...scores, ...comment]
}
