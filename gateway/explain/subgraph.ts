// The gateway's own part of the contract, answered in its own process as a subgraph would: an admitted viewer, a rule for every field.
import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, GraphQLError, GraphQLScalarType, parse, validate, valueFromASTUntyped, type DocumentNode } from 'graphql'
import { LRUCache } from 'lru-cache'
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { distinctFields, evaluateFields, type FieldRef } from '../../subgraphs/kernel/operation-rules.ts'
import { shieldTree } from '../../subgraphs/kernel/permissions.ts'
import type { Subgraph } from '../../subgraphs/kernel/subgraph.ts'
import { assertAdmitted, type Viewer } from '../../subgraphs/kernel/viewer.ts'
import { GATEWAY, gatewaySdl, permissions } from './contract.ts'
import type { ExplainAccess } from './explain-access.ts'

interface KnownDocument {
  readonly document: DocumentNode
  readonly fields: readonly FieldRef[]
}

interface Arguments {
  readonly document: string
  readonly operationName?: string | null
  readonly variables?: Record<string, unknown> | null
}

export function createGatewaySubgraph(explain: ExplainAccess): { readonly name: string; readonly execute: Subgraph['execute'] } {
  const schema = buildSubgraphSchema([
    {
      typeDefs: parse(gatewaySdl),
      resolvers: {
        Query: {
          explainAccess: (_: unknown, { document, operationName, variables }: Arguments, { viewer }: { viewer: Viewer }) =>
            explain({ source: document, operationName, variables }, viewer),
        },
        JSONObject,
      } as never,
    },
  ])
  const tree = shieldTree(permissions)
  const documents = new LRUCache<string, KnownDocument>({ max: 500 })

  function known(query: string): KnownDocument {
    let entry = documents.get(query)
    if (!entry) {
      const document = parse(query, { noLocation: true })
      const [error] = validate(schema, document)
      if (error) throw new PlatformError('GRAPHQL_VALIDATION_FAILED', { message: error.message })
      documents.set(query, (entry = { document, fields: distinctFields(schema, document) }))
    }
    return entry
  }

  return {
    name: GATEWAY,
    async execute({ query, operationName, variables }, viewer) {
      try {
        assertAdmitted(viewer)
        const { document, fields } = known(query)
        await evaluateFields(tree, fields, { viewer })
        return await execute({ schema, document, operationName, variableValues: variables ?? {}, contextValue: { viewer } })
      } catch (error) {
        if (error instanceof GraphQLError) return { errors: [error] }
        throw error
      }
    },
  }
}

const JSONObject = new GraphQLScalarType({
  name: 'JSONObject',
  serialize: asObject,
  parseValue: asObject,
  parseLiteral: (node, variables) => asObject(valueFromASTUntyped(node, variables)),
})

function asObject(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new PlatformError('BAD_USER_INPUT', {
    message: 'Variables are a JSON object.',
    messageVi: 'Biến là một đối tượng JSON.',
  })
}
