// References that several subgraphs take: one class each, because federation joins inputs of one name field by field.
import { Field, ID, InputType } from 'type-graphql'

@InputType({ description: 'A school: exactly one of id, code, externalId.' })
export class SchoolRef {
  @Field(() => ID, { nullable: true, description: 'UUIDv7.' })
  id?: string | null

  @Field(() => String, { nullable: true, description: 'School code (mã trường); older codes of merged schools are understood.' })
  code?: string | null

  @Field(() => String, { nullable: true, description: 'The calling application’s own id.' })
  externalId?: string | null
}

@InputType({ description: 'A pupil: exactly one of id, code, externalId.' })
export class StudentRef {
  @Field(() => ID, { nullable: true, description: 'UUIDv7.' })
  id?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Pupil code of the Ministry (mã định danh), or a former or temporary one.',
  })
  code?: string | null

  @Field(() => String, { nullable: true, description: 'The calling application’s own id.' })
  externalId?: string | null
}

@InputType({ description: 'A member of staff: exactly one of id, code, externalId.' })
export class StaffRef {
  @Field(() => ID, { nullable: true, description: 'UUIDv7.' })
  id?: string | null

  @Field(() => String, { nullable: true, description: 'Staff code of the Ministry (mã định danh).' })
  code?: string | null

  @Field(() => String, { nullable: true, description: 'The calling application’s own id.' })
  externalId?: string | null
}

@InputType({ description: 'A class of the school and school year already named: exactly one of id, name, externalId.' })
export class ClassRoomOfYearRef {
  @Field(() => ID, { nullable: true, description: 'UUIDv7.' })
  id?: string | null

  @Field(() => String, { nullable: true, description: 'Name (tên lớp), as `10A1`.' })
  name?: string | null

  @Field(() => String, { nullable: true, description: 'The calling application’s own id.' })
  externalId?: string | null
}
