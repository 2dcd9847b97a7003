// What a merge makes of two records, and whether it can still be taken apart.
import type { ErrorCode } from '../../kernel/errors.ts'
import type { Values, Word } from '../../kernel/records/decide.ts'
import { isTemporaryCode } from './temporary-code.ts'

/** What the kept record takes from the other where it says nothing itself. */
const FILLED = [
  'birthplace',
  'nationality',
  'commune_code',
  'address',
  'boarding',
  'youth_membership',
  'can_swim',
  'personal_number',
  'ethnicity_code',
  'disability',
  'policy_group',
  'poor_household',
  'fee_relief',
] as const

/** Status and class go together: from whoever studies. */
const PLACE = ['status', 'class_id'] as const

/** Why two records are not merged. Null: nothing of their own hinders it. */
export function hindranceOf(kept: Values, merged: Values): ErrorCode | null {
  const numbers = [kept.personal_number, merged.personal_number]
  if (numbers.every((number) => number !== null) && numbers[0] !== numbers[1]) return 'MERGE_TWO_PERSONS'
  const rooms = [kept.class_id, merged.class_id]
  if (rooms.every((room) => room !== null) && rooms[0] !== rooms[1]) return 'MERGE_TWO_CLASSES'
  return null
}

export interface Filling {
  /** What the kept record says from now on, where it changes, and what it said. */
  readonly filled: Values
  readonly former: Values
}

/** The Ministry's code stays with the record that lives, whichever of the two had it. */
export function fillingOf(kept: Values, merged: Values): Filling {
  const filled: Record<string, Word> = {}
  for (const column of FILLED) if (kept[column] === null && merged[column] !== null) filled[column] = merged[column]!
  if (kept.class_id === null && merged.class_id !== null) for (const column of PLACE) filled[column] = merged[column]!
  if (isTemporaryCode(String(kept.code)) && !isTemporaryCode(String(merged.code))) filled.code = merged.code!
  const former = Object.fromEntries(Object.keys(filled).map((column) => [column, kept[column] ?? null]))
  return { filled, former }
}

/**
 * What the kept record says after the undoing. What was filled goes again; what has changed since is somebody's later word, and stays
 * if the caller says so. A pupil who has moved or left since by a line of the other record cannot be taken apart at all.
 */
export function undone(
  kept: Values,
  { filled, former }: Filling,
  laterStays: boolean,
): { readonly values: Values } | { readonly fault: ErrorCode } {
  const changed = Object.keys(filled).filter((column) => kept[column] !== filled[column])
  if (changed.some((column) => (PLACE as readonly string[]).includes(column) || column === 'code'))
    return { fault: 'MERGE_UNDO_AMBIGUOUS' }
  if (changed.length > 0 && !laterStays) return { fault: 'MERGE_HAS_LATER_ACTS' }
  const back = Object.fromEntries(Object.entries(former).filter(([column]) => !changed.includes(column)))
  return { values: { ...kept, ...back } }
}
