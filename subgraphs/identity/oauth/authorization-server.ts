// The authorization server of the platform: oidc-provider, set to client credentials with signed assertions and nothing else.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { JWK } from 'jose'
import { errors, Provider, type Client, type Context, type ResourceServerInfo, type StructuredToken } from 'oidc-provider'
import type { Pool } from 'pg'
import { SCOPE_NAMES } from '../../kernel/scopes.ts'
import { CLOCK_TOLERANCE_SECONDS, findAssertionFault } from './client-assertion.ts'
import { clientAdapter } from './clients.ts'
import { guardDoor, JWKS_PATH, METADATA_PATHS, PUBLIC_PATHS, TOKEN_PATH } from './door.ts'
import { grantScopes } from './granted-scopes.ts'
import type { Log } from './log.ts'
import { describeServer } from './metadata.ts'
import { PayloadStore } from './payload-store.ts'
import { refuseInContext, Refusals } from './refusals.ts'
import { readSigningKeys, SIGNING_ALGORITHMS } from './signing-keys.ts'

/** Five minutes: what a stolen token is worth at most, beside the revocation that the gateway checks at each request. */
export const ACCESS_TOKEN_SECONDS = 300

export interface AuthorizationServerOptions {
  /** The public address, as clients reach it through the gateway. */
  readonly issuer: string
  /** Audience of every access token. */
  readonly resource: string
  /** Connected as lt_identity. */
  readonly pool: Pool
  /** Private keys for ES256 or EdDSA. The first signs; keep a retired one in the list until its last token has expired. */
  readonly signingKeys: readonly JWK[]
  readonly cookieKeys: readonly string[]
  readonly now?: () => Date
  readonly log: Log
}

export interface AuthorizationServer {
  /** Answers a request whose body nobody has read yet. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>
  readonly publicJwks: { readonly keys: readonly JWK[] }
  /** What the gateway passes on to `handle`. */
  readonly paths: readonly string[]
}

export function createAuthorizationServer(options: AuthorizationServerOptions): AuthorizationServer {
  const { issuer, resource, pool, signingKeys, cookieKeys, now = () => new Date(), log } = options
  // Clients compare the issuer as a string, and the metadata of an issuer with a path lies elsewhere (RFC 8414, 3.1).
  if (URL.parse(issuer)?.origin !== issuer) throw new Error(`The issuer must be an origin like https://host, not ${issuer}.`)
  const keys = readSigningKeys(signingKeys)
  const store = new PayloadStore(pool, now, log)
  const refusals = new Refusals(issuer, resource, log)

  const provider = new Provider(issuer, {
    adapter: (model: string) => (model === 'Client' ? clientAdapter(pool) : store.adapterFor(model)),
    jwks: keys.privateJwks,
    cookies: { keys: [...cookieKeys] },
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    scopes: SCOPE_NAMES,
    responseTypes: [],
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: SIGNING_ALGORITHMS },
    clientDefaults: {
      grant_types: ['client_credentials'],
      response_types: [],
      token_endpoint_auth_method: 'private_key_jwt',
      id_token_signed_response_alg: keys.algorithm,
    },
    routes: { token: TOKEN_PATH, jwks: JWKS_PATH },
    ttl: { ClientCredentials: ACCESS_TOKEN_SECONDS },
    clientBasedCORS: () => false,
    renderError: (ctx: Context, out: unknown) => {
      ctx.body = out
    },
    features: {
      ...Object.fromEntries(UNUSED_FEATURES.map((name) => [name, { enabled: false }])),
      clientCredentials: { enabled: true },
      fapi: { enabled: true, profile: '2.0' },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        getResourceServerInfo: (ctx: Context, indicator: string, client: Client) => describeResource(ctx, indicator, client),
      },
    },
    formats: { customizers: { jwt: (_ctx: Context, _token: unknown, { payload }: StructuredToken) => dateToken(payload) } },
    assertJwtClientAuthClaimsAndHeader: (_ctx: Context, claims: Record<string, unknown>) => {
      const fault = findAssertionFault(claims, issuer, now())
      if (fault) throw new errors.InvalidClientAuth(fault)
    },
  })

  function describeResource(ctx: Context, indicator: string, client: Client): ResourceServerInfo {
    if (indicator !== resource) throw new errors.InvalidTarget('unknown resource')
    const params = ctx.oidc?.params
    const grant = grantScopes(params?.scope, client.scope?.split(' ') ?? [])
    if ('refused' in grant) throw new errors.InvalidScope(grant.refused, params?.scope)
    const scope = grant.granted.join(' ')
    // oidc-provider itself lets through what it does not know and gives nothing to who asks for nothing.
    if (params) params.scope = scope
    return {
      scope,
      audience: resource,
      accessTokenTTL: ACCESS_TOKEN_SECONDS,
      accessTokenFormat: 'jwt',
      jwt: { sign: { alg: keys.algorithm, kid: keys.kid } },
    }
  }

  // oidc-provider reads the system's clock; the token's dates are the platform's.
  function dateToken(payload: Record<string, unknown>): void {
    const seconds = Math.floor(now().getTime() / 1000)
    Object.assign(payload, { iat: seconds, exp: seconds + ACCESS_TOKEN_SECONDS })
  }

  // Its own check looks first and saves after: twenty simultaneous uses of one assertion all see nothing and all pass.
  provider.ReplayDetection.unique = (iss, jti, exp) => store.claimOnce(iss, jti, new Date(exp * 1000))

  // The door writes the forwarding headers; a stranger's never get this far.
  provider.proxy = true

  const failures = new WeakMap<Context, unknown>()
  for (const event of ['grant.error', 'jwks.error', 'discovery.error', 'server_error']) {
    provider.on(event, (ctx: Context, failure: unknown) => failures.set(ctx, failure))
  }
  // Without a listener koa prints to the console.
  provider.on('error', (err: unknown) => log.warn({ err }, 'a token response could not be sent'))

  provider.use(async (ctx, next) => {
    // Who may call from a browser is the gateway's decision: what it set stays, what oidc-provider would set goes.
    const decided = Object.keys(ctx.response.headers).some(isCorsHeader)
    await next().catch((failure: unknown) => failures.set(ctx, failure))
    if (!decided) for (const header of Object.keys(ctx.response.headers).filter(isCorsHeader)) ctx.remove(header)
    const failure = failures.get(ctx)
    if (failure !== undefined) refuseInContext(ctx, refusals.explain(failure, ctx.oidc?.client?.clientId))
    else if (METADATA_PATHS.includes(ctx.path)) {
      ctx.body = describeServer(ctx.body as Record<string, unknown>, SCOPE_NAMES, resource)
    }
  })

  return { handle: guardDoor(issuer, provider.callback()), publicJwks: keys.publicJwks, paths: PUBLIC_PATHS }
}

const isCorsHeader = (name: string): boolean => name.startsWith('access-control-')

// Named one by one although most are off by default: a default that changes with an upgrade must not open a door.
const UNUSED_FEATURES = [
  'attestClientAuth',
  'backchannelLogout',
  'ciba',
  'claimsParameter',
  'clientIdMetadataDocument',
  'dPoP',
  'devInteractions',
  'deviceFlow',
  'encryption',
  'externalSigningSupport',
  'introspection',
  'jwtIntrospection',
  'jwtResponseModes',
  'jwtUserinfo',
  'mTLS',
  'openid4vci',
  'pushedAuthorizationRequests',
  'registration',
  'registrationManagement',
  'requestObjects',
  'revocation',
  'richAuthorizationRequests',
  'rpInitiatedLogout',
  'rpMetadataChoices',
  'userinfo',
  'webMessageResponseMode',
]
