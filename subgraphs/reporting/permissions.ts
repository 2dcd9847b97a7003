// Who may see what of the reports. The scope directives of the SDL and the shield tree both derive from this.
import { PlatformError } from '../kernel/errors.ts'
import { authenticated, fields, needs, when, type Guard, type Permissions } from '../kernel/permissions.ts'

const report = needs('report.read')

/** A report is an authority's: a school's principal holds the scope for its own submissions, an application for none. */
const ofAuthority: Guard = (_args, { viewer }) =>
  (viewer.role === 'AUTHORITY_OFFICER' && viewer.authorityId !== null) ||
  new PlatformError('ACT_FORBIDDEN', {
    message: 'Only an officer of an authority reads its reports.',
    messageVi: 'Chỉ cán bộ của cơ quan quản lý xem được báo cáo của cơ quan.',
  })

export const permissions: Permissions = {
  Query: fields(when(report, ofAuthority), 'contactBookReport', 'softwareInUse'),
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
  School: fields(authenticated, 'id'),
  Authority: fields(authenticated, 'id'),
  Application: fields(authenticated, 'id'),
}
