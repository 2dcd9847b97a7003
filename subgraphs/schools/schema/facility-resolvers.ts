// What a school has: facilities and campuses read with the school, written by batch; the communes they stand in.
import { Arg, Ctx, Directive, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { LocalDate } from '../../kernel/scalars.ts'
import type { CodeOfList } from '../roster/code-lists.ts'
import { communesOf, PROVINCES } from '../roster/communes.ts'
import { upsertCampuses } from '../services/upsert-campuses.ts'
import { upsertFacilities } from '../services/upsert-facilities.ts'
import * as load from '../store/loaders.ts'
import { UpsertCampusesInput, UpsertFacilitiesInput } from './facility-inputs.ts'
import { Campus, CampusBatch, Facility, FacilityBatch, FacilityRooms, ReportingPeriod } from './facility-types.ts'
import { provenanceOf, PROVENANCE } from './provenance.ts'
import { Code, Provenance, School, SchoolYear } from './types.ts'

const BATCH = { description: 'The batch.' }
const ERRORS = 'Errors: SCHOOL_NOT_ACCESSIBLE, REFERENCE_INVALID, BATCH_EMPTY, BATCH_TOO_LONG, ACT_FORBIDDEN, IDEMPOTENCY_MISMATCH.'

@Resolver(() => School)
export class SchoolPropertyResolver {
  @FieldResolver(() => [Facility], { description: 'Facilities by reporting period (cơ sở vật chất), the newest first.' })
  @Directive('@listSize(assumedSize: 10)')
  async facilities(
    @Root() school: School,
    @Arg('schoolYear', () => String, { nullable: true, description: 'Of this school year alone, as `2026-2027`.' }) schoolYear: string | null,
    @Arg('period', () => ReportingPeriod, { nullable: true, description: 'Of this reporting period alone.' }) period: ReportingPeriod | null,
    @Ctx() context: SubgraphContext,
  ): Promise<Facility[]> {
    const all = await context.loaders.of(load.facilitiesOfSchool).load(school.id)
    return all.filter((one) => (!schoolYear || one.yearCode === schoolYear) && (!period || one.period === period))
  }

  @FieldResolver(() => [Campus], { description: 'Sites of the school (điểm trường), by code.' })
  @Directive('@listSize(assumedSize: 5)')
  async campuses(
    @Root() school: School,
    @Arg('on', () => LocalDate, { nullable: true, description: 'In use on this day; all that ever were when it is left out.' }) on: string | null,
    @Ctx() context: SubgraphContext,
  ): Promise<Campus[]> {
    const all = await context.loaders.of(load.campusesOfSchool).load(school.id)
    return on ? all.filter(({ validFrom, validTo }) => validFrom <= on && (validTo === null || on <= validTo)) : all
  }

  @Query(() => [Code], {
    description: 'The administrative units in force (đơn vị hành chính) since 1/7/2025: the provinces, or the communes of one. Source: schema/codes/administrative-unit.json.',
  })
  @Directive('@listSize(assumedSize: 150)')
  administrativeUnits(
    @Arg('province', () => String, { nullable: true, description: 'Code of the province (mã tỉnh), 2 digits; the provinces themselves when it is left out.' }) province: string | undefined,
  ): readonly CodeOfList[] {
    return province ? communesOf(province) : PROVINCES
  }

  @Mutation(() => FacilityBatch, {
    description: `Writes the facilities (cơ sở vật chất) of reporting periods, up to 1,000, answered record by record. ${ERRORS}`,
  })
  upsertFacilities(
    @Arg('input', () => UpsertFacilitiesInput, BATCH) input: UpsertFacilitiesInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<Facility>> {
    return upsertFacilities(context, input)
  }

  @Mutation(() => CampusBatch, {
    description: `Writes the sites of a school (điểm trường), up to 1,000, answered record by record. ${ERRORS}`,
  })
  upsertCampuses(
    @Arg('input', () => UpsertCampusesInput, BATCH) input: UpsertCampusesInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<Campus>> {
    return upsertCampuses(context, input)
  }
}

@Resolver(() => Facility)
export class FacilityResolver {
  @FieldResolver(() => SchoolYear, { nullable: true, description: 'The school year (năm học).' })
  schoolYear(@Root() { schoolYearId }: Facility, @Ctx() context: SubgraphContext): Promise<SchoolYear | null> {
    return context.loaders.of(load.schoolYearById).load(schoolYearId)
  }

  @FieldResolver(() => [FacilityRooms], { description: 'Rooms by kind and grade of building.' })
  @Directive('@listSize(assumedSize: 15)')
  rooms(@Root() { roomsText }: Facility): FacilityRooms[] {
    return JSON.parse(roomsText) as FacilityRooms[]
  }

  @FieldResolver(() => Provenance, PROVENANCE)
  provenance(@Root() facility: Facility, @Ctx() context: SubgraphContext): Promise<Provenance> {
    return provenanceOf(context, facility)
  }
}

@Resolver(() => Campus)
export class CampusResolver {
  @FieldResolver(() => Provenance, PROVENANCE)
  provenance(@Root() campus: Campus, @Ctx() context: SubgraphContext): Promise<Provenance> {
    return provenanceOf(context, campus)
  }
}
