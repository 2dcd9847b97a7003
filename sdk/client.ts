// The vendor's client: typed operations, a token that renews itself, retries where a retry has one effect.
import { setTimeout as sleep } from 'node:timers/promises'
import type { TypedDocumentString } from './generated/graphql.ts'
import type { Prover } from './proof.ts'
import type { TokenSource } from './token-source.ts'

export interface GraphQLFault {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: Readonly<Record<string, unknown>> & { readonly code?: string; readonly messageVi?: string }
}

export interface BucketStatus {
  readonly maximumAvailable: number
  readonly currentlyAvailable: number
  /** Restored every second. */
  readonly restoreRate: number
}

/** What an operation cost, and what is left of the budget it was paid from. */
export interface OperationCost {
  readonly operationClass: 'READ' | 'WRITE' | 'REPORT'
  /** Acquired before it ran. */
  readonly requestedQueryCost: number
  /** Charged in the end; the rest was given back. */
  readonly actualQueryCost: number
  readonly throttleStatus: BucketStatus
  /** Of the one school the operation concerned. */
  readonly schoolThrottleStatus?: BucketStatus
}

export interface Answer<T> {
  readonly data: T | null
  readonly errors: readonly GraphQLFault[]
  readonly status: number
  /** Tell us this when something is wrong: it finds the operation in our log and audit. */
  readonly requestId: string
  /** Null when the request never became an operation. */
  readonly cost: OperationCost | null
}

/** An answer that held errors, for callers who want data or nothing. */
export class OperationError extends Error {
  readonly codes: readonly string[]

  constructor(readonly answer: Answer<unknown>) {
    super(answer.errors.map(({ message, extensions }) => `${extensions?.code ?? 'ERROR'}: ${message}`).join('\n'))
    this.codes = answer.errors.map(({ extensions }) => extensions?.code ?? 'ERROR')
  }
}

export interface ClientOptions {
  readonly endpoint: string
  readonly token: TokenSource
  /** The one that the token source has, when its tokens are bound to a key. */
  readonly prover?: Prover
  /** Sends the id of each document instead of its text. What is not known under its id is sent as text, from then on. */
  readonly byId?: boolean
  readonly fetch?: typeof globalThis.fetch
  /** Tries after the first: of reads and of writes with a key, and of anything that was refused for its budget, for that never ran. */
  readonly retries?: number
  /** How waiting is done between tries. */
  readonly wait?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>
}

export interface AskOptions {
  /** Gives a mutation one effect however often it is sent; kept 72 hours. Without it a mutation that may have run is never retried. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

export interface Client {
  /** The whole answer, errors included. */
  ask<R, V>(document: TypedDocumentString<R, V>, variables: V, options?: AskOptions): Promise<Answer<R>>
  /** The data; throws `OperationError` if there was any error. */
  get<R, V>(document: TypedDocumentString<R, V>, variables: V, options?: AskOptions): Promise<R>
}

const waitInTime = (milliseconds: number, signal: AbortSignal | undefined): Promise<void> =>
  sleep(milliseconds, undefined, signal ? { signal } : undefined)

export function createClient(options: ClientOptions): Client {
  const { endpoint, token, prover, byId = false, fetch = globalThis.fetch, retries = 3, wait = waitInTime } = options
  const unknown = new Set<string>()

  async function send<R>(
    document: { readonly query: string } | { readonly documentId: string },
    variables: unknown,
    { idempotencyKey, signal }: AskOptions,
  ): Promise<Answer<R> & { retryAfter: number | undefined }> {
    const accessToken = await token.get()
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
        authorization: `${prover ? 'DPoP' : 'Bearer'} ${accessToken}`,
        // A proof serves once: a repeated request has one of its own.
        ...(prover ? { dpop: await prover.prove('POST', endpoint, accessToken) } : {}),
        ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
      },
      body: JSON.stringify({ ...document, variables }),
      ...(signal ? { signal } : {}),
    })
    if (response.status === 401) token.drop(accessToken)
    const body = (await response.json()) as { data?: R | null; errors?: GraphQLFault[]; extensions?: { cost?: OperationCost } }
    const retryAfter = response.headers.get('retry-after')
    return {
      data: body.data ?? null,
      errors: body.errors ?? [],
      status: response.status,
      requestId: response.headers.get('x-request-id') ?? '',
      cost: body.extensions?.cost ?? null,
      retryAfter: retryAfter === null ? undefined : Number(retryAfter),
    }
  }

  async function ask<R, V>(document: TypedDocumentString<R, V>, variables: V, options: AskOptions = {}): Promise<Answer<R>> {
    const query = document.toString()
    const repeatable = options.idempotencyKey !== undefined || !/^\s*mutation\b/m.test(query)
    const id: unknown = document.__meta__?.hash
    for (let tries = 0; ; tries += 1) {
      const documentId = byId && typeof id === 'string' && !unknown.has(id) ? id : undefined
      const { retryAfter, ...answer } = await send<R>(documentId ? { documentId } : { query }, variables, options)
      if (documentId && answer.errors[0]?.extensions?.code === 'DOCUMENT_UNKNOWN') {
        unknown.add(documentId)
        tries -= 1
        continue
      }
      const unrun = answer.status === 429
      const passing = unrun || (answer.status === 503 && repeatable)
      if (!passing || tries >= retries) return answer
      await wait((retryAfter ?? 2 ** tries) * 1_000, options.signal)
    }
  }

  return {
    ask,
    get: async (document, variables, options) => {
      const answer = await ask(document, variables, options)
      if (answer.errors.length > 0 || answer.data === null) throw new OperationError(answer)
      return answer.data
    },
  }
}
