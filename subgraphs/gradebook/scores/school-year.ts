// School years by their official name: `2026-2027` begins in 2026.

const NAME = /^(20\d{2})-(20\d{2})$/

/** The calendar year in which it begins, null for what is not a school year. */
export function startOf(schoolYear: string): number | null {
  const match = NAME.exec(schoolYear)
  if (!match) return null
  const start = Number(match[1])
  return Number(match[2]) === start + 1 ? start : null
}

/**
 * The school year a day belongs to. Schools open on 5 September and gather at the end of August; retests of the year
 * before are over by the end of July: so August is the new year's. Day as `2026-09-05`, in Vietnam.
 */
export function schoolYearOn(day: string): string {
  const year = Number(day.slice(0, 4))
  const start = Number(day.slice(5, 7)) >= 8 ? year : year - 1
  return `${start}-${start + 1}`
}
