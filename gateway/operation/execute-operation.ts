// The platform's operations: the scopes of every field before anything is planned, then the document is run.
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql'
import type { Logger } from 'pino'
import type { DoorMetrics } from '../observe/metrics.ts'
import { assertAllowed } from '../rules/assert-allowed.ts'
import { readOperationNeeds, type OperationNeeds } from '../rules/operation-needs.ts'
import type { AccessRules } from '../rules/supergraph-rules.ts'
import type { ExecutionContext, Supergraph } from '../supergraph.ts'
import type { OperationContext } from './operation-context.ts'
import { openDocumentRunner } from './run-document.ts'
import type { RawResult } from './shape-answer.ts'

/** What the door has found within bounds. */
export interface MeasuredDocument {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  /** A known document, which was validated when it was prepared. */
  readonly isValid?: boolean
}

export interface ExecutionRequest {
  readonly source: string
  readonly operationName: string | null
  readonly variables: Record<string, unknown> | null
}

export type ExecuteOperation = (
  request: ExecutionRequest,
  measured: MeasuredDocument,
  context: OperationContext,
) => Promise<RawResult>

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
  // What a document needs does not depend on who asks. The door keeps the parsed document, and these go when it goes.
  const needs = new WeakMap<OperationDefinitionNode, OperationNeeds>()
  const documents = await openDocumentRunner<ExecutionContext>(gateway, metrics.executed, log)

  return {
    apiSchema: documents.apiSchema,
    execute: ({ source, operationName, variables }, { document, operation, isValid }, context) =>
      documents.run({
        source,
        hash: context.viewer.operationHash,
        document,
        operation,
        isValid,
        operationName,
        variables,
        context: { operation: context },
        admit: (schema) => {
          let asked = needs.get(operation)
          if (!asked) needs.set(operation, (asked = readOperationNeeds(schema, rules, document, operation)))
          context.needs = asked
          assertAllowed(asked, context.viewer.scopes)
        },
      }),
    stop: documents.stop,
  }
}
