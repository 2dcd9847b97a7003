// The roster by batch: classes, staff, pupils, assignments; answered record by record, each with its history, feed and audit.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Scope } from '../../subgraphs/kernel/scopes.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer, schoolOf } from '../testkit/parties.ts'
import { captureSql, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import {
  codesIn,
  freshCode,
  keeper,
  pupil,
  refusal,
  schoolAtWork,
  send,
  statusesIn,
  traces,
  warningsIn,
  YEAR,
  type SchoolAtWork,
  type Sent,
} from './roster-kit.ts'

let database: TestDatabase
let schools: TestSubgraph
let smas: Viewer
/** A second product at the same school. */
let enetviet: Viewer
let school: SchoolAtWork
let ref: Sent

beforeAll(async () => {
  database = await freshDatabase()
  schools = await testSubgraph(database, 'schools')
  smas = await keeper(database, 'smas', 'school.write', 'staff.write', 'student.sensitive.read', 'student.sensitive.write')
  enetviet = await keeper(database, 'enetviet', 'student.basic.write')
  school = await schoolAtWork(database, smas, enetviet)
  ref = { school: { id: school.id } }
})
afterAll(async () => {
  await schools?.close()
  await database?.drop()
})

const keyed = (viewer: Viewer, idempotencyKey: string): Viewer => ({ ...viewer, idempotencyKey })
const students = (list: Sent[], more: Sent = {}, viewer = smas) =>
  send(schools, viewer, 'upsertStudents', { ...ref, schoolYear: YEAR, students: list, ...more })
const classes = (list: Sent[], more: Sent = {}) =>
  send(schools, smas, 'upsertClasses', { ...ref, schoolYear: YEAR, classes: list, ...more })
const staff = (list: Sent[], more: Sent = {}) => send(schools, smas, 'upsertStaff', { ...ref, staff: list, ...more })
const teacher = (change: Sent = {}): Sent => ({
  code: freshCode(),
  fullName: 'Lê Văn Đức',
  sex: 'MALE',
  position: 'TEACHER',
  status: 1,
  ...change,
})

describe('classes', () => {
  test('a class is created, found again by name, changed and left alone, each with what it must leave behind', async () => {
    const sent = { name: '10X1', grade: 10, level: 'THPT', externalId: 'L-10X1' }
    const created = await classes([sent])
    expect(created.results[0]).toMatchObject({
      status: 'CREATED',
      entity: { version: 1, name: '10X1', provenance: { externalId: 'L-10X1', application: { id: smas.applicationId } } },
      errors: [],
      warnings: [],
    })
    const before = await traces(database, school.id)
    expect(statusesIn(await classes([sent]))).toEqual(['UNCHANGED'])
    expect(await traces(database, school.id)).toEqual(before)
    const id = created.results[0]!.entity!.id
    const renamed = await classes([{ ...sent, id, name: '10X2' }])
    expect(renamed.results[0]).toMatchObject({ status: 'UPDATED', entity: { id, version: 2, name: '10X2' } })
    const after = await traces(database, school.id)
    expect([after.outbox! - before.outbox!, after.former! - before.former!, after.audit! - before.audit!]).toEqual([1, 1, 1])
    const [former] = await database.sql(
      `select record ->> 'name' as name, version from schools.former_version where entity_id = $1`,
      [id],
    )
    expect(former).toEqual({ name: '10X1', version: 1 })
  })

  test('a grade that the level has not, a level that the school has not and a name without a word are refused; a name of another grade is doubtful', async () => {
    const batch = await classes([
      { name: '7Y1', grade: 7, level: 'THPT' },
      { name: 'Lá 1', grade: 18, level: 'MN' },
      { name: ' … ', grade: 10, level: 'THPT' },
      { name: '11Y1', grade: 10, level: 'THPT' },
    ])
    expect(codesIn(batch)).toEqual([['GRADE_INVALID'], ['LEVEL_INVALID'], ['NAME_INVALID'], []])
    expect(warningsIn(batch)[3]).toEqual(['CLASS_NAME_UNUSUAL'])
    expect(batch.results[0]!.errors[0]!.messageVi).toMatch(/Cấp học/)
  })

  test('a class with pupils keeps its grade', async () => {
    expect(codesIn(await classes([{ name: school.rooms[0]!.name, grade: 11, level: 'THPT' }]))).toEqual([['CLASS_HAS_PUPILS']])
  })
})

describe('pupils', () => {
  test('a pupil is admitted to a class with every attribute of the standard, and reads back as sent', async () => {
    const sent = pupil({
      externalId: 'HS-1',
      birthplace: 'Thanh Hóa',
      nationality: 'Việt Nam',
      communeCode: '14758',
      address: 'Số 1, phố Mới',
      boarding: false,
      youthMembership: 'UNION',
      canSwim: true,
      classRoom: { name: school.rooms[0]!.name },
      admittedOn: '2026-09-05',
      sensitive: {
        personalNumber: '038311900001',
        ethnicityCode: '01',
        disability: 'Khuyết tật nhìn',
        policyGroup: 'Con thương binh',
        poorHousehold: 'NEAR_POOR',
        feeRelief: 'REDUCED',
      },
    })
    const batch = await students([sent])
    expect(batch.results[0]).toMatchObject({
      status: 'CREATED',
      warnings: [],
      entity: {
        version: 1,
        status: 'STUDYING',
        classRoom: { name: school.rooms[0]!.name },
        provenance: { externalId: 'HS-1' },
        enrolments: [{ admittedOn: '2026-09-05', leftOn: null, status: 'STUDYING' }],
      },
    })
    const { data } = await schools.ask<{ student: Sent }>(
      smas,
      `query ($ref: StudentRef!) { student(ref: $ref) {
        profile { birthplace nationality communeCode address boarding youthMembership canSwim }
        sensitive { personalNumber ethnicityCode disability policyGroup poorHousehold feeRelief } } }`,
      { ref: { externalId: 'HS-1' } },
    )
    const { birthplace, nationality, communeCode, address, boarding, youthMembership, canSwim, sensitive } = sent
    expect(data.student).toEqual({
      profile: { birthplace, nationality, communeCode, address, boarding, youthMembership, canSwim },
      sensitive,
    })
  })

  test('what is not sent stays, what is null is cleared', async () => {
    const sent = pupil({ birthplace: 'Huế', address: 'Thôn 3' })
    await students([sent])
    const { birthplace: _birthplace, ...without } = sent
    expect(statusesIn(await students([{ ...without, address: null }]))).toEqual(['UPDATED'])
    const [row] = await database.sql(`select birthplace, address from schools.student where code = $1`, [sent.code])
    expect(row).toEqual({ birthplace: 'Huế', address: null })
  })

  test('every record of a bad list is refused for its own reason, and the good ones land', async () => {
    const room = { name: school.rooms[0]!.name }
    const twice = freshCode()
    const batch = await students([
      pupil({ birthDate: '2011-02-30' }),
      pupil({ birthDate: '1966-03-01', classRoom: room }),
      pupil({ fullName: 'Trần \ud83d' }),
      pupil({ code: '12345' }),
      pupil({ code: twice }),
      pupil({ code: twice, fullName: 'Khác' }),
      pupil({ classRoom: { name: '10Z99' } }),
      pupil({ code: null }),
      pupil({ sensitive: { personalNumber: '123' } }),
      pupil({ classRoom: room, fullName: 'Nguye\u0302\u0303n  Văn   An ' }),
    ])
    expect(codesIn(batch)).toEqual([
      ['DATE_INVALID'],
      ['AGE_GRADE_INVALID'],
      ['NAME_INVALID'],
      ['CODE_INVALID'],
      ['DUPLICATE_IN_BATCH'],
      ['DUPLICATE_IN_BATCH'],
      ['CLASS_NOT_FOUND'],
      ['RECORD_NOT_FOUND'],
      ['PERSONAL_NUMBER_INVALID'],
      [],
    ])
    expect(batch.summary).toMatchObject({ created: 1, rejected: 9 })
    expect(batch.results[9]!.entity!.fullName).toBe('Nguyễn Văn An')
  })

  test('what is doubtful is warned of and lands', async () => {
    const batch = await students([
      pupil({ sex: 'MALE', sensitive: { personalNumber: '038311900002' } }),
      pupil({ code: freshCode('01') }),
      pupil({ birthDate: '2005-01-01', classRoom: { name: school.rooms[0]!.name } }),
    ])
    expect(statusesIn(batch)).toEqual(['CREATED', 'CREATED', 'CREATED'])
    expect(warningsIn(batch)).toEqual([['PERSONAL_NUMBER_MISMATCH'], ['CODE_OF_OTHER_PROVINCE'], ['AGE_GRADE_UNUSUAL']])
  })

  test('one class that is not there is one root cause of all it blocks', async () => {
    const batch = await students(Array.from({ length: 5 }, () => pupil({ classRoom: { name: '10Z99' } })))
    expect(batch.rootCauses).toEqual([{ code: 'CLASS_NOT_FOUND', about: '10Z99', blocks: 5 }])
  })

  test('all or none: in ATOMIC mode one bad record refuses the others and nothing is written', async () => {
    const before = await traces(database, school.id)
    const batch = await students([pupil(), pupil({ birthDate: '2011-13-01' })], { mode: 'ATOMIC' })
    expect(codesIn(batch)).toEqual([['BATCH_REJECTED'], ['DATE_INVALID']])
    expect(await traces(database, school.id)).toEqual(before)
    expect(statusesIn(await students([pupil(), pupil()], { mode: 'ATOMIC' }))).toEqual(['CREATED', 'CREATED'])
  })

  test('a lost update is a conflict that shows the current record', async () => {
    const sent = pupil()
    await students([sent])
    await students([{ ...sent, fullName: 'Nguyễn Thị Ân' }])
    const late = await students([{ ...sent, fullName: 'Nguyễn Ánh', expectedVersion: 1 }])
    expect(late.results[0]).toMatchObject({ status: 'CONFLICT', entity: { version: 2, fullName: 'Nguyễn Thị Ân' } })
    expect(codesIn(late)).toEqual([['VERSION_CONFLICT']])
    expect(statusesIn(await students([{ ...sent, fullName: 'Nguyễn Ánh', expectedVersion: 2 }]))).toEqual(['UPDATED'])
    expect(statusesIn(await students([pupil({ expectedVersion: 3 })]))).toEqual(['CONFLICT'])
  })

  test('two products at one school each see what the other wrote, and each finds it by its own id', async () => {
    const sent = pupil()
    await students([{ ...sent, externalId: 'smas-7' }])
    const before = await traces(database, school.id)
    const again = await students([{ ...sent, externalId: 'env-7' }], {}, enetviet)
    expect(again.results[0]).toMatchObject({ status: 'UNCHANGED', entity: { version: 1, provenance: { externalId: 'env-7' } } })
    expect(await traces(database, school.id)).toEqual(before)
    const change = { ...sent, externalId: 'smas-7', fullName: 'Nguyễn Thị Anh' }
    expect(statusesIn(await students([{ ...change, code: undefined }]))).toEqual(['UPDATED'])
    const seen = await students([{ ...change, externalId: 'env-7' }], {}, enetviet)
    expect(seen.results[0]).toMatchObject({
      status: 'UNCHANGED',
      entity: { version: 2, provenance: { externalId: 'env-7', application: { id: smas.applicationId } } },
    })
  })

  test('an own id that names another record is refused, and a code never changes', async () => {
    const [one, other] = [pupil({ externalId: 'own-1' }), pupil()]
    const { results } = await students([one, other])
    const wrong = await students([
      { ...other, externalId: 'own-1' },
      { ...one, id: results[0]!.entity!.id, code: freshCode() },
    ])
    expect(codesIn(wrong)).toEqual([['EXTERNAL_ID_TAKEN'], ['KEY_CHANGED']])
  })

  test('a retried request has one effect and the first answer', async () => {
    const list = [pupil(), pupil({ birthDate: 'gestern' })]
    const first = await students(list, {}, keyed(smas, 'roster-1'))
    const before = await traces(database, school.id)
    expect(await students(list, {}, keyed(smas, 'roster-1'))).toEqual(first)
    expect(await traces(database, school.id)).toEqual(before)
    const input = { ...ref, schoolYear: YEAR, students: [pupil()] }
    expect(await refusal(schools, keyed(smas, 'roster-1'), 'upsertStudents', input)).toEqual(['IDEMPOTENCY_MISMATCH'])
  })

  test('twenty batches at once that name the same pupils create each once', async () => {
    const list = Array.from({ length: 30 }, () => pupil())
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => students(index % 2 ? list : list.toReversed())))
    expect(answers.reduce((sum, { summary }) => sum + summary.created, 0)).toBe(30)
    expect(answers.reduce((sum, { summary }) => sum + summary.unchanged, 0)).toBe(19 * 30)
  })

  test('a thousand records are a handful of statements, and each names its school', async () => {
    const list = Array.from({ length: 1_000 }, () => pupil({ classRoom: { name: school.rooms[1]!.name } }))
    const { statements, result } = await captureSql(schools, () =>
      schools.ask<{ batch: { summary: { created: number } } }>(
        smas,
        `mutation ($input: UpsertStudentsInput!) { batch: upsertStudents(input: $input) { summary { created } } }`,
        { input: { ...ref, schoolYear: YEAR, students: list } },
      ),
    )
    expect(result.errors).toBeUndefined()
    expect(result.data.batch.summary.created).toBe(1_000)
    expect(statements.length).toBeLessThan(32)
    const ofSchools = statements.filter((text) =>
      /schools\.(student|class_room|enrolment|external_reference|former_version)\b/.test(text),
    )
    expect(ofSchools.length).toBeGreaterThan(3)
    expect(ofSchools.filter((text) => !/school_id/.test(text))).toEqual([])
  })
})

describe('who may write', () => {
  const one = () => ({ ...ref, schoolYear: YEAR, students: [pupil()] })

  test('a school without an agreement is closed, and reads as one that does not exist', async () => {
    const foreign = await schoolOf(database, 'smas', { agreed: false })
    for (const wanted of [{ id: foreign.id }, { code: foreign.code }, { code: '0' }, { externalId: 'x' }])
      expect(await refusal(schools, smas, 'upsertStudents', { ...one(), school: wanted })).toEqual(['SCHOOL_NOT_ACCESSIBLE'])
  })

  test('each write needs its scope, of the approval and of the school’s agreement', async () => {
    const whole = await applicationViewer(database, 'vietschool')
    const narrow = (scopes: readonly Scope[]): Scope[] =>
      scopes.filter((scope) => !['school.write', 'staff.write'].includes(scope))
    const plain: Viewer = { ...whole, scopes: narrow(whole.scopes) }
    await database.sql(
      `update access.school_grant
       set scopes = array(select s from unnest(scopes) s where s <> all ('{school.write,staff.write}')) where application_id = $1`,
      [whole.applicationId],
    )
    const there = { school: { id: (await schoolOf(database, 'vietschool')).id } }
    const lists = {
      upsertClasses: { schoolYear: YEAR, classes: [{ name: '10X9', grade: 10, level: 'THPT' }] },
      upsertStaff: { staff: [teacher()] },
      assignTeachers: {
        schoolYear: YEAR,
        term: 'HKI',
        assignments: [{ classRoom: { name: 'x' }, subject: 'TOAN', teacher: { code: 'x' } }],
      },
      assignHomerooms: { schoolYear: YEAR, assignments: [{ classRoom: { name: 'x' }, teacher: { code: 'x' } }] },
    }
    for (const [act, list] of Object.entries(lists)) {
      expect(await refusal(schools, plain, act, { ...there, ...list })).toEqual(['SCOPE_MISSING'])
      const approved: Viewer = { ...plain, scopes: [...plain.scopes, 'school.write', 'staff.write'] }
      expect(await refusal(schools, approved, act, { ...there, ...list })).toEqual(['SCHOOL_NOT_ACCESSIBLE'])
    }
    const reader: Viewer = { ...smas, scopes: smas.scopes.filter((scope) => scope !== 'student.basic.write') }
    for (const act of ['upsertStudents']) expect(await refusal(schools, reader, act, one())).toEqual(['SCOPE_MISSING'])
  })

  test('sensitive data needs its own scope: without the approval the request is refused, without the agreement the record', async () => {
    const list = [pupil(), pupil({ sensitive: { ethnicityCode: '01' } })]
    const input = { ...ref, schoolYear: YEAR, students: list }
    expect(await refusal(schools, enetviet, 'upsertStudents', input)).toEqual(['SCOPE_MISSING'])
    const approved: Viewer = { ...enetviet, scopes: [...enetviet.scopes, 'student.sensitive.write'] }
    const batch = await students(list, {}, approved)
    expect(codesIn(batch)).toEqual([[], ['SCOPE_MISSING']])
    expect(statusesIn(await students([list[1]!]))).toEqual(['CREATED'])
  })

  test('officers and teachers do not keep the roster; the principal does', async () => {
    const principal = await personViewer(database, 'hieu-truong@thpt-hac-thanh')
    const [own] = await database.sql<{ school_id: string }>(`select school_id from access.membership where account_id = $1`, [
      principal.accountId,
    ])
    const input = { ...one(), school: { id: own!.school_id } }
    const officer = await personViewer(database, 'can-bo-so')
    const scopes: Scope[] = ['student.basic.write', 'student.basic.read', 'school.read']
    for (const viewer of [officer, { ...smas, accountId: officer.accountId, role: 'TEACHER' as const }])
      expect(await refusal(schools, { ...viewer, scopes }, 'upsertStudents', input)).toEqual(['ACT_FORBIDDEN'])
    const writing: Viewer = { ...principal, scopes: [...principal.scopes, ...scopes] }
    expect(statusesIn(await send(schools, writing, 'upsertStudents', input))).toEqual(['CREATED'])
  })

  test('whoever may write and not read is told what became of a record and shown none', async () => {
    const blind: Viewer = { ...smas, scopes: smas.scopes.filter((scope) => scope !== 'student.basic.read') }
    const { data } = await schools.ask<{ batch: { results: Sent[] } }>(
      blind,
      `mutation ($input: UpsertStudentsInput!) { batch: upsertStudents(input: $input) { results { status entity { id } } } }`,
      { input: one() },
    )
    expect(data.batch.results).toEqual([{ status: 'CREATED', entity: null }])
  })
})

describe('staff and assignments', () => {
  const assign = (list: Sent[], more: Sent = {}) =>
    send(schools, smas, 'assignTeachers', { ...ref, schoolYear: YEAR, term: 'HKI', assignments: list, ...more })
  const homerooms = (list: Sent[]) => send(schools, smas, 'assignHomerooms', { ...ref, schoolYear: YEAR, assignments: list })
  const room = () => ({ name: school.rooms[0]!.name })

  test('staff are created, changed and refused record by record', async () => {
    const one = teacher({ birthDate: '1985-09-05' })
    const batch = await staff([
      one,
      teacher({ status: 9 }),
      teacher({ position: 'giáo viên' }),
      teacher({ birthDate: '2090-01-01' }),
    ])
    expect(codesIn(batch)).toEqual([[], ['CODE_UNKNOWN'], ['CODE_UNKNOWN'], ['DATE_INVALID']])
    expect(statusesIn(await staff([{ ...one, birthDate: undefined }]))).toEqual(['UNCHANGED'])
    expect(statusesIn(await staff([{ ...one, position: 'DEPUTY' }]))).toEqual(['UPDATED'])
  })

  test('a teacher is assigned, the assignment ends and is taken up again; nothing of it is deleted', async () => {
    const one = teacher()
    await staff([one])
    const sent = { classRoom: room(), subject: 'TOAN', teacher: { code: one.code } }
    const opened = async (): Promise<number> => {
      await database.sql(`select set_config('lt.schools', $1, false)`, [`{${school.id}}`])
      const query = `select 1 from published.teaching_assignment a join schools.staff s on s.id = a.staff_id where s.code = $1`
      return (await database.sql(query, [one.code])).length
    }
    const created = await assign([sent])
    expect(created.results[0]).toMatchObject({ status: 'CREATED', entity: { active: true, teacher: { code: one.code } } })
    expect(await opened()).toBe(1)
    expect(statusesIn(await assign([sent]))).toEqual(['UNCHANGED'])
    expect((await assign([{ ...sent, active: false }])).results[0]).toMatchObject({ status: 'UPDATED', entity: { version: 2 } })
    expect(await opened()).toBe(0)
    expect((await assign([sent])).results[0]).toMatchObject({ status: 'UPDATED', entity: { version: 3 } })
  })

  test('a leaver is assigned nothing, and one cause is told once', async () => {
    const left = teacher({ status: 6 })
    await staff([left])
    const sent = (subject: string) => ({ classRoom: room(), subject, teacher: { code: left.code } })
    const batch = await assign([sent('TOAN'), sent('NGU_VAN'), { ...sent('TOAN'), teacher: { code: '0' } }, sent('KHONG_CO')])
    expect(codesIn(batch).map(([first]) => first)).toEqual(['STAFF_LEFT', expect.any(String), 'STAFF_NOT_FOUND', 'STAFF_LEFT'])
    expect(batch.rootCauses[0]).toMatchObject({ code: 'STAFF_LEFT', about: left.code })
    expect(codesIn(batch)[3]).toContain('SUBJECT_NOT_FOUND')
    expect(codesIn(await homerooms([{ classRoom: room(), teacher: { code: left.code } }]))).toEqual([['STAFF_LEFT']])
  })

  test('a class passes from one homeroom teacher to another, and who had it before is kept', async () => {
    const [one, other] = [teacher(), teacher()]
    await staff([one, other])
    await homerooms([{ classRoom: room(), teacher: { code: one.code } }])
    const batch = await homerooms([{ classRoom: room(), teacher: { code: other.code } }])
    expect(batch.results[0]).toMatchObject({ status: 'UPDATED', entity: { teacher: { code: other.code } } })
    const [former] = await database.sql<{ code: string }>(
      `select s.code from schools.former_version f join schools.staff s on s.id = (f.record ->> 'staff_id')::uuid
       where f.entity = 'HomeroomAssignment' and f.entity_id = $1 order by f.version desc limit 1`,
      [batch.results[0]!.entity!.id],
    )
    expect(former!.code).toBe(one.code)
  })

  test('who leaves the school loses the office there with the same commit, and other offices stay', async () => {
    const [member] = await database.sql<{ account_id: string; school_id: string; code: string; full_name: string; sex: string }>(
      `select m.account_id, m.school_id, s.code, s.full_name, s.sex
       from access.membership m join schools.staff s on s.school_id = m.school_id and s.id = m.staff_id
       join access.school_grant g on g.school_id = m.school_id and g.application_id = $1
       where m.role = 'TEACHER' and m.valid_to is null limit 1`,
      [smas.applicationId],
    )
    const offices = () =>
      database.sql(
        `select 1 from access.membership where account_id = $1 and current_date between valid_from and coalesce(valid_to, 'infinity')`,
        [member!.account_id],
      )
    expect(await offices()).toHaveLength(1)
    const leaver = { code: member!.code, fullName: member!.full_name, sex: member!.sex, position: 'TEACHER' }
    const there = { school: { id: member!.school_id } }
    await send(schools, smas, 'upsertStaff', { ...there, staff: [{ ...leaver, status: 4 }] })
    expect(await offices()).toHaveLength(1)
    await send(schools, smas, 'upsertStaff', { ...there, staff: [{ ...leaver, status: 3 }] })
    expect(await offices()).toHaveLength(0)
    expect(await database.sql(`select status from access.person where account_id = $1`, [member!.account_id])).toEqual([
      { status: 'REVOKED' },
    ])
  })
})
