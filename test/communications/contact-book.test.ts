// The contact book: messages by consent, subscriptions and plans by vendor, supervision by officers.
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'

interface Pupil {
  schoolId: string
  id: string
}
interface Message {
  id: string
  category: string
  channel: string
  body: string
  parts: number | null
  sentAt: string
  application: { id: string }
}
interface Entity {
  messages: Message[]
  subscription: { plan: { name: string } } | null
}

let database: TestDatabase
let communications: TestSubgraph
let enetviet: Viewer
let smas: Viewer
let officer: Viewer
/** Pupils of one school whose parents hear of marks and absences. */
let pupils: Pupil[]

beforeAll(async () => {
  database = await freshDatabase()
  communications = await testSubgraph(database, 'communications')
  enetviet = await applicationViewer(database, 'enetviet')
  smas = await applicationViewer(database, 'smas')
  officer = await personViewer(database, 'can-bo-so')
  pupils = await database.sql<Pupil & Record<string, unknown>>(
    `select m.school_id as "schoolId", m.student_id as id
     from communications.message m
     where m.school_id = (select g.school_id from access.school_grant g where g.application_id = $1
                            and exists (select 1 from access.school_grant e where e.school_id = g.school_id and e.application_id = $2)
                            and exists (select 1 from communications.message x where x.school_id = g.school_id and x.category = 'SCORE')
                          order by g.school_id limit 1)
     group by m.school_id, m.student_id
     having count(*) >= 2
     order by m.student_id
     limit 40`,
    [smas.applicationId, enetviet.applicationId],
  )
})
afterAll(async () => {
  await communications?.close()
  await database?.drop()
})

const STUDENTS = `query ($reps: [_Any!]!, $first: Int = 10, $category: MessageCategory) {
  _entities(representations: $reps) {
    ... on Student {
      messages(first: $first, category: $category) { id category channel body parts sentAt application { id } }
      subscription { plan { name } }
    }
  }
}`
const repsOf = (some: readonly Pupil[]) => some.map(({ schoolId, id }) => ({ __typename: 'Student', schoolId, id }))
const ask = (viewer: Viewer, some: readonly Pupil[], variables = {}) =>
  communications.ask<{ _entities: Entity[] }>(viewer, STUDENTS, { reps: repsOf(some), ...variables })
const storedOf = ({ schoolId, id }: Pupil) =>
  database.sql<{ id: string }>(
    `select id from communications.message where school_id = $1 and student_id = $2 order by sent_at desc, id desc`,
    [schoolId, id],
  )

describe('messages', () => {
  test('of a whole class come pupil by pupil, newest first, at most as many as asked', async () => {
    const { data } = await ask(enetviet, pupils, { first: 2 })
    expect(pupils.length).toBe(40)
    for (const [index, pupil] of pupils.entries()) {
      const stored = await storedOf(pupil)
      expect(data._entities[index]!.messages.map(({ id }) => id)).toEqual(stored.slice(0, 2).map(({ id }) => id))
    }
  })

  test('can be asked for by category, and two selections of one pupil do not mix', async () => {
    const { data } = await communications.ask<{ _entities: { scores: Message[]; newest: Message[] }[] }>(
      enetviet,
      `query ($reps: [_Any!]!) { _entities(representations: $reps) { ... on Student {
        scores: messages(category: SCORE) { id category channel body parts sentAt application { id } }
        newest: messages(first: 1) { id category channel body parts sentAt application { id } }
      } } }`,
      { reps: repsOf(pupils.slice(0, 5)) },
    )
    for (const { scores, newest } of data._entities) {
      expect(new Set(scores.map(({ category }) => category))).toEqual(new Set(['SCORE']))
      expect(newest.length).toBe(1)
    }
  })

  test('tell their parts on SMS alone, and Vietnamese text makes them UCS-2', async () => {
    const { data } = await ask(enetviet, pupils)
    const messages = data._entities.flatMap((entity) => entity.messages)
    const sms = messages.filter(({ channel }) => channel === 'SMS')
    expect(sms.length).toBeGreaterThan(0)
    for (const { body, parts } of sms) expect(parts).toBe(body.length <= 70 ? 1 : Math.ceil(body.length / 67))
    expect(messages.filter(({ channel }) => channel === 'OTT').every(({ parts }) => parts === null)).toBe(true)
  })

  test('are closed to an application that the parents did not consent to, at a school it serves', async () => {
    const { data } = await ask(smas, pupils)
    expect(data._entities.flatMap((entity) => entity.messages)).toEqual([])
  })

  test('are lost to the application at once when consent is withdrawn, and supervision still sees them', async () => {
    const [pupil] = pupils as [Pupil]
    const before = await storedOf(pupil)
    await database.sql(
      `update communications.message set consented_applications = '{}' where school_id = $1 and student_id = $2`,
      [pupil.schoolId, pupil.id],
    )
    expect((await ask(enetviet, [pupil])).data._entities[0]!.messages).toEqual([])
    expect((await ask(officer, [pupil])).data._entities[0]!.messages.length).toBe(before.length)
    await database.sql(`update communications.message set consented_applications = $3 where school_id = $1 and student_id = $2`, [
      pupil.schoolId,
      pupil.id,
      [enetviet.applicationId],
    ])
  })

  test('of a pupil at a school without an agreement are not found, whatever the reference says', async () => {
    const [foreign] = await database.sql<{ schoolId: string; id: string }>(
      `select school_id as "schoolId", id from schools.student s
       where not exists (select 1 from access.school_grant g where g.school_id = s.school_id and g.application_id = $1) limit 1`,
      [enetviet.applicationId],
    )
    const [pupil] = pupils as [Pupil]
    const { data, errors } = await ask(enetviet, [foreign!, { schoolId: foreign!.schoolId, id: pupil.id }])
    expect(errors).toBeUndefined()
    expect(data._entities.map((entity) => [entity.messages, entity.subscription])).toEqual([
      [[], null],
      [[], null],
    ])
  })

  test('are counted for the audit: every pupil whose messages were read, no other', async () => {
    const result = await communications.runtime.subgraph.execute(
      { query: STUDENTS, variables: { reps: repsOf(pupils.slice(0, 3)) } },
      enetviet,
    )
    expect(result.extensions?.touched).toEqual({
      schools: [pupils[0]!.schoolId],
      students: expect.arrayContaining(pupils.slice(0, 3).map(({ id }) => id)),
    })
    expect((result.extensions as { touched: { students: string[] } }).touched.students.length).toBe(3)
  })

  test('more than a hundred a pupil, or none, are refused', async () => {
    expect(codesOf(await ask(enetviet, pupils.slice(0, 1), { first: 101 }))).toEqual(['LIST_TOO_LONG'])
    expect(codesOf(await ask(enetviet, pupils.slice(0, 1), { first: 0 }))).toEqual(['LIST_TOO_LONG'])
  })

  test('need a scope: reading one’s own, or supervising', async () => {
    expect(codesOf(await ask({ ...enetviet, scopes: ['school.read', 'student.basic.read'] }, pupils.slice(0, 1)))).toEqual([
      'SCOPE_MISSING',
    ])
  })

  test('stay closed to a query that forgets everything, as the subgraph’s own role', async () => {
    const client = new pg.Client({ connectionString: database.urlOf('communications') })
    await client.connect()
    const { rows } = await client.query('select * from communications.message')
    await client.end()
    expect(rows).toEqual([])
  })
})

describe('subscriptions and plans', () => {
  const SCHOOL = `query ($reps: [_Any!]!) { _entities(representations: $reps) { ... on School { contactBookPlans { name feePerMonth application { id } } brandnames { name status } } } }`
  type Schools = {
    _entities: {
      contactBookPlans: { name: string; feePerMonth: number; application: { id: string } }[]
      brandnames: { name: string; status: string }[]
    }[]
  }
  const school = (viewer: Viewer) =>
    communications.ask<Schools>(viewer, SCHOOL, { reps: [{ __typename: 'School', id: pupils[0]!.schoolId }] })

  test('an application sees the subscriptions and plans of its own, and a rival at the same school none', async () => {
    expect(
      (await ask(enetviet, pupils)).data._entities.every(
        ({ subscription }) => subscription?.plan.name === 'Sổ liên lạc điện tử eNetViet',
      ),
    ).toBe(true)
    expect((await ask(smas, pupils)).data._entities.every(({ subscription }) => subscription === null)).toBe(true)
    expect((await school(enetviet)).data._entities[0]!.contactBookPlans).toMatchObject([
      { application: { id: enetviet.applicationId } },
    ])
    expect((await school(smas)).data._entities[0]!.contactBookPlans).toEqual([])
  })

  test('an officer sees plans, brandnames and subscriptions of a school below the authority', async () => {
    const [entity] = (await school(officer)).data._entities
    expect(entity!.contactBookPlans[0]!.feePerMonth).toBeLessThanOrEqual(25_000)
    expect(entity!.brandnames.map(({ status }) => status)).toEqual(['APPROVED'])
    expect((await ask(officer, pupils.slice(0, 1))).data._entities[0]!.subscription).not.toBeNull()
  })

  test('a subscription that ended is no longer in force', async () => {
    const [, pupil] = pupils as [Pupil, Pupil]
    await database.sql(`update communications.subscription set until = '2026-11-19' where school_id = $1 and student_id = $2`, [
      pupil.schoolId,
      pupil.id,
    ])
    expect((await ask(enetviet, [pupil])).data._entities[0]!.subscription).toBeNull()
  })
})
