// The public shape of registration and agreement: requests, keys, proposals, versions, differences, accounts of a school, events.
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { connectionOf } from '../../kernel/connection.ts'
import { DateTime, LocalDate } from '../../kernel/scalars.ts'
import { AccountRole } from './enums.ts'
import { CertificateKind, ProposalState, RegistrySubject } from './registry-enums.ts'
import { School, ScopeEntry } from './types.ts'

@ObjectType({ simpleResolvers: true, description: 'A certificate of a vendor (giấy chứng nhận).' })
export class VendorCertificate {
  @Field(() => CertificateKind, { description: 'What it proves.' })
  kind!: CertificateKind

  @Field(() => String, { description: 'Number of the certificate.' })
  number!: string

  @Field(() => LocalDate, { description: 'Day of issue.' })
  issuedOn!: string

  @Field(() => LocalDate, { description: 'Last day of validity.' })
  validTo!: string
}

@ObjectType({ simpleResolvers: true, description: 'A scope that an application asked for (đề nghị cấp phạm vi quyền).' })
export class ScopeRequest {
  @Field(() => String, { description: 'What the data is needed for (mục đích).' })
  purpose!: string

  @Field(() => DateTime, { description: 'When it was asked for.' })
  requestedAt!: string

  @Field(() => Boolean, { nullable: true, description: 'Whether the Sở granted it; null while undecided.' })
  granted!: boolean | null

  scopeName!: string
}

@ObjectType({ simpleResolvers: true, description: 'A public key by which an application proves itself (khóa). The private part never reaches the platform.' })
export class Credential {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => String, { description: 'JWK thumbprint, RFC 7638.' })
  thumbprint!: string

  @Field(() => String, { description: 'ES256 or EdDSA.' })
  algorithm!: string

  @Field(() => DateTime, { description: 'When it was registered.' })
  registeredAt!: string

  @Field(() => DateTime, { nullable: true, description: 'When it stops, because a newer key took its place; null: until further notice.' })
  expiresAt!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it was revoked; null while it stands.' })
  revokedAt!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'What a vendor proposes to a school (đề nghị thỏa thuận): a first agreement, or the next version of one. It opens nothing until the principal signs.' })
export class AgreementProposal {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => ID, { description: 'The agreement it leads to, or amends.' })
  agreementId!: string

  @Field(() => Int, { description: 'Version that the agreement would have.' })
  version!: number

  @Field(() => ProposalState, { description: 'What became of it.' })
  state!: ProposalState

  @Field(() => String, { description: 'Purpose (mục đích).' })
  purpose!: string

  @Field(() => [String], { description: 'Levels (cấp học): MN, TH, THCS, THPT, GDTX. Pupils of other levels, with their classes and marks, stay closed. Empty: every level of the school.' })
  @Directive('@listSize(assumedSize: 3)')
  levels!: string[]

  @Field(() => [String], { description: 'School years (năm học), as `2026-2027`. Classes of other years, with their pupils and marks, stay closed. Empty: every year.' })
  @Directive('@listSize(assumedSize: 3)')
  schoolYears!: string[]

  @Field(() => LocalDate, { description: 'First day of validity.' })
  validFrom!: string

  @Field(() => LocalDate, { description: 'Last day of validity.' })
  validTo!: string

  @Field(() => DateTime, { description: 'When it was proposed.' })
  proposedAt!: string

  @Field(() => DateTime, { nullable: true, description: 'When it was signed, refused or withdrawn.' })
  decidedAt!: string | null

  @Field(() => String, { nullable: true, description: 'Why it was refused or withdrawn.' })
  reason!: string | null

  schoolId!: string
  applicationId!: string
  scopeNames!: string[]
}

@ObjectType({ simpleResolvers: true, description: 'Terms of an agreement before an amendment (phiên bản cũ). Nothing is overwritten.' })
export class AgreementVersion {
  @Field(() => Int, { description: 'Version, from 1.' })
  version!: number

  @Field(() => String, { description: 'Purpose (mục đích).' })
  purpose!: string

  @Field(() => [String], { description: 'Levels (cấp học) that were open. Empty: every level of the school.' })
  @Directive('@listSize(assumedSize: 3)')
  levels!: string[]

  @Field(() => [String], { description: 'School years (năm học) that were open. Empty: every year.' })
  @Directive('@listSize(assumedSize: 3)')
  schoolYears!: string[]

  @Field(() => LocalDate, { description: 'First day of validity.' })
  validFrom!: string

  @Field(() => LocalDate, { description: 'Last day of validity.' })
  validTo!: string

  @Field(() => DateTime, { description: 'When the principal signed it.' })
  signedAt!: string

  @Field(() => DateTime, { description: 'When the next version took its place.' })
  replacedAt!: string

  scopeNames!: string[]
}

@ObjectType({ simpleResolvers: true, description: 'What a change of an agreement would change in effect, under approval, validity and the other agreements of the application at the school. Nothing is saved.' })
export class GrantDifference {
  @Field(() => LocalDate, { description: 'The first day the change acts on; the difference is of this day.' })
  on!: string

  @Field(() => [ScopeEntry], { description: 'Scopes gained.' })
  @Directive('@listSize(assumedSize: 15)')
  scopesGained!: ScopeEntry[]

  @Field(() => [ScopeEntry], { description: 'Scopes lost.' })
  @Directive('@listSize(assumedSize: 15)')
  scopesLost!: ScopeEntry[]

  @Field(() => [ScopeEntry], { description: 'Scopes of the terms that have no effect, because the Sở’s approval of that day does not hold them.' })
  @Directive('@listSize(assumedSize: 5)')
  scopesWithoutEffect!: ScopeEntry[]

  @Field(() => [String], { description: 'Fields of the contract gained (trường dữ liệu), as `Student.fullName`.' })
  @Directive('@listSize(assumedSize: 50)')
  fieldsGained!: string[]

  @Field(() => [String], { description: 'Fields of the contract lost.' })
  @Directive('@listSize(assumedSize: 50)')
  fieldsLost!: string[]

  @Field(() => [String], { description: 'Categories of data gained (loại dữ liệu).' })
  @Directive('@listSize(assumedSize: 10)')
  dataGained!: string[]

  @Field(() => [String], { description: 'Categories of data lost.' })
  @Directive('@listSize(assumedSize: 10)')
  dataLost!: string[]

  @Field(() => [School], { description: 'Schools that open.' })
  @Directive('@listSize(assumedSize: 1)')
  schoolsGained!: School[]

  @Field(() => [School], { description: 'Schools that close.' })
  @Directive('@listSize(assumedSize: 1)')
  schoolsLost!: School[]

  @Field(() => Int, { nullable: true, description: 'Pupils whose data becomes readable; null where the school is closed to the caller, who may not count them.' })
  pupilsGained!: number | null

  @Field(() => Int, { nullable: true, description: 'Pupils whose data is no longer readable; null where the caller may not count them.' })
  pupilsLost!: number | null
}

@ObjectType({ simpleResolvers: true, description: 'A person with access to a school (tài khoản của trường).' })
export class SchoolAccount {
  @Field(() => ID, { description: 'UUIDv7 of the account.' })
  id!: string

  @Field(() => String, { description: 'Name of the person (họ và tên).' })
  displayName!: string

  @Field(() => String, { description: 'Mail address that the person signs in with.' })
  email!: string

  @Field(() => AccountRole, { description: 'Role at the school (vai trò).' })
  role!: AccountRole

  @Field(() => LocalDate, { description: 'First day.' })
  since!: string

  @Field(() => LocalDate, { nullable: true, description: 'Last day of access; null while it lasts.' })
  endedOn!: string | null

  @Field(() => DateTime, { nullable: true, description: 'Last operation, from the access log; null: never used.' })
  lastUsedAt!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'An application with access to a school today (ứng dụng đang có quyền).' })
export class ApplicationAccess {
  @Field(() => ID, { description: 'The agreement it rests on; end it to remove the access.' })
  agreementId!: string

  @Field(() => LocalDate, { description: 'Last day of the access as it stands.' })
  validTo!: string

  @Field(() => DateTime, { nullable: true, description: 'Last operation on the school’s data, from the access log; null: never used.' })
  lastUsedAt!: string | null

  applicationId!: string
  scopeNames!: string[]
}

@ObjectType({ simpleResolvers: true, description: 'A change of a right: who made it, when, from what to what, and why (sự kiện). Events are never altered.' })
export class RegistryEvent {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => DateTime, { description: 'When.' })
  at!: string

  @Field(() => RegistrySubject, { description: 'What it is about.' })
  subject!: RegistrySubject

  @Field(() => String, { description: 'The act, as SUSPEND or SIGN.' })
  act!: string

  @Field(() => String, { nullable: true, description: 'State before.' })
  fromState!: string | null

  @Field(() => String, { nullable: true, description: 'State after.' })
  toState!: string | null

  @Field(() => String, { nullable: true, description: 'Why.' })
  reason!: string | null

  @Field(() => String, { nullable: true, description: 'Number of the Sở’s decision (số quyết định).' })
  decisionNumber!: string | null

  @Field(() => String, { description: 'Who: the person or the application.' })
  partyName!: string

  @Field(() => ID, { nullable: true, description: 'The agreement, if it is about one.' })
  agreementId!: string | null

  @Field(() => ID, { nullable: true, description: 'The account, if it is about one.' })
  accountId!: string | null

  @Field(() => Int, { nullable: true, description: 'Version of the agreement that the act made or decided.' })
  version!: number | null

  vendorId!: string | null
  applicationId!: string | null
  schoolId!: string | null
}

export const AgreementProposalConnection = connectionOf('AgreementProposal', () => AgreementProposal)
export const RegistryEventConnection = connectionOf('RegistryEvent', () => RegistryEvent)
