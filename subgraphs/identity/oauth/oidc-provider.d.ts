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
  }

  export interface Context {
    readonly path: string
    readonly method: string
    status: number
    type: string
    body: unknown
    readonly response: { readonly headers: Readonly<Record<string, unknown>> }
    readonly oidc?: { readonly client?: Client; readonly params?: { scope?: string } }
    set(header: string, value: string): void
    remove(header: string): void
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

  export class Provider extends EventEmitter {
    constructor(issuer: string, configuration: Record<string, unknown>)
    /** Whether X-Forwarded-* is believed. */
    proxy: boolean
    use(middleware: (ctx: Context, next: () => Promise<void>) => Promise<void>): this
    callback(): (req: IncomingMessage, res: ServerResponse) => Promise<void>
    readonly ReplayDetection: {
      /** Whether this is the first use of `jti` by `iss`; `exp` (epoch seconds) is when a second use is refused anyway. */
      unique(iss: string, jti: string, exp: number): Promise<boolean>
    }
  }

  class OIDCProviderError extends Error {
    readonly error: string
    readonly error_description?: string
    readonly error_detail?: string
    readonly statusCode: number
    /** Whether the caller may read it; the others are failures of ours. */
    readonly expose: boolean
  }

  export const errors: {
    readonly OIDCProviderError: typeof OIDCProviderError
    readonly InvalidClientAuth: new (detail: string) => OIDCProviderError
    readonly InvalidGrant: new (detail: string) => OIDCProviderError
    readonly InvalidScope: new (description: string, scope?: string) => OIDCProviderError
    readonly InvalidTarget: new (description: string) => OIDCProviderError
  }
}
