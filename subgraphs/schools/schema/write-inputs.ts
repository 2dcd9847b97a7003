// What a vendor sends of the roster: batches of classes, staff, pupils, assignments and acts of one school.
import { Field, ID, InputType, Int } from 'type-graphql'
import { BATCH_MAX } from '../../kernel/batch.ts'
import { ClassRoomOfYearRef, StaffRef, StudentRef } from '../../kernel/inputs.ts'
import { EXPECTED, OfSchool, OWN_ID } from '../../kernel/records/inputs.ts'
import { FeeRelief, HouseholdPoverty, LeavingStatus, SchoolLevel, Sex, YouthMembership } from './enums.ts'

const ID_OF = { nullable: true, description: 'UUIDv7 of a record that exists; left out, the natural key names it.' } as const

const ON_DAY = {
  nullable: true,
  description: 'Day on which it begins or, with `active: false`, ends, as `2026-11-20`; not in the future; today when left out.',
} as const

@InputType({ description: 'A batch of one school in one school year.' })
abstract class OfSchoolYear extends OfSchool {
  @Field(() => String, { description: 'School year (năm học), as `2026-2027`.' })
  schoolYear!: string
}

@InputType({ description: 'A class (lớp học). Its natural key is its name within school and school year.' })
export class ClassRoomInput {
  @Field(() => ID, { nullable: true, description: 'UUIDv7 of a class that exists, which may so take another name.' })
  id?: string | null

  @Field(() => String, { description: 'Name (tên lớp), as `10A1`, at most 100 characters.' })
  name!: string

  @Field(() => Int, { description: 'Grade (khối): 1–12; 13–15 nhà trẻ, 16–18 mẫu giáo.' })
  grade!: number

  @Field(() => SchoolLevel, { description: 'Level (cấp học), one that the school holds.' })
  level!: SchoolLevel

  @Field(() => String, OWN_ID)
  externalId?: string | null

  @Field(() => Int, EXPECTED)
  expectedVersion?: number | null
}

@InputType({ description: 'Classes of one school year.' })
export class UpsertClassesInput extends OfSchoolYear {
  @Field(() => [ClassRoomInput], { description: `1 to ${BATCH_MAX} classes.` })
  classes!: ClassRoomInput[]
}

@InputType({ description: 'A member of staff (cán bộ, giáo viên, nhân viên). The natural key is the code within the school.' })
export class StaffInput {
  @Field(() => ID, ID_OF)
  id?: string | null

  @Field(() => String, { nullable: true, description: 'Staff code of the Ministry (mã định danh), 10 digits; needed for a new record.' })
  code?: string | null

  @Field(() => String, OWN_ID)
  externalId?: string | null

  @Field(() => String, { description: 'Full name (họ và tên).' })
  fullName!: string

  @Field(() => Sex, { description: 'Sex (giới tính).' })
  sex!: Sex

  @Field(() => String, { nullable: true, description: 'Date of birth (ngày sinh), as `1985-09-05`.' })
  birthDate?: string | null

  @Field(() => String, { description: 'Position (chức vụ): PRINCIPAL, DEPUTY, TEACHER …' })
  position!: string

  @Field(() => Int, {
    description:
      'Status (trạng thái): 1 đang làm việc, 2 chuyển đến, 3 chuyển đi, 4 điều động, 5 chờ hưu, 6 hưu, 7 biệt phái. With 3 and 6 the office at the school ends the same day.',
  })
  status!: number

  @Field(() => Int, EXPECTED)
  expectedVersion?: number | null
}

@InputType({ description: 'Staff of one school.' })
export class UpsertStaffInput extends OfSchool {
  @Field(() => [StaffInput], { description: `1 to ${BATCH_MAX} members of staff.` })
  staff!: StaffInput[]
}

@InputType({ description: 'Sensitive data of a pupil; needs the scope student.sensitive.write. What is not sent stays, null clears. Law 91/2025/QH15.' })
export class StudentSensitiveInput {
  @Field(() => String, { nullable: true, description: 'Personal number (số định danh), 12 digits. One that tells another sex or birth year is a warning.' })
  personalNumber?: string | null

  @Field(() => String, { nullable: true, description: 'Ethnicity (dân tộc), code of the General Statistics Office, 01–54: list ETHNICITY.' })
  ethnicityCode?: string | null

  @Field(() => String, { nullable: true, description: 'Disability (khuyết tật), in words.' })
  disability?: string | null

  @Field(() => String, { nullable: true, description: 'Policy group (diện chính sách), in words.' })
  policyGroup?: string | null

  @Field(() => HouseholdPoverty, { nullable: true, description: 'Poor household (hộ nghèo).' })
  poorHousehold?: HouseholdPoverty | null

  @Field(() => FeeRelief, { nullable: true, description: 'Fee relief (miễn, giảm học phí).' })
  feeRelief?: FeeRelief | null
}

@InputType({ description: 'A pupil (học sinh). The natural key is the code within the school. An attribute that is not sent stays, null clears it.' })
export class StudentInput {
  @Field(() => ID, ID_OF)
  id?: string | null

  @Field(() => String, { nullable: true, description:
      'Pupil code of the Ministry (mã định danh), 10 digits; needed for a new record but in grade 1 and preschool, where a temporary one is issued. Sent for a pupil with a temporary code it takes its place.' })
  code?: string | null

  @Field(() => String, OWN_ID)
  externalId?: string | null

  @Field(() => String, { description: 'Full name (họ và tên).' })
  fullName!: string

  @Field(() => Sex, { description: 'Sex (giới tính).' })
  sex!: Sex

  @Field(() => String, { description: 'Date of birth (ngày sinh), as `2011-09-05`. A day that does not exist refuses this record alone.' })
  birthDate!: string

  @Field(() => String, { nullable: true, description: 'Place of birth (nơi sinh).' })
  birthplace?: string | null

  @Field(() => String, { nullable: true, description: 'Nationality (quốc tịch).' })
  nationality?: string | null

  @Field(() => String, { nullable: true, description: 'Commune of residence (mã xã/phường), 5 digits, list in force since 1/7/2025.' })
  communeCode?: string | null

  @Field(() => String, { nullable: true, description: 'Address (địa chỉ) within the commune.' })
  address?: string | null

  @Field(() => Boolean, { nullable: true, description: 'Boards at the school (nội trú).' })
  boarding?: boolean | null

  @Field(() => YouthMembership, { nullable: true, description: 'Member of Đội or Đoàn.' })
  youthMembership?: YouthMembership | null

  @Field(() => Boolean, { nullable: true, description: 'Can swim (biết bơi).' })
  canSwim?: boolean | null

  @Field(() => ClassRoomOfYearRef, {
    nullable: true,
    description: 'The class that admits the pupil. Who studies in another class is refused: a change of class is an act, `moveStudents`.',
  })
  classRoom?: ClassRoomOfYearRef | null

  @Field(() => String, { nullable: true, description: 'Day of admission (ngày vào) of a pupil who is admitted with this; today when left out.' })
  admittedOn?: string | null

  @Field(() => StudentSensitiveInput, { nullable: true, description: 'Sensitive data.' })
  sensitive?: StudentSensitiveInput | null

  @Field(() => Int, EXPECTED)
  expectedVersion?: number | null
}

@InputType({ description: 'Pupils of one school; the school year is that of their classes.' })
export class UpsertStudentsInput extends OfSchoolYear {
  @Field(() => [StudentInput], { description: `1 to ${BATCH_MAX} pupils.` })
  students!: StudentInput[]
}

@InputType({ description: 'One act of a pupil’s history.' })
abstract class EnrolmentAct {
  @Field(() => StudentRef, { description: 'The pupil, as the school keeps them.' })
  student!: StudentRef

  @Field(() => String, { nullable: true, description: 'On which day, as `2026-11-20`, not in the future; today when left out.' })
  on?: string | null

  @Field(() => Int, EXPECTED)
  expectedVersion?: number | null
}

@InputType({ description: 'Admission (tiếp nhận) of a pupil whom the school knows and who studies in no class of it: also the return of one who left.' })
export class EnrolmentInput extends EnrolmentAct {
  @Field(() => ClassRoomOfYearRef, { description: 'The class.' })
  classRoom!: ClassRoomOfYearRef
}

@InputType({ description: 'Admissions at one school.' })
export class EnrolStudentsInput extends OfSchoolYear {
  @Field(() => [EnrolmentInput], { description: `1 to ${BATCH_MAX} admissions.` })
  enrolments!: EnrolmentInput[]
}

@InputType({ description: 'Change of class (chuyển lớp) within the school.' })
export class ClassMoveInput extends EnrolmentAct {
  @Field(() => ClassRoomOfYearRef, { description: 'The class the pupil goes to.' })
  classRoom!: ClassRoomOfYearRef
}

@InputType({ description: 'Changes of class at one school.' })
export class MoveStudentsInput extends OfSchoolYear {
  @Field(() => [ClassMoveInput], { description: `1 to ${BATCH_MAX} moves.` })
  moves!: ClassMoveInput[]
}

@InputType({ description: 'Leaving (rời trường).' })
export class LeavingInput extends EnrolmentAct {
  @Field(() => LeavingStatus, { description: 'As what the pupil leaves.' })
  status!: LeavingStatus

  @Field(() => String, { nullable: true, description: 'Reason (lý do), code 01–08 of the data standard; needed for DROPPED_OUT and DEFERRED.' })
  reason?: string | null
}

@InputType({ description: 'Leavings at one school.' })
export class RecordLeavingInput extends OfSchool {
  @Field(() => [LeavingInput], { description: `1 to ${BATCH_MAX} leavings.` })
  leavings!: LeavingInput[]
}

@InputType({ description: 'Who teaches a subject to a class (phân công giảng dạy). The natural key is class, subject, term and teacher.' })
export class TeachingAssignmentInput {
  @Field(() => ClassRoomOfYearRef, { description: 'The class.' })
  classRoom!: ClassRoomOfYearRef

  @Field(() => String, { description: 'Code of the subject (môn học), as `TOAN`.' })
  subject!: string

  @Field(() => StaffRef, { description: 'The teacher (giáo viên bộ môn), who has not left the school.' })
  teacher!: StaffRef

  @Field(() => Boolean, { defaultValue: true, description: 'False ends the assignment: it stays in the history and opens nothing.' })
  active!: boolean

  @Field(() => String, ON_DAY)
  on?: string | null

  @Field(() => Int, EXPECTED)
  expectedVersion?: number | null
}

@InputType({ description: 'Teaching assignments of one school in one term.' })
export class AssignTeachersInput extends OfSchoolYear {
  @Field(() => String, { description: 'Code of the term (học kỳ): HKI or HKII.' })
  term!: string

  @Field(() => [TeachingAssignmentInput], { description: `1 to ${BATCH_MAX} assignments.` })
  assignments!: TeachingAssignmentInput[]
}

@InputType({ description: 'The homeroom teacher of a class (giáo viên chủ nhiệm). The natural key is the class.' })
export class HomeroomAssignmentInput {
  @Field(() => ClassRoomOfYearRef, { description: 'The class.' })
  classRoom!: ClassRoomOfYearRef

  @Field(() => StaffRef, { description: 'The teacher, who takes over from whoever had the class.' })
  teacher!: StaffRef

  @Field(() => Boolean, { defaultValue: true, description: 'False ends the assignment of this teacher: the class has no homeroom teacher until one is named.' })
  active!: boolean

  @Field(() => String, ON_DAY)
  on?: string | null

  @Field(() => Int, EXPECTED)
  expectedVersion?: number | null
}

@InputType({ description: 'Homeroom teachers of one school.' })
export class AssignHomeroomsInput extends OfSchoolYear {
  @Field(() => [HomeroomAssignmentInput], { description: `1 to ${BATCH_MAX} assignments.` })
  assignments!: HomeroomAssignmentInput[]
}
