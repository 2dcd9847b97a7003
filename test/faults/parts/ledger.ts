// What every client of the run saw: each try and its answer, each write and what it was told, and what should never have been seen.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Door } from './platform.ts'

/** One request, sent once. */
export interface Attempt {
  /** Also its `X-Request-Id`, under which audit and log have it. */
  readonly id: string
  readonly door: Door
  readonly party: string
  readonly act: string
  /** Milliseconds of `performance.now`. */
  readonly began: number
  ended: number
  /** 0: no answer came. */
  status: number
  codes: readonly string[]
  hasData: boolean
  /** The client went before it was answered. */
  left: boolean
}

/** One write as its client means it: sent under one key until it is acknowledged. */
export interface Write {
  readonly key: string
  readonly party: string
  readonly schema: 'gradebook' | 'schools'
  readonly attempts: string[]
  /** Entity and version that the acknowledgement named. */
  acknowledged: readonly { readonly id: string; readonly version: number }[]
}

/** A record that one writer alone writes, as its last acknowledgement had it. */
export interface Slot {
  readonly schema: 'gradebook' | 'schools'
  readonly schoolId: string
  id: string
  version: number
  value: number
}

/** Milliseconds of `performance.now` between which something was so at a door. */
export interface Window {
  readonly door: Door
  readonly from: number
  to: number
}

const MOST_TOLD = 40

const meets = (window: Window, { door, began, ended }: Attempt): boolean =>
  window.door === door && window.from <= ended && began <= window.to

export class Ledger {
  readonly attempts: Attempt[] = []
  readonly writes: Write[] = []
  readonly slots: Slot[] = []
  /** While one stands open, the gateway is told nonsense by a subgraph, which it may tell as a fault of ours. */
  readonly nonsense: Window[] = []
  /** While one stands open, the gateway is killed, ending or not there yet: connections break. */
  readonly down: Window[] = []
  readonly violations: string[] = []
  readonly counts = new Map<string, number>()
  /** Of the schools of the whole province: ids and codes. */
  schools: ReadonlySet<string> = new Set()
  #settled = 0
  readonly #underWay = new Set<Attempt>()
  readonly #waiting = new Set<{ readonly at: number; readonly tell: () => void }>()

  begin(attempt: Attempt): void {
    this.#underWay.add(attempt)
  }

  /** Requests that have been under way at the door for so long, and that their clients wait for. */
  underWayAt(door: Door, milliseconds: number): Attempt[] {
    const before = performance.now() - milliseconds
    return [...this.#underWay].filter((attempt) => attempt.door === door && attempt.began < before)
  }

  settle(attempt: Attempt): void {
    this.#underWay.delete(attempt)
    this.attempts.push(attempt)
    this.#settled += 1
    this.count(attempt.status === 0 ? 'no answer' : (attempt.codes[0] ?? 'OK'))
    for (const waiting of this.#waiting) {
      if (waiting.at > this.#settled) continue
      this.#waiting.delete(waiting)
      waiting.tell()
    }
  }

  /** Resolves when so many more requests have ended, one way or another; an outage that stops them all has an end all the same. */
  async more(count: number, mostMs: number): Promise<void> {
    const late = new AbortController()
    const ended = new Promise<void>((tell) => this.#waiting.add({ at: this.#settled + count, tell }))
    await Promise.race([ended, sleep(mostMs, undefined, { signal: late.signal }).catch(() => undefined)])
    late.abort()
  }

  count(what: string, by = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by)
  }

  violated(what: string): void {
    this.count('violations')
    if (this.violations.length < MOST_TOLD) this.violations.push(what)
  }

  /** Whether the gateway may have been told nonsense while the request was under way. */
  mayBeNonsense(attempt: Attempt): boolean {
    return this.nonsense.some((window) => meets(window, attempt))
  }

  /** Whether it may have been lost with its gateway. */
  mayBeLost(attempt: Attempt): boolean {
    return attempt.left || this.down.some((window) => meets(window, attempt))
  }
}
