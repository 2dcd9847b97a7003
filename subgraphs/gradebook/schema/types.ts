// The public shape of the gradebook. Rows come out of the store in this shape, so that every leaf is a bare property.
import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { BatchStatus, BatchSummary, RecordError, RootCause } from '../../kernel/batch.ts'
import { Application, Provenance } from '../../kernel/provenance.ts'
import { DateTime, LocalDate } from '../../kernel/scalars.ts'
import { GradebookState, RegulationCode, ResultReasonCode, ScoreKind, ScoreRemark } from './enums.ts'

@ObjectType({ simpleResolvers: true, description: 'A pupil (học sinh) as a school keeps them.' })
@Directive('@key(fields: "schoolId id")')
export class Student {
  @Field(() => ID, { description: 'The school of this record.' })
  schoolId!: string

  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string
}

@ObjectType({ simpleResolvers: true, description: 'A class (lớp học) of one school year. Its name is unique within school and year.' })
@Directive('@key(fields: "schoolId id")')
export class ClassRoom {
  @Field(() => ID, { description: 'The school it belongs to.' })
  schoolId!: string

  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string
}

@ObjectType({ simpleResolvers: true, description: 'A member of staff (cán bộ, giáo viên, nhân viên).' })
@Directive('@key(fields: "schoolId id", resolvable: false)')
export class Staff {
  @Field(() => ID, { description: 'The school of this record.' })
  schoolId!: string

  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string
}

@ObjectType({ simpleResolvers: true, description: 'A subject (môn học) of the 2018 programme.' })
@Directive('@key(fields: "code", resolvable: false)')
export class Subject {
  @Field(() => ID, { description: 'Code of the subject, as `TOAN`.' })
  code!: string
}

@ObjectType({ simpleResolvers: true, description: 'A term (học kỳ) of a school year at one level, dates as set by the Sở.' })
@Directive('@key(fields: "id", resolvable: false)')
export class Term {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string
}

@ObjectType({ simpleResolvers: true, description: 'How far a book is filled (tiến độ nhập điểm): marks that the regulation asks for, of the pupils who study in the class.' })
export class GradebookProgress {
  @Field(() => Int, { description: 'How many of them are entered.' })
  entered!: number

  @Field(() => Int, { description: 'How many the regulation asks for at least. 0 where it asks for none.' })
  expected!: number
}

@ObjectType({ simpleResolvers: true, description: 'The book of one class in one subject and term (sổ điểm môn học).' })
@Directive('@key(fields: "schoolId id")')
export class Gradebook {
  @Field(() => ID, { description: 'The school of this record.' })
  schoolId!: string

  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => ClassRoom, { description: 'The class (lớp).' })
  classRoom!: ClassRoom

  @Field(() => Subject, { description: 'The subject (môn học).' })
  subject!: Subject

  @Field(() => Term, { description: 'The term (học kỳ).' })
  term!: Term

  @Field(() => GradebookState, { description: 'Whether marks may be entered. Only the principal changes it.' })
  state!: GradebookState

  @Field(() => LocalDate, { description: 'Last day for all marks but the final one (hạn nhập điểm thường xuyên, giữa kỳ): one week before the term examinations.' })
  ordinaryDeadline!: string

  @Field(() => LocalDate, { description: 'Last day for the final mark (hạn nhập điểm cuối kỳ).' })
  finalDeadline!: string

  @Field(() => Int, { description: 'Rises by one with each accepted change of the book itself.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change of the book itself.' })
  updatedAt!: string
}

@ObjectType({ simpleResolvers: true, description: 'What a mark was before and what it became (sửa điểm). Nothing is ever overwritten.' })
export class ScoreAmendment {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => Float, { nullable: true, description: 'Number before (điểm cũ), 0–10.' })
  oldValue!: number | null

  @Field(() => ScoreRemark, { nullable: true, description: 'Remark before (mức cũ).' })
  oldRemark!: ScoreRemark | null

  @Field(() => Float, { nullable: true, description: 'Number after (điểm mới), 0–10.' })
  newValue!: number | null

  @Field(() => ScoreRemark, { nullable: true, description: 'Remark after (mức mới).' })
  newRemark!: ScoreRemark | null

  @Field(() => Staff, { description: 'The teacher who changed it (người sửa).' })
  enteredBy!: Staff

  @Field(() => Application, { nullable: true, description: 'The application that brought the change.' })
  application!: Application | null

  @Field(() => DateTime, { description: 'When it was changed.' })
  amendedAt!: string

  @Field(() => Int, { description: 'Version of the mark that the change made.' })
  version!: number
}

// A double carries one decimal without loss: tenths / 10 is the nearest double to 7.9, and the shortest text that names
// that double is `7.9`, here and in every vendor's JSON. All arithmetic is done on whole tenths before it.
@ObjectType({ simpleResolvers: true, description: 'A mark of one pupil (điểm). Corrections are kept as amendments; nothing is overwritten. TT22/2021, Điều 6, Điều 7.' })
@Directive('@key(fields: "schoolId id")')
export class Score {
  @Field(() => ID, { description: 'The school of this record.' })
  schoolId!: string

  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => Student, { description: 'The pupil (học sinh).' })
  student!: Student

  @Field(() => ClassRoom, { description: 'The class in whose book it stands (lớp).' })
  classRoom!: ClassRoom

  @Field(() => Subject, { description: 'The subject (môn học).' })
  subject!: Subject

  @Field(() => Term, { description: 'The term (học kỳ).' })
  term!: Term

  @Field(() => ScoreKind, { description: 'Kind of mark (loại điểm).' })
  kind!: ScoreKind

  @Field(() => Int, { description: 'Which mark of its kind (lần), from 1.' })
  ordinal!: number

  @Field(() => Float, { nullable: true, description: 'Number from 0 to 10 with one decimal (điểm số); null in a subject assessed by comment.' })
  value!: number | null

  @Field(() => ScoreRemark, { nullable: true, description: 'Đạt or Chưa đạt; null in a scored subject.' })
  remark!: ScoreRemark | null

  @Field(() => Staff, { description: 'The teacher who entered it (giáo viên nhập điểm).' })
  enteredBy!: Staff

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  @Field(() => Provenance, { description: 'Where the record came from (nguồn dữ liệu).' })
  provenance!: Provenance
}

@ObjectType({ simpleResolvers: true, description: 'Marks of one kind that a result still waits for.' })
export class MissingMark {
  @Field(() => ScoreKind, { description: 'Kind of mark (loại điểm).' })
  kind!: ScoreKind

  @Field(() => Int, { description: 'How many the regulation asks for.' })
  needed!: number

  @Field(() => Int, { description: 'How many there are.' })
  present!: number
}

@ObjectType({ simpleResolvers: true, description: 'Why a subject has no result yet.' })
export class ResultReason {
  @Field(() => ResultReasonCode, { description: 'The reason as a code.' })
  code!: ResultReasonCode

  @Field(() => String, { nullable: true, description: 'Article of the regulation (điều, khoản).' })
  article!: string | null

  @Field(() => String, { description: 'The reason in a Vietnamese sentence.' })
  text!: string
}

@ObjectType({ simpleResolvers: true, description: 'A pupil’s result in one subject and term (kết quả môn học học kỳ), worked out by the regulation of the class’s school year and grade.' })
export class SubjectResult {
  @Field(() => Subject, { description: 'The subject (môn học).' })
  subject!: Subject

  @Field(() => Term, { description: 'The term (học kỳ).' })
  term!: Term

  @Field(() => RegulationCode, { nullable: true, description: 'The regulation (thông tư); null where none with marks assesses the class.' })
  regulation!: RegulationCode | null

  @Field(() => String, { nullable: true, description: 'Its official name: Thông tư 22/2021/TT-BGDĐT.' })
  regulationName!: string | null

  @Field(() => Float, {
    nullable: true,
    description: 'Term average (ĐTBmhk), half-up to one decimal. Null until every component is there, never a partial average. TT22/2021, Điều 9.',
  })
  average!: number | null

  @Field(() => ScoreRemark, { nullable: true, description: 'Result of a subject assessed by comment: Đạt or Chưa đạt; null until every component is there.' })
  remark!: ScoreRemark | null

  @Field(() => [MissingMark], { description: 'What the result waits for.' })
  @Directive('@listSize(assumedSize: 1)')
  missing!: MissingMark[]

  @Field(() => [ResultReason], { description: 'Why there is no result; empty when there is one.' })
  @Directive('@listSize(assumedSize: 1)')
  reasons!: ResultReason[]
}

@ObjectType({ simpleResolvers: true, description: 'What became of one mark of the batch.' })
export class ScoreWriteResult {
  @Field(() => Int, { description: 'Position in `scores`, from 0.' })
  index!: number

  @Field(() => BatchStatus, { description: 'Its end.' })
  status!: BatchStatus

  @Field(() => Score, {
    nullable: true,
    description: 'The mark as it stands now; the current record on CONFLICT. Null when refused, and where the school’s agreement does not open gradebook.read.',
  })
  entity!: Score | null

  @Field(() => [RecordError], { description: 'Why it was refused; empty when it was not.' })
  @Directive('@listSize(assumedSize: 1)')
  errors!: RecordError[]
}

@ObjectType({ simpleResolvers: true, description: 'What became of a batch of marks.' })
export class RecordScoresPayload {
  @Field(() => BatchSummary, { description: 'How many met which end.' })
  summary!: BatchSummary

  @Field(() => [ScoreWriteResult], { description: 'Record by record, in the order sent.' })
  @Directive('@listSize(assumedSize: 100)')
  results!: ScoreWriteResult[]

  @Field(() => [RootCause], { description: 'Causes that refused more than one record, the widest first.' })
  @Directive('@listSize(assumedSize: 3)')
  rootCauses!: RootCause[]
}
