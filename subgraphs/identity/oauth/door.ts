// What reaches oidc-provider of a request: the paths and methods in use, and the few headers they need.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { refuseAtDoor } from './refusals.ts'

export const TOKEN_PATH = '/oauth/token'
export const JWKS_PATH = '/oauth/jwks'
export const METADATA_PATHS: readonly string[] = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']

/** What the gateway passes on; everything below /oauth/ that is not in use is answered here. */
export const PUBLIC_PATHS: readonly string[] = ['/oauth/*', ...METADATA_PATHS]

const READ = ['GET', 'HEAD']
// The library mounts more than we use (an authorization endpoint, a logout) even with every feature off. A list of what is
// open does not grow by an upgrade.
const METHODS: ReadonlyMap<string, readonly string[]> = new Map([
  [TOKEN_PATH, ['POST']],
  [JWKS_PATH, READ],
  ...METADATA_PATHS.map((path) => [path, READ] as const),
])

/**
 * The rest is not for oidc-provider. `Origin` and the attestation headers make it refuse a known client otherwise than
 * an unknown one, before it has authenticated anybody; `Cookie` has no meaning for a machine.
 */
const KEPT_HEADERS = ['authorization', 'content-length', 'content-type', 'transfer-encoding'] as const

export function guardDoor(issuer: string, pass: (req: IncomingMessage, res: ServerResponse) => Promise<void>) {
  const { host, protocol } = new URL(issuer)
  // The addresses that oidc-provider writes and the audiences that it accepts follow from these. A stranger's Host would
  // make it publish a stranger's token endpoint.
  const publicAddress = { host, 'x-forwarded-host': host, 'x-forwarded-proto': protocol.slice(0, -1), accept: 'application/json' }

  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const path = req.url?.split('?', 1)[0] ?? ''
    const methods = METHODS.get(path)
    if (!methods) {
      return refuseAtDoor(res, {
        status: 404,
        error: 'invalid_request',
        description: `Nothing is here. Metadata: ${issuer}${METADATA_PATHS[0]}`,
      })
    }
    if (!methods.includes(req.method ?? '')) {
      const allow = methods.join(', ')
      return refuseAtDoor(res, { status: 405, error: 'invalid_request', description: `Use ${allow} here.`, headers: { allow } })
    }
    const { headers, url } = req
    const kept: IncomingHttpHeaders = { ...publicAddress }
    for (const name of KEPT_HEADERS) if (headers[name] !== undefined) kept[name] = headers[name]
    try {
      req.headers = kept
      // Parameters come in the body; RFC 6749, 3.2 forbids them in the address, where logs would keep them.
      req.url = path
      await pass(req, res)
    } finally {
      // The gateway's own log and metrics read the request after us.
      req.headers = headers
      req.url = url
    }
  }
}
