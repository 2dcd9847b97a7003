// References of the roster: a reference names exactly one of id, code or the caller's externalId.
import { Field, ID, InputType } from 'type-graphql'
import { SchoolRef, StudentRef } from '../../kernel/inputs.ts'

export { SchoolRef, StudentRef }

@InputType({ description: 'A class by its natural key: school, school year, name.' })
export class ClassRoomKey {
  @Field(() => SchoolRef, { description: 'The school.' })
  school!: SchoolRef

  @Field(() => String, { description: 'School year, as `2026-2027`.' })
  schoolYear!: string

  @Field(() => String, { description: 'Name (tên lớp), as `10A1`.' })
  name!: string
}

@InputType({ description: 'A class: exactly one of id, key, externalId.' })
export class ClassRoomRef {
  @Field(() => ID, { nullable: true, description: 'UUIDv7.' })
  id?: string | null

  @Field(() => ClassRoomKey, { nullable: true, description: 'The natural key.' })
  key?: ClassRoomKey | null

  @Field(() => String, { nullable: true, description: 'The calling application’s own id.' })
  externalId?: string | null
}
