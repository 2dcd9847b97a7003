// A developer's own sandbox as the contract shows it.
import { Field, ID, Int, ObjectType } from 'type-graphql'
import { DateTime } from '../../kernel/scalars.ts'

@ObjectType({ simpleResolvers: true, description: 'A sandbox of one developer (môi trường thử nghiệm): synthetic schools and pupils that its developer and its application see, and nobody else.' })
export class SandboxTenant {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => String, { description: 'Name, as its developer gave it.' })
  name!: string

  @Field(() => DateTime, { description: 'Since when it is there.' })
  createdAt!: string

  @Field(() => DateTime, { description: 'When it was last brought to its first state.' })
  filledAt!: string

  @Field(() => Int, { description: 'How often it was reset.' })
  resets!: number

  applicationId!: string
  schoolIds!: string[]
}

@ObjectType({ simpleResolvers: true, description: 'A new sandbox with what opens it.' })
export class SandboxAccess {
  @Field(() => SandboxTenant, { description: 'The sandbox.' })
  tenant!: SandboxTenant

  @Field(() => String, { description: 'The `client_id` of its application.' })
  clientId!: string

  @Field(() => String, { nullable: true, description: 'The client secret, for `client_secret_basic`; shown here and never again. Null when a public key was given.' })
  clientSecret!: string | null
}
