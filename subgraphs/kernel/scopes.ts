// The scope catalogue: what each scope opens, how sensitive it is and on which legal basis it rests.
export type LegalBasis = 'LAW' | 'AGREEMENT' | 'CONSENT'
export type Sensitivity = 'PUBLIC' | 'BASIC' | 'SENSITIVE'

export interface ScopeInfo {
  readonly nameVi: string
  readonly nameEn: string
  readonly dataCategories: readonly string[]
  readonly sensitivity: Sensitivity
  readonly legalBasis: LegalBasis
}

const scope = (
  nameVi: string,
  nameEn: string,
  dataCategories: readonly string[],
  sensitivity: Sensitivity,
  legalBasis: LegalBasis,
): ScopeInfo => ({ nameVi, nameEn, dataCategories, sensitivity, legalBasis })

export const SCOPES = {
  'identity.read': scope(
    'Xem nhà cung cấp, ứng dụng, phê duyệt, thỏa thuận',
    'Read vendors, applications, approvals, agreements',
    ['registry'],
    'PUBLIC',
    'LAW',
  ),
  'school.read': scope(
    'Xem trường, lớp, năm học, môn học',
    'Read schools, classes, school years, subjects',
    ['school'],
    'PUBLIC',
    'AGREEMENT',
  ),
  'school.write': scope(
    'Ghi lớp, phân công, cơ sở vật chất, điểm trường',
    'Write classes, assignments, facilities and campuses',
    ['school'],
    'BASIC',
    'AGREEMENT',
  ),
  'student.basic.read': scope(
    'Xem hồ sơ cơ bản của học sinh',
    'Read basic pupil records',
    ['name', 'birth date', 'enrolment'],
    'BASIC',
    'AGREEMENT',
  ),
  'student.basic.write': scope(
    'Ghi hồ sơ cơ bản của học sinh',
    'Write basic pupil records',
    ['name', 'birth date', 'enrolment'],
    'BASIC',
    'AGREEMENT',
  ),
  'student.sensitive.read': scope(
    'Xem dữ liệu nhạy cảm của học sinh',
    'Read sensitive pupil data',
    ['ethnicity', 'personal number', 'policy group'],
    'SENSITIVE',
    'LAW',
  ),
  'student.sensitive.write': scope(
    'Ghi dữ liệu nhạy cảm của học sinh',
    'Write sensitive pupil data',
    ['ethnicity', 'personal number', 'policy group'],
    'SENSITIVE',
    'LAW',
  ),
  'guardian.contact.read': scope(
    'Xem thông tin liên hệ của cha mẹ, người giám hộ đã đồng ý',
    'Read contacts of guardians who consented',
    ['guardian name', 'phone'],
    'BASIC',
    'CONSENT',
  ),
  'guardian.contact.write': scope(
    'Ghi thông tin liên hệ của cha mẹ, người giám hộ',
    'Write guardian contacts',
    ['guardian name', 'phone'],
    'BASIC',
    'AGREEMENT',
  ),
  'staff.read': scope('Xem cán bộ, giáo viên, phân công', 'Read staff and assignments', ['staff'], 'BASIC', 'AGREEMENT'),
  'staff.write': scope('Ghi cán bộ, giáo viên', 'Write staff', ['staff'], 'BASIC', 'AGREEMENT'),
  'health.read': scope('Xem hồ sơ y tế học đường', 'Read school health records', ['health'], 'SENSITIVE', 'CONSENT'),
  'health.write': scope('Ghi hồ sơ y tế học đường', 'Write school health records', ['health'], 'SENSITIVE', 'AGREEMENT'),
  'gradebook.read': scope('Xem sổ điểm, kết quả học tập', 'Read gradebooks and results', ['marks'], 'BASIC', 'AGREEMENT'),
  'gradebook.write': scope('Nhập điểm', 'Write marks', ['marks'], 'BASIC', 'AGREEMENT'),
  'gradebook.approve': scope('Khóa, mở sổ điểm và duyệt kết quả', 'Lock, unlock and approve results', ['marks'], 'BASIC', 'LAW'),
  'attendance.read': scope('Xem chuyên cần', 'Read attendance', ['attendance'], 'BASIC', 'AGREEMENT'),
  'attendance.write': scope('Ghi chuyên cần', 'Write attendance', ['attendance'], 'BASIC', 'AGREEMENT'),
  'message.send': scope('Gửi tin nhắn sổ liên lạc', 'Send contact-book messages', ['messages'], 'BASIC', 'CONSENT'),
  'message.read': scope('Xem tin nhắn sổ liên lạc', 'Read contact-book messages', ['messages'], 'BASIC', 'CONSENT'),
  'message.supervise': scope('Giám sát nội dung tin nhắn', 'Supervise message contents', ['messages'], 'BASIC', 'LAW'),
  'consent.write': scope(
    'Ghi nhận sự đồng ý của cha mẹ, người giám hộ',
    'Record guardians’ consents',
    ['consent'],
    'BASIC',
    'CONSENT',
  ),
  'report.read': scope('Xem báo cáo tổng hợp', 'Read aggregated reports', ['statistics'], 'PUBLIC', 'LAW'),
  'report.submit': scope('Nộp báo cáo', 'Submit reports', ['statistics'], 'PUBLIC', 'LAW'),
  'report.approve': scope('Duyệt báo cáo', 'Approve reports', ['statistics'], 'PUBLIC', 'LAW'),
  'change.read': scope('Đọc luồng thay đổi', 'Read the change feed', ['changes'], 'BASIC', 'AGREEMENT'),
  'webhook.manage': scope('Quản lý webhook', 'Manage webhooks', ['configuration'], 'PUBLIC', 'AGREEMENT'),
  'access.review': scope('Rà soát quyền truy cập', 'Review who may access what', ['registry'], 'PUBLIC', 'LAW'),
  'audit.read': scope('Xem nhật ký truy cập', 'Read the access log', ['audit'], 'BASIC', 'LAW'),
  'vendor.approve': scope('Phê duyệt nhà cung cấp', 'Approve vendors', ['registry'], 'PUBLIC', 'LAW'),
} as const satisfies Record<string, ScopeInfo>

export type Scope = keyof typeof SCOPES
export const SCOPE_NAMES = Object.keys(SCOPES) as Scope[]

export function isScope(name: string): name is Scope {
  return Object.hasOwn(SCOPES, name)
}
