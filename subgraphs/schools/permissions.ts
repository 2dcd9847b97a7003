// Who may see what of the roster. The scope directives of the SDL and the shield tree both derive from this.
import { connectionRules, pageInfoRules } from '../kernel/connection.ts'
import { authenticated, fields, needs, type Permissions } from '../kernel/permissions.ts'
import { provenanceRules } from '../kernel/provenance.ts'

const school = needs('school.read')
const student = needs('student.basic.read')
const staff = needs('staff.read')

export const permissions: Permissions = {
  Query: {
    ...fields(school, 'school', 'schools', 'classRoom', 'schoolYears', 'subjects', 'authorities'),
    ...fields(student, 'student'),
  },
  School: {
    ...fields(authenticated, 'id'),
    ...fields(
      school,
      'code',
      'name',
      'levels',
      'ownership',
      'communeCode',
      'address',
      'version',
      'updatedAt',
      'managingAuthority',
      'classRooms',
      'provenance',
    ),
    ...fields(student, 'students'),
    ...fields(staff, 'staff'),
  },
  ClassRoom: {
    ...fields(authenticated, 'schoolId', 'id'),
    ...fields(school, 'name', 'grade', 'level', 'version', 'updatedAt', 'school', 'schoolYear', 'provenance'),
    ...fields(student, 'students'),
    ...fields(staff, 'teachingAssignments', 'homeroomTeacher'),
  },
  Student: {
    ...fields(authenticated, 'schoolId', 'id'),
    ...fields(
      student,
      'code',
      'fullName',
      'sex',
      'birthDate',
      'status',
      'version',
      'updatedAt',
      'school',
      'classRoom',
      'enrolments',
      'provenance',
    ),
    guardians: needs('student.basic.read', 'guardian.contact.read'),
    sensitive: needs('student.sensitive.read'),
  },
  StudentSensitive: fields(needs('student.sensitive.read'), 'personalNumber', 'ethnicityCode'),
  Guardian: fields(needs('guardian.contact.read'), 'id', 'fullName', 'relation', 'phone'),
  Enrolment: fields(student, 'id', 'admittedOn', 'leftOn', 'status', 'leavingReason', 'classRoom'),
  Staff: {
    ...fields(authenticated, 'schoolId', 'id'),
    ...fields(staff, 'code', 'fullName', 'sex', 'position', 'status', 'version', 'updatedAt', 'provenance'),
  },
  TeachingAssignment: fields(staff, 'id', 'teacher', 'classRoom', 'subject', 'term'),
  Authority: {
    ...fields(authenticated, 'id'),
    ...fields(school, 'code', 'kind', 'name', 'nameEn', 'validFrom', 'validTo', 'parent'),
  },
  SchoolYear: { ...fields(authenticated, 'id'), ...fields(school, 'code', 'startsOn', 'endsOn', 'terms') },
  Term: {
    ...fields(authenticated, 'id'),
    ...fields(school, 'level', 'code', 'name', 'startsOn', 'endsOn', 'examFrom', 'examTo', 'schoolYear'),
  },
  Subject: { ...fields(authenticated, 'code'), ...fields(school, 'name', 'nameEn', 'assessment', 'levels') },
  ...connectionRules('School'),
  ...connectionRules('ClassRoom'),
  ...connectionRules('Student'),
  ...connectionRules('Staff'),
  ...provenanceRules,
  PageInfo: pageInfoRules,
}
