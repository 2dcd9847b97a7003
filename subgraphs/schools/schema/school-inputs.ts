// What an authority sends of schools.
import { Field, ID, InputType, Int } from 'type-graphql'
import { BATCH_MAX, BatchMode } from '../../kernel/batch.ts'
import { SchoolLevel } from './enums.ts'
import { EXPECTED } from '../../kernel/records/inputs.ts'

@InputType({ description: 'Who manages a school, and from when (cơ quan quản lý trực tiếp).' })
export class ManagedByInput {
  @Field(() => String, { description: 'Code of the authority (mã cơ quan): the Sở or a commune, in force on that day.' })
  authority!: string

  @Field(() => String, { description: 'First day, as `2026-09-01`: the authority before manages until the day before.' })
  from!: string
}

@InputType({ description: 'A school (trường học). Named by id, or by any code it has or had. Codes, levels, validity and who manages are the Sở’s to say.' })
export class SchoolInput {
  @Field(() => ID, { nullable: true, description: 'UUIDv7 of a school that exists, which may so take another code; the old one still leads to it.' })
  id?: string | null

  @Field(() => String, { description: 'School code (mã trường): 1 to 20 letters, digits, dots or hyphens.' })
  code!: string

  @Field(() => [String], { nullable: true, description: 'Codes that lead to this school from now on: of schools that went into it, which have closed (`validTo`).' })
  formerCodes?: string[] | null

  @Field(() => String, { description: 'Name (tên trường).' })
  name!: string

  @Field(() => String, { nullable: true, description: 'Name in English.' })
  nameEn?: string | null

  @Field(() => [SchoolLevel], { description: 'Levels held (cấp học), at least one.' })
  levels!: SchoolLevel[]

  @Field(() => Int, { description: 'Ownership (loại hình): 1 công lập, 2 dân lập, 3 tư thục.' })
  ownership!: number

  @Field(() => String, { description: 'Commune (mã xã/phường) of the province, list in force since 1/7/2025: `administrativeUnits`.' })
  communeCode!: string

  @Field(() => String, { description: 'Address (địa chỉ) within the commune.' })
  address!: string

  @Field(() => String, { nullable: true, description: 'First day of the school, as `2026-09-01`.' })
  validFrom?: string | null

  @Field(() => String, { nullable: true, description: 'Last day of a school that closes or goes into another; null reopens it.' })
  validTo?: string | null

  @Field(() => ManagedByInput, {
    nullable: true,
    description: 'Hands the school over. Left out for a new one: the Sở manages THPT and GDTX, the commune all others.',
  })
  managedBy?: ManagedByInput | null

  @Field(() => Int, EXPECTED)
  expectedVersion?: number | null
}

@InputType({ description: 'Schools of the province.' })
export class UpsertSchoolsInput {
  @Field(() => BatchMode, { defaultValue: BatchMode.PARTIAL, description: 'What happens to the good records beside bad ones.' })
  mode!: BatchMode

  @Field(() => [SchoolInput], { description: `1 to ${BATCH_MAX} schools.` })
  schools!: SchoolInput[]
}
