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

/** What an application may do at one school on one day. */
export interface Reach {
  readonly scopeNames: readonly string[]
}

export interface Difference {
  readonly scopesGained: readonly string[]
  readonly scopesLost: readonly string[]
  readonly dataGained: readonly string[]
  readonly dataLost: readonly string[]
  readonly schoolGained: boolean
  readonly schoolLost: boolean
  readonly pupilsGained: boolean
  readonly pupilsLost: boolean
}

const dataBehind = (scopes: readonly string[]): string[] => [
  ...new Set(scopes.filter(isScope).flatMap((scope) => SCOPES[scope].dataCategories)),
]
const showsPupils = (scopes: readonly string[]): boolean => scopes.some((scope) => PUPIL_SCOPES.includes(scope))

export function differenceOf(before: Reach, after: Reach): Difference {
  const [was, is] = [before.scopeNames, after.scopeNames]
  const [dataWas, dataIs] = [dataBehind(was), dataBehind(is)]
  return {
    scopesGained: beyond(is, was),
    scopesLost: beyond(was, is),
    dataGained: beyond(dataIs, dataWas),
    dataLost: beyond(dataWas, dataIs),
    schoolGained: was.length === 0 && is.length > 0,
    schoolLost: was.length > 0 && is.length === 0,
    pupilsGained: !showsPupils(was) && showsPupils(is),
    pupilsLost: showsPupils(was) && !showsPupils(is),
  }
}
