// What is asked about freshness, and what is sent to say how fresh records are to be.
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql'
import { BATCH_MAX, BatchMode } from '../../kernel/batch.ts'
import { PageArgs } from '../../kernel/connection.ts'
import type { RecordKind } from '../../kernel/freshness.ts'
import { SchoolLevel } from './enums.ts'
import { FreshnessState, RecordKindEnum } from './freshness-types.ts'

@ArgsType()
export class SchoolFreshnessArgs extends PageArgs {
  @Field(() => ID, { nullable: true, description: 'The authority whose schools are listed: the caller’s own (default), or one below it.' })
  authorityId?: string | null

  @Field(() => [RecordKindEnum], { nullable: true, description: 'Only these kinds; all when it is left out.' })
  kinds?: RecordKind[] | null

  @Field(() => [FreshnessState], { nullable: true, description: 'Only those that stand so, as OVERDUE and NEVER for whom to remind; all when it is left out.' })
  states?: FreshnessState[] | null

  @Field(() => ID, { nullable: true, description: 'Only what this application wrote, by its own times and counts; where it never wrote it has no line.' })
  applicationId?: string | null
}

@InputType({ description: 'How fresh the authority asks one kind of record to be at schools of one level, from today on.' })
export class FreshnessThresholdInput {
  @Field(() => RecordKindEnum, { description: 'Which records.' })
  kind!: RecordKind

  @Field(() => SchoolLevel, { description: 'At schools that have this level.' })
  level!: SchoolLevel

  @Field(() => Int, { nullable: true, description: 'Within how many days they are to be confirmed, 1 to 400; null: this authority asks for nothing any more.' })
  days?: number | null

  @Field(() => String, { description: 'Why (lý do), 3 to 1,000 characters.' })
  reason!: string
}

@InputType({ description: 'Thresholds of the caller’s authority.' })
export class SetFreshnessThresholdsInput {
  @Field(() => BatchMode, { defaultValue: BatchMode.PARTIAL, description: 'What happens to the good records beside bad ones.' })
  mode!: BatchMode

  @Field(() => [FreshnessThresholdInput], { description: `1 to ${BATCH_MAX} declarations, one for each kind and level.` })
  thresholds!: FreshnessThresholdInput[]
}
