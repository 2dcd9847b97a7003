// What is kept of an operation, for how long, and what runs when it cannot be compiled.
import { ApolloGateway } from '@apollo/gateway'
import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileExecution } from '../../../gateway/execution/executor.ts'
import { openBoth, type Both } from './support/both.ts'
import { composeLibrary } from './support/library.ts'
import { DAYS, expectSameAnswers } from './support/same.ts'
import { HONEST } from './support/simulate.ts'
import { composeTorture } from './support/torture.ts'

let both: Both

beforeAll(async () => {
  const { supergraphSdl, subgraphs } = composeTorture()
  both = await openBoth(supergraphSdl, subgraphs)
})
afterAll(() => both.stop())

/** How often the planner is asked; the stock executor keeps its plans for itself. */
function countPlans(): () => number {
  const planner = (both.gateway as unknown as { queryPlanner: { buildQueryPlan(...args: unknown[]): unknown } }).queryPlanner
  const build = planner.buildQueryPlan.bind(planner)
  let count = 0
  planner.buildQueryPlan = (...args) => {
    count++
    return build(...args)
  }
  return () => count
}

describe('a program', () => {
  test('is compiled once for a document and the name of an operation, whatever the variables', async () => {
    const plans = countPlans()
    const source = 'query A($id: ID!, $x: Boolean!) { pupil(id: $id) { id @skip(if: $x) mean } } query B { me { id } }'
    for (const id of ['1', '2', '3'])
      for (const x of [true, false]) await both.run({ source, operationName: 'A', variables: { id, x } }, id, HONEST)
    expect(plans()).toBe(2)
    await both.run({ source, operationName: 'B' }, '1', HONEST)
    await both.run({ source, operationName: 'B' }, '2', HONEST)
    expect(plans()).toBe(4)
  })

  test('is kept while it is asked for, and a thousand others push it out', async () => {
    const plans = countPlans()
    const ask = async (name: string): Promise<number> => {
      const before = plans()
      await both.run({ source: `query ${name} { now }` }, '1', HONEST)
      return plans() - before
    }
    await ask('First')
    expect(await ask('First')).toBe(0)
    for (let index = 0; index < 1_000; index++) await ask(`Other${index}`)
    // Once for ours; stock keeps more.
    expect(await ask('First')).toBe(1)
    expect(await ask('First')).toBe(0)
  })

  test('holds nothing of a caller: operations that run at the same time keep variables and answers apart', async () => {
    const source = `query P($id: ID!, $deep: Boolean!) {
      pupil(id: $id) { id name badge marks { value pupil { nick @include(if: $deep) mood } } }
    }`
    const runs = Array.from({ length: 40 }, (_, index) => ({ id: `caller-${index}`, deep: index % 2 === 0 }))
    const answers = await Promise.all(runs.map((variables) => both.run({ source, variables }, variables.id, HONEST)))
    for (const [index, { stock, ours, asked }] of answers.entries()) {
      expect(ours).toBe(stock)
      expect(JSON.stringify(asked.ours.filter(({ variables }) => 'id' in variables).map(({ variables }) => variables))).toBe(
        JSON.stringify([{ id: runs[index]!.id }]),
      )
    }
    expect(new Set(answers.map(({ ours }) => ours)).size).toBeGreaterThan(20)
  })

  test('goes when a new contract comes', async () => {
    const compose = (type: string): string => {
      const typeDefs = parse(`type Query { value: ${type} }`)
      return composeServices([{ name: 'only', url: 'http://only', typeDefs }]).supergraphSdl!
    }
    let update: ((supergraphSdl: string) => void) | undefined
    const gateway = new ApolloGateway({
      supergraphSdl: async (tools) => {
        update = tools.update
        return { supergraphSdl: compose('String') }
      },
      buildService: () => ({ process: async () => ({ data: { value: 'text' } }) as never }),
    })
    const reasons: unknown[] = []
    compileExecution(gateway, ({ reason }) => reasons.push(reason))
    await gateway.load()
    const ask = () =>
      gateway.executor({
        request: { query: '{ value }' },
        document: parse('{ value }'),
        queryHash: 'hash',
        metrics: {},
      } as unknown as Parameters<typeof gateway.executor>[0])
    expect(await ask()).toEqual({ data: { value: 'text' } })
    update!(compose('Int'))
    const { data, extensions } = await ask()
    expect(data).toEqual({ value: null })
    expect(JSON.stringify(extensions)).toContain('Invalid value found for field Query.value.')
    expect(reasons).toEqual([null, null])
    await gateway.stop()
  })
})

describe('what is not covered goes to the stock executor, with the reason', () => {
  const cases = {
    INTROSPECTION: '{ __type(name: "Pupil") { name fields { name } } me { id } }',
    RESERVED_NAME: '{ me { toString: id __proto__: name } }',
    TOO_LARGE: `{ ...F0 } ${Array.from({ length: 15 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ... { ...F${n + 1} } }`).join(' ')} fragment F15 on Query { now }`,
  }
  for (const [reason, source] of Object.entries(cases))
    test(reason, async () => {
      const answered = await both.run({ source }, '1', HONEST)
      expect(answered.reason).toBe(reason)
      expect(answered.ours).toBe(answered.stock)
      expect(answered.ours).toMatch(/^\{"data":\{"/)
    })

  test('FAULT: what the planner throws at, in its own words, and the next operation is planned', async () => {
    const { supergraphSdl, subgraphs } = composeLibrary()
    const library = await openBoth(supergraphSdl, subgraphs)
    const asked = await library.run({ source: '{ sent { ... on Named { name } } }' }, '1', HONEST)
    expect(asked.reason).toBe('FAULT')
    expect(asked.ours).toBe(asked.stock)
    expect(asked.ours).toMatch(/^thrown: .*an edge from Item\(post\)/)
    expect(asked.asked.ours).toEqual([])
    expect((await library.run({ source: '{ sent { title } }' }, '1', HONEST)).reason).toBeNull()
    await library.stop()
  })

  test('NOT_READY: a gateway that keeps its planner elsewhere', async () => {
    const reasons: unknown[] = []
    const gateway = { executor: async () => ({ data: { from: 'stock' } }) } as unknown as ApolloGateway
    compileExecution(gateway, ({ reason }) => reasons.push(reason))
    const { data } = await gateway.executor({ metrics: {} } as never)
    expect([data, reasons]).toEqual([{ from: 'stock' }, ['NOT_READY']])
  })
})

test('a condition of a type within one of an interface is judged alike, over objects and over bytes', async () => {
  const { supergraphSdl, subgraphs } = composeLibrary()
  const library = await openBoth(supergraphSdl, subgraphs)
  const inner = ['... on Reader { id } name', 'name ... on Named { ... on Reader { id } }', '... on Named { name } x: name']
  const executions: unknown[] = []
  for (const each of inner)
    for (const more of ['', 'id', '__typename', 'nick']) {
      const source = `{ eldest { ... on Named { ${each} } ${more} } }`
      const { stock, ours, bytes, execution } = await library.run({ source }, '3', HONEST)
      expect({ source, ours, bytes }).toEqual({ source, ours: stock, bytes: stock })
      executions.push(execution)
    }
  expect(executions).toContainEqual({ executor: 'ready', reason: null })
  expect(executions).toContainEqual({ executor: 'compiled', reason: 'ABSTRACT' })
  await library.stop()
})

describe('what subgraphs are asked', () => {
  test('equal entities are told once, and each of their places is filled', async () => {
    const source = '{ rows { name school { ranking { id rank seat { __typename } } best { name } } badge } }'
    let saved = 0
    for (let seed = 0; seed < 20; seed++) {
      const { stock, ours, asked } = await both.run({ source }, String(seed), HONEST)
      expect(ours).toBe(stock)
      const told = (requests: typeof asked.ours): string[][] =>
        requests.map(({ variables }) => ((variables.representations ?? []) as unknown[]).map((each) => JSON.stringify(each)))
      expect(told(asked.ours)).toEqual(told(asked.stock).map((each) => [...new Set(each)]))
      saved += told(asked.stock).flat().length - told(asked.ours).flat().length
    }
    expect(saved).toBeGreaterThan(20)
  })

  test('a mutation is sent once, in its order, on any day', async () => {
    const source = `mutation M {
      a: rename(id: "1", name: "x") { id mean } b: mark(pupil: "1", value: 9) { id pupil { name mood } }
      c: forget(id: "2") d: strike(id: "3") { comments kind } e: admit(input: { name: "n", grade: TEN }) { badge }
    }`
    const mutations = (requests: readonly { query: string }[]): string[] =>
      requests.map(({ query }) => query).filter((query) => query.startsWith('mutation'))
    for (const [day, oddness] of Object.entries(DAYS))
      for (let seed = 0; seed < 15; seed++) {
        const { stock, ours, asked, reason } = await both.run({ source }, `${day}${seed}`, oddness)
        expect([ours, reason]).toEqual([stock, null])
        expect(mutations(asked.ours)).toEqual(mutations(asked.stock))
        expect(new Set(mutations(asked.ours)).size).toBe(mutations(asked.ours).length)
      }
  })
})

describe('a subgraph that answers nonsense', () => {
  test('of two faults that come side by side, the same one is told', async () => {
    const source = '{ bestMark { one: pupil { badge } } x: bestMark { two: pupil { label } } }'
    const { stock, ours, bytes, reason } = await both.run({ source }, '1', () => ({ data: { bestMark: [{}], x: [{}] } }))
    expect([ours, bytes, reason]).toEqual([stock, stock, null])
    expect(stock).toBe('thrown: {"kind":"Error","message":"Unexpected array in result for path element one"}')
  })

  const LONG = 'điểm'.repeat(1_000_000)
  const nonsense: Record<string, unknown> = {
    'a long text for a list': { data: { pupils: LONG } },
    'a long text for an object': { data: { me: LONG } },
    'a long text for a type name': { data: { me: { __typename: LONG, id: 1 } } },
    'a long text for a number': { data: { matrix: [[LONG]] } },
    'a hundred thousand entities that nobody asked for': { data: { _entities: Array.from({ length: 100_000 }, () => ({})) } },
    'a list in a list in a list': { data: { pupils: [[[]]], rows: [[[[]]]] } },
    'a name of every object': JSON.parse('{"data":{"me":{"__proto__":{"id":"1"},"constructor":2}}}'),
  }
  for (const [what, answer] of Object.entries(nonsense))
    test(`${what}: the same error, and soon`, async () => {
      const source = '{ me { id badge ... on Node { label } } pupils { id mean } rows { id } matrix(size: 1) }'
      const began = performance.now()
      const { stock, ours, reason } = await both.run({ source }, '1', () => answer)
      expect(reason).toBeNull()
      expect(ours === stock).toBe(true)
      expect(performance.now() - began).toBeLessThan(10_000)
    })
})

test('a condition that is null is complained of in the same words, where it is looked at', async () => {
  const source = 'query C($a: Boolean = true) { me { id nick @skip(if: $a) } pupils { id ... @include(if: $a) { mean } } }'
  for (const a of [null, undefined, true, false])
    await expectSameAnswers(both, { source, variables: a === undefined ? {} : { a } }, 'conditions')
})
