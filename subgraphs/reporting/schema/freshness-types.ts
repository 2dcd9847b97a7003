// The public shape of freshness: days, counts and applications, never a record.
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { batchOf } from '../../kernel/batch.ts'
import { connectionOf } from '../../kernel/connection.ts'
import type { RecordKind } from '../../kernel/freshness.ts'
import type { Scope } from '../../kernel/scopes.ts'
import { Application } from '../../kernel/provenance.ts'
import { DateTime, LocalDate } from '../../kernel/scalars.ts'
import { SchoolLevel } from './enums.ts'
import { Authority, School } from './types.ts'

export const RecordKindEnum = {
  CLASS_ROOM: 'CLASS_ROOM',
  STAFF: 'STAFF',
  STUDENT: 'STUDENT',
  ENROLMENT: 'ENROLMENT',
  TEACHING_ASSIGNMENT: 'TEACHING_ASSIGNMENT',
  HOMEROOM_ASSIGNMENT: 'HOMEROOM_ASSIGNMENT',
  GUARDIAN: 'GUARDIAN',
  HEALTH_RECORD: 'HEALTH_RECORD',
  FACILITY: 'FACILITY',
  CAMPUS: 'CAMPUS',
  SCORE: 'SCORE',
  CONSENT: 'CONSENT',
} as const satisfies Record<RecordKind, RecordKind>
registerEnumType(RecordKindEnum, {
  name: 'RecordKind',
  description: 'Kind of record that a school keeps (loại hồ sơ). An application is told of a kind under the scope that reads it.',
  valuesConfig: {
    CLASS_ROOM: { description: 'Lớp học. school.read.' },
    STAFF: { description: 'Cán bộ, giáo viên. staff.read.' },
    STUDENT: { description: 'Học sinh. student.basic.read.' },
    ENROLMENT: { description: 'Quá trình học: admission, class, leaving; also confirmed by pupils who are sent with their class. student.basic.read.' },
    TEACHING_ASSIGNMENT: { description: 'Phân công giảng dạy. staff.read.' },
    HOMEROOM_ASSIGNMENT: { description: 'Phân công chủ nhiệm. staff.read.' },
    GUARDIAN: { description: 'Cha mẹ, người giám hộ. guardian.contact.read; an application is told what it wrote itself.' },
    HEALTH_RECORD: { description: 'Y tế học đường. health.read; an application is told what it wrote itself.' },
    FACILITY: { description: 'Cơ sở vật chất. school.read.' },
    CAMPUS: { description: 'Điểm trường. school.read.' },
    SCORE: { description: 'Điểm. gradebook.read.' },
    CONSENT: { description: 'Sự đồng ý. identity.read; an application is told what it recorded itself.' },
  },
})

export enum FreshnessState {
  FRESH = 'FRESH',
  OVERDUE = 'OVERDUE',
  NEVER = 'NEVER',
  UNDECLARED = 'UNDECLARED',
}
registerEnumType(FreshnessState, {
  name: 'FreshnessState',
  description: 'How fresh records are by what their authority asks (tình trạng cập nhật).',
  valuesConfig: {
    FRESH: { description: 'Đúng hạn: confirmed within the days that are asked for.' },
    OVERDUE: { description: 'Quá hạn: last confirmed longer ago.' },
    NEVER: { description: 'Chưa có: asked for, and never written.' },
    UNDECLARED: { description: 'Không quy định: no authority of the school asks for it, so nothing is late.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'How many records, by days of Vietnam. A record that is sent twice counts twice.' })
export class RecordCounts {
  @Field(() => Int, { description: 'Today.' })
  today!: number

  @Field(() => Int, { description: 'In 7 days, today among them.' })
  last7Days!: number

  @Field(() => Int, { description: 'In 30 days, today among them.' })
  last30Days!: number
}

@ObjectType({ simpleResolvers: true, description: 'What one application did for the records of one kind at a school.' })
export class ApplicationFreshness {
  @Field(() => Application, { nullable: true, description: 'The application; null: people of the school in person, or the initial load.' })
  application!: Application | null

  @Field(() => DateTime, { nullable: true, description: 'When it last sent a record that was accepted, changed or not; null: never.' })
  lastConfirmedAt!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it last changed one.' })
  lastChangedAt!: string | null

  @Field(() => RecordCounts, { description: 'Records it changed.' })
  changed!: RecordCounts

  @Field(() => RecordCounts, { description: 'Records it sent that were accepted, changed or not.' })
  confirmed!: RecordCounts
}

@ObjectType({ simpleResolvers: true })
abstract class OfKind {
  @Field(() => RecordKindEnum, { description: 'Which records.' })
  kind!: RecordKind

  @Field(() => FreshnessState, {
    nullable: true,
    description: 'How fresh they are. Null, as the times and counts, where the whole is not told: to an agreement with terms, to a teacher, and to applications of what rests on consent.',
  })
  state!: `${FreshnessState}` | null

  @Field(() => Int, { nullable: true, description: 'Days within which they are to be confirmed: the strictest that an authority of the school declared; null: none did.' })
  dueWithinDays!: number | null

  @Field(() => DateTime, { nullable: true, description: 'When a record of this kind was last sent and accepted, changed or not: somebody looks after them.' })
  lastConfirmedAt!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When one last changed.' })
  lastChangedAt!: string | null

  @Field(() => Application, { nullable: true, description: 'The application of that change; null: people in person, the initial load, or none.' })
  lastChangedBy!: Application | null

  @Field(() => RecordCounts, { nullable: true, description: 'Records that changed. Null to applications: how much others write is not their business.' })
  changed!: RecordCounts | null

  @Field(() => RecordCounts, { nullable: true, description: 'Records that were sent and accepted, changed or not. Null to applications.' })
  confirmed!: RecordCounts | null

  /** Under which scope the row was read. */
  readonly openedBy!: Scope
  readonly schoolId!: string
}

@ObjectType({ simpleResolvers: true, description: 'How fresh the records of one kind are at a school (mức độ cập nhật dữ liệu). R11.' })
export class RecordFreshness extends OfKind {}

@ObjectType({ simpleResolvers: true, description: 'A line of the freshness of an authority’s schools: one school, one kind of record. R11.' })
export class SchoolFreshness extends OfKind {
  @Field(() => School, { description: 'The school.' })
  school!: School

  @Field(() => String, { description: 'Tên trường.' })
  schoolName!: string
}

export const SchoolFreshnessConnection = connectionOf('SchoolFreshness', () => SchoolFreshness)

@ObjectType({ simpleResolvers: true, description: 'How many schools stand how with one kind of record.' })
export class FreshnessCount {
  @Field(() => RecordKindEnum, { description: 'Which records.' })
  kind!: RecordKind

  @Field(() => Int, { description: 'Schools in time (đúng hạn).' })
  fresh!: number

  @Field(() => Int, { description: 'Schools that are late (quá hạn).' })
  overdue!: number

  @Field(() => Int, { description: 'Schools that have none and are asked for them (chưa có).' })
  never!: number

  @Field(() => Int, { description: 'Schools of which nobody asks for them (không quy định).' })
  undeclared!: number
}

@ObjectType({ simpleResolvers: true, description: 'Freshness of the records below an authority (mức độ cập nhật dữ liệu của các trường). Counts of schools, R11.' })
export class DataFreshness {
  @Field(() => Authority, { description: 'The authority.' })
  authority!: Authority

  @Field(() => String, { description: 'ĐƠN VỊ: name of the authority.' })
  unitName!: string

  @Field(() => DateTime, { description: 'The moment of this state.' })
  asOf!: string

  @Field(() => Int, { description: 'Schools below the authority today.' })
  schools!: number

  @Field(() => [FreshnessCount], { description: 'Every kind of record once.' })
  @Directive('@listSize(assumedSize: 12)')
  counts!: FreshnessCount[]
}

@ObjectType({ simpleResolvers: true, description: 'How fresh an authority asks the records of its schools to be (quy định thời hạn cập nhật). Of those who oversee a school the strictest holds.' })
export class FreshnessThreshold {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => Authority, { description: 'Whose word it is.' })
  authority!: Authority

  @Field(() => RecordKindEnum, { description: 'Which records.' })
  kind!: RecordKind

  @Field(() => SchoolLevel, { description: 'At schools that have this level.' })
  level!: SchoolLevel

  @Field(() => Int, { description: 'Within how many days they are to be confirmed, 1 to 400.' })
  days!: number

  @Field(() => String, { description: 'Why (lý do), as the document that says so.' })
  reason!: string

  @Field(() => LocalDate, { description: 'Since which day.' })
  validFrom!: string

  @Field(() => DateTime, { description: 'When it was declared.' })
  declaredAt!: string
}

export const FreshnessThresholdBatch = batchOf('FreshnessThreshold', () => FreshnessThreshold)
