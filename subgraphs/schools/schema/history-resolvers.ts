// The history of every kind of record of the roster: on which type, under which scope.
import type { ClassType } from 'type-graphql'
import { defineHistory } from '../../kernel/records/history-reading.ts'
import { historyOf, recordVersionsBy } from '../../kernel/records/history-resolvers.ts'
import type { Scope } from '../../kernel/scopes.ts'
import { PART_NAMES, PARTS, type PartName } from '../roster/history.ts'
import { externalIdOf } from '../store/loaders.ts'
import { HealthRecord } from './consented-types.ts'
import { Campus, Facility } from './facility-types.ts'
import { StudentTransfer } from './transfer-types.ts'
import {
  ClassRoom,
  Enrolment,
  Guardian,
  HomeroomAssignment,
  School,
  Staff,
  Student,
  StudentProfile,
  StudentSensitive,
  TeachingAssignment,
} from './types.ts'

/** Each of these types has its history under the rule of its own fields. */
const TYPES: Readonly<Record<PartName, ClassType>> = {
  School,
  Campus,
  Facility,
  ClassRoom,
  Staff,
  TeachingAssignment,
  HomeroomAssignment,
  Student,
  StudentProfile,
  StudentSensitive,
  Enrolment,
  StudentTransfer,
  Guardian,
  HealthRecord,
}

/** Of records that rest on consent an application holds the present one alone. */
const CONSENTED: readonly PartName[] = ['Guardian', 'HealthRecord']

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

const PRESENT_ALONE =
  ' Former versions are told to people of the school alone: a consent opens what the record says now. Law 91/2025/QH15.'

export const historyResolvers: readonly ClassType[] = [
  recordVersionsBy(externalIdOf),
  ...PART_NAMES.map((name) =>
    historyOf(
      TYPES[name],
      defineHistory(name, 'schools', SCOPES[name], PARTS[name]),
      CONSENTED.includes(name) ? PRESENT_ALONE : '',
    ),
  ),
]
