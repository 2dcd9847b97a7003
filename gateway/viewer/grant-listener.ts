// The connection on which the database tells that grants have changed, and whether it can be relied upon just now.
import { randomUUID } from 'node:crypto'
import { Client, type Pool } from 'pg'
import type { Logger } from 'pino'
import { describeFault } from '../../subgraphs/kernel/masking.ts'
import type { Backoff } from '../backoff.ts'

export interface GrantListenerOptions {
  readonly pool: Pool
  readonly backoff: Backoff
  readonly log: Logger
  /** The client, `account:` or `token:` whose rights have changed, or `*` for all. */
  readonly onChange: (name: string) => void
  /** From now on changes may be missed. */
  readonly onDown: () => void
  readonly pulseEveryMs?: number
  readonly pulseWithinMs?: number
}

/** One notice of the listener to itself. */
interface Beat {
  readonly name: string
  /** Who is told when it is heard. */
  readonly waiting: (() => void)[]
  /** Runs from the moment somebody first wanted it. */
  readonly late: NodeJS.Timeout
  heard: boolean
  answered: boolean
}

/**
 * Listening proves itself by a beat: the listener notifies itself and must hear it. A connection that a firewall forgot, or one
 * through a pooler that cannot carry `listen`, looks alive and tells nothing; without beats a revoked application would be let in
 * for as long as that lasts. One goes out whenever somebody wants to be told that all is known, and every few seconds at least.
 */
export class GrantListener {
  readonly #options: Required<GrantListenerOptions>
  readonly #beatChannel = `lt_pulse_${randomUUID().replaceAll('-', '')}`
  #client: Client | undefined
  #attempt = 0
  #up = false
  #closed = false
  #timer: NodeJS.Timeout | undefined
  /** Counted on over reconnections: what an earlier connection still sent proves nothing about this one. */
  #beats = 0
  /** On its way: the connection is asked one thing at a time. */
  #beat: Beat | undefined
  /** Goes out when that one is back, for all who have come since it went. */
  #next: Beat | undefined

  constructor(options: GrantListenerOptions) {
    this.#options = { pulseEveryMs: 5_000, pulseWithinMs: 2_000, ...options }
  }

  get up(): boolean {
    return this.#up
  }

  start(): void {
    void this.#connect()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#fall(undefined)
    clearTimeout(this.#timer)
  }

  /**
   * Resolves when every change committed before the call has been told here, or when nothing that was told is relied upon any more.
   * Notices come in the order of their commits (PostgreSQL, NOTIFY), so a beat sent from now on arrives after all of them. One that
   * is on its way already may have overtaken the change: whoever comes meanwhile shares the next, however many they are.
   */
  async caughtUp(): Promise<void> {
    if (!this.#up) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wanted().waiting.push(resolve)
    this.#sendNext()
    await promise
  }

  async #connect(): Promise<void> {
    if (this.#closed) return
    const { pool, onChange } = this.#options
    // Beside the pool and not out of it: a pool of few connections must not lose one for good.
    const client = new Client({
      ...pool.options,
      password: pool.options.password,
      connectionTimeoutMillis: 3_000,
      keepAlive: true,
      application_name: 'lienthong gateway grants',
    })
    this.#client = client
    const fail = (error?: Error): void => this.#failed(client, error)
    client.on('error', fail)
    client.on('end', () => fail())
    client.on('notification', ({ channel, payload }) => {
      if (this.#client !== client) return
      if (channel === 'lt_grants') onChange(payload ?? '*')
      else this.#heard(payload)
    })
    try {
      await client.connect()
      await client.query(`listen lt_grants; listen ${this.#beatChannel}`)
      if (this.#client === client) this.#pulse()
    } catch (error) {
      fail(error as Error)
    }
  }

  #pulse(): void {
    this.#wanted()
    this.#sendNext()
  }

  #wanted(): Beat {
    return (this.#next ??= {
      name: String(++this.#beats),
      waiting: [],
      late: setTimeout(() => this.#fall(new Error('no beat on the grant connection')), this.#options.pulseWithinMs).unref(),
      heard: false,
      answered: false,
    })
  }

  #sendNext(): void {
    const client = this.#client
    const beat = this.#next
    if (!client || !beat || this.#beat) return
    clearTimeout(this.#timer)
    this.#next = undefined
    this.#beat = beat
    client.query(`notify ${this.#beatChannel}, '${beat.name}'`).then(
      () => {
        beat.answered = true
        this.#settle(beat)
      },
      (error: Error) => this.#failed(client, error),
    )
  }

  #heard(name: string | undefined): void {
    const beat = this.#beat
    if (!beat || beat.name !== name || this.#closed) return
    if (!this.#up) this.#options.log.info('grant connection up: grants are remembered until the database tells of a change')
    this.#up = true
    this.#attempt = 0
    beat.heard = true
    for (const resolve of beat.waiting) resolve()
    this.#settle(beat)
  }

  /** Heard, and the statement that sent it has ended: the connection is free. */
  #settle(beat: Beat): void {
    if (this.#beat !== beat || !beat.heard || !beat.answered) return
    clearTimeout(beat.late)
    this.#beat = undefined
    if (this.#next) this.#sendNext()
    else this.#timer = setTimeout(() => this.#pulse(), this.#options.pulseEveryMs).unref()
  }

  #failed(client: Client, error: Error | undefined): void {
    if (this.#client === client) this.#fall(error)
  }

  #fall(error: Error | undefined): void {
    const { log, onDown, backoff } = this.#options
    const client = this.#client
    const beats = [this.#beat, this.#next]
    this.#client = this.#beat = this.#next = undefined
    clearTimeout(this.#timer)
    if (client) void client.end().catch(() => undefined)
    if (this.#up && !this.#closed)
      log.warn({ fault: error && describeFault(error) }, 'grant connection lost: grants are read for every request')
    this.#up = false
    onDown()
    for (const beat of beats) {
      clearTimeout(beat?.late)
      for (const resolve of beat?.waiting ?? []) resolve()
    }
    if (!this.#closed) this.#timer = setTimeout(() => void this.#connect(), backoff(this.#attempt++)).unref()
  }
}
