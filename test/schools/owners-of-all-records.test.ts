// Guardians, health records, facilities and campuses have owners too: a competing write waits, is reviewed and decided; own ids name them.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Scope } from '../../subgraphs/kernel/scopes.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { record, withdraw } from '../identity/families.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { personViewer } from '../testkit/parties.ts'
import { captureSql, codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import {
  codesIn,
  documentOf,
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
let identity: TestSubgraph
/** The school-management product, which owns what nobody declared otherwise. */
let smas: Viewer
/** The contact book beside it. */
let enetviet: Viewer
let principal: Viewer
let school: SchoolAtWork
let ref: Sent

const SCOPES: Scope[] = [
  'student.basic.write',
  'school.write',
  'guardian.contact.read',
  'guardian.contact.write',
  'health.read',
  'health.write',
  'consent.write',
]

beforeAll(async () => {
  database = await freshDatabase()
  schools = await testSubgraph(database, 'schools')
  identity = await testSubgraph(database, 'identity')
  smas = await keeper(database, 'smas', ...SCOPES)
  enetviet = await keeper(database, 'enetviet', ...SCOPES)
  school = await schoolAtWork(database, smas, enetviet)
  ref = { school: { id: school.id } }
  const person = await personViewer(database, 'hieu-truong@thpt-hac-thanh')
  await database.sql(`update access.membership set school_id = $2 where account_id = $1`, [person.accountId, school.id])
  principal = { ...person, scopes: [...new Set([...person.scopes, ...SCOPES])] }
})
afterAll(async () => {
  await Promise.all([schools?.close(), identity?.close()])
  await database?.drop()
})
beforeEach(async () => {
  await database.sql(`delete from schools.field_owner where school_id = $1`, [school.id])
})

type Conflict = Sent & { id: string; recordId: string }
async function conflictsOf(recordId: string, viewer: Viewer, state = 'OPEN'): Promise<Conflict[]> {
  const { data, errors } = await schools.ask<{ conflicts: { nodes: Conflict[] } }>(
    viewer,
    `query ($school: SchoolRef!, $state: ConflictState!) { conflicts(school: $school, state: $state, first: 200) { nodes {
       id recordId group field naturalKey currentValue proposedValue owner { id } proposedBy { id } decidedBy { id } } } }`,
    { ...ref, state },
  )
  expect(errors).toBeUndefined()
  return data.conflicts.nodes.filter((conflict) => conflict.recordId === recordId)
}
async function resolve(viewer: Viewer, conflict: string, decision = 'ACCEPT'): Promise<unknown> {
  const { data, errors } = await schools.ask<{ it: { results: { status: string; errors: { code: string }[] }[] } }>(
    viewer,
    'mutation ($input: ResolveConflictsInput!) { it: resolveConflicts(input: $input) { results { status errors { code } } } }',
    { input: { ...ref, resolutions: [{ conflict, decision, reason: 'Đã đối chiếu hồ sơ' }] } },
  )
  if (errors) return codesOf({ errors })
  const [told] = data.it.results
  return told!.errors[0]?.code ?? told!.status
}
const declare = (group: string, viewer: Viewer): Promise<unknown> =>
  schools.ask(principal, 'mutation ($input: SetFieldOwnersInput!) { setFieldOwners(input: $input) { results { status } } }', {
    input: { ...ref, owners: [{ group, applicationId: viewer.applicationId, reason: 'Theo phân công của trường' }] },
  })
const rowOf = async (table: string, id: string): Promise<Sent> =>
  (await database.sql<Sent>(`select * from schools.${table} where school_id = $1 and id = $2`, [school.id, id]))[0]!
const ownIdOf = async (viewer: Viewer, id: string): Promise<Sent[]> =>
  database.sql(`select entity, external_id from schools.external_reference where application_id = $1 and entity_id = $2`, [
    viewer.applicationId,
    id,
  ])

const write =
  (act: string, list: string) =>
  (sent: Sent[], viewer = smas, more: Sent = {}) =>
    send(schools, viewer, act, { ...ref, [list]: sent, ...more })
const facilities = write('upsertFacilities', 'facilities')
const campuses = write('upsertCampuses', 'campuses')
const guardians = write('upsertGuardians', 'guardians')
const health = write('upsertHealthRecords', 'records')

async function newPupil(): Promise<string> {
  const sent = pupil({ classRoom: { name: school.rooms[0]!.name } })
  await send(schools, smas, 'upsertStudents', { ...ref, schoolYear: YEAR, students: [sent] })
  return String(sent.code)
}
const consentOf = (code: string, guardianId: string, purpose: string): Sent => ({
  student: { code },
  givenBy: 'GUARDIAN',
  guardianId,
  purpose,
  evidence: { kind: 'SIGNED_FORM', reference: 'Phiếu 1', givenAt: new Date().toISOString() },
})
async function consent(viewer: Viewer, code: string, guardianId: string, purpose = 'CONTACT_BOOK'): Promise<void> {
  const { batch } = await record(identity, viewer, school.id, [consentOf(code, guardianId, purpose)])
  expect(batch.results.map(({ status }) => status)).toEqual(['CREATED'])
}
const mother = (code: string, change: Sent = {}): Sent => ({
  student: { code },
  fullName: 'Trần Thị Mai',
  relation: 'MOTHER',
  phone: '+84540123456',
  ...change,
})

interface Case {
  /** Writes the record as the viewer, and answers its id. */
  readonly write: (viewer: Viewer, change?: Sent) => ReturnType<typeof send>
  readonly table: string
  /** What the other product sends otherwise, as it is shown and as it is stored. */
  readonly change: Sent
  readonly field: string
  readonly shown: readonly [string | null, string | null]
  readonly stored: Sent
}

describe('what a school has', () => {
  const CASES: Readonly<Record<string, Case>> = {
    'a report of facilities': {
      write: (viewer, change = {}) =>
        facilities([{ schoolYear: YEAR, period: 'START', computers: 40, externalId: 'CSVC-1', ...change }], viewer),
      table: 'facility',
      change: { computers: 45 },
      field: 'Facility.computers',
      shown: ['40', '45'],
      stored: { computers: 45 },
    },
    'its rooms': {
      write: (viewer, change = {}) =>
        facilities(
          [{ schoolYear: YEAR, period: 'MID', rooms: [{ kind: 'LIBRARY', grade: 'GRADE_4', count: 1 }], ...change }],
          viewer,
        ),
      table: 'facility',
      change: { rooms: [{ kind: 'LIBRARY', grade: 'GRADE_4', count: 2, area: 80 }] },
      field: 'Facility.rooms',
      shown: [
        '[{"kind":"LIBRARY","grade":"GRADE_4","count":1,"area":null}]',
        '[{"kind":"LIBRARY","grade":"GRADE_4","count":2,"area":80}]',
      ],
      stored: { rooms: [{ kind: 'LIBRARY', grade: 'GRADE_4', count: 2, area: 80 }] },
    },
    'a campus': {
      write: (viewer, change = {}) =>
        campuses(
          [{ code: 'DT1', name: 'Điểm Bắc', address: 'Số 1', communeCode: '14797', validFrom: '2020-09-05', ...change }],
          viewer,
        ),
      table: 'campus',
      change: { address: 'Số 2' },
      field: 'Campus.address',
      shown: ['Số 1', 'Số 2'],
      stored: { address: 'Số 2' },
    },
    'the days of a campus': {
      write: (viewer, change = {}) =>
        campuses(
          [{ code: 'DT2', name: 'Điểm Nam', address: 'Số 1', communeCode: '14797', validFrom: '2020-09-05', ...change }],
          viewer,
        ),
      table: 'campus',
      change: { validFrom: '2021-01-01', validTo: '2026-06-30' },
      field: 'Campus.validity',
      shown: ['2020-09-05', '2021-01-01; 2026-06-30'],
      stored: { valid_from: new Date('2021-01-01'), valid_to: new Date('2026-06-30') },
    },
  }

  test.each(Object.entries(CASES))('%s: a competing write waits, its owner reviews it and takes it over', async (_name, one) => {
    const created = await one.write(smas)
    expect(statusesIn(created)).toEqual(['CREATED'])
    const { id } = created.results[0]!.entity!
    const refused = await one.write(enetviet, { ...one.change, externalId: `env-${id}` })
    expect([statusesIn(refused), codesIn(refused)]).toEqual([['CONFLICT'], [['FIELD_OWNED']]])
    expect(await ownIdOf(enetviet, id)).toMatchObject([{ external_id: `env-${id}` }])
    const [conflict, ...rest] = await conflictsOf(id, smas)
    expect(rest).toEqual([])
    expect(conflict).toMatchObject({
      field: one.field,
      currentValue: one.shown[0],
      proposedValue: one.shown[1],
      owner: { id: smas.applicationId },
      proposedBy: { id: enetviet.applicationId },
    })
    expect(await resolve(enetviet, conflict!.id)).toBe('ACT_FORBIDDEN')
    const before = await traces(database, school.id)
    expect(await resolve(smas, conflict!.id)).toBe('UPDATED')
    const after = await traces(database, school.id)
    expect([after.former! - before.former!, after.outbox! - before.outbox!, after.audit! - before.audit!]).toEqual([2, 2, 1])
    expect(await rowOf(one.table, id)).toMatchObject({ ...one.stored, version: 2, application_id: enetviet.applicationId })
    // What was accepted is what both send from now on.
    expect(statusesIn(await one.write(smas, one.change))).toEqual(['UNCHANGED'])
  })

  test('the rest of a report lands beside what waits, and a declared owner writes what it owns', async () => {
    await facilities([{ schoolYear: YEAR, period: 'END', computers: 10 }])
    await declare('FACILITY', enetviet)
    const theirs = await facilities([{ schoolYear: YEAR, period: 'END', computers: 12 }], enetviet)
    expect([statusesIn(theirs), warningsIn(theirs)]).toEqual([['UPDATED'], [[]]])
    expect(codesIn(await facilities([{ schoolYear: YEAR, period: 'END', computers: 11 }]))).toEqual([['FIELD_OWNED']])
  })

  test('own ids name reports and campuses: kept for each application alone, and one id of two records is refused', async () => {
    const [first] = (await facilities([{ schoolYear: '2027-2028', period: 'START', computers: 1, externalId: 'A' }])).results
    await facilities([{ schoolYear: '2027-2028', period: 'MID', computers: 1, externalId: 'B' }])
    expect(await ownIdOf(smas, first!.entity!.id)).toEqual([{ entity: 'FACILITY', external_id: 'A' }])
    expect(codesIn(await facilities([{ schoolYear: '2027-2028', period: 'END', externalId: 'A' }]))).toEqual([
      ['EXTERNAL_ID_TAKEN'],
    ])
    const theirs = await facilities([{ schoolYear: '2027-2028', period: 'MID', computers: 1, externalId: 'A' }], enetviet)
    expect(statusesIn(theirs)).toEqual(['UNCHANGED'])
    const site = { name: 'Điểm', address: 'Số 1', communeCode: '14797', validFrom: '2020-09-05' }
    await campuses([{ ...site, code: 'X1', externalId: 'C' }])
    expect(codesIn(await campuses([{ ...site, code: 'X2', externalId: 'C' }]))).toEqual([['EXTERNAL_ID_TAKEN']])
    expect(codesIn(await campuses([{ ...site, code: 'X3', externalId: '\ud800' }]))).toEqual([['TEXT_INVALID']])
    const { data } = await schools.ask<{ school: { campuses: Sent[] } }>(
      smas,
      'query ($ref: SchoolRef!) { school(ref: $ref) { campuses { code provenance { externalId } } } }',
      { ref: { id: school.id } },
    )
    expect(data.school.campuses).toContainEqual({ code: 'X1', provenance: { externalId: 'C' } })
  })
})

describe('what rests on consent', () => {
  test('a guardian whom both see: the contact book’s phone waits for the product that keeps them, which sees it and decides', async () => {
    const code = await newPupil()
    const { id } = (await guardians([mother(code)])).results[0]!.entity!
    await consent(enetviet, code, id)
    await consent(smas, code, id)
    const refused = await guardians([mother(code, { phone: '0540123499', job: 'Bác sĩ' })], enetviet)
    expect([statusesIn(refused), codesIn(refused)]).toEqual([['CONFLICT'], [['FIELD_OWNED', 'FIELD_OWNED']]])
    const conflicts = await conflictsOf(id, smas)
    expect(conflicts.map(({ field, proposedValue }) => [field, proposedValue]).toSorted()).toEqual([
      ['Guardian.job', 'Bác sĩ'],
      ['Guardian.phone', '+84540123499'],
    ])
    // Neither a name nor a phone stands in the key of the feed.
    expect(conflicts[0]!.naturalKey).toBe(`${code}/${id}`)
    const phone = conflicts.find(({ field }) => field === 'Guardian.phone')!
    expect(await resolve(enetviet, phone.id)).toBe('ACT_FORBIDDEN')
    expect(await resolve(smas, phone.id)).toBe('UPDATED')
    expect(await rowOf('guardian', id)).toMatchObject({
      phone: '+84540123499',
      job: null,
      application_id: enetviet.applicationId,
    })
    const [audit] = await database.sql<{ students: string[] }>(
      `select student_ids as students from access.audit_event where 'Guardian.phone' = any (fields) order by at desc limit 1`,
    )
    expect(audit!.students).toEqual([(await rowOf('guardian', id)).student_id])
  })

  test('a link that was ended by proposal ends for everybody when it is accepted', async () => {
    const code = await newPupil()
    const { id } = (await guardians([mother(code)])).results[0]!.entity!
    await consent(enetviet, code, id)
    await guardians([mother(code, { endedOn: '2026-10-01' })], enetviet)
    const [conflict] = await conflictsOf(id, principal)
    expect(conflict).toMatchObject({ field: 'Guardian.endedOn', currentValue: null, proposedValue: '2026-10-01' })
    expect((await rowOf('guardian', id)).consented_applications).toEqual([enetviet.applicationId])
    expect(await resolve(principal, conflict!.id)).toBe('UPDATED')
    expect(await rowOf('guardian', id)).toMatchObject({ consented_applications: [] })
  })

  test('a proposal is seen with the record alone: without the family’s consent its owner neither reads nor decides it, the principal does', async () => {
    const code = await newPupil()
    const { id } = (await guardians([mother(code)])).results[0]!.entity!
    await consent(enetviet, code, id)
    await guardians([mother(code, { phone: '0540123401' })], enetviet)
    expect(await conflictsOf(id, smas)).toEqual([])
    const [conflict] = await conflictsOf(id, principal)
    expect(await resolve(smas, conflict!.id)).toBe('RECORD_NOT_FOUND')
    // The database itself shows it to no application without the consent.
    await consent(smas, code, id)
    expect(await conflictsOf(id, smas)).toHaveLength(1)
    await withdraw(identity, smas, school.id, [
      { student: { code }, givenBy: 'GUARDIAN', guardianId: id, purpose: 'CONTACT_BOOK' },
    ])
    expect(await conflictsOf(id, smas)).toEqual([])
    const shown = await schools.runtime.storage.pool.connect()
    try {
      await shown.query('begin')
      await shown.query(
        `select access.open_viewer('${smas.applicationId}', null, 'school.read', array['${school.id}']::uuid[], '2026-11-20')`,
      )
      const { rows } = await shown.query(
        `select id from schools.field_conflict where school_id = '${school.id}' and entity_id = '${id}'`,
      )
      expect(rows).toEqual([])
      await shown.query('rollback')
    } finally {
      shown.release()
    }
    expect(await resolve(principal, conflict!.id, 'REJECT')).toBe('UPDATED')
    expect(await rowOf('guardian', id)).toMatchObject({ phone: '+84540123456', version: expect.any(Number) as number })
    expect(statusesIn(await guardians([mother(code, { phone: '0540123401' })], enetviet))).toEqual(['CONFLICT'])
    expect(await conflictsOf(id, principal)).toEqual([])
  })

  test('a record that a product made itself, and the owner never wrote, is its own to keep', async () => {
    const code = await newPupil()
    const { id } = (await guardians([mother(code)], enetviet)).results[0]!.entity!
    await consent(enetviet, code, id)
    expect(statusesIn(await guardians([mother(code, { phone: '0540123402' })], enetviet))).toEqual(['UPDATED'])
    expect(await rowOf('guardian', id)).toMatchObject({ phone: '+84540123402' })
  })

  test('who may not read the record is told what it always is: what it says waits unsaid, and overwrites nothing', async () => {
    const code = await newPupil()
    // The contact book made the record, the owner came to it with the family's consent; the contact book has none.
    const { id } = (await guardians([mother(code, { externalId: `ph-${code}` })], enetviet)).results[0]!.entity!
    await consent(smas, code, id)
    expect(statusesIn(await guardians([mother(code, { phone: '0540123403' })]))).toEqual(['UPDATED'])
    // Beside it one that is the contact book's alone.
    const other = await newPupil()
    await guardians([mother(other)], enetviet)
    const sayTo = async (student: string, sent: Sent, mode = 'PARTIAL') => {
      const input = { ...ref, mode, guardians: [mother(student, sent)] }
      const { statements, result } = await captureSql(schools, () =>
        schools.ask(enetviet, documentOf('upsertGuardians'), { input }),
      )
      expect(statements.length).toBeGreaterThan(5)
      const { data } = result as unknown as { data: { batch: Awaited<ReturnType<typeof send>> } }
      return data.batch.results.map(({ status, errors, warnings }) => ({ status, errors, warnings }))
    }
    for (const mode of ['PARTIAL', 'ATOMIC']) {
      const news = { phone: mode === 'ATOMIC' ? '0540123405' : '0540123404' }
      expect(await sayTo(code, news, mode)).toEqual(await sayTo(other, news, mode))
      expect(await sayTo(code, news, mode)).toEqual(await sayTo(other, news, mode))
      expect(await rowOf('guardian', id)).toMatchObject({ phone: '+84540123403', application_id: smas.applicationId })
      expect(await conflictsOf(id, smas)).toMatchObject([{ proposedValue: mode === 'ATOMIC' ? '+84540123405' : '+84540123404' }])
    }
    // What it said first and says again undoes nothing and proposes nothing.
    const [waiting] = await conflictsOf(id, smas)
    expect(await resolve(smas, waiting!.id, 'REJECT')).toBe('UPDATED')
    expect(await sayTo(code, { phone: '0540123405' }, 'ATOMIC')).toMatchObject([{ status: 'UNCHANGED' }])
    expect(await conflictsOf(id, smas)).toEqual([])
  })

  test('a health record whom both see waits like any other, in the units in which it was sent; own ids name it', async () => {
    const code = await newPupil()
    const { id: guardian } = (await guardians([mother(code)])).results[0]!.entity!
    const sent = { student: { code }, measuredOn: '2026-10-05', heightCm: 152.5, weightKg: 42 }
    const { id } = (await health([{ ...sent, externalId: 'SK-1' }])).results[0]!.entity!
    expect(await ownIdOf(smas, id)).toEqual([{ entity: 'HEALTH_RECORD', external_id: 'SK-1' }])
    await consent(smas, code, guardian, 'HEALTH')
    await consent(enetviet, code, guardian, 'HEALTH')
    const refused = await health([{ ...sent, heightCm: 153, weightKg: 42.25 }], enetviet)
    expect(codesIn(refused)).toEqual([['FIELD_OWNED', 'FIELD_OWNED']])
    const conflicts = await conflictsOf(id, smas)
    expect(conflicts.map(({ field, currentValue, proposedValue }) => [field, currentValue, proposedValue]).toSorted()).toEqual([
      ['HealthRecord.heightCm', '152.5', '153'],
      ['HealthRecord.weightKg', '42', '42.25'],
    ])
    for (const conflict of conflicts) expect(await resolve(smas, conflict.id)).toBe('UPDATED')
    expect(await rowOf('health_record', id)).toMatchObject({ height_mm: 1530, weight_g: 42_250 })
    // The day is mended by the own id, and no second record is made.
    const mended = await health([{ ...sent, heightCm: 153, weightKg: 42.25, measuredOn: '2026-10-06', externalId: 'SK-1' }])
    expect(mended.results[0]).toMatchObject({ status: 'UPDATED', entity: { id } })
    const other = await newPupil()
    expect(codesIn(await health([{ ...sent, student: { code: other }, externalId: 'SK-1' }]))).toEqual([['RECORD_NOT_FOUND']])
  })

  test('who holds the scope of such records alone may decide them; without it nobody does', async () => {
    const code = await newPupil()
    const { id } = (await guardians([mother(code)])).results[0]!.entity!
    await consent(enetviet, code, id)
    await consent(smas, code, id)
    await guardians([mother(code, { job: 'Kỹ sư' })], enetviet)
    const [conflict] = await conflictsOf(id, smas)
    const only = (...scopes: Scope[]): Viewer => ({ ...smas, scopes: ['school.read', 'guardian.contact.read', ...scopes] })
    expect(await resolve(only(), conflict!.id)).toEqual(['SCOPE_MISSING'])
    expect(await resolve(only('health.write'), conflict!.id)).toBe('SCOPE_MISSING')
    expect(await resolve(only('guardian.contact.write'), conflict!.id)).toBe('UPDATED')
  })
})
