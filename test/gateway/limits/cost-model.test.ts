// The cost model is what the subgraphs said, under whatever names they imported the directives.
import { parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { buildCostModel } from '../../../gateway/limits/cost-model.ts'
import { compose, composeSample } from './sample-contract.ts'

const FEDERATION = 'https://specs.apollo.dev/federation/v2.9'

describe('a composed supergraph', () => {
  const model = buildCostModel(composeSample().supergraph)

  test('brings the weights of fields, types, arguments and input fields', () => {
    expect(model.weights.get('Query.report')).toBe(50)
    expect(model.weights.get('Report')).toBe(9)
    expect(model.weights.get('Place')).toBe(4)
    expect(model.weights.get('ClassRoom.size')).toBe(1)
    expect(model.weights.get('Query.search(text:)')).toBe(3)
    expect(model.weights.get('ScoreInput.evidence')).toBe(6)
  })

  test('brings the list sizes with all their arguments and their defaults', () => {
    expect(model.listSizes.get('Query.schools')).toEqual({
      assumedSize: undefined,
      slicingArguments: ['first', 'last'],
      sizedFields: ['edges'],
      requireOneSlicingArgument: false,
    })
    expect(model.listSizes.get('Query.students')?.requireOneSlicingArgument).toBe(true)
    expect(model.listSizes.get('Query.subjects')).toMatchObject({ assumedSize: 15, slicingArguments: [], sizedFields: [] })
  })

  test('says nothing of what nobody annotated', () => {
    expect(model.weights.has('School')).toBe(false)
    expect(model.listSizes.has('Query.classes')).toBe(false)
  })

  test('lets an interface or a union cost as much as its dearest member', () => {
    expect(model.weights.get('Party')).toBe(4)
    expect(model.weights.get('Found')).toBe(4)
    expect(model.weights.get('Party.name')).toBe(2)
    expect(model.listSizes.get('Party.badges')).toMatchObject({ assumedSize: 30, slicingArguments: ['first'] })
  })
})

describe('two subgraphs that weigh one thing differently', () => {
  const shared = (weight: number, size: number): string => `
    extend schema @link(url: "${FEDERATION}", import: ["@shareable", "@cost", "@listSize"])
    type Query { report: Report @shareable @cost(weight: ${weight}), lines: [String!]! @shareable @listSize(assumedSize: ${size}) }
    type Report @shareable @cost(weight: ${weight * 2}) { total: Int }`

  test('are believed where they say more', () => {
    const { supergraph } = compose([
      { name: 'one', sdl: shared(5, 40) },
      { name: 'two', sdl: shared(8, 30) },
    ])
    const model = buildCostModel(supergraph)
    expect(model.weights.get('Query.report')).toBe(8)
    expect(model.weights.get('Report')).toBe(16)
    expect(model.listSizes.get('Query.lines')?.assumedSize).toBe(40)
  })
})

describe('the names of the directives', () => {
  const one = (link: string, cost: string, listSize: string): ReturnType<typeof compose>['supergraph'] =>
    compose([
      {
        name: 'one',
        sdl: `extend schema ${link} type Query { a: Int @${cost}(weight: 7), b: [Int!]! @${listSize}(assumedSize: 70) }`,
      },
    ]).supergraph

  test('are those under which the subgraphs imported them', () => {
    const model = buildCostModel(
      one(
        `@link(url: "${FEDERATION}", import: [{ name: "@cost", as: "@weighs" }, { name: "@listSize", as: "@holds" }])`,
        'weighs',
        'holds',
      ),
    )
    expect(model.weights.get('Query.a')).toBe(7)
    expect(model.listSizes.get('Query.b')?.assumedSize).toBe(70)
  })

  test('are found though the subgraphs never imported them', () => {
    const model = buildCostModel(one(`@link(url: "${FEDERATION}")`, 'federation__cost', 'federation__listSize'))
    expect(model.weights.get('Query.a')).toBe(7)
    expect(model.listSizes.get('Query.b')?.assumedSize).toBe(70)
  })

  test("without an import are the specification's own, under its namespace", () => {
    const model = buildCostModel(
      parse(`schema @link(url: "https://specs.apollo.dev/cost/v0.1") { query: Query }
        type Query { a: Int @cost(weight: 7), b: [Int!]! @cost__listSize(assumedSize: 70) }`),
    )
    expect(model.weights.get('Query.a')).toBe(7)
    expect(model.listSizes.get('Query.b')?.assumedSize).toBe(70)
    const renamed = buildCostModel(
      parse(`extend schema @link(url: "https://specs.apollo.dev/cost/v0.1", as: "price")
        type Query { a: Int @price(weight: 7), b: [Int!]! @price__listSize(assumedSize: 70) }`),
    )
    expect(renamed).toEqual(model)
  })

  test("somebody else's @cost is not believed", () => {
    const model = buildCostModel(
      parse(`schema @link(url: "https://example.org/cost/v0.1", import: ["@cost"]) { query: Query }
        type Query { a: Int @cost(weight: 0) }`),
    )
    expect(model.weights.size).toBe(0)
    const unlinked = buildCostModel(parse('type Query { a: Int @cost(weight: 0) }'))
    expect(unlinked.weights.size).toBe(0)
  })
})

test('a negative weight pays for nothing', () => {
  const model = buildCostModel(
    parse(`schema @link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@cost"]) { query: Query }
      type Query { a: Int @cost(weight: -5) }`),
  )
  expect(model.weights.get('Query.a')).toBe(0)
})
