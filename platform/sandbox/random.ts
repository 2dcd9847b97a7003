// Reproducible chance: seeded random streams and UUIDv7-shaped ids, so that one seed gives one province on every machine.

/** Four 32-bit words from a text, well mixed: neighbouring seeds must not give neighbouring streams. */
function mix(text: string): [number, number, number, number] {
  let a = 1779033703
  let b = 3144134277
  let c = 1013904242
  let d = 2773480762
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i)
    a = b ^ Math.imul(a ^ k, 597399067)
    b = c ^ Math.imul(b ^ k, 2869860233)
    c = d ^ Math.imul(c ^ k, 951274213)
    d = a ^ Math.imul(d ^ k, 2716044179)
  }
  return [a, b, c, d]
}

/** One stream of chance (sfc32). Each part of the province draws from its own, so that a change in one part leaves the others as they were. */
export class Random {
  #a: number
  #b: number
  #c: number
  #d: number

  constructor(seed: string, stream: string) {
    ;[this.#a, this.#b, this.#c, this.#d] = mix(`${stream}\u0000${seed}`)
    for (let i = 0; i < 12; i++) this.word()
  }

  /** 32 random bits, unsigned. */
  word(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0
    this.#d = (this.#d + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0
    return t >>> 0
  }

  /** A number in [0, 1). */
  unit(): number {
    return this.word() / 4294967296
  }

  /** A whole number in [low, high], both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.unit() < probability
  }

  pick<T>(list: readonly T[]): T {
    const item = list[Math.floor(this.unit() * list.length)]
    if (item === undefined) throw new Error('cannot pick from an empty list')
    return item
  }

  /** Near-normal noise, mean 0 and standard deviation 1: the sum of four uniform draws, so it never strays beyond ±3.5. */
  noise(): number {
    return (this.unit() + this.unit() + this.unit() + this.unit() - 2) * 1.7320508
  }

  shuffle<T>(list: T[]): T[] {
    for (let i = list.length - 1; i > 0; i--) {
      const j = Math.floor(this.unit() * (i + 1))
      const held = list[i] as T
      list[i] = list[j] as T
      list[j] = held
    }
    return list
  }
}

/** Fixed birth of every sandbox id: real time in an id would make two runs differ. */
const ID_EPOCH_MS = Date.UTC(2026, 7, 1)
const HEX = Buffer.from('0123456789abcdef', 'latin1')
/** Where the 16 hex digits of variant and chance stand in a written UUID. */
const RANDOM_PLACES = [19, 20, 21, 22, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35]

/**
 * Makes UUIDv7 ids (RFC 9562) that rise with every call: 48 bits of time, 12 bits of counter, 62 random bits.
 * They are written into one buffer: 130,000 ids glued from pieces would cost the collector more than all the marks.
 */
export class IdMint {
  #count = 0
  readonly #text = Buffer.from('00000000-0000-7000-8000-000000000000', 'latin1')
  readonly #random: Random

  constructor(seed: string) {
    this.#random = new Random(seed, 'ids')
  }

  next(): string {
    const text = this.#text
    const serial = this.#count & 0xfff
    if (serial === 0) {
      const time = (ID_EPOCH_MS + (this.#count >>> 12)).toString(16).padStart(12, '0')
      text.write(`${time.slice(0, 8)}-${time.slice(8)}`, 'latin1')
    }
    this.#count++
    text[15] = HEX[serial >>> 8] as number
    text[16] = HEX[(serial >>> 4) & 15] as number
    text[17] = HEX[serial & 15] as number
    let bits = this.#random.word()
    for (let i = 0; i < 16; i++) {
      if (i === 8) bits = this.#random.word()
      const nibble = bits & 15
      text[RANDOM_PLACES[i] as number] = HEX[i === 0 ? 8 | (nibble & 3) : nibble] as number
      bits >>>= 4
    }
    return text.toString('latin1')
  }
}
