// Where a record came from: the application that wrote it last, and the caller's own id for it.
import { Directive, Field, ID, ObjectType } from 'type-graphql'
import { DateTime } from './scalars.ts'
import { authenticated, fields, type Permissions } from './permissions.ts'

@ObjectType({ simpleResolvers: true, description: 'An approved application (ứng dụng) of a vendor.' })
@Directive('@key(fields: "id", resolvable: false)')
export class Application {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string
}

@ObjectType({ simpleResolvers: true, description: 'Where a record came from (nguồn dữ liệu).' })
@Directive('@shareable')
export class Provenance {
  @Field(() => Application, {
    nullable: true,
    description: 'The application that made the last accepted change; null when it came with the initial load.',
  })
  application!: Application | null

  @Field(() => DateTime, { description: 'When that change was received.' })
  receivedAt!: string

  @Field(() => String, { nullable: true, description: 'The calling application’s own id of the record.' })
  externalId!: string | null
}

export const provenanceRules: Permissions = {
  Application: fields(authenticated, 'id'),
  Provenance: fields(authenticated, 'application', 'receivedAt', 'externalId'),
}
