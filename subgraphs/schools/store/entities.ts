// Storage of the roster: authorities, the school year, schools, classes, people and who teaches what.
import { defineEntity, p, type EntitySchema } from '@mikro-orm/core'
import {
  envelope,
  externalReferenceEntity,
  formerVersionEntity,
  idempotencyEntity,
  instant,
  ofSchool,
  outboxEntity,
  schoolKey,
  texts,
  uuids,
} from '../../kernel/entity-kit.ts'
import { FieldConflictEntity, FieldOwnerEntity } from './ownership-entities.ts'

const schema = 'schools'

/** Made by the database from the full name, never written. */
const searchedByName = () => ({
  plainName: p.text().nullable().generated('schools.plain_text(full_name) stored'),
  plainGivenFirst: p.text().nullable().generated('schools.given_first(schools.plain_text(full_name)) stored'),
})

export const AuthorityEntity = defineEntity({
  name: 'schools.Authority',
  tableName: 'authority',
  schema,
  properties: {
    id: p.uuid().primary(),
    code: p.text().unique('authority_code_unique'),
    kind: p.text(),
    name: p.text(),
    nameEn: p.text(),
    parent: () =>
      p
        .manyToOne(AuthorityEntity)
        .nullable()
        .foreignKeyName('authority_of_parent')
        .updateRule('no action')
        .deleteRule('no action')
        .index('authority_by_parent'),
    unitCode: p.text().nullable(),
    validFrom: p.date(),
    validTo: p.date().nullable(),
    tenantId: p.uuid().nullable(),
    ...envelope(),
  },
})

export const SchoolYearEntity = defineEntity({
  name: 'schools.SchoolYear',
  tableName: 'school_year',
  schema,
  properties: {
    id: p.uuid().primary(),
    code: p.text().unique('school_year_code_unique'),
    startsOn: p.date(),
    endsOn: p.date(),
    ...envelope(),
  },
})

export const TermEntity = defineEntity({
  name: 'schools.Term',
  tableName: 'term',
  schema,
  uniques: [{ name: 'term_code_unique', properties: ['schoolYear', 'level', 'code'] }],
  properties: {
    id: p.uuid().primary(),
    schoolYear: () => p.manyToOne(SchoolYearEntity).foreignKeyName('term_of_school_year').updateRule('no action').index(false),
    level: p.text(),
    code: p.text(),
    name: p.text(),
    startsOn: p.date(),
    endsOn: p.date(),
    examFrom: p.date().nullable(),
    examTo: p.date().nullable(),
    ...envelope(),
  },
})

export const FormerCalendarEntity = defineEntity({
  name: 'schools.FormerCalendar',
  tableName: 'former_calendar',
  schema,
  properties: {
    entity: p.text().primary(),
    entityId: p.uuid().primary(),
    version: p.integer().primary(),
    record: p.json<unknown>(),
    replacedAt: instant(),
    replacedByAccountId: p.uuid().nullable(),
  },
})

export const SubjectEntity = defineEntity({
  name: 'schools.Subject',
  tableName: 'subject',
  schema,
  properties: {
    code: p.text().primary(),
    name: p.text(),
    nameEn: p.text(),
    assessment: p.text(),
    levels: texts(),
  },
})

export const SubjectOfferingEntity = defineEntity({
  name: 'schools.SubjectOffering',
  tableName: 'subject_offering',
  schema,
  properties: {
    subject: () =>
      p
        .manyToOne(SubjectEntity)
        .primary()
        .joinColumn('subject_code')
        .foreignKeyName('subject_offering_of_subject')
        .updateRule('no action')
        .deleteRule('no action')
        .index(false),
    level: p.text().primary(),
    fromGrade: p.smallint().primary(),
    toGrade: p.smallint(),
    periodsPerYear: p.smallint(),
    compulsory: p.boolean(),
  },
})

export const SchoolCodeEntity = defineEntity({
  name: 'schools.SchoolCode',
  tableName: 'school_code',
  schema,
  properties: {
    code: p.text().primary(),
    current: p.boolean(),
    school: p.uuid(),
    passedFrom: p.uuid().nullable(),
    tenantId: p.uuid().nullable(),
  },
})

export const SchoolEntity = defineEntity({
  name: 'schools.School',
  tableName: 'school',
  schema,
  indexes: [{ name: 'school_by_code', properties: ['code', 'schoolId'] }],
  properties: {
    schoolId: p.uuid().primary(),
    code: p.text(),
    name: p.text(),
    nameEn: p.text().nullable(),
    levels: texts(),
    ownership: p.smallint(),
    communeCode: p.text(),
    address: p.text(),
    validFrom: p.date().nullable(),
    validTo: p.date().nullable(),
    status: p.text(),
    sortName: p.text().nullable().generated('schools.vietnamese_key(name) stored'),
    plainName: p.text().nullable().generated('schools.plain_text(name) stored'),
    ...envelope(),
    applicationId: p.uuid().nullable(),
  },
})

export const ClassRoomEntity = defineEntity({
  name: 'schools.ClassRoom',
  tableName: 'class_room',
  schema,
  uniques: [{ name: 'class_room_name_unique', properties: ['schoolId', 'schoolYearId', 'name'] }],
  properties: {
    ...schoolKey(),
    schoolYearId: p.uuid(),
    name: p.text(),
    grade: p.smallint(),
    level: p.text(),
    ...envelope(),
    applicationId: p.uuid().nullable(),
  },
})

export const StaffEntity = defineEntity({
  name: 'schools.Staff',
  tableName: 'staff',
  schema,
  uniques: [{ name: 'staff_code_unique', properties: ['schoolId', 'code'] }],
  properties: {
    ...schoolKey(),
    code: p.text(),
    fullName: p.text(),
    sex: p.text(),
    birthDate: p.date().nullable(),
    position: p.text(),
    status: p.smallint(),
    sortName: p.text().nullable().generated('schools.vietnamese_key(schools.given_first(full_name)) stored'),
    ...searchedByName(),
    ...envelope(),
    applicationId: p.uuid().nullable(),
  },
})

export const StudentEntity = defineEntity({
  name: 'schools.Student',
  tableName: 'student',
  schema,
  uniques: [{ name: 'student_code_unique', properties: ['schoolId', 'code'] }],
  indexes: [
    { name: 'student_by_class', properties: ['schoolId', 'classRoom', 'sortName', 'id'] },
    { name: 'student_by_name', properties: ['schoolId', 'sortName', 'id'] },
    { name: 'student_by_id', properties: ['id'] },
  ],
  properties: {
    ...schoolKey(),
    code: p.text(),
    fullName: p.text(),
    givenName: p.text(),
    sortName: p.text(),
    ...searchedByName(),
    sex: p.text(),
    birthDate: p.date(),
    personalNumber: p.text().nullable(),
    ethnicityCode: p.text().nullable(),
    communeCode: p.text().nullable(),
    birthplace: p.text().nullable(),
    nationality: p.text().nullable(),
    address: p.text().nullable(),
    boarding: p.boolean().nullable(),
    youthMembership: p.text().nullable(),
    canSwim: p.boolean().nullable(),
    disability: p.text().nullable(),
    policyGroup: p.text().nullable(),
    poorHousehold: p.text().nullable(),
    feeRelief: p.text().nullable(),
    status: p.text(),
    classRoom: () => ofSchool(ClassRoomEntity, 'class_id', 'student_in_class').nullable().deleteRule('no action').index(false),
    mergedInto: p.uuid().nullable(),
    ...envelope(),
    applicationId: p.uuid().nullable(),
  },
})

export const EnrolmentEntity = defineEntity({
  name: 'schools.Enrolment',
  tableName: 'enrolment',
  schema,
  indexes: [
    { name: 'enrolment_by_student', properties: ['student'] },
    { name: 'enrolment_by_class', properties: ['classRoom'] },
  ],
  properties: {
    ...schoolKey(),
    student: () => ofSchool(StudentEntity, 'student_id', 'enrolment_of_student'),
    classRoom: () => ofSchool(ClassRoomEntity, 'class_id', 'enrolment_in_class'),
    schoolYearId: p.uuid(),
    admittedOn: p.date(),
    leftOn: p.date().nullable(),
    status: p.text(),
    leavingReason: p.text().nullable(),
    rollNumber: p.smallint().nullable(),
    ...envelope(),
    applicationId: p.uuid().nullable(),
  },
})

export const GuardianEntity = defineEntity({
  name: 'schools.Guardian',
  tableName: 'guardian',
  schema,
  indexes: [{ name: 'guardian_by_student', properties: ['student'] }],
  properties: {
    ...schoolKey(),
    student: () => ofSchool(StudentEntity, 'student_id', 'guardian_of_student'),
    fullName: p.text(),
    relation: p.text(),
    phone: p.text().nullable(),
    birthYear: p.smallint().nullable(),
    job: p.text().nullable(),
    address: p.text().nullable(),
    endedOn: p.date().nullable(),
    consentedApplications: uuids().defaultRaw("'{}'"),
    ...envelope(),
    applicationId: p.uuid().nullable(),
  },
})

export const TeachingAssignmentEntity = defineEntity({
  name: 'schools.TeachingAssignment',
  tableName: 'teaching_assignment',
  schema,
  indexes: [{ name: 'teaching_assignment_by_staff', properties: ['staff'] }],
  uniques: [{ name: 'teaching_assignment_unique', properties: ['schoolId', 'classRoom', 'subjectCode', 'termId', 'staff'] }],
  properties: {
    ...schoolKey(),
    staff: () => ofSchool(StaffEntity, 'staff_id', 'teaching_assignment_of_staff'),
    classRoom: () => ofSchool(ClassRoomEntity, 'class_id', 'teaching_assignment_of_class').index(false),
    subjectCode: p.text(),
    termId: p.uuid(),
    active: p.boolean().default(true),
    startsOn: p.date().nullable(),
    endedOn: p.date().nullable(),
    ...envelope(),
    applicationId: p.uuid().nullable(),
  },
})

export const HomeroomAssignmentEntity = defineEntity({
  name: 'schools.HomeroomAssignment',
  tableName: 'homeroom_assignment',
  schema,
  indexes: [{ name: 'homeroom_assignment_by_staff', properties: ['staff'] }],
  uniques: [{ name: 'homeroom_assignment_unique', properties: ['schoolId', 'classRoom', 'schoolYearId'] }],
  properties: {
    ...schoolKey(),
    staff: () => ofSchool(StaffEntity, 'staff_id', 'homeroom_assignment_of_staff'),
    classRoom: () => ofSchool(ClassRoomEntity, 'class_id', 'homeroom_assignment_of_class').index(false),
    schoolYearId: p.uuid(),
    startsOn: p.date().nullable(),
    endedOn: p.date().nullable(),
    ...envelope(),
    applicationId: p.uuid().nullable(),
  },
})

export const FacilityEntity = defineEntity({
  name: 'schools.Facility',
  tableName: 'facility',
  schema,
  uniques: [{ name: 'facility_once_a_period', properties: ['schoolId', 'schoolYearId', 'period'] }],
  properties: {
    ...schoolKey(),
    schoolYearId: p.uuid(),
    period: p.text(),
    rooms: p.json<unknown>(),
    electricity: p.boolean().nullable(),
    cleanWater: p.boolean().nullable(),
    separateToilets: p.boolean().nullable(),
    internet: p.boolean().nullable(),
    handWashing: p.boolean().nullable(),
    disabilityAccess: p.boolean().nullable(),
    computers: p.integer().nullable(),
    nationalStandard: p.smallint().nullable(),
    accreditation: p.smallint().nullable(),
    landArea: p.integer().nullable(),
    ...envelope(),
    applicationId: p.uuid().nullable(),
  },
})

export const CampusEntity = defineEntity({
  name: 'schools.Campus',
  tableName: 'campus',
  schema,
  uniques: [{ name: 'campus_code_unique', properties: ['schoolId', 'code'] }],
  properties: {
    ...schoolKey(),
    code: p.text(),
    name: p.text(),
    address: p.text(),
    communeCode: p.text(),
    validFrom: p.date(),
    validTo: p.date().nullable(),
    ...envelope(),
    applicationId: p.uuid().nullable(),
  },
})

export const entities: EntitySchema[] = [
  AuthorityEntity,
  SchoolYearEntity,
  TermEntity,
  FormerCalendarEntity,
  SubjectEntity,
  SubjectOfferingEntity,
  SchoolCodeEntity,
  SchoolEntity,
  ClassRoomEntity,
  StaffEntity,
  StudentEntity,
  EnrolmentEntity,
  GuardianEntity,
  TeachingAssignmentEntity,
  HomeroomAssignmentEntity,
  FacilityEntity,
  CampusEntity,
  externalReferenceEntity(schema),
  formerVersionEntity(schema),
  FieldOwnerEntity,
  FieldConflictEntity,
  outboxEntity(schema),
  idempotencyEntity(schema),
]
