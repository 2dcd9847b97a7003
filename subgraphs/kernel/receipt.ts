// The answer of a batch as it is kept for a retry: columns instead of records, each word once.
//
// A thousand answered marks as records are 420 kB of JSON that say the same class, teacher and time a thousand times;
// kept for 72 hours at the pace of a province's last week that is some hundred gigabytes. As columns they are a tenth.

type Word = string | number | boolean | null
type Row = Readonly<Record<string, Word>>

/** Words of a column and, where they repeat, which of them each row has. */
interface Column {
  readonly words: readonly Word[]
  readonly at?: readonly number[]
}

export interface Table {
  readonly length: number
  readonly columns: Readonly<Record<string, Column>>
}

function packColumn(values: readonly Word[]): Column {
  const places = new Map<Word, number>()
  const at = values.map((value) => {
    const known = places.get(value)
    if (known !== undefined) return known
    places.set(value, places.size)
    return places.size - 1
  })
  if (places.size === values.length) return { words: values }
  return places.size === 1 ? { words: [values[0]!], at: [] } : { words: [...places.keys()], at }
}

/** Rows of one shape; they come back as they were through `JSON`. */
export function pack(rows: readonly Row[]): Table {
  const names = Object.keys(rows[0] ?? {})
  return {
    length: rows.length,
    columns: Object.fromEntries(names.map((name) => [name, packColumn(rows.map((row) => row[name]!))])),
  }
}

export function unpack<R extends object>({ length, columns }: Table): R[] {
  const named = Object.entries(columns)
  return Array.from({ length }, (_, index) => {
    const row: Record<string, Word> = {}
    for (const [name, { words, at }] of named)
      row[name] = at === undefined ? words[index]! : words[at.length === 0 ? 0 : at[index]!]!
    return row as R
  })
}
