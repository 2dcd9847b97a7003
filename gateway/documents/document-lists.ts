// Which documents stand on the list of an application, as of this moment, whatever gateway was told of a change.
import { LRUCache } from 'lru-cache'
import type { AccessDatabase } from '../access-database.ts'

export type Origin = 'REGISTERED' | 'AUTOMATIC'

export interface ListedDocument {
  readonly origin: Origin
  readonly text: string
}

export interface DocumentListsOptions {
  readonly database: AccessDatabase
  /** Whether the database would tell of a change; while it would not, nothing is kept. */
  readonly listening: () => boolean
}

/** Some 200 bytes each: 10 MB. */
const MOST_LISTED = 50_000
/** What is not on a list is kept as well, or who is under REPORT would ask the database at each request; apart, since anybody can make hashes. */
const MOST_UNLISTED = 10_000
/** As for the states of clients: a change that was written without its notice is seen after this. */
const MAX_AGE_MS = 30_000

const FIND = `select origin, text from access.find_document($1, $2)`

/**
 * Every question is of one application and one hash, here and in the database: an answer about a hash takes the same way whether or not
 * another application has registered it.
 */
export class DocumentLists {
  readonly #options: DocumentListsOptions
  readonly #listed = new LRUCache<string, Origin>({ max: MOST_LISTED, ttl: MAX_AGE_MS })
  readonly #unlisted = new LRUCache<string, true>({ max: MOST_UNLISTED, ttl: MAX_AGE_MS })
  /** Counts the news: an answer that was asked for before the last of them may be older than it, and is not kept. */
  #news = 0

  constructor(options: DocumentListsOptions) {
    this.#options = options
  }

  /** Null: not on the list. Undefined: not known here. */
  kept(applicationId: string, hash: string): Origin | null | undefined {
    if (!this.#options.listening()) return undefined
    const key = keyOf(applicationId, hash)
    return this.#listed.get(key) ?? (this.#unlisted.has(key) ? null : undefined)
  }

  async ask(applicationId: string, hash: string): Promise<ListedDocument | null> {
    const news = this.#news
    const [listed] = await this.#options.database.query<ListedDocument>(FIND, [applicationId, hash])
    if (news === this.#news && this.#options.listening()) {
      const key = keyOf(applicationId, hash)
      if (listed) this.#listed.set(key, listed.origin)
      else this.#unlisted.set(key, true)
    }
    return listed ?? null
  }

  /** The list of an application has changed, or, without one, any may have. */
  forget(applicationId?: string): void {
    this.#news++
    for (const known of [this.#listed, this.#unlisted]) {
      if (applicationId === undefined) known.clear()
      // A walk takes a millisecond or two, and news is rare beside requests.
      else for (const key of known.keys()) if (key.startsWith(applicationId)) known.delete(key)
    }
  }
}

const keyOf = (applicationId: string, hash: string): string => `${applicationId} ${hash}`
