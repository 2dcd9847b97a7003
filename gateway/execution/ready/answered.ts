// What the subgraphs have answered on the way over bytes, told once more to the way of objects.
import type { FetchNode } from '@apollo/query-planner'
import type { BytesAnswer } from './bytes-source.ts'

interface Settled {
  /** How many had come before it. */
  readonly rank: number
  /** Throws where there is no answer. */
  readonly tell: () => BytesAnswer
}

/**
 * One at a time and in the order in which they came: errors of fetches that run side by side stand in the answer in that order, and two
 * that were told in one breath would change places.
 */
export class Answered {
  readonly #settled = new Map<FetchNode, Settled>()
  #waiting: { readonly settled: Settled; readonly resolve: (settled: Settled) => void }[] = []

  /** Keeps it, whatever becomes of it. */
  async keep(node: FetchNode, answering: Promise<BytesAnswer>): Promise<BytesAnswer> {
    try {
      const answer = await answering
      this.#settle(node, () => answer)
      return answer
    } catch (error) {
      this.#settle(node, () => {
        throw error
      })
      throw error
    }
  }

  /** Once for each; nothing for a fetch that was not asked. */
  take(node: FetchNode): Promise<BytesAnswer> | undefined {
    const settled = this.#settled.get(node)
    if (!settled) return undefined
    this.#settled.delete(node)
    return new Promise<Settled>((resolve) => {
      if (this.#waiting.push({ settled, resolve }) === 1) setImmediate(() => this.#next())
    }).then(({ tell }) => tell())
  }

  #settle(node: FetchNode, tell: Settled['tell']): void {
    this.#settled.set(node, { rank: this.#settled.size, tell })
  }

  #next(): void {
    const first = this.#waiting.reduce((a, b) => (b.settled.rank < a.settled.rank ? b : a))
    this.#waiting = this.#waiting.filter((each) => each !== first)
    if (this.#waiting.length > 0) setImmediate(() => this.#next())
    first.resolve(first.settled)
  }
}
