// The wire between a service and PostgreSQL, and what can happen to one: cut, hung, slow, crumbling, closed on one side.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'

interface Pair {
  readonly near: Socket
  readonly far: Socket
  /** By what it told PostgreSQL at its beginning: the connection on which a gateway hears of changed grants. */
  listens: boolean
}

const LISTENING = 'lienthong gateway grants'

/** Single bytes at the beginning of a piece, where messages and their lengths begin; the rest in bits of a few hundred. */
const CRUMBS = 48
const BIT = 400

export class Wire {
  readonly #server = createServer({ allowHalfOpen: true, noDelay: true })
  readonly #pairs = new Set<Pair>()
  readonly #socketPath: () => string
  #isCut = false
  #hung: PromiseWithResolvers<void> | undefined
  #hangsListening = false
  #delayMs = 0
  #crumbles = false

  private constructor(socketPath: () => string) {
    this.#socketPath = socketPath
    this.#server.on('connection', (near) => this.#join(near))
  }

  /** `socketPath` is asked for at each connection: a server that was started again may listen elsewhere. */
  static async lay(socketPath: () => string): Promise<Wire> {
    const wire = new Wire(socketPath)
    wire.#server.listen(0, '127.0.0.1')
    await once(wire.#server, 'listening')
    return wire
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get connections(): number {
    return this.#pairs.size
  }

  /** Every connection breaks, and each new one at once. */
  cut(): void {
    this.#isCut = true
    this.breakAll()
  }

  breakAll(): void {
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy()
      far.destroy()
    }
  }

  /** Connections stay and new ones are taken, and nothing travels. What was sent meanwhile arrives when it is mended. */
  hang(): void {
    this.#hung ??= Promise.withResolvers<void>()
  }

  /** The connection that tells of changed grants says nothing any more, and the others are well. */
  hangListening(): void {
    this.#hangsListening = true
    this.hang()
  }

  slow(milliseconds: number): void {
    this.#delayMs = milliseconds
  }

  crumble(): void {
    this.#crumbles = true
  }

  /** The server is told that the service has ended, or the service that the server has; the other direction stays open. */
  halfClose(side: 'service' | 'server'): void {
    for (const { near, far } of this.#pairs) (side === 'service' ? near : far).end()
  }

  mend(): void {
    this.#isCut = false
    this.#delayMs = 0
    this.#crumbles = false
    this.#hangsListening = false
    this.#hung?.resolve()
    this.#hung = undefined
  }

  async close(): Promise<void> {
    this.mend()
    this.breakAll()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(near: Socket): void {
    if (this.#isCut) {
      near.on('error', () => undefined)
      near.resetAndDestroy()
      return
    }
    const far = connect({ path: this.#socketPath(), allowHalfOpen: true })
    const pair: Pair = { near, far, listens: false }
    this.#pairs.add(pair)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => to.destroy())
      from.once('close', () => {
        this.#pairs.delete(pair)
        to.destroy()
      })
      void this.#carry(from, to, pair).catch(() => {
        from.destroy()
        to.destroy()
      })
    }
  }

  async #carry(from: Socket, to: Socket, pair: Pair): Promise<void> {
    for await (const piece of from as AsyncIterable<Buffer>) {
      if (from === pair.near) pair.listens ||= piece.includes(LISTENING)
      if (pair.listens || !this.#hangsListening) await this.#hung?.promise
      if (this.#delayMs > 0) await sleep(this.#delayMs)
      for (const part of this.#crumbles ? crumbsOf(piece) : [piece]) {
        // Its other direction may be closed already; what comes then has nowhere to go.
        if (to.writableEnded || to.destroyed) break
        if (!to.write(part)) await Promise.race([once(to, 'drain'), once(to, 'close')])
        if (this.#crumbles) await turn()
      }
    }
    to.end()
  }
}

function* crumbsOf(piece: Buffer): Generator<Buffer> {
  let at = 0
  for (; at < Math.min(CRUMBS, piece.length); at += 1) yield piece.subarray(at, at + 1)
  for (; at < piece.length; at += BIT) yield piece.subarray(at, at + BIT)
}
