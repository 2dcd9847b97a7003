// What the subgraphs have been asked on the way over bytes: their answers are told once more to the way of objects.
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
  /** From the moment in which it is asked: whoever takes one that is under way waits for it. */
  readonly #asked = new Map<FetchNode, Promise<Settled>>()
  #settled = 0
  #waiting: { readonly settled: Settled; readonly resolve: () => void }[] = []

  /** Keeps it, whatever becomes of it. */
  async keep(node: FetchNode, answering: Promise<BytesAnswer>): Promise<BytesAnswer> {
    const settle = (tell: Settled['tell']): Settled => ({ rank: this.#settled++, tell })
    const settling = answering.then(
      (answer) => settle(() => answer),
      (error: unknown) =>
        settle(() => {
          throw error
        }),
    )
    this.#asked.set(node, settling)
    return (await settling).tell()
  }

  /** Once for each; nothing for a fetch that was not asked. */
  take(node: FetchNode): Promise<BytesAnswer> | undefined {
    const settling = this.#asked.get(node)
    this.#asked.delete(node)
    return settling && this.#inTurn(settling)
  }

  async #inTurn(settling: Promise<Settled>): Promise<BytesAnswer> {
    const settled = await settling
    await new Promise<void>((resolve) => {
      if (this.#waiting.push({ settled, resolve }) === 1) setImmediate(() => this.#next())
    })
    return settled.tell()
  }

  #next(): void {
    const first = this.#waiting.reduce((a, b) => (b.settled.rank < a.settled.rank ? b : a))
    this.#waiting = this.#waiting.filter((each) => each !== first)
    if (this.#waiting.length > 0) setImmediate(() => this.#next())
    first.resolve()
  }
}
