// The lists of a school: its classes, pupils and staff, under the school and at the root.
import { Arg, Args, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import { PageArgs, type Connection } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { getSchool } from '../services/lookup.ts'
import { listClassRooms, listStaff, listStudents } from '../services/lists.ts'
import { ClassRoomFilter, ClassRoomOrder, PersonOrder, StaffFilter, StudentFilter } from './filters.ts'
import { SchoolRef } from './inputs.ts'
import { ClassRoom, ClassRoomConnection, School, Staff, StaffConnection, Student, StudentConnection } from './types.ts'

const PAGED = '@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)'
const WHICH = { nullable: true, description: 'Which of them.' }
const IN_ORDER = { description: 'In which order.' }
const OF_SCHOOL = { description: 'Which school.' }
const PAGE_ERRORS = 'Errors: LIST_TOO_LONG, CURSOR_INVALID.'
const ROOT_ERRORS = 'Errors: SCHOOL_NOT_ACCESSIBLE, REFERENCE_INVALID, LIST_TOO_LONG, CURSOR_INVALID.'

@Resolver(() => School)
export class SchoolListResolver {
  @FieldResolver(() => ClassRoomConnection, { description: `Classes. ${PAGE_ERRORS}` })
  @Directive(PAGED)
  classRooms(
    @Root() school: School,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ClassRoomFilter, WHICH) filter: ClassRoomFilter | null,
    @Arg('orderBy', () => ClassRoomOrder, { ...IN_ORDER, defaultValue: ClassRoomOrder.GRADE_AND_NAME }) order: ClassRoomOrder,
    @Ctx() context: SubgraphContext,
  ): Promise<Connection<ClassRoom>> {
    return listClassRooms(context, school.id, filter, order, page)
  }

  @FieldResolver(() => StudentConnection, { description: `Pupils, those who left included. ${PAGE_ERRORS}` })
  @Directive(PAGED)
  students(
    @Root() school: School,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => StudentFilter, WHICH) filter: StudentFilter | null,
    @Arg('orderBy', () => PersonOrder, { ...IN_ORDER, defaultValue: PersonOrder.NAME }) order: PersonOrder,
    @Ctx() context: SubgraphContext,
  ): Promise<Connection<Student>> {
    return listStudents(context, school.id, filter, order, page)
  }

  @FieldResolver(() => StaffConnection, { description: `Staff, those who left included. ${PAGE_ERRORS}` })
  @Directive(PAGED)
  staff(
    @Root() school: School,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => StaffFilter, WHICH) filter: StaffFilter | null,
    @Arg('orderBy', () => PersonOrder, { ...IN_ORDER, defaultValue: PersonOrder.CODE }) order: PersonOrder,
    @Ctx() context: SubgraphContext,
  ): Promise<Connection<Staff>> {
    return listStaff(context, school.id, filter, order, page)
  }
}

@Resolver()
export class RootListResolver {
  @Query(() => ClassRoomConnection, { description: `Classes of a school. ${ROOT_ERRORS}` })
  @Directive(PAGED)
  async classRooms(
    @Arg('school', () => SchoolRef, OF_SCHOOL) school: SchoolRef,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ClassRoomFilter, WHICH) filter: ClassRoomFilter | null,
    @Arg('orderBy', () => ClassRoomOrder, { ...IN_ORDER, defaultValue: ClassRoomOrder.GRADE_AND_NAME }) order: ClassRoomOrder,
    @Ctx() context: SubgraphContext,
  ): Promise<Connection<ClassRoom>> {
    return listClassRooms(context, (await getSchool(context, school)).id, filter, order, page)
  }

  @Query(() => StudentConnection, { description: `Pupils of a school, those who left included. ${ROOT_ERRORS}` })
  @Directive(PAGED)
  async students(
    @Arg('school', () => SchoolRef, OF_SCHOOL) school: SchoolRef,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => StudentFilter, WHICH) filter: StudentFilter | null,
    @Arg('orderBy', () => PersonOrder, { ...IN_ORDER, defaultValue: PersonOrder.NAME }) order: PersonOrder,
    @Ctx() context: SubgraphContext,
  ): Promise<Connection<Student>> {
    return listStudents(context, (await getSchool(context, school)).id, filter, order, page)
  }

  @Query(() => StaffConnection, { description: `Staff of a school, those who left included. ${ROOT_ERRORS}` })
  @Directive(PAGED)
  async staff(
    @Arg('school', () => SchoolRef, OF_SCHOOL) school: SchoolRef,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => StaffFilter, WHICH) filter: StaffFilter | null,
    @Arg('orderBy', () => PersonOrder, { ...IN_ORDER, defaultValue: PersonOrder.CODE }) order: PersonOrder,
    @Ctx() context: SubgraphContext,
  ): Promise<Connection<Staff>> {
    return listStaff(context, (await getSchool(context, school)).id, filter, order, page)
  }
}
