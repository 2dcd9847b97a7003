// The small stable lists of consents.
import { registerEnumType } from 'type-graphql'

export enum ConsentPurpose {
  CONTACT_BOOK = 'CONTACT_BOOK',
  VENDOR_EXTRA = 'VENDOR_EXTRA',
  HEALTH = 'HEALTH',
  MEDIA = 'MEDIA',
  RESEARCH = 'RESEARCH',
}
// One for each thing that a family can sensibly say yes to and no to apart from the others; what rests on law or on the
// school's agreement (roster, marks, reports to the authority) is not in the list, because nobody may be asked for it.
registerEnumType(ConsentPurpose, {
  name: 'ConsentPurpose',
  description: 'What a family consents to (mục đích xử lý). Each is asked for by itself. Law 91/2025/QH15.',
  valuesConfig: {
    CONTACT_BOOK: { description: 'Sổ liên lạc điện tử: the guardian is written to, by SMS or OTT, and their contact is shown to the application. A guardian’s to give.' },
    VENDOR_EXTRA: { description: 'Tiện ích thêm của nhà cung cấp, beyond what the school is charged with.' },
    HEALTH: { description: 'Dữ liệu sức khỏe (nhạy cảm) của học sinh.' },
    MEDIA: { description: 'Công khai hình ảnh, thành tích, thông tin đời sống riêng tư. From 7 years the child consents too.' },
    RESEARCH: { description: 'Nghiên cứu, khảo sát ngoài nhiệm vụ quản lý nhà nước.' },
  },
})

export enum ConsentGiver {
  GUARDIAN = 'GUARDIAN',
  STUDENT = 'STUDENT',
}
registerEnumType(ConsentGiver, {
  name: 'ConsentGiver',
  description: 'Who gives a consent (người đồng ý).',
  valuesConfig: {
    GUARDIAN: { description: 'Cha, mẹ, người giám hộ: speaks for a child under 16.' },
    STUDENT: { description: 'Học sinh: from 16 alone, from 7 beside the guardian for MEDIA.' },
  },
})

export enum ConsentStatus {
  GIVEN = 'GIVEN',
  WITHDRAWN = 'WITHDRAWN',
}
registerEnumType(ConsentStatus, {
  name: 'ConsentStatus',
  description: 'Whether a consent stands (trạng thái).',
  valuesConfig: {
    GIVEN: { description: 'Đã đồng ý.' },
    WITHDRAWN: { description: 'Đã rút lại.' },
  },
})

export enum ConsentEventKind {
  GIVEN = 'GIVEN',
  RENEWED = 'RENEWED',
  WITHDRAWN = 'WITHDRAWN',
}
registerEnumType(ConsentEventKind, {
  name: 'ConsentEventKind',
  description: 'What happened to a consent.',
  valuesConfig: {
    GIVEN: { description: 'Cho sự đồng ý.' },
    RENEWED: { description: 'Thay minh chứng khi sự đồng ý còn hiệu lực.' },
    WITHDRAWN: { description: 'Rút lại.' },
  },
})

export enum ConsentEvidenceKind {
  SIGNED_FORM = 'SIGNED_FORM',
  ELECTRONIC_FORM = 'ELECTRONIC_FORM',
  TEXT_MESSAGE = 'TEXT_MESSAGE',
  VOICE_RECORDING = 'VOICE_RECORDING',
}
registerEnumType(ConsentEvidenceKind, {
  name: 'ConsentEvidenceKind',
  description: 'What proves a consent (minh chứng). Silence and pre-ticked boxes prove nothing. Law 91/2025/QH15.',
  valuesConfig: {
    SIGNED_FORM: { description: 'Phiếu đồng ý có chữ ký.' },
    ELECTRONIC_FORM: { description: 'Ô đồng ý do chính người đồng ý đánh dấu trên biểu mẫu điện tử.' },
    TEXT_MESSAGE: { description: 'Tin nhắn theo cú pháp đồng ý.' },
    VOICE_RECORDING: { description: 'Bản ghi âm.' },
  },
})
