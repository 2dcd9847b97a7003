// Which age goes with which grade: a first-grader turns six in the year the school year begins. TT28/2020, TT32/2020.
import type { Level } from './grades.ts'

/** Age by calendar year at the beginning of the school year. Grades 13–15 are nhà trẻ (under three), 16–18 mẫu giáo (three to five). */
export function usualAge(grade: number): number {
  if (grade <= 12) return grade + 5
  return grade - 13
}

export type AgeVerdict = 'USUAL' | 'UNUSUAL' | 'IMPOSSIBLE'

/**
 * Skipping a grade or starting three years late happens and is not even unusual; who is more than two years early or ten
 * years late is somebody else, or the date is wrong. Continuing education takes adults of any age.
 */
export function judgeAge(birthDate: string, grade: number, level: Level, startYear: number): AgeVerdict {
  const late = startYear - Number(birthDate.slice(0, 4)) - usualAge(grade)
  if (late < -2 || (level !== 'GDTX' && late > (level === 'MN' ? 3 : 10))) return 'IMPOSSIBLE'
  return late < -1 || (level !== 'GDTX' && late > 3) ? 'UNUSUAL' : 'USUAL'
}
