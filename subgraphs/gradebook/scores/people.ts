// Finding pupils and teachers of a batch by whichever of id, code or the caller's own id it names them.

export interface PersonRef {
  readonly id?: string | null
  readonly code?: string | null
  readonly externalId?: string | null
}

export interface KnownPerson {
  readonly id: string
  readonly code: string
  /** The calling application's own id; null where it has none. */
  readonly externalId: string | null
}

const KEYS = ['id', 'code', 'externalId'] as const
type RefKey = (typeof KEYS)[number]

/** The one key that is given, or null: none or several name nobody. */
function chosenKey(ref: PersonRef): RefKey | null {
  const given = KEYS.filter((key) => ref[key] !== null && ref[key] !== undefined)
  return given.length === 1 ? given[0]! : null
}

/** The reference in one word, as the caller wrote it. */
export function wordOf(ref: PersonRef): string | null {
  const key = chosenKey(ref)
  return key && (ref[key] ?? null)
}

export class People<P extends KnownPerson> {
  readonly #by: Record<RefKey, ReadonlyMap<string, P>>

  constructor(people: readonly P[]) {
    const known = people.filter(({ externalId }) => externalId !== null)
    this.#by = {
      id: new Map(people.map((person) => [person.id, person])),
      code: new Map(people.map((person) => [person.code, person])),
      externalId: new Map(known.map((person) => [person.externalId!, person])),
    }
  }

  /** Undefined when the reference itself is not one; null when nobody here answers to it. */
  find(ref: PersonRef): P | null | undefined {
    const key = chosenKey(ref)
    if (key === null) return undefined
    const word = ref[key]!
    return this.#by[key].get(key === 'id' ? word.toLowerCase() : word) ?? null
  }
}

/** All words of one key among the references, each once: what a query asks for. */
export function wordsOf(refs: readonly PersonRef[], key: RefKey): string[] {
  const words = new Set<string>()
  for (const ref of refs) if (chosenKey(ref) === key) words.add(ref[key]!)
  return [...words]
}
