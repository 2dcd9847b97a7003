// Who may see what of the registry and of the access log. The scope directives of the SDL and the shield tree both derive from this.
import { connectionRules, pageInfoRules } from '../kernel/connection.ts'
import { authenticated, fields, needs, type Permissions } from '../kernel/permissions.ts'

const registry = needs('identity.read')
const audit = needs('audit.read')

export const permissions: Permissions = {
  Query: {
    ...fields(authenticated, 'viewer', 'scopes'),
    ...fields(registry, 'vendors', 'applications', 'application', 'agreements'),
    ...fields(audit, 'auditEvents'),
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
  ...connectionRules('Vendor'),
  ...connectionRules('Application'),
  ...connectionRules('Agreement'),
  ...connectionRules('AuditEvent'),
  ...connectionRules('OpenSchool'),
  PageInfo: pageInfoRules,
}
