// Puts the compiled executor before the gateway's own: each document is planned and compiled once, the rest goes to stock with a reason.
import type { ApolloGateway } from '@apollo/gateway'
import { operationFromDocument, type Operation, type Schema } from '@apollo/federation-internals'
import type { QueryPlanner } from '@apollo/query-planner'
import { Kind, visit, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql'
import { LRUCache } from 'lru-cache'
import { NotCovered, type Reason } from './not-covered.ts'
import type { LeftReady } from './ready/not-ready.ts'
import type { RequestContext, Services } from './plan.ts'
import { compileProgram, type Program } from './program.ts'
import { openReadyMemory, type ReadyMemory } from './ready/ready-programs.ts'
import { createTypeTests, type TypeTest } from './type-tests.ts'

/**
 * Who has executed an operation: a program of ours over the bytes of the subgraphs (`ready`), one over objects (`compiled`), or stock,
 * and why it was not the one before.
 */
export type Execution =
  | { readonly executor: 'ready'; readonly reason: null }
  | { readonly executor: 'compiled'; readonly reason: LeftReady | null }
  | { readonly executor: 'stock'; readonly reason: Reason }

export type CountExecution = (execution: Execution) => void

/** Programs of a few ten kilobytes each; as many documents as the door keeps measured, or more. */
const MOST_PROGRAMS = 1_000

/**
 * `gateway.executor` is public; what it runs on is not, but is held by these names in the version that package.json pins. They are asked
 * for in the open, and if one is missing every operation goes to stock.
 */
interface Inside {
  readonly apiSchema?: Schema
  readonly supergraphSchema?: GraphQLSchema
  readonly queryPlanner?: QueryPlanner
  readonly serviceMap?: Services
  readonly recursiveSelectionsLimitDisabled?: boolean
  readonly nonLocalSelectionsLimitDisabled?: boolean
}

/** Whoever calls this has judged the variables before (operation/assert-variables.ts): the programs do not ask again. */
export function compileExecution(gateway: ApolloGateway, count: CountExecution): void {
  const stock = gateway.executor
  let contract: Contract | undefined

  gateway.executor = async (requestContext) => {
    const inside = gateway as unknown as Inside
    if (contract?.apiSchema !== inside.apiSchema || !contract) contract = openContract(inside)
    const found = requestContext.metrics?.captureTraces ? 'TRACED' : (contract?.find(requestContext) ?? 'NOT_READY')
    if (typeof found !== 'string') {
      const { result, left } = await found(requestContext, inside.serviceMap!)
      count(left === null ? { executor: 'ready', reason: null } : { executor: 'compiled', reason: left ?? null })
      return result
    }
    count({ executor: 'stock', reason: found })
    return stock(requestContext)
  }
}

interface Contract {
  readonly apiSchema: Schema
  find(requestContext: RequestContext): Program | Reason
}

/** One version of the contract, and the programs compiled for it: they go when it goes. */
function openContract(inside: Inside): Contract | undefined {
  const { apiSchema, supergraphSchema, queryPlanner, serviceMap } = inside
  if (!apiSchema || !supergraphSchema || !serviceMap || typeof queryPlanner?.buildQueryPlan !== 'function') return undefined
  const limits = {
    recursiveSelectionsLimitDisabled: inside.recursiveSelectionsLimitDisabled,
    nonLocalSelectionsLimitDisabled: inside.nonLocalSelectionsLimitDisabled,
  }
  const typeTest = createTypeTests(supergraphSchema)
  const programs = new LRUCache<string, Program | Reason>({ max: MOST_PROGRAMS })
  const ready = openReadyMemory()

  return {
    apiSchema,
    find({ queryHash, request, document }) {
      const { operationName } = request
      // A hash has one length: what follows it is the name, whatever that holds.
      const key = `${queryHash}${operationName ?? ''}`
      let found = programs.get(key)
      if (!found) {
        found = compile({
          apiSchema,
          document,
          operationName,
          schema: supergraphSchema,
          typeTest,
          ready,
          plan: (operation) => queryPlanner.buildQueryPlan(operation, limits),
        })
        programs.set(key, found)
      }
      return found
    },
  }
}

interface DocumentToCompile {
  readonly apiSchema: Schema
  readonly document: DocumentNode
  readonly operationName: string | undefined
  readonly schema: GraphQLSchema
  readonly typeTest: (name: string) => TypeTest
  readonly ready: ReadyMemory
  readonly plan: (operation: Operation) => ReturnType<QueryPlanner['buildQueryPlan']>
}

function compile({ apiSchema, document, operationName, schema, typeTest, ready, plan }: DocumentToCompile): Program | Reason {
  try {
    const planned = plan(operationFromDocument(apiSchema, document, { operationName }))
    const definition = chooseOperation(document, operationName)
    if (!definition) return 'UNKNOWN'
    const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
    // As stock takes it for the answer: the one operation, not validated again.
    const operation = operationFromDocument(
      apiSchema,
      { kind: Kind.DOCUMENT, definitions: [definition, ...fragments] },
      { validate: false },
    )
    return compileProgram({ plan: planned, operation, schema, typeTest, conditions: conditionsOf(document) }, ready)
  } catch (error) {
    return error instanceof NotCovered ? error.reason : 'FAULT'
  }
}

/** Of all operations of the document: those of others only make a few programs more. */
function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>()
  visit(document, {
    Directive: ({ name, arguments: given }) => {
      if (name.value !== 'skip' && name.value !== 'include') return
      for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value)
    },
  })
  return [...names]
}

function chooseOperation(document: DocumentNode, operationName: string | undefined): OperationDefinitionNode | undefined {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  if (!operationName) return operations.length === 1 ? operations[0] : undefined
  return operations.find(({ name }) => name?.value === operationName)
}
