// What is sent to let a pupil go to another school, and to take one over.
import { Field, ID, InputType } from 'type-graphql'
import { BATCH_MAX, BatchMode } from '../../kernel/batch.ts'
import { ClassRoomOfYearRef, SchoolRef, StudentRef } from '../../kernel/inputs.ts'
import { LocalDate } from '../../kernel/scalars.ts'

const MODE = { defaultValue: BatchMode.PARTIAL, description: 'What happens to the good records beside bad ones.' } as const

@InputType({ description: 'Letting a pupil go to another school (cho chuyển trường).' })
export class ReleaseInput {
  @Field(() => StudentRef, { description: 'The pupil, as the school keeps them: one who studies there, or who left and was not let go yet.' })
  student!: StudentRef

  @Field(() => String, {
    nullable: true,
    description: 'Code of the receiving school (mã trường), if known: then that one alone can claim the pupil. Left out, any school can.',
  })
  toSchool?: string | null

  @Field(() => String, { nullable: true, description: 'Reason (lý do), code 01–08 of the list LEAVING_REASON.' })
  reason?: string | null

  @Field(() => String, { nullable: true, description: 'On which day, as `2026-11-20`, not in the future; today when left out.' })
  on?: string | null
}

@InputType({ description: 'Pupils whom one school lets go.' })
export class ReleaseStudentsInput {
  @Field(() => SchoolRef, { description: 'The school that lets them go.' })
  school!: SchoolRef

  @Field(() => BatchMode, MODE)
  mode!: BatchMode

  @Field(() => [ReleaseInput], { description: `1 to ${BATCH_MAX} releases.` })
  releases!: ReleaseInput[]
}

@InputType({ description: 'A pupil of another school who is taken over (tiếp nhận chuyển đến): exactly one of code and personalNumber, and name and birth date to prove who is meant.' })
export class ClaimInput {
  @Field(() => String, { nullable: true, description: 'Pupil code of the Ministry (mã định danh).' })
  code?: string | null

  @Field(() => String, { nullable: true, description: 'Personal number (số định danh), 12 digits; needs student.sensitive.write.' })
  personalNumber?: string | null

  @Field(() => String, { description: 'Full name (họ và tên), with its tones; case, spacing and the place of a tone in its syllable do not matter.' })
  fullName!: string

  @Field(() => String, { description: 'Date of birth (ngày sinh), as `2011-09-05`.' })
  birthDate!: string

  @Field(() => ClassRoomOfYearRef, { description: 'The class that admits the pupil.' })
  classRoom!: ClassRoomOfYearRef

  @Field(() => String, { nullable: true, description: 'Day of admission (ngày vào), not in the future; today when left out.' })
  on?: string | null
}

@InputType({ description: 'Pupils of other schools whom one school takes over.' })
export class ClaimStudentsInput {
  @Field(() => SchoolRef, { description: 'The school that takes them over.' })
  school!: SchoolRef

  @Field(() => String, { description: 'School year (năm học) of the classes, as `2026-2027`.' })
  schoolYear!: string

  @Field(() => BatchMode, MODE)
  mode!: BatchMode

  @Field(() => [ClaimInput], { description: `1 to ${BATCH_MAX} claims.` })
  claims!: ClaimInput[]
}

@InputType({ description: 'Which counts of claims; without days those of the last 30.' })
export class TransferClaimFilter {
  @Field(() => LocalDate, { nullable: true, description: 'From this day on.' })
  from?: string | null

  @Field(() => LocalDate, { nullable: true, description: 'Up to this day.' })
  to?: string | null

  @Field(() => ID, { nullable: true, description: 'Of this application alone.' })
  applicationId?: string | null
}
