// One operation to /graphql in the name of a party, and what came back beside the data.
import type { HeldToken, TokenKeeper } from './tokens.ts'

export interface Operation {
  readonly query: string
  readonly operationName?: string | null
  readonly variables?: unknown
}

export interface GraphQLAnswer {
  readonly data?: unknown
  readonly errors?: readonly {
    readonly message: string
    readonly extensions?: { readonly code?: string; readonly messageVi?: string }
  }[]
}

export interface Asked {
  readonly answer: GraphQLAnswer
  readonly status: number
  readonly milliseconds: number
  /** Finds the operation in the platform's log and audit. */
  readonly requestId: string
}

export type Headers = Readonly<Record<string, string>>
export type Ask = (clientId: string, operation: Operation, headers?: Headers) => Promise<Asked>

export function createAsk(endpoint: string, tokens: TokenKeeper): Ask {
  const send = (token: HeldToken, operation: Operation, headers: Headers): Promise<Response> =>
    fetch(endpoint, {
      method: 'POST',
      // Who explores asks what no product has registered: under ENFORCE the sandbox takes it as under REPORT (see the gateway's door). A
      // header of one's own comes after it, so that one can also see what one's product would meet. Ours last: the page says as whom one asks, and that stays true.
      headers: {
        'x-document-mode': 'REPORT',
        ...lowerCase(headers),
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: `Bearer ${token.accessToken}`,
      },
      body: JSON.stringify(operation),
    })

  return async (clientId, operation, headers = {}) => {
    const token = await tokens.get(clientId)
    const beganAt = performance.now()
    let response = await send(token, operation, headers)
    if (response.status === 401) {
      // A platform started anew on empty data signs with other keys.
      tokens.drop(clientId, token)
      response = await send(await tokens.get(clientId), operation, headers)
    }
    const answer = (await response.json()) as GraphQLAnswer
    return {
      answer,
      status: response.status,
      milliseconds: Math.round(performance.now() - beganAt),
      requestId: response.headers.get('x-request-id') ?? '',
    }
  }
}

function lowerCase(headers: Headers): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
