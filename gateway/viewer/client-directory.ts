// The live state of every client: what it may do now, whatever its token said when it was issued.
import { LRUCache } from 'lru-cache'
import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { Role } from '../../subgraphs/kernel/viewer.ts'
import type { AccessDatabase } from '../access-database.ts'
import type { Backoff } from '../backoff.ts'
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
}

export interface ClientDirectoryOptions {
  readonly pool: Pool
  readonly database: AccessDatabase
  readonly backoff: Backoff
  readonly log: Logger
}

// A belt beside the braces of notification: a change that was written without its notice is seen after this.
const MAX_AGE_MS = 30_000

const RESOLVE = `
select client_id as "clientId", application_id as "applicationId", vendor_id as "vendorId", account_id as "accountId",
  authority_id as "authorityId", role, display_name as "displayName", environment, scopes, status, grant_version as "grantVersion"
from access.resolve_client($1)`

export class ClientDirectory {
  readonly #database: AccessDatabase
  readonly #listener: GrantListener
  readonly #states = new LRUCache<string, ClientState>({ max: 10_000, ttl: MAX_AGE_MS })
  // Requests that come while the same question is under way share its answer.
  readonly #asked = new Map<string, Promise<ClientState | null>>()
  // Counts the news. An answer that was asked for before the last news may be older than it, and is not kept.
  #news = 0

  constructor({ pool, database, backoff, log }: ClientDirectoryOptions) {
    this.#database = database
    this.#listener = new GrantListener({
      pool,
      backoff,
      log,
      onChange: (clientId) => this.#forget(clientId),
      onDown: () => this.#forget('*'),
    })
  }

  start(): void {
    this.#listener.start()
  }

  close(): Promise<void> {
    return this.#listener.close()
  }

  /** Whether grants may be kept in memory just now. */
  get listening(): boolean {
    return this.#listener.up
  }

  async find(clientId: string): Promise<ClientState | null> {
    // Nobody would tell us of a revocation: every request asks for itself.
    if (!this.#listener.up) return this.#ask(clientId)
    const known = this.#states.get(clientId)
    if (known) return known
    let asked = this.#asked.get(clientId)
    if (!asked) {
      asked = this.#askAndKeep(clientId, this.#news)
      this.#asked.set(clientId, asked)
    }
    return asked
  }

  async #askAndKeep(clientId: string, news: number): Promise<ClientState | null> {
    try {
      const state = await this.#ask(clientId)
      if (state && this.#listener.up && news === this.#news) this.#states.set(clientId, state)
      return state
    } finally {
      if (news === this.#news) this.#asked.delete(clientId)
    }
  }

  async #ask(clientId: string): Promise<ClientState | null> {
    const [row] = await this.#database.query<{ grantVersion: string } & Omit<ClientState, 'grantVersion'>>(RESOLVE, [clientId])
    return row ? { ...row, grantVersion: Number(row.grantVersion) } : null
  }

  #forget(clientId: string): void {
    this.#news++
    this.#asked.clear()
    if (clientId === '*') this.#states.clear()
    else this.#states.delete(clientId)
  }
}
