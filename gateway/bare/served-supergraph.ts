// One version of a foreign supergraph, ready to answer: its planner and programs, the ways to its subgraphs, its checker of documents.
import type { GraphQLDataSource } from '@apollo/gateway'
import { GraphQLError, parse, type DocumentNode } from 'graphql'
import type { Logger } from 'pino'
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { buildCostModel } from '../limits/cost-model.ts'
import { createOperationChecker, type OperationChecker } from '../limits/check-operation.ts'
import type { Limits } from '../limits/limits.ts'
import type { CountExecution } from '../execution/executor.ts'
import type { BytesRequest, BytesSource } from '../execution/ready/bytes-source.ts'
import { openDocumentRunner, type DocumentRunner } from '../operation/run-document.ts'
import { openQuietGateway } from '../quiet-gateway.ts'
import { createOpenTransport } from '../transport/http.ts'
import type { SubgraphAnswer, SubgraphTransport } from '../transport/transport.ts'

/** What the fetches of one operation share. */
export interface Fetching {
  readonly signal: AbortSignal
}

export interface ServedSupergraph {
  readonly check: OperationChecker
  readonly run: DocumentRunner<Fetching>['run']
  readonly subgraphs: readonly string[]
  /** Counts the work as being under way: its version is not closed before it has ended. */
  use<T>(work: () => Promise<T>): Promise<T>
  /** Resolves when the last operation that uses it has ended and its connections are closed. */
  retire(): Promise<void>
}

export interface ServingOptions {
  readonly limits: Limits
  /** Longest wait for a subgraph. */
  readonly subgraphTimeoutMs: number
  readonly count: CountExecution
  readonly now: () => Date
  readonly log: Logger
}

/** A supergraph that cannot be served; the message says why, for whoever wrote it. */
export class SupergraphRefused extends Error {}

export async function serveSupergraph(sdl: string, options: ServingOptions): Promise<ServedSupergraph> {
  const { limits, subgraphTimeoutMs, count, now, log } = options
  const document = readSdl(sdl)
  const transports = new Map<string, SubgraphTransport<unknown>>()
  const gateway = openQuietGateway(
    {
      supergraphSdl: sdl,
      // Both are Apollo's own checks of the file, which it leaves out in production.
      validateSupergraph: true,
      buildService: ({ name, url }) => {
        const transport = createOpenTransport({ name, url: readUrl(name, url), timeoutMs: subgraphTimeoutMs, now })
        transports.set(name, transport)
        return dataSourceOf(transport)
      },
    },
    log,
  )

  const closeAll = async (): Promise<void> => {
    await Promise.all([...transports.values()].map((transport) => transport.close()))
  }
  const runner = await openDocumentRunner<Fetching>(gateway, count, log).catch(async (error: Error) => {
    await closeAll()
    throw new SupergraphRefused(explain(error.message), { cause: error })
  })

  let running = 0
  let idle: (() => void) | undefined
  return {
    check: createOperationChecker({ schema: runner.apiSchema, costModel: buildCostModel(document), limits }),
    run: runner.run,
    subgraphs: [...transports.keys()],
    async use(work) {
      running += 1
      try {
        return await work()
      } finally {
        running -= 1
        if (running === 0) idle?.()
      }
    },
    async retire() {
      if (running > 0) await new Promise<void>((resolve) => (idle = resolve))
      await Promise.all([runner.stop(), closeAll()])
    },
  }
}

function readSdl(sdl: string): DocumentNode {
  let document: DocumentNode
  try {
    document = parse(sdl, { noLocation: true })
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    const [{ line, column } = { line: 0, column: 0 }] = error.locations ?? []
    throw new SupergraphRefused(`it is no GraphQL: ${error.message} Line ${line}, column ${column}.`, { cause: error })
  }
  // Apollo's own words for an ordinary schema speak of features and specifications.
  if (!document.definitions.some((each) => each.kind === 'EnumTypeDefinition' && each.name.value === 'join__Graph'))
    throw new SupergraphRefused(
      'it names no subgraphs (no enum join__Graph). A supergraph is what composition writes (`rover supergraph compose`), not the schema of a service.',
    )
  return document
}

/** Apollo's gateway refuses what it cannot enforce, and so do we: nobody shall meet open what somebody has closed. */
function explain(reason: string): string {
  const [feature] = /feature \S+ is for: SECURITY/.exec(reason) ?? []
  return feature ? `it closes fields by rules that nobody would enforce here (${feature}). Compose it without them.` : reason
}

function readUrl(name: string, url: string | undefined): URL {
  if (!url || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new SupergraphRefused(`the subgraph ${name} has no http address in join__Graph: ${JSON.stringify(url ?? '')}.`)
  return new URL(url)
}

function dataSourceOf(transport: SubgraphTransport<unknown>): GraphQLDataSource | BytesSource {
  const { fetchBytes } = transport
  const take = ({ data, errors }: SubgraphAnswer) => ({ data: data as Record<string, never>, errors: errors as never })
  return {
    async process({ request: { query, operationName, variables }, context }) {
      const { signal } = context as unknown as Fetching
      if (!query) throw new PlatformError('INTERNAL')
      return take(await transport.execute({ query, operationName, variables }, undefined, signal))
    },
    ...(fetchBytes && {
      async fetchBytes({ context, ...request }: BytesRequest) {
        const { signal } = context as Fetching
        const answer = await fetchBytes(request, undefined, signal)
        return { bytes: answer.bytes, noteExtensions: () => undefined, read: () => take(answer.read()) }
      },
    }),
  }
}
