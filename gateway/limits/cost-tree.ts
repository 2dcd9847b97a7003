// An operation seen only for its cost: which fields weigh something, which are lists, which arguments decide how long they are.
import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
} from 'graphql'
import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLNamedType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
  ValueNode,
} from 'graphql'
import type { CostModel, ListSize } from './cost-model.ts'
import { canCost, InputKinds, measureLiteral, NO_INPUT } from './input-cost.ts'
import type { InputField, InputKind, InputMeasure } from './input-cost.ts'
import { isIntrospectionRoot } from './measure.ts'

/**
 * Answered from memory, with no subgraph and no database, but long: the whole schema is as much text as a few hundred records. Counting
 * it by lists in lists would price the standard query out of every budget.
 */
export const INTROSPECTION_COST: Readonly<Record<string, number>> = { __schema: 500, __type: 20 }

export interface CostedSet {
  /** The part that no list size and no variable changes. */
  fixed: number
  readonly fields: CostedField[]
  readonly fragments: CostedSet[]
}

export interface CostedField {
  readonly name: string
  /** Under which it stands in the answer. */
  readonly key: string
  readonly coordinate: string
  readonly isList: boolean
  readonly weight: number
  readonly sizing: Sizing | undefined
  readonly inputs: readonly CostedInput[]
  readonly below: CostedSet | undefined
}

export interface Sizing {
  readonly assumedSize: number | undefined
  readonly sizedFields: ReadonlySet<string>
  readonly pages: readonly PageArgument[]
  /** The page arguments of which exactly one must be given; empty if the contract does not insist. */
  readonly oneOf: readonly string[]
}

export interface PageArgument {
  readonly name: string
  /** What the document says in its place: nothing, a value, or a variable. */
  readonly said: { readonly value: unknown } | { readonly variable: string } | undefined
  readonly defaultSize: number | undefined
  /** An argument named like a page is bounded even where the contract does not let it decide the size. */
  readonly slices: boolean
}

export interface CostedInput extends Pick<InputField, 'kind' | 'weight'> {
  readonly node: ValueNode
}

/** What an operation declares of a variable. */
export interface CostedVariable {
  readonly kind: InputKind | undefined
  /** Its default, as a value and as an input. */
  readonly fallback: unknown
  readonly fallbackMeasure: InputMeasure
}

export class CostTreeBuilder {
  dependsOnVariables = false
  /** The names that some field of this operation sizes below itself: few, and the contract's, never the caller's. */
  readonly sizable = new Set<string>()
  private readonly inputKinds: InputKinds
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  private readonly schema: GraphQLSchema
  private readonly model: CostModel
  private readonly compiled = new Map<FragmentDefinitionNode, CostedSet>()

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>, schema: GraphQLSchema, model: CostModel) {
    this.fragments = fragments
    this.schema = schema
    this.model = model
    this.inputKinds = new InputKinds(schema, model)
  }

  selectionSet(set: SelectionSetNode, parent: GraphQLNamedType | undefined): CostedSet {
    const costed: CostedSet = { fixed: 0, fields: [], fragments: [] }
    this.into(costed, set, parent)
    return costed
  }

  variables(operation: OperationDefinitionNode): Map<string, CostedVariable> {
    const variables = new Map<string, CostedVariable>()
    for (const { variable, type, defaultValue } of operation.variableDefinitions ?? []) {
      const kind = this.inputKinds.ofTypeNode(type)
      variables.set(variable.name.value, {
        kind,
        fallback: defaultValue && valueFromASTUntyped(defaultValue),
        fallbackMeasure: defaultValue && kind ? measureLiteral(defaultValue, kind, () => NO_INPUT) : NO_INPUT,
      })
    }
    return variables
  }

  private into(costed: CostedSet, set: SelectionSetNode, parent: GraphQLNamedType | undefined): void {
    for (const selection of set.selections) {
      switch (selection.kind) {
        case Kind.FIELD:
          this.field(costed, selection, parent)
          break
        case Kind.INLINE_FRAGMENT: {
          const condition = selection.typeCondition
          this.into(costed, selection.selectionSet, condition ? this.schema.getType(condition.name.value) : parent)
          break
        }
        case Kind.FRAGMENT_SPREAD: {
          const fragment = this.fragments.get(selection.name.value)
          if (fragment) costed.fragments.push(this.fragment(fragment))
          break
        }
      }
    }
  }

  private fragment(fragment: FragmentDefinitionNode): CostedSet {
    const known = this.compiled.get(fragment)
    if (known) return known
    const costed = this.selectionSet(fragment.selectionSet, this.schema.getType(fragment.typeCondition.name.value))
    this.compiled.set(fragment, costed)
    return costed
  }

  private field(costed: CostedSet, node: FieldNode, parent: GraphQLNamedType | undefined): void {
    const name = node.name.value
    const key = node.alias?.value ?? name
    if (name === '__typename') return
    if (isIntrospectionRoot(name)) {
      costed.fixed += INTROSPECTION_COST[name] ?? 0
      return
    }
    const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined
    if (!parent || !definition) {
      // Validation will refuse it; until then it is worth one, and so is all below it.
      const below = node.selectionSet ? this.selectionSet(node.selectionSet, undefined) : undefined
      costed.fields.push({ name, key, coordinate: name, isList: false, weight: 1, sizing: undefined, inputs: [], below })
      return
    }

    const coordinate = `${parent.name}.${name}`
    const named = getNamedType(definition.type)
    const weight = this.model.weights.get(coordinate) ?? this.model.weights.get(named.name) ?? (isCompositeType(named) ? 1 : 0)
    const isList = isListType(getNullableType(definition.type))
    const below = node.selectionSet ? this.selectionSet(node.selectionSet, named) : undefined
    const sizing = this.sizing(node, definition, coordinate, named, isList)
    const inputs = this.inputs(node, definition, coordinate)
    if (!isList && !sizing && !below && inputs.length === 0) costed.fixed += weight
    else costed.fields.push({ name, key, coordinate, isList, weight, sizing, inputs, below })
  }

  private sizing(
    node: FieldNode,
    definition: GraphQLField<unknown, unknown>,
    coordinate: string,
    returned: GraphQLNamedType,
    isList: boolean,
  ): Sizing | undefined {
    const said = this.model.listSizes.get(coordinate) ?? listSizeByConvention(definition, returned, isList)
    const names = new Set(['first', 'last', ...(said?.slicingArguments ?? [])])
    const pages: PageArgument[] = []
    for (const argument of definition.args) {
      if (!names.has(argument.name)) continue
      const given = node.arguments?.find((each) => each.name.value === argument.name)?.value
      if (given?.kind === Kind.VARIABLE) this.dependsOnVariables = true
      pages.push({
        name: argument.name,
        said: given && (given.kind === Kind.VARIABLE ? { variable: given.name.value } : { value: valueFromASTUntyped(given) }),
        defaultSize: typeof argument.defaultValue === 'number' ? argument.defaultValue : undefined,
        slices: said?.slicingArguments.includes(argument.name) ?? false,
      })
    }
    if (!said && pages.length === 0) return undefined
    for (const name of said?.sizedFields ?? []) this.sizable.add(name)
    return {
      assumedSize: said?.assumedSize,
      sizedFields: new Set(said?.sizedFields),
      pages,
      oneOf: said?.requireOneSlicingArgument ? said.slicingArguments : [],
    }
  }

  private inputs(node: FieldNode, definition: GraphQLField<unknown, unknown>, coordinate: string): CostedInput[] {
    const inputs: CostedInput[] = []
    for (const given of node.arguments ?? []) {
      const argument = definition.args.find((each) => each.name === given.name.value)
      if (!argument) continue
      const weight = this.model.weights.get(`${coordinate}(${argument.name}:)`)
      const input = { node: given.value, kind: this.inputKinds.of(getNamedType(argument.type)), weight }
      if (!canCost(input)) continue
      if (holdsVariable(given.value)) this.dependsOnVariables = true
      inputs.push(input)
    }
    return inputs
  }
}

/** A connection that nobody annotated is a list all the same: Relay's `first` and `last` size its `edges` and `nodes`. */
function listSizeByConvention(
  definition: GraphQLField<unknown, unknown>,
  returned: GraphQLNamedType,
  isList: boolean,
): ListSize | undefined {
  const slicingArguments = definition.args.map(({ name }) => name).filter((name) => name === 'first' || name === 'last')
  if (slicingArguments.length === 0) return undefined
  const below = isObjectType(returned) || isInterfaceType(returned) ? returned.getFields() : {}
  const sizedFields = isList
    ? []
    : ['edges', 'nodes'].filter((name) => {
        const field = below[name]
        return field !== undefined && isListType(getNullableType(field.type))
      })
  return { assumedSize: undefined, slicingArguments, sizedFields, requireOneSlicingArgument: false }
}

function holdsVariable(node: ValueNode): boolean {
  switch (node.kind) {
    case Kind.VARIABLE:
      return true
    case Kind.LIST:
      return node.values.some(holdsVariable)
    case Kind.OBJECT:
      return node.fields.some((field) => holdsVariable(field.value))
    default:
      return false
  }
}
