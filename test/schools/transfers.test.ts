// Transfers between schools: let go by one, taken over by another with the whole record; everybody else is one bit to a stranger.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { CLAIMS_IN_VAIN_A_DAY } from '../../subgraphs/schools/roster/transfers.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { personViewer } from '../testkit/parties.ts'
import { captureSql, codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import {
  codesIn,
  documentOf,
  freshCode,
  keeper,
  pupil,
  refusal,
  schoolAtWork,
  send,
  statusesIn,
  YEAR,
  type SchoolAtWork,
  type Sent,
} from './roster-kit.ts'

interface Side extends SchoolAtWork {
  readonly code: string
  readonly viewer: Viewer
  readonly room: Sent
}
type Pupil = Sent & { code: string; fullName: string; birthDate: string }

let database: TestDatabase
let schools: TestSubgraph
let former: Side
let next: Side
let third: Side

/** Three schools of upper secondary level, each with one product of its own. */
async function sideOf(product: string, taken: readonly string[]): Promise<Side> {
  const viewer = await keeper(database, product, 'student.basic.write', 'student.basic.read', 'student.sensitive.write')
  const [row] = await database.sql<{ id: string; code: string }>(
    `select s.school_id as id, s.code from schools.school s
     where 'THPT' = any (s.levels) and s.school_id <> all ($1) order by s.code limit 1`,
    [taken],
  )
  await database.sql(`delete from access.school_grant where application_id = $1`, [viewer.applicationId])
  await database.sql(
    `insert into access.school_grant (agreement_id, application_id, school_id, scopes, agreement_version, purpose, valid_from, valid_to)
     values (gen_random_uuid(), $1, $2, $3, 1, 'Quản lý', '2020-01-01', '2099-01-01')`,
    [viewer.applicationId, row!.id, viewer.scopes],
  )
  const { rooms } = await schoolAtWork(database, viewer)
  return { id: row!.id, code: row!.code, rooms, viewer, room: { name: rooms[0]!.name } }
}

beforeAll(async () => {
  database = await freshDatabase()
  schools = await testSubgraph(database, 'schools')
  former = await sideOf('smas', [])
  next = await sideOf('misa-emis', [former.id])
  third = await sideOf('vietschool', [former.id, next.id])
})
afterAll(async () => {
  await schools?.close()
  await database?.drop()
})

const at = (side: Side, act: string, more: Sent, viewer = side.viewer) =>
  send(schools, viewer, act, { school: { id: side.id }, ...more })
const release = (side: Side, releases: Sent[], viewer = side.viewer) => at(side, 'releaseStudents', { releases }, viewer)
const claim = (side: Side, ...claims: Sent[]) => at(side, 'claimStudents', { schoolYear: YEAR, claims })
const upsert = (side: Side, ...students: Sent[]) => at(side, 'upsertStudents', { schoolYear: YEAR, students })
const enrol = (side: Side, student: Pupil) =>
  at(side, 'enrolStudents', { schoolYear: YEAR, enrolments: [{ student: { code: student.code }, classRoom: side.room }] })

async function admitted(side: Side, change: Sent = {}): Promise<Pupil> {
  const sent = pupil({ classRoom: side.room, admittedOn: '2026-09-05', ...change })
  expect(statusesIn(await upsert(side, sent))).toEqual(['CREATED'])
  return sent as Pupil
}
const named = (side: Side, { code, fullName, birthDate }: Pupil, change: Sent = {}): Sent => ({
  code,
  fullName,
  birthDate,
  classRoom: side.room,
  ...change,
})
const letGo = async (side: Side, student: Pupil, more: Sent = {}) =>
  expect(statusesIn(await release(side, [{ student: { code: student.code }, ...more }]))).toEqual(['UPDATED'])

async function counted(side: Side): Promise<Record<string, number>> {
  const [row] = await database.sql<Record<string, number>>(
    `select asked, matched, taken, refused from schools.transfer_claim_count where school_id = $1`,
    [side.id],
  )
  return row ?? { asked: 0, matched: 0, taken: 0, refused: 0 }
}

test('a pupil who is let go comes over with the whole record, and the former school keeps its own as history', async () => {
  const ethnicity = { personalNumber: '038311123456', ethnicityCode: '06' }
  const sent = await admitted(former, { birthplace: 'Thanh Hóa', canSwim: true, sensitive: ethnicity })
  const [guardian] = await database.sql<{ id: string }>(
    `insert into schools.guardian (school_id, id, student_id, full_name, relation, phone, consented_applications, updated_at)
     select school_id, gen_random_uuid(), id, 'Lê Thị Hoa', 'MOTHER', '0900000000', array[$2::uuid], now()
     from schools.student where code = $1 returning id`,
    [sent.code, former.viewer.applicationId],
  )
  await database.sql(
    `insert into schools.guardian (school_id, id, student_id, full_name, relation, ended_on, updated_at)
     select school_id, gen_random_uuid(), id, 'Lê Văn Cũ', 'GUARDIAN', '2026-10-01', now() from schools.student where code = $1`,
    [sent.code],
  )
  const gone = await release(former, [{ student: { code: sent.code }, toSchool: next.code, reason: '03', on: '2026-11-02' }])
  expect(gone.results[0]!.entity).toMatchObject({
    status: 'TRANSFERRED_OUT',
    classRoom: null,
    enrolments: [{ leftOn: '2026-11-02', status: 'TRANSFERRED_OUT', leavingReason: '03' }],
    transfers: [
      { direction: 'OUT', state: 'RELEASED', otherSchoolCode: next.code, reason: '03', formerClass: former.rooms[0]!.name },
    ],
  })
  expect(codesIn(await claim(third, named(third, sent)))).toEqual([['CLAIM_MATCHED']])
  const come = await claim(next, named(next, sent, { on: '2026-11-05' }))
  expect(statusesIn(come)).toEqual(['CREATED'])
  expect(come.results[0]!.entity).toMatchObject({
    code: sent.code,
    fullName: sent.fullName,
    status: 'STUDYING',
    classRoom: next.room,
    enrolments: [{ admittedOn: '2026-11-05', leftOn: null }],
    transfers: [
      {
        direction: 'IN',
        state: 'TAKEN',
        otherSchoolCode: former.code,
        formerClass: former.rooms[0]!.name,
        formerGrade: 10,
        formerYear: YEAR,
      },
    ],
  })
  const rows = await database.sql<Record<string, unknown>>(
    `select s.school_id = $2 as here, s.birthplace, s.can_swim, s.personal_number, s.ethnicity_code, g.full_name, g.consented_applications,
       g.id <> $3 as another from schools.student s join schools.guardian g on g.school_id = s.school_id and g.student_id = s.id and (s.school_id = $2 or g.ended_on is null)
     where s.code = $1 order by here`,
    [sent.code, next.id, guardian!.id],
  )
  const same = {
    birthplace: 'Thanh Hóa',
    can_swim: true,
    personal_number: '038311123456',
    ethnicity_code: '06',
    full_name: 'Lê Thị Hoa',
  }
  expect(rows).toEqual([
    { ...same, here: false, consented_applications: [former.viewer.applicationId], another: false },
    { ...same, here: true, consented_applications: [], another: true },
  ])
  const history = await schools.ask<{ student: Sent }>(
    former.viewer,
    `query ($ref: StudentRef!) { student(ref: $ref) { status fullName enrolments { leftOn } transfers { state takenOn personId otherSchoolCode } } }`,
    { ref: { code: sent.code } },
  )
  expect(history.data.student).toMatchObject({
    status: 'TRANSFERRED_OUT',
    transfers: [
      { state: 'TAKEN', otherSchoolCode: next.code, personId: (come.results[0]!.entity!.transfers as Sent[])[0]!.personId },
    ],
  })
})

test('what was taken over is history at the former school: no write of it lands there any more', async () => {
  const sent = await admitted(former)
  await letGo(former, sent)
  expect(statusesIn(await claim(next, named(next, sent)))).toEqual(['CREATED'])
  expect(codesIn(await upsert(former, { ...sent, classRoom: null, address: 'Khác' }))).toEqual([['STUDENT_MOVED_ON']])
  expect(codesIn(await enrol(former, sent))).toEqual([['STUDENT_MOVED_ON']])
  expect(codesIn(await release(former, [{ student: { code: sent.code } }]))).toEqual([['STUDENT_MOVED_ON']])
  const leaving = { leavings: [{ student: { code: sent.code }, status: 'DROPPED_OUT', reason: '01' }] }
  expect(codesIn(await at(former, 'recordLeaving', leaving))).toEqual([['NOT_ENROLLED']])
  expect(codesIn(await claim(third, named(third, sent)))).toEqual([['CLAIM_MATCHED']])
})

test('both schools have the transfer in their history, feed and log', async () => {
  const sent = await admitted(former)
  await letGo(former, sent)
  await claim(next, named(next, sent))
  const events = await database.sql<{ own: boolean; entity: string; event: string }>(
    `select school_id = $2 as own, entity, event from schools.outbox where natural_key like $1 and school_id in ($2, $3) order by id desc limit 5`,
    [`${sent.code}%`, former.id, next.id],
  )
  expect(events.map(({ own, entity, event }) => `${own ? 'former' : 'new'} ${entity} ${event}`).toSorted()).toEqual([
    'former Student UPDATE',
    'former StudentTransfer UPDATE',
    'new Enrolment NEW',
    'new Student NEW',
    'new StudentTransfer NEW',
  ])
  const kept = await database.sql<{ entity: string; version: number }>(
    `select entity, version from schools.former_version where school_id = $1 and record ->> 'student_id' = (select id::text from schools.student where school_id = $1 and code = $2)
     and entity = 'StudentTransfer'`,
    [former.id, sent.code],
  )
  expect(kept).toEqual([{ entity: 'StudentTransfer', version: 1 }])
  const [logged] = await database.sql<{ events: number }>(
    `select count(*)::int as events from access.audit_event a join schools.student s on s.id = any (a.student_ids)
     where a.kind = 'WRITE' and s.code = $1 and s.school_id = $2 and $2 = any (a.schools) and a.application_id = $3`,
    [sent.code, former.id, next.viewer.applicationId],
  )
  expect(logged!.events).toBe(1)
})

test('of a pupil who is not let go a claim tells match or no match: the same body, from the same statements', async () => {
  const sent = await admitted(former)
  const told = async (change: Sent) => {
    const input = { school: { id: next.id }, schoolYear: YEAR, claims: [named(next, sent, change)] }
    const { statements, result } = await captureSql(schools, () =>
      schools.ask(next.viewer, documentOf('claimStudents'), { input }),
    )
    return { statements, body: JSON.stringify(result) }
  }
  const match = await told({})
  const nobody = await told({ code: freshCode() })
  expect(match.body).toContain('CLAIM_MATCHED')
  expect(nobody.body).toContain('CLAIM_NOT_MATCHED')
  expect(match.statements).toEqual(nobody.statements)
  const { results } = JSON.parse(match.body).data.batch
  const bare = JSON.parse(nobody.body)
  bare.data.batch.results[0].errors = results[0].errors
  expect(JSON.stringify(bare)).toBe(match.body)
  expect(results[0]).toMatchObject({ status: 'REJECTED', entity: null, warnings: [] })
  for (const secret of [former.id, former.code, sent.code, sent.fullName]) expect(match.body).not.toContain(secret)
})

test('a claim proves whom it means: another name or birth date is no match, another spelling of the name is one', async () => {
  const sent = await admitted(former, { fullName: 'Đỗ Thị Hòa' })
  expect(codesIn(await claim(next, named(next, sent, { fullName: 'Đỗ Thị Hoa' })))).toEqual([['CLAIM_NOT_MATCHED']])
  expect(codesIn(await claim(next, named(next, sent, { fullName: 'Dỗ Thị Hòa' })))).toEqual([['CLAIM_NOT_MATCHED']])
  expect(codesIn(await claim(next, named(next, sent, { birthDate: '2011-05-05' })))).toEqual([['CLAIM_NOT_MATCHED']])
  for (const fullName of ['  ĐỖ  THỊ HOÀ', 'đỗ thị hòa'.normalize('NFD')])
    expect(codesIn(await claim(next, named(next, sent, { fullName })))).toEqual([['CLAIM_MATCHED']])
})

test('a claim by personal number needs the scope for sensitive data, and finds the pupil who is let go', async () => {
  const personalNumber = '038311654321'
  const sent = await admitted(former, { sensitive: { personalNumber } })
  await letGo(former, sent)
  const { code: _code, ...rest } = named(next, sent)
  const claims = [{ ...rest, personalNumber }]
  const without: Viewer = { ...next.viewer, scopes: next.viewer.scopes.filter((scope) => scope !== 'student.sensitive.write') }
  const input = { school: { id: next.id }, schoolYear: YEAR, claims }
  expect(await refusal(schools, without, 'claimStudents', input)).toEqual(['SCOPE_MISSING'])
  expect(codesIn(await claim(next, { ...claims[0], code: sent.code }))).toEqual([['REFERENCE_INVALID']])
  expect((await claim(next, claims[0]!)).results[0]).toMatchObject({ status: 'CREATED', entity: { code: sent.code } })
})

test('a pupil of another school is not made anew by an upsert, with code or number, let go or not', async () => {
  const personalNumber = '038311222333'
  const sent = await admitted(former, { sensitive: { personalNumber } })
  const before = await counted(third)
  expect(codesIn(await upsert(third, { ...sent, sensitive: null, classRoom: third.room }))).toEqual([['STUDENT_ELSEWHERE']])
  expect(codesIn(await upsert(third, pupil({ sensitive: { personalNumber } })))).toEqual([['STUDENT_ELSEWHERE']])
  const after = await counted(third)
  expect(after).toEqual({ ...before, asked: before.asked! + 2, matched: before.matched! + 2 })
  await letGo(former, sent)
  expect(codesIn(await upsert(third, { ...sent, sensitive: null, classRoom: third.room }))).toEqual([['STUDENT_ELSEWHERE']])
})

test('a pupil goes, returns to the first school, and is one person throughout', async () => {
  const sent = await admitted(former)
  await letGo(former, sent)
  await claim(next, named(next, sent))
  expect(statusesIn(await upsert(next, { ...sent, classRoom: null, address: 'Số 5 đường mới' }))).toEqual(['UPDATED'])
  await letGo(next, sent, { toSchool: former.code })
  const back = await claim(former, named(former, sent))
  expect(back.results[0]).toMatchObject({
    status: 'UPDATED',
    entity: { status: 'STUDYING', classRoom: former.room, enrolments: [{ status: 'TRANSFERRED_OUT' }, { status: 'STUDYING' }] },
  })
  const transfers = back.results[0]!.entity!.transfers as { direction: string; state: string; personId: string }[]
  expect(transfers.map(({ direction, state }) => `${direction} ${state}`)).toEqual(['OUT RETURNED', 'IN TAKEN'])
  const people = await database.sql<{ people: number; address: string }>(
    `select count(distinct t.person_id)::int as people,
       (select address from schools.student where school_id = $2 and code = $1) as address
     from schools.student_transfer t join schools.student s on s.school_id = t.school_id and s.id = t.student_id where s.code = $1`,
    [sent.code, former.id],
  )
  expect(people).toEqual([{ people: 1, address: 'Số 5 đường mới' }])
  expect(statusesIn(await upsert(former, { ...sent, classRoom: null, address: 'Về lại' }))).toEqual(['UPDATED'])
})

test('who is admitted again before another school came is not let go any more', async () => {
  const sent = await admitted(former)
  await letGo(former, sent)
  const again = await enrol(former, sent)
  expect(again.results[0]).toMatchObject({ status: 'UPDATED', entity: { transfers: [{ state: 'WITHDRAWN' }] } })
  expect(codesIn(await claim(next, named(next, sent)))).toEqual([['CLAIM_MATCHED']])
})

test('who left without a release is let go later; the same release again changes nothing, another receiver does', async () => {
  const sent = await admitted(former)
  const student = { code: sent.code }
  await at(former, 'recordLeaving', { leavings: [{ student, status: 'TRANSFERRED_OUT' }] })
  expect(codesIn(await claim(next, named(next, sent)))).toEqual([['CLAIM_MATCHED']])
  await letGo(former, sent, { toSchool: third.code })
  expect(statusesIn(await release(former, [{ student, toSchool: third.code }]))).toEqual(['UNCHANGED'])
  expect(codesIn(await claim(next, named(next, sent)))).toEqual([['CLAIM_MATCHED']])
  await letGo(former, sent, { toSchool: next.code })
  expect(
    codesIn(
      await release(former, [
        { student, toSchool: former.code },
        { student: { code: freshCode() }, toSchool: '0' },
      ]),
    ),
  ).toEqual([['SCHOOL_CODE_UNKNOWN'], ['STUDENT_NOT_FOUND']])
  const come = await claim(next, named(next, sent))
  expect(statusesIn(come)).toEqual(['CREATED'])
  expect(statusesIn(await claim(next, named(next, sent)))).toEqual(['UNCHANGED'])
})

test('of two schools that claim one pupil at once one has them, and the other is told that the pupil is not free', async () => {
  const sent = await admitted(former)
  await letGo(former, sent)
  const answers = await Promise.all([
    claim(next, named(next, sent)),
    claim(third, named(third, sent)),
    claim(next, named(next, sent)),
  ])
  expect(answers.flatMap(statusesIn).filter((status) => status === 'CREATED')).toHaveLength(1)
  const [row] = await database.sql<{ studying: number }>(
    `select count(*)::int as studying from schools.student where code = $1 and status = 'STUDYING'`,
    [sent.code],
  )
  expect(row!.studying).toBe(1)
})

/** A second product of the former school, which came later and owns nothing there. */
async function productBeside(): Promise<Viewer> {
  const beside = await keeper(database, 'vnedu', 'student.basic.write', 'student.basic.read')
  await database.sql(`delete from access.school_grant where application_id = $1 and school_id = $2`, [
    beside.applicationId,
    former.id,
  ])
  await database.sql(
    `insert into access.school_grant (agreement_id, application_id, school_id, scopes, agreement_version, purpose, valid_from, valid_to)
     values (gen_random_uuid(), $1, $2, $3, 1, 'Quản lý', '2021-01-01', '2099-01-01')`,
    [beside.applicationId, former.id, beside.scopes],
  )
  return beside
}

test('a return that was proposed before a pupil went to another school is not brought about after it', async () => {
  const beside = await productBeside()
  const sent = await admitted(former)
  await at(former, 'recordLeaving', { leavings: [{ student: { code: sent.code }, status: 'TRANSFERRED_OUT' }] })
  expect(statusesIn(await enrol({ ...former, viewer: beside }, sent))).toEqual(['CONFLICT'])
  await letGo(former, sent)
  await claim(next, named(next, sent))
  const waiting = await database.sql<{ id: string }>(
    `select id from schools.field_conflict where school_id = $1 and natural_key = $2 and state = 'OPEN'`,
    [former.id, sent.code],
  )
  expect(waiting.length).toBeGreaterThan(0)
  const resolutions = waiting.map(({ id }) => ({ conflict: id, decision: 'ACCEPT' }))
  const { data, errors } = await schools.ask<{ batch: { results: { status: string; errors: { code: string }[] }[] } }>(
    former.viewer,
    `mutation ($input: ResolveConflictsInput!) { batch: resolveConflicts(input: $input) { results { status errors { code } } } }`,
    { input: { school: { id: former.id }, resolutions } },
  )
  expect(errors).toBeUndefined()
  for (const result of data.batch.results) expect(result).toEqual({ status: 'REJECTED', errors: [{ code: 'STUDENT_MOVED_ON' }] })
})

test('a product that does not own the enrolments of a school proposes a release; a pupil who comes back to it comes whole', async () => {
  const beside = await productBeside()
  const sent = await admitted(former)
  const proposed = await release(former, [{ student: { code: sent.code } }], beside)
  expect([statusesIn(proposed), codesIn(proposed)[0]!.includes('FIELD_OWNED')]).toEqual([['CONFLICT'], true])
  expect(codesIn(await claim(next, named(next, sent)))).toEqual([['CLAIM_MATCHED']])
  await letGo(former, sent)
  await claim(next, named(next, sent))
  await upsert(next, { ...sent, classRoom: null, address: 'Nơi ở mới' })
  await letGo(next, sent)
  const back = await at({ ...former, viewer: beside }, 'claimStudents', { schoolYear: YEAR, claims: [named(former, sent)] })
  expect(back.results[0]).toMatchObject({
    status: 'UPDATED',
    warnings: [],
    entity: { status: 'STUDYING', classRoom: former.room },
  })
  const [row] = await database.sql(`select address from schools.student where school_id = $1 and code = $2`, [
    former.id,
    sent.code,
  ])
  expect(row).toEqual({ address: 'Nơi ở mới' })
})

test('an officer lets go for a school that the authority manages on that day, and for no other', async () => {
  const [managed] = await database.sql<{ authority: string }>(
    `select authority_id as authority from access.oversight where school_id = $1 and kind = 'MANAGING' and valid_to is null`,
    [former.id],
  )
  const department = await personViewer(database, 'can-bo-so')
  expect(managed!.authority).toBe(department.authorityId)
  const officer: Viewer = { ...department, scopes: [...department.scopes, 'student.basic.read'] }
  const reader: Viewer = { ...officer, scopes: officer.scopes.filter((scope) => scope !== 'student.basic.write') }
  const sent = await admitted(former)
  const releases = [{ student: { code: sent.code } }]
  const input = { school: { id: former.id }, releases }
  expect(await refusal(schools, reader, 'releaseStudents', input)).toEqual(['SCOPE_MISSING'])
  await database.sql(
    `update access.oversight set valid_from = '2026-11-01' where school_id = $1 and kind = 'MANAGING' and valid_to is null`,
    [former.id],
  )
  expect(codesIn(await release(former, [{ ...releases[0], on: '2026-09-06' }], officer))).toEqual([['NOT_MANAGING_AUTHORITY']])
  expect(statusesIn(await release(former, releases, officer))).toEqual(['UPDATED'])
  const claims = { school: { id: former.id }, schoolYear: YEAR, claims: [named(former, sent)] }
  expect(await refusal(schools, officer, 'claimStudents', claims)).toEqual(['ACT_FORBIDDEN'])
  const commune = await personViewer(database, 'can-bo-hac-thanh')
  const stranger: Viewer = { ...commune, scopes: [...commune.scopes, 'student.basic.read'] }
  expect(await refusal(schools, stranger, 'releaseStudents', input)).toEqual(['SCHOOL_NOT_ACCESSIBLE'])
})

const CLAIMS = `query ($filter: TransferClaimFilter) { transferClaims(first: 100, filter: $filter) {
  nodes { schoolCode application { id } day asked matched taken refused } } }`

test('claims are counted, and read by compliance and by officers of the schools below them, and by nobody else', async () => {
  const before = await counted(next)
  const sent = await admitted(former)
  await claim(next, named(next, sent), named(next, sent, { code: freshCode() }))
  await letGo(former, sent)
  await claim(next, named(next, sent))
  const after = await counted(next)
  expect(after).toEqual({
    asked: before.asked! + 3,
    matched: before.matched! + 2,
    taken: before.taken! + 1,
    refused: before.refused,
  })
  type Read = { transferClaims: { nodes: (Sent & { application: { id: string } })[] } }
  for (const mailbox of ['tuan-thu', 'can-bo-so']) {
    const { data } = await schools.ask<Read>(await personViewer(database, mailbox), CLAIMS, {
      filter: { applicationId: next.viewer.applicationId },
    })
    expect(data.transferClaims.nodes).toEqual([
      expect.objectContaining({ schoolCode: next.code, application: { id: next.viewer.applicationId }, ...after }),
    ])
  }
  const commune = await schools.ask<Read>(await personViewer(database, 'can-bo-hac-thanh'), CLAIMS)
  expect(commune.data.transferClaims.nodes).toEqual([])
  const principal = await personViewer(database, 'hieu-truong@thpt-hac-thanh')
  for (const viewer of [next.viewer, principal]) expect(codesOf(await schools.ask(viewer, CLAIMS))).toEqual(['ACT_FORBIDDEN'])
  const feigned: Viewer = { ...principal, role: 'COMPLIANCE_OFFICER', scopes: ['access.review'] }
  expect((await schools.ask<Read>(feigned, CLAIMS)).data.transferClaims.nodes).toEqual([])
})

test('the database itself gives nobody a pupil without a release, and no school that is not open', async () => {
  const sent = await admitted(former)
  const [row] = await database.sql<{ id: string }>(`select id from schools.student where school_id = $1 and code = $2`, [
    former.id,
    sent.code,
  ])
  const taken = JSON.stringify([{ school: former.id, student: row!.id, new_student: row!.id }])
  const pool = schools.runtime.storage.pool
  const client = await pool.connect()
  try {
    const tried = async (school: string): Promise<unknown> => {
      await client.query('begin')
      await client.query(`select access.open_viewer($1, null, 'student.basic.write', $2, '2026-11-20')`, [
        next.viewer.applicationId,
        [next.id],
      ])
      const code = await client
        .query(`select schools.take_pupils($1, $2, '2026-11-20', now(), null, null)`, [school, taken])
        .then(
          () => 'taken',
          (error: { code: string }) => error.code,
        )
      await client.query('rollback')
      return code
    }
    expect(await tried(next.id)).toBe('42501')
    expect(await tried(third.id)).toBe('42501')
  } finally {
    client.release()
  }
})

test('claims in vain end at the limit of the day, match or not; who is let go is taken over all the same', async () => {
  const free = await admitted(former)
  await letGo(former, free)
  const kept = await admitted(former)
  await database.sql(`delete from schools.transfer_claim_count where school_id = $1`, [third.id])
  const guesses = Array.from({ length: CLAIMS_IN_VAIN_A_DAY }, () => named(third, kept, { code: freshCode() }))
  const answer = await claim(third, ...guesses, named(third, kept), named(third, kept, { code: freshCode() }), named(third, free))
  expect(codesIn(answer).slice(-4)).toEqual([['CLAIM_NOT_MATCHED'], ['CLAIM_LIMIT'], ['CLAIM_LIMIT'], []])
  expect(await counted(third)).toEqual({ asked: guesses.length + 3, matched: 2, taken: 1, refused: 2 })
  expect(codesIn(await claim(third, named(third, kept)))).toEqual([['CLAIM_LIMIT']])
})
