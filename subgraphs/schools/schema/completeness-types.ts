// The public shape of completeness: counts, keys and names of attributes, never a value.
import { Field, ID, Int, ObjectType, registerEnumType, Directive } from 'type-graphql'
import { connectionOf } from '../../kernel/connection.ts'
import type { Profile } from '../roster/required-attributes.ts'

export const ProfileKind = { SCHOOL: 'SCHOOL', CLASS_ROOM: 'CLASS_ROOM', STAFF: 'STAFF', STUDENT: 'STUDENT' } as const
registerEnumType(ProfileKind, {
  name: 'ProfileKind',
  description: 'Whose profile (loại hồ sơ).',
  valuesConfig: {
    SCHOOL: { description: 'The school (hồ sơ trường).' },
    CLASS_ROOM: { description: 'Classes of the running school year (lớp).' },
    STAFF: { description: 'Staff at work (hồ sơ cán bộ, giáo viên), scope `staff.read`.' },
    STUDENT: { description: 'Pupils who study (hồ sơ học sinh), scope `student.basic.read`.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'One required attribute, and how many profiles lack it.' })
export class MissingAttribute {
  @Field(() => String, { description: 'Field of the contract, as `birthplace`.' })
  field!: string

  @Field(() => String, { description: 'Name (tên thuộc tính).' })
  name!: string

  @Field(() => Int, { description: 'Profiles that lack it.' })
  records!: number
}

@ObjectType({ simpleResolvers: true, description: 'How complete the profiles of one kind are (mức độ đầy đủ hồ sơ), by the attributes that the data standard requires at their level. Counts only.' })
export class ProfileCompleteness {
  @Field(() => ProfileKind, { description: 'Whose profiles.' })
  profile!: Profile

  @Field(() => Int, { description: 'Profiles looked at: those of today.' })
  records!: number

  @Field(() => Int, { description: 'Of them with every required attribute that was looked at.' })
  complete!: number

  @Field(() => [MissingAttribute], { description: 'Every attribute that was looked at. Sensitive ones are, where the caller may read them: `student.sensitive.read`.' })
  @Directive('@listSize(assumedSize: 10)')
  missing!: MissingAttribute[]
}

@ObjectType({ simpleResolvers: true, description: 'A record that lacks a required attribute: named by its keys, without any value.' })
export class IncompleteRecord {
  @Field(() => ProfileKind, { description: 'Whose profile.' })
  profile!: Profile

  @Field(() => ID, { description: 'Id of the record, UUIDv7.' })
  id!: string

  @Field(() => String, { description: 'Natural key: the code, of a class its name.' })
  key!: string

  @Field(() => [String], { description: 'Fields of the contract that it lacks.' })
  @Directive('@listSize(assumedSize: 3)')
  missing!: string[]
}

export const IncompleteRecordConnection = connectionOf('IncompleteRecord', () => IncompleteRecord)
