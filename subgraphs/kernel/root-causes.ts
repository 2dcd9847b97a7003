// One cause behind many refusals is told once, with how many records it blocks.
import type { ErrorCode, RecordFault } from './errors.ts'
import { excerpt } from './text.ts'

/** A fault with what it is about, so that one cause behind many records is told once. */
export interface Fault extends RecordFault {
  readonly about: string | null
}

export interface Cause {
  readonly code: string
  readonly about: string | null
  readonly message: string
  readonly messageVi: string
  readonly blocks: number
}

/**
 * Causes that refuse at least two records, the widest first; what is about one record alone stands at that record. `shared` are
 * the codes of causes that lie outside a record: mending one mends all that it blocks.
 */
export function rootCauses(faultsOfRecords: readonly (readonly Fault[])[], shared: ReadonlySet<ErrorCode>): Cause[] {
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
    .filter(({ fault, blocks }) => blocks > 1 && shared.has(fault.code))
    .sort((a, b) => b.blocks - a.blocks)
    .map(({ fault: { code, about, message, messageVi }, blocks }) => ({
      code,
      about: about === null ? null : excerpt(about),
      message,
      messageVi,
      blocks,
    }))
}
