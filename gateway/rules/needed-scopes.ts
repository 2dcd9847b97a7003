// Which scopes an operation needs of this caller: of each rule's alternatives the one that is nearest.
import type { OperationNeeds } from './operation-needs.ts'
import type { AccessRule } from './supergraph-rules.ts'

export interface NearestAlternative {
  readonly scopes: readonly string[]
  readonly lacking: readonly string[]
}

/** The first alternative that is held, else the one that lacks the fewest; undefined if nobody may pass. */
export function nearestAlternative({ anyOf }: AccessRule, held: readonly string[]): NearestAlternative | undefined {
  let nearest: NearestAlternative | undefined
  for (const scopes of anyOf) {
    const lacking = scopes.filter((scope) => !held.includes(scope))
    if (!nearest || lacking.length < nearest.lacking.length) nearest = { scopes, lacking }
  }
  return nearest
}

export function neededScopes({ guards }: OperationNeeds, held: readonly string[]): string[] {
  const scopes = guards.flatMap(({ rule }) => nearestAlternative(rule, held)?.scopes ?? [])
  return [...new Set(scopes)].sort()
}
