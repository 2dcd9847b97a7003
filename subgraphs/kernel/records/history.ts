// Which columns of a kept record are told as its history, in which words, and what a version changed of the one before.

/** A kept value as the contract says it. The database hands every value over as the text that it has in JSON. */
export type Wording = (text: string) => string

export interface Told {
  readonly column: string
  readonly as?: Wording
}

export interface Part {
  /** The name under which former versions of such records are kept. */
  readonly entity: string
  readonly table: string
  /** The type of the contract whose fields these are: its history is read exactly where they are. */
  readonly type: string
  /** Records that carry no class are read through the pupil they hang on, whom the terms of an agreement may leave out. */
  readonly throughStudent?: true
  /** Column that names the pupil, for the audit of who was read of. */
  readonly student?: 'id' | 'student_id'
  readonly fields: Readonly<Record<string, Told>>
}

export const told = (fields: Readonly<Record<string, string>>): Record<string, Told> =>
  Object.fromEntries(Object.entries(fields).map(([name, column]) => [name, { column }]))

/** The values of a kept record, in the words of the contract; null where nothing was recorded. */
export interface FieldValue {
  readonly field: string
  readonly value: string | null
}

export interface FieldChange {
  readonly field: string
  readonly before: string | null
  readonly after: string | null
}

/** `texts`: the columns of the part, in its order. */
export function worded({ fields }: Part, texts: readonly (string | null)[]): FieldValue[] {
  return Object.entries(fields).map(([field, { as }], place) => {
    const text = texts[place] ?? null
    return { field, value: text !== null && as ? as(text) : text }
  })
}

export function changesBetween(before: readonly FieldValue[], after: readonly FieldValue[]): FieldChange[] {
  return after.flatMap(({ field, value }, place) => {
    const was = before[place]!.value
    return was === value ? [] : [{ field, before: was, after: value }]
  })
}
