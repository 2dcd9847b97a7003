// A month of a report: `2026-11`, its first and its last day.

const MONTH = /^(20\d{2})-(0[1-9]|1[0-2])$/

export interface Month {
  readonly firstDay: string
  readonly lastDay: string
}

/** Null when the text is not a month of this century. */
export function parseMonth(text: string): Month | null {
  const match = MONTH.exec(text)
  if (!match) return null
  const lastDay = new Date(Date.UTC(Number(match[1]), Number(match[2]), 0)).toISOString().slice(0, 10)
  return { firstDay: `${text}-01`, lastDay }
}
