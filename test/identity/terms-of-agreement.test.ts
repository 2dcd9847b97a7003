// An agreement for some levels or school years opens their pupils and nobody else's: in the database, at every subgraph.
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SERVICES, type Service } from '../../platform/database/roles.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import * as kit from './rights-kit.ts'

interface Pupil {
  readonly id: string
  readonly code: string
  readonly classId: string
  readonly className: string
}

let database: TestDatabase
let identity: TestSubgraph
let schools: TestSubgraph
let gradebook: TestSubgraph
let communications: TestSubgraph
let act: ReturnType<typeof kit.actor>
let vnedu: Viewer
/** TH and THCS in one school. */
let mixed: Awaited<ReturnType<typeof kit.schoolOfPrincipal>>
let lower: Pupil
let primary: Pupil
let agreement: { id: string; terms: typeof kit.TERMS }

const TODAY = '2026-11-20'

async function pupilOf(level: string): Promise<Pupil> {
  // One with everything that could leak: a consenting guardian, messages and, in THCS, marks.
  const [row] = await database.sql<Pupil & Record<string, unknown>>(
    `select s.id, s.code, c.id as "classId", c.name as "className"
     from schools.student s join schools.class_room c on c.school_id = s.school_id and c.id = s.class_id
     where s.school_id = $1 and c.level = $2 and s.status = 'STUDYING'
       and exists (select 1 from schools.guardian g where g.school_id = s.school_id and g.student_id = s.id)
     order by (select count(*) from communications.message m where m.school_id = s.school_id and m.student_id = s.id) desc, s.id limit 1`,
    [mixed.id, level],
  )
  return row!
}

beforeAll(async () => {
  database = await freshDatabase()
  identity = await testSubgraph(database, 'identity')
  schools = await testSubgraph(database, 'schools')
  gradebook = await testSubgraph(database, 'gradebook')
  communications = await testSubgraph(database, 'communications')
  act = kit.actor(identity)
  // So that everything that could leak is asked for.
  const more = `(select array_agg(distinct scope) from unnest(scopes || '{guardian.contact.read,message.read}') scope)`
  const product = `(select id from identity.application where code = 'vnedu')`
  for (const table of ['identity.approval', 'identity.agreement', 'access.school_grant'])
    await database.sql(`update ${table} set scopes = ${more} where application_id = ${product}`)
  vnedu = await applicationViewer(database, 'vnedu')
  // Of the two levels in one school the sandbox has a school and no principal's account: one comes from elsewhere.
  await database.sql(
    `update access.membership m set school_id = s.school_id
     from identity.account a, schools.school s
     where a.id = m.account_id and a.email like 'hieu-truong@thcs-hac-thanh%' and s.levels = '{TH,THCS}'`,
  )
  mixed = await kit.schoolOfPrincipal(database, 'hieu-truong@thcs-hac-thanh')
  lower = await pupilOf('THCS')
  primary = await pupilOf('TH')
  await database.sql(
    `update schools.guardian set consented_applications = array[$1::uuid] where school_id = $2 and student_id = any ($3::uuid[])`,
    [vnedu.applicationId, mixed.id, [lower.id, primary.id]],
  )
  await database.sql(
    `insert into communications.message (school_id, id, student_id, application_id, category, channel, body, sent_at, delivery_state, consented_applications, updated_at)
     select $1, gen_random_uuid(), pupil, $2, 'NOTICE', 'SMS', 'Mời họp phụ huynh', $4, 'DELIVERED', array[$2::uuid], $4 from unnest($3::uuid[]) pupil`,
    [mixed.id, vnedu.applicationId, [lower.id, primary.id], '2026-11-19T08:00:00+07'],
  )
})
afterAll(async () => {
  await Promise.all([identity, schools, gradebook, communications].map((subgraph) => subgraph?.close()))
  await database?.drop()
})

beforeEach(async () => {
  await database.sql(`delete from access.school_grant where purpose = 'Y tế'`)
  await database.sql(`update identity.agreement set levels = '{}', school_years = '{}' where school_id = $1`, [mixed.id])
  const [row] = await database.sql<{ id: string } & typeof kit.TERMS>(
    `select id, purpose, scopes, valid_from::text as "validFrom", valid_to::text as "validTo" from identity.agreement
     where school_id = $1 and application_id = $2 and ended_at is null and $3::date between valid_from and valid_to`,
    [mixed.id, vnedu.applicationId, TODAY],
  )
  const { id, ...terms } = row!
  agreement = { id, terms: { ...terms, levels: [], schoolYears: [] } }
  await database.sql(`update access.school_grant set levels = '{}', school_years = '{}' where agreement_id = $1`, [id])
})

const narrow = (terms: Partial<typeof kit.TERMS>) =>
  act.done(mixed.principal, kit.AMEND, { id: agreement.id, terms: { ...agreement.terms, ...terms } })

const entities = async (subgraph: TestSubgraph, viewer: Viewer, selection: string, pupil: Pupil) => {
  const answer = await subgraph.ask<{ _entities: [Record<string, unknown> | null] }>(
    viewer,
    `query ($reps: [_Any!]!) { _entities(representations: $reps) { ... on Student { ${selection} } } }`,
    { reps: [{ __typename: 'Student', schoolId: mixed.id, id: pupil.id }] },
  )
  expect(answer.errors).toBeUndefined()
  return answer.data._entities[0]
}

/** What the vendor is shown of a pupil, by every way that leads there. */
async function shown(viewer: Viewer, pupil: Pupil) {
  const scores = 'scores(term: "HKI", schoolYear: "2026-2027") { value }'
  const [byCode, byClass] = await Promise.all([
    schools.ask(viewer, `query ($ref: StudentRef!) { student(ref: $ref) { id } }`, { ref: { code: pupil.code } }),
    schools.ask(viewer, `query ($ref: ClassRoomRef!) { classRoom(ref: $ref) { id students { id } } }`, {
      ref: { id: pupil.classId.toUpperCase() },
    }),
  ])
  return {
    byCode: codesOf(byCode),
    byClass: codesOf(byClass),
    roster: (await entities(schools, viewer, 'fullName', pupil)) !== null,
    guardians: (((await entities(schools, viewer, 'guardians { id }', pupil))?.guardians as unknown[]) ?? []).length > 0,
    enrolments: (((await entities(schools, viewer, 'enrolments { id }', pupil))?.enrolments as unknown[]) ?? []).length > 0,
    messages: (((await entities(communications, viewer, 'messages { id }', pupil))?.messages as unknown[]) ?? []).length > 0,
    scores: (((await entities(gradebook, viewer, scores, pupil))?.scores as unknown[]) ?? []).length,
  }
}

const NOTHING = {
  byCode: ['RECORD_NOT_ACCESSIBLE'],
  byClass: ['RECORD_NOT_ACCESSIBLE'],
  roster: false,
  guardians: false,
  enrolments: false,
  messages: false,
  scores: 0,
}

async function as<T>(service: Service, scope: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: database.urlOf(service) })
  await client.connect()
  try {
    await client.query('begin')
    await client.query(`select access.open_viewer($1, null, $2, null, $3)`, [vnedu.applicationId, scope, TODAY])
    return await work(client)
  } finally {
    await client.end()
  }
}

describe('an agreement for one level', () => {
  test('opens its pupils and none of the other level, by whatever way they are asked for', async () => {
    const whole = await shown(vnedu, primary)
    expect(whole).toMatchObject({ byCode: [], byClass: [], roster: true, guardians: true, messages: true })
    await narrow({ levels: ['THCS'] })
    expect(await shown(vnedu, primary)).toEqual(NOTHING)
    const kept = await shown(vnedu, lower)
    expect(kept).toMatchObject({ byCode: [], byClass: [], roster: true, guardians: true, enrolments: true, messages: true })
    expect(kept.scores).toBeGreaterThan(0)
  })

  test('lists its classes and pupils alone, while other schools stay whole and the principal sees everybody', async () => {
    await narrow({ levels: ['THCS'] })
    const LIST = `query ($ref: SchoolRef!) { school(ref: $ref) { levels classRooms { nodes { level } } students(first: 1000) { nodes { id } } } }`
    type List = { school: { classRooms: { nodes: { level: string }[] }; students: { nodes: { id: string }[] } } }
    const seen = async (viewer: Viewer) => (await schools.ask<List>(viewer, LIST, { ref: { id: mixed.id } })).data.school
    const [{ count }] = (await database.sql<{ count: number }>(
      `select count(*)::int as count from schools.student s join schools.class_room c on c.school_id = s.school_id and c.id = s.class_id
       where s.school_id = $1 and c.level = 'THCS'`,
      [mixed.id],
    )) as [{ count: number }]
    const cut = await seen(vnedu)
    expect(new Set(cut.classRooms.nodes.map(({ level }) => level))).toEqual(new Set(['THCS']))
    expect(cut.students.nodes).toHaveLength(count)
    const whole = await seen(mixed.principal)
    expect(new Set(whole.classRooms.nodes.map(({ level }) => level))).toEqual(new Set(['TH', 'THCS']))
    const countAll = `select school_id, count(*)::int as rows from schools.student where school_id <> $1 group by 1 order by 1`
    const others = await as('schools', 'student.basic.read', async (client) => (await client.query(countAll, [mixed.id])).rows)
    const real = await database.sql<{ school_id: string }>(countAll, [mixed.id])
    expect(others.length).toBeGreaterThan(1)
    expect(real).toEqual(expect.arrayContaining(others))
  })

  test('a query that forgets every condition is shown no row of the other level, as the subgraphs’ own roles', async () => {
    await narrow({ levels: ['THCS'] })
    const tables = {
      schools: ['class_room', 'student', 'enrolment', 'teaching_assignment', 'homeroom_assignment'],
      gradebook: ['gradebook', 'score', 'score_2026', 'score_other'],
    } as const
    const classes = (
      await database.sql<{ id: string }>(`select id from schools.class_room where school_id = $1 and level = 'THCS'`, [mixed.id])
    ).map(({ id }) => id)
    for (const [service, names] of Object.entries(tables))
      for (const table of names)
        await as(service as Service, 'gradebook.read', async (client) => {
          const column = table === 'class_room' ? 'id' : 'class_id'
          const { rows } = await client.query<{ id: string }>(
            `select distinct ${column} as id from ${service}.${table} where school_id = $1`,
            [mixed.id],
          )
          expect(rows.filter(({ id }) => !classes.includes(id))).toEqual([])
        })
  })

  test('takes no marks for a class of the other level: the class is not there', async () => {
    await narrow({ levels: ['TH'] })
    const RECORD = `mutation ($input: RecordScoresInput!) { recordScores(input: $input) { summary { rejected } } }`
    const input = {
      school: { id: mixed.id },
      classRoom: { id: lower.classId },
      subject: 'TOAN',
      schoolYear: '2026-2027',
      term: 'HKI',
      scores: [{ student: { id: lower.id }, kind: 'REGULAR', ordinal: 1, value: 8, enteredBy: { code: 'X' } }],
    }
    expect(codesOf(await gradebook.ask(vnedu, RECORD, { input }))).toEqual(['RECORD_NOT_ACCESSIBLE'])
  })

  test('is cut the same when the application acts for the principal, who sees both', async () => {
    await narrow({ levels: ['THCS'] })
    const { accountId, role } = mixed.principal
    const together = await applicationViewer(database, 'vnedu', { accountId, role })
    expect(await shown(together, primary)).toEqual(NOTHING)
    expect(await entities(schools, mixed.principal, 'fullName', primary)).not.toBeNull()
  })

  test('is widened again by the vendor’s amendment, with the principal’s signature and not before', async () => {
    await narrow({ levels: ['THCS'] })
    const proposal = await act.done(vnedu, kit.AMEND, { id: agreement.id, terms: agreement.terms })
    expect(await shown(vnedu, primary)).toEqual(NOTHING)
    await act.done(mixed.principal, kit.SIGN, { id: proposal.id })
    expect((await shown(vnedu, primary)).roster).toBe(true)
  })

  test('does not cut what a second agreement opens whole', async () => {
    await narrow({ levels: ['THCS'] })
    await database.sql(
      `insert into access.school_grant (agreement_id, application_id, school_id, scopes, agreement_version, purpose, valid_from, valid_to)
       values (gen_random_uuid(), $1, $2, '{student.basic.read}', 1, 'Y tế', '2026-11-01', '2027-05-31')`,
      [vnedu.applicationId, mixed.id],
    )
    expect(await shown(vnedu, primary)).toMatchObject({ byCode: [], roster: true, guardians: false, messages: false, scores: 0 })
  })
})

test('a consent is taken back for a pupil outside the terms, and whoever never consented is not there', async () => {
  const WITHDRAW = `mutation ($input: WithdrawConsentsInput!) { withdrawConsents(input: $input) { results { status errors { code } } } }`
  const [guardian] = await database.sql<{ id: string }>(
    `select id from schools.guardian where school_id = $1 and student_id = $2 limit 1`,
    [mixed.id, primary.id],
  )
  await database.sql(
    `insert into identity.consent (school_id, id, student_id, given_by, giver_id, application_id, purpose, status, evidence_kind, evidence_reference, given_at, recorded_at, updated_at)
     values ($1, gen_random_uuid(), $2, 'GUARDIAN', $3, $4, 'VENDOR_EXTRA', 'GIVEN', 'SIGNED_FORM', 'PH-1', '2026-09-10', '2026-09-10', '2026-09-10')`,
    [mixed.id, primary.id, guardian!.id, vnedu.applicationId],
  )
  await database.sql(
    `update access.school_grant set scopes = scopes || '{consent.write}', levels = '{THCS}' where agreement_id = $1`,
    [agreement.id],
  )
  const writer = { ...vnedu, scopes: [...vnedu.scopes, 'consent.write' as const] }
  const [stranger] = await database.sql<{ id: string; guardian: string }>(
    `select s.id, g.id as guardian from schools.student s join schools.guardian g on g.school_id = s.school_id and g.student_id = s.id
     join schools.class_room c on c.school_id = s.school_id and c.id = s.class_id
     where s.school_id = $1 and c.level = 'TH' and s.id <> $2
       and not exists (select 1 from identity.consent k where k.school_id = s.school_id and k.student_id = s.id and k.application_id = $3) limit 1`,
    [mixed.id, primary.id, vnedu.applicationId],
  )
  const of = (student: string, guardianId: string) => ({
    student: { id: student },
    givenBy: 'GUARDIAN',
    guardianId,
    purpose: 'VENDOR_EXTRA',
  })
  const input = {
    school: { id: mixed.id },
    withdrawals: [of(primary.id, guardian!.id), of(stranger!.id, stranger!.guardian), of(vnedu.applicationId!, guardian!.id)],
  }
  const { data, errors } = await identity.ask<{ withdrawConsents: { results: object[] } }>(writer, WITHDRAW, { input })
  expect(errors).toBeUndefined()
  expect(data.withdrawConsents.results).toEqual([
    { status: 'UPDATED', errors: [] },
    { status: 'REJECTED', errors: [{ code: 'STUDENT_NOT_FOUND' }] },
    { status: 'REJECTED', errors: [{ code: 'STUDENT_NOT_FOUND' }] },
  ])
  expect((await entities(schools, vnedu, 'fullName', primary)) === null).toBe(true)
})

describe('an agreement for a school year', () => {
  test('opens the classes of that year, and in another year nobody', async () => {
    await narrow({ schoolYears: ['2026-2027'] })
    expect(await shown(vnedu, lower)).toMatchObject({ byCode: [], roster: true, messages: true })
    await narrow({ schoolYears: ['2026-2027'], levels: ['TH'] })
    expect(await shown(vnedu, lower)).toEqual(NOTHING)
    await database.sql(`update access.school_grant set levels = '{}', school_years = '{2025-2026}' where agreement_id = $1`, [
      agreement.id,
    ])
    expect([await shown(vnedu, lower), await shown(vnedu, primary)]).toEqual([NOTHING, NOTHING])
  })
})

test('the difference counts the pupils of the level before it is saved, and tells the vendor no number it may not see', async () => {
  const DIFFERENCE = `query ($change: AgreementChangeInput!) { agreementDifference(change: $change) { pupilsGained pupilsLost schoolsLost { id } } }`
  const of = async (viewer: Viewer, terms: object) =>
    (
      await identity.ask<{ agreementDifference: object }>(viewer, DIFFERENCE, {
        change: { agreementId: agreement.id, terms: { ...agreement.terms, ...terms } },
      })
    ).data.agreementDifference
  const [{ count }] = (await database.sql<{ count: number }>(
    `select count(*)::int as count from schools.student s join schools.class_room c on c.school_id = s.school_id and c.id = s.class_id
     where s.school_id = $1 and c.level = 'TH' and s.status = 'STUDYING'`,
    [mixed.id],
  )) as [{ count: number }]
  const lost = { pupilsGained: 0, pupilsLost: count, schoolsLost: [] }
  expect(await of(mixed.principal, { levels: ['THCS'] })).toEqual(lost)
  expect(await of(vnedu, { levels: ['THCS'] })).toEqual(lost)
  await narrow({ levels: ['THCS'] })
  expect(await of(mixed.principal, {})).toEqual({ pupilsGained: count, pupilsLost: 0, schoolsLost: [] })
  expect(await of(vnedu, {})).toEqual({ pupilsGained: null, pupilsLost: null, schoolsLost: [] })
})

test('no service opens a school past the terms: the part that knows of none is lent to nobody', async () => {
  for (const service of SERVICES) {
    const client = new Client({ connectionString: database.urlOf(service) })
    await client.connect()
    try {
      await expect(
        client.query(`select access.open_schools(null, null, 'school.read', null, '2026-11-20')`),
      ).rejects.toMatchObject({
        code: '42501',
      })
    } finally {
      await client.end()
    }
  }
})
