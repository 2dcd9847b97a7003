// Which school year a day belongs to, and until when marks may be entered.
import { describe, expect, test } from 'vitest'
import { deadlinesOf, isPastDeadline } from '../../../subgraphs/gradebook/scores/deadlines.ts'
import { schoolYearOn } from '../../../subgraphs/gradebook/scores/school-year.ts'
import { startOf } from '../../../subgraphs/kernel/school-year.ts'

describe('the school year', () => {
  test.each([
    ['2026-09-05', '2026-2027'],
    ['2026-12-31', '2026-2027'],
    ['2027-01-01', '2026-2027'],
    ['2027-07-31', '2026-2027'],
    ['2027-08-01', '2027-2028'],
  ])('%s belongs to %s', (day, year) => {
    expect(schoolYearOn(day)).toBe(year)
  })

  test('begins in the first of its two years', () => {
    expect(startOf('2026-2027')).toBe(2026)
  })

  test.each(['2026', '2026-2028', '2027-2026', '26-27', '2026-2027 ', '2026/2027', ''])('«%s» is none', (text) => {
    expect(startOf(text)).toBeNull()
  })
})

describe('deadlines', () => {
  const term = { endsOn: '2027-01-09', examFrom: '2026-12-28', examTo: '2027-01-08' }

  test('ordinary marks end one week before the examinations, the final mark one week after them', () => {
    expect(deadlinesOf(term)).toEqual({ ordinaryDeadline: '2026-12-21', finalDeadline: '2027-01-15' })
  })

  test('without examinations the end of the term takes their place', () => {
    expect(deadlinesOf({ endsOn: '2027-01-09', examFrom: null, examTo: null })).toEqual({
      ordinaryDeadline: '2027-01-09',
      finalDeadline: '2027-01-16',
    })
  })

  test('the deadline itself still counts, the day after does not', () => {
    const deadlines = deadlinesOf(term)
    expect(isPastDeadline('REGULAR', deadlines, '2026-12-21')).toBe(false)
    expect(isPastDeadline('REGULAR', deadlines, '2026-12-22')).toBe(true)
    expect(isPastDeadline('MIDTERM', deadlines, '2026-12-22')).toBe(true)
    expect(isPastDeadline('FINAL', deadlines, '2027-01-15')).toBe(false)
    expect(isPastDeadline('FINAL', deadlines, '2027-01-16')).toBe(true)
  })
})
