// The 2026-27 school year in days and hours: weeks, terms, exam windows, and Vietnamese clock times as instants.
import type { IdMint } from './random.ts'
import type { Day, Instant, Level, SchoolYearRow, TermRow } from './model.ts'

const DAY_MS = 86_400_000
/** Asia/Ho_Chi_Minh keeps no summer time, so seven hours is the whole rule. */
const VIETNAM_OFFSET_MS = 7 * 3_600_000

export const YEAR_NAME = '2026-2027'
/** Two pupils of one grade may differ in age; the year they turned six is counted from here. */
export const YEAR_OF_START = 2026
export const FIRST_DAY = '2026-09-07'
export const ENROLLED_ON = '2026-09-01'

const midnights = new Map<Day, number>()
/** Midnight UTC of a day. A year has few days and the province many dates, so each day is parsed once. */
function midnight(day: Day): number {
  let ms = midnights.get(day)
  if (ms === undefined) midnights.set(day, (ms = Date.parse(`${day}T00:00:00Z`)))
  return ms
}

export const addDays = (day: Day, days: number): Day => new Date(midnight(day) + days * DAY_MS).toISOString().slice(0, 10)

/** The instant at which clocks in Vietnam show this time; minutes and seconds may run over. */
export const at = (day: Day, hour: number, minute = 0, second = 0): Instant =>
  new Date(midnight(day) - VIETNAM_OFFSET_MS + ((hour * 60 + minute) * 60 + second) * 1000).toISOString()

/** The day in Vietnam at that instant. */
export const dayOf = (instant: Instant): Day => new Date(Date.parse(instant) + VIETNAM_OFFSET_MS).toISOString().slice(0, 10)

/** `05/11/2026`, as parents read it. */
export const vietnameseDay = (day: Day): string => day.split('-').reverse().join('/')

export const LEVELS: readonly Level[] = ['MN', 'TH', 'THCS', 'THPT', 'GDTX']

type Windows = Pick<TermRow, 'midtermFrom' | 'midtermTo' | 'finalFrom' | 'finalTo'>
const NONE: Windows = { midtermFrom: null, midtermTo: null, finalFrom: null, finalTo: null }
const secondary = (midtermFrom: Day, midtermTo: Day, finalFrom: Day, finalTo: Day): Windows => ({
  midtermFrom,
  midtermTo,
  finalFrom,
  finalTo,
})

/** Preschool sits no exams; primary has a mid-term only in grades 4–5 (TT27/2020), so its window binds those alone. */
const WINDOWS: Record<Level, { HKI: Windows; HKII: Windows }> = {
  MN: { HKI: NONE, HKII: NONE },
  TH: {
    HKI: secondary('2026-11-09', '2026-11-13', '2026-12-28', '2027-01-06'),
    HKII: secondary('2027-03-29', '2027-04-02', '2027-05-17', '2027-05-25'),
  },
  THCS: {
    HKI: secondary('2026-11-02', '2026-11-13', '2026-12-28', '2027-01-08'),
    HKII: secondary('2027-03-22', '2027-04-02', '2027-05-10', '2027-05-21'),
  },
  THPT: {
    HKI: secondary('2026-11-02', '2026-11-13', '2026-12-28', '2027-01-08'),
    HKII: secondary('2027-03-22', '2027-04-02', '2027-05-10', '2027-05-21'),
  },
  GDTX: {
    HKI: secondary('2026-11-09', '2026-11-13', '2026-12-28', '2027-01-08'),
    HKII: secondary('2027-03-29', '2027-04-02', '2027-05-10', '2027-05-21'),
  },
}

/** 35 weeks: 18 before the winter, 17 after it. Tết Đinh Mùi is 6 February 2027, and the two weeks around it are free. */
export function makeCalendar(ids: IdMint, authorityId: string): { year: SchoolYearRow; terms: TermRow[] } {
  const year: SchoolYearRow = {
    id: ids.next(),
    authorityId,
    name: YEAR_NAME,
    startsOn: ENROLLED_ON,
    endsOn: '2027-05-31',
  }
  const terms: TermRow[] = []
  for (const level of LEVELS) {
    const common = { authorityId, schoolYearId: year.id, level }
    terms.push({
      id: ids.next(),
      ...common,
      code: 'HKI',
      name: 'Học kỳ I',
      startsOn: FIRST_DAY,
      endsOn: addDays(FIRST_DAY, 18 * 7 - 2),
      teachingWeeks: 18,
      ...WINDOWS[level].HKI,
    })
    terms.push({
      id: ids.next(),
      ...common,
      code: 'HKII',
      name: 'Học kỳ II',
      startsOn: '2027-01-18',
      endsOn: addDays('2027-01-18', 19 * 7 - 2),
      teachingWeeks: 17,
      ...WINDOWS[level].HKII,
    })
  }
  return { year, terms }
}

/** The year after, of which no term is set yet: a product tries there what it does at the end of this one. */
export const makeNextYear = (ids: IdMint, authorityId: string): SchoolYearRow => ({
  id: ids.next(),
  authorityId,
  name: '2027-2028',
  startsOn: '2027-09-01',
  endsOn: '2028-05-31',
})
