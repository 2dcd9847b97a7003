// School years by their official name: `2026-2027` begins in 2026.

const NAME = /^(20\d{2})-(20\d{2})$/

/** The calendar year in which it begins, null for what is not a school year. */
export function startOf(schoolYear: string): number | null {
  const match = NAME.exec(schoolYear)
  if (!match) return null
  const start = Number(match[1])
  return Number(match[2]) === start + 1 ? start : null
}
