// Which circular assesses a class: data on its school year and grade, never a constant.

import { TT22_2016 } from './tt22-2016.ts'
import { TT22_2021, TT43_2021 } from './tt22-2021.ts'
import { TT26_2020 } from './tt26-2020.ts'
import { TT27_2020 } from './tt27-2020.ts'
import { TT30_2014 } from './tt30-2014.ts'
import { TT58_2011 } from './tt58-2011.ts'
import type { Regulation, RegulationCode } from './types.ts'

export const REGULATIONS = {
  TT58_2011,
  TT26_2020,
  TT22_2021,
  TT43_2021,
  TT30_2014,
  TT22_2016,
  TT27_2020,
} satisfies Record<RegulationCode, Regulation>

/** GENERAL: giáo dục phổ thông. CONTINUING: giáo dục thường xuyên (GDTX), which secondary classes of a centre follow. */
export type Programme = 'GENERAL' | 'CONTINUING'

export interface ClassFacts {
  /** '2026-2027' */
  schoolYear: string
  /** 1–12; 13–18 are the groups and classes of preschool. */
  grade: number
  programme?: Programme
}

interface Introduction {
  regulation: RegulationCode
  programme: Programme
  /** First year (autumn) in which a grade is assessed by it. */
  from: Readonly<Record<number, number>>
}

function everyGrade(first: number, last: number, year: number): Record<number, number> {
  return Object.fromEntries(Array.from({ length: last - first + 1 }, (_, index) => [first + index, year]))
}

// The 2018 programme came grade by grade, and its circulars with it.
const SECONDARY_2018 = { 6: 2021, 7: 2022, 8: 2023, 9: 2024, 10: 2022, 11: 2023, 12: 2024 }
const PRIMARY_2018 = { 1: 2020, 2: 2021, 3: 2022, 4: 2023, 5: 2024 }

// From the newest to the oldest of each programme and stage: the first that had begun for the grade holds.
const INTRODUCTIONS: readonly Introduction[] = [
  { regulation: 'TT22_2021', programme: 'GENERAL', from: SECONDARY_2018 },
  { regulation: 'TT26_2020', programme: 'GENERAL', from: everyGrade(6, 12, 2020) },
  { regulation: 'TT58_2011', programme: 'GENERAL', from: everyGrade(6, 12, 2011) },
  { regulation: 'TT43_2021', programme: 'CONTINUING', from: SECONDARY_2018 },
  { regulation: 'TT27_2020', programme: 'GENERAL', from: PRIMARY_2018 },
  { regulation: 'TT22_2016', programme: 'GENERAL', from: everyGrade(1, 5, 2016) },
  { regulation: 'TT30_2014', programme: 'GENERAL', from: everyGrade(1, 5, 2014) },
]

function startYear(schoolYear: string): number {
  const match = /^(\d{4})-(\d{4})$/.exec(schoolYear)
  const start = Number(match?.[1])
  if (!match || Number(match[2]) !== start + 1) throw new RangeError(`${schoolYear} is not a school year such as 2026-2027`)
  return start
}

/**
 * The regulation that assesses a class, or null where none we know does: preschool has no marks, and years before
 * TT58/2011 and TT30/2014 followed rules that are not kept here. Null means that nothing is worked out, never a guess.
 */
export function regulationFor({ schoolYear, grade, programme = 'GENERAL' }: ClassFacts): Regulation | null {
  const year = startYear(schoolYear)
  if (!Number.isInteger(grade) || grade < 1 || grade > 18) throw new RangeError(`${grade} is not a grade (1 to 18)`)
  const holding = INTRODUCTIONS.find((one) => one.programme === programme && year >= (one.from[grade] ?? Infinity))
  return holding ? REGULATIONS[holding.regulation] : null
}
