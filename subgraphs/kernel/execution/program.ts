// One operation under one set of conditions, compiled: what each object answers is settled here, once, and no longer asked for each object.
import {
  defaultFieldResolver,
  defaultTypeResolver,
  getNullableType,
  GraphQLError,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  OperationTypeNode,
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLList,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import { inspect } from 'graphql/jsutils/inspect.js'
import { NotCovered } from './not-covered.ts'
import { isPromise, type Path, type Run } from './run.ts'
import { collectFields, type Collecting } from './selection.ts'
import {
  infoOf,
  LeafStep,
  missing,
  runFields,
  runFieldsSerially,
  serializerOf,
  TypenameStep,
  ValueStep,
  type Complete,
  type FieldOfType,
  type LeafOfType,
  type Step,
} from './steps.ts'

/** The data of the answer, or the promise of it; throws where the whole answer is null. */
export type Program = (run: Run) => unknown

/** The fields of a schema as steps read them, each looked at once. */
export class SchemaFields {
  readonly schema: GraphQLSchema
  readonly #fields = new Map<GraphQLObjectType, Map<string, FieldOfType>>()
  readonly #leaves = new Map<FieldOfType, LeafOfType | null>()

  constructor(schema: GraphQLSchema) {
    this.schema = schema
  }

  field(parent: GraphQLObjectType, name: string): FieldOfType {
    let ofParent = this.#fields.get(parent)
    if (!ofParent) this.#fields.set(parent, (ofParent = new Map()))
    let field = ofParent.get(name)
    if (!field) {
      const definition = parent.getFields()[name]
      if (!definition) throw new NotCovered('INTROSPECTION')
      const { resolve } = definition
      field = {
        schema: this.schema,
        parent,
        definition,
        nonNull: isNonNullType(definition.type),
        resolve: resolve === defaultFieldResolver ? undefined : resolve,
      }
      ofParent.set(name, field)
    }
    return field
  }

  /** Null for a field that must be asked. */
  leaf(field: FieldOfType): LeafOfType | null {
    let leaf = this.#leaves.get(field)
    if (leaf === undefined) this.#leaves.set(field, (leaf = leafOf(field)))
    return leaf
  }
}

function leafOf(field: FieldOfType): LeafOfType | null {
  const { definition, resolve, nonNull } = field
  const type = getNullableType(definition.type)
  if (resolve || definition.args.length > 0 || !isLeafType(type)) return null
  const serialize = serializerOf(type)
  const told = missing(field)
  return {
    field,
    key: definition.name,
    missing: told,
    serialize,
    complete: nonNull ? completeNonNull(completeLeaf(serialize), told) : completeLeaf(serialize),
  }
}

const completeLeaf =
  (serialize: (value: unknown) => unknown): Complete =>
  (_, value) => {
    if (value instanceof Error) throw value
    return value === null || value === undefined ? null : serialize(value)
  }

const completeNonNull =
  (inner: Complete, told: string): Complete =>
  (run, value, path, site) => {
    const completed = inner(run, value, path, site)
    if (completed === null) throw new Error(told)
    return completed
  }

export interface ToCompile extends Collecting {
  readonly fields: SchemaFields
  readonly operation: OperationDefinitionNode
  /** Takes a step off what the document may have; throws when there is none left. */
  readonly spend: () => void
}

export function compileProgram(toCompile: ToCompile): Program {
  const { schema, operation } = toCompile
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) throw new NotCovered('SUBSCRIPTION')
  const root = schema.getRootType(operation.operation)
  if (!root) throw new NotCovered('OPERATION')
  const steps = new Compiler(toCompile).root(root)
  return operation.operation === OperationTypeNode.MUTATION
    ? (run) => runFieldsSerially(steps, run, undefined)
    : (run) => runFields(steps, run, undefined, undefined)
}

class Compiler {
  readonly #to: ToCompile
  readonly #ids = new Map<FieldNode, number>()
  /** By type and nodes: a fragment that is spread in many places is compiled once. */
  readonly #selections = new Map<string, readonly Step[]>()

  constructor(to: ToCompile) {
    this.#to = to
  }

  root(type: GraphQLObjectType): readonly Step[] {
    return this.#steps(type, collectFields(this.#to, type, [this.#to.operation.selectionSet]))
  }

  #selection(type: GraphQLObjectType, nodes: readonly FieldNode[]): readonly Step[] {
    const key = `${type.name} ${nodes.map((node) => this.#idOf(node)).join()}`
    let steps = this.#selections.get(key)
    if (!steps) {
      const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
      this.#selections.set(key, (steps = this.#steps(type, collectFields(this.#to, type, sets))))
    }
    return steps
  }

  #idOf(node: FieldNode): number {
    let id = this.#ids.get(node)
    if (id === undefined) this.#ids.set(node, (id = this.#ids.size))
    return id
  }

  #steps(type: GraphQLObjectType, fields: ReadonlyMap<string, readonly FieldNode[]>): readonly Step[] {
    return [...fields].map(([name, nodes]) => {
      // Answers are plain objects, which V8 keeps fast, where graphql-js takes objects without a prototype.
      if (name in Object.prototype) throw new NotCovered('RESERVED_NAME')
      this.#to.spend()
      const fieldName = nodes[0]!.name.value
      if (fieldName === '__typename') return new TypenameStep(name, type.name)
      if (fieldName.startsWith('__')) throw new NotCovered('INTROSPECTION')
      const field = this.#to.fields.field(type, fieldName)
      const leaf = this.#to.fields.leaf(field)
      if (leaf) return new LeafStep(name, leaf, nodes)
      return new ValueStep(name, field, nodes, this.#complete(field.definition.type, field, nodes))
    })
  }

  #complete(type: GraphQLOutputType, field: FieldOfType, nodes: readonly FieldNode[]): Complete {
    if (isNonNullType(type)) return completeNonNull(this.#complete(type.ofType, field, nodes), missing(field))
    if (isListType(type)) return this.#list(type, field, nodes)
    if (isLeafType(type)) return completeLeaf(serializerOf(type))
    const complete = isObjectType(type) ? this.#object(type, field, nodes) : this.#abstract(type, field, nodes)
    return (run, value, path, site) => {
      if (value instanceof Error) throw value
      return value === null || value === undefined ? null : complete(run, value, path, site)
    }
  }

  #list({ ofType }: GraphQLList<GraphQLOutputType>, field: FieldOfType, nodes: readonly FieldNode[]): Complete {
    const complete = this.#complete(ofType, field, nodes)
    const nonNull = isNonNullType(ofType)
    const told = `Expected Iterable, but did not find one for field "${field.parent.name}.${field.definition.name}".`

    const completeItem = (run: Run, item: unknown, path: Path, site: Path): unknown => {
      try {
        const completed = isPromise(item)
          ? item.then((value) => complete(run, value, path, site))
          : complete(run, item, path, site)
        if (!isPromise(completed)) return completed
        return completed.then(undefined, (rawError) => run.fail(rawError, nodes, path, nonNull))
      } catch (rawError) {
        return run.fail(rawError, nodes, path, nonNull)
      }
    }

    return (run, value, prev, site) => {
      if (value instanceof Error) throw value
      if (value === null || value === undefined) return null
      if (typeof value !== 'object' || typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] !== 'function')
        throw new GraphQLError(told)
      let pending: Promise<unknown>[] | undefined
      try {
        const completed = Array.from(value as Iterable<unknown>, (item, key) => {
          const each = completeItem(run, item, { prev, key, typename: undefined }, site)
          if (typeof each === 'object' && isPromise(each)) (pending ??= []).push(each)
          return each
        })
        return pending ? Promise.all(completed) : completed
      } catch (error) {
        // Nobody waits for the others now. graphql-js lets their faults go unheard, which ends a node process.
        for (const each of pending ?? []) each.then(undefined, () => undefined)
        throw error
      }
    }
  }

  #object(type: GraphQLObjectType, field: FieldOfType, nodes: readonly FieldNode[]): Complete {
    const steps = this.#selection(type, nodes)
    const { isTypeOf } = type
    if (!isTypeOf) return (run, value, path) => runFields(steps, run, value, path)

    const assertOfType = (is: boolean, value: unknown): void => {
      if (!is) throw new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, { nodes })
    }
    return (run, value, path, site) => {
      const is = isTypeOf(value, run.context, infoOf(field, nodes, run, site))
      if (isPromise(is))
        return is.then((resolved) => {
          assertOfType(resolved as boolean, value)
          return runFields(steps, run, value, path)
        })
      assertOfType(is, value)
      return runFields(steps, run, value, path)
    }
  }

  #abstract(type: GraphQLAbstractType, field: FieldOfType, nodes: readonly FieldNode[]): Complete {
    const { schema } = this.#to
    if (!isAbstractType(type)) throw new NotCovered('FAULT')
    const resolveType = type.resolveType ?? defaultTypeResolver
    const possible = new Map(schema.getPossibleTypes(type).map((each) => [each.name, this.#object(each, field, nodes)]))

    const completeAs = (name: unknown, run: Run, value: unknown, path: Path, site: Path): unknown => {
      const complete = typeof name === 'string' ? possible.get(name) : undefined
      if (!complete) throw wrongType(name, type, field, value, nodes, schema)
      return complete(run, value, path, site)
    }
    return (run, value, path, site) => {
      const name = resolveType(value, run.context, infoOf(field, nodes, run, site), type)
      if (isPromise(name)) return name.then((resolved) => completeAs(resolved, run, value, path, site))
      return completeAs(name, run, value, path, site)
    }
  }
}

/** In the words of graphql-js. */
function wrongType(
  name: unknown,
  { name: abstract }: GraphQLAbstractType,
  { parent, definition }: FieldOfType,
  value: unknown,
  nodes: readonly FieldNode[],
  schema: GraphQLSchema,
): GraphQLError {
  const place = `for field "${parent.name}.${definition.name}"`
  const unresolved = `Abstract type "${abstract}" must resolve to an Object type at runtime ${place}`
  if (name === null || name === undefined)
    return new GraphQLError(
      `${unresolved}. Either the "${abstract}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
      { nodes },
    )
  if (isObjectType(name))
    return new GraphQLError(
      'Support for returning GraphQLObjectType from resolveType was removed in graphql-js@16.0.0 please return type name instead.',
    )
  if (typeof name !== 'string')
    return new GraphQLError(`${unresolved} with value ${inspect(value)}, received "${inspect(name)}".`)
  const named = schema.getType(name)
  if (!named)
    return new GraphQLError(
      `Abstract type "${abstract}" was resolved to a type "${name}" that does not exist inside the schema.`,
      {
        nodes,
      },
    )
  if (!isObjectType(named))
    return new GraphQLError(`Abstract type "${abstract}" was resolved to a non-object type "${name}".`, { nodes })
  return new GraphQLError(`Runtime Object type "${name}" is not a possible type for "${abstract}".`, { nodes })
}
