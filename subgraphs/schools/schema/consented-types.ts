// The public shape of what rests on consent: guardians and health records, and what a writer is told of them.
import { Field, ID, Int, ObjectType } from 'type-graphql'
import { batchOf } from '../../kernel/batch.ts'
import { DateTime, LocalDate } from '../../kernel/scalars.ts'

@ObjectType({
  simpleResolvers: true,
  description:
    'What stands of a guardian that was written. Its writer keeps it, and reads it only with the guardian’s consent. Law 91/2025/QH15.',
})
export class GuardianReceipt {
  @Field(() => ID, { description: 'UUIDv7 of the guardian, as `recordConsents` takes it.' })
  id!: string

  schoolId!: string
  studentId!: string
}

@ObjectType({ simpleResolvers: true, description: 'What stands of a health record that was written. Its writer keeps it, and reads it only with consent. Law 91/2025/QH15.' })
export class HealthRecordReceipt {
  @Field(() => ID, { description: 'UUIDv7 of the record.' })
  id!: string

  schoolId!: string
  studentId!: string
}

@ObjectType({
  simpleResolvers: true,
  description:
    'What was measured of a pupil on one day (sức khỏe học sinh). Sensitive: an application sees it only with the family’s consent to HEALTH. Law 91/2025/QH15.',
})
export class HealthRecord {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => LocalDate, { description: 'Day of measuring (ngày khám).' })
  measuredOn!: string

  @Field(() => String, { nullable: true, description: 'Eye disease (bệnh về mắt), in words; null where none is recorded.' })
  eyeDisease!: string | null

  @Field(() => Int, { nullable: true, description: 'Vision of the left eye (thị lực mắt trái), in tenths: 10 is 10/10.' })
  visionLeft!: number | null

  @Field(() => Int, { nullable: true, description: 'Vision of the right eye (thị lực mắt phải), in tenths: 10 is 10/10.' })
  visionRight!: number | null

  @Field(() => String, { nullable: true, description: 'Teeth (răng, hàm, mặt), in words; null where nothing is recorded.' })
  dental!: string | null

  @Field(() => String, { nullable: true, description: 'Note of the school health officer (ghi chú).' })
  note!: string | null

  @Field(() => Boolean, { description: 'Declared void: it was of another child, or wrong. Its former versions stay.' })
  void!: boolean

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  schoolId!: string
  studentId!: string
  heightMm!: number | null
  weightG!: number | null
  applicationId!: string | null
}

export const HEIGHT = { nullable: true, description: 'Height (chiều cao), cm, 30 to 250, to the millimetre.' }
export const WEIGHT = { nullable: true, description: 'Weight (cân nặng), kg, 1 to 300, to the gram.' }

export const GuardianBatch = batchOf('Guardian', () => GuardianReceipt)
export const HealthRecordBatch = batchOf('HealthRecord', () => HealthRecordReceipt)
