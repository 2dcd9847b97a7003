// What a refusal tells: the bound, the asking and the way out, in both languages.
import { describe, expect, test } from 'vitest'
import { ERROR_CODES } from '../../../subgraphs/kernel/errors.ts'
import { checkOperation } from '../../../gateway/limits/check-operation.ts'
import { PLAIN_COST_MODEL } from '../../../gateway/limits/cost-model.ts'
import { DEFAULT_LIMITS } from '../../../gateway/limits/limits.ts'
import type { Limits } from '../../../gateway/limits/limits.ts'
import {
  REFUSAL_CODES,
  refuseBeyond,
  refuseCycle,
  refuseNoOperation,
  refuseSyntax,
  refuseUnsizedPage,
} from '../../../gateway/limits/refusals.ts'
import type { Refusal } from '../../../gateway/limits/refusals.ts'
import { SATURATED } from '../../../gateway/limits/saturation.ts'
import { composeSample } from './sample-contract.ts'

const { api } = composeSample()

const limits = Object.keys(DEFAULT_LIMITS).filter(
  (limit): limit is Exclude<keyof Limits, 'assumedListSize'> => limit !== 'assumedListSize',
)
const refusals: Record<string, Refusal> = {
  ...Object.fromEntries(
    limits.map((limit) => [limit, refuseBeyond({ limit, allowed: 12_345, asked: 67_890, at: 'Query.schools(first:)' })]),
  ),
  syntax: refuseSyntax('Syntax Error: Expected Name, found "}".', [{ line: 3, column: 1 }]),
  cycle: refuseCycle(['A', 'B', 'A']),
  none: refuseNoOperation('none'),
  several: refuseNoOperation('several'),
  unknown: refuseNoOperation('unknown'),
  unsized: refuseUnsizedPage('Query.schools', ['first', 'last'], 0),
}

describe('every refusal', () => {
  for (const [name, refusal] of Object.entries(refusals)) {
    test(`of ${name} speaks both languages, whole sentences, and carries its code for the answer`, () => {
      expect(refusal.message).toMatch(/^[A-Z][^]*\.$/)
      expect(refusal.messageVi).toMatch(/[ăâđêôơưạảấầẩậắằẵặẹẻếềểệịọỏốồổộớờởợụủứừửựỳỹ]/)
      expect(refusal.messageVi).toBe(refusal.messageVi.normalize('NFC'))
      expect(REFUSAL_CODES).toContain(refusal.code)
      expect(refusal.extensions).toMatchObject({ code: refusal.code, messageVi: refusal.messageVi })
      expect([400, 413]).toContain(ERROR_CODES[refusal.code][0])
    })
  }

  for (const limit of limits) {
    test(`of ${limit} says the bound in both languages and how to stay within it`, () => {
      const { message, messageVi, extensions } = refuseBeyond({ limit, allowed: 12_345, asked: 67_890 })
      expect(message).toContain('12,345')
      expect(messageVi).toContain('12.345')
      expect(message.split('. ').length, 'a second sentence with the way out').toBeGreaterThan(1)
      expect(messageVi.split('. ').length).toBeGreaterThan(1)
      expect(extensions).toMatchObject({ limit, allowed: 12_345, asked: 67_890 })
    })
  }

  test('names every code there is', () => {
    expect(new Set(Object.values(refusals).map(({ code }) => code))).toEqual(new Set(REFUSAL_CODES))
  })
})

test('what was beyond counting is said to be more than the last number counted', () => {
  const { message, messageVi, extensions } = refuseBeyond({ limit: 'maxCost', allowed: 20_000, asked: SATURATED })
  expect(message).toContain('more than 1,000,000,000')
  expect(messageVi).toContain('hơn 1.000.000.000')
  expect(JSON.parse(JSON.stringify(extensions))).toEqual(extensions)
})

test("a refusal repeats no more than a few words of the caller's own names", () => {
  const long = 'n'.repeat(30_000)
  const sources = [
    `{ ...${long} } fragment ${long} on Query { ...${long} }`,
    `query ($${long}: Int = 5000) { schools(first: $${long}) { pageInfo { hasNextPage } } }`,
    `{ ${long}(first: 5000) }`,
  ]
  for (const source of sources) {
    const result = checkOperation({ source, schema: api, costModel: PLAIN_COST_MODEL, limits: DEFAULT_LIMITS })
    expect(result.ok).toBe(false)
    expect(JSON.stringify(result).length).toBeLessThan(1_500)
  }
  const variables = { [long]: Array.from({ length: 1_001 }) }
  const result = checkOperation({
    source: '{ __typename }',
    variables,
    schema: api,
    costModel: PLAIN_COST_MODEL,
    limits: DEFAULT_LIMITS,
  })
  expect(JSON.stringify(result).length).toBeLessThan(1_500)
})
