// The public shape of the contact book.
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { Application } from '../../kernel/provenance.ts'
import { DateTime, LocalDate } from '../../kernel/scalars.ts'
import { BrandnameStatus, DeliveryState, MessageCategory, MessageChannel } from './enums.ts'

export { Application }

@ObjectType({ simpleResolvers: true, description: 'A school (trường học). Its code is opaque; codes change at mergers, the id never does.' })
@Directive('@key(fields: "id")')
export class School {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string
}

@ObjectType({ simpleResolvers: true, description: 'A pupil (học sinh) as a school keeps them.' })
@Directive('@key(fields: "schoolId id")')
export class Student {
  @Field(() => ID, { description: 'The school of this record.' })
  schoolId!: string

  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string
}

@ObjectType({ simpleResolvers: true, description: 'The name a school’s SMS are sent under (tên định danh): at most 11 Latin letters, digits, - _ . or space. Decree 91/2020.' })
export class Brandname {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => String, { description: 'The name as parents see it.' })
  name!: string

  @Field(() => BrandnameStatus, { description: 'Whether it may be used.' })
  status!: BrandnameStatus

  @Field(() => LocalDate, { description: 'First day of registration.' })
  validFrom!: string

  @Field(() => LocalDate, { description: 'Last day of registration, three years on.' })
  validTo!: string

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  schoolId!: string
}

@ObjectType({ simpleResolvers: true, description: 'What parents of a school may subscribe to (gói sổ liên lạc điện tử).' })
export class ContactBookPlan {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => String, { description: 'Name of the plan (tên gói).' })
  name!: string

  @Field(() => Int, { description: 'Fee in đồng per pupil and month (kinh phí thu), at most 25,000.' })
  feePerMonth!: number

  @Field(() => Int, { description: 'Messages per subscriber and month, at least 6.' })
  messagesPerMonth!: number

  @Field(() => Boolean, { description: 'Whether its SMS are sent under the school’s brandname.' })
  usesBrandname!: boolean

  @Field(() => LocalDate, { description: 'First day of the offer.' })
  validFrom!: string

  @Field(() => LocalDate, { description: 'Last day of the offer.' })
  validTo!: string

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  schoolId!: string
  applicationId!: string
}

@ObjectType({ simpleResolvers: true, description: 'A pupil’s place in a contact book (đăng ký sử dụng), with the parents’ consent.' })
export class ContactBookSubscription {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => LocalDate, { description: 'First day.' })
  since!: string

  @Field(() => LocalDate, { nullable: true, description: 'Day it ended; null while it lasts.' })
  until!: string | null

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  schoolId!: string
  studentId!: string
  planId!: string
}

@ObjectType({ simpleResolvers: true, description: 'A message of the contact book (tin nhắn). An application sees those whose recipients consented to it. Law 91/2025/QH15.' })
export class Message {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => MessageCategory, { description: 'What it is about.' })
  category!: MessageCategory

  @Field(() => MessageChannel, { description: 'The way it took.' })
  channel!: MessageChannel

  @Field(() => String, { description: 'The text (nội dung).' })
  body!: string

  @Field(() => DateTime, { description: 'When it was sent.' })
  sentAt!: string

  @Field(() => DeliveryState, { description: 'How far it has come.' })
  deliveryState!: DeliveryState

  schoolId!: string
  studentId!: string
  applicationId!: string
}
