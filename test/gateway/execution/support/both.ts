// One supergraph run by both executors over the same simulated subgraphs, and their answers as bytes: stock's, ours over objects, and ours
// over the bytes that a subgraph would have sent.
import { createHash } from 'node:crypto'
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway'
import { parse, type DocumentNode, type GraphQLSchema } from 'graphql'
import { compileExecution, type Execution } from '../../../../gateway/execution/executor.ts'
import type { Reason } from '../../../../gateway/execution/not-covered.ts'
import type { BytesRequest, BytesSource } from '../../../../gateway/execution/ready/bytes-source.ts'
import { ReadyJson } from '../../../../gateway/execution/ready/ready-json.ts'
import { assertCounted } from './counted.ts'
import { writeBytes } from './write-bytes.ts'
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
  run(sent: Sent, seed: string, day: Day): Promise<Answered>
  stop(): Promise<void>
}

export interface Answered {
  readonly stock: string
  readonly ours: string
  /** Why stock has answered in the place of ours. */
  readonly reason: Reason | null
  /** Ours over bytes, and who it was. */
  readonly bytes: string
  readonly execution: Execution
  readonly asked: AskedBy
  /** Its data, where that was put together from bytes. */
  readonly json: ReadyJson | undefined
}

/** An answer that is told by its bytes. */
export class Told {
  readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }
}

/** How the subgraphs behave: made up, or told. */
export type Day = Oddness | ((asked: Asked, subgraph: string) => unknown)

export interface AskedBy {
  readonly stock: readonly Request[]
  readonly ours: readonly Request[]
  readonly bytes: readonly Request[]
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

  async function ask(name: string, put: Asked, where: unknown, { seed, day, asked, seen }: Context): Promise<unknown> {
    asked.push({ subgraph: name, ...put })
    // Answers come one by one, in the order of their questions; a question put again finds its answer waiting.
    const question = JSON.stringify([name, put.query, where])
    if (!seen.has(question)) await new Promise<void>((resolve) => setImmediate(resolve))
    seen.add(question)
    return typeof day === 'function' ? day(put, name) : simulations.get(name)!(put, seed, day)
  }
  const asObjects = (answer: unknown) => {
    if (answer instanceof Told) return JSON.parse(answer.bytes.toString())
    return answer === undefined ? undefined : JSON.parse(JSON.stringify(answer))
  }

  function open(wayOf: (name: string) => BytesSource | GraphQLDataSource): ApolloGateway {
    const gateway = new ApolloGateway({ supergraphSdl, logger: silent, buildService: ({ name }) => wayOf(name) })
    return Object.assign(gateway, { validateIncomingRequest: () => [] })
  }
  const overObjects = (name: string): GraphQLDataSource => ({
    async process({ request, context, ...where }) {
      const variables = asObjects(request.variables ?? {}) as Record<string, unknown>
      const place = (where as { pathInIncomingRequest?: unknown }).pathInIncomingRequest
      return asObjects(await ask(name, { query: request.query!, variables }, place, context as unknown as Context))
    },
  })
  const overBytes = (name: string): BytesSource => ({
    ...overObjects(name),
    async fetchBytes({ body, context }: BytesRequest) {
      const { query, variables } = JSON.parse(body) as Asked
      const answer = await ask(name, { query, variables }, body, context as Context)
      const bytes = answer instanceof Told ? answer.bytes : writeBytes(answer, `${(context as Context).seed}|${body}`)
      return { bytes, noteExtensions: () => undefined, read: () => asObjects(answer) }
    },
  })
  const gateway = open(overObjects)
  const gatewayOverBytes = open(overBytes)
  const stock = gateway.executor
  let reason: Reason | null = null
  let execution: Execution | undefined
  let json: ReadyJson | undefined
  compileExecution(gateway, (executed) => (reason = executed.executor === 'stock' ? executed.reason : null))
  compileExecution(gatewayOverBytes, (executed) => (execution = executed))
  const { schema } = await gateway.load()
  await gatewayOverBytes.load()

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
      const { data } = result as { data?: unknown }
      if (data instanceof ReadyJson) return textOf((json = data))
      return JSON.stringify(result, (_, value: unknown) => (value instanceof Error ? tellError(value) : value))
    } catch (error) {
      return `thrown: ${JSON.stringify(tellError(error as Error))}`
    }
  }

  return {
    schema,
    gateway,
    async run(sent, seed, day) {
      const open = (): Context => ({ seed, day, asked: [], seen: new Set() })
      const contexts = [open(), open(), open()] as const
      const stockAnswer = await answerOf(stock, sent, contexts[0])
      json = undefined
      const ours = await answerOf(gateway.executor, sent, contexts[1])
      const bytes = await answerOf(gatewayOverBytes.executor, sent, contexts[2])
      const [forStock, forOurs, forBytes] = contexts.map(({ asked }) => asked) as [Request[], Request[], Request[]]
      return {
        stock: stockAnswer,
        ours,
        reason,
        bytes,
        execution: execution!,
        json,
        asked: { stock: forStock, ours: forOurs, bytes: forBytes },
      }
    },
    async stop() {
      await Promise.all([gateway.stop(), gatewayOverBytes.stop()])
    },
  }
}

function textOf(data: ReadyJson): string {
  assertCounted(data)
  return data.answer(undefined).toString()
}

const tellError = (error: Error): unknown => ({
  kind: error.constructor.name,
  message: error.message,
  ...('toJSON' in error && { json: (error as { toJSON(): unknown }).toJSON() }),
  ...('originalError' in error && { of: String((error as { originalError?: unknown }).originalError) }),
})
