// One cause behind many refusals is told once, with how many records it blocks.
import { excerpt } from '../../kernel/text.ts'
import type { Fault } from './validate.ts'

export interface Cause {
  readonly code: string
  readonly about: string | null
  readonly message: string
  readonly messageVi: string
  readonly blocks: number
}

/** Causes that refuse at least two records, the widest first; what is about one record alone stands at that record. */
export function rootCauses(faultsOfRecords: readonly (readonly Fault[])[]): Cause[] {
  const causes = new Map<string, { fault: Fault; blocks: number }>()
  for (const faults of faultsOfRecords) {
    const seen = new Set<string>()
    for (const fault of faults) {
      const key = `${fault.code} ${fault.about ?? ''}`
      if (seen.has(key)) continue
      seen.add(key)
      const cause = causes.get(key)
      if (cause) cause.blocks += 1
      else causes.set(key, { fault, blocks: 1 })
    }
  }
  return [...causes.values()]
    .filter(({ fault, blocks }) => blocks > 1 && isShared(fault))
    .sort((a, b) => b.blocks - a.blocks)
    .map(({ fault: { code, about, message, messageVi }, blocks }) => ({
      code,
      about: about === null ? null : excerpt(about),
      message,
      messageVi,
      blocks,
    }))
}

// Thirty marks out of scale are thirty slips, not one cause: a cause lies outside the record, in a book, a person or a
// kind of mark, and mending it once mends them all.
const SHARED: ReadonlySet<string> = new Set([
  'GRADEBOOK_LOCKED',
  'DEADLINE_PASSED',
  'TEACHER_NOT_ASSIGNED',
  'STAFF_NOT_FOUND',
  'STUDENT_NOT_IN_CLASS',
  'SCORE_KIND_INVALID',
  'SCORE_FORM_INVALID',
])

function isShared({ code }: Fault): boolean {
  return SHARED.has(code)
}
