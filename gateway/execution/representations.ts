// What a subgraph is told of the entities it shall add to: built from the tree as it stands, equal ones told once.
import { getResponseName, type QueryPlanSelectionNode } from '@apollo/query-planner'
import { deepMerge, hasOwn, type Tree } from './merge.ts'
import { assertPlainName, NotCovered } from './not-covered.ts'
import type { TypeTest } from './type-tests.ts'

/** Null where the entity lacks a field that is asked for, or is null itself. */
export type Represent = (source: unknown) => Tree | null

type Step = (source: Tree, result: Tree) => boolean

export function compileRepresentation(
  selections: readonly QueryPlanSelectionNode[],
  typeTest: (name: string) => TypeTest,
): Represent {
  const steps: Step[] = []
  for (const selection of selections) {
    if (selection.kind === 'Field') steps.push(compileField(selection, typeTest))
    else if (selection.kind !== 'InlineFragment') throw new NotCovered('UNKNOWN')
    else if (selection.typeCondition)
      steps.push(compileFragment(typeTest(selection.typeCondition), compileRepresentation(selection.selections, typeTest)))
  }
  return (source) => {
    if (source === null) return null
    const result: Tree = {}
    for (const step of steps) if (!step(source as Tree, result)) return null
    return result
  }
}

function compileField(selection: QueryPlanSelectionNode & { kind: 'Field' }, typeTest: (name: string) => TypeTest): Step {
  const name = assertPlainName(getResponseName(selection))
  const inner = selection.selections && compileRepresentation(selection.selections, typeTest)
  return (source, result) => {
    const value = hasOwn(source, name) ? source[name] : undefined
    if (value === undefined) return false
    if (!inner) result[name] = Array.isArray(value) ? value.slice() : value
    else result[name] = Array.isArray(value) ? value.map(inner) : inner(value)
    return true
  }
}

function compileFragment(test: TypeTest, inner: Represent): Step {
  return (source, result) => {
    // No entity, no type: stock passes over it too.
    if (source && test(source.__typename)) deepMerge(result, inner(source))
    return true
  }
}

export interface Told {
  /** Each once. */
  readonly distinct: Tree[]
  /** For each entity, its place in `distinct`. */
  readonly places: readonly number[]
}

export function tellOnce(representations: readonly Tree[]): Told {
  const distinct: Tree[] = []
  const placeOf = new Map<string, number>()
  const places = representations.map((representation) => {
    const key = keyOf(representation)
    const known = key === undefined ? undefined : placeOf.get(key)
    if (known !== undefined) return known
    const place = distinct.push(representation) - 1
    if (key !== undefined) placeOf.set(key, place)
    return place
  })
  return { distinct, places }
}

/** The text that would go over the wire; what has none (a bigint from a subgraph in this process) is told by itself. */
function keyOf(representation: Tree): string | undefined {
  try {
    return JSON.stringify(representation)
  } catch {
    return undefined
  }
}
