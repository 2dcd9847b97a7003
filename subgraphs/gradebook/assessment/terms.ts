// The official Vietnamese words, and the letters of paper books, for the codes of assessment.

import type {
  ConductLevel,
  LearningLevel,
  PrimaryYearLevel,
  PromotionOutcome,
  RegulationCode,
  RemarkMark,
  ScoreKind,
  SubjectLevel,
  Title,
  TraitLevel,
} from './types.ts'

export const REGULATION_NAMES: Record<RegulationCode, string> = {
  TT58_2011: 'Thông tư 58/2011/TT-BGDĐT',
  TT26_2020: 'Thông tư 26/2020/TT-BGDĐT',
  TT22_2021: 'Thông tư 22/2021/TT-BGDĐT',
  TT43_2021: 'Thông tư 43/2021/TT-BGDĐT',
  TT30_2014: 'Thông tư 30/2014/TT-BGDĐT',
  TT22_2016: 'Thông tư 22/2016/TT-BGDĐT',
  TT27_2020: 'Thông tư 27/2020/TT-BGDĐT',
}

export const SCORE_KIND_TERMS: Record<ScoreKind, string> = {
  REGULAR: 'đánh giá thường xuyên',
  ORAL: 'kiểm tra miệng',
  FIFTEEN_MINUTE: 'kiểm tra 15 phút',
  PRACTICE: 'thực hành dưới 1 tiết',
  ONE_PERIOD: 'kiểm tra từ 1 tiết trở lên',
  MIDTERM: 'giữa kì',
  FINAL: 'cuối kì',
}

export const REMARK_TERMS: Record<RemarkMark, string> = { PASSED: 'Đạt', NOT_PASSED: 'Chưa đạt' }

export const LEARNING_TERMS: Record<LearningLevel, string> = {
  GOOD: 'Tốt',
  EXCELLENT: 'Giỏi',
  FAIR: 'Khá',
  AVERAGE: 'Trung bình',
  PASSED: 'Đạt',
  WEAK: 'Yếu',
  NOT_PASSED: 'Chưa đạt',
  POOR: 'Kém',
}

export const CONDUCT_TERMS: Record<ConductLevel, string> = {
  GOOD: 'Tốt',
  FAIR: 'Khá',
  AVERAGE: 'Trung bình',
  PASSED: 'Đạt',
  WEAK: 'Yếu',
  NOT_PASSED: 'Chưa đạt',
}

export const TITLE_TERMS: Record<Title, string> = {
  OUTSTANDING_STUDENT: 'Học sinh Xuất sắc',
  EXCELLENT_STUDENT: 'Học sinh Giỏi',
  ADVANCED_STUDENT: 'Học sinh tiên tiến',
  EXEMPLARY_STUDENT: 'Học sinh Tiêu biểu hoàn thành tốt trong học tập và rèn luyện',
}

export const PROMOTION_TERMS: Record<PromotionOutcome, string> = {
  PROMOTED: 'Được lên lớp',
  RETEST: 'Kiểm tra, đánh giá lại môn học trong kì nghỉ hè',
  SUMMER_TRAINING: 'Rèn luyện trong kì nghỉ hè',
  RETAINED: 'Không được lên lớp',
  SUPPLEMENTARY_ASSESSMENT: 'Hướng dẫn, giúp đỡ và đánh giá bổ sung',
}

export const SUBJECT_LEVEL_TERMS: Record<SubjectLevel, { term: string; letter: string }> = {
  COMPLETED_WELL: { term: 'Hoàn thành tốt', letter: 'T' },
  COMPLETED: { term: 'Hoàn thành', letter: 'H' },
  NOT_COMPLETED: { term: 'Chưa hoàn thành', letter: 'C' },
}

// Cần cố gắng (TT22/2016, TT27/2020) and Chưa đạt (TT30/2014) share a letter on paper and are two levels in data.
export const TRAIT_LEVEL_TERMS: Record<TraitLevel, { term: string; letter: string }> = {
  GOOD: { term: 'Tốt', letter: 'T' },
  PASSED: { term: 'Đạt', letter: 'Đ' },
  NEEDS_EFFORT: { term: 'Cần cố gắng', letter: 'C' },
  NOT_PASSED: { term: 'Chưa đạt', letter: 'C' },
}

export const PRIMARY_YEAR_TERMS: Record<PrimaryYearLevel, string> = {
  OUTSTANDING: 'Hoàn thành xuất sắc',
  COMPLETED_WELL: 'Hoàn thành tốt',
  COMPLETED: 'Hoàn thành',
  NOT_COMPLETED: 'Chưa hoàn thành',
}
