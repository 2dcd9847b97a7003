// Routes for whoever keeps a process running: does it live, and can it serve.
import type { FastifyInstance } from 'fastify'

export interface Health {
  /** Rejects while the process cannot serve. */
  readonly readiness: () => Promise<void>
  readonly isDraining: () => boolean
}

export function mountHealth(app: FastifyInstance, { readiness, isDraining }: Health): void {
  let looking: Promise<boolean> | undefined

  // Anybody may ask, and a look takes a connection of every pool: who asks while one is under way is told what it finds.
  const isReady = (): Promise<boolean> =>
    (looking ??= readiness()
      .then(
        () => true,
        () => false,
      )
      .finally(() => (looking = undefined)))

  app.get('/livez', async () => ({ status: 'live' }))
  app.get('/readyz', async (_request, reply) => {
    const ready = !isDraining() && (await isReady())
    return ready ? { status: 'ready' } : reply.code(503).header('retry-after', '2').send({ status: 'unavailable' })
  })
}
