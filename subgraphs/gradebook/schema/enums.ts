// The small stable lists of the gradebook. Plain objects, so that their values are the very words of the pure rules.
import { registerEnumType } from 'type-graphql'
import type { RegulationCode as AssessmentRegulationCode, RemarkMark, ScoreKind as AssessmentScoreKind } from '../assessment/types.ts'

type Values<T extends string> = { readonly [K in T]: K }

export const GradebookState = { OPEN: 'OPEN', LOCKED: 'LOCKED', CLOSED: 'CLOSED' } as const
export type GradebookState = keyof typeof GradebookState
registerEnumType(GradebookState, {
  name: 'GradebookState',
  description: 'Whether marks may be entered (trạng thái sổ điểm).',
  valuesConfig: {
    OPEN: { description: 'Đang mở: teachers enter marks until the deadlines.' },
    LOCKED: { description: 'Đã khóa by the principal; only the principal opens it again.' },
    CLOSED: { description: 'Đã chốt: printed, signed and archived as evidence.' },
  },
})

export const ScoreKind: Values<AssessmentScoreKind> = {
  REGULAR: 'REGULAR',
  ORAL: 'ORAL',
  FIFTEEN_MINUTE: 'FIFTEEN_MINUTE',
  PRACTICE: 'PRACTICE',
  ONE_PERIOD: 'ONE_PERIOD',
  MIDTERM: 'MIDTERM',
  FINAL: 'FINAL',
}
export type ScoreKind = AssessmentScoreKind
registerEnumType(ScoreKind, {
  name: 'ScoreKind',
  description: 'Kind of mark (loại điểm). Which kinds a class knows is the matter of its regulation.',
  valuesConfig: {
    REGULAR: { description: 'Đánh giá thường xuyên (ĐĐGtx). TT26/2020, TT22/2021.' },
    ORAL: { description: 'Kiểm tra miệng: a regular mark.' },
    FIFTEEN_MINUTE: { description: 'Kiểm tra 15 phút: a regular mark.' },
    PRACTICE: { description: 'Thực hành dưới 1 tiết: a regular mark.' },
    ONE_PERIOD: { description: 'Kiểm tra từ 1 tiết trở lên. TT58/2011 only.' },
    MIDTERM: { description: 'Giữa kỳ (ĐĐGgk): one a term.' },
    FINAL: { description: 'Cuối kỳ (ĐĐGck): one a term.' },
  },
})

export const ScoreRemark: Values<RemarkMark> = { PASSED: 'PASSED', NOT_PASSED: 'NOT_PASSED' }
export type ScoreRemark = RemarkMark
registerEnumType(ScoreRemark, {
  name: 'ScoreRemark',
  description: 'Mark of a subject assessed by comment (mức đánh giá). TT22/2021, Điều 6, Điều 7.',
  valuesConfig: { PASSED: { description: 'Đạt.' }, NOT_PASSED: { description: 'Chưa đạt.' } },
})

export const RegulationCode: Values<AssessmentRegulationCode> = {
  TT58_2011: 'TT58_2011',
  TT26_2020: 'TT26_2020',
  TT22_2021: 'TT22_2021',
  TT43_2021: 'TT43_2021',
  TT30_2014: 'TT30_2014',
  TT22_2016: 'TT22_2016',
  TT27_2020: 'TT27_2020',
}
export type RegulationCode = AssessmentRegulationCode
registerEnumType(RegulationCode, {
  name: 'RegulationCode',
  description: 'Circular of the Ministry that assesses a class (thông tư đánh giá), by its school year and grade.',
  valuesConfig: {
    TT58_2011: { description: 'Thông tư 58/2011/TT-BGDĐT: THCS, THPT, old programme.' },
    TT26_2020: { description: 'Thông tư 26/2020/TT-BGDĐT: amends TT58/2011 from 11/10/2020.' },
    TT22_2021: { description: 'Thông tư 22/2021/TT-BGDĐT: THCS, THPT, 2018 programme.' },
    TT43_2021: { description: 'Thông tư 43/2021/TT-BGDĐT: giáo dục thường xuyên, 2018 programme.' },
    TT30_2014: { description: 'Thông tư 30/2014/TT-BGDĐT: primary, comments only.' },
    TT22_2016: { description: 'Thông tư 22/2016/TT-BGDĐT: primary, old programme.' },
    TT27_2020: { description: 'Thông tư 27/2020/TT-BGDĐT: primary, 2018 programme.' },
  },
})

export const ResultReasonCode = {
  COMPONENT_MISSING: 'COMPONENT_MISSING',
  COMPONENT_INVALID: 'COMPONENT_INVALID',
  NO_TERM_AVERAGE: 'NO_TERM_AVERAGE',
  REGULATION_UNKNOWN: 'REGULATION_UNKNOWN',
} as const
export type ResultReasonCode = keyof typeof ResultReasonCode
registerEnumType(ResultReasonCode, {
  name: 'ResultReasonCode',
  description: 'Why a subject has no result yet.',
  valuesConfig: {
    COMPONENT_MISSING: { description: 'Marks that the regulation asks for are missing; never a partial average.' },
    COMPONENT_INVALID: { description: 'A mark in store is not one that the regulation knows.' },
    NO_TERM_AVERAGE: { description: 'The regulation works out no term average for this subject (primary school).' },
    REGULATION_UNKNOWN: { description: 'No regulation with marks assesses this class (preschool).' },
  },
})
