// The small stable lists of the contact book.
import { registerEnumType } from 'type-graphql'

export enum MessageCategory {
  SCORE = 'SCORE',
  ATTENDANCE = 'ATTENDANCE',
  HEALTH = 'HEALTH',
  ACTIVITY = 'ACTIVITY',
  NOTICE = 'NOTICE',
  INVITATION = 'INVITATION',
  DIRECTIVE = 'DIRECTIVE',
}
registerEnumType(MessageCategory, {
  name: 'MessageCategory',
  description: 'What a message is about (nội dung tin nhắn).',
  valuesConfig: {
    SCORE: { description: 'Kết quả học tập.' },
    ATTENDANCE: { description: 'Chuyên cần.' },
    HEALTH: { description: 'Y tế học đường.' },
    ACTIVITY: { description: 'Hoạt động hằng ngày, hằng tuần.' },
    NOTICE: { description: 'Thông báo.' },
    INVITATION: { description: 'Giấy mời.' },
    DIRECTIVE: { description: 'Văn bản chỉ đạo.' },
  },
})

export enum MessageChannel {
  SMS = 'SMS',
  OTT = 'OTT',
  WEB = 'WEB',
  EMAIL = 'EMAIL',
}
registerEnumType(MessageChannel, {
  name: 'MessageChannel',
  description: 'The way a message takes (kênh gửi).',
  valuesConfig: {
    SMS: { description: 'Tin nhắn SMS, under the school’s brandname.' },
    OTT: { description: 'Ứng dụng trên điện thoại: Vietnamese with diacritics.' },
    WEB: { description: 'Trang tra cứu.' },
    EMAIL: { description: 'Thư điện tử.' },
  },
})

export enum DeliveryState {
  QUEUED = 'QUEUED',
  SENT = 'SENT',
  DELIVERED = 'DELIVERED',
  FAILED = 'FAILED',
}
registerEnumType(DeliveryState, {
  name: 'DeliveryState',
  description: 'How far a message has come (trạng thái gửi).',
  valuesConfig: {
    QUEUED: { description: 'Chờ gửi.' },
    SENT: { description: 'Đã chuyển cho nhà mạng hoặc ứng dụng.' },
    DELIVERED: { description: 'Đã tới phụ huynh.' },
    FAILED: { description: 'Gửi không thành công.' },
  },
})

export enum BrandnameStatus {
  PENDING = 'PENDING',
  APPROVED = 'APPROVED',
  REVOKED = 'REVOKED',
}
registerEnumType(BrandnameStatus, {
  name: 'BrandnameStatus',
  description: 'Whether a brandname may be used (trạng thái tên định danh).',
  valuesConfig: {
    PENDING: { description: 'Chờ duyệt.' },
    APPROVED: { description: 'Đã duyệt.' },
    REVOKED: { description: 'Đã thu hồi.' },
  },
})
