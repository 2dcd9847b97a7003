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
