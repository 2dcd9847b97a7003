// The part of oidc-provider's interface that identity uses; the package itself brings no types.
declare module 'oidc-provider' {
  import type { EventEmitter } from 'node:events'
  import type { IncomingMessage, ServerResponse } from 'node:http'
  import type { JWK } from 'jose'

  /** What a model hands to storage. `consumed` is epoch seconds, and any truthy value means "used up". */
  export interface AdapterPayload {
    grantId?: string
    userCode?: string
    uid?: string
    consumed?: unknown
    [member: string]: unknown
  }

  export interface Adapter {
    upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void>
    find(id: string): Promise<AdapterPayload | undefined>
    findByUserCode(userCode: string): Promise<AdapterPayload | undefined>
    findByUid(uid: string): Promise<AdapterPayload | undefined>
    consume(id: string): Promise<void>
    destroy(id: string): Promise<void>
    revokeByGrantId(grantId: string): Promise<void>
  }

  export interface ClientMetadata {
    client_id: string
    scope?: string
    jwks?: { keys: JWK[] }
    [member: string]: unknown
  }

  export interface Client {
    readonly clientId: string
    readonly scope?: string
    /** `none`: a client without a secret of its own. */
    readonly clientAuthMethod: string
    readonly applicationType?: string
    readonly dpopBoundAccessTokens?: boolean
  }

  export interface Session {
    readonly accountId?: string
    readonly authorizations?: Readonly<Record<string, { readonly grantId?: string }>>
    destroy(): Promise<void>
  }

  export interface Context {
    readonly path: string
    readonly method: string
    status: number
    type: string
    body: unknown
    readonly req: IncomingMessage
    readonly response: { readonly headers: Readonly<Record<string, unknown>> }
    readonly oidc?: {
      readonly client?: Client
      readonly account?: Account
      readonly session?: Session
      readonly params?: { scope?: string; readonly grant_type?: string; readonly [name: string]: unknown }
    }
    set(header: string, value: string | readonly string[]): void
    remove(header: string): void
  }

  export interface Account {
    readonly accountId: string
    claims(): Promise<Record<string, unknown>>
  }

  export interface StructuredToken {
    header?: Record<string, unknown>
    payload: Record<string, unknown>
  }

  export interface ResourceServerInfo {
    scope: string
    audience?: string
    accessTokenTTL?: number
    accessTokenFormat?: 'opaque' | 'jwt'
    jwt?: { sign?: { alg: string; kid?: string } }
  }

  export interface Token {
    readonly kind: string
    readonly clientId: string
    readonly accountId?: string
    readonly grantId?: string
    readonly gty?: string
    /** Thumbprint of the key that the token is bound to. */
    readonly jkt?: string
  }

  export interface AccessToken extends Token {
    resourceServer: ResourceServer
    scope: string
    readonly expiration: number
    readonly tokenType: string
    setThumbprint(confirmation: 'jkt', thumbprint: string): void
    save(): Promise<string>
  }

  export interface Grant {
    readonly clientId: string
    readonly accountId: string
    addOIDCScope(scope: string): void
    rejectOIDCScope(scope: string): void
    addResourceScope(resource: string, scope: string): void
    rejectResourceScope(resource: string, scope: string): void
    save(): Promise<string>
    destroy(): Promise<void>
  }

  /** What stands between an authorization request and its answer: somebody has to sign in, or to agree. */
  export interface Interaction {
    readonly uid: string
    readonly returnTo: string
    readonly prompt: { readonly name: string; readonly reasons: readonly string[] }
    readonly params: Readonly<Record<string, unknown>>
    readonly session?: { readonly accountId: string }
    readonly grantId?: string
  }

  export class ResourceServer {
    constructor(identifier: string, info: ResourceServerInfo)
  }

  export interface InteractionResult {
    readonly login?: { readonly accountId: string; readonly remember: boolean; readonly amr: readonly string[] }
    readonly consent?: { readonly grantId: string }
    readonly error?: string
    readonly error_description?: string
  }

  export class Provider extends EventEmitter {
    constructor(issuer: string, configuration: Record<string, unknown>)
    /** Whether X-Forwarded-* is believed. */
    proxy: boolean
    use(middleware: (ctx: Context, next: () => Promise<void>) => Promise<void>): this
    callback(): (req: IncomingMessage, res: ServerResponse) => Promise<void>
    createContext(req: IncomingMessage, res: ServerResponse): Context
    interactionDetails(req: IncomingMessage, res: ServerResponse): Promise<Interaction>
    interactionFinished(
      req: IncomingMessage,
      res: ServerResponse,
      result: InteractionResult,
      options: { mergeWithLastSubmission: boolean },
    ): Promise<void>
    registerGrantType(name: string, handler: (ctx: Context) => Promise<void>, parameters: readonly string[]): void
    readonly ReplayDetection: {
      /** Whether this is the first use of `jti` by `iss`; `exp` (epoch seconds) is when a second use is refused anyway. */
      unique(iss: string, jti: string, exp: number): Promise<boolean>
    }
    readonly AccessToken: new (properties: {
      client: Client
      accountId: string
      grantId: string | undefined
      gty: string
    }) => AccessToken
    readonly Grant: {
      new (properties: { clientId: string; accountId: string }): Grant
      find(id: string): Promise<Grant | undefined>
    }
    readonly Client: {
      find(id: string): Promise<Client | undefined>
      readonly prototype: { compareClientSecret(this: { readonly clientSecret?: string }, sent: string): boolean }
    }
    readonly Session: { get(ctx: Context): Promise<Session> }
    readonly ResourceServer: typeof ResourceServer
  }

  class OIDCProviderError extends Error {
    readonly error: string
    readonly error_description?: string
    readonly error_detail?: string
    readonly statusCode: number
    /** Whether the caller may read it; the others are failures of ours. */
    readonly expose: boolean
  }

  type WithDetail = new (detail: string) => OIDCProviderError
  type WithDescription = new (description: string, detail?: string) => OIDCProviderError

  export const errors: {
    readonly OIDCProviderError: typeof OIDCProviderError
    readonly AccessDenied: WithDescription
    readonly InvalidClientAuth: WithDetail
    readonly InvalidGrant: WithDetail
    readonly InvalidRequest: WithDescription
    readonly InvalidScope: new (description: string, scope?: string) => OIDCProviderError
    readonly InvalidTarget: WithDescription
    readonly SessionNotFound: WithDescription
  }

  export class Check {
    static readonly NO_NEED_TO_PROMPT: boolean
    constructor(reason: string, description: string, check: (ctx: Context) => boolean | Promise<boolean>)
  }

  interface Prompt {
    readonly checks: { add(check: Check, position?: number): void }
  }

  export const interactionPolicy: {
    readonly Check: typeof Check
    base(): { get(name: string): Prompt }
  }
}

/** How the library's own grants read a proof (RFC 9449); it hands this to them and to no grant of others. */
declare module 'oidc-provider/lib/helpers/validate_dpop.js' {
  import type { Context, Provider } from 'oidc-provider'

  export interface Proof {
    readonly thumbprint: string
    readonly jti: string
    readonly iat: number
  }

  /** Undefined when the request carries none; throws when it does not hold. */
  export default function validateDpop(provider: Provider, ctx: Context): Promise<Proof | undefined>
  /** Throws when the proof was used before. */
  export function checkDpopReplay(provider: Provider, ctx: Context, proof: Proof | undefined, clientId: string): Promise<void>
}
