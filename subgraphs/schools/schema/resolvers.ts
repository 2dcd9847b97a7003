// The roster's resolvers: arguments in, a service or a loader, the answer out.
import { Arg, Args, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import { PageArgs, type Connection } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { LocalDate } from '../../kernel/scalars.ts'
import { CODE_LISTS, type ListOfCodes } from '../roster/code-lists.ts'
import { getClassRoom, getSchool, getStudent } from '../services/lookup.ts'
import { listSchools } from '../services/lists.ts'
import * as load from '../store/loaders.ts'
import { guardiansOfStudent } from '../store/consented-loaders.ts'
import * as sql from '../store/queries.ts'
import { provenanceOf, PROVENANCE, type Written } from './provenance.ts'
import { SchoolFilter, SchoolOrder } from './filters.ts'
import { ClassRoomRef, SchoolRef, StudentRef } from './inputs.ts'
import {
  Authority,
  ClassRoom,
  CodeList,
  Enrolment,
  Guardian,
  HomeroomAssignment,
  Provenance,
  School,
  SchoolConnection,
  SchoolYear,
  Staff,
  Student,
  StudentProfile,
  StudentSensitive,
  Subject,
  TeachingAssignment,
  Term,
} from './types.ts'

@Resolver(() => School)
export class SchoolResolver {
  @Query(() => School, { description: 'One school. Errors: SCHOOL_NOT_ACCESSIBLE, REFERENCE_INVALID.' })
  school(@Arg('ref', () => SchoolRef, { description: 'Which school.' }) ref: SchoolRef, @Ctx() context: SubgraphContext): Promise<School> {
    return getSchool(context, ref)
  }

  @Query(() => SchoolConnection, { description: 'The schools open to the caller. Errors: LIST_TOO_LONG, CURSOR_INVALID.' })
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)')
  schools(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => SchoolFilter, { nullable: true, description: 'Which of them.' }) filter: SchoolFilter | null,
    @Arg('orderBy', () => SchoolOrder, { defaultValue: SchoolOrder.CODE, description: 'In which order.' }) order: SchoolOrder,
    @Ctx() context: SubgraphContext,
  ): Promise<Connection<School>> {
    return listSchools(context, filter, order, page)
  }

  @FieldResolver(() => Authority, {
    nullable: true,
    description:
      'The authority that manages the school (cơ quan quản lý trực tiếp): of preschools to lower secondary schools the Phòng until 30/6/2025, the commune since. Null on a day of which nothing is recorded.',
  })
  managingAuthority(
    @Root() school: School,
    @Arg('on', () => LocalDate, { nullable: true, description: 'On which day; today when it is left out.' }) on: string | null,
    @Ctx() context: SubgraphContext,
  ): Promise<Authority | null> {
    return context.loaders.of(load.managingAuthorityOf).load({ schoolId: school.id, on: on ?? null })
  }

  @FieldResolver(() => Provenance, PROVENANCE)
  provenance(@Root() school: School & Written, @Ctx() context: SubgraphContext): Promise<Provenance> {
    return provenanceOf(context, school)
  }
}

@Resolver(() => ClassRoom)
export class ClassRoomResolver {
  @Query(() => ClassRoom, { description: 'One class. Errors: RECORD_NOT_ACCESSIBLE, SCHOOL_NOT_ACCESSIBLE, REFERENCE_INVALID.' })
  classRoom(@Arg('ref', () => ClassRoomRef, { description: 'Which class.' }) ref: ClassRoomRef, @Ctx() context: SubgraphContext): Promise<ClassRoom> {
    return getClassRoom(context, ref)
  }

  @FieldResolver(() => School, { nullable: true, description: 'The school.' })
  school(@Root() room: ClassRoom, @Ctx() context: SubgraphContext): Promise<School | null> {
    return context.loaders.of(load.schoolById).load(room.schoolId)
  }

  @FieldResolver(() => SchoolYear, { nullable: true, description: 'The school year (năm học).' })
  schoolYear(@Root() room: ClassRoom, @Ctx() context: SubgraphContext): Promise<SchoolYear | null> {
    return context.loaders.of(load.schoolYearById).load(room.schoolYearId)
  }

  @FieldResolver(() => [Student], { description: 'Pupils studying in the class, by Vietnamese name order: given name first.' })
  @Directive('@listSize(assumedSize: 50)')
  students(@Root() room: ClassRoom, @Ctx() context: SubgraphContext): Promise<Student[]> {
    return context.loaders.of(load.studentsOfClass).load(room)
  }

  @FieldResolver(() => [TeachingAssignment], { description: 'Who teaches what in this class (phân công giảng dạy).' })
  @Directive('@listSize(assumedSize: 30)')
  teachingAssignments(
    @Root() room: ClassRoom,
    @Arg('ended', () => Boolean, { defaultValue: false, description: 'With those that have ended.' }) ended: boolean,
    @Ctx() context: SubgraphContext,
  ): Promise<TeachingAssignment[]> {
    return context.loaders.of(ended ? load.allAssignmentsOfClass : load.assignmentsOfClass).load(room)
  }

  @FieldResolver(() => HomeroomAssignment, {
    nullable: true,
    description: 'Since when the class has its homeroom teacher, or until when it had (phân công chủ nhiệm); null where none was ever named.',
  })
  async homeroomAssignment(@Root() room: ClassRoom, @Ctx() context: SubgraphContext): Promise<HomeroomAssignment | null> {
    const [assignment] = await context.loaders.of(load.homeroomOfClass).load(room)
    return assignment ?? null
  }

  @FieldResolver(() => Staff, { nullable: true, description: 'Homeroom teacher (giáo viên chủ nhiệm).' })
  async homeroomTeacher(@Root() room: ClassRoom, @Ctx() context: SubgraphContext): Promise<Staff | null> {
    const [assignment] = await context.loaders.of(load.homeroomOfClass).load(room)
    return assignment?.active ? context.loaders.of(load.staffByKey).load({ schoolId: room.schoolId, id: assignment.staffId }) : null
  }

  @FieldResolver(() => Provenance, PROVENANCE)
  provenance(@Root() room: ClassRoom, @Ctx() context: SubgraphContext): Promise<Provenance> {
    return provenanceOf(context, room)
  }
}

@Resolver(() => Student)
export class StudentResolver {
  @Query(() => Student, { description: 'One pupil. Errors: RECORD_NOT_ACCESSIBLE, REFERENCE_INVALID.' })
  student(@Arg('ref', () => StudentRef, { description: 'Which pupil.' }) ref: StudentRef, @Ctx() context: SubgraphContext): Promise<Student> {
    return getStudent(context, ref)
  }

  @FieldResolver(() => School, { nullable: true, description: 'The school.' })
  school(@Root() student: Student, @Ctx() context: SubgraphContext): Promise<School | null> {
    return context.loaders.of(load.schoolById).load(student.schoolId)
  }

  @FieldResolver(() => ClassRoom, { nullable: true, description: 'The class of today; null for a pupil who left.' })
  classRoom(@Root() { schoolId, classId }: Student, @Ctx() context: SubgraphContext): Promise<ClassRoom | null> | null {
    return classId ? context.loaders.of(load.classRoomByKey).load({ schoolId, id: classId }) : null
  }

  @FieldResolver(() => [Enrolment], { description: 'History at this school (quá trình học), oldest first.' })
  @Directive('@listSize(assumedSize: 5)')
  enrolments(@Root() student: Student, @Ctx() context: SubgraphContext): Promise<Enrolment[]> {
    return context.loaders.of(load.enrolmentsOfStudent).load(student)
  }

  @FieldResolver(() => [Guardian], { description: 'Parents and guardians who consented to the calling application. Law 91/2025/QH15.' })
  @Directive('@listSize(assumedSize: 2)')
  guardians(@Root() student: Student, @Ctx() context: SubgraphContext): Promise<Guardian[]> {
    return context.loaders.of(guardiansOfStudent).load(student)
  }

  @FieldResolver(() => StudentProfile, { nullable: true, description: 'What else the data standard keeps of a pupil (hồ sơ học sinh).' })
  profile(@Root() student: Student, @Ctx() context: SubgraphContext): Promise<StudentProfile | null> {
    return context.loaders.of(load.profileByStudent).load(student)
  }

  @FieldResolver(() => StudentSensitive, { nullable: true, description: 'Sensitive data; null where the school’s agreement does not cover it.' })
  sensitive(@Root() student: Student, @Ctx() context: SubgraphContext): Promise<StudentSensitive | null> {
    return context.loaders.of(load.sensitiveByStudent).load(student)
  }

  @FieldResolver(() => Provenance, PROVENANCE)
  provenance(@Root() student: Student, @Ctx() context: SubgraphContext): Promise<Provenance> {
    return provenanceOf(context, student)
  }
}

@Resolver(() => Staff)
export class StaffResolver {
  @FieldResolver(() => Provenance, PROVENANCE)
  provenance(@Root() staff: Staff, @Ctx() context: SubgraphContext): Promise<Provenance> {
    return provenanceOf(context, staff)
  }
}

@Resolver(() => Enrolment)
export class EnrolmentResolver {
  @FieldResolver(() => ClassRoom, { nullable: true, description: 'The class.' })
  classRoom(@Root() { schoolId, classId }: Enrolment, @Ctx() context: SubgraphContext): Promise<ClassRoom | null> {
    return context.loaders.of(load.classRoomByKey).load({ schoolId, id: classId })
  }
}

@Resolver(() => TeachingAssignment)
export class TeachingAssignmentResolver {
  @FieldResolver(() => Staff, { nullable: true, description: 'The teacher (giáo viên bộ môn).' })
  teacher(@Root() { schoolId, staffId }: TeachingAssignment, @Ctx() context: SubgraphContext): Promise<Staff | null> {
    return context.loaders.of(load.staffByKey).load({ schoolId, id: staffId })
  }

  @FieldResolver(() => ClassRoom, { nullable: true, description: 'The class.' })
  classRoom(@Root() { schoolId, classId }: TeachingAssignment, @Ctx() context: SubgraphContext): Promise<ClassRoom | null> {
    return context.loaders.of(load.classRoomByKey).load({ schoolId, id: classId })
  }

  @FieldResolver(() => Subject, { nullable: true, description: 'The subject (môn học).' })
  subject(@Root() { subjectCode }: TeachingAssignment, @Ctx() context: SubgraphContext): Promise<Subject | null> {
    return context.loaders.of(load.subjectByCode).load(subjectCode)
  }

  @FieldResolver(() => Term, { nullable: true, description: 'The term (học kỳ).' })
  term(@Root() { termId }: TeachingAssignment, @Ctx() context: SubgraphContext): Promise<Term | null> {
    return context.loaders.of(load.termById).load(termId)
  }
}

@Resolver(() => Authority)
export class AuthorityResolver {
  @Query(() => [Authority], { description: 'Authorities of the province (cơ quan quản lý), historic ones included.' })
  @Directive('@listSize(assumedSize: 200)')
  authorities(@Ctx() context: SubgraphContext): Promise<Authority[]> {
    return load.readShared(context, sql.AUTHORITIES)
  }

  @FieldResolver(() => Authority, { nullable: true, description: 'The authority above it.' })
  parent(@Root() authority: Authority, @Ctx() context: SubgraphContext): Promise<Authority | null> | null {
    return authority.parentId ? context.loaders.of(load.authorityById).load(authority.parentId) : null
  }
}

@Resolver(() => Subject)
export class SubjectResolver {
  @Query(() => [Subject], { description: 'Subjects (môn học) of the 2018 programme.' })
  @Directive('@listSize(assumedSize: 60)')
  subjects(@Ctx() context: SubgraphContext): Promise<Subject[]> {
    return load.readShared(context, sql.SUBJECTS)
  }
}

@Resolver(() => CodeList)
export class CodeListResolver {
  @Query(() => [CodeList], { description: 'The code lists of the data standard (danh mục dùng chung), with source and version.' })
  @Directive('@listSize(assumedSize: 10)')
  codeLists(): readonly ListOfCodes[] {
    return CODE_LISTS
  }
}
