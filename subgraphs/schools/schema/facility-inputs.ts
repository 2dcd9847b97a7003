// What a school sends of itself: facilities of reporting periods, and campuses.
import { Field, Float, InputType, Int } from 'type-graphql'
import { BATCH_MAX } from '../../kernel/batch.ts'
import { BuildingGrade, ReportingPeriod, RoomKind } from './facility-types.ts'
import { EXPECTED, OfSchool, OWN_ID } from '../../kernel/records/inputs.ts'

@InputType({ description: 'Rooms of one kind and grade; both together stand once in a report.' })
export class FacilityRoomsInput {
  @Field(() => RoomKind, { description: 'What they are for.' })
  kind!: RoomKind

  @Field(() => BuildingGrade, { description: 'Grade of the building.' })
  grade!: BuildingGrade

  @Field(() => Int, { description: 'How many (số phòng), 0 to 10,000.' })
  count!: number

  @Field(() => Float, { nullable: true, description: 'Area of all of them together (diện tích), m², 0 to 1,000,000.' })
  area?: number | null
}

@InputType({ description: 'Facilities (cơ sở vật chất) of one reporting period, which is the natural key. What is not sent stays, null clears.' })
export class FacilityInput {
  @Field(() => String, { description: 'School year (năm học), as `2026-2027`.' })
  schoolYear!: string

  @Field(() => ReportingPeriod, { description: 'Reporting period (kỳ báo cáo).' })
  period!: ReportingPeriod

  @Field(() => String, OWN_ID)
  externalId?: string | null

  @Field(() => [FacilityRoomsInput], { nullable: true, description: 'All rooms of the school; they replace those of the last report of this period.' })
  rooms?: FacilityRoomsInput[] | null

  @Field(() => Boolean, { nullable: true, description: 'Electricity (điện).' })
  electricity?: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'Clean water (nước sạch).' })
  cleanWater?: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'Separate toilets for boys and girls (nhà vệ sinh riêng nam, nữ).' })
  separateToilets?: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'Internet for teaching.' })
  internet?: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'Hand-washing with soap (chỗ rửa tay).' })
  handWashing?: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'Access for pupils with disabilities (hạ tầng cho học sinh khuyết tật).' })
  disabilityAccess?: boolean | null

  @Field(() => Int, { nullable: true, description: 'Computers that pupils work at (máy tính), 0 to 100,000.' })
  computers?: number | null

  @Field(() => Int, { nullable: true, description: 'National standard (chuẩn quốc gia): 0 not met, 1 level 1, 2 level 2.' })
  nationalStandard?: number | null

  @Field(() => Int, { nullable: true, description: 'Accreditation of quality (kiểm định chất lượng), level 1–4.' })
  accreditation?: number | null

  @Field(() => Int, { nullable: true, description: 'Area of the land (diện tích đất), m², 0 to 100,000,000.' })
  landArea?: number | null

  @Field(() => Int, EXPECTED)
  expectedVersion?: number | null
}

@InputType({ description: 'Facilities of one school.' })
export class UpsertFacilitiesInput extends OfSchool {
  @Field(() => [FacilityInput], { description: `1 to ${BATCH_MAX} reports.` })
  facilities!: FacilityInput[]
}

@InputType({ description: 'A site of a school (điểm trường). The natural key is its code within the school.' })
export class CampusInput {
  @Field(() => String, { description: 'Code (mã điểm trường): 1 to 20 letters, digits, dots or hyphens.' })
  code!: string

  @Field(() => String, OWN_ID)
  externalId?: string | null

  @Field(() => String, { description: 'Name (tên điểm trường).' })
  name!: string

  @Field(() => String, { description: 'Address (địa chỉ) within the commune.' })
  address!: string

  @Field(() => String, { description: 'Commune (mã xã/phường) of the list in force since 1/7/2025, as `administrativeUnits` has it.' })
  communeCode!: string

  @Field(() => String, { description: 'First day of its use, as `2026-09-05`.' })
  validFrom!: string

  @Field(() => String, { nullable: true, description: 'Last day of its use; null reopens it.' })
  validTo?: string | null

  @Field(() => Int, EXPECTED)
  expectedVersion?: number | null
}

@InputType({ description: 'Campuses of one school.' })
export class UpsertCampusesInput extends OfSchool {
  @Field(() => [CampusInput], { description: `1 to ${BATCH_MAX} campuses.` })
  campuses!: CampusInput[]
}
