// Merges of records of pupils: arguments in, a service, the answer out.
import { Arg, Args, Ctx, Directive, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { BatchPayload } from '../../kernel/batch.ts'
import { PageArgs, type Connection } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { SchoolRef } from '../../kernel/inputs.ts'
import { mergeStudents } from '../services/merge-students.ts'
import { listMerges } from '../services/merges.ts'
import { undoMerge } from '../services/undo-merge.ts'
import { studentByKey } from '../store/loaders.ts'
import { MergeStudentsInput, UndoMergeInput } from './merge-inputs.ts'
import { StudentMerge, StudentMergeBatch, StudentMergeConnection } from './merge-types.ts'
import { Student } from './types.ts'

const BATCH = { description: 'The batch.' }
const ERRORS = 'Errors: SCHOOL_NOT_ACCESSIBLE, REFERENCE_INVALID, BATCH_EMPTY, BATCH_TOO_LONG, ACT_FORBIDDEN, IDEMPOTENCY_MISMATCH'

@Resolver(() => StudentMerge)
export class MergeResolver {
  @Query(() => StudentMergeConnection, {
    description: 'Merges of pupils’ records at the school (gộp hồ sơ), the newest first. Errors: SCHOOL_NOT_ACCESSIBLE, REFERENCE_INVALID, LIST_TOO_LONG, CURSOR_INVALID.',
  })
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)')
  studentMerges(
    @Arg('school', () => SchoolRef, { description: 'Which school.' }) school: SchoolRef,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: SubgraphContext,
  ): Promise<Connection<StudentMerge>> {
    return listMerges(context, school, page)
  }

  @Mutation(() => StudentMergeBatch, {
    description: `Merges two records of one pupil each, with enrolments, guardians, own ids, marks, messages, consents; by the school-management product or the principal. ${ERRORS}. Of a record: STUDENT_NOT_FOUND, REASON_REQUIRED, MERGE_TWO_PERSONS, MERGE_TWO_CLASSES, MERGE_MARKS_DIFFER, DUPLICATE_IN_BATCH.`,
  })
  mergeStudents(
    @Arg('input', () => MergeStudentsInput, BATCH) input: MergeStudentsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<StudentMerge>> {
    return mergeStudents(context, input)
  }

  @Mutation(() => StudentMergeBatch, {
    description: `Takes merges back: both records stand again with what hung on each. ${ERRORS}. Of a record: RECORD_NOT_FOUND, REASON_REQUIRED, MERGE_UNDO_ORDER, MERGE_HAS_LATER_ACTS, MERGE_UNDO_AMBIGUOUS, DUPLICATE_IN_BATCH.`,
  })
  undoMerge(
    @Arg('input', () => UndoMergeInput, BATCH) input: UndoMergeInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<StudentMerge>> {
    return undoMerge(context, input)
  }

  @FieldResolver(() => Student, { nullable: true, description: 'The record that was kept.' })
  kept(@Root() { schoolId, keptId: id }: StudentMerge, @Ctx() context: SubgraphContext): Promise<Student | null> {
    return context.loaders.of(studentByKey).load({ schoolId, id })
  }
}
