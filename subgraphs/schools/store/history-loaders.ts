// Versions of records, many records a query, each part under the scope of the fields that it tells.
import { defineBatch, type BatchLoad, type SchoolKey } from '../../kernel/context.ts'
import type { Scope } from '../../kernel/scopes.ts'
import { PART_NAMES, PARTS, type PartName } from '../roster/history.ts'
import { versionsOf } from './history-queries.ts'

/** A page of the versions of one record. */
export interface VersionsAsked extends SchoolKey {
  /** The page begins below this version. */
  readonly before: number
  readonly size: number
}

export interface VersionRow {
  readonly version: number
  readonly validFrom: string
  readonly validTo: string | null
  readonly replacedByAccountId: string | null
  readonly applicationId: string | null
  readonly texts: readonly (string | null)[]
}

/** The scope under which the school is opened: that of the type. */
const SCOPES: Readonly<Record<PartName, Scope>> = {
  School: 'school.read',
  Campus: 'school.read',
  Facility: 'school.read',
  ClassRoom: 'school.read',
  Staff: 'staff.read',
  TeachingAssignment: 'staff.read',
  HomeroomAssignment: 'staff.read',
  Student: 'student.basic.read',
  StudentProfile: 'student.basic.read',
  StudentSensitive: 'student.sensitive.read',
  Enrolment: 'student.basic.read',
  StudentTransfer: 'student.basic.read',
  Guardian: 'guardian.contact.read',
  HealthRecord: 'health.read',
}

function versionsUnder(name: PartName): BatchLoad<VersionsAsked, VersionRow[]> {
  const text = versionsOf(PARTS[name])
  return defineBatch(
    ({ schoolId, id, before, size }) => `${schoolId}/${id}/${before}/${size}`,
    (context, asked) =>
      context.database.read(
        context,
        { scope: SCOPES[name], schools: [...new Set(asked.map(({ schoolId }) => schoolId))] },
        async (tx) => {
          const rows = await tx.query<VersionRow & { place: number; studentId: string | null } & Record<string, unknown>>(text, [
            asked.map(({ schoolId }) => schoolId),
            asked.map(({ id }) => id),
            asked.map(({ before }) => before),
            asked.map(({ size }) => size),
            tx.schools,
          ])
          const pages: VersionRow[][] = asked.map(() => [])
          for (const { place, studentId, ...row } of rows) {
            if (studentId !== null) context.touched.students.add(studentId)
            const page = pages[place - 1]!
            if (page.length < asked[place - 1]!.size) page.push(row)
          }
          return pages
        },
      ),
  )
}

export const versionLoads = Object.fromEntries(PART_NAMES.map((name) => [name, versionsUnder(name)])) as Readonly<
  Record<PartName, BatchLoad<VersionsAsked, VersionRow[]>>
>
