// A document that is within bounds, run: validated once, its variables judged each time, its plan carried out by compiled programs.
import type { ApolloGateway } from '@apollo/gateway'
import { GraphQLError, validate, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql'
import type { Logger } from 'pino'
import { compileExecution, type CountExecution } from '../execution/executor.ts'
import { quietly } from '../quiet-gateway.ts'
import { assertVariables } from './assert-variables.ts'
import type { RawResult } from './shape-answer.ts'

/** Of one request; the document is the one that was measured, parsed once for all requests that send its text. */
export interface DocumentToRun<Context> {
  readonly source: string
  /** SHA-256 of the text, in hexadecimal. */
  readonly hash: string
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  /** Validated before, against this schema. */
  readonly isValid?: boolean | undefined
  readonly operationName: string | null
  readonly variables: Record<string, unknown> | null
  /** What the fetches of the plan are handed. */
  readonly context: Context
  /** Asked of a valid document before its variables: throws where this caller may not run it. */
  readonly admit?: (schema: GraphQLSchema) => void
}

export interface DocumentRunner<Context> {
  /** Without federation machinery: what operations are validated against, and all that callers can see. */
  readonly apiSchema: GraphQLSchema
  readonly run: (asked: DocumentToRun<Context>) => Promise<RawResult>
  stop(): Promise<void>
}

/**
 * What Apollo Server did here before: look a document up, parse and validate it, ask the plugins, call `gateway.executor`. The door has
 * parsed and measured the document by now, so it was parsed twice, and each request went through a pipeline of hooks of which one was
 * ours. Loads the gateway.
 */
export async function openDocumentRunner<Context>(
  gateway: ApolloGateway,
  count: CountExecution,
  log: Logger,
): Promise<DocumentRunner<Context>> {
  compileExecution(gateway, count)
  const { schema } = await gateway.load()
  const logger = quietly(log)
  // Held by the document itself: it goes when whoever measured it lets it go.
  const valid = new WeakSet<DocumentNode>()

  return {
    apiSchema: schema,
    async run({ source, hash, document, operation, isValid = false, operationName, variables, context, admit }) {
      if (!isValid && !valid.has(document)) {
        const faults = validate(schema, document)
        if (faults.length > 0) return { errors: faults.map(asValidationFault) }
        valid.add(document)
      }
      admit?.(schema)
      assertVariables(schema, document, operation, variables ?? {})
      return gateway.executor({
        request: { query: source, operationName: operationName ?? undefined, variables: variables ?? undefined },
        source,
        document,
        operation,
        operationName: operation.name?.value ?? null,
        queryHash: keyOf(source, hash),
        context,
        metrics: {},
        logger,
        schema,
        // What else belongs to a request of Apollo Server, neither executor looks at; test/gateway/execution runs both without.
      } as unknown as Parameters<ApolloGateway['executor']>[0])
    },
    stop: () => gateway.stop(),
  }
}

/** Plans and programs are kept under it. Of broken surrogates the hash, which sees UTF-8, could not tell one from another. */
function keyOf(source: string, hash: string): string {
  return source.isWellFormed() ? hash : JSON.stringify(source)
}

function asValidationFault({ message, nodes, path, originalError }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { nodes, path, originalError, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })
}
