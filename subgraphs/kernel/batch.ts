// Batch writes: up to 1,000 records of one school, answered record by record.
import { Directive, Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import { PlatformError, type ErrorCode, type RecordFault } from './errors.ts'
import { authenticated, fields, type Permissions } from './permissions.ts'

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
    CONFLICT: { description: '`expectedVersion` is not the version in store; `entity` is the current record.' },
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
