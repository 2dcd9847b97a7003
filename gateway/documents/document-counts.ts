// How often documents were used, and which unknown ones were asked for: counted here, told to the database now and then.
import type { Logger } from 'pino'
import { describeFault } from '../../subgraphs/kernel/masking.ts'
import type { AccessDatabase } from '../access-database.ts'

export interface CountedDocument {
  readonly applicationId: string
  readonly hash: string
  /** Whether it stands on the list. */
  readonly known: boolean
  readonly name: string | null
}

export interface DocumentCountsOptions {
  readonly database: AccessDatabase
  readonly now: () => Date
  readonly log: Logger
  readonly everyMs?: number
}

interface Count {
  readonly application: string
  readonly hash: string
  readonly known: boolean
  name: string | null
  count: number
  readonly first_at: string
  last_at: string
}

/** A client that writes values into its documents asks for a new one each time: beyond this they go uncounted until the next telling. */
const MOST_BETWEEN = 5_000
const EVERY_MS = 5_000
const MOST_UNKNOWN = 500

const COUNT = `select access.count_documents($1::jsonb, $2)`

export class DocumentCounts {
  readonly #options: DocumentCountsOptions
  #counts = new Map<string, Count>()
  #timer: NodeJS.Timeout | undefined
  #telling: Promise<void> = Promise.resolve()

  constructor(options: DocumentCountsOptions) {
    this.#options = options
  }

  count({ applicationId, hash, known, name }: CountedDocument): void {
    const key = `${applicationId} ${hash} ${known}`
    const at = this.#options.now().toISOString()
    const counted = this.#counts.get(key)
    if (counted) {
      counted.count += 1
      counted.name ??= name
      counted.last_at = at
    } else if (this.#counts.size < MOST_BETWEEN) {
      this.#counts.set(key, { application: applicationId, hash, known, name, count: 1, first_at: at, last_at: at })
    }
    this.#timer ??= setTimeout(() => void this.told(), this.#options.everyMs ?? EVERY_MS).unref()
  }

  /** Tells what was counted. A database that cannot be reached just now loses counts and nothing else. */
  async told(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const counts = [...this.#counts.values()]
    this.#counts = new Map()
    this.#telling = this.#telling.then(() => this.#tell(counts))
    await this.#telling
  }

  async #tell(counts: readonly Count[]): Promise<void> {
    if (counts.length === 0) return
    const { database, log } = this.#options
    try {
      await database.query(COUNT, [JSON.stringify(counts), MOST_UNKNOWN])
    } catch (error) {
      log.warn({ fault: describeFault(error), documents: counts.length }, 'uses of documents went uncounted')
    }
  }
}
