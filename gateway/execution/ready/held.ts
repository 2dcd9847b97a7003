// What a fetch asks of one object, laid flat: the order in which its fields come, what each may be, and which places of the bytes to keep.
//
// The compiler fills in what is kept; scan.ts goes along it through the bytes. Nothing of an operation that ran is in it.

/** What the contract lets a leaf be. Of a field that the caller has not asked for, only that it is one value: ANY. */
export type LeafKind = 'ANY' | 'BOOLEAN' | 'ENUM' | 'FLOAT' | 'ID' | 'INT' | 'STRING'

export class HeldField {
  /** Response name. */
  readonly name: string
  /** As it stands in the bytes, with quotes and colon. */
  readonly key: Buffer
  readonly isList: boolean
  readonly of: Held | undefined

  // Until the answer asks for it, any value will do.
  nullable = true
  itemNullable = true
  leaf: LeafKind = 'ANY'
  /** For ENUM, and for a type's name: the texts it may be, with their quotes, by their length. */
  texts: ReadonlyMap<number, readonly Buffer[]> | undefined
  /** Which of the run's counters counts its values; 0 counts for nobody. */
  counter = 0

  keepsRun = false
  keepsValue = false
  keepsEnd = false
  /** Whether its objects are kept as records. */
  keepsObjects = false
  /** Where in the record these are found; set once everything is known that is kept. */
  runAt = -1
  valueAt = -1
  endAt = -1
  objectsAt = -1

  constructor(name: string, isList: boolean, of: Held | undefined) {
    this.name = name
    this.key = Buffer.from(`${JSON.stringify(name)}:`)
    this.isList = isList
    this.of = of
  }
}

export class Held {
  /** An object type. */
  readonly type: string
  readonly fields: readonly HeldField[]
  readonly byName: ReadonlyMap<string, HeldField>
  /** What other fetches add to the same objects. */
  readonly joined: Held[] = []
  opened = false
  /** Of one that is joined: a field of it may not be null in the answer, so it may not be missing. */
  needed = false

  constructor(type: string, fields: readonly HeldField[]) {
    this.type = type
    this.fields = fields
    this.byName = new Map(fields.map((field) => [field.name, field]))
  }

  /** Opens its objects, and fixes the places in their records: scan.ts pushes in this order. */
  number(): void {
    let ranges = 0
    let objects = 0
    for (const field of this.fields) {
      if (field.keepsRun) field.runAt = ranges++
      if (field.keepsValue) field.valueAt = ranges++
      if (field.keepsEnd) field.endAt = ranges++
      if (field.keepsObjects) field.objectsAt = objects++
      field.of?.number()
    }
    for (const each of this.joined) each.number()
  }
}

export type Objects = Opened | readonly (Opened | null)[] | null

/** One object of an answer: where in the bytes its fields are. */
export class Opened {
  readonly bytes: Buffer
  readonly ranges: number[] = []
  readonly objects: Objects[] = []
  /** By the place in `joined`; nothing where a subgraph knows no such entity, or was not asked. */
  readonly joins: (Opened | null | undefined)[] = []

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }
}

/** The part of an object that one fetch has answered: its own, or one that was joined. */
export const OWN = -1
export const partOf = (record: Opened, join: number): Opened | null | undefined => (join === OWN ? record : record.joins[join])
