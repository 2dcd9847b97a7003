// The public shape of former versions: one for every kind of record, in the names of the contract's fields.
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { connectionOf } from '../connection.ts'
import { DateTime } from '../scalars.ts'

@ObjectType({ simpleResolvers: true, description: 'What one field of a record said in a version.' })
@Directive('@shareable')
export class FieldValue {
  @Field(() => String, { description: 'Name of the field, as the type has it whose history this is.' })
  field!: string

  @Field(() => String, {
    nullable: true,
    description:
      'Its value as text: a day as `2011-05-04`, `true`, the name of an enum value; of a reference the id or code; of a list its entries joined by `; `; of rooms their JSON. Null where nothing was recorded.',
  })
  value!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'What a version changed of one field.' })
@Directive('@shareable')
export class FieldChange {
  @Field(() => String, { description: 'Name of the field, as the type has it whose history this is.' })
  field!: string

  @Field(() => String, { nullable: true, description: 'The value before (giá trị cũ), as in `FieldValue.value`.' })
  before!: string | null

  @Field(() => String, { nullable: true, description: 'The value from then on (giá trị mới), in the same form.' })
  after!: string | null
}

@ObjectType({
  simpleResolvers: true,
  description:
    'A record as it was during some time (phiên bản hồ sơ). What has a history is not overwritten without a trace. A version tells the fields of the type whose `history` it stands in, to whoever may read them now, and no others.',
})
@Directive('@shareable')
export class RecordVersion {
  @Field(() => Int, { description: 'The version; 1 is the first.' })
  version!: number

  @Field(() => DateTime, { description: 'Since when the record said so.' })
  validFrom!: string

  @Field(() => DateTime, { nullable: true, description: 'Until when it did; null for what it says now.' })
  validTo!: string | null

  @Field(() => ID, {
    nullable: true,
    description:
      'Account of the person who made the version, in person or through a product. Told to principals and officers who are signed in personally; null to everybody else, where no person acted, and where `changes` is null.',
  })
  accountId!: string | null

  schoolId!: string
  id!: string
  applicationId!: string | null
  updatedAt!: string
  changes!: FieldChange[] | null
  fields!: FieldValue[]
}

export const RecordVersionConnection = connectionOf('RecordVersion', () => RecordVersion, { shared: true })
