// A query plan as functions: fetches one after another or side by side, each filling the one tree of the operation.
//
// The steps are those of stock's executeQueryPlan, in its order, so that an answer that makes no sense ends in the same error. What can be
// known from the plan alone is done here, once: paths, conditions, representations, rewrites.
import type { GraphQLDataSource } from '@apollo/gateway'
import type { Operation } from '@apollo/federation-internals'
import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner'
import { downstreamError, errorPaths, type ResponsePath } from './downstream-errors.ts'
import { copyTree, deepMerge, getOwn, hasOwn, type Tree } from './merge.ts'
import { NotCovered } from './not-covered.ts'
import type { Answered } from './ready/answered.ts'
import { compileRepresentation, tellOnce, type Represent } from './representations.ts'
import { compileRewrites } from './rewrites.ts'
import { tookLong } from './turns.ts'
import type { TypeTest } from './type-tests.ts'

type ProcessOptions = Parameters<GraphQLDataSource['process']>[0]
export type RequestContext = Extract<ProcessOptions, { incomingRequestContext: unknown }>['incomingRequestContext']
export type Services = Readonly<Record<string, { readonly dataSource: GraphQLDataSource } | undefined>>

/** One operation on its way. Nothing of it is kept by a program. */
export interface Run {
  readonly requestContext: RequestContext
  readonly services: Services
  /** What all fetches fill. */
  readonly tree: Tree
  readonly errors: unknown[]
  /** Merging an answer took long: what comes next begins a turn of its own. */
  isLong?: boolean
  /** What was asked already, on the way over bytes; each is taken once. */
  readonly answered?: Answered | undefined
}

interface Cursor {
  readonly path: ResponsePath
  /** An object, or all that a path with lists leads to. */
  readonly data: unknown
}

type RunNode = (run: Run, cursor: Cursor) => Promise<void>
type Answer = Awaited<ReturnType<GraphQLDataSource['process']>>

export interface PlanToCompile {
  readonly plan: QueryPlan
  readonly operation: Operation
  readonly typeTest: (name: string) => TypeTest
}

export function compilePlan({ plan, operation, typeTest }: PlanToCompile): (run: Run) => Promise<void> {
  const { node } = plan
  if (!node) return async () => undefined
  if (node.kind === 'Subscription') throw new NotCovered('DEFER')
  const runNode = compileNode(node)
  return (run) => runNode(run, { path: [], data: run.tree })

  function compileNode(node: PlanNode): RunNode {
    switch (node.kind) {
      case 'Sequence': {
        const nodes = node.nodes.map(compileNode)
        return async (run, cursor) => {
          for (const each of nodes) await each(run, cursor)
        }
      }
      case 'Parallel': {
        const nodes = node.nodes.map(compileNode)
        return async (run, cursor) => {
          // A function around each, as in stock: of two faults side by side, the turns decide which is told.
          await Promise.all(nodes.map(async (each) => each(run, cursor)))
        }
      }
      case 'Flatten': {
        const { path } = node
        const inner = compileNode(node.node)
        return async (run, cursor) => {
          const data = follow(cursor.data, path, 0)
          if (data) await inner(run, { path: cursor.path.concat(path), data })
        }
      }
      case 'Condition': {
        const { condition } = node
        const then = node.ifClause && compileNode(node.ifClause)
        const otherwise = node.elseClause && compileNode(node.elseClause)
        const fallback: unknown = operation.variableDefinitions.definition(condition)?.defaultValue
        return async (run, cursor) => {
          let value: unknown = getOwn(run.requestContext.request.variables ?? {}, condition)
          if (value === undefined) value = fallback
          if (value === undefined) throw new Error(`Missing value for variable $${condition} (and no default found)`)
          if (typeof value !== 'boolean')
            throw new Error(`Invalid non-boolean value ${value} for Boolean! variable $${condition}`)
          await (value ? then : otherwise)?.(run, cursor)
        }
      }
      case 'Fetch': {
        const fetch = compileFetch(node, typeTest)
        return async (run, cursor) => {
          try {
            await fetch(run, cursor)
          } catch (error) {
            run.errors.push(error)
          }
        }
      }
      case 'Defer':
        throw new NotCovered('DEFER')
      default:
        throw new NotCovered('UNKNOWN')
    }
  }
}

function follow(value: unknown, path: ResponsePath, at: number): unknown {
  const current = path[at]
  if (current === undefined || value === undefined || value === null) return value
  // Where it is no list, this throws what stock throws.
  if (current === '@') return (value as unknown[]).flatMap((element) => follow(element, path, at + 1))
  if (typeof current !== 'string') throw new Error(`Unexpected ${typeof current} found in path`)
  if (Array.isArray(value)) throw new Error(`Unexpected array in result for path element ${current}`)
  return follow(getOwn(value, current), path, at + 1)
}

function compileFetch(node: FetchNode, typeTest: (name: string) => TypeTest): RunNode {
  if (node.hasDefers) throw new NotCovered('DEFER')
  if (node.contextRewrites?.length) throw new NotCovered('CONTEXT')
  const { serviceName, operation: query, operationName, operationDocumentNode: document, variableUsages = [] } = node
  const represent = node.requires && compileRepresentation(node.requires, typeTest)
  const ofEntities = represent !== undefined
  const rewriteInput = compileRewrites(node.inputRewrites, typeTest)
  const rewriteOutput = compileRewrites(node.outputRewrites, typeTest)

  async function send(run: Run, cursor: Cursor, service: GraphQLDataSource, variables: Tree): Promise<Answer> {
    const { requestContext, answered } = run
    const answering = answered?.take(node)
    if (answering) return (await answering).read()
    return service.process({
      kind: 'incoming operation' as never,
      request: { query, variables, operationName },
      incomingRequestContext: requestContext,
      context: requestContext.context,
      document,
      pathInIncomingRequest: cursor.path as (string | number)[],
    })
  }

  function takeErrors(run: Run, cursor: Cursor, response: Answer): void {
    if (!response.errors) return
    const placed = errorPaths(ofEntities, cursor.path, run.tree)
    run.errors.push(...response.errors.map((error) => downstreamError(error as Error, serviceName, placed)))
  }

  return async (run, cursor) => {
    const service = run.services[serviceName]?.dataSource
    if (!service) throw new Error(`Couldn't find service with name "${serviceName}"`)
    const entities = Array.isArray(cursor.data)
      ? cursor.data.filter((entity) => entity !== null && entity !== undefined)
      : [cursor.data]
    if (entities.length < 1) return
    const variables = pickVariables(run.requestContext.request.variables, variableUsages)

    if (!represent) {
      const response = await send(run, cursor, service, variables)
      takeErrors(run, cursor, response)
      const { data } = response
      const began = performance.now()
      if (data) rewriteOutput?.(data)
      for (const entity of entities) deepMerge(entity, data)
      if (tookLong(began)) run.isLong = true
      return
    }

    const { representations, represented } = representAll(entities, represent, rewriteInput)
    if (representations.length < 1) return
    if ('representations' in variables) throw new Error(`Variables cannot contain key "representations"`)
    const told = tellOnce(representations)
    let { places } = told
    let expected = told.distinct.length
    let response = await send(run, cursor, service, { ...variables, representations: told.distinct })
    if (expected < representations.length && !isClean(response, expected)) {
      // Faults count entities, and have an order among themselves: asked as stock asks, they come as stock gets them. It is a read.
      response = await send(run, cursor, service, { ...variables, representations })
      places = representations.map((_, index) => index)
      expected = representations.length
    }
    takeErrors(run, cursor, response)
    const { data } = response
    if (!data) return
    const received: unknown = data._entities
    if (!Array.isArray(received)) throw new Error(`Expected "data._entities" in response to be an array`)
    if (received.length !== expected) throw new Error(`Expected "data._entities" to contain ${representations.length} elements`)
    const began = performance.now()
    const last = new Map(places.map((place, index) => [place, index]))
    for (const [index, place] of places.entries()) {
      // The last of several equal entities takes what came, those before it copies of it while it is as it came.
      const receivedEntity = last.get(place) === index ? received[place] : copyTree(received[place])
      const entity = represented[index] as Tree
      if (receivedEntity && !receivedEntity.__typename) receivedEntity.__typename = entity.__typename
      rewriteOutput?.(receivedEntity)
      deepMerge(entity, receivedEntity)
    }
    if (tookLong(began)) run.isLong = true
  }
}

function representAll(
  entities: readonly unknown[],
  represent: Represent,
  rewrite: ((value: unknown) => void) | null,
): { representations: Tree[]; represented: unknown[] } {
  const representations: Tree[] = []
  const represented: unknown[] = []
  for (const entity of entities) {
    const representation = represent(entity)
    if (!representation?.__typename) continue
    rewrite?.(representation)
    representations.push(representation)
    represented.push(entity)
  }
  return { representations, represented }
}

/** A data source may answer nothing at all; that too is stock's to complain of. */
function isClean(response: Answer | undefined, count: number): boolean {
  const received: unknown = response?.data?._entities
  return !response?.errors && Array.isArray(received) && received.length === count
}

/** The caller's own values, as they came: each subgraph reads those it has asked for. */
function pickVariables(provided: Readonly<Record<string, unknown>> | undefined, names: readonly string[]): Tree {
  const picked: Tree = Object.create(null)
  if (!provided) return picked
  for (const name of names) if (hasOwn(provided, name) && provided[name] !== undefined) picked[name] = provided[name]
  return picked
}
