// The programs of a subgraph answer like graphql-js, byte for byte, and call the same resolvers with the same in the same order.
//
// `EXECUTION_RUNS=5000 EXECUTION_SEED=7 npx vitest run test/kernel/execution` looks longer, and elsewhere.
import fc from 'fast-check'
import { execute, parse, type DocumentNode, type ExecutionResult } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Execution } from '../../../subgraphs/kernel/execution/execute.ts'
import type { Reason } from '../../../subgraphs/kernel/execution/not-covered.ts'
import { chanceOf, type Chance } from '../../gateway/execution/support/chance.ts'
import { generateOperation } from '../../gateway/execution/support/generate.ts'
import { oddSchema, type Asking, type Oddness } from './support/odd-schema.ts'

const RUNS = Number(process.env.EXECUTION_RUNS ?? 400)
const SEED = Number(process.env.EXECUTION_SEED ?? 5)
const schema = oddSchema()

const DAYS: Readonly<Record<string, Oddness>> = {
  honest: { promises: 0, nulls: 0, errors: 0, nonsense: 0 },
  'promises among values': { promises: 4, nulls: 0, errors: 0, nonsense: 0 },
  'many nulls': { promises: 6, nulls: 6, errors: 0, nonsense: 0 },
  'faults at once and later': { promises: 3, nulls: 0, errors: 8, nonsense: 0 },
  nonsense: { promises: 8, nulls: 0, errors: 0, nonsense: 10 },
  'everything at once': { promises: 4, nulls: 12, errors: 14, nonsense: 14 },
}

// graphql-js leaves rejections unheard where one item of a list throws beside others that are on their way; the programs do not.
let unheard: unknown[] = []
const listeners = process.listeners('unhandledRejection')
beforeAll(() => {
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', (reason) => unheard.push(reason))
})
afterAll(() => {
  process.removeAllListeners('unhandledRejection')
  for (const listener of listeners) process.on('unhandledRejection', listener)
})
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

interface Sent {
  readonly source: string
  readonly document?: DocumentNode
  readonly operationName?: string | undefined
  readonly variables?: Record<string, unknown>
}

const reasons: (Reason | null)[] = []
const programs = new Execution(schema, (reason) => reasons.push(reason))

async function bothAnswers(
  sent: Sent,
  seed: string,
  odd: Oddness,
): Promise<{ theirs: string; ours: string; reason: Reason | null }> {
  const { source, document = parse(source), operationName, variables } = sent
  const prepared = programs.prepare(document, source.length)
  const told = async (run: (contextValue: Asking) => ExecutionResult | Promise<ExecutionResult>): Promise<string> => {
    const asking: Asking = { seed, odd, calls: [] }
    try {
      return JSON.stringify([tell(await run(asking)), asking.calls])
    } catch (error) {
      return `thrown: ${String(error)}`
    }
  }
  const theirs = await told(
    (contextValue) =>
      execute({ schema, document, operationName, variableValues: variables ?? {}, contextValue }) as ExecutionResult,
  )
  await settle()
  unheard = []
  // Twice: what a program has learnt in one run must not show in the next.
  const first = await told((context) => prepared({ operationName, variables, context }))
  const ours = await told((context) => prepared({ operationName, variables, context }))
  await settle()
  if (reasons.at(-1) === null) expect(unheard).toEqual([])
  return { theirs, ours: first === ours ? ours : `first ${first}, then ${ours}`, reason: reasons.at(-1)! }
}

const tell = ({ errors, ...answer }: ExecutionResult): unknown => ({
  keys: Object.keys(errors ? { errors, ...answer } : answer),
  errors: errors?.map((error) => [error.toJSON(), error.nodes?.length, String(error.originalError), error.constructor.name]),
  ...answer,
})

async function expectSame(sent: Sent, seed: string): Promise<number> {
  let whole = 0
  for (const [day, odd] of Object.entries(DAYS)) {
    const { theirs, ours, reason } = await bothAnswers(sent, `${seed}|${day}`, odd)
    if (ours !== theirs)
      expect({ ...sent, document: null, day, answer: ours }).toEqual({ ...sent, document: null, day, answer: theirs })
    if (reason === null) whole++
  }
  return whole
}

/** Variables as no validation would let them through, or nearly. */
function spoiled(variables: Record<string, unknown>, chance: Chance): Record<string, unknown> {
  const values = [null, undefined, 'x', '', 0, -1, 1.5, true, [], ['ORAL', null], {}, { to: 3 }, { to: null }, { to: 1, odd: 1 }]
  values.push({ from: '1', to: 2 } as never, { to: 2, inner: { to: 5, kinds: 'LAST' } } as never, { id: '1', name: 'a' } as never)
  return Object.fromEntries(
    Object.entries(variables)
      .filter(() => !chance.oneIn(12))
      .map(([name, value]) => [name, chance.oneIn(3) ? chance.pick<unknown>(values) : value]),
  )
}

test(
  'generated operations, on honest days and bad ones',
  async () => {
    let whole = 0
    await fc.assert(
      fc.asyncProperty(fc.noShrink(fc.nat()), fc.integer({ min: 3, max: 45 }), async (seed, size) => {
        const generated = generateOperation(schema, String(seed), { size, nullConditions: true })
        fc.pre(generated !== undefined)
        whole += await expectSame(generated, String(seed))
      }),
      { seed: SEED, numRuns: RUNS },
    )
    // What goes to graphql-js agrees with it: that must not be how this test passes.
    expect(whole).toBeGreaterThan(RUNS * Object.keys(DAYS).length * 0.95)
  },
  60_000 + RUNS * 500,
)

test(
  'variables that fit, nearly fit and do not',
  async () => {
    const source = `query V($range: Range, $must: Range!, $list: [Range!], $kind: Kind = ORAL, $kinds: [Kind!], $id: ID!, $at: Instant,
        $of: JSON, $first: Int = 2, $with: Range = {to: 9}, $choice: Choice) {
      pupils(first: $first, range: $range) { id }
      found(text: "x", ranges: $list) { __typename }
      pupil(id: $id, kind: $kind) { terms(range: $must) name }
      other: pupils(range: {to: 4, inner: $with, kinds: $kinds}) { rank }
      chosen(by: $choice) { id }
      settings(of: $of) now(at: $at)
    }`
    const whole = {
      range: { from: 1, to: 2, kinds: ['LAST'], inner: { to: 1 } },
      must: { to: 1 },
      list: [{ to: 1 }, { from: null, to: 2 }],
    }
    const rest = {
      kind: 'LAST',
      kinds: ['ORAL'],
      id: 7,
      at: 'today',
      of: { a: [1] },
      first: 1,
      with: { to: 1 },
      choice: { id: '1' },
    }
    await fc.assert(
      fc.asyncProperty(fc.noShrink(fc.nat()), async (seed) => {
        await expectSame({ source, variables: spoiled({ ...whole, ...rest }, chanceOf(`v${seed}`)) }, String(seed))
      }),
      { seed: SEED, numRuns: RUNS },
    )
    const { ours, reason } = await bothAnswers({ source, variables: { ...whole, ...rest } }, '1', DAYS.honest!)
    expect(ours).toContain('"id"')
    expect(reason).toBeNull()
  },
  60_000 + RUNS * 200,
)

const odd: readonly (readonly [string, Sent, Reason | null])[] = [
  ['names an operation that is not there', { source: 'query A { now }', operationName: 'B' }, 'OPERATION'],
  ['names none of two', { source: 'query A { now } query B { nodes { id } }' }, 'OPERATION'],
  ['names one of two', { source: 'query A { now } query B { nodes { id } }', operationName: 'B' }, null],
  ['holds no operation', { source: 'fragment F on Pupil { id }' }, 'OPERATION'],
  ['asks for the schema', { source: '{ __schema { queryType { name } } now }' }, 'INTROSPECTION'],
  ['asks for a type', { source: '{ __type(name: "Kind") { name } }' }, 'INTROSPECTION'],
  ['asks for its own name at the root', { source: 'mutation { __typename }' }, null],
  ['answers under a name that every object has', { source: '{ toString: now }' }, 'RESERVED_NAME'],
  ['answers under the name of the prototype', { source: '{ __proto__: now }' }, 'RESERVED_NAME'],
  ['answers under the name of a promise', { source: '{ pupils { then: id catch: name } }' }, null],
  ['skips by a null', { source: 'query ($if: Boolean = true) { now @skip(if: $if) }', variables: { if: null } }, 'CONDITION'],
  ['skips by a default', { source: 'query ($if: Boolean = true) { now @skip(if: $if) nodes { id } }' }, null],
  ['leaves out everything', { source: '{ now @skip(if: true) }' }, null],
  ['lacks a variable', { source: 'query ($id: ID!) { pupil(id: $id) { id } }' }, null],
  ['lacks an argument that validation would ask for', { source: '{ pupil { id } }' }, null],
  [
    'acts one after another',
    { source: 'mutation { a: strike b: strike c: forget(ids: ["1"]) d: admit(range: {to: 1}) { id } }' },
    null,
  ],
  ['is a subscription', { source: 'subscription { now }' }, 'SUBSCRIPTION'],
]

test.each(odd)('a document that %s', async (_, sent, reason) => {
  await expectSame(sent, 'odd')
  expect((await bothAnswers(sent, '1', DAYS.honest!)).reason).toBe(reason)
})

test('a document of more combinations of conditions than are kept is answered the same', async () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const fields = names.map((name) => `${name}: nodes @include(if: $${name}) { id }`).join(' ')
  const source = `query (${names.map((name) => `$${name}: Boolean!`).join(' ')}) { ${fields} ${fields} ${' '.repeat(400)}}`
  const document = parse(source)
  const counted: (Reason | null)[] = []
  const run = new Execution(schema, (reason) => counted.push(reason)).prepare(document, source.length)
  for (let bits = 0; bits < 32; bits++) {
    const variables = Object.fromEntries(names.map((name, index) => [name, Boolean(bits & (1 << index))]))
    const asking = (): Asking => ({ seed: '1', odd: DAYS.honest!, calls: [] })
    const theirs = await execute({ schema, document, variableValues: variables, contextValue: asking() })
    expect(JSON.stringify(await run({ variables, context: asking() }))).toBe(JSON.stringify(theirs))
  }
  expect(counted.filter((reason) => reason === null)).toHaveLength(16)
  expect(counted.filter((reason) => reason === 'TOO_MANY_CONDITIONS')).toHaveLength(16)
})

test('a document whose program would be out of proportion to its text goes to graphql-js', async () => {
  const levels = Array.from(
    { length: 14 },
    (_, level) => `fragment F${level} on Pupil { a: best { ...F${level + 1} } b: best { ...F${level + 1} } }`,
  )
  const source = `{ nodes { ...F0 } } ${levels.join(' ')} fragment F14 on Pupil { id }`
  const { reason } = await bothAnswers({ source }, '1', DAYS.honest!)
  expect(reason).toBeNull()

  const wide = `{ ${Array.from({ length: 40 }, (_, index) => `a${index}: nodes { ...on Node { ...N } }`).join(' ')} } fragment N on Node { id label ${Array.from({ length: 30 }, (_, index) => `n${index}: id`).join(' ')} }`
  expect((await bothAnswers({ source: wide }, '1', DAYS.honest!)).reason).toBe('TOO_LARGE')
})
