// A mark goes in and out of the store without losing or gaining a tenth.
import { describe, expect, test } from 'vitest'
import { pointsOf, tenthsOf } from '../../../subgraphs/gradebook/scores/mark.ts'

describe('a mark', () => {
  test('keeps every one of the 101 values of the scale, there and back through JSON', () => {
    for (let tenths = 0; tenths <= 100; tenths += 1) {
      const sent = JSON.parse(`${Math.floor(tenths / 10)}.${tenths % 10}`) as number
      expect(tenthsOf(sent)).toBe(tenths)
      expect(JSON.stringify(pointsOf(tenths))).toBe(
        tenths % 10 === 0 ? `${tenths / 10}` : `${Math.floor(tenths / 10)}.${tenths % 10}`,
      )
    }
  })

  test.each([7.25, 9.99, 10.1, 11, -0.1, -1, 0.05, 6.875, 1e-7, 1e21, NaN, Infinity, -Infinity, 0.1 + 0.2, 2.3 * 10])(
    '%d is refused, neither rounded nor clipped',
    (value) => {
      expect(tenthsOf(value)).toBeNull()
    },
  )

  test('a negative zero is the mark zero', () => {
    expect(tenthsOf(-0)).toBe(0)
  })
})
