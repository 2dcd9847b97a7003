// The authorization server of the platform: oidc-provider, set to signed assertions, codes with PKCE, token exchange and nothing else.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { JWK } from 'jose'
import {
  errors,
  interactionPolicy,
  Provider,
  type Account,
  type Adapter,
  type Client,
  type Context,
  type Interaction,
  type ResourceServerInfo,
  type StructuredToken,
  type Token,
} from 'oidc-provider'
import type { Pool } from 'pg'
import { SCOPE_NAMES } from '../../kernel/scopes.ts'
import { findOpenAccount } from '../people/accounts.ts'
import { SignIn } from '../people/sign-in.ts'
import { SignUp } from '../people/sign-up.ts'
import { CLOCK_TOLERANCE_SECONDS, findAssertionFault } from './client-assertion.ts'
import { clientAdapter, isSecret } from './clients.ts'
import {
  AUTHORIZATION_PATH,
  guardDoor,
  INTROSPECTION_PATH,
  isForPeople,
  JWKS_PATH,
  METADATA_PATHS,
  PUBLIC_PATHS,
  PUSHED_REQUEST_PATH,
  REVOCATION_PATH,
  SIGN_IN_PATH,
  TOKEN_PATH,
} from './door.ts'
import { grantScopes } from './granted-scopes.ts'
import { IssuedTokens } from './issued-tokens.ts'
import type { Log } from './log.ts'
import { describeServer } from './metadata.ts'
import { faultPage, headersOf, sendPage, textOf } from './pages/page.ts'
import { createPages } from './pages/pages.ts'
import { PayloadStore } from './payload-store.ts'
import { refuseInContext, Refusals } from './refusals.ts'
import { PROOF_ALGORITHMS, readSigningKeys, SIGNING_ALGORITHMS } from './signing-keys.ts'
import { offerTokenExchange, TOKEN_EXCHANGE } from './token-exchange.ts'

/** Five minutes: what a stolen token is worth at most, beside the revocation that the gateway checks at each request. */
export const ACCESS_TOKEN_SECONDS = 300

/** A person reads a page and types a code in a minute; a request that is older was left lying. */
const INTERACTION_SECONDS = 900
/** One working day: then the second factor is asked for anew, wherever the browser stands. */
const SESSION_SECONDS = 28_800
const CODE_SECONDS = 60

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
  /** Open what accounts sign in with. */
  readonly accountKeys: readonly string[]
  /** Developers sign up by themselves, and a client may have a secret instead of a key. Never in production. */
  readonly sandbox?: boolean
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
  const { issuer, resource, pool, signingKeys, cookieKeys, accountKeys, sandbox = false, now = () => new Date(), log } = options
  // Clients compare the issuer as a string, and the metadata of an issuer with a path lies elsewhere (RFC 8414, 3.1).
  if (URL.parse(issuer)?.origin !== issuer) throw new Error(`The issuer must be an origin like https://host, not ${issuer}.`)
  const keys = readSigningKeys(signingKeys)
  const store = new PayloadStore(pool, now, log)
  const refusals = new Refusals(issuer, resource, log)
  const issued = new IssuedTokens({ pool, issuer, publicJwks: keys.publicJwks, now })
  const signIn = new SignIn(pool, accountKeys, now)
  const signUp = sandbox ? new SignUp({ pool, keys: accountKeys, signIn, now }) : null

  const provider = new Provider(issuer, {
    adapter: adapterFor,
    jwks: keys.privateJwks,
    cookies: cookiesOf(issuer, cookieKeys),
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    scopes: SCOPE_NAMES,
    responseTypes: ['code'],
    clientAuthMethods: ['private_key_jwt', 'none', ...(sandbox ? ['client_secret_basic'] : [])],
    enabledJWA: { clientAuthSigningAlgValues: SIGNING_ALGORITHMS, dPoPSigningAlgValues: PROOF_ALGORITHMS },
    clientDefaults: {
      grant_types: ['client_credentials'],
      response_types: [],
      token_endpoint_auth_method: 'private_key_jwt',
      id_token_signed_response_alg: keys.algorithm,
    },
    routes: {
      token: TOKEN_PATH,
      jwks: JWKS_PATH,
      authorization: AUTHORIZATION_PATH,
      pushed_authorization_request: PUSHED_REQUEST_PATH,
      revocation: REVOCATION_PATH,
      introspection: INTROSPECTION_PATH,
    },
    ttl: {
      ClientCredentials: ACCESS_TOKEN_SECONDS,
      AccessToken: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: CODE_SECONDS,
      Interaction: INTERACTION_SECONDS,
      Session: SESSION_SECONDS,
      Grant: SESSION_SECONDS,
    },
    // S256 is the one method that the library knows.
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    findAccount: async (_ctx: Context, id: string): Promise<Account | undefined> =>
      (await findOpenAccount(pool, id)) ? { accountId: id, claims: async () => ({ sub: id }) } : undefined,
    interactions: {
      policy: signInPolicy(),
      url: (_ctx: Context, { uid }: Interaction) => `${SIGN_IN_PATH}/${uid}`,
    },
    // A token that was taken back takes with it what the person agreed to: the application asks anew.
    revokeGrantPolicy: () => true,
    clientBasedCORS: () => false,
    renderError: (ctx: Context, _out: unknown, failure: unknown) => {
      showFault(ctx, failure)
    },
    features: {
      ...Object.fromEntries(UNUSED_FEATURES.map((name) => [name, { enabled: false }])),
      clientCredentials: { enabled: true },
      // No nonces: a proof is good for minutes and once, and a nonce would cost each client a second request.
      dPoP: { enabled: true, allowReplay: false, requireNonce: () => false },
      fapi: { enabled: true, profile: '2.0' },
      pushedAuthorizationRequests: {
        enabled: true,
        requirePushedAuthorizationRequests: false,
        allowUnregisteredRedirectUris: false,
      },
      revocation: { enabled: true, allowedPolicy: isOwnToken },
      // RFC 7662, 2.1: not for everybody who has found a token.
      introspection: {
        enabled: true,
        allowedPolicy: (ctx: Context, client: Client, token: Token) =>
          client.clientAuthMethod !== 'none' && isOwnToken(ctx, client, token),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        getResourceServerInfo: (ctx: Context, indicator: string, client: Client) => describeResource(ctx, indicator, client),
      },
    },
    // RFC 8693, 4.1: who acts, beside the subject.
    extraTokenClaims: (_ctx: Context, { gty, clientId }: Token) =>
      gty === TOKEN_EXCHANGE ? { act: { sub: clientId } } : undefined,
    formats: {
      customizers: {
        jwt: (_ctx: Context, { grantId }: Token, { payload }: StructuredToken) => {
          dateToken(payload)
          // Names the sign-in that the token comes from, so that all tokens of it can be ended together.
          if (grantId) payload.grant_id = grantId
        },
      },
    },
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
    // What an application gets when a person signs in at it proves who that was, to us alone. It opens nothing: the application
    // exchanges it for a token that names both.
    const forExchange = client.clientAuthMethod !== 'none' && params?.grant_type !== 'client_credentials'
    return describeToken(scope, forExchange ? issuer : resource)
  }

  function describeToken(scope: string, audience: string): ResourceServerInfo {
    return {
      scope,
      audience,
      accessTokenTTL: ACCESS_TOKEN_SECONDS,
      accessTokenFormat: 'jwt',
      jwt: { sign: { alg: keys.algorithm, kid: keys.kid } },
    }
  }

  function adapterFor(model: string): Adapter {
    if (model === 'Client') return clientAdapter(pool, now, sandbox)
    if (model === 'AccessToken' || model === 'ClientCredentials') return issued.adapterFor(model)
    const stored = store.adapterFor(model)
    if (model !== 'AuthorizationCode') return stored
    return {
      ...stored,
      // Of two that use a code at the same moment one is a thief, and which one we do not know: both lose (RFC 6749, 4.1.2).
      consume: (id) =>
        stored.consume(id).catch(async (failure: unknown) => {
          const grantId = (await stored.find(id))?.grantId
          if (grantId) await Promise.all([issued.end(grantId), store.adapterFor('Grant').destroy(grantId)])
          throw failure
        }),
    }
  }

  function showFault(ctx: Context, failure: unknown): void {
    const page = faultPage(refusals.explain(failure, ctx.oidc?.client?.clientId))
    ctx.status = page.status ?? 400
    ctx.body = textOf(page)
    for (const [name, value] of Object.entries(headersOf(page))) ctx.set(name, value)
  }

  // oidc-provider reads the system's clock; the token's dates are the platform's.
  function dateToken(payload: Record<string, unknown>): void {
    const seconds = Math.floor(now().getTime() / 1000)
    Object.assign(payload, { iat: seconds, exp: seconds + ACCESS_TOKEN_SECONDS })
  }

  // Its own check looks first and saves after: twenty simultaneous uses of one assertion all see nothing and all pass.
  provider.ReplayDetection.unique = (iss, jti, exp) => store.claimOnce(iss, jti, new Date(exp * 1000))

  provider.Client.prototype.compareClientSecret = function (sent) {
    return isSecret(this.clientSecret ?? '', sent)
  }

  // The door writes the forwarding headers; a stranger's never get this far.
  provider.proxy = true

  const failures = new WeakMap<Context, unknown>()
  for (const event of ENDPOINT_ERRORS) {
    provider.on(event, (ctx: Context, failure: unknown) => failures.set(ctx, failure))
  }
  // Without a listener koa prints to the console.
  provider.on('error', (err: unknown) => log.warn({ err }, 'a token response could not be sent'))

  provider.use(async (ctx, next) => {
    // Who may call from a browser is the gateway's decision: what it set stays, what oidc-provider would set goes.
    const decided = Object.keys(ctx.response.headers).some(isCorsHeader)
    await next().catch((failure: unknown) => failures.set(ctx, failure))
    if (!decided) for (const header of Object.keys(ctx.response.headers).filter(isCorsHeader)) ctx.remove(header)
    if (isForPeople(ctx.path)) keepCookiesForTheSession(ctx)
    const failure = failures.get(ctx)
    // For people the library has asked us for a page, or has sent the browser back to the application with the error.
    if (failure !== undefined && isForPeople(ctx.path)) {
      if (ctx.status === 404) showFault(ctx, failure)
    } else if (failure !== undefined)
      refuseInContext(ctx, refusals.explain(failure, ctx.oidc?.client?.clientId, ctx.oidc?.params?.grant_type))
    else if (METADATA_PATHS.includes(ctx.path)) {
      ctx.body = describeServer(ctx.body as Record<string, unknown>, SCOPE_NAMES, resource)
    }
  })

  offerTokenExchange(provider, {
    pool,
    issuer,
    resource,
    issued,
    signIn,
    describe: (scope) => describeToken(scope, resource),
    now,
  })
  const pages = createPages({ provider, pool, resource, issued, signIn, signUp, refusals, proofKey: cookieKeys[0] ?? '', now })
  const handle = guardDoor(issuer, {
    provider: provider.callback(),
    pages,
    refusePerson: (res, refusal) => sendPage(res, faultPage(refusal)),
    signUp: sandbox,
  })

  return { handle, publicJwks: keys.publicJwks, paths: PUBLIC_PATHS }
}

const ENDPOINT_ERRORS = [
  'grant.error',
  'jwks.error',
  'discovery.error',
  'pushed_authorization_request.error',
  'revocation.error',
  'introspection.error',
  'server_error',
]

/** Who found another's token learns nothing about it, and cannot end it either. */
const isOwnToken = (_ctx: Context, client: Client, token: Token): boolean => token.clientId === client.clientId

/** A session of an account that was closed meanwhile ends here, before anything is asked or given in its name. */
function signInPolicy(): unknown {
  const { base, Check } = interactionPolicy
  const policy = base()
  policy.get('login').checks.add(
    new Check('account_closed', 'the account is closed', async ({ oidc }) => {
      if (oidc?.session?.accountId && !oidc.account) {
        await oidc.session.destroy()
        throw new errors.AccessDenied('the account is closed')
      }
      return Check.NO_NEED_TO_PROMPT
    }),
    0,
  )
  return policy
}

/** Below /oauth/ alone: the API and the explorer never see who is signed in here. */
function cookiesOf(issuer: string, keys: readonly string[]): Record<string, unknown> {
  const prefix = issuer.startsWith('https:') ? '__Secure-' : ''
  const common = { httpOnly: true, sameSite: 'lax', signed: true, overwrite: true }
  return {
    keys: [...keys],
    names: { session: `${prefix}lt_session`, interaction: `${prefix}lt_request`, resume: `${prefix}lt_resume` },
    long: { ...common, path: '/oauth' },
    short: common,
  }
}

/**
 * When a request or a session is over, its row tells. A date in the cookie would be read by the clock of the person's machine, and one
 * that runs a quarter of an hour ahead could never sign in.
 */
function keepCookiesForTheSession(ctx: Context): void {
  const cookies = [ctx.response.headers['set-cookie'] ?? []].flat().map(String)
  const isRemoval = (cookie: string): boolean => /^[^=]+(\.sig)?=;/.test(cookie)
  if (cookies.length > 0)
    ctx.set(
      'set-cookie',
      cookies.map((cookie) => (isRemoval(cookie) ? cookie : cookie.replace(/; expires=[^;]*/i, ''))),
    )
}

const isCorsHeader = (name: string): boolean => name.startsWith('access-control-')

// Named one by one although most are off by default: a default that changes with an upgrade must not open a door.
const UNUSED_FEATURES = [
  'attestClientAuth',
  'backchannelLogout',
  'ciba',
  'claimsParameter',
  'clientIdMetadataDocument',
  'devInteractions',
  'deviceFlow',
  'encryption',
  'externalSigningSupport',
  'jwtIntrospection',
  'jwtResponseModes',
  'jwtUserinfo',
  'mTLS',
  'openid4vci',
  'registration',
  'registrationManagement',
  'requestObjects',
  'richAuthorizationRequests',
  'rpInitiatedLogout',
  'rpMetadataChoices',
  'userinfo',
  'webMessageResponseMode',
]
