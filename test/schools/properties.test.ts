// What a school has, by batch: facilities of reporting periods, campuses; and assignments that begin and end on a day.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer, schoolOf } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import {
  codesIn,
  freshCode,
  keeper,
  refusal,
  schoolAtWork,
  send,
  statusesIn,
  traces,
  YEAR,
  type SchoolAtWork,
  type Sent,
} from './roster-kit.ts'

let database: TestDatabase
let schools: TestSubgraph
let smas: Viewer
let misa: Viewer
let school: SchoolAtWork
let ref: Sent

const NOW = new Date('2026-11-20T09:00:00+07:00')

beforeAll(async () => {
  database = await freshDatabase()
  schools = await testSubgraph(database, 'schools', { now: () => NOW })
  smas = await keeper(database, 'smas', 'school.write', 'staff.write')
  misa = await applicationViewer(database, 'misa-emis')
  school = await schoolAtWork(database, smas)
  ref = { school: { id: school.id } }
})
afterAll(async () => {
  await schools?.close()
  await database?.drop()
})

const facilities = (list: Sent[], more: Sent = {}, viewer = smas) =>
  send(schools, viewer, 'upsertFacilities', { ...ref, facilities: list, ...more })
const campuses = (list: Sent[], more: Sent = {}, viewer = smas) =>
  send(schools, viewer, 'upsertCampuses', { ...ref, campuses: list, ...more })
const read = async (fields: string, viewer = smas): Promise<Sent> =>
  (
    await schools.ask<{ school: Sent }>(viewer, `query ($ref: SchoolRef!) { school(ref: $ref) { ${fields} } }`, {
      ref: { id: school.id },
    })
  ).data.school

const report = (change: Sent = {}): Sent => ({
  schoolYear: YEAR,
  period: 'START',
  rooms: [
    { kind: 'CLASSROOM', grade: 'ABOVE_GRADE_4', count: 24, area: 1200.5 },
    { kind: 'LIBRARY', grade: 'GRADE_4', count: 1, area: null },
  ],
  electricity: true,
  cleanWater: true,
  separateToilets: false,
  internet: true,
  handWashing: true,
  disabilityAccess: false,
  computers: 40,
  nationalStandard: 1,
  accreditation: 2,
  landArea: 12_000,
  ...change,
})

const FACILITY = `facilities(schoolYear: "${YEAR}") { period rooms { kind grade count area } electricity cleanWater separateToilets
  internet handWashing disabilityAccess computers nationalStandard accreditation landArea schoolYear { code } version
  provenance { application { id } } }`
const seenFacilities = async (viewer = smas): Promise<Sent[]> => (await read(FACILITY, viewer)).facilities as Sent[]

describe('facilities', () => {
  test('a report reads back as sent, and is left alone when sent again with its rooms in another order', async () => {
    const before = await traces(database, school.id)
    const sent = report()
    expect(statusesIn(await facilities([sent]))).toEqual(['CREATED'])
    const { schoolYear, ...told } = sent
    expect(await seenFacilities()).toEqual([
      { ...told, schoolYear: { code: schoolYear }, version: 1, provenance: { application: { id: smas.applicationId } } },
    ])
    const after = await traces(database, school.id)
    expect([after.outbox! - before.outbox!, after.former! - before.former!, after.audit! - before.audit!]).toEqual([1, 0, 1])
    expect(statusesIn(await facilities([{ ...sent, rooms: (sent.rooms as Sent[]).toReversed() }]))).toEqual(['UNCHANGED'])
    expect(await traces(database, school.id)).toEqual(after)
  })

  test('what is not sent stays, null clears, and the former report is kept whole, its rooms with it', async () => {
    await facilities([report({ period: 'MID' })])
    const change = { schoolYear: YEAR, period: 'MID', accreditation: null, rooms: [], expectedVersion: 1 }
    expect((await facilities([change])).results[0]).toMatchObject({ status: 'UPDATED', entity: { version: 2 } })
    const mid = (await seenFacilities()).find(({ period }) => period === 'MID')!
    expect(mid).toMatchObject({ accreditation: null, rooms: [], computers: 40 })
    const [former] = await database.sql<{ rooms: number; accreditation: number }>(
      `select jsonb_array_length(record -> 'rooms') as rooms, (record ->> 'accreditation')::int as accreditation
       from schools.former_version where school_id = $1 and entity = 'Facility' order by replaced_at desc limit 1`,
      [school.id],
    )
    expect(former).toEqual({ rooms: 2, accreditation: 2 })
    expect(codesIn(await facilities([{ ...change, accreditation: 3 }]))).toEqual([['VERSION_CONFLICT']])
  })

  test('numbers out of range, rooms told twice, a year that is not there and a period told twice are refused one by one', async () => {
    const room = { kind: 'KITCHEN', grade: 'GRADE_4', count: 1 }
    const batch = await facilities([
      report({ period: 'END', accreditation: 5 }),
      report({ period: 'END', schoolYear: '1926-1927' }),
      report({ period: 'END', rooms: [room, room] }),
      report({ period: 'END', rooms: [{ ...room, count: -1, area: 1e9 }] }),
    ])
    expect(codesIn(batch)).toEqual([
      ['NUMBER_OUT_OF_RANGE'],
      ['RECORD_NOT_FOUND'],
      ['DUPLICATE_IN_BATCH'],
      ['NUMBER_OUT_OF_RANGE', 'NUMBER_OUT_OF_RANGE'],
    ])
    expect(batch.results[3]!.errors.map(({ path }) => path)).toEqual(['rooms.0.count', 'rooms.0.area'])
    expect(codesIn(await facilities([report({ period: 'END' }), report({ period: 'END', computers: 1 })]))).toEqual([
      ['DUPLICATE_IN_BATCH'],
      ['DUPLICATE_IN_BATCH'],
    ])
  })

  test('the product that keeps a school’s facilities writes them with its own approval, and at no other school', async () => {
    const own = await schoolOf(database, 'misa-emis')
    const there = { school: { id: own.id }, facilities: [report()] }
    expect(statusesIn(await send(schools, misa, 'upsertFacilities', there))).toEqual(['CREATED'])
    const foreign = await schoolOf(database, 'misa-emis', { agreed: false })
    expect(await refusal(schools, misa, 'upsertFacilities', { ...there, school: { id: foreign.id } })).toEqual([
      'SCHOOL_NOT_ACCESSIBLE',
    ])
  })

  test('an officer oversees and does not keep; who may not write schools is refused', async () => {
    const officer = await personViewer(database, 'can-bo-so')
    expect(await refusal(schools, officer, 'upsertFacilities', { ...ref, facilities: [report()] })).toEqual(['ACT_FORBIDDEN'])
    const reader = { ...smas, scopes: smas.scopes.filter((scope) => scope !== 'school.write') }
    expect(await refusal(schools, reader, 'upsertFacilities', { ...ref, facilities: [report()] })).toEqual(['SCOPE_MISSING'])
    expect(await refusal(schools, reader, 'upsertCampuses', { ...ref, campuses: [site()] })).toEqual(['SCOPE_MISSING'])
  })
})

const site = (change: Sent = {}): Sent => ({
  code: 'C1',
  name: 'Điểm trường Thôn 3',
  address: 'Thôn 3',
  communeCode: '14758',
  validFrom: '2020-09-05',
  ...change,
})

describe('campuses', () => {
  test('a campus is opened, closed with its day, and found on the days of its use alone', async () => {
    expect(statusesIn(await campuses([site()]))).toEqual(['CREATED'])
    expect(statusesIn(await campuses([site()]))).toEqual(['UNCHANGED'])
    expect((await campuses([site({ validTo: '2026-06-30' })])).results[0]).toMatchObject({
      status: 'UPDATED',
      entity: { version: 2 },
    })
    const seen = await read(
      `all: campuses { code validTo } then: campuses(on: "2026-06-30") { code } now: campuses(on: "2026-07-01") { code }`,
    )
    expect(seen).toEqual({ all: [{ code: 'C1', validTo: '2026-06-30' }], then: [{ code: 'C1' }], now: [] })
    expect(statusesIn(await campuses([site({ validTo: null })]))).toEqual(['UPDATED'])
  })

  test('a commune that is not in the official list, days that do not follow, and a code that is none are refused', async () => {
    const batch = await campuses([
      site({ code: 'C2', communeCode: '00000' }),
      site({ code: 'C3', validTo: '2020-01-01' }),
      site({ code: '-', validFrom: '2026-02-30' }),
    ])
    expect(codesIn(batch)).toEqual([['CODE_UNKNOWN'], ['DATE_INVALID'], ['SCHOOL_CODE_INVALID', 'DATE_INVALID']])
  })

  test('the official list has 34 provinces, and the communes of each are told by its code', async () => {
    const { data } = await schools.ask<{ all: Sent[]; some: Sent[]; none: Sent[] }>(
      smas,
      `{ all: administrativeUnits { code name } some: administrativeUnits(province: "38") { code name } none: administrativeUnits(province: "00") { code } }`,
    )
    expect([data.all.length, data.none]).toEqual([34, []])
    expect(data.some).toContainEqual({ code: '14758', name: expect.stringMatching(/^(Phường|Xã) /) as string })
    const bare = { ...smas, scopes: [] }
    expect(codesOf(await schools.ask(bare, '{ administrativeUnits { code } }'))).toEqual(['SCOPE_MISSING'])
  })
})

describe('assignments have days', () => {
  const teacher = async (): Promise<string> => {
    const sent = { code: freshCode(), fullName: 'Lê Văn Đức', sex: 'MALE', position: 'TEACHER', status: 1 }
    await send(schools, smas, 'upsertStaff', { ...ref, staff: [sent] })
    return sent.code
  }
  const homerooms = (...assignments: Sent[]) => send(schools, smas, 'assignHomerooms', { ...ref, schoolYear: YEAR, assignments })
  const teaching = (...assignments: Sent[]) =>
    send(schools, smas, 'assignTeachers', { ...ref, schoolYear: YEAR, term: 'HKI', assignments })
  const room = () => ({ name: school.rooms[1]!.name })
  const ofClass = async (fields: string): Promise<Sent> =>
    (
      await schools.ask<{ classRoom: Sent }>(smas, `query ($ref: ClassRoomRef!) { classRoom(ref: $ref) { ${fields} } }`, {
        ref: { id: school.rooms[1]!.id },
      })
    ).data.classRoom
  const HOMEROOM = 'homeroomTeacher { code } homeroomAssignment { active startsOn endedOn teacher { code } }'

  test('a homeroom assignment ends on its day, opens nothing from then, begins again, and every state of it is kept', async () => {
    const one = await teacher()
    const sent = { classRoom: room(), teacher: { code: one } }
    await homerooms({ ...sent, on: '2026-09-05' })
    expect(await ofClass(HOMEROOM)).toEqual({
      homeroomTeacher: { code: one },
      homeroomAssignment: { active: true, startsOn: '2026-09-05', endedOn: null, teacher: { code: one } },
    })
    expect(statusesIn(await homerooms(sent))).toEqual(['UNCHANGED'])
    const ended = await homerooms({ ...sent, active: false, on: '2026-11-01' })
    expect(statusesIn(ended)).toEqual(['UPDATED'])
    expect(await ofClass(HOMEROOM)).toEqual({
      homeroomTeacher: null,
      homeroomAssignment: { active: false, startsOn: '2026-09-05', endedOn: '2026-11-01', teacher: { code: one } },
    })
    expect(statusesIn(await homerooms({ ...sent, active: false }))).toEqual(['UNCHANGED'])
    expect(statusesIn(await homerooms(sent))).toEqual(['UPDATED'])
    expect(await ofClass(HOMEROOM)).toMatchObject({ homeroomAssignment: { active: true, startsOn: '2026-11-20', endedOn: null } })
    const kept = await database.sql(
      `select record ->> 'starts_on' as "startsOn", record ->> 'ended_on' as "endedOn" from schools.former_version
       where entity = 'HomeroomAssignment' and entity_id = $1 order by version desc limit 2`,
      [ended.results[0]!.entity!.id],
    )
    expect(kept).toEqual([
      { startsOn: '2026-09-05', endedOn: '2026-11-01' },
      { startsOn: '2026-09-05', endedOn: null },
    ])
  })

  test('an assignment of another teacher is not ended by mistake, nor one before it began, nor one in the future', async () => {
    const [one, other] = [await teacher(), await teacher()]
    await homerooms({ classRoom: room(), teacher: { code: one }, on: '2026-11-20' })
    const end = (code: string, on: string) => ({ classRoom: room(), teacher: { code }, active: false, on })
    expect(codesIn(await homerooms(end(other, '2026-11-20')))).toEqual([['RECORD_NOT_FOUND']])
    expect(codesIn(await homerooms(end(one, '2026-11-19')))).toEqual([['DATE_INVALID']])
    expect(codesIn(await homerooms(end(one, '2026-11-21')))).toEqual([['DATE_INVALID']])
    expect(codesIn(await homerooms(end(one, '2026-02-30')))).toEqual([['DATE_INVALID']])
    expect(codesIn(await homerooms({ classRoom: room(), teacher: { code: other }, on: '2026-11-19' }))).toEqual([
      ['DATE_INVALID'],
    ])
    expect(await ofClass(HOMEROOM)).toMatchObject({ homeroomTeacher: { code: one } })
  })

  test('a teaching assignment that ended is told only to who asks for ended ones', async () => {
    const one = await teacher()
    const sent = { classRoom: room(), subject: 'TOAN', teacher: { code: one } }
    await teaching({ ...sent, on: '2026-09-05' })
    await teaching({ ...sent, active: false, on: '2026-10-31' })
    const LIST = 'teacher { code } active startsOn endedOn'
    const { now, ever } = (await ofClass(
      `now: teachingAssignments { ${LIST} } ever: teachingAssignments(ended: true) { ${LIST} }`,
    )) as {
      now: Sent[]
      ever: Sent[]
    }
    const ended = { teacher: { code: one }, active: false, startsOn: '2026-09-05', endedOn: '2026-10-31' }
    expect(ever).toContainEqual(ended)
    expect(now).not.toContainEqual(ended)
  })
})
