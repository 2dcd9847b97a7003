// How many pairs of fields validation must compare, because they answer under one name in one place.
import { Kind } from 'graphql'
import type { FragmentDefinitionNode, SelectionSetNode } from 'graphql'
import { saturate } from './saturation.ts'

/**
 * OverlappingFieldsCanBeMerged compares every two fields that answer under the same name in the same place, and then every two fields
 * below them: quadratic in what the expansion holds. Here the same places are merged first and each is counted as n(n−1)/2, so the walk
 * itself is linear in the expansion. To be called once the expansion is known to be small and free of cycles.
 */
export function countFieldPairs(
  roots: readonly SelectionSetNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): number {
  let pairs = 0
  for (const root of roots) pairs = saturate(pairs + pairsWithin([root], fragments))
  return pairs
}

interface Place {
  fields: number
  readonly below: SelectionSetNode[]
}

function pairsWithin(sets: readonly SelectionSetNode[], fragments: ReadonlyMap<string, FragmentDefinitionNode>): number {
  const places = new Map<string, Place>()
  for (const set of sets) collect(set, fragments, places)
  let pairs = 0
  for (const { fields, below } of places.values()) {
    pairs += (fields * (fields - 1)) / 2
    if (below.length > 0) pairs += pairsWithin(below, fragments)
  }
  return saturate(pairs)
}

function collect(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  places: Map<string, Place>,
): void {
  for (const selection of set.selections) {
    switch (selection.kind) {
      case Kind.FIELD: {
        const name = (selection.alias ?? selection.name).value
        let place = places.get(name)
        if (!place) places.set(name, (place = { fields: 0, below: [] }))
        place.fields += 1
        if (selection.selectionSet) place.below.push(selection.selectionSet)
        break
      }
      case Kind.INLINE_FRAGMENT:
        collect(selection.selectionSet, fragments, places)
        break
      case Kind.FRAGMENT_SPREAD: {
        const fragment = fragments.get(selection.name.value)
        if (fragment) collect(fragment.selectionSet, fragments, places)
        break
      }
    }
  }
}
