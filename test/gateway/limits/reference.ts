// What the measuring must amount to, said in the simplest way: every fragment expanded, nothing remembered.
import { getNamedType, getNullableType, isCompositeType, isInputObjectType, isListType, Kind, valueFromASTUntyped } from 'graphql'
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLInputType,
  GraphQLNamedType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql'
import { INTROSPECTION_COST } from '../../../gateway/limits/cost-tree.ts'
import type { CostModel } from '../../../gateway/limits/cost-model.ts'

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

export function operationOf(document: DocumentNode): OperationDefinitionNode {
  const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION)
  if (!operation) throw new Error('the document has no operation')
  return operation
}

export function fragmentsOf(document: DocumentNode): Fragments {
  return new Map(
    document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION).map((each) => [each.name.value, each]),
  )
}

interface Expanded {
  /** Fields with the type of the set they stand in. */
  readonly fields: readonly { readonly node: FieldNode; readonly parent: string | undefined }[]
  readonly selections: number
}

function expand(set: SelectionSetNode, fragments: Fragments, parent: string | undefined): Expanded {
  const fields: Expanded['fields'][number][] = []
  let selections = 0
  const take = (part: Expanded): void => {
    fields.push(...part.fields)
    selections += part.selections
  }
  for (const selection of set.selections) {
    selections += 1
    if (selection.kind === Kind.FIELD) fields.push({ node: selection, parent })
    else if (selection.kind === Kind.INLINE_FRAGMENT) {
      take(expand(selection.selectionSet, fragments, selection.typeCondition?.name.value ?? parent))
    } else {
      const fragment = fragments.get(selection.name.value)
      if (fragment) take(expand(fragment.selectionSet, fragments, fragment.typeCondition.name.value))
    }
  }
  return { fields, selections }
}

export interface Expansion {
  selections: number
  fields: number
  aliases: number
  levelFields: number
  depth: number
  introspectionDepth: number
  introspectionFields: number
  introspectionLists: number
}

export function measureByExpanding(set: SelectionSetNode, fragments: Fragments): Expansion {
  const sum: Expansion = {
    selections: 0,
    fields: 0,
    aliases: 0,
    levelFields: expand(set, fragments, undefined).fields.length,
    depth: 0,
    introspectionDepth: 0,
    introspectionFields: 0,
    introspectionLists: 0,
  }

  function visit(current: SelectionSetNode, path: readonly string[]): void {
    const { fields, selections } = expand(current, fragments, undefined)
    sum.selections += selections
    for (const { node } of fields) {
      const here = [...path, node.name.value]
      const root = here.findIndex((name) => name === '__schema' || name === '__type')
      const introspected = root < 0 ? [] : here.slice(root)
      sum.fields += 1
      sum.aliases += node.alias ? 1 : 0
      sum.depth = Math.max(sum.depth, here.length - Math.max(0, introspected.length - 1))
      sum.introspectionDepth = Math.max(sum.introspectionDepth, introspected.length)
      sum.introspectionFields += introspected.length > 0 ? 1 : 0
      const lists = introspected.filter((name) => ['fields', 'interfaces', 'possibleTypes', 'inputFields'].includes(name))
      sum.introspectionLists = Math.max(sum.introspectionLists, lists.length)
      if (node.selectionSet) visit(node.selectionSet, here)
    }
  }
  visit(set, [])
  return sum
}

/** Every two fields of the expansion that answer under the same path, counted one by one. */
export function pairsByExpanding(set: SelectionSetNode, fragments: Fragments): number {
  const paths: string[] = []
  function visit(current: SelectionSetNode, path: string): void {
    for (const { node } of expand(current, fragments, undefined).fields) {
      const here = `${path}/${(node.alias ?? node.name).value}`
      paths.push(here)
      if (node.selectionSet) visit(node.selectionSet, here)
    }
  }
  visit(set, '')
  let pairs = 0
  paths.forEach((path, index) => {
    pairs += paths.slice(index + 1).filter((other) => other === path).length
  })
  return pairs
}

export function costByExpanding(options: {
  readonly document: DocumentNode
  readonly variables: Readonly<Record<string, unknown>>
  readonly schema: GraphQLSchema
  readonly model: CostModel
  readonly assumedListSize: number
}): number {
  const { document, schema, model, assumedListSize } = options
  const operation = operationOf(document)
  const fragments = fragmentsOf(document)
  const variables: Record<string, unknown> = {}
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value
    if (Object.hasOwn(options.variables, name)) variables[name] = options.variables[name]
    else if (defaultValue) variables[name] = valueFromASTUntyped(defaultValue)
  }

  function costOfInput(value: unknown, type: GraphQLInputType, weight: number | undefined): number {
    if (value === null || value === undefined) return 0
    if (Array.isArray(value)) {
      return value.reduce<number>((sum, each) => sum + costOfInput(each, type, weight), weight ?? 0)
    }
    const named = getNamedType(type)
    const own = weight ?? model.weights.get(named.name) ?? (isInputObjectType(named) ? 1 : 0)
    if (!isInputObjectType(named)) return own
    return Object.entries(value).reduce((sum, [name, each]) => {
      const field = named.getFields()[name]
      return field ? sum + costOfInput(each, field.type, model.weights.get(`${named.name}.${name}`)) : sum
    }, own)
  }

  function costOfSet(
    set: SelectionSetNode,
    parent: string | undefined,
    sized: readonly string[],
    above: number | undefined,
  ): number {
    return expand(set, fragments, parent).fields.reduce(
      (sum, field) => sum + costOfField(field.node, field.parent, sized.includes(field.node.name.value) ? above : undefined),
      0,
    )
  }

  function costOfField(node: FieldNode, parentName: string | undefined, above: number | undefined): number {
    const name = node.name.value
    if (name === '__typename') return 0
    if (name === '__schema' || name === '__type') return INTROSPECTION_COST[name] ?? 0
    const parent = parentName === undefined ? undefined : schema.getType(parentName)
    const definition = parent && 'getFields' in parent ? parent.getFields()[name] : undefined
    if (!definition || !('args' in definition))
      return 1 + (node.selectionSet ? costOfSet(node.selectionSet, undefined, [], undefined) : 0)

    const coordinate = `${parentName}.${name}`
    const named: GraphQLNamedType = getNamedType(definition.type)
    const given = new Map((node.arguments ?? []).map((each) => [each.name.value, valueFromASTUntyped(each.value, variables)]))
    const said = model.listSizes.get(coordinate)
    const isList = isListType(getNullableType(definition.type))
    const slicing =
      said?.slicingArguments ?? definition.args.map((each) => each.name).filter((each) => ['first', 'last'].includes(each))
    const sized = said ? said.sizedFields : slicing.length > 0 && !isList ? ['edges', 'nodes'] : []
    const pages = definition.args
      .filter((each) => slicing.includes(each.name))
      .map((each) => (given.get(each.name) === undefined ? each.defaultValue : given.get(each.name)))
      .filter((each) => typeof each === 'number')
    const size = pages.length > 0 ? Math.max(...pages) : said?.assumedSize

    const weight = model.weights.get(coordinate) ?? model.weights.get(named.name) ?? (isCompositeType(named) ? 1 : 0)
    const each = weight + (node.selectionSet ? costOfSet(node.selectionSet, named.name, sized, size) : 0)
    const sent = definition.args.reduce(
      (sum, arg) => sum + costOfInput(given.get(arg.name), arg.type, model.weights.get(`${coordinate}(${arg.name}:)`)),
      0,
    )
    return (isList ? (above ?? size ?? assumedListSize) : 1) * each + sent
  }

  const root = schema.getRootType(operation.operation)?.name
  return (operation.operation === 'mutation' ? 10 : 0) + costOfSet(operation.selectionSet, root, [], undefined)
}
