// How large a document is once its fragments are expanded, found without expanding it: each definition is walked once.
import { Kind } from 'graphql'
import type {
  ArgumentNode,
  DirectiveNode,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionSetNode,
  ValueNode,
} from 'graphql'
import { saturate } from './saturation.ts'

/** What one selection set amounts to with every fragment below it expanded. Counts saturate. */
export interface SelectionMeasure {
  /** Fields, spreads and inline fragments. A spread of an unknown fragment counts itself. */
  readonly selections: number
  readonly fields: number
  readonly aliases: number
  /** Fields that stand in the set itself, through fragments, not below another field. */
  readonly levelFields: number
  /** Levels of fields, those below `__schema` and `__type` left out. */
  readonly depth: number
  /** Levels of fields from `__schema` or `__type` down, both counted. */
  readonly introspectionDepth: number
  readonly introspectionFields: number
  /** Introspection lists of types and fields inside one another. */
  readonly introspectionLists: number
  /** Depth and lists if the whole set stood below `__schema`: what it contributes where it does. */
  readonly depthAsIntrospection: number
  readonly listsAsIntrospection: number
}

export interface DocumentMeasure {
  readonly operations: readonly OperationDefinitionNode[]
  /** By name; of two fragments with one name the later, as in graphql's own validation and execution. */
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly byOperation: ReadonlyMap<OperationDefinitionNode, SelectionMeasure>
  /** Everything that validation will look at: the operations, and fragments that none of them reaches. */
  readonly roots: readonly SelectionSetNode[]
  /** The greatest depth and alias count among the roots, the sum of their selections. */
  readonly whole: SelectionMeasure
  readonly rootFields: number
  readonly fragmentDefinitions: number
  /** As written. */
  readonly spreads: number
  readonly directives: number
  /** The longest list in a literal, and the largest literal `first` or `last`. */
  readonly longestList: { readonly size: number; readonly at: string }
  /** The names on the way from a fragment back to itself. */
  readonly cycle: readonly string[] | undefined
  /** Selections walked: never more than the document has. */
  readonly visits: number
}

const EMPTY: SelectionMeasure = {
  selections: 0,
  fields: 0,
  aliases: 0,
  levelFields: 0,
  depth: 0,
  introspectionDepth: 0,
  introspectionFields: 0,
  introspectionLists: 0,
  depthAsIntrospection: 0,
  listsAsIntrospection: 0,
}

export function isIntrospectionRoot(fieldName: string): boolean {
  return fieldName === '__schema' || fieldName === '__type'
}

/** The fields through which the type graph comes back to itself as a list, so that each further level multiplies the answer. */
const INTROSPECTION_LISTS: ReadonlySet<string> = new Set(['fields', 'interfaces', 'possibleTypes', 'inputFields'])

export function measureDocument(document: DocumentNode): DocumentMeasure {
  const operations: OperationDefinitionNode[] = []
  const fragmentDefinitions: FragmentDefinitionNode[] = []
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragmentDefinitions.push(definition)
  }

  const fragments = new Map(fragmentDefinitions.map((definition) => [definition.name.value, definition]))
  const walk = new Walk(fragments)
  const byOperation = new Map<OperationDefinitionNode, SelectionMeasure>()
  const roots: SelectionSetNode[] = []
  let whole = EMPTY
  let rootFields = 0
  for (const operation of operations) {
    const measure = walk.operation(operation)
    byOperation.set(operation, measure)
    roots.push(operation.selectionSet)
    whole = besides(whole, measure)
    rootFields = Math.max(rootFields, measure.levelFields)
  }
  for (const fragment of fragmentDefinitions) {
    if (walk.hasMeasured(fragment)) continue
    roots.push(fragment.selectionSet)
    whole = besides(whole, walk.fragment(fragment))
  }

  return {
    operations,
    fragments,
    byOperation,
    roots,
    whole,
    rootFields,
    fragmentDefinitions: fragmentDefinitions.length,
    spreads: walk.spreads,
    directives: walk.directives,
    longestList: walk.longestList,
    cycle: walk.cycle,
    visits: walk.visits,
  }
}

class Walk {
  visits = 0
  spreads = 0
  directives = 0
  longestList = { size: 0, at: '' }
  cycle: readonly string[] | undefined

  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  private readonly measured = new Map<FragmentDefinitionNode, SelectionMeasure>()
  /** The fragments being walked, outermost first. */
  private readonly open = new Set<FragmentDefinitionNode>()

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.fragments = fragments
  }

  hasMeasured(fragment: FragmentDefinitionNode): boolean {
    return this.measured.has(fragment)
  }

  operation(operation: OperationDefinitionNode): SelectionMeasure {
    this.countDirectives(operation.directives)
    for (const variable of operation.variableDefinitions ?? []) {
      this.countDirectives(variable.directives)
      if (variable.defaultValue) this.value(variable.defaultValue, `$${variable.variable.name.value}`)
    }
    return this.selectionSet(operation.selectionSet)
  }

  fragment(fragment: FragmentDefinitionNode): SelectionMeasure {
    const known = this.measured.get(fragment)
    if (known) return known
    if (this.open.has(fragment)) {
      const names = [...this.open].map((each) => each.name.value)
      this.cycle ??= [...names.slice(names.indexOf(fragment.name.value)), fragment.name.value]
      return EMPTY
    }
    this.open.add(fragment)
    this.countDirectives(fragment.directives)
    const measure = this.selectionSet(fragment.selectionSet)
    this.open.delete(fragment)
    this.measured.set(fragment, measure)
    return measure
  }

  private selectionSet(set: SelectionSetNode): SelectionMeasure {
    let sum = EMPTY
    for (const selection of set.selections) {
      this.visits += 1
      this.countDirectives(selection.directives)
      switch (selection.kind) {
        case Kind.FIELD:
          sum = together(sum, this.field(selection))
          break
        case Kind.INLINE_FRAGMENT:
          this.spreads += 1
          sum = together(sum, spread(this.selectionSet(selection.selectionSet)))
          break
        case Kind.FRAGMENT_SPREAD: {
          this.spreads += 1
          const fragment = this.fragments.get(selection.name.value)
          sum = together(sum, spread(fragment ? this.fragment(fragment) : EMPTY))
          break
        }
      }
    }
    return sum
  }

  private field(field: FieldNode): SelectionMeasure {
    this.countArguments(field.arguments, field.name.value)
    const below = field.selectionSet ? this.selectionSet(field.selectionSet) : EMPTY
    const name = field.name.value
    const introspects = isIntrospectionRoot(name)
    const fields = saturate(below.fields + 1)
    return {
      selections: saturate(below.selections + 1),
      fields,
      aliases: saturate(below.aliases + (field.alias ? 1 : 0)),
      levelFields: 1,
      depth: introspects ? 1 : below.depth + 1,
      introspectionDepth: introspects ? below.depthAsIntrospection + 1 : below.introspectionDepth,
      introspectionFields: introspects ? fields : below.introspectionFields,
      introspectionLists: introspects ? below.listsAsIntrospection : below.introspectionLists,
      depthAsIntrospection: below.depthAsIntrospection + 1,
      listsAsIntrospection: below.listsAsIntrospection + (INTROSPECTION_LISTS.has(name) ? 1 : 0),
    }
  }

  private countDirectives(directives: readonly DirectiveNode[] | undefined): void {
    for (const directive of directives ?? []) {
      this.directives += 1
      this.countArguments(directive.arguments, `@${directive.name.value}`)
    }
  }

  private countArguments(given: readonly ArgumentNode[] | undefined, owner: string): void {
    for (const argument of given ?? []) {
      const name = argument.name.value
      const at = `${owner}(${name}:)`
      if ((name === 'first' || name === 'last') && argument.value.kind === Kind.INT) this.list(Number(argument.value.value), at)
      this.value(argument.value, at)
    }
  }

  private value(value: ValueNode, at: string): void {
    if (value.kind === Kind.LIST) {
      this.list(value.values.length, at)
      for (const each of value.values) this.value(each, at)
    } else if (value.kind === Kind.OBJECT) {
      for (const field of value.fields) this.value(field.value, at)
    }
  }

  private list(size: number, at: string): void {
    if (size > this.longestList.size) this.longestList = { size: saturate(size), at }
  }
}

/** A spread is a selection of its own around what it brings. */
function spread(inside: SelectionMeasure): SelectionMeasure {
  return { ...inside, selections: saturate(inside.selections + 1) }
}

/** Two parts of one selection set. */
function together(one: SelectionMeasure, other: SelectionMeasure): SelectionMeasure {
  return {
    selections: saturate(one.selections + other.selections),
    fields: saturate(one.fields + other.fields),
    aliases: saturate(one.aliases + other.aliases),
    levelFields: saturate(one.levelFields + other.levelFields),
    depth: Math.max(one.depth, other.depth),
    introspectionDepth: Math.max(one.introspectionDepth, other.introspectionDepth),
    introspectionFields: saturate(one.introspectionFields + other.introspectionFields),
    introspectionLists: Math.max(one.introspectionLists, other.introspectionLists),
    depthAsIntrospection: Math.max(one.depthAsIntrospection, other.depthAsIntrospection),
    listsAsIntrospection: Math.max(one.listsAsIntrospection, other.listsAsIntrospection),
  }
}

/** Two definitions of one document: only one of them runs, both are validated. */
function besides(one: SelectionMeasure, other: SelectionMeasure): SelectionMeasure {
  return {
    ...together(one, other),
    aliases: Math.max(one.aliases, other.aliases),
    levelFields: Math.max(one.levelFields, other.levelFields),
    introspectionFields: Math.max(one.introspectionFields, other.introspectionFields),
  }
}
