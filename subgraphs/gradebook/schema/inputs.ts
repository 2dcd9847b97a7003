// What a vendor sends: a batch of marks for one class, subject and term.
import { Field, Float, InputType, Int } from 'type-graphql'
import { BATCH_MAX, BatchMode } from '../../kernel/batch.ts'
import { ClassRoomOfYearRef, SchoolRef, StaffRef, StudentRef } from '../../kernel/inputs.ts'
import { ScoreKind, ScoreRemark } from './enums.ts'

@InputType({ description: 'One mark (điểm). Its natural key is pupil, kind and ordinal within the batch’s subject and term.' })
export class ScoreInput {
  @Field(() => StudentRef, { description: 'The pupil (học sinh), enrolled in the class.' })
  student!: StudentRef

  @Field(() => ScoreKind, { description: 'Kind of mark (loại điểm) that the class’s regulation knows.' })
  kind!: ScoreKind

  @Field(() => Int, { defaultValue: 1, description: 'Which mark of its kind (lần), from 1. MIDTERM and FINAL have only the first.' })
  ordinal!: number

  @Field(() => Float, {
    nullable: true,
    description: 'Number of a scored subject, 0–10 with at most one decimal: 7.9. 7.25 is refused, not rounded: rounding a paper is the teacher’s act.',
  })
  value?: number | null

  @Field(() => ScoreRemark, { nullable: true, description: 'Đạt or Chưa đạt of a subject assessed by comment.' })
  remark?: ScoreRemark | null

  @Field(() => StaffRef, { description: 'The teacher who enters it (giáo viên bộ môn), assigned to this class, subject and term.' })
  enteredBy!: StaffRef

  @Field(() => String, { nullable: true, description: 'The calling application’s own id of the mark, at most 255 characters. Kept with an accepted change.' })
  externalId?: string | null

  @Field(() => Int, {
    nullable: true,
    description: 'Version the caller last saw; 0: it must not exist yet. Another version in store answers CONFLICT with the current record.',
  })
  expectedVersion?: number | null
}

@InputType({ description: 'Marks of one class in one subject and term (một sổ điểm).' })
export class RecordScoresInput {
  @Field(() => SchoolRef, { description: 'The school.' })
  school!: SchoolRef

  @Field(() => String, { description: 'School year (năm học), as `2026-2027`.' })
  schoolYear!: string

  @Field(() => ClassRoomOfYearRef, { description: 'The class.' })
  classRoom!: ClassRoomOfYearRef

  @Field(() => String, { description: 'Code of the subject (môn học), as `TOAN`.' })
  subject!: string

  @Field(() => String, { description: 'Code of the term (học kỳ): HKI or HKII.' })
  term!: string

  @Field(() => BatchMode, { defaultValue: BatchMode.PARTIAL, description: 'What happens to the good records beside bad ones.' })
  mode!: BatchMode

  @Field(() => [ScoreInput], { description: `1 to ${BATCH_MAX} marks.` })
  scores!: ScoreInput[]
}
