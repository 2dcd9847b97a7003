// What the Sở sends of school years and terms.
import { Field, InputType, Int } from 'type-graphql'
import { BATCH_MAX, BatchMode } from '../../kernel/batch.ts'
import { SchoolLevel, TermCode } from './enums.ts'
import { EXPECTED } from '../../kernel/records/inputs.ts'

const MODE = { defaultValue: BatchMode.PARTIAL, description: 'What happens to the good records beside bad ones.' }

@InputType({ description: 'A school year (năm học) of the province, named by its code.' })
export class SchoolYearInput {
  @Field(() => String, { description: 'As `2026-2027`: the natural key.' })
  code!: string

  @Field(() => String, { description: 'First school day, as `2026-09-01`: a day of the first calendar year.' })
  startsOn!: string

  @Field(() => String, { description: 'Last school day, as `2027-05-31`: a day of the second calendar year, and after the days of its terms.' })
  endsOn!: string

  @Field(() => Int, EXPECTED)
  expectedVersion?: number | null
}

@InputType({ description: 'School years of the province.' })
export class UpsertSchoolYearsInput {
  @Field(() => BatchMode, MODE)
  mode!: BatchMode

  @Field(() => [SchoolYearInput], { description: `1 to ${BATCH_MAX} school years.` })
  schoolYears!: SchoolYearInput[]
}

@InputType({ description: 'A term (học kỳ) of a school year at one level, named by school year, level and code.' })
export class TermInput {
  @Field(() => String, { description: 'School year, as `2026-2027`.' })
  schoolYear!: string

  @Field(() => SchoolLevel, { description: 'Level whose days these are.' })
  level!: SchoolLevel

  @Field(() => TermCode, { description: 'Which of the two.' })
  code!: TermCode

  @Field(() => String, { nullable: true, description: 'Name (tên học kỳ); `Học kỳ I` or `Học kỳ II` when it is left out of a new one.' })
  name?: string | null

  @Field(() => String, { description: 'First day, within the school year.' })
  startsOn!: string

  @Field(() => String, { description: 'Last day, within the school year; HKI is over before HKII begins.' })
  endsOn!: string

  @Field(() => String, {
    nullable: true,
    description: 'First day of the term examinations (kiểm tra cuối kỳ), within the term. Ordinary marks are edited until a week before. Null where the level sits none.',
  })
  examFrom?: string | null

  @Field(() => String, { nullable: true, description: 'Last day of the term examinations, within the term.' })
  examTo?: string | null

  @Field(() => Int, EXPECTED)
  expectedVersion?: number | null
}

@InputType({ description: 'Terms of school years, level by level.' })
export class UpsertTermsInput {
  @Field(() => BatchMode, MODE)
  mode!: BatchMode

  @Field(() => [TermInput], { description: `1 to ${BATCH_MAX} terms.` })
  terms!: TermInput[]
}
