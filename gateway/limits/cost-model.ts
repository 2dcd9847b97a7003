// What the subgraphs said things cost, read from the supergraph: the API schema that operations run against no longer carries it.
import { Kind, valueFromASTUntyped } from 'graphql'
import type {
  ConstDirectiveNode,
  ConstValueNode,
  DocumentNode,
  FieldDefinitionNode,
  InputValueDefinitionNode,
  InterfaceTypeDefinitionNode,
  NamedTypeNode,
  ObjectTypeDefinitionNode,
  TypeNode,
} from 'graphql'

export interface ListSize {
  readonly assumedSize: number | undefined
  readonly slicingArguments: readonly string[]
  readonly sizedFields: readonly string[]
  readonly requireOneSlicingArgument: boolean
}

export interface CostModel {
  /** By schema coordinate: `Type`, `Type.field`, `Type.field(argument:)`, `Input.field`. */
  readonly weights: ReadonlyMap<string, number>
  /** By schema coordinate of the field. */
  readonly listSizes: ReadonlyMap<string, ListSize>
}

/** Nothing is annotated: objects cost one, lists are what their page arguments say. */
export const PLAIN_COST_MODEL: CostModel = { weights: new Map(), listSizes: new Map() }

const COST_SPEC = 'https://specs.apollo.dev/cost/v0.'

export function buildCostModel(supergraphSdl: DocumentNode): CostModel {
  const names = directiveNames(supergraphSdl)
  const weights = new Map<string, number>()
  const listSizes = new Map<string, ListSize>()
  if (!names) return { weights, listSizes }

  const readWeight = (coordinate: string, directives: readonly ConstDirectiveNode[] | undefined): void => {
    const weight = argumentsOf(directives, names.cost)?.weight
    // A negative weight would let one part of an operation pay for another.
    if (typeof weight === 'number') weights.set(coordinate, Math.max(0, weight))
  }
  const readInputs = (inputs: readonly InputValueDefinitionNode[] | undefined, coordinate: (name: string) => string): void => {
    for (const input of inputs ?? []) readWeight(coordinate(input.name.value), input.directives)
  }
  const readFields = (typeName: string, fields: readonly FieldDefinitionNode[] | undefined): void => {
    for (const field of fields ?? []) {
      const coordinate = `${typeName}.${field.name.value}`
      readWeight(coordinate, field.directives)
      readInputs(field.arguments, (name) => `${coordinate}(${name}:)`)
      const listSize = argumentsOf(field.directives, names.listSize)
      if (listSize) listSizes.set(coordinate, readListSize(listSize))
    }
  }

  const objects: ObjectTypeDefinitionNode[] = []
  const interfaces: InterfaceTypeDefinitionNode[] = []
  const members = new Map<string, string[]>()
  for (const definition of supergraphSdl.definitions) {
    switch (definition.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
        readWeight(definition.name.value, definition.directives)
        readFields(definition.name.value, definition.fields)
        objects.push(definition)
        break
      case Kind.INTERFACE_TYPE_DEFINITION:
        readFields(definition.name.value, definition.fields)
        interfaces.push(definition)
        break
      case Kind.UNION_TYPE_DEFINITION:
        members.set(definition.name.value, (definition.types ?? []).map(nameOf))
        break
      case Kind.SCALAR_TYPE_DEFINITION:
      case Kind.ENUM_TYPE_DEFINITION:
        readWeight(definition.name.value, definition.directives)
        break
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        readInputs(definition.fields, (name) => `${definition.name.value}.${name}`)
        break
    }
  }

  const implementers = new Map<string, ObjectTypeDefinitionNode[]>()
  for (const object of objects) {
    for (const name of (object.interfaces ?? []).map(nameOf)) {
      implementers.set(name, [...(implementers.get(name) ?? []), object])
    }
  }
  for (const [name, types] of implementers)
    members.set(
      name,
      types.map(({ name: { value } }) => value),
    )
  weighAbstractTypes(members, weights)
  const composite = new Set([...objects.map(({ name }) => name.value), ...members.keys()])
  for (const definition of interfaces) {
    weighInterfaceFields(definition, implementers.get(definition.name.value) ?? [], composite, weights, listSizes)
  }
  return { weights, listSizes }
}

/** Which of its types an abstract one will be is not known beforehand: it costs as much as the dearest. */
function weighAbstractTypes(members: ReadonlyMap<string, readonly string[]>, weights: Map<string, number>): void {
  for (const [abstract, types] of members) {
    if (types.some((type) => weights.has(type))) weights.set(abstract, Math.max(...types.map((type) => weights.get(type) ?? 1)))
  }
}

/** `@cost` is not allowed on the fields of an interface, and `@listSize` need not be there: the implementing types' words hold. */
function weighInterfaceFields(
  definition: InterfaceTypeDefinitionNode,
  types: readonly ObjectTypeDefinitionNode[],
  composite: ReadonlySet<string>,
  weights: Map<string, number>,
  listSizes: Map<string, ListSize>,
): void {
  for (const field of definition.fields ?? []) {
    const coordinate = `${definition.name.value}.${field.name.value}`
    const returned = namedTypeOf(field.type)
    const usual = weights.get(returned) ?? (composite.has(returned) ? 1 : 0)
    const theirs = types.map((type) => `${type.name.value}.${field.name.value}`)
    if (theirs.some((their) => weights.has(their))) {
      weights.set(coordinate, Math.max(...theirs.map((their) => weights.get(their) ?? usual)))
    }
    for (const argument of field.arguments ?? []) {
      const suffix = `(${argument.name.value}:)`
      const weighed = theirs.map((their) => weights.get(their + suffix)).filter((weight) => weight !== undefined)
      if (weighed.length > 0) weights.set(coordinate + suffix, Math.max(...weighed))
    }
    const sizes = theirs.map((their) => listSizes.get(their)).filter((size) => size !== undefined)
    if (!listSizes.has(coordinate) && sizes.length > 0) listSizes.set(coordinate, sizes.reduce(mergeListSizes))
  }
}

/** The strategies by which composition merges the same field of two subgraphs. */
function mergeListSizes(one: ListSize, other: ListSize): ListSize {
  const assumed = [one.assumedSize, other.assumedSize].filter((size) => size !== undefined)
  return {
    assumedSize: assumed.length > 0 ? Math.max(...assumed) : undefined,
    slicingArguments: [...new Set([...one.slicingArguments, ...other.slicingArguments])],
    sizedFields: [...new Set([...one.sizedFields, ...other.sizedFields])],
    requireOneSlicingArgument: one.requireOneSlicingArgument && other.requireOneSlicingArgument,
  }
}

function readListSize(given: Readonly<Record<string, unknown>>): ListSize {
  return {
    assumedSize: typeof given.assumedSize === 'number' ? Math.max(0, given.assumedSize) : undefined,
    slicingArguments: stringsOf(given.slicingArguments),
    sizedFields: stringsOf(given.sizedFields),
    requireOneSlicingArgument: given.requireOneSlicingArgument !== false,
  }
}

/**
 * Composition names the directives as the subgraphs imported them and says so in the supergraph's `@link` to the cost specification. A
 * name that merely looks right (`@cost` of somebody's own) is not believed.
 */
function directiveNames(supergraphSdl: DocumentNode): { readonly cost: string; readonly listSize: string } | undefined {
  for (const definition of supergraphSdl.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) continue
    for (const directive of definition.directives ?? []) {
      const link = directive.name.value === 'link' ? argumentsOf([directive], 'link') : undefined
      if (typeof link?.url !== 'string' || !link.url.startsWith(COST_SPEC)) continue
      const namespace = typeof link.as === 'string' ? link.as : 'cost'
      const imported = importedNames(link.import)
      return {
        // A specification's directive of the specification's own name needs no prefix.
        cost: imported.get('@cost') ?? namespace,
        listSize: imported.get('@listSize') ?? `${namespace}__listSize`,
      }
    }
  }
  return undefined
}

function importedNames(imports: unknown): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const each of Array.isArray(imports) ? imports : []) {
    if (typeof each === 'string') names.set(each, each.slice(1))
    else if (isRecord(each) && typeof each.name === 'string') {
      names.set(each.name, (typeof each.as === 'string' ? each.as : each.name).slice(1))
    }
  }
  return names
}

function argumentsOf(directives: readonly ConstDirectiveNode[] | undefined, name: string): Record<string, unknown> | undefined {
  const directive = directives?.find((each) => each.name.value === name)
  if (!directive) return undefined
  return Object.fromEntries((directive.arguments ?? []).map((argument) => [argument.name.value, plainValue(argument.value)]))
}

function plainValue(value: ConstValueNode): unknown {
  return valueFromASTUntyped(value)
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nameOf(type: NamedTypeNode): string {
  return type.name.value
}

function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type)
}
