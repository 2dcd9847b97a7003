// This machine and nobody else: where the bare gateway may listen, and which requests were meant for it.
import type { FastifyInstance } from 'fastify'
import { isIP } from 'node:net'

/** `localhost`, 127.0.0.0/8, ::1. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

export class NotLoopback extends Error {
  constructor(host: string) {
    super(
      `The bare gateway knows no tokens and no rules, so it listens on this machine only: 127.0.0.1, ::1 or localhost, not ${host}. ` +
        'What others shall reach is the platform: npm start.',
    )
  }
}

export function assertLoopback(host: string): void {
  if (!isLoopback(host)) throw new NotLoopback(host)
}

/**
 * A page in a browser on this machine may point a name of its own at 127.0.0.1 and would then speak with us as with its own server
 * (DNS rebinding). The browser still says which name it asked for.
 */
export function refuseForeignHosts(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (isLoopback(nameOf(request.headers.host ?? ''))) return undefined
    return reply.code(421).send({
      errors: [
        {
          message: 'The bare gateway answers requests to 127.0.0.1, [::1] and localhost only.',
          extensions: {
            code: 'BAD_REQUEST',
            messageVi: 'Cổng này chỉ trả lời yêu cầu gửi tới 127.0.0.1, [::1] và localhost.',
          },
        },
      ],
    })
  })
}

/** Without the port; nothing where it is no name. */
function nameOf(host: string): string {
  const [, ipv6, name] = /^(?:\[([0-9a-f:]+)\]|([a-z0-9.-]+))(?::\d+)?$/i.exec(host) ?? []
  return (ipv6 ?? name ?? '').toLowerCase()
}
