// Families and health: written by batch, read under the consents.
import { Arg, Ctx, Directive, FieldResolver, Float, Mutation, Resolver, Root } from 'type-graphql'
import type { BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { upsertGuardians } from '../services/upsert-guardians.ts'
import { upsertHealthRecords } from '../services/upsert-health.ts'
import * as load from '../store/consented-loaders.ts'
import { UpsertGuardiansInput, UpsertHealthRecordsInput } from './consented-inputs.ts'
import {
  GuardianBatch,
  GuardianReceipt,
  HealthRecord,
  HealthRecordBatch,
  HealthRecordReceipt,
  HEIGHT,
  WEIGHT,
} from './consented-types.ts'
import { provenanceOf, PROVENANCE } from './provenance.ts'
import { Guardian, Provenance, Student } from './types.ts'

const BATCH = { description: 'The batch.' }
const ERRORS = 'Errors: SCHOOL_NOT_ACCESSIBLE, REFERENCE_INVALID, BATCH_EMPTY, BATCH_TOO_LONG, ACT_FORBIDDEN, IDEMPOTENCY_MISMATCH.'
const KEPT =
  'Whoever may not read a record is answered by what they said of it before, and learns nothing of what others wrote.'

@Resolver(() => Student)
export class ConsentedResolver {
  @FieldResolver(() => [HealthRecord], {
    description: 'Health records (sức khỏe học sinh), the newest first; those that rest on consent to the calling application. Void ones are left out.',
  })
  @Directive('@listSize(assumedSize: 5)')
  healthRecords(@Root() student: Student, @Ctx() context: SubgraphContext): Promise<HealthRecord[]> {
    return context.loaders.of(load.healthOfStudent).load(student)
  }

  @Mutation(() => GuardianBatch, {
    description: `Writes parents and guardians (cha mẹ, người giám hộ), up to 1,000, and ends their links. ${KEPT} ${ERRORS}`,
  })
  upsertGuardians(
    @Arg('input', () => UpsertGuardiansInput, BATCH) input: UpsertGuardiansInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<GuardianReceipt>> {
    return upsertGuardians(context, input)
  }

  @Mutation(() => HealthRecordBatch, {
    description: `Writes health records of pupils (sức khỏe học sinh), up to 1,000. ${KEPT} ${ERRORS}`,
  })
  upsertHealthRecords(
    @Arg('input', () => UpsertHealthRecordsInput, BATCH) input: UpsertHealthRecordsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<HealthRecordReceipt>> {
    return upsertHealthRecords(context, input)
  }
}

@Resolver(() => GuardianReceipt)
export class GuardianReceiptResolver {
  @FieldResolver(() => Guardian, { nullable: true, description: 'The guardian; null without consent to the calling application.' })
  guardian(@Root() { schoolId, id }: GuardianReceipt, @Ctx() context: SubgraphContext): Promise<Guardian | null> {
    return context.loaders.of(load.guardianByKey).load({ schoolId, id })
  }
}

@Resolver(() => HealthRecordReceipt)
export class HealthRecordReceiptResolver {
  @FieldResolver(() => HealthRecord, { nullable: true, description: 'The record; null without consent to the calling application.' })
  record(@Root() { schoolId, id }: HealthRecordReceipt, @Ctx() context: SubgraphContext): Promise<HealthRecord | null> {
    return context.loaders.of(load.healthRecordByKey).load({ schoolId, id })
  }
}

@Resolver(() => Guardian)
export class GuardianResolver {
  @FieldResolver(() => Provenance, PROVENANCE)
  provenance(@Root() guardian: Guardian, @Ctx() context: SubgraphContext): Promise<Provenance> {
    return provenanceOf(context, guardian)
  }
}

@Resolver(() => HealthRecord)
export class HealthRecordResolver {
  @FieldResolver(() => Float, HEIGHT)
  heightCm(@Root() { heightMm }: HealthRecord): number | null {
    return heightMm === null ? null : heightMm / 10
  }

  @FieldResolver(() => Float, WEIGHT)
  weightKg(@Root() { weightG }: HealthRecord): number | null {
    return weightG === null ? null : weightG / 1000
  }

  @FieldResolver(() => Provenance, PROVENANCE)
  provenance(@Root() record: HealthRecord, @Ctx() context: SubgraphContext): Promise<Provenance> {
    return provenanceOf(context, record)
  }
}
