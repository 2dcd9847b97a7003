// Owners of fields and competing writes: arguments in, a service, the answer out.
import { Arg, Args, Ctx, Directive, Mutation, Query, Resolver } from 'type-graphql'
import type { BatchPayload } from '../../kernel/batch.ts'
import { PageArgs, type Connection } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { SchoolRef } from '../../kernel/inputs.ts'
import { LocalDate } from '../../kernel/scalars.ts'
import { listConflicts } from '../services/conflicts.ts'
import { listFieldOwners, setFieldOwners } from '../services/field-owners.ts'
import { resolveConflicts } from '../services/resolve-conflicts.ts'
import { ResolveConflictsInput, SetFieldOwnersInput } from './ownership-inputs.ts'
import {
  ConflictState,
  FieldConflict,
  FieldConflictBatch,
  FieldConflictConnection,
  FieldOwner,
  FieldOwnerBatch,
} from './ownership-types.ts'

const SCHOOL = { description: 'Which school.' }
const BATCH = { description: 'The batch.' }
const ERRORS = 'Errors: SCHOOL_NOT_ACCESSIBLE, REFERENCE_INVALID, BATCH_EMPTY, BATCH_TOO_LONG, ACT_FORBIDDEN, IDEMPOTENCY_MISMATCH'

@Resolver()
export class OwnershipResolver {
  @Query(() => [FieldOwner], {
    description: 'Which application owns which fields at the school (chủ sở hữu trường dữ liệu), every group once. Errors: SCHOOL_NOT_ACCESSIBLE, REFERENCE_INVALID.',
  })
  @Directive('@listSize(assumedSize: 10)')
  fieldOwners(
    @Arg('school', () => SchoolRef, SCHOOL) school: SchoolRef,
    @Arg('on', () => LocalDate, { nullable: true, description: 'On which day; today when it is left out. Of a past day the declared owners alone are known.' })
    on: string | null,
    @Ctx() context: SubgraphContext,
  ): Promise<FieldOwner[]> {
    return listFieldOwners(context, school, on)
  }

  @Query(() => FieldConflictConnection, {
    description:
      'Competing writes at the school (xung đột ghi), the newest first; of the fields that the caller may read. Errors: SCHOOL_NOT_ACCESSIBLE, REFERENCE_INVALID, LIST_TOO_LONG, CURSOR_INVALID.',
  })
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)')
  conflicts(
    @Arg('school', () => SchoolRef, SCHOOL) school: SchoolRef,
    @Arg('state', () => ConflictState, { defaultValue: ConflictState.OPEN, description: 'Those that stand so.' }) state: ConflictState,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: SubgraphContext,
  ): Promise<Connection<FieldConflict>> {
    return listConflicts(context, school, state, page)
  }

  @Mutation(() => FieldOwnerBatch, {
    description: `Declares which application owns which fields at the school, by its principal or an officer of the Sở, signed in personally. ${ERRORS}. Of a record: APPLICATION_NOT_AGREED, REASON_REQUIRED, DUPLICATE_IN_BATCH.`,
  })
  setFieldOwners(
    @Arg('input', () => SetFieldOwnersInput, BATCH) input: SetFieldOwnersInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<FieldOwner>> {
    return setFieldOwners(context, input)
  }

  @Mutation(() => FieldConflictBatch, {
    description: `Decides competing writes, by the application that owns the field or by the principal, with the scope that writes the field. ${ERRORS}. Of a record: RECORD_NOT_FOUND, ACT_FORBIDDEN, SCOPE_MISSING, CONFLICT_DECIDED, CONFLICT_OUTDATED, VERSION_CONFLICT, REASON_REQUIRED, DUPLICATE_IN_BATCH, CLASS_NAME_TAKEN, CLASS_HAS_PUPILS, STAFF_LEFT.`,
  })
  resolveConflicts(
    @Arg('input', () => ResolveConflictsInput, BATCH) input: ResolveConflictsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<FieldConflict>> {
    return resolveConflicts(context, input)
  }
}
