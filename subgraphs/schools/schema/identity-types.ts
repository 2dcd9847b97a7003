// Likely doubles among the pupils of a school, and what is decided of them.
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { BATCH_MAX, BatchMode, batchOf } from '../../kernel/batch.ts'
import { connectionOf } from '../../kernel/connection.ts'
import { SchoolRef } from '../../kernel/inputs.ts'
import { DateTime } from '../../kernel/scalars.ts'
import type { Reason } from '../roster/identity.ts'

export enum IdentityMatchState {
  OPEN = 'OPEN',
  MERGED = 'MERGED',
  DISTINCT = 'DISTINCT',
}
registerEnumType(IdentityMatchState, {
  name: 'IdentityMatchState',
  description: 'Where a likely double stands.',
  valuesConfig: {
    OPEN: { description: 'Chờ xem xét: both records stand as they are.' },
    MERGED: { description: 'Đã gộp: one pupil, one record.' },
    DISTINCT: { description: 'Khác nhau: two pupils.' },
  },
})

export enum IdentityReason {
  PERSONAL_NUMBER_EQUAL = 'PERSONAL_NUMBER_EQUAL',
  PERSONAL_NUMBER_DIFFERS = 'PERSONAL_NUMBER_DIFFERS',
  NAME_EQUAL = 'NAME_EQUAL',
  NAME_EQUAL_WITHOUT_MARKS = 'NAME_EQUAL_WITHOUT_MARKS',
  NAME_ONE_LETTER_APART = 'NAME_ONE_LETTER_APART',
  BIRTH_DATE_EQUAL = 'BIRTH_DATE_EQUAL',
  BIRTH_DATE_DAY_AND_MONTH_SWAPPED = 'BIRTH_DATE_DAY_AND_MONTH_SWAPPED',
  SEX_EQUAL = 'SEX_EQUAL',
  SEX_DIFFERS = 'SEX_DIFFERS',
  CODE_ONE_DIGIT_APART = 'CODE_ONE_DIGIT_APART',
  CODE_DIFFERS = 'CODE_DIFFERS',
}
registerEnumType(IdentityReason, {
  name: 'IdentityReason',
  description: 'What speaks for or against two records being one pupil.',
  valuesConfig: {
    PERSONAL_NUMBER_EQUAL: { description: 'Cùng số định danh. Shown to whoever may read sensitive data.' },
    PERSONAL_NUMBER_DIFFERS: { description: 'Khác số định danh. Shown to whoever may read sensitive data.' },
    NAME_EQUAL: { description: 'Cùng họ tên: composed or not, in any case, with the tone on either vowel (hoà, hòa). Đ is not D.' },
    NAME_EQUAL_WITHOUT_MARKS: { description: 'Cùng họ tên không dấu.' },
    NAME_ONE_LETTER_APART: { description: 'Họ tên lệch một ký tự.' },
    BIRTH_DATE_EQUAL: { description: 'Cùng ngày sinh.' },
    BIRTH_DATE_DAY_AND_MONTH_SWAPPED: { description: 'Ngày sinh đảo ngày và tháng.' },
    SEX_EQUAL: { description: 'Cùng giới tính.' },
    SEX_DIFFERS: { description: 'Khác giới tính.' },
    CODE_ONE_DIGIT_APART: { description: 'Mã định danh lệch một chữ số.' },
    CODE_DIFFERS: { description: 'Khác mã định danh.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'Two records of a school that may be one pupil (nghi trùng hồ sơ). Nothing is merged before somebody looks.' })
export class IdentityMatch {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => Int, { description: 'How much speaks for one pupil, 0 to 100; on the list from 60.' })
  score!: number

  @Field(() => [IdentityReason], { description: 'What speaks for and against.' })
  reasons!: readonly Reason[]

  @Field(() => IdentityMatchState, { description: 'Where it stands.' })
  state!: `${IdentityMatchState}`

  @Field(() => DateTime, { description: 'When the newer record landed.' })
  foundAt!: string

  @Field(() => DateTime, { nullable: true, description: 'When it was decided; null while it is open.' })
  decidedAt!: string | null

  @Field(() => String, { nullable: true, description: 'Reason of the decision (lý do).' })
  reason!: string | null

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  schoolId!: string
  landedId!: string
  candidateId!: string
}

@InputType({ description: 'Two records of a match are two pupils.' })
export class DistinctPupilsInput {
  @Field(() => ID, { description: 'Id of the match.' })
  match!: string

  @Field(() => String, { description: 'Why (lý do), 3 to 1,000 characters.' })
  reason!: string
}

@InputType({ description: 'Matches of one school that are two pupils each.' })
export class DismissIdentityMatchesInput {
  @Field(() => SchoolRef, { description: 'The school.' })
  school!: SchoolRef

  @Field(() => BatchMode, { defaultValue: BatchMode.PARTIAL, description: 'What happens to the good records beside bad ones.' })
  mode!: BatchMode

  @Field(() => [DistinctPupilsInput], { description: `1 to ${BATCH_MAX} matches.` })
  matches!: DistinctPupilsInput[]
}

export const IdentityMatchConnection = connectionOf('IdentityMatch', () => IdentityMatch)
export const IdentityMatchBatch = batchOf('IdentityMatch', () => IdentityMatch)
