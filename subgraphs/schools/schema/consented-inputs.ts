// What a school’s products send of families and of pupils’ health.
import { Field, Float, ID, InputType, Int } from 'type-graphql'
import { BATCH_MAX } from '../../kernel/batch.ts'
import { StudentRef } from '../../kernel/inputs.ts'
import { HEIGHT, WEIGHT } from './consented-types.ts'
import { EXPECTED, OfSchool, OWN_ID } from '../../kernel/records/inputs.ts'

const ID_OF = { nullable: true, description: 'UUIDv7 of a record that the caller wrote or may read.' } as const

@InputType({
  description:
    'A parent or guardian (cha mẹ, người giám hộ) of one pupil. Named by id, by the caller’s own id, or by pupil, relation and name among those that the caller wrote or may read. Siblings have a record each: consent is given child by child. What is not sent stays, null clears.',
})
export class GuardianInput {
  @Field(() => ID, ID_OF)
  id?: string | null

  @Field(() => StudentRef, { description: 'The pupil, as the school keeps them.' })
  student!: StudentRef

  @Field(() => String, OWN_ID)
  externalId?: string | null

  @Field(() => String, { description: 'Full name (họ và tên).' })
  fullName!: string

  @Field(() => String, { description: 'Relation to the pupil (quan hệ), list GUARDIAN_RELATION: FATHER, MOTHER, GUARDIAN …' })
  relation!: string

  @Field(() => String, { nullable: true, description: 'Phone number (số điện thoại) in Vietnam: 0 or +84 and 9 or 10 digits, as `0912 345 678`; kept as `+84…`.' })
  phone?: string | null

  @Field(() => Int, { nullable: true, description: 'Year of birth (năm sinh), from 1900, at least 14 years ago.' })
  birthYear?: number | null

  @Field(() => String, { nullable: true, description: 'Job (nghề nghiệp), in words.' })
  job?: string | null

  @Field(() => String, { nullable: true, description: 'Address (địa chỉ), where it is not the pupil’s.' })
  address?: string | null

  @Field(() => String, { nullable: true, description: 'Day on which the link to the pupil ended, as `2026-11-20`, not in the future: from then the contact is shown to nobody. Null begins it again.' })
  endedOn?: string | null

  @Field(() => Int, EXPECTED)
  expectedVersion?: number | null
}

@InputType({ description: 'Guardians of pupils of one school.' })
export class UpsertGuardiansInput extends OfSchool {
  @Field(() => [GuardianInput], { description: `1 to ${BATCH_MAX} guardians.` })
  guardians!: GuardianInput[]
}

@InputType({
  description:
    'What was measured of a pupil on one day (sức khỏe học sinh). Named by id, by the caller’s own id, or by pupil and day among the records that the caller wrote or may read. What is not sent stays, null clears.',
})
export class HealthRecordInput {
  @Field(() => ID, ID_OF)
  id?: string | null

  @Field(() => StudentRef, { description: 'The pupil, as the school keeps them.' })
  student!: StudentRef

  @Field(() => String, OWN_ID)
  externalId?: string | null

  @Field(() => String, { description: 'Day of measuring (ngày khám), as `2026-10-05`; not in the future, not before the birth.' })
  measuredOn!: string

  @Field(() => Float, HEIGHT)
  heightCm?: number | null

  @Field(() => Float, WEIGHT)
  weightKg?: number | null

  @Field(() => String, { nullable: true, description: 'Eye disease (bệnh về mắt), in words.' })
  eyeDisease?: string | null

  @Field(() => Int, { nullable: true, description: 'Vision of the left eye (thị lực mắt trái), in tenths, 0 to 20.' })
  visionLeft?: number | null

  @Field(() => Int, { nullable: true, description: 'Vision of the right eye (thị lực mắt phải), in tenths, 0 to 20.' })
  visionRight?: number | null

  @Field(() => String, { nullable: true, description: 'Teeth (răng, hàm, mặt), in words.' })
  dental?: string | null

  @Field(() => String, { nullable: true, description: 'Note of the school health officer (ghi chú).' })
  note?: string | null

  @Field(() => Boolean, { nullable: true, description: 'True declares the record void: it was of another child, or wrong.' })
  void?: boolean | null

  @Field(() => Int, EXPECTED)
  expectedVersion?: number | null
}

@InputType({ description: 'Health records of pupils of one school.' })
export class UpsertHealthRecordsInput extends OfSchool {
  @Field(() => [HealthRecordInput], { description: `1 to ${BATCH_MAX} records.` })
  records!: HealthRecordInput[]
}
