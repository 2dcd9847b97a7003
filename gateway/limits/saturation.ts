// Counting that stops at a ceiling: a fragment bomb doubles a thousand times, and neither overflow nor Infinity may decide about it.

/** Far above every bound, far below where doubles lose whole numbers, even multiplied by itself. */
export const SATURATED = 1_000_000_000

export function saturate(count: number): number {
  return count < SATURATED ? count : SATURATED
}
