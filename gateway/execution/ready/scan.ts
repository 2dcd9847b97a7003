// Goes through the bytes of an answer along what was asked, and finds out whether they may be handed on as they are.
//
// They may if JSON.parse, shaping and JSON.stringify would give the same bytes: the fields that were asked for and no others, in their
// order, each what the contract lets it be, written as JSON.stringify writes. The first byte that is not as expected ends it.
import { isUtf8 } from 'node:buffer'
import { Opened, type Held, type HeldField, type Objects } from './held.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const LIST = 0x5b
const LIST_END = 0x5d
const OBJECT = 0x7b
const OBJECT_END = 0x7d
const N = 0x6e
const T = 0x74
const F = 0x66

/** Not as expected. */
export const ODD = -1

/** A number of as many digits is written as it was read. */
const MOST_DIGITS = 15
/** Below 1e-6 JSON.stringify writes an exponent. */
const MOST_PLACES = 6

/** The escapes that JSON.stringify writes, but for control characters and lone surrogates, which are rare enough to be odd. */
const ESCAPED = new Uint8Array(256)
for (const each of '"\\bfnrt') ESCAPED[each.charCodeAt(0)] = 1

const DATA = Buffer.from('{"data":')
const ENTITIES = Buffer.from('{"data":{"_entities":[')
const TRUE = Buffer.from('true')
const FALSE = Buffer.from('false')
const NULL = Buffer.from('null')

export class Scan {
  readonly bytes: Buffer
  readonly #counts: Int32Array
  /** The records of the value that was gone through last, where they are kept. */
  #objects: Objects = null

  constructor(bytes: Buffer, counts: Int32Array) {
    this.bytes = bytes
    this.#counts = counts
  }

  /** After `{"data":`, or after `{"data":{"_entities":[`. Elsewhere nobody reads text that is no UTF-8. */
  begin(ofEntities: boolean): number {
    return isUtf8(this.bytes) ? this.#literal(ofEntities ? ENTITIES : DATA, 0) : ODD
  }

  /** An object that is opened, and where it ends. */
  opened(held: Held, at: number): { readonly record: Opened; readonly at: number } | undefined {
    const end = this.#object(held, at)
    return end === ODD ? undefined : { record: this.#objects as Opened, at: end }
  }

  /** `null`, and where it ends. */
  absent(at: number): number {
    return this.#literal(NULL, at)
  }

  byte(at: number): number {
    return this.bytes[at] ?? ODD
  }

  /** What is beside `data`; nothing where that is odd. */
  extensions(at: number): { readonly extensions: unknown } | undefined {
    // Behind a field of ours: what may follow one, spaces and commas, JSON says, and `data` again is a field too many.
    const rest = this.bytes.toString('utf8', at)
    if (rest === '}') return { extensions: undefined }
    try {
      const { '': _, extensions, ...others } = JSON.parse(`{"":null${rest}`) as Record<string, unknown>
      return Object.keys(others).length === 0 ? { extensions } : undefined
    } catch {
      return undefined
    }
  }

  #object(held: Held, from: number): number {
    const { bytes } = this
    if (bytes[from] !== OBJECT) return ODD
    const { fields } = held
    const record = held.opened ? new Opened(bytes) : null
    let at = from + 1
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index]!
      if (index > 0 && bytes[at++] !== COMMA) return ODD
      if (record !== null && field.keepsRun) record.ranges.push(at)
      at = this.#literal(field.key, at)
      if (at === ODD) return ODD
      if (record !== null && field.keepsValue) record.ranges.push(at)
      at = this.#value(field, at)
      if (at === ODD) return ODD
      if (record === null) continue
      if (field.keepsEnd) record.ranges.push(at)
      if (field.keepsObjects) record.objects.push(this.#objects)
    }
    this.#objects = record
    return bytes[at] === OBJECT_END ? at + 1 : ODD
  }

  #value(field: HeldField, at: number): number {
    const { bytes } = this
    if (bytes[at] === N) {
      this.#objects = null
      return field.nullable ? this.#literal(NULL, at) : ODD
    }
    if (!field.isList) return this.#single(field, at)
    if (bytes[at] !== LIST) return ODD
    const kept: (Opened | null)[] | null = field.keepsObjects ? [] : null
    let next = at + 1
    if (bytes[next] === LIST_END) {
      this.#objects = kept
      return next + 1
    }
    for (;;) {
      if (bytes[next] === N) {
        if (!field.itemNullable) return ODD
        next = this.#literal(NULL, next)
        if (next === ODD) return ODD
        kept?.push(null)
      } else {
        next = this.#single(field, next)
        if (next === ODD) return ODD
        kept?.push(this.#objects as Opened)
      }
      const after = bytes[next++]
      if (after === COMMA) continue
      if (after !== LIST_END) return ODD
      this.#objects = kept
      return next
    }
  }

  #single(field: HeldField, at: number): number {
    this.#counts[field.counter]!++
    if (field.of !== undefined) return this.#object(field.of, at)
    const { bytes } = this
    if (field.texts !== undefined) return this.#oneOf(field.texts, at)
    switch (field.leaf) {
      case 'STRING':
        return bytes[at] === QUOTE ? this.#text(at) : ODD
      case 'ID':
        return bytes[at] === QUOTE ? this.#text(at) : this.#number(at, false)
      case 'INT':
        return this.#number(at, false)
      case 'FLOAT':
        return this.#number(at, true)
      case 'BOOLEAN':
        return this.#truth(at)
      default:
        // What may be anything may be an object, too, and that is odd.
        if (bytes[at] === QUOTE) return this.#text(at)
        return bytes[at] === T || bytes[at] === F ? this.#truth(at) : this.#number(at, true)
    }
  }

  #text(from: number): number {
    const { bytes } = this
    const { length } = bytes
    for (let at = from + 1; at < length; at++) {
      const byte = bytes[at]!
      if (byte === QUOTE) return at + 1
      if (byte < 0x20) return ODD
      if (byte === BACKSLASH && ESCAPED[bytes[++at]!] !== 1) return ODD
    }
    return ODD
  }

  #oneOf(texts: ReadonlyMap<number, readonly Buffer[]>, from: number): number {
    const end = this.#text(from)
    if (end === ODD) return ODD
    for (const text of texts.get(end - from) ?? []) if (this.#literal(text, from) !== ODD) return end
    return ODD
  }

  #number(from: number, mayHavePlaces: boolean): number {
    const { bytes } = this
    let at = bytes[from] === MINUS ? from + 1 : from
    const first = at
    while (isDigit(bytes[at])) at++
    const whole = at - first
    if (whole === 0 || whole > MOST_DIGITS || (whole > 1 && bytes[first] === ZERO)) return ODD
    if (bytes[at] !== POINT || !mayHavePlaces) {
      // 0 is written without its sign.
      if (whole === 1 && bytes[first] === ZERO && first > from) return ODD
      return isPartOfNumber(bytes[at]) ? ODD : at
    }
    const point = at++
    while (isDigit(bytes[at])) at++
    const places = at - point - 1
    if (places === 0 || places > MOST_PLACES || whole + places > MOST_DIGITS || bytes[at - 1] === ZERO) return ODD
    return isPartOfNumber(bytes[at]) ? ODD : at
  }

  #truth(at: number): number {
    return this.#literal(this.bytes[at] === T ? TRUE : FALSE, at)
  }

  #literal(text: Uint8Array, at: number): number {
    const { bytes } = this
    const { length } = text
    for (let index = 0; index < length; index++) if (bytes[at + index] !== text[index]) return ODD
    return at + length
  }
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= NINE

/** `.`, `e`, `E`: the number goes on in a way that is not ours. */
const isPartOfNumber = (byte: number | undefined): boolean => byte === POINT || byte === 0x65 || byte === 0x45
