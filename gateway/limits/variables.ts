// The size of the variables' values, before anything coerces them.

export type Variables = Readonly<Record<string, unknown>>

export interface VariablesMeasure {
  /** Levels of lists and objects; counting stops one level beyond the bound. */
  readonly depth: number
  /** The variable that holds the deepest value. */
  readonly deepestAt: string
  readonly longestList: number
  /** The variable that holds the longest list. */
  readonly longestAt: string
}

/**
 * A body of one megabyte holds half a million brackets inside one another, which V8 parses without complaint and every recursive
 * coercion after it does not survive. So the walk goes no deeper than one level beyond the bound.
 */
export function measureVariables(variables: Variables, maxDepth: number): VariablesMeasure {
  let depth = 0
  let longestList = 0
  let deepestAt = ''
  let longestAt = ''

  function visit(value: unknown, level: number, at: string): void {
    if (typeof value !== 'object' || value === null) return
    if (level > depth) {
      depth = level
      deepestAt = at
    }
    if (Array.isArray(value) && value.length > longestList) {
      longestList = value.length
      longestAt = at
    }
    if (level > maxDepth) return
    for (const each of Array.isArray(value) ? value : Object.values(value)) visit(each, level + 1, at)
  }

  for (const [name, value] of Object.entries(variables)) visit(value, 1, `$${name}`)
  return { depth, deepestAt, longestList, longestAt }
}
