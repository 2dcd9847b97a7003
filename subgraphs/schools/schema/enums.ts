// The small stable lists of the roster.
import { registerEnumType } from 'type-graphql'

export enum AuthorityKind {
  MINISTRY = 'MINISTRY',
  DEPARTMENT = 'DEPARTMENT',
  DISTRICT_OFFICE = 'DISTRICT_OFFICE',
  COMMUNE = 'COMMUNE',
}
registerEnumType(AuthorityKind, {
  name: 'AuthorityKind',
  description: 'Kind of authority (cấp quản lý).',
  valuesConfig: {
    MINISTRY: { description: 'Bộ Giáo dục và Đào tạo.' },
    DEPARTMENT: { description: 'Sở Giáo dục và Đào tạo: oversees every school of the province, manages THPT and GDTX.' },
    DISTRICT_OFFICE: { description: 'Phòng Giáo dục và Đào tạo: historic, ended on 30/6/2025.' },
    COMMUNE: { description: 'Ủy ban nhân dân xã/phường: manages preschool to THCS since 1/7/2025.' },
  },
})

export enum SchoolLevel {
  MN = 'MN',
  TH = 'TH',
  THCS = 'THCS',
  THPT = 'THPT',
  GDTX = 'GDTX',
}
registerEnumType(SchoolLevel, {
  name: 'SchoolLevel',
  description: 'Level of education (cấp học). A school may hold several.',
  valuesConfig: {
    MN: { description: '01 Mầm non: preschool.' },
    TH: { description: '02 Tiểu học: primary, grades 1–5.' },
    THCS: { description: '03 Trung học cơ sở: lower secondary, grades 6–9.' },
    THPT: { description: '04 Trung học phổ thông: upper secondary, grades 10–12.' },
    GDTX: { description: '05 Giáo dục thường xuyên: continuing education.' },
  },
})

export enum TermCode {
  HKI = 'HKI',
  HKII = 'HKII',
}
registerEnumType(TermCode, {
  name: 'TermCode',
  description: 'The terms of a school year (học kỳ): 35 weeks, 18 + 17.',
  valuesConfig: { HKI: { description: 'Học kỳ I.' }, HKII: { description: 'Học kỳ II.' } },
})

export enum Sex {
  UNKNOWN = 'UNKNOWN',
  MALE = 'MALE',
  FEMALE = 'FEMALE',
}
registerEnumType(Sex, {
  name: 'Sex',
  description: 'Sex (giới tính), national code list.',
  valuesConfig: { UNKNOWN: { description: '0 chưa rõ.' }, MALE: { description: '1 nam.' }, FEMALE: { description: '2 nữ.' } },
})

export enum StudentStatus {
  STUDYING = 'STUDYING',
  TRANSFERRED_OUT = 'TRANSFERRED_OUT',
  DROPPED_OUT = 'DROPPED_OUT',
  GRADUATED = 'GRADUATED',
  DEFERRED = 'DEFERRED',
}
registerEnumType(StudentStatus, {
  name: 'StudentStatus',
  description: 'Status of a pupil (trạng thái học sinh).',
  valuesConfig: {
    STUDYING: { description: '1 đang học.' },
    TRANSFERRED_OUT: { description: '3 chuyển khỏi trường.' },
    DROPPED_OUT: { description: '4 bỏ học.' },
    GRADUATED: { description: 'Tốt nghiệp.' },
    DEFERRED: { description: 'Bảo lưu.' },
  },
})

export enum SubjectAssessment {
  SCORED = 'SCORED',
  COMMENT = 'COMMENT',
}
registerEnumType(SubjectAssessment, {
  name: 'SubjectAssessment',
  description: 'How a subject is assessed (hình thức đánh giá). TT22/2021, Điều 5.',
  valuesConfig: {
    SCORED: { description: 'Nhận xét kết hợp điểm số: marks from 0 to 10.' },
    COMMENT: { description: 'Nhận xét: Đạt / Chưa đạt.' },
  },
})

export enum LeavingStatus {
  TRANSFERRED_OUT = 'TRANSFERRED_OUT',
  DROPPED_OUT = 'DROPPED_OUT',
  GRADUATED = 'GRADUATED',
  DEFERRED = 'DEFERRED',
}
registerEnumType(LeavingStatus, {
  name: 'LeavingStatus',
  description: 'As what a pupil leaves a school.',
  valuesConfig: {
    TRANSFERRED_OUT: { description: '3 chuyển khỏi trường.' },
    DROPPED_OUT: { description: '4 bỏ học.' },
    GRADUATED: { description: 'Tốt nghiệp.' },
    DEFERRED: { description: 'Bảo lưu.' },
  },
})

export enum YouthMembership {
  NONE = 'NONE',
  PIONEER = 'PIONEER',
  UNION = 'UNION',
}
registerEnumType(YouthMembership, {
  name: 'YouthMembership',
  description: 'Membership of the youth organisations.',
  valuesConfig: {
    NONE: { description: 'Chưa là đội viên, đoàn viên.' },
    PIONEER: { description: 'Đội viên: Đội Thiếu niên Tiền phong Hồ Chí Minh.' },
    UNION: { description: 'Đoàn viên: Đoàn Thanh niên Cộng sản Hồ Chí Minh.' },
  },
})

export enum HouseholdPoverty {
  NONE = 'NONE',
  NEAR_POOR = 'NEAR_POOR',
  POOR = 'POOR',
}
registerEnumType(HouseholdPoverty, {
  name: 'HouseholdPoverty',
  description: 'Poverty of the household, as the commune certified it.',
  valuesConfig: {
    NONE: { description: 'Không thuộc hộ nghèo, cận nghèo.' },
    NEAR_POOR: { description: 'Hộ cận nghèo.' },
    POOR: { description: 'Hộ nghèo.' },
  },
})

export enum FeeRelief {
  NONE = 'NONE',
  REDUCED = 'REDUCED',
  EXEMPT = 'EXEMPT',
}
registerEnumType(FeeRelief, {
  name: 'FeeRelief',
  description: 'Relief from school fees.',
  valuesConfig: {
    NONE: { description: 'Không được miễn, giảm học phí.' },
    REDUCED: { description: 'Giảm học phí.' },
    EXEMPT: { description: 'Miễn học phí.' },
  },
})
