// Likely doubles: arguments in, a service, the answer out.
import { Arg, Args, Ctx, Directive, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { BatchPayload } from '../../kernel/batch.ts'
import { PageArgs, type Connection } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { SchoolRef } from '../../kernel/inputs.ts'
import { dismissIdentityMatches, listIdentityMatches } from '../services/identity-matches.ts'
import { studentByKey } from '../store/loaders.ts'
import {
  DismissIdentityMatchesInput,
  IdentityMatch,
  IdentityMatchBatch,
  IdentityMatchConnection,
  IdentityMatchState,
} from './identity-types.ts'
import { Student } from './types.ts'

@Resolver(() => IdentityMatch)
export class IdentityResolver {
  @Query(() => IdentityMatchConnection, {
    description:
      'Pupils of the school who may have two records (nghi trùng hồ sơ), the newest first. Errors: SCHOOL_NOT_ACCESSIBLE, REFERENCE_INVALID, LIST_TOO_LONG, CURSOR_INVALID.',
  })
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)')
  identityMatches(
    @Arg('school', () => SchoolRef, { description: 'Which school.' }) school: SchoolRef,
    @Arg('state', () => IdentityMatchState, { defaultValue: IdentityMatchState.OPEN, description: 'Those that stand so.' })
    state: IdentityMatchState,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: SubgraphContext,
  ): Promise<Connection<IdentityMatch>> {
    return listIdentityMatches(context, school, state, page)
  }

  @Mutation(() => IdentityMatchBatch, {
    description:
      'Says that the records of matches are two pupils each (không trùng), up to 1,000. One pupil’s records are merged instead. Errors: SCHOOL_NOT_ACCESSIBLE, REFERENCE_INVALID, BATCH_EMPTY, BATCH_TOO_LONG, ACT_FORBIDDEN, IDEMPOTENCY_MISMATCH. Of a record: RECORD_NOT_FOUND, REASON_REQUIRED, CONFLICT_DECIDED, DUPLICATE_IN_BATCH.',
  })
  dismissIdentityMatches(
    @Arg('input', () => DismissIdentityMatchesInput, { description: 'The batch.' }) input: DismissIdentityMatchesInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<IdentityMatch>> {
    return dismissIdentityMatches(context, input)
  }

  @FieldResolver(() => Student, { nullable: true, description: 'The record that landed later; once merged, the one that lives.' })
  landed(@Root() { schoolId, landedId: id }: IdentityMatch, @Ctx() context: SubgraphContext): Promise<Student | null> {
    return context.loaders.of(studentByKey).load({ schoolId, id })
  }

  @FieldResolver(() => Student, { nullable: true, description: 'The record that was there before; once merged, the one that lives.' })
  candidate(@Root() { schoolId, candidateId: id }: IdentityMatch, @Ctx() context: SubgraphContext): Promise<Student | null> {
    return context.loaders.of(studentByKey).load({ schoolId, id })
  }
}
