// Which records of a list, and in which order.
import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql'
import { DateTime } from '../../kernel/scalars.ts'
import { SchoolLevel, Sex, StudentStatus } from './enums.ts'

export enum SchoolOrder {
  CODE = 'CODE',
  NAME = 'NAME',
  UPDATED_AT = 'UPDATED_AT',
}
registerEnumType(SchoolOrder, {
  name: 'SchoolOrder',
  description: 'In which order schools are listed.',
  valuesConfig: {
    CODE: { description: 'By code.' },
    NAME: { description: 'By name, in the order of the Vietnamese alphabet.' },
    UPDATED_AT: { description: 'By the last change, oldest first.' },
  },
})

export enum ClassRoomOrder {
  GRADE_AND_NAME = 'GRADE_AND_NAME',
  UPDATED_AT = 'UPDATED_AT',
}
registerEnumType(ClassRoomOrder, {
  name: 'ClassRoomOrder',
  description: 'In which order classes are listed.',
  valuesConfig: {
    GRADE_AND_NAME: { description: 'By grade (khối), then by name.' },
    UPDATED_AT: { description: 'By the last change, oldest first.' },
  },
})

export enum PersonOrder {
  NAME = 'NAME',
  CODE = 'CODE',
  UPDATED_AT = 'UPDATED_AT',
}
registerEnumType(PersonOrder, {
  name: 'PersonOrder',
  description: 'In which order pupils or staff are listed.',
  valuesConfig: {
    NAME: {
      description: 'By name as Vietnamese lists are kept (thứ tự ABC): given name first, then family and middle names.',
    },
    CODE: { description: 'By code of the Ministry.' },
    UPDATED_AT: { description: 'By the last change, oldest first.' },
  },
})

const CHANGED = 'Changed after this instant; to go on where the last reading ended, send the `updatedAt` of its last record.'
const OWN_ID = 'Whether the calling application has its own id of the record. A person has none.'
const SEARCH_NAME =
  'Part of a name, with or without diacritics: the last word begins the given name and those before it stand in their order among the family and middle names (`nguyen an`, `van a`), or all of them begin the full name (`nguyen van`).'

@InputType({ description: 'Which schools of those open to the caller.' })
export class SchoolFilter {
  @Field(() => SchoolLevel, { nullable: true, description: 'Schools that hold this level.' })
  level?: SchoolLevel | null

  @Field(() => String, { nullable: true, description: 'Commune code (mã xã/phường).' })
  communeCode?: string | null

  @Field(() => Int, { nullable: true, description: 'Ownership (loại hình): 1 công lập, 2 dân lập, 3 tư thục.' })
  ownership?: number | null

  @Field(() => [String], { nullable: true, description: 'Codes, at most 1,000; older ones of renamed and merged schools are understood. One that is not open to the caller finds nothing.' })
  codes?: string[] | null

  @Field(() => String, { nullable: true, description: 'Beginnings of words of the name, in their order, with or without diacritics: `thpt hac`.' })
  search?: string | null

  @Field(() => Boolean, { nullable: true, description: OWN_ID })
  hasExternalId?: boolean | null

  @Field(() => DateTime, { nullable: true, description: CHANGED })
  updatedAfter?: string | null
}

@InputType({ description: 'Which classes of a school.' })
export class ClassRoomFilter {
  @Field(() => String, { nullable: true, description: 'School year, as `2026-2027`.' })
  schoolYear?: string | null

  @Field(() => Int, { nullable: true, description: 'Grade (khối).' })
  grade?: number | null

  @Field(() => SchoolLevel, { nullable: true, description: 'Level (cấp học).' })
  level?: SchoolLevel | null

  @Field(() => [String], { nullable: true, description: 'Names (tên lớp), at most 1,000.' })
  names?: string[] | null

  @Field(() => Boolean, { nullable: true, description: 'Whether a homeroom teacher (giáo viên chủ nhiệm) is assigned.' })
  hasHomeroomTeacher?: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'Whether a pupil studies in it today.' })
  hasStudents?: boolean | null

  @Field(() => Boolean, { nullable: true, description: OWN_ID })
  hasExternalId?: boolean | null

  @Field(() => DateTime, { nullable: true, description: CHANGED })
  updatedAfter?: string | null
}

@InputType({ description: 'Which pupils of a school, those who left included unless `statuses` leaves them out.' })
export class StudentFilter {
  @Field(() => String, { nullable: true, description: SEARCH_NAME })
  search?: string | null

  @Field(() => [String], { nullable: true, description: 'Codes of the Ministry (mã định danh), at most 1,000.' })
  codes?: string[] | null

  @Field(() => [StudentStatus], { nullable: true, description: 'Any of these statuses (trạng thái).' })
  statuses?: StudentStatus[] | null

  @Field(() => Sex, { nullable: true, description: 'Sex (giới tính).' })
  sex?: Sex | null

  @Field(() => ID, { nullable: true, description: 'In this class today; UUIDv7.' })
  classRoomId?: string | null

  @Field(() => [Int], { nullable: true, description: 'In a class of one of these grades (khối) today.' })
  grades?: number[] | null

  @Field(() => String, { nullable: true, description: 'In a class of this school year today, as `2026-2027`.' })
  schoolYear?: string | null

  @Field(() => Boolean, { nullable: true, description: 'Whether they are in a class today.' })
  hasClass?: boolean | null

  @Field(() => Boolean, { nullable: true, description: OWN_ID })
  hasExternalId?: boolean | null

  @Field(() => DateTime, { nullable: true, description: CHANGED })
  updatedAfter?: string | null
}

@InputType({ description: 'Which staff of a school, those who left included unless `statuses` leaves them out.' })
export class StaffFilter {
  @Field(() => String, { nullable: true, description: SEARCH_NAME })
  search?: string | null

  @Field(() => [String], { nullable: true, description: 'Codes of the Ministry (mã định danh), at most 1,000.' })
  codes?: string[] | null

  @Field(() => [Int], { nullable: true, description: 'Any of these statuses (trạng thái), list STAFF_STATUS.' })
  statuses?: number[] | null

  @Field(() => [String], { nullable: true, description: 'Any of these positions (chức vụ): PRINCIPAL, DEPUTY, TEACHER …' })
  positions?: string[] | null

  @Field(() => Sex, { nullable: true, description: 'Sex (giới tính).' })
  sex?: Sex | null

  @Field(() => Boolean, { nullable: true, description: 'Whether a teaching assignment (phân công giảng dạy) of theirs is in force.' })
  hasAssignment?: boolean | null

  @Field(() => Boolean, { nullable: true, description: OWN_ID })
  hasExternalId?: boolean | null

  @Field(() => DateTime, { nullable: true, description: CHANGED })
  updatedAfter?: string | null
}
