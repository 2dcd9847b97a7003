// The supergraph as the gateway serves it: Apollo's planner and executor over our transports, and the schema that callers see.
import type { ApolloGateway, GraphQLDataSource } from '@apollo/gateway'
import { Kind, parse, print, visit, type DocumentNode } from 'graphql'
import type { Logger } from 'pino'
import { PlatformError } from '../subgraphs/kernel/errors.ts'
import { buildCostModel, type CostModel } from './limits/cost-model.ts'
import type { OperationContext } from './operation/operation-context.ts'
import type { BytesRequest, BytesSource } from './execution/ready/bytes-source.ts'
import { openQuietGateway } from './quiet-gateway.ts'
import { touchedIn } from './transport/http.ts'
import type { SubgraphAnswer, SubgraphTransport, SubgraphTransports } from './transport/transport.ts'

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

function dataSourceOf(name: string, transport: SubgraphTransport | undefined): GraphQLDataSource | BytesSource {
  if (!transport) throw new Error(`The supergraph names the subgraph ${name}, and no transport leads there.`)
  const { fetchBytes } = transport
  const take = ({ operation }: ExecutionContext, { data, errors, extensions }: SubgraphAnswer) => {
    operation.touch(extensions?.touched)
    return { data: data as Record<string, never>, errors: errors as never }
  }
  return {
    async process({ request: { query, operationName, variables }, context }) {
      const { operation } = context as ExecutionContext
      if (!query) throw new PlatformError('INTERNAL')
      const answer = await transport.execute({ query, operationName, variables }, operation.viewer, operation.signal)
      return take({ operation }, answer)
    },
    ...(fetchBytes && {
      async fetchBytes({ context, ...request }: BytesRequest) {
        const { operation } = context as ExecutionContext
        const answer = await fetchBytes(request, operation.viewer, operation.signal)
        return {
          bytes: answer.bytes,
          noteExtensions: (extensions: unknown) => operation.touch(touchedIn(extensions)),
          read: () => take({ operation }, answer.read()),
        }
      },
    }),
  }
}
