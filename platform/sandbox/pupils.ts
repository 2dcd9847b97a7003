// Pupils, their enrolments and guardians; each secondary pupil is bound to one real exam row.
import type { IdMint, Random } from './random.ts'
import type { ClassRow, EnrolmentRow, GuardianRow, Level, SchoolRow, Sex, StudentRow } from './model.ts'
import { addDays, ENROLLED_ON, YEAR_OF_START } from './calendar.ts'
import { examRowsByLeaning } from './exam-rows.ts'
import { drawName } from './names.ts'
import type { Numbers } from './numbers.ts'
import { COMMUNES, leansToScience } from './schools.ts'

/** Class sizes within the charters: preschool and primary up to 35, secondary up to 45. */
const CLASS_SIZE: Record<Level, [least: number, most: number]> = {
  MN: [26, 32],
  TH: [31, 35],
  THCS: [37, 42],
  THPT: [38, 42],
  GDTX: [35, 40],
}
const TRANSFERS = 24
const DROPOUTS = 14
/** Lý do nghỉ học: 01 kinh tế, 02 học lực, 03 xa trường, 06 khác, 08 học nghề. */
const LEAVING_REASONS = ['01', '02', '03', '06', '08', '08']

export interface Pupils {
  students: StudentRow[]
  enrolments: EnrolmentRow[]
  guardians: GuardianRow[]
}

interface Context {
  ids: IdMint
  random: Random
  numbers: Numbers
}

export function makePupils(
  context: Context,
  schools: readonly SchoolRow[],
  classes: readonly ClassRow[],
  { move = true } = {},
): Pupils {
  const { ids, random } = context
  const result: Pupils = { students: [], enrolments: [], guardians: [] }
  const schoolOf = new Map(schools.map((school) => [school.id, school]))
  const drawExamRow = examRowDeck(random)
  for (const room of classes) {
    const school = schoolOf.get(room.schoolId)
    if (!school) throw new Error(`class ${room.name} has no school`)
    const [least, most] = CLASS_SIZE[room.level]
    for (let seats = random.between(least, most); seats > 0; seats--) {
      const student = makeStudent(context, school, room, drawExamRow(room))
      result.students.push(student)
      result.guardians.push(...makeGuardians(context, student))
      result.enrolments.push({
        id: ids.next(),
        schoolId: school.id,
        studentId: student.id,
        classId: room.id,
        schoolYearId: room.schoolYearId,
        entry: [1, 6, 10, 15, 16].includes(room.grade) ? 'NEW' : 'CONTINUING',
        status: 'STUDYING',
        leavingReasonCode: null,
        admittedOn: ENROLLED_ON,
        endedOn: null,
      })
    }
  }
  if (move) moveSome(context, classes, result)
  return result
}

/** Deals every exam row once; a class that chose the sciences gets rows that took them. */
function examRowDeck(random: Random): (room: ClassRow) => number | null {
  const { science, society } = examRowsByLeaning()
  random.shuffle(science)
  random.shuffle(society)
  // Lower secondary is the whole cohort before it parted, so it draws from a mixture of both.
  const mixed = random.shuffle([...science.splice(0, 1000), ...society.splice(0, 2000)])
  return (room) => {
    if (room.level === 'MN' || room.level === 'TH') return null
    const deck = room.level === 'THCS' ? mixed : leansToScience(room) ? science : society
    const row = deck.pop()
    if (row === undefined) throw new Error('more pupils than exam rows')
    return row
  }
}

const twoDigits = (n: number): string => String(n).padStart(2, '0')

/** Grade 1 turns six in the year school starts; mẫu giáo lớn (18) turns five; GDTX takes older learners too. */
function birthDateFor({ level, grade }: ClassRow, random: Random): string {
  let year = YEAR_OF_START - (level === 'MN' ? grade - 13 : grade + 5)
  if (level === 'GDTX') year -= random.between(0, 3)
  else if (level !== 'MN' && grade > 1 && random.chance(0.012)) year -= 1
  // Nhà trẻ 25–36 months: born before September two years back, else the child is too young for the group.
  const month = random.between(1, grade === 15 ? 8 : 12)
  return `${year}-${twoDigits(month)}-${twoDigits(random.between(1, 28))}`
}

function makeStudent({ ids, random, numbers }: Context, school: SchoolRow, room: ClassRow, examRow: number | null): StudentRow {
  const sex: Sex = random.chance(0.52) ? 'MALE' : 'FEMALE'
  const birthDate = birthDateFor(room, random)
  const ethnicityCode = random.chance(0.955) ? '01' : random.chance(0.7) ? '06' : '03'
  const neighbours = Object.keys(COMMUNES).filter((code) => COMMUNES[code] === COMMUNES[school.communeCode])
  return {
    id: ids.next(),
    schoolId: school.id,
    code: numbers.ministryCode(),
    personalNumber: numbers.personalNumber(sex, birthDate),
    ...drawName(random, sex, 'YOUNG', { ethnicityCode }),
    sex,
    birthDate,
    ethnicityCode,
    communeCode: random.chance(0.86) ? school.communeCode : random.pick(neighbours),
    examRow,
  }
}

function makeGuardians({ ids, random, numbers }: Context, student: StudentRow): GuardianRow[] {
  const bornIn = Number(student.birthDate.slice(0, 4))
  const guardian = (relation: GuardianRow['relation'], isPrimary: boolean): GuardianRow => {
    const sex: Sex = relation === 'FATHER' || (relation === 'GRANDPARENT' && random.chance(0.3)) ? 'MALE' : 'FEMALE'
    const name = drawName(random, sex, 'ADULT', relation === 'FATHER' ? { familyName: student.familyName } : {})
    return {
      id: ids.next(),
      schoolId: student.schoolId,
      studentId: student.id,
      fullName: name.fullName,
      relation,
      kind: relation === 'GRANDPARENT' ? 'LEGAL_GUARDIAN' : 'PARENT',
      isPrimary,
      birthYear: bornIn - (relation === 'GRANDPARENT' ? random.between(48, 62) : random.between(22, 38)),
      phone: numbers.phone(),
    }
  }
  // Many parents of the province work far away; the grandparents then answer for the child.
  if (random.chance(0.04)) return [guardian('GRANDPARENT', true)]
  const first = random.chance(0.6) ? 'MOTHER' : 'FATHER'
  const rows = [guardian(first, true)]
  if (random.chance(0.55)) rows.push(guardian(first === 'MOTHER' ? 'FATHER' : 'MOTHER', false))
  return rows
}

/** A few change school or leave during the autumn: a transfer closes one row and opens another, in another school. */
function moveSome({ ids, random }: Context, classes: readonly ClassRow[], { students, enrolments, guardians }: Pupils): void {
  const roomOf = new Map(classes.map((room) => [room.id, room]))
  const studentOf = new Map(students.map((student) => [student.id, student]))
  const candidates = random.shuffle(
    enrolments.filter((enrolment) => ['TH', 'THCS', 'THPT'].includes(roomOf.get(enrolment.classId)?.level ?? '')),
  )
  const leavers = candidates.filter((enrolment) => (roomOf.get(enrolment.classId)?.grade ?? 0) >= 8).slice(0, DROPOUTS)
  for (const enrolment of leavers) {
    enrolment.status = 'DROPPED_OUT'
    enrolment.leavingReasonCode = random.pick(LEAVING_REASONS)
    enrolment.endedOn = addDays('2026-10-05', random.between(0, 25))
  }
  const movers = new Map<string, string>()
  for (const enrolment of candidates.filter((candidate) => candidate.status === 'STUDYING').slice(0, TRANSFERS)) {
    const from = roomOf.get(enrolment.classId)
    const student = studentOf.get(enrolment.studentId)
    if (!from || !student) continue
    const to = random.pick(
      classes.filter(
        (room) =>
          room.schoolId !== from.schoolId &&
          room.level === from.level &&
          room.grade === from.grade &&
          leansToScience(room) === leansToScience(from),
      ),
    )
    enrolment.status = 'TRANSFERRED'
    enrolment.endedOn = addDays('2026-09-21', random.between(0, 35))
    enrolments.push({
      id: ids.next(),
      schoolId: to.schoolId,
      studentId: student.id,
      classId: to.id,
      schoolYearId: to.schoolYearId,
      entry: 'TRANSFER_IN',
      status: 'STUDYING',
      leavingReasonCode: null,
      admittedOn: addDays(enrolment.endedOn, 1),
      endedOn: null,
    })
    student.schoolId = to.schoolId
    movers.set(student.id, to.schoolId)
  }
  for (const guardian of guardians) guardian.schoolId = movers.get(guardian.studentId) ?? guardian.schoolId
}
