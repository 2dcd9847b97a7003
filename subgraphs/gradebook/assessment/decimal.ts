// Marks as scaled integers: half-up division, weighted means, and the way in and out of text. No binary floats anywhere.

import type { Tenths } from './types.ts'

export const MAX_MARK: Tenths = 100

export function isTenths(value: unknown): value is Tenths {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_MARK
}

/** Catches the caller who hands 7.9 where 79 is meant: comparing points with tenths would fail every pupil in silence. */
export function assertTenths(value: number, what: string): void {
  if (!isTenths(value)) throw new RangeError(`${what} must be an integer number of tenths from 0 to 100, not ${value}`)
}

/**
 * numerator / denominator to the nearest integer, halves up. With tenths above, the answer is in tenths.
 * The division is exact: the remainder is taken off first, so no fraction is ever represented.
 */
export function roundHalfUp(numerator: number, denominator: number): number {
  if (!Number.isSafeInteger(numerator) || numerator < 0) throw new RangeError('numerator must be a non-negative integer')
  if (!Number.isSafeInteger(denominator) || denominator <= 0) throw new RangeError('denominator must be a positive integer')
  const doubled = 2 * numerator + denominator
  const divisor = 2 * denominator
  if (!Number.isSafeInteger(doubled) || !Number.isSafeInteger(divisor)) throw new RangeError('operands too large')
  return (doubled - (doubled % divisor)) / divisor
}

export interface Weighted {
  value: Tenths
  weight: number
}

/** Weighted mean, half-up to a tenth; null for nothing. */
export function weightedMean(items: readonly Weighted[]): Tenths | null {
  if (items.length === 0) return null
  let sum = 0
  let weights = 0
  for (const { value, weight } of items) {
    sum += value * weight
    weights += weight
  }
  return roundHalfUp(sum, weights)
}

export function mean(values: readonly Tenths[]): Tenths | null {
  return weightedMean(values.map((value) => ({ value, weight: 1 })))
}

// Excel files of schools write the decimal comma, systems the point; both are read, thousands separators are not.
const MARK_TEXT = /^(\d{1,2})(?:[.,](\d{1,18}))?$/

/** Reads '7', '7.95' or '7,95' half-up to a tenth; null for anything that is not a mark from 0 to 10. */
export function parseTenths(text: string): Tenths | null {
  const match = MARK_TEXT.exec(text.trim())
  if (!match) return null
  const decimals = match[2] ?? ''
  const whole = Number(match[1])
  // 10.04 is above the scale, though it would round to 10.0.
  if (whole > 10 || (whole === 10 && /[1-9]/.test(decimals))) return null
  const tenth = Number(decimals[0] ?? '0')
  return whole * 10 + tenth + ((decimals[1] ?? '0') >= '5' ? 1 : 0)
}

/** Reads a JSON number through its shortest decimal text, so that 7.95 means 7,95 and not the double just beside it. */
export function tenthsOfNumber(value: number): Tenths | null {
  return parseTenths(String(value))
}

/** '7.9': the form of the contract and the database. */
export function formatTenths(value: Tenths): string {
  const tenth = value % 10
  return `${(value - tenth) / 10}.${tenth}`
}

/** '7,9': the form people read in Vietnamese. */
export function formatTenthsVi(value: Tenths): string {
  return formatTenths(value).replace('.', ',')
}
