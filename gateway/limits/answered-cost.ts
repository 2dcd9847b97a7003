// What an answer amounts to, by the weights its operation was priced with: the objects that are there, instead of those that might be.
import type { CostedField, CostedSet } from './cost-tree.ts'
import { saturate } from './saturation.ts'

type Answered = Readonly<Record<string, unknown>>

/** An answer of which is known only how many values it holds, by the fields that were asked for. */
export interface CountedAnswer {
  readonly fields: CountedFields
  countOf(counter: number): number
}
type CountedFields = ReadonlyMap<string, { readonly counter: number; readonly below: CountedFields | undefined }>

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

/** The same of an answer that nobody has read. */
export function answeredCostOfCounts(set: CostedSet, { fields, countOf }: CountedAnswer): number {
  const costOf = (costed: CostedSet, counted: CountedFields, objects: number): number => {
    let cost = costed.fixed * objects
    for (const { key, weight, below } of costed.fields) {
      const found = counted.get(key)
      const count = found ? countOf(found.counter) : 0
      if (!found || count === 0) continue
      cost += weight * count + (below && found.below ? costOf(below, found.below, count) : 0)
    }
    for (const fragment of costed.fragments) cost += costOf(fragment, counted, objects)
    return cost
  }
  return saturate(costOf(set, fields, 1))
}
