// Scaled integers: what is read, how it is rounded, and that no binary fraction can slip in.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  assertTenths,
  formatTenths,
  formatTenthsVi,
  mean,
  parseTenths,
  roundHalfUp,
  tenthsOfNumber,
  weightedMean,
} from '../../../subgraphs/gradebook/assessment/decimal.ts'

describe('rounding', () => {
  test.each([
    ['7.95 → 8.0', 795, 10, 80],
    ['6.85 → 6.9', 685, 10, 69],
    ['6.875 → 6.9', 6875, 100, 69],
    ['6.8499 → 6.8', 68499, 1000, 68],
    ['exactly a tenth stays', 68, 1, 68],
    ['zero stays', 0, 7, 0],
  ])('%s', (_, numerator, denominator, expected) => {
    expect(roundHalfUp(numerator, denominator)).toBe(expected)
  })

  test('agrees with exact rational arithmetic for every quotient', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40), fc.integer({ min: 1, max: 2 ** 20 }), (numerator, denominator) => {
        const n = BigInt(numerator)
        const d = BigInt(denominator)
        const floor = n / d
        const expected = 2n * (n - floor * d) >= d ? floor + 1n : floor
        expect(BigInt(roundHalfUp(numerator, denominator))).toBe(expected)
      }),
      { numRuns: 2000 },
    )
  })

  test('refuses fractions, negative numbers, division by zero and operands beyond exact integers', () => {
    for (const [numerator, denominator] of [
      [0.5, 1],
      [-1, 2],
      [1, 0],
      [1, 1.5],
      [Number.NaN, 1],
      [Number.MAX_SAFE_INTEGER, 2],
    ] as const) {
      expect(() => roundHalfUp(numerator, denominator)).toThrow(RangeError)
    }
  })
})

describe('means', () => {
  test('of nothing is null, not zero', () => {
    expect(weightedMean([])).toBeNull()
    expect(mean([])).toBeNull()
  })

  test('an average lies between the lowest and the highest mark, whatever the weights', () => {
    const items = fc.array(fc.record({ value: fc.nat(100), weight: fc.integer({ min: 1, max: 3 }) }), { minLength: 1 })
    fc.assert(
      fc.property(items, (marks) => {
        const values = marks.map(({ value }) => value)
        const average = weightedMean(marks)
        expect(average).toBeGreaterThanOrEqual(Math.min(...values))
        expect(average).toBeLessThanOrEqual(Math.max(...values))
      }),
    )
  })
})

describe('reading and writing marks', () => {
  test.each([
    ['7', 70],
    ['7.9', 79],
    ['7,9', 79],
    [' 7.95 ', 80],
    ['6.85', 69],
    ['7.949999999999', 79],
    ['9.95', 100],
    ['0', 0],
    ['10', 100],
    ['10.00', 100],
    ['05', 50],
  ])('%s is read as %i tenths', (text, tenths) => {
    expect(parseTenths(text)).toBe(tenths)
  })

  test.each(['', ' ', '-1', '+7', '10.04', '11', '100', '7.', '.5', '7..5', '7.5.5', '1e1', 'Đ', 'NaN', '7 5', '٧'])(
    '%j is not a mark',
    (text) => {
      expect(parseTenths(text)).toBeNull()
    },
  )

  test('a JSON number means its decimal text, not the double beside it', () => {
    // 1.15 is stored a little below and 7.95 a little above; multiplying by ten would betray one of them.
    expect([1.15, 7.95, 6.85, 8.25, 0.05].map(tenthsOfNumber)).toEqual([12, 80, 69, 83, 1])
    expect([Number.NaN, Infinity, -0.1, 10.01, 1e-7].map(tenthsOfNumber)).toEqual([null, null, null, null, null])
  })

  test('every mark survives being written and read', () => {
    for (let tenths = 0; tenths <= 100; tenths++) {
      expect(parseTenths(formatTenths(tenths))).toBe(tenths)
      expect(parseTenths(formatTenthsVi(tenths))).toBe(tenths)
    }
    expect([formatTenths(100), formatTenths(5), formatTenthsVi(79)]).toEqual(['10.0', '0.5', '7,9'])
  })

  test('points handed in for tenths are a mistake, never a low mark', () => {
    expect(() => assertTenths(7.9, 'Toán')).toThrow(/Toán/)
    expect(() => assertTenths(101, 'Toán')).toThrow(RangeError)
    expect(() => assertTenths(79, 'Toán')).not.toThrow()
  })
})
