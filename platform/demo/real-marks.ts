// Marks for a demo class out of the real file: one published result row for each pupil, in the order of their codes.
import { readFile } from 'node:fs/promises'

const FILE = new URL('../sandbox/data/exam-scores-2021.csv', import.meta.url)

/** `7.75` becomes 7.8: half-up to one decimal, as the teacher rounds a paper (TT22/2021, Điều 6). In whole hundredths, never in floats. */
export function toOneDecimal(published: string): number | null {
  const match = /^(\d{1,2})(?:\.(\d{1,2}))?$/.exec(published.trim())
  if (!match) return null
  const hundredths = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
  return Math.floor((hundredths + 5) / 10) / 10
}

/** Pupil code to the Maths mark of the row that stands at the pupil's place among those who took Maths. */
export async function finalMarksFromFile(studentCodes: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const [header, ...rows] = (await readFile(FILE, 'utf8')).trim().split(/\r?\n/)
  const column = header!.split(',').indexOf('toan')
  const taken = rows.map((row) => toOneDecimal(row.split(',')[column]!)).filter((mark) => mark !== null)
  return new Map([...studentCodes].sort().map((code, index) => [code, taken[index % taken.length]!]))
}
