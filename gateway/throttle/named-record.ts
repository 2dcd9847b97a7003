// The one record an operation names, by which the gateway remembers the school it belongs to.
import {
  getNamedType,
  isInputObjectType,
  TypeInfo,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLInputObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql'
import type { Variables } from '../limits/variables.ts'

/** A text that is the same whenever the same record is named; undefined if the operation names none, or several. */
export type NameRecord = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables | null,
) => string | undefined

interface Place {
  readonly node: ValueNode
  readonly type: GraphQLInputObjectType
}

const LONGEST_NAME = 300

/**
 * The gateway knows no schools: what `{ code: "38380701" }` means is the business of a subgraph. But the same words mean the same school the
 * next time, and the answer of the first told which it was. References are the contract's input types that end in `Ref`; those in lists are
 * the records of a batch, and a batch names its school beside them.
 */
export function createRecordNamer(schema: GraphQLSchema): NameRecord {
  const known = new WeakMap<OperationDefinitionNode, readonly Place[]>()

  return (document, operation, variables) => {
    let places = known.get(operation)
    if (!places) known.set(operation, (places = findPlaces(schema, document)))
    if (places.length === 0) return undefined
    const schools = new Set<string>()
    const others = new Set<string>()
    const take = (type: string, value: object): void => {
      const name = `${type} ${JSON.stringify(value)}`
      const names = type === 'SchoolRef' ? schools : others
      names.add(name)
    }
    for (const { node, type } of places) collect(valueFromASTUntyped(node, variables ?? {}), type, take)
    const names = schools.size > 0 ? schools : others
    const [name] = names
    return names.size === 1 && name !== undefined && name.length <= LONGEST_NAME ? name : undefined
  }
}

/** Of the whole document: one with several operations names more than it runs, and is then not remembered, which does no harm. */
function findPlaces(schema: GraphQLSchema, document: DocumentNode): Place[] {
  const places: Place[] = []
  const typeInfo = new TypeInfo(schema)
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Argument(node) {
        const type = getNamedType(typeInfo.getInputType())
        if (isInputObjectType(type)) places.push({ node: node.value, type })
        return false
      },
    }),
  )
  return places
}

function collect(value: unknown, type: GraphQLInputObjectType, take: (type: string, value: object) => void): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  if (type.name.endsWith('Ref')) take(type.name, value)
  const fields = type.getFields()
  for (const [name, held] of Object.entries(value)) {
    const below = Object.hasOwn(fields, name) ? getNamedType(fields[name]!.type) : undefined
    if (isInputObjectType(below)) collect(held, below, take)
  }
}
