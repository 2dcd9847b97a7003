// Who may see what of the registry and of the access log. The scope directives of the SDL and the shield tree both derive from this.
import { batchRules } from '../kernel/batch.ts'
import { connectionRules, pageInfoRules } from '../kernel/connection.ts'
import { PlatformError } from '../kernel/errors.ts'
import { authenticated, fields, needs, when, type Guard, type Permissions } from '../kernel/permissions.ts'
import type { Role } from '../kernel/viewer.ts'

const registry = needs('identity.read')
const audit = needs('audit.read')
const consentWrite = needs('consent.write')
// A review of access sees that a consent was given and on what evidence; whose it is takes a scope over pupils.
const consentPerson = needs('student.basic.read')

/**
 * Consents are recorded where families give them: by the product they gave them to, or by the school. Whoever answers for
 * the school may also take them back for a family that asks, and so may the authority above it. Teachers do neither.
 */
const onlyApplicationsAnd =
  (...roles: Role[]): Guard =>
  (_args, { viewer }) =>
    viewer.applicationId !== null || (viewer.role !== null && roles.includes(viewer.role))
      ? true
      : new PlatformError('ACT_FORBIDDEN', {
          message: 'Consents are recorded by the application they were given to, or by the principal.',
          messageVi: 'Sự đồng ý do chính ứng dụng được đồng ý, hoặc hiệu trưởng ghi nhận.',
        })

export const permissions: Permissions = {
  Query: {
    ...fields(authenticated, 'viewer', 'scopes'),
    ...fields(registry, 'vendors', 'applications', 'application', 'agreements'),
    ...fields(audit, 'auditEvents'),
    ...fields(registry, 'consents'),
  },
  Mutation: {
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
      'applications',
      'version',
      'updatedAt',
    ),
  },
  Application: {
    ...fields(authenticated, 'id'),
    ...fields(registry, 'code', 'name', 'kind', 'environment', 'status', 'vendor', 'approvals', 'version', 'updatedAt'),
  },
  Approval: fields(
    registry,
    'id',
    'decisionNumber',
    'certificateNumber',
    'scopes',
    'validFrom',
    'validTo',
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
    'signedAt',
    'endedAt',
    'version',
  ),
  AuditEvent: fields(
    audit,
    'id',
    'at',
    'kind',
    'partyName',
    'application',
    'vendor',
    'operationName',
    'operationKind',
    'fields',
    'schools',
    'studentCount',
    'outcome',
    'errorCodes',
    'requestId',
  ),
  School: { ...fields(authenticated, 'id'), ...fields(registry, 'agreements', 'software') },
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
  ...connectionRules('Vendor'),
  ...connectionRules('Application'),
  ...connectionRules('Agreement'),
  ...connectionRules('AuditEvent'),
  ...connectionRules('OpenSchool'),
  ...connectionRules('Consent'),
  ...batchRules,
  PageInfo: pageInfoRules,
}
