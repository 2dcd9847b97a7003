// The terms of an agreement, and what may stand in them.

export const LEVELS = ['MN', 'TH', 'THCS', 'THPT', 'GDTX'] as const

export interface Period {
  /** First day. */
  readonly validFrom: string
  /** Last day. */
  readonly validTo: string
}

export interface Terms extends Period {
  readonly purpose: string
  readonly scopeNames: readonly string[]
  /** Empty: every level of the school. */
  readonly levels: readonly string[]
  /** Empty: every school year within the validity. */
  readonly schoolYears: readonly string[]
}

/** The Sở's decisions and agreements run for years, not for decades: a slip of the pen must not grant for a century. */
export const LONGEST_YEARS = 10

export type PeriodFault = 'ENDS_BEFORE_IT_BEGINS' | 'ALREADY_OVER' | 'TOO_LONG'

/** Days are ISO 8601, so they compare as text. */
export function findPeriodFault({ validFrom, validTo }: Period, today: string): PeriodFault | null {
  if (validTo < validFrom) return 'ENDS_BEFORE_IT_BEGINS'
  if (validTo < today) return 'ALREADY_OVER'
  const latest = `${String(Number(validFrom.slice(0, 4)) + LONGEST_YEARS).padStart(4, '0')}${validFrom.slice(4)}`
  return validTo > latest ? 'TOO_LONG' : null
}

export const covers = ({ validFrom, validTo }: Period, day: string): boolean => validFrom <= day && day <= validTo

/** What `wanted` holds and `allowed` does not, in the order of asking. */
export function beyond(wanted: readonly string[], allowed: readonly string[]): string[] {
  return wanted.filter((each) => !allowed.includes(each))
}

/** An empty list narrows nothing, so nothing is narrower than it but itself and every list. */
const narrower = (after: readonly string[], before: readonly string[]): boolean =>
  before.length === 0 || (after.length > 0 && beyond(after, before).length === 0)

/** Whether `after` gives nothing that `before` did not give: what a school may decide without asking the vendor. */
export function isNarrowing(after: Terms, before: Terms): boolean {
  return (
    after.purpose === before.purpose &&
    beyond(after.scopeNames, before.scopeNames).length === 0 &&
    narrower(after.levels, before.levels) &&
    narrower(after.schoolYears, before.schoolYears) &&
    after.validFrom >= before.validFrom &&
    after.validTo <= before.validTo
  )
}
