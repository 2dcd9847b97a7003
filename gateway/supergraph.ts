// The supergraph as the gateway serves it: Apollo's planner and executor over our transports, and the schema that callers see.
import type { ApolloGateway, GraphQLDataSource } from '@apollo/gateway'
import { Kind, parse, print, visit, type DocumentNode } from 'graphql'
import type { Logger } from 'pino'
import { PlatformError } from '../subgraphs/kernel/errors.ts'
import { buildCostModel, type CostModel } from './limits/cost-model.ts'
import type { OperationContext } from './operation/operation-context.ts'
import { openQuietGateway } from './quiet-gateway.ts'
import type { SubgraphTransport, SubgraphTransports } from './transport/transport.ts'

/** What goes through from an operation to the fetches of its plan. */
export interface ExecutionContext {
  readonly operation: OperationContext
}

export interface Supergraph {
  /** Not loaded yet. */
  readonly gateway: ApolloGateway
  readonly costModel: CostModel
  /** As composition wrote it, the directives of our rules included. */
  readonly document: DocumentNode
}

export function openSupergraph(supergraphSdl: string, transports: SubgraphTransports, log: Logger): Supergraph {
  const document = parse(supergraphSdl, { noLocation: true })
  const gateway = openQuietGateway(
    {
      supergraphSdl: print(withoutSecurityPurpose(document)),
      buildService: ({ name }) => dataSourceOf(name, transports[name as keyof SubgraphTransports]),
    },
    log,
  )
  return { gateway, costModel: buildCostModel(document), document }
}

/**
 * `@requiresScopes` and `@authenticated` are linked `for: SECURITY`: a gateway that does not enforce them must refuse the supergraph,
 * and Apollo's does. We enforce them, in `rules/`, before an operation is planned, and here alone we say so. A test proves that a field
 * without a rule, and a field whose scope is not held, is not served.
 */
export function withoutSecurityPurpose(supergraph: DocumentNode): DocumentNode {
  return visit(supergraph, {
    Directive: (directive) =>
      directive.name.value !== 'link'
        ? undefined
        : {
            ...directive,
            arguments: directive.arguments?.filter(
              ({ name, value }) => !(name.value === 'for' && value.kind === Kind.ENUM && value.value === 'SECURITY'),
            ),
          },
  })
}

function dataSourceOf(name: string, transport: SubgraphTransport | undefined): GraphQLDataSource {
  if (!transport) throw new Error(`The supergraph names the subgraph ${name}, and no transport leads there.`)
  return {
    async process({ request, context }) {
      const { operation } = context as ExecutionContext
      if (!request.query) throw new PlatformError('INTERNAL')
      const answer = await transport.execute(
        { query: request.query, operationName: request.operationName, variables: request.variables },
        operation.viewer,
        operation.signal,
      )
      operation.touch(answer.extensions?.touched)
      return { data: answer.data as Record<string, never>, errors: answer.errors as never }
    },
  }
}
