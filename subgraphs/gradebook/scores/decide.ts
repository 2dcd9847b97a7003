// What becomes of each record: written anew, changed, left alone, in conflict, refused; and in ATOMIC mode all or none.
import { recordFault } from '../../kernel/errors.ts'
import type { Fault } from '../../kernel/root-causes.ts'
import { settle } from '../../kernel/settle.ts'
import type { RemarkMark, ScoreKind, Tenths } from '../assessment/types.ts'
import { scoreKey, type AcceptedScore, type Verdict } from './validate.ts'

/** The mark as it stands in the store. */
export interface StoredMark {
  readonly studentId: string
  readonly kind: ScoreKind
  readonly ordinal: number
  readonly valueTenths: Tenths | null
  readonly remark: RemarkMark | null
  readonly version: number
  /** It stands in a book that is not open: one of the class a pupil came from. */
  readonly locked: boolean
}

export type Decision<S extends StoredMark> =
  | { readonly status: 'CREATED'; readonly score: AcceptedScore; readonly stored: null }
  | { readonly status: 'UPDATED'; readonly score: AcceptedScore; readonly stored: S }
  | { readonly status: 'UNCHANGED'; readonly stored: S }
  | { readonly status: 'CONFLICT'; readonly stored: S | null; readonly faults: readonly Fault[] }
  | { readonly status: 'REJECTED'; readonly faults: readonly Fault[] }

const fault = (code: 'VERSION_CONFLICT' | 'BATCH_REJECTED' | 'GRADEBOOK_LOCKED', path: string): Fault => ({
  ...recordFault(code, path),
  about: null,
})

/**
 * A mark is its number or remark: a resend that says the same is UNCHANGED, whoever enters it and whatever id it has in
 * the caller's own system, so that two products that synchronise one book never make each other's marks look new.
 */
function decideOne<S extends StoredMark>(verdict: Verdict, stored: ReadonlyMap<string, S>): Decision<S> {
  if ('faults' in verdict) return { status: 'REJECTED', faults: verdict.faults }
  const score = verdict.accepted
  const current = stored.get(scoreKey(score.studentId, score.kind, score.ordinal)) ?? null
  if (score.expectedVersion !== null && score.expectedVersion !== (current?.version ?? 0))
    return { status: 'CONFLICT', stored: current, faults: [fault('VERSION_CONFLICT', 'expectedVersion')] }
  if (current === null) return { status: 'CREATED', score, stored: null }
  const same = current.valueTenths === score.valueTenths && current.remark === score.remark
  if (same) return { status: 'UNCHANGED', stored: current }
  if (current.locked) return { status: 'REJECTED', faults: [fault('GRADEBOOK_LOCKED', 'student')] }
  return { status: 'UPDATED', score, stored: current }
}

export function decide<S extends StoredMark>(
  verdicts: readonly Verdict[],
  storedMarks: readonly S[],
  mode: 'PARTIAL' | 'ATOMIC',
): readonly Decision<S>[] {
  const stored = new Map(storedMarks.map((mark) => [scoreKey(mark.studentId, mark.kind, mark.ordinal), mark]))
  const decisions = verdicts.map((verdict) => decideOne(verdict, stored))
  return settle(decisions, mode, { status: 'REJECTED', faults: [fault('BATCH_REJECTED', '')] })
}
