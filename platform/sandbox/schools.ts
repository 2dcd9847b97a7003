// The 24 schools and their classes: invented schools on real communes.
import type { IdMint } from './random.ts'
import type { ApplicationRow, ClassRow, Level, SchoolRow } from './model.ts'
import { getCommune } from './units.ts'

/** The twelve communes that manage a school, with the district their schools' old codes still name. */
export const COMMUNES: Readonly<Record<string, '380' | '399'>> = {
  '14758': '380', // Hàm Rồng
  '14797': '380', // Hạc Thành
  '15925': '380', // Nguyệt Viên
  '16522': '380', // Quảng Phú
  '15865': '399', // Hoằng Hoá
  '15880': '399', // Hoằng Giang
  '15889': '399', // Hoằng Phú
  '15910': '399', // Hoằng Sơn
  '15961': '399', // Hoằng Lộc
  '15976': '399', // Hoằng Châu
  '15991': '399', // Hoằng Tiến
  '16000': '399', // Hoằng Thanh
}

const [HAM_RONG, HAC_THANH, NGUYET_VIEN, QUANG_PHU] = ['14758', '14797', '15925', '16522'] as const
const [HOANG_HOA, HOANG_GIANG, HOANG_PHU, HOANG_SON] = ['15865', '15880', '15889', '15910'] as const
const [HOANG_LOC, HOANG_CHAU, HOANG_TIEN, HOANG_THANH] = ['15961', '15976', '15991', '16000'] as const

export interface SchoolPlan {
  key: string
  levels: Level[]
  communeCode: string
  /** Second half of the name. No real school carries two communes' names, so none can be mistaken for one of these. */
  namesake: string
  ownership: SchoolRow['ownership']
  /** Classes per grade, level by level. */
  classes: Partial<Record<Level, readonly number[]>>
  /** The school-management product in use; null: none yet, so that adoption is not 100 %. */
  product: Exclude<ApplicationRow['code'], 'enetviet'> | null
  contactBook: boolean
}

const plan = (
  key: string,
  communeCode: string,
  namesake: string,
  classes: SchoolPlan['classes'],
  product: SchoolPlan['product'],
  contactBook: boolean,
  ownership: SchoolRow['ownership'] = 'PUBLIC',
): SchoolPlan => ({
  key,
  levels: Object.keys(classes) as Level[],
  communeCode,
  namesake,
  ownership,
  classes,
  product,
  contactBook,
})

export const SCHOOL_PLANS: readonly SchoolPlan[] = [
  plan('mn-ham-rong', HAM_RONG, NGUYET_VIEN, { MN: [1, 2, 2, 2] }, 'smas', true),
  plan('mn-hac-thanh', HAC_THANH, HAM_RONG, { MN: [2, 2, 2, 2] }, 'misa-emis', true, 'PRIVATE'),
  plan('mn-quang-phu', QUANG_PHU, HAC_THANH, { MN: [1, 1, 2, 1] }, 'vnedu', false),
  plan('mn-hoang-hoa', HOANG_HOA, HOANG_PHU, { MN: [1, 2, 2, 2] }, 'vnedu', true),
  plan('mn-hoang-tien', HOANG_TIEN, HOANG_THANH, { MN: [0, 1, 1, 2] }, 'vietschool', false),
  plan('mn-nguyet-vien', NGUYET_VIEN, QUANG_PHU, { MN: [0, 1, 1, 1] }, null, false),
  plan('th-ham-rong', HAM_RONG, HAC_THANH, { TH: [2, 2, 2, 2, 2] }, 'smas', true),
  plan('th-hac-thanh', HAC_THANH, QUANG_PHU, { TH: [3, 2, 2, 2, 2] }, 'vnedu', true),
  plan('th-quang-phu', QUANG_PHU, NGUYET_VIEN, { TH: [2, 2, 2, 2, 1] }, 'misa-emis', true),
  plan('th-hoang-hoa', HOANG_HOA, HOANG_SON, { TH: [2, 2, 2, 2, 2] }, 'smas', true),
  plan('th-hoang-loc', HOANG_LOC, HOANG_CHAU, { TH: [1, 1, 2, 1, 1] }, 'vietschool', false),
  plan('th-hoang-thanh', HOANG_THANH, HOANG_TIEN, { TH: [1, 1, 1, 1, 1] }, 'smas', false),
  plan('th-hoang-chau', HOANG_CHAU, HOANG_LOC, { TH: [1, 1, 1, 1, 1] }, null, false),
  plan('thcs-hac-thanh', HAC_THANH, NGUYET_VIEN, { THCS: [2, 2, 2, 2] }, 'smas', true),
  plan('thcs-quang-phu', QUANG_PHU, HAM_RONG, { THCS: [2, 2, 2, 1] }, 'vnedu', true),
  plan('thcs-nguyet-vien', NGUYET_VIEN, HAC_THANH, { THCS: [2, 1, 1, 1] }, 'misa-emis', false),
  plan('thcs-hoang-phu', HOANG_PHU, HOANG_GIANG, { THCS: [2, 2, 1, 2] }, 'vietschool', true),
  plan('thcs-hoang-giang', HOANG_GIANG, HOANG_SON, { THCS: [1, 1, 2, 1] }, 'smas', false),
  plan('th-thcs-hoang-son', HOANG_SON, HOANG_LOC, { TH: [1, 1, 1, 1, 1], THCS: [1, 1, 1, 1] }, 'vnedu', true),
  plan('thpt-hac-thanh', HAC_THANH, HAM_RONG, { THPT: [3, 3, 3] }, 'smas', true),
  plan('thpt-nguyet-vien', NGUYET_VIEN, HAM_RONG, { THPT: [3, 3, 3] }, 'vnedu', true),
  plan('thpt-hoang-hoa', HOANG_HOA, HOANG_TIEN, { THPT: [3, 3, 3] }, 'smas', false),
  plan('thpt-ham-rong', HAM_RONG, QUANG_PHU, { THPT: [2, 2, 2] }, 'vietschool', true, 'PRIVATE'),
  plan('gdtx-hac-thanh', HAC_THANH, NGUYET_VIEN, { GDTX: [1, 1, 1] }, 'misa-emis', false),
]

const TITLES: Record<string, { vi: string; en: string; serial: number }> = {
  MN: { vi: 'Trường Mầm non', en: 'Preschool', serial: 300 },
  TH: { vi: 'Trường Tiểu học', en: 'Primary School', serial: 400 },
  THCS: { vi: 'Trường THCS', en: 'Lower Secondary School', serial: 500 },
  'TH+THCS': { vi: 'Trường TH&THCS', en: 'Primary and Lower Secondary School', serial: 600 },
  THPT: { vi: 'Trường THPT', en: 'Upper Secondary School', serial: 700 },
  GDTX: { vi: 'Trung tâm GDNN – GDTX', en: 'Centre for Vocational and Continuing Education', serial: 800 },
}

export function makeSchools(ids: IdMint): SchoolRow[] {
  const serials = new Map<string, number>()
  return SCHOOL_PLANS.map((school): SchoolRow => {
    const title = TITLES[school.levels.join('+')]
    const district = COMMUNES[school.communeCode]
    if (!title || !district) throw new Error(`school plan ${school.key} has no title or no district`)
    const commune = getCommune(school.communeCode)
    const namesake = getCommune(school.namesake)
    const group = `${district}${title.serial}`
    const serial = (serials.get(group) ?? 0) + 1
    serials.set(group, serial)
    return {
      id: ids.next(),
      key: school.key,
      code: `38${district}${title.serial + serial}`,
      name: `${title.vi} ${commune.name} – ${namesake.name}`,
      nameEn: `${commune.nameEn} – ${namesake.nameEn} ${title.en}`,
      levels: school.levels,
      ownership: school.ownership,
      communeCode: school.communeCode,
      address: `Khu ${serial}, ${commune.fullName}, tỉnh Thanh Hóa`,
    }
  })
}

const FIRST_GRADE: Record<Level, number> = { MN: 15, TH: 1, THCS: 6, THPT: 10, GDTX: 10 }
const GROUP_NAMES: Record<number, string> = { 15: 'Nhà trẻ', 16: 'Mẫu giáo bé', 17: 'Mẫu giáo nhỡ', 18: 'Mẫu giáo lớn' }
/** What an upper-secondary class may choose; the first of each grade leans to science, the last to society. */
const ELECTIVES: readonly (readonly string[])[] = [
  ['VAT_LI', 'HOA_HOC', 'SINH_HOC', 'TIN_HOC'],
  ['VAT_LI', 'HOA_HOC', 'TIN_HOC', 'CONG_NGHE'],
  ['DIA_LI', 'GDKT_PL', 'TIN_HOC', 'CONG_NGHE'],
]
const GDTX_ELECTIVES = ['DIA_LI', 'GDKT_PL', 'TIN_HOC', 'CONG_NGHE']

/** True when the class chose the natural sciences: its pupils are bound to exam rows that took them. */
export const leansToScience = (room: Pick<ClassRow, 'electives'>): boolean => room.electives.includes('VAT_LI')

function className(level: Level, grade: number, index: number): string {
  const letter = String.fromCharCode(65 + index)
  if (level === 'MN') return `${GROUP_NAMES[grade]} ${letter}`
  return level === 'THPT' ? `${grade}A${index + 1}` : `${grade}${letter}`
}

function electivesOf(level: Level, index: number, count: number): string[] {
  if (level === 'GDTX') return [...GDTX_ELECTIVES]
  if (level !== 'THPT') return []
  return [...((index === count - 1 ? ELECTIVES[2] : ELECTIVES[index]) ?? [])]
}

/** TT22/2021 has assessed every secondary grade since 2024-25, TT27/2020 every primary one; GDTX has a circular of its own. */
const regulationOf = (level: Level): ClassRow['regulation'] =>
  level === 'TH' ? 'TT27_2020' : level === 'THCS' || level === 'THPT' ? 'TT22_2021' : null

export function makeClasses(
  ids: IdMint,
  schools: readonly SchoolRow[],
  schoolYearId: string,
  plans: readonly Pick<SchoolPlan, 'classes'>[] = SCHOOL_PLANS,
): ClassRow[] {
  return schools.flatMap((school, at) => {
    const classes = plans[at]?.classes ?? {}
    return school.levels.flatMap((level) =>
      (classes[level] ?? []).flatMap((count, offset) =>
        Array.from({ length: count }, (_, index): ClassRow => {
          const grade = FIRST_GRADE[level] + offset
          return {
            id: ids.next(),
            schoolId: school.id,
            schoolYearId,
            level,
            grade,
            name: className(level, grade, index),
            regulation: regulationOf(level),
            electives: electivesOf(level, index, count),
          }
        }),
      ),
    )
  })
}
