// Who must consent: the guardian, the pupil, or both, by purpose and age.
//
// Law 91/2025/QH15: a child is under 16, and a representative exercises the child's rights; from 7 years the child's own
// consent is needed too before anything of the child's private life is made public; from 16 the pupil consents.

export type ConsentPurpose = 'CONTACT_BOOK' | 'VENDOR_EXTRA' | 'HEALTH' | 'MEDIA' | 'RESEARCH'
export type ConsentGiver = 'GUARDIAN' | 'STUDENT'

export const CHILD_SPEAKS_FROM = 7
export const CHILD_UNTIL = 16

/** Whole years on a day, both as `2026-11-22`. Born on 29 February: older on 1 March, in leap years on the day itself. */
export function ageOn(birthDate: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years
}

/** Those whose consent is needed, all of them. */
export function neededGivers(purpose: ConsentPurpose, age: number): readonly ConsentGiver[] {
  // The contact book writes to the guardian and shows the guardian's own contact: no pupil can agree to that, at any age.
  if (purpose === 'CONTACT_BOOK') return ['GUARDIAN']
  if (age >= CHILD_UNTIL) return ['STUDENT']
  return purpose === 'MEDIA' && age >= CHILD_SPEAKS_FROM ? ['GUARDIAN', 'STUDENT'] : ['GUARDIAN']
}

export function mayGive(giver: ConsentGiver, purpose: ConsentPurpose, age: number): boolean {
  return neededGivers(purpose, age).includes(giver)
}

/** Whether a guardian's consent means something only beside the child's own. */
export function needsChildBeside(giver: ConsentGiver, purpose: ConsentPurpose, age: number): boolean {
  return giver === 'GUARDIAN' && neededGivers(purpose, age).includes('STUDENT')
}
