// Who may see what of the registry and of the access log. The scope directives of the SDL and the shield tree both derive from this.
import { batchPayloadRules, batchRules, rootCauseRules } from '../kernel/batch.ts'
import { connectionRules, pageInfoRules } from '../kernel/connection.ts'
import { PlatformError } from '../kernel/errors.ts'
import { authenticated, fields, needs, needsOneOf, when, type Guard, type Permissions } from '../kernel/permissions.ts'
import type { Role } from '../kernel/viewer.ts'

const registry = needs('identity.read')
const audit = needs('audit.read')
const consentWrite = needs('consent.write')
// A review of access sees that a consent was given and on what evidence; whose it is takes a scope over pupils.
const consentPerson = needs('student.basic.read')

/**
 * Consents are recorded where families give them: by the product they gave them to, or by the school. Whoever answers for
 * the school may also take them back for a family that asks, and so may the authority above it. Teachers do neither, also not
 * through a product that may.
 */
const onlyApplicationsAnd =
  (...roles: Role[]): Guard =>
  (_args, { viewer }) =>
    (viewer.applicationId !== null && viewer.accountId === null) || (viewer.role !== null && roles.includes(viewer.role))
      ? true
      : new PlatformError('ACT_FORBIDDEN', {
          message: 'Consents are recorded by the application they were given to, or by the principal.',
          messageVi: 'Sự đồng ý do chính ứng dụng được đồng ý, hoặc hiệu trưởng ghi nhận.',
        })

const forbidden = (message: string, messageVi: string): PlatformError =>
  new PlatformError('ACT_FORBIDDEN', { message, messageVi })

/** What the Sở decides is decided by a person who answers for it; that the office is a Sở is asked of the database. */
const onlyOfficers: Guard = (_args, { viewer }) =>
  viewer.role === 'AUTHORITY_OFFICER' && viewer.applicationId === null
    ? true
    : forbidden('An officer of the authority decides this.', 'Việc này do cán bộ cơ quan quản lý quyết định.')

/** A school's word is its principal's own: a product does not give it, not even in the principal's name. */
const onlyPrincipals: Guard = (_args, { viewer }) =>
  viewer.role === 'PRINCIPAL' && viewer.applicationId === null
    ? true
    : forbidden(
        'The principal of the school decides this, signed in personally.',
        'Việc này do chính hiệu trưởng đăng nhập và quyết định.',
      )

/** The vendor for its own, the Sở in a vendor's name; whose it is, the service asks of the registry. */
const onlyVendorsOrOfficers: Guard = (_args, { viewer }) =>
  viewer.vendorId !== null || (viewer.role === 'AUTHORITY_OFFICER' && viewer.scopes.includes('vendor.approve'))
    ? true
    : forbidden('The vendor does this for its own application.', 'Việc này do nhà cung cấp thực hiện cho ứng dụng của mình.')

/** A vendor comes into the registry by its own developer, or by the Sở in its name. */
const onlyDevelopersOrOfficers: Guard = (_args, { viewer }) =>
  viewer.applicationId === null &&
  (viewer.role === 'DEVELOPER' || (viewer.role === 'AUTHORITY_OFFICER' && viewer.scopes.includes('vendor.approve')))
    ? true
    : forbidden(
        'A developer registers the own vendor, signed in personally; otherwise an officer of the authority does.',
        'Nhà cung cấp do người phát triển của mình đăng nhập và đăng ký, hoặc do cán bộ Sở đăng ký.',
      )

const onlyDevelopers: Guard = (_args, { viewer }) =>
  viewer.role === 'DEVELOPER' && viewer.applicationId === null && viewer.environment === 'SANDBOX'
    ? true
    : forbidden('Sandboxes belong to developers.', 'Môi trường thử nghiệm dành cho người phát triển.')

const onlyApplications: Guard = (_args, { viewer }) =>
  viewer.applicationId !== null && viewer.accountId === null
    ? true
    : forbidden('An application proposes its own agreements.', 'Ứng dụng tự đề nghị thỏa thuận của mình.')

/** The two parties of an agreement: its application, or the principal. Nobody acts for the one through the other. */
const onlyParties: Guard = (_args, { viewer }) =>
  (viewer.applicationId === null) !== (viewer.accountId === null) &&
  (viewer.applicationId !== null || viewer.role === 'PRINCIPAL')
    ? true
    : forbidden(
        'The vendor and the principal are the parties of an agreement.',
        'Các bên của thỏa thuận là nhà cung cấp và hiệu trưởng.',
      )

const approve = when(needs('vendor.approve'), onlyOfficers)
/** A developer keeps the keys of the own sandboxes too, before there is a vendor; the policies show no other applications. */
const onlyKeepersOrOfficers: Guard = (args, context, info) =>
  (context.viewer.role === 'DEVELOPER' && context.viewer.applicationId === null) || onlyVendorsOrOfficers(args, context, info)

const asDeveloper = when(registry, onlyDevelopers)
const asVendor = when(registry, onlyVendorsOrOfficers)
const asKeeper = when(registry, onlyKeepersOrOfficers)
const asPrincipal = when(registry, onlyPrincipals)
const asParty = when(registry, onlyParties)

export const permissions: Permissions = {
  Query: {
    ...fields(registry, 'agreementProposals', 'agreementDifference', 'registryEvents', 'knownDocuments', 'unknownDocuments'),
    ...fields(authenticated, 'viewer', 'scopes'),
    ...fields(registry, 'vendors', 'applications', 'application', 'agreements'),
    ...fields(audit, 'auditEvents'),
    ...fields(registry, 'consents'),
    ...fields(asDeveloper, 'sandboxTenants', 'sandboxTenant'),
  },
  Mutation: {
    registerVendor: when(needsOneOf('vendor.approve', 'identity.read'), onlyDevelopersOrOfficers),
    ...fields(approve, 'approveApplication', 'refuseApplication'),
    ...fields(approve, 'suspendApplication', 'reinstateApplication', 'revokeApplication'),
    ...fields(asVendor, 'registerApplication', 'requestScopes'),
    ...fields(asKeeper, 'rotateCredential', 'revokeCredential', 'setTokenBinding'),
    ...fields(asKeeper, 'registerDocuments', 'retireDocuments', 'setDocumentMode'),
    ...fields(when(registry, onlyApplications), 'proposeAgreement', 'withdrawProposal'),
    ...fields(asPrincipal, 'signAgreement', 'refuseAgreement', 'removeAccount'),
    ...fields(asParty, 'amendAgreement', 'endAgreement'),
    ...fields(asDeveloper, 'createSandbox', 'resetSandbox'),
    stopAgreement: when(registry, onlyOfficers),
    recordConsents: when(consentWrite, onlyApplicationsAnd('PRINCIPAL')),
    withdrawConsents: when(consentWrite, onlyApplicationsAnd('PRINCIPAL', 'AUTHORITY_OFFICER')),
  },
  // What a caller may know about itself, whatever its scopes.
  Viewer: fields(
    authenticated,
    'kind',
    'displayName',
    'application',
    'authority',
    'role',
    'environment',
    'scopes',
    'schoolCount',
    'schools',
  ),
  // The catalogue is public to every party: an application must be able to ask for what it lacks.
  Scope: fields(authenticated, 'name', 'nameVi', 'nameEn', 'dataCategories', 'sensitivity', 'legalBasis'),
  Vendor: {
    ...fields(authenticated, 'id'),
    ...fields(
      registry,
      'code',
      'legalName',
      'taxCode',
      'contactEmail',
      'dataProtectionOfficer',
      'dataProtectionOfficerEmail',
      'contactName',
      'contactPhone',
      'certificates',
      'applications',
      'version',
      'updatedAt',
    ),
  },
  Application: {
    ...fields(authenticated, 'id'),
    ...fields(
      registry,
      'code',
      'name',
      'kind',
      'environment',
      'status',
      'tokenBinding',
      'vendor',
      'approvals',
      'version',
      'updatedAt',
    ),
    ...fields(registry, 'scopeRequests', 'credentials', 'documentMode'),
  },
  KnownDocument: fields(
    registry,
    'documentId',
    'text',
    'operationNames',
    'origin',
    'neededScopes',
    'depth',
    'cost',
    'registeredAt',
    'uses',
    'firstUsedAt',
    'lastUsedAt',
  ),
  UnknownDocument: fields(registry, 'documentId', 'operationName', 'timesSeen', 'firstSeenAt', 'lastSeenAt'),
  SandboxTenant: fields(registry, 'id', 'name', 'application', 'schools', 'createdAt', 'filledAt', 'resets'),
  SandboxAccess: fields(registry, 'tenant', 'clientId', 'clientSecret'),
  VendorCertificate: fields(registry, 'kind', 'number', 'issuedOn', 'validTo'),
  ScopeRequest: fields(registry, 'scope', 'purpose', 'requestedAt', 'granted'),
  Credential: fields(registry, 'id', 'thumbprint', 'algorithm', 'registeredAt', 'expiresAt', 'revokedAt'),
  Approval: fields(
    registry,
    'id',
    'decisionNumber',
    'certificateNumber',
    'scopes',
    'validFrom',
    'validTo',
    'supersededFrom',
    'decidedAt',
    'version',
  ),
  Agreement: fields(
    registry,
    'id',
    'school',
    'application',
    'purpose',
    'scopes',
    'validFrom',
    'validTo',
    'state',
    'levels',
    'schoolYears',
    'signedAt',
    'endedAt',
    'endReason',
    'formerVersions',
    'version',
  ),
  AgreementVersion: fields(
    registry,
    'version',
    'purpose',
    'scopes',
    'levels',
    'schoolYears',
    'validFrom',
    'validTo',
    'signedAt',
    'replacedAt',
  ),
  AgreementProposal: fields(
    registry,
    'id',
    'agreementId',
    'version',
    'state',
    'school',
    'application',
    'purpose',
    'scopes',
    'levels',
    'schoolYears',
    'validFrom',
    'validTo',
    'proposedAt',
    'decidedAt',
    'reason',
  ),
  GrantDifference: fields(
    registry,
    'on',
    'scopesGained',
    'scopesLost',
    'scopesWithoutEffect',
    'fieldsGained',
    'fieldsLost',
    'dataGained',
    'dataLost',
    'schoolsGained',
    'schoolsLost',
    'pupilsGained',
    'pupilsLost',
  ),
  RegistryEvent: fields(
    registry,
    'id',
    'at',
    'subject',
    'act',
    'fromState',
    'toState',
    'reason',
    'decisionNumber',
    'partyName',
    'vendor',
    'application',
    'school',
    'agreementId',
    'accountId',
    'version',
  ),
  SchoolAccount: fields(registry, 'id', 'displayName', 'email', 'role', 'since', 'endedOn', 'lastUsedAt'),
  ApplicationAccess: fields(registry, 'application', 'agreementId', 'scopes', 'validTo', 'lastUsedAt'),
  AuditEvent: fields(
    audit,
    'id',
    'at',
    'kind',
    'partyName',
    'application',
    'vendor',
    'operationName',
    'documentId',
    'operationKind',
    'fields',
    'schools',
    'studentCount',
    'outcome',
    'errorCodes',
    'requestId',
  ),
  School: { ...fields(authenticated, 'id'), ...fields(registry, 'agreements', 'software', 'accounts', 'applicationAccess') },
  Authority: fields(authenticated, 'id'),
  Student: {
    ...fields(authenticated, 'schoolId', 'id'),
    consents: needs('identity.read', 'student.basic.read'),
    consentGivers: consentWrite,
  },
  Consent: {
    ...fields(
      registry,
      'id',
      'school',
      'givenBy',
      'application',
      'purpose',
      'status',
      'evidence',
      'givenAt',
      'withdrawnAt',
      'recordedAt',
      'recordedBy',
      'history',
      'version',
      'updatedAt',
    ),
    ...fields(consentPerson, 'student', 'guardianId'),
  },
  ConsentEvidence: fields(registry, 'kind', 'reference'),
  ConsentEvent: fields(registry, 'version', 'event', 'at', 'evidence', 'reason', 'recordedAt', 'recordedBy'),
  ConsentGiverEntry: fields(consentWrite, 'kind', 'guardianId', 'relation', 'purposes'),
  ConsentsPayload: fields(consentWrite, 'summary', 'results'),
  ConsentWriteResult: fields(consentWrite, 'index', 'status', 'entity', 'errors'),
  // What a caller may know about its own standing, whatever its scopes.
  AccessExplanation: fields(authenticated, 'neededScopes', 'scopes', 'schools'),
  ScopeExplanation: fields(authenticated, 'scope', 'held', 'missingBecause', 'openSchools'),
  SchoolAccess: fields(authenticated, 'school', 'agreementIds', 'open', 'missingScopes'),
  ...connectionRules('SchoolAccess'),
  ...connectionRules('Vendor'),
  ...connectionRules('Application'),
  ...connectionRules('Agreement'),
  ...connectionRules('AuditEvent'),
  ...connectionRules('AgreementProposal'),
  ...connectionRules('RegistryEvent'),
  ...connectionRules('OpenSchool'),
  ...connectionRules('Consent'),
  ...connectionRules('KnownDocument'),
  ...connectionRules('UnknownDocument'),
  ...batchPayloadRules('KnownDocument', registry),
  ...batchRules,
  ...rootCauseRules,
  PageInfo: pageInfoRules,
}
