// A living access token for many requests: kept while it lasts, renewed before it ends, asked for once at a time.
import { fetchToken, type AccessToken, type TokenRequest } from './token.ts'

/** Longer than any request may take, so that a token handed out does not end on the way. */
const RENEW_BEFORE_MS = 30_000

export interface TokenSource {
  /** The access token to send now. */
  get(): Promise<string>
  /** Says that the API refused this token, so that the next `get` asks for another; a token replaced since is left alone. */
  drop(accessToken: string): void
}

interface Held extends AccessToken {
  readonly endsAt: number
}

export function createTokenSource(request: TokenRequest): TokenSource {
  const { now = () => new Date() } = request
  let held: Held | undefined
  let renewal: Promise<string> | undefined

  async function renew(): Promise<string> {
    // Counted from before the request: however long the answer travelled, the token ends no earlier than we think.
    const askedAt = now().getTime()
    const fresh = await fetchToken(request)
    held = { ...fresh, endsAt: askedAt + fresh.expiresIn * 1000 }
    return held.accessToken
  }

  return {
    async get() {
      const current = held
      const left = current ? current.endsAt - now().getTime() : 0
      if (current && left > RENEW_BEFORE_MS) return current.accessToken
      renewal ??= renew().finally(() => (renewal = undefined))
      // A short outage of the token endpoint is not one of the API: what is left of the old token is used up first.
      return renewal.catch((error: unknown) => {
        if (current && held === current && current.endsAt > now().getTime()) return current.accessToken
        throw error
      })
    },
    drop(accessToken) {
      if (held?.accessToken === accessToken) held = undefined
    },
  }
}
