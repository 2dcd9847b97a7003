// Guardians and health records by batch: kept by who may not read them, shown with consent alone, and no answer tells what others wrote.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { record, withdraw } from '../identity/families.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { personViewer } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import {
  codesIn,
  keeper,
  pupil,
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
let identity: TestSubgraph
/** Keeps the school's records; families have consented to nothing of it. */
let smas: Viewer
/** The contact book, to which families consent. */
let enetviet: Viewer
let school: SchoolAtWork
let ref: Sent

beforeAll(async () => {
  database = await freshDatabase()
  schools = await testSubgraph(database, 'schools')
  identity = await testSubgraph(database, 'identity')
  const scopes = ['guardian.contact.read', 'guardian.contact.write', 'health.read', 'health.write', 'consent.write'] as const
  smas = await keeper(database, 'smas', ...scopes)
  enetviet = await keeper(database, 'enetviet', ...scopes)
  school = await schoolAtWork(database, smas, enetviet)
  ref = { school: { id: school.id } }
})
afterAll(async () => {
  await Promise.all([schools?.close(), identity?.close()])
  await database?.drop()
})

async function newPupil(): Promise<{ code: string; id: string }> {
  const sent = pupil({ classRoom: { name: school.rooms[0]!.name } }) as Sent & { code: string }
  const batch = await send(schools, smas, 'upsertStudents', { ...ref, schoolYear: YEAR, students: [sent] })
  return { code: sent.code, id: batch.results[0]!.entity!.id }
}
const guardians = (list: Sent[], viewer = smas, more: Sent = {}) =>
  send(schools, viewer, 'upsertGuardians', { ...ref, guardians: list, ...more })
const health = (list: Sent[], viewer = smas, more: Sent = {}) =>
  send(schools, viewer, 'upsertHealthRecords', { ...ref, records: list, ...more })
const mother = (code: string, change: Sent = {}): Sent => ({
  student: { code },
  fullName: 'Trần Thị Mai',
  relation: 'MOTHER',
  phone: '054 012 3456',
  birthYear: 1985,
  job: 'Giáo viên',
  address: 'Thôn 3',
  ...change,
})
const seen = async (viewer: Viewer, code: string, fields: string): Promise<Sent> => {
  const query = `query ($ref: StudentRef!) { student(ref: $ref) { ${fields} } }`
  const { data, errors } = await schools.ask<{ student: Sent }>(viewer, query, { ref: { code } })
  expect(errors).toBeUndefined()
  return data.student
}
const CONTACT = 'guardians { fullName relation phone birthYear job address endedOn }'
const stored = (id: string): Promise<Sent[]> =>
  database.sql(`select full_name, phone, version, ended_on, consented_applications as apps from schools.guardian where id = $1`, [
    id,
  ])
const evidence = () => ({ kind: 'SIGNED_FORM', reference: 'Phiếu 1', givenAt: new Date().toISOString() })
const consentOf = (code: string, guardianId: string, purpose = 'CONTACT_BOOK'): Sent => ({
  student: { code },
  givenBy: 'GUARDIAN',
  guardianId,
  purpose,
  evidence: evidence(),
})
const giveConsent = async (viewer: Viewer, code: string, guardianId: string, purpose?: string): Promise<void> => {
  const { batch } = await record(identity, viewer, school.id, [consentOf(code, guardianId, purpose)])
  expect(batch.results.map(({ status }) => status)).toEqual(['CREATED'])
}

describe('guardians', () => {
  test('a guardian is written with every attribute, shown to nobody before a consent, and to whom they consent after it', async () => {
    const { code, id: studentId } = await newPupil()
    const before = await traces(database, school.id)
    const batch = await guardians([mother(code, { externalId: 'PH-1' })])
    expect(batch.results[0]).toMatchObject({ status: 'CREATED', entity: { id: expect.any(String) as string }, errors: [] })
    const after = await traces(database, school.id)
    expect([after.outbox! - before.outbox!, after.audit! - before.audit!]).toEqual([1, 1])
    const { id } = batch.results[0]!.entity!
    for (const viewer of [smas, enetviet]) expect(await seen(viewer, code, CONTACT)).toEqual({ guardians: [] })
    await giveConsent(enetviet, code, id)
    expect(await seen(enetviet, code, CONTACT)).toEqual({
      guardians: [
        {
          fullName: 'Trần Thị Mai',
          relation: 'MOTHER',
          phone: '+84540123456',
          birthYear: 1985,
          job: 'Giáo viên',
          address: 'Thôn 3',
          endedOn: null,
        },
      ],
    })
    expect(await seen(smas, code, CONTACT)).toEqual({ guardians: [] })
    const [event] = await database.sql<{ natural_key: string }>(
      `select natural_key from schools.outbox where entity = 'Guardian' and entity_id = $1 order by id limit 1`,
      [id],
    )
    expect(event!.natural_key).toBe(`${code}/${id}`)
    const [audit] = await database.sql<{ student_ids: string[] }>(
      `select student_ids from access.audit_event where kind = 'WRITE' and 'Student.guardians' = any (fields) order by at desc limit 1`,
    )
    expect(audit!.student_ids).toEqual([studentId])
  })

  test('who wrote and may not read is told the id, and the guardian only once they consent', async () => {
    const { code } = await newPupil()
    const query = `mutation ($input: UpsertGuardiansInput!) { upsertGuardians(input: $input) {
      results { status entity { id guardian { phone } } } } }`
    const write = async (viewer: Viewer, change: Sent = {}) =>
      (
        await schools.ask<{ upsertGuardians: { results: { status: string; entity: { id: string; guardian: Sent | null } }[] } }>(
          viewer,
          query,
          { input: { ...ref, guardians: [mother(code, change)] } },
        )
      ).data.upsertGuardians.results[0]!
    const first = await write(smas)
    expect([first.status, first.entity.guardian]).toEqual(['CREATED', null])
    await giveConsent(smas, code, first.entity.id)
    expect(await write(smas, { phone: '0540123457' })).toMatchObject({
      status: 'UPDATED',
      entity: { id: first.entity.id, guardian: { phone: '+84540123457' } },
    })
  })

  test('a resend is UNCHANGED and leaves no trace, and a corrected name finds its record by the own id', async () => {
    const { code } = await newPupil()
    const sent = mother(code, { externalId: 'PH-2' })
    const [first] = (await guardians([sent])).results
    const before = await traces(database, school.id)
    expect(statusesIn(await guardians([sent]))).toEqual(['UNCHANGED'])
    expect(await traces(database, school.id)).toEqual(before)
    const mended = await guardians([{ ...sent, fullName: 'Trần Thị Mại' }])
    expect(mended.results[0]).toMatchObject({ status: 'UPDATED', entity: { id: first!.entity!.id } })
    const other = await newPupil()
    expect(codesIn(await guardians([mother(other.code, { externalId: 'PH-2' })]))).toEqual([['GUARDIAN_NOT_OF_STUDENT']])
  })

  test('no answer tells what another product wrote: a right guess of the phone reads as a wrong one', async () => {
    const { code } = await newPupil()
    const own = mother(code, { externalId: 'PH-3' })
    const { id } = (await guardians([own])).results[0]!.entity!
    await giveConsent(enetviet, code, id)
    const newer = mother(code, { phone: '0540999999' })
    // The school has said that the contact book keeps the numbers.
    const owner = randomUUID()
    await database.sql(
      `insert into schools.field_owner (school_id, id, field_group, owner_application_id, valid_from, reason, decided_by_account_id, updated_at)
       values ($1, $2, 'GUARDIAN', $3, '2026-09-01', 'Sổ liên lạc giữ số', $2, now())`,
      [school.id, owner, enetviet.applicationId],
    )
    expect(statusesIn(await guardians([newer], enetviet))).toEqual(['UPDATED'])
    // The keeper resends what it said before: it is already so, and does not undo the newer number.
    expect(statusesIn(await guardians([own]))).toEqual(['UNCHANGED'])
    expect(await stored(id)).toMatchObject([{ phone: '+84540999999' }])
    const right = await guardians([{ ...own, phone: '0540999999' }])
    const wrong = await guardians([{ ...own, phone: '0540999998' }])
    expect([right.results[0]!.status, right.results[0]!.errors]).toEqual(['UPDATED', []])
    expect([wrong.results[0]!.status, wrong.results[0]!.errors]).toEqual(['UPDATED', []])
    expect(codesIn(await guardians([{ ...own, phone: '0540111111', expectedVersion: 4 }]))).toEqual([['VERSION_CONFLICT']])
    // Neither guess was written over the number: both wait for the school.
    expect(await stored(id)).toMatchObject([{ phone: '+84540999999' }])
    await database.sql(`delete from schools.field_owner where id = $1`, [owner])
  })

  test('a record that the caller neither wrote nor may read is not there: not by id, not by name', async () => {
    const { code } = await newPupil()
    const { id } = (await guardians([mother(code)])).results[0]!.entity!
    const there = await guardians([mother(code, { id })], enetviet)
    const nowhere = await guardians([mother(code, { id: randomUUID() })], enetviet)
    expect(there).toEqual(nowhere)
    expect(codesIn(there)).toEqual([['RECORD_NOT_FOUND']])
    const beside = await guardians([mother(code)], enetviet)
    expect(beside.results[0]!.status).toBe('CREATED')
    expect(beside.results[0]!.entity!.id).not.toBe(id)
  })

  test('a link that ends shows the contact to nobody, asks for no consent, and what was consented to comes back when it begins again', async () => {
    const { code, id: studentId } = await newPupil()
    const sent = mother(code, { externalId: 'PH-4' })
    const { id } = (await guardians([sent])).results[0]!.entity!
    await giveConsent(enetviet, code, id)
    expect(statusesIn(await guardians([{ ...sent, endedOn: '2026-11-20' }]))).toEqual(['UPDATED'])
    expect(await stored(id)).toMatchObject([{ apps: [] }])
    expect(await seen(enetviet, code, CONTACT)).toEqual({ guardians: [] })
    const givers = await identity.ask<{ _entities: { consentGivers: { guardianId: string | null }[] }[] }>(
      enetviet,
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student { consentGivers { guardianId } } } }`,
      { r: [{ __typename: 'Student', schoolId: school.id, id: studentId }] },
    )
    expect(givers.data._entities[0]!.consentGivers.map(({ guardianId }) => guardianId)).not.toContain(id)
    await guardians([{ ...sent, endedOn: null }])
    expect(await seen(enetviet, code, 'guardians { id }')).toEqual({ guardians: [{ id }] })
    const ended = await guardians([{ ...sent, endedOn: '2026-11-20' }])
    expect(statusesIn(ended)).toEqual(['UPDATED'])
    // Who no longer has a link can still take a consent back.
    const { batch } = await withdraw(identity, enetviet, school.id, [
      { student: { code }, givenBy: 'GUARDIAN', guardianId: id, purpose: 'CONTACT_BOOK' },
    ])
    expect(batch.results.map(({ status }) => status)).toEqual(['UPDATED'])
    await guardians([{ ...sent, endedOn: null }])
    expect(await seen(enetviet, code, CONTACT)).toEqual({ guardians: [] })
  })

  test('what is wrong is refused one by one, and the good ones land', async () => {
    const { code } = await newPupil()
    const batch = await guardians([
      mother(code, { phone: '12345' }),
      mother(code, { relation: 'AUNT' }),
      mother(code, { birthYear: 2020 }),
      mother(code, { fullName: 'Trần \ud83d' }),
      mother(code, { endedOn: '2126-01-01' }),
      mother('3899999999'),
      mother(code, { relation: 'FATHER', fullName: 'Lê Văn Bình', phone: null }),
      mother(code, { job: 'a\u0007b' }),
    ])
    expect(codesIn(batch)).toEqual([
      ['PHONE_INVALID'],
      ['CODE_UNKNOWN'],
      ['NUMBER_OUT_OF_RANGE'],
      ['NAME_INVALID'],
      ['DATE_INVALID'],
      ['STUDENT_NOT_FOUND'],
      [],
      ['TEXT_INVALID'],
    ])
    expect(codesIn(await guardians([mother(code), mother(code)]))).toEqual([['DUPLICATE_IN_BATCH'], ['DUPLICATE_IN_BATCH']])
  })

  test('a former version of a guardian is read by no application, whatever it asks of the database', async () => {
    const { code } = await newPupil()
    const sent = mother(code, { externalId: 'PH-5' })
    const { id } = (await guardians([sent])).results[0]!.entity!
    await guardians([{ ...sent, phone: '0540222222' }])
    const [kept] = await database.sql(`select record ->> 'phone' as phone from schools.former_version where entity_id = $1`, [id])
    expect(kept).toEqual({ phone: '+84540123456' })
    const asSmas = await schools.runtime.storage.pool.connect()
    try {
      await asSmas.query('begin')
      await asSmas.query(`select access.open_viewer($1, null, 'guardian.contact.write', null, current_date)`, [
        smas.applicationId,
      ])
      const { rows } = await asSmas.query(
        `select entity from schools.former_version where entity in ('Guardian', 'HealthRecord')`,
      )
      expect(rows).toEqual([])
      await asSmas.query('rollback')
    } finally {
      asSmas.release()
    }
  })

  test('an officer does not keep; who may not write is refused before anything is looked at; another school stays closed', async () => {
    const { code } = await newPupil()
    const officer = { ...(await personViewer(database, 'can-bo-so')) }
    const overseer = { ...officer, scopes: [...officer.scopes, 'guardian.contact.write' as const, 'health.write' as const] }
    const input = { ...ref, guardians: [mother(code)] }
    expect(await refusal(schools, overseer, 'upsertGuardians', input)).toEqual(['ACT_FORBIDDEN'])
    expect(await refusal(schools, officer, 'upsertGuardians', input)).toEqual(['SCOPE_MISSING'])
    expect(await refusal(schools, overseer, 'upsertHealthRecords', { ...ref, records: [measured(code)] })).toEqual([
      'ACT_FORBIDDEN',
    ])
    expect(await refusal(schools, smas, 'upsertGuardians', { ...input, school: { id: randomUUID() } })).toEqual([
      'SCHOOL_NOT_ACCESSIBLE',
    ])
  })
})

const measured = (code: string, change: Sent = {}): Sent => ({
  student: { code },
  measuredOn: '2026-10-05',
  heightCm: 158.4,
  weightKg: 47.25,
  eyeDisease: 'Cận thị',
  visionLeft: 7,
  visionRight: 8,
  dental: 'Sâu răng 36',
  note: 'Khám đầu năm',
  ...change,
})
const HEALTH = 'healthRecords { measuredOn heightCm weightKg eyeDisease visionLeft visionRight dental note void }'

describe('health records', () => {
  async function pupilWithMother(): Promise<{ code: string; guardianId: string }> {
    // Under 16, so that the guardian speaks for the pupil.
    const sent = pupil({ birthDate: '2012-05-04', classRoom: { name: school.rooms[0]!.name } }) as Sent & { code: string }
    await send(schools, smas, 'upsertStudents', { ...ref, schoolYear: YEAR, students: [sent] })
    const { results } = await guardians([mother(sent.code)])
    return { code: sent.code, guardianId: results[0]!.entity!.id }
  }

  test('a record is kept by who measured, and read by nobody until the family consents to health, and no longer than that', async () => {
    const { code, guardianId } = await pupilWithMother()
    expect(statusesIn(await health([measured(code)]))).toEqual(['CREATED'])
    expect(statusesIn(await health([measured(code)]))).toEqual(['UNCHANGED'])
    for (const viewer of [smas, enetviet]) expect(await seen(viewer, code, HEALTH)).toEqual({ healthRecords: [] })
    // The contact book is another purpose.
    await giveConsent(smas, code, guardianId)
    expect(await seen(smas, code, HEALTH)).toEqual({ healthRecords: [] })
    await giveConsent(smas, code, guardianId, 'HEALTH')
    const { student: _student, ...told } = measured(code)
    expect(await seen(smas, code, HEALTH)).toEqual({ healthRecords: [{ ...told, void: false }] })
    expect(await seen(enetviet, code, HEALTH)).toEqual({ healthRecords: [] })
    // A record of later falls under the consent that stands.
    await health([measured(code, { measuredOn: '2026-11-01', heightCm: 159 })])
    expect(await seen(smas, code, 'healthRecords { measuredOn version }')).toEqual({
      healthRecords: [
        { measuredOn: '2026-11-01', version: 1 },
        { measuredOn: '2026-10-05', version: 2 },
      ],
    })
    await withdraw(identity, smas, school.id, [{ student: { code }, givenBy: 'GUARDIAN', guardianId, purpose: 'HEALTH' }])
    expect(await seen(smas, code, HEALTH)).toEqual({ healthRecords: [] })
  })

  test('a record of the wrong child is declared void, shown no more, and kept', async () => {
    const { code, guardianId } = await pupilWithMother()
    await giveConsent(smas, code, guardianId, 'HEALTH')
    const [first] = (await health([measured(code)])).results
    expect(statusesIn(await health([measured(code, { void: true })]))).toEqual(['UPDATED'])
    expect(await seen(smas, code, HEALTH)).toEqual({ healthRecords: [] })
    const [row] = await database.sql(`select void, version from schools.health_record where id = $1`, [first!.entity!.id])
    expect(row).toEqual({ void: true, version: 2 })
  })

  test('numbers that no pupil has and days that cannot be are refused', async () => {
    const { code } = await newPupil()
    const batch = await health([
      measured(code, { heightCm: 15 }),
      measured(code, { weightKg: 500 }),
      measured(code, { visionLeft: 21 }),
      measured(code, { measuredOn: '2126-01-01' }),
      measured(code, { measuredOn: '2001-01-01' }),
      measured(code, { dental: 'x\ud83d' }),
    ])
    expect(codesIn(batch)).toEqual([
      ['NUMBER_OUT_OF_RANGE'],
      ['NUMBER_OUT_OF_RANGE'],
      ['NUMBER_OUT_OF_RANGE'],
      ['DATE_INVALID'],
      ['DATE_INVALID'],
      ['TEXT_INVALID'],
    ])
  })

  test('without the scope the field is refused, and an agreement that leaves it out hides the rows', async () => {
    const { code, guardianId } = await pupilWithMother()
    await giveConsent(smas, code, guardianId, 'HEALTH')
    await health([measured(code)])
    const query = `query ($ref: StudentRef!) { student(ref: $ref) { ${HEALTH} } }`
    const without = { ...smas, scopes: smas.scopes.filter((scope) => scope !== 'health.read') }
    expect(codesOf(await schools.ask(without, query, { ref: { code } }))).toEqual(['SCOPE_MISSING'])
    await database.sql(`update access.school_grant set scopes = array_remove(scopes, 'health.read') where application_id = $1`, [
      smas.applicationId,
    ])
    expect(await seen(smas, code, HEALTH)).toEqual({ healthRecords: [] })
    await database.sql(`update access.school_grant set scopes = scopes || '{health.read}' where application_id = $1`, [
      smas.applicationId,
    ])
    expect(((await seen(smas, code, HEALTH)).healthRecords as Sent[]).length).toBe(1)
  })
})
