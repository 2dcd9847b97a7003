// Every type of the contract in the words of the papers: the scopes it takes, and whose rows they are. Written by hand, beside and
// apart from the permissions it is compared with.

/**
 * Whose a thing is.
 * - `anyone`: of nobody. `province`: shared by all. `registered`: of the province's register, which a sandbox is kept apart from.
 * - `school`: of a school. `keepers`: of the products of a school, which its teachers are not told. `crowd`: a page of its pupils, of whom some are everybody's but a teacher's whose level is not agreed. `room`: of a class, whoever sits in it. `class`: of the pupils in it. `family`: of a pupil, by consent.
 * - `papers`, `pending`, `signed`, `former`: proposals and agreements in their states; their parties and review see them.
 * - `consents`: what families answered. `office`: who has access to a school.
 * - `audit`, `claims`, `report`, `sandbox`: of compliance, of whoever oversees, of an authority, of a developer.
 */
export type Place =
  | 'anyone'
  | 'province'
  | 'registered'
  | 'school'
  | 'keepers'
  | 'crowd'
  | 'room'
  | 'class'
  | 'family'
  | 'papers'
  | 'pending'
  | 'signed'
  | 'former'
  | 'consents'
  | 'office'
  | 'audit'
  | 'claims'
  | 'report'
  | 'sandbox'

export interface Subject {
  /** Alternatives; each a set of scopes that must all be held. */
  readonly scopes: readonly (readonly string[])[]
  readonly place: Place
  /** Where the rows take a scope that the fields do not. */
  readonly opens?: readonly (readonly string[])[]
  /** Scopes that an argument takes: asked for when the thing before it is there. */
  readonly later?: readonly (readonly string[])[]
}

const all = (...scopes: string[]): readonly (readonly string[])[] => [scopes]
const either = (...scopes: string[]): readonly (readonly string[])[] => scopes.map((scope) => [scope])
const subjects = (place: Place, scopes: Subject['scopes'], names: string): Record<string, Subject> =>
  Object.fromEntries(names.split(' ').map((name) => [name, { place, scopes }]))

const NOTHING = all()
/** Asked for under the scope of the school, and read as the record it is about: the one of the sandbox is about a pupil. */
const conflicts = (names: string): Record<string, Subject> =>
  Object.fromEntries(
    names.split(' ').map((name) => [name, { scopes: all('school.read'), place: 'class', opens: all('student.basic.read') }]),
  )

export const SUBJECTS: Readonly<Record<string, Subject>> = {
  ...subjects('anyone', NOTHING, 'Viewer Scope PageInfo'),
  OpenSchool: { scopes: NOTHING, place: 'school', opens: all('school.read') },
  ...subjects('anyone', NOTHING, 'AccessExplanation FieldExplanation CostExplanation CostBudget AccessFault ScopeExplanation'),
  SchoolAccess: { scopes: NOTHING, place: 'school', opens: all('school.read') },
  ...subjects('province', all('school.read'), 'Authority SchoolYear Term Subject CodeList Code'),
  ...subjects('province', all('identity.read'), 'Vendor VendorCertificate'),
  ...subjects('registered', all('identity.read'), 'Application Approval ScopeRequest Credential'),
  ...subjects(
    'registered',
    all('identity.read'),
    'KnownDocument KnownDocumentConnection UnknownDocument UnknownDocumentConnection',
  ),
  ...subjects('papers', all('identity.read'), 'AgreementProposal RegistryEvent'),
  ...subjects('pending', all('identity.read'), 'GrantDifference'),
  ...subjects('signed', all('identity.read'), 'Agreement'),
  ...subjects('former', all('identity.read'), 'AgreementVersion'),
  ...subjects('consents', all('identity.read'), 'Consent ConsentEvent ConsentEvidence'),
  'Consent.guardianId': { scopes: all('identity.read', 'student.basic.read'), place: 'consents', opens: all('identity.read') },
  ...subjects('class', all('consent.write'), 'ConsentGiverEntry'),
  ...subjects('office', all('identity.read'), 'SchoolAccount ApplicationAccess'),
  ...subjects('school', all('school.read'), 'School Provenance Facility FacilityRooms Campus FieldOwner'),
  ...conflicts('FieldConflict FieldConflictEdge'),
  // A page of them is found by the school, and read as the pupils that it is about.
  ...Object.fromEntries(
    ['IdentityMatch', 'StudentMerge'].flatMap((name) => [
      [`${name}Connection`, { scopes: all('student.basic.read'), place: 'school', opens: all('school.read') }],
      ...[name, `${name}Edge`].map((each) => [each, { scopes: all('student.basic.read'), place: 'class' }]),
    ]),
  ),
  ...subjects('room', all('school.read'), 'ClassRoom'),
  ...subjects('school', all('staff.read'), 'Staff'),
  ...subjects('class', all('staff.read'), 'TeachingAssignment HomeroomAssignment'),
  ...subjects('class', all('student.basic.read'), 'Student StudentProfile Enrolment StudentTransfer'),
  ...subjects('crowd', all('student.basic.read'), 'StudentEdge'),
  IncompleteRecord: {
    scopes: all('school.read'),
    place: 'crowd',
    opens: all('student.basic.read'),
    later: all('student.basic.read'),
  },
  ...subjects('school', all('school.read'), 'ProfileCompleteness MissingAttribute'),
  // Of whatever they are the history of: the shortest way leads through the school.
  ...subjects('school', NOTHING, 'RecordVersion FieldChange FieldValue'),
  ...subjects('class', all('student.sensitive.read'), 'StudentSensitive'),
  ...subjects('family', all('guardian.contact.read'), 'Guardian'),
  ...subjects('family', all('health.read'), 'HealthRecord'),
  ...subjects('class', all('gradebook.read'), 'Gradebook GradebookProgress Score ScoreAmendment'),
  ...subjects('class', all('gradebook.read'), 'FormerTerm FormerMark'),
  ...subjects('class', all('gradebook.read'), 'SubjectResult MissingMark ResultReason'),
  ...subjects('school', either('message.read', 'message.supervise'), 'ContactBookPlan Brandname'),
  ...subjects('class', either('message.read', 'message.supervise'), 'ContactBookSubscription'),
  ...subjects('family', either('message.read', 'message.supervise'), 'Message'),
  ...subjects('audit', all('audit.read'), 'AuditEvent'),
  ...subjects('claims', either('access.review', 'school.read'), 'TransferClaimCount'),
  ...subjects('report', all('report.read'), 'ContactBookReport ContactBookReportRow ContactBookReportTotals'),
  ...subjects('report', all('report.read'), 'SoftwareInUse SoftwareInUseRow ProductInUse SoftwareAdoption'),
  ...subjects('report', all('report.read'), 'DataFreshness FreshnessCount SchoolFreshness FreshnessThreshold'),
  ...subjects('school', all('school.read'), 'RecordFreshness'),
  ...subjects('keepers', either('school.read', 'report.read'), 'ApplicationFreshness'),
  // Reached as the counts of the whole, which no application is told.
  ...subjects('office', either('school.read', 'report.read'), 'RecordCounts'),
  ...subjects('sandbox', all('identity.read'), 'SandboxTenant'),
}
