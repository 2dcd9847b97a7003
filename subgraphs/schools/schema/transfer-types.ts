// The public shape of transfers between schools and of the counts of claims.
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { connectionOf } from '../../kernel/connection.ts'
import { DateTime, LocalDate } from '../../kernel/scalars.ts'

export enum TransferDirection {
  OUT = 'OUT',
  IN = 'IN',
}
registerEnumType(TransferDirection, {
  name: 'TransferDirection',
  description: 'Which way a pupil went, seen from the school of the record.',
  valuesConfig: { OUT: { description: 'Chuyển đi.' }, IN: { description: 'Chuyển đến.' } },
})

export enum TransferState {
  RELEASED = 'RELEASED',
  TAKEN = 'TAKEN',
  WITHDRAWN = 'WITHDRAWN',
  RETURNED = 'RETURNED',
}
registerEnumType(TransferState, {
  name: 'TransferState',
  description: 'How far a transfer between schools has come.',
  valuesConfig: {
    RELEASED: { description: 'The former school let the pupil go (đã cho chuyển); no school has taken the pupil yet.' },
    TAKEN: { description: 'Another school has taken the pupil over (đã tiếp nhận): the former record is history.' },
    WITHDRAWN: { description: 'The pupil was admitted again at the former school before another took the pupil (đã rút).' },
    RETURNED: { description: 'The pupil went and came back later (đã quay lại).' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'A transfer of a pupil between schools (chuyển trường), as one of the two schools has it. Điều lệ trường học, chuyển trường.' })
export class StudentTransfer {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => TransferDirection, { description: 'Chuyển đi or chuyển đến.' })
  direction!: TransferDirection

  @Field(() => TransferState, { description: 'How far it has come.' })
  state!: TransferState

  @Field(() => ID, { description: 'The person behind the records at several schools: the id of the first record known. The records of one person share it.' })
  personId!: string

  @Field(() => LocalDate, { description: 'Day on which the former school let the pupil go.' })
  releasedOn!: string

  @Field(() => LocalDate, { nullable: true, description: 'Day on which the other school took the pupil; null before.' })
  takenOn!: string | null

  @Field(() => String, { nullable: true, description: 'Reason (lý do), code 01–08 of the list LEAVING_REASON; null where none was given.' })
  reason!: string | null

  @Field(() => String, { nullable: true, description: 'Code of the other school (mã trường): named at the release, or known since the pupil was taken.' })
  otherSchoolCode!: string | null

  @Field(() => String, { nullable: true, description: 'Name of the other school; null before the pupil was taken.' })
  otherSchoolName!: string | null

  @Field(() => String, { nullable: true, description: 'Last class at the former school (lớp trước khi chuyển), as `10A1`.' })
  formerClass!: string | null

  @Field(() => Int, { nullable: true, description: 'Its grade (khối), 1–18.' })
  formerGrade!: number | null

  @Field(() => String, { nullable: true, description: 'Its school year, as `2026-2027`.' })
  formerYear!: string | null

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  schoolId!: string
  studentId!: string
}

@ObjectType({ simpleResolvers: true, description: 'How often an application claimed pupils of other schools for one school on one day. Many in vain are a sign of probing.' })
export class TransferClaimCount {
  @Field(() => String, { description: 'Code of the claiming school (mã trường).' })
  schoolCode!: string

  @Field(() => LocalDate, { description: 'The day, in Vietnam.' })
  day!: string

  @Field(() => Int, { description: 'Pupils named, by a claim or by a new record with a code of another school.' })
  asked!: number

  @Field(() => Int, { description: 'Of them, such as matched a pupil of another school.' })
  matched!: number

  @Field(() => Int, { description: 'Of them, such as were released and taken over.' })
  taken!: number

  @Field(() => Int, { description: 'Of them, such as were not answered because the limit of the day was reached.' })
  refused!: number

  schoolId!: string
  applicationId!: string
}

export const TransferClaimCountConnection = connectionOf('TransferClaimCount', () => TransferClaimCount)
