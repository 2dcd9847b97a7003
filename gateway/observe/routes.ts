// Routes for those who run the platform: is it alive, is it ready, how is it doing.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import { mountHealth, type Health } from '../../subgraphs/kernel/health.ts'

export interface ObserveOptions extends Health {
  readonly metrics: Registry
}

export function mountObservation(app: FastifyInstance, { metrics, ...health }: ObserveOptions): void {
  mountHealth(app, health)
  app.get('/metrics', async (request, reply) => {
    if (!comesFromInside(request)) return reply.callNotFound()
    return reply.type(metrics.contentType).send(await metrics.metrics())
  })
}

// 127/8, 10/8, 172.16/12, 192.168/16, ::1, fc00::/7, and the same written as IPv6.
const INSIDE = /^(::ffff:)?(127\.|10\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.)|^::1$|^f[cd][0-9a-f]{2}:/i

/** How many requests are refused and why is nobody's business on the street; a proxy in front of us says so by its headers. */
function comesFromInside({ raw, headers }: FastifyRequest): boolean {
  const forwarded = headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined
  return !forwarded && INSIDE.test(raw.socket.remoteAddress ?? '')
}
