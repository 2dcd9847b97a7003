// Every argument by which a caller can name a thing, read off the schema: a new one that nobody has placed fails the test.
import { getNamedType, isInputObjectType, isScalarType, type GraphQLField, type GraphQLInputType } from 'graphql'

export type Kind =
  | 'SCHOOL'
  | 'CLASS_ROOM'
  | 'STUDENT'
  | 'STAFF'
  | 'GUARDIAN'
  | 'APPLICATION'
  | 'VENDOR'
  | 'AGREEMENT'
  | 'PROPOSAL'
  | 'CREDENTIAL'
  | 'ACCOUNT'
  | 'AUTHORITY'
  | 'SANDBOX'
  | 'CONFLICT'
  | 'MATCH'
  | 'MERGE'
  | 'HEALTH_RECORD'
  | 'FACILITY'
  | 'CAMPUS'

export type By = 'id' | 'code' | 'externalId'

export interface Leaf {
  /** `input.scores.student.code`: lists are stepped over. */
  readonly path: string
  readonly kind: Kind
  readonly by: By
}

/** Types whose fields `id`, `code` (or `name`) and `externalId` name one thing. */
const OF_TYPE: Readonly<Record<string, Kind>> = {
  SchoolRef: 'SCHOOL',
  ClassRoomRef: 'CLASS_ROOM',
  ClassRoomKey: 'CLASS_ROOM',
  ClassRoomOfYearRef: 'CLASS_ROOM',
  ClassRoomInput: 'CLASS_ROOM',
  StudentRef: 'STUDENT',
  StudentInput: 'STUDENT',
  StaffRef: 'STAFF',
  StaffInput: 'STAFF',
  SchoolInput: 'SCHOOL',
  GuardianInput: 'GUARDIAN',
  FacilityInput: 'FACILITY',
  CampusInput: 'CAMPUS',
  ApplicationRef: 'APPLICATION',
}
const BY: Readonly<Record<string, By>> = { id: 'id', code: 'code', name: 'code', externalId: 'externalId' }

/** Arguments and fields that name a thing wherever they stand. */
const OF_NAME: Readonly<Record<string, Kind>> = {
  schoolId: 'SCHOOL',
  studentId: 'STUDENT',
  classRoomId: 'CLASS_ROOM',
  guardianId: 'GUARDIAN',
  applicationId: 'APPLICATION',
  vendorId: 'VENDOR',
  agreementId: 'AGREEMENT',
  proposalId: 'PROPOSAL',
  credentialId: 'CREDENTIAL',
  accountId: 'ACCOUNT',
  authorityId: 'AUTHORITY',
  conflict: 'CONFLICT',
  match: 'MATCH',
}

const OF_FIELD: Readonly<Record<string, Kind>> = {
  'undoMerge.input.merges.merge': 'MERGE',
  'sandboxTenant.id': 'SANDBOX',
  'resetSandbox.id': 'SANDBOX',
  'upsertGuardians.input.guardians.id': 'GUARDIAN',
  'upsertHealthRecords.input.records.id': 'HEALTH_RECORD',
}

/** Words that name nothing of anybody: texts, days, public lists of the province, and cursors, which are signed for one caller. */
const NAMES_NOTHING = new Set(
  `after reason purpose scope scopes levels schoolYear schoolYears subject term month communeCode document operationName
   fullName legalName contactName contactEmail contactPhone dataProtectionOfficer dataProtectionOfficerEmail taxCode number
   decisionNumber certificateNumber publicKey birthDate position birthplace nationality address admittedOn on personalNumber
   ethnicityCode disability policyGroup reference validFrom validTo from to parentCode level commune province nameEn relation phone job endedOn measuredOn eyeDisease dental note
   fromYear toYear planHash startsOn endsOn examFrom examTo`.split(/\s+/),
)

/** Words that stand where a name would, each with why it is none. */
const NAMES_NOTHING_AT: Readonly<Record<string, string>> = {
  'registerDocuments.input.documents.text': 'looked for on the list of the application already named',
  'registerDocuments.input.documents.documentId': 'compared with the text beside it',
  'retireDocuments.documentIds': 'looked for on the list of the application already named',
  'recordScores.input.scores.externalId': 'what the caller will call the mark: nothing is looked up by it',
  'registerVendor.input.code': 'the register is open, and its codes are unique: see decision 0020',
  'registerApplication.input.code': 'the register is open, and its codes are unique: see decision 0020',
  'registerApplication.input.name': 'the name of a new product',
  'releaseStudents.input.releases.toSchool': 'any school of the province: that it exists is public',
  'claimStudents.input.claims.code': 'one bit by design, the transfer guard’s: decision 0022',
  'previewRollover.input.repeaters.classRoom': 'a class of the school already named',
  'rollOverSchool.input.repeaters.classRoom': 'a class of the school already named',
  'createSandbox.input.name': 'the name of a new sandbox',
  'upsertGuardians.input.guardians.externalId':
    'an own id: it leads to what this caller said of a guardian, and to nothing of others',
  'upsertHealthRecords.input.records.externalId':
    'an own id: it leads to what this caller said of a health record, and to nothing of others',
  'upsertSchools.input.schools.code': 'that a school exists, under which codes, is public',
  'upsertSchools.input.schools.formerCodes': 'that a school exists, under which codes, is public',
  'upsertSchools.input.schools.name': 'the name of the school already named',
  'upsertSchools.input.schools.managedBy.authority': 'the list of authorities is public',
  'upsertSchoolYears.input.schoolYears.code': 'the calendar of the province is public',
  'upsertTerms.input.terms.name': 'the name of the term already named',
  'upsertCampuses.input.campuses.code': 'a campus of the school already named',
  'upsertCampuses.input.campuses.name': 'a campus of the school already named',
  'schools.filter.codes': 'leaves some of the open schools out',
  'schools.filter.search': 'leaves some of the open schools out',
  'classRooms.filter.names': 'leaves some of the rows of the school already named out',
  'students.filter.codes': 'leaves some of the rows of the school already named out',
  'students.filter.search': 'leaves some of the rows of the school already named out',
  'staff.filter.codes': 'leaves some of the rows of the school already named out',
  'staff.filter.positions': 'leaves some of the rows of the school already named out',
  'staff.filter.search': 'leaves some of the rows of the school already named out',
}

export interface Leaves {
  readonly naming: readonly Leaf[]
  /** Arguments that nobody has placed. */
  readonly unplaced: readonly string[]
}

export function leavesOf(field: GraphQLField<unknown, unknown>): Leaves {
  const naming: Leaf[] = []
  const unplaced: string[] = []
  const walk = (type: GraphQLInputType, path: string, name: string, parent: string): void => {
    const named = getNamedType(type)
    if (isInputObjectType(named)) {
      for (const each of Object.values(named.getFields())) walk(each.type, `${path}.${each.name}`, each.name, named.name)
      return
    }
    if (!isScalarType(named) || (named.name !== 'ID' && named.name !== 'String')) return
    const place = `${field.name}.${path}`
    const typed = OF_TYPE[parent]
    if (place in NAMES_NOTHING_AT || NAMES_NOTHING.has(name)) return
    if (typed && BY[name]) naming.push({ path, kind: typed, by: BY[name] })
    else if (OF_FIELD[place] || OF_NAME[name]) naming.push({ path, kind: (OF_FIELD[place] ?? OF_NAME[name])!, by: 'id' })
    else unplaced.push(place)
  }
  for (const { name, type } of field.args) walk(type, name, name, '')
  return { naming, unplaced }
}
