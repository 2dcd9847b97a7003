// The form of a request to /graphql: what the headers must say before a body is read, and what the body and the address may hold.
import type { IncomingHttpHeaders } from 'node:http'
import { PlatformError } from '../../subgraphs/kernel/errors.ts'

export interface GraphQLParameters {
  readonly source: string
  readonly operationName: string | null
  readonly variables: Record<string, unknown> | null
}

/** JSON in UTF-8 and nothing else; a compressed megabyte may unfold into a thousand. */
export function assertJsonBody(headers: IncomingHttpHeaders): void {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim().toLowerCase())
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))
  const encoding = headers['content-encoding']?.trim().toLowerCase()
  const fits =
    type === 'application/json' && (!charset || /^charset="?utf-?8"?$/.test(charset)) && (!encoding || encoding === 'identity')
  if (!fits) throw new PlatformError('UNSUPPORTED_MEDIA_TYPE')
}

/** A header that a foreign page cannot send without the browser asking us first, and we refuse foreign pages. */
export function assertPreflighted(headers: IncomingHttpHeaders): void {
  const json = /^application\/json *(;|$)/i.test(headers['content-type'] ?? '')
  if (!json && !headers['apollo-require-preflight']) throw new PlatformError('CSRF_REFUSED')
}

export function readIdempotencyKey(headers: IncomingHttpHeaders): string | null {
  const key = headers['idempotency-key']
  if (key === undefined) return null
  if (typeof key !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(key)) throw new PlatformError('IDEMPOTENCY_KEY_INVALID')
  return key
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

export function readPostBody(body: Buffer): GraphQLParameters {
  const parsed = parseJson(() => utf8.decode(body))
  if (Array.isArray(parsed)) throw new PlatformError('BATCHING_REFUSED')
  if (!isRecord(parsed)) throw new PlatformError('BAD_REQUEST')
  const { query, operationName, variables, extensions } = parsed
  if (typeof query !== 'string' || query === '')
    throw badRequest('`query` is a string that holds a document.', '`query` là chuỗi chứa văn bản GraphQL.')
  if (!isAbsent(operationName) && typeof operationName !== 'string')
    throw badRequest('`operationName` is a string.', '`operationName` là chuỗi.')
  if (!isAbsent(variables) && !isRecord(variables)) throw badRequest('`variables` is an object.', '`variables` là đối tượng.')
  if (!isAbsent(extensions) && !isRecord(extensions)) throw badRequest('`extensions` is an object.', '`extensions` là đối tượng.')
  return { source: query, operationName: operationName ?? null, variables: variables ?? null }
}

/** `GET /graphql?documentId=sha256:…`: only documents the operator has put in, so that a link can do nothing new. */
export function readGetAddress(
  query: Readonly<Record<string, unknown>>,
  knownDocuments: ReadonlyMap<string, string>,
): GraphQLParameters {
  const { documentId, operationName, variables } = query
  if (documentId === undefined) throw new PlatformError('METHOD_NOT_ALLOWED')
  const [, hash] = typeof documentId === 'string' ? (/^sha256:([0-9a-f]{64})$/.exec(documentId) ?? []) : []
  const source = hash && knownDocuments.get(hash)
  if (!source) throw new PlatformError('DOCUMENT_UNKNOWN')
  if (operationName !== undefined && typeof operationName !== 'string')
    throw badRequest('`operationName` is a string.', '`operationName` là chuỗi.')
  const given = variables === undefined ? null : parseJson(() => (typeof variables === 'string' ? variables : ''))
  if (given !== null && !isRecord(given)) throw badRequest('`variables` is an object in JSON.', '`variables` là đối tượng JSON.')
  return { source, operationName: operationName || null, variables: given }
}

function parseJson(read: () => string): unknown {
  try {
    return JSON.parse(read())
  } catch {
    throw badRequest('The request is not JSON in UTF-8.', 'Yêu cầu không phải JSON mã hóa UTF-8.')
  }
}

function badRequest(message: string, messageVi: string): PlatformError {
  return new PlatformError('BAD_REQUEST', { message, messageVi })
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
