// Rolling a school over: the plan to look at, and the one act that carries it out.
import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { SubgraphContext } from '../../kernel/context.ts'
import { previewRollover, rollOverSchool } from '../services/roll-over-school.ts'
import { studentByKey } from '../store/loaders.ts'
import { RolloverInput, RollOverSchoolInput } from './rollover-inputs.ts'
import { RolloverMember, RolloverPlan, RolloverResult } from './rollover-types.ts'
import { Student } from './types.ts'

const ERRORS =
  'SCHOOL_NOT_ACCESSIBLE, RECORD_NOT_ACCESSIBLE (school year), REFERENCE_INVALID, LIST_TOO_LONG, ACT_FORBIDDEN, SCOPE_MISSING, YEARS_NOT_CONSECUTIVE'

@Resolver()
export class RolloverResolver {
  @Query(() => RolloverPlan, {
    description: `What rolling the school over to the new year would do (xem trước kết chuyển năm học); nothing is written. Errors: ${ERRORS}.`,
  })
  previewRollover(
    @Arg('input', () => RolloverInput, { description: 'The rollover.' }) input: RolloverInput,
    @Ctx() context: SubgraphContext,
  ): Promise<RolloverPlan> {
    return previewRollover(context, input)
  }

  @Mutation(() => RolloverResult, {
    description: `Rolls the school over to the new year (kết chuyển năm học): makes the classes, promotes, keeps repeaters, closes the history of those who have finished, numbers the class lists; the whole school at once or not at all. The same plan again is UNCHANGED. Errors: ${ERRORS}, DATE_INVALID, YEAR_NOT_OVER, PLAN_STALE, ROLLOVER_REFUSED, ROLLOVER_DONE, IDEMPOTENCY_MISMATCH.`,
  })
  rollOverSchool(
    @Arg('input', () => RollOverSchoolInput, { description: 'The rollover.' }) input: RollOverSchoolInput,
    @Ctx() context: SubgraphContext,
  ): Promise<RolloverResult> {
    return rollOverSchool(context, input)
  }
}

@Resolver(() => RolloverMember)
export class RolloverMemberResolver {
  @FieldResolver(() => Student, { nullable: true, description: 'The pupil; null to whoever may not read the record.' })
  student(@Root() { schoolId, pupilId }: RolloverMember, @Ctx() context: SubgraphContext): Promise<Student | null> {
    return context.loaders.of(studentByKey).load({ schoolId, id: pupilId })
  }
}
