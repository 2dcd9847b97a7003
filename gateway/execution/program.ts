// An operation, compiled: its plan, then its shape. Answers like stock's executeQueryPlan.
import type { ApolloGateway } from '@apollo/gateway'
import type { Operation } from '@apollo/federation-internals'
import type { QueryPlan } from '@apollo/query-planner'
import { GraphQLError } from 'graphql'
import { compilePlan, type RequestContext, type Run, type Services } from './plan.ts'
import { compileShape, type Shape } from './shape.ts'
import type { TypeTest } from './type-tests.ts'

type GatewayExecutionResult = Awaited<ReturnType<ApolloGateway['executor']>>

export type Program = (requestContext: RequestContext, services: Services) => Promise<GatewayExecutionResult>

/** Throws `NotCovered` for what it does not know for certain. */
export function compileProgram(plan: QueryPlan, operation: Operation, typeTest: (name: string) => TypeTest): Program {
  const runPlan = compilePlan({ plan, operation, typeTest })
  const shape = compileShape(operation)

  return async (requestContext, services) => {
    const run: Run = { requestContext, services, tree: Object.create(null), errors: [] }
    await runPlan(run)
    return answer(run, shape)
  }
}

function answer({ requestContext, tree, errors }: Run, shape: Shape): GatewayExecutionResult {
  let shaped
  try {
    shaped = shape(tree, requestContext.request.variables)
  } catch (error) {
    // A subgraph's answer that breaks its own schema so far that nothing can be made of it.
    if (error instanceof GraphQLError) return { errors: [error] }
    if (error instanceof Error) return { errors: [new GraphQLError(error.message, { originalError: error })] }
    throw error
  }
  const { data, errors: completion } = shaped
  if (errors.length > 0) return { errors: errors as GraphQLError[], data }
  if (completion.length > 0) return { extensions: { valueCompletion: completion }, data }
  return { data }
}
