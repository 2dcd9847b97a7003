// The public shape of a rollover: the plan, which is the same before and after.
import { Directive, Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import { BatchStatus } from '../../kernel/batch.ts'
import { SchoolLevel } from './enums.ts'

export enum RolloverState {
  READY = 'READY',
  REFUSED = 'REFUSED',
  DONE = 'DONE',
}
registerEnumType(RolloverState, {
  name: 'RolloverState',
  description: 'How a rollover stands.',
  valuesConfig: {
    READY: { description: 'Nothing stands against it.' },
    REFUSED: { description: 'Something stands against it; see `problems`.' },
    DONE: { description: 'It was carried out; this is the plan of then.' },
  },
})

export enum RolloverOutcome {
  PROMOTED = 'PROMOTED',
  REPEATED = 'REPEATED',
  GRADUATED = 'GRADUATED',
  PLACED = 'PLACED',
  NEW = 'NEW',
}
registerEnumType(RolloverOutcome, {
  name: 'RolloverOutcome',
  description: 'What the rollover means for a pupil.',
  valuesConfig: {
    PROMOTED: { description: 'Lên lớp.' },
    REPEATED: { description: 'Lưu ban.' },
    GRADUATED: { description: 'Tốt nghiệp, hoàn thành cấp học: the line of the history closes and none opens.' },
    PLACED: { description: 'Đã xếp lớp: was in the planned class of the new year already.' },
    NEW: { description: 'Tuyển mới: is in a class of the new year and comes from none of the old one.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'A pupil in the plan of a rollover.' })
export class RolloverMember {
  @Field(() => RolloverOutcome, { description: 'What it means for the pupil.' })
  outcome!: RolloverOutcome

  @Field(() => String, { nullable: true, description: 'Class in the old year, as `6A`; null for a new pupil.' })
  fromClass!: string | null

  @Field(() => Int, { nullable: true, description: 'Number in the class list (số thứ tự), from 1, by Vietnamese name order: given name, family name, middle name. Null for who has finished.' })
  rollNumber!: number | null

  schoolId!: string
  pupilId!: string
}

@ObjectType({ simpleResolvers: true, description: 'A class of the new year in the plan of a rollover.' })
export class RolloverClass {
  @Field(() => String, { description: 'Name (tên lớp).' })
  name!: string

  @Field(() => Int, { description: 'Grade (khối), 1–18.' })
  grade!: number

  @Field(() => SchoolLevel, { description: 'Level (cấp học).' })
  level!: SchoolLevel

  @Field(() => Boolean, { description: 'Whether the rollover makes it.' })
  isNew!: boolean

  @Field(() => Int, { description: 'Pupils in it.' })
  size!: number

  @Field(() => [RolloverMember], { description: 'Its pupils by roll number.' })
  @Directive('@listSize(assumedSize: 45)')
  members!: RolloverMember[]
}

@ObjectType({ simpleResolvers: true, description: 'How many pupils meet which end.' })
export class RolloverSummary {
  @Field(() => Int, { description: 'Lên lớp.' })
  promoted!: number

  @Field(() => Int, { description: 'Lưu ban.' })
  repeated!: number

  @Field(() => Int, { description: 'Tốt nghiệp, hoàn thành cấp học.' })
  graduated!: number

  @Field(() => Int, { description: 'Were in their class of the new year already, or are new in it.' })
  present!: number

  @Field(() => Int, { description: 'Classes that are made.' })
  newClasses!: number
}

@ObjectType({ simpleResolvers: true, description: 'What stands against a plan or is doubtful in it, and the way out.' })
export class RolloverRemark {
  @Field(() => String, { description: 'A code of the closed list.' })
  code!: string

  @Field(() => String, { description: 'What it is about: the name of a class, or a path in the input, as `repeaters.0`.' })
  path!: string

  @Field(() => Int, { description: 'How many pupils it concerns, at least 1.' })
  count!: number

  @Field(() => String, { description: 'What is wrong and the way out.' })
  message!: string

  @Field(() => String, { description: 'The same in Vietnamese.' })
  messageVi!: string
}

@ObjectType({ simpleResolvers: true, description: 'The plan of a rollover (kế hoạch kết chuyển năm học).' })
export class RolloverPlan {
  @Field(() => RolloverState, { description: 'How it stands.' })
  state!: RolloverState

  @Field(() => String, { description: 'Of all that the plan does. `rollOverSchool` carries out the plan with this hash and no other.' })
  hash!: string

  @Field(() => RolloverSummary, { description: 'How many pupils meet which end.' })
  summary!: RolloverSummary

  @Field(() => [RolloverClass], { description: 'Classes of the new year with pupils, by grade and name.' })
  @Directive('@listSize(assumedSize: 60)')
  classes!: RolloverClass[]

  @Field(() => [RolloverMember], { description: 'Who has finished, by Vietnamese name order.' })
  @Directive('@listSize(assumedSize: 400)')
  graduates!: RolloverMember[]

  @Field(() => [RolloverRemark], { description: 'What stands against it; none when it is READY.' })
  @Directive('@listSize(assumedSize: 5)')
  problems!: RolloverRemark[]

  @Field(() => [RolloverRemark], { description: 'What is doubtful and does not hinder it (cảnh báo).' })
  @Directive('@listSize(assumedSize: 5)')
  warnings!: RolloverRemark[]
}

@ObjectType({ simpleResolvers: true, description: 'What became of a rollover.' })
export class RolloverResult {
  @Field(() => BatchStatus, { description: 'CREATED: carried out. UNCHANGED: this very plan was carried out before.' })
  status!: BatchStatus

  @Field(() => RolloverPlan, { description: 'The plan as it was carried out.' })
  plan!: RolloverPlan
}
