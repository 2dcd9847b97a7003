// An HTTP server that neither slow nor idle peers can hold, for the public door and for a subgraph as a service.
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'

export interface HttpTimeouts {
  /** From the first byte to the end of the headers. */
  readonly headers: number
  /** From the first byte to the end of the body. */
  readonly body: number
  /** A kept-alive connection without a request. */
  readonly idle: number
  /** A connection on which nothing at all moves, a running operation included. */
  readonly silence: number
  /** How often node looks for offenders of the first two; its own default of 30 s would make them meaningless. */
  readonly checkEvery: number
}

export const DEFAULT_HTTP_TIMEOUTS: HttpTimeouts = {
  headers: 10_000,
  body: 20_000,
  idle: 65_000,
  silence: 70_000,
  checkEvery: 1_000,
}

export interface HttpServerOptions {
  readonly log: Logger
  readonly bodyLimit: number
  readonly timeouts?: HttpTimeouts
  readonly requestIdOf: (request: IncomingMessage) => string
}

export function createHttpServer({
  log,
  bodyLimit,
  timeouts = DEFAULT_HTTP_TIMEOUTS,
  requestIdOf,
}: HttpServerOptions): FastifyInstance {
  const app = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    // Its own line holds the address and query string of every request; ours holds neither.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    genReqId: requestIdOf,
    exposeHeadRoutes: false,
    keepAliveTimeout: timeouts.idle,
    requestTimeout: timeouts.body,
    connectionTimeout: timeouts.silence,
    http: { headersTimeout: timeouts.headers, connectionsCheckingInterval: timeouts.checkEvery },
    // A request that comes in on a kept connection while we drain is served, and its connection closed after it.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  })
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (draining.has(app)) reply.header('connection', 'close')
    done(null, payload)
  })
  return app
}

const draining = new WeakSet<FastifyInstance>()
/** How often connections are looked for whose last answer has gone out. */
const SWEEP_EVERY_MS = 20

/** Lets running requests end, and cuts what is still there after `patience`. */
export async function drain(app: FastifyInstance, patience: number): Promise<void> {
  draining.add(app)
  // An answer that went out without our hook leaves its connection open for the next request, which we no longer wait for.
  const sweeping = setInterval(() => app.server.closeIdleConnections(), SWEEP_EVERY_MS)
  const cutting = setTimeout(() => app.server.closeAllConnections(), patience)
  try {
    await app.close()
  } finally {
    clearInterval(sweeping)
    clearTimeout(cutting)
  }
}

const SAFE_REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/

/** The caller's request id if it is one, and nothing that could forge a log line or a header; else a new one. */
export function requestIdFrom(request: IncomingMessage, create: () => string): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && SAFE_REQUEST_ID.test(given) ? given : create()
}
