// Which fields an object of a type answers, in which order: the spec's CollectFields under known conditions.
import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  Kind,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { NotCovered } from './not-covered.ts'

/** The values of the variables that decide what is asked for. */
export type Conditions = Readonly<Record<string, boolean>>

const isCondition = (name: string): boolean => name === GraphQLSkipDirective.name || name === GraphQLIncludeDirective.name

export function conditionVariables(document: DocumentNode): string[] {
  const names = new Set<string>()
  visit(document, {
    Directive({ name, arguments: given = [] }) {
      if (!isCondition(name.value)) return
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value)
    },
  })
  return [...names].sort()
}

export interface Collecting {
  readonly schema: GraphQLSchema
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  readonly conditions: Conditions
}

/** The nodes of each response name; `sets` are those of all nodes of one field, merged. */
export function collectFields(
  { schema, fragments, conditions }: Collecting,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>()
  const visited = new Set<string>()

  function matches(condition: { readonly name: { readonly value: string } } | undefined): boolean {
    if (!condition) return true
    const wanted = schema.getType(condition.name.value)
    return wanted === type || (isAbstractType(wanted) && schema.isSubType(wanted, type))
  }

  function collect(selections: readonly SelectionNode[]): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD && visited.has(selection.name.value)) continue
      if (!isIncluded(selection, conditions)) continue
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value
        const nodes = fields.get(name)
        if (nodes) nodes.push(selection)
        else fields.set(name, [selection])
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (matches(selection.typeCondition)) collect(selection.selectionSet.selections)
      } else {
        visited.add(selection.name.value)
        const fragment = fragments[selection.name.value]
        if (fragment && matches(fragment.typeCondition)) collect(fragment.selectionSet.selections)
      }
    }
  }

  for (const { selections } of sets) collect(selections)
  return fields
}

function isIncluded({ directives = [] }: SelectionNode, conditions: Conditions): boolean {
  const valueOf = (directive: string): boolean | undefined => {
    const applied = directives.find(({ name }) => name.value === directive)
    if (!applied) return undefined
    const value = applied.arguments?.find(({ name }) => name.value === 'if')?.value
    if (value?.kind === Kind.BOOLEAN) return value.value
    const known = value?.kind === Kind.VARIABLE ? conditions[value.name.value] : undefined
    if (known === undefined) throw new NotCovered('CONDITION')
    return known
  }
  return valueOf(GraphQLSkipDirective.name) !== true && valueOf(GraphQLIncludeDirective.name) !== false
}
