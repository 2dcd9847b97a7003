// The public shape of the roster.
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { DateTime, LocalDate } from '../../kernel/scalars.ts'
import { Application, Provenance } from '../../kernel/provenance.ts'
import { batchOf } from '../../kernel/batch.ts'
import { connectionOf } from '../../kernel/connection.ts'
import {
  AuthorityKind,
  FeeRelief,
  HouseholdPoverty,
  SchoolLevel,
  Sex,
  StudentStatus,
  SubjectAssessment,
  YouthMembership,
} from './enums.ts'

export { Application, Provenance }

@ObjectType({ simpleResolvers: true, description: 'An authority that manages or oversees schools (cơ quan quản lý).' })
@Directive('@key(fields: "id")')
export class Authority {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => String, { description: 'Code of the authority (mã cơ quan).' })
  code!: string

  @Field(() => AuthorityKind, { description: 'Sở, Phòng, xã/phường or Bộ.' })
  kind!: AuthorityKind

  @Field(() => String, { description: 'Official name (tên cơ quan).' })
  name!: string

  @Field(() => String, { description: 'Name in English.' })
  nameEn!: string

  @Field(() => LocalDate, { description: 'First day of its authority.' })
  validFrom!: string

  @Field(() => LocalDate, { nullable: true, description: 'Last day of its authority; null while it lasts.' })
  validTo!: string | null

  parentId!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'A school year (năm học): 35 weeks, 18 + 17.' })
@Directive('@key(fields: "id")')
export class SchoolYear {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => String, { description: 'As `2026-2027`.' })
  code!: string

  @Field(() => LocalDate, { description: 'First school day.' })
  startsOn!: string

  @Field(() => LocalDate, { description: 'Last school day.' })
  endsOn!: string

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string
}

@ObjectType({ simpleResolvers: true, description: 'A term (học kỳ) of a school year at one level, dates as set by the Sở.' })
@Directive('@key(fields: "id")')
export class Term {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => SchoolLevel, { description: 'Level whose dates these are: the Sở sets them per level.' })
  level!: SchoolLevel

  @Field(() => String, { description: 'HKI or HKII.' })
  code!: string

  @Field(() => String, { description: 'Name (tên học kỳ).' })
  name!: string

  @Field(() => LocalDate, { description: 'First day.' })
  startsOn!: string

  @Field(() => LocalDate, { description: 'Last day.' })
  endsOn!: string

  @Field(() => LocalDate, { nullable: true, description: 'First day of the term examinations (kiểm tra cuối kỳ); null where the level sits none.' })
  examFrom!: string | null

  @Field(() => LocalDate, { nullable: true, description: 'Last day of the term examinations.' })
  examTo!: string | null

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  schoolYearId!: string
}

@ObjectType({ simpleResolvers: true, description: 'A subject (môn học) of the 2018 programme.' })
@Directive('@key(fields: "code")')
export class Subject {
  @Field(() => ID, { description: 'Code of the subject, as `TOAN`.' })
  code!: string

  @Field(() => String, { description: 'Name (tên môn học).' })
  name!: string

  @Field(() => String, { description: 'Name in English.' })
  nameEn!: string

  @Field(() => SubjectAssessment, { description: 'By marks or by comment.' })
  assessment!: SubjectAssessment

  @Field(() => [SchoolLevel], { description: 'Levels that teach it.' })
  levels!: SchoolLevel[]
}

@ObjectType({ simpleResolvers: true, description: 'A school (trường học). Its code is opaque; codes change at mergers, the id never does.' })
@Directive('@key(fields: "id")')
export class School {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => String, { description: 'School code (mã trường), at most 20 characters.' })
  code!: string

  @Field(() => String, { description: 'Name (tên trường).' })
  name!: string

  @Field(() => [SchoolLevel], { description: 'Levels held (cấp học).' })
  levels!: SchoolLevel[]

  @Field(() => Int, { description: 'Ownership (loại hình): 1 công lập, 2 dân lập, 3 tư thục.' })
  ownership!: number

  @Field(() => String, { description: 'Commune of the school (mã xã/phường), list in force since 1/7/2025.' })
  communeCode!: string

  @Field(() => String, { description: 'Address (địa chỉ).' })
  address!: string

  @Field(() => LocalDate, { nullable: true, description: 'First day of the school; null where it is not recorded.' })
  validFrom!: string | null

  @Field(() => LocalDate, { nullable: true, description: 'Last day of a school that closed or went into another; null while it lasts.' })
  validTo!: string | null

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string
}

@ObjectType({ simpleResolvers: true, description: 'A class (lớp học) of one school year. Its name is unique within school and year.' })
@Directive('@key(fields: "schoolId id")')
export class ClassRoom {
  @Field(() => ID, { description: 'The school it belongs to.' })
  schoolId!: string

  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => String, { description: 'Name (tên lớp), as `10A1`.' })
  name!: string

  @Field(() => Int, { description: 'Grade (khối): 1–12; 13–15 nhà trẻ, 16–18 mẫu giáo.' })
  grade!: number

  @Field(() => SchoolLevel, { description: 'Level (cấp học).' })
  level!: SchoolLevel

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  schoolYearId!: string
  applicationId!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'A member of staff (cán bộ, giáo viên, nhân viên).' })
@Directive('@key(fields: "schoolId id")')
export class Staff {
  @Field(() => ID, { description: 'The school of this record.' })
  schoolId!: string

  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => String, { description: 'Staff code of the Ministry (mã định danh), 10 digits.' })
  code!: string

  @Field(() => String, { description: 'Full name (họ và tên).' })
  fullName!: string

  @Field(() => Sex, { description: 'Sex (giới tính).' })
  sex!: Sex

  @Field(() => String, { description: 'Position (chức vụ): PRINCIPAL, DEPUTY, TEACHER …' })
  position!: string

  @Field(() => Int, { description: 'Status (trạng thái): 1 đang làm việc, 2 chuyển đến, 3 chuyển đi, 4 điều động, 5 chờ hưu, 6 hưu, 7 biệt phái.' })
  status!: number

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  applicationId!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'What Law 91/2025 counts as sensitive, or is kept as closely, of a pupil.' })
export class StudentSensitive {
  @Field(() => String, { nullable: true, description: 'Personal number (số định danh), 12 digits.' })
  personalNumber!: string | null

  @Field(() => String, { nullable: true, description: 'Ethnicity (dân tộc), code of the General Statistics Office, 01–54.' })
  ethnicityCode!: string | null

  @Field(() => String, { nullable: true, description: 'Disability (khuyết tật), in words.' })
  disability!: string | null

  @Field(() => String, { nullable: true, description: 'Policy group (diện chính sách), in words.' })
  policyGroup!: string | null

  @Field(() => HouseholdPoverty, { nullable: true, description: 'Poor household (hộ nghèo).' })
  poorHousehold!: HouseholdPoverty | null

  @Field(() => FeeRelief, { nullable: true, description: 'Fee relief (miễn, giảm học phí).' })
  feeRelief!: FeeRelief | null
}

@ObjectType({ simpleResolvers: true, description: 'What else the data standard keeps of a pupil (hồ sơ học sinh); null where nothing is recorded.' })
export class StudentProfile {
  @Field(() => String, { nullable: true, description: 'Place of birth (nơi sinh).' })
  birthplace!: string | null

  @Field(() => String, { nullable: true, description: 'Nationality (quốc tịch).' })
  nationality!: string | null

  @Field(() => String, { nullable: true, description: 'Commune of residence (mã xã/phường), list in force since 1/7/2025.' })
  communeCode!: string | null

  @Field(() => String, { nullable: true, description: 'Address (địa chỉ) within the commune.' })
  address!: string | null

  @Field(() => Boolean, { nullable: true, description: 'Boards at the school (nội trú).' })
  boarding!: boolean | null

  @Field(() => YouthMembership, { nullable: true, description: 'Member of Đội or Đoàn.' })
  youthMembership!: YouthMembership | null

  @Field(() => Boolean, { nullable: true, description: 'Can swim (biết bơi).' })
  canSwim!: boolean | null
}

@ObjectType({ simpleResolvers: true, description: 'A parent or guardian (cha mẹ, người giám hộ). An application sees only those who consented to it. Law 91/2025/QH15.' })
export class Guardian {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => String, { description: 'Full name (họ và tên).' })
  fullName!: string

  @Field(() => String, { description: 'Relation to the pupil (quan hệ), list GUARDIAN_RELATION: FATHER, MOTHER, GUARDIAN …' })
  relation!: string

  @Field(() => String, { nullable: true, description: 'Phone number (số điện thoại).' })
  phone!: string | null

  @Field(() => Int, { nullable: true, description: 'Year of birth (năm sinh).' })
  birthYear!: number | null

  @Field(() => String, { nullable: true, description: 'Job (nghề nghiệp), in words.' })
  job!: string | null

  @Field(() => String, { nullable: true, description: 'Address (địa chỉ), where it is not the pupil’s.' })
  address!: string | null

  @Field(() => LocalDate, { nullable: true, description: 'Day on which the link to the pupil ended; null while it lasts.' })
  endedOn!: string | null

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  schoolId!: string
  applicationId!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'One line of a pupil’s history at a school (quá trình học).' })
export class Enrolment {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => LocalDate, { description: 'Day of admission (ngày vào).' })
  admittedOn!: string

  @Field(() => LocalDate, { nullable: true, description: 'Day of leaving (ngày rời); null while it lasts.' })
  leftOn!: string | null

  @Field(() => StudentStatus, { description: 'Status (trạng thái).' })
  status!: StudentStatus

  @Field(() => String, { nullable: true, description: 'Reason of leaving (lý do), code 01–08 of the data standard.' })
  leavingReason!: string | null

  @Field(() => Int, { nullable: true, description: 'Number in the class list (số thứ tự), from 1, as the rollover to the school year gave it; null where none did.' })
  rollNumber!: number | null

  schoolId!: string
  classId!: string
}

@ObjectType({ simpleResolvers: true, description: 'A pupil (học sinh) as a school keeps them.' })
@Directive('@key(fields: "schoolId id")')
export class Student {
  @Field(() => ID, { description: 'The school of this record.' })
  schoolId!: string

  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => String, { description: 'Pupil code of the Ministry (mã định danh Bộ GDĐT), 10 digits, which never changes; or a temporary one of ours until there is one: `T`, the province, nine letters and digits, a check character (13 in all).' })
  code!: string

  @Field(() => String, { description: 'Full name (họ và tên).' })
  fullName!: string

  @Field(() => Sex, { description: 'Sex (giới tính).' })
  sex!: Sex

  @Field(() => LocalDate, { description: 'Date of birth (ngày sinh).' })
  birthDate!: string

  @Field(() => StudentStatus, { description: 'Status (trạng thái).' })
  status!: StudentStatus

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  classId!: string | null
  applicationId!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'Who teaches which subject to which class in which term (phân công giảng dạy). Rights to enter marks follow it.' })
export class TeachingAssignment {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => Boolean, { description: 'Whether it is in force: an assignment that ended stays and opens nothing.' })
  active!: boolean

  @Field(() => LocalDate, { nullable: true, description: 'First day; null where it began before anybody recorded the day.' })
  startsOn!: string | null

  @Field(() => LocalDate, { nullable: true, description: 'Last day; null while it lasts.' })
  endedOn!: string | null

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  schoolId!: string
  staffId!: string
  classId!: string
  subjectCode!: string
  termId!: string
}

@ObjectType({ simpleResolvers: true, description: 'The homeroom teacher of a class in its school year (phân công chủ nhiệm).' })
export class HomeroomAssignment {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => Boolean, { description: 'Whether it is in force: one that ended stays, and the class has no homeroom teacher.' })
  active!: boolean

  @Field(() => LocalDate, { nullable: true, description: 'First day; null where it began before anybody recorded the day.' })
  startsOn!: string | null

  @Field(() => LocalDate, { nullable: true, description: 'Last day; null while it lasts.' })
  endedOn!: string | null

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  schoolId!: string
  staffId!: string
  classId!: string
}

@ObjectType({ simpleResolvers: true, description: 'One code of a published list.' })
export class Code {
  @Field(() => String, { description: 'The code, as it is exchanged.' })
  code!: string

  @Field(() => String, { description: 'Name (tên).' })
  name!: string

  @Field(() => String, { nullable: true, description: 'Name in English; null for proper names.' })
  nameEn!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'A published code list (danh mục dùng chung): data with a source and a version.' })
export class CodeList {
  @Field(() => ID, { description: 'Name of the list, as `ETHNICITY`.' })
  list!: string

  @Field(() => String, { description: 'Name (tên danh mục).' })
  name!: string

  @Field(() => String, { description: 'Name in English.' })
  nameEn!: string

  @Field(() => String, { description: 'Who published it (nguồn).' })
  source!: string

  @Field(() => String, { description: 'Which edition of it.' })
  version!: string

  @Field(() => [Code], { description: 'Its codes, in their order.' })
  @Directive('@listSize(assumedSize: 20)')
  codes!: readonly Code[]
}

export const SchoolConnection = connectionOf('School', () => School)
export const ClassRoomConnection = connectionOf('ClassRoom', () => ClassRoom)
export const StudentConnection = connectionOf('Student', () => Student)
export const StaffConnection = connectionOf('Staff', () => Staff)
export const ClassRoomBatch = batchOf('ClassRoom', () => ClassRoom)
export const StaffBatch = batchOf('Staff', () => Staff)
export const StudentBatch = batchOf('Student', () => Student)
export const TeachingAssignmentBatch = batchOf('TeachingAssignment', () => TeachingAssignment)
export const HomeroomAssignmentBatch = batchOf('HomeroomAssignment', () => HomeroomAssignment)
