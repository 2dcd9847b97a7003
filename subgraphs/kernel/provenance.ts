// Where a record came from: the application that wrote it last, and the caller's own id for it.
import { Directive, Field, ID, ObjectType } from 'type-graphql'
import type { BatchLoad, SchoolKey, SubgraphContext } from './context.ts'
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

export const PROVENANCE = { description: 'Where the record came from (nguồn dữ liệu).' }

/** What a record says of its last change; a school is its own key. */
export interface Written {
  readonly id: string
  readonly schoolId?: string
  readonly applicationId?: string | null
  readonly updatedAt: string
}

/** The `provenance` of every type whose own ids the batch loads. */
export const provenanceBy =
  (ownIds: BatchLoad<SchoolKey, string | null>) =>
  async (context: SubgraphContext, { id, schoolId = id, applicationId, updatedAt }: Written): Promise<Provenance> => ({
    application: applicationId ? { id: applicationId } : null,
    receivedAt: updatedAt,
    externalId: await context.loaders.of(ownIds).load({ schoolId, id }),
  })

export const provenanceRules: Permissions = {
  Application: fields(authenticated, 'id'),
  Provenance: fields(authenticated, 'application', 'receivedAt', 'externalId'),
}
