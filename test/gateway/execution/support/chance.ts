// Chance that can be had again: a generator of numbers from any text.

export interface Chance {
  /** True once in `n` times; never where `n` is 0. */
  oneIn(n: number): boolean
  below(n: number): number
  pick<T>(from: readonly T[]): T
}

export function chanceOf(seed: string): Chance {
  let state = 2166136261
  for (let index = 0; index < seed.length; index++) state = Math.imul(state ^ seed.charCodeAt(index), 16777619)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const below = (n: number): number => Math.floor(next() * n)
  return { below, oneIn: (n) => n > 0 && below(n) === 0, pick: (from) => from[below(from.length)]! }
}
