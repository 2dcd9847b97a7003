// What an operation costs, by the rules of the cost specification.
import fc from 'fast-check'
import { parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { checkOperation } from '../../../gateway/limits/check-operation.ts'
import { compileCost } from '../../../gateway/limits/cost.ts'
import { buildCostModel, PLAIN_COST_MODEL } from '../../../gateway/limits/cost-model.ts'
import type { CostModel } from '../../../gateway/limits/cost-model.ts'
import { DEFAULT_LIMITS } from '../../../gateway/limits/limits.ts'
import type { Variables } from '../../../gateway/limits/variables.ts'
import { randomDocument } from './random-document.ts'
import { costByExpanding, fragmentsOf, operationOf } from './reference.ts'
import { composeSample } from './sample-contract.ts'

const { api, supergraph } = composeSample()
const annotated = buildCostModel(supergraph)

function costOf(source: string, variables: Variables = {}, costModel: CostModel = annotated): number | string {
  const result = checkOperation({ source, variables, schema: api, costModel, limits: { ...DEFAULT_LIMITS, maxCost: Infinity } })
  return result.ok ? result.measured.cost : result.refusal.code
}

test('objects cost one and scalars nothing, however many are selected', () => {
  expect(costOf('{ school(id: 1) { id name __typename head { id } } }')).toBe(2)
})

test('a mutation costs ten before anything else', () => {
  expect(costOf('mutation { __typename }')).toBe(10)
  expect(costOf('{ __typename }')).toBe(0)
})

test('a weight stands in the place of the one: of the field before that of its type', () => {
  expect(costOf('{ report { total } }')).toBe(50)
  expect(costOf('{ school(id: 1) { classes { size } } }')).toBe(1 + 10 * (1 + 1))
  expect(costOf('{ party { id } }')).toBe(4)
  expect(costOf('{ party { name badges(first: 2) { title } } }')).toBe(4 + 2 + 2)
})

describe('a list costs as many times its element', () => {
  test('as its page argument says', () => {
    expect(costOf('{ schools(first: 7) { edges { node { id } } } }')).toBe(1 + 7 * 2)
    expect(costOf('{ schools(last: 3) { edges { node { id } } } }'), 'the larger of the page and the default').toBe(1 + 20 * 2)
    expect(costOf('{ students(last: 3) { nodes { id } edges { node { id } } pageInfo { hasNextPage } } }')).toBe(
      1 + 3 + 3 * 2 + 1,
    )
  })

  test('as a variable says, and the default of the variable, and the default of the argument', () => {
    const source = 'query ($n: Int = 4) { schools(first: $n) { edges { node { id } } } }'
    expect(costOf(source, { n: 9 })).toBe(1 + 9 * 2)
    expect(costOf(source)).toBe(1 + 4 * 2)
    expect(costOf('query ($n: Int) { schools(first: $n) { edges { node { id } } } }')).toBe(1 + 20 * 2)
    expect(costOf('{ schools { edges { node { id } } } }')).toBe(1 + 20 * 2)
  })

  test('as is assumed of it where nothing is asked, and ten where nothing is assumed', () => {
    expect(costOf('{ subjects { code } }')).toBe(15)
    expect(costOf('{ school(id: 1) { classes { name } } }')).toBe(1 + 10)
    expect(costOf('{ schools(first: null) { edges { node { id } } } }')).toBe(1 + 10 * 2)
  })

  test('as is asked, before what is assumed', () => {
    expect(costOf('{ students(first: 1) { nodes { scores(first: 3) { value } } } }')).toBe(1 + 1 * (1 + 3))
    expect(costOf('{ students(first: 1) { nodes { scores { value } } } }')).toBe(1 + 1 * (1 + 12))
  })

  test('where lists stand in lists, multiplied', () => {
    const source =
      '{ schools(first: 2) { edges { node { classes { students(first: 40) { scores { value amendments { reason } } } } } } } }'
    expect(costOf(source)).toBe(1 + 2 * (1 + (1 + 10 * (1 + 40 * (1 + 12 * (1 + 10))))))
  })

  test('though nobody annotated the connection: first and last size its edges and nodes', () => {
    expect(costOf('{ classes(first: 30) { edges { node { name } } nodes { name } } }')).toBe(1 + 30 * 2 + 30)
    expect(costOf('{ classes { nodes { name } } }')).toBe(1 + 10)
    expect(costOf('{ schools(first: 30) { edges { node { id } } } }', {}, PLAIN_COST_MODEL)).toBe(1 + 30 * 2)
  })

  test('of no element, nothing', () => {
    expect(costOf('{ schools(first: 0, last: 0) { edges { node { id } } } }')).toBe(1)
    expect(costOf('{ classes(first: -5) { nodes { name } } }')).toBe(1)
  })
})

describe('a page argument that must be given', () => {
  const page = (asked: string): string => `query ($n: Int) { students${asked} { nodes { id } } }`

  test('is allowed once, in the text or in a variable', () => {
    expect(costOf(page('(first: 5)'))).toBe(6)
    expect(costOf(page('(last: $n)'), { n: 5 })).toBe(6)
    expect(costOf(page('(first: 5, last: null)'))).toBe(6)
  })

  test('is refused when it is missing or given twice', () => {
    expect(costOf(page(''))).toBe('PAGE_SIZE_REQUIRED')
    expect(costOf(page('(first: $n)'))).toBe('PAGE_SIZE_REQUIRED')
    expect(costOf(page('(first: $n)'), { n: null })).toBe('PAGE_SIZE_REQUIRED')
    expect(costOf(page('(first: 1, last: $n)'), { n: 5 })).toBe('PAGE_SIZE_REQUIRED')
  })
})

describe('a fragment', () => {
  test('costs wherever it is spread, and takes the size of the list it is spread in', () => {
    const fragment = 'fragment Page on SchoolConnection { edges { node { id } } }'
    expect(costOf(`{ a: schools(first: 5) { ...Page } b: schools(first: 6) { ... { ...Page } } } ${fragment}`)).toBe(
      1 + 10 + 1 + 12,
    )
    expect(costOf(`{ schools(first: 5) { ...Page edges { cursor } } } ${fragment}`)).toBe(1 + 10 + 5)
  })

  test('bomb costs beyond every bound without an end of numbers', () => {
    const levels = Array.from(
      { length: 14 },
      (_, level) => `fragment F${level} on Student { scores(first: 1000) { value } ...F${level + 1} }`,
    )
    const source = `{ students(first: 1000) { nodes { ...F0 } } } ${levels.join(' ')} fragment F14 on Student { id }`
    expect(costOf(source)).toBe(1 + 1000 * (1 + 14 * 1000))
  })
})

describe('what is sent', () => {
  const record = (source: string, variables: Variables = {}): number | string => costOf(source, variables)

  test('costs one an input object, in the text and in a variable alike', () => {
    const literal =
      'mutation { recordScores(input: { records: [{ student: { id: "1" } }, { student: { code: "2" }, value: 7 }] }) }'
    expect(record(literal)).toBe(10 + 1 + 2 + 2)
    const variable = 'mutation ($input: RecordScoresInput!) { recordScores(input: $input) }'
    const records = [{ student: { id: '1' } }, { student: { code: '2' }, value: 7 }]
    expect(record(variable, { input: { records } })).toBe(10 + 1 + 2 + 2)
    const nested = 'mutation ($records: [ScoreInput!]!) { recordScores(input: { records: $records }) }'
    expect(record(nested, { records })).toBe(10 + 1 + 2 + 2)
  })

  test('costs what its fields and types weigh', () => {
    const variable = 'mutation ($input: RecordScoresInput!) { recordScores(input: $input) }'
    expect(record(variable, { input: { records: [{ evidence: { file: 'a' } }] } })).toBe(10 + 1 + 1 + 6)
    expect(record(variable, { input: { records: [{ student: { checksum: 4 } }] } })).toBe(10 + 1 + 1 + 1 + 2)
    expect(costOf('{ schools(first: 1, filter: { near: "x", not: { near: "y" } }) { pageInfo { hasNextPage } } }')).toBe(
      1 + 1 + (1 + 4) + (1 + 4),
    )
  })

  test('costs the same however many fields send the same variable', () => {
    const source = 'mutation ($i: RecordScoresInput!) { a: recordScores(input: $i) b: recordScores(input: $i) }'
    expect(record(source, { i: { records: [{}, {}] } })).toBe(10 + 3 + 3)
  })

  test('costs the weight of its argument', () => {
    expect(costOf('{ search(text: "an") { ... on Student { id } } }')).toBe(5 * 4 + 3)
    expect(costOf('query ($t: String) { search(text: $t) { __typename } }', { t: 'an' })).toBe(5 * 4 + 3)
    expect(costOf('query ($t: String = "an") { search(text: $t) { __typename } }')).toBe(5 * 4 + 3)
    expect(costOf('query ($t: String) { search(text: $t) { __typename } }')).toBe(5 * 4)
  })

  test('costs the weight of its argument for a list and again for each of its entries', () => {
    expect(costOf('{ search(kinds: ["a", "b"]) { __typename } }')).toBe(5 * 4 + 2 + 2 * 2)
    expect(costOf('query ($k: [String!]) { search(kinds: $k) { __typename } }', { k: ['a', 'b'] })).toBe(5 * 4 + 2 + 2 * 2)
    expect(costOf('query ($k: [String!]) { search(kinds: $k) { __typename } }', { k: 'a' })).toBe(5 * 4 + 2)
    expect(costOf('{ search(kinds: null) { __typename } }')).toBe(5 * 4)
  })

  test('of a thousand full records stays within the bound of cost', () => {
    const records = Array.from({ length: 1000 }, () => ({ student: { code: 'HS0001' }, value: 8.5 }))
    const cost = record('mutation ($input: RecordScoresInput!) { recordScores(input: $input) }', { input: { records } })
    expect(cost).toBe(10 + 1 + 2000)
    expect(cost).toBeLessThan(DEFAULT_LIMITS.maxCost)
  })
})

describe('variables of the wrong kind', () => {
  const source = 'query ($n: Int) { schools(first: $n) { edges { node { id } } } }'

  test('cost as the largest page where they cannot be read as a number', () => {
    for (const n of ['many', {}, [], true]) expect(costOf(source, { n })).toBe(1 + 1000 * 2)
  })

  test('are bounded as the numbers they look like', () => {
    expect(costOf(source, { n: '30' })).toBe(1 + 30 * 2)
    expect(costOf(source, { n: '1001' })).toBe('LIST_TOO_LONG')
    expect(costOf(source, { n: 1e300 })).toBe('LIST_TOO_LONG')
    expect(costOf(source, { n: Infinity })).toBe('LIST_TOO_LONG')
  })

  test('that the operation does not declare decide nothing', () => {
    expect(costOf('{ schools(first: 1, last: 1) { edges { node { id } } } }', { first: 500, n: 500 })).toBe(1 + 2)
  })

  test('named like parts of every object are only names', () => {
    expect(costOf('query ($constructor: Int) { schools(first: $constructor) { edges { node { id } } } }')).toBe(1 + 20 * 2)
    expect(costOf('{ school(id: 1) { constructor __proto__ toString } }')).toBe(4)
  })
})

test('the cost equals the cost of the fully expanded document, for random documents and variables', () => {
  // Whether a page argument was needed is another question, and would end most random documents early.
  const listSizes = [...annotated.listSizes].map(([at, size]) => [at, { ...size, requireOneSlicingArgument: false }] as const)
  const model = { ...annotated, listSizes: new Map(listSizes) }
  let costly = 0
  fc.assert(
    fc.property(fc.gen(), (gen) => {
      const { source, variables } = randomDocument(api, (bound) => gen(fc.nat, { max: bound - 1 }), { cycles: false })
      const document = parse(source)
      const { price } = compileCost(operationOf(document), fragmentsOf(document), api, model, DEFAULT_LIMITS)
      const cost = costByExpanding({ document, variables, schema: api, model, assumedListSize: DEFAULT_LIMITS.assumedListSize })
      if (cost > 50) costly += 1
      expect(price(variables)).toMatchObject({ ok: true, cost })
    }),
    { numRuns: 600 },
  )
  expect(costly).toBeGreaterThan(50)
})
