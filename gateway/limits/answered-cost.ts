// What an answer amounts to, by the weights its operation was priced with: the objects that are there, instead of those that might be.
import type { CostedField, CostedSet } from './cost-tree.ts'
import { saturate } from './saturation.ts'

type Answered = Readonly<Record<string, unknown>>

/** Leaves weigh nothing unless the contract says so, and are not looked at: a class page is 650 steps, not 5,000. */
export function answeredCost({ fixed, fields, fragments }: CostedSet, data: Answered): number {
  let cost = fixed
  for (const field of fields) cost += costOf(field, data[field.key])
  for (const fragment of fragments) cost += answeredCost(fragment, data)
  return saturate(cost)
}

function costOf(field: CostedField, value: unknown): number {
  if (value === null || value === undefined) return 0
  if (Array.isArray(value)) {
    let cost = 0
    for (const each of value) cost += costOf(field, each)
    return cost
  }
  return field.weight + (field.below && typeof value === 'object' ? answeredCost(field.below, value as Answered) : 0)
}
