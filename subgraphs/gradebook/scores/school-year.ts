// The school year of a day.

/**
 * The school year a day belongs to. Schools open on 5 September and gather at the end of August; retests of the year
 * before are over by the end of July: so August is the new year's. Day as `2026-09-05`, in Vietnam.
 */
export function schoolYearOn(day: string): string {
  const year = Number(day.slice(0, 4))
  const start = Number(day.slice(5, 7)) >= 8 ? year : year - 1
  return `${start}-${start + 1}`
}
