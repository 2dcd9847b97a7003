// Until when marks may be entered: ordinary marks one week before the term examinations, the final mark a week after them.
import type { ScoreKind } from '../assessment/types.ts'

/** Days as `2026-12-28`; the examination window is null where a level sits none. */
export interface TermDates {
  readonly endsOn: string
  readonly examFrom: string | null
  readonly examTo: string | null
}

export interface Deadlines {
  readonly ordinaryDeadline: string
  readonly finalDeadline: string
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** Each is the last day that counts (R45). Without examinations the term's own end takes their place. */
export function deadlinesOf({ endsOn, examFrom, examTo }: TermDates): Deadlines {
  return {
    ordinaryDeadline: examFrom === null ? endsOn : addDays(examFrom, -7),
    finalDeadline: addDays(examTo ?? endsOn, 7),
  }
}

export function isPastDeadline(kind: ScoreKind, { ordinaryDeadline, finalDeadline }: Deadlines, today: string): boolean {
  return today > (kind === 'FINAL' ? finalDeadline : ordinaryDeadline)
}
