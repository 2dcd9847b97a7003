// Which pages of other origins may speak to us: those the operator names, and none by default.
import type { FastifyReply, FastifyRequest } from 'fastify'

const ALLOWED_HEADERS = 'authorization, dpop, content-type, accept, apollo-require-preflight, idempotency-key, x-request-id'
const EXPOSED_HEADERS = 'x-request-id, retry-after, www-authenticate'

export type Cors = (request: FastifyRequest, reply: FastifyReply) => void

/** Never `*` and never credentials: the token travels in a header that the page itself must hold. */
export function createCors(origins: readonly string[]): Cors {
  const allowed = new Set(origins)
  return ({ method, headers }, reply) => {
    reply.header('vary', 'Origin, Accept')
    const { origin } = headers
    if (!origin || !allowed.has(origin)) return
    reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', EXPOSED_HEADERS)
    if (method !== 'OPTIONS') return
    reply
      .header('access-control-allow-methods', 'GET, POST')
      .header('access-control-allow-headers', ALLOWED_HEADERS)
      .header('access-control-max-age', '600')
  }
}
