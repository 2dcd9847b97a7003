// Schools as authorities keep them.
import { Arg, Ctx, Directive, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { batchOf, type BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { upsertSchools } from '../services/upsert-schools.ts'
import { formerCodesOf } from '../store/loaders.ts'
import { UpsertSchoolsInput } from './school-inputs.ts'
import { School } from './types.ts'

const SchoolBatch = batchOf('School', () => School)

@Resolver(() => School)
export class SchoolKeepingResolver {
  @Mutation(() => SchoolBatch, {
    description:
      'Writes schools (trường học), up to 1,000: an officer of the Sở founds, renames, merges, closes and hands over; an officer of a commune mends name, address, commune and ownership of those it manages today. Errors: ACT_FORBIDDEN, BATCH_EMPTY, BATCH_TOO_LONG, IDEMPOTENCY_MISMATCH.',
  })
  upsertSchools(
    @Arg('input', () => UpsertSchoolsInput, { description: 'The batch.' }) input: UpsertSchoolsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<School>> {
    return upsertSchools(context, input)
  }

  @FieldResolver(() => [String], { description: 'Codes that the school had before, and those of schools that went into it.' })
  @Directive('@listSize(assumedSize: 2)')
  formerCodes(@Root() { id }: School, @Ctx() context: SubgraphContext): Promise<string[]> {
    return context.loaders.of(formerCodesOf).load(id)
  }
}
