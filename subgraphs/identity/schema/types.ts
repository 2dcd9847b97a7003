// The public shape of the registry: vendors, applications, approvals, agreements, the viewer and the access log.
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { connectionOf } from '../../kernel/connection.ts'
import { DateTime, LocalDate } from '../../kernel/scalars.ts'
import {
  AccessEnvironment,
  AccountRole,
  ApplicationKind,
  AuditKind,
  AuditOutcome,
  LegalBasis,
  PartyKind,
  RegistryStatus,
  Sensitivity,
  TokenBinding,
} from './enums.ts'
import { AgreementState } from './registry-enums.ts'

@ObjectType({ simpleResolvers: true, description: 'A school (trường học). Its code is opaque; codes change at mergers, the id never does.' })
@Directive('@key(fields: "id")')
export class School {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string
}

@ObjectType({ simpleResolvers: true, description: 'An authority that manages or oversees schools (cơ quan quản lý).' })
@Directive('@key(fields: "id", resolvable: false)')
export class Authority {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string
}

@ObjectType('Scope', { simpleResolvers: true, description: 'A right that an application may be approved for and a school may agree to (phạm vi quyền).' })
export class ScopeEntry {
  @Field(() => String, { description: 'Name, as `student.basic.read`.' })
  name!: string

  @Field(() => String, { description: 'What it opens, in Vietnamese.' })
  nameVi!: string

  @Field(() => String, { description: 'What it opens, in English.' })
  nameEn!: string

  @Field(() => [String], { description: 'Categories of data behind it (loại dữ liệu).' })
  @Directive('@listSize(assumedSize: 3)')
  dataCategories!: readonly string[]

  @Field(() => Sensitivity, { description: 'How closely that data is kept.' })
  sensitivity!: Sensitivity

  @Field(() => LegalBasis, { description: 'What makes its use lawful.' })
  legalBasis!: LegalBasis
}

@ObjectType({ simpleResolvers: true, description: 'A vendor of products for schools (nhà cung cấp).' })
@Directive('@key(fields: "id")')
export class Vendor {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => String, { description: 'Code of the vendor, as `viettel`.' })
  code!: string

  @Field(() => String, { description: 'Legal name (tên pháp nhân).' })
  legalName!: string

  @Field(() => String, { description: 'Tax code (mã số thuế).' })
  taxCode!: string

  @Field(() => String, { nullable: true, description: 'Where the vendor is written to. Told to the vendor, officers, compliance and principals; null to everybody else, products that act for them included.' })
  contactEmail!: string | null

  @Field(() => String, { nullable: true, description: 'Who answers for personal data at the vendor (người phụ trách bảo vệ dữ liệu cá nhân). Told as `contactEmail` is. Law 91/2025/QH15.' })
  dataProtectionOfficer!: string | null

  @Field(() => String, { nullable: true, description: 'Where a breach is reported and a pupil’s request goes. Told as `contactEmail` is.' })
  dataProtectionOfficerEmail!: string | null

  @Field(() => String, { nullable: true, description: 'Who is spoken to (người liên hệ). Told as `contactEmail` is.' })
  contactName!: string | null

  @Field(() => String, { nullable: true, description: 'Telephone of the contact. Told as `contactEmail` is.' })
  contactPhone!: string | null

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string
}

@ObjectType({ simpleResolvers: true, description: 'An approved application (ứng dụng) of a vendor.' })
@Directive('@key(fields: "id")')
export class Application {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => String, { description: 'Code of the application, as `smas`.' })
  code!: string

  @Field(() => String, { description: 'Name of the product (tên sản phẩm).' })
  name!: string

  @Field(() => ApplicationKind, { description: 'What it is for.' })
  kind!: ApplicationKind

  @Field(() => AccessEnvironment, { description: 'Which data it works on.' })
  environment!: AccessEnvironment

  @Field(() => RegistryStatus, { description: 'Whether it may be used.' })
  status!: RegistryStatus

  @Field(() => TokenBinding, { description: 'Whether it gets tokens only against a proof of a key.' })
  tokenBinding!: TokenBinding

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  vendorId!: string
}

@ObjectType({ simpleResolvers: true, description: 'The Sở’s decision that a product may be used (quyết định phê duyệt), and for which scopes.' })
export class Approval {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => String, { description: 'Number of the decision (số quyết định).' })
  decisionNumber!: string

  @Field(() => String, { nullable: true, description: 'Number of the conformance certificate (giấy chứng nhận thẩm định).' })
  certificateNumber!: string | null

  @Field(() => LocalDate, { description: 'First day of validity.' })
  validFrom!: string

  @Field(() => LocalDate, { description: 'Last day of validity.' })
  validTo!: string

  @Field(() => LocalDate, {
    nullable: true,
    description: 'From this day a later decision stands in its place; null while none does.',
  })
  supersededFrom!: string | null

  @Field(() => DateTime, { description: 'When it was decided.' })
  decidedAt!: string

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  applicationId!: string
  scopeNames!: string[]
}

@ObjectType({ simpleResolvers: true, description: 'The agreement of a school with an application (thỏa thuận): without one in force, the school is closed to it.' })
export class Agreement {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => String, { description: 'Purpose (mục đích): what the data may be used for.' })
  purpose!: string

  @Field(() => LocalDate, { description: 'First day of validity.' })
  validFrom!: string

  @Field(() => LocalDate, { description: 'Last day of validity.' })
  validTo!: string

  @Field(() => AgreementState, { description: 'Where it stands.' })
  state!: AgreementState

  @Field(() => [String], { description: 'Levels (cấp học): MN, TH, THCS, THPT, GDTX. Pupils of other levels, with their classes and marks, stay closed. Empty: every level of the school.' })
  @Directive('@listSize(assumedSize: 3)')
  levels!: string[]

  @Field(() => [String], { description: 'School years (năm học), as `2026-2027`. Classes of other years, with their pupils and marks, stay closed. Empty: every year.' })
  @Directive('@listSize(assumedSize: 3)')
  schoolYears!: string[]

  @Field(() => DateTime, { description: 'When the principal signed these terms.' })
  signedAt!: string

  @Field(() => DateTime, { nullable: true, description: 'When it was ended before its last day; null while it stands.' })
  endedAt!: string | null

  @Field(() => String, { nullable: true, description: 'Why it was ended or stopped.' })
  endReason!: string | null

  @Field(() => Int, { description: 'Rises by one with each amendment, and with its end.' })
  version!: number

  schoolId!: string
  applicationId!: string
  scopeNames!: string[]
}

@ObjectType({ simpleResolvers: true, description: 'One record of the access log (nhật ký truy cập): who read or wrote what, when, of which schools. It names no pupil.' })
export class AuditEvent {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => DateTime, { description: 'When.' })
  at!: string

  @Field(() => AuditKind, { description: 'An operation, or a change.' })
  kind!: AuditKind

  @Field(() => String, { description: 'Who: the application, or the person.' })
  partyName!: string

  @Field(() => String, { nullable: true, description: 'Name of the operation, as its author gave it.' })
  operationName!: string | null

  @Field(() => String, { description: 'Id of its document, `sha256:…`, whether it was asked for by the id or by its text; see `knownDocuments`.' })
  documentId!: string

  @Field(() => String, { description: 'query or mutation.' })
  operationKind!: string

  @Field(() => [String], { description: 'Fields read or written, as `Student.fullName`.' })
  @Directive('@listSize(assumedSize: 30)')
  fields!: string[]

  @Field(() => Int, { description: 'How many pupils it concerned.' })
  studentCount!: number

  @Field(() => AuditOutcome, { description: 'How it ended.' })
  outcome!: AuditOutcome

  @Field(() => [String], { description: 'Codes of its errors.' })
  @Directive('@listSize(assumedSize: 2)')
  errorCodes!: string[]

  @Field(() => String, { description: 'Id of the request, as the caller was told it.' })
  requestId!: string

  applicationId!: string | null
  vendorId!: string | null
  schoolIds!: string[]
}

@ObjectType({ simpleResolvers: true, description: 'Who is calling, and what is open to them.' })
export class Viewer {
  @Field(() => PartyKind, { description: 'An application, or a person.' })
  kind!: PartyKind

  @Field(() => String, { description: 'Name of the application or of the person.' })
  displayName!: string

  @Field(() => AccountRole, { nullable: true, description: 'Role of the person; null for an application.' })
  role!: AccountRole | null

  @Field(() => AccessEnvironment, { description: 'Which data this caller works on.' })
  environment!: AccessEnvironment

  @Field(() => [ScopeEntry], { description: 'Scopes of this token. At a school, its agreement may narrow them further.' })
  @Directive('@listSize(assumedSize: 15)')
  scopes!: ScopeEntry[]
}

export const VendorConnection = connectionOf('Vendor', () => Vendor)
export const ApplicationConnection = connectionOf('Application', () => Application)
export const AgreementConnection = connectionOf('Agreement', () => Agreement)
export const AuditEventConnection = connectionOf('AuditEvent', () => AuditEvent)
// `SchoolConnection` belongs to the roster.
export const OpenSchoolConnection = connectionOf('OpenSchool', () => School)
