// Which grades a level has, and what the name of a class says of its grade.
export type Level = 'MN' | 'TH' | 'THCS' | 'THPT' | 'GDTX'

const GRADES: Readonly<Record<Level, readonly [from: number, to: number]>> = {
  MN: [13, 18],
  TH: [1, 5],
  THCS: [6, 9],
  THPT: [10, 12],
  GDTX: [1, 12],
}

export function hasGrade(level: Level, grade: number): boolean {
  const [from, to] = GRADES[level]
  return Number.isInteger(grade) && grade >= from && grade <= to
}

/** `10A1` is of grade 10; a preschool's names say nothing. */
export function nameFitsGrade(name: string, grade: number): boolean {
  if (grade > 12) return true
  const digits = /^\d{1,2}/.exec(name)?.[0]
  return digits === undefined || Number(digits) === grade
}

/**
 * After these grades a pupil has finished: preschool at five, primary, lower and upper secondary school. Continuing education
 * teaches the programmes of all three.
 */
export function isFinalGrade(level: Level, grade: number): boolean {
  return level === 'GDTX' ? [5, 9, 12].includes(grade) : GRADES[level][1] === grade
}

/** `6A` of grade 6 is `7A` of grade 7; null where the name does not begin with the grade. */
export function renamedToGrade(name: string, grade: number, to: number): string | null {
  const digits = /^\d{1,2}/.exec(name)?.[0]
  return digits !== undefined && Number(digits) === grade && to <= 12 ? `${to}${name.slice(digits.length)}` : null
}
