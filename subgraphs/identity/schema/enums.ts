// The small stable lists of the registry.
import { registerEnumType } from 'type-graphql'

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

export enum AccessEnvironment {
  SANDBOX = 'SANDBOX',
  PRODUCTION = 'PRODUCTION',
}
registerEnumType(AccessEnvironment, {
  name: 'AccessEnvironment',
  description: 'Which data an application or a caller works on (môi trường).',
  valuesConfig: {
    SANDBOX: { description: 'Môi trường thử nghiệm: synthetic pupils only.' },
    PRODUCTION: { description: 'Môi trường chính thức.' },
  },
})

export enum RegistryStatus {
  DRAFT = 'DRAFT',
  REQUESTED = 'REQUESTED',
  REFUSED = 'REFUSED',
  ACTIVE = 'ACTIVE',
  SUSPENDED = 'SUSPENDED',
  REVOKED = 'REVOKED',
}
registerEnumType(RegistryStatus, {
  name: 'RegistryStatus',
  description: 'Whether an application may be used (trạng thái).',
  valuesConfig: {
    DRAFT: { description: 'Bản nháp: registered, nothing asked for yet.' },
    REQUESTED: { description: 'Đã đề nghị: the Sở has not decided.' },
    REFUSED: { description: 'Bị từ chối; may be asked for again.' },
    ACTIVE: { description: 'Đã phê duyệt, đang hoạt động.' },
    SUSPENDED: { description: 'Tạm đình chỉ: every token of it is refused until the Sở lifts the suspension.' },
    REVOKED: { description: 'Đã thu hồi, for good.' },
  },
})

export enum TokenBinding {
  OPTIONAL = 'OPTIONAL',
  REQUIRED = 'REQUIRED',
}
registerEnumType(TokenBinding, {
  name: 'TokenBinding',
  description: 'Whether the tokens of an application are bound to a key (token gắn khóa, DPoP). RFC 9449.',
  valuesConfig: {
    OPTIONAL: { description: 'Không bắt buộc: a token is bound when it is asked for with a proof, and a bearer token otherwise.' },
    REQUIRED: { description: 'Bắt buộc: the application gets no token without a proof.' },
  },
})

export enum Sensitivity {
  PUBLIC = 'PUBLIC',
  BASIC = 'BASIC',
  SENSITIVE = 'SENSITIVE',
}
registerEnumType(Sensitivity, {
  name: 'Sensitivity',
  description: 'How closely the data behind a scope is kept. Law 91/2025/QH15.',
  valuesConfig: {
    PUBLIC: { description: 'Không phải dữ liệu cá nhân.' },
    BASIC: { description: 'Dữ liệu cá nhân cơ bản.' },
    SENSITIVE: { description: 'Dữ liệu cá nhân nhạy cảm, or kept as closely.' },
  },
})

export enum LegalBasis {
  LAW = 'LAW',
  AGREEMENT = 'AGREEMENT',
  CONSENT = 'CONSENT',
}
registerEnumType(LegalBasis, {
  name: 'LegalBasis',
  description: 'What makes the processing behind a scope lawful (căn cứ xử lý).',
  valuesConfig: {
    LAW: { description: 'Quản lý nhà nước: by law, without consent.' },
    AGREEMENT: { description: 'Thỏa thuận giữa nhà trường và nhà cung cấp.' },
    CONSENT: { description: 'Sự đồng ý của cha mẹ, người giám hộ; withdrawable.' },
  },
})

export enum PartyKind {
  APPLICATION = 'APPLICATION',
  PERSON = 'PERSON',
}
registerEnumType(PartyKind, {
  name: 'PartyKind',
  description: 'What stands behind a token.',
  valuesConfig: {
    APPLICATION: { description: 'Ứng dụng của nhà cung cấp.' },
    PERSON: { description: 'Một người có tài khoản.' },
  },
})

export enum AccountRole {
  AUTHORITY_OFFICER = 'AUTHORITY_OFFICER',
  COMPLIANCE_OFFICER = 'COMPLIANCE_OFFICER',
  PRINCIPAL = 'PRINCIPAL',
  TEACHER = 'TEACHER',
  DEVELOPER = 'DEVELOPER',
}
registerEnumType(AccountRole, {
  name: 'AccountRole',
  description: 'What a person is to the platform (vai trò).',
  valuesConfig: {
    AUTHORITY_OFFICER: { description: 'Cán bộ Sở, Phòng, xã/phường: the schools below the authority.' },
    COMPLIANCE_OFFICER: { description: 'Cán bộ giám sát tuân thủ: registry, agreements and access log; no pupil data.' },
    PRINCIPAL: { description: 'Hiệu trưởng: the own school.' },
    TEACHER: { description: 'Giáo viên: the own school, as far as assigned.' },
    DEVELOPER: { description: 'Người phát triển, in the sandbox: own sandbox tenants with synthetic pupils only, and the own vendor.' },
  },
})

export enum AuditKind {
  OPERATION = 'OPERATION',
  WRITE = 'WRITE',
}
registerEnumType(AuditKind, {
  name: 'AuditKind',
  description: 'What an audit record tells of.',
  valuesConfig: {
    OPERATION: { description: 'An operation at the gateway, reads included.' },
    WRITE: { description: 'A change, recorded in the transaction of the change itself.' },
  },
})

export enum AuditOutcome {
  ALLOWED = 'ALLOWED',
  PARTIAL = 'PARTIAL',
  REFUSED = 'REFUSED',
  FAILED = 'FAILED',
}
registerEnumType(AuditOutcome, {
  name: 'AuditOutcome',
  description: 'How an audited operation ended (kết quả).',
  valuesConfig: {
    ALLOWED: { description: 'Answered in full.' },
    PARTIAL: { description: 'Answered, with errors on some fields.' },
    REFUSED: { description: 'Refused; nothing was read.' },
    FAILED: { description: 'Ended by a fault of the platform.' },
  },
})
