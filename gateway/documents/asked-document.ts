// Which document a request asks for: its text, its id, or both. Ids come as `documentId` (GraphQL over HTTP, persisted documents) or in the
// form of Apollo's clients.
import { PlatformError } from '../../subgraphs/kernel/errors.ts'

export type IdForm = 'documentId' | 'persistedQuery'

export interface AskedDocument {
  readonly text: string | null
  /** How the id came; null: there is none, and there is text. */
  readonly form: IdForm | null
  /** As it was sent. */
  readonly id: string | null
  /** SHA-256 in 64 hexadecimal digits; null for an id of another kind, under which nothing is known here. */
  readonly hash: string | null
}

const SHA256 = /^[0-9a-f]{64}$/

/** Of a body or an address; `extensions` already read as JSON. Without text and id there is nothing to ask for. */
export function readAskedDocument(text: string | null, documentId: unknown, extensions: unknown): AskedDocument | null {
  const persisted = persistedHash(extensions)
  if (!isAbsent(documentId)) {
    if (typeof documentId !== 'string') throw badRequest('`documentId` is a string.', '`documentId` là chuỗi.')
    const hash = documentId.startsWith('sha256:') ? hashOf(documentId.slice('sha256:'.length)) : null
    if (persisted !== null && persisted !== hash) throw new PlatformError('DOCUMENT_MISMATCH')
    return { text, form: 'documentId', id: documentId, hash }
  }
  if (persisted !== null) return { text, form: 'persistedQuery', id: persisted, hash: hashOf(persisted) }
  return text === null ? null : { text, form: null, id: null, hash: null }
}

function persistedHash(extensions: unknown): string | null {
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: unknown }
  if (isAbsent(persistedQuery)) return null
  const { version, sha256Hash } = persistedQuery as { version?: unknown; sha256Hash?: unknown }
  if (version !== 1 || typeof sha256Hash !== 'string')
    throw badRequest(
      '`extensions.persistedQuery` is `{"version": 1, "sha256Hash": "…"}`.',
      '`extensions.persistedQuery` có dạng `{"version": 1, "sha256Hash": "…"}`.',
    )
  return sha256Hash
}

const hashOf = (text: string): string | null => (SHA256.test(text) ? text : null)

const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined

function badRequest(message: string, messageVi: string): PlatformError {
  return new PlatformError('BAD_REQUEST', { message, messageVi })
}
