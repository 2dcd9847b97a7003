// The gradebook's resolvers: arguments in, a service or a loader, the answer out.
import { Arg, Args, ArgsType, Ctx, Directive, Field, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql'
import type { GraphQLResolveInfo } from 'graphql'
import { fieldsAsked } from '../../kernel/asked.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { formerTermsOfStudent } from '../services/former-marks.ts'
import { gradebooksOfClass, scoresOfStudent, subjectResultsOfStudent } from '../services/reading.ts'
import { recordScores } from '../services/record-scores.ts'
import * as load from '../store/loaders.ts'
import { FormerTerm } from './former-types.ts'
import { RecordScoresInput } from './inputs.ts'
import { ClassRoom, Gradebook, GradebookProgress, RecordScoresPayload, Score, ScoreAmendment, Student, SubjectResult } from './types.ts'

@ArgsType()
class TermArgs {
  @Field(() => String, { description: 'Code of the term (học kỳ): HKI or HKII.' })
  term!: string

  @Field(() => String, { nullable: true, description: 'School year (năm học), as `2026-2027`; the one of today when left out.' })
  schoolYear?: string | null
}

@ArgsType()
class ScoreArgs extends TermArgs {
  @Field(() => String, { nullable: true, description: 'Code of the subject (môn học), as `TOAN`; every subject when left out.' })
  subject?: string | null
}

@Resolver(() => Student)
export class StudentResolver {
  // Some 60 marks at the end of a term over all subjects, about 7 in one: the middle is what is charged.
  @FieldResolver(() => [Score], { description: 'Marks (điểm) of a term, by subject, kind and ordinal. Errors: INPUT_INVALID.' })
  @Directive('@listSize(assumedSize: 30)')
  scores(
    @Root() student: Student,
    @Args(() => ScoreArgs) args: ScoreArgs,
    @Ctx() context: SubgraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Score[]> {
    return scoresOfStudent(context, student, args, fieldsAsked(info))
  }

  @FieldResolver(() => [SubjectResult], { description: 'Results (kết quả môn học) of a term, one for each subject of the class. Errors: INPUT_INVALID.' })
  @Directive('@listSize(assumedSize: 14)')
  subjectResults(@Root() student: Student, @Args(() => TermArgs) args: TermArgs, @Ctx() context: SubgraphContext): Promise<SubjectResult[]> {
    return subjectResultsOfStudent(context, student, args)
  }

  @FieldResolver(() => [FormerTerm], {
    description: 'What the pupil brought along from former schools (kết quả học tập ở trường cũ), term by term, the oldest first, as it stands there today. Empty before the school has taken the pupil over and from the day it lets the pupil go. Điều lệ trường học, chuyển trường: học bạ.',
  })
  @Directive('@listSize(assumedSize: 2)')
  formerTerms(@Root() student: Student, @Ctx() context: SubgraphContext): Promise<FormerTerm[]> {
    return formerTermsOfStudent(context, student)
  }
}

@Resolver(() => ClassRoom)
export class ClassRoomResolver {
  @FieldResolver(() => [Gradebook], { description: 'Books (sổ điểm) of the class, by subject. A book begins with its first mark.' })
  @Directive('@listSize(assumedSize: 14)')
  gradebooks(
    @Root() room: ClassRoom,
    @Arg('term', () => String, { nullable: true, description: 'Code of the term (học kỳ): HKI or HKII; both when left out.' }) term: string | null,
    @Ctx() context: SubgraphContext,
  ): Promise<Gradebook[]> {
    return gradebooksOfClass(context, room, term)
  }
}

@Resolver(() => Gradebook)
export class GradebookResolver {
  @FieldResolver(() => GradebookProgress, { description: 'How far it is filled (tiến độ nhập điểm).' })
  progress(@Root() book: Gradebook, @Ctx() context: SubgraphContext): Promise<GradebookProgress> {
    return context.loaders.of(load.progressOfGradebook).load(book)
  }
}

@Resolver(() => Score)
export class ScoreResolver {
  @Mutation(() => RecordScoresPayload, {
    description:
      'Enters marks of one class in one subject and term (nhập điểm), up to 1,000, each named by the subject teacher who enters it. ' +
      'Answered record by record; in ATOMIC mode one refusal refuses all. ' +
      'Errors: SCHOOL_NOT_ACCESSIBLE, RECORD_NOT_ACCESSIBLE (class, subject or term), REFERENCE_INVALID, INPUT_INVALID, BATCH_EMPTY, BATCH_TOO_LONG, ' +
      'ACT_FORBIDDEN, IDEMPOTENCY_MISMATCH, VERSION_CONFLICT. TT22/2021, Điều 6, Điều 7.',
  })
  recordScores(
    @Arg('input', () => RecordScoresInput, { description: 'The batch.' }) input: RecordScoresInput,
    @Ctx() context: SubgraphContext,
  ): Promise<RecordScoresPayload> {
    return recordScores(context, input)
  }

  @FieldResolver(() => [ScoreAmendment], { description: 'What the mark was before (lịch sử sửa điểm), oldest first.' })
  @Directive('@listSize(assumedSize: 1)')
  amendments(@Root() score: Score, @Ctx() context: SubgraphContext): Promise<ScoreAmendment[]> {
    return context.loaders.of(load.amendmentsOfScore).load(score)
  }
}
