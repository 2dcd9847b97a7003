// What an answer cost: the objects that are there, by the weights the operation was priced with.
import { describe, expect, test } from 'vitest'
import { answeredCost } from '../../../gateway/limits/answered-cost.ts'
import { checkOperation } from '../../../gateway/limits/check-operation.ts'
import { buildCostModel } from '../../../gateway/limits/cost-model.ts'
import { DEFAULT_LIMITS } from '../../../gateway/limits/limits.ts'
import { composeSample } from './sample-contract.ts'

const { api, supergraph } = composeSample()
const costModel = buildCostModel(supergraph)

function costs(source: string, data: Record<string, unknown>, variables: Record<string, unknown> = {}) {
  const checked = checkOperation({ source, variables, schema: api, costModel, limits: DEFAULT_LIMITS })
  if (!checked.ok) throw new Error(checked.refusal.message)
  const { costTree, measured } = checked
  return { requested: measured.cost, actual: measured.sent + answeredCost(costTree, data) }
}
const scores = (count: number) => Array.from({ length: count }, () => ({ value: 8 }))
const students = (count: number, marks: number) => Array.from({ length: count }, () => ({ scores: scores(marks) }))

const PAGE = '{ students(first: 40) { nodes { scores { value } } } }'

describe('an answer', () => {
  test('as large as it might be costs what was asked for', () => {
    expect(costs(PAGE, { students: { nodes: students(40, 12) } })).toEqual({ requested: 1 + 40 * 13, actual: 1 + 40 * 13 })
  })

  test('of fewer records costs only those', () => {
    expect(costs(PAGE, { students: { nodes: students(3, 2) } }).actual).toBe(1 + 3 * 3)
    expect(costs(PAGE, { students: { nodes: [] } }).actual).toBe(1)
  })

  test('of more records than the contract assumed costs those as well', () => {
    const { requested, actual } = costs(PAGE, { students: { nodes: students(40, 30) } })
    expect([actual, actual > requested]).toEqual([1 + 40 * 31, true])
  })

  test('is read under the names the document gave it, through fragments of either kind', () => {
    const source =
      '{ a: students(first: 2) { ...S } b: students(first: 2) { nodes { ... on Student { m: scores { value } } } } } fragment S on StudentConnection { nodes { scores { value } } }'
    const data = { a: { nodes: students(2, 1) }, b: { nodes: [{ m: scores(5) }] } }
    expect(costs(source, data).actual).toBe(1 + 2 * 2 + 1 + 1 + 5)
  })

  test('that is not there costs nothing: null for a record, for an entry, for a list', () => {
    expect(costs('{ school(id: "1") { classes { name } } }', { school: null }).actual).toBe(0)
    expect(costs(PAGE, { students: { nodes: [null, { scores: null }] } }).actual).toBe(2)
  })

  test('weighs what the contract says it weighs', () => {
    expect(costs('{ report { total } }', { report: { total: 1 } }).actual).toBe(50)
    expect(
      costs('{ party { ... on Guardian { badges(first: 1) { title } } } }', { party: { badges: [{ title: 'x' }] } }).actual,
    ).toBe(4 + 1)
  })

  test('of a write costs what was sent, whatever comes back', () => {
    const variables = { r: Array.from({ length: 100 }, () => ({ student: { code: '1' } })) }
    const source = 'mutation ($r: [ScoreInput!]!) { recordScores(input: { records: $r }) }'
    const { requested, actual } = costs(source, { recordScores: 100 }, variables)
    expect([actual, requested]).toEqual([requested, 10 + 1 + 200])
    expect(costs(source, {}, variables).actual).toBe(requested)
  })

  test('of an introspection costs what it was priced at', () => {
    expect(costs('{ __schema { queryType { name } } }', { __schema: { queryType: { name: 'Query' } } })).toEqual({
      requested: 500,
      actual: 500,
    })
  })
})
