// The OAuth endpoints are identity's; the gateway is only the address under which the world reaches them.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { Pool } from 'undici'
import { describeFault } from '../../subgraphs/kernel/masking.ts'
import { mountRawHandler, type RawHandler } from '../../subgraphs/kernel/raw-routes.ts'
import { callerAddress } from './caller-address.ts'

/** Where `/oauth/*` and `/.well-known/*` are answered: by a handler in this process, or at identity's own address. */
export type OAuthDoor =
  | { readonly paths: readonly string[]; readonly handle: RawHandler }
  | { readonly paths: readonly string[]; readonly upstream: string }

export interface MountedOAuth {
  close(): Promise<void>
}

export interface OAuthMounting {
  readonly publicUrl: string
  /** Proxies of our own before this door. */
  readonly proxyHops: number
  /** Resolves when this gateway knows every change of rights that was committed before. */
  readonly rightsCaughtUp: () => Promise<void>
  readonly log: Logger
}

// RFC 7009: whoever is told that a token is revoked finds it revoked on the next request.
const REVOCATION = /^\/oauth\/revoke(\?|$)/

/** The answer leaves when what it says is known at this door. */
function endAfter(response: ServerResponse, known: () => Promise<void>): void {
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse
  response.end = ((...args: unknown[]) => {
    void known().then(() => end(...args))
    return response
  }) as ServerResponse['end']
}

export function mountOAuth(
  app: FastifyInstance,
  oauth: OAuthDoor,
  { publicUrl, proxyHops, rightsCaughtUp, log }: OAuthMounting,
): MountedOAuth {
  // Identity limits tries by address, and believes the one that we write.
  const addressed =
    (handle: RawHandler): RawHandler =>
    (request, response) => {
      request.headers['x-forwarded-for'] = callerAddress(request, proxyHops)
      if (REVOCATION.test(request.url ?? '')) endAfter(response, rightsCaughtUp)
      return handle(request, response)
    }
  if ('handle' in oauth) {
    mountRawHandler(app, oauth.paths, addressed(oauth.handle), log)
    return { close: async () => undefined }
  }
  const pool = new Pool(oauth.upstream, {
    connections: 16,
    connect: { timeout: 2_000 },
    headersTimeout: 10_000,
    bodyTimeout: 10_000,
    keepAliveTimeout: 30_000,
  })
  mountRawHandler(app, oauth.paths, addressed(createForwarder(pool, new URL(publicUrl), log)), log)
  return { close: () => pool.destroy() }
}

// Belong to one connection (RFC 9110, 7.6.1), or would let a caller tell identity under which address it was reached.
const NOT_FORWARDED =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|host|forwarded|x-forwarded-.*|x-request-id)$/

function createForwarder(pool: Pool, { host, protocol }: URL, log: Logger): RawHandler {
  return async (request, response) => {
    const headers = {
      ...forwarded(request.headers),
      'x-forwarded-for': String(request.headers['x-forwarded-for'] ?? ''),
      'x-forwarded-host': host,
      'x-forwarded-proto': protocol.slice(0, -1),
      'x-request-id': String(response.getHeader('x-request-id') ?? ''),
    }
    const hasBody = Number(request.headers['content-length'] ?? 0) > 0
    try {
      await pool.stream(
        { method: request.method as 'GET', path: request.url ?? '/', headers, body: hasBody ? request : null },
        ({ statusCode, headers: answered }) => response.writeHead(statusCode, forwarded(answered)),
      )
    } catch (error) {
      log.warn({ fault: describeFault(error) }, 'identity cannot be reached')
      sayUnavailable(request, response)
    }
  }
}

function forwarded(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_FORWARDED.test(name)))
}

/** In the words of OAuth (RFC 6749, 4.1.2.1), because an OAuth client reads it. */
function sayUnavailable(_request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '2', 'cache-control': 'no-store' })
  response.end(JSON.stringify({ error: 'temporarily_unavailable' }))
}
