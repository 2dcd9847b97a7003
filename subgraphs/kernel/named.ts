// The references of a batch: each names its record by id, code or the caller's own id, and is looked up in what one query found.
import { isUuid } from './database.ts'
import { isStorable } from './text.ts'

export interface Reference {
  readonly id?: string | null
  readonly code?: string | null
  readonly externalId?: string | null
}

/** A record that a batch may name. */
export interface Known {
  readonly id: string
  readonly code: string
  /** The calling application's own id; null where it has none. */
  readonly externalId: string | null
}

const KEYS = ['id', 'code', 'externalId'] as const
type Key = (typeof KEYS)[number]

/** The one key that is given, with its word in the form it is stored in; null: none or several name nothing. */
export function chosenWord(ref: Reference): readonly [Key, string] | null {
  const given = KEYS.filter((key) => ref[key] !== null && ref[key] !== undefined)
  const [key] = given
  if (given.length !== 1 || !key) return null
  return [key, key === 'id' ? ref[key]!.toLowerCase() : ref[key]!]
}

/** The reference in one word, as the caller wrote it. */
export function wordOf(ref: Reference): string | null {
  const chosen = chosenWord(ref)
  return chosen && (ref[chosen[0]] ?? null)
}

/** All words of each key, each once and only such as the database can be asked for. */
export function wordsOf(refs: readonly Reference[]): Record<Key, string[]> {
  const words = { id: new Set<string>(), code: new Set<string>(), externalId: new Set<string>() }
  for (const ref of refs) {
    const chosen = chosenWord(ref)
    if (chosen && (chosen[0] === 'id' ? isUuid(chosen[1]) : isStorable(chosen[1]))) words[chosen[0]].add(chosen[1])
  }
  return { id: [...words.id], code: [...words.code], externalId: [...words.externalId] }
}

/** A former name of a record: who uses it means the record. */
export interface FormerName {
  /** The record that lives. */
  readonly id: string
  readonly formerId: string | null
  readonly formerCode: string | null
}

/** Who answers to which reference. What a record is called now goes before what another was called once. */
export class Named<T extends Reference> {
  readonly #by: Record<Key, Map<string, T>> = { id: new Map(), code: new Map(), externalId: new Map() }

  readonly #all: readonly T[]

  constructor(known: readonly T[], former: readonly FormerName[] = []) {
    this.#all = known
    const byId = new Map(known.map((one) => [one.id, one]))
    for (const { id, formerId, formerCode } of former) {
      const one = byId.get(id)
      if (one && formerId !== null) this.#by.id.set(formerId, one)
      if (one && formerCode !== null) this.#by.code.set(formerCode, one)
    }
    for (const one of known)
      for (const key of KEYS) {
        const word = one[key]
        if (word !== null && word !== undefined) this.#by[key].set(word, one)
      }
  }

  all(): T[] {
    return [...this.#all]
  }

  /** Undefined when the reference itself is not one; null when nobody here answers to it. */
  find(ref: Reference): T | null | undefined {
    const chosen = chosenWord(ref)
    return chosen ? (this.#by[chosen[0]].get(chosen[1]) ?? null) : undefined
  }
}
