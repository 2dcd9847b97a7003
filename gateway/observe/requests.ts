// What every answer carries and every request leaves in the log: its id, its route, its status, its time. No address, no query string.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { describeFault } from '../../subgraphs/kernel/masking.ts'

/** `describe` adds what the GraphQL door knows: whose request it was and how it ended. */
export function observeRequests(app: FastifyInstance, log: Logger, describe: (request: FastifyRequest) => object): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer')
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const line = {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      ...describe(request),
    }
    if (reply.statusCode >= 500) log.warn(line, 'answered')
    else log.info(line, 'answered')
    done()
  })
  app.setNotFoundHandler(async (_request, reply) => reply.code(404).send({ message: 'Not found. The API is at /graphql.' }))
  app.setErrorHandler((error, request, reply) => {
    const { statusCode = 500 } = error as { statusCode?: number }
    if (statusCode >= 500) log.error({ requestId: request.id, fault: describeFault(error) }, 'unexpected error')
    const status = statusCode >= 400 && statusCode < 600 ? statusCode : 500
    return reply.code(status).send({
      message: status >= 500 ? 'Something went wrong on our side.' : 'The request cannot be read.',
      requestId: request.id,
    })
  })
}
