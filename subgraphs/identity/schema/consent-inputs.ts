// What a vendor or a school sends about consents.
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql'
import { BATCH_MAX, BatchMode } from '../../kernel/batch.ts'
import { PageArgs } from '../../kernel/connection.ts'
import { SchoolRef, StudentRef } from '../../kernel/inputs.ts'
import { DateTime } from '../../kernel/scalars.ts'
import { ConsentEvidenceKind, ConsentGiver, ConsentPurpose } from './consent-enums.ts'
import { ApplicationRef } from './inputs.ts'

@InputType({ description: 'What proves a consent (minh chứng).' })
export class ConsentEvidenceInput {
  @Field(() => ConsentEvidenceKind, { description: 'Kind of evidence.' })
  kind!: ConsentEvidenceKind

  @Field(() => String, {
    description: 'Where the evidence is kept, as `Phiếu số 0123/2026`: 1 to 255 characters. Name no person here: it is shown to reviewers.',
  })
  reference!: string

  @Field(() => DateTime, { description: 'When the person consented. Not in the future, and after the last withdrawal.' })
  givenAt!: string
}

@InputType({ description: 'One consent (sự đồng ý). Its natural key is pupil, giver, application and purpose.' })
export class ConsentInput {
  @Field(() => StudentRef, { description: 'The pupil (học sinh).' })
  student!: StudentRef

  @Field(() => ConsentGiver, { description: 'Who consents: a guardian, or the pupil.' })
  givenBy!: ConsentGiver

  @Field(() => ID, { nullable: true, description: 'The guardian, from `Student.consentGivers`; left out when the pupil consents.' })
  guardianId?: string | null

  @Field(() => ApplicationRef, { nullable: true, description: 'Consented to which application; the calling one when left out. A person names it.' })
  application?: ApplicationRef | null

  @Field(() => ConsentPurpose, { description: 'For what.' })
  purpose!: ConsentPurpose

  @Field(() => ConsentEvidenceInput, { description: 'What proves it.' })
  evidence!: ConsentEvidenceInput

  @Field(() => Int, { nullable: true, description: 'Version the caller last saw; 0: it must not exist yet. Another version in store answers CONFLICT.' })
  expectedVersion?: number | null
}

@InputType({ description: 'Consents at one school.' })
export class RecordConsentsInput {
  @Field(() => SchoolRef, { description: 'The school.' })
  school!: SchoolRef

  @Field(() => BatchMode, { defaultValue: BatchMode.PARTIAL, description: 'What happens to the good records beside bad ones.' })
  mode!: BatchMode

  @Field(() => [ConsentInput], { description: `1 to ${BATCH_MAX} consents.` })
  consents!: ConsentInput[]
}

@InputType({ description: 'One withdrawal (rút lại đồng ý), named as the consent was.' })
export class ConsentWithdrawalInput {
  @Field(() => StudentRef, { description: 'The pupil (học sinh).' })
  student!: StudentRef

  @Field(() => ConsentGiver, { description: 'Who withdraws: a guardian, or the pupil.' })
  givenBy!: ConsentGiver

  @Field(() => ID, { nullable: true, description: 'The guardian; left out when the pupil withdraws.' })
  guardianId?: string | null

  @Field(() => ApplicationRef, { nullable: true, description: 'From which application; the calling one when left out. A person names it.' })
  application?: ApplicationRef | null

  @Field(() => ConsentPurpose, { description: 'For what.' })
  purpose!: ConsentPurpose

  @Field(() => DateTime, { nullable: true, description: 'When the person withdrew; now when left out.' })
  withdrawnAt?: string | null

  @Field(() => String, { nullable: true, description: 'Why, if they said so, at most 500 characters. Nobody needs a reason.' })
  reason?: string | null

  @Field(() => Int, { nullable: true, description: 'Version the caller last saw. Another version in store answers CONFLICT.' })
  expectedVersion?: number | null
}

@InputType({ description: 'Withdrawals at one school.' })
export class WithdrawConsentsInput {
  @Field(() => SchoolRef, { description: 'The school.' })
  school!: SchoolRef

  @Field(() => BatchMode, { defaultValue: BatchMode.PARTIAL, description: 'What happens to the good records beside bad ones.' })
  mode!: BatchMode

  @Field(() => [ConsentWithdrawalInput], { description: `1 to ${BATCH_MAX} withdrawals.` })
  withdrawals!: ConsentWithdrawalInput[]
}

@ArgsType()
export class ConsentListArgs extends PageArgs {
  @Field(() => StudentRef, { nullable: true, description: 'Only consents for this pupil. Whoever has no schools asks by id.' })
  student?: StudentRef | null

  @Field(() => ApplicationRef, { nullable: true, description: 'Only consents to this application.' })
  application?: ApplicationRef | null
}
