// What is sent to say who owns which fields, and to decide competing writes.
import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql'
import { BATCH_MAX, BatchMode } from '../../kernel/batch.ts'
import { SchoolRef } from '../../kernel/inputs.ts'
import { FieldGroup } from './ownership-types.ts'

export enum ConflictDecision {
  ACCEPT = 'ACCEPT',
  REJECT = 'REJECT',
}
registerEnumType(ConflictDecision, {
  name: 'ConflictDecision',
  description: 'What becomes of a competing write.',
  valuesConfig: {
    ACCEPT: { description: 'The proposed value is written, with history, feed and audit (chấp nhận).' },
    REJECT: { description: 'The record stays as it is (từ chối).' },
  },
})

@InputType({ description: 'Declares the owner of a group of fields at the school, from today on.' })
export class FieldOwnerInput {
  @Field(() => FieldGroup, { description: 'The fields.' })
  group!: FieldGroup

  @Field(() => ID, {
    nullable: true,
    description: 'Id of an application whose agreement with the school lets it write them; null ends the declaration, and the kinds of the applications decide again.',
  })
  applicationId?: string | null

  @Field(() => String, { description: 'Why (lý do), 3 to 1,000 characters.' })
  reason!: string
}

@InputType({ description: 'Owners of fields at one school.' })
export class SetFieldOwnersInput {
  @Field(() => SchoolRef, { description: 'The school.' })
  school!: SchoolRef

  @Field(() => BatchMode, { defaultValue: BatchMode.PARTIAL, description: 'What happens to the good records beside bad ones.' })
  mode!: BatchMode

  @Field(() => [FieldOwnerInput], { description: `1 to ${BATCH_MAX} declarations, one for each group.` })
  owners!: FieldOwnerInput[]
}

@InputType({ description: 'The decision of one conflict.' })
export class ConflictResolutionInput {
  @Field(() => ID, { description: 'Id of the conflict.' })
  conflict!: string

  @Field(() => ConflictDecision, { description: 'What becomes of it.' })
  decision!: ConflictDecision

  @Field(() => String, { nullable: true, description: 'Why (lý do), 3 to 1,000 characters; needed for REJECT.' })
  reason?: string | null

  @Field(() => Int, { nullable: true, description: 'Version of the conflict that the caller last saw. Another one in store answers CONFLICT.' })
  expectedVersion?: number | null
}

@InputType({ description: 'Decisions of conflicts at one school.' })
export class ResolveConflictsInput {
  @Field(() => SchoolRef, { description: 'The school.' })
  school!: SchoolRef

  @Field(() => BatchMode, { defaultValue: BatchMode.PARTIAL, description: 'What happens to the good records beside bad ones.' })
  mode!: BatchMode

  @Field(() => [ConflictResolutionInput], { description: `1 to ${BATCH_MAX} decisions.` })
  resolutions!: ConflictResolutionInput[]
}
