// Counts of the last days from counts by day, the newest first, as they stood on the day they were last kept.

export interface RecordCounts {
  readonly today: number
  readonly last7Days: number
  readonly last30Days: number
}

const NONE: RecordCounts = { today: 0, last7Days: 0, last30Days: 0 }

/** `daysAgo`: how long ago the newest of them was today. */
export function countsOf(days: readonly number[] | null, daysAgo: number | null): RecordCounts {
  if (days === null || daysAgo === null) return NONE
  const last = (length: number): number =>
    days.slice(0, Math.max(0, length - Math.max(0, daysAgo))).reduce((sum, records) => sum + records, 0)
  return { today: last(1), last7Days: last(7), last30Days: last(30) }
}
