// School years and terms: which days they may have, beside each other and within each other. Rules that need no database.
import { recordFault, type ErrorCode } from '../../kernel/errors.ts'
import { isDay } from '../../kernel/scalars.ts'
import { startOf } from '../../kernel/school-year.ts'
import type { Mode } from '../../kernel/settle.ts'
import { decide, Findings, merged, type Decision, type Judged, type Stored, type Values } from '../../kernel/records/decide.ts'
import { cleanName } from '../../kernel/text.ts'

export interface SentYear {
  readonly code: string
  readonly startsOn: string
  readonly endsOn: string
  readonly expectedVersion?: number | null
}

export interface SentTerm {
  readonly schoolYear: string
  readonly level: string
  readonly code: string
  readonly name?: string | null
  readonly startsOn: string
  readonly endsOn: string
  readonly examFrom?: string | null
  readonly examTo?: string | null
  readonly expectedVersion?: number | null
}

/** Days from the first to the last. */
export interface Span {
  readonly startsOn: string
  readonly endsOn: string
}

export interface StoredYear extends Stored {
  /** The days that its terms have taken of it; null where it has none yet. */
  readonly termed: Span | null
}

export interface StoredTerm extends Stored {
  /** Books of it have been closed: printed and signed with its days. */
  readonly hasClosedBooks: boolean
}

const NAMES: Readonly<Record<string, string>> = { HKI: 'Học kỳ I', HKII: 'Học kỳ II' }

const spanOf = ({ starts_on, ends_on }: Values): Span => ({ startsOn: String(starts_on), endsOn: String(ends_on) })
const isWithin = (inner: Span, outer: Span): boolean => outer.startsOn <= inner.startsOn && inner.endsOn <= outer.endsOn
const meet = (a: Span, b: Span): boolean => a.startsOn <= b.endsOn && b.startsOn <= a.endsOn

function judgeDays({ startsOn, endsOn }: Span, found: Findings): boolean {
  if (!isDay(startsOn)) found.add('DATE_INVALID', 'startsOn')
  if (!isDay(endsOn) || endsOn <= startsOn) found.add('DATE_INVALID', 'endsOn')
  return found.faults.length === 0
}

export function judgeYear(sent: SentYear, stored: ReadonlyMap<string, StoredYear>): Judged<StoredYear, null> {
  const found = new Findings()
  const { code, startsOn, endsOn, expectedVersion } = sent
  const current = stored.get(code) ?? null
  const start = startOf(code)
  if (start === null) found.add('SCHOOL_YEAR_INVALID', 'code')
  else if (judgeDays(sent, found)) {
    if (!startsOn.startsWith(`${start}-`)) found.add('SCHOOL_YEAR_INVALID', 'startsOn')
    if (!endsOn.startsWith(`${start + 1}-`)) found.add('SCHOOL_YEAR_INVALID', 'endsOn')
    if (current?.termed && !isWithin(current.termed, sent))
      found.add('TERM_OUTSIDE_YEAR', startsOn > current.termed.startsOn ? 'startsOn' : 'endsOn')
  }
  return {
    sent: { key: code, expectedVersion },
    stored: current,
    key: code,
    values: found.faults.length > 0 ? null : { code, starts_on: startsOn, ends_on: endsOn },
    faults: found.faults,
    warnings: found.warnings,
    effect: null,
  }
}

export interface CalendarAround {
  /** By code. */
  readonly years: ReadonlyMap<string, Span & { readonly id: string }>
  /** By school year, level and code. */
  readonly terms: ReadonlyMap<string, StoredTerm>
}

export const termKey = ({ schoolYear, level, code }: Pick<SentTerm, 'schoolYear' | 'level' | 'code'>): string =>
  `${schoolYear}/${level}/${code}`

/** Examinations have two ends within the term; a preschool sits none. TT22/2021, TT27/2020. */
function judgeExams(level: string, term: Span, from: string | null, to: string | null, found: Findings): void {
  if (from !== null && !isDay(from)) found.add('DATE_INVALID', 'examFrom')
  if (to !== null && !isDay(to)) found.add('DATE_INVALID', 'examTo')
  if (found.faults.length > 0 || (from === null && to === null)) return
  if (level === 'MN') found.add('EXAM_OUTSIDE_TERM', 'examFrom')
  else if (from === null || from < term.startsOn || from > term.endsOn) found.add('EXAM_OUTSIDE_TERM', 'examFrom')
  else if (to === null || to < from || to > term.endsOn) found.add('EXAM_OUTSIDE_TERM', 'examTo')
}

/** Days that stand in closed books. The name of the term may be mended all the same. */
const DAYS = { starts_on: 'startsOn', ends_on: 'endsOn', exam_from: 'examFrom', exam_to: 'examTo' } as const

export function judgeTerm(sent: SentTerm, { years, terms }: CalendarAround): Judged<StoredTerm, null> {
  const found = new Findings()
  const { level, code, startsOn, endsOn, expectedVersion } = sent
  const key = termKey(sent)
  const year = years.get(sent.schoolYear)
  const current = terms.get(key) ?? null
  const before: Values = current?.values ?? {}
  if (!year) found.add('RECORD_NOT_FOUND', 'schoolYear', sent.schoolYear)
  const name = typeof sent.name === 'string' ? cleanName(sent.name) : String(before.name ?? NAMES[code])
  if (name === null) found.add('NAME_INVALID', 'name')
  const examFrom = merged(sent.examFrom, before.exam_from) as string | null
  const examTo = merged(sent.examTo, before.exam_to) as string | null
  if (judgeDays(sent, found)) {
    if (year && !isWithin(sent, year)) found.add('TERM_OUTSIDE_YEAR', startsOn < year.startsOn ? 'startsOn' : 'endsOn')
    judgeExams(level, sent, examFrom, examTo, found)
  }
  const days: Values = { starts_on: startsOn, ends_on: endsOn, exam_from: examFrom, exam_to: examTo }
  if (current?.hasClosedBooks)
    for (const [column, path] of Object.entries(DAYS))
      if (days[column] !== before[column]) found.add('TERM_HAS_CLOSED_BOOKS', path)
  return {
    sent: { key, expectedVersion },
    stored: current,
    key,
    values: found.faults.length > 0 ? null : { school_year_id: year!.id, level, code, name, ...days },
    faults: found.faults,
    warnings: found.warnings,
    effect: null,
  }
}

/** Two school years share no day. */
export const yearsClash = (one: Values, other: Values): boolean => meet(spanOf(one), spanOf(other))

/** Of one year and level the first term is over before the second begins. */
export function termsClash(one: Values, other: Values): boolean {
  if (one.school_year_id !== other.school_year_id || one.level !== other.level) return false
  const [first, second] = one.code === 'HKI' ? [one, other] : [other, one]
  return String(first.ends_on) >= String(second.starts_on)
}

/**
 * Records that are judged beside each other, those of the batch included: what counts is how all would stand afterwards. One that
 * is refused stays as it was, which may refuse another; so it is decided again until nothing changes. Two of one batch that meet
 * are both refused: which of them is meant is not ours to guess.
 */
export function decideBeside<S extends Stored, E>(
  judged: readonly Judged<S, E>[],
  stored: readonly S[],
  mode: Mode,
  clash: (one: Values, other: Values) => boolean,
  code: ErrorCode,
): readonly Decision<S, E>[] {
  const refused = judged.map((one) => one)
  for (;;) {
    const decisions = decide(refused, mode)
    const after = new Map(stored.map((one) => [one.code, one.values]))
    const changed = decisions.map((decision) =>
      decision.status === 'CREATED' || decision.status === 'UPDATED' ? decision : null,
    )
    for (const change of changed) if (change) after.set(change.key, change.values)
    const clashing = changed.flatMap((change, index) =>
      change && [...after].some(([key, values]) => key !== change.key && clash(change.values, values)) ? [index] : [],
    )
    if (clashing.length === 0) return decisions
    for (const index of clashing)
      refused[index] = { ...refused[index]!, values: null, faults: [{ ...recordFault(code, 'startsOn'), about: null }] }
  }
}
