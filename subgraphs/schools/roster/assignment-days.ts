// From when to when an assignment holds: it begins, passes to another, ends and begins again on days that are told or are today.
import { isDay } from '../../kernel/scalars.ts'
import type { Findings, Values } from '../../kernel/records/decide.ts'

export interface SentDays {
  readonly active: boolean
  readonly on?: string | null
}

export interface Days {
  readonly starts_on: string | null
  readonly ended_on: string | null
}

/**
 * `before` is the assignment as it stands, null where there is none; `passes`: it stands for somebody else. A resend without a
 * day changes none. Nobody takes over before the one who had it began, and nothing ends before it began.
 */
export function daysOf(
  { active, on = null }: SentDays,
  before: Values | null,
  passes: boolean,
  today: string,
  found: Findings,
): Days | null {
  if (on !== null && (!isDay(on) || on > today)) return found.add('DATE_INVALID', 'on')
  const startsOn = (before?.starts_on ?? null) as string | null
  const endedOn = (before?.ended_on ?? null) as string | null
  const stands = before !== null && endedOn === null && !passes
  const day = on ?? today
  if (!active) {
    const last = endedOn !== null && on === null ? endedOn : day
    return startsOn !== null && last < startsOn ? found.add('DATE_INVALID', 'on') : { starts_on: startsOn, ended_on: last }
  }
  if (stands) return { starts_on: on ?? startsOn, ended_on: null }
  const since = endedOn ?? startsOn
  return since !== null && day < since ? found.add('DATE_INVALID', 'on') : { starts_on: day, ended_on: null }
}
