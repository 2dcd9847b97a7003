// What every batch of records takes: its school and its mode; of each record the own id and the version that is expected.
import { Field, InputType } from 'type-graphql'
import { BatchMode } from '../batch.ts'
import { SchoolRef } from '../inputs.ts'

export const EXPECTED = {
  nullable: true,
  description:
    'Version the caller last saw; 0: it must not exist yet. Another version in store answers CONFLICT with the current record.',
} as const
export const OWN_ID = {
  nullable: true,
  description: 'The calling application’s own id, at most 255 characters. Kept even when the record itself is UNCHANGED.',
} as const

/** No type of the contract: its fields stand in each batch of records. */
@InputType({ description: 'A batch of one school.' })
export abstract class OfSchool {
  @Field(() => SchoolRef, { description: 'The school.' })
  school!: SchoolRef

  @Field(() => BatchMode, { defaultValue: BatchMode.PARTIAL, description: 'What happens to the good records beside bad ones.' })
  mode!: BatchMode
}
