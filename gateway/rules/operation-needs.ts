// What an operation asks for, read once from its document: the fields, and the rules that guard them.
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  typeFromAST,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { AccessRule, AccessRules } from './supergraph-rules.ts'

export interface OperationNeeds {
  /** Schema coordinates, abstract types spread over what they may be. */
  readonly fields: readonly string[]
  /** Each distinct rule with the fields it guards. */
  readonly guards: readonly { readonly rule: AccessRule; readonly fields: readonly string[] }[]
  /** Fields that no rule names. */
  readonly unruled: readonly string[]
  /** Asks about the contract alone. */
  readonly introspectionOnly: boolean
}

/** Of a valid document. A field counts whatever `@skip` and `@include` say: the verdict is about the operation, not about one run. */
export function readOperationNeeds(
  schema: GraphQLSchema,
  rules: AccessRules,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationNeeds {
  const fields = fieldsOf(schema, document, operation)
  const guards = new Map<string, { rule: AccessRule; fields: string[] }>()
  const unruled: string[] = []
  for (const coordinate of fields) {
    if (isIntrospection(coordinate)) continue
    const rule = rules.get(coordinate)
    if (!rule) {
      unruled.push(coordinate)
      continue
    }
    const key = JSON.stringify(rule.anyOf)
    const guard = guards.get(key)
    if (guard) guard.fields.push(coordinate)
    else guards.set(key, { rule, fields: [coordinate] })
  }
  return { fields, guards: [...guards.values()], unruled, introspectionOnly: fields.every(isIntrospection) }
}

const isIntrospection = (coordinate: string): boolean => coordinate.includes('.__')

function fieldsOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): string[] {
  const found = new Set<string>()
  const fragments = new Map(
    document.definitions
      .filter((each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION)
      .map((each) => [each.name.value, each]),
  )
  // A fragment always stands on its own type condition, so once is enough however often it is spread.
  const spread = new Set<string>()

  function visit(selectionSet: SelectionSetNode, parent: GraphQLCompositeType): void {
    for (const selection of selectionSet.selections) {
      switch (selection.kind) {
        case Kind.FIELD: {
          const name = selection.name.value
          if (name === '__schema' || name === '__type') found.add(`${parent.name}.${name}`)
          if (name.startsWith('__')) break
          for (const type of isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent])
            found.add(`${type.name}.${name}`)
          const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined
          const type = definition && getNamedType(definition.type)
          if (selection.selectionSet && isCompositeType(type)) visit(selection.selectionSet, type)
          break
        }
        case Kind.INLINE_FRAGMENT: {
          const type = selection.typeCondition ? typeFromAST(schema, selection.typeCondition) : parent
          if (isCompositeType(type)) visit(selection.selectionSet, type)
          break
        }
        case Kind.FRAGMENT_SPREAD: {
          const fragment = fragments.get(selection.name.value)
          if (!fragment || spread.has(selection.name.value)) break
          spread.add(selection.name.value)
          const type = typeFromAST(schema, fragment.typeCondition)
          if (isCompositeType(type)) visit(fragment.selectionSet, type)
          break
        }
      }
    }
  }

  const root = schema.getRootType(operation.operation)
  if (root) visit(operation.selectionSet, root)
  return [...found].sort()
}
