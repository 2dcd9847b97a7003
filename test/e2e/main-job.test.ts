// The main job through the public door, in both topologies: a vendor writes marks, the Sở reads reports, compliance sees who read what.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { finalMarksFromFile } from '../../platform/demo/real-marks.ts'
import * as sdk from '../../sdk/generated/graphql.ts'
import type { Client } from '../../sdk/client.ts'
import { startTestPlatform, TOPOLOGIES, type TestPlatform } from '../testkit/platform.ts'

describe.each(TOPOLOGIES)('with the platform as %s', (topology) => {
  let platform: TestPlatform
  let smas: Client
  let school: { code: string; name: string }
  let room: { id: string; name: string }
  let page: sdk.ClassPageQuery['classRoom']
  let teacher: { code: string }

  beforeAll(async () => {
    platform = await startTestPlatform({ topology })
    smas = await platform.client('smas')
    school = platform
      .party('smas')
      .schools.find(({ name, scopes }) => name.includes('THPT') && scopes.includes('gradebook.write'))!
    room = (await smas.get(sdk.ClassesDocument, { school: { code: school.code }, filter: { grade: 10 } })).school.classRooms
      .nodes[0]!
    page = (await smas.get(sdk.ClassPageDocument, { classRoom: { id: room.id } })).classRoom
    teacher = page.teachingAssignments.find(({ subject, term }) => subject?.code === 'TOAN' && term?.code === 'HKI')!.teacher!
  })
  afterAll(() => platform?.close())

  const inputFor = (scores: sdk.ScoreInput[]): sdk.RecordScoresInput => ({
    school: { code: school.code },
    schoolYear: '2026-2027',
    classRoom: { id: room.id },
    subject: 'TOAN',
    term: 'HKI',
    mode: 'PARTIAL',
    scores,
  })

  test('a vendor learns who it is and what it may do', async () => {
    const { viewer } = await smas.get(sdk.WhoAmIDocument, {})
    expect(viewer.displayName).toBe('SMAS')
    expect(viewer.scopes.map(({ name }) => name)).toContain('gradebook.write')
  })

  test('a vendor reads a class whole: pupils in name order, who teaches what', () => {
    expect(page.students.length).toBeGreaterThanOrEqual(35)
    expect(page.students.every(({ fullName }) => fullName === fullName.normalize('NFC'))).toBe(true)
    expect(page.teachingAssignments.every(({ teacher: each, subject }) => each && subject)).toBe(true)
  })

  test('a batch with a bad row lands but for that row, and the averages of TT22/2021 follow', async () => {
    const marks = await finalMarksFromFile(page.students.map(({ code }) => code))
    const enteredBy = { code: teacher.code }
    const regular = page.students.flatMap(({ code }) =>
      [1, 2, 3, 4].map((ordinal) => ({ student: { code }, kind: 'REGULAR' as const, ordinal, value: 8, enteredBy })),
    )
    const final = page.students.map(({ code }) => ({
      student: { code },
      kind: 'FINAL' as const,
      ordinal: 1,
      value: marks.get(code)!,
      enteredBy,
    }))
    const scores = [...regular, ...final]
    const bad = regular.length + 5
    const { recordScores } = await smas.get(sdk.RecordScoresDocument, {
      input: inputFor(scores.with(bad, { ...scores[bad]!, value: 11 })),
    })
    expect(recordScores.summary.rejected).toBe(1)
    expect(recordScores.results[bad]).toMatchObject({
      index: bad,
      status: 'REJECTED',
      errors: [{ code: 'SCORE_OUT_OF_SCALE', path: 'value' }],
    })

    const { classRoom } = await smas.get(sdk.ClassResultsDocument, { classRoom: { id: room.id }, term: 'HKI' })
    const marksOf = (await smas.get(sdk.ClassMarksDocument, { classRoom: { id: room.id }, term: 'HKI', subject: 'TOAN' }))
      .classRoom.students
    const averageOf = (code: string) =>
      classRoom.students.find((each) => each.code === code)!.subjectResults.find(({ subject }) => subject.code === 'TOAN')!
    for (const { code, scores: entered } of marksOf) {
      const result = averageOf(code)
      const tenths = (kind: string) => entered.filter((each) => each.kind === kind).map(({ value }) => Math.round(value! * 10))
      const [final10] = tenths('FINAL')
      if (final10 === undefined) {
        expect(result.average).toBeNull()
        expect(result.missing.map(({ kind }) => kind)).toContain('FINAL')
        continue
      }
      const sum = tenths('REGULAR').reduce((total, value) => total + value, 0) + 2 * tenths('MIDTERM')[0]! + 3 * final10
      const weights = tenths('REGULAR').length + 5
      // Half-up to one decimal, in whole numbers (TT22/2021, Điều 9).
      expect(Math.round(result.average! * 10)).toBe(Math.floor((2 * sum + weights) / (2 * weights)))
    }
    expect(
      marksOf.filter(({ scores: entered }) => !entered.some(({ kind }) => kind === 'FINAL')).map(({ code }) => code),
    ).toEqual([page.students[5]!.code])
  })

  test('a retried write has one effect, and the same key with another body is refused', async () => {
    const scores = [
      {
        student: { code: page.students[5]!.code },
        kind: 'FINAL' as const,
        ordinal: 1,
        value: 6.5,
        enteredBy: { code: teacher.code },
      },
    ]
    const first = await smas.ask(sdk.RecordScoresDocument, { input: inputFor(scores) }, { idempotencyKey: 'retry-1' })
    const second = await smas.ask(sdk.RecordScoresDocument, { input: inputFor(scores) }, { idempotencyKey: 'retry-1' })
    expect(first.data?.recordScores.summary.created).toBe(1)
    expect(second.data).toEqual(first.data)
    const other = await smas.ask(
      sdk.RecordScoresDocument,
      { input: inputFor([{ ...scores[0]!, value: 9 }]) },
      { idempotencyKey: 'retry-1' },
    )
    expect(other.errors.map(({ extensions }) => extensions?.code)).toEqual(['IDEMPOTENCY_MISMATCH'])
  })

  test('a teacher who is not assigned enters no mark', async () => {
    const stranger = page.teachingAssignments.find(
      ({ subject, teacher: each }) => subject?.code !== 'TOAN' && each?.code !== teacher.code,
    )!.teacher!
    const { recordScores } = await smas.get(sdk.RecordScoresDocument, {
      input: inputFor([
        { student: { code: page.students[0]!.code }, kind: 'REGULAR', ordinal: 1, value: 5, enteredBy: { code: stranger.code } },
      ]),
    })
    expect(recordScores.results[0]).toMatchObject({ status: 'REJECTED', errors: [{ code: 'TEACHER_NOT_ASSIGNED' }] })
  })

  test('a school without an agreement reads like one that does not exist, to read and to write', async () => {
    const foreign = platform
      .party('vnedu')
      .schools.find(({ code }) => !platform.party('smas').schools.some((own) => own.code === code))!
    const answers = await Promise.all(
      [foreign.code, '00000000'].flatMap((code) => [
        smas.ask(sdk.SchoolDocument, { school: { code } }),
        smas.ask(sdk.RecordScoresDocument, {
          input: {
            ...inputFor([
              { student: { code: '3800000000' }, kind: 'FINAL', ordinal: 1, value: 5, enteredBy: { code: teacher.code } },
            ]),
            school: { code },
            classRoom: { name: '10A1' },
          },
        }),
      ]),
    )
    for (const { errors, data } of answers) {
      expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['SCHOOL_NOT_ACCESSIBLE'])
      expect(data).toBeNull()
    }
    expect(answers[0]!.errors).toEqual(answers[2]!.errors)
  })

  test('the Sở reads the contact-book report and the software in use of the whole province', async () => {
    const officer = await platform.client('can-bo-so')
    const { contactBookReport: report } = await officer.get(sdk.ContactBookReportDocument, { month: '2026-11' })
    expect(report.title).toBe('BÁO CÁO VIỆC TRIỂN KHAI SỔ LIÊN LẠC ĐIỆN TỬ')
    expect(report.rows).toHaveLength(24)
    expect(report.rows.map(({ ordinal }) => ordinal)).toEqual(report.rows.map((_, index) => index + 1))
    expect(report.totals.registeredStudents).toBe(report.rows.reduce((sum, row) => sum + row.registeredStudents, 0))
    const { softwareInUse } = await officer.get(sdk.SoftwareInUseDocument, {})
    expect(softwareInUse.rows).toHaveLength(24)
    expect(softwareInUse.adoption.find(({ kind }) => kind === 'SCHOOL_MANAGEMENT')).toMatchObject({
      schoolsWith: 22,
      schoolsTotal: 24,
      percentTenths: 917,
    })
  })

  test('a vendor reads no report of the Sở', async () => {
    const { errors, data } = await smas.ask(sdk.ContactBookReportDocument, { month: '2026-11' })
    expect(data).toBeNull()
    expect(errors[0]?.extensions).toMatchObject({ code: 'SCOPE_MISSING', missingScopes: ['report.read'] })
  })

  test('compliance sees who read and wrote what, and no pupil', async () => {
    const compliance = await platform.client('tuan-thu')
    const { auditEvents } = await compliance.get(sdk.WhoReadWhatDocument, { first: 100 })
    const of = (operationName: string) =>
      auditEvents.nodes.filter((event) => event.operationName === operationName && event.partyName === 'SMAS')
    expect(of('ClassPage')[0]).toMatchObject({ kind: 'OPERATION', outcome: 'ALLOWED', studentCount: page.students.length })
    expect(of('RecordScores').some(({ kind }) => kind === 'WRITE')).toBe(true)
    expect(of('School')[0]).toMatchObject({ outcome: 'REFUSED', errorCodes: ['SCHOOL_NOT_ACCESSIBLE'], studentCount: 0 })
    const { errors } = await compliance.ask(sdk.ClassPageDocument, { classRoom: { id: room.id } })
    expect(errors[0]?.extensions?.code).toBe('SCOPE_MISSING')
  })

  test('between processes an answer is put together from bytes, and read where something in it is refused', async () => {
    const counted = async (): Promise<Record<string, number>> => {
      const text = await (await fetch(`${platform.url}/metrics`)).text()
      const found = text.matchAll(/^lienthong_gateway_executions_total\{executor="(\w+)",reason="(\w*)"\} (\d+)$/gm)
      return Object.fromEntries([...found].map(([, executor, reason, count]) => [executor! + reason, Number(count)]))
    }
    const variables = { classRoom: { id: room.id } }
    const before = await counted()
    expect((await smas.ask(sdk.ClassPageDocument, variables)).data?.classRoom).toEqual(page)
    const whole = await counted()
    const foreign = await platform.client('vnedu')
    const refused = await foreign.ask(sdk.ClassPageDocument, variables)
    expect([refused.data, refused.errors.length]).toEqual([null, 1])
    const after = await counted()
    const of = (counts: Record<string, number>, what: string): number => counts[what] ?? 0
    const way = topology === 'one process' ? 'compiled' : 'ready'
    expect(of(whole, way)).toBe(of(before, way) + 1)
    const read = topology === 'one process' ? 'compiled' : 'compiledANSWER'
    expect(of(after, read)).toBe(of(whole, read) + 1)
  })

  test('the log names no pupil, no teacher and no token', async () => {
    const logged = platform.logged()
    for (const { fullName } of page.students) expect(logged).not.toContain(fullName)
    expect(logged).not.toContain(await (await platform.tokenSource('smas')).get())
  })
})
