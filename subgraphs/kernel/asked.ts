// What is asked of the records that a field answers, so that a wide row need not be read for a few of its columns.
import { Kind, type FieldNode, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql'

type Asking = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>

// One place of a document is asked about once for each object that stands there.
const known = new WeakMap<readonly FieldNode[], ReadonlySet<string>>()

/** Names of the fields, on whichever type and under whichever condition: never fewer than will be read. */
export function fieldsAsked({ fieldNodes, fragments }: Asking): ReadonlySet<string> {
  let asked = known.get(fieldNodes)
  if (!asked) {
    const found = new Set<string>()
    const visited = new Set<string>()
    const collect = (set: SelectionSetNode | undefined): void => {
      for (const selection of set?.selections ?? []) {
        if (selection.kind === Kind.FIELD) found.add(selection.name.value)
        else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet)
        else if (!visited.has(selection.name.value)) {
          visited.add(selection.name.value)
          collect(fragments[selection.name.value]?.selectionSet)
        }
      }
    }
    for (const node of fieldNodes) collect(node.selectionSet)
    known.set(fieldNodes, (asked = found))
  }
  return asked
}
