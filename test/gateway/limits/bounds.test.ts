// Every bound lets the last allowed operation pass and refuses the first one beyond it.
import { getIntrospectionQuery, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { checkOperation } from '../../../gateway/limits/check-operation.ts'
import { buildCostModel } from '../../../gateway/limits/cost-model.ts'
import { DEFAULT_LIMITS } from '../../../gateway/limits/limits.ts'
import type { Limits } from '../../../gateway/limits/limits.ts'
import type { EvaluationResult } from '../../../gateway/limits/analyse-document.ts'
import type { RefusalCode } from '../../../gateway/limits/refusals.ts'
import type { Variables } from '../../../gateway/limits/variables.ts'
import { composeSample } from './sample-contract.ts'

const { api, supergraph } = composeSample()
const costModel = buildCostModel(supergraph)

function check(
  source: string,
  options: { variables?: Variables; limits?: Partial<Limits>; operationName?: string } = {},
): EvaluationResult {
  const { variables, limits, operationName } = options
  return checkOperation({ source, variables, operationName, schema: api, costModel, limits: { ...DEFAULT_LIMITS, ...limits } })
}

function times(count: number, write: (index: number) => string, between = ' '): string {
  return Array.from({ length: count }, (_, index) => write(index)).join(between)
}

interface Boundary {
  readonly limit: keyof Limits
  readonly code: RefusalCode
  /** An operation that asks for exactly `count`. */
  readonly asking: (count: number) => { readonly source: string; readonly variables?: Variables }
}

const boundaries: Record<string, Boundary> = {
  'operations in a document': {
    limit: 'maxOperations',
    code: 'TOO_MANY_OPERATIONS',
    asking: (count) => ({ source: times(count, (index) => `query Q${index} { report { total } }`) }),
  },
  'levels of fields': {
    limit: 'maxDepth',
    code: 'QUERY_TOO_DEEP',
    asking: (count) => ({ source: `${'{a'.repeat(count)}${'}'.repeat(count)}` }),
  },
  'levels of fields through fragments': {
    limit: 'maxDepth',
    code: 'QUERY_TOO_DEEP',
    asking: (count) => ({
      source: `{ ...F1 } ${times(count - 1, (index) => `fragment F${index + 1} on Query { a { ... { ...F${index + 2} } } }`)} fragment F${count} on Query { a }`,
    }),
  },
  'root fields': {
    limit: 'maxRootFields',
    code: 'TOO_MANY_ROOT_FIELDS',
    asking: (count) => ({ source: `{ ${times(count, (index) => `f${index}`)} }` }),
  },
  'root fields through fragments': {
    limit: 'maxRootFields',
    code: 'TOO_MANY_ROOT_FIELDS',
    asking: (count) => ({ source: `{ ... { f ...F } } fragment F on Query { ${times(count - 1, (index) => `f${index}`)} }` }),
  },
  aliases: {
    limit: 'maxAliases',
    code: 'TOO_MANY_ALIASES',
    asking: (count) => ({ source: `{ school(id: 1) { ${times(count, (index) => `a${index}: name`)} } }` }),
  },
  'aliases through fragments': {
    limit: 'maxAliases',
    code: 'TOO_MANY_ALIASES',
    asking: (count) => ({
      source: `{ ${times(count / 10, (index) => `a${index} { ...F }`)} } fragment F on Query { ${times(10, (index) => `f${index}: f`)} }`,
    }),
  },
  fragments: {
    limit: 'maxFragments',
    code: 'TOO_MANY_FRAGMENTS',
    asking: (count) => ({
      source: `{ a { ${times(count, (index) => `...F${index}`)} } } ${times(count, (index) => `fragment F${index} on Query { f${index} }`)}`,
    }),
  },
  spreads: {
    limit: 'maxFragmentSpreads',
    code: 'TOO_MANY_FRAGMENTS',
    asking: (count) => ({
      source: `{ a { ${times(count - 1, (index) => `... { f${index} }`)} ...F } } fragment F on Query { __typename }`,
    }),
  },
  directives: {
    limit: 'maxDirectives',
    code: 'TOO_MANY_DIRECTIVES',
    asking: (count) => ({
      source: `query ($v: Int @x) @y { a @skip(if: false) { ... @include(if: true) { ...F @z } ${times(count - 6, (index) => `f${index} @skip(if: true)`)} } } fragment F on Query @w { f }`,
    }),
  },
  'expanded selections': {
    limit: 'maxExpandedSelections',
    code: 'TOO_MANY_FIELDS',
    asking: (count) => ({
      source: `{ ${times(4, (index) => `a${index} { ...F }`)} ${times(6, (index) => `r${index}`)
        .split(' ')
        .slice(0, (count - 8) % 4)
        .join(
          ' ',
        )} } fragment F on Query { ${times(Math.floor((count - 8) / 4 / 30), (index) => `g${index} { ...G }`)} ${times(Math.floor((count - 8) / 4) % 30, (index) => `h${index}`)} } fragment G on Query { ${times(28, (index) => `i${index}`)} }`,
    }),
  },
  'pairs of fields under one name': {
    limit: 'maxFieldPairs',
    code: 'TOO_MANY_FIELDS',
    asking: (count) => ({ source: `{ a { ${fieldsWithPairs(count)} } }` }),
  },
  'records of a page asked for in the text': {
    limit: 'maxListSize',
    code: 'LIST_TOO_LONG',
    asking: (count) => ({ source: `{ schools(last: ${count}) { pageInfo { hasNextPage } } }` }),
  },
  'records of a page asked for in a variable': {
    limit: 'maxListSize',
    code: 'LIST_TOO_LONG',
    asking: (count) => ({
      source: 'query ($n: Int) { ...F } fragment F on Query { schools(first: $n) { pageInfo { hasNextPage } } }',
      variables: { n: count },
    }),
  },
  'records of a page asked for by the default of a variable': {
    limit: 'maxListSize',
    code: 'LIST_TOO_LONG',
    asking: (count) => ({ source: `query ($n: Int = ${count}) { schools(first: $n) { pageInfo { hasNextPage } } }` }),
  },
  'entries of a list in the text': {
    limit: 'maxListSize',
    code: 'LIST_TOO_LONG',
    asking: (count) => ({ source: `mutation { recordScores(input: { records: [${'1 '.repeat(count)}] }) }` }),
  },
  'entries of a list in a variable': {
    limit: 'maxListSize',
    code: 'LIST_TOO_LONG',
    asking: (count) => ({
      source: 'mutation ($input: RecordScoresInput!) { recordScores(input: $input) }',
      variables: { input: { records: Array.from({ length: count }, () => ({})) } },
    }),
  },
  'levels of a variable': {
    limit: 'maxVariablesDepth',
    code: 'VARIABLES_TOO_DEEP',
    asking: (count) => ({
      source: 'query ($filter: SchoolFilter) { schools(filter: $filter) { pageInfo { hasNextPage } } }',
      variables: { filter: Array.from({ length: count - 1 }).reduce<unknown>((inner) => ({ not: inner }), {}) },
    }),
  },
  'levels below __schema': {
    limit: 'maxIntrospectionDepth',
    code: 'INTROSPECTION_TOO_DEEP',
    asking: (count) => ({
      source: `{ __type(name: "Query") { ${'ofType { '.repeat(count - 2)} name ${'} '.repeat(count - 2)} } }`,
    }),
  },
  'lists of types and fields below __schema': {
    limit: 'maxIntrospectionLists',
    code: 'INTROSPECTION_TOO_DEEP',
    asking: (count) => ({
      source: `{ __schema { types { ${'fields { type { '.repeat(count)} name ${'} } '.repeat(count)} } } }`,
    }),
  },
  'fields below __schema': {
    limit: 'maxIntrospectionFields',
    code: 'TOO_MANY_FIELDS',
    asking: (count) => ({ source: `{ __schema { types { ${times(count - 2, (index) => `f${index}`)} } } }` }),
  },
  cost: {
    limit: 'maxCost',
    code: 'QUERY_TOO_COSTLY',
    asking: (count) => ({
      // One connection, a hundred edges with a node each, and a report for every hundred that is left.
      source: `{ schools(first: 100) { edges { node { id } } } ${times(Math.floor((count - 201) / 1_000), (index) => `c${index}: schools(first: 999) { edges { cursor } }`)} a { ${times((count - 202) % 1_000, (index) => `u${index}`)} } }`,
    }),
  },
}

/** Distinct names, each as often as still fits into the pairs that are left: n of one name are n(n−1)/2 pairs. */
function fieldsWithPairs(pairs: number): string {
  const fields: string[] = []
  for (let left = pairs, name = 0; left > 0; name += 1) {
    const repeats = Math.floor((1 + Math.sqrt(1 + 8 * left)) / 2)
    fields.push(`p${name} `.repeat(repeats))
    left -= (repeats * (repeats - 1)) / 2
  }
  return fields.join(' ')
}

/** Beside the bound under test, the others must not speak first. */
const wide: Partial<Record<keyof Limits, Partial<Limits>>> = {
  maxCost: { maxRootFields: 100, maxAliases: 100 },
  maxListSize: { maxCost: 1_000_000, maxTokens: 5_000 },
}

describe('each bound allows what reaches it and refuses what passes it', () => {
  for (const [name, { limit, code, asking }] of Object.entries(boundaries)) {
    const allowed = DEFAULT_LIMITS[limit]
    const step = name === 'aliases through fragments' ? 10 : 1
    test(`${allowed} ${name} pass, ${allowed + step} are refused as ${code}`, () => {
      const atBound = asking(allowed)
      const operationName = limit === 'maxOperations' ? 'Q0' : undefined
      const options = { limits: wide[limit], operationName }
      expect(check(atBound.source, { ...options, variables: atBound.variables })).toMatchObject({ ok: true })
      const beyond = asking(allowed + step)
      expect(check(beyond.source, { ...options, variables: beyond.variables })).toMatchObject({
        ok: false,
        refusal: { code, extensions: { code, limit, allowed, asked: allowed + step } },
      })
    })
  }

  test('no bound is left untested', () => {
    const tested = new Set<string>(Object.values(boundaries).map(({ limit }) => limit))
    const elsewhere = ['maxDocumentLength', 'maxTokens', 'maxNesting', 'assumedListSize']
    expect(Object.keys(DEFAULT_LIMITS).filter((limit) => !tested.has(limit))).toEqual(elsewhere)
  })
})

describe('attacks', () => {
  const attacks: Record<string, { source: string; code: RefusalCode }> = {
    'a bomb of 2^20 root fields': {
      source: `{ ...F0 } ${times(20, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`)} fragment F20 on Query { __typename }`,
      code: 'TOO_MANY_ROOT_FIELDS',
    },
    'a bomb of 2^20 fields below the root': {
      source: `{ a { ...F0 } } ${times(20, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`)} fragment F20 on Query { __typename }`,
      code: 'TOO_MANY_FIELDS',
    },
    'a bomb that no operation spreads': {
      source: `{ __typename } ${times(20, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`)} fragment F20 on Query { __typename }`,
      code: 'TOO_MANY_FIELDS',
    },
    'a bomb of aliases': {
      source: `{ a { ...F0 } } ${times(10, (index) => `fragment F${index} on Query { x: ping y: ping ...F${index + 1} ...F${index + 1} }`)} fragment F10 on Query { ping }`,
      code: 'TOO_MANY_ALIASES',
    },
    'a query of depth 30': { source: `${'{a'.repeat(30)}${'}'.repeat(30)}`, code: 'QUERY_TOO_DEEP' },
    'the same field 1,900 times': { source: `{ a { ${'b '.repeat(1_900)} } }`, code: 'TOO_MANY_FIELDS' },
    'a cyclic introspection': {
      source: `{ __schema { types { ${'fields { type { '.repeat(8)} name ${'} } '.repeat(8)} } } }`,
      code: 'INTROSPECTION_TOO_DEEP',
    },
    'a cyclic introspection hidden in fragments': {
      source: `{ __type(name: "Query") { ...A } } fragment A on __Type { fields { type { ...B } } } fragment B on __Type { fields { type { ...C } } } fragment C on __Type { interfaces { name } }`,
      code: 'INTROSPECTION_TOO_DEEP',
    },
    'the whole schema under two names': {
      source: getIntrospectionQuery().replace('types {', 'types { ...FullType } again: types {'),
      code: 'TOO_MANY_FIELDS',
    },
    'a page within pages within pages': {
      source:
        '{ schools(first: 1000) { edges { node { classes { students(first: 1000) { scores(first: 1000) { value } } } } } } }',
      code: 'QUERY_TOO_COSTLY',
    },
  }
  for (const [name, { source, code }] of Object.entries(attacks)) {
    test(`${name} is refused as ${code}`, () => {
      expect(check(source)).toMatchObject({ ok: false, refusal: { code } })
    })
  }
})

describe('introspection', () => {
  const everyOption = {
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    experimentalDirectiveDeprecation: true,
    oneOf: true,
  }

  test('by the standard query passes with no option and with every option', () => {
    expect(check(getIntrospectionQuery())).toMatchObject({ ok: true, measured: { introspectionDepth: 15, depth: 1, cost: 500 } })
    expect(check(getIntrospectionQuery(everyOption))).toMatchObject({
      ok: true,
      measured: { introspectionDepth: 15, fields: 232 },
    })
  })

  test("by GraphiQL's query, and by the one without subscriptions it falls back to, passes", () => {
    const graphiql = getIntrospectionQuery({ schemaDescription: true, inputValueDeprecation: true })
    expect(check(graphiql, { operationName: 'IntrospectionQuery' }).ok).toBe(true)
    expect(check(graphiql.replace('subscriptionType { name kind }', '')).ok).toBe(true)
  })

  test('lends its depth to nothing else', () => {
    const below = (levels: number): string => `{ __schema { types { name } } ${'a { '.repeat(levels)} b ${'} '.repeat(levels)} }`
    expect(check(below(14)).ok).toBe(true)
    expect(check(below(15))).toMatchObject({ ok: false, refusal: { code: 'QUERY_TOO_DEEP' } })
  })

  test('below a fragment is measured as introspection wherever the fragment is spread', () => {
    const source =
      '{ ...S a { ...T } } fragment S on Query { __schema { types { ...T } } } fragment T on __Type { fields { name } }'
    expect(check(source)).toMatchObject({ ok: true, measured: { depth: 3, introspectionDepth: 4 } })
  })
})

describe('what is left to validation', () => {
  test('unknown fields, arguments, types and fragments are not refused here, and count one', () => {
    const source = '{ nope(first: 3) { deeper } ... on Nowhere { b } ...Missing }'
    expect(check(source)).toMatchObject({ ok: true, measured: { fields: 3, cost: 3 } })
  })

  test('definitions that cannot be executed are not refused here', () => {
    expect(check('{ __typename } type Foo @x { a: Int }').ok).toBe(true)
  })

  test('the document that was measured is the document that is handed on', () => {
    const source = 'query A { report { total } }'
    const result = check(source)
    expect(result.ok && result.document).toEqual(parse(source))
    expect(result.ok && result.operation.name?.value).toBe('A')
  })
})
