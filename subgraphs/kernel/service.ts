// One subgraph behind HTTP: it answers a viewer signed by the gateway for this subgraph and this minute, and nobody else.
import type { KeyObject } from 'node:crypto'
import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { isErrorCode, ERROR_CODES, PlatformError, type ErrorCode } from './errors.ts'
import { mountHealth } from './health.ts'
import { createHttpServer, drain, requestIdFrom, type HttpTimeouts } from './http.ts'
import { publicError } from './masking.ts'
import type { Subgraph, SubgraphRequest } from './subgraph.ts'
import { ViewerVerifier, type Viewer } from './viewer.ts'

/** The gateway takes 1 MB; entity references and the text of the fetch come on top. */
const BODY_LIMIT = 2_097_152
const DRAIN_PATIENCE_MS = 10_000

// Longer than the gateway keeps an unused connection, so that the gateway closes it first and never writes into a closed one.
export const SERVICE_TIMEOUTS: HttpTimeouts = { headers: 5_000, body: 20_000, idle: 75_000, silence: 80_000, checkEvery: 1_000 }

export interface ServiceDependencies {
  readonly subgraph: Pick<Subgraph, 'name' | 'execute' | 'database'>
  /** Public half of the key with which the gateway signs viewers. */
  readonly verificationKey: KeyObject
  readonly now: () => Date
  readonly log: Logger
  /** Further routes of this service, outside the signed door: the OAuth endpoints of identity. */
  readonly extend?: (app: FastifyInstance) => void
  /** Rejects while the service cannot serve; by default, while its database does not answer. */
  readonly readiness?: () => Promise<void>
  readonly timeouts?: HttpTimeouts
}

export interface SubgraphService {
  readonly app: FastifyInstance
  listen(port: number, host: string): Promise<string>
  close(): Promise<void>
}

export function createSubgraphService(dependencies: ServiceDependencies): SubgraphService {
  const { subgraph, verificationKey, now, log, extend, timeouts = SERVICE_TIMEOUTS } = dependencies
  const readiness = dependencies.readiness ?? (() => subgraph.database.ping())
  const verifier = new ViewerVerifier(subgraph.name, verificationKey, now)
  const viewers = new WeakMap<FastifyRequest, Viewer>()
  let draining = false

  const app = createHttpServer({
    log,
    bodyLimit: BODY_LIMIT,
    timeouts,
    requestIdOf: (request) => requestIdFrom(request, randomUUID),
  })

  // Before the body is read: a stranger does not get as far as sending one.
  const admit = async (request: FastifyRequest): Promise<void> => {
    viewers.set(request, verifier.admit(envelopeOf(request.headers.authorization)))
  }

  app.setErrorHandler((error, request, reply) => refuse(reply, error, request.log as Logger))
  app.setNotFoundHandler({ preHandler: admit }, async (_request, reply) => reply.code(404).send())
  mountHealth(app, { readiness, isDraining: () => draining })
  app.post('/graphql', { onRequest: admit }, async (request, reply) => {
    const viewer = viewers.get(request)
    if (!viewer) throw new PlatformError('VIEWER_UNSIGNED')
    const { data, errors, extensions } = await subgraph.execute(readRequest(request.body), viewer)
    const requestLog = log.child({ requestId: viewer.requestId, subgraph: subgraph.name })
    return reply.type('application/json; charset=utf-8').send(
      JSON.stringify({
        ...(data !== undefined && { data }),
        ...(errors?.length && { errors: errors.map((error) => publicError(error, requestLog)) }),
        ...(extensions && { extensions }),
      }),
    )
  })
  extend?.(app)

  return {
    app,
    listen: (port, host) => app.listen({ port, host }),
    close: async () => {
      draining = true
      await drain(app, DRAIN_PATIENCE_MS)
    },
  }
}

function envelopeOf(authorization: string | undefined): string | undefined {
  return authorization?.startsWith('Viewer ') ? authorization.slice('Viewer '.length) : undefined
}

function readRequest(body: unknown): SubgraphRequest {
  const { query, operationName, variables } = (body ?? {}) as Record<string, unknown>
  const fits =
    typeof query === 'string' &&
    (operationName === undefined || operationName === null || typeof operationName === 'string') &&
    (variables === undefined || variables === null || (typeof variables === 'object' && !Array.isArray(variables)))
  if (!fits) throw new PlatformError('BAD_REQUEST')
  return { query, operationName: operationName as string | null, variables: variables as Record<string, unknown> | null }
}

// What fastify itself refuses before our handler is asked.
const FRAMEWORK_REFUSALS: Readonly<Record<number, ErrorCode>> = {
  400: 'BAD_REQUEST',
  413: 'BODY_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
}

function refuse(reply: FastifyReply, error: unknown, log: Logger): FastifyReply {
  const known = FRAMEWORK_REFUSALS[(error as { statusCode?: number }).statusCode ?? 0]
  const told = publicError(known ? new PlatformError(known) : error, log)
  const { code } = told.extensions
  return reply
    .code(isErrorCode(code) ? ERROR_CODES[code][0] : 500)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ errors: [told] }))
}
