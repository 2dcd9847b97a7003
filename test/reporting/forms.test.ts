// The pure rules of the report forms.
import { describe, expect, test } from 'vitest'
import { percentTenths } from '../../subgraphs/reporting/forms/adoption.ts'
import { contactBookLines, contactBookTotals, type ReportedPlan } from '../../subgraphs/reporting/forms/contact-book.ts'
import { parseMonth } from '../../subgraphs/reporting/forms/month.ts'

const schools = [
  { schoolId: 'a', name: 'Trường TH&THCS Hoằng Sơn', levels: ['TH', 'THCS'] },
  { schoolId: 'b', name: 'Trường THPT Hạc Thành', levels: ['THPT'] },
]
const plan = (schoolId: string, changes: Partial<ReportedPlan> = {}): ReportedPlan => ({
  schoolId,
  providerName: 'Công ty Cổ phần Công nghệ Quảng Ích',
  feePerMonth: 20_000,
  messagesPerMonth: 12,
  usesSmsBrandname: true,
  registeredStudents: 100,
  ...changes,
})

describe('the contact-book form', () => {
  test('gives a school without a contact book its line, marked as not deployed', () => {
    const [first, second] = contactBookLines(schools, [plan('b')])
    expect(first).toEqual({
      ordinal: 1,
      school: { id: 'a' },
      schoolName: 'Trường TH&THCS Hoằng Sơn',
      levels: 'TH, THCS',
      deployed: false,
      providerName: null,
      registeredStudents: 0,
      feePerStudentPerMonth: null,
      messagesPerSubscriberPerMonth: null,
      usesSmsBrandname: null,
    })
    expect(second).toMatchObject({ ordinal: 2, deployed: true, feePerStudentPerMonth: 20_000, registeredStudents: 100 })
  })

  test('gives each plan its own line and counts its school once', () => {
    const lines = contactBookLines(schools, [
      plan('b'),
      plan('b', { feePerMonth: 0, usesSmsBrandname: false, registeredStudents: 7 }),
    ])
    expect(lines.map(({ ordinal, school }) => [ordinal, school.id])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'b'],
    ])
    expect(contactBookTotals(lines)).toEqual({
      schools: 2,
      schoolsDeployed: 1,
      schoolsWithSmsBrandname: 1,
      registeredStudents: 107,
    })
  })
})

test('a share is rounded half-up to a tenth of a percent, and of no schools it is nought', () => {
  expect([percentTenths(2, 3), percentTenths(1, 3), percentTenths(1, 2_000), percentTenths(24, 24), percentTenths(0, 0)]).toEqual(
    [667, 333, 1, 1000, 0],
  )
})

test('a month has its first and last day, and what is no month has none', () => {
  expect(parseMonth('2028-02')).toEqual({ firstDay: '2028-02-01', lastDay: '2028-02-29' })
  for (const text of ['2026-13', '2026-00', '2026-1', '1999-05', '2026-11-01', '']) expect(parseMonth(text)).toBeNull()
})
