// The public shape of consents.
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { BatchStatus, BatchSummary, RecordError } from '../../kernel/batch.ts'
import { connectionOf } from '../../kernel/connection.ts'
import { DateTime } from '../../kernel/scalars.ts'
import { ConsentEventKind, ConsentEvidenceKind, ConsentGiver, ConsentPurpose, ConsentStatus } from './consent-enums.ts'

@ObjectType({ simpleResolvers: true, description: 'A pupil (học sinh) as a school keeps them.' })
@Directive('@key(fields: "schoolId id")')
export class Student {
  @Field(() => ID, { description: 'The school of this record.' })
  schoolId!: string

  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string
}

@ObjectType('ConsentEvidence', { simpleResolvers: true, description: 'What proves a consent (minh chứng).' })
export class ConsentEvidence {
  @Field(() => ConsentEvidenceKind, { description: 'Kind of evidence.' })
  kind!: ConsentEvidenceKind

  @Field(() => String, { description: 'Where it is kept.' })
  reference!: string
}

@ObjectType({
  simpleResolvers: true,
  description: 'A consent (sự đồng ý) of a guardian or a pupil: to one application, for one purpose, on evidence, withdrawable at any time. Law 91/2025/QH15.',
})
export class Consent {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => ConsentGiver, { description: 'Who gave it.' })
  givenBy!: ConsentGiver

  @Field(() => ConsentPurpose, { description: 'For what.' })
  purpose!: ConsentPurpose

  @Field(() => ConsentStatus, { description: 'Whether it stands.' })
  status!: ConsentStatus

  @Field(() => DateTime, { description: 'When the person consented, the last time.' })
  givenAt!: string

  @Field(() => DateTime, { description: 'When the last change was recorded here.' })
  recordedAt!: string

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  schoolId!: string
  studentId!: string
  giverId!: string
  applicationId!: string
  evidenceKind!: ConsentEvidenceKind
  evidenceReference!: string
  lastWithdrawnAt!: string | null
  recordedByApplicationId!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'One step in the life of a consent. Steps are never altered and never deleted.' })
export class ConsentEvent {
  @Field(() => Int, { description: 'The version it made.' })
  version!: number

  @Field(() => ConsentEventKind, { description: 'What happened.' })
  event!: ConsentEventKind

  @Field(() => DateTime, { description: 'When the person consented or withdrew.' })
  at!: string

  @Field(() => String, {
    nullable: true,
    description: 'Why it was withdrawn, if they said so; STUDENT_WITHDREW when a guardian’s ended with the child’s own.',
  })
  reason!: string | null

  @Field(() => DateTime, { description: 'When it was recorded here.' })
  recordedAt!: string

  schoolId!: string
  consentId!: string
  evidenceKind!: ConsentEvidenceKind | null
  evidenceReference!: string | null
  recordedByApplicationId!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'One who may consent for a pupil: who they are to the pupil, and nothing more.' })
export class ConsentGiverEntry {
  @Field(() => ConsentGiver, { description: 'A guardian, or the pupil.' })
  kind!: ConsentGiver

  @Field(() => ID, { nullable: true, description: 'The guardian, to pass as `guardianId`; null for the pupil.' })
  guardianId!: string | null

  @Field(() => String, { nullable: true, description: 'Relation to the pupil (quan hệ): FATHER, MOTHER, GUARDIAN …; null for the pupil.' })
  relation!: string | null

  @Field(() => [ConsentPurpose], { description: 'What this person can consent to today, by the age of the pupil.' })
  @Directive('@listSize(assumedSize: 5)')
  purposes!: ConsentPurpose[]
}

@ObjectType({ simpleResolvers: true, description: 'What became of one record of the batch.' })
export class ConsentWriteResult {
  @Field(() => Int, { description: 'Position in the batch, from 0.' })
  index!: number

  @Field(() => BatchStatus, { description: 'Its end.' })
  status!: BatchStatus

  @Field(() => Consent, { nullable: true, description: 'The consent as it stands now; the current record on CONFLICT. Null when refused.' })
  entity!: Consent | null

  @Field(() => [RecordError], { description: 'Why it was refused; empty when it was not.' })
  @Directive('@listSize(assumedSize: 1)')
  errors!: RecordError[]
}

@ObjectType({ simpleResolvers: true, description: 'The answer to a batch of consents or withdrawals.' })
export class ConsentsPayload {
  @Field(() => BatchSummary, { description: 'How many met which end.' })
  summary!: BatchSummary

  @Field(() => [ConsentWriteResult], { description: 'Record by record, in the order sent.' })
  @Directive('@listSize(assumedSize: 100)')
  results!: ConsentWriteResult[]
}

export const ConsentConnection = connectionOf('Consent', () => Consent)
