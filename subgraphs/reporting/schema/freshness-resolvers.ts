// Freshness: arguments in, a service, the answer out.
import { Arg, Args, Ctx, Directive, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { BatchPayload } from '../../kernel/batch.ts'
import type { Connection } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import * as service from '../services/freshness.ts'
import { listThresholds, setThresholds } from '../services/freshness-thresholds.ts'
import { SchoolFreshnessArgs, SetFreshnessThresholdsInput } from './freshness-inputs.ts'
import {
  ApplicationFreshness,
  DataFreshness,
  FreshnessThreshold,
  FreshnessThresholdBatch,
  RecordFreshness,
  SchoolFreshness,
  SchoolFreshnessConnection,
} from './freshness-types.ts'
import { AuthorityArgs } from './inputs.ts'
import { School } from './types.ts'

const KEEPERS = {
  description:
    'What each application did, the latest first: to the principal and to officers in person. An application is told of itself alone, also where it never wrote; a teacher of none.',
}

@Resolver()
export class FreshnessResolver {
  @Query(() => DataFreshness, {
    description: 'How many schools of an authority keep which records in time (tổng hợp mức độ cập nhật). Errors: ACT_FORBIDDEN.',
  })
  @Directive('@cost(weight: 20)')
  dataFreshness(@Args(() => AuthorityArgs) args: AuthorityArgs, @Ctx() context: SubgraphContext): Promise<DataFreshness> {
    return service.countFreshness(context, args)
  }

  @Query(() => SchoolFreshnessConnection, {
    description:
      'Schools of an authority by kind of record (danh sách trường theo mức độ cập nhật): what was never kept first, then the oldest. Errors: ACT_FORBIDDEN, LIST_TOO_LONG, CURSOR_INVALID.',
  })
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)')
  schoolFreshness(@Args(() => SchoolFreshnessArgs) args: SchoolFreshnessArgs, @Ctx() context: SubgraphContext): Promise<Connection<SchoolFreshness>> {
    return service.listFreshness(context, args)
  }

  @Query(() => [FreshnessThreshold], {
    description: 'What the caller’s authority, and whoever else oversees its schools today, asks for. Errors: ACT_FORBIDDEN.',
  })
  @Directive('@listSize(assumedSize: 60)')
  freshnessThresholds(@Ctx() context: SubgraphContext): Promise<FreshnessThreshold[]> {
    return listThresholds(context)
  }

  @Mutation(() => FreshnessThresholdBatch, {
    description:
      'Declares how fresh the caller’s authority asks the records of its schools to be, by an officer signed in personally. Errors: ACT_FORBIDDEN, BATCH_EMPTY, BATCH_TOO_LONG, IDEMPOTENCY_MISMATCH. Of a record: NUMBER_OUT_OF_RANGE, REASON_REQUIRED, DUPLICATE_IN_BATCH.',
  })
  setFreshnessThresholds(
    @Arg('input', () => SetFreshnessThresholdsInput, { description: 'The batch.' }) input: SetFreshnessThresholdsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<FreshnessThreshold>> {
    return setThresholds(context, input)
  }
}

@Resolver(() => School)
export class SchoolOfFreshnessResolver {
  @FieldResolver(() => [RecordFreshness], {
    description: 'How fresh its records are, of each kind that the caller may read; of every kind to its principal and its officers, who read reports (`report.read`). R11.',
  })
  @Directive('@listSize(assumedSize: 12)')
  @Directive('@cost(weight: 5)')
  freshness(@Root() { id }: School, @Ctx() context: SubgraphContext): Promise<RecordFreshness[]> {
    return service.freshnessOfSchool(context, id)
  }
}

@Resolver(() => RecordFreshness)
export class RecordFreshnessResolver {
  @FieldResolver(() => [ApplicationFreshness], KEEPERS)
  @Directive('@listSize(assumedSize: 2)')
  applications(@Root() line: RecordFreshness, @Ctx() context: SubgraphContext): Promise<ApplicationFreshness[]> {
    return context.loaders.of(service.keepersOfLine).load(line)
  }
}

@Resolver(() => SchoolFreshness)
export class SchoolFreshnessResolver {
  @FieldResolver(() => [ApplicationFreshness], KEEPERS)
  @Directive('@listSize(assumedSize: 2)')
  applications(@Root() line: SchoolFreshness, @Ctx() context: SubgraphContext): Promise<ApplicationFreshness[]> {
    return context.loaders.of(service.keepersOfLine).load(line)
  }
}
