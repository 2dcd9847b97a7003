// The document of a fetch as the object it will be answered with: fragments laid flat, conditions decided.
import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql'
import { Held, HeldField } from './held.ts'
import { NotReady } from './not-ready.ts'

/** The values of the variables that conditions hang on. */
export type Decided = Readonly<Record<string, boolean>>

export interface FetchedRoot {
  readonly held: Held
  readonly ofEntities: boolean
}

/** `schema` is the supergraph's, in which also those fields are that callers cannot see. */
export function readSelection(document: DocumentNode, schema: GraphQLSchema, decided: Decided): FetchedRoot {
  const reader = new SelectionReader(document, schema, decided)
  const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION)
  if (!operation) throw new NotReady('PLAN')
  const [only, ...others] = operation.selectionSet.selections
  if (only?.kind === Kind.FIELD && only.name.value === '_entities' && only.selectionSet) {
    if (others.length > 0 || only.alias || isConditional(only.directives)) throw new NotReady('PLAN')
    return { held: reader.entity(only.selectionSet), ofEntities: true }
  }
  const root = operation.operation === 'mutation' ? schema.getMutationType() : schema.getQueryType()
  if (!root) throw new NotReady('PLAN')
  return { held: reader.object(root, [operation.selectionSet]), ofEntities: false }
}

const isConditional = (directives: readonly DirectiveNode[] | undefined): boolean => (directives?.length ?? 0) > 0

interface Collected {
  readonly field: string
  readonly sets: SelectionSetNode[]
}

class SelectionReader {
  readonly #schema: GraphQLSchema
  readonly #decided: Decided
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>

  constructor(document: DocumentNode, schema: GraphQLSchema, decided: Decided) {
    this.#schema = schema
    this.#decided = decided
    this.#fragments = new Map(
      document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [])),
    )
  }

  /** `_entities { ... on Pupil { … } }`, of one type. */
  entity(set: SelectionSetNode): Held {
    const [only, ...others] = set.selections
    const fragment = only?.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(only.name.value) : only
    if (others.length > 0 || !fragment || fragment.kind === Kind.FIELD || isConditional(only?.directives))
      throw new NotReady('ABSTRACT')
    const type = fragment.typeCondition && this.#schema.getType(fragment.typeCondition.name.value)
    if (!isObjectType(type)) throw new NotReady('ABSTRACT')
    return this.object(type, [fragment.selectionSet])
  }

  object(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Held {
    const collected = new Map<string, Collected>()
    for (const set of sets) this.#collect(type, set, collected)
    return new Held(
      type.name,
      [...collected].map(([name, { field, sets: below }]) => this.#field(type, name, field, below)),
    )
  }

  #field(type: GraphQLObjectType, name: string, fieldName: string, sets: readonly SelectionSetNode[]): HeldField {
    if (fieldName === '__typename') {
      const field = new HeldField(name, false, undefined)
      const text = Buffer.from(JSON.stringify(type.name))
      field.texts = new Map([[text.length, [text]]])
      field.nullable = false
      return field
    }
    const definition = type.getFields()[fieldName]
    if (!definition) throw new NotReady('PLAN')
    const bare = getNullableType(definition.type)
    const isList = isListType(bare)
    if (isList && isListType(getNullableType(bare.ofType))) throw new NotReady('NESTED_LIST')
    const named = getNamedType(definition.type)
    if (!isCompositeType(named)) return new HeldField(name, isList, undefined)
    if (!isObjectType(named)) throw new NotReady('ABSTRACT')
    return new HeldField(name, isList, this.object(named, sets))
  }

  #collect(type: GraphQLObjectType, set: SelectionSetNode, into: Map<string, Collected>): void {
    for (const selection of set.selections) {
      if (isLeftOut(selection.directives, this.#decided)) continue
      if (selection.kind === Kind.FIELD) {
        const name = selection.alias?.value ?? selection.name.value
        const known = into.get(name)
        if (known && known.field !== selection.name.value) throw new NotReady('PLAN')
        const sets = known?.sets ?? []
        if (selection.selectionSet) sets.push(selection.selectionSet)
        if (!known) into.set(name, { field: selection.name.value, sets })
        continue
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(selection.name.value) : selection
      if (!fragment) throw new NotReady('PLAN')
      const condition = fragment.typeCondition?.name.value
      // A subgraph may have fewer types behind an interface than the supergraph: of those nothing is concluded.
      if (condition !== undefined && condition !== type.name) throw new NotReady('ABSTRACT')
      this.#collect(type, fragment.selectionSet, into)
    }
  }
}

function isLeftOut(directives: readonly DirectiveNode[] | undefined, decided: Decided): boolean {
  return (directives ?? []).some(({ name, arguments: given }) => {
    const value = given?.[0]?.value
    if (name.value !== 'skip' && name.value !== 'include') throw new NotReady('PLAN')
    const truth =
      value?.kind === Kind.VARIABLE ? decided[value.name.value] : value?.kind === Kind.BOOLEAN ? value.value : undefined
    if (truth === undefined) throw new NotReady('CONDITIONS')
    return truth === (name.value === 'skip')
  })
}
