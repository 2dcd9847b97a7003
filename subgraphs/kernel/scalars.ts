// The scalars of the contract, in the form node-postgres hands them over: text, never a Date built for every row.
import { GraphQLScalarType, Kind, type ValueNode } from 'graphql'
import { PlatformError } from './errors.ts'

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

/** A calendar day that exists: 2026-02-30 is refused. */
export function isDay(value: string): boolean {
  const match = DAY.exec(value)
  if (!match) return false
  const [, year, month, day] = match.map(Number) as [number, number, number, number]
  const date = new Date(Date.UTC(year, month - 1, day))
  return year >= 1900 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

function parseDay(value: unknown): string {
  if (typeof value !== 'string' || !isDay(value))
    throw new PlatformError('BAD_USER_INPUT', { message: 'A LocalDate is a day that exists, as 2026-09-05.' })
  return value
}

function parseInstant(value: unknown): string {
  const at = typeof value === 'string' && INSTANT.test(value) && isDay(value.slice(0, 10)) ? Date.parse(value) : Number.NaN
  const instant = Number.isNaN(at) ? '' : new Date(at).toISOString()
  // The offset may carry the last day of the year 9999 into 10000, which no calendar of ours knows: `+010000-01-01`.
  if (!isDay(instant.slice(0, 10)))
    throw new PlatformError('BAD_USER_INPUT', {
      message: 'A DateTime is an instant with its offset, as 2026-09-05T07:30:00+07:00.',
    })
  return instant
}

/** `2026-09-05 07:30:00.12+07`, as PostgreSQL prints an instant in Asia/Ho_Chi_Minh, becomes `2026-09-05T07:30:00.12+07:00`. */
function serializeInstant(value: unknown): string {
  if (value instanceof Date) return new Date(value.getTime() + 7 * 3_600_000).toISOString().replace('Z', '+07:00')
  const printed = String(value)
  const iso = printed.charCodeAt(10) === 32 ? `${printed.slice(0, 10)}T${printed.slice(11)}` : printed
  return /[+-]\d{2}$/.test(iso) ? `${iso}:00` : iso
}

const fromText =
  (parseValue: (value: unknown) => string) =>
  (node: ValueNode): string =>
    parseValue(node.kind === Kind.STRING ? node.value : undefined)

export const LocalDate = new GraphQLScalarType<string, string>({
  name: 'LocalDate',
  description: 'A calendar day in Vietnam (ngày), ISO 8601: `2026-09-05`. A day that does not exist is refused.',
  serialize: (value) => String(value).slice(0, 10),
  parseValue: parseDay,
  parseLiteral: fromText(parseDay),
})

export const DateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  description: 'An instant (thời điểm), ISO 8601 with offset; answered in Asia/Ho_Chi_Minh: `2026-09-05T07:30:00+07:00`.',
  serialize: serializeInstant,
  parseValue: parseInstant,
  parseLiteral: fromText(parseInstant),
})
