// The form of a request to /graphql: what the headers must say before a body is read, and what the body and the address may hold.
import type { IncomingHttpHeaders } from 'node:http'
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { readAskedDocument, type AskedDocument } from '../documents/asked-document.ts'

export interface GraphQLParameters {
  readonly asked: AskedDocument
  readonly operationName: string | null
  readonly variables: Record<string, unknown> | null
}

/** JSON in UTF-8 and nothing else; a compressed megabyte may unfold into a thousand. */
export function assertJsonBody(headers: IncomingHttpHeaders): void {
  if (headers['content-type'] === 'application/json' && headers['content-encoding'] === undefined) return
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
  const { query, documentId, operationName, variables, extensions } = parsed
  if (!isAbsent(query) && typeof query !== 'string') throw withoutDocument()
  if (!isAbsent(operationName) && typeof operationName !== 'string')
    throw badRequest('`operationName` is a string.', '`operationName` là chuỗi.')
  if (!isAbsent(variables) && !isRecord(variables)) throw badRequest('`variables` is an object.', '`variables` là đối tượng.')
  if (!isAbsent(extensions) && !isRecord(extensions)) throw badRequest('`extensions` is an object.', '`extensions` là đối tượng.')
  const asked = readAskedDocument(query || null, documentId, extensions)
  if (!asked) throw withoutDocument()
  return { asked, operationName: operationName ?? null, variables: variables ?? null }
}

/** `GET /graphql?documentId=sha256:…`: a document by its id, and never by its text, so that a link can do nothing new. */
export function readGetAddress({
  query,
  documentId,
  operationName,
  variables,
  extensions,
}: Readonly<Record<string, unknown>>): GraphQLParameters {
  if (query !== undefined) throw new PlatformError('METHOD_NOT_ALLOWED')
  const asked = readAskedDocument(null, documentId, readJsonObject(extensions, 'extensions'))
  if (!asked) throw new PlatformError('METHOD_NOT_ALLOWED')
  if (operationName !== undefined && typeof operationName !== 'string')
    throw badRequest('`operationName` is a string.', '`operationName` là chuỗi.')
  return { asked, operationName: operationName || null, variables: readJsonObject(variables, 'variables') }
}

function readJsonObject(sent: unknown, name: string): Record<string, unknown> | null {
  const given = sent === undefined ? null : parseJson(() => (typeof sent === 'string' ? sent : ''))
  if (given !== null && !isRecord(given)) throw badRequest(`\`${name}\` is an object in JSON.`, `\`${name}\` là đối tượng JSON.`)
  return given
}

function withoutDocument(): PlatformError {
  return badRequest(
    '`query` is a string that holds a document; or send the id of a known one as `documentId`.',
    '`query` là chuỗi chứa văn bản GraphQL; hoặc gửi mã tài liệu đã đăng ký trong `documentId`.',
  )
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
