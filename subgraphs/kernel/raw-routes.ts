// Routes that a handler of node's own kind answers by itself: the OAuth provider behind our server.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { describeFault } from './masking.ts'

export type RawHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** A token request with its assertion takes 2 to 4 KB. */
export const RAW_BODY_LIMIT = 65_536

/** A body of announced and small length, on a path without tricks: node then ends the body at that length by itself. */
export function refusalOfRawRequest({ method, url, headers }: IncomingMessage): 404 | 411 | 413 | undefined {
  // Fastify matches the path as it came; another server behind us may unfold it into another path.
  const path = (url ?? '').split('?', 1)[0]!
  if (/\.\.|\/\/|\\|%2e|%2f|%5c|%00/i.test(path)) return 404
  if (headers['transfer-encoding'] !== undefined) return 411
  if (Number(headers['content-length'] ?? 0) > RAW_BODY_LIMIT) return 413
  if (method === 'POST' && headers['content-length'] === undefined) return 411
  return undefined
}

/** Hands every request below `paths` (as in `/oauth/*`) to the handler, its body unread. */
export function mountRawHandler(app: FastifyInstance, paths: readonly string[], handle: RawHandler, log: Logger): void {
  void app.register((scope, _options, registered) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _body, parsed) => parsed(null))
    scope.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
      const status = refusalOfRawRequest(request.raw)
      if (status) return reply.code(status).header('connection', 'close').send()
    })
    for (const path of paths) {
      scope.route({
        method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
        url: path,
        handler: async (request, reply) => {
          reply.hijack()
          // Hooks no longer write headers for a hijacked answer.
          reply.raw.setHeader('x-request-id', request.id)
          reply.raw.setHeader('x-content-type-options', 'nosniff')
          try {
            await handle(request.raw, reply.raw)
          } catch (error) {
            // Fastify has let go of this answer: without an end here the caller would wait for its own timeout.
            log.error({ requestId: request.id, fault: describeFault(error) }, 'raw handler failed')
            if (reply.raw.headersSent) reply.raw.destroy()
            else reply.raw.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: 'server_error' }))
          }
        },
      })
    }
    registered()
  })
}
