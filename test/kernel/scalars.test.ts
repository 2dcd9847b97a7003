// Days and instants: what does not exist in a calendar does not get in.
import { expect, test } from 'vitest'
import { DateTime, LocalDate } from '../../subgraphs/kernel/scalars.ts'

test.each(['2026-02-30', '2026-13-01', '0001-01-01', '2026-9-5', ' 2026-09-05', '2026-09-05\n', 20260905])(
  '%j is no day',
  (value) => {
    expect(() => LocalDate.parseValue(value)).toThrow('a day that exists')
  },
)

test.each([
  '2026-09-05',
  '2026-09-05T07:30:00',
  '2026-02-30T00:00:00Z',
  '2026-09-05T25:00:00Z',
  '2026-09-05T07:30:00+99:00',
  '9999-12-31T23:59:59-14:00',
  1_788_000_000,
])('%j is no instant', (value) => {
  expect(() => DateTime.parseValue(value)).toThrow('an instant with its offset')
})

test('an instant is kept in UTC, whatever its offset', () => {
  expect(DateTime.parseValue('2026-09-05T07:30:00+07:00')).toBe('2026-09-05T00:30:00.000Z')
})
