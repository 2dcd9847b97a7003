// References and filters of the roster: a reference names exactly one of id, code or the caller's externalId.
import { Field, ID, InputType, Int } from 'type-graphql'
import { SchoolRef, StudentRef } from '../../kernel/inputs.ts'
import { SchoolLevel } from './enums.ts'

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

@InputType({ description: 'Which schools of those open to the caller.' })
export class SchoolFilter {
  @Field(() => SchoolLevel, { nullable: true, description: 'Schools that hold this level.' })
  level?: SchoolLevel | null

  @Field(() => String, { nullable: true, description: 'Commune code (mã xã/phường).' })
  communeCode?: string | null
}

@InputType({ description: 'Which classes of a school.' })
export class ClassRoomFilter {
  @Field(() => String, { nullable: true, description: 'School year, as `2026-2027`.' })
  schoolYear?: string | null

  @Field(() => Int, { nullable: true, description: 'Grade (khối).' })
  grade?: number | null
}
