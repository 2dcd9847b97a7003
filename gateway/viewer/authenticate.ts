// Who is asking: from the access token to a party whose rights are those of this moment.
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { isScope } from '../../subgraphs/kernel/scopes.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import type { DocumentMode } from '../documents/resolve-document.ts'
import type { ClientDirectory, ClientState } from './client-directory.ts'
import type { ProofCheck } from './proof.ts'
import type { TokenClaims, TokenVerifier } from './token.ts'

/** A viewer before it is known what it asks. */
export type Party = Omit<Viewer, 'requestId' | 'operationName' | 'operationHash' | 'idempotencyKey'>

export interface AuthenticatorOptions {
  readonly tokens: TokenVerifier
  readonly clients: Pick<ClientDirectory, 'find'>
  readonly checkProof: ProofCheck
  readonly mode: 'sandbox' | 'production'
}

/** What a request says of who sends it. */
export interface Credentials {
  readonly authorization: string | undefined
  /** The header `DPoP`. */
  readonly proof: string | undefined
  readonly method: string
}

/** Who asks, and how strictly the list of documents of its application is held. */
export interface Caller {
  readonly clientId: string
  readonly party: Party
  readonly documentMode: DocumentMode
}

export type Authenticator = (credentials: Credentials) => Promise<Caller>

export function createAuthenticator({ tokens, clients, checkProof, mode }: AuthenticatorOptions): Authenticator {
  const environment = mode === 'production' ? 'PRODUCTION' : 'SANDBOX'
  // Of one state and one token, as they are: a state that was forgotten, or a token that is believed anew, is another object.
  const callers = new WeakMap<ClientState, WeakMap<TokenClaims, Caller>>()

  return async ({ authorization, proof, method }) => {
    const { token, bound } = tokenOf(authorization)
    const claims = await tokens.verify(token)
    // A stolen token must not become a bearer token by being called one, nor a bearer token seem better than it is (RFC 9449, 7.1).
    if (bound !== (claims.boundTo !== null)) throw new PlatformError('TOKEN_BINDING')
    const client = await clients.find(claims)
    if (!client || client.status === 'REVOKED') throw new PlatformError('TOKEN_REVOKED')
    if (client.tokensAfter !== null && claims.issuedAt <= client.tokensAfter) throw new PlatformError('TOKEN_REVOKED')
    if (client.boundOnly && claims.boundTo === null) throw new PlatformError('TOKEN_BINDING', BOUND_ONLY)
    // A person at a client of the platform, an application for a person, or a client by itself; nothing in between.
    if (claims.accountId !== null && claims.acts === client.firstParty) throw new PlatformError('TOKEN_INVALID')
    if (client.status !== 'ACTIVE') throw new PlatformError('APPLICATION_SUSPENDED')
    if (client.environment !== environment) {
      throw new PlatformError('APPLICATION_SUSPENDED', {
        message: `This application is registered for another environment; this one is ${environment}.`,
        messageVi: `Ứng dụng được đăng ký cho môi trường khác; đây là môi trường ${environment}.`,
      })
    }
    if (claims.boundTo !== null) await checkProof({ proof, method, token, boundTo: claims.boundTo })
    let ofState = callers.get(client)
    if (!ofState) callers.set(client, (ofState = new WeakMap()))
    let caller = ofState.get(claims)
    if (!caller) ofState.set(claims, (caller = callerOf(client, claims)))
    return caller
  }
}

function callerOf(
  {
    status: _status,
    firstParty: _firstParty,
    tokensAfter: _tokensAfter,
    boundOnly: _boundOnly,
    documentMode,
    scopes,
    ...state
  }: ClientState,
  claims: TokenClaims,
): Caller {
  const held = scopes.filter((scope) => isScope(scope) && claims.scopes.includes(scope)) as Party['scopes']
  return { clientId: state.clientId, party: { ...state, scopes: held }, documentMode: documentMode ?? 'OFF' }
}

const BOUND_ONLY = {
  message: 'This application works with bound tokens only: ask for a token with a DPoP proof.',
  messageVi: 'Ứng dụng này chỉ dùng mã truy cập gắn với khóa: hãy xin mã kèm bằng chứng DPoP.',
}

function tokenOf(authorization: string | undefined): { readonly token: string; readonly bound: boolean } {
  const [, scheme, token] = /^(Bearer|DPoP) +(\S+) *$/i.exec(authorization ?? '') ?? []
  if (!scheme || !token) throw new PlatformError('UNAUTHENTICATED')
  return { token, bound: scheme.toLowerCase() === 'dpop' }
}
