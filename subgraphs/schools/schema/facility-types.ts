// The public shape of what a school has: its facilities of a reporting period, and its campuses.
import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { batchOf } from '../../kernel/batch.ts'
import { DateTime, LocalDate } from '../../kernel/scalars.ts'

export enum ReportingPeriod {
  START = 'START',
  MID = 'MID',
  END = 'END',
}
registerEnumType(ReportingPeriod, {
  name: 'ReportingPeriod',
  description: 'Reporting period of a school year (kỳ báo cáo).',
  valuesConfig: {
    START: { description: 'Đầu năm học.' },
    MID: { description: 'Giữa năm học.' },
    END: { description: 'Cuối năm học.' },
  },
})

export enum RoomKind {
  CLASSROOM = 'CLASSROOM',
  SUBJECT_ROOM = 'SUBJECT_ROOM',
  COMPUTER_ROOM = 'COMPUTER_ROOM',
  LIBRARY = 'LIBRARY',
  MULTIPURPOSE_HALL = 'MULTIPURPOSE_HALL',
  HEALTH_ROOM = 'HEALTH_ROOM',
  OFFICE = 'OFFICE',
  KITCHEN = 'KITCHEN',
  BOARDING_ROOM = 'BOARDING_ROOM',
  STAFF_HOUSING = 'STAFF_HOUSING',
  OTHER = 'OTHER',
}
registerEnumType(RoomKind, {
  name: 'RoomKind',
  description: 'What a room is for (loại phòng).',
  valuesConfig: {
    CLASSROOM: { description: 'Phòng học; in a preschool phòng nuôi dưỡng, chăm sóc, giáo dục trẻ.' },
    SUBJECT_ROOM: { description: 'Phòng học bộ môn, phòng thí nghiệm.' },
    COMPUTER_ROOM: { description: 'Phòng tin học.' },
    LIBRARY: { description: 'Thư viện.' },
    MULTIPURPOSE_HALL: { description: 'Nhà đa năng.' },
    HEALTH_ROOM: { description: 'Phòng y tế trường học.' },
    OFFICE: { description: 'Phòng hành chính, quản trị.' },
    KITCHEN: { description: 'Nhà bếp, nhà ăn.' },
    BOARDING_ROOM: { description: 'Phòng ở nội trú, bán trú.' },
    STAFF_HOUSING: { description: 'Phòng công vụ giáo viên.' },
    OTHER: { description: 'Phòng khác.' },
  },
})

export enum BuildingGrade {
  ABOVE_GRADE_4 = 'ABOVE_GRADE_4',
  GRADE_4 = 'GRADE_4',
  BELOW_GRADE_4 = 'BELOW_GRADE_4',
  BORROWED = 'BORROWED',
}
registerEnumType(BuildingGrade, {
  name: 'BuildingGrade',
  description: 'Grade of the building a room is in (cấp công trình).',
  valuesConfig: {
    ABOVE_GRADE_4: { description: 'Kiên cố: trên cấp 4.' },
    GRADE_4: { description: 'Bán kiên cố: cấp 4.' },
    BELOW_GRADE_4: { description: 'Tạm: dưới cấp 4.' },
    BORROWED: { description: 'Nhờ, mượn.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'Rooms of one kind and grade.' })
export class FacilityRooms {
  @Field(() => RoomKind, { description: 'What they are for.' })
  kind!: RoomKind

  @Field(() => BuildingGrade, { description: 'Grade of the building.' })
  grade!: BuildingGrade

  @Field(() => Int, { description: 'How many (số phòng).' })
  count!: number

  @Field(() => Float, { nullable: true, description: 'Area of all of them together (diện tích), m².' })
  area!: number | null
}

@ObjectType({ simpleResolvers: true, description: 'What a school has (cơ sở vật chất) in one reporting period. An attribute that nobody reported is null.' })
export class Facility {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => ReportingPeriod, { description: 'Reporting period (kỳ báo cáo).' })
  period!: ReportingPeriod

  @Field(() => Boolean, { nullable: true, description: 'Electricity (điện).' })
  electricity!: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'Clean water (nước sạch).' })
  cleanWater!: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'Separate toilets for boys and girls (nhà vệ sinh riêng nam, nữ).' })
  separateToilets!: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'Internet for teaching.' })
  internet!: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'Hand-washing with soap (chỗ rửa tay).' })
  handWashing!: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'Access for pupils with disabilities (hạ tầng cho học sinh khuyết tật).' })
  disabilityAccess!: boolean | null

  @Field(() => Int, { nullable: true, description: 'Computers that pupils work at (máy tính).' })
  computers!: number | null

  @Field(() => Int, { nullable: true, description: 'National standard (chuẩn quốc gia): 0 not met, 1 level 1, 2 level 2.' })
  nationalStandard!: number | null

  @Field(() => Int, { nullable: true, description: 'Accreditation of quality (kiểm định chất lượng), level 1–4; null where there is none.' })
  accreditation!: number | null

  @Field(() => Int, { nullable: true, description: 'Area of the land (diện tích đất), m².' })
  landArea!: number | null

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  schoolId!: string
  schoolYearId!: string
  yearCode!: string
  roomsText!: string
  applicationId!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'A site of a school (điểm trường), beside or as its main one.' })
export class Campus {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => String, { description: 'Code of the site within the school (mã điểm trường), at most 20 characters.' })
  code!: string

  @Field(() => String, { description: 'Name (tên điểm trường).' })
  name!: string

  @Field(() => String, { description: 'Address (địa chỉ) within the commune.' })
  address!: string

  @Field(() => String, { description: 'Commune of the site (mã xã/phường), list in force since 1/7/2025.' })
  communeCode!: string

  @Field(() => LocalDate, { description: 'First day of its use.' })
  validFrom!: string

  @Field(() => LocalDate, { nullable: true, description: 'Last day of its use; null while it lasts.' })
  validTo!: string | null

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  schoolId!: string
  applicationId!: string | null
}

export const FacilityBatch = batchOf('Facility', () => Facility)
export const CampusBatch = batchOf('Campus', () => Campus)
