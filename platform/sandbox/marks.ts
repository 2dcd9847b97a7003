// Marks of the first semester up to the mid-term, scattered around each pupil's level in a real exam row.
import type { IdMint, Random } from './random.ts'
import type {
  AgreementRow,
  ClassRow,
  Day,
  EnrolmentRow,
  MarkRow,
  StudentRow,
  SubjectOfferingRow,
  SubjectRow,
  TeachingAssignmentRow,
  TermRow,
} from './model.ts'
import { addDays, at } from './calendar.ts'
import { examLevelOf } from './exam-rows.ts'
import { subjectsOf } from './subjects.ts'

interface Sources {
  today: Date
  terms: readonly TermRow[]
  subjects: readonly SubjectRow[]
  offerings: readonly SubjectOfferingRow[]
  classes: readonly ClassRow[]
  students: readonly StudentRow[]
  enrolments: readonly EnrolmentRow[]
  assignments: readonly TeachingAssignmentRow[]
  agreements: readonly AgreementRow[]
}

/** One sitting of a teacher who enters a whole class. */
interface Sitting {
  kind: MarkRow['kind']
  ordinal: number
  day: Day
}

/** Regular marks come before the mid-term: the week each is entered in, counted from the first Monday. */
const REGULAR_WEEKS = [3, 6, 7]

/** TT22/2021 asks 2, 3 or 4 regular marks a semester for ≤ 35, ≤ 70, > 70 periods a year; by mid-term the last one is still owed. */
const regularMarksSoFar = ({ periodsPerYear }: SubjectOfferingRow, scored: boolean): number =>
  !scored ? 1 : periodsPerYear > 70 ? 3 : 2

const clamp = (value: number): number => Math.max(0, Math.min(100, value))

/** Teachers give regular marks in whole or half points. */
const toHalfPoint = (tenths: number): number => clamp(Math.round(tenths / 5) * 5)

/** Written tests are marked in quarters; 7.25 is then entered as 7.3: half-up to one decimal, in whole numbers. */
const toQuarterPoint = (tenths: number): number => Math.floor((clamp(Math.round(tenths / 2.5) * 2.5) * 10 + 5) / 10)

export function makeMarks(ids: IdMint, random: Random, sources: Sources): MarkRow[] {
  const { today, terms, subjects, offerings, classes, students, enrolments, assignments } = sources
  const marks: MarkRow[] = []
  const until = today.toISOString()
  const studentOf = new Map(students.map((student) => [student.id, student]))
  const subjectOf = new Map(subjects.map((subject) => [subject.code, subject]))
  const rosters = Map.groupBy(enrolments, (enrolment) => enrolment.classId)
  const teaching = new Map(assignments.map((row) => [`${row.classId}:${row.subjectCode}:${row.termId}`, row.staffId]))
  const products = new Map(
    sources.agreements
      .filter((agreement) => agreement.scopes.includes('gradebook.write') && agreement.validTo >= '2026-09-01')
      .map((agreement) => [agreement.schoolId, agreement.applicationId]),
  )
  for (const room of classes) {
    // Primary and preschool keep no numbers through the semester; GDTX is assessed under a circular of its own.
    if (room.regulation !== 'TT22_2021') continue
    const term = terms.find((candidate) => candidate.level === room.level && candidate.code === 'HKI')
    const roster = rosters.get(room.id) ?? []
    for (const offering of subjectsOf(offerings, room)) {
      const subject = subjectOf.get(offering.subjectCode)
      const teacherId = teaching.get(`${room.id}:${offering.subjectCode}:${term?.id}`)
      if (!term || !subject || !teacherId) throw new Error(`nobody teaches ${offering.subjectCode} in class ${room.name}`)
      const scored = subject.assessment === 'SCORED'
      const pupils = roster.map((enrolment) => {
        const student = studentOf.get(enrolment.studentId)
        const level = student && examLevelOf(student, subject.code)
        if (!student || !level) throw new Error(`a pupil of class ${room.name} has no exam row`)
        return { enrolment, student, level: level.tenths }
      })
      for (const sitting of sittingsOf(random, term, regularMarksSoFar(offering, scored))) {
        const recordedAt = at(sitting.day, random.between(17, 21), random.between(0, 59), random.between(0, 59))
        for (const { enrolment, student, level } of pupils) {
          const value = scored ? drawValue(random, level, sitting.kind) : null
          const failed = !scored && random.chance(level < 45 ? 0.12 : 0.004)
          const absent = random.chance(0.012)
          const present = sitting.day >= enrolment.admittedOn && (!enrolment.endedOn || sitting.day <= enrolment.endedOn)
          // `today` only trims: chance and ids are spent all the same, so that the province of another day is the same province.
          const id = ids.next()
          if (absent || !present || recordedAt > until) continue
          marks.push({
            id,
            schoolId: room.schoolId,
            classId: room.id,
            studentId: student.id,
            subjectId: subject.id,
            subjectCode: subject.code,
            termId: term.id,
            kind: sitting.kind,
            ordinal: sitting.ordinal,
            value,
            remark: scored ? null : failed ? 'NOT_PASSED' : 'PASSED',
            enteredByStaffId: teacherId,
            applicationId: products.get(room.schoolId) ?? null,
            recordedAt,
          })
        }
      }
    }
  }
  return marks
}

function sittingsOf(random: Random, term: TermRow, regular: number): Sitting[] {
  const sittings = REGULAR_WEEKS.slice(0, regular).map((week, index): Sitting => ({
    kind: 'REGULAR',
    ordinal: index + 1,
    day: addDays(term.startsOn, (week - 1) * 7 + random.between(0, 5)),
  }))
  // Papers of the exam weeks come back marked within three days.
  const midterm = addDays(term.midtermFrom ?? term.startsOn, random.between(1, 10) + random.between(0, 3))
  return [...sittings, { kind: 'MIDTERM', ordinal: 1, day: midterm }]
}

function drawValue(random: Random, level: number, kind: MarkRow['kind']): number {
  const noise = random.noise()
  // Regular marks are kinder and wider than the paper everybody sits.
  return kind === 'MIDTERM' ? toQuarterPoint(level + noise * 6) : toHalfPoint(level + 4 + noise * 8)
}
