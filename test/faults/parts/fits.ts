// Whether an answer is one that the contract allows for the question: what a subgraph says wrongly must not leave as if it were right.
import { readFileSync } from 'node:fs'
import {
  buildASTSchema,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type SelectionSetNode,
} from 'graphql'

const contract = buildASTSchema(parse(readFileSync(new URL('../../../schema/contract.graphql', import.meta.url), 'utf8')), {
  assumeValid: true,
})

const BUILT_IN: Readonly<Record<string, (value: unknown) => boolean>> = {
  Int: Number.isInteger,
  Float: Number.isFinite,
  Boolean: (value) => typeof value === 'boolean',
  String: (value) => typeof value === 'string',
  ID: (value) => typeof value === 'string',
}

/** The first place where the data does not fit, or undefined. Questions of the run have no fragments. */
export function misfit(query: string, data: Record<string, unknown>): string | undefined {
  const [operation] = parse(query).definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('a question of the run is one operation')
  const root = operation.operation === 'mutation' ? contract.getMutationType()! : contract.getQueryType()!
  return inObject(root, operation.selectionSet, data, '')
}

function inObject(type: GraphQLObjectType, { selections }: SelectionSetNode, data: object, at: string): string | undefined {
  const asked = new Set<string>()
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD) throw new Error('a question of the run has no fragments')
    const name = selection.alias?.value ?? selection.name.value
    asked.add(name)
    const field = type.getFields()[selection.name.value]!
    const found = inValue(field.type, selection.selectionSet, (data as Record<string, unknown>)[name], `${at}.${name}`)
    if (found) return found
  }
  const more = Object.keys(data).find((name) => !asked.has(name))
  return more && `${at}.${more} was not asked for`
}

function inValue(
  type: GraphQLOutputType,
  selected: SelectionSetNode | undefined,
  value: unknown,
  at: string,
): string | undefined {
  const wrong = (): string => `${at} is ${JSON.stringify(value)?.slice(0, 80)}, not ${String(type)}`
  if (isNonNullType(type)) return value === null ? wrong() : inValue(type.ofType, selected, value, at)
  if (value === null) return undefined
  if (isListType(type)) {
    if (!Array.isArray(value)) return wrong()
    for (const [index, each] of value.entries()) {
      const found = inValue(type.ofType, selected, each, `${at}.${index}`)
      if (found) return found
    }
    return undefined
  }
  if (isObjectType(type))
    return typeof value === 'object' && !Array.isArray(value) ? inObject(type, selected!, value as object, at) : wrong()
  if (isEnumType(type)) return type.getValue(String(value)) ? undefined : wrong()
  return (BUILT_IN[type.name] ?? ((each) => each !== undefined))(value) ? undefined : wrong()
}
