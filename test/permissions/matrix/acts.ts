// Every act of the contract: the scopes it takes and who may do it, by hand; and a call of each, made from the contract, that is
// well-formed and says nothing true, so that whoever is let in changes nothing.
import { randomUUID } from 'node:crypto'
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLInputType,
} from 'graphql'
import type { Party } from './facts.ts'
import { contract } from './probes.ts'

/**
 * - `keepers`: applications of the school and its principal. `markers`: applications, also for a teacher.
 * - `officers`, `principals`, `developers`: in person. `parties`: an application by itself, or a principal in person.
 * - `vendors`: an application of the vendor, also for a person, or an officer who approves vendors.
 */
type By =
  | 'keepers'
  | 'keepers and officers'
  | 'markers'
  | 'officers'
  | 'principals'
  | 'principals and officers'
  | 'developers'
  | 'applications'
  | 'parties'
  | 'vendors'
  | 'vendors and developers'
  | 'developers and officers'

export interface Act {
  readonly scopes: readonly (readonly string[])[]
  readonly by: By
  /** The act is done at a school, which must be open to it. */
  readonly atSchool: boolean
  /** Of officers, those of the Sở alone: known when the school is. */
  readonly ofDepartment?: boolean
  /** Concerns the whole school: not within terms that name levels, nor by a product that keeps neither its classes nor its pupils. */
  readonly isWhole?: boolean
}

const acts = (by: By, atSchool: boolean, scopes: Act['scopes'], names: string): Record<string, Act> =>
  Object.fromEntries(names.split(' ').map((name) => [name, { scopes, by, atSchool }]))
const all = (...scopes: string[]): Act['scopes'] => [scopes]

const ROLLOVER: Act = { by: 'keepers', atSchool: true, isWhole: true, scopes: all('school.write', 'student.basic.write') }

const DECIDING = ['student.basic.write', 'school.write', 'staff.write', 'guardian.contact.write', 'health.write'].map((scope) => [
  scope,
])
const CALENDAR: Act = { by: 'officers', atSchool: false, ofDepartment: true, scopes: all('school.write') }

export const ACTS: Readonly<Record<string, Act>> = {
  ...acts('keepers', true, all('school.write'), 'upsertClasses assignTeachers assignHomerooms upsertFacilities upsertCampuses'),
  ...acts('keepers', true, all('staff.write'), 'upsertStaff'),
  ...acts('keepers', true, all('guardian.contact.write'), 'upsertGuardians'),
  ...acts('keepers', true, all('health.write'), 'upsertHealthRecords'),
  ...acts('officers', false, all('school.write'), 'upsertSchools'),
  upsertSchoolYears: CALENDAR,
  upsertTerms: CALENDAR,
  ...acts('officers', false, all('report.approve'), 'setFreshnessThresholds'),
  ...acts('keepers', true, all('student.basic.write'), 'upsertStudents enrolStudents moveStudents recordLeaving claimStudents'),
  ...acts('keepers', true, all('student.basic.write'), 'dismissIdentityMatches mergeStudents undoMerge'),
  ...acts('keepers and officers', true, all('student.basic.write'), 'releaseStudents'),
  // A preview asks what the act would do, of whoever may do it.
  rollOverSchool: ROLLOVER,
  previewRollover: ROLLOVER,
  setFieldOwners: { by: 'principals and officers', atSchool: true, ofDepartment: true, scopes: all('school.write') },
  ...acts('keepers', true, DECIDING, 'resolveConflicts'),
  ...acts('keepers', true, all('guardian.contact.write'), 'upsertGuardians'),
  ...acts('keepers', true, all('health.write'), 'upsertHealthRecords'),
  ...acts('markers', true, all('gradebook.write'), 'recordScores'),
  ...acts('keepers', true, all('consent.write'), 'recordConsents'),
  ...acts('keepers and officers', true, all('consent.write'), 'withdrawConsents'),
  ...acts('principals', false, all('identity.read'), 'signAgreement refuseAgreement removeAccount'),
  ...acts('parties', false, all('identity.read'), 'amendAgreement endAgreement'),
  ...acts('officers', false, all('identity.read'), 'stopAgreement'),
  ...acts('applications', false, all('identity.read'), 'proposeAgreement withdrawProposal'),
  ...acts('officers', false, all('vendor.approve'), 'approveApplication refuseApplication'),
  ...acts('officers', false, all('vendor.approve'), 'suspendApplication reinstateApplication revokeApplication'),
  ...acts('vendors', false, all('identity.read'), 'registerApplication requestScopes'),
  ...acts('vendors and developers', false, all('identity.read'), 'rotateCredential revokeCredential setTokenBinding'),
  ...acts('vendors and developers', false, all('identity.read'), 'registerDocuments retireDocuments setDocumentMode'),
  ...acts('developers', false, all('identity.read'), 'createSandbox resetSandbox'),
  ...acts('developers and officers', false, [['vendor.approve'], ['identity.read']], 'registerVendor'),
}

export function mayAct(by: By, { application, person }: Party): boolean {
  const alone = application !== null && person === null
  const through = application !== null && person !== null
  const inPerson = (role: string): boolean => application === null && person?.role === role
  const approver = inPerson('AUTHORITY_OFFICER') && person!.scopes.includes('vendor.approve')
  switch (by) {
    case 'keepers':
      return alone || person?.role === 'PRINCIPAL'
    case 'keepers and officers':
      return alone || person?.role === 'PRINCIPAL' || inPerson('AUTHORITY_OFFICER')
    case 'markers':
      return alone || (through && person.role === 'TEACHER')
    case 'officers':
      return inPerson('AUTHORITY_OFFICER')
    case 'principals':
      return inPerson('PRINCIPAL')
    case 'principals and officers':
      return inPerson('PRINCIPAL') || inPerson('AUTHORITY_OFFICER')
    case 'developers':
      return inPerson('DEVELOPER')
    case 'applications':
      return alone
    case 'parties':
      return alone || inPerson('PRINCIPAL')
    case 'vendors':
      return application !== null || approver
    case 'vendors and developers':
      return application !== null || approver || inPerson('DEVELOPER')
    case 'developers and officers':
      return inPerson('DEVELOPER') || approver
  }
}

/** Of the right shape, and about nothing: ids of nobody, numbers below every range, dates of no school year. */
const NOTHING: Readonly<Record<string, unknown>> = {
  String: '?',
  Int: -999,
  Float: -999,
  Boolean: false,
  LocalDate: '1900-01-01',
  DateTime: '1900-01-01T00:00:00Z',
}

function valueOf(type: GraphQLInputType, name: string, school: string): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType, name, school)
  if (isListType(type)) return [valueOf(type.ofType, name, school)]
  if (isEnumType(type)) return type.getValues()[0]!.name
  if (!isInputObjectType(type)) return type.name === 'ID' ? (name === 'schoolId' ? school : randomUUID()) : NOTHING[type.name]
  const fields = Object.values(type.getFields())
  if (type.name.endsWith('Ref')) return { id: type.name === 'SchoolRef' ? school : randomUUID() }
  return Object.fromEntries(
    fields
      .filter((field) => isNonNullType(field.type) && field.defaultValue === undefined)
      .map((field) => [field.name, valueOf(field.type, field.name, school)]),
  )
}

/** A call of the act at the school. */
export function callOf(name: string, school: string): { query: string; variables: Record<string, unknown> } {
  const mutation = contract.getMutationType()!.getFields()[name]
  const field = mutation ?? contract.getQueryType()!.getFields()[name]!
  const args = field.args.filter(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined)
  const header = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ')
  const call = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
  const selection = isObjectType(getNamedType(field.type)) ? ' { __typename }' : ''
  return {
    query: `${mutation ? 'mutation' : 'query'} Act${header && `(${header})`} { ${name}${call && `(${call})`}${selection} }`,
    variables: Object.fromEntries(args.map((arg) => [arg.name, valueOf(arg.type, arg.name, school)])),
  }
}

export const actsWithoutRule = (): string[] => Object.keys(contract.getMutationType()!.getFields()).filter((name) => !ACTS[name])
