// Two products at one school: a field has one owner, a competing write waits as a conflict, and who may decides it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Scope } from '../../subgraphs/kernel/scopes.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { personViewer } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import {
  codesIn,
  keeper,
  pupil,
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
/** A school-management product. */
let smas: Viewer
/** A contact book at the same school. */
let enetviet: Viewer
let principal: Viewer
let school: SchoolAtWork
let ref: Sent

const SENSITIVE: Scope[] = ['student.sensitive.read', 'student.sensitive.write']

beforeAll(async () => {
  database = await freshDatabase()
  schools = await testSubgraph(database, 'schools')
  smas = await keeper(database, 'smas', 'school.write', 'staff.write', ...SENSITIVE)
  enetviet = await keeper(database, 'enetviet', 'student.basic.write', 'school.write', 'staff.write', 'staff.read', ...SENSITIVE)
  school = await schoolAtWork(database, smas, enetviet)
  ref = { school: { id: school.id } }
  const person = await personViewer(database, 'hieu-truong@thpt-hac-thanh')
  await database.sql(`update access.membership set school_id = $2 where account_id = $1`, [person.accountId, school.id])
  principal = { ...person, scopes: [...person.scopes, 'student.basic.write', 'staff.write', ...SENSITIVE] }
})
afterAll(async () => {
  await schools?.close()
  await database?.drop()
})
beforeEach(async () => {
  await database.sql(`delete from schools.field_owner where school_id = $1`, [school.id])
})

const students = (list: Sent[], viewer = smas, more: Sent = {}) =>
  send(schools, viewer, 'upsertStudents', { ...ref, schoolYear: YEAR, students: list, ...more })

const CONFLICT = `id group field recordId naturalKey currentValue proposedValue state reason version owner { id } proposedBy { id } decidedBy { id }`
type Conflict = { id: string; field: string; naturalKey: string; version: number; [key: string]: unknown }

async function conflictsOf(code: unknown, viewer = smas, state = 'OPEN'): Promise<Conflict[]> {
  const { data, errors } = await schools.ask<{ conflicts: { nodes: Conflict[] } }>(
    viewer,
    `query ($school: SchoolRef!, $state: ConflictState!) { conflicts(school: $school, state: $state, first: 200) { nodes { ${CONFLICT} } } }`,
    { ...ref, state },
  )
  expect(errors).toBeUndefined()
  return data.conflicts.nodes.filter(({ naturalKey }) => naturalKey === code)
}

async function resolve(resolutions: Sent[], viewer = smas, more: Sent = {}) {
  const { data, errors } = await schools.ask<{
    batch: { results: (Sent & { status: string; errors: { code: string }[]; entity: Sent })[] }
  }>(
    viewer,
    `mutation ($input: ResolveConflictsInput!) { batch: resolveConflicts(input: $input) {
      summary { updated } results { status entity { ${CONFLICT} } errors { code path messageVi } } } }`,
    { input: { ...ref, resolutions, ...more } },
  )
  if (errors) return { refused: codesOf({ errors }), told: [] }
  return { refused: [], told: data.batch.results.map(({ status, errors: [first] }) => [status, first?.code ?? null]) }
}

async function declare(owners: Sent[], viewer = principal) {
  const { data, errors } = await schools.ask<{ batch: { results: { status: string; errors: { code: string }[] }[] } }>(
    viewer,
    `mutation ($input: SetFieldOwnersInput!) { batch: setFieldOwners(input: $input) {
      results { status entity { group basis application { id } validFrom reason } errors { code } } } }`,
    { input: { ...ref, owners } },
  )
  if (errors) return codesOf({ errors })
  return data.batch.results.map(({ status, errors: [first] }) => first?.code ?? status)
}

async function ownerOf(group: string, on?: string): Promise<Sent | undefined> {
  const { data } = await schools.ask<{ fieldOwners: (Sent & { group: string })[] }>(
    smas,
    `query ($school: SchoolRef!, $on: LocalDate) { fieldOwners(school: $school, on: $on) { group basis application { id } validFrom validTo } }`,
    { ...ref, on },
  )
  return data.fieldOwners.find((owner) => owner.group === group)
}

async function known(change: Sent = {}): Promise<Sent & { code: string }> {
  const sent = pupil(change) as Sent & { code: string }
  expect(statusesIn(await students([sent]))).toEqual(['CREATED'])
  return sent
}

const studentRow = async (code: string): Promise<Sent> =>
  (await database.sql<Sent>(`select * from schools.student where school_id = $1 and code = $2`, [school.id, code]))[0]!

describe('a competing write', () => {
  test('of a field that the school-management product owns is not written: it waits as one conflict, however often it is sent', async () => {
    const sent = await known()
    const change = { ...sent, fullName: 'Nguyễn Thị Anh', externalId: `env-${sent.code}` }
    const first = await students([change], enetviet)
    expect(first.results[0]).toMatchObject({ status: 'CONFLICT', entity: { version: 1, fullName: 'Nguyễn Thị Ánh' } })
    expect(first.results[0]!.errors).toMatchObject([{ code: 'FIELD_OWNED', path: 'fullName' }])
    expect(first.results[0]!.entity!.provenance).toMatchObject({ externalId: change.externalId })
    const [conflict, ...rest] = await conflictsOf(sent.code)
    expect(rest).toEqual([])
    expect(conflict).toMatchObject({
      group: 'STUDENT_IDENTITY',
      field: 'Student.fullName',
      currentValue: 'Nguyễn Thị Ánh',
      proposedValue: 'Nguyễn Thị Anh',
      state: 'OPEN',
      owner: { id: smas.applicationId },
      proposedBy: { id: enetviet.applicationId },
    })
    const before = await traces(database, school.id)
    expect(statusesIn(await students([change], enetviet))).toEqual(['CONFLICT'])
    expect(await traces(database, school.id)).toEqual(before)
    expect(await conflictsOf(sent.code)).toEqual([conflict])
  })

  test('lands its other fields with a warning, and in ATOMIC mode nothing, a conflict neither', async () => {
    const sent = await known()
    await declare([{ group: 'STUDENT_PROFILE', applicationId: enetviet.applicationId, reason: 'Sổ liên lạc giữ địa chỉ' }])
    const change = { ...sent, fullName: 'Nguyễn Ánh', address: 'Số 2, phố Mới' }
    const before = await traces(database, school.id)
    const atomic = await students([change, pupil()], enetviet, { mode: 'ATOMIC' })
    expect(codesIn(atomic)).toEqual([['FIELD_OWNED'], ['BATCH_REJECTED']])
    expect(await traces(database, school.id)).toEqual(before)
    expect(await conflictsOf(sent.code)).toEqual([])
    const partial = await students([change], enetviet)
    expect([statusesIn(partial), warningsIn(partial)]).toEqual([['UPDATED'], [['FIELD_OWNED']]])
    expect(await studentRow(sent.code)).toMatchObject({ full_name: 'Nguyễn Thị Ánh', address: 'Số 2, phố Mới', version: 2 })
    // And the other way about: the roster's product does not write over the contact book's address.
    expect(statusesIn(await students([{ ...sent, address: 'Số 9' }]))).toEqual(['CONFLICT'])
  })

  test('of a new record lands whole: there is nothing to overwrite', async () => {
    expect(statusesIn(await students([pupil({ address: 'Số 1' })], enetviet))).toEqual(['CREATED'])
  })

  test('says what was sent last while it is open', async () => {
    const sent = await known()
    await students([{ ...sent, birthDate: '2011-05-06' }], enetviet)
    await students([{ ...sent, birthDate: '2011-05-07' }], enetviet)
    expect(await conflictsOf(sent.code)).toMatchObject([{ proposedValue: '2011-05-07', version: 2 }])
  })

  test('leaves its trace in the feed and the audit, and none of a version that is lost', async () => {
    const sent = await known()
    expect(codesIn(await students([{ ...sent, sex: 'MALE', expectedVersion: 7 }], enetviet))).toEqual([['VERSION_CONFLICT']])
    expect(await conflictsOf(sent.code)).toEqual([])
    await students([{ ...sent, sex: 'MALE' }], enetviet)
    const events = await database.sql(`select event from schools.outbox where natural_key = $1`, [`Student/${sent.code}/sex`])
    const audits = await database.sql(
      `select 1 from access.audit_event where 'FieldConflict.proposedValue' = any (fields) and $1 = any (student_ids)`,
      [(await studentRow(sent.code)).id],
    )
    expect([events, audits.length]).toEqual([[{ event: 'NEW' }], 1])
  })
})

describe('a decision', () => {
  test('that accepts writes the value with its history, feed and audit; the record names who proposed it', async () => {
    const sent = await known()
    await students([{ ...sent, fullName: 'Trần Thị Ánh' }], enetviet)
    const [conflict] = await conflictsOf(sent.code)
    const before = await traces(database, school.id)
    expect((await resolve([{ conflict: conflict!.id, decision: 'ACCEPT', expectedVersion: 1 }])).told).toEqual([
      ['UPDATED', null],
    ])
    const row = await studentRow(sent.code)
    expect(row).toMatchObject({
      full_name: 'Trần Thị Ánh',
      given_name: 'Ánh',
      version: 2,
      application_id: enetviet.applicationId,
    })
    const after = await traces(database, school.id)
    expect([after.former! - before.former!, after.outbox! - before.outbox!, after.audit! - before.audit!]).toEqual([2, 2, 1])
    expect(await conflictsOf(sent.code, smas, 'ACCEPTED')).toMatchObject([{ decidedBy: { id: smas.applicationId }, version: 2 }])
    expect((await resolve([{ conflict: conflict!.id, decision: 'ACCEPT' }])).told).toEqual([['UNCHANGED', null]])
    expect((await resolve([{ conflict: conflict!.id, decision: 'REJECT', reason: 'Nhầm tên' }])).told).toEqual([
      ['REJECTED', 'CONFLICT_DECIDED'],
    ])
  })

  test('that rejects holds: the same proposal opens nothing again, another one does', async () => {
    const sent = await known()
    const change = { ...sent, fullName: 'Nguyễn Thị Ảnh' }
    await students([change], enetviet)
    const [conflict] = await conflictsOf(sent.code)
    expect((await resolve([{ conflict: conflict!.id, decision: 'REJECT' }])).told).toEqual([['REJECTED', 'REASON_REQUIRED']])
    expect((await resolve([{ conflict: conflict!.id, decision: 'REJECT', reason: 'Sai dấu' }])).told).toEqual([['UPDATED', null]])
    expect(statusesIn(await students([change], enetviet))).toEqual(['CONFLICT'])
    expect(await conflictsOf(sent.code)).toEqual([])
    await students([{ ...change, fullName: 'Nguyễn Thị Ân' }], enetviet)
    expect(await conflictsOf(sent.code)).toHaveLength(1)
    expect(await studentRow(sent.code)).toMatchObject({ full_name: 'Nguyễn Thị Ánh', version: 1 })
  })

  test('of a value that has changed meanwhile is refused, with the way out', async () => {
    const sent = await known()
    await students([{ ...sent, birthDate: '2011-06-01' }], enetviet)
    await students([{ ...sent, birthDate: '2011-07-01' }])
    const [conflict] = await conflictsOf(sent.code)
    expect((await resolve([{ conflict: conflict!.id, decision: 'ACCEPT' }])).told).toEqual([['REJECTED', 'CONFLICT_OUTDATED']])
    expect(await studentRow(sent.code)).toMatchObject({ birth_date: new Date('2011-07-01'), version: 2 })
  })

  test('of a move moves the pupil as the act would have, with the line of the history', async () => {
    const [from, to] = school.rooms.map(({ name }) => ({ name }))
    const sent = await known({ classRoom: from, admittedOn: '2026-09-05' })
    const move = { student: { code: sent.code }, classRoom: to, on: '2026-10-12' }
    const refused = await send(schools, enetviet, 'moveStudents', { ...ref, schoolYear: YEAR, moves: [move] })
    expect(codesIn(refused)).toEqual([['FIELD_OWNED']])
    expect(refused.results[0]!.entity!.classRoom).toEqual(from)
    const [conflict] = await conflictsOf(sent.code)
    await resolve([{ conflict: conflict!.id, decision: 'ACCEPT' }], principal)
    const again = await students([sent])
    expect(codesIn(again)).toEqual([['ALREADY_ENROLLED']])
    const lines = await database.sql(
      `select left_on::text from schools.enrolment e join schools.student s on s.school_id = e.school_id and s.id = e.student_id
       where s.code = $1 order by admitted_on`,
      [sent.code],
    )
    expect(lines).toEqual([{ left_on: '2026-10-12' }, { left_on: null }])
  })

  test('is the owner’s or the principal’s, under the scope of the field; nobody else’s, and of no other school', async () => {
    const sent = await known({ sensitive: { ethnicityCode: '01' } })
    await students([{ ...sent, sensitive: { ethnicityCode: '02' } }], enetviet)
    const [conflict] = await conflictsOf(sent.code)
    const accept = [{ conflict: conflict!.id, decision: 'ACCEPT' }]
    expect((await resolve(accept, enetviet)).told).toEqual([['REJECTED', 'ACT_FORBIDDEN']])
    const plain: Viewer = { ...smas, scopes: smas.scopes.filter((scope) => !SENSITIVE.includes(scope)) }
    expect((await resolve(accept, plain)).told).toEqual([['REJECTED', 'SCOPE_MISSING']])
    expect(await conflictsOf(sent.code, plain)).toEqual([])
    const teacher: Viewer = { ...smas, accountId: principal.accountId, role: 'TEACHER' }
    expect((await resolve(accept, teacher)).refused).toEqual(['ACT_FORBIDDEN'])
    expect((await resolve(accept, { ...smas, scopes: ['school.read'] })).refused).toEqual(['SCOPE_MISSING'])
    const nobody = [{ conflict: '00000000-0000-7000-8000-000000000000', decision: 'ACCEPT' }]
    expect((await resolve(nobody)).told).toEqual([['REJECTED', 'RECORD_NOT_FOUND']])
    const [other] = await database.sql<{ id: string }>(
      `select g.school_id as id from access.school_grant g where g.application_id = $1 and g.school_id <> $2 and 'student.basic.write' = any (g.scopes) limit 1`,
      [smas.applicationId, school.id],
    )
    expect((await resolve(accept, smas, { school: { id: other!.id } })).told).toEqual([['REJECTED', 'RECORD_NOT_FOUND']])
    expect((await resolve(accept, principal)).told).toEqual([['UPDATED', null]])
    expect(await studentRow(sent.code)).toMatchObject({ ethnicity_code: '02' })
  })

  test('is all or none in ATOMIC mode', async () => {
    const sent = await known()
    await students([{ ...sent, fullName: 'Nguyễn Thị Ấn' }], enetviet)
    const [conflict] = await conflictsOf(sent.code)
    const both = [
      { conflict: conflict!.id, decision: 'ACCEPT' },
      { conflict: '00000000-0000-7000-8000-000000000000', decision: 'ACCEPT' },
    ]
    expect((await resolve(both, smas, { mode: 'ATOMIC' })).told).toEqual([
      ['REJECTED', 'BATCH_REJECTED'],
      ['REJECTED', 'RECORD_NOT_FOUND'],
    ])
    expect(await studentRow(sent.code)).toMatchObject({ version: 1 })
  })

  test('of a class name that another class took meanwhile, and of the grade of a class with pupils, is refused', async () => {
    const classes = (list: Sent[], viewer = smas) =>
      send(schools, viewer, 'upsertClasses', { ...ref, schoolYear: YEAR, classes: list })
    const { results } = await classes([{ name: '10Q1', grade: 10, level: 'THPT' }])
    const { id } = results[0]!.entity!
    expect(statusesIn(await classes([{ id, name: '10Q2', grade: 10, level: 'THPT' }], enetviet))).toEqual(['CONFLICT'])
    await classes([{ name: '10Q2', grade: 10, level: 'THPT' }])
    const [conflict] = await conflictsOf(`${YEAR}/10Q2`)
    const accept = [{ conflict: conflict!.id, decision: 'ACCEPT' }]
    expect((await resolve(accept)).told).toEqual([['REJECTED', 'CLASS_NAME_TAKEN']])
    await classes([{ name: '10Q3', grade: 10, level: 'THPT' }])
    expect(statusesIn(await classes([{ name: '10Q3', grade: 11, level: 'THPT' }], enetviet))).toEqual(['CONFLICT'])
    await known({ classRoom: { name: '10Q3' } })
    const [graded] = await conflictsOf(`${YEAR}/10Q3`)
    expect((await resolve([{ conflict: graded!.id, decision: 'ACCEPT' }])).told).toEqual([['REJECTED', 'CLASS_HAS_PUPILS']])
  })
})

describe('who owns a field', () => {
  test('follows from the kind of the application until the principal or the Sở declares it, and what was is kept', async () => {
    expect(await ownerOf('STUDENT_PROFILE')).toMatchObject({ basis: 'KIND', application: { id: smas.applicationId } })
    const declaration = { group: 'STUDENT_PROFILE', applicationId: enetviet.applicationId, reason: 'Sổ liên lạc giữ hồ sơ' }
    expect(await declare([declaration])).toEqual(['CREATED'])
    expect(await declare([declaration])).toEqual(['UNCHANGED'])
    expect(await ownerOf('STUDENT_PROFILE')).toMatchObject({ basis: 'DECLARED', application: { id: enetviet.applicationId } })
    const officer = await personViewer(database, 'can-bo-so')
    expect(await declare([{ ...declaration, applicationId: null, reason: 'Theo quyết định của Sở' }], officer)).toEqual([
      'UPDATED',
    ])
    expect(await ownerOf('STUDENT_PROFILE')).toMatchObject({ basis: 'KIND', application: { id: smas.applicationId } })
    const events = await database.sql<{ event: string }>(
      `select event from schools.outbox where entity = 'FieldOwner' and natural_key = 'STUDENT_PROFILE' and school_id = $1 order by id`,
      [school.id],
    )
    expect(events.slice(-2).map(({ event }) => event)).toEqual(['NEW', 'UPDATE'])
  })

  test('is not said by an application, a commune, nor for one without an agreement that writes it', async () => {
    const declaration = { group: 'STUDENT_PROFILE', applicationId: enetviet.applicationId, reason: 'Thử' }
    expect(await declare([declaration], smas)).toEqual(['ACT_FORBIDDEN'])
    expect(await declare([declaration], { ...principal, applicationId: smas.applicationId })).toEqual(['ACT_FORBIDDEN'])
    const commune = await personViewer(database, 'can-bo-hac-thanh')
    expect(await declare([declaration], commune)).toEqual(['SCOPE_MISSING'])
    const widened: Viewer = { ...commune, scopes: [...commune.scopes, 'school.write'] }
    expect(['ACT_FORBIDDEN', 'SCHOOL_NOT_ACCESSIBLE']).toContain((await declare([declaration], widened))[0])
    const stranger = await keeper(database, 'misa-emis')
    expect(await declare([{ ...declaration, applicationId: stranger.applicationId, reason: 'Không có thỏa thuận' }])).toEqual([
      'APPLICATION_NOT_AGREED',
    ])
    expect(await declare([{ ...declaration, reason: ' ' }])).toEqual(['REASON_REQUIRED'])
    expect(
      await declare([
        { ...declaration, reason: 'Một hai' },
        { ...declaration, reason: 'Hai ba' },
      ]),
    ).toEqual(['DUPLICATE_IN_BATCH', 'DUPLICATE_IN_BATCH'])
    expect(await ownerOf('STUDENT_PROFILE')).toMatchObject({ basis: 'KIND' })
  })

  test('ends with the agreement that let it write', async () => {
    await declare([{ group: 'STUDENT_IDENTITY', applicationId: enetviet.applicationId, reason: 'Thử nghiệm' }])
    await database.sql(
      `update access.school_grant set scopes = array_remove(scopes, 'student.basic.write') where application_id = $1 and school_id = $2`,
      [enetviet.applicationId, school.id],
    )
    expect(await ownerOf('STUDENT_IDENTITY')).toMatchObject({ basis: 'KIND', application: { id: smas.applicationId } })
    await database.sql(
      `update access.school_grant set scopes = scopes || '{student.basic.write}' where application_id = $1 and school_id = $2`,
      [enetviet.applicationId, school.id],
    )
  })
})
