/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Which data an application or a caller works on (môi trường). */
export type AccessEnvironment =
  /** Môi trường chính thức. */
  | 'PRODUCTION'
  /** Môi trường thử nghiệm: synthetic pupils only. */
  | 'SANDBOX';

/** What an application is for (loại phần mềm). */
export type ApplicationKind =
  /** Sổ liên lạc điện tử. */
  | 'CONTACT_BOOK'
  /** Phần mềm quản lý thi, tuyển sinh. */
  | 'EXAM'
  /** Cơ sở dữ liệu quốc gia về giáo dục. */
  | 'NATIONAL_DATABASE'
  /** Cổng thông tin điện tử. */
  | 'PORTAL'
  /** Phần mềm quản lý trường học. */
  | 'SCHOOL_MANAGEMENT';

/** An application: exactly one of id, code. */
export type ApplicationRef = {
  /** Code of the application, as `smas`. */
  code?: string | null | undefined;
  /** UUIDv7. */
  id?: string | null | undefined;
};

/** Homeroom teachers of one school. */
export type AssignHomeroomsInput = {
  /** 1 to 1000 assignments. */
  assignments: Array<HomeroomAssignmentInput>;
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** The school. */
  school: SchoolRef;
  /** School year (năm học), as `2026-2027`. */
  schoolYear: string;
};

/** Teaching assignments of one school in one term. */
export type AssignTeachersInput = {
  /** 1 to 1000 assignments. */
  assignments: Array<TeachingAssignmentInput>;
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** The school. */
  school: SchoolRef;
  /** School year (năm học), as `2026-2027`. */
  schoolYear: string;
  /** Code of the term (học kỳ): HKI or HKII. */
  term: string;
};

/** Which audit records. Conditions add up. */
export type AuditFilter = {
  /** What this application did. */
  applicationId?: string | null | undefined;
  /** At this instant or later. */
  from?: string | null | undefined;
  /** With this outcome. */
  outcome?: AuditOutcome | null | undefined;
  /** What concerned this school. */
  schoolId?: string | null | undefined;
  /** What concerned this pupil. The answer names no pupil. */
  studentId?: string | null | undefined;
  /** Before this instant. */
  to?: string | null | undefined;
  /** What applications of this vendor did. */
  vendorId?: string | null | undefined;
};

/** What an audit record tells of. */
export type AuditKind =
  /** An operation at the gateway, reads included. */
  | 'OPERATION'
  /** A change, recorded in the transaction of the change itself. */
  | 'WRITE';

/** How an audited operation ended (kết quả). */
export type AuditOutcome =
  /** Answered in full. */
  | 'ALLOWED'
  /** Ended by a fault of the platform. */
  | 'FAILED'
  /** Answered, with errors on some fields. */
  | 'PARTIAL'
  /** Refused; nothing was read. */
  | 'REFUSED';

/** What happens to the good records of a batch with bad ones. */
export type BatchMode =
  /** All or nothing. */
  | 'ATOMIC'
  /** The good ones are written, the bad ones are refused one by one. */
  | 'PARTIAL';

/** What became of one record of a batch. */
export type BatchStatus =
  /** `expectedVersion` is not the version in store (VERSION_CONFLICT), or all that it says otherwise is another application’s (FIELD_OWNED); `entity` is the current record. */
  | 'CONFLICT'
  /** Written anew. */
  | 'CREATED'
  /** Refused; see `errors`. */
  | 'REJECTED'
  /** It already said this; nothing was written. */
  | 'UNCHANGED'
  /** Changed; its version rose by one. */
  | 'UPDATED';

/** Grade of the building a room is in (cấp công trình). */
export type BuildingGrade =
  /** Kiên cố: trên cấp 4. */
  | 'ABOVE_GRADE_4'
  /** Tạm: dưới cấp 4. */
  | 'BELOW_GRADE_4'
  /** Nhờ, mượn. */
  | 'BORROWED'
  /** Bán kiên cố: cấp 4. */
  | 'GRADE_4';

/** A site of a school (điểm trường). The natural key is its code within the school. */
export type CampusInput = {
  /** Address (địa chỉ) within the commune. */
  address: string;
  /** Code (mã điểm trường): 1 to 20 letters, digits, dots or hyphens. */
  code: string;
  /** Commune (mã xã/phường) of the list in force since 1/7/2025, as `administrativeUnits` has it. */
  communeCode: string;
  /** Version the caller last saw; 0: it must not exist yet. Another version in store answers CONFLICT with the current record. */
  expectedVersion?: number | null | undefined;
  /** The calling application’s own id, at most 255 characters. Kept even when the record itself is UNCHANGED. */
  externalId?: string | null | undefined;
  /** Name (tên điểm trường). */
  name: string;
  /** First day of its use, as `2026-09-05`. */
  validFrom: string;
  /** Last day of its use; null reopens it. */
  validTo?: string | null | undefined;
};

/** A pupil of another school who is taken over (tiếp nhận chuyển đến): exactly one of code and personalNumber, and name and birth date to prove who is meant. */
export type ClaimInput = {
  /** Date of birth (ngày sinh), as `2011-09-05`. */
  birthDate: string;
  /** The class that admits the pupil. */
  classRoom: ClassRoomOfYearRef;
  /** Pupil code of the Ministry (mã định danh). */
  code?: string | null | undefined;
  /** Full name (họ và tên), with its tones; case, spacing and the place of a tone in its syllable do not matter. */
  fullName: string;
  /** Day of admission (ngày vào), not in the future; today when left out. */
  on?: string | null | undefined;
  /** Personal number (số định danh), 12 digits; needs student.sensitive.write. */
  personalNumber?: string | null | undefined;
};

/** Pupils of other schools whom one school takes over. */
export type ClaimStudentsInput = {
  /** 1 to 1000 claims. */
  claims: Array<ClaimInput>;
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** The school that takes them over. */
  school: SchoolRef;
  /** School year (năm học) of the classes, as `2026-2027`. */
  schoolYear: string;
};

/** Which class of the new year takes the pupils of a class of the old one. */
export type ClassMappingInput = {
  /** Name of the class in the old year, as `6A`. */
  from: string;
  /** Name in the new year, as `7A`. Needed where the name does not begin with the grade. Of a last grade it means that the class goes on to the next level of the same school instead of finishing. */
  to: string;
};

/** Change of class (chuyển lớp) within the school. */
export type ClassMoveInput = {
  /** The class the pupil goes to. */
  classRoom: ClassRoomOfYearRef;
  /** Version the caller last saw; 0: it must not exist yet. Another version in store answers CONFLICT with the current record. */
  expectedVersion?: number | null | undefined;
  /** On which day, as `2026-11-20`, not in the future; today when left out. */
  on?: string | null | undefined;
  /** The pupil, as the school keeps them. */
  student: StudentRef;
};

/** Which classes of a school. */
export type ClassRoomFilter = {
  /** Grade (khối). */
  grade?: number | null | undefined;
  /** Whether the calling application has its own id of the record. A person has none. */
  hasExternalId?: boolean | null | undefined;
  /** Whether a homeroom teacher (giáo viên chủ nhiệm) is assigned. */
  hasHomeroomTeacher?: boolean | null | undefined;
  /** Whether a pupil studies in it today. */
  hasStudents?: boolean | null | undefined;
  /** Level (cấp học). */
  level?: SchoolLevel | null | undefined;
  /** Names (tên lớp), at most 1,000. */
  names?: Array<string> | null | undefined;
  /** School year, as `2026-2027`. */
  schoolYear?: string | null | undefined;
  /** Changed after this instant; to go on where the last reading ended, send the `updatedAt` of its last record. */
  updatedAfter?: string | null | undefined;
};

/** A class (lớp học). Its natural key is its name within school and school year. */
export type ClassRoomInput = {
  /** Version the caller last saw; 0: it must not exist yet. Another version in store answers CONFLICT with the current record. */
  expectedVersion?: number | null | undefined;
  /** The calling application’s own id, at most 255 characters. Kept even when the record itself is UNCHANGED. */
  externalId?: string | null | undefined;
  /** Grade (khối): 1–12; 13–15 nhà trẻ, 16–18 mẫu giáo. */
  grade: number;
  /** UUIDv7 of a class that exists, which may so take another name. */
  id?: string | null | undefined;
  /** Level (cấp học), one that the school holds. */
  level: SchoolLevel;
  /** Name (tên lớp), as `10A1`, at most 100 characters. */
  name: string;
};

/** A class by its natural key: school, school year, name. */
export type ClassRoomKey = {
  /** Name (tên lớp), as `10A1`. */
  name: string;
  /** The school. */
  school: SchoolRef;
  /** School year, as `2026-2027`. */
  schoolYear: string;
};

/** A class of the school and school year already named: exactly one of id, name, externalId. */
export type ClassRoomOfYearRef = {
  /** The calling application’s own id. */
  externalId?: string | null | undefined;
  /** UUIDv7. */
  id?: string | null | undefined;
  /** Name (tên lớp), as `10A1`. */
  name?: string | null | undefined;
};

/** In which order classes are listed. */
export type ClassRoomOrder =
  /** By grade (khối), then by name. */
  | 'GRADE_AND_NAME'
  /** By the last change, oldest first. */
  | 'UPDATED_AT';

/** A class: exactly one of id, key, externalId. */
export type ClassRoomRef = {
  /** The calling application’s own id. */
  externalId?: string | null | undefined;
  /** UUIDv7. */
  id?: string | null | undefined;
  /** The natural key. */
  key?: ClassRoomKey | null | undefined;
};

/** What becomes of a competing write. */
export type ConflictDecision =
  /** The proposed value is written, with history, feed and audit (chấp nhận). */
  | 'ACCEPT'
  /** The record stays as it is (từ chối). */
  | 'REJECT';

/** The decision of one conflict. */
export type ConflictResolutionInput = {
  /** Id of the conflict. */
  conflict: string;
  /** What becomes of it. */
  decision: ConflictDecision;
  /** Version of the conflict that the caller last saw. Another one in store answers CONFLICT. */
  expectedVersion?: number | null | undefined;
  /** Why (lý do), 3 to 1,000 characters; needed for REJECT. */
  reason?: string | null | undefined;
};

/** Where a competing write stands. */
export type ConflictState =
  /** Chấp nhận: the record says what was proposed. */
  | 'ACCEPTED'
  /** Chờ quyết định: the record says what it said. */
  | 'OPEN'
  /** Từ chối: the same proposal against the same value opens nothing again. */
  | 'REJECTED';

/** Matches of one school that are two pupils each. */
export type DismissIdentityMatchesInput = {
  /** 1 to 1000 matches. */
  matches: Array<DistinctPupilsInput>;
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** The school. */
  school: SchoolRef;
};

/** Two records of a match are two pupils. */
export type DistinctPupilsInput = {
  /** Id of the match. */
  match: string;
  /** Why (lý do), 3 to 1,000 characters. */
  reason: string;
};

/** A document to register (tài liệu truy vấn). */
export type DocumentInput = {
  /** The id that the client will send, `sha256:…`; refused if it is not that of the text. Left out, it is worked out. */
  documentId?: string | null | undefined;
  /** The text, byte for byte as the client hashes it: 1 to 65,536 characters. */
  text: string;
};

/** How the list of registered documents of an application is held (chế độ tài liệu truy vấn). */
export type DocumentMode =
  /** Registered documents run, and nothing else. */
  | 'ENFORCE'
  /** Any document runs; registered ones may be asked for by their id. */
  | 'OFF'
  /** Any document runs; what is not registered is counted in `unknownDocuments`. */
  | 'REPORT';

/** How a document came to be known (nguồn gốc). */
export type DocumentOrigin =
  /** In the sandbox, because a client sent its text with its hash. The latest 200 stay, for convenience: under ENFORCE they are not on the list. */
  | 'AUTOMATIC'
  /** By `registerDocuments`. */
  | 'REGISTERED';

/** Facilities (cơ sở vật chất) of one reporting period, which is the natural key. What is not sent stays, null clears. */
export type FacilityInput = {
  /** Accreditation of quality (kiểm định chất lượng), level 1–4. */
  accreditation?: number | null | undefined;
  /** Clean water (nước sạch). */
  cleanWater?: boolean | null | undefined;
  /** Computers that pupils work at (máy tính), 0 to 100,000. */
  computers?: number | null | undefined;
  /** Access for pupils with disabilities (hạ tầng cho học sinh khuyết tật). */
  disabilityAccess?: boolean | null | undefined;
  /** Electricity (điện). */
  electricity?: boolean | null | undefined;
  /** Version the caller last saw; 0: it must not exist yet. Another version in store answers CONFLICT with the current record. */
  expectedVersion?: number | null | undefined;
  /** The calling application’s own id, at most 255 characters. Kept even when the record itself is UNCHANGED. */
  externalId?: string | null | undefined;
  /** Hand-washing with soap (chỗ rửa tay). */
  handWashing?: boolean | null | undefined;
  /** Internet for teaching. */
  internet?: boolean | null | undefined;
  /** Area of the land (diện tích đất), m², 0 to 100,000,000. */
  landArea?: number | null | undefined;
  /** National standard (chuẩn quốc gia): 0 not met, 1 level 1, 2 level 2. */
  nationalStandard?: number | null | undefined;
  /** Reporting period (kỳ báo cáo). */
  period: ReportingPeriod;
  /** All rooms of the school; they replace those of the last report of this period. */
  rooms?: Array<FacilityRoomsInput> | null | undefined;
  /** School year (năm học), as `2026-2027`. */
  schoolYear: string;
  /** Separate toilets for boys and girls (nhà vệ sinh riêng nam, nữ). */
  separateToilets?: boolean | null | undefined;
};

/** Rooms of one kind and grade; both together stand once in a report. */
export type FacilityRoomsInput = {
  /** Area of all of them together (diện tích), m², 0 to 1,000,000. */
  area?: number | null | undefined;
  /** How many (số phòng), 0 to 10,000. */
  count: number;
  /** Grade of the building. */
  grade: BuildingGrade;
  /** What they are for. */
  kind: RoomKind;
};

/** Relief from school fees. */
export type FeeRelief =
  /** Miễn học phí. */
  | 'EXEMPT'
  /** Không được miễn, giảm học phí. */
  | 'NONE'
  /** Giảm học phí. */
  | 'REDUCED';

/** Fields of one kind of record that one application owns together (nhóm trường dữ liệu). Natural keys are in none: they never change. */
export type FieldGroup =
  /** Điểm trường: name, address, commune, days of use. school.write. */
  | 'CAMPUS'
  /** Lớp học: name, grade, level. Scope to write: school.write. */
  | 'CLASS_ROOM'
  /** Cơ sở vật chất of a reporting period, field by field; the rooms are one field. school.write. */
  | 'FACILITY'
  /** Cha mẹ, người giám hộ: all that is kept of them, of records that the owner has written or that came with the first load. guardian.contact.write. */
  | 'GUARDIAN'
  /** Sức khỏe học sinh: all that was measured, of records that the owner has written or that came with the first load. health.write. */
  | 'HEALTH_RECORD'
  /** Phân công chủ nhiệm: the teacher and the days. school.write. */
  | 'HOMEROOM_ASSIGNMENT'
  /** Cán bộ, giáo viên: name, sex, birth date, position, status. staff.write. */
  | 'STAFF'
  /** Quá trình học: status and class, also through moveStudents and recordLeaving. student.basic.write. */
  | 'STUDENT_ENROLMENT'
  /** Họ tên, giới tính, ngày sinh của học sinh. student.basic.write. */
  | 'STUDENT_IDENTITY'
  /** Hồ sơ học sinh: birthplace, nationality, commune, address, boarding, Đội/Đoàn, swimming. student.basic.write. */
  | 'STUDENT_PROFILE'
  /** Dữ liệu nhạy cảm của học sinh. student.sensitive.write. */
  | 'STUDENT_SENSITIVE'
  /** Phân công giảng dạy: whether an assignment is in force, and its days. school.write. */
  | 'TEACHING_ASSIGNMENT';

/** Declares the owner of a group of fields at the school, from today on. */
export type FieldOwnerInput = {
  /** Id of an application whose agreement with the school lets it write them; null ends the declaration, and the kinds of the applications decide again. */
  applicationId?: string | null | undefined;
  /** The fields. */
  group: FieldGroup;
  /** Why (lý do), 3 to 1,000 characters. */
  reason: string;
};

/** How fresh records are by what their authority asks (tình trạng cập nhật). */
export type FreshnessState =
  /** Đúng hạn: confirmed within the days that are asked for. */
  | 'FRESH'
  /** Chưa có: asked for, and never written. */
  | 'NEVER'
  /** Quá hạn: last confirmed longer ago. */
  | 'OVERDUE'
  /** Không quy định: no authority of the school asks for it, so nothing is late. */
  | 'UNDECLARED';

/** How fresh the authority asks one kind of record to be at schools of one level, from today on. */
export type FreshnessThresholdInput = {
  /** Within how many days they are to be confirmed, 1 to 400; null: this authority asks for nothing any more. */
  days?: number | null | undefined;
  /** Which records. */
  kind: RecordKind;
  /** At schools that have this level. */
  level: SchoolLevel;
  /** Why (lý do), 3 to 1,000 characters. */
  reason: string;
};

/** A parent or guardian (cha mẹ, người giám hộ) of one pupil. Named by id, by the caller’s own id, or by pupil, relation and name among those that the caller wrote or may read. Siblings have a record each: consent is given child by child. What is not sent stays, null clears. */
export type GuardianInput = {
  /** Address (địa chỉ), where it is not the pupil’s. */
  address?: string | null | undefined;
  /** Year of birth (năm sinh), from 1900, at least 14 years ago. */
  birthYear?: number | null | undefined;
  /** Day on which the link to the pupil ended, as `2026-11-20`, not in the future: from then the contact is shown to nobody. Null begins it again. */
  endedOn?: string | null | undefined;
  /** Version the caller last saw; 0: it must not exist yet. Another version in store answers CONFLICT with the current record. */
  expectedVersion?: number | null | undefined;
  /** The calling application’s own id, at most 255 characters. Kept even when the record itself is UNCHANGED. */
  externalId?: string | null | undefined;
  /** Full name (họ và tên). */
  fullName: string;
  /** UUIDv7 of a record that the caller wrote or may read. */
  id?: string | null | undefined;
  /** Job (nghề nghiệp), in words. */
  job?: string | null | undefined;
  /** Phone number (số điện thoại) in Vietnam: 0 or +84 and 9 or 10 digits, as `0912 345 678`; kept as `+84…`. */
  phone?: string | null | undefined;
  /** Relation to the pupil (quan hệ), list GUARDIAN_RELATION: FATHER, MOTHER, GUARDIAN … */
  relation: string;
  /** The pupil, as the school keeps them. */
  student: StudentRef;
};

/** What was measured of a pupil on one day (sức khỏe học sinh). Named by id, by the caller’s own id, or by pupil and day among the records that the caller wrote or may read. What is not sent stays, null clears. */
export type HealthRecordInput = {
  /** Teeth (răng, hàm, mặt), in words. */
  dental?: string | null | undefined;
  /** Version the caller last saw; 0: it must not exist yet. Another version in store answers CONFLICT with the current record. */
  expectedVersion?: number | null | undefined;
  /** The calling application’s own id, at most 255 characters. Kept even when the record itself is UNCHANGED. */
  externalId?: string | null | undefined;
  /** Eye disease (bệnh về mắt), in words. */
  eyeDisease?: string | null | undefined;
  /** Height (chiều cao), cm, 30 to 250, to the millimetre. */
  heightCm?: number | null | undefined;
  /** UUIDv7 of a record that the caller wrote or may read. */
  id?: string | null | undefined;
  /** Day of measuring (ngày khám), as `2026-10-05`; not in the future, not before the birth. */
  measuredOn: string;
  /** Note of the school health officer (ghi chú). */
  note?: string | null | undefined;
  /** The pupil, as the school keeps them. */
  student: StudentRef;
  /** Vision of the left eye (thị lực mắt trái), in tenths, 0 to 20. */
  visionLeft?: number | null | undefined;
  /** Vision of the right eye (thị lực mắt phải), in tenths, 0 to 20. */
  visionRight?: number | null | undefined;
  /** True declares the record void: it was of another child, or wrong. */
  void?: boolean | null | undefined;
  /** Weight (cân nặng), kg, 1 to 300, to the gram. */
  weightKg?: number | null | undefined;
};

/** The homeroom teacher of a class (giáo viên chủ nhiệm). The natural key is the class. */
export type HomeroomAssignmentInput = {
  /** False ends the assignment of this teacher: the class has no homeroom teacher until one is named. */
  active?: boolean;
  /** The class. */
  classRoom: ClassRoomOfYearRef;
  /** Version the caller last saw; 0: it must not exist yet. Another version in store answers CONFLICT with the current record. */
  expectedVersion?: number | null | undefined;
  /** Day on which it begins or, with `active: false`, ends, as `2026-11-20`; not in the future; today when left out. */
  on?: string | null | undefined;
  /** The teacher, who takes over from whoever had the class. */
  teacher: StaffRef;
};

/** Poverty of the household, as the commune certified it. */
export type HouseholdPoverty =
  /** Hộ cận nghèo. */
  | 'NEAR_POOR'
  /** Không thuộc hộ nghèo, cận nghèo. */
  | 'NONE'
  /** Hộ nghèo. */
  | 'POOR';

/** Where a likely double stands. */
export type IdentityMatchState =
  /** Khác nhau: two pupils. */
  | 'DISTINCT'
  /** Đã gộp: one pupil, one record. */
  | 'MERGED'
  /** Chờ xem xét: both records stand as they are. */
  | 'OPEN';

/** What speaks for or against two records being one pupil. */
export type IdentityReason =
  /** Ngày sinh đảo ngày và tháng. */
  | 'BIRTH_DATE_DAY_AND_MONTH_SWAPPED'
  /** Cùng ngày sinh. */
  | 'BIRTH_DATE_EQUAL'
  /** Khác mã định danh. */
  | 'CODE_DIFFERS'
  /** Mã định danh lệch một chữ số. */
  | 'CODE_ONE_DIGIT_APART'
  /** Cùng họ tên: composed or not, in any case, with the tone on either vowel (hoà, hòa). Đ is not D. */
  | 'NAME_EQUAL'
  /** Cùng họ tên không dấu. */
  | 'NAME_EQUAL_WITHOUT_MARKS'
  /** Họ tên lệch một ký tự. */
  | 'NAME_ONE_LETTER_APART'
  /** Khác số định danh. Shown to whoever may read sensitive data. */
  | 'PERSONAL_NUMBER_DIFFERS'
  /** Cùng số định danh. Shown to whoever may read sensitive data. */
  | 'PERSONAL_NUMBER_EQUAL'
  /** Khác giới tính. */
  | 'SEX_DIFFERS'
  /** Cùng giới tính. */
  | 'SEX_EQUAL';

/** Leaving (rời trường). */
export type LeavingInput = {
  /** Version the caller last saw; 0: it must not exist yet. Another version in store answers CONFLICT with the current record. */
  expectedVersion?: number | null | undefined;
  /** On which day, as `2026-11-20`, not in the future; today when left out. */
  on?: string | null | undefined;
  /** Reason (lý do), code 01–08 of the data standard; needed for DROPPED_OUT and DEFERRED. */
  reason?: string | null | undefined;
  /** As what the pupil leaves. */
  status: LeavingStatus;
  /** The pupil, as the school keeps them. */
  student: StudentRef;
};

/** As what a pupil leaves a school. */
export type LeavingStatus =
  /** Bảo lưu. */
  | 'DEFERRED'
  /** 4 bỏ học. */
  | 'DROPPED_OUT'
  /** Tốt nghiệp. */
  | 'GRADUATED'
  /** 3 chuyển khỏi trường. */
  | 'TRANSFERRED_OUT';

/** Who manages a school, and from when (cơ quan quản lý trực tiếp). */
export type ManagedByInput = {
  /** Code of the authority (mã cơ quan): the Sở or a commune, in force on that day. */
  authority: string;
  /** First day, as `2026-09-01`: the authority before manages until the day before. */
  from: string;
};

/** Merges at one school. */
export type MergeStudentsInput = {
  /** 1 to 1000 merges; each record stands in one of them. */
  merges: Array<StudentMergeInput>;
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** The school. */
  school: SchoolRef;
};

/** Why the caller does not hold a scope (lý do thiếu phạm vi quyền). */
export type MissingScopeReason =
  /** Chưa được phê duyệt: the approval or the role does not have it; the vendor asks the Sở. */
  | 'NOT_APPROVED'
  /** Có phê duyệt nhưng mã truy cập không xin: ask for a token with it. */
  | 'NOT_IN_TOKEN';

/** Changes of class at one school. */
export type MoveStudentsInput = {
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** 1 to 1000 moves. */
  moves: Array<ClassMoveInput>;
  /** The school. */
  school: SchoolRef;
  /** School year (năm học), as `2026-2027`. */
  schoolYear: string;
};

/** Which budget an operation is paid from (nhóm hạn mức). */
export type OperationClass =
  /** Reading records (đọc dữ liệu). */
  | 'READ'
  /** Aggregated reports over many schools (báo cáo tổng hợp). */
  | 'REPORT'
  /** Writing records (ghi dữ liệu). */
  | 'WRITE';

/** What kind of operation a document holds (loại thao tác). */
export type OperationKind =
  /** Asks about the contract alone (nội quan). */
  | 'INTROSPECTION'
  /** Writes (ghi). */
  | 'MUTATION'
  /** Reads (truy vấn). */
  | 'QUERY'
  /** Refused here: read the change feed. */
  | 'SUBSCRIPTION';

/** Why an application owns a group of fields. */
export type OwnershipBasis =
  /** The principal or the Sở declared it (đã khai báo). */
  | 'DECLARED'
  /** Of the SCHOOL_MANAGEMENT applications that may write it, its agreement began first (theo loại ứng dụng). */
  | 'KIND';

/** What stands behind a token. */
export type PartyKind =
  /** Ứng dụng của nhà cung cấp. */
  | 'APPLICATION'
  /** Một người có tài khoản. */
  | 'PERSON';

/** In which order pupils or staff are listed. */
export type PersonOrder =
  /** By code of the Ministry. */
  | 'CODE'
  /** By name as Vietnamese lists are kept (thứ tự ABC): given name first, then family and middle names. */
  | 'NAME'
  /** By the last change, oldest first. */
  | 'UPDATED_AT';

/** Whose profile (loại hồ sơ). */
export type ProfileKind =
  /** Classes of the running school year (lớp). */
  | 'CLASS_ROOM'
  /** The school (hồ sơ trường). */
  | 'SCHOOL'
  /** Staff at work (hồ sơ cán bộ, giáo viên), scope `staff.read`. */
  | 'STAFF'
  /** Pupils who study (hồ sơ học sinh), scope `student.basic.read`. */
  | 'STUDENT';

/** Kind of record that a school keeps (loại hồ sơ). An application is told of a kind under the scope that reads it. */
export type RecordKind =
  /** Điểm trường. school.read. */
  | 'CAMPUS'
  /** Lớp học. school.read. */
  | 'CLASS_ROOM'
  /** Sự đồng ý. identity.read; an application is told what it recorded itself. */
  | 'CONSENT'
  /** Quá trình học: admission, class, leaving; also confirmed by pupils who are sent with their class. student.basic.read. */
  | 'ENROLMENT'
  /** Cơ sở vật chất. school.read. */
  | 'FACILITY'
  /** Cha mẹ, người giám hộ. guardian.contact.read; an application is told what it wrote itself. */
  | 'GUARDIAN'
  /** Y tế học đường. health.read; an application is told what it wrote itself. */
  | 'HEALTH_RECORD'
  /** Phân công chủ nhiệm. staff.read. */
  | 'HOMEROOM_ASSIGNMENT'
  /** Điểm. gradebook.read. */
  | 'SCORE'
  /** Cán bộ, giáo viên. staff.read. */
  | 'STAFF'
  /** Học sinh. student.basic.read. */
  | 'STUDENT'
  /** Phân công giảng dạy. staff.read. */
  | 'TEACHING_ASSIGNMENT';

/** Leavings at one school. */
export type RecordLeavingInput = {
  /** 1 to 1000 leavings. */
  leavings: Array<LeavingInput>;
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** The school. */
  school: SchoolRef;
};

/** Marks of one class in one subject and term (một sổ điểm). */
export type RecordScoresInput = {
  /** The class. */
  classRoom: ClassRoomOfYearRef;
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** The school. */
  school: SchoolRef;
  /** School year (năm học), as `2026-2027`. */
  schoolYear: string;
  /** 1 to 1000 marks. */
  scores: Array<ScoreInput>;
  /** Code of the subject (môn học), as `TOAN`. */
  subject: string;
  /** Code of the term (học kỳ): HKI or HKII. */
  term: string;
};

/** Documents of one application. */
export type RegisterDocumentsInput = {
  /** The application whose documents they are. */
  application: ApplicationRef;
  /** 1 to 100 documents. */
  documents: Array<DocumentInput>;
};

/** Letting a pupil go to another school (cho chuyển trường). */
export type ReleaseInput = {
  /** On which day, as `2026-11-20`, not in the future; today when left out. */
  on?: string | null | undefined;
  /** Reason (lý do), code 01–08 of the list LEAVING_REASON. */
  reason?: string | null | undefined;
  /** The pupil, as the school keeps them: one who studies there, or who left and was not let go yet. */
  student: StudentRef;
  /** Code of the receiving school (mã trường), if known: then that one alone can claim the pupil. Left out, any school can. */
  toSchool?: string | null | undefined;
};

/** Pupils whom one school lets go. */
export type ReleaseStudentsInput = {
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** 1 to 1000 releases. */
  releases: Array<ReleaseInput>;
  /** The school that lets them go. */
  school: SchoolRef;
};

/** A pupil who repeats the grade (lưu ban). Who is not named is promoted. */
export type RepeaterInput = {
  /** Name of the class of the new year, of the same grade; left out, the one with the name of the old class. */
  classRoom?: string | null | undefined;
  /** The pupil, who studies in a class of the old year. */
  student: StudentRef;
};

/** Reporting period of a school year (kỳ báo cáo). */
export type ReportingPeriod =
  /** Cuối năm học. */
  | 'END'
  /** Giữa năm học. */
  | 'MID'
  /** Đầu năm học. */
  | 'START';

/** Decisions of conflicts at one school. */
export type ResolveConflictsInput = {
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** 1 to 1000 decisions. */
  resolutions: Array<ConflictResolutionInput>;
  /** The school. */
  school: SchoolRef;
};

/** A rollover that is carried out: the plan as it was previewed, and its hash. */
export type RollOverSchoolInput = {
  /** Names of classes that the rule (`6A` to `7A`) does not give. */
  classes?: Array<ClassMappingInput>;
  /** The old school year, as `2026-2027`. */
  fromYear: string;
  /** Last day in the old classes and first in the new ones, after the last day of the old year, not in the future; today when left out. */
  on?: string | null | undefined;
  /** `hash` of the plan that was previewed with the same input. Another plan now: PLAN_STALE. */
  planHash: string;
  /** Who repeats, at most 1000; everybody else is promoted or finishes. No result is looked up. */
  repeaters?: Array<RepeaterInput>;
  /** The school. */
  school: SchoolRef;
  /** The school year that follows it, as `2027-2028`. */
  toYear: string;
};

/** A rollover as it is planned (kết chuyển năm học). */
export type RolloverInput = {
  /** Names of classes that the rule (`6A` to `7A`) does not give. */
  classes?: Array<ClassMappingInput>;
  /** The old school year, as `2026-2027`. */
  fromYear: string;
  /** Who repeats, at most 1000; everybody else is promoted or finishes. No result is looked up. */
  repeaters?: Array<RepeaterInput>;
  /** The school. */
  school: SchoolRef;
  /** The school year that follows it, as `2027-2028`. */
  toYear: string;
};

/** How a rollover stands. */
export type RolloverState =
  /** It was carried out; this is the plan of then. */
  | 'DONE'
  /** Nothing stands against it. */
  | 'READY'
  /** Something stands against it; see `problems`. */
  | 'REFUSED';

/** What a room is for (loại phòng). */
export type RoomKind =
  /** Phòng ở nội trú, bán trú. */
  | 'BOARDING_ROOM'
  /** Phòng học; in a preschool phòng nuôi dưỡng, chăm sóc, giáo dục trẻ. */
  | 'CLASSROOM'
  /** Phòng tin học. */
  | 'COMPUTER_ROOM'
  /** Phòng y tế trường học. */
  | 'HEALTH_ROOM'
  /** Nhà bếp, nhà ăn. */
  | 'KITCHEN'
  /** Thư viện. */
  | 'LIBRARY'
  /** Nhà đa năng. */
  | 'MULTIPURPOSE_HALL'
  /** Phòng hành chính, quản trị. */
  | 'OFFICE'
  /** Phòng khác. */
  | 'OTHER'
  /** Phòng công vụ giáo viên. */
  | 'STAFF_HOUSING'
  /** Phòng học bộ môn, phòng thí nghiệm. */
  | 'SUBJECT_ROOM';

/** Which schools of those open to the caller. */
export type SchoolFilter = {
  /** Codes, at most 1,000; older ones of renamed and merged schools are understood. One that is not open to the caller finds nothing. */
  codes?: Array<string> | null | undefined;
  /** Commune code (mã xã/phường). */
  communeCode?: string | null | undefined;
  /** Whether the calling application has its own id of the record. A person has none. */
  hasExternalId?: boolean | null | undefined;
  /** Schools that hold this level. */
  level?: SchoolLevel | null | undefined;
  /** Ownership (loại hình): 1 công lập, 2 dân lập, 3 tư thục. */
  ownership?: number | null | undefined;
  /** Beginnings of words of the name, in their order, with or without diacritics: `thpt hac`. */
  search?: string | null | undefined;
  /** Changed after this instant; to go on where the last reading ended, send the `updatedAt` of its last record. */
  updatedAfter?: string | null | undefined;
};

/** A school (trường học). Named by id, or by any code it has or had. Codes, levels, validity and who manages are the Sở’s to say. */
export type SchoolInput = {
  /** Address (địa chỉ) within the commune. */
  address: string;
  /** School code (mã trường): 1 to 20 letters, digits, dots or hyphens. */
  code: string;
  /** Commune (mã xã/phường) of the province, list in force since 1/7/2025: `administrativeUnits`. */
  communeCode: string;
  /** Version the caller last saw; 0: it must not exist yet. Another version in store answers CONFLICT with the current record. */
  expectedVersion?: number | null | undefined;
  /** Codes that lead to this school from now on: of schools that went into it, which have closed (`validTo`). */
  formerCodes?: Array<string> | null | undefined;
  /** UUIDv7 of a school that exists, which may so take another code; the old one still leads to it. */
  id?: string | null | undefined;
  /** Levels held (cấp học), at least one. */
  levels: Array<SchoolLevel>;
  /** Hands the school over. Left out for a new one: the Sở manages THPT and GDTX, the commune all others. */
  managedBy?: ManagedByInput | null | undefined;
  /** Name (tên trường). */
  name: string;
  /** Name in English. */
  nameEn?: string | null | undefined;
  /** Ownership (loại hình): 1 công lập, 2 dân lập, 3 tư thục. */
  ownership: number;
  /** First day of the school, as `2026-09-01`. */
  validFrom?: string | null | undefined;
  /** Last day of a school that closes or goes into another; null reopens it. */
  validTo?: string | null | undefined;
};

/** Level of education (cấp học). A school may hold several. */
export type SchoolLevel =
  /** 05 Giáo dục thường xuyên: continuing education. */
  | 'GDTX'
  /** 01 Mầm non: preschool. */
  | 'MN'
  /** 02 Tiểu học: primary, grades 1–5. */
  | 'TH'
  /** 03 Trung học cơ sở: lower secondary, grades 6–9. */
  | 'THCS'
  /** 04 Trung học phổ thông: upper secondary, grades 10–12. */
  | 'THPT';

/** A school: exactly one of id, code, externalId. */
export type SchoolRef = {
  /** School code (mã trường); older codes of merged schools are understood. */
  code?: string | null | undefined;
  /** The calling application’s own id. */
  externalId?: string | null | undefined;
  /** UUIDv7. */
  id?: string | null | undefined;
};

/** One mark (điểm). Its natural key is pupil, kind and ordinal within the batch’s subject and term. */
export type ScoreInput = {
  /** The teacher who enters it (giáo viên bộ môn), assigned to this class, subject and term. */
  enteredBy: StaffRef;
  /** Version the caller last saw; 0: it must not exist yet. Another version in store answers CONFLICT with the current record. */
  expectedVersion?: number | null | undefined;
  /** The calling application’s own id of the mark, at most 255 characters. Kept with an accepted change. */
  externalId?: string | null | undefined;
  /** Kind of mark (loại điểm) that the class’s regulation knows. */
  kind: ScoreKind;
  /** Which mark of its kind (lần), from 1. MIDTERM and FINAL have only the first. */
  ordinal?: number;
  /** Đạt or Chưa đạt of a subject assessed by comment. */
  remark?: ScoreRemark | null | undefined;
  /** The pupil (học sinh), enrolled in the class. */
  student: StudentRef;
  /** Number of a scored subject, 0–10 with at most one decimal: 7.9. 7.25 is refused, not rounded: rounding a paper is the teacher’s act. */
  value?: number | null | undefined;
};

/** Kind of mark (loại điểm). Which kinds a class knows is the matter of its regulation. */
export type ScoreKind =
  /** Kiểm tra 15 phút: a regular mark. */
  | 'FIFTEEN_MINUTE'
  /** Cuối kỳ (ĐĐGck): one a term. */
  | 'FINAL'
  /** Giữa kỳ (ĐĐGgk): one a term. */
  | 'MIDTERM'
  /** Kiểm tra từ 1 tiết trở lên. TT58/2011 only. */
  | 'ONE_PERIOD'
  /** Kiểm tra miệng: a regular mark. */
  | 'ORAL'
  /** Thực hành dưới 1 tiết: a regular mark. */
  | 'PRACTICE'
  /** Đánh giá thường xuyên (ĐĐGtx). TT26/2020, TT22/2021. */
  | 'REGULAR';

/** Mark of a subject assessed by comment (mức đánh giá). TT22/2021, Điều 6, Điều 7. */
export type ScoreRemark =
  /** Chưa đạt. */
  | 'NOT_PASSED'
  /** Đạt. */
  | 'PASSED';

/** Owners of fields at one school. */
export type SetFieldOwnersInput = {
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** 1 to 1000 declarations, one for each group. */
  owners: Array<FieldOwnerInput>;
  /** The school. */
  school: SchoolRef;
};

/** Thresholds of the caller’s authority. */
export type SetFreshnessThresholdsInput = {
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** 1 to 1000 declarations, one for each kind and level. */
  thresholds: Array<FreshnessThresholdInput>;
};

/** Sex (giới tính), national code list. */
export type Sex =
  /** 2 nữ. */
  | 'FEMALE'
  /** 1 nam. */
  | 'MALE'
  /** 0 chưa rõ. */
  | 'UNKNOWN';

/** Which staff of a school, those who left included unless `statuses` leaves them out. */
export type StaffFilter = {
  /** Codes of the Ministry (mã định danh), at most 1,000. */
  codes?: Array<string> | null | undefined;
  /** Whether a teaching assignment (phân công giảng dạy) of theirs is in force. */
  hasAssignment?: boolean | null | undefined;
  /** Whether the calling application has its own id of the record. A person has none. */
  hasExternalId?: boolean | null | undefined;
  /** Any of these positions (chức vụ): PRINCIPAL, DEPUTY, TEACHER … */
  positions?: Array<string> | null | undefined;
  /** Part of a name, with or without diacritics: the last word begins the given name and those before it stand in their order among the family and middle names (`nguyen an`, `van a`), or all of them begin the full name (`nguyen van`). */
  search?: string | null | undefined;
  /** Sex (giới tính). */
  sex?: Sex | null | undefined;
  /** Any of these statuses (trạng thái), list STAFF_STATUS. */
  statuses?: Array<number> | null | undefined;
  /** Changed after this instant; to go on where the last reading ended, send the `updatedAt` of its last record. */
  updatedAfter?: string | null | undefined;
};

/** A member of staff (cán bộ, giáo viên, nhân viên). The natural key is the code within the school. */
export type StaffInput = {
  /** Date of birth (ngày sinh), as `1985-09-05`. */
  birthDate?: string | null | undefined;
  /** Staff code of the Ministry (mã định danh), 10 digits; needed for a new record. */
  code?: string | null | undefined;
  /** Version the caller last saw; 0: it must not exist yet. Another version in store answers CONFLICT with the current record. */
  expectedVersion?: number | null | undefined;
  /** The calling application’s own id, at most 255 characters. Kept even when the record itself is UNCHANGED. */
  externalId?: string | null | undefined;
  /** Full name (họ và tên). */
  fullName: string;
  /** UUIDv7 of a record that exists; left out, the natural key names it. */
  id?: string | null | undefined;
  /** Position (chức vụ): PRINCIPAL, DEPUTY, TEACHER … */
  position: string;
  /** Sex (giới tính). */
  sex: Sex;
  /** Status (trạng thái): 1 đang làm việc, 2 chuyển đến, 3 chuyển đi, 4 điều động, 5 chờ hưu, 6 hưu, 7 biệt phái. With 3 and 6 the office at the school ends the same day. */
  status: number;
};

/** A member of staff: exactly one of id, code, externalId. */
export type StaffRef = {
  /** Staff code of the Ministry (mã định danh). */
  code?: string | null | undefined;
  /** The calling application’s own id. */
  externalId?: string | null | undefined;
  /** UUIDv7. */
  id?: string | null | undefined;
};

/** Which pupils of a school, those who left included unless `statuses` leaves them out. */
export type StudentFilter = {
  /** In this class today; UUIDv7. */
  classRoomId?: string | null | undefined;
  /** Codes of the Ministry (mã định danh), at most 1,000. */
  codes?: Array<string> | null | undefined;
  /** In a class of one of these grades (khối) today. */
  grades?: Array<number> | null | undefined;
  /** Whether they are in a class today. */
  hasClass?: boolean | null | undefined;
  /** Whether the calling application has its own id of the record. A person has none. */
  hasExternalId?: boolean | null | undefined;
  /** In a class of this school year today, as `2026-2027`. */
  schoolYear?: string | null | undefined;
  /** Part of a name, with or without diacritics: the last word begins the given name and those before it stand in their order among the family and middle names (`nguyen an`, `van a`), or all of them begin the full name (`nguyen van`). */
  search?: string | null | undefined;
  /** Sex (giới tính). */
  sex?: Sex | null | undefined;
  /** Any of these statuses (trạng thái). */
  statuses?: Array<StudentStatus> | null | undefined;
  /** Changed after this instant; to go on where the last reading ended, send the `updatedAt` of its last record. */
  updatedAfter?: string | null | undefined;
};

/** A pupil (học sinh). The natural key is the code within the school. An attribute that is not sent stays, null clears it. */
export type StudentInput = {
  /** Address (địa chỉ) within the commune. */
  address?: string | null | undefined;
  /** Day of admission (ngày vào) of a pupil who is admitted with this; today when left out. */
  admittedOn?: string | null | undefined;
  /** Date of birth (ngày sinh), as `2011-09-05`. A day that does not exist refuses this record alone. */
  birthDate: string;
  /** Place of birth (nơi sinh). */
  birthplace?: string | null | undefined;
  /** Boards at the school (nội trú). */
  boarding?: boolean | null | undefined;
  /** Can swim (biết bơi). */
  canSwim?: boolean | null | undefined;
  /** The class that admits the pupil. Who studies in another class is refused: a change of class is an act, `moveStudents`. */
  classRoom?: ClassRoomOfYearRef | null | undefined;
  /** Pupil code of the Ministry (mã định danh), 10 digits; needed for a new record but in grade 1 and preschool, where a temporary one is issued. Sent for a pupil with a temporary code it takes its place. */
  code?: string | null | undefined;
  /** Commune of residence (mã xã/phường), 5 digits, list in force since 1/7/2025. */
  communeCode?: string | null | undefined;
  /** Version the caller last saw; 0: it must not exist yet. Another version in store answers CONFLICT with the current record. */
  expectedVersion?: number | null | undefined;
  /** The calling application’s own id, at most 255 characters. Kept even when the record itself is UNCHANGED. */
  externalId?: string | null | undefined;
  /** Full name (họ và tên). */
  fullName: string;
  /** UUIDv7 of a record that exists; left out, the natural key names it. */
  id?: string | null | undefined;
  /** Nationality (quốc tịch). */
  nationality?: string | null | undefined;
  /** Sensitive data. */
  sensitive?: StudentSensitiveInput | null | undefined;
  /** Sex (giới tính). */
  sex: Sex;
  /** Member of Đội or Đoàn. */
  youthMembership?: YouthMembership | null | undefined;
};

/** Two records of one pupil. */
export type StudentMergeInput = {
  /** The record that lives. It takes over the Ministry’s code if the other one has it, and what it does not say itself. */
  keep: StudentRef;
  /** The record that becomes a former name of it. */
  merge: StudentRef;
  /** Why (lý do), 3 to 1,000 characters. */
  reason: string;
};

/** Where a merge stands. */
export type StudentMergeState =
  /** Đã gộp: the former id and code answer for the record that was kept. */
  | 'MERGED'
  /** Đã tách lại: both records stand again. */
  | 'UNDONE';

/** A pupil: exactly one of id, code, externalId. */
export type StudentRef = {
  /** Pupil code of the Ministry (mã định danh), or a former or temporary one. */
  code?: string | null | undefined;
  /** The calling application’s own id. */
  externalId?: string | null | undefined;
  /** UUIDv7. */
  id?: string | null | undefined;
};

/** Sensitive data of a pupil; needs the scope student.sensitive.write. What is not sent stays, null clears. Law 91/2025/QH15. */
export type StudentSensitiveInput = {
  /** Disability (khuyết tật), in words. */
  disability?: string | null | undefined;
  /** Ethnicity (dân tộc), code of the General Statistics Office, 01–54: list ETHNICITY. */
  ethnicityCode?: string | null | undefined;
  /** Fee relief (miễn, giảm học phí). */
  feeRelief?: FeeRelief | null | undefined;
  /** Personal number (số định danh), 12 digits. One that tells another sex or birth year is a warning. */
  personalNumber?: string | null | undefined;
  /** Policy group (diện chính sách), in words. */
  policyGroup?: string | null | undefined;
  /** Poor household (hộ nghèo). */
  poorHousehold?: HouseholdPoverty | null | undefined;
};

/** Status of a pupil (trạng thái học sinh). */
export type StudentStatus =
  /** Bảo lưu. */
  | 'DEFERRED'
  /** 4 bỏ học. */
  | 'DROPPED_OUT'
  /** Tốt nghiệp. */
  | 'GRADUATED'
  /** 1 đang học. */
  | 'STUDYING'
  /** 3 chuyển khỏi trường. */
  | 'TRANSFERRED_OUT';

/** Who teaches a subject to a class (phân công giảng dạy). The natural key is class, subject, term and teacher. */
export type TeachingAssignmentInput = {
  /** False ends the assignment: it stays in the history and opens nothing. */
  active?: boolean;
  /** The class. */
  classRoom: ClassRoomOfYearRef;
  /** Version the caller last saw; 0: it must not exist yet. Another version in store answers CONFLICT with the current record. */
  expectedVersion?: number | null | undefined;
  /** Day on which it begins or, with `active: false`, ends, as `2026-11-20`; not in the future; today when left out. */
  on?: string | null | undefined;
  /** Code of the subject (môn học), as `TOAN`. */
  subject: string;
  /** The teacher (giáo viên bộ môn), who has not left the school. */
  teacher: StaffRef;
};

/** Which counts of claims; without days those of the last 30. */
export type TransferClaimFilter = {
  /** Of this application alone. */
  applicationId?: string | null | undefined;
  /** From this day on. */
  from?: string | null | undefined;
  /** Up to this day. */
  to?: string | null | undefined;
};

/** Merges of one school that are taken back, of one record the last first. */
export type UndoMergeInput = {
  /** 1 to 1000 merges. */
  merges: Array<UndoneMergeInput>;
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** The school. */
  school: SchoolRef;
};

/** A merge that is taken back. */
export type UndoneMergeInput = {
  /** What came to the kept record since the merge stays with it. Without this a merge with later acts is not undone: MERGE_HAS_LATER_ACTS. */
  laterStays?: boolean;
  /** Id of the merge. */
  merge: string;
  /** Why (lý do), 3 to 1,000 characters. */
  reason: string;
};

/** Campuses of one school. */
export type UpsertCampusesInput = {
  /** 1 to 1000 campuses. */
  campuses: Array<CampusInput>;
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** The school. */
  school: SchoolRef;
};

/** Classes of one school year. */
export type UpsertClassesInput = {
  /** 1 to 1000 classes. */
  classes: Array<ClassRoomInput>;
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** The school. */
  school: SchoolRef;
  /** School year (năm học), as `2026-2027`. */
  schoolYear: string;
};

/** Facilities of one school. */
export type UpsertFacilitiesInput = {
  /** 1 to 1000 reports. */
  facilities: Array<FacilityInput>;
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** The school. */
  school: SchoolRef;
};

/** Guardians of pupils of one school. */
export type UpsertGuardiansInput = {
  /** 1 to 1000 guardians. */
  guardians: Array<GuardianInput>;
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** The school. */
  school: SchoolRef;
};

/** Health records of pupils of one school. */
export type UpsertHealthRecordsInput = {
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** 1 to 1000 records. */
  records: Array<HealthRecordInput>;
  /** The school. */
  school: SchoolRef;
};

/** Schools of the province. */
export type UpsertSchoolsInput = {
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** 1 to 1000 schools. */
  schools: Array<SchoolInput>;
};

/** Staff of one school. */
export type UpsertStaffInput = {
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** The school. */
  school: SchoolRef;
  /** 1 to 1000 members of staff. */
  staff: Array<StaffInput>;
};

/** Pupils of one school; the school year is that of their classes. */
export type UpsertStudentsInput = {
  /** What happens to the good records beside bad ones. */
  mode?: BatchMode;
  /** The school. */
  school: SchoolRef;
  /** School year (năm học), as `2026-2027`. */
  schoolYear: string;
  /** 1 to 1000 pupils. */
  students: Array<StudentInput>;
};

/** Membership of the youth organisations. */
export type YouthMembership =
  /** Chưa là đội viên, đoàn viên. */
  | 'NONE'
  /** Đội viên: Đội Thiếu niên Tiền phong Hồ Chí Minh. */
  | 'PIONEER'
  /** Đoàn viên: Đoàn Thanh niên Cộng sản Hồ Chí Minh. */
  | 'UNION';

export type AssignHomeroomsMutationVariables = Exact<{
  input: AssignHomeroomsInput;
}>;


export type AssignHomeroomsMutation = { assignHomerooms: { summary: { created: number, updated: number, unchanged: number, rejected: number, conflicts: number }, results: Array<{ index: number, status: BatchStatus, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type AssignTeachersMutationVariables = Exact<{
  input: AssignTeachersInput;
}>;


export type AssignTeachersMutation = { assignTeachers: { summary: { created: number, updated: number, unchanged: number, rejected: number, conflicts: number }, results: Array<{ index: number, status: BatchStatus, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type ClaimStudentsMutationVariables = Exact<{
  input: ClaimStudentsInput;
}>;


export type ClaimStudentsMutation = { claimStudents: { summary: { created: number, updated: number, unchanged: number, rejected: number, conflicts: number }, results: Array<{ index: number, status: BatchStatus, entity: { id: string, code: string, fullName: string } | null, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type ClassPageQueryVariables = Exact<{
  classRoom: ClassRoomRef;
}>;


export type ClassPageQuery = { classRoom: { schoolId: string, id: string, name: string, grade: number, school: { name: string } | null, students: Array<{ id: string, code: string, fullName: string, birthDate: string }>, teachingAssignments: Array<{ subject: { code: string, name: string } | null, term: { code: string } | null, teacher: { code: string, fullName: string } | null }> } };

export type ClassMarksQueryVariables = Exact<{
  classRoom: ClassRoomRef;
  term: string;
  subject?: string | null | undefined;
}>;


export type ClassMarksQuery = { classRoom: { id: string, name: string, students: Array<{ code: string, fullName: string, scores: Array<{ kind: ScoreKind, ordinal: number, value: number | null, remark: ScoreRemark | null, version: number }> }> } };

export type ClassResultsQueryVariables = Exact<{
  classRoom: ClassRoomRef;
  term: string;
}>;


export type ClassResultsQuery = { classRoom: { id: string, name: string, students: Array<{ code: string, fullName: string, subjectResults: Array<{ regulationName: string | null, average: number | null, remark: ScoreRemark | null, subject: { code: string }, missing: Array<{ kind: ScoreKind, needed: number, present: number }> }> }> } };

export type CompletenessQueryVariables = Exact<{
  school: SchoolRef;
}>;


export type CompletenessQuery = { school: { id: string, completeness: Array<{ profile: ProfileKind, records: number, complete: number, missing: Array<{ field: string, name: string, records: number }> }> } };

export type IncompleteRecordsQueryVariables = Exact<{
  school: SchoolRef;
  profile: ProfileKind;
  field?: string | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type IncompleteRecordsQuery = { school: { id: string, incompleteRecords: { nodes: Array<{ id: string, key: string, missing: Array<string> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } };

export type ConflictsQueryVariables = Exact<{
  school: SchoolRef;
  state?: ConflictState;
  first?: number;
  after?: string | null | undefined;
}>;


export type ConflictsQuery = { conflicts: { nodes: Array<{ id: string, group: FieldGroup, field: string, recordId: string, naturalKey: string, currentValue: string | null, proposedValue: string | null, proposedAt: string, state: ConflictState, version: number, proposedBy: { id: string, name: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type DismissIdentityMatchesMutationVariables = Exact<{
  input: DismissIdentityMatchesInput;
}>;


export type DismissIdentityMatchesMutation = { dismissIdentityMatches: { summary: { updated: number, unchanged: number, rejected: number }, results: Array<{ index: number, status: BatchStatus, entity: { id: string, state: IdentityMatchState, version: number } | null, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type RegisterDocumentsMutationVariables = Exact<{
  input: RegisterDocumentsInput;
}>;


export type RegisterDocumentsMutation = { registerDocuments: { summary: { created: number, updated: number, unchanged: number, rejected: number }, results: Array<{ index: number, status: BatchStatus, entity: { documentId: string, operationNames: Array<string>, neededScopes: Array<string>, depth: number, cost: number | null } | null, errors: Array<{ code: string, message: string, messageVi: string }> }> } };

export type RetireDocumentsMutationVariables = Exact<{
  application: ApplicationRef;
  documentIds: Array<string> | string;
  reason: string;
}>;


export type RetireDocumentsMutation = { retireDocuments: number };

export type SetDocumentModeMutationVariables = Exact<{
  application: ApplicationRef;
  mode: DocumentMode;
  reason: string;
}>;


export type SetDocumentModeMutation = { setDocumentMode: { code: string, documentMode: DocumentMode | null } };

export type KnownDocumentsQueryVariables = Exact<{
  application: ApplicationRef;
  first?: number;
  after?: string | null | undefined;
}>;


export type KnownDocumentsQuery = { knownDocuments: { nodes: Array<{ documentId: string, operationNames: Array<string>, origin: DocumentOrigin, neededScopes: Array<string>, uses: number, lastUsedAt: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type UnknownDocumentsQueryVariables = Exact<{
  application: ApplicationRef;
  first?: number;
  after?: string | null | undefined;
}>;


export type UnknownDocumentsQuery = { unknownDocuments: { nodes: Array<{ documentId: string, operationName: string | null, timesSeen: number, lastSeenAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ExplainAccessQueryVariables = Exact<{
  document: string;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type ExplainAccessQuery = { explainAccess: { operationName: string | null, operationKind: OperationKind | null, operationClass: OperationClass | null, allowed: boolean, depth: number | null, consentsNeeded: boolean, typesRestingOnConsent: Array<string>, cost: { requested: number | null, maximum: number }, budget: { maximumAvailable: number, currentlyAvailable: number, restoreRate: number } | null, fields: Array<{ coordinate: string, requiredScopes: Array<Array<string>> }>, scopes: Array<{ held: boolean, missingBecause: MissingScopeReason | null, openSchools: number | null, scope: { name: string, nameVi: string } }>, schools: { nodes: Array<{ agreementIds: Array<string>, open: boolean, school: { id: string }, missingScopes: Array<{ name: string }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, faults: Array<{ code: string, message: string, messageVi: string, at: string | null }> } };

export type FieldOwnersQueryVariables = Exact<{
  school: SchoolRef;
}>;


export type FieldOwnersQuery = { fieldOwners: Array<{ group: FieldGroup, basis: OwnershipBasis | null, validFrom: string | null, reason: string | null, application: { id: string, name: string } | null }> };

export type FreshnessQueryVariables = Exact<{
  school: SchoolRef;
}>;


export type FreshnessQuery = { school: { id: string, freshness: Array<{ kind: RecordKind, state: FreshnessState | null, dueWithinDays: number | null, lastConfirmedAt: string | null, lastChangedAt: string | null, lastChangedBy: { id: string, name: string } | null, applications: Array<{ lastConfirmedAt: string | null, application: { id: string } | null, confirmed: { today: number, last7Days: number, last30Days: number } }> }> } };

export type OverdueSchoolsQueryVariables = Exact<{
  kinds?: Array<RecordKind> | RecordKind | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type OverdueSchoolsQuery = { dataFreshness: { unitName: string, asOf: string, schools: number, counts: Array<{ kind: RecordKind, fresh: number, overdue: number, never: number, undeclared: number }> }, schoolFreshness: { nodes: Array<{ schoolName: string, kind: RecordKind, state: FreshnessState | null, dueWithinDays: number | null, lastConfirmedAt: string | null, lastChangedBy: { id: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type SetFreshnessThresholdsMutationVariables = Exact<{
  input: SetFreshnessThresholdsInput;
}>;


export type SetFreshnessThresholdsMutation = { setFreshnessThresholds: { summary: { created: number, updated: number, unchanged: number, rejected: number, conflicts: number }, results: Array<{ index: number, status: BatchStatus, entity: { id: string, kind: RecordKind, level: SchoolLevel, days: number, validFrom: string } | null, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type IdentityMatchesQueryVariables = Exact<{
  school: SchoolRef;
  state?: IdentityMatchState;
  first?: number;
  after?: string | null | undefined;
}>;


export type IdentityMatchesQuery = { identityMatches: { nodes: Array<{ id: string, score: number, reasons: Array<IdentityReason>, state: IdentityMatchState, foundAt: string, version: number, landed: { id: string, code: string, fullName: string, birthDate: string } | null, candidate: { id: string, code: string, fullName: string, birthDate: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type MergeStudentsMutationVariables = Exact<{
  input: MergeStudentsInput;
}>;


export type MergeStudentsMutation = { mergeStudents: { summary: { created: number, updated: number, unchanged: number, rejected: number }, results: Array<{ index: number, status: BatchStatus, entity: { id: string, mergedId: string, mergedCode: string, state: StudentMergeState, kept: { id: string, code: string } | null } | null, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type MoveStudentsMutationVariables = Exact<{
  input: MoveStudentsInput;
}>;


export type MoveStudentsMutation = { moveStudents: { summary: { created: number, updated: number, unchanged: number, rejected: number, conflicts: number }, results: Array<{ index: number, status: BatchStatus, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type PreviewRolloverQueryVariables = Exact<{
  input: RolloverInput;
}>;


export type PreviewRolloverQuery = { previewRollover: { state: RolloverState, hash: string, summary: { promoted: number, repeated: number, graduated: number, present: number, newClasses: number }, classes: Array<{ name: string, grade: number, isNew: boolean, size: number }>, problems: Array<{ code: string, path: string, count: number, message: string, messageVi: string }>, warnings: Array<{ code: string, path: string, count: number, message: string, messageVi: string }> } };

export type RecordLeavingMutationVariables = Exact<{
  input: RecordLeavingInput;
}>;


export type RecordLeavingMutation = { recordLeaving: { summary: { created: number, updated: number, unchanged: number, rejected: number, conflicts: number }, results: Array<{ index: number, status: BatchStatus, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type RecordScoresMutationVariables = Exact<{
  input: RecordScoresInput;
}>;


export type RecordScoresMutation = { recordScores: { summary: { created: number, updated: number, unchanged: number, rejected: number, conflicts: number }, results: Array<{ index: number, status: BatchStatus, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }>, rootCauses: Array<{ code: string, about: string | null, message: string, blocks: number }> } };

export type ReleaseStudentsMutationVariables = Exact<{
  input: ReleaseStudentsInput;
}>;


export type ReleaseStudentsMutation = { releaseStudents: { summary: { created: number, updated: number, unchanged: number, rejected: number, conflicts: number }, results: Array<{ index: number, status: BatchStatus, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type ContactBookReportQueryVariables = Exact<{
  month: string;
}>;


export type ContactBookReportQuery = { contactBookReport: { unitName: string, title: string, dueOn: string | null, signatureTitle: string, rows: Array<{ ordinal: number, schoolName: string, levels: string, deployed: boolean, providerName: string | null, registeredStudents: number, feePerStudentPerMonth: number | null, messagesPerSubscriberPerMonth: number | null, usesSmsBrandname: boolean | null }>, totals: { schools: number, schoolsDeployed: number, registeredStudents: number } } };

export type SoftwareInUseQueryVariables = Exact<{ [key: string]: never; }>;


export type SoftwareInUseQuery = { softwareInUse: { unitName: string, asOf: string, rows: Array<{ ordinal: number, schoolName: string, products: Array<{ kind: ApplicationKind, productName: string, vendorName: string }> }>, adoption: Array<{ kind: ApplicationKind, schoolsWith: number, schoolsTotal: number, percentTenths: number }> } };

export type ResolveConflictsMutationVariables = Exact<{
  input: ResolveConflictsInput;
}>;


export type ResolveConflictsMutation = { resolveConflicts: { summary: { updated: number, unchanged: number, rejected: number, conflicts: number }, results: Array<{ index: number, status: BatchStatus, entity: { id: string, state: ConflictState, version: number } | null, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type RollOverSchoolMutationVariables = Exact<{
  input: RollOverSchoolInput;
}>;


export type RollOverSchoolMutation = { rollOverSchool: { status: BatchStatus, plan: { state: RolloverState, hash: string, summary: { promoted: number, repeated: number, graduated: number, present: number, newClasses: number } } } };

export type StudentsQueryVariables = Exact<{
  school: SchoolRef;
  filter?: StudentFilter | null | undefined;
  orderBy?: PersonOrder | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type StudentsQuery = { students: { nodes: Array<{ id: string, code: string, fullName: string, sex: Sex, birthDate: string, status: StudentStatus, updatedAt: string, classRoom: { id: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type StaffOfSchoolQueryVariables = Exact<{
  school: SchoolRef;
  filter?: StaffFilter | null | undefined;
  orderBy?: PersonOrder | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type StaffOfSchoolQuery = { staff: { nodes: Array<{ id: string, code: string, fullName: string, position: string, status: number, updatedAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ClassRoomsQueryVariables = Exact<{
  school: SchoolRef;
  filter?: ClassRoomFilter | null | undefined;
  orderBy?: ClassRoomOrder | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type ClassRoomsQuery = { classRooms: { nodes: Array<{ id: string, name: string, grade: number, updatedAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type SchoolsQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
  filter?: SchoolFilter | null | undefined;
}>;


export type SchoolsQuery = { schools: { nodes: Array<{ id: string, code: string, name: string, levels: Array<SchoolLevel> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type SchoolQueryVariables = Exact<{
  school: SchoolRef;
}>;


export type SchoolQuery = { school: { id: string, code: string, name: string } };

export type ClassesQueryVariables = Exact<{
  school: SchoolRef;
  filter?: ClassRoomFilter | null | undefined;
}>;


export type ClassesQuery = { school: { id: string, name: string, classRooms: { nodes: Array<{ id: string, name: string, grade: number }> } } };

export type SetFieldOwnersMutationVariables = Exact<{
  input: SetFieldOwnersInput;
}>;


export type SetFieldOwnersMutation = { setFieldOwners: { summary: { created: number, updated: number, unchanged: number, rejected: number }, results: Array<{ index: number, status: BatchStatus, entity: { group: FieldGroup, basis: OwnershipBasis | null, validFrom: string | null } | null, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type StudentMergesQueryVariables = Exact<{
  school: SchoolRef;
  first?: number;
  after?: string | null | undefined;
}>;


export type StudentMergesQuery = { studentMerges: { nodes: Array<{ id: string, mergedId: string, mergedCode: string, state: StudentMergeState, reason: string, mergedAt: string, undoneAt: string | null, kept: { id: string, code: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type TransferClaimsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: TransferClaimFilter | null | undefined;
}>;


export type TransferClaimsQuery = { transferClaims: { nodes: Array<{ schoolCode: string, day: string, asked: number, matched: number, taken: number, refused: number, application: { code: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type UndoMergeMutationVariables = Exact<{
  input: UndoMergeInput;
}>;


export type UndoMergeMutation = { undoMerge: { summary: { created: number, updated: number, unchanged: number, rejected: number }, results: Array<{ index: number, status: BatchStatus, entity: { id: string, mergedId: string, mergedCode: string, state: StudentMergeState, kept: { id: string, code: string } | null } | null, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type UpsertCampusesMutationVariables = Exact<{
  input: UpsertCampusesInput;
}>;


export type UpsertCampusesMutation = { upsertCampuses: { summary: { created: number, updated: number, unchanged: number, rejected: number, conflicts: number }, results: Array<{ index: number, status: BatchStatus, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type UpsertClassesMutationVariables = Exact<{
  input: UpsertClassesInput;
}>;


export type UpsertClassesMutation = { upsertClasses: { summary: { created: number, updated: number, unchanged: number, rejected: number, conflicts: number }, results: Array<{ index: number, status: BatchStatus, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type UpsertFacilitiesMutationVariables = Exact<{
  input: UpsertFacilitiesInput;
}>;


export type UpsertFacilitiesMutation = { upsertFacilities: { summary: { created: number, updated: number, unchanged: number, rejected: number, conflicts: number }, results: Array<{ index: number, status: BatchStatus, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type UpsertGuardiansMutationVariables = Exact<{
  input: UpsertGuardiansInput;
}>;


export type UpsertGuardiansMutation = { upsertGuardians: { summary: { created: number, updated: number, unchanged: number, rejected: number, conflicts: number }, results: Array<{ index: number, status: BatchStatus, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type UpsertHealthRecordsMutationVariables = Exact<{
  input: UpsertHealthRecordsInput;
}>;


export type UpsertHealthRecordsMutation = { upsertHealthRecords: { summary: { created: number, updated: number, unchanged: number, rejected: number, conflicts: number }, results: Array<{ index: number, status: BatchStatus, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type UpsertSchoolsMutationVariables = Exact<{
  input: UpsertSchoolsInput;
}>;


export type UpsertSchoolsMutation = { upsertSchools: { summary: { created: number, updated: number, unchanged: number, rejected: number, conflicts: number }, results: Array<{ index: number, status: BatchStatus, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type UpsertStaffMutationVariables = Exact<{
  input: UpsertStaffInput;
}>;


export type UpsertStaffMutation = { upsertStaff: { summary: { created: number, updated: number, unchanged: number, rejected: number, conflicts: number }, results: Array<{ index: number, status: BatchStatus, errors: Array<{ code: string, path: string, message: string, messageVi: string }> }> } };

export type UpsertStudentsMutationVariables = Exact<{
  input: UpsertStudentsInput;
}>;


export type UpsertStudentsMutation = { upsertStudents: { summary: { created: number, updated: number, unchanged: number, rejected: number, conflicts: number }, results: Array<{ index: number, status: BatchStatus, entity: { id: string, code: string, version: number } | null, errors: Array<{ code: string, path: string, message: string, messageVi: string }>, warnings: Array<{ code: string, path: string, messageVi: string }> }>, rootCauses: Array<{ code: string, about: string | null, message: string, blocks: number }> } };

export type WhoAmIQueryVariables = Exact<{ [key: string]: never; }>;


export type WhoAmIQuery = { viewer: { kind: PartyKind, displayName: string, environment: AccessEnvironment, scopes: Array<{ name: string }> } };

export type WhoReadWhatQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
  filter?: AuditFilter | null | undefined;
}>;


export type WhoReadWhatQuery = { auditEvents: { nodes: Array<{ at: string, kind: AuditKind, partyName: string, operationName: string | null, operationKind: string, fields: Array<string>, studentCount: number, outcome: AuditOutcome, errorCodes: Array<string>, schools: Array<{ id: string }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const AssignHomeroomsDocument = new TypedDocumentString(`
    mutation AssignHomerooms($input: AssignHomeroomsInput!) {
  assignHomerooms(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
      conflicts
    }
    results {
      index
      status
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:9b394b3f0413480b55bce272c80813ca786b111238cbc9b36aca6ca0c2c72143"}) as unknown as TypedDocumentString<AssignHomeroomsMutation, AssignHomeroomsMutationVariables>;
export const AssignTeachersDocument = new TypedDocumentString(`
    mutation AssignTeachers($input: AssignTeachersInput!) {
  assignTeachers(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
      conflicts
    }
    results {
      index
      status
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:1befb560ab9ad82a97e104ec2c806f2fc22c7323632ca4dc590f96e2ada2ed97"}) as unknown as TypedDocumentString<AssignTeachersMutation, AssignTeachersMutationVariables>;
export const ClaimStudentsDocument = new TypedDocumentString(`
    mutation ClaimStudents($input: ClaimStudentsInput!) {
  claimStudents(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
      conflicts
    }
    results {
      index
      status
      entity {
        id
        code
        fullName
      }
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:f9fb61ef226ce1b200064c1991bddf02884c09b47807b8b9bc4cb16817deb965"}) as unknown as TypedDocumentString<ClaimStudentsMutation, ClaimStudentsMutationVariables>;
export const ClassPageDocument = new TypedDocumentString(`
    query ClassPage($classRoom: ClassRoomRef!) {
  classRoom(ref: $classRoom) {
    schoolId
    id
    name
    grade
    school {
      name
    }
    students {
      id
      code
      fullName
      birthDate
    }
    teachingAssignments {
      subject {
        code
        name
      }
      term {
        code
      }
      teacher {
        code
        fullName
      }
    }
  }
}
    `, {"hash":"sha256:16267495e29abcb3db03b1e35b0c559e891ae6b724d84e627c2a41943bccb58f"}) as unknown as TypedDocumentString<ClassPageQuery, ClassPageQueryVariables>;
export const ClassMarksDocument = new TypedDocumentString(`
    query ClassMarks($classRoom: ClassRoomRef!, $term: String!, $subject: String) {
  classRoom(ref: $classRoom) {
    id
    name
    students {
      code
      fullName
      scores(term: $term, subject: $subject) {
        kind
        ordinal
        value
        remark
        version
      }
    }
  }
}
    `, {"hash":"sha256:27b38f72fbcfe37c4aa6f44e083be3cca9bdeda6f139862fd58d0b6f69dd3dfb"}) as unknown as TypedDocumentString<ClassMarksQuery, ClassMarksQueryVariables>;
export const ClassResultsDocument = new TypedDocumentString(`
    query ClassResults($classRoom: ClassRoomRef!, $term: String!) {
  classRoom(ref: $classRoom) {
    id
    name
    students {
      code
      fullName
      subjectResults(term: $term) {
        subject {
          code
        }
        regulationName
        average
        remark
        missing {
          kind
          needed
          present
        }
      }
    }
  }
}
    `, {"hash":"sha256:e0b737041fad1015e6ceea50497e00f712688d51cd0bc22642cc51d30692b4f1"}) as unknown as TypedDocumentString<ClassResultsQuery, ClassResultsQueryVariables>;
export const CompletenessDocument = new TypedDocumentString(`
    query Completeness($school: SchoolRef!) {
  school(ref: $school) {
    id
    completeness {
      profile
      records
      complete
      missing {
        field
        name
        records
      }
    }
  }
}
    `, {"hash":"sha256:df440f72d773252b3fa53d1f06e161735ad7017b655d1abc91901c35ce632a19"}) as unknown as TypedDocumentString<CompletenessQuery, CompletenessQueryVariables>;
export const IncompleteRecordsDocument = new TypedDocumentString(`
    query IncompleteRecords($school: SchoolRef!, $profile: ProfileKind!, $field: String, $first: Int! = 100, $after: String) {
  school(ref: $school) {
    id
    incompleteRecords(
      profile: $profile
      field: $field
      first: $first
      after: $after
    ) {
      nodes {
        id
        key
        missing
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `, {"hash":"sha256:8cfc1f17ede71a76239e3b96e2f269394755a6244890ef2b2aab202abf71e5fa"}) as unknown as TypedDocumentString<IncompleteRecordsQuery, IncompleteRecordsQueryVariables>;
export const ConflictsDocument = new TypedDocumentString(`
    query Conflicts($school: SchoolRef!, $state: ConflictState! = OPEN, $first: Int! = 50, $after: String) {
  conflicts(school: $school, state: $state, first: $first, after: $after) {
    nodes {
      id
      group
      field
      recordId
      naturalKey
      currentValue
      proposedValue
      proposedBy {
        id
        name
      }
      proposedAt
      state
      version
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:132d1bfd9e656dce39d88c2bd502c931dc809d519d10d7b31c675aefcc08369c"}) as unknown as TypedDocumentString<ConflictsQuery, ConflictsQueryVariables>;
export const DismissIdentityMatchesDocument = new TypedDocumentString(`
    mutation DismissIdentityMatches($input: DismissIdentityMatchesInput!) {
  dismissIdentityMatches(input: $input) {
    summary {
      updated
      unchanged
      rejected
    }
    results {
      index
      status
      entity {
        id
        state
        version
      }
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:2359e0489b2afbf50660a27713abf75714ebe355292d72fda725223e80af15cb"}) as unknown as TypedDocumentString<DismissIdentityMatchesMutation, DismissIdentityMatchesMutationVariables>;
export const RegisterDocumentsDocument = new TypedDocumentString(`
    mutation RegisterDocuments($input: RegisterDocumentsInput!) {
  registerDocuments(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
    }
    results {
      index
      status
      entity {
        documentId
        operationNames
        neededScopes
        depth
        cost
      }
      errors {
        code
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:a714c192d89de1cd061b1b47afd8d73baf28990a69031754b359383c575b7eb4"}) as unknown as TypedDocumentString<RegisterDocumentsMutation, RegisterDocumentsMutationVariables>;
export const RetireDocumentsDocument = new TypedDocumentString(`
    mutation RetireDocuments($application: ApplicationRef!, $documentIds: [String!]!, $reason: String!) {
  retireDocuments(
    application: $application
    documentIds: $documentIds
    reason: $reason
  )
}
    `, {"hash":"sha256:529e71816956a2561a82913811c3dad3ecc53a14b4084a9908379cd431bc6e07"}) as unknown as TypedDocumentString<RetireDocumentsMutation, RetireDocumentsMutationVariables>;
export const SetDocumentModeDocument = new TypedDocumentString(`
    mutation SetDocumentMode($application: ApplicationRef!, $mode: DocumentMode!, $reason: String!) {
  setDocumentMode(application: $application, mode: $mode, reason: $reason) {
    code
    documentMode
  }
}
    `, {"hash":"sha256:2e4e5bd2f3ce5480068234ff896e5021d5b0864e176bb56af45ec345c1d7850e"}) as unknown as TypedDocumentString<SetDocumentModeMutation, SetDocumentModeMutationVariables>;
export const KnownDocumentsDocument = new TypedDocumentString(`
    query KnownDocuments($application: ApplicationRef!, $first: Int! = 200, $after: String) {
  knownDocuments(application: $application, first: $first, after: $after) {
    nodes {
      documentId
      operationNames
      origin
      neededScopes
      uses
      lastUsedAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:c60de492e45a8d999c1c12a3a3e984319dab0a1e14349e8af0fbf96b3f777324"}) as unknown as TypedDocumentString<KnownDocumentsQuery, KnownDocumentsQueryVariables>;
export const UnknownDocumentsDocument = new TypedDocumentString(`
    query UnknownDocuments($application: ApplicationRef!, $first: Int! = 200, $after: String) {
  unknownDocuments(application: $application, first: $first, after: $after) {
    nodes {
      documentId
      operationName
      timesSeen
      lastSeenAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:52ce46f0bec1d39727b10f2934792ff0aeff558092bb854dd020e18bc0c4774b"}) as unknown as TypedDocumentString<UnknownDocumentsQuery, UnknownDocumentsQueryVariables>;
export const ExplainAccessDocument = new TypedDocumentString(`
    query ExplainAccess($document: String!, $operationName: String, $variables: JSONObject, $first: Int! = 50, $after: String) {
  explainAccess(
    document: $document
    operationName: $operationName
    variables: $variables
  ) {
    operationName
    operationKind
    operationClass
    allowed
    depth
    cost {
      requested
      maximum
    }
    budget {
      maximumAvailable
      currentlyAvailable
      restoreRate
    }
    fields {
      coordinate
      requiredScopes
    }
    scopes {
      scope {
        name
        nameVi
      }
      held
      missingBecause
      openSchools
    }
    schools(first: $first, after: $after) {
      nodes {
        school {
          id
        }
        agreementIds
        open
        missingScopes {
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
    consentsNeeded
    typesRestingOnConsent
    faults {
      code
      message
      messageVi
      at
    }
  }
}
    `, {"hash":"sha256:cff5322093f3cbc0680557540b22ba1a2f3f9381ed2b5827d9ecce7434acf73c"}) as unknown as TypedDocumentString<ExplainAccessQuery, ExplainAccessQueryVariables>;
export const FieldOwnersDocument = new TypedDocumentString(`
    query FieldOwners($school: SchoolRef!) {
  fieldOwners(school: $school) {
    group
    basis
    application {
      id
      name
    }
    validFrom
    reason
  }
}
    `, {"hash":"sha256:ed81144a744450b3f8aec2e5401c4ce6b13250f24d0c883ed96562669eea7024"}) as unknown as TypedDocumentString<FieldOwnersQuery, FieldOwnersQueryVariables>;
export const FreshnessDocument = new TypedDocumentString(`
    query Freshness($school: SchoolRef!) {
  school(ref: $school) {
    id
    freshness {
      kind
      state
      dueWithinDays
      lastConfirmedAt
      lastChangedAt
      lastChangedBy {
        id
        name
      }
      applications {
        application {
          id
        }
        lastConfirmedAt
        confirmed {
          today
          last7Days
          last30Days
        }
      }
    }
  }
}
    `, {"hash":"sha256:908790f036dca091bb1357ef6d1a99e0fa24e15b5dedcc62897fc414b605cb24"}) as unknown as TypedDocumentString<FreshnessQuery, FreshnessQueryVariables>;
export const OverdueSchoolsDocument = new TypedDocumentString(`
    query OverdueSchools($kinds: [RecordKind!], $first: Int! = 100, $after: String) {
  dataFreshness {
    unitName
    asOf
    schools
    counts {
      kind
      fresh
      overdue
      never
      undeclared
    }
  }
  schoolFreshness(
    kinds: $kinds
    states: [NEVER, OVERDUE]
    first: $first
    after: $after
  ) {
    nodes {
      schoolName
      kind
      state
      dueWithinDays
      lastConfirmedAt
      lastChangedBy {
        id
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:2001fb5a11784975d714b77b1d587b8e9dffb4128d68b16bb4797c81e6d6c0b6"}) as unknown as TypedDocumentString<OverdueSchoolsQuery, OverdueSchoolsQueryVariables>;
export const SetFreshnessThresholdsDocument = new TypedDocumentString(`
    mutation SetFreshnessThresholds($input: SetFreshnessThresholdsInput!) {
  setFreshnessThresholds(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
      conflicts
    }
    results {
      index
      status
      entity {
        id
        kind
        level
        days
        validFrom
      }
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:719d3d20c5b284d2ca3d7a5150a210827c01afa06a388e3eee03a53404ce0f72"}) as unknown as TypedDocumentString<SetFreshnessThresholdsMutation, SetFreshnessThresholdsMutationVariables>;
export const IdentityMatchesDocument = new TypedDocumentString(`
    query IdentityMatches($school: SchoolRef!, $state: IdentityMatchState! = OPEN, $first: Int! = 50, $after: String) {
  identityMatches(school: $school, state: $state, first: $first, after: $after) {
    nodes {
      id
      score
      reasons
      state
      foundAt
      version
      landed {
        id
        code
        fullName
        birthDate
      }
      candidate {
        id
        code
        fullName
        birthDate
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:6c07ff14a76ee18a4877f6daa5ef1aea091a2a931dbf5f932b1072fd67cbf532"}) as unknown as TypedDocumentString<IdentityMatchesQuery, IdentityMatchesQueryVariables>;
export const MergeStudentsDocument = new TypedDocumentString(`
    mutation MergeStudents($input: MergeStudentsInput!) {
  mergeStudents(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
    }
    results {
      index
      status
      entity {
        id
        mergedId
        mergedCode
        state
        kept {
          id
          code
        }
      }
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:9a5086714047067787f934afc9d19f67a1e73f5266f5cd7597231306353e1f1d"}) as unknown as TypedDocumentString<MergeStudentsMutation, MergeStudentsMutationVariables>;
export const MoveStudentsDocument = new TypedDocumentString(`
    mutation MoveStudents($input: MoveStudentsInput!) {
  moveStudents(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
      conflicts
    }
    results {
      index
      status
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:786a0eecf8c317430fe7db65f275f13a0fd5a14997307f37a35040614efaf258"}) as unknown as TypedDocumentString<MoveStudentsMutation, MoveStudentsMutationVariables>;
export const PreviewRolloverDocument = new TypedDocumentString(`
    query PreviewRollover($input: RolloverInput!) {
  previewRollover(input: $input) {
    state
    hash
    summary {
      promoted
      repeated
      graduated
      present
      newClasses
    }
    classes {
      name
      grade
      isNew
      size
    }
    problems {
      code
      path
      count
      message
      messageVi
    }
    warnings {
      code
      path
      count
      message
      messageVi
    }
  }
}
    `, {"hash":"sha256:88c14c95c139d083077a013b633037db37e0bd6dd8e009601baf9bc67a189a2a"}) as unknown as TypedDocumentString<PreviewRolloverQuery, PreviewRolloverQueryVariables>;
export const RecordLeavingDocument = new TypedDocumentString(`
    mutation RecordLeaving($input: RecordLeavingInput!) {
  recordLeaving(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
      conflicts
    }
    results {
      index
      status
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:a8656c7fb29d3b919f93a5d974bd934416bf27c7afaa38892443251b2507f4de"}) as unknown as TypedDocumentString<RecordLeavingMutation, RecordLeavingMutationVariables>;
export const RecordScoresDocument = new TypedDocumentString(`
    mutation RecordScores($input: RecordScoresInput!) {
  recordScores(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
      conflicts
    }
    results {
      index
      status
      errors {
        code
        path
        message
        messageVi
      }
    }
    rootCauses {
      code
      about
      message
      blocks
    }
  }
}
    `, {"hash":"sha256:785f2a4438afb1c97d6dfabedf117275c327d5b65c5fe5b0db24286580fc4526"}) as unknown as TypedDocumentString<RecordScoresMutation, RecordScoresMutationVariables>;
export const ReleaseStudentsDocument = new TypedDocumentString(`
    mutation ReleaseStudents($input: ReleaseStudentsInput!) {
  releaseStudents(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
      conflicts
    }
    results {
      index
      status
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:03b5c5b1df49c8e84e8c13bcbc91794094a50c3c10af38ed090f4570f730ef1b"}) as unknown as TypedDocumentString<ReleaseStudentsMutation, ReleaseStudentsMutationVariables>;
export const ContactBookReportDocument = new TypedDocumentString(`
    query ContactBookReport($month: String!) {
  contactBookReport(month: $month) {
    unitName
    title
    dueOn
    rows {
      ordinal
      schoolName
      levels
      deployed
      providerName
      registeredStudents
      feePerStudentPerMonth
      messagesPerSubscriberPerMonth
      usesSmsBrandname
    }
    totals {
      schools
      schoolsDeployed
      registeredStudents
    }
    signatureTitle
  }
}
    `, {"hash":"sha256:68ddcf0ce0febbe71a96e6cc044a751311be0a1acfab5fe5792d5b36720ce742"}) as unknown as TypedDocumentString<ContactBookReportQuery, ContactBookReportQueryVariables>;
export const SoftwareInUseDocument = new TypedDocumentString(`
    query SoftwareInUse {
  softwareInUse {
    unitName
    asOf
    rows {
      ordinal
      schoolName
      products {
        kind
        productName
        vendorName
      }
    }
    adoption {
      kind
      schoolsWith
      schoolsTotal
      percentTenths
    }
  }
}
    `, {"hash":"sha256:e6f76c9a4b0899578a66115b42e95a1582044839480809365810f8b02f8ebf5e"}) as unknown as TypedDocumentString<SoftwareInUseQuery, SoftwareInUseQueryVariables>;
export const ResolveConflictsDocument = new TypedDocumentString(`
    mutation ResolveConflicts($input: ResolveConflictsInput!) {
  resolveConflicts(input: $input) {
    summary {
      updated
      unchanged
      rejected
      conflicts
    }
    results {
      index
      status
      entity {
        id
        state
        version
      }
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:da917819db23f040a398814ecddc8155f0f7a92a6e0ee0b9931cfaccbe42fa12"}) as unknown as TypedDocumentString<ResolveConflictsMutation, ResolveConflictsMutationVariables>;
export const RollOverSchoolDocument = new TypedDocumentString(`
    mutation RollOverSchool($input: RollOverSchoolInput!) {
  rollOverSchool(input: $input) {
    status
    plan {
      state
      hash
      summary {
        promoted
        repeated
        graduated
        present
        newClasses
      }
    }
  }
}
    `, {"hash":"sha256:9e9170d076301e4a38486a73b2ec1c684f3f43e31f2d24659f91d17245da791c"}) as unknown as TypedDocumentString<RollOverSchoolMutation, RollOverSchoolMutationVariables>;
export const StudentsDocument = new TypedDocumentString(`
    query Students($school: SchoolRef!, $filter: StudentFilter, $orderBy: PersonOrder = NAME, $first: Int! = 100, $after: String) {
  students(
    school: $school
    filter: $filter
    orderBy: $orderBy
    first: $first
    after: $after
  ) {
    nodes {
      id
      code
      fullName
      sex
      birthDate
      status
      updatedAt
      classRoom {
        id
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:995005e818e5d88fbbb901fef7a7f6130aa573c18b60e5de56e4779d3472de2c"}) as unknown as TypedDocumentString<StudentsQuery, StudentsQueryVariables>;
export const StaffOfSchoolDocument = new TypedDocumentString(`
    query StaffOfSchool($school: SchoolRef!, $filter: StaffFilter, $orderBy: PersonOrder = NAME, $first: Int! = 100, $after: String) {
  staff(
    school: $school
    filter: $filter
    orderBy: $orderBy
    first: $first
    after: $after
  ) {
    nodes {
      id
      code
      fullName
      position
      status
      updatedAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:d6d37487185875e659656399f5e41a1baa9529f615ecb727474ab9b3413e96b0"}) as unknown as TypedDocumentString<StaffOfSchoolQuery, StaffOfSchoolQueryVariables>;
export const ClassRoomsDocument = new TypedDocumentString(`
    query ClassRooms($school: SchoolRef!, $filter: ClassRoomFilter, $orderBy: ClassRoomOrder = GRADE_AND_NAME, $first: Int! = 100, $after: String) {
  classRooms(
    school: $school
    filter: $filter
    orderBy: $orderBy
    first: $first
    after: $after
  ) {
    nodes {
      id
      name
      grade
      updatedAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:02e3ec1d0dc51cb935c440b8678bfc00428b384714bd967efe4d717765eb5f1f"}) as unknown as TypedDocumentString<ClassRoomsQuery, ClassRoomsQueryVariables>;
export const SchoolsDocument = new TypedDocumentString(`
    query Schools($first: Int! = 50, $after: String, $filter: SchoolFilter) {
  schools(first: $first, after: $after, filter: $filter) {
    nodes {
      id
      code
      name
      levels
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:b26c7984f7b714b356e72f6c754736689e5ef8b74cd5dc49169a34efae8d5b79"}) as unknown as TypedDocumentString<SchoolsQuery, SchoolsQueryVariables>;
export const SchoolDocument = new TypedDocumentString(`
    query School($school: SchoolRef!) {
  school(ref: $school) {
    id
    code
    name
  }
}
    `, {"hash":"sha256:9533b5c83269c572171e2140a7d7f91b218cef7d5983bba4643bdafea4c1d507"}) as unknown as TypedDocumentString<SchoolQuery, SchoolQueryVariables>;
export const ClassesDocument = new TypedDocumentString(`
    query Classes($school: SchoolRef!, $filter: ClassRoomFilter) {
  school(ref: $school) {
    id
    name
    classRooms(first: 100, filter: $filter) {
      nodes {
        id
        name
        grade
      }
    }
  }
}
    `, {"hash":"sha256:b10f192e3f325df77c8dbdc409d4c0ea5d512e97cff16fae6c44d205d02c2026"}) as unknown as TypedDocumentString<ClassesQuery, ClassesQueryVariables>;
export const SetFieldOwnersDocument = new TypedDocumentString(`
    mutation SetFieldOwners($input: SetFieldOwnersInput!) {
  setFieldOwners(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
    }
    results {
      index
      status
      entity {
        group
        basis
        validFrom
      }
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:3387cbbf03daf15e176c955f604fc28650d191a0c66141e83c7f5101663ef1f4"}) as unknown as TypedDocumentString<SetFieldOwnersMutation, SetFieldOwnersMutationVariables>;
export const StudentMergesDocument = new TypedDocumentString(`
    query StudentMerges($school: SchoolRef!, $first: Int! = 50, $after: String) {
  studentMerges(school: $school, first: $first, after: $after) {
    nodes {
      id
      mergedId
      mergedCode
      state
      reason
      mergedAt
      undoneAt
      kept {
        id
        code
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:97f3999f65bf2bc97b5dd433ffaa3a8942db028584610f337d090ed918862eca"}) as unknown as TypedDocumentString<StudentMergesQuery, StudentMergesQueryVariables>;
export const TransferClaimsDocument = new TypedDocumentString(`
    query TransferClaims($first: Int!, $after: String, $filter: TransferClaimFilter) {
  transferClaims(first: $first, after: $after, filter: $filter) {
    nodes {
      schoolCode
      application {
        code
        name
      }
      day
      asked
      matched
      taken
      refused
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:8bec2c22df653453fd2981fbc3bc2e0295a8eda580b030355f1fa0d196c010d1"}) as unknown as TypedDocumentString<TransferClaimsQuery, TransferClaimsQueryVariables>;
export const UndoMergeDocument = new TypedDocumentString(`
    mutation UndoMerge($input: UndoMergeInput!) {
  undoMerge(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
    }
    results {
      index
      status
      entity {
        id
        mergedId
        mergedCode
        state
        kept {
          id
          code
        }
      }
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:bf7d7f69240d133d1ef0154a358e0784c9b9705b99cc6a0c08e6ca1533f5fcf1"}) as unknown as TypedDocumentString<UndoMergeMutation, UndoMergeMutationVariables>;
export const UpsertCampusesDocument = new TypedDocumentString(`
    mutation UpsertCampuses($input: UpsertCampusesInput!) {
  upsertCampuses(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
      conflicts
    }
    results {
      index
      status
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:ad5ba49a3a58c31aefe25c72a4243bb97f22e60dce0bb0670596a42497a1ad36"}) as unknown as TypedDocumentString<UpsertCampusesMutation, UpsertCampusesMutationVariables>;
export const UpsertClassesDocument = new TypedDocumentString(`
    mutation UpsertClasses($input: UpsertClassesInput!) {
  upsertClasses(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
      conflicts
    }
    results {
      index
      status
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:e452514da9fcb94e8db5b036e8b3fc345432c75c14df9158162414dcf4dbfabc"}) as unknown as TypedDocumentString<UpsertClassesMutation, UpsertClassesMutationVariables>;
export const UpsertFacilitiesDocument = new TypedDocumentString(`
    mutation UpsertFacilities($input: UpsertFacilitiesInput!) {
  upsertFacilities(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
      conflicts
    }
    results {
      index
      status
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:0ead45f50b07570730bcc480827f4bf06365b57a975844acd4f3d44e0cea75fb"}) as unknown as TypedDocumentString<UpsertFacilitiesMutation, UpsertFacilitiesMutationVariables>;
export const UpsertGuardiansDocument = new TypedDocumentString(`
    mutation UpsertGuardians($input: UpsertGuardiansInput!) {
  upsertGuardians(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
      conflicts
    }
    results {
      index
      status
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:6f3f8d6ef847ef845c997fd62f084b3a1c367bf8a506e613782413b145dcbeda"}) as unknown as TypedDocumentString<UpsertGuardiansMutation, UpsertGuardiansMutationVariables>;
export const UpsertHealthRecordsDocument = new TypedDocumentString(`
    mutation UpsertHealthRecords($input: UpsertHealthRecordsInput!) {
  upsertHealthRecords(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
      conflicts
    }
    results {
      index
      status
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:5ef6a7b5208af6f0344ac7d869a396d5c7d9d6be3924137e606dd38f6e6763c9"}) as unknown as TypedDocumentString<UpsertHealthRecordsMutation, UpsertHealthRecordsMutationVariables>;
export const UpsertSchoolsDocument = new TypedDocumentString(`
    mutation UpsertSchools($input: UpsertSchoolsInput!) {
  upsertSchools(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
      conflicts
    }
    results {
      index
      status
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:10aad4d3c9d5fe2c7ce904d8e880e0d3db22926e8596703db4c5cea9253f1d38"}) as unknown as TypedDocumentString<UpsertSchoolsMutation, UpsertSchoolsMutationVariables>;
export const UpsertStaffDocument = new TypedDocumentString(`
    mutation UpsertStaff($input: UpsertStaffInput!) {
  upsertStaff(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
      conflicts
    }
    results {
      index
      status
      errors {
        code
        path
        message
        messageVi
      }
    }
  }
}
    `, {"hash":"sha256:e00622a206a3c79fc004c5a8c3e11dc8adf133ffb5913743669c7074353561d2"}) as unknown as TypedDocumentString<UpsertStaffMutation, UpsertStaffMutationVariables>;
export const UpsertStudentsDocument = new TypedDocumentString(`
    mutation UpsertStudents($input: UpsertStudentsInput!) {
  upsertStudents(input: $input) {
    summary {
      created
      updated
      unchanged
      rejected
      conflicts
    }
    results {
      index
      status
      entity {
        id
        code
        version
      }
      errors {
        code
        path
        message
        messageVi
      }
      warnings {
        code
        path
        messageVi
      }
    }
    rootCauses {
      code
      about
      message
      blocks
    }
  }
}
    `, {"hash":"sha256:69c522295aac5257dccad48817ae2f0ffae5bde8e681448076cbcce73d6ab9b7"}) as unknown as TypedDocumentString<UpsertStudentsMutation, UpsertStudentsMutationVariables>;
export const WhoAmIDocument = new TypedDocumentString(`
    query WhoAmI {
  viewer {
    kind
    displayName
    environment
    scopes {
      name
    }
  }
}
    `, {"hash":"sha256:f6d36e34ff50b62fba00e8b77fb6a1091ea7127a194a2ec75c5445a7015547fa"}) as unknown as TypedDocumentString<WhoAmIQuery, WhoAmIQueryVariables>;
export const WhoReadWhatDocument = new TypedDocumentString(`
    query WhoReadWhat($first: Int! = 10, $after: String, $filter: AuditFilter) {
  auditEvents(first: $first, after: $after, filter: $filter) {
    nodes {
      at
      kind
      partyName
      operationName
      operationKind
      fields
      studentCount
      outcome
      errorCodes
      schools {
        id
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:df08016949848ba71c186c035100612a92567c56819d3c361c473faacc7ec286"}) as unknown as TypedDocumentString<WhoReadWhatQuery, WhoReadWhatQueryVariables>;