// How far a book is filled: the marks its regulation asks for, of the pupils who study in the class.
import type { MissingComponent, ScoreKind } from '../assessment/types.ts'
import type { BookRules } from './book-rules.ts'

/** Pupils who hold the same kinds of marks, counted together: a class falls into a handful of such groups. */
export interface HeldKinds {
  readonly kinds: readonly ScoreKind[]
  readonly pupils: number
}

export interface Progress {
  readonly entered: number
  readonly expected: number
}

const owed = (missing: readonly MissingComponent[]): number =>
  missing.reduce((sum, { needed, present }) => sum + needed - present, 0)

export function progressOf(rules: BookRules, groups: readonly HeldKinds[]): Progress {
  const perPupil = owed(rules.missing([]))
  let expected = 0
  let entered = 0
  for (const { kinds, pupils } of groups) {
    expected += perPupil * pupils
    entered += (perPupil - owed(rules.missing(kinds))) * pupils
  }
  return { entered, expected }
}
