// The roster's writes: a batch in, a service, what became of it out.
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import type { BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { assignHomerooms, assignTeachers } from '../services/assignments.ts'
import { enrolStudents, moveStudents, recordLeaving } from '../services/enrolment-acts.ts'
import { upsertClasses } from '../services/upsert-classes.ts'
import { upsertStaff } from '../services/upsert-staff.ts'
import { upsertStudents } from '../services/upsert-students.ts'
import * as load from '../store/loaders.ts'
import {
  ClassRoom,
  ClassRoomBatch,
  HomeroomAssignment,
  HomeroomAssignmentBatch,
  Staff,
  StaffBatch,
  Student,
  StudentBatch,
  TeachingAssignment,
  TeachingAssignmentBatch,
} from './types.ts'
import {
  AssignHomeroomsInput,
  AssignTeachersInput,
  EnrolStudentsInput,
  MoveStudentsInput,
  RecordLeavingInput,
  UpsertClassesInput,
  UpsertStaffInput,
  UpsertStudentsInput,
} from './write-inputs.ts'

const BATCH = { description: 'The batch.' }
const ERRORS = 'Errors: SCHOOL_NOT_ACCESSIBLE, REFERENCE_INVALID, BATCH_EMPTY, BATCH_TOO_LONG, ACT_FORBIDDEN, IDEMPOTENCY_MISMATCH, VERSION_CONFLICT'
const OF_YEAR = `${ERRORS}, RECORD_NOT_ACCESSIBLE (school year).`

@Resolver()
export class RosterWriteResolver {
  @Mutation(() => ClassRoomBatch, {
    description: `Writes classes (lớp học) of one school year, up to 1,000, answered record by record. ${OF_YEAR}`,
  })
  upsertClasses(
    @Arg('input', () => UpsertClassesInput, BATCH) input: UpsertClassesInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<ClassRoom>> {
    return upsertClasses(context, input)
  }

  @Mutation(() => StaffBatch, {
    description: `Writes staff (cán bộ, giáo viên), up to 1,000. Who leaves loses the office at the school the same day. ${ERRORS}.`,
  })
  upsertStaff(
    @Arg('input', () => UpsertStaffInput, BATCH) input: UpsertStaffInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<Staff>> {
    return upsertStaff(context, input)
  }

  @Mutation(() => StudentBatch, {
    description: `Writes pupils (học sinh), up to 1,000, and admits new ones to their classes. \`sensitive\` needs student.sensitive.write. ${OF_YEAR} SCOPE_MISSING.`,
  })
  upsertStudents(
    @Arg('input', () => UpsertStudentsInput, BATCH) input: UpsertStudentsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<Student>> {
    return upsertStudents(context, input)
  }

  @Mutation(() => StudentBatch, {
    description: `Admits (tiếp nhận) pupils whom the school knows and who study in no class of it, up to 1,000. ${OF_YEAR}`,
  })
  enrolStudents(
    @Arg('input', () => EnrolStudentsInput, BATCH) input: EnrolStudentsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<Student>> {
    return enrolStudents(context, input)
  }

  @Mutation(() => StudentBatch, {
    description: `Moves pupils to another class (chuyển lớp), up to 1,000: one line of the history closes, another opens. ${OF_YEAR}`,
  })
  moveStudents(
    @Arg('input', () => MoveStudentsInput, BATCH) input: MoveStudentsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<Student>> {
    return moveStudents(context, input)
  }

  @Mutation(() => StudentBatch, {
    description: `Records that pupils left the school (rời trường) and why, up to 1,000. The school keeps its record of them. ${ERRORS}.`,
  })
  recordLeaving(
    @Arg('input', () => RecordLeavingInput, BATCH) input: RecordLeavingInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<Student>> {
    return recordLeaving(context, input)
  }

  @Mutation(() => TeachingAssignmentBatch, {
    description: `Assigns teachers to classes and subjects in a term (phân công giảng dạy), up to 1,000, or ends assignments. Marks are entered by whoever is assigned. ${OF_YEAR}`,
  })
  assignTeachers(
    @Arg('input', () => AssignTeachersInput, BATCH) input: AssignTeachersInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<TeachingAssignment>> {
    return assignTeachers(context, input)
  }

  @Mutation(() => HomeroomAssignmentBatch, {
    description: `Names the homeroom teachers of classes (phân công chủ nhiệm), up to 1,000. ${OF_YEAR}`,
  })
  assignHomerooms(
    @Arg('input', () => AssignHomeroomsInput, BATCH) input: AssignHomeroomsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<HomeroomAssignment>> {
    return assignHomerooms(context, input)
  }
}

@Resolver(() => HomeroomAssignment)
export class HomeroomAssignmentResolver {
  @FieldResolver(() => Staff, { nullable: true, description: 'The homeroom teacher (giáo viên chủ nhiệm).' })
  teacher(@Root() { schoolId, staffId }: HomeroomAssignment, @Ctx() context: SubgraphContext): Promise<Staff | null> {
    return context.loaders.of(load.staffByKey).load({ schoolId, id: staffId })
  }

  @FieldResolver(() => ClassRoom, { nullable: true, description: 'The class.' })
  classRoom(@Root() { schoolId, classId }: HomeroomAssignment, @Ctx() context: SubgraphContext): Promise<ClassRoom | null> {
    return context.loaders.of(load.classRoomByKey).load({ schoolId, id: classId })
  }
}
