// The gateway without the platform: any federated supergraph through our executor and the hard door, for this machine alone.
//
// No token, no scope, no budget, no audit record: whoever reaches it may ask everything. That is why it listens on loopback and nowhere
// else, and hears only requests that were meant for loopback.
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { createHttpServer, drain, requestIdFrom, type HttpTimeouts } from '../../subgraphs/kernel/http.ts'
import { uuidv7 } from '../../subgraphs/kernel/uuid.ts'
import { createCors } from '../http/cors.ts'
import { BODY_LIMIT, describeConversation, mountGraphQL } from '../http/graphql-route.ts'
import { DEFAULT_LIMITS, type Limits } from '../limits/limits.ts'
import { createDoorMetrics } from '../observe/metrics.ts'
import { observeRequests } from '../observe/requests.ts'
import { mountObservation } from '../observe/routes.ts'
import { assertLoopback, refuseForeignHosts } from './loopback.ts'
import { createBareRunner } from './run-operation.ts'
import { serveSupergraph, type ServedSupergraph } from './served-supergraph.ts'

export { SupergraphRefused } from './served-supergraph.ts'

/** Those of the door, but for the price: what a foreign list holds, nobody has said, and nobody pays here. */
export const BARE_LIMITS: Limits = { ...DEFAULT_LIMITS, maxCost: Number.POSITIVE_INFINITY }

const OPERATION_TIMEOUT_MS = 30_000
const SUBGRAPH_TIMEOUT_MS = 10_000
const DRAIN_PATIENCE_MS = 15_000

export interface BareGatewayOptions {
  readonly supergraphSdl: string
  readonly now: () => Date
  readonly log: Logger
  readonly limits?: Limits
  /** Longest run of one operation. */
  readonly operationTimeoutMs?: number
  /** Longest wait for one subgraph; never longer than the operation may run. */
  readonly subgraphTimeoutMs?: number
  readonly httpTimeouts?: HttpTimeouts
}

export interface BareGateway {
  readonly app: FastifyInstance
  /** The names of the subgraphs of the version that is served. */
  readonly subgraphs: () => readonly string[]
  /** Answers the address. Rejects for a host that is not loopback. */
  listen(port: number, host: string): Promise<string>
  /**
   * Serves another version from now on. Operations under way end with the version they began with; who asks meanwhile is answered by
   * one or the other, and nobody is refused. Rejects with `SupergraphRefused`, and then the version before is served on.
   */
  replace(supergraphSdl: string): Promise<void>
  /** Takes no new work, lets what runs end, then closes. */
  close(): Promise<void>
}

export async function createBareGateway(options: BareGatewayOptions): Promise<BareGateway> {
  const { supergraphSdl, now, log, limits = BARE_LIMITS, operationTimeoutMs = OPERATION_TIMEOUT_MS, httpTimeouts } = options
  const subgraphTimeoutMs = Math.min(options.subgraphTimeoutMs ?? SUBGRAPH_TIMEOUT_MS, operationTimeoutMs)
  const registry = new Registry()
  const metrics = createDoorMetrics(registry)
  const serve = (sdl: string): Promise<ServedSupergraph> =>
    serveSupergraph(sdl, { limits, subgraphTimeoutMs, count: metrics.executed, now, log })

  let served = await serve(supergraphSdl)
  // Versions that are on their way out, so that closing waits for them.
  const retiring = new Set<Promise<void>>()
  let replacing: Promise<void> = Promise.resolve()
  let draining = false

  function retire(version: ServedSupergraph): void {
    const retired = version
      .retire()
      .catch((error: Error) => log.warn({ reason: error.message }, 'a former supergraph could not be closed'))
      .finally(() => retiring.delete(retired))
    retiring.add(retired)
  }

  const app = createHttpServer({
    log,
    bodyLimit: BODY_LIMIT,
    timeouts: httpTimeouts,
    requestIdOf: (request) => requestIdFrom(request, () => uuidv7(now())),
  })
  refuseForeignHosts(app)
  observeRequests(app, log, describeConversation)
  mountObservation(app, { metrics: registry, readiness: async () => undefined, isDraining: () => draining })
  mountGraphQL(app, {
    authenticate: async () => ({ clientId: 'bare' }),
    run: createBareRunner({ served: () => served, metrics, timeoutMs: operationTimeoutMs, log }),
    cors: createCors([]),
    metrics,
    log,
  })
  await app.ready()

  return {
    app,
    subgraphs: () => served.subgraphs,
    async listen(port, host) {
      assertLoopback(host)
      return app.listen({ port, host })
    },
    replace(sdl) {
      // One after another: the last that was asked for is the one that stays.
      const replaced = replacing.then(async () => {
        const next = await serve(sdl)
        const former = served
        served = next
        retire(former)
      })
      replacing = replaced.catch(() => undefined)
      return replaced
    },
    async close() {
      draining = true
      await drain(app, DRAIN_PATIENCE_MS)
      await replacing
      retire(served)
      await Promise.all(retiring)
    },
  }
}
