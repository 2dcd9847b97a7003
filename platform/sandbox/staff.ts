// Staff of the schools and who teaches what: every subject of every class has a teacher, nobody above the weekly norm.
import type { IdMint, Random } from './random.ts'
import type {
  ClassRow,
  HomeroomAssignmentRow,
  Level,
  SchoolRow,
  Sex,
  StaffRow,
  SubjectOfferingRow,
  TeachingAssignmentRow,
  TermRow,
} from './model.ts'
import { ENROLLED_ON } from './calendar.ts'
import { drawName } from './names.ts'
import type { Numbers } from './numbers.ts'
import { subjectsOf, weeklyPeriods } from './subjects.ts'

/** Periods a week a teacher owes (TT05/2025): 23 primary, 19 lower secondary, 17 upper secondary; GDTX is planned like the last. */
export const WEEKLY_NORM: Record<Level, number> = { MN: Infinity, TH: 23, THCS: 19, THPT: 17, GDTX: 17 }

/** Experiential activities belong to the homeroom teacher, so room for their three periods is kept when other lessons are dealt. */
const HOMEROOM_SUBJECTS = new Set(['HDTN', 'HDTN_HN'])
const HOMEROOM_PERIODS = 3

/** A teacher's trade: the subjects one person teaches together. A subject that stands nowhere is a trade of its own. */
const TRADES: Partial<Record<Level, readonly (readonly string[])[]>> = {
  THCS: [
    ['TOAN', 'TIN_HOC'],
    ['NGU_VAN', 'GDCD'],
    ['KHTN', 'CONG_NGHE'],
    ['LS_DL', 'GDDP'],
  ],
  THPT: [
    ['LICH_SU', 'GDDP'],
    ['VAT_LI', 'CONG_NGHE'],
  ],
  GDTX: [
    ['NGU_VAN', 'LICH_SU', 'GDDP'],
    ['TOAN', 'TIN_HOC', 'CONG_NGHE'],
    ['DIA_LI', 'GDKT_PL'],
  ],
}

/** In primary school the class teacher teaches all but these. */
const PRIMARY_SPECIALISTS = new Set(['NGOAI_NGU_1', 'TIN_HOC_CONG_NGHE', 'GDTC', 'NGHE_THUAT'])

const SHARE_OF_WOMEN: Record<Level, number> = { MN: 0.99, TH: 0.82, THCS: 0.68, THPT: 0.6, GDTX: 0.55 }

export interface Staffing {
  staff: StaffRow[]
  homerooms: HomeroomAssignmentRow[]
  assignments: TeachingAssignmentRow[]
}

interface Lesson {
  room: ClassRow
  offering: SubjectOfferingRow
  periods: number
}

interface Teacher {
  row: StaffRow
  periods: number
  lessons: Lesson[]
  homeroom: ClassRow | null
}

interface Context {
  ids: IdMint
  random: Random
  numbers: Numbers
  offerings: readonly SubjectOfferingRow[]
  terms: readonly TermRow[]
}

export function makeStaffing(context: Context, schools: readonly SchoolRow[], classes: readonly ClassRow[]): Staffing {
  const result: Staffing = { staff: [], homerooms: [], assignments: [] }
  schools.forEach((school, index) => {
    const rooms = classes.filter((room) => room.schoolId === school.id)
    const hire = (role: StaffRow['role'], specialtyCode: string | null, extra: Partial<StaffRow> = {}): StaffRow => {
      const row = { ...person(context, school, role), specialtyCode, ...extra }
      result.staff.push(row)
      return row
    }
    hire('PRINCIPAL', null)
    for (let deputies = rooms.length > 7 ? 2 : 1; deputies > 0; deputies--) hire('DEPUTY', null)
    const teachers = school.levels.flatMap((level) =>
      teachersOf(
        context,
        level,
        rooms.filter((room) => room.level === level),
        (specialty) => hire('TEACHER', specialty),
      ),
    )
    // Someone who has left but is on the books: a teacher's rights must end although the record stays.
    if (index % 4 === 0) hire('TEACHER', null, { status: 'RETIRED', birthDate: '1964-05-12' })
    assign(context, teachers, result)
  })
  return result
}

function person({ ids, random, numbers }: Context, school: SchoolRow, role: StaffRow['role']): StaffRow {
  const level = school.levels.at(-1) ?? 'TH'
  const sex: Sex = random.chance(role === 'TEACHER' || level === 'MN' ? SHARE_OF_WOMEN[level] : 0.45) ? 'FEMALE' : 'MALE'
  const year = role === 'TEACHER' ? random.between(1970, 2002) : random.between(1967, 1986)
  return {
    id: ids.next(),
    schoolId: school.id,
    code: numbers.ministryCode(),
    ...drawName(random, sex, 'ADULT'),
    sex,
    birthDate: `${year}-${String(random.between(1, 12)).padStart(2, '0')}-${String(random.between(1, 28)).padStart(2, '0')}`,
    role,
    status: 'WORKING',
    specialtyCode: null,
  }
}

function teachersOf(
  { offerings }: Context,
  level: Level,
  rooms: readonly ClassRow[],
  hire: (specialtyCode: string | null) => StaffRow,
): Teacher[] {
  const teacher = (specialtyCode: string | null, homeroom: ClassRow | null = null): Teacher => ({
    row: hire(specialtyCode),
    periods: 0,
    lessons: [],
    homeroom,
  })
  // Two to a preschool class, which has no subjects: the first is its homeroom teacher.
  if (level === 'MN') return rooms.flatMap((room) => [teacher(null, room), teacher(null)])

  const give = (to: Teacher, lesson: Lesson) => {
    to.lessons.push(lesson)
    to.periods += lesson.periods
  }
  const teachers: Teacher[] = []
  const trades = new Map<string, Lesson[]>()
  const homeroomLessons = new Map<string, Lesson[]>()
  for (const room of rooms) {
    const classTeacher = level === 'TH' ? teacher(null, room) : null
    if (classTeacher) teachers.push(classTeacher)
    for (const offering of subjectsOf(offerings, room)) {
      const lesson = { room, offering, periods: weeklyPeriods(offering.periodsPerYear) }
      const code = offering.subjectCode
      if (classTeacher && !PRIMARY_SPECIALISTS.has(code)) give(classTeacher, lesson)
      else if (HOMEROOM_SUBJECTS.has(code)) push(homeroomLessons, room.id, lesson)
      else push(trades, TRADES[level]?.find((trade) => trade.includes(code))?.[0] ?? code, lesson)
    }
  }
  const limit = level === 'TH' ? WEEKLY_NORM.TH : WEEKLY_NORM[level] - HOMEROOM_PERIODS
  for (const [trade, lessons] of trades) {
    const hired: Teacher[] = []
    for (const lesson of lessons.sort((a, b) => b.periods - a.periods)) {
      let taker = hired.find((candidate) => candidate.periods + lesson.periods <= limit)
      if (!taker) hired.push((taker = teacher(trade)))
      give(taker, lesson)
    }
    teachers.push(...hired)
  }
  if (level !== 'TH') {
    for (const room of rooms) {
      const taker = teachers
        .filter((candidate) => !candidate.homeroom && candidate.lessons.some((lesson) => lesson.room === room))
        .sort((a, b) => a.periods - b.periods)[0]
      if (!taker) throw new Error(`no teacher of class ${room.name} is free to be its homeroom teacher`)
      taker.homeroom = room
      for (const lesson of homeroomLessons.get(room.id) ?? []) give(taker, lesson)
    }
  }
  return teachers
}

function push<T>(groups: Map<string, T[]>, key: string, item: T): void {
  const group = groups.get(key)
  if (group) group.push(item)
  else groups.set(key, [item])
}

function assign({ ids, terms }: Context, teachers: readonly Teacher[], { homerooms, assignments }: Staffing): void {
  for (const { row, lessons, homeroom } of teachers) {
    if (homeroom) {
      homerooms.push({
        id: ids.next(),
        schoolId: row.schoolId,
        classId: homeroom.id,
        staffId: row.id,
        validFrom: ENROLLED_ON,
        validTo: null,
      })
    }
    for (const { room, offering, periods } of lessons) {
      for (const term of terms.filter((candidate) => candidate.level === room.level)) {
        assignments.push({
          id: ids.next(),
          schoolId: row.schoolId,
          classId: room.id,
          staffId: row.id,
          subjectId: offering.subjectId,
          subjectCode: offering.subjectCode,
          termId: term.id,
          periodsPerWeek: periods,
        })
      }
    }
  }
}
