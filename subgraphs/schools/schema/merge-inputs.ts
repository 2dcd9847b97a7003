// What is sent to merge records of pupils, and to take merges back.
import { Field, ID, InputType } from 'type-graphql'
import { BATCH_MAX, BatchMode } from '../../kernel/batch.ts'
import { SchoolRef, StudentRef } from '../../kernel/inputs.ts'

const MODE = { defaultValue: BatchMode.PARTIAL, description: 'What happens to the good records beside bad ones.' } as const
const REASON = { description: 'Why (lý do), 3 to 1,000 characters.' }

@InputType({ description: 'Two records of one pupil.' })
export class StudentMergeInput {
  @Field(() => StudentRef, { description: 'The record that lives. It takes over the Ministry’s code if the other one has it, and what it does not say itself.' })
  keep!: StudentRef

  @Field(() => StudentRef, { description: 'The record that becomes a former name of it.' })
  merge!: StudentRef

  @Field(() => String, REASON)
  reason!: string
}

@InputType({ description: 'Merges at one school.' })
export class MergeStudentsInput {
  @Field(() => SchoolRef, { description: 'The school.' })
  school!: SchoolRef

  @Field(() => BatchMode, MODE)
  mode!: BatchMode

  @Field(() => [StudentMergeInput], { description: `1 to ${BATCH_MAX} merges; each record stands in one of them.` })
  merges!: StudentMergeInput[]
}

@InputType({ description: 'A merge that is taken back.' })
export class UndoneMergeInput {
  @Field(() => ID, { description: 'Id of the merge.' })
  merge!: string

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'What came to the kept record since the merge stays with it. Without this a merge with later acts is not undone: MERGE_HAS_LATER_ACTS.',
  })
  laterStays!: boolean

  @Field(() => String, REASON)
  reason!: string
}

@InputType({ description: 'Merges of one school that are taken back, of one record the last first.' })
export class UndoMergeInput {
  @Field(() => SchoolRef, { description: 'The school.' })
  school!: SchoolRef

  @Field(() => BatchMode, MODE)
  mode!: BatchMode

  @Field(() => [UndoneMergeInput], { description: `1 to ${BATCH_MAX} merges.` })
  merges!: UndoneMergeInput[]
}
