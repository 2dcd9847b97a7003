// Rooms of a report in the one form in which they are kept and compared, and the ranges of its numbers.

export interface RoomsOfKind {
  readonly kind: string
  readonly grade: string
  readonly count: number
  readonly area?: number | null
}
export type Rooms = readonly RoomsOfKind[]

/** Ordered by kind and grade: the same rooms in another order are the same report. */
export function roomsText(rooms: Rooms): string {
  const told = rooms.map(({ kind, grade, count, area }) => ({ kind, grade, count, area: area ?? null }))
  const keyOf = ({ kind, grade }: RoomsOfKind): string => `${kind}/${grade}`
  return JSON.stringify(told.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)))
}

/** What is not sent is within every range. */
export const isWithin = (value: number | null | undefined, from: number, to: number): boolean =>
  value === null || value === undefined || (Number.isFinite(value) && value >= from && value <= to)
