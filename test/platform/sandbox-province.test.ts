// The sandbox province: reproducible, lawful, and true to the real rows it stands on.
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { dayOf } from '../../platform/sandbox/calendar.ts'
import { examLevelOf, examRowOf } from '../../platform/sandbox/exam-rows.ts'
import type { Level, SandboxProvince } from '../../platform/sandbox/model.ts'
import { FICTIONAL_PHONE } from '../../platform/sandbox/numbers.ts'
import { generateProvince } from '../../platform/sandbox/province.ts'
import { WEEKLY_NORM } from '../../platform/sandbox/staff.ts'
import { subjectsOf } from '../../platform/sandbox/subjects.ts'
import { thanhHoa } from '../../platform/sandbox/units.ts'

const TODAY = new Date('2026-11-20T00:00:00+07:00')
const province = generateProvince({ seed: 'lien-thong', today: TODAY })
const text = JSON.stringify(province)

const fingerprint = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex')
const byId = <T extends { id: string }>(rows: readonly T[]): Map<string, T> => new Map(rows.map((row) => [row.id, row]))
const repeated = (values: readonly string[]): string[] => values.filter((value, index) => values.indexOf(value) !== index)
const unique = (values: readonly string[]): boolean => new Set(values).size === values.length
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

const schools = byId(province.schools)
const classes = byId(province.classes)
const staff = byId(province.staff)
const students = byId(province.students)
const guardians = byId(province.guardians)
const terms = byId(province.terms)
const authorities = byId(province.authorities)
const applications = byId(province.applications)

/** Pearson's r: 1 when marks rise exactly as levels do. */
function correlation(pairs: readonly (readonly [number, number])[]): number {
  const mx = mean(pairs.map(([x]) => x))
  const my = mean(pairs.map(([, y]) => y))
  const covariance = mean(pairs.map(([x, y]) => (x - mx) * (y - my)))
  const spread = (values: number[], middle: number) => Math.sqrt(mean(values.map((value) => (value - middle) ** 2)))
  return (
    covariance /
    (spread(
      pairs.map(([x]) => x),
      mx,
    ) *
      spread(
        pairs.map(([, y]) => y),
        my,
      ))
  )
}

describe('reproducible', () => {
  test('one seed gives one province, byte for byte', () => {
    expect(fingerprint(generateProvince({ seed: 'lien-thong', today: TODAY }))).toBe(fingerprint(province))
  })

  test('another seed gives other people in the same schools', () => {
    const other = generateProvince({ seed: 'another', today: TODAY })
    expect(other.students[0]?.code).not.toBe(province.students[0]?.code)
    expect(other.schools.map((school) => school.code)).toEqual(province.schools.map((school) => school.code))
  })

  test('an earlier day only trims marks and messages; what remains keeps its ids', () => {
    const earlier = new Date('2026-11-06T00:00:00+07:00')
    const { marks, messages, ...rest } = generateProvince({ seed: 'lien-thong', today: earlier })
    const { marks: allMarks, messages: allMessages, ...allRest } = province
    expect(fingerprint(rest)).toBe(fingerprint(allRest))
    expect(fingerprint(marks)).toBe(fingerprint(allMarks.filter((mark) => new Date(mark.recordedAt) <= earlier)))
    expect(fingerprint(messages)).toBe(fingerprint(allMessages.filter((message) => new Date(message.sentAt) <= earlier)))
    expect(marks.length).toBeLessThan(allMarks.length)
  })

  test('every id is a UUIDv7, unique, and rises with creation', () => {
    const lists = Object.values(province).filter(
      (part): part is { id: string }[] => Array.isArray(part) && 'id' in (part[0] ?? {}),
    )
    expect(lists.length).toBe(24)
    const ids = lists.flatMap((list) => list.map((row) => row.id))
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toEqual([])
    for (const list of lists) expect(list.findIndex((row, at) => at > 0 && row.id <= (list[at - 1]?.id ?? ''))).toBe(-1)
  })

  test('all text is NFC', () => {
    expect(text === text.normalize('NFC')).toBe(true)
  })
})

describe('schools and authorities', () => {
  test('24 schools cover every level, one of them two levels', () => {
    const count = (levels: Level[]) => province.schools.filter((school) => school.levels.join() === levels.join()).length
    expect([['MN'], ['TH'], ['THCS'], ['TH', 'THCS'], ['THPT'], ['GDTX']].map((levels) => count(levels as Level[]))).toEqual([
      6, 7, 5, 1, 4, 1,
    ])
    expect(province.students.length).toBeGreaterThan(5_600)
    expect(province.students.length).toBeLessThan(6_400)
  })

  test('school codes are eight digits of the province and unique, class names unique within a school', () => {
    expect(province.schools.every((school) => /^38\d{6}$/.test(school.code))).toBe(true)
    expect(repeated(province.schools.map((school) => school.code))).toEqual([])
    expect(repeated(province.schools.map((school) => school.name))).toEqual([])
    expect(repeated(province.classes.map((room) => `${room.schoolId} ${room.name}`))).toEqual([])
  })

  test('managing communes are real communes of Thanh Hóa and began when districts ended', () => {
    const communes = province.authorities.filter((authority) => authority.kind === 'COMMUNE')
    const real = thanhHoa().communes
    expect(communes).toHaveLength(12)
    for (const commune of communes) {
      const unit = real.get(commune.unitCode ?? '')
      expect(commune.name.toLowerCase()).toBe(`ủy ban nhân dân ${unit?.fullName.toLowerCase()}`)
      expect([commune.validFrom, commune.validTo]).toEqual(['2025-07-01', null])
    }
    const districts = province.authorities.filter((authority) => authority.kind === 'DISTRICT_OFFICE')
    expect(districts.map((district) => district.validTo)).toEqual(['2025-06-30', '2025-06-30'])
  })

  test.each([
    ['2024-11-20', 'DISTRICT_OFFICE'],
    ['2025-06-30', 'DISTRICT_OFFICE'],
    ['2025-07-01', 'COMMUNE'],
    ['2026-11-20', 'COMMUNE'],
  ])('on %s every school has one managing authority: the Sở for THPT and GDTX, else a %s', (day, kind) => {
    for (const school of province.schools) {
      const managing = province.oversights.filter(
        (row) =>
          row.schoolId === school.id &&
          row.kind === 'MANAGING' &&
          row.validFrom <= day &&
          (row.validTo === null || day <= row.validTo),
      )
      const upper = school.levels.includes('THPT') || school.levels.includes('GDTX')
      expect(managing.map((row) => authorities.get(row.authorityId)?.kind)).toEqual([upper ? 'DEPARTMENT' : kind])
      if (kind === 'COMMUNE' && !upper) expect(authorities.get(managing[0]?.authorityId ?? '')?.unitCode).toBe(school.communeCode)
    }
  })

  test('the Sở keeps professional oversight of every school', () => {
    const overseen = province.oversights.filter((row) => row.kind === 'PROFESSIONAL' && row.validTo === null)
    expect(overseen.map((row) => row.schoolId).sort()).toEqual([...schools.keys()].sort())
    expect(overseen.every((row) => authorities.get(row.authorityId)?.kind === 'DEPARTMENT')).toBe(true)
  })

  test('the year has 18 + 17 teaching weeks at every level', () => {
    expect(province.terms).toHaveLength(10)
    for (const term of province.terms) expect(term.teachingWeeks).toBe(term.code === 'HKI' ? 18 : 17)
    expect(province.terms.find((term) => term.level === 'THPT')?.startsOn).toBe('2026-09-07')
  })
})

describe('pupils', () => {
  test('codes of pupils and staff are ten digits of the province, and none is given twice', () => {
    const codes = [...province.students, ...province.staff].map((person) => person.code)
    expect(codes.filter((code) => !/^38\d{8}$/.test(code))).toEqual([])
    expect(unique(codes)).toBe(true)
  })

  test('a personal number agrees with sex, birth year and province, and none is given twice', () => {
    const wrong = province.students.filter(({ personalNumber, sex, birthDate }) => {
      const digit = (birthDate < '2000' ? 0 : 2) + (sex === 'FEMALE' ? 1 : 0)
      return !/^\d{12}$/.test(personalNumber) || !personalNumber.startsWith(`038${digit}${birthDate.slice(2, 4)}`)
    })
    expect(wrong).toEqual([])
    expect(unique(province.students.map((student) => student.personalNumber))).toBe(true)
  })

  test('birth dates fit the grade: six in the year grade 1 begins, at most three years older in GDTX', () => {
    for (const enrolment of province.enrolments) {
      const room = classes.get(enrolment.classId)
      const born = Number(students.get(enrolment.studentId)?.birthDate.slice(0, 4))
      if (!room) throw new Error('an enrolment names no class')
      const expected = room.level === 'MN' ? 2026 - (room.grade - 13) : 2021 - room.grade
      expect(expected - born).toBeGreaterThanOrEqual(0)
      expect(expected - born).toBeLessThanOrEqual(room.level === 'GDTX' ? 3 : room.level === 'MN' ? 0 : 1)
    }
  })

  test('a pupil studies in at most one class, in the school the record names', () => {
    const active = province.enrolments.filter((enrolment) => enrolment.status === 'STUDYING')
    expect(unique(active.map((enrolment) => enrolment.studentId))).toBe(true)
    for (const enrolment of active) {
      expect(students.get(enrolment.studentId)?.schoolId).toBe(enrolment.schoolId)
      expect(classes.get(enrolment.classId)?.schoolId).toBe(enrolment.schoolId)
      expect(enrolment.endedOn).toBeNull()
    }
  })

  test('a transfer closes one enrolment and opens another in another school; a dropout has a reason and no other', () => {
    const transferred = province.enrolments.filter((enrolment) => enrolment.status === 'TRANSFERRED')
    expect(transferred.length).toBeGreaterThan(10)
    for (const left of transferred) {
      const entered = province.enrolments.find((row) => row.studentId === left.studentId && row.entry === 'TRANSFER_IN')
      expect(entered?.schoolId).not.toBe(left.schoolId)
      expect((entered?.admittedOn ?? '') > (left.endedOn ?? '')).toBe(true)
    }
    const dropouts = province.enrolments.filter((enrolment) => enrolment.status === 'DROPPED_OUT')
    expect(dropouts.length).toBeGreaterThan(5)
    expect(dropouts.every((row) => row.leavingReasonCode !== null && row.endedOn !== null)).toBe(true)
  })

  test('classes hold no more pupils than the charters allow', () => {
    const sizes = Map.groupBy(
      province.enrolments.filter((enrolment) => enrolment.status === 'STUDYING'),
      (enrolment) => enrolment.classId,
    )
    for (const room of province.classes) {
      const size = sizes.get(room.id)?.length ?? 0
      expect(size).toBeGreaterThanOrEqual(24)
      expect(size).toBeLessThanOrEqual(['MN', 'TH'].includes(room.level) ? 37 : 45)
    }
  })

  test('each pupil has exactly one first guardian, and no phone can ring', () => {
    const first = province.guardians.filter((guardian) => guardian.isPrimary).map((guardian) => guardian.studentId)
    expect(first.sort()).toEqual([...students.keys()].sort())
    expect(province.guardians.filter((guardian) => !FICTIONAL_PHONE.test(guardian.phone))).toEqual([])
    expect(unique(province.guardians.map((guardian) => guardian.phone))).toBe(true)
    for (const guardian of province.guardians) expect(guardian.schoolId).toBe(students.get(guardian.studentId)?.schoolId)
  })
})

describe('who teaches what', () => {
  test("every assignment's teacher works in the class's school, in a term of the class's level", () => {
    for (const row of province.teachingAssignments) {
      const teacher = staff.get(row.staffId)
      const room = classes.get(row.classId)
      expect([teacher?.schoolId, teacher?.status, room?.schoolId]).toEqual([row.schoolId, 'WORKING', row.schoolId])
      expect(terms.get(row.termId)?.level).toBe(room?.level)
    }
  })

  test('every subject of every class has exactly one teacher in each term, and nothing else is taught', () => {
    const taught = Map.groupBy(province.teachingAssignments, (row) => row.classId)
    for (const room of province.classes) {
      const expected = subjectsOf(province.subjectOfferings, room).flatMap((offering) =>
        province.terms.filter((term) => term.level === room.level).map((term) => `${offering.subjectCode} ${term.id}`),
      )
      expect((taught.get(room.id) ?? []).map((row) => `${row.subjectCode} ${row.termId}`).sort()).toEqual(expected.sort())
    }
  })

  test('nobody teaches above the weekly norm of the level', () => {
    const loads = new Map<string, number>()
    for (const row of province.teachingAssignments) {
      const key = `${row.staffId} ${row.termId}`
      loads.set(key, (loads.get(key) ?? 0) + row.periodsPerWeek)
    }
    for (const row of province.teachingAssignments) {
      const level = classes.get(row.classId)?.level ?? 'MN'
      expect(loads.get(`${row.staffId} ${row.termId}`)).toBeLessThanOrEqual(WEEKLY_NORM[level])
    }
  })

  test('every class has one homeroom teacher, who teaches it and has no other', () => {
    expect(province.homeroomAssignments.map((row) => row.classId).sort()).toEqual([...classes.keys()].sort())
    expect(unique(province.homeroomAssignments.map((row) => row.staffId))).toBe(true)
    const teaches = new Set(province.teachingAssignments.map((row) => `${row.staffId} ${row.classId}`))
    for (const row of province.homeroomAssignments) {
      if (classes.get(row.classId)?.level === 'MN') continue
      expect(teaches.has(`${row.staffId} ${row.classId}`)).toBe(true)
    }
  })

  test('an upper-secondary class has four chosen subjects beside the compulsory ones', () => {
    for (const room of province.classes) expect(room.electives.length).toBe(['THPT', 'GDTX'].includes(room.level) ? 4 : 0)
  })
})

describe('marks', () => {
  test('between 60,000 and 110,000 marks, of THCS and THPT alone, all before today', () => {
    expect(province.marks.length).toBeGreaterThan(60_000)
    expect(province.marks.length).toBeLessThan(110_000)
    const levels = new Set(province.marks.map((mark) => classes.get(mark.classId)?.level))
    expect([...levels].sort()).toEqual(['THCS', 'THPT'])
    expect(province.marks.filter((mark) => new Date(mark.recordedAt) > TODAY)).toEqual([])
  })

  test('a mark is a whole number of tenths on the scale of ten, or a remark, as its subject is assessed', () => {
    const assessment = new Map(province.subjects.map((subject) => [subject.code, subject.assessment]))
    const wrong = province.marks.filter(({ subjectCode, value, remark }) =>
      assessment.get(subjectCode) === 'COMMENT'
        ? value !== null || remark === null
        : remark !== null || value === null || !Number.isInteger(value) || value < 0 || value > 100,
    )
    expect(wrong).toEqual([])
    expect(new Set(province.marks.map((mark) => mark.remark))).toEqual(new Set([null, 'PASSED', 'NOT_PASSED']))
  })

  test('no pupil has the same mark twice', () => {
    const keys = province.marks.map((mark) => [mark.studentId, mark.classId, mark.subjectCode, mark.kind, mark.ordinal].join())
    expect(unique(keys)).toBe(true)
  })

  test('each mark is entered by the teacher assigned to that class, subject and term', () => {
    const assigned = new Set(
      province.teachingAssignments.map((row) => [row.classId, row.subjectCode, row.termId, row.staffId].join()),
    )
    const wrong = province.marks.filter(
      (mark) => !assigned.has([mark.classId, mark.subjectCode, mark.termId, mark.enteredByStaffId].join()),
    )
    expect(wrong).toEqual([])
  })

  test('a pupil is marked only while in the class', () => {
    const stay = new Map(province.enrolments.map((row) => [`${row.studentId} ${row.classId}`, row]))
    const wrong = province.marks.filter((mark) => {
      const enrolment = stay.get(`${mark.studentId} ${mark.classId}`)
      const day = dayOf(mark.recordedAt)
      return !enrolment || day < enrolment.admittedOn || (enrolment.endedOn !== null && day > enrolment.endedOn)
    })
    expect(wrong).toEqual([])
  })

  test('each secondary pupil is bound to a real exam row of his own, younger pupils to none', () => {
    const bound = province.students.flatMap((student) => (student.examRow === null ? [] : [student.examRow]))
    expect(new Set(bound).size).toBe(bound.length)
    expect(bound.every((row) => row >= 1 && row <= 10_000)).toBe(true)
    const level = (studentId: string) =>
      classes.get(province.enrolments.find((row) => row.studentId === studentId)?.classId ?? '')?.level ?? 'MN'
    const young = province.students.filter((student) => student.examRow === null).map((student) => level(student.id))
    expect(new Set(young)).toEqual(new Set(['MN', 'TH']))
  })

  test.each(['TOAN', 'NGU_VAN', 'NGOAI_NGU_1', 'KHTN', 'LS_DL', 'VAT_LI', 'GDKT_PL', 'TIN_HOC'])(
    "a pupil's marks in %s follow the level of the pupil's exam row",
    (subjectCode) => {
      const marks = province.marks.filter((mark) => mark.subjectCode === subjectCode)
      const pairs = [...Map.groupBy(marks, (mark) => mark.studentId)].map(
        ([studentId, own]) =>
          [
            examLevelOf(students.get(studentId) ?? { examRow: null }, subjectCode)?.tenths ?? NaN,
            mean(own.map((mark) => mark.value ?? NaN)),
          ] as const,
      )
      expect(correlation(pairs)).toBeGreaterThan(subjectCode === 'TIN_HOC' ? 0.7 : 0.85)
    },
  )

  test('marks do not follow the row of another pupil', () => {
    const marks = province.marks.filter((mark) => mark.subjectCode === 'TOAN')
    const others = province.students.filter((student) => student.examRow !== null)
    const pairs = marks.map(
      (mark, at) =>
        [
          examLevelOf(others[(at * 7919) % others.length] ?? { examRow: null }, 'TOAN')?.tenths ?? NaN,
          mark.value ?? NaN,
        ] as const,
    )
    expect(Math.abs(correlation(pairs))).toBeLessThan(0.1)
  })
})

describe('levels read from the real file', () => {
  test('a result is read half-up to one decimal, in whatever spelling it was published', () => {
    expect(examRowOf({ examRow: 1 })?.published).toEqual({
      ngoai_ngu: '3',
      ngu_van: '4.50',
      toan: '6.40',
      gdcd: '7.75',
      dia_li: '7.50',
      lich_su: '6.50',
    })
    const level = (subjectCode: string) => examLevelOf({ examRow: 1 }, subjectCode)
    expect(level('NGOAI_NGU_1')).toEqual({ tenths: 30, source: 'TAKEN' })
    expect(level('GDKT_PL')).toEqual({ tenths: 78, source: 'TAKEN' })
    expect(level('LS_DL')).toEqual({ tenths: 70, source: 'TAKEN' })
  })

  test('a subject the candidate skipped borrows the level of one that was taken, always the same', () => {
    const borrowed = examLevelOf({ examRow: 1 }, 'VAT_LI')
    expect(borrowed?.source).toBe('BORROWED')
    expect([30, 45, 64, 78, 75, 65]).toContain(borrowed?.tenths)
    expect(examLevelOf({ examRow: 1 }, 'VAT_LI')).toEqual(borrowed)
  })

  test('a subject outside the exam is derived, and a pupil without a row has no level', () => {
    expect(examLevelOf({ examRow: 1 }, 'TIN_HOC')).toEqual({ tenths: 65, source: 'DERIVED' })
    expect(examLevelOf({ examRow: null }, 'TOAN')).toBeUndefined()
    expect(examRowOf({ examRow: null })).toBeUndefined()
  })

  test('a class that chose the sciences holds pupils who sat them', () => {
    const pupils = province.enrolments.filter((row) => classes.get(row.classId)?.electives.includes('VAT_LI'))
    const sources = pupils.map((row) => examLevelOf(students.get(row.studentId) ?? { examRow: null }, 'VAT_LI')?.source)
    expect(sources.filter((source) => source === 'TAKEN').length / sources.length).toBeGreaterThan(0.95)
  })
})

describe('vendors, approvals and agreements', () => {
  const valid = province.agreements.filter(
    (agreement) => agreement.validFrom <= '2026-11-20' && agreement.validTo >= '2026-11-20',
  )

  test('five vendors each have one approved product, and none is approved for sensitive data', () => {
    expect(province.vendors).toHaveLength(5)
    expect(province.applications.map((application) => application.vendorId)).toEqual(province.vendors.map((vendor) => vendor.id))
    expect(province.approvals.map((approval) => approval.applicationId)).toEqual(province.applications.map(({ id }) => id))
    expect(
      province.approvals.flatMap((approval) => approval.scopes).filter((scope) => /sensitive|health|report|audit/.test(scope)),
    ).toEqual([])
  })

  test('no product has an agreement with every school, and each has one with some', () => {
    for (const application of province.applications) {
      const reached = new Set(valid.filter((row) => row.applicationId === application.id).map((row) => row.schoolId))
      expect(reached.size).toBeGreaterThan(0)
      expect(reached.size).toBeLessThan(province.schools.length)
    }
  })

  test('22 schools use one school-management product, two use none, 14 have a contact book', () => {
    const count = (kind: string) =>
      province.schools.map(
        (school) =>
          valid.filter((row) => row.schoolId === school.id && applications.get(row.applicationId)?.kind === kind).length,
      )
    expect(count('SCHOOL_MANAGEMENT').filter((n) => n === 1)).toHaveLength(22)
    expect(count('SCHOOL_MANAGEMENT').filter((n) => n === 0)).toHaveLength(2)
    expect(count('CONTACT_BOOK').filter((n) => n === 1)).toHaveLength(14)
    expect(valid.length).toBe(province.agreements.length - 1)
  })

  test("an agreement never exceeds the approval and is signed by the school's principal", () => {
    const approved = new Map(province.approvals.map((approval) => [approval.applicationId, approval.scopes]))
    for (const agreement of province.agreements) {
      const scopes = approved.get(agreement.applicationId) ?? []
      expect(agreement.scopes.filter((scope) => !scopes.includes(scope))).toEqual([])
      const signer = staff.get(agreement.signedByStaffId)
      expect([signer?.role, signer?.schoolId]).toEqual(['PRINCIPAL', agreement.schoolId])
      expect(dayOf(agreement.signedAt) <= agreement.validFrom).toBe(true)
    }
  })

  test('accounts stand for one Sở officer, one commune, compliance, three principals and the teachers of two schools', () => {
    const roles = Map.groupBy(province.accounts, (account) => account.role)
    expect(roles.get('AUTHORITY_OFFICER')?.map((row) => authorities.get(row.authorityId ?? '')?.kind)).toEqual([
      'DEPARTMENT',
      'COMMUNE',
    ])
    expect(roles.get('COMPLIANCE_OFFICER')).toHaveLength(1)
    expect(roles.get('PRINCIPAL')).toHaveLength(3)
    expect(new Set(roles.get('TEACHER')?.map((row) => row.schoolId)).size).toBe(2)
    for (const account of province.accounts) {
      if (account.staffId) expect(staff.get(account.staffId)?.schoolId).toBe(account.schoolId)
      expect(account.email).toMatch(/\.example$/)
    }
    expect(unique(province.accounts.map((account) => account.email))).toBe(true)
  })

  test('compliance holds no scope over pupils', () => {
    const compliance = province.accounts.find((account) => account.role === 'COMPLIANCE_OFFICER')
    expect(compliance?.scopes).toEqual(['identity.read', 'audit.read', 'access.review'])
  })
})

describe('contact book', () => {
  const consentOf = new Map(province.consents.map((consent) => [`${consent.studentId} ${consent.applicationId}`, consent]))

  test('plans keep to 25,000 đ and at least six messages, and exist only where the school agreed', () => {
    const agreed = new Set(province.agreements.map((row) => `${row.schoolId} ${row.applicationId}`))
    expect(province.contactBookPlans).toHaveLength(14)
    for (const plan of province.contactBookPlans) {
      expect(plan.feePerMonthVnd).toBeLessThanOrEqual(25_000)
      expect(plan.messagesPerMonth).toBeGreaterThanOrEqual(6)
      expect(agreed.has(`${plan.schoolId} ${plan.applicationId}`)).toBe(true)
      expect(plan.usesBrandname).toBe(plan.brandnameId !== null)
    }
    expect(new Set(province.contactBookPlans.map((plan) => plan.usesBrandname)).size).toBe(2)
  })

  test('brandnames obey Decree 91/2020: at most 11 characters, not digits alone, unique whatever the case', () => {
    const names = province.brandnames.map((brandname) => brandname.name)
    expect(names.filter((name) => !/^(?=.*[A-Za-z])[A-Za-z0-9._ -]{1,11}$/.test(name))).toEqual([])
    expect(unique(names.map((name) => name.toLowerCase()))).toBe(true)
  })

  test("a subscription rests on the consent of the pupil's own guardian, given before it begins", () => {
    for (const subscription of province.subscriptions) {
      const consent = consentOf.get(`${subscription.studentId} ${subscription.applicationId}`)
      expect(guardians.get(subscription.guardianId)?.studentId).toBe(subscription.studentId)
      expect(consent?.guardianId).toBe(subscription.guardianId)
      expect(dayOf(consent?.givenAt ?? '2099-01-01T00:00:00Z') <= subscription.since).toBe(true)
      expect(subscription.until === null).toBe(consent?.withdrawnAt === null)
    }
    expect(province.consents.filter((consent) => consent.withdrawnAt !== null).length).toBeGreaterThan(5)
  })

  test('about seven pupils in ten are subscribed', () => {
    const reached = new Set(province.contactBookPlans.map((plan) => plan.schoolId))
    const pupils = province.students.filter((student) => reached.has(student.schoolId)).length
    expect(province.subscriptions.length / pupils).toBeGreaterThan(0.65)
    expect(province.subscriptions.length / pupils).toBeLessThan(0.75)
  })

  test('messages go only to those who consented, in November, outside quiet hours, before today', () => {
    expect(province.messages.length).toBeGreaterThan(1_000)
    expect(province.messages.length).toBeLessThanOrEqual(6_000)
    const subscribed = new Map(province.subscriptions.map((row) => [row.studentId, row]))
    for (const message of province.messages) {
      expect(subscribed.get(message.studentId)?.until).toBeNull()
      expect(dayOf(message.sentAt)).toMatch(/^2026-11-/)
      const hour = (new Date(message.sentAt).getUTCHours() + 7) % 24
      expect(hour >= 7 && hour < 22).toBe(true)
      expect(new Date(message.sentAt) <= TODAY).toBe(true)
    }
  })

  test('SMS goes under an approved brandname of the school, and every text has its diacritics', () => {
    const brandnames = byId(province.brandnames)
    for (const message of province.messages) {
      if (message.channel === 'SMS') expect(brandnames.get(message.brandnameId ?? '')?.schoolId).toBe(message.schoolId)
      else expect(message.brandnameId).toBeNull()
      expect(message.body).toMatch(/[ăâđêôơưạảấầẩậắằặẹẻẽếềểệịỉọỏốồổộớờởợụủứừửựỳỵỷỹ]/i)
    }
  })

  test('a score message tells of the very mark it names, after it was recorded', () => {
    const marks = byId(province.marks)
    const scores = province.messages.filter((message) => message.category === 'SCORE')
    expect(scores.length).toBeGreaterThan(300)
    for (const message of scores) {
      const mark = marks.get(message.markId ?? '')
      expect([mark?.studentId, mark?.schoolId]).toEqual([message.studentId, message.schoolId])
      expect(message.sentAt > (mark?.recordedAt ?? '9')).toBe(true)
      expect(message.body).toContain(`đạt ${String((mark?.value ?? 0) / 10).replace('.', ',')} điểm`)
    }
  })
})

test('every row of a school names a school that exists', () => {
  const lists = Object.entries(province as unknown as Record<keyof SandboxProvince, unknown>)
  for (const [, list] of lists) {
    if (!Array.isArray(list)) continue
    const strays = (list as { schoolId?: string | null }[]).filter((row) => row.schoolId && !schools.has(row.schoolId))
    expect(strays).toEqual([])
  }
})
