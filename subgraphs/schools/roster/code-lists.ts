// The published code lists, as `schema/codes/` holds them: data with a source and a version, no list in the code.
import entryKind from '../../../schema/codes/entry-kind.json' with { type: 'json' }
import ethnicity from '../../../schema/codes/ethnicity.json' with { type: 'json' }
import guardianRelation from '../../../schema/codes/guardian-relation.json' with { type: 'json' }
import leavingReason from '../../../schema/codes/leaving-reason.json' with { type: 'json' }
import ownership from '../../../schema/codes/ownership.json' with { type: 'json' }
import schoolLevel from '../../../schema/codes/school-level.json' with { type: 'json' }
import sex from '../../../schema/codes/sex.json' with { type: 'json' }
import staffStatus from '../../../schema/codes/staff-status.json' with { type: 'json' }
import studentStatus from '../../../schema/codes/student-status.json' with { type: 'json' }

export interface CodeOfList {
  readonly code: string
  readonly name: string
  readonly nameEn: string | null
}

export interface ListOfCodes {
  readonly list: string
  readonly name: string
  readonly nameEn: string
  readonly source: string
  readonly version: string
  readonly codes: readonly CodeOfList[]
}

export const CODE_LISTS: readonly ListOfCodes[] = [
  entryKind,
  ethnicity,
  guardianRelation,
  leavingReason,
  ownership,
  schoolLevel,
  sex,
  staffStatus,
  studentStatus,
]

const CODES: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  CODE_LISTS.map(({ list, codes }) => [list, new Set(codes.map(({ code }) => code))]),
)

export const isCodeOf = (
  list: 'ETHNICITY' | 'GUARDIAN_RELATION' | 'OWNERSHIP' | 'LEAVING_REASON' | 'STAFF_STATUS',
  code: string,
): boolean => CODES.get(list)!.has(code)
