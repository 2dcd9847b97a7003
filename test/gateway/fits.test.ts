// The quick yes of a value that fits its type says what graphql's own coercion would say, for every input of the contract.
import fc from 'fast-check'
import {
  buildSchema,
  coerceInputValue,
  GraphQLError,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isInputType,
  type GraphQLInputType,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { fits } from '../../gateway/operation/fits.ts'
import { readPage } from '../docs/documents.ts'

const contract = buildSchema(readPage('schema/contract.graphql'))
const torture = buildSchema(`
  scalar Odd
  enum Colour { RED GREEN }
  input Deep { self: Deep others: [[Deep!]]! = [] colour: Colour! = RED odd: Odd id: ID n: Int! flag: Boolean f: Float __own: Int }
  input One @oneOf { a: String b: Int c: One d: [Colour!] }
  type Query { ask(deep: Deep, one: [One!]!): Int }
`)
Object.assign(torture.getType('Odd')!, {
  parseValue: (value: unknown) => {
    if (value === 'throw') throw new TypeError('no')
    return value === 'undefined' ? undefined : value
  },
})

const NOISE = fc.constantFrom<unknown>(
  null,
  undefined,
  '',
  'x',
  'throw',
  'undefined',
  'RED',
  0,
  1.5,
  2 ** 40,
  true,
  [],
  [null],
  {},
  { a: 1 },
  [[1]],
  JSON.parse('{"__proto__": 1}'),
)
const LEAVES = fc.oneof(
  fc.constantFrom<unknown>(
    'RED',
    'x',
    7,
    1.5,
    true,
    '2026-09-05',
    '2026-09-05T07:30:00+07:00',
    '01900000-0000-7000-8000-000000000001',
  ),
  NOISE,
)

/** Mostly what fits, with a fault here and there. */
function valueOf(type: GraphQLInputType, depth: number): fc.Arbitrary<unknown> {
  const noisy = (good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 24, arbitrary: good }, { weight: 1, arbitrary: NOISE })
  if (isNonNullType(type)) return valueOf(type.ofType, depth)
  if (isListType(type)) return noisy(depth > 3 ? fc.constant([]) : fc.array(valueOf(type.ofType, depth + 1), { maxLength: 3 }))
  if (isEnumType(type)) return noisy(fc.constantFrom(...type.getValues().map(({ name }) => name)))
  if (!isInputObjectType(type)) return noisy(LEAVES)
  if (depth > 3) return noisy(fc.constant({}))
  const fields = Object.values(type.getFields())
  const entries = Object.fromEntries(fields.map((field) => [field.name, valueOf(field.type, depth + 1)]))
  const required = fields.filter((field) => isNonNullType(field.type) && field.defaultValue === undefined)
  const whole = type.isOneOf
    ? fc.constantFrom(...fields).chain(({ name }) => fc.record({ [name]: entries[name]! }))
    : fc.record(entries, { requiredKeys: required.map(({ name }) => name) })
  return noisy(
    fc.oneof(
      { weight: 12, arbitrary: whole },
      { weight: 1, arbitrary: fc.record({ ...entries, extra: NOISE }, { requiredKeys: [] }) },
    ),
  )
}

function hasNoFault(type: GraphQLInputType, value: unknown): boolean {
  try {
    coerceInputValue(value, type, (_path, _value, error) => {
      throw error
    })
    return true
  } catch (error) {
    if (error instanceof GraphQLError) return false
    throw error
  }
}

const TYPES = [contract, torture].flatMap((schema) => [
  ...Object.values(schema.getTypeMap()).filter((type) => isInputType(type) && !type.name.startsWith('__')),
  ...[schema.getQueryType(), schema.getMutationType()].flatMap((root) =>
    Object.values(root?.getFields() ?? {}).flatMap(({ args }) => args.map(({ type }) => type)),
  ),
]) as GraphQLInputType[]

describe('a value fits exactly where graphql finds no fault', () => {
  test('for every input type and argument of the contract, and for types made to be difficult', () => {
    expect(TYPES.length).toBeGreaterThan(100)
    const seen = { yes: 0, no: 0 }
    for (const type of TYPES)
      fc.assert(
        fc.property(valueOf(type, 0), (value) => {
          const verdict = fits(type)(value)
          expect(verdict).toBe(hasNoFault(type, value))
          seen[verdict ? 'yes' : 'no'] += 1
        }),
        { numRuns: 60, seed: 20261127 },
      )
    // Both verdicts were really put to the question.
    expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(1_000)
  })
})
