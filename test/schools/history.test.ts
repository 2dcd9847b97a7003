// Former versions of records: who changed what, when, from which to which; as secret as the present, field by field and row by row.
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MODULES } from '../../platform/modules.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import type { Part } from '../../subgraphs/kernel/records/history.ts'
import { PART_NAMES, PARTS } from '../../subgraphs/schools/roster/history.ts'
import { record, withdraw } from '../identity/families.ts'
import { contract } from '../permissions/matrix/probes.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { personViewer } from '../testkit/parties.ts'
import { captureSql, codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import type { GraphQLObjectType } from 'graphql'
import { keeper, pupil, schoolAtWork, send, statusesIn, YEAR, type SchoolAtWork, type Sent } from './roster-kit.ts'

interface Version {
  version: number
  validFrom: string
  validTo: string | null
  accountId: string | null
  provenance: { application: { id: string } | null }
  changes: { field: string; before: string | null; after: string | null }[] | null
  fields: { field: string; value: string | null }[]
}
interface Page {
  nodes: Version[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

let database: TestDatabase
let schools: TestSubgraph
let identity: TestSubgraph
let smas: Viewer
let enetviet: Viewer
let principal: Viewer
let school: SchoolAtWork
let ref: Sent

beforeAll(async () => {
  database = await freshDatabase()
  schools = await testSubgraph(database, 'schools')
  identity = await testSubgraph(database, 'identity')
  const scopes = ['guardian.contact.read', 'guardian.contact.write', 'health.read', 'health.write', 'consent.write'] as const
  const sensitive = ['student.sensitive.read', 'student.sensitive.write', 'staff.read', 'staff.write', 'school.write'] as const
  smas = await keeper(database, 'smas', ...scopes, ...sensitive)
  enetviet = await keeper(database, 'enetviet', ...scopes)
  school = await schoolAtWork(database, smas, enetviet)
  ref = { school: { id: school.id } }
  const person = await personViewer(database, 'hieu-truong@thpt-hac-thanh')
  await database.sql(`update access.membership set school_id = $2 where account_id = $1`, [person.accountId, school.id])
  principal = { ...person, scopes: [...new Set([...person.scopes, ...scopes, ...sensitive, 'student.basic.write' as const])] }
})
afterAll(async () => {
  await Promise.all([schools?.close(), identity?.close()])
  await database?.drop()
})

const HISTORY = (args = ''): string => `history${args} {
  nodes { version validFrom validTo accountId provenance { application { id } } changes { field before after } fields { field value } }
  pageInfo { hasNextPage endCursor } }`
const ask = (viewer: Viewer, code: unknown, body: string) =>
  schools.ask<{ student: Record<string, unknown> }>(viewer, `query ($ref: StudentRef!) { student(ref: $ref) { ${body} } }`, {
    ref: { code },
  })
async function historyOf(code: unknown, viewer = smas, args = ''): Promise<Page> {
  const { data, errors } = await ask(viewer, code, HISTORY(args))
  expect(errors).toBeUndefined()
  return data.student.history as Page
}
const upsert = async (student: Sent, viewer = smas): Promise<void> => {
  const batch = await send(schools, viewer, 'upsertStudents', { ...ref, schoolYear: YEAR, students: [student] })
  expect([batch.results[0]!.errors, batch.results[0]!.warnings.filter(({ code }) => code === 'FIELD_OWNED')]).toEqual([[], []])
}
async function admitted(change: Sent = {}): Promise<Sent> {
  const sent = pupil({ classRoom: { name: school.rooms[0]!.name }, admittedOn: '2026-09-05', ...change })
  await upsert(sent)
  return sent
}
const idOf = async (code: unknown): Promise<string> =>
  (await database.sql<{ id: string }>(`select id from schools.student where school_id = $1 and code = $2`, [school.id, code]))[0]!
    .id

describe('what is told', () => {
  test('a principal reads who changed the birth date, when, from which to which', async () => {
    const sent = await admitted()
    await upsert({ ...sent, birthDate: '2011-04-05' })
    await upsert({ ...sent, birthDate: '2011-05-04' }, principal)
    const { nodes } = await historyOf(sent.code, principal)
    expect(nodes.map(({ version, changes }) => [version, changes])).toEqual([
      [3, [{ field: 'birthDate', before: '2011-04-05', after: '2011-05-04' }]],
      [2, [{ field: 'birthDate', before: '2011-05-04', after: '2011-04-05' }]],
      [1, null],
    ])
    expect(nodes.map(({ provenance, accountId }) => [provenance.application?.id ?? null, accountId])).toEqual([
      [null, principal.accountId],
      [smas.applicationId, null],
      [smas.applicationId, null],
    ])
    // One time joins the next: the record never said nothing.
    expect(nodes.map(({ validTo }) => validTo)).toEqual([null, nodes[0]!.validFrom, nodes[1]!.validFrom])
    expect(nodes[2]!.fields).toContainEqual({ field: 'birthDate', value: '2011-05-04' })
  })

  test('a product is not told which person of the school it was', async () => {
    const sent = await admitted()
    await upsert({ ...sent, fullName: 'Nguyễn Thị Ánh Dương' }, principal)
    const [now] = (await historyOf(sent.code)).nodes
    expect([now!.changes!.length, now!.accountId]).toEqual([1, null])
    expect((await historyOf(sent.code, { ...smas, accountId: principal.accountId, role: 'PRINCIPAL' })).nodes[0]!.accountId).toBe(
      null,
    )
  })

  test('pages go on where the one before ended, and a step across a page is told', async () => {
    const sent = await admitted()
    for (const address of ['Thôn 1', 'Thôn 2', 'Thôn 3']) await upsert({ ...sent, address })
    const page = async (after: string | null): Promise<Page> => {
      const { data } = await ask(smas, sent.code, `profile { ${HISTORY(`(first: 2${after ? `, after: "${after}"` : ''})`)} }`)
      return (data.student.profile as { history: Page }).history
    }
    const first = await page(null)
    const second = await page(first.pageInfo.endCursor)
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false])
    expect([...first.nodes, ...second.nodes].map(({ version, changes }) => [version, changes?.map((one) => one.before)])).toEqual(
      [
        [4, ['Thôn 2']],
        [3, ['Thôn 1']],
        [2, [null]],
        [1, undefined],
      ],
    )
    const other = await admitted()
    const { data, errors } = await ask(smas, other.code, HISTORY(`(first: 2, after: "${first.pageInfo.endCursor}")`))
    expect([data, codesOf({ errors })]).toEqual([null, ['CURSOR_INVALID']])
    expect(codesOf(await ask(smas, other.code, HISTORY('(first: 1001)')))).toEqual(['LIST_TOO_LONG'])
  })

  test('the histories of a class are one statement', async () => {
    const query = `query ($ref: ClassRoomRef!) { classRoom(ref: $ref) { students { ${HISTORY('(first: 3)')} } } }`
    const { statements, result } = await captureSql(schools, () =>
      schools.ask<{ classRoom: { students: { history: Page }[] } }>(smas, query, { ref: { id: school.rooms[0]!.id } }),
    )
    expect(result.data.classRoom.students.length).toBeGreaterThan(20)
    expect(result.data.classRoom.students.every(({ history }) => history.nodes.length > 0)).toBe(true)
    expect(statements.filter((text) => text.includes('schools.former_version')).length).toBe(1)
  })

  test('every kind of record has its history, in the words of its own fields', async () => {
    const { name } = school.rooms[1]!
    const code = `38${String(Date.now()).slice(-8)}`
    const staff = (change: Sent) =>
      send(schools, smas, 'upsertStaff', {
        ...ref,
        staff: [{ code, fullName: 'Lê Văn Tám', sex: 'MALE', position: 'TEACHER', status: 1, ...change }],
      })
    expect(statusesIn(await staff({}))).toEqual(['CREATED'])
    expect(statusesIn(await staff({ status: 7 }))).toEqual(['UPDATED'])
    const homeroom = (teacher: string) =>
      send(schools, smas, 'assignHomerooms', {
        ...ref,
        schoolYear: YEAR,
        assignments: [{ teacher: { code: teacher }, classRoom: { name } }],
      })
    const [old] = await database.sql<{ code: string; id: string }>(
      `select s.code, s.id from schools.homeroom_assignment h join schools.staff s on s.school_id = h.school_id and s.id = h.staff_id
       where h.school_id = $1 and h.class_id = $2`,
      [school.id, school.rooms[1]!.id],
    )
    expect(statusesIn(await staff({ status: 1 }))).toEqual(['UPDATED'])
    expect(statusesIn(await homeroom(code))).toEqual(['UPDATED'])
    const facility = (change: Sent) =>
      send(schools, smas, 'upsertFacilities', { ...ref, facilities: [{ schoolYear: YEAR, period: 'END', ...change }] })
    const rooms = [{ kind: 'CLASSROOM', grade: 'GRADE_4', count: 12, area: 600.5 }]
    await facility({ rooms, computers: 20 })
    expect(statusesIn(await facility({ computers: 25 }))).toEqual(['UPDATED'])
    const query = `query ($s: SchoolRef!, $c: ClassRoomRef!, $codes: [String!]) {
      staff(school: $s, filter: {codes: $codes}) { nodes { ${HISTORY()} } }
      classRoom(ref: $c) { homeroomAssignment { ${HISTORY()} } ${HISTORY()} }
      school(ref: $s) { facilities(period: END) { ${HISTORY()} } ${HISTORY()} } }`
    const { data, errors } = await schools.ask<{
      staff: { nodes: { history: Page }[] }
      classRoom: { homeroomAssignment: { history: Page }; history: Page }
      school: { facilities: { history: Page }[]; history: Page }
    }>(smas, query, { s: { id: school.id }, c: { id: school.rooms[1]!.id }, codes: [code] })
    expect(errors).toBeUndefined()
    expect(data.staff.nodes[0]!.history.nodes.map(({ changes }) => changes)).toEqual([
      [{ field: 'status', before: '7', after: '1' }],
      [{ field: 'status', before: '1', after: '7' }],
      null,
    ])
    expect(data.classRoom.homeroomAssignment.history.nodes[0]!.changes).toContainEqual({
      field: 'teacher',
      before: old!.id,
      after: expect.not.stringMatching(old!.id) as string,
    })
    expect(data.school.facilities[0]!.history.nodes[0]!.changes).toEqual([{ field: 'computers', before: '20', after: '25' }])
    expect(
      JSON.parse(data.school.facilities[0]!.history.nodes[1]!.fields.find(({ field }) => field === 'rooms')!.value!),
    ).toMatchObject(rooms)
    expect(data.school.history.nodes[0]!.fields).toContainEqual({ field: 'levels', value: 'THPT' })
    expect(data.classRoom.history.nodes[0]!.fields).toContainEqual({ field: 'name', value: name })
  })
})

describe('no field is told that its own rule does not open', () => {
  test('a history tells fields of its own type, each under that type’s rule, and no column is told in two places', async () => {
    const columns = new Map<string, string>()
    for (const name of PART_NAMES) {
      const part: Part = PARTS[name]
      const rules = MODULES.schools.definition.permissions[part.type]!
      const fields = (contract.getType(part.type) as GraphQLObjectType).getFields()
      for (const [field, { column }] of Object.entries(part.fields)) {
        expect([name, field, field in fields, rules[field]]).toEqual([name, field, true, rules.history])
        expect([name, column, columns.get(`${part.table}.${column}`)]).toEqual([name, column, undefined])
        columns.set(`${part.table}.${column}`, name)
      }
    }
    const known = await database.sql<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'schools'`,
    )
    const there = new Set(known.map(({ name }) => name))
    expect([...columns.keys()].filter((name) => !there.has(name))).toEqual([])
  })

  test('a change of sensitive data is told with the sensitive data alone', async () => {
    const sent = await admitted({ sensitive: { ethnicityCode: '01', policyGroup: 'Con liệt sĩ' } })
    await upsert({ ...sent, sensitive: { ethnicityCode: '06', policyGroup: 'Vùng cao' } })
    const body = `${HISTORY()} profile { ${HISTORY()} }`
    const open = await ask(smas, sent.code, body)
    expect(JSON.stringify(open.data)).not.toMatch(/Con liệt sĩ|Vùng cao/)
    expect((open.data.student.history as Page).nodes.map(({ changes }) => changes)).toEqual([[], null])
    const { data } = await ask(smas, sent.code, `sensitive { ${HISTORY()} }`)
    expect((data.student.sensitive as { history: Page }).history.nodes[0]!.changes).toEqual([
      { field: 'ethnicityCode', before: '01', after: '06' },
      { field: 'policyGroup', before: 'Con liệt sĩ', after: 'Vùng cao' },
    ])
    const without = { ...smas, scopes: smas.scopes.filter((scope) => scope !== 'student.sensitive.read') }
    expect(codesOf(await ask(without, sent.code, `sensitive { ${HISTORY()} }`))).toEqual(['SCOPE_MISSING'])
  })

  test('nor where the approval has the scope and the school’s agreement lacks it', async () => {
    const sent = await admitted({ sensitive: { policyGroup: 'Con liệt sĩ' } })
    await upsert({ ...sent, sensitive: { policyGroup: 'Vùng cao' } })
    const over: Viewer = { ...enetviet, scopes: [...enetviet.scopes, 'student.sensitive.read'] }
    const { data, errors } = await ask(over, sent.code, `fullName sensitive { ${HISTORY()} }`)
    expect([errors, data.student]).toEqual([undefined, { fullName: sent.fullName, sensitive: null }])
  })

  test('the statement of a history leaves the other columns in the database', async () => {
    const sent = await admitted({ sensitive: { policyGroup: 'Con liệt sĩ' } })
    const { statements } = await captureSql(schools, () => ask(smas, sent.code, HISTORY()))
    const [asked] = statements.filter((text) => text.includes('schools.former_version'))
    expect(asked).toContain(`'birth_date'`)
    expect(asked).not.toMatch(/personal_number|policy_group|ethnicity|address/)
  })

  test('the former phone of a guardian is the school’s; an application reads the present one, by consent', async () => {
    const sent = await admitted()
    const write = (phone: string) =>
      send(schools, smas, 'upsertGuardians', {
        ...ref,
        guardians: [{ student: { code: sent.code }, fullName: 'Trần Thị Mai', relation: 'MOTHER', phone }],
      })
    const [first] = (await write('0540123456')).results
    await write('0540123457')
    const body = `guardians { phone ${HISTORY()} }`
    const given = {
      student: { code: sent.code },
      givenBy: 'GUARDIAN',
      guardianId: first!.entity!.id,
      purpose: 'CONTACT_BOOK',
    }
    const evidence = { kind: 'SIGNED_FORM', reference: 'Phiếu 1', givenAt: new Date().toISOString() }
    expect((await ask(enetviet, sent.code, body)).data.student.guardians).toEqual([])
    const { batch } = await record(identity, enetviet, school.id, [{ ...given, evidence }])
    expect(batch.results.map(({ status }) => status)).toEqual(['CREATED'])
    const { data } = await ask(enetviet, sent.code, body)
    const [seen] = data.student.guardians as [{ phone: string; history: Page }]
    expect([seen.phone, seen.history.nodes.map(({ version, changes }) => [version, changes])]).toEqual([
      '+84540123457',
      [[3, null]],
    ])
    const throughProduct = { ...enetviet, accountId: principal.accountId, role: 'PRINCIPAL' as const }
    expect(JSON.stringify((await ask(throughProduct, sent.code, body)).data)).not.toContain('540123456')
    const own = (await ask(principal, sent.code, body)).data.student.guardians as [{ history: Page }]
    // The consent is a version too: it changed none of these fields.
    expect(own[0].history.nodes.map(({ version, changes }) => [version, changes])).toEqual([
      [3, []],
      [2, [{ field: 'phone', before: '+84540123456', after: '+84540123457' }]],
      [1, null],
    ])
    await withdraw(identity, enetviet, school.id, [given])
    expect((await ask(enetviet, sent.code, body)).data.student.guardians).toEqual([])
  })

  test('former health is read by people of the school with the scope of health, and by no application', async () => {
    const sent = await admitted()
    const write = (heightCm: number) =>
      send(schools, smas, 'upsertHealthRecords', {
        ...ref,
        records: [{ student: { code: sent.code }, measuredOn: '2026-10-01', heightCm, weightKg: 41.5 }],
      })
    expect(statusesIn(await write(150))).toEqual(['CREATED'])
    expect(statusesIn(await write(151.2))).toEqual(['UPDATED'])
    const body = `healthRecords { ${HISTORY()} }`
    const own = (await ask(principal, sent.code, body)).data.student.healthRecords as [{ history: Page }]
    expect(own[0].history.nodes[0]!.changes).toEqual([{ field: 'heightCm', before: '150', after: '151.2' }])
    expect(own[0].history.nodes[1]!.fields).toContainEqual({ field: 'weightKg', value: '41.5' })
    expect((await ask(smas, sent.code, body)).data.student.healthRecords).toEqual([])
    const [{ kept } = { kept: 0 }] = await asLogin(smas, 'health.read', `where entity = 'HealthRecord'`)
    expect(kept).toBe(0)
    const without = { ...principal, scopes: principal.scopes.filter((scope) => scope !== 'health.read') }
    expect(codesOf(await ask(without, sent.code, body))).toEqual(['SCOPE_MISSING'])
  })
})

/** Former versions that the login of the service itself finds once a viewer has opened the school. */
async function asLogin(viewer: Viewer, scope: string, where: string): Promise<{ kept: number }[]> {
  const client = new Client({ connectionString: database.urlOf('schools') })
  await client.connect()
  try {
    await client.query('begin')
    await client.query(`select access.open_viewer($1, $2, $3, $4, '2026-11-20')`, [
      viewer.applicationId,
      viewer.accountId,
      scope,
      [school.id],
    ])
    return (await client.query<{ kept: number }>(`select count(*)::int as kept from schools.former_version ${where}`)).rows
  } finally {
    await client.end()
  }
}

describe('no row is told that its own policy does not open', () => {
  async function moved(): Promise<Sent> {
    const sent = await admitted()
    await upsert({ ...sent, address: 'Thôn 1' })
    const batch = await send(schools, smas, 'moveStudents', {
      ...ref,
      schoolYear: YEAR,
      moves: [{ student: { code: sent.code }, classRoom: { name: school.rooms[1]!.name } }],
    })
    expect(statusesIn(batch)).toEqual(['UPDATED'])
    return sent
  }

  test('a teacher reads what the record said while the pupil was in a class taught, and not what it said before', async () => {
    const [account] = await database.sql<{ email: string; id: string }>(
      `select a.email, a.id from identity.account a where a.role = 'TEACHER' order by a.email limit 1`,
    )
    const [staff] = await database.sql<{ id: string }>(
      `select s.id from schools.staff s where s.school_id = $1 and not exists (
         select 1 from schools.teaching_assignment t where t.school_id = s.school_id and t.staff_id = s.id)
       and not exists (select 1 from schools.homeroom_assignment h where h.school_id = s.school_id and h.staff_id = s.id) limit 1`,
      [school.id],
    )
    await database.sql(`update access.membership set school_id = $2, staff_id = $3 where account_id = $1`, [
      account!.id,
      school.id,
      staff!.id,
    ])
    await database.sql(
      `insert into schools.teaching_assignment (school_id, id, staff_id, class_id, subject_code, term_id, updated_at)
       select c.school_id, gen_random_uuid(), $3, c.id, 'TOAN', t.id, now()
       from schools.class_room c join schools.term t on t.school_year_id = c.school_year_id and t.level = c.level and t.code = 'HKI'
       where c.school_id = $1 and c.id = $2`,
      [school.id, school.rooms[1]!.id, staff!.id],
    )
    const person = await personViewer(database, account!.email)
    const sent = await moved()
    const all = (await historyOf(sent.code, principal)).nodes
    expect(all.map(({ version, changes }) => [version, changes?.map(({ field }) => field)])).toEqual([
      [3, ['classRoom']],
      [2, []],
      [1, undefined],
    ])
    const through = { ...smas, accountId: person.accountId, role: 'TEACHER' as const }
    for (const viewer of [person, through]) {
      const { data } = await ask(viewer, sent.code, `${HISTORY()} enrolments { ${HISTORY()} } profile { ${HISTORY()} }`)
      expect((data.student.history as Page).nodes.map(({ version, changes }) => [version, changes])).toEqual([[3, null]])
      expect(JSON.stringify(data)).not.toContain(school.rooms[0]!.id)
      const [{ kept } = { kept: -1 }] = await asLogin(
        viewer,
        'student.basic.read',
        `where entity = 'Student' and entity_id = '${await idOf(sent.code)}'`,
      )
      expect(kept).toBe(0)
    }
    // Moved back, the first class is another teacher's again.
    await send(schools, smas, 'moveStudents', {
      ...ref,
      schoolYear: YEAR,
      moves: [{ student: { code: sent.code }, classRoom: { name: school.rooms[0]!.name } }],
    })
    expect(codesOf(await ask(person, sent.code, HISTORY()))).toEqual(['RECORD_NOT_ACCESSIBLE'])
  })

  test('an agreement for other school years opens no former version of a class, of its pupils or of its assignments', async () => {
    await moved()
    await send(schools, smas, 'upsertClasses', {
      ...ref,
      schoolYear: YEAR,
      classes: [{ name: '10Z', grade: 10, level: 'THPT' }],
    })
    const [room] = await database.sql<{ id: string }>(`select id from schools.class_room where school_id = $1 and name = '10Z'`, [
      school.id,
    ])
    await send(schools, smas, 'upsertClasses', {
      ...ref,
      schoolYear: YEAR,
      classes: [{ id: room!.id, name: '10Y', grade: 10, level: 'THPT' }],
    })
    const closed = `where entity in ('ClassRoom', 'Student', 'Enrolment', 'HomeroomAssignment', 'TeachingAssignment')`
    const [before] = await asLogin(smas, 'school.read', closed)
    expect(before!.kept).toBeGreaterThan(2)
    const narrow = (years: string) =>
      database.sql(`update access.school_grant set school_years = $3::text[] where application_id = $1 and school_id = $2`, [
        smas.applicationId,
        school.id,
        years,
      ])
    await narrow(`{2025-2026}`)
    try {
      expect(await asLogin(smas, 'school.read', closed)).toEqual([{ kept: 0 }])
      // What is no class's stays: the facilities of the school.
      expect((await asLogin(smas, 'school.read', `where entity = 'Facility'`))[0]!.kept).toBeGreaterThan(0)
      await narrow(`{${YEAR}}`)
      expect(await asLogin(smas, 'school.read', closed)).toEqual([before])
    } finally {
      await narrow('{}')
    }
  })

  test('the school that a pupil came to reads nothing of what the former school wrote before, nor the former what comes after', async () => {
    const vnedu = await keeper(database, 'vnedu', 'student.basic.write', 'student.basic.read')
    const [other] = await database.sql<{ id: string }>(
      `select s.school_id as id from schools.school s join access.school_grant g on g.school_id = s.school_id and g.application_id = $1
       where 'THPT' = any (s.levels) and s.school_id <> $2 order by s.code limit 1`,
      [vnedu.applicationId, school.id],
    )
    // The product of the new school has nothing at the former one.
    await database.sql(`delete from access.school_grant where application_id = $1 and school_id = $2`, [
      vnedu.applicationId,
      school.id,
    ])
    const [room] = await database.sql<{ name: string }>(
      `select c.name from schools.class_room c join schools.school_year y on y.id = c.school_year_id
       where c.school_id = $1 and c.grade = 10 and y.code = $2 order by c.name limit 1`,
      [other!.id, YEAR],
    )
    const sent = await admitted({ address: 'Thôn cũ' })
    await upsert({ ...sent, address: 'Thôn mới' })
    const at = { school: { id: other!.id } }
    const claim = { code: sent.code, fullName: sent.fullName, birthDate: sent.birthDate, classRoom: { name: room!.name } }
    const claiming = () => send(schools, vnedu, 'claimStudents', { ...at, schoolYear: YEAR, claims: [claim] })
    const body = `${HISTORY()} profile { ${HISTORY()} }`
    expect(codesOf(await ask(vnedu, sent.code, body))).toEqual(['RECORD_NOT_ACCESSIBLE'])
    await send(schools, smas, 'releaseStudents', { ...ref, releases: [{ student: { code: sent.code } }] })
    expect(statusesIn(await claiming())).toEqual(['CREATED'])
    const { data } = await ask(vnedu, sent.code, body)
    const profile = data.student.profile as { history: Page }
    expect((data.student.history as Page).nodes.map(({ version }) => version)).toEqual([1])
    expect(profile.history.nodes[0]!.fields).toContainEqual({ field: 'address', value: 'Thôn mới' })
    expect(JSON.stringify(data)).not.toContain('Thôn cũ')
    const next = await send(schools, vnedu, 'upsertStudents', {
      ...at,
      schoolYear: YEAR,
      students: [{ ...sent, classRoom: undefined, admittedOn: undefined, address: 'Phố khác' }],
    })
    expect(statusesIn(next)).toEqual(['UPDATED'])
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student { ${body} } } }`
    const id = await idOf(sent.code)
    const asFormer = await schools.ask(smas, query, { r: [{ __typename: 'Student', schoolId: school.id, id }] })
    expect(JSON.stringify(asFormer.data)).toContain('Thôn cũ')
    expect(JSON.stringify(asFormer.data)).not.toContain('Phố khác')
    const asNew = await schools.ask<{ _entities: unknown[] }>(vnedu, query, {
      r: [{ __typename: 'Student', schoolId: school.id, id }],
    })
    expect(asNew.data._entities).toEqual([null])
  })

  test('what a record said while it was merged into another is nobody’s', async () => {
    const [a, b] = [await admitted(), await admitted({ classRoom: undefined, admittedOn: undefined, address: 'Bản sao' })]
    const act = (name: string, merges: Sent[]) =>
      schools.ask<{ batch: { results: { entity: { id: string } | null; errors: unknown[] }[] } }>(
        smas,
        `mutation ($input: ${name === 'mergeStudents' ? 'MergeStudentsInput' : 'UndoMergeInput'}!) {
           batch: ${name}(input: $input) { results { entity { id } errors { code } } } }`,
        { input: { ...ref, merges } },
      )
    const merged = await act('mergeStudents', [{ keep: { code: a.code }, merge: { code: b.code }, reason: 'Hai hồ sơ' }])
    const merge = merged.data.batch.results[0]!.entity!.id
    // The other's code now names the record that lives.
    expect((await historyOf(b.code)).nodes[0]!.fields).toContainEqual({ field: 'code', value: a.code })
    const undone = await act('undoMerge', [{ merge, reason: 'Nhầm', laterStays: true }])
    expect(undone.data.batch.results[0]!.errors).toEqual([])
    expect((await historyOf(b.code)).nodes.map(({ version, changes }) => [version, changes])).toEqual([
      [3, null],
      [1, null],
    ])
    expect((await historyOf(a.code)).nodes.map(({ version }) => version)).toEqual([3, 2, 1])
  })

  test('the service itself cannot change, remove or empty what it kept', async () => {
    const client = new Client({ connectionString: database.urlOf('schools') })
    await client.connect()
    try {
      for (const text of [
        `update schools.former_version set version = version`,
        `delete from schools.former_version`,
        `truncate schools.former_version`,
      ])
        await expect(client.query(text)).rejects.toMatchObject({ code: '42501' })
      expect((await client.query(`select count(*)::int as rows from schools.former_version`)).rows).toEqual([{ rows: 0 }])
    } finally {
      await client.end()
    }
  })
})
