// Puts the compiled executor before the gateway's own: each document is planned and compiled once, the rest goes to stock with a reason.
import type { ApolloGateway } from '@apollo/gateway'
import { operationFromDocument, type Operation, type Schema } from '@apollo/federation-internals'
import type { QueryPlanner } from '@apollo/query-planner'
import { Kind, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql'
import { LRUCache } from 'lru-cache'
import { NotCovered, type Reason } from './not-covered.ts'
import type { RequestContext, Services } from './plan.ts'
import { compileProgram, type Program } from './program.ts'
import { createTypeTests, type TypeTest } from './type-tests.ts'

/** Called for each operation: with `null` where a program of ours runs it, else with the reason why stock does. */
export type CountExecution = (reason: Reason | null) => void

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
      count(null)
      return found(requestContext, inside.serviceMap!)
    }
    count(found)
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

  return {
    apiSchema,
    find({ queryHash, request, document }) {
      const { operationName } = request
      // A hash has one length: what follows it is the name, whatever that holds.
      const key = `${queryHash}${operationName ?? ''}`
      let found = programs.get(key)
      if (!found) {
        found = compile(apiSchema, document, operationName, typeTest, (operation) =>
          queryPlanner.buildQueryPlan(operation, limits),
        )
        programs.set(key, found)
      }
      return found
    },
  }
}

function compile(
  apiSchema: Schema,
  document: DocumentNode,
  operationName: string | undefined,
  typeTest: (name: string) => TypeTest,
  plan: (operation: Operation) => ReturnType<QueryPlanner['buildQueryPlan']>,
): Program | Reason {
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
    return compileProgram(planned, operation, typeTest)
  } catch (error) {
    return error instanceof NotCovered ? error.reason : 'FAULT'
  }
}

function chooseOperation(document: DocumentNode, operationName: string | undefined): OperationDefinitionNode | undefined {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  if (!operationName) return operations.length === 1 ? operations[0] : undefined
  return operations.find(({ name }) => name?.value === operationName)
}
