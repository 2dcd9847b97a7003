// What vendors, officers and principals send to change rights.
import { ArgsType, Field, ID, InputType } from 'type-graphql'
import { PageArgs } from '../../kernel/connection.ts'
import { SchoolRef } from '../../kernel/inputs.ts'
import { LocalDate } from '../../kernel/scalars.ts'
import { AccessEnvironment, ApplicationKind, TokenBinding } from './enums.ts'
import { CertificateKind, ProposalState } from './registry-enums.ts'

@InputType({ description: 'A certificate of the vendor (giấy chứng nhận).' })
export class VendorCertificateInput {
  @Field(() => CertificateKind, { description: 'What it proves.' })
  kind!: CertificateKind

  @Field(() => String, { description: 'Number of the certificate.' })
  number!: string

  @Field(() => LocalDate, { description: 'Day of issue.' })
  issuedOn!: string

  @Field(() => LocalDate, { description: 'Last day of validity.' })
  validTo!: string
}

@InputType({ description: 'A vendor as it registers (đăng ký nhà cung cấp).' })
export class RegisterVendorInput {
  @Field(() => String, { description: 'Code: 2 to 40 small letters, digits and hyphens, as `viettel`.' })
  code!: string

  @Field(() => String, { description: 'Legal name (tên pháp nhân).' })
  legalName!: string

  @Field(() => String, { description: 'Tax code (mã số thuế): 10 digits with their check digit, or these and 3 with a hyphen.' })
  taxCode!: string

  @Field(() => String, { nullable: true, description: 'Who is spoken to (người liên hệ).' })
  contactName?: string | null

  @Field(() => String, { description: 'Where the vendor is written to.' })
  contactEmail!: string

  @Field(() => String, { nullable: true, description: 'Telephone of the contact.' })
  contactPhone?: string | null

  @Field(() => String, { description: 'Who answers for personal data (người phụ trách bảo vệ dữ liệu cá nhân). Law 91/2025/QH15.' })
  dataProtectionOfficer!: string

  @Field(() => String, { description: 'Where a breach is reported and a pupil’s request goes.' })
  dataProtectionOfficerEmail!: string

  @Field(() => [VendorCertificateInput], { defaultValue: [], description: 'Its certificates.' })
  certificates!: VendorCertificateInput[]
}

@InputType({ description: 'An application as it registers (đăng ký ứng dụng).' })
export class RegisterApplicationInput {
  @Field(() => ID, { nullable: true, description: 'The vendor; the caller’s own when it is left out.' })
  vendorId?: string | null

  @Field(() => String, { description: 'Code: 2 to 40 small letters, digits and hyphens. It is also the `client_id`.' })
  code!: string

  @Field(() => String, { description: 'Name of the product (tên sản phẩm).' })
  name!: string

  @Field(() => ApplicationKind, { description: 'What it is for.' })
  kind!: ApplicationKind

  @Field(() => AccessEnvironment, { nullable: true, description: 'For which environment (môi trường); that of this platform when it is left out.' })
  environment?: AccessEnvironment | null

  @Field(() => TokenBinding, { defaultValue: TokenBinding.OPTIONAL, description: 'Whether it gets tokens only against a proof of a key (DPoP). What the Sở requires, the Sở lifts.' })
  tokenBinding!: TokenBinding
}

@InputType({ description: 'A scope with what it is needed for.' })
export class ScopeRequestInput {
  @Field(() => String, { description: 'Name of the scope, as `student.basic.read`.' })
  scope!: string

  @Field(() => String, { description: 'What the data is needed for (mục đích), 3 to 1,000 characters.' })
  purpose!: string
}

@InputType({ description: 'A decision of the Sở (quyết định phê duyệt).' })
export class ApprovalInput {
  @Field(() => String, { description: 'Number of the decision (số quyết định), as `0611/QĐ-SGDĐT`.' })
  decisionNumber!: string

  @Field(() => String, { nullable: true, description: 'Number of the conformance certificate (giấy chứng nhận thẩm định).' })
  certificateNumber?: string | null

  @Field(() => [String], { description: 'Scopes granted: those requested, or fewer.' })
  scopes!: string[]

  @Field(() => LocalDate, { description: 'First day of validity.' })
  validFrom!: string

  @Field(() => LocalDate, { description: 'Last day of validity.' })
  validTo!: string
}

@InputType({ description: 'Terms of an agreement (nội dung thỏa thuận).' })
export class AgreementTermsInput {
  @Field(() => String, { description: 'Purpose (mục đích), 3 to 1,000 characters.' })
  purpose!: string

  @Field(() => [String], { description: 'Scopes, all within the Sở’s approval.' })
  scopes!: string[]

  @Field(() => [String], { defaultValue: [], description: 'Levels (cấp học): MN, TH, THCS, THPT, GDTX. Pupils of other levels, with their classes and marks, stay closed. Empty: every level of the school.' })
  levels!: string[]

  @Field(() => [String], { defaultValue: [], description: 'School years (năm học), as `2026-2027`. Classes of other years, with their pupils and marks, stay closed. Empty: every year.' })
  schoolYears!: string[]

  @Field(() => LocalDate, { description: 'First day of validity.' })
  validFrom!: string

  @Field(() => LocalDate, { description: 'Last day of validity.' })
  validTo!: string
}

@InputType({ description: 'A first agreement that the calling application proposes.' })
export class ProposeAgreementInput {
  @Field(() => SchoolRef, { description: 'The school, by id or code.' })
  school!: SchoolRef

  @Field(() => AgreementTermsInput, { description: 'What is proposed.' })
  terms!: AgreementTermsInput
}

@InputType({ description: 'One change of an agreement: `proposalId`, or `proposal`, or `agreementId` with either `terms` or `end`.' })
export class AgreementChangeInput {
  @Field(() => ID, { nullable: true, description: 'As if this proposal were signed.' })
  proposalId?: string | null

  @Field(() => ProposeAgreementInput, { nullable: true, description: 'As if the calling application proposed this and the school signed.' })
  proposal?: ProposeAgreementInput | null

  @Field(() => ID, { nullable: true, description: 'The agreement that would change.' })
  agreementId?: string | null

  @Field(() => AgreementTermsInput, { nullable: true, description: 'As if the agreement had these terms.' })
  terms?: AgreementTermsInput | null

  @Field(() => Boolean, { nullable: true, description: 'As if the agreement were ended.' })
  end?: boolean | null
}

@ArgsType()
export class ProposalListArgs extends PageArgs {
  @Field(() => ID, { nullable: true, description: 'Only proposals to this school.' })
  schoolId?: string | null

  @Field(() => ID, { nullable: true, description: 'Only proposals of this application.' })
  applicationId?: string | null

  @Field(() => ProposalState, { nullable: true, description: 'Only proposals in this state.' })
  state?: ProposalState | null
}

@InputType({ description: 'Which registry events. Conditions add up.' })
export class RegistryEventFilter {
  @Field(() => ID, { nullable: true, description: 'About this application or its agreements.' })
  applicationId?: string | null

  @Field(() => ID, { nullable: true, description: 'About this agreement.' })
  agreementId?: string | null

  @Field(() => ID, { nullable: true, description: 'About this school’s agreements and accounts.' })
  schoolId?: string | null
}
