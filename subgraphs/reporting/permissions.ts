// Who may see what of the reports. The scope directives of the SDL and the shield tree both derive from this.
import { batchPayloadRules, batchRules, rootCauseRules } from '../kernel/batch.ts'
import { connectionRules, pageInfoRules } from '../kernel/connection.ts'
import { PlatformError } from '../kernel/errors.ts'
import { authenticated, fields, needs, needsOneOf, when, type Guard, type Permissions } from '../kernel/permissions.ts'

const report = needs('report.read')

/** A report is an authority's: a school's principal holds the scope for its own submissions, an application for none. */
const ofAuthority: Guard = (_args, { viewer }) =>
  (viewer.role === 'AUTHORITY_OFFICER' && viewer.authorityId !== null) ||
  new PlatformError('ACT_FORBIDDEN', {
    message: 'Only an officer of an authority reads its reports.',
    messageVi: 'Chỉ cán bộ của cơ quan quản lý xem được báo cáo của cơ quan.',
  })

/** An office speaks for itself: no product says it, and no report of another. */
const byAuthority: Guard = (_args, { viewer }) =>
  (viewer.applicationId === null && viewer.role === 'AUTHORITY_OFFICER' && viewer.authorityId !== null) ||
  new PlatformError('ACT_FORBIDDEN', {
    message: 'An officer of an authority, signed in personally, says how fresh the records of its schools are to be.',
    messageVi: 'Thời hạn cập nhật dữ liệu do cán bộ của cơ quan quản lý đăng nhập và quy định.',
  })

const school = needs('school.read')
/** Told of one school to whoever reads it, and of an authority's schools to its officers. */
const either = needsOneOf('school.read', 'report.read')
const declare = needs('report.approve')

const OF_KIND = [
  'kind',
  'state',
  'dueWithinDays',
  'lastConfirmedAt',
  'lastChangedAt',
  'lastChangedBy',
  'changed',
  'confirmed',
  'applications',
]

export const permissions: Permissions = {
  Query: fields(
    when(report, ofAuthority),
    'contactBookReport',
    'softwareInUse',
    'dataFreshness',
    'schoolFreshness',
    'freshnessThresholds',
  ),
  Mutation: { setFreshnessThresholds: when(declare, byAuthority) },
  ContactBookReport: fields(report, 'authority', 'unitName', 'title', 'month', 'dueOn', 'rows', 'totals', 'signatureTitle'),
  ContactBookReportRow: fields(
    report,
    'ordinal',
    'school',
    'schoolName',
    'levels',
    'deployed',
    'providerName',
    'registeredStudents',
    'feePerStudentPerMonth',
    'messagesPerSubscriberPerMonth',
    'usesSmsBrandname',
  ),
  ContactBookReportTotals: fields(report, 'schools', 'schoolsDeployed', 'schoolsWithSmsBrandname', 'registeredStudents'),
  SoftwareInUse: fields(report, 'authority', 'unitName', 'asOf', 'rows', 'adoption'),
  SoftwareInUseRow: fields(report, 'ordinal', 'school', 'schoolName', 'levels', 'products'),
  ProductInUse: fields(report, 'kind', 'application', 'productName', 'vendorName', 'validFrom', 'validTo'),
  SoftwareAdoption: fields(report, 'kind', 'schoolsWith', 'schoolsTotal', 'percentTenths'),
  DataFreshness: fields(report, 'authority', 'unitName', 'asOf', 'schools', 'counts'),
  FreshnessCount: fields(report, 'kind', 'fresh', 'overdue', 'never', 'undeclared'),
  SchoolFreshness: fields(report, 'school', 'schoolName', ...OF_KIND),
  RecordFreshness: fields(school, ...OF_KIND),
  ApplicationFreshness: fields(either, 'application', 'lastConfirmedAt', 'lastChangedAt', 'changed', 'confirmed'),
  RecordCounts: fields(either, 'today', 'last7Days', 'last30Days'),
  FreshnessThreshold: fields(report, 'id', 'authority', 'kind', 'level', 'days', 'reason', 'validFrom', 'declaredAt'),
  ...batchPayloadRules('FreshnessThreshold', declare),
  ...batchRules,
  ...rootCauseRules,
  ...connectionRules('SchoolFreshness'),
  PageInfo: pageInfoRules,
  School: { ...fields(authenticated, 'id'), freshness: school },
  Authority: fields(authenticated, 'id'),
  Application: fields(authenticated, 'id'),
}
