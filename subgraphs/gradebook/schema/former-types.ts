// The public shape of what a pupil brought along: results and marks of former schools.
import { Directive, Field, Float, Int, ObjectType } from 'type-graphql'
import { ScoreKind, ScoreRemark } from './enums.ts'
import { Subject, SubjectResult, Term } from './types.ts'

@ObjectType({ simpleResolvers: true, description: 'A mark that a former school gave (điểm ở trường cũ). It is that school’s and is corrected there alone.' })
export class FormerMark {
  @Field(() => Subject, { description: 'The subject (môn học).' })
  subject!: Subject

  @Field(() => ScoreKind, { description: 'Kind of mark (loại điểm).' })
  kind!: ScoreKind

  @Field(() => Int, { description: 'Which mark of its kind (lần), from 1.' })
  ordinal!: number

  @Field(() => Float, { nullable: true, description: 'Number from 0 to 10 with one decimal (điểm số); null in a subject assessed by comment.' })
  value!: number | null

  @Field(() => ScoreRemark, { nullable: true, description: 'Đạt or Chưa đạt; null in a scored subject.' })
  remark!: ScoreRemark | null
}

@ObjectType({ simpleResolvers: true, description: 'A term at a former school, as it stands there (kết quả ở trường cũ, học bạ).' })
export class FormerTerm {
  @Field(() => String, { description: 'Code of the former school (mã trường).' })
  schoolCode!: string

  @Field(() => String, { description: 'Its name.' })
  schoolName!: string

  @Field(() => String, { description: 'School year (năm học), as `2026-2027`.' })
  schoolYear!: string

  @Field(() => Term, { description: 'The term (học kỳ).' })
  term!: Term

  @Field(() => String, { description: 'Class there (lớp), as `10A1`; the last one where the pupil changed within the term.' })
  className!: string

  @Field(() => Int, { description: 'Its grade (khối), 1–12.' })
  grade!: number

  @Field(() => [SubjectResult], { description: 'Results by the regulation of that class (kết quả môn học), of the subjects that have marks.' })
  @Directive('@listSize(assumedSize: 14)')
  results!: SubjectResult[]

  @Field(() => [FormerMark], { description: 'The marks they rest on (điểm), by subject, kind and ordinal.' })
  @Directive('@listSize(assumedSize: 30)')
  marks!: FormerMark[]
}
