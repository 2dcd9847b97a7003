// The small stable lists of the reports.
import { registerEnumType } from 'type-graphql'

/** The same list as identity's: a federated enum is one list in the contract. */
export enum ApplicationKind {
  SCHOOL_MANAGEMENT = 'SCHOOL_MANAGEMENT',
  CONTACT_BOOK = 'CONTACT_BOOK',
  EXAM = 'EXAM',
  PORTAL = 'PORTAL',
  NATIONAL_DATABASE = 'NATIONAL_DATABASE',
}
registerEnumType(ApplicationKind, {
  name: 'ApplicationKind',
  description: 'What an application is for (loại phần mềm).',
  valuesConfig: {
    SCHOOL_MANAGEMENT: { description: 'Phần mềm quản lý trường học.' },
    CONTACT_BOOK: { description: 'Sổ liên lạc điện tử.' },
    EXAM: { description: 'Phần mềm quản lý thi, tuyển sinh.' },
    PORTAL: { description: 'Cổng thông tin điện tử.' },
    NATIONAL_DATABASE: { description: 'Cơ sở dữ liệu quốc gia về giáo dục.' },
  },
})

/** The same list as that of schools. */
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
