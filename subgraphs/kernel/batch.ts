// Batch writes: up to 1,000 records of one school, answered record by record.
import { Directive, Field, Int, ObjectType, registerEnumType, type ClassType } from 'type-graphql'
import { PlatformError, type ErrorCode, type RecordFault } from './errors.ts'
import { authenticated, fields, type FieldRule, type Permissions, type TypeRules } from './permissions.ts'

export const BATCH_MAX = 1_000

export enum BatchMode {
  PARTIAL = 'PARTIAL',
  ATOMIC = 'ATOMIC',
}
registerEnumType(BatchMode, {
  name: 'BatchMode',
  description: 'What happens to the good records of a batch with bad ones.',
  valuesConfig: {
    PARTIAL: { description: 'The good ones are written, the bad ones are refused one by one.' },
    ATOMIC: { description: 'All or nothing.' },
  },
})

export enum BatchStatus {
  CREATED = 'CREATED',
  UPDATED = 'UPDATED',
  UNCHANGED = 'UNCHANGED',
  REJECTED = 'REJECTED',
  CONFLICT = 'CONFLICT',
}
registerEnumType(BatchStatus, {
  name: 'BatchStatus',
  description: 'What became of one record of a batch.',
  valuesConfig: {
    CREATED: { description: 'Written anew.' },
    UPDATED: { description: 'Changed; its version rose by one.' },
    UNCHANGED: { description: 'It already said this; nothing was written.' },
    REJECTED: { description: 'Refused; see `errors`.' },
    CONFLICT: {
      description:
        '`expectedVersion` is not the version in store (VERSION_CONFLICT), or all that it says otherwise is another application’s (FIELD_OWNED); `entity` is the current record.',
    },
  },
})

@ObjectType('RecordError', { simpleResolvers: true, description: 'Why one record was refused, and the way out.' })
@Directive('@shareable')
export class RecordError implements RecordFault {
  @Field(() => String, { description: 'A code of the closed list.' })
  code!: ErrorCode

  @Field(() => String, { description: 'Path inside the record, as `value`.' })
  path!: string

  @Field(() => String, { description: 'What is wrong and the way out.' })
  message!: string

  @Field(() => String, { description: 'The same in Vietnamese.' })
  messageVi!: string
}

@ObjectType({ simpleResolvers: true, description: 'How many records of a batch met which end.' })
@Directive('@shareable')
export class BatchSummary {
  @Field(() => Int, { description: 'Written anew.' })
  created!: number

  @Field(() => Int, { description: 'Changed.' })
  updated!: number

  @Field(() => Int, { description: 'Already as sent.' })
  unchanged!: number

  @Field(() => Int, { description: 'Refused.' })
  rejected!: number

  @Field(() => Int, { description: 'In conflict with a newer version.' })
  conflicts!: number
}

@ObjectType({ simpleResolvers: true, description: 'One cause that refused several records of a batch: mend it once.' })
@Directive('@shareable')
export class RootCause {
  @Field(() => String, { description: 'A code of the closed list.' })
  code!: string

  @Field(() => String, {
    nullable: true,
    description: 'Whom or what it is about, in the words of the batch: a teacher’s or pupil’s reference, a kind of mark.',
  })
  about!: string | null

  @Field(() => String, { description: 'What is wrong and the way out.' })
  message!: string

  @Field(() => String, { description: 'The same in Vietnamese.' })
  messageVi!: string

  @Field(() => Int, { description: 'How many records it refused.' })
  blocks!: number
}

export const rootCauseRules: Permissions = {
  RootCause: fields(authenticated, 'code', 'about', 'message', 'messageVi', 'blocks'),
}

export const batchRules: Permissions = {
  RecordError: fields(authenticated, 'code', 'path', 'message', 'messageVi'),
  BatchSummary: fields(authenticated, 'created', 'updated', 'unchanged', 'rejected', 'conflicts'),
}

export function assertBatchSize(length: number): void {
  if (length === 0) throw new PlatformError('BATCH_EMPTY')
  if (length > BATCH_MAX) throw new PlatformError('BATCH_TOO_LONG')
}

export function summarize(statuses: readonly BatchStatus[]): BatchSummary {
  const count = (wanted: BatchStatus) => statuses.filter((status) => status === wanted).length
  return {
    created: count(BatchStatus.CREATED),
    updated: count(BatchStatus.UPDATED),
    unchanged: count(BatchStatus.UNCHANGED),
    rejected: count(BatchStatus.REJECTED),
    conflicts: count(BatchStatus.CONFLICT),
  }
}

export interface WriteResult<T> {
  index: number
  status: BatchStatus
  entity: T | null
  errors: RecordError[]
  warnings: RecordError[]
}

export interface BatchPayload<T> {
  summary: BatchSummary
  results: WriteResult<T>[]
  rootCauses: RootCause[]
}

/** Declares `<Name>Batch` and `<Name>WriteResult` for a contract type. */
export function batchOf<T extends object>(name: string, entityType: () => ClassType<T>): ClassType<BatchPayload<T>> {
  @ObjectType(`${name}WriteResult`, { simpleResolvers: true, description: `What became of one ${name} record of a batch.` })
  class ResultType implements WriteResult<T> {
    @Field(() => Int, { description: 'Position among the records sent, from 0.' })
    index!: number

    @Field(() => BatchStatus, { description: 'Its end.' })
    status!: BatchStatus

    @Field(() => entityType(), {
      nullable: true,
      description: 'The record as it stands now; the current one on CONFLICT. Null when refused, and to whoever may not read it.',
    })
    entity!: T | null

    @Field(() => [RecordError], { description: 'Why it was refused; empty when it was not.' })
    @Directive('@listSize(assumedSize: 1)')
    errors!: RecordError[]

    @Field(() => [RecordError], { description: 'What is doubtful in it (cảnh báo) and did not hinder it.' })
    @Directive('@listSize(assumedSize: 1)')
    warnings!: RecordError[]
  }

  @ObjectType(`${name}Batch`, { simpleResolvers: true, description: `What became of a batch of ${name} records.` })
  class PayloadType implements BatchPayload<T> {
    @Field(() => BatchSummary, { description: 'How many met which end.' })
    summary!: BatchSummary

    @Field(() => [ResultType], { description: 'Record by record, in the order sent.' })
    @Directive('@listSize(assumedSize: 100)')
    results!: ResultType[]

    @Field(() => [RootCause], { description: 'Causes that refused more than one record, the widest first.' })
    @Directive('@listSize(assumedSize: 3)')
    rootCauses!: RootCause[]
  }
  return PayloadType
}

/** The rules of a batch type: whoever may write is told what became of it. */
export function batchPayloadRules(name: string, write: FieldRule): Record<string, TypeRules> {
  return {
    [`${name}Batch`]: fields(write, 'summary', 'results', 'rootCauses'),
    [`${name}WriteResult`]: fields(write, 'index', 'status', 'entity', 'errors', 'warnings'),
  }
}
