// What is sent to roll a school over to the new year.
import { Field, InputType } from 'type-graphql'
import { BATCH_MAX } from '../../kernel/batch.ts'
import { SchoolRef, StudentRef } from '../../kernel/inputs.ts'

@InputType({ description: 'A pupil who repeats the grade (lưu ban). Who is not named is promoted.' })
export class RepeaterInput {
  @Field(() => StudentRef, { description: 'The pupil, who studies in a class of the old year.' })
  student!: StudentRef

  @Field(() => String, {
    nullable: true,
    description: 'Name of the class of the new year, of the same grade; left out, the one with the name of the old class.',
  })
  classRoom?: string | null
}

@InputType({ description: 'Which class of the new year takes the pupils of a class of the old one.' })
export class ClassMappingInput {
  @Field(() => String, { description: 'Name of the class in the old year, as `6A`.' })
  from!: string

  @Field(() => String, {
    description:
      'Name in the new year, as `7A`. Needed where the name does not begin with the grade. Of a last grade it means that the class goes on to the next level of the same school instead of finishing.',
  })
  to!: string
}

@InputType({ description: 'A rollover as it is planned (kết chuyển năm học).' })
export class RolloverInput {
  @Field(() => SchoolRef, { description: 'The school.' })
  school!: SchoolRef

  @Field(() => String, { description: 'The old school year, as `2026-2027`.' })
  fromYear!: string

  @Field(() => String, { description: 'The school year that follows it, as `2027-2028`.' })
  toYear!: string

  @Field(() => [RepeaterInput], { defaultValue: [], description: `Who repeats, at most ${BATCH_MAX}; everybody else is promoted or finishes. No result is looked up.` })
  repeaters!: RepeaterInput[]

  @Field(() => [ClassMappingInput], { defaultValue: [], description: 'Names of classes that the rule (`6A` to `7A`) does not give.' })
  classes!: ClassMappingInput[]
}

@InputType({ description: 'A rollover that is carried out: the plan as it was previewed, and its hash.' })
export class RollOverSchoolInput extends RolloverInput {
  @Field(() => String, { description: '`hash` of the plan that was previewed with the same input. Another plan now: PLAN_STALE.' })
  planHash!: string

  @Field(() => String, { nullable: true, description: 'Last day in the old classes and first in the new ones, after the last day of the old year, not in the future; today when left out.' })
  on?: string | null
}
