// Who is asking: from the bearer token to a party whose rights are those of this moment.
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { isScope } from '../../subgraphs/kernel/scopes.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import type { ClientDirectory } from './client-directory.ts'
import type { TokenVerifier } from './token.ts'

/** A viewer before it is known what it asks. */
export type Party = Omit<Viewer, 'requestId' | 'operationName' | 'operationHash' | 'idempotencyKey'>

export interface AuthenticatorOptions {
  readonly tokens: TokenVerifier
  readonly clients: Pick<ClientDirectory, 'find'>
  readonly mode: 'sandbox' | 'production'
}

export type Authenticator = (authorization: string | undefined) => Promise<Party>

export function createAuthenticator({ tokens, clients, mode }: AuthenticatorOptions): Authenticator {
  const environment = mode === 'production' ? 'PRODUCTION' : 'SANDBOX'

  return async (authorization) => {
    const token = bearerTokenOf(authorization)
    const claims = await tokens.verify(token)
    const client = await clients.find(claims)
    if (!client || client.status === 'REVOKED') throw new PlatformError('TOKEN_REVOKED')
    if (client.tokensAfter !== null && claims.issuedAt <= client.tokensAfter) throw new PlatformError('TOKEN_REVOKED')
    // A person at a client of the platform, an application for a person, or a client by itself; nothing in between.
    if (claims.accountId !== null && claims.acts === client.firstParty) throw new PlatformError('TOKEN_INVALID')
    if (client.status !== 'ACTIVE') throw new PlatformError('APPLICATION_SUSPENDED')
    if (client.environment !== environment) {
      throw new PlatformError('APPLICATION_SUSPENDED', {
        message: `This application is registered for another environment; this one is ${environment}.`,
        messageVi: `Ứng dụng được đăng ký cho môi trường khác; đây là môi trường ${environment}.`,
      })
    }
    const { status: _status, firstParty: _firstParty, tokensAfter: _tokensAfter, scopes, ...state } = client
    return { ...state, scopes: scopes.filter((scope) => isScope(scope) && claims.scopes.includes(scope)) as Party['scopes'] }
  }
}

function bearerTokenOf(authorization: string | undefined): string {
  const [, token] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? []
  if (!token) throw new PlatformError('UNAUTHENTICATED')
  return token
}
