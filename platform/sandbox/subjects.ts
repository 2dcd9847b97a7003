// The subjects of the 2018 general education programme, with the yearly periods each level gives them (TT32/2018; GDTX: TT12/2022).
import type { IdMint } from './random.ts'
import type { Level, SubjectOfferingRow, SubjectRow } from './model.ts'

type Offering = [level: Level, fromGrade: number, toGrade: number, periodsPerYear: number, kind?: 'CHOSEN']
type Entry = [code: string, name: string, nameEn: string, assessment: SubjectRow['assessment'], ...offerings: Offering[]]

const PROGRAMME: readonly Entry[] = [
  ['TIENG_VIET', 'Tiếng Việt', 'Vietnamese', 'SCORED', ['TH', 1, 1, 420], ['TH', 2, 2, 350], ['TH', 3, 5, 245]],
  [
    'TOAN',
    'Toán',
    'Mathematics',
    'SCORED',
    ['TH', 1, 1, 105],
    ['TH', 2, 5, 175],
    ['THCS', 6, 9, 140],
    ['THPT', 10, 12, 105],
    ['GDTX', 10, 12, 105],
  ],
  ['NGU_VAN', 'Ngữ văn', 'Literature', 'SCORED', ['THCS', 6, 9, 140], ['THPT', 10, 12, 105], ['GDTX', 10, 12, 105]],
  ['NGOAI_NGU_1', 'Ngoại ngữ 1', 'Foreign language 1', 'SCORED', ['TH', 3, 5, 140], ['THCS', 6, 9, 105], ['THPT', 10, 12, 105]],
  ['DAO_DUC', 'Đạo đức', 'Ethics', 'COMMENT', ['TH', 1, 5, 35]],
  ['TN_XH', 'Tự nhiên và Xã hội', 'Nature and society', 'COMMENT', ['TH', 1, 3, 70]],
  ['KHOA_HOC', 'Khoa học', 'Science', 'SCORED', ['TH', 4, 5, 70]],
  ['TIN_HOC_CONG_NGHE', 'Tin học và Công nghệ', 'Informatics and technology', 'SCORED', ['TH', 3, 5, 70]],
  ['LS_DL', 'Lịch sử và Địa lí', 'History and geography', 'SCORED', ['TH', 4, 5, 70], ['THCS', 6, 9, 105]],
  ['KHTN', 'Khoa học tự nhiên', 'Natural science', 'SCORED', ['THCS', 6, 9, 140]],
  ['GDCD', 'Giáo dục công dân', 'Civic education', 'SCORED', ['THCS', 6, 9, 35]],
  [
    'CONG_NGHE',
    'Công nghệ',
    'Technology',
    'SCORED',
    ['THCS', 6, 7, 35],
    ['THCS', 8, 9, 52],
    ['THPT', 10, 12, 70, 'CHOSEN'],
    ['GDTX', 10, 12, 70, 'CHOSEN'],
  ],
  [
    'TIN_HOC',
    'Tin học',
    'Informatics',
    'SCORED',
    ['THCS', 6, 9, 35],
    ['THPT', 10, 12, 70, 'CHOSEN'],
    ['GDTX', 10, 12, 70, 'CHOSEN'],
  ],
  ['LICH_SU', 'Lịch sử', 'History', 'SCORED', ['THPT', 10, 12, 52], ['GDTX', 10, 12, 52]],
  ['DIA_LI', 'Địa lí', 'Geography', 'SCORED', ['THPT', 10, 12, 70, 'CHOSEN'], ['GDTX', 10, 12, 70, 'CHOSEN']],
  [
    'GDKT_PL',
    'Giáo dục kinh tế và pháp luật',
    'Economic and legal education',
    'SCORED',
    ['THPT', 10, 12, 70, 'CHOSEN'],
    ['GDTX', 10, 12, 70, 'CHOSEN'],
  ],
  ['VAT_LI', 'Vật lí', 'Physics', 'SCORED', ['THPT', 10, 12, 70, 'CHOSEN'], ['GDTX', 10, 12, 70, 'CHOSEN']],
  ['HOA_HOC', 'Hóa học', 'Chemistry', 'SCORED', ['THPT', 10, 12, 70, 'CHOSEN'], ['GDTX', 10, 12, 70, 'CHOSEN']],
  ['SINH_HOC', 'Sinh học', 'Biology', 'SCORED', ['THPT', 10, 12, 70, 'CHOSEN'], ['GDTX', 10, 12, 70, 'CHOSEN']],
  ['AM_NHAC', 'Âm nhạc', 'Music', 'SCORED', ['THPT', 10, 12, 70, 'CHOSEN']],
  ['MI_THUAT', 'Mĩ thuật', 'Fine arts', 'SCORED', ['THPT', 10, 12, 70, 'CHOSEN']],
  ['GDQP_AN', 'Giáo dục quốc phòng và an ninh', 'National defence and security education', 'SCORED', ['THPT', 10, 12, 35]],
  ['GDTC', 'Giáo dục thể chất', 'Physical education', 'COMMENT', ['TH', 1, 5, 70], ['THCS', 6, 9, 70], ['THPT', 10, 12, 70]],
  ['NGHE_THUAT', 'Nghệ thuật', 'Arts', 'COMMENT', ['TH', 1, 5, 70], ['THCS', 6, 9, 70]],
  ['HDTN', 'Hoạt động trải nghiệm', 'Experiential activities', 'COMMENT', ['TH', 1, 5, 105]],
  [
    'HDTN_HN',
    'Hoạt động trải nghiệm, hướng nghiệp',
    'Experiential and career activities',
    'COMMENT',
    ['THCS', 6, 9, 105],
    ['THPT', 10, 12, 105],
    ['GDTX', 10, 12, 105],
  ],
  [
    'GDDP',
    'Nội dung giáo dục của địa phương',
    'Local education',
    'COMMENT',
    ['THCS', 6, 9, 35],
    ['THPT', 10, 12, 35],
    ['GDTX', 10, 12, 35],
  ],
]

export function makeSubjects(ids: IdMint): { subjects: SubjectRow[]; offerings: SubjectOfferingRow[] } {
  const subjects: SubjectRow[] = []
  const offerings: SubjectOfferingRow[] = []
  for (const [code, name, nameEn, assessment, ...entries] of PROGRAMME) {
    const subject: SubjectRow = {
      id: ids.next(),
      code,
      name,
      nameEn,
      assessment,
      levels: [...new Set(entries.map(([level]) => level))],
    }
    subjects.push(subject)
    for (const [level, fromGrade, toGrade, periodsPerYear, kind] of entries) {
      offerings.push({
        subjectId: subject.id,
        subjectCode: code,
        level,
        fromGrade,
        toGrade,
        periodsPerYear,
        compulsory: kind !== 'CHOSEN',
      })
    }
  }
  return { subjects, offerings }
}

/** What one class is taught: all compulsory subjects of its grade, and those it chose. */
export function subjectsOf(
  offerings: readonly SubjectOfferingRow[],
  { level, grade, electives }: { level: Level; grade: number; electives: readonly string[] },
): SubjectOfferingRow[] {
  return offerings.filter(
    (offering) =>
      offering.level === level &&
      grade >= offering.fromGrade &&
      grade <= offering.toGrade &&
      (offering.compulsory || electives.includes(offering.subjectCode)),
  )
}

/** Yearly periods over 35 weeks, to the nearest half period. */
export const weeklyPeriods = (periodsPerYear: number): number => Math.round((periodsPerYear * 2) / 35) / 2
