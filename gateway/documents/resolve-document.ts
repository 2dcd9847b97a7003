// From what a request asks for to the text that runs: by its id from the application's list, or as it was sent where the mode allows it.
import { hash as digest } from 'node:crypto'
import type { Logger } from 'pino'
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { describeFault } from '../../subgraphs/kernel/masking.ts'
import type { AccessDatabase } from '../access-database.ts'
import type { AskedDocument } from './asked-document.ts'
import type { DocumentCounts } from './document-counts.ts'
import type { DocumentLists, Origin } from './document-lists.ts'
import type { PreparedDocument, PreparedDocuments } from './prepared-documents.ts'

export type DocumentMode = 'OFF' | 'REPORT' | 'ENFORCE'

/** How a request came to its document; for the metric. */
export type DocumentWay = 'text' | 'registered' | 'automatic' | 'platform' | 'unknown' | 'mismatch' | 'refused'

export interface ResolvedDocument {
  readonly ok: true
  readonly hash: string
  readonly source: string
  /** Known, and so parsed and validated at most once. */
  readonly prepared: PreparedDocument | undefined
  /** Not on the list, in a mode that wants to know of it. */
  readonly isUnlisted: boolean
  /** To be remembered if it turns out valid. */
  readonly isNew: boolean
}

export interface UnresolvedDocument {
  readonly ok: false
  readonly hash: string
  readonly refusal: PlatformError
}

export type DocumentResolution = ResolvedDocument | UnresolvedDocument

/** What became known of a document while it ran. */
export interface ReadDocument {
  readonly names: readonly string[]
  readonly neededScopes: readonly string[]
  readonly depth: number
}

/** For whom a document is asked for. */
export interface Asker {
  readonly party: { readonly applicationId: string | null }
  readonly documentMode: DocumentMode
  /** The mode that this one request asks for. */
  readonly askedMode: string | null
}

export interface Documents {
  /** Rejects with SERVICE_UNAVAILABLE while the list cannot be asked. */
  resolve(asked: AskedDocument, asker: Asker, operationName: string | null): Promise<DocumentResolution>
  /** A document that is not on the list has run. */
  sawUnlisted(applicationId: string, hash: string, operationName: string | null): void
  /** Automatic registration. Whether it succeeds or not, the answer stands. */
  remember(applicationId: string, clientId: string, document: ResolvedDocument, read: ReadDocument): Promise<void>
}

export interface DocumentsOptions {
  readonly lists: DocumentLists
  readonly prepared: PreparedDocuments
  readonly counts: DocumentCounts
  /** The platform's own, by their hash: operations of its typed client, which any application may ask for while its list is not enforced. */
  readonly ownDocuments: ReadonlyMap<string, string>
  readonly database: AccessDatabase
  readonly isSandbox: boolean
  readonly counted: (way: DocumentWay) => void
  readonly now: () => Date
  readonly log: Logger
}

/** Of one application, in the sandbox. The longest unused go first. */
const MOST_AUTOMATIC = 200
const MOST_AUTOMATIC_CHARACTERS = 1_000_000

const REMEMBER = `select access.remember_document($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
const NAME = /^[_A-Za-z][_0-9A-Za-z]{0,199}$/

export function createDocuments(options: DocumentsOptions): Documents {
  const { lists, prepared, counts, ownDocuments, database, isSandbox, counted, now, log } = options

  async function lookUp(applicationId: string, hash: string): Promise<{ origin: Origin; document: PreparedDocument } | null> {
    const kept = lists.kept(applicationId, hash)
    if (kept === null) return null
    const ready = kept && prepared.find(hash)
    if (ready) return { origin: kept, document: ready }
    const listed = await lists.ask(applicationId, hash)
    return listed && { origin: listed.origin, document: prepared.prepare(hash, listed.text) }
  }

  function known(
    hash: string,
    origin: Origin | 'platform',
    document: PreparedDocument,
    applicationId: string | null,
    isReported: boolean,
  ): ResolvedDocument {
    counted(origin === 'platform' ? origin : origin === 'REGISTERED' ? 'registered' : 'automatic')
    if (applicationId !== null && origin !== 'platform') counts.count({ applicationId, hash, known: true, name: null })
    return {
      ok: true,
      hash,
      source: document.source,
      prepared: document,
      isUnlisted: isReported && origin !== 'REGISTERED',
      isNew: false,
    }
  }

  function refused(hash: string, way: DocumentWay, refusal: PlatformError): UnresolvedDocument {
    counted(way)
    return { ok: false, hash, refusal }
  }

  return {
    async resolve(asked, { party: { applicationId }, documentMode, askedMode }, operationName) {
      const mode = isSandbox ? explored(documentMode, askedMode) : documentMode
      const { text, form, id } = asked
      const isEnforced = mode === 'ENFORCE'
      const isReported = mode === 'REPORT' && applicationId !== null
      const hash = text === null ? (asked.hash ?? sha256(id ?? '')) : sha256(text)
      if (text !== null && form !== null && asked.hash !== hash)
        return refused(hash, 'mismatch', new PlatformError('DOCUMENT_MISMATCH'))

      // A text alone, where nobody wants to know whether it is on a list: nothing is looked up.
      const looks = form !== null || mode !== 'OFF'
      const listed = looks && applicationId !== null && (text !== null || asked.hash) ? await lookUp(applicationId, hash) : null
      // What is not the vendor's own word ENFORCE would refuse, so REPORT tells of it.
      if (listed && (listed.origin === 'REGISTERED' || !isEnforced))
        return known(hash, listed.origin, listed.document, applicationId, isReported)

      if (text === null) {
        const own = isEnforced ? undefined : ownDocuments.get(hash)
        if (own !== undefined) return known(hash, 'platform', prepared.prepare(hash, own), applicationId, isReported)
        return refused(hash, 'unknown', unknown(form))
      }
      if (isEnforced) {
        const name = operationName !== null && NAME.test(operationName) ? operationName : null
        if (applicationId !== null) counts.count({ applicationId, hash, known: false, name })
        return refused(hash, 'refused', new PlatformError('DOCUMENT_NOT_REGISTERED', { documentId: `sha256:${hash}` }))
      }
      counted('text')
      return {
        ok: true,
        hash,
        source: text,
        prepared: undefined,
        isUnlisted: isReported,
        // Never in production: a list that grows by being asked is none.
        isNew: isSandbox && form !== null && applicationId !== null && text.isWellFormed() && !text.includes('\0'),
      }
    },

    sawUnlisted(applicationId, hash, name) {
      counts.count({ applicationId, hash, known: false, name })
    },

    async remember(applicationId, clientId, { hash, source }, { names, neededScopes, depth }) {
      try {
        await database.query(REMEMBER, [
          applicationId,
          hash,
          source,
          names,
          neededScopes,
          depth,
          clientId,
          now().toISOString(),
          MOST_AUTOMATIC,
          MOST_AUTOMATIC_CHARACTERS,
        ])
        lists.forget(applicationId)
      } catch (error) {
        log.warn({ fault: describeFault(error) }, 'a document could not be remembered')
      }
    },
  }
}

/**
 * In the sandbox a tool for people, as the explorer, asks for one request to be taken as under REPORT: a vendor that tries ENFORCE there
 * still explores. The pupils are synthetic, and what its own client sends is refused as in production, where the header means nothing.
 */
function explored(mode: DocumentMode, askedMode: string | null): DocumentMode {
  return mode === 'ENFORCE' && askedMode === 'REPORT' ? 'REPORT' : mode
}

/** Where there are no lists: a text, whose id is its hash if it has one. */
export function resolveText({ text, form, id, hash: claimed }: AskedDocument): ResolvedDocument | UnresolvedDocument {
  const hash = text === null ? (claimed ?? sha256(id ?? '')) : sha256(text)
  if (text === null) return { ok: false, hash, refusal: unknown(form) }
  if (form !== null && claimed !== hash) return { ok: false, hash, refusal: new PlatformError('DOCUMENT_MISMATCH') }
  return { ok: true, hash, source: text, prepared: undefined, isUnlisted: false, isNew: false }
}

/** The same words whether or not another application knows it. */
function unknown(form: AskedDocument['form']): PlatformError {
  if (form !== 'persistedQuery') return new PlatformError('DOCUMENT_UNKNOWN')
  return new PlatformError('PERSISTED_QUERY_NOT_FOUND', {
    wayOut:
      'This application has no document under this hash. Send it again with its text as `query`, or register it with `registerDocuments`.',
  })
}

function sha256(text: string): string {
  return digest('sha256', text)
}
