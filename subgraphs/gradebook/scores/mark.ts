// A mark on its way in and out: the number of the contract, the whole tenths of the store.
import type { Tenths } from '../assessment/types.ts'

const MARK = /^(?:10|\d(?:\.(\d))?)$/

/**
 * 7.9 → 79, exactly; null for whatever is not 0–10 with at most one decimal. It reads the shortest decimal text that
 * names the double, which is the text the caller wrote: 7.25 is refused rather than rounded, because rounding a paper is
 * the teacher's act, and 2.3 × 10 = 23.000000000000004 never happens.
 */
export function tenthsOf(value: number): Tenths | null {
  const match = MARK.exec(String(value))
  if (!match) return null
  return match[1] === undefined ? Number(match[0]) * 10 : Number(match[0].replace('.', ''))
}

/** 79 → 7.9: a correctly rounded division, so JSON prints it as it was written. */
export function pointsOf(tenths: Tenths | null): number | null {
  return tenths === null ? null : tenths / 10
}
