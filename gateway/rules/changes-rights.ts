// Which operations may change what somebody may do: the mutations of identity, and those of schools, where people leave (R26).
import { Kind, valueFromASTUntyped, type DocumentNode, type OperationDefinitionNode } from 'graphql'

export type ChangesRights = (operation: OperationDefinitionNode) => boolean

const KEEPERS_OF_RIGHTS: readonly unknown[] = ['IDENTITY', 'SCHOOLS']

/** A fragment at the root may hold any of them, and is taken for one. */
export function readChangesRights(supergraph: DocumentNode): ChangesRights {
  const fields = new Set<string>()
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION || definition.name.value !== 'Mutation') continue
    for (const { name, directives } of definition.fields ?? []) {
      const owner = directives?.find((directive) => directive.name.value === 'join__field')
      const graph = owner?.arguments?.find((argument) => argument.name.value === 'graph')
      if (!graph || KEEPERS_OF_RIGHTS.includes(valueFromASTUntyped(graph.value))) fields.add(name.value)
    }
  }
  return ({ operation, selectionSet }) =>
    operation === 'mutation' && selectionSet.selections.some((each) => each.kind !== Kind.FIELD || fields.has(each.name.value))
}
