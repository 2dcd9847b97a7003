// The small stable lists of registration and of agreements.
import { registerEnumType } from 'type-graphql'

export enum CertificateKind {
  ISO_27001 = 'ISO_27001',
  SYSTEM_SECURITY_LEVEL_3 = 'SYSTEM_SECURITY_LEVEL_3',
  DATA_PROTECTION_IMPACT = 'DATA_PROTECTION_IMPACT',
}
registerEnumType(CertificateKind, {
  name: 'CertificateKind',
  description: 'What a vendor proves before its products are appraised (loại chứng nhận).',
  valuesConfig: {
    ISO_27001: { description: 'Hệ thống quản lý an toàn thông tin, ISO/IEC 27001.' },
    SYSTEM_SECURITY_LEVEL_3: { description: 'Hệ thống thông tin an toàn cấp độ 3. Decree 85/2016.' },
    DATA_PROTECTION_IMPACT: { description: 'Hồ sơ đánh giá tác động xử lý dữ liệu cá nhân. Law 91/2025/QH15, Decree 356/2025.' },
  },
})

export enum AgreementState {
  SIGNED = 'SIGNED',
  ENDED = 'ENDED',
  STOPPED = 'STOPPED',
}
registerEnumType(AgreementState, {
  name: 'AgreementState',
  description: 'Where an agreement stands (trạng thái thỏa thuận).',
  valuesConfig: {
    SIGNED: { description: 'Đã ký: in force within its validity.' },
    ENDED: { description: 'Đã chấm dứt by the school or the vendor.' },
    STOPPED: { description: 'Bị dừng by the authority that manages the school, or by the Sở.' },
  },
})

export enum ProposalState {
  PROPOSED = 'PROPOSED',
  SIGNED = 'SIGNED',
  REFUSED = 'REFUSED',
  WITHDRAWN = 'WITHDRAWN',
}
registerEnumType(ProposalState, {
  name: 'ProposalState',
  description: 'What became of a proposal (trạng thái đề nghị).',
  valuesConfig: {
    PROPOSED: { description: 'Chờ hiệu trưởng quyết định.' },
    SIGNED: { description: 'Đã ký.' },
    REFUSED: { description: 'Hiệu trưởng từ chối.' },
    WITHDRAWN: { description: 'Đã rút, or overtaken by the end or the narrowing of the agreement it amends.' },
  },
})

export enum RegistrySubject {
  VENDOR = 'VENDOR',
  APPLICATION = 'APPLICATION',
  CREDENTIAL = 'CREDENTIAL',
  AGREEMENT = 'AGREEMENT',
  ACCOUNT = 'ACCOUNT',
}
registerEnumType(RegistrySubject, {
  name: 'RegistrySubject',
  description: 'What a registry event is about.',
  valuesConfig: {
    VENDOR: { description: 'Nhà cung cấp.' },
    APPLICATION: { description: 'Ứng dụng: request, decision, suspension, revocation.' },
    CREDENTIAL: { description: 'Khóa của ứng dụng.' },
    AGREEMENT: { description: 'Thỏa thuận của một trường.' },
    ACCOUNT: { description: 'Tài khoản của một trường.' },
  },
})
