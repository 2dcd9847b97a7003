// The rows of the sandbox province, as plain data that any loader can write: no storage, no framework.
//
// Habits: a day is `YYYY-MM-DD`, an instant an ISO string in UTC; `validTo`, `endedOn` and `until` name the LAST day that counts
// (null: still running); every row of a school's own data carries `schoolId`; all text is NFC.

/** MN mầm non (01), TH tiểu học (02), THCS (03), THPT (04), GDTX (05). */
export type Level = 'MN' | 'TH' | 'THCS' | 'THPT' | 'GDTX'
export type Sex = 'MALE' | 'FEMALE'
export type Day = string
export type Instant = string

export interface AuthorityRow {
  id: string
  /** Unique: `SGDDT-38`, `UBND-<commune code>`, `PGDDT-<old district code>`. */
  code: string
  kind: 'DEPARTMENT' | 'COMMUNE' | 'DISTRICT_OFFICE'
  name: string
  nameEn: string
  /** The Sở for all others; null for the Sở. */
  parentId: string | null
  /** Code of the administrative unit; null for a Phòng, whose district is no unit any more. */
  unitCode: string | null
  validFrom: Day
  validTo: Day | null
}

export interface OversightRow {
  id: string
  schoolId: string
  authorityId: string
  /** MANAGING (quản lý trực tiếp): one at a time. PROFESSIONAL (quản lý chuyên môn): the Sở, over every school. */
  kind: 'MANAGING' | 'PROFESSIONAL'
  validFrom: Day
  validTo: Day | null
}

export interface SchoolRow {
  id: string
  /** The sandbox's own handle (`thpt-hac-thanh`), for scripts and examples; no official code. */
  key: string
  /** Mã trường, old form: province 2 + district 3 + serial 3. */
  code: string
  name: string
  nameEn: string
  levels: Level[]
  /** National list: 1 công lập, 2 dân lập, 3 tư thục. */
  ownership: 'PUBLIC' | 'COMMUNITY' | 'PRIVATE'
  communeCode: string
  address: string
}

export interface SchoolYearRow {
  id: string
  authorityId: string
  name: string
  startsOn: Day
  endsOn: Day
}

/** Dates are the Sở's to set per level, so each level has its own two terms. */
export interface TermRow {
  id: string
  authorityId: string
  schoolYearId: string
  level: Level
  code: 'HKI' | 'HKII'
  name: string
  startsOn: Day
  endsOn: Day
  teachingWeeks: number
  /** Exam windows; null where the level sits no such exam. */
  midtermFrom: Day | null
  midtermTo: Day | null
  finalFrom: Day | null
  finalTo: Day | null
}

export interface SubjectRow {
  id: string
  code: string
  name: string
  nameEn: string
  assessment: 'SCORED' | 'COMMENT'
  levels: Level[]
}

/** Where the 2018 programme teaches a subject, and how much; the yearly periods set the least number of regular marks. */
export interface SubjectOfferingRow {
  subjectId: string
  subjectCode: string
  level: Level
  fromGrade: number
  toGrade: number
  periodsPerYear: number
  /** False: one of the subjects a class chooses (môn lựa chọn). */
  compulsory: boolean
}

export interface ClassRow {
  id: string
  schoolId: string
  schoolYearId: string
  level: Level
  /** 1–12; 15 nhà trẻ 25–36 tháng, 16–18 mẫu giáo bé, nhỡ, lớn. */
  grade: number
  /** Unique within the school and year. */
  name: string
  /** The circular that assesses this class; null where none of the known ones does (preschool, GDTX). */
  regulation: 'TT27_2020' | 'TT22_2021' | null
  /** The four chosen subjects of an upper-secondary class, else empty. */
  electives: string[]
}

export interface StaffRow {
  id: string
  schoolId: string
  /** Mã định danh Bộ GDĐT, 10 digits. */
  code: string
  fullName: string
  familyName: string
  middleName: string
  givenName: string
  sex: Sex
  birthDate: Day
  role: 'PRINCIPAL' | 'DEPUTY' | 'TEACHER'
  status: 'WORKING' | 'RETIRED'
  /** First subject of a subject teacher; null for class teachers of young children and leaders. */
  specialtyCode: string | null
}

export interface HomeroomAssignmentRow {
  id: string
  schoolId: string
  classId: string
  staffId: string
  validFrom: Day
  validTo: Day | null
}

export interface TeachingAssignmentRow {
  id: string
  schoolId: string
  classId: string
  staffId: string
  subjectId: string
  subjectCode: string
  termId: string
  periodsPerWeek: number
}

export interface StudentRow {
  id: string
  /** The school now, or the last one. */
  schoolId: string
  /** Mã định danh Bộ GDĐT, 10 digits, first two the province. */
  code: string
  /** Số định danh cá nhân, 12 digits. */
  personalNumber: string
  fullName: string
  familyName: string
  middleName: string
  givenName: string
  sex: Sex
  birthDate: Day
  /** General Statistics Office list: 01 Kinh … 54. Sensitive. */
  ethnicityCode: string
  communeCode: string
  /** Row number (`stt`) in exam-scores-2021.csv that gives this pupil's level per subject; null below lower secondary. Not stored. */
  examRow: number | null
}

export interface EnrolmentRow {
  id: string
  schoolId: string
  studentId: string
  classId: string
  schoolYearId: string
  entry: 'CONTINUING' | 'NEW' | 'TRANSFER_IN'
  status: 'STUDYING' | 'TRANSFERRED' | 'DROPPED_OUT'
  /** Lý do nghỉ học, list 01–08; only of DROPPED_OUT. */
  leavingReasonCode: string | null
  admittedOn: Day
  endedOn: Day | null
}

export interface GuardianRow {
  id: string
  schoolId: string
  studentId: string
  fullName: string
  relation: 'FATHER' | 'MOTHER' | 'GRANDPARENT'
  kind: 'PARENT' | 'LEGAL_GUARDIAN'
  /** The one who is written to first; exactly one per pupil. */
  isPrimary: boolean
  birthYear: number
  /** E.164, in a range no operator holds. */
  phone: string
}

export interface MarkRow {
  id: string
  schoolId: string
  classId: string
  studentId: string
  subjectId: string
  subjectCode: string
  termId: string
  kind: 'REGULAR' | 'MIDTERM'
  ordinal: number
  /** Tenths, 0–100; null for a comment subject. */
  value: number | null
  /** Đạt / Chưa đạt of a comment subject; null for a scored one. */
  remark: 'PASSED' | 'NOT_PASSED' | null
  enteredByStaffId: string
  /** The product that brought the mark; null where the school has none. */
  applicationId: string | null
  recordedAt: Instant
}

export interface VendorRow {
  id: string
  code: string
  legalName: string
  nameEn: string
  /** Ten digits with a province part (00) that the tax authority never issued. */
  taxCode: string
  contactEmail: string
  dataProtectionOfficer: { name: string; email: string }
  certificates: { kind: string; number: string; issuedOn: Day; validTo: Day }[]
}

export interface ApplicationRow {
  id: string
  vendorId: string
  code: 'smas' | 'vnedu' | 'enetviet' | 'misa-emis' | 'vietschool'
  name: string
  kind: 'SCHOOL_MANAGEMENT' | 'CONTACT_BOOK'
  environment: 'SANDBOX'
  requestedScopes: string[]
}

export interface ApprovalRow {
  id: string
  applicationId: string
  authorityId: string
  decisionNumber: string
  certificateNumber: string
  scopes: string[]
  decidedOn: Day
  validFrom: Day
  validTo: Day
}

export interface AgreementRow {
  id: string
  applicationId: string
  schoolId: string
  version: number
  purpose: 'SCHOOL_MANAGEMENT' | 'CONTACT_BOOK'
  scopes: string[]
  levels: Level[]
  signedByStaffId: string
  signedAt: Instant
  validFrom: Day
  validTo: Day
}

export interface AccountRow {
  id: string
  email: string
  fullName: string
  role: 'AUTHORITY_OFFICER' | 'COMPLIANCE_OFFICER' | 'PRINCIPAL' | 'TEACHER'
  authorityId: string | null
  schoolId: string | null
  staffId: string | null
  scopes: string[]
}

export interface BrandnameRow {
  id: string
  schoolId: string
  applicationId: string
  /** At most 11 characters, unique whatever the case (Decree 91/2020). */
  name: string
  status: 'APPROVED'
  approvedOn: Day
  registeredUntil: Day
}

export interface ContactBookPlanRow {
  id: string
  schoolId: string
  applicationId: string
  name: string
  feePerMonthVnd: number
  messagesPerMonth: number
  usesBrandname: boolean
  brandnameId: string | null
  validFrom: Day
  validTo: Day
}

export interface ConsentRow {
  id: string
  schoolId: string
  guardianId: string
  studentId: string
  applicationId: string
  purpose: 'CONTACT_BOOK'
  evidence: string
  givenAt: Instant
  withdrawnAt: Instant | null
}

export interface SubscriptionRow {
  id: string
  schoolId: string
  studentId: string
  guardianId: string
  planId: string
  applicationId: string
  since: Day
  until: Day | null
}

export interface MessageRow {
  id: string
  schoolId: string
  studentId: string
  guardianId: string
  applicationId: string
  category: 'SCORE' | 'ATTENDANCE' | 'NOTICE'
  channel: 'SMS' | 'OTT'
  /** Set for SMS only. */
  brandnameId: string | null
  body: string
  /** The mark a SCORE message tells of. */
  markId: string | null
  sentAt: Instant
}

export interface SandboxProvince {
  province: { code: string; name: string; nameEn: string }
  authorities: AuthorityRow[]
  schoolYears: SchoolYearRow[]
  terms: TermRow[]
  subjects: SubjectRow[]
  subjectOfferings: SubjectOfferingRow[]
  schools: SchoolRow[]
  oversights: OversightRow[]
  classes: ClassRow[]
  staff: StaffRow[]
  homeroomAssignments: HomeroomAssignmentRow[]
  teachingAssignments: TeachingAssignmentRow[]
  students: StudentRow[]
  enrolments: EnrolmentRow[]
  guardians: GuardianRow[]
  vendors: VendorRow[]
  applications: ApplicationRow[]
  approvals: ApprovalRow[]
  agreements: AgreementRow[]
  accounts: AccountRow[]
  marks: MarkRow[]
  brandnames: BrandnameRow[]
  contactBookPlans: ContactBookPlanRow[]
  consents: ConsentRow[]
  subscriptions: SubscriptionRow[]
  messages: MessageRow[]
}
