// The public shape of the reports: columns in the order of the official forms.
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { Application } from '../../kernel/provenance.ts'
import { LocalDate } from '../../kernel/scalars.ts'
import { ApplicationKind } from './enums.ts'

export { Application }

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

@ObjectType({ simpleResolvers: true, description: 'One line of the contact-book report. A school with several plans in the month has a line for each, one without any has one line.' })
export class ContactBookReportRow {
  @Field(() => Int, { description: 'Số thứ tự.' })
  ordinal!: number

  @Field(() => School, { description: 'The school.' })
  school!: School

  @Field(() => String, { description: 'Tên trường.' })
  schoolName!: string

  @Field(() => String, { description: 'Cấp học, as `THCS` or `TH, THCS`.' })
  levels!: string

  @Field(() => Boolean, { description: 'Đã triển khai: whether a plan was on offer in the month.' })
  deployed!: boolean

  @Field(() => String, { nullable: true, description: 'Tên nhà cung cấp dịch vụ; null where there is none, or none the school ever agreed with.' })
  providerName!: string | null

  @Field(() => Int, {
    description: 'Số học sinh đăng ký tham gia sử dụng dịch vụ, on the last day of the month, of the running month today.',
  })
  registeredStudents!: number

  @Field(() => Int, { nullable: true, description: 'Kinh phí thu 01 học sinh/tháng, in đồng.' })
  feePerStudentPerMonth!: number | null

  @Field(() => Int, { nullable: true, description: 'Số tin nhắn đến 01 thuê bao/tháng.' })
  messagesPerSubscriberPerMonth!: number | null

  @Field(() => Boolean, { nullable: true, description: 'Hệ thống tin nhắn có sử dụng SMS Brandname không? Yes only under an approved, registered brandname.' })
  usesSmsBrandname!: boolean | null
}

@ObjectType({ simpleResolvers: true, description: 'Sums of the contact-book report.' })
export class ContactBookReportTotals {
  @Field(() => Int, { description: 'Schools reported.' })
  schools!: number

  @Field(() => Int, { description: 'Of them with a contact book.' })
  schoolsDeployed!: number

  @Field(() => Int, { description: 'Of them under an approved brandname.' })
  schoolsWithSmsBrandname!: number

  @Field(() => Int, { description: 'Pupils registered.' })
  registeredStudents!: number
}

@ObjectType({ simpleResolvers: true, description: 'The report on the electronic contact book (báo cáo việc triển khai sổ liên lạc điện tử). Counts only, no pupil.' })
export class ContactBookReport {
  @Field(() => Authority, { description: 'The authority that reports.' })
  authority!: Authority

  @Field(() => String, { description: 'ĐƠN VỊ: name of the authority.' })
  unitName!: string

  @Field(() => String, { description: 'Title of the form.' })
  title!: string

  @Field(() => String, { description: 'Month of the report, as `2026-11`.' })
  month!: string

  @Field(() => LocalDate, { nullable: true, description: 'Day the report is due (hạn nộp); null when no collection window covers the month.' })
  dueOn!: string | null

  @Field(() => [ContactBookReportRow], { description: 'Every school below the authority, also those without a contact book, by name.' })
  @Directive('@listSize(assumedSize: 200)')
  rows!: ContactBookReportRow[]

  @Field(() => ContactBookReportTotals, { description: 'The sums.' })
  totals!: ContactBookReportTotals

  @Field(() => String, { description: 'What stands under the signature.' })
  signatureTitle!: string
}

@ObjectType({ simpleResolvers: true, description: 'A product in use at a school (phần mềm đang sử dụng), under an agreement in force.' })
export class ProductInUse {
  @Field(() => ApplicationKind, { description: 'What it is for.' })
  kind!: ApplicationKind

  @Field(() => Application, { description: 'The application.' })
  application!: Application

  @Field(() => String, { description: 'Name of the product (tên sản phẩm).' })
  productName!: string

  @Field(() => String, { description: 'Legal name of the vendor (nhà cung cấp).' })
  vendorName!: string

  @Field(() => LocalDate, { description: 'First day of the agreement.' })
  validFrom!: string

  @Field(() => LocalDate, { description: 'Last day of the agreement.' })
  validTo!: string
}

@ObjectType({ simpleResolvers: true, description: 'A school and the products it uses.' })
export class SoftwareInUseRow {
  @Field(() => Int, { description: 'Số thứ tự.' })
  ordinal!: number

  @Field(() => School, { description: 'The school.' })
  school!: School

  @Field(() => String, { description: 'Tên trường.' })
  schoolName!: string

  @Field(() => String, { description: 'Cấp học, as `THCS` or `TH, THCS`.' })
  levels!: string

  @Field(() => [ProductInUse], { description: 'Products by kind and name; empty where the school uses none.' })
  @Directive('@listSize(assumedSize: 3)')
  products!: ProductInUse[]
}

@ObjectType({ simpleResolvers: true, description: 'How far products of one kind have come among the schools (tỷ lệ triển khai).' })
export class SoftwareAdoption {
  @Field(() => ApplicationKind, { description: 'Kind of product.' })
  kind!: ApplicationKind

  @Field(() => Int, { description: 'Schools that use one.' })
  schoolsWith!: number

  @Field(() => Int, { description: 'Schools reported.' })
  schoolsTotal!: number

  @Field(() => Int, { description: 'Share in tenths of a percent, half-up: 667 is 66.7 %.' })
  percentTenths!: number
}

@ObjectType({ simpleResolvers: true, description: 'Which school uses which product of which vendor (danh sách trường và phần mềm đang sử dụng).' })
export class SoftwareInUse {
  @Field(() => Authority, { description: 'The authority whose schools these are.' })
  authority!: Authority

  @Field(() => String, { description: 'ĐƠN VỊ: name of the authority.' })
  unitName!: string

  @Field(() => LocalDate, { description: 'The day of this state.' })
  asOf!: string

  @Field(() => [SoftwareInUseRow], { description: 'Every school below the authority, by name.' })
  @Directive('@listSize(assumedSize: 200)')
  rows!: SoftwareInUseRow[]

  @Field(() => [SoftwareAdoption], { description: 'Adoption by kind of product.' })
  @Directive('@listSize(assumedSize: 5)')
  adoption!: SoftwareAdoption[]
}
