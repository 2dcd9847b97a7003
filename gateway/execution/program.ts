// An operation, compiled: its plan, then its shape. Answers like stock's executeQueryPlan.
//
// Where subgraphs hand their answers over as bytes, and these are what was asked for, they are put together unread (ready/).
import type { ApolloGateway } from '@apollo/gateway'
import type { Operation } from '@apollo/federation-internals'
import type { QueryPlan } from '@apollo/query-planner'
import { GraphQLError, type GraphQLSchema } from 'graphql'
import { compilePlan, type RequestContext, type Run, type Services } from './plan.ts'
import type { LeftReady } from './ready/not-ready.ts'
import { createReadyPrograms, type ReadyMemory } from './ready/ready-programs.ts'
import { compileShape, type Shape } from './shape.ts'
import { nextTurn, tookLong } from './turns.ts'
import type { TypeTest } from './type-tests.ts'

type GatewayExecutionResult = Awaited<ReturnType<ApolloGateway['executor']>>

export interface Executed {
  readonly result: GatewayExecutionResult
  /** `null`: put together from bytes. Nothing: no bytes were to be had. Else why it was put together from objects. */
  readonly left: LeftReady | null | undefined
}

export type Program = (requestContext: RequestContext, services: Services) => Promise<Executed>

export interface ProgramToCompile {
  readonly plan: QueryPlan
  readonly operation: Operation
  /** The supergraph's, with what callers cannot see. */
  readonly schema: GraphQLSchema
  readonly typeTest: (name: string) => TypeTest
  /** The variables that `@skip` and `@include` hang on. */
  readonly conditions: readonly string[]
}

/** Throws `NotCovered` for what it does not know for certain. */
export function compileProgram(asked: ProgramToCompile, memory: ReadyMemory): Program {
  const runPlan = compilePlan(asked)
  const shape = compileShape(asked.operation)
  const runReady = createReadyPrograms(asked, memory)

  return async (requestContext, services) => {
    const { data, left, answered } = await runReady(requestContext, services)
    if (data) return { result: { data: data as unknown as Record<string, unknown> }, left: null }
    const run: Run = { requestContext, services, tree: Object.create(null), errors: [], answered }
    await runPlan(run)
    if (run.isLong) await nextTurn()
    const began = performance.now()
    const result = answer(run, shape)
    // Whoever called will write it out, which takes as long again.
    if (tookLong(began)) await nextTurn()
    return { result, left }
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
