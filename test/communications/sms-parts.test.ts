// How many parts an SMS costs.
import { describe, expect, test } from 'vitest'
import { smsParts } from '../../subgraphs/communications/messaging/sms-parts.ts'

describe('a text within GSM-7', () => {
  test.each([
    [0, 1],
    [160, 1],
    [161, 2],
    [306, 2],
    [307, 3],
  ])('of %i characters takes %i part(s)', (length, parts) => expect(smsParts('a'.repeat(length))).toBe(parts))

  test('counts a character of the extension table twice', () => {
    expect(smsParts('€'.repeat(80))).toBe(1)
    expect(smsParts('€'.repeat(81))).toBe(2)
  })

  test('never tears an escape from its character: 152 letters and a € leave the first part one short', () => {
    const text = `${'a'.repeat(152)}€${'a'.repeat(152)}`
    expect(smsParts(text)).toBe(3)
    expect(smsParts(`${'a'.repeat(151)}€${'a'.repeat(153)}`)).toBe(2)
  })

  test('keeps è, é, ì, ò, ù and à, which Vietnamese shares with it', () => expect(smsParts('èéìòùà'.repeat(26))).toBe(1))
})

describe('a text with any other character', () => {
  test.each([
    [70, 1],
    [71, 2],
    [134, 2],
    [135, 3],
  ])('of %i characters takes %i part(s)', (length, parts) => expect(smsParts('ư'.repeat(length))).toBe(parts))

  test('is UCS-2 as a whole: one ế makes 71 characters two parts', () => {
    expect(smsParts('a'.repeat(71))).toBe(1)
    expect(smsParts(`${'a'.repeat(70)}ế`)).toBe(2)
  })

  test('weighs the same composed and decomposed', () => {
    const text = 'Kết quả học tập của em rất tốt, đề nghị gia đình tiếp tục động viên.'
    expect(smsParts(text.normalize('NFD'))).toBe(smsParts(text))
    expect(smsParts(text)).toBe(1)
  })

  test('never tears a surrogate pair: 66 letters and an emoji leave the first part one short', () => {
    expect(smsParts(`${'ư'.repeat(66)}😀${'ư'.repeat(66)}`)).toBe(3)
  })
})
