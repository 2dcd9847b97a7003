// The electronic contact book: plans, brandnames, consents, subscriptions and November's messages.
import type { IdMint, Random } from './random.ts'
import type {
  AgreementRow,
  ApplicationRow,
  BrandnameRow,
  ClassRow,
  ConsentRow,
  ContactBookPlanRow,
  Day,
  EnrolmentRow,
  GuardianRow,
  MarkRow,
  MessageRow,
  SchoolRow,
  StudentRow,
  SubscriptionRow,
} from './model.ts'
import { addDays, at, dayOf, vietnameseDay } from './calendar.ts'

/** Schools whose parents hear about marks, absences and notices; the others have only just begun. */
const TALKATIVE: readonly string[] = ['thpt-hac-thanh', 'thcs-hac-thanh']
/** These send through the app alone, so that the report has a "no" in its brandname column. */
const WITHOUT_BRANDNAME: readonly string[] = ['mn-hac-thanh', 'th-quang-phu', 'thcs-hoang-phu']
/** At most 25,000 đ (R5): what a level's parents pay a month, and how many messages that buys (at least 6, R4). */
const FEES: Record<string, { fee: number; messages: number }> = {
  MN: { fee: 12_000, messages: 8 },
  TH: { fee: 15_000, messages: 10 },
  THCS: { fee: 20_000, messages: 12 },
  THPT: { fee: 25_000, messages: 15 },
}
const SHARE_SUBSCRIBED = 0.7
const SHARE_WITHDRAWN = 0.012

export interface ContactBook {
  brandnames: BrandnameRow[]
  plans: ContactBookPlanRow[]
  consents: ConsentRow[]
  subscriptions: SubscriptionRow[]
  messages: MessageRow[]
}

interface Sources {
  today: Date
  schools: readonly SchoolRow[]
  classes: readonly ClassRow[]
  students: readonly StudentRow[]
  enrolments: readonly EnrolmentRow[]
  guardians: readonly GuardianRow[]
  applications: readonly ApplicationRow[]
  agreements: readonly AgreementRow[]
  marks: readonly MarkRow[]
}

export function makeContactBook(ids: IdMint, random: Random, sources: Sources): ContactBook {
  const { schools, students, enrolments, guardians, applications, agreements } = sources
  const book: ContactBook = { brandnames: [], plans: [], consents: [], subscriptions: [], messages: [] }
  const contactBooks = new Set(applications.filter((application) => application.kind === 'CONTACT_BOOK').map(({ id }) => id))
  const primary = new Map(guardians.filter((guardian) => guardian.isPrimary).map((guardian) => [guardian.studentId, guardian]))
  const studying = new Map(
    enrolments.filter((enrolment) => enrolment.status === 'STUDYING').map((enrolment) => [enrolment.studentId, enrolment]),
  )
  const studentsOf = Map.groupBy(students, (student) => student.schoolId)
  for (const agreement of agreements) {
    const school = schools.find((candidate) => candidate.id === agreement.schoolId)
    if (!school || !contactBooks.has(agreement.applicationId)) continue
    const plan = makePlan(ids, school, agreement, book)
    let sheet = 0
    for (const student of studentsOf.get(school.id) ?? []) {
      const guardian = primary.get(student.id)
      const enrolment = studying.get(student.id)
      if (!guardian || !enrolment || !random.chance(SHARE_SUBSCRIBED)) continue
      // A pupil who came from elsewhere signs up after arriving.
      const earliest = enrolment.entry === 'TRANSFER_IN' ? addDays(enrolment.admittedOn, 1) : '2026-09-08'
      subscribe(ids, random, book, { plan, student, guardian, givenOn: addDays(earliest, random.between(0, 4)), sheet: ++sheet })
    }
  }
  sendMessages(ids, random, sources, book)
  return book
}

function makePlan(ids: IdMint, school: SchoolRow, agreement: AgreementRow, book: ContactBook): ContactBookPlanRow {
  const level = school.levels.at(-1) ?? 'TH'
  const price = FEES[level]
  if (!price) throw new Error(`no contact-book price for level ${level}`)
  const common = { schoolId: school.id, applicationId: agreement.applicationId }
  let brandnameId: string | null = null
  if (!WITHOUT_BRANDNAME.includes(school.key)) {
    brandnameId = ids.next()
    book.brandnames.push({
      id: brandnameId,
      ...common,
      name: brandnameOf(school),
      status: 'APPROVED',
      approvedOn: '2026-08-25',
      registeredUntil: '2029-08-24',
    })
  }
  const plan: ContactBookPlanRow = {
    id: ids.next(),
    ...common,
    name: 'Sổ liên lạc điện tử eNetViet',
    feePerMonthVnd: price.fee,
    messagesPerMonth: price.messages,
    usesBrandname: brandnameId !== null,
    brandnameId,
    validFrom: '2026-09-01',
    validTo: '2027-05-31',
  }
  book.plans.push(plan)
  return plan
}

/** `THPT-HT-HR`: level and the initials of both communes in the school's name; Latin letters and hyphens only. */
function brandnameOf(school: SchoolRow): string {
  const initials = school.nameEn.split(' – ').map((part) =>
    part
      .split(' ')
      .slice(0, 2)
      .map((word) => word.charAt(0))
      .join(''),
  )
  return [school.levels.at(-1), ...initials].join('-')
}

function subscribe(
  ids: IdMint,
  random: Random,
  book: ContactBook,
  given: { plan: ContactBookPlanRow; student: StudentRow; guardian: GuardianRow; givenOn: Day; sheet: number },
): void {
  const { plan, student, guardian, givenOn, sheet } = given
  const withdrawnOn = random.chance(SHARE_WITHDRAWN) ? addDays('2026-10-19', random.between(0, 9)) : null
  const common = { schoolId: plan.schoolId, studentId: student.id, guardianId: guardian.id, applicationId: plan.applicationId }
  book.consents.push({
    id: ids.next(),
    ...common,
    purpose: 'CONTACT_BOOK',
    evidence: `Phiếu đồng ý số ${String(sheet).padStart(4, '0')}/2026, có chữ ký của cha, mẹ hoặc người giám hộ`,
    givenAt: at(givenOn, random.between(8, 20), random.between(0, 59)),
    withdrawnAt: withdrawnOn && at(withdrawnOn, random.between(8, 20), random.between(0, 59)),
  })
  book.subscriptions.push({ id: ids.next(), ...common, planId: plan.id, since: addDays(givenOn, 1), until: withdrawnOn })
}

const ABSENCES = [
  'vắng buổi sáng, có phép',
  'vắng tiết 1, chưa rõ lý do',
  'vắng tiết 4 và tiết 5, có phép',
  'đi học muộn 15 phút',
]
const NOTICES = [
  'Nhà trường tổ chức lễ kỷ niệm Ngày Nhà giáo Việt Nam 20/11 lúc 7 giờ 30. Kính mời phụ huynh tới dự.',
  'Nhà trường họp phụ huynh giữa học kỳ I lúc 14 giờ ngày 21/11/2026 tại lớp của em.',
  'Trời trở lạnh, kính đề nghị phụ huynh cho con mặc đủ ấm khi đến trường.',
]

/** Id and clock time of a message that may or may not be sent: drawn before anything depends on `today`. */
interface Slip {
  id: string
  minute: number
  second: number
}

const drawSlip = (ids: IdMint, random: Random): Slip => ({
  id: ids.next(),
  minute: random.between(0, 119),
  second: random.between(0, 59),
})

/** All between 16:30 and 18:30, when parents read and far from the quiet hours (22:00–07:00). */
function sendMessages(ids: IdMint, random: Random, sources: Sources, book: ContactBook): void {
  const { today, schools, classes, students, enrolments, marks } = sources
  const until = today.toISOString()
  const schoolOf = new Map(schools.map((school) => [school.id, school]))
  const studentOf = new Map(students.map((student) => [student.id, student]))
  const planOf = new Map(book.plans.map((plan) => [plan.id, plan]))
  const roomOf = new Map(classes.map((room) => [room.id, room]))
  const roomOfStudent = new Map(
    enrolments
      .filter((enrolment) => enrolment.status === 'STUDYING')
      .map((enrolment) => [enrolment.studentId, roomOf.get(enrolment.classId)]),
  )
  const mathsMidterm = new Map(
    marks.filter((mark) => mark.kind === 'MIDTERM' && mark.subjectCode === 'TOAN').map((mark) => [mark.studentId, mark]),
  )
  for (const subscription of book.subscriptions) {
    const school = schoolOf.get(subscription.schoolId)
    const plan = planOf.get(subscription.planId)
    const student = studentOf.get(subscription.studentId)
    const room = roomOfStudent.get(subscription.studentId)
    if (!school || !plan || !student || !room) throw new Error('a subscription names an unknown school, plan or pupil')
    const talkative = TALKATIVE.includes(school.key)
    const chosen = random.chance(0.15)
    const noticeSlip = drawSlip(ids, random)
    const absenceSlip = drawSlip(ids, random)
    const scoreSlip = drawSlip(ids, random)
    const send = (message: Pick<MessageRow, 'category' | 'channel' | 'body' | 'markId'>, day: Day, slip: Slip) => {
      const sentAt = at(day, 16, 30 + slip.minute, slip.second)
      // Without consent nothing is sent (R3), and nothing lies in the future.
      if (subscription.until || sentAt > until || (!talkative && !chosen)) return
      book.messages.push({
        id: slip.id,
        schoolId: school.id,
        studentId: student.id,
        guardianId: subscription.guardianId,
        applicationId: plan.applicationId,
        ...message,
        brandnameId: message.channel === 'SMS' ? plan.brandnameId : null,
        sentAt,
      })
    }
    const pupil = `em ${student.fullName}, lớp ${room.name}`
    const notice = random.pick(NOTICES)
    const noticeDay = addDays('2026-11-04', random.between(0, 12))
    send({ category: 'NOTICE', channel: 'OTT', body: `${school.name}: ${notice}`, markId: null }, noticeDay, noticeSlip)
    const absence = random.pick(ABSENCES)
    const absenceDay = schoolDay(addDays('2026-11-03', random.between(0, 13)))
    if (!talkative) continue
    send(
      {
        category: 'ATTENDANCE',
        channel: 'OTT',
        body: `${school.name}: ${vietnameseDay(absenceDay)}, ${pupil} ${absence}.`,
        markId: null,
      },
      absenceDay,
      absenceSlip,
    )
    const mark = mathsMidterm.get(student.id)
    if (!mark || mark.value === null || mark.schoolId !== school.id) continue
    send(
      {
        category: 'SCORE',
        channel: plan.usesBrandname ? 'SMS' : 'OTT',
        body: `${school.name}: ${pupil} đạt ${points(mark.value)} điểm kiểm tra giữa học kỳ I môn Toán.`,
        markId: mark.id,
      },
      addDays(dayOf(mark.recordedAt), 1),
      scoreSlip,
    )
  }
}

/** 75 → `7,5`; 100 → `10`. */
const points = (tenths: number): string => String(tenths / 10).replace('.', ',')

/** A Sunday becomes the Monday after it. */
const schoolDay = (day: Day): Day => (new Date(`${day}T00:00:00Z`).getUTCDay() === 0 ? addDays(day, 1) : day)
