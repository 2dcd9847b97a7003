// From the tree that the subgraphs have filled to the answer that was asked for: order, aliases, null where a value is missing or wrong.
//
// For each selection set and each type it meets, its fragments are laid flat once into steps; a step holds nothing of an operation that
// ran. Stock goes the same way over the same selections, and asks of each again which directives, types and conditions it has.
import {
  ERRORS,
  isCompositeType,
  isCustomScalarType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isSubtype,
  type CompositeType,
  type FieldSelection,
  type NamedType,
  type Operation,
  type Schema,
  type SelectionSet,
  type Type,
} from '@apollo/federation-internals'
import type { GraphQLError } from 'graphql'
import { compileSkip, type Condition, type Variables } from './conditions.ts'
import { hasOwn, type Tree } from './merge.ts'
import { assertPlainName, NotCovered } from './not-covered.ts'

/** What one run carries. */
interface Shaping {
  readonly variables: Variables
  readonly path: (string | number)[]
  readonly errors: GraphQLError[]
}

/** False: null goes up from here. `fresh`: nothing has been written into `output` yet but by the steps before this one. */
type Step = (shaping: Shaping, input: Tree, output: Tree, fresh: boolean) => boolean
/** The value; null; FAILED for a null that has been complained of; INVALID for a null that may not be here. */
type Complete = (shaping: Shaping, input: unknown, output: unknown) => unknown

const FAILED = Symbol('null, and an error says why')
const INVALID = Symbol('null where none may be')

export interface Shaped {
  readonly data: Tree | null
  readonly errors: readonly GraphQLError[]
}

export type Shape = (input: Tree, variables: Readonly<Record<string, unknown>> | undefined) => Shaped

/** More than the limits of the door let through; a bound for the door that has none. */
const MOST_SELECTIONS = 20_000

export function compileShape(operation: Operation): Shape {
  const schema = operation.schema()
  assertCovered(operation.selectionSet)
  const root = schema.schemaDefinition.rootType(operation.rootKind)
  if (!root) throw new NotCovered('UNKNOWN')
  const compiler = new ShapeCompiler(schema)
  const steps = compiler.stepsByTypename(operation.selectionSet, root)
  const defaults = operation.collectDefaultedVariableValues()

  return (input, variables) => {
    const shaping: Shaping = {
      variables: { __proto__: null, ...defaults, ...variables } as unknown as Variables,
      path: [],
      errors: [],
    }
    const data: Tree = {}
    const whole = runSteps(steps(input.__typename), shaping, input, data, true)
    return { data: whole ? data : null, errors: shaping.errors }
  }
}

/** Everything that could be met while a program runs is looked at before it does. */
function assertCovered(selectionSet: SelectionSet): void {
  let left = MOST_SELECTIONS
  const walk = (set: SelectionSet): void => {
    for (const selection of set.selections()) {
      if (--left < 0) throw new NotCovered('TOO_LARGE')
      if (selection.kind === 'FieldSelection') {
        const { element } = selection
        assertPlainName(element.responseName())
        if (element.definition.isSchemaIntrospectionField()) throw new NotCovered('INTROSPECTION')
        assertKnownType(element.definition.type, selection)
        if (selection.selectionSet) walk(selection.selectionSet)
      } else if (selection.kind === 'FragmentSelection') walk(selection.selectionSet)
      else throw new NotCovered('UNKNOWN')
    }
  }
  walk(selectionSet)
}

function assertKnownType(type: Type | undefined, { selectionSet }: FieldSelection): void {
  let named = type
  while (named && (isNonNullType(named) || isListType(named))) named = named.ofType
  if (!named || isCompositeType(named as NamedType) !== Boolean(selectionSet)) throw new NotCovered('UNKNOWN')
}

function runSteps(steps: readonly Step[], shaping: Shaping, input: Tree, output: Tree, fresh: boolean): boolean {
  for (const step of steps) if (!step(shaping, input, output, fresh)) return false
  return true
}

/** `undefined`: the object does not say. `null`: a name that the contract does not have. `false`: no name at all, but a value. */
type Known = NamedType | null | undefined | false

class ShapeCompiler {
  readonly #schema: Schema

  constructor(schema: Schema) {
    this.#schema = schema
  }

  /** For the root, whose type is never in doubt, whatever a subgraph writes into it. */
  stepsByTypename(selectionSet: SelectionSet, parent: CompositeType): (typename: unknown) => readonly Step[] {
    const usual = this.#flatten(selectionSet, undefined, parent)
    return (typename) => {
      if (!typename) return usual
      if (typeof typename !== 'string') return this.#flatten(selectionSet, false, parent)
      return this.#flatten(selectionSet, this.#schema.type(typename) ?? null, parent)
    }
  }

  #flatten(selectionSet: SelectionSet, known: Known, parent: CompositeType): readonly Step[] {
    const seen = new Set<string>()
    return this.#steps(selectionSet, known, parent, seen)
  }

  #steps(selectionSet: SelectionSet, known: Known, parent: CompositeType, seen: Set<string>): Step[] {
    const steps: Step[] = []
    for (const selection of selectionSet.selections()) {
      const skip = compileSkip(selection.element, this.#schema)
      if (skip === true) continue
      const inner =
        selection.kind === 'FieldSelection'
          ? [this.#field(selection, parent, seen)]
          : this.#fragment(selection.element.typeCondition, selection.selectionSet, known, parent, seen)
      if (skip === false) steps.push(...inner)
      else steps.push(guard(skip, inner))
    }
    return steps
  }

  #fragment(
    condition: CompositeType | undefined,
    selectionSet: SelectionSet,
    known: Known,
    parent: CompositeType,
    seen: Set<string>,
  ): Step[] {
    if (known === false)
      return [
        (_, input) => {
          throw new Error(`Got unexpected value for __typename: ${input.__typename}`)
        },
      ]
    if (condition && !(known === null ? false : isSubtype(condition, known ?? parent))) return []
    return this.#steps(selectionSet, known, condition ?? parent, seen)
  }

  #field({ element, selectionSet }: FieldSelection, parent: CompositeType, seen: Set<string>): Step {
    const name = element.responseName()
    const repeated = seen.has(name)
    seen.add(name)
    // An array where an object is due has names of its own.
    const guarded = name in Array.prototype
    if (element.name === '__typename') return this.#typename(name, parent, repeated, guarded)
    const type = element.definition.type!
    const bare = isNonNullType(type) ? type.ofType : type
    if (!selectionSet && !isListType(bare))
      return this.#leafField(name, bare as NamedType, type !== bare, parent, repeated, guarded)

    const complete = this.#complete(type, parent, selectionSet)
    return (shaping, input, output, fresh) => {
      const value = guarded && !hasOwn(input, name) ? null : (input[name] ?? null)
      shaping.path.push(name)
      const completed = complete(shaping, value, fresh && !repeated ? undefined : output[name])
      shaping.path.pop()
      if (completed === INVALID) return false
      output[name] = completed === FAILED ? null : completed
      return true
    }
  }

  #typename(name: string, parent: CompositeType, repeated: boolean, guarded: boolean): Step {
    const usual = isObjectType(parent) ? parent.name : undefined
    const schema = this.#schema
    let last: string | undefined
    return (_, input, output, fresh) => {
      if ((repeated || !fresh) && output[name] !== undefined) return true
      let value = guarded && !hasOwn(input, name) ? null : (input[name] ?? null)
      if (value === null && name !== '__typename') value = input.__typename ?? null
      if (value !== null && value === last) {
        output[name] = last
        return true
      }
      const type = typeof value === 'string' ? schema.type(value) : undefined
      if (type && !isObjectType(type)) return false
      const answered = type ? (last = type.name) : usual
      if (answered === undefined) return false
      output[name] = answered
      return true
    }
  }

  #leafField(name: string, type: NamedType, nonNull: boolean, parent: CompositeType, repeated: boolean, guarded: boolean): Step {
    const isValid = this.#leafTest(type)
    return (shaping, input, output, fresh) => {
      if ((repeated || !fresh) && output[name] !== undefined) return true
      const value = guarded && !hasOwn(input, name) ? null : (input[name] ?? null)
      if (value !== null && isValid(value)) {
        output[name] = value
        return true
      }
      output[name] = null
      if (value === null && !nonNull) return true
      const what = `field ${parent}.${name}`
      complain(shaping, value === null ? `Cannot return null for non-nullable ${what}.` : `Invalid value found for ${what}.`, [
        ...shaping.path,
        name,
      ])
      return !nonNull
    }
  }

  #complete(type: Type, parent: CompositeType, selectionSet: SelectionSet | undefined): Complete {
    if (isNonNullType(type)) {
      const inner = this.#complete(type.ofType, parent, selectionSet)
      return (shaping, input, output) => {
        if (output === null || (output !== undefined && !selectionSet)) return output
        const completed = inner(shaping, input, output)
        if (completed === null)
          complain(shaping, `Cannot return null for non-nullable ${describe(shaping.path, type.ofType, parent)}.`)
        return completed === null || completed === FAILED ? INVALID : completed
      }
    }
    if (isListType(type)) return this.#completeList(type.ofType, String(type), parent, selectionSet)
    if (selectionSet) return this.#completeObject(type as CompositeType, parent, selectionSet)
    const isValid = this.#leafTest(type as NamedType)
    return (shaping, input, output) => {
      if (output !== undefined) return output
      if (input === null || isValid(input)) return input
      complain(shaping, `Invalid value found for ${describe(shaping.path, type, parent)}.`)
      return FAILED
    }
  }

  #completeList(inner: Type, listType: string, parent: CompositeType, selectionSet: SelectionSet | undefined): Complete {
    const complete = this.#complete(inner, parent, selectionSet)
    return (shaping, input, output) => {
      if (output === null || (output !== undefined && !selectionSet)) return output
      if (input === null) return null
      if (!Array.isArray(input)) throw new Error(`Invalid non-list value ${input} returned by subgraph for list type ${listType}`)
      // The same response name of the same object: what was written is a list of the same length.
      const before = output as readonly unknown[] | undefined
      const { path } = shaping
      const depth = path.push(0) - 1
      const values: unknown[] = []
      let invalid = false
      for (let index = 0; index < input.length; index++) {
        const value: unknown = input[index]
        if (value === undefined) throw new Error('Should not pass undefined for `inputValue` to this method')
        path[depth] = index
        const completed = complete(shaping, value, before?.[index])
        // The others are looked at all the same: each of their faults is told.
        if (completed === INVALID) invalid = true
        values.push(completed === FAILED ? null : completed)
      }
      path.pop()
      return invalid ? FAILED : values
    }
  }

  #completeObject(type: CompositeType, parent: CompositeType, selectionSet: SelectionSet): Complete {
    const schema = this.#schema
    // Only names of the contract come in here, so that no subgraph can fill the memory with inventions.
    const byName = new Map<string, readonly Step[]>()
    let untyped: readonly Step[] | undefined
    let lastName: string | undefined
    let lastSteps: readonly Step[] | undefined

    const stepsFor = (typename: string): readonly Step[] | undefined => {
      let steps = byName.get(typename)
      if (!steps) {
        const found = schema.type(typename)
        if (!found || !isCompositeType(found)) return undefined
        byName.set(typename, (steps = this.#flatten(selectionSet, found, found)))
      }
      lastName = typename
      return (lastSteps = steps)
    }

    return (shaping, input, output) => {
      if (output === null) return null
      if (input === null) return null
      if (typeof input !== 'object')
        throw new Error(`Invalid non-object value ${input} returned by subgraph for composite type ${type}`)
      const { __typename: typename } = input as Tree
      if (typename !== undefined && typeof typename !== 'string')
        throw new Error(`Invalid non-string value ${typename} for __typename at ${shaping.path}`)
      const steps = typename
        ? typename === lastName
          ? lastSteps
          : stepsFor(typename)
        : (untyped ??= this.#flatten(selectionSet, undefined, type))
      if (!steps) {
        complain(shaping, `Invalid __typename found for object at ${describe(shaping.path, type, parent)}.`)
        return FAILED
      }
      const into = (output ?? {}) as Tree
      return runSteps(steps, shaping, input as Tree, into, output === undefined) ? into : FAILED
    }
  }

  /** As stock judges them, which is less than a GraphQL server would ask: a subgraph has judged them before. */
  #leafTest(type: NamedType): (value: unknown) => boolean {
    const schema = this.#schema
    if (isCustomScalarType(type)) return () => true
    if (isEnumType(type)) {
      const values = new Set<unknown>(type.values.map(({ name }) => name))
      return (value) => typeof value === 'string' && values.has(value)
    }
    if (type === schema.booleanType()) return (value) => typeof value === 'boolean'
    if (type === schema.intType()) return isWhole
    if (type === schema.floatType()) return (value) => typeof value === 'number' && Number.isFinite(value)
    if (type === schema.idType()) return (value) => typeof value === 'string' || isWhole(value)
    if (type === schema.stringType()) return (value) => typeof value === 'string'
    throw new NotCovered('UNKNOWN')
  }
}

const guard =
  (skip: Condition, steps: readonly Step[]): Step =>
  (shaping, input, output, fresh) =>
    skip(shaping.variables) || runSteps(steps, shaping, input, output, fresh)

/** From 1e21 on a number is written with an exponent, and passes for none. */
const isWhole = (value: unknown): boolean => Number.isInteger(value) && Math.abs(value as number) < 1e21

function complain({ errors, path }: Shaping, message: string, at: readonly (string | number)[] = path): void {
  errors.push(ERRORS.INVALID_GRAPHQL.err(message, { path: [...at] }))
}

function describe(path: readonly (string | number)[], type: unknown, parent: CompositeType): string {
  const last = path.at(-1)
  return typeof last === 'string' ? `field ${parent}.${last}` : `array element of type ${type} at index ${last}`
}
