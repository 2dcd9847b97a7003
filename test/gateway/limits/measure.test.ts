// Measuring a document without expanding it: the same answer as expanding it, at the price of reading it once.
import fc from 'fast-check'
import { parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { analyseDocument } from '../../../gateway/limits/analyse-document.ts'
import { PLAIN_COST_MODEL } from '../../../gateway/limits/cost-model.ts'
import { countFieldPairs } from '../../../gateway/limits/field-pairs.ts'
import { DEFAULT_LIMITS } from '../../../gateway/limits/limits.ts'
import { measureDocument } from '../../../gateway/limits/measure.ts'
import { REFUSAL_CODES } from '../../../gateway/limits/refusals.ts'
import { SATURATED } from '../../../gateway/limits/saturation.ts'
import { checkOperation } from '../../../gateway/limits/check-operation.ts'
import { randomDocument } from './random-document.ts'
import { fragmentsOf, measureByExpanding, operationOf, pairsByExpanding } from './reference.ts'
import { composeSample } from './sample-contract.ts'

const { api } = composeSample()

/** `levels` fragments, each spreading the next one `width` times. */
function bomb(levels: number, width: number, last = 'id'): string {
  const fragments = Array.from({ length: levels }, (_, level) => {
    const next = level === levels - 1 ? last : Array.from({ length: width }, () => `...F${level + 1}`).join(' ')
    return `fragment F${level} on Query { ${next} }`
  })
  return `{ ...F0 } ${fragments.join(' ')}`
}

describe('the memoised measure', () => {
  test('equals the measure of the fully expanded document', () => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const { source } = randomDocument(api, (bound) => gen(fc.nat, { max: bound - 1 }), { cycles: false })
        const document = parse(source)
        const operation = operationOf(document)
        const { byOperation } = measureDocument(document)
        expect(byOperation.get(operation)).toMatchObject(measureByExpanding(operation.selectionSet, fragmentsOf(document)))
      }),
      { numRuns: 400 },
    )
  })

  test('counts as many pairs of fields as a comparison of every two of them', () => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const { source } = randomDocument(api, (bound) => gen(fc.nat, { max: bound - 1 }), { cycles: false })
        const document = parse(source)
        const { selectionSet } = operationOf(document)
        const fragments = fragmentsOf(document)
        expect(countFieldPairs([selectionSet], fragments)).toBe(pairsByExpanding(selectionSet, fragments))
      }),
      { numRuns: 200 },
    )
  })

  test('visits no selection twice, however often it is spread', () => {
    fc.assert(
      fc.property(fc.gen(), fc.boolean(), (gen, cycles) => {
        const { source } = randomDocument(api, (bound) => gen(fc.nat, { max: bound - 1 }), { cycles })
        const document = parse(source)
        expect(measureDocument(document).visits).toBeLessThanOrEqual(document.tokenCount ?? 0)
      }),
      { numRuns: 200 },
    )
  })

  test('measures a bomb of 2^20 fields in one visit a selection', () => {
    const measure = measureDocument(parse(bomb(21, 2)))
    expect(measure.whole.fields).toBe(2 ** 20)
    expect(measure.visits).toBe(1 + 20 * 2 + 1)
  })

  test('stops counting where a bomb outgrows every number', () => {
    const measure = measureDocument(parse(bomb(60, 40)))
    expect(measure.whole.selections).toBe(SATURATED)
    expect(measure.whole.fields).toBe(SATURATED)
    expect(measure.visits).toBe(1 + 59 * 40 + 1)
  })

  test('counts a bomb whose last fragment does not exist', () => {
    expect(measureDocument(parse(bomb(21, 2, '...Missing'))).whole.selections).toBeGreaterThan(2 ** 20)
  })

  test('measures fragments that no operation reaches, because validation reads them too', () => {
    const { whole, roots } = measureDocument(parse(`{ school { id } } fragment Idle on Query { a { b { c { d } } } }`))
    expect(whole.depth).toBe(4)
    expect(roots).toHaveLength(2)
  })

  test('measures both of two fragments with one name', () => {
    const source = '{ ...F } fragment F on Query { a { b { c { d } } } } fragment F on Query { id }'
    expect(measureDocument(parse(source)).whole.depth).toBe(4)
  })
})

describe('a cycle of fragments', () => {
  const cycles = {
    'of one fragment': ['{ ...F } fragment F on Query { id ...F }', 'F → F'],
    'of one fragment, below a field': ['{ ...F } fragment F on Query { school { ...F } }', 'F → F'],
    'of three, entered from outside': [
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { id ...D } fragment D on Query { ...B }',
      'B → C → D → B',
    ],
    'that no operation reaches': ['{ id } fragment F on Query { ... { ...G } } fragment G on Query { ...F }', 'F → G → F'],
  } as const

  for (const [name, [source, path]] of Object.entries(cycles)) {
    test(`${name} is refused with its path`, () => {
      const result = analyseDocument({ source, schema: api, costModel: PLAIN_COST_MODEL, limits: DEFAULT_LIMITS })
      expect(result).toMatchObject({ ok: false, refusal: { code: 'FRAGMENT_CYCLE', extensions: { at: path } } })
    })
  }

  test('is not seen where two fragments merely share a third', () => {
    const source = '{ ...A ...B } fragment A on Query { ...C } fragment B on Query { ...C } fragment C on Query { __typename }'
    expect(measureDocument(parse(source)).cycle).toBeUndefined()
  })
})

test('checking never throws on anything that parses: it allows or refuses with a code', () => {
  const tight = { ...DEFAULT_LIMITS, maxCost: 300, maxExpandedSelections: 60 }
  const verdicts = new Set<string>()
  fc.assert(
    fc.property(fc.gen(), fc.boolean(), (gen, cycles) => {
      const { source, variables } = randomDocument(api, (bound) => gen(fc.nat, { max: bound - 1 }), { cycles })
      const result = checkOperation({ source, variables, schema: api, costModel: PLAIN_COST_MODEL, limits: tight })
      verdicts.add(result.ok ? 'ok' : result.refusal.code)
      if (!result.ok) expect(REFUSAL_CODES).toContain(result.refusal.code)
    }),
    { numRuns: 400 },
  )
  expect([...verdicts]).toEqual(expect.arrayContaining(['ok', 'FRAGMENT_CYCLE', 'TOO_MANY_FIELDS']))
})

test('checking never throws on any text, nor on any variables', () => {
  const word = fc.constantFrom(
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '...',
    'on',
    'fragment',
    'query',
    'type',
    '$',
    ':',
    '!',
    '@',
    'a',
    '"x"',
    '1',
    '#\n',
    '\u0000',
    '"',
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), fc.dictionary(fc.string(), fc.jsonValue()), (words, variables) => {
      const result = checkOperation({
        source: words.join(' '),
        variables,
        schema: api,
        costModel: PLAIN_COST_MODEL,
        limits: DEFAULT_LIMITS,
      })
      if (!result.ok) expect(REFUSAL_CODES).toContain(result.refusal.code)
    }),
    { numRuns: 500 },
  )
})
