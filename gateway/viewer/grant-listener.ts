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

/**
 * Listening proves itself by a pulse: the listener notifies itself and must hear it. A connection that a firewall forgot, or one
 * through a pooler that cannot carry `listen`, looks alive and tells nothing; without the pulse a revoked application would be let in
 * for as long as that lasts.
 */
export class GrantListener {
  readonly #options: Required<GrantListenerOptions>
  readonly #pulseChannel = `lt_pulse_${randomUUID().replaceAll('-', '')}`
  #client: Client | undefined
  #attempt = 0
  #up = false
  #closed = false
  #timer: NodeJS.Timeout | undefined
  #pulse: NodeJS.Timeout | undefined
  /** Who waits for a beat of their own, by what it carries. */
  readonly #waiting = new Map<string, () => void>()

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
   * Notices come in the order of their commits (PostgreSQL, NOTIFY), so a beat sent now arrives after all of them.
   */
  async caughtUp(): Promise<void> {
    const client = this.#client
    if (!this.#up || !client) return
    const beat = randomUUID()
    const fall = (error: Error): void => {
      if (this.#client === client) this.#fall(error)
    }
    await new Promise<void>((resolve) => {
      const late = setTimeout(() => fall(new Error('no beat on the grant connection')), this.#options.pulseWithinMs).unref()
      this.#waiting.set(beat, () => {
        clearTimeout(late)
        this.#waiting.delete(beat)
        resolve()
      })
      client.query(`notify ${this.#pulseChannel}, '${beat}'`).catch(fall)
    })
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
    const fail = (error?: Error): void => {
      if (this.#client === client) this.#fall(error)
    }
    client.on('error', fail)
    client.on('end', () => fail())
    client.on('notification', ({ channel, payload }) => {
      if (this.#client !== client) return
      if (channel === 'lt_grants') onChange(payload ?? '*')
      else if (payload) this.#waiting.get(payload)?.()
      else this.#heard()
    })
    try {
      await client.connect()
      await client.query(`listen lt_grants; listen ${this.#pulseChannel}`)
      this.#sendPulse(client)
    } catch (error) {
      fail(error as Error)
    }
  }

  #sendPulse(client: Client): void {
    if (this.#client !== client) return
    this.#pulse = setTimeout(() => this.#fall(new Error('no pulse on the grant connection')), this.#options.pulseWithinMs).unref()
    client.query(`notify ${this.#pulseChannel}`).catch((error: Error) => {
      if (this.#client === client) this.#fall(error)
    })
  }

  #heard(): void {
    clearTimeout(this.#pulse)
    const client = this.#client
    if (!client || this.#closed) return
    if (!this.#up) this.#options.log.info('grant connection up: grants are remembered until the database tells of a change')
    this.#up = true
    this.#attempt = 0
    this.#timer = setTimeout(() => this.#sendPulse(client), this.#options.pulseEveryMs).unref()
  }

  #fall(error: Error | undefined): void {
    const { log, onDown, backoff } = this.#options
    const client = this.#client
    this.#client = undefined
    clearTimeout(this.#pulse)
    clearTimeout(this.#timer)
    if (client) void client.end().catch(() => undefined)
    if (this.#up && !this.#closed)
      log.warn({ fault: error && describeFault(error) }, 'grant connection lost: grants are read for every request')
    this.#up = false
    onDown()
    for (const resolve of this.#waiting.values()) resolve()
    if (!this.#closed) this.#timer = setTimeout(() => void this.#connect(), backoff(this.#attempt++)).unref()
  }
}
