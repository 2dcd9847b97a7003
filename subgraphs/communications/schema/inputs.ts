// What a caller may ask of a pupil's messages.
import { ArgsType, Field, Int } from 'type-graphql'
import { MessageCategory } from './enums.ts'

export const MESSAGES_DEFAULT = 10
export const MESSAGES_MAX = 100

@ArgsType()
export class MessageArgs {
  @Field(() => Int, { defaultValue: MESSAGES_DEFAULT, description: `Newest messages a pupil, 1 to ${MESSAGES_MAX}.` })
  first!: number

  @Field(() => MessageCategory, { nullable: true, description: 'Only messages about this.' })
  category?: MessageCategory | null
}
