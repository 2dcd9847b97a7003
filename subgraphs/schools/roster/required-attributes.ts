// Which attributes a profile must have, as `schema/required-attributes.json` lists them: data with a source and a version.
import required from '../../../schema/required-attributes.json' with { type: 'json' }
import type { Scope } from '../../kernel/scopes.ts'
import type { Level } from './grades.ts'

export type Profile = 'SCHOOL' | 'CLASS_ROOM' | 'STAFF' | 'STUDENT'

export interface RequiredAttribute {
  readonly field: string
  readonly name: string
  /** Null: at every level. */
  readonly levels: readonly Level[] | null
}

const BY_PROFILE = new Map(
  required.profiles.map(({ profile, attributes }) => [profile, attributes as readonly RequiredAttribute[]]),
)

export const requiredOf = (profile: Profile): readonly RequiredAttribute[] => BY_PROFILE.get(profile) ?? []

/** What counts as sensitive or is kept as closely: that it is missing is told where it could be read. Law 91/2025/QH15. */
const SENSITIVE = new Set(['personalNumber', 'ethnicityCode'])
export const isSensitive = ({ field }: RequiredAttribute): boolean => SENSITIVE.has(field)

/** Under which scope a profile is read. */
export const SCOPE_OF: Readonly<Record<Profile, Scope>> = {
  SCHOOL: 'school.read',
  CLASS_ROOM: 'school.read',
  STAFF: 'staff.read',
  STUDENT: 'student.basic.read',
}
