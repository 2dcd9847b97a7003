// What leaves of an error, and what the log keeps of it: neither suggestions, nor values, nor more than a page.
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { describeFault, publicError, withoutValues } from '../../subgraphs/kernel/masking.ts'

const silent = pino({ level: 'silent' })
const told = (message: string): string => publicError(new PlatformError('GRAPHQL_VALIDATION_FAILED', { message }), silent).message

describe('an answer', () => {
  test('holds no suggestion of what the contract would have understood', () => {
    expect(told('Cannot query field "scool" on type "Query". Did you mean "school" or "schools"?')).toBe(
      'Cannot query field "scool" on type "Query".',
    )
  })

  test('holds no more than a thousand characters of what the caller sent', () => {
    expect(told('x'.repeat(1_000_000))).toHaveLength(1_001)
  })
})

describe('the log', () => {
  test.each([
    ['invalid input syntax for type uuid: "Nguyễn Văn A"', 'invalid input syntax for type uuid: "…"'],
    ['Key (phone)=(0912345678) already exists', 'Key (phone)=(#) already exists'],
    [`value "${'Nguyễn Văn A '.repeat(500)}`, 'value "…"'],
    [`value “${'Nguyễn Văn A '.repeat(500)}”`, 'value "…"'],
  ])('keeps no value of %.60s', (message, kept) => {
    expect(withoutValues(message)).toBe(kept)
  })

  test('keeps no line of a message that poses as a frame', () => {
    const { frames } = describeFault(new Error('bad value\n    at Nguyễn Văn A (0912345678)'))
    expect(frames.join('\n')).not.toMatch(/Nguyễn|0912/)
    expect(frames[0]).toMatch(/masking\.test\.ts/)
  })

  test('is written at once, whatever was quoted', () => {
    const started = performance.now()
    withoutValues('“'.repeat(1_000_000))
    withoutValues('`'.repeat(999_999))
    expect(performance.now() - started).toBeLessThan(500)
  })
})
