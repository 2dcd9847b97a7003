// A subgraph behind HTTP: kept-alive connections, a signed viewer, a breaker, and no trust in the length or shape of the answer.
import type { KeyObject } from 'node:crypto'
import { errors as undiciErrors, Pool } from 'undici'
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { signViewer, type Viewer } from '../../subgraphs/kernel/viewer.ts'
import type { SubgraphName } from '../../subgraphs/kernel/subgraph.ts'
import { withBreaker } from './breaker.ts'
import { post } from './post.ts'
import type { BytesAnswer, BytesRequest, SubgraphAnswer, SubgraphFault, SubgraphTransport, TouchedRecords } from './transport.ts'

/** A class page is 68 KB; the dearest operation that limits let through some 2 MB. */
const MAX_RESPONSE_BYTES = 16_777_216

/** What the platform's own subgraphs and foreign ones have in common. */
interface WayOptions {
  readonly name: string
  readonly now: () => Date
  /** Longest wait for the answer to begin, and for each next piece of it. */
  readonly timeoutMs?: number
  readonly connections?: number
  readonly maxResponseBytes?: number
}

export interface HttpTransportOptions extends WayOptions {
  readonly name: SubgraphName
  /** As in `http://schools:4001`. */
  readonly origin: string
  readonly signingKey: KeyObject
}

/** To a subgraph of the platform, which is told for whom it answers by a signed envelope. */
export function createHttpTransport({ name, origin, signingKey, now, ...rest }: HttpTransportOptions): SubgraphTransport {
  return openWay<Viewer>({
    ...rest,
    name,
    now,
    origin,
    path: '/graphql',
    // The viewer is one object for all fetches of an operation, at all subgraphs: one signature serves them.
    headersOf: (viewer) => ({
      authorization: `Viewer ${signViewer(viewer, name, signingKey, now())}`,
      'x-request-id': viewer.requestId,
    }),
    // Ours answer 200 whatever becomes of the operation.
    readsRefusals: false,
  })
}

/** To any GraphQL server, which is told of nobody. */
export function createOpenTransport({ url, ...rest }: WayOptions & { readonly url: URL }): SubgraphTransport<unknown> {
  return openWay<unknown>({
    ...rest,
    origin: url.origin,
    path: url.pathname + url.search,
    headersOf: () => ({}),
    readsRefusals: true,
  })
}

interface Way<Caller> extends WayOptions {
  readonly origin: string
  readonly path: string
  readonly headersOf: (caller: Caller) => Readonly<Record<string, string>>
  /** Whether the body of a refusal (4xx, 500) may hold errors of GraphQL, as GraphQL over HTTP has it. */
  readonly readsRefusals: boolean
}

function openWay<Caller>(way: Way<Caller>): SubgraphTransport<Caller> {
  const { name, origin, path, headersOf, readsRefusals, now } = way
  const { timeoutMs = 10_000, connections = 32, maxResponseBytes = MAX_RESPONSE_BYTES } = way
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    connect: { timeout: Math.min(timeoutMs, 2_000) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    // Shorter than the service keeps it, so that we never write into a connection that the other side is closing.
    keepAliveTimeout: 30_000,
    keepAliveMaxTimeout: 30_000,
    maxResponseSize: maxResponseBytes,
  })

  async function send(body: string, caller: Caller, signal: AbortSignal): Promise<BytesAnswer> {
    const { statusCode, bytes } = await post(pool, {
      path,
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headersOf(caller) },
      body,
      signal,
    })
    if (statusCode >= 502 && statusCode <= 504) throw unreachable()
    if (statusCode === 200) return { bytes, read: () => readAnswer(name, bytes) }
    const refusal = readsRefusals ? readRefusal(name, bytes) : undefined
    if (!refusal) throw new Error(`subgraph ${name} answered status ${statusCode}`)
    return { bytes, read: () => refusal }
  }

  async function fetchBytes({ body, isRead }: BytesRequest, caller: Caller, signal: AbortSignal): Promise<BytesAnswer> {
    try {
      return await send(body, caller, signal).catch((error: unknown) => {
        // A kept connection that the other side has just closed. A read may be asked again, once; a write may have been done.
        if (signal.aborted || !wasCutOff(error) || !isRead) throw error
        return send(body, caller, signal)
      })
    } catch (error) {
      if (signal.aborted) throw new PlatformError('REQUEST_TIMEOUT')
      throw isUnreachable(error) ? unreachable() : error
    }
  }

  const transport: SubgraphTransport<Caller> = {
    fetchBytes,
    async execute(request, caller, signal) {
      // The planner writes the kind of an operation in front of it, and entities are always queries.
      const isRead = /^(query\b|\{)/.test(request.query)
      const answer = await fetchBytes({ body: JSON.stringify(request), isRead }, caller, signal)
      return answer.read()
    },
    close: () => pool.destroy(),
  }
  return withBreaker(transport, { now })
}

const wasCutOff = (error: unknown): boolean =>
  error instanceof undiciErrors.SocketError || ['ECONNRESET', 'EPIPE'].includes((error as { code?: string }).code ?? '')

const unreachable = (): PlatformError => new PlatformError('SERVICE_UNAVAILABLE', { retryAfter: 2 })

const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
])

function isUnreachable(error: unknown): boolean {
  if (
    error instanceof undiciErrors.ConnectTimeoutError ||
    error instanceof undiciErrors.HeadersTimeoutError ||
    error instanceof undiciErrors.BodyTimeoutError ||
    error instanceof undiciErrors.SocketError ||
    error instanceof undiciErrors.ClientDestroyedError ||
    error instanceof undiciErrors.ClientClosedError
  )
    return true
  if (error instanceof AggregateError) return error.errors.every(isUnreachable)
  return SYSTEM_CODES.has((error as { code?: string }).code ?? '')
}

function readAnswer(name: string, bytes: Buffer): SubgraphAnswer {
  const nonsense = (what: string): Error => new Error(`subgraph ${name} answered ${what}`)
  let parsed: unknown
  try {
    parsed = JSON.parse(textOf(bytes))
  } catch {
    throw nonsense('no JSON')
  }
  if (!isRecord(parsed)) throw nonsense('no object')
  const { data, extensions } = parsed
  // Said by many servers where there are none.
  const errors = parsed.errors ?? undefined
  if (data !== undefined && data !== null && !isRecord(data)) throw nonsense('data that is no object')
  if (errors !== undefined && !(Array.isArray(errors) && errors.every(isFault))) throw nonsense('errors that are none')
  if (data === undefined && errors === undefined) throw nonsense('neither data nor errors')
  const touched = touchedIn(extensions)
  return {
    ...(data !== undefined && { data }),
    ...(errors !== undefined && { errors }),
    ...(touched && { extensions: { touched } }),
  }
}

/** Nothing where the body tells no errors: a page of a proxy, say. */
function readRefusal(name: string, bytes: Buffer): SubgraphAnswer | undefined {
  try {
    const answer = readAnswer(name, bytes)
    return answer.errors?.length ? answer : undefined
  } catch {
    return undefined
  }
}

function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  // A mark of byte order is no part of JSON.
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** Of the extensions of a subgraph of ours, for the audit. */
export function touchedIn(extensions: unknown): TouchedRecords | undefined {
  return isRecord(extensions) && isTouched(extensions.touched) ? extensions.touched : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isFault(value: unknown): value is SubgraphFault {
  return isRecord(value) && typeof value.message === 'string' && (value.path === undefined || Array.isArray(value.path))
}

function isTouched(value: unknown): value is TouchedRecords {
  const texts = (list: unknown): boolean => Array.isArray(list) && list.every((each) => typeof each === 'string')
  return isRecord(value) && texts(value.schools) && texts(value.students)
}
