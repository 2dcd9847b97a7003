// One bucket as this gateway holds it: a little of it taken in advance, so that a request waits for no row of the database.
import type { Budget } from './budgets.ts'
import type { BucketKey, Grant, TakeCost } from './bucket-store.ts'

export type Verdict =
  | { readonly ok: true }
  /** Not enough now; in so many seconds there may be. */
  | { readonly ok: false; readonly retryAfter: number }
  /** Never enough: the operation costs more than the bucket holds. */
  | { readonly ok: false; readonly capacity: number }

export interface BucketStatus {
  readonly maximumAvailable: number
  readonly currentlyAvailable: number
  readonly restoreRate: number
}

interface Waiting {
  readonly cost: number
  resolve(verdict: Verdict): void
  reject(error: unknown): void
}

const GRANTED: Verdict = { ok: true }
/** The part of a bucket that a gateway takes at once. A bucket that is emptied and refilled in 20 s is asked about once a second. */
const CHUNK = 1 / 20
/** How long the last word of the database is reason enough to refuse. Others may give back, or a budget be raised. */
const KNOWLEDGE_LASTS_MS = 5_000

/**
 * What is taken from the shared bucket is gone for every other gateway, whether it is spent here or not. So the sum of what all of them
 * spend never passes capacity and refill; what may come on top is the chunk that a gateway took earlier and still holds.
 */
export class Bucket {
  readonly #key: BucketKey
  readonly #budget: Budget
  readonly #take: TakeCost
  readonly #now: () => Date
  /** Taken and not yet spent; below zero, spent and not yet taken. */
  #held = 0
  /** On its way back to the shared bucket, a debt below zero. */
  #returning = 0
  #waiting: Waiting[] = []
  #asking = false
  #seen: Grant | undefined

  constructor(key: BucketKey, budget: Budget, take: TakeCost, now: () => Date) {
    this.#key = key
    this.#budget = budget
    this.#take = take
    this.#now = now
  }

  /** Rejects with SERVICE_UNAVAILABLE when the shared bucket cannot be asked: closed rather than open. */
  acquire(cost: number): Verdict | Promise<Verdict> {
    if (this.#waiting.length === 0 && this.#held >= cost) {
      this.#held -= cost
      this.#stockUp()
      return GRANTED
    }
    const refusal = this.#knownRefusal(cost)
    if (refusal) return refusal
    const { promise, resolve, reject } = Promise.withResolvers<Verdict>()
    this.#waiting.push({ cost, resolve, reject })
    void this.#askForWaiting()
    return promise
  }

  /** After the work is done: what it cost less than was acquired, or, negative, what it cost more. */
  refund(cost: number): void {
    this.#held += cost
    if (this.#held < 0 || this.#held > 2 * this.#chunk) this.#stockUp()
  }

  status(): BucketStatus {
    const { capacity, restoreRate } = this.#seen ?? this.#budget
    const available = Math.min(capacity, Math.max(0, this.#shared() + this.#held + this.#returning))
    return { maximumAvailable: capacity, currentlyAvailable: Math.floor(available), restoreRate }
  }

  get #chunk(): number {
    return (this.#seen ?? this.#budget).capacity * CHUNK
  }

  /** What is in the shared bucket by now, as far as this gateway knows. */
  #shared(): number {
    if (!this.#seen) return this.#budget.capacity
    const { level, at, capacity, restoreRate } = this.#seen
    return Math.min(capacity, level + (Math.max(0, this.#now().getTime() - at) / 1_000) * restoreRate)
  }

  /** A flood is refused from memory: it must not become a flood of questions to the database. */
  #knownRefusal(cost: number): Verdict | undefined {
    if (this.#asking || !this.#seen || this.#now().getTime() - this.#seen.at > KNOWLEDGE_LASTS_MS) return undefined
    return this.#shared() + this.#held < cost ? this.#refusal(cost) : undefined
  }

  #refusal(cost: number): Verdict {
    const { capacity, restoreRate } = this.#seen ?? this.#budget
    if (cost > capacity) return { ok: false, capacity }
    const missing = cost - this.#shared() - Math.max(0, this.#held)
    return { ok: false, retryAfter: Math.max(1, Math.ceil(missing / restoreRate)) }
  }

  async #askForWaiting(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    try {
      while (this.#waiting.length > 0) await this.#serve(this.#waiting.splice(0))
    } finally {
      this.#asking = false
    }
  }

  /** All that is held goes back before anew is taken: no gateway keeps what only together with the rest would be enough for another. */
  async #serve(group: readonly Waiting[]): Promise<void> {
    const least = Math.min(...group.map(({ cost }) => cost))
    const wanted = group.reduce((sum, { cost }) => sum + cost, 0) + this.#chunk
    try {
      await this.#ask(this.#held, least, wanted)
    } catch (error) {
      for (const { reject } of group) reject(error)
      return
    }
    for (const { cost, resolve } of group) {
      if (this.#held >= cost) {
        this.#held -= cost
        resolve(GRANTED)
      } else resolve(this.#refusal(cost))
    }
  }

  /** In the background: before the hand is empty, after more was spent than taken, or when more is held than a chunk or two. */
  #stockUp(): void {
    if (this.#asking) return
    const chunk = this.#chunk
    const surplus = this.#held > 2 * chunk ? this.#held - chunk : Math.min(this.#held, 0)
    const short = this.#held < chunk / 4 && this.#shared() >= chunk
    if (surplus === 0 && !short) return
    this.#asking = true
    void this.#ask(surplus, 0, short ? chunk : 0)
      .catch(() => undefined)
      .finally(() => {
        this.#asking = false
        if (this.#waiting.length > 0) void this.#askForWaiting()
      })
  }

  async #ask(returned: number, least: number, wanted: number): Promise<void> {
    this.#held -= returned
    this.#returning = returned
    try {
      const grant = await this.#take({ key: this.#key, budget: this.#budget, returned, least, wanted })
      this.#held += grant.granted
      this.#seen = grant
    } catch (error) {
      // Whether it was put back is not known. What was held is given up, what was owed stays owed.
      this.#held += Math.min(0, returned)
      throw error
    } finally {
      this.#returning = 0
    }
  }
}
