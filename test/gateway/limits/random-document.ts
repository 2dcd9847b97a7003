// Documents that follow the sample contract mostly, and leave it now and then, from one stream of choices.
import {
  getNamedType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
  getNullableType,
} from 'graphql'
import type { GraphQLArgument, GraphQLInputType, GraphQLNamedType, GraphQLSchema } from 'graphql'

/** A whole number below `bound`. */
export type Choose = (bound: number) => number

export interface RandomDocument {
  readonly source: string
  readonly variables: Readonly<Record<string, unknown>>
}

const CONDITIONS = [
  'Query',
  'School',
  'SchoolConnection',
  'StudentConnection',
  'Student',
  'ClassRoom',
  'Party',
  'Teacher',
  'Found',
]
const INTROSPECTION = ['fields', 'type', 'ofType', 'interfaces', 'name', 'inputFields', 'possibleTypes', 'types']

export function randomDocument(schema: GraphQLSchema, choose: Choose, options: { readonly cycles: boolean }): RandomDocument {
  const fragmentCount = choose(6)
  const variables: Record<string, unknown> = {}

  function selectionSet(type: GraphQLNamedType | undefined, level: number, from: number): string {
    const selections = Array.from({ length: 1 + choose(3) }, () => selection(type, level, from))
    return `{ ${selections.join(' ')} }`
  }

  function selection(type: GraphQLNamedType | undefined, level: number, from: number): string {
    const kind = choose(10)
    if (kind < 2 && from < fragmentCount) {
      const target = options.cycles ? choose(fragmentCount) : from + choose(fragmentCount - from)
      return `...F${target}${directive()}`
    }
    if (kind === 2) return `...Missing`
    if (kind === 3 && level < 5) {
      const condition = CONDITIONS[choose(CONDITIONS.length)] ?? 'Query'
      return choose(2) === 0
        ? `...${directive()} ${selectionSet(type, level + 1, from)}`
        : `... on ${condition} ${selectionSet(schema.getType(condition), level + 1, from)}`
    }
    const alias = choose(5) === 0 ? `a${choose(4)}: ` : ''
    if (kind === 4)
      return level < 5 && choose(2) === 0 ? `${alias}unknown ${selectionSet(undefined, level + 1, from)}` : `${alias}unknown`
    if (kind === 5 && level < 5)
      return `${alias}${choose(2) === 0 ? '__schema' : '__type(name: "School")'} ${introspection(level + 1)}`
    return `${alias}${field(type, level, from)}`
  }

  function field(type: GraphQLNamedType | undefined, level: number, from: number): string {
    if (!isObjectType(type) && !isInterfaceType(type)) return '__typename'
    const fields = Object.values(type.getFields())
    const definition = fields[choose(fields.length)]
    if (!definition) return '__typename'
    const args = definition.args.filter(() => choose(2) === 0).map(argument)
    const returned = getNamedType(definition.type)
    if (isCompositeType(returned) && level >= 5) return '__typename'
    const head = `${definition.name}${args.length > 0 ? `(${args.join(', ')})` : ''}${directive()}`
    return isCompositeType(returned) ? `${head} ${selectionSet(returned, level + 1, from)}` : head
  }

  function argument(definition: GraphQLArgument): string {
    if (choose(4) > 0) return `${definition.name}: ${literal(inputValue(definition.type, 0))}`
    const name = `v_${definition.type.toString().replace(/\W/g, '')}`
    if (choose(3) > 0) variables[name] = inputValue(definition.type, 0)
    return `${definition.name}: $${name}`
  }

  function inputValue(type: GraphQLInputType, level: number): unknown {
    const expected = getNullableType(type)
    if (choose(8) === 0) return null
    if (isListType(expected)) return Array.from({ length: choose(4) }, () => inputValue(expected.ofType, level + 1))
    if (isInputObjectType(expected)) {
      const fields = Object.values(expected.getFields()).filter(() => choose(2) === 0 && level < 4)
      return Object.fromEntries(fields.map((each) => [each.name, inputValue(each.type, level + 1)]))
    }
    return expected.toString() === 'Int' ? choose(30) : expected.toString() === 'Boolean' ? true : 'x'
  }

  function introspection(level: number): string {
    const selections = Array.from({ length: 1 + choose(2) }, () => {
      const name = INTROSPECTION[choose(INTROSPECTION.length)] ?? 'name'
      return name === 'name' || level >= 7 ? 'name' : `${name} ${introspection(level + 1)}`
    })
    return `{ ${selections.join(' ')} }`
  }

  function directive(): string {
    return choose(12) === 0 ? ' @include(if: true)' : ''
  }

  const mutates = choose(6) === 0
  const root = mutates ? schema.getMutationType() : schema.getQueryType()
  const body = selectionSet(root ?? undefined, 1, 0)
  const fragments = Array.from({ length: fragmentCount }, (_, index) => {
    const condition = CONDITIONS[choose(CONDITIONS.length)] ?? 'Query'
    return `fragment F${index} on ${condition} ${selectionSet(schema.getType(condition), 3, index + 1)}`
  })
  const declared = ['Int', 'ID!', 'String', 'SchoolFilter', 'RecordScoresInput!'].map((type) => {
    const fallback = type === 'Int' && choose(2) === 0 ? ' = 7' : ''
    return `$v_${type.replace(/\W/g, '')}: ${type}${fallback}`
  })
  return { source: `${mutates ? 'mutation' : 'query'} (${declared.join(', ')}) ${body}\n${fragments.join('\n')}`, variables }
}

/** A value as GraphQL writes it. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([name, each]) => `${name}: ${literal(each)}`)
      .join(', ')} }`
  }
  return JSON.stringify(value)
}
