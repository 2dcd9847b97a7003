// One supergraph run by both executors over the same simulated subgraphs, and their answers as bytes.
import { createHash } from 'node:crypto'
import { ApolloGateway } from '@apollo/gateway'
import { parse, type DocumentNode, type GraphQLSchema } from 'graphql'
import { compileExecution } from '../../../../gateway/execution/executor.ts'
import type { Reason } from '../../../../gateway/execution/not-covered.ts'
import { simulateSubgraph, type Asked, type Oddness } from './simulate.ts'

export interface Sent {
  readonly source: string
  readonly document?: DocumentNode
  readonly operationName?: string | undefined
  readonly variables?: Record<string, unknown>
}

export interface Both {
  readonly schema: GraphQLSchema
  readonly gateway: ApolloGateway
  /** The answers, and what each has sent to the subgraphs. */
  run(sent: Sent, seed: string, day: Day): Promise<{ stock: string; ours: string; reason: Reason | null; asked: Told }>
  stop(): Promise<void>
}

/** How the subgraphs behave: made up, or told. */
export type Day = Oddness | ((asked: Asked, subgraph: string) => unknown)

export interface Told {
  readonly stock: readonly Request[]
  readonly ours: readonly Request[]
}

export interface Request {
  readonly subgraph: string
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

interface Context {
  readonly seed: string
  readonly day: Day
  readonly asked: Request[]
  readonly seen: Set<string>
}

export async function openBoth(supergraphSdl: string, subgraphs: ReadonlyMap<string, string>): Promise<Both> {
  const simulations = new Map([...subgraphs].map(([name, sdl]) => [name, simulateSubgraph(name, sdl)]))
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
  process.env.APOLLO_TELEMETRY_DISABLED = 'true'
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: silent,
    buildService: ({ name }) => ({
      async process({ request, context, ...where }) {
        const { seed, day, asked, seen } = context as unknown as Context
        const variables = JSON.parse(JSON.stringify(request.variables ?? {})) as Record<string, unknown>
        asked.push({ subgraph: name, query: request.query!, variables })
        // Answers come one by one, in the order of their questions; a question put again finds its answer waiting.
        const question = JSON.stringify([
          name,
          request.query,
          (where as { pathInIncomingRequest?: unknown }).pathInIncomingRequest,
        ])
        if (!seen.has(question)) await new Promise<void>((resolve) => setImmediate(resolve))
        seen.add(question)
        const put = { query: request.query!, variables }
        const answer = typeof day === 'function' ? day(put, name) : simulations.get(name)!(put, seed, day)
        return answer === undefined ? undefined : JSON.parse(JSON.stringify(answer))
      },
    }),
  })
  Object.assign(gateway, { validateIncomingRequest: () => [] })
  const stock = gateway.executor
  let reason: Reason | null = null
  compileExecution(gateway, (why) => (reason = why))
  const { schema } = await gateway.load()

  async function answerOf(execute: typeof stock, { source, document, operationName, variables }: Sent, context: Context) {
    try {
      const result = await execute({
        request: { query: source, operationName, variables },
        document: document ?? parse(source),
        queryHash: createHash('sha256').update(source).digest('hex'),
        operationName: operationName ?? null,
        context,
        metrics: {},
        logger: silent,
        schema,
        cache: undefined,
      } as unknown as Parameters<typeof stock>[0])
      return JSON.stringify(result, (_, value: unknown) => (value instanceof Error ? tellError(value) : value))
    } catch (error) {
      return `thrown: ${JSON.stringify(tellError(error as Error))}`
    }
  }

  return {
    schema,
    gateway,
    async run(sent, seed, day) {
      const contexts = [0, 1].map(() => ({ seed, day, asked: [], seen: new Set<string>() }))
      const stockAnswer = await answerOf(stock, sent, contexts[0]!)
      const ours = await answerOf(gateway.executor, sent, contexts[1]!)
      return { stock: stockAnswer, ours, reason, asked: { stock: contexts[0]!.asked, ours: contexts[1]!.asked } }
    },
    stop: () => gateway.stop(),
  }
}

const tellError = (error: Error): unknown => ({
  kind: error.constructor.name,
  message: error.message,
  ...('toJSON' in error && { json: (error as { toJSON(): unknown }).toJSON() }),
  ...('originalError' in error && { of: String((error as { originalError?: unknown }).originalError) }),
})
