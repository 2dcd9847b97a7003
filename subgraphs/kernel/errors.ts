// The closed list of error codes and the one error class that crosses a border of the platform.
import { GraphQLError } from 'graphql'

/**
 * Every code a caller can meet, with the HTTP status it has when it refuses the whole request and the sentence
 * in both languages that says the way out. A code that is not here cannot be sent: `PlatformError` takes only these.
 */
export const ERROR_CODES = {
  UNAUTHENTICATED: [
    401,
    'This door needs an access token: send `Authorization: Bearer …`.',
    'Cần mã truy cập: gửi tiêu đề `Authorization: Bearer …`.',
  ],
  TOKEN_INVALID: [
    401,
    'The access token is not one of ours. Ask the token endpoint for a new one.',
    'Mã truy cập không do hệ thống này cấp. Hãy xin mã mới.',
  ],
  TOKEN_EXPIRED: [
    401,
    'The access token has expired. Ask the token endpoint for a new one.',
    'Mã truy cập đã hết hạn. Hãy xin mã mới.',
  ],
  TOKEN_AUDIENCE: [
    401,
    'The access token was issued for another service. Ask for one with this API as `resource`.',
    'Mã truy cập được cấp cho dịch vụ khác. Hãy xin mã với `resource` là API này.',
  ],
  TOKEN_REVOKED: [
    401,
    'The credential behind this token was revoked. Contact the Department of Education (Sở GD&ĐT).',
    'Khóa của mã truy cập này đã bị thu hồi. Hãy liên hệ Sở GD&ĐT.',
  ],
  TOKEN_BINDING: [
    401,
    'A token bound to a key is sent as `Authorization: DPoP …` with a proof, and one that is not bound as `Bearer`.',
    'Mã truy cập gắn với khóa phải gửi bằng `Authorization: DPoP …` kèm bằng chứng; mã không gắn khóa gửi bằng `Bearer`.',
  ],
  PROOF_INVALID: [
    401,
    'The DPoP proof does not hold, see `fault`: sign a new one for each request with the key of the token (jti, iat, htm, htu, ath).',
    'Bằng chứng DPoP không hợp lệ, xem `fault`: hãy ký bằng chứng mới cho từng yêu cầu bằng khóa của mã truy cập (jti, iat, htm, htu, ath).',
  ],
  PROOF_OUTDATED: [
    401,
    'The DPoP proof was not made just now: its `iat` is at most 60 seconds old, clocks within 10 seconds. Check your clock.',
    'Bằng chứng DPoP không được tạo ngay lúc gửi: `iat` không cũ quá 60 giây, đồng hồ lệch không quá 10 giây. Hãy kiểm tra đồng hồ.',
  ],
  PROOF_USED: [
    401,
    'This DPoP proof was used before. Sign a new one, with a new `jti`, for each request, a repeated one too.',
    'Bằng chứng DPoP này đã dùng. Hãy ký bằng chứng mới với `jti` mới cho từng yêu cầu, kể cả khi gửi lại.',
  ],
  APPLICATION_SUSPENDED: [
    403,
    'The application is suspended or not approved. Its vendor should contact the Department of Education (Sở GD&ĐT).',
    'Ứng dụng đang bị đình chỉ hoặc chưa được phê duyệt. Nhà cung cấp cần liên hệ Sở GD&ĐT.',
  ],
  VIEWER_UNSIGNED: [401, 'This service answers only the gateway.', 'Dịch vụ này chỉ trả lời cổng kết nối.'],
  SCOPE_MISSING: [
    403,
    'The operation needs scopes that this caller does not hold; see `missingScopes`.',
    'Thao tác cần phạm vi quyền mà bên gọi chưa có; xem `missingScopes`.',
  ],
  ACT_FORBIDDEN: [403, 'The caller may not do this act.', 'Bên gọi không được thực hiện thao tác này.'],
  TRANSITION_ILLEGAL: [
    409,
    'This act does not follow from the present state. Read it again, then decide.',
    'Thao tác không phù hợp với trạng thái hiện tại. Hãy đọc lại rồi quyết định.',
  ],
  SCOPE_UNKNOWN: [400, 'No scope has this name; `scopes` lists them.', 'Không có phạm vi quyền nào mang tên này; xem `scopes`.'],
  SCOPE_NOT_APPROVED: [
    400,
    'The approval of the Department does not cover these scopes. Ask for them with `requestScopes`.',
    'Quyết định phê duyệt của Sở không gồm các phạm vi quyền này. Hãy đề nghị bằng `requestScopes`.',
  ],
  SCOPE_NOT_REQUESTED: [
    400,
    'The vendor has not asked for these scopes: a decision narrows a request, it does not widen it.',
    'Nhà cung cấp chưa đề nghị các phạm vi quyền này: quyết định chỉ thu hẹp, không mở rộng đề nghị.',
  ],
  SCOPES_REQUIRED: [400, 'Name at least one scope.', 'Cần nêu ít nhất một phạm vi quyền.'],
  VALIDITY_INVALID: [
    400,
    'The last day is not before the first, not in the past, and at most 10 years after the first.',
    'Ngày kết thúc không trước ngày bắt đầu, không ở quá khứ và không quá 10 năm sau ngày bắt đầu.',
  ],
  DECISION_NUMBER_REQUIRED: [
    400,
    'A decision needs its number, as 0611/QĐ-SGDĐT, and a number stands once for an application.',
    'Cần số quyết định, như 0611/QĐ-SGDĐT; mỗi số dùng một lần cho một ứng dụng.',
  ],
  REASON_REQUIRED: [
    400,
    'Say why, in 3 to 1,000 characters: the reason is kept with the event.',
    'Cần nêu lý do, từ 3 đến 1.000 ký tự: lý do được lưu cùng sự kiện.',
  ],
  PURPOSE_REQUIRED: [
    400,
    'Say what for, in 3 to 1,000 characters: data is processed for a stated purpose only.',
    'Cần nêu mục đích, từ 3 đến 1.000 ký tự: dữ liệu chỉ được xử lý cho mục đích đã nêu.',
  ],
  VENDOR_EXISTS: [
    409,
    'A vendor with this code or tax code is registered already.',
    'Đã có nhà cung cấp với mã hoặc mã số thuế này.',
  ],
  APPLICATION_EXISTS: [409, 'This code is taken. Choose another.', 'Mã này đã được dùng. Hãy chọn mã khác.'],
  PROPOSAL_EXISTS: [
    409,
    'The application has an open proposal at this school. Withdraw it first, or wait for the decision.',
    'Ứng dụng đang có một đề nghị chưa được trường quyết định. Hãy rút đề nghị đó hoặc chờ quyết định.',
  ],
  AGREEMENT_IN_FORCE: [
    409,
    'An agreement of this school and application is in force. Amend it with `amendAgreement`.',
    'Trường và ứng dụng đã có thỏa thuận còn hiệu lực. Hãy sửa đổi bằng `amendAgreement`.',
  ],
  AMENDMENT_WIDENS: [
    400,
    'A school narrows an agreement by itself; what widens it is proposed by the vendor.',
    'Nhà trường chỉ tự thu hẹp thỏa thuận; phần mở rộng do nhà cung cấp đề nghị.',
  ],
  LEVEL_INVALID: [
    400,
    'A level is MN, TH, THCS, THPT or GDTX, and one that the school has.',
    'Cấp học là MN, TH, THCS, THPT hoặc GDTX và phải có tại trường.',
  ],
  KEY_INVALID: [
    400,
    'A public key is a JWK of an EC P-256 or Ed25519 key, without its private part.',
    'Khóa công khai là JWK của khóa EC P-256 hoặc Ed25519, không kèm phần riêng.',
  ],
  KEY_EXISTS: [
    409,
    'This key was registered before. Make a new one: a key is used once.',
    'Khóa này đã đăng ký. Hãy tạo khóa mới: mỗi khóa chỉ dùng một lần.',
  ],
  TAX_CODE_INVALID: [
    400,
    'A tax code has 10 digits of which the last proves the others, or these and 3 more after a hyphen.',
    'Mã số thuế gồm 10 chữ số, chữ số cuối là số kiểm tra; hoặc thêm 3 chữ số sau dấu gạch nối.',
  ],
  SANDBOX_LIMIT: [
    409,
    'The account has as many sandboxes as it may keep. Reset one of them with `resetSandbox`.',
    'Tài khoản đã có đủ số môi trường thử nghiệm. Hãy đặt lại một môi trường bằng `resetSandbox`.',
  ],
  CREDENTIAL_BEFORE_APPROVAL: [
    409,
    'An application for production gets its first key once the Department has approved it.',
    'Ứng dụng cho môi trường chính thức chỉ có khóa sau khi Sở phê duyệt.',
  ],
  SCHOOL_NOT_ACCESSIBLE: [
    403,
    'No school with this reference is open to the caller: it does not exist, or no agreement in force covers it with this scope.',
    'Bên gọi không được truy cập trường theo tham chiếu này: trường không tồn tại, hoặc không có thỏa thuận còn hiệu lực với phạm vi quyền này.',
  ],
  RECORD_NOT_ACCESSIBLE: [
    403,
    'No record with this reference is open to the caller: it does not exist, or no agreement in force covers it.',
    'Bên gọi không được truy cập bản ghi theo tham chiếu này: bản ghi không tồn tại, hoặc không có thỏa thuận còn hiệu lực.',
  ],
  REFERENCE_INVALID: [
    400,
    'A reference names exactly one of id, code or externalId.',
    'Tham chiếu phải nêu đúng một trong id, code hoặc externalId.',
  ],
  INPUT_INVALID: [400, 'The input is not valid.', 'Dữ liệu gửi lên không hợp lệ.'],
  CURSOR_INVALID: [
    400,
    'The cursor does not belong to this list. Start again without `after`.',
    'Con trỏ không thuộc danh sách này. Hãy bắt đầu lại, bỏ `after`.',
  ],
  BATCH_TOO_LONG: [
    400,
    'A batch takes at most 1,000 records of one school. Split it.',
    'Mỗi lô tối đa 1.000 bản ghi của một trường. Hãy chia nhỏ.',
  ],
  BATCH_EMPTY: [400, 'The batch holds no record.', 'Lô không có bản ghi nào.'],
  BATCH_REJECTED: [
    400,
    'The batch was sent ATOMIC and some of its records were refused: none was written.',
    'Lô gửi theo chế độ ATOMIC và có bản ghi bị từ chối: không ghi bản ghi nào.',
  ],
  IDEMPOTENCY_MISMATCH: [
    409,
    'This idempotency key was used for another request. Use a new key.',
    'Khóa chống lặp này đã dùng cho yêu cầu khác. Hãy dùng khóa mới.',
  ],
  IDEMPOTENCY_KEY_INVALID: [
    400,
    'An idempotency key has 1 to 255 printable characters.',
    'Khóa chống lặp gồm 1 đến 255 ký tự in được.',
  ],
  VERSION_CONFLICT: [
    409,
    'The record has changed since it was read. Read it again, then decide.',
    'Bản ghi đã thay đổi sau lần đọc trước. Hãy đọc lại rồi quyết định.',
  ],
  DUPLICATE_IN_BATCH: [
    400,
    'Another record of this batch names the same thing. Send it once.',
    'Lô đã có bản ghi trùng khóa. Chỉ gửi một lần.',
  ],
  STUDENT_NOT_IN_CLASS: [400, 'The pupil is not enrolled in this class.', 'Học sinh không thuộc lớp này.'],
  STAFF_NOT_FOUND: [
    400,
    'No teacher with this reference works at the school.',
    'Không có giáo viên nào theo tham chiếu này tại trường.',
  ],
  TEACHER_NOT_ASSIGNED: [
    400,
    'The teacher is not assigned to this class, subject and term.',
    'Giáo viên không được phân công dạy lớp, môn, học kỳ này.',
  ],
  GRADEBOOK_LOCKED: [400, 'The gradebook is locked. The principal opens it.', 'Sổ điểm đã khóa. Chỉ hiệu trưởng được mở sổ.'],
  DEADLINE_PASSED: [
    400,
    'The deadline for these marks has passed. Ask the principal of the school.',
    'Đã quá hạn nhập loại điểm này. Hãy liên hệ hiệu trưởng nhà trường.',
  ],
  SCORE_OUT_OF_SCALE: [
    400,
    'A mark lies between 0 and 10 with at most one decimal.',
    'Điểm từ 0 đến 10, tối đa một chữ số thập phân.',
  ],
  SCORE_KIND_INVALID: [
    400,
    'The regulation of this class does not know this kind or ordinal of mark.',
    'Thông tư áp dụng cho lớp không có loại điểm hoặc lần điểm này.',
  ],
  SCORE_FORM_INVALID: [
    400,
    'A scored subject takes a number, a comment subject takes a remark; send exactly one.',
    'Môn đánh giá bằng điểm số gửi `value`, môn đánh giá bằng nhận xét gửi `remark`; chỉ gửi một.',
  ],
  STUDENT_NOT_FOUND: [
    400,
    'No pupil with this reference is enrolled at the school.',
    'Không có học sinh nào theo tham chiếu này đang học tại trường.',
  ],
  RECORD_NOT_FOUND: [
    400,
    'No record of the school has this id or externalId, and without its natural key a new one cannot be written.',
    'Trường không có bản ghi nào mang id hoặc externalId này; thiếu mã thì không thể tạo bản ghi mới.',
  ],
  KEY_CHANGED: [
    400,
    'The id names a record with another code. A code never changes.',
    'Id chỉ một bản ghi mang mã khác. Mã định danh không bao giờ đổi.',
  ],
  EXTERNAL_ID_TAKEN: [
    400,
    'Your externalId names another record of the school already.',
    'externalId này đã được dùng cho bản ghi khác của trường.',
  ],
  CODE_INVALID: [
    400,
    'A code of the Ministry has 10 digits, the first two the province.',
    'Mã định danh Bộ GDĐT gồm 10 chữ số, hai chữ số đầu là mã tỉnh.',
  ],
  CODE_OF_OTHER_PROVINCE: [
    400,
    'The code was issued in another province. Check it, unless the person came from there.',
    'Mã do tỉnh khác cấp. Hãy kiểm tra, trừ khi người này chuyển đến từ tỉnh đó.',
  ],
  CODE_UNKNOWN: [
    400,
    'The published list does not hold this code; see `codeLists`.',
    'Danh mục đã công bố không có mã này; xem `codeLists`.',
  ],
  SCHOOL_CODE_INVALID: [
    400,
    'A code of a school or campus has 1 to 20 letters, digits, dots or hyphens, a letter or digit at both ends.',
    'Mã trường, mã điểm trường gồm 1 đến 20 chữ cái, chữ số, dấu chấm hoặc gạch nối; đầu và cuối là chữ cái hoặc chữ số.',
  ],
  PHONE_INVALID: [
    400,
    'A phone number of Vietnam is 0 or +84 and 9 or 10 digits, as 0912345678.',
    'Số điện thoại tại Việt Nam gồm 0 hoặc +84 và 9 đến 10 chữ số, như 0912345678.',
  ],
  SCHOOL_CODE_TAKEN: [
    400,
    'Another school has this code, or had it. A code passes on only from a school that has closed (`validTo`), as `formerCodes`.',
    'Mã này đang hoặc đã thuộc trường khác. Mã chỉ chuyển từ trường đã đóng (`validTo`), qua `formerCodes`.',
  ],
  NUMBER_OUT_OF_RANGE: [
    400,
    'The number lies outside the range that the description of the field names.',
    'Số nằm ngoài khoảng nêu trong mô tả của trường dữ liệu.',
  ],
  NAME_INVALID: [400, 'A name has 1 to 100 characters, letters among them.', 'Tên gồm 1 đến 100 ký tự, trong đó có chữ cái.'],
  TEXT_INVALID: [
    400,
    'The text has more than 255 characters, a control character or half a surrogate pair.',
    'Chuỗi dài quá 255 ký tự, có ký tự điều khiển hoặc nửa cặp surrogate.',
  ],
  DATE_INVALID: [
    400,
    'No such day here: it does not exist, lies in the future, or before what it should follow. Write it as 2026-09-05.',
    'Ngày không hợp lệ: không tồn tại, ở tương lai hoặc trước mốc phải có. Viết theo dạng 2026-09-05.',
  ],
  AGE_GRADE_INVALID: [
    400,
    'Nobody of this age is in this grade. Check the birth date and the class.',
    'Không ai ở tuổi này học khối này. Hãy kiểm tra ngày sinh và lớp.',
  ],
  AGE_GRADE_UNUSUAL: [
    400,
    'The age is unusual for this grade. Check the birth date and the class.',
    'Tuổi không thường gặp ở khối này. Hãy kiểm tra ngày sinh và lớp.',
  ],
  PERSONAL_NUMBER_INVALID: [400, 'A personal number has 12 digits.', 'Số định danh cá nhân gồm 12 chữ số.'],
  PERSONAL_NUMBER_MISMATCH: [
    400,
    'The personal number tells another sex or birth year than the record. Check both.',
    'Số định danh thể hiện giới tính hoặc năm sinh khác với hồ sơ. Hãy kiểm tra lại.',
  ],
  GRADE_INVALID: [
    400,
    'The level does not have this grade: TH 1–5, THCS 6–9, THPT 10–12, GDTX 1–12, MN 13–18.',
    'Cấp học không có khối này: TH 1–5, THCS 6–9, THPT 10–12, GDTX 1–12, MN 13–18.',
  ],
  CLASS_NAME_UNUSUAL: [
    400,
    'The name of the class begins with another grade than its own. Check both.',
    'Tên lớp bắt đầu bằng khối khác với khối của lớp. Hãy kiểm tra lại.',
  ],
  CLASS_NAME_TAKEN: [
    409,
    'Another class of the school year has this name by now. Reject the proposal, or rename the other class first.',
    'Đã có lớp khác trong năm học mang tên này. Hãy từ chối đề nghị hoặc đổi tên lớp kia trước.',
  ],
  CLASS_HAS_PUPILS: [
    400,
    'Grade and level of a class with pupils or marks do not change. Make another class and move the pupils.',
    'Không đổi khối, cấp học của lớp đang có học sinh. Hãy tạo lớp khác và chuyển học sinh.',
  ],
  CLASS_NOT_FOUND: [
    400,
    'No class with this reference is held at the school in this school year.',
    'Trường không có lớp nào theo tham chiếu này trong năm học.',
  ],
  SUBJECT_NOT_FOUND: [
    400,
    'No subject has this code, or the level of the class does not teach it.',
    'Không có môn học mang mã này, hoặc cấp học của lớp không dạy môn này.',
  ],
  ALREADY_ENROLLED: [
    400,
    'The pupil studies in another class of the school. A change of class is made with `moveStudents`.',
    'Học sinh đang học ở lớp khác của trường. Hãy chuyển lớp bằng `moveStudents`.',
  ],
  NOT_ENROLLED: [
    400,
    'The pupil does not study in a class of the school now. Admit with `enrolStudents`.',
    'Học sinh hiện không học tại lớp nào của trường. Hãy tiếp nhận bằng `enrolStudents`.',
  ],
  CLAIM_MATCHED: [
    400,
    'A pupil of another school matches and is not released to this one. That school, or the authority that manages it, releases with `releaseStudents`; then claim again.',
    'Có học sinh của trường khác khớp thông tin nhưng chưa được cho chuyển đến trường này. Trường đó, hoặc cơ quan quản lý của trường, cho chuyển bằng `releaseStudents`; sau đó hãy tiếp nhận lại.',
  ],
  CLAIM_NOT_MATCHED: [
    400,
    'No pupil of another school matches code or number, name and birth date together. Check all three with the family; who is new here is written with `upsertStudents`.',
    'Không có học sinh nào của trường khác khớp đồng thời mã hoặc số định danh, họ tên và ngày sinh. Hãy đối chiếu với gia đình; học sinh mới thì ghi bằng `upsertStudents`.',
  ],
  CLAIM_LIMIT: [
    400,
    'Too many claims of this application at this school were in vain today, so this one is not answered. Claim who is released, or go on tomorrow (Vietnam time); the Department sees the count and helps.',
    'Hôm nay ứng dụng đã tiếp nhận không thành quá nhiều lần tại trường này nên không trả lời nữa. Chỉ tiếp nhận học sinh đã được cho chuyển, hoặc tiếp tục vào ngày mai; Sở GD&ĐT thấy số lần này và có thể hỗ trợ.',
  ],
  STUDENT_ELSEWHERE: [
    400,
    'A pupil of another school has this code or personal number. Claim the pupil with `claimStudents`.',
    'Học sinh của trường khác đang mang mã hoặc số định danh này. Hãy tiếp nhận bằng `claimStudents`.',
  ],
  STUDENT_MOVED_ON: [
    400,
    'Another school has taken this pupil over: what is here is history. Who comes back is claimed with `claimStudents`.',
    'Trường khác đã tiếp nhận học sinh này: hồ sơ tại đây là lịch sử. Học sinh quay lại thì tiếp nhận bằng `claimStudents`.',
  ],
  SCHOOL_CODE_UNKNOWN: [
    400,
    'No school of the province has this code, or it is this school itself. Leave it out when the school is not known yet.',
    'Không có trường nào trong tỉnh mang mã này, hoặc đó chính là trường này. Nếu chưa biết trường chuyển đến, hãy bỏ trống.',
  ],
  NOT_MANAGING_AUTHORITY: [
    400,
    'The authority does not manage the school on this day, see `School.managingAuthority(on)`: that one releases, or the school.',
    'Cơ quan không quản lý trực tiếp trường vào ngày này, xem `School.managingAuthority(on)`: cơ quan đó hoặc nhà trường cho chuyển.',
  ],
  GRADE_NOT_FINAL: [
    400,
    'Nobody graduates from this grade: the last ones are 5, 9 and 12, and 18 at preschool. Who leaves before leaves with another status.',
    'Không tốt nghiệp ở khối này: chỉ khối 5, 9, 12 và mẫu giáo lớn (18). Học sinh rời trường sớm hơn thì ghi trạng thái khác.',
  ],
  SCHOOL_YEAR_INVALID: [
    400,
    'A school year is named as `2026-2027`, begins in the first of the two calendar years and ends in the second.',
    'Năm học có dạng `2026-2027`, bắt đầu trong năm dương lịch thứ nhất và kết thúc trong năm thứ hai.',
  ],
  SCHOOL_YEARS_OVERLAP: [
    409,
    'Another school year has days of this one, see `schoolYears`. Move its days first, or both in one batch.',
    'Năm học khác đã có ngày thuộc năm học này, xem `schoolYears`. Hãy đổi ngày của năm đó trước, hoặc gửi cả hai trong một lô.',
  ],
  TERM_OUTSIDE_YEAR: [
    409,
    'A term lies within its school year: widen the year with `upsertSchoolYears`, or move the term with `upsertTerms`.',
    'Học kỳ phải nằm trong năm học: hãy mở rộng năm học bằng `upsertSchoolYears` hoặc đổi ngày học kỳ bằng `upsertTerms`.',
  ],
  TERMS_OVERLAP: [
    409,
    'Of one school year and level HKI is over before HKII begins. Move the other term first, or both in one batch.',
    'Cùng năm học và cấp học, học kỳ I phải kết thúc trước khi học kỳ II bắt đầu. Hãy đổi ngày học kỳ kia trước, hoặc gửi cả hai trong một lô.',
  ],
  EXAM_OUTSIDE_TERM: [
    400,
    'Examinations have a first and a last day, both within the term; a preschool has none. Send null for both where there are none.',
    'Kỳ kiểm tra có ngày đầu và ngày cuối, đều nằm trong học kỳ; mầm non không có. Nếu không có thì gửi null cho cả hai.',
  ],
  TERM_HAS_CLOSED_BOOKS: [
    409,
    'Gradebooks of this term were closed: they are printed and signed with its days, which stay. Its name may be mended.',
    'Đã có sổ điểm của học kỳ này được chốt, in và ký với các ngày đó nên không thể đổi ngày. Tên học kỳ vẫn sửa được.',
  ],
  YEARS_NOT_CONSECUTIVE: [
    400,
    'A school rolls over from one school year to the one after it. Name two that follow each other.',
    'Chỉ kết chuyển từ một năm học sang năm học liền sau. Hãy nêu hai năm học liền nhau.',
  ],
  YEAR_NOT_OVER: [
    409,
    'The old school year is not over on this day. Preview until then, and roll over after its last day.',
    'Năm học cũ chưa kết thúc vào ngày này. Có thể xem trước; hãy kết chuyển sau ngày cuối của năm học.',
  ],
  PLAN_STALE: [
    409,
    'The school has changed since this plan was shown. Preview again, look at the plan, and send its `hash`.',
    'Dữ liệu của trường đã thay đổi sau khi xem trước. Hãy xem trước lại, kiểm tra rồi gửi `hash` mới.',
  ],
  ROLLOVER_REFUSED: [
    409,
    'Something stands against the plan, see `problems`; `previewRollover` shows it with the whole plan. Mend it, then roll over.',
    'Kế hoạch kết chuyển còn vướng mắc, xem `problems`; `previewRollover` cho thấy toàn bộ kế hoạch. Hãy xử lý rồi kết chuyển.',
  ],
  ROLLOVER_DONE: [
    409,
    'The school has rolled over between these years already, by another plan. Move single pupils with `moveStudents`.',
    'Trường đã kết chuyển giữa hai năm học này theo kế hoạch khác. Hãy chuyển từng học sinh bằng `moveStudents`.',
  ],
  ROLLOVER_DIVERGENT: [
    409,
    'Pupils of this class are in classes of the new year already, other ones than the plan has for them. Name these classes in `classes`, or the pupils in `repeaters`.',
    'Học sinh của lớp này đã ở lớp của năm học mới khác với kế hoạch. Hãy nêu lớp đó trong `classes` hoặc nêu học sinh trong `repeaters`.',
  ],
  ROLLOVER_CLASS_MISMATCH: [
    400,
    'The new year has a class of this name with another grade or level. Map to another name in `classes`.',
    'Năm học mới đã có lớp cùng tên nhưng khác khối hoặc cấp học. Hãy nêu tên lớp khác trong `classes`.',
  ],
  CLASS_NAME_UNMAPPED: [
    400,
    'The name of this class does not begin with its grade, so its name in the new year is not known. Give it in `classes`.',
    'Tên lớp không bắt đầu bằng số khối nên chưa biết tên lớp ở năm học mới. Hãy nêu trong `classes`.',
  ],
  CLASS_SIZE_UNUSUAL: [
    400,
    'The class would have more pupils than the charter allows: 35 at preschool and primary level, 45 above.',
    'Lớp sẽ đông hơn sĩ số theo Điều lệ: 35 ở mầm non, tiểu học và 45 ở các cấp trên.',
  ],
  CLASS_OF_REPEATERS: [
    400,
    'This new class would hold repeaters alone. Give them a class of the new year in `repeaters`, unless more pupils are to come.',
    'Lớp mới này chỉ có học sinh lưu ban. Hãy nêu lớp của năm học mới trong `repeaters`, trừ khi còn tuyển thêm.',
  ],
  NOT_IN_THE_YEAR: [
    400,
    'Pupils who study at the school are in no class of either year; the rollover leaves them as they are. Admit or move them.',
    'Có học sinh đang học nhưng không thuộc lớp nào của hai năm học; kết chuyển không tác động. Hãy tiếp nhận hoặc chuyển lớp.',
  ],
  LEAVING_REASON_REQUIRED: [
    400,
    'Who drops out or defers leaves for a reason, code 01 to 08.',
    'Học sinh bỏ học hoặc bảo lưu cần lý do, mã 01 đến 08.',
  ],
  STAFF_LEFT: [
    400,
    'This member of staff has left the school: a leaver is assigned nothing.',
    'Cán bộ này đã rời trường: không thể phân công.',
  ],
  IDENTITY_REQUIRED: [
    400,
    'A pupil without a code needs your externalId or a personal number, so that a resend finds the record again.',
    'Học sinh chưa có mã cần externalId của ứng dụng hoặc số định danh cá nhân, để lần gửi lại tìm thấy đúng hồ sơ.',
  ],
  IDENTITY_UNCERTAIN: [
    400,
    'The school may have this pupil already: the record landed as its own, see `identityMatches`.',
    'Có thể trường đã có học sinh này: hồ sơ được ghi riêng, xem `identityMatches`.',
  ],
  MERGE_TWO_PERSONS: [
    409,
    'The records have two different personal numbers: they are two pupils. Correct the number first if it is wrong.',
    'Hai hồ sơ có số định danh khác nhau: đây là hai học sinh. Nếu số sai, hãy sửa trước.',
  ],
  MERGE_TWO_CLASSES: [
    409,
    'Both study in a class, and not in the same: record the move or the leaving first.',
    'Cả hai hồ sơ đang học ở hai lớp khác nhau: hãy ghi chuyển lớp hoặc rời trường trước.',
  ],
  MERGE_MARKS_DIFFER: [
    409,
    'Both have a mark in the same place, and not the same one: amend one of them first.',
    'Hai hồ sơ có điểm khác nhau ở cùng một cột điểm: hãy sửa một điểm trước.',
  ],
  MERGE_UNDO_ORDER: [
    409,
    'The kept record has been merged again since: undo the later merge first.',
    'Hồ sơ được giữ đã gộp tiếp sau đó: hãy tách lần gộp sau trước.',
  ],
  MERGE_HAS_LATER_ACTS: [
    409,
    'Something was recorded for the kept record since the merge: say with `laterStays` that it stays there, or correct it first.',
    'Hồ sơ được giữ đã có ghi nhận mới sau khi gộp: dùng `laterStays` để giữ lại tại đó, hoặc chỉnh sửa trước.',
  ],
  MERGE_UNDO_AMBIGUOUS: [
    409,
    'The pupil has moved, left or taken a code since by what came from the other record: leave them merged, and write the second pupil as a new record.',
    'Học sinh đã chuyển lớp, rời trường hoặc đổi mã theo hồ sơ kia sau khi gộp: hãy giữ nguyên và ghi học sinh thứ hai thành hồ sơ mới.',
  ],
  FIELD_OWNED: [
    409,
    'Another application owns this field at the school: what was sent became a conflict for it or the principal to decide, see `conflicts`.',
    'Trường dữ liệu này do ứng dụng khác làm chủ tại trường: giá trị đã gửi thành đề nghị chờ ứng dụng đó hoặc hiệu trưởng quyết định, xem `conflicts`.',
  ],
  CONFLICT_DECIDED: [
    409,
    'This conflict was decided otherwise already. Read it again; a new value is proposed by sending it again.',
    'Xung đột này đã được quyết định khác. Hãy đọc lại; muốn đề nghị giá trị mới thì gửi lại.',
  ],
  CONFLICT_OUTDATED: [
    409,
    'The record says something else by now than when the value was proposed. Reject the proposal; its application may send it again.',
    'Bản ghi đã khác với lúc giá trị được đề nghị. Hãy từ chối đề nghị; ứng dụng có thể gửi lại.',
  ],
  APPLICATION_NOT_AGREED: [
    400,
    'No application with this reference has an agreement in force with the school.',
    'Không có ứng dụng nào theo tham chiếu này có thỏa thuận còn hiệu lực với nhà trường.',
  ],
  GUARDIAN_NOT_OF_STUDENT: [
    400,
    'No guardian of this pupil has this id. `Student.consentGivers` lists who may consent.',
    'Học sinh không có người giám hộ nào mang id này. Xem `Student.consentGivers` để biết ai được quyền đồng ý.',
  ],
  CONSENT_EVIDENCE_REQUIRED: [
    400,
    'A consent is proven: name its form, message or recording in `evidence.reference`, 1 to 255 characters.',
    'Sự đồng ý phải chứng minh được: nêu phiếu, tin nhắn hoặc bản ghi âm trong `evidence.reference`, từ 1 đến 255 ký tự.',
  ],
  CONSENT_IN_FUTURE: [
    400,
    'A consent or withdrawal cannot lie in the future.',
    'Thời điểm đồng ý hoặc rút lại đồng ý không được ở tương lai.',
  ],
  CONSENT_GIVER_INVALID: [
    400,
    'This person cannot give this consent: a representative speaks for a pupil under 16, from 16 the pupil does; the contact book is a guardian’s. GUARDIAN takes `guardianId`, STUDENT does not.',
    'Người này không thể cho sự đồng ý này: người đại diện đồng ý thay học sinh dưới 16 tuổi, từ đủ 16 tuổi học sinh tự đồng ý; sổ liên lạc do cha mẹ, người giám hộ đồng ý. GUARDIAN cần `guardianId`, STUDENT thì không.',
  ],
  CHILD_CONSENT_REQUIRED: [
    400,
    'From 7 years the child consents too before anything of private life is made public. Record the pupil’s own consent first, or in the same batch.',
    'Trẻ từ đủ 7 tuổi phải đồng ý thì mới được công khai thông tin đời sống riêng tư. Hãy ghi nhận đồng ý của chính học sinh trước, hoặc trong cùng lô.',
  ],
  CONSENT_WITHDRAWN_SINCE: [
    400,
    'This consent was withdrawn after this evidence was given. Ask again; old evidence does not bring it back.',
    'Sự đồng ý này đã được rút lại sau thời điểm của minh chứng. Hãy xin đồng ý mới; minh chứng cũ không khôi phục được.',
  ],
  CONSENT_GIVEN_SINCE: [
    400,
    'Consent was given again after this withdrawal. To withdraw what stands now, leave `withdrawnAt` out.',
    'Sau lần rút lại này đã có sự đồng ý mới. Để rút sự đồng ý hiện hành, hãy bỏ `withdrawnAt`.',
  ],
  CONSENT_NOT_FOUND: [400, 'No such consent is recorded.', 'Không có sự đồng ý nào như vậy được ghi nhận.'],
  GRAPHQL_PARSE_FAILED: [400, 'The document is not GraphQL.', 'Tài liệu truy vấn không phải GraphQL hợp lệ.'],
  GRAPHQL_VALIDATION_FAILED: [
    400,
    'The document does not fit the contract.',
    'Tài liệu truy vấn không khớp với hợp đồng dữ liệu.',
  ],
  BAD_USER_INPUT: [400, 'A variable does not fit its type.', 'Biến không đúng kiểu.'],
  BAD_REQUEST: [400, 'The request is not GraphQL over HTTP.', 'Yêu cầu không đúng chuẩn GraphQL qua HTTP.'],
  DOCUMENT_UNKNOWN: [
    404,
    'This application has no document under this id. Register it with `registerDocuments`, or send its text as `query` by POST.',
    'Ứng dụng này không có tài liệu truy vấn nào mang mã này. Hãy đăng ký bằng `registerDocuments`, hoặc gửi nội dung trong `query` bằng POST.',
  ],
  // Stock clients compare this very sentence, and then send the text; the way out stands in `wayOut`.
  PERSISTED_QUERY_NOT_FOUND: [
    400,
    'PersistedQueryNotFound',
    'Ứng dụng này không có tài liệu truy vấn nào mang mã băm này. Hãy gửi lại kèm nội dung trong `query`, hoặc đăng ký bằng `registerDocuments`.',
  ],
  DOCUMENT_MISMATCH: [
    400,
    'The id is not the SHA-256 of the text that was sent, or two different ids were sent. Hash the exact bytes of `query` (UTF-8, lower-case hexadecimal).',
    'Mã không phải SHA-256 của nội dung đã gửi, hoặc gửi hai mã khác nhau. Hãy băm đúng các byte của `query` (UTF-8, hệ 16 chữ thường).',
  ],
  DOCUMENT_NOT_REGISTERED: [
    403,
    'This application runs registered documents only (ENFORCE), and this one is not among them. Register it with `registerDocuments`, or set the mode to REPORT with `setDocumentMode`.',
    'Ứng dụng này chỉ chạy tài liệu truy vấn đã đăng ký (ENFORCE), tài liệu này chưa đăng ký. Hãy đăng ký bằng `registerDocuments`, hoặc chuyển sang REPORT bằng `setDocumentMode`.',
  ],
  DOCUMENT_OUTDATED: [
    400,
    'The document was registered and no longer fits the contract. Mend it and register it anew.',
    'Tài liệu truy vấn đã đăng ký không còn khớp với hợp đồng dữ liệu. Hãy sửa và đăng ký lại.',
  ],
  DOCUMENTS_TOO_MANY: [
    409,
    'An application keeps at most 2,000 registered documents of 8,000,000 characters together. Retire those that are no longer used with `retireDocuments`.',
    'Mỗi ứng dụng giữ tối đa 2.000 tài liệu đã đăng ký, tổng cộng 8.000.000 ký tự. Hãy gỡ tài liệu không còn dùng bằng `retireDocuments`.',
  ],
  DOCUMENTS_MISSING: [
    409,
    'No document is registered: ENFORCE would refuse every operation of the application. Register its documents first.',
    'Chưa đăng ký tài liệu nào: ENFORCE sẽ từ chối mọi thao tác của ứng dụng. Hãy đăng ký trước.',
  ],
  METHOD_NOT_ALLOWED: [
    405,
    'Use POST, or GET with the id of a known document that only reads.',
    'Dùng POST, hoặc GET với mã tài liệu truy vấn đã đăng ký chỉ đọc.',
  ],
  UNSUPPORTED_MEDIA_TYPE: [
    415,
    'Send `Content-Type: application/json`, not compressed.',
    'Gửi `Content-Type: application/json`, không nén.',
  ],
  NOT_ACCEPTABLE: [
    406,
    'Accept application/json or application/graphql-response+json.',
    'Chấp nhận application/json hoặc application/graphql-response+json.',
  ],
  BODY_TOO_LARGE: [
    413,
    'A request body has at most 1 MB. Send it in parts.',
    'Thân yêu cầu tối đa 1 MB. Hãy gửi thành nhiều phần.',
  ],
  BATCHING_REFUSED: [
    400,
    'One operation a request: arrays of operations are not taken.',
    'Mỗi yêu cầu một thao tác: không nhận mảng thao tác.',
  ],
  CSRF_REFUSED: [
    400,
    'Send `Content-Type: application/json` or the header `Apollo-Require-Preflight: true`.',
    'Gửi `Content-Type: application/json` hoặc tiêu đề `Apollo-Require-Preflight: true`.',
  ],
  SUBSCRIPTION_REFUSED: [
    400,
    'There are no subscriptions here: ask again with a query.',
    'Không có subscription: hãy hỏi lại bằng truy vấn.',
  ],
  DOCUMENT_TOO_LARGE: [413, 'The document has too many tokens.', 'Tài liệu truy vấn có quá nhiều từ tố.'],
  QUERY_TOO_DEEP: [400, 'The operation is nested too deep.', 'Thao tác lồng quá sâu.'],
  TOO_MANY_ALIASES: [400, 'The operation has too many aliases.', 'Thao tác có quá nhiều bí danh.'],
  TOO_MANY_ROOT_FIELDS: [400, 'The operation has too many root fields.', 'Thao tác có quá nhiều trường gốc.'],
  TOO_MANY_FRAGMENTS: [400, 'The document has too many fragments.', 'Tài liệu truy vấn có quá nhiều fragment.'],
  TOO_MANY_FIELDS: [400, 'The operation expands to too many fields.', 'Thao tác mở rộng ra quá nhiều trường.'],
  TOO_MANY_DIRECTIVES: [400, 'The document has too many directives.', 'Tài liệu truy vấn có quá nhiều chỉ thị.'],
  TOO_MANY_OPERATIONS: [400, 'The document holds too many operations.', 'Tài liệu truy vấn chứa quá nhiều thao tác.'],
  INTROSPECTION_TOO_DEEP: [400, 'The introspection is nested too deep.', 'Truy vấn lược đồ lồng quá sâu.'],
  PAGE_SIZE_REQUIRED: [
    400,
    'This list needs a page size: pass `first`.',
    'Danh sách này cần kích thước trang: hãy truyền `first`.',
  ],
  VARIABLES_TOO_DEEP: [400, 'The variables are nested too deep.', 'Các biến lồng quá sâu.'],
  FRAGMENT_CYCLE: [400, 'A fragment spreads itself.', 'Fragment tự chứa chính nó.'],
  LIST_TOO_LONG: [400, 'A page or an input list is too long.', 'Trang hoặc danh sách đầu vào quá dài.'],
  QUERY_TOO_COSTLY: [
    400,
    'The operation costs too much.',
    'Thao tác vượt chi phí cho phép. Hãy giảm kích thước trang hoặc số trường.',
  ],
  OPERATION_NOT_FOUND: [
    400,
    'The document does not hold this operation; name one with `operationName`.',
    'Tài liệu truy vấn không có thao tác này; hãy nêu `operationName`.',
  ],
  THROTTLED: [
    429,
    'The budget of this application for such operations is spent for the moment. Wait `retryAfter` seconds; ask for less at once, or read `extensions.cost` and keep below `restoreRate`.',
    'Hạn mức của ứng dụng cho loại thao tác này tạm thời đã dùng hết. Hãy chờ `retryAfter` giây; mỗi lần hỏi ít hơn, hoặc theo dõi `extensions.cost` và giữ dưới mức `restoreRate`.',
  ],
  SERVICE_UNAVAILABLE: [
    503,
    'A part of the platform cannot be reached. Try again in a few seconds.',
    'Một phần hệ thống tạm thời không kết nối được. Hãy thử lại sau vài giây.',
  ],
  REQUEST_TIMEOUT: [
    504,
    'The operation took too long and was stopped. Ask for less.',
    'Thao tác kéo dài quá lâu nên đã bị dừng. Hãy giảm lượng dữ liệu.',
  ],
  INTERNAL: [
    500,
    'Something went wrong on our side. Tell us the `errorId`.',
    'Lỗi phía hệ thống. Hãy báo cho chúng tôi mã `errorId`.',
  ],
} as const satisfies Record<string, readonly [number, string, string]>

export type ErrorCode = keyof typeof ERROR_CODES

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_CODES, code)
}

export interface ErrorDetails {
  /** A more exact English sentence than the code's own. Must hold no personal data. */
  message?: string
  messageVi?: string
  /** Input path of the fault, as in `input.scores.3.value`. */
  path?: readonly (string | number)[]
  [extension: string]: unknown
}

/** A refusal or failure that the caller may read. Anything else that is thrown is masked at the gateway. */
export class PlatformError extends GraphQLError {
  readonly code: ErrorCode

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    const [, message, messageVi] = ERROR_CODES[code]
    const { message: exact, messageVi: exactVi, ...extensions } = details
    super(exact ?? message, { extensions: { code, messageVi: exactVi ?? messageVi, ...extensions } })
    this.code = code
  }
}

/** The shape of one refused record in a batch answer. */
export interface RecordFault {
  code: ErrorCode
  path: string
  message: string
  messageVi: string
}

export function recordFault(code: ErrorCode, path: string): RecordFault {
  const [, message, messageVi] = ERROR_CODES[code]
  return { code, path, message, messageVi }
}
