// School years and terms: read by everybody, written by the Sở.
import { Arg, Ctx, Directive, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { batchOf, type BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { upsertSchoolYears, upsertTerms } from '../services/upsert-calendar.ts'
import * as load from '../store/loaders.ts'
import * as sql from '../store/queries.ts'
import { UpsertSchoolYearsInput, UpsertTermsInput } from './calendar-inputs.ts'
import { PROVENANCE } from './provenance.ts'
import { Provenance, SchoolYear, Term } from './types.ts'

const SchoolYearBatch = batchOf('SchoolYear', () => SchoolYear)
const TermBatch = batchOf('Term', () => Term)

const BATCH = { description: 'The batch.' }
const ERRORS = 'Errors: ACT_FORBIDDEN, BATCH_EMPTY, BATCH_TOO_LONG, IDEMPOTENCY_MISMATCH.'

/** No product writes the calendar, and none has ids of its own for it. */
const bySo = ({ updatedAt }: SchoolYear | Term): Provenance => ({ application: null, receivedAt: updatedAt, externalId: null })

@Resolver(() => SchoolYear)
export class SchoolYearResolver {
  @Query(() => [SchoolYear], { description: 'School years (năm học), newest first.' })
  @Directive('@listSize(assumedSize: 20)')
  schoolYears(@Ctx() context: SubgraphContext): Promise<SchoolYear[]> {
    return load.readShared(context, sql.SCHOOL_YEARS)
  }

  @Mutation(() => SchoolYearBatch, {
    description: `Writes school years (khung kế hoạch thời gian năm học), up to 1,000, answered record by record: an officer of the Sở. Each school hears of it in the feed. ${ERRORS}`,
  })
  upsertSchoolYears(
    @Arg('input', () => UpsertSchoolYearsInput, BATCH) input: UpsertSchoolYearsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<SchoolYear>> {
    return upsertSchoolYears(context, input)
  }

  @FieldResolver(() => [Term], { description: 'Its terms (học kỳ), level by level.' })
  @Directive('@listSize(assumedSize: 10)')
  async terms(@Root() year: SchoolYear, @Ctx() context: SubgraphContext): Promise<Term[]> {
    const terms = await load.readShared<Term>(context, sql.TERMS)
    return terms.filter(({ schoolYearId }) => schoolYearId === year.id)
  }

  @FieldResolver(() => Provenance, PROVENANCE)
  provenance(@Root() year: SchoolYear): Provenance {
    return bySo(year)
  }
}

@Resolver(() => Term)
export class TermResolver {
  @Mutation(() => TermBatch, {
    description: `Writes terms (học kỳ) with the days of their examinations, up to 1,000, level by level, answered record by record: an officer of the Sở. Each school of the level hears of it in the feed. ${ERRORS}`,
  })
  upsertTerms(
    @Arg('input', () => UpsertTermsInput, BATCH) input: UpsertTermsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<Term>> {
    return upsertTerms(context, input)
  }

  @FieldResolver(() => SchoolYear, { nullable: true, description: 'Its school year (năm học).' })
  schoolYear(@Root() term: Term, @Ctx() context: SubgraphContext): Promise<SchoolYear | null> {
    return context.loaders.of(load.schoolYearById).load(term.schoolYearId)
  }

  @FieldResolver(() => Provenance, PROVENANCE)
  provenance(@Root() term: Term): Provenance {
    return bySo(term)
  }
}
