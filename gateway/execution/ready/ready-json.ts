// The data of an answer as bytes, made of those of the subgraphs: nothing of it was an object on the way.
import type { CountedFields } from './assemble.ts'
import { Writer } from './write.ts'

const OPENING = '{"data":'

export class ReadyJson {
  /** How many values it holds, by the fields that were asked for. */
  readonly fields: CountedFields
  readonly #counts: Int32Array
  readonly #writer: Writer
  readonly #end: number

  /** `write` writes the data, no more. */
  constructor(fields: CountedFields, counts: Int32Array, expected: number, write: (writer: Writer) => void) {
    this.fields = fields
    this.#counts = counts
    this.#writer = new Writer(expected)
    this.#writer.text(OPENING)
    write(this.#writer)
    this.#end = this.#writer.written().length
  }

  readonly countOf = (counter: number): number => this.#counts[counter] ?? 0

  /** The body of an answer: the data, and extensions where there are any. Called once. */
  answer(extensions: unknown): Buffer {
    this.#writer.text(extensions === undefined ? '}' : `,"extensions":${JSON.stringify(extensions)}}`)
    return this.#writer.written()
  }

  /** For whoever wants objects after all. */
  toJSON(): unknown {
    return JSON.parse(this.#writer.written().toString('utf8', OPENING.length, this.#end))
  }
}
