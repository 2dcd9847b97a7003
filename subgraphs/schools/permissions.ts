// Who may see what of the roster. The scope directives of the SDL and the shield tree both derive from this.
import { batchPayloadRules, batchRules, rootCauseRules } from '../kernel/batch.ts'
import { connectionRules, pageInfoRules } from '../kernel/connection.ts'
import { PlatformError } from '../kernel/errors.ts'
import { authenticated, fields, needs, needsOneOf, when, type Guard, type Permissions } from '../kernel/permissions.ts'
import { provenanceRules } from '../kernel/provenance.ts'
import { historyRules } from '../kernel/records/history-resolvers.ts'
import { SCOPE_OF, type Profile } from './roster/required-attributes.ts'

const school = needs('school.read')
const student = needs('student.basic.read')
const staff = needs('staff.read')

const writeSchool = needs('school.write')
const writeStaff = needs('staff.write')
const writeGuardian = needs('guardian.contact.write')
const writeHealth = needs('health.write')
const readHealth = needs('health.read')
const writeStudent = needs('student.basic.write')
/** The scope of each field is asked for record by record. */
const writeSome = needsOneOf('student.basic.write', 'school.write', 'staff.write', 'guardian.contact.write', 'health.write')

/**
 * The roster is kept by a school's own products and by its principal, who may also work through a product. An officer of an
 * authority oversees and does not keep; a teacher's tools act within the teacher's assignments, which are not theirs to write.
 */
export const onlyKeepers: Guard = (_args, { viewer }) =>
  viewer.accountId === null || viewer.role === 'PRINCIPAL'
    ? true
    : new PlatformError('ACT_FORBIDDEN', {
        message: 'The roster is written by applications of the school and by its principal.',
        messageVi: 'Hồ sơ nhà trường do ứng dụng của trường và hiệu trưởng ghi.',
      })

/** Which product keeps what is the school's own word, or the Sở's: no product says it, not even in the principal's name. */
export const onlyPrincipalsAndOfficers: Guard = (_args, { viewer }) =>
  viewer.applicationId === null && (viewer.role === 'PRINCIPAL' || viewer.role === 'AUTHORITY_OFFICER')
    ? true
    : new PlatformError('ACT_FORBIDDEN', {
        message: 'The principal or an officer of the Department decides this, signed in personally.',
        messageVi: 'Việc này do hiệu trưởng hoặc cán bộ Sở đăng nhập và quyết định.',
      })

/** Which schools and school years there are is said by the authority in person; on which of them it may, the service looks up. */
export const onlyAuthorities: Guard = (_args, { viewer }) =>
  viewer.applicationId === null && viewer.role === 'AUTHORITY_OFFICER' && viewer.authorityId !== null
    ? true
    : new PlatformError('ACT_FORBIDDEN', {
        message:
          'Schools are written by officers of the Sở and of the communes that manage them, the calendar by those of the Sở.',
        messageVi: 'Danh sách trường do cán bộ Sở và xã, phường quản lý trực tiếp ghi, khung thời gian năm học do cán bộ Sở ghi.',
      })

/** Input has no rules of its own: whoever sends sensitive data needs the scope for it, before anything is looked at. */
const SENSITIVE = needs('student.sensitive.write')
export const sensitiveBySensitiveScope: Guard = (args, context, info) => {
  const { students } = args.input as { students: readonly { sensitive?: unknown }[] }
  const sends = students.some(({ sensitive }) => sensitive !== null && sensitive !== undefined)
  if (sends && !context.viewer.scopes.includes('student.sensitive.write'))
    return new PlatformError('SCOPE_MISSING', { requiredScopes: SENSITIVE.anyOf })
  return onlyKeepers(args, context, info)
}

/** A pupil is let go by the school or by the authority that manages it; on which day it does, the service looks up. */
export const keepersOrManagers: Guard = (args, context, info) =>
  context.viewer.accountId !== null && context.viewer.applicationId === null && context.viewer.role === 'AUTHORITY_OFFICER'
    ? true
    : onlyKeepers(args, context, info)

/** A personal number is sensitive also as the word by which a pupil is claimed. */
export const claimsByNumberBySensitiveScope: Guard = (args, context, info) => {
  const { claims } = args.input as { claims: readonly { personalNumber?: string | null }[] }
  if (claims.some(({ personalNumber }) => personalNumber) && !context.viewer.scopes.includes('student.sensitive.write'))
    return new PlatformError('SCOPE_MISSING', { requiredScopes: SENSITIVE.anyOf })
  return onlyKeepers(args, context, info)
}

/** Who claims how often is watched by offices; a vendor's rivals at a school are not its business. */
export const onlyOverseers: Guard = (_args, { viewer }) =>
  viewer.applicationId === null && (viewer.role === 'COMPLIANCE_OFFICER' || viewer.role === 'AUTHORITY_OFFICER')
    ? true
    : new PlatformError('ACT_FORBIDDEN', {
        message: 'Claims are counted for compliance officers and for the officers of authorities.',
        messageVi: 'Số lần tiếp nhận dành cho cán bộ giám sát tuân thủ và cán bộ cơ quan quản lý.',
      })

/** A rollover makes classes and moves pupils. */
const writeYear = needs('school.write', 'student.basic.write')

const claims = needsOneOf('access.review', 'school.read')

/** The records of a profile are listed under the scope of that profile. */
export const profileByItsScope: Guard = ({ profile }, { viewer }) => {
  const scope = SCOPE_OF[profile as Profile]
  return viewer.scopes.includes(scope) || new PlatformError('SCOPE_MISSING', { requiredScopes: [[scope]] })
}

export const permissions: Permissions = {
  Mutation: {
    rollOverSchool: when(writeYear, onlyKeepers),
    releaseStudents: when(writeStudent, keepersOrManagers),
    claimStudents: when(writeStudent, claimsByNumberBySensitiveScope),
    ...fields(
      when(writeSchool, onlyKeepers),
      'upsertClasses',
      'assignTeachers',
      'assignHomerooms',
      'upsertFacilities',
      'upsertCampuses',
    ),
    ...fields(when(writeSchool, onlyAuthorities), 'upsertSchools', 'upsertSchoolYears', 'upsertTerms'),
    upsertGuardians: when(writeGuardian, onlyKeepers),
    upsertHealthRecords: when(writeHealth, onlyKeepers),
    upsertStaff: when(writeStaff, onlyKeepers),
    upsertStudents: when(writeStudent, sensitiveBySensitiveScope),
    ...fields(when(writeStudent, onlyKeepers), 'enrolStudents', 'moveStudents', 'recordLeaving'),
    ...fields(when(writeStudent, onlyKeepers), 'mergeStudents', 'undoMerge'),
    dismissIdentityMatches: when(writeStudent, onlyKeepers),
    setFieldOwners: when(writeSchool, onlyPrincipalsAndOfficers),
    resolveConflicts: when(writeSome, onlyKeepers),
  },
  Query: {
    ...fields(
      school,
      'school',
      'schools',
      'classRoom',
      'schoolYears',
      'subjects',
      'authorities',
      'codeLists',
      'administrativeUnits',
    ),
    ...fields(school, 'fieldOwners', 'conflicts'),
    ...fields(student, 'student', 'identityMatches', 'studentMerges'),
    transferClaims: when(claims, onlyOverseers),
    previewRollover: when(writeYear, onlyKeepers),
    classRooms: school,
    students: needs('school.read', 'student.basic.read'),
    staff: needs('school.read', 'staff.read'),
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
      'formerCodes',
      'validFrom',
      'validTo',
      'campuses',
      'facilities',
      'classRooms',
      'provenance',
      'completeness',
      'history',
    ),
    ...fields(student, 'students'),
    ...fields(staff, 'staff'),
    incompleteRecords: when(school, profileByItsScope),
  },
  ClassRoom: {
    ...fields(authenticated, 'schoolId', 'id'),
    ...fields(school, 'name', 'grade', 'level', 'version', 'updatedAt', 'school', 'schoolYear', 'provenance', 'history'),
    ...fields(student, 'students', 'completeness'),
    ...fields(staff, 'teachingAssignments', 'homeroomAssignment', 'homeroomTeacher'),
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
      'profile',
      'provenance',
      'missingAttributes',
      'history',
    ),
    transfers: student,
    healthRecords: needs('student.basic.read', 'health.read'),
    guardians: needs('student.basic.read', 'guardian.contact.read'),
    sensitive: needs('student.sensitive.read'),
  },
  StudentSensitive: fields(
    needs('student.sensitive.read'),
    'personalNumber',
    'ethnicityCode',
    'disability',
    'policyGroup',
    'poorHousehold',
    'feeRelief',
    'history',
  ),
  StudentProfile: fields(
    student,
    'birthplace',
    'nationality',
    'communeCode',
    'address',
    'boarding',
    'youthMembership',
    'canSwim',
    'history',
  ),
  Guardian: fields(
    needs('guardian.contact.read'),
    'id',
    'fullName',
    'relation',
    'phone',
    'birthYear',
    'job',
    'address',
    'endedOn',
    'version',
    'updatedAt',
    'provenance',
    'history',
  ),
  GuardianReceipt: { ...fields(writeGuardian, 'id'), ...fields(needs('guardian.contact.read'), 'guardian') },
  HealthRecordReceipt: { ...fields(writeHealth, 'id'), ...fields(readHealth, 'record') },
  HealthRecord: fields(
    readHealth,
    'id',
    'measuredOn',
    'heightCm',
    'weightKg',
    'eyeDisease',
    'visionLeft',
    'visionRight',
    'dental',
    'note',
    'void',
    'version',
    'updatedAt',
    'provenance',
    'history',
  ),
  Enrolment: fields(student, 'id', 'admittedOn', 'leftOn', 'status', 'leavingReason', 'rollNumber', 'classRoom', 'history'),
  StudentTransfer: fields(
    student,
    'id',
    'direction',
    'state',
    'personId',
    'releasedOn',
    'takenOn',
    'reason',
    'otherSchoolCode',
    'otherSchoolName',
    'formerClass',
    'formerGrade',
    'formerYear',
    'version',
    'updatedAt',
    'history',
  ),
  RolloverResult: fields(writeYear, 'status', 'plan'),
  RolloverPlan: fields(writeYear, 'state', 'hash', 'summary', 'classes', 'graduates', 'problems', 'warnings'),
  RolloverSummary: fields(writeYear, 'promoted', 'repeated', 'graduated', 'present', 'newClasses'),
  RolloverClass: fields(writeYear, 'name', 'grade', 'level', 'isNew', 'size', 'members'),
  RolloverMember: { ...fields(writeYear, 'outcome', 'fromClass', 'rollNumber'), student },
  RolloverRemark: fields(writeYear, 'code', 'path', 'count', 'message', 'messageVi'),
  TransferClaimCount: fields(claims, 'schoolCode', 'application', 'day', 'asked', 'matched', 'taken', 'refused'),
  Staff: {
    ...fields(authenticated, 'schoolId', 'id'),
    ...fields(
      staff,
      'code',
      'fullName',
      'sex',
      'position',
      'status',
      'version',
      'updatedAt',
      'provenance',
      'missingAttributes',
      'history',
    ),
  },
  // Counts and names of attributes; which of them are told follows from the scopes of each profile.
  ProfileCompleteness: fields(school, 'profile', 'records', 'complete', 'missing'),
  MissingAttribute: fields(school, 'field', 'name', 'records'),
  IncompleteRecord: fields(school, 'profile', 'id', 'key', 'missing'),
  Facility: fields(
    school,
    'id',
    'period',
    'schoolYear',
    'rooms',
    'electricity',
    'cleanWater',
    'separateToilets',
    'internet',
    'handWashing',
    'disabilityAccess',
    'computers',
    'nationalStandard',
    'accreditation',
    'landArea',
    'version',
    'updatedAt',
    'provenance',
    'history',
  ),
  FacilityRooms: fields(school, 'kind', 'grade', 'count', 'area'),
  Campus: fields(
    school,
    'id',
    'code',
    'name',
    'address',
    'communeCode',
    'validFrom',
    'validTo',
    'version',
    'updatedAt',
    'provenance',
    'history',
  ),
  CodeList: fields(school, 'list', 'name', 'nameEn', 'source', 'version', 'codes'),
  Code: fields(school, 'code', 'name', 'nameEn'),
  TeachingAssignment: fields(
    staff,
    'id',
    'teacher',
    'classRoom',
    'subject',
    'term',
    'active',
    'startsOn',
    'endedOn',
    'version',
    'updatedAt',
    'history',
  ),
  HomeroomAssignment: fields(
    staff,
    'id',
    'teacher',
    'classRoom',
    'active',
    'startsOn',
    'endedOn',
    'version',
    'updatedAt',
    'history',
  ),
  Authority: {
    ...fields(authenticated, 'id'),
    ...fields(school, 'code', 'kind', 'name', 'nameEn', 'validFrom', 'validTo', 'parent'),
  },
  SchoolYear: {
    ...fields(authenticated, 'id'),
    ...fields(school, 'code', 'startsOn', 'endsOn', 'version', 'updatedAt', 'terms', 'provenance'),
  },
  Term: {
    ...fields(authenticated, 'id'),
    ...fields(school, 'level', 'code', 'name', 'startsOn', 'endsOn', 'examFrom', 'examTo', 'schoolYear'),
    ...fields(school, 'version', 'updatedAt', 'provenance'),
  },
  Subject: { ...fields(authenticated, 'code'), ...fields(school, 'name', 'nameEn', 'assessment', 'levels') },
  StudentMerge: fields(
    student,
    'id',
    'mergedId',
    'mergedCode',
    'state',
    'reason',
    'mergedAt',
    'mergedBy',
    'undoReason',
    'undoneAt',
    'version',
    'updatedAt',
    'kept',
  ),
  ...batchPayloadRules('StudentMerge', writeStudent),
  ...connectionRules('StudentMerge'),
  IdentityMatch: fields(
    student,
    'id',
    'score',
    'reasons',
    'state',
    'foundAt',
    'decidedAt',
    'reason',
    'version',
    'updatedAt',
    'landed',
    'candidate',
  ),
  ...batchPayloadRules('IdentityMatch', writeStudent),
  ...connectionRules('IdentityMatch'),
  FieldOwner: fields(school, 'group', 'application', 'basis', 'validFrom', 'validTo', 'reason'),
  FieldConflict: fields(
    school,
    'id',
    'group',
    'field',
    'recordId',
    'naturalKey',
    'currentValue',
    'proposedValue',
    'owner',
    'proposedBy',
    'proposedAt',
    'state',
    'reason',
    'decidedAt',
    'decidedBy',
    'version',
    'updatedAt',
  ),
  ...batchPayloadRules('FieldOwner', writeSchool),
  ...batchPayloadRules('FieldConflict', writeSome),
  ...connectionRules('FieldConflict'),
  ...batchPayloadRules('ClassRoom', writeSchool),
  ...batchPayloadRules('Staff', writeStaff),
  ...batchPayloadRules('Student', writeStudent),
  ...batchPayloadRules('TeachingAssignment', writeSchool),
  ...batchPayloadRules('HomeroomAssignment', writeSchool),
  ...batchPayloadRules('School', writeSchool),
  ...batchPayloadRules('SchoolYear', writeSchool),
  ...batchPayloadRules('Term', writeSchool),
  ...batchPayloadRules('Guardian', writeGuardian),
  ...batchPayloadRules('HealthRecord', writeHealth),
  ...batchPayloadRules('Facility', writeSchool),
  ...batchPayloadRules('Campus', writeSchool),
  ...batchRules,
  ...rootCauseRules,
  ...connectionRules('School'),
  ...connectionRules('ClassRoom'),
  ...connectionRules('Student'),
  ...connectionRules('Staff'),
  ...connectionRules('IncompleteRecord'),
  ...connectionRules('TransferClaimCount'),
  ...historyRules,
  ...provenanceRules,
  PageInfo: pageInfoRules,
}
