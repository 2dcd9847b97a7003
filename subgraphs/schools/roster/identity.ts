// Whether two records are one pupil: what is compared, how much each agreement weighs, and when it is certain.
import { isMinistryCode, type Sex } from './numbers.ts'
import { isTemporaryCode } from './temporary-code.ts'
import { comparedName } from './transfers.ts'

export interface Person {
  /** Null for one that has no code yet. */
  readonly code: string | null
  readonly fullName: string
  readonly sex: Sex
  readonly birthDate: string
  readonly personalNumber: string | null
}

export type Reason =
  | 'PERSONAL_NUMBER_EQUAL'
  | 'PERSONAL_NUMBER_DIFFERS'
  | 'NAME_EQUAL'
  | 'NAME_EQUAL_WITHOUT_MARKS'
  | 'NAME_ONE_LETTER_APART'
  | 'BIRTH_DATE_EQUAL'
  | 'BIRTH_DATE_DAY_AND_MONTH_SWAPPED'
  | 'SEX_EQUAL'
  | 'SEX_DIFFERS'
  | 'CODE_ONE_DIGIT_APART'
  | 'CODE_DIFFERS'

const WEIGHT: Readonly<Record<Reason, number>> = {
  // Twelve digits that the State gave to one person; what else differs then is a slip somewhere.
  PERSONAL_NUMBER_EQUAL: 60,
  PERSONAL_NUMBER_DIFFERS: -60,
  NAME_EQUAL: 50,
  NAME_EQUAL_WITHOUT_MARKS: 40,
  NAME_ONE_LETTER_APART: 30,
  BIRTH_DATE_EQUAL: 30,
  BIRTH_DATE_DAY_AND_MONTH_SWAPPED: 20,
  SEX_EQUAL: 5,
  SEX_DIFFERS: -15,
  CODE_ONE_DIGIT_APART: 5,
  CODE_DIFFERS: 0,
}

/** Below this nobody needs to look: a year of a large school has several pupils of one birthday. */
export const REVIEW_FROM = 60

/** As an old machine without Vietnamese would have it. */
export const withoutMarks = (fullName: string): string =>
  fullName.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/gu, 'd').toLowerCase().trim().replace(/\s+/gu, ' ')

/** One character added, left out, another, or two neighbours the other way round. */
export function isOneApart(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  const rest = (text: string, from: number): string => text.slice(from)
  if (a.length !== b.length) {
    const [short, long] = a.length < b.length ? [a, b] : [b, a]
    return rest(short, at) === rest(long, at + 1)
  }
  const isSwapped = a[at] === b[at + 1] && a[at + 1] === b[at] && rest(a, at + 2) === rest(b, at + 2)
  return isSwapped || rest(a, at + 1) === rest(b, at + 1)
}

/** 2011-05-04 and 2011-04-05. Null where there is no such day. */
export function swappedDay(day: string): string | null {
  const [year, month, date] = day.split('-') as [string, string, string]
  return date !== month && Number(date) <= 12 ? `${year}-${date}-${month}` : null
}

function nameReason(a: string, b: string): Reason | null {
  if (comparedName(a) === comparedName(b)) return 'NAME_EQUAL'
  const [plainA, plainB] = [withoutMarks(a), withoutMarks(b)]
  if (plainA === plainB) return 'NAME_EQUAL_WITHOUT_MARKS'
  return isOneApart(plainA, plainB) ? 'NAME_ONE_LETTER_APART' : null
}

function codeReason(a: string | null, b: string | null): Reason | null {
  if (a === null || b === null || isTemporaryCode(a) || isTemporaryCode(b) || a === b) return null
  return isMinistryCode(a) && isMinistryCode(b) && isOneApart(a, b) && a.length === b.length
    ? 'CODE_ONE_DIGIT_APART'
    : 'CODE_DIFFERS'
}

export interface Likeness {
  /** 0 to 100. */
  readonly score: number
  readonly reasons: readonly Reason[]
  /** One person for certain: number, name and birth date agree, and no code says otherwise. */
  readonly isCertain: boolean
}

/** Null where nobody needs to look. A code of the Ministry is given once for life: two that differ are two pupils, unless the number or a slip of one digit says more. */
export function likeness(a: Person, b: Person): Likeness | null {
  const reasons: Reason[] = []
  const code = codeReason(a.code, b.code)
  const bothNumbers = a.personalNumber !== null && b.personalNumber !== null
  const isNumber = bothNumbers && a.personalNumber === b.personalNumber
  if (code === 'CODE_DIFFERS' && !isNumber) return null
  if (bothNumbers) reasons.push(isNumber ? 'PERSONAL_NUMBER_EQUAL' : 'PERSONAL_NUMBER_DIFFERS')
  const name = nameReason(a.fullName, b.fullName)
  if (name) reasons.push(name)
  if (a.birthDate === b.birthDate) reasons.push('BIRTH_DATE_EQUAL')
  else if (swappedDay(a.birthDate) === b.birthDate) reasons.push('BIRTH_DATE_DAY_AND_MONTH_SWAPPED')
  if (a.sex !== 'UNKNOWN' && b.sex !== 'UNKNOWN') reasons.push(a.sex === b.sex ? 'SEX_EQUAL' : 'SEX_DIFFERS')
  if (code) reasons.push(code)
  const score = Math.min(
    100,
    reasons.reduce((sum, reason) => sum + WEIGHT[reason], 0),
  )
  if (score < REVIEW_FROM && !isNumber) return null
  const isCertain = isNumber && name === 'NAME_EQUAL' && a.birthDate === b.birthDate && code === null
  return { score: Math.max(score, 0), reasons, isCertain }
}

/**
 * People by what a likeness cannot do without: the birth date, or day and month swapped, the number, or the whole name (which with
 * a slip in the code is just enough). Everybody else need not be compared, and a batch of a thousand would be a million times.
 */
export class Lookalikes {
  readonly #by = new Map<string, number[]>()
  #count = 0

  /** The next place. */
  add(person: Person): void {
    const place = this.#count++
    for (const key of [`born ${person.birthDate}`, ...this.#others(person)]) {
      const places = this.#by.get(key)
      if (places) places.push(place)
      else this.#by.set(key, [place])
    }
  }

  /** The places of those who may be alike, each once and in order. */
  of(person: Person): readonly number[] {
    const swapped = swappedDay(person.birthDate)
    const keys = [`born ${person.birthDate}`, ...(swapped ? [`born ${swapped}`] : []), ...this.#others(person)]
    return [...new Set(keys.flatMap((key) => this.#by.get(key) ?? []))].toSorted((a, b) => a - b)
  }

  #others({ personalNumber, fullName }: Person): string[] {
    return [...(personalNumber === null ? [] : [`number ${personalNumber}`]), `name ${comparedName(fullName)}`]
  }
}
