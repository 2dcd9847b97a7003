// What a change of rights would change, before it is saved: scopes, categories of data, schools and pupils, gained and lost.
import { isScope, SCOPES } from '../../kernel/scopes.ts'
import { beyond } from './terms.ts'

/** Scopes that open rows of pupils. Holding one of them is what makes a pupil visible. */
const PUPIL_SCOPES: readonly string[] = [
  'student.basic.read',
  'student.sensitive.read',
  'guardian.contact.read',
  'health.read',
  'gradebook.read',
  'attendance.read',
  'message.read',
]

/** What one agreement lets an application do at one school on one day, and for whom. */
export interface Reach {
  readonly scopeNames: readonly string[]
  /** Empty: every level. */
  readonly levels: readonly string[]
  /** Empty: every school year. */
  readonly schoolYears: readonly string[]
}

/** Pupils of a school who study at one level in one school year; null for those without a class. */
export interface Pupils {
  readonly level: string | null
  readonly schoolYear: string | null
  readonly count: number
}

/** By name, as `Student.fullName`: alternatives of scopes, one of which must be held whole. */
export type ContractFields = ReadonlyMap<string, readonly (readonly string[])[]>

export interface Difference {
  readonly fieldsGained: readonly string[]
  readonly fieldsLost: readonly string[]
  readonly scopesGained: readonly string[]
  readonly scopesLost: readonly string[]
  readonly dataGained: readonly string[]
  readonly dataLost: readonly string[]
  readonly schoolGained: boolean
  readonly schoolLost: boolean
  readonly pupilsGained: number
  readonly pupilsLost: number
}

const dataBehind = (scopes: readonly string[]): string[] => [
  ...new Set(scopes.filter(isScope).flatMap((scope) => SCOPES[scope].dataCategories)),
]

const names = (list: readonly string[], one: string | null): boolean => list.length === 0 || (one !== null && list.includes(one))

/** As the walls of the database have it: by the terms of any agreement that lends a scope over pupils. */
const shows =
  (reaches: readonly Reach[]) =>
  ({ level, schoolYear }: Pupils): boolean =>
    reaches.some(
      (reach) =>
        reach.scopeNames.some((scope) => PUPIL_SCOPES.includes(scope)) &&
        names(reach.levels, level) &&
        names(reach.schoolYears, schoolYear),
    )

export const showsEveryPupil = (reaches: readonly Reach[]): boolean => shows(reaches)({ level: null, schoolYear: null, count: 0 })

const fieldsUnder = (fields: ContractFields, scopes: readonly string[]): string[] =>
  [...fields].flatMap(([field, anyOf]) => (anyOf.some((all) => beyond(all, scopes).length === 0) ? [field] : []))

const sum = (pupils: readonly Pupils[]): number => pupils.reduce((total, { count }) => total + count, 0)

export function differenceOf(
  before: readonly Reach[],
  after: readonly Reach[],
  pupils: readonly Pupils[],
  fields: ContractFields,
): Difference {
  const [was, is] = [before, after].map((reaches) => [...new Set(reaches.flatMap(({ scopeNames }) => scopeNames))]) as [
    string[],
    string[],
  ]
  const [fieldsWere, fieldsAre] = [fieldsUnder(fields, was), fieldsUnder(fields, is)]
  const [sawBefore, seesAfter] = [shows(before), shows(after)]
  const [dataWas, dataIs] = [dataBehind(was), dataBehind(is)]
  return {
    scopesGained: beyond(is, was),
    scopesLost: beyond(was, is),
    dataGained: beyond(dataIs, dataWas),
    dataLost: beyond(dataWas, dataIs),
    fieldsGained: beyond(fieldsAre, fieldsWere),
    fieldsLost: beyond(fieldsWere, fieldsAre),
    schoolGained: was.length === 0 && is.length > 0,
    schoolLost: was.length > 0 && is.length === 0,
    pupilsGained: sum(pupils.filter((each) => seesAfter(each) && !sawBefore(each))),
    pupilsLost: sum(pupils.filter((each) => sawBefore(each) && !seesAfter(each))),
  }
}
