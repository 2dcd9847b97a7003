// Apollo Server around the gateway: parsing and validation kept for known documents, scopes before planning, then execution
// by compiled programs.
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql'
import type { Logger } from 'pino'
import { compileExecution } from '../execution/executor.ts'
import type { DoorMetrics } from '../observe/metrics.ts'
import { assertAllowed } from '../rules/assert-allowed.ts'
import { readOperationNeeds, type OperationNeeds } from '../rules/operation-needs.ts'
import type { AccessRules } from '../rules/supergraph-rules.ts'
import { quietly, type ExecutionContext, type Supergraph } from '../supergraph.ts'
import { assertVariables } from './assert-variables.ts'
import type { OperationContext } from './operation-context.ts'
import type { OperationRequest } from './run-operation.ts'
import type { RawResult } from './shape-answer.ts'

export type ExecuteOperation = (request: OperationRequest, context: OperationContext) => Promise<RawResult>

export interface Executor {
  /** Without federation machinery: what operations are validated against, and all that callers can see. */
  readonly apiSchema: GraphQLSchema
  readonly execute: ExecuteOperation
  stop(): Promise<void>
}

export async function startExecutor(
  { gateway }: Supergraph,
  rules: AccessRules,
  metrics: Pick<DoorMetrics, 'executed'>,
  log: Logger,
): Promise<Executor> {
  // What a document needs does not depend on who asks. Apollo keeps the parsed document, and these go when it goes.
  const needs = new WeakMap<OperationDefinitionNode, OperationNeeds>()

  const checks: ApolloServerPlugin<ExecutionContext> = {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, operation, request, contextValue }) => {
        if (!operation) return
        let asked = needs.get(operation)
        if (!asked) needs.set(operation, (asked = readOperationNeeds(schema, rules, document, operation)))
        contextValue.operation.needs = asked
        assertAllowed(asked, contextValue.operation.viewer.scopes)
        assertVariables(schema, operation, request.variables ?? {})
      },
    }),
  }

  compileExecution(gateway, metrics.executed)
  const server = new ApolloServer<ExecutionContext>({
    gateway,
    plugins: [
      checks,
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
    // Nobody reaches this without a token; the contract is no secret among vendors.
    introspection: true,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    logger: quietly(log),
    // Errors are masked by us, with the request they belong to, and need what they were made from.
    formatError: (formatted, error) => (error instanceof GraphQLError ? (error as unknown as GraphQLFormattedError) : formatted),
  })
  await server.start()
  if (!gateway.schema) throw new Error('the gateway has started without a schema')

  return {
    apiSchema: gateway.schema,
    async execute({ source, operationName, variables }, operation) {
      const { body } = await server.executeOperation(
        { query: source, operationName: operationName ?? undefined, variables: variables ?? undefined },
        { contextValue: { operation } },
      )
      if (body.kind !== 'single') throw new Error('an answer in pieces, which nobody asked for')
      return body.singleResult as RawResult
    },
    stop: () => server.stop(),
  }
}
