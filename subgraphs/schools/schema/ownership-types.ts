// Who owns which fields at a school, and competing writes that wait for a decision.
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { batchOf } from '../../kernel/batch.ts'
import { connectionOf } from '../../kernel/connection.ts'
import { Application } from '../../kernel/provenance.ts'
import { DateTime, LocalDate } from '../../kernel/scalars.ts'
import type { Values } from '../../kernel/records/decide.ts'
import type { GroupName } from '../roster/field-groups.ts'

export enum FieldGroup {
  CLASS_ROOM = 'CLASS_ROOM',
  STAFF = 'STAFF',
  STUDENT_IDENTITY = 'STUDENT_IDENTITY',
  STUDENT_PROFILE = 'STUDENT_PROFILE',
  STUDENT_SENSITIVE = 'STUDENT_SENSITIVE',
  STUDENT_ENROLMENT = 'STUDENT_ENROLMENT',
  TEACHING_ASSIGNMENT = 'TEACHING_ASSIGNMENT',
  HOMEROOM_ASSIGNMENT = 'HOMEROOM_ASSIGNMENT',
  GUARDIAN = 'GUARDIAN',
  HEALTH_RECORD = 'HEALTH_RECORD',
  FACILITY = 'FACILITY',
  CAMPUS = 'CAMPUS',
}
registerEnumType(FieldGroup, {
  name: 'FieldGroup',
  description: 'Fields of one kind of record that one application owns together (nhóm trường dữ liệu). Natural keys are in none: they never change.',
  valuesConfig: {
    CLASS_ROOM: { description: 'Lớp học: name, grade, level. Scope to write: school.write.' },
    STAFF: { description: 'Cán bộ, giáo viên: name, sex, birth date, position, status. staff.write.' },
    STUDENT_IDENTITY: { description: 'Họ tên, giới tính, ngày sinh của học sinh. student.basic.write.' },
    STUDENT_PROFILE: { description: 'Hồ sơ học sinh: birthplace, nationality, commune, address, boarding, Đội/Đoàn, swimming. student.basic.write.' },
    STUDENT_SENSITIVE: { description: 'Dữ liệu nhạy cảm của học sinh. student.sensitive.write.' },
    STUDENT_ENROLMENT: { description: 'Quá trình học: status and class, also through moveStudents and recordLeaving. student.basic.write.' },
    TEACHING_ASSIGNMENT: { description: 'Phân công giảng dạy: whether an assignment is in force, and its days. school.write.' },
    HOMEROOM_ASSIGNMENT: { description: 'Phân công chủ nhiệm: the teacher and the days. school.write.' },
    GUARDIAN: { description: 'Cha mẹ, người giám hộ: all that is kept of them, of records that the owner has written or that came with the first load. guardian.contact.write.' },
    HEALTH_RECORD: { description: 'Sức khỏe học sinh: all that was measured, of records that the owner has written or that came with the first load. health.write.' },
    FACILITY: { description: 'Cơ sở vật chất of a reporting period, field by field; the rooms are one field. school.write.' },
    CAMPUS: { description: 'Điểm trường: name, address, commune, days of use. school.write.' },
  },
})

export enum OwnershipBasis {
  DECLARED = 'DECLARED',
  KIND = 'KIND',
}
registerEnumType(OwnershipBasis, {
  name: 'OwnershipBasis',
  description: 'Why an application owns a group of fields.',
  valuesConfig: {
    DECLARED: { description: 'The principal or the Sở declared it (đã khai báo).' },
    KIND: { description: 'Of the SCHOOL_MANAGEMENT applications that may write it, its agreement began first (theo loại ứng dụng).' },
  },
})

export enum ConflictState {
  OPEN = 'OPEN',
  ACCEPTED = 'ACCEPTED',
  REJECTED = 'REJECTED',
}
registerEnumType(ConflictState, {
  name: 'ConflictState',
  description: 'Where a competing write stands.',
  valuesConfig: {
    OPEN: { description: 'Chờ quyết định: the record says what it said.' },
    ACCEPTED: { description: 'Chấp nhận: the record says what was proposed.' },
    REJECTED: { description: 'Từ chối: the same proposal against the same value opens nothing again.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'Which application owns a group of fields at a school (chủ sở hữu trường dữ liệu). Others propose, see `conflicts`.' })
export class FieldOwner {
  @Field(() => FieldGroup, { description: 'The fields.' })
  group!: GroupName

  @Field(() => Application, { nullable: true, description: 'The owner; null: nobody owns them, and the last writer wins.' })
  application!: Application | null

  @Field(() => OwnershipBasis, { nullable: true, description: 'Why it owns them; null without an owner.' })
  basis!: `${OwnershipBasis}` | null

  @Field(() => LocalDate, { nullable: true, description: 'Since which day it is declared; null for what follows from the kind.' })
  validFrom!: string | null

  @Field(() => LocalDate, { nullable: true, description: 'Last day of the declaration; null while it lasts.' })
  validTo!: string | null

  @Field(() => String, { nullable: true, description: 'Why it was declared (lý do).' })
  reason!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'A write to a field that another application owns (xung đột ghi): kept for a decision, not written.' })
export class FieldConflict {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => FieldGroup, { description: 'The group of the field.' })
  group!: GroupName

  @Field(() => String, { description: 'The field, as `Student.birthDate`; `Student.enrolments` is status and class together, `Campus.validity` the first and the last day.' })
  field!: string

  @Field(() => ID, { description: 'Id of the record (UUIDv7).' })
  recordId!: string

  @Field(() => String, { description: 'Natural key of the record when it was proposed, as the pupil’s code.' })
  naturalKey!: string

  @Field(() => String, { nullable: true, description: 'The value then in store, as text; of a reference the id; null for none. Several values of one field are joined by `; `; rooms are JSON.' })
  currentValue!: string | null

  @Field(() => String, { nullable: true, description: 'The value that was sent, in the same form; null: it was cleared.' })
  proposedValue!: string | null

  @Field(() => Application, { description: 'The owner of the field at that time.' })
  owner!: Application

  @Field(() => Application, { description: 'The application that sent it.' })
  proposedBy!: Application

  @Field(() => DateTime, { description: 'When it was sent, the last time.' })
  proposedAt!: string

  @Field(() => ConflictState, { description: 'Where it stands.' })
  state!: `${ConflictState}`

  @Field(() => String, { nullable: true, description: 'Reason of the decision (lý do).' })
  reason!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it was decided; null while it is open.' })
  decidedAt!: string | null

  @Field(() => Application, { nullable: true, description: 'The application that decided it; null while it is open and when the principal did in person.' })
  decidedBy!: Application | null

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string
}

/** A conflict as it is stored. */
export interface ConflictRow {
  readonly id: string
  readonly entity: string
  readonly recordId: string
  /** Of a pupil, or of a record that hangs on one: the pupil. */
  readonly studentId: string | null
  readonly naturalKey: string
  readonly group: GroupName
  readonly field: string
  readonly former: Values
  readonly proposed: Values
  readonly effect: unknown
  readonly ownerApplicationId: string
  readonly proposedByApplicationId: string
  readonly proposedAt: string
  readonly state: `${ConflictState}`
  readonly reason: string | null
  readonly decidedAt: string | null
  readonly decidedByApplicationId: string | null
  readonly version: number
  readonly updatedAt: string
}

export const FieldConflictConnection = connectionOf('FieldConflict', () => FieldConflict)
export const FieldConflictBatch = batchOf('FieldConflict', () => FieldConflict)
export const FieldOwnerBatch = batchOf('FieldOwner', () => FieldOwner)
