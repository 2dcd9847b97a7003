// The access tokens of the page: in memory alone, kept while they last, renewed before they end.
import { EXPLORER_HEADER, type ExplorerRefusal, type ExplorerToken } from '../session.ts'

/** Longer than an operation may take, so that no token ends on the way. */
const RENEW_BEFORE_MS = 30_000

export interface HeldToken {
  readonly accessToken: string
  readonly scopes: readonly string[]
  readonly endsAt: number
}

export class TokenRefused extends Error {
  readonly messageVi: string

  constructor({ message, messageVi }: ExplorerRefusal) {
    super(message)
    this.messageVi = messageVi
  }
}

async function fetchToken(route: string, clientId: string): Promise<HeldToken> {
  // Counted from before the request: the token ends no earlier than we think.
  const askedAt = Date.now()
  const response = await fetch(route, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [EXPLORER_HEADER]: '1' },
    body: JSON.stringify({ clientId }),
  })
  const answer = (await response.json()) as ExplorerToken | ExplorerRefusal
  if ('error' in answer || !('accessToken' in answer)) throw new TokenRefused(answer)
  return { accessToken: answer.accessToken, scopes: answer.scopes, endsAt: askedAt + answer.expiresIn * 1_000 }
}

export interface TokenKeeper {
  get(clientId: string): Promise<HeldToken>
  /** The API refused it: the next `get` asks for another. */
  drop(clientId: string, token: HeldToken): void
}

export function createTokenKeeper(route: string, onToken: (clientId: string, token: HeldToken) => void): TokenKeeper {
  const held = new Map<string, HeldToken>()
  const underWay = new Map<string, Promise<HeldToken>>()

  async function renew(clientId: string): Promise<HeldToken> {
    const token = await fetchToken(route, clientId)
    held.set(clientId, token)
    onToken(clientId, token)
    return token
  }

  return {
    get(clientId) {
      const token = held.get(clientId)
      if (token && token.endsAt - Date.now() > RENEW_BEFORE_MS) return Promise.resolve(token)
      const running = underWay.get(clientId)
      if (running) return running
      const renewal = renew(clientId).finally(() => underWay.delete(clientId))
      underWay.set(clientId, renewal)
      return renewal
    },
    drop(clientId, token) {
      if (held.get(clientId) === token) held.delete(clientId)
    },
  }
}
