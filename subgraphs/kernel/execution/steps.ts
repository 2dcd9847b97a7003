// The fields of a program: each puts the question to its resolver and completes what comes, in the order and turns of graphql-js.
//
// Most fields of an answer are leaves without a resolver: a property, read and written over. They need no arguments, no path and no
// `info`, and get none. Steps are data with a method, so that a program of many fields is small.
import {
  getArgumentValues,
  isEnumType,
  type FieldNode,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql'
import { inspect } from 'graphql/jsutils/inspect.js'
import { isPromise, type Path, type Run } from './run.ts'

/** A field of one object: its value, or the promise of it. Throws, or rejects, where the object may not be without it. */
export interface Step {
  readonly name: string
  run(run: Run, source: unknown, path: Path | undefined): unknown
}

/** What a resolver answered, as the type of its field has it. `site` is the field's own path, `path` that of the value. */
export type Complete = (run: Run, value: unknown, path: Path, site: Path) => unknown

export class TypenameStep implements Step {
  readonly name: string
  readonly #typename: string

  constructor(name: string, typename: string) {
    this.name = name
    this.#typename = typename
  }

  run(): string {
    return this.#typename
  }
}

/** A field as the schema has it; one for all documents. */
export interface FieldOfType {
  readonly schema: GraphQLSchema
  readonly parent: GraphQLObjectType
  readonly definition: GraphQLField<unknown, unknown>
  readonly nonNull: boolean
  /** Undefined: the property of the same name. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | undefined
}

/** `info` as resolvers know it, made for those that read it. */
export function infoOf(field: FieldOfType, nodes: readonly FieldNode[], run: Run, path: Path): GraphQLResolveInfo {
  return {
    fieldName: field.definition.name,
    fieldNodes: nodes,
    returnType: field.definition.type,
    parentType: field.parent,
    path,
    schema: field.schema,
    fragments: run.fragments,
    rootValue: undefined,
    operation: run.operation,
    variableValues: run.variables,
  }
}

const isSource = (source: unknown): source is Record<string, unknown> =>
  (typeof source === 'object' && source !== null) || typeof source === 'function'

export class ValueStep implements Step {
  readonly name: string
  readonly #field: FieldOfType
  readonly #nodes: readonly FieldNode[]
  readonly #complete: Complete

  constructor(name: string, field: FieldOfType, nodes: readonly FieldNode[], complete: Complete) {
    this.name = name
    this.#field = field
    this.#nodes = nodes
    this.#complete = complete
  }

  run(run: Run, source: unknown, prev: Path | undefined): unknown {
    const path: Path = { prev, key: this.name, typename: this.#field.parent.name }
    try {
      return this.#settle(run, this.#ask(run, source, path), path)
    } catch (rawError) {
      return run.fail(rawError, this.#nodes, path, this.#field.nonNull)
    }
  }

  #ask(run: Run, source: unknown, path: Path): unknown {
    const { definition, resolve } = this.#field
    const args = definition.args.length === 0 ? undefined : getArgumentValues(definition, this.#nodes[0]!, run.variables)
    if (resolve) return resolve(source, args ?? {}, run.context, infoOf(this.#field, this.#nodes, run, path))
    if (!isSource(source)) return undefined
    const property = source[definition.name]
    if (typeof property !== 'function') return property
    const { [definition.name]: method } = source as Record<string, (...all: unknown[]) => unknown>
    return method!.call(source, args ?? {}, run.context, infoOf(this.#field, this.#nodes, run, path))
  }

  #settle(run: Run, result: unknown, path: Path): unknown {
    const completed = isPromise(result)
      ? result.then((value) => this.#complete(run, value, path, path))
      : this.#complete(run, result, path, path)
    if (!isPromise(completed)) return completed
    return completed.then(undefined, (rawError) => run.fail(rawError, this.#nodes, path, this.#field.nonNull))
  }
}

/** A leaf that is a property of its object. What is no plain value (a promise, a function, an error) goes the long way. */
export class LeafStep implements Step {
  readonly name: string
  readonly #leaf: LeafOfType
  readonly #nodes: readonly FieldNode[]

  constructor(name: string, leaf: LeafOfType, nodes: readonly FieldNode[]) {
    this.name = name
    this.#leaf = leaf
    this.#nodes = nodes
  }

  run(run: Run, source: unknown, prev: Path | undefined): unknown {
    const leaf = this.#leaf
    try {
      const value = isSource(source) ? source[leaf.key] : undefined
      if (value === null || value === undefined) {
        if (leaf.field.nonNull) throw new Error(leaf.missing)
        return null
      }
      if (typeof value !== 'object' && typeof value !== 'function') return leaf.serialize(value)
      return this.#long(run, source, value, prev)
    } catch (rawError) {
      const { field } = leaf
      return run.fail(rawError, this.#nodes, { prev, key: this.name, typename: field.parent.name }, field.nonNull)
    }
  }

  #long(run: Run, source: unknown, value: unknown, prev: Path | undefined): unknown {
    const { field, complete } = this.#leaf
    const path: Path = { prev, key: this.name, typename: field.parent.name }
    const result =
      typeof value === 'function'
        ? (value.call(source, {}, run.context, infoOf(field, this.#nodes, run, path)) as unknown)
        : value
    if (!isPromise(result)) return complete(run, result, path, path)
    return result
      .then((resolved) => complete(run, resolved, path, path))
      .then(undefined, (rawError) => run.fail(rawError, this.#nodes, path, field.nonNull))
  }
}

/** A field that `LeafStep` may read; one for all documents. */
export interface LeafOfType {
  readonly field: FieldOfType
  readonly key: string
  /** What is said where null may not stand. */
  readonly missing: string
  readonly serialize: (value: unknown) => unknown
  readonly complete: Complete
}

export const missing = ({ parent, definition }: FieldOfType): string =>
  `Cannot return null for non-nullable field ${parent.name}.${definition.name}.`

/** A value that is there, as the leaf type writes it. */
export function serializerOf(type: GraphQLLeafType): (value: unknown) => unknown {
  const serialize = isEnumType(type) ? (value: unknown) => type.serialize(value) : (value: unknown) => type.serialize(value)
  return (value) => {
    const serialized: unknown = serialize(value)
    if (serialized !== null && serialized !== undefined) return serialized
    throw new Error(
      `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(serialized)}`,
    )
  }
}

/** The fields of one object, side by side. */
export function runFields(steps: readonly Step[], run: Run, source: unknown, path: Path | undefined): unknown {
  const results: Record<string, unknown> = {}
  let pending = false
  try {
    for (const step of steps) {
      const result = step.run(run, source, path)
      results[step.name] = result
      if (typeof result === 'object' && isPromise(result)) pending = true
    }
  } catch (error) {
    if (!pending) throw error
    // The others have begun: they are waited for, and what they say in the end is heard.
    return settled(results).finally(() => {
      throw error
    })
  }
  return pending ? settled(results) : results
}

function settled(results: Record<string, unknown>): Promise<Record<string, unknown>> {
  const names = Object.keys(results)
  return Promise.all(Object.values(results)).then((values) => {
    for (let index = 0; index < names.length; index++) results[names[index]!] = values[index]
    return results
  })
}

/** The acts of a mutation: each waits for the one before it. */
export function runFieldsSerially(steps: readonly Step[], run: Run, source: unknown): unknown {
  let results: unknown = {}
  const act = (sofar: unknown, step: Step): unknown => {
    const keep = (result: unknown): unknown => {
      ;(sofar as Record<string, unknown>)[step.name] = result
      return sofar
    }
    const result = step.run(run, source, undefined)
    return isPromise(result) ? result.then(keep) : keep(result)
  }
  for (const step of steps) results = isPromise(results) ? results.then((sofar) => act(sofar, step)) : act(results, step)
  return results
}
