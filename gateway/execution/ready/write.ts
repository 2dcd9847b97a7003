// The answer, written: texts that every answer of an operation has, and between them pieces of what the subgraphs have sent.
import { Opened, partOf, type HeldField, type Objects } from './held.ts'

export interface WriteObject {
  readonly parts: readonly WritePart[]
}

interface WritePart {
  /** Before it. */
  readonly text: Buffer
  readonly join: number
  /** From the name of this field … */
  readonly from: HeldField | undefined
  /** … to the end of the value of this one; or, where `of` is there, its objects. */
  readonly to: HeldField | undefined
  readonly of: WriteObject | undefined
  /** Where the part of the object is missing. */
  readonly none: Buffer
}

const NOTHING = Buffer.alloc(0)
const NULL = Buffer.from('null')

export class TextBuilder {
  readonly #parts: WritePart[] = []
  #text = ''

  add(text: string): void {
    this.#text += text
  }

  bytes(join: number, from: HeldField, to: HeldField, none: string): void {
    this.#push({ join, from, to, of: undefined, none: Buffer.from(none) })
  }

  objects(join: number, field: HeldField, of: WriteObject): void {
    this.#push({ join, from: undefined, to: field, of, none: NULL })
  }

  end(): WriteObject {
    this.#push({ join: 0, from: undefined, to: undefined, of: undefined, none: NOTHING })
    return { parts: this.#parts }
  }

  #push(part: Omit<WritePart, 'text'>): void {
    this.#parts.push({ text: Buffer.from(this.#text), ...part })
    this.#text = ''
  }
}

/** Shorter than this, a loop is faster than a call out of JavaScript. */
const SHORT = 48
const COMMA = 0x2c
const LIST = 0x5b
const LIST_END = 0x5d

/** Bytes that grow. */
export class Writer {
  #bytes: Buffer
  #at = 0

  constructor(expected: number) {
    this.#bytes = Buffer.allocUnsafe(expected)
  }

  object({ parts }: WriteObject, record: Opened): void {
    for (const { text, join, from, to, of, none } of parts) {
      this.copy(text, 0, text.length)
      if (!to) continue
      const part = partOf(record, join)
      if (!part) this.copy(none, 0, none.length)
      else if (of) this.#objects(of, part.objects[to.objectsAt]!)
      else this.copy(part.bytes, part.ranges[from!.runAt]!, part.ranges[to.endAt]!)
    }
  }

  text(text: string): void {
    const bytes = Buffer.from(text)
    this.copy(bytes, 0, bytes.length)
  }

  copy(from: Buffer, start: number, end: number): void {
    const length = end - start
    const at = this.#room(length)
    const bytes = this.#bytes
    if (length < SHORT) for (let index = 0; index < length; index++) bytes[at + index] = from[start + index]!
    else from.copy(bytes, at, start, end)
  }

  written(): Buffer {
    return this.#bytes.subarray(0, this.#at)
  }

  #objects(of: WriteObject, objects: Objects): void {
    if (objects === null) this.copy(NULL, 0, NULL.length)
    else if (objects instanceof Opened) this.object(of, objects)
    else {
      this.#byte(LIST)
      for (let index = 0; index < objects.length; index++) {
        if (index > 0) this.#byte(COMMA)
        this.#objects(of, objects[index]!)
      }
      this.#byte(LIST_END)
    }
  }

  #byte(byte: number): void {
    // In this order: there may be other bytes to write to once there is room.
    const at = this.#room(1)
    this.#bytes[at] = byte
  }

  /** Where so many may be written. */
  #room(length: number): number {
    const at = this.#at
    this.#at = at + length
    if (this.#at > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#at, this.#bytes.length * 2))
      this.#bytes.copy(larger, 0, 0, at)
      this.#bytes = larger
    }
    return at
  }
}
