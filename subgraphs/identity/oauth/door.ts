// What reaches oidc-provider of a request: the paths and methods in use, and the few headers they need.
import { IncomingMessage, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { refuseAtDoor, type Refusal } from './refusals.ts'

export const TOKEN_PATH = '/oauth/token'
export const JWKS_PATH = '/oauth/jwks'
export const AUTHORIZATION_PATH = '/oauth/authorize'
export const PUSHED_REQUEST_PATH = '/oauth/par'
export const REVOCATION_PATH = '/oauth/revoke'
export const INTROSPECTION_PATH = '/oauth/introspect'
export const SIGN_IN_PATH = '/oauth/sign-in'
export const SIGN_OUT_PATH = '/oauth/sign-out'
export const SIGN_UP_PATH = '/oauth/sign-up'
export const METADATA_PATHS: readonly string[] = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']

/** What the gateway passes on; everything below /oauth/ that is not in use is answered here. */
export const PUBLIC_PATHS: readonly string[] = ['/oauth/*', ...METADATA_PATHS]

/** `MACHINE`: JSON, no cookies. `BROWSER`: for the eyes of a person, inside the library. `PAGE`: a page of ours. */
type Kind = 'MACHINE' | 'BROWSER' | 'PAGE'

interface OpenPath {
  readonly path: string
  /** Followed by the id of one authorization request. */
  readonly withId?: true
  readonly methods: readonly string[]
  readonly kind: Kind
}

const READ = ['GET', 'HEAD']
// The library mounts more than we use (a logout of its own, for one) even with every feature off. A list of what is open does not
// grow by an upgrade.
const OPEN_PATHS: readonly OpenPath[] = [
  { path: TOKEN_PATH, methods: ['POST'], kind: 'MACHINE' },
  { path: PUSHED_REQUEST_PATH, methods: ['POST'], kind: 'MACHINE' },
  { path: REVOCATION_PATH, methods: ['POST'], kind: 'MACHINE' },
  { path: INTROSPECTION_PATH, methods: ['POST'], kind: 'MACHINE' },
  { path: JWKS_PATH, methods: READ, kind: 'MACHINE' },
  ...METADATA_PATHS.map((path) => ({ path, methods: READ, kind: 'MACHINE' as const })),
  { path: AUTHORIZATION_PATH, methods: ['GET'], kind: 'BROWSER' },
  { path: AUTHORIZATION_PATH, withId: true, methods: ['GET'], kind: 'BROWSER' },
  { path: SIGN_IN_PATH, withId: true, methods: ['GET', 'POST'], kind: 'PAGE' },
  { path: SIGN_OUT_PATH, methods: ['GET', 'POST'], kind: 'PAGE' },
]

/** In a sandbox alone; elsewhere nothing is there. */
const SIGN_UP: OpenPath = { path: SIGN_UP_PATH, methods: ['GET', 'POST'], kind: 'PAGE' }

const ID = /^[A-Za-z0-9_-]{16,64}$/

function findOpenPath(path: string): OpenPath | undefined {
  return OPEN_PATHS.find(({ path: open, withId }) =>
    withId ? path.startsWith(`${open}/`) && ID.test(path.slice(open.length + 1)) : path === open,
  )
}

export const isForPeople = (path: string): boolean => (findOpenPath(path)?.kind ?? 'MACHINE') !== 'MACHINE'

/**
 * The rest is not for oidc-provider. `Origin` and the attestation headers make it refuse a known client otherwise than
 * an unknown one, before it has authenticated anybody; `Cookie` has no meaning for a machine.
 */
const KEPT_HEADERS = ['authorization', 'content-length', 'content-type', 'dpop', 'transfer-encoding'] as const
const KEPT_OF_BROWSERS = ['cookie', 'content-length', 'content-type'] as const

/** A form that another site's page has sent (OWASP, Cross-Site Request Forgery Prevention: Fetch Metadata, then Origin). */
function isCrossSite({ headers }: IncomingMessage, issuer: string): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin'
  return headers.origin !== undefined && headers.origin !== issuer
}

type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void>

export interface Behind {
  readonly provider: Handler
  /** The pages of ours. */
  readonly pages: Handler
  /** Says no to a person. */
  readonly refusePerson: (res: ServerResponse, refusal: Refusal) => void
  /** Developers sign up by themselves. */
  readonly signUp: boolean
}

export function guardDoor(issuer: string, { provider, pages, refusePerson, signUp }: Behind): Handler {
  const { host, protocol } = new URL(issuer)
  // The addresses that oidc-provider writes and the audiences that it accepts follow from these. A stranger's Host would
  // make it publish a stranger's token endpoint.
  const publicAddress = { host, 'x-forwarded-host': host, 'x-forwarded-proto': protocol.slice(0, -1) }

  return async (req, res) => {
    const path = req.url?.split('?', 1)[0] ?? ''
    const open = signUp && path === SIGN_UP_PATH ? SIGN_UP : findOpenPath(path)
    if (!open) {
      return refuseAtDoor(res, {
        status: 404,
        error: 'invalid_request',
        description: `Nothing is here. Metadata: ${issuer}${METADATA_PATHS[0]}`,
      })
    }
    const { methods, kind } = open
    if (!methods.includes(req.method ?? '')) {
      const allow = methods.join(', ')
      return refuseAtDoor(res, { status: 405, error: 'invalid_request', description: `Use ${allow} here.`, headers: { allow } })
    }
    if (kind === 'PAGE' && req.method === 'POST' && isCrossSite(req, issuer)) {
      return refusePerson(res, { status: 403, error: 'invalid_request', description: 'This form was sent by another site.' })
    }
    const { headers, url } = req
    const kept: IncomingHttpHeaders = { ...publicAddress, accept: kind === 'MACHINE' ? 'application/json' : 'text/html' }
    for (const name of kind === 'MACHINE' ? KEPT_HEADERS : KEPT_OF_BROWSERS)
      if (headers[name] !== undefined) kept[name] = headers[name].toString()
    // Written by the gateway, which knows how many proxies stand before it; without one, the peer itself.
    kept['x-forwarded-for'] = String(headers['x-forwarded-for'] ?? req.socket.remoteAddress ?? '')
    try {
      req.headers = kept
      // Parameters of a machine come in the body; RFC 6749, 3.2 forbids them in the address, where logs would keep them.
      if (path !== AUTHORIZATION_PATH) req.url = path
      if (kind === 'PAGE') return await pages(req, res)
      await provider(path === REVOCATION_PATH || path === INTROSPECTION_PATH ? await withOpaqueToken(req) : req, res)
    } finally {
      // The gateway's own log and metrics read the request after us.
      req.headers = headers
      req.url = url
    }
  }
}

const FORM_LIMIT = 16_384

/** Null when the body is longer than any form of ours. */
export async function readForm(req: IncomingMessage): Promise<URLSearchParams | null> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > FORM_LIMIT) return null
    pieces.push(piece)
  }
  return new URLSearchParams(Buffer.concat(pieces).toString())
}

/** Stands for the dot of a JWT; no part of one contains it. */
const DOT = '~'
export const opaqueOf = (token: string): string => token.replaceAll('.', DOT)
export const tokenOf = (opaque: string): string => opaque.replaceAll(DOT, '.')

/**
 * oidc-provider keeps no JWT and refuses to revoke or introspect one. Ours are known by their signature instead of by a row, so
 * the token goes in as a name that the storage of tokens turns back; see issued-tokens.ts.
 */
async function withOpaqueToken(req: IncomingMessage): Promise<IncomingMessage> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(req.headers['content-type'] ?? '')) return req
  const form = (await readForm(req)) ?? new URLSearchParams()
  for (const token of form.getAll('token').slice(0, 1)) form.set('token', opaqueOf(token))
  const body = Buffer.from(String(form))
  const rewritten = new IncomingMessage(req.socket)
  Object.assign(rewritten, {
    method: req.method,
    url: req.url,
    headers: { ...req.headers, 'content-length': String(body.length) },
  })
  // Else its end would be taken for a caller who hung up, and end the connection.
  rewritten.complete = true
  rewritten.push(body)
  rewritten.push(null)
  return rewritten
}
