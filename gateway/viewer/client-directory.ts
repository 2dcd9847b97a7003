// The live state of every bearer of a token: what they may do now, whatever the token said when it was issued.
import { LRUCache } from 'lru-cache'
import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { Role } from '../../subgraphs/kernel/viewer.ts'
import type { AccessDatabase } from '../access-database.ts'
import type { Backoff } from '../backoff.ts'
import type { DocumentMode } from '../documents/resolve-document.ts'
import { GrantListener } from './grant-listener.ts'

export interface ClientState {
  readonly clientId: string
  readonly applicationId: string | null
  readonly vendorId: string | null
  readonly accountId: string | null
  readonly authorityId: string | null
  readonly role: Role | null
  readonly displayName: string
  readonly environment: 'SANDBOX' | 'PRODUCTION'
  readonly scopes: readonly string[]
  readonly status: 'ACTIVE' | 'SUSPENDED' | 'REVOKED'
  readonly grantVersion: number
  /** A client of the platform itself, at which people sign in. */
  readonly firstParty: boolean
  /** A key of the client was revoked then, in seconds since 1970: a token issued by then may have been asked for with it. */
  readonly tokensAfter: number | null
  /** It gets tokens only against a proof; a bearer token of it is from before that was required. */
  readonly boundOnly: boolean
  /** Of its application; null where nothing was ever set. */
  readonly documentMode: DocumentMode | null
}

/** What of a token decides whose state is asked for. */
export interface Bearer {
  readonly clientId: string
  readonly accountId: string | null
  readonly ids: readonly string[]
}

export interface ClientDirectoryOptions {
  readonly pool: Pool
  readonly database: AccessDatabase
  readonly backoff: Backoff
  readonly log: Logger
  /** The list of documents of an application has changed; of any application, where none is named. */
  readonly onDocuments?: (applicationId?: string) => void
}

// A belt beside the braces of notification: a change that was written without its notice is seen after this.
const MAX_AGE_MS = 30_000

/** What the database says when a list of documents has changed: this, and whose. */
const DOCUMENTS = 'documents:'

const RESOLVE = `
select client_id as "clientId", application_id as "applicationId", vendor_id as "vendorId", account_id as "accountId",
  authority_id as "authorityId", role, display_name as "displayName", environment, scopes, status, grant_version as "grantVersion",
  first_party as "firstParty", access.tokens_after($1) as "tokensAfter", access.bound_only($1) as "boundOnly",
  access.document_mode($1) as "documentMode"
from access.resolve_bearer($1, $2, $3)`

export class ClientDirectory {
  readonly #database: AccessDatabase
  readonly #listener: GrantListener
  readonly #onDocuments: (applicationId?: string) => void
  readonly #states = new LRUCache<string, { readonly names: readonly string[]; readonly state: ClientState }>({
    max: 10_000,
    ttl: MAX_AGE_MS,
  })
  // Requests that come while the same question is under way share its answer.
  readonly #asked = new Map<string, Promise<ClientState | null>>()
  // Counts the news. An answer that was asked for before the last news may be older than it, and is not kept.
  #news = 0

  constructor({ pool, database, backoff, log, onDocuments = () => undefined }: ClientDirectoryOptions) {
    this.#database = database
    this.#onDocuments = onDocuments
    this.#listener = new GrantListener({
      pool,
      backoff,
      log,
      onChange: (name) => this.#forget(name),
      onDown: () => this.#forget('*'),
    })
  }

  /** Whether the database would tell of a change just now. */
  get listening(): boolean {
    return this.#listener.up
  }

  start(): void {
    this.#listener.start()
  }

  close(): Promise<void> {
    return this.#listener.close()
  }

  /** Resolves when no request that comes from now on is answered by a state older than this call. */
  caughtUp(): Promise<void> {
    return this.#listener.caughtUp()
  }

  async find(bearer: Bearer): Promise<ClientState | null> {
    // Nobody would tell us of a revocation: every request asks for itself.
    if (!this.#listener.up) return this.#ask(bearer)
    const names = namesOf(bearer)
    const key = JSON.stringify(names)
    const known = this.#states.get(key)
    if (known) return known.state
    let asked = this.#asked.get(key)
    if (!asked) {
      asked = this.#askAndKeep(bearer, key, names, this.#news)
      this.#asked.set(key, asked)
    }
    return asked
  }

  async #askAndKeep(bearer: Bearer, key: string, names: readonly string[], news: number): Promise<ClientState | null> {
    try {
      const state = await this.#ask(bearer)
      if (state && this.#listener.up && news === this.#news) this.#states.set(key, { names, state })
      return state
    } finally {
      if (news === this.#news) this.#asked.delete(key)
    }
  }

  async #ask({ clientId, accountId, ids }: Bearer): Promise<ClientState | null> {
    const [row] = await this.#database.query<{ grantVersion: string } & Omit<ClientState, 'grantVersion'>>(RESOLVE, [
      clientId,
      accountId,
      ids,
    ])
    return row ? { ...row, grantVersion: Number(row.grantVersion) } : null
  }

  #forget(name: string): void {
    if (name.startsWith(DOCUMENTS)) return this.#onDocuments(name.slice(DOCUMENTS.length))
    if (name === '*') this.#onDocuments()
    this.#news++
    this.#asked.clear()
    if (name === '*') return this.#states.clear()
    // A walk over ten thousand entries takes a millisecond, and news is rare beside requests.
    for (const [key, { names }] of this.#states.entries()) if (names.includes(name)) this.#states.delete(key)
  }
}

/** The names under which the database tells that something has changed. */
const namesOf = ({ clientId, accountId, ids }: Bearer): string[] => [
  clientId,
  ...(accountId === null ? [] : [`account:${accountId}`]),
  ...ids.map((id) => `token:${id}`),
]
