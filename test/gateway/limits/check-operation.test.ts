// Which operation is meant, what is remembered of a document, and what is asked again for each request.
import { buildSchema, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { checkOperation, createOperationChecker } from '../../../gateway/limits/check-operation.ts'
import { buildCostModel } from '../../../gateway/limits/cost-model.ts'
import { DEFAULT_LIMITS } from '../../../gateway/limits/limits.ts'
import { composeSample } from './sample-contract.ts'

const { api, supergraph } = composeSample()
const costModel = buildCostModel(supergraph)
const base = { schema: api, costModel, limits: DEFAULT_LIMITS }

describe('the operation', () => {
  const two = 'query A { report { total } } query B { school(id: 1) { name } }'

  test('that is named is the one that counts', () => {
    expect(checkOperation({ ...base, source: two, operationName: 'A' })).toMatchObject({ ok: true, measured: { cost: 50 } })
    expect(checkOperation({ ...base, source: two, operationName: 'B' })).toMatchObject({ ok: true, measured: { cost: 1 } })
  })

  test('that is alone needs no name', () => {
    for (const operationName of [undefined, null]) {
      expect(checkOperation({ ...base, source: 'query A { __typename }', operationName }).ok).toBe(true)
    }
  })

  test('is refused where there is none, where it is one of several, and where the name fits none', () => {
    const code = 'OPERATION_NOT_FOUND'
    expect(checkOperation({ ...base, source: 'fragment F on Query { __typename }' })).toMatchObject({
      ok: false,
      refusal: { code },
    })
    expect(checkOperation({ ...base, source: two })).toMatchObject({ ok: false, refusal: { code } })
    expect(checkOperation({ ...base, source: two, operationName: 'C' })).toMatchObject({ ok: false, refusal: { code } })
    expect(checkOperation({ ...base, source: '{ __typename }', operationName: '' })).toMatchObject({
      ok: false,
      refusal: { code },
    })
  })

  test('cannot hide a bad neighbour: every operation of the document is held to the bounds', () => {
    const deep = `query Deep { ${'a { '.repeat(20)} b ${'} '.repeat(20)} }`
    const result = checkOperation({ ...base, source: `query A { __typename } ${deep}`, operationName: 'A' })
    expect(result).toMatchObject({ ok: false, refusal: { code: 'QUERY_TOO_DEEP' } })
  })

  test('costs for itself alone: a neighbour that will not run costs nothing', () => {
    const dear = 'query Dear { schools(first: 1000) { edges { node { classes { students(first: 100) { id } } } } } }'
    const source = `query A { __typename } ${dear}`
    expect(checkOperation({ ...base, source, operationName: 'A' }).ok).toBe(true)
    expect(checkOperation({ ...base, source, operationName: 'Dear' })).toMatchObject({ refusal: { code: 'QUERY_TOO_COSTLY' } })
  })

  test('is measured as written: a subscription and a mutation like a query', () => {
    expect(checkOperation({ ...base, source: 'subscription { a }' })).toMatchObject({ ok: true, measured: { rootFields: 1 } })
    expect(checkOperation({ ...base, source: 'mutation { recordScores(input: { records: [] }) }' })).toMatchObject({ ok: true })
  })
})

describe('the checker that remembers', () => {
  const source = 'query ($n: Int) { schools(first: $n) { edges { node { name } } } }'

  test('parses a document once and prices it for each request', () => {
    const check = createOperationChecker({ schema: api, costModel })
    const small = check({ source, variables: { n: 2 } })
    const large = check({ source, variables: { n: 200 } })
    expect(small.ok && large.ok && small.document === large.document).toBe(true)
    expect(small).toMatchObject({ measured: { cost: 5 } })
    expect(large).toMatchObject({ measured: { cost: 401 } })
  })

  test('refuses a remembered document when the variables go beyond the bound, and allows it again after', () => {
    const check = createOperationChecker({ schema: api, costModel })
    expect(check({ source, variables: { n: 1 } }).ok).toBe(true)
    expect(check({ source, variables: { n: 1001 } })).toMatchObject({ ok: false, refusal: { code: 'LIST_TOO_LONG' } })
    expect(check({ source, variables: { n: 1 } }).ok).toBe(true)
  })

  test('keeps two operations of one document apart', () => {
    const check = createOperationChecker({ schema: api, costModel })
    const both = 'query A { report { total } } query B { school(id: 1) { name } }'
    for (let round = 0; round < 2; round += 1) {
      expect(check({ source: both, operationName: 'A' })).toMatchObject({ ok: true, operation: { name: { value: 'A' } } })
      expect(check({ source: both, operationName: 'B' })).toMatchObject({ ok: true, operation: { name: { value: 'B' } } })
      expect(check({ source: both })).toMatchObject({ ok: false, refusal: { code: 'OPERATION_NOT_FOUND' } })
    }
  })

  test('keeps no more than it may, and forgets what was asked for longest ago', () => {
    const check = createOperationChecker({ schema: api, costModel, cachedTokens: 30 })
    const document = (name: string): unknown => {
      const result = check({ source: `query ${name} { report { total } }` })
      return result.ok ? result.document : undefined
    }
    const [a, b] = [document('A'), document('B')]
    for (const name of ['C', 'D']) document(name)
    expect(document('D'), 'the latest is still there').toBe(document('D'))
    expect(document('A')).not.toBe(a)
    expect(document('B')).not.toBe(b)
  })

  test('is not emptied by rubbish: what is refused is not kept', () => {
    const check = createOperationChecker({ schema: api, costModel, cachedTokens: 30 })
    const good = check({ source: '{ report { total } }' })
    for (let n = 0; n < 50; n += 1) check({ source: `{ a${n} { b { ${'c { '.repeat(20)} d ${'} '.repeat(20)} } } }` })
    const again = check({ source: '{ report { total } }' })
    expect(good.ok && again.ok && good.document === again.document).toBe(true)
  })

  test('does not take one text for another that UTF-8 writes alike', () => {
    const check = createOperationChecker({ schema: api, costModel })
    expect(check({ source: '{ search(text: "\uFFFD") { __typename } }' }).ok).toBe(true)
    expect(check({ source: '{ search(text: "\uD800") { __typename } }' })).toMatchObject({
      refusal: { code: 'GRAPHQL_PARSE_FAILED' },
    })
  })

  test('answers as the one that does not remember', () => {
    const check = createOperationChecker({ schema: api, costModel })
    for (const request of [
      { source, variables: { n: 3 } },
      { source, variables: { n: 1001 } },
      { source: '{ a' },
      { source: 'x'.repeat(70_000) },
      { source: '{ __typename }', variables: null },
    ]) {
      const expected = checkOperation({ ...base, ...request })
      expect(check(request)).toEqual(expected)
      expect(check(request)).toEqual(expected)
    }
  })
})

describe('variables', () => {
  test('half a million lists deep are refused without touching the end of the stack', () => {
    const filter: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
    const result = checkOperation({
      ...base,
      source: 'query ($f: SchoolFilter) { schools(filter: $f) { pageInfo { hasNextPage } } }',
      variables: { filter },
    })
    expect(result).toMatchObject({ ok: false, refusal: { code: 'VARIABLES_TOO_DEEP', extensions: { at: '$filter' } } })
  })

  test('are bounded though the operation never uses them', () => {
    const variables = { idle: Array.from({ length: 1001 }, () => 0) }
    expect(checkOperation({ ...base, source: '{ __typename }', variables })).toMatchObject({
      ok: false,
      refusal: { code: 'LIST_TOO_LONG' },
    })
  })

  test('that many arguments share are walked once', () => {
    let reads = 0
    const records = Array.from({ length: 100 }, () =>
      Object.defineProperty({}, 'student', {
        enumerable: true,
        get: () => {
          reads += 1
          return { code: 'HS' }
        },
      }),
    )
    const fields = Array.from({ length: 10 }, (_, index) => `a${index}: recordScores(input: $i)`).join(' ')
    const result = checkOperation({
      ...base,
      source: `mutation ($i: RecordScoresInput!) { ${fields} }`,
      variables: { i: { records } },
    })
    expect(result).toMatchObject({ ok: true, measured: { cost: 10 + 10 * (1 + 200) } })
    expect(reads, 'once for the bounds, once for the cost').toBe(200)
  })
})

test('a schema without mutations and a model without words are enough', () => {
  const schema = buildSchema('type Query { a: [Query!]!, b: Int }')
  const model = buildCostModel(parse('type Query { a: [Query!]!, b: Int }'))
  const check = createOperationChecker({ schema, costModel: model })
  expect(check({ source: '{ a { a { b } } }' })).toMatchObject({ ok: true, measured: { cost: 10 * (1 + 10) } })
  expect(check({ source: 'mutation { a { b } }' })).toMatchObject({ ok: true, measured: { cost: 12 } })
})
