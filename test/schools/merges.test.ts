// Two records of one pupil become one and can become two again, with everything that hangs on them in every subgraph.
import { randomInt, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { uuidv7 } from '../../subgraphs/kernel/uuid.ts'
import { SUBGRAPH_NAMES } from '../../subgraphs/kernel/subgraphs.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { personViewer } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { freshCode, keeper, send, statusesIn, YEAR, type Sent } from './roster-kit.ts'

let database: TestDatabase
let schools: TestSubgraph
let smas: Viewer
let school: { id: string }
let rooms: { id: string; name: string }[]
let book: { id: string; class_id: string; subject_code: string; term_id: string; staff_id: string }

beforeAll(async () => {
  database = await freshDatabase()
  schools = await testSubgraph(database, 'schools')
  smas = await keeper(database, 'smas', 'school.write', 'student.sensitive.read', 'student.sensitive.write')
  const [row] = await database.sql<{ id: string }>(
    `select c.school_id as id from schools.class_room c
     join schools.school_year y on y.id = c.school_year_id
     join access.school_grant g on g.school_id = c.school_id and g.application_id = $1
     where c.grade = 1 and y.code = $2 group by c.school_id having count(*) > 1 order by 1 limit 1`,
    [smas.applicationId, YEAR],
  )
  school = { id: row!.id }
  rooms = await database.sql(
    `select c.id, c.name from schools.class_room c join schools.school_year y on y.id = c.school_year_id
     where c.school_id = $1 and c.grade = 1 and y.code = $2 order by c.name limit 2`,
    [school.id, YEAR],
  )
  const [at] = await database.sql<Omit<typeof book, 'id'>>(
    `select c.id as class_id, u.code as subject_code, t.id as term_id, s.id as staff_id
     from schools.class_room c
     join schools.term t on t.school_year_id = c.school_year_id and t.level = c.level and t.code = 'HKI'
     join schools.subject u on u.code = 'TOAN'
     join schools.staff s on s.school_id = c.school_id
     where c.school_id = $1 and c.id = $2 limit 1`,
    [school.id, rooms[0]!.id],
  )
  book = { ...at!, id: randomUUID() }
  await database.sql(
    `insert into gradebook.gradebook (school_id, id, class_id, subject_code, term_id, state, ordinary_deadline, final_deadline, version, updated_at)
     values ($1, $2, $3, $4, $5, 'OPEN', '2027-01-31', '2027-01-31', 1, now())`,
    [school.id, book.id, book.class_id, book.subject_code, book.term_id],
  )
})
afterAll(async () => {
  await schools?.close()
  await database?.drop()
})

let serial = 0
const nameOf = (n: number): string => [...String(n)].map((digit) => 'ABCDEGHIKL'[Number(digit)]).join('')
/** A new first-grader; without a code a temporary one is issued. */
async function admit(change: Sent = {}): Promise<{ id: string; code: string; externalId: string }> {
  serial += 1
  const externalId = `g-${serial}`
  const sent = {
    fullName: `Lý ${nameOf(serial)} Quyzz${nameOf(serial)}`,
    sex: 'FEMALE',
    birthDate: '2020-02-11',
    externalId,
    ...change,
  }
  const batch = await send(schools, smas, 'upsertStudents', { school, schoolYear: YEAR, students: [sent] })
  const [{ status, entity, errors }] = batch.results as [(typeof batch.results)[0]]
  if (status !== 'CREATED') throw new Error(JSON.stringify(errors))
  return { id: entity!.id, code: String(entity!.code), externalId }
}
const inClass = (index = 0) => ({ classRoom: { name: rooms[index]!.name }, admittedOn: '2026-09-05' })

type Told = { status: string; code: string | null; id: string | null }
async function act(name: 'mergeStudents' | 'undoMerge', merges: Sent[], viewer = smas, more: Sent = {}): Promise<Told[]> {
  const type = name === 'mergeStudents' ? 'MergeStudentsInput' : 'UndoMergeInput'
  const answer = await schools.ask<{
    batch: { results: { status: string; entity: { id: string } | null; errors: { code: string }[] }[] }
  }>(
    viewer,
    `mutation ($input: ${type}!) { batch: ${name}(input: $input) { results { status entity { id state kept { id code } } errors { code messageVi } } } }`,
    { input: { school, merges, ...more } },
  )
  if (answer.errors) return codesOf(answer).map((code) => ({ status: 'REFUSED', code: String(code), id: null }))
  return answer.data.batch.results.map(({ status, entity, errors: [first] }) => ({
    status,
    code: first?.code ?? null,
    id: entity?.id ?? null,
  }))
}
const merge = async (keep: { id: string }, other: { id: string }, viewer = smas): Promise<Told> =>
  (await act('mergeStudents', [{ keep: { id: keep.id }, merge: { id: other.id }, reason: 'Cùng một học sinh' }], viewer))[0]!
const undo = async (id: string | null, more: Sent = {}, viewer = smas): Promise<Told> =>
  (await act('undoMerge', [{ merge: id, reason: 'Hai em khác nhau', ...more }], viewer))[0]!

async function find(ref: Sent): Promise<Sent | string> {
  const answer = await schools.ask<{ student: Sent }>(
    smas,
    `query ($ref: StudentRef!) { student(ref: $ref) { id code classRoom { name } enrolments { leftOn } profile { address } } }`,
    { ref },
  )
  return answer.errors ? String(codesOf(answer)[0]) : answer.data.student
}

async function mark(studentId: string, ordinal: number, value = 80): Promise<void> {
  await database.sql(
    `insert into gradebook.score (school_id, school_year, id, gradebook_id, class_id, student_id, subject_code, term_id, kind, ordinal, value_tenths,
       entered_by_staff_id, received_at, updated_at)
     values ($1, 2026, $2, $3, $4, $5, $6, $7, 'REGULAR', $8, $9, $10, now(), now())`,
    [
      school.id,
      uuidv7(new Date()),
      book.id,
      book.class_id,
      studentId,
      book.subject_code,
      book.term_id,
      ordinal,
      value,
      book.staff_id,
    ],
  )
}
async function message(studentId: string): Promise<void> {
  await database.sql(
    `insert into communications.message (school_id, id, student_id, application_id, category, channel, body, sent_at, delivery_state, updated_at)
     values ($1, $2, $3, $4, 'NOTICE', 'OTT', 'Mời họp phụ huynh', now(), 'SENT', now())`,
    [school.id, uuidv7(new Date()), studentId, smas.applicationId],
  )
}
async function guardian(studentId: string): Promise<void> {
  const id = uuidv7(new Date())
  await database.sql(
    `insert into schools.guardian (school_id, id, student_id, full_name, relation, phone, updated_at) values ($1, $2, $3, 'Lý Văn Cha', 'FATHER', '0900000000', now())`,
    [school.id, id, studentId],
  )
  for (const [by, giver] of [
    ['GUARDIAN', id],
    ['STUDENT', studentId],
  ])
    await database.sql(
      `insert into identity.consent (school_id, id, student_id, given_by, giver_id, application_id, purpose, status, evidence_kind, evidence_reference,
         given_at, recorded_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, 'CONTACT_BOOK', 'GIVEN', 'SIGNED_FORM', 'Phiếu số 1', '2026-09-10', now(), now())`,
      [school.id, randomUUID(), studentId, by, giver, smas.applicationId],
    )
}

/** Everything of the school that names a pupil, and the pupils themselves without the marks of having been touched. */
async function state(): Promise<unknown> {
  const rows = async (text: string) => (await database.sql(text, [school.id])).map((row) => JSON.stringify(row))
  return {
    students: await rows(
      `select to_jsonb(s) - 'version' - 'updated_at' - 'application_id' as s from schools.student s where s.school_id = $1 order by s.id`,
    ),
    enrolments: await rows(`select id, student_id, left_on, status from schools.enrolment where school_id = $1 order by id`),
    guardians: await rows(`select id, student_id from schools.guardian where school_id = $1 order by id`),
    own: await rows(`select external_id, entity_id from schools.external_reference where school_id = $1 order by 1, 2`),
    aliases: await rows(
      `select student_id, former_id, former_code from schools.student_alias where school_id = $1 order by former_code`,
    ),
    marks: await rows(`select id, student_id, value_tenths from gradebook.score where school_id = $1 order by id`),
    messages: await rows(`select id, student_id from communications.message where school_id = $1 order by id`),
    subscriptions: await rows(`select id, student_id from communications.subscription where school_id = $1 order by id`),
    consents: await rows(`select id, student_id, giver_id from identity.consent where school_id = $1 order by id`),
  }
}

type Pair = readonly { id: string }[]
interface Mirrored {
  /** By kind of record, the last word of the feed about each row of these pupils: gone, or its version. */
  readonly told: Record<string, Record<string, string>>
  readonly stored: Record<string, Record<string, string>>
  /** Whose each row is. */
  readonly places: Record<string, string>
}
const FED: readonly [table: string, entity: string, schema: string][] = [
  ['schools.enrolment', 'Enrolment', 'schools'],
  ['schools.guardian', 'Guardian', 'schools'],
  ['gradebook.score', 'Score', 'gradebook'],
  ['communications.message', 'Message', 'communications'],
  ['identity.consent', 'Consent', 'identity'],
]
/** What a product that keeps a copy by the feed has of the rows of these pupils, beside what is stored; rows that never were told are left out. */
async function mirrored(pair: Pair): Promise<Mirrored> {
  const ids = pair.map(({ id }) => id)
  const [told, stored, places]: [Mirrored['told'], Mirrored['stored'], Mirrored['places']] = [{}, {}, {}]
  for (const [table, entity, schema] of FED) {
    const rows = await database.sql<{ id: string; student: string; version: number; gone: boolean }>(
      `select r.id, r.student_id as student, r.version, s.merged_into is not null as gone from ${table} r
       join schools.student s on s.school_id = r.school_id and s.id = r.student_id where r.student_id = any ($1) order by r.id`,
      [ids],
    )
    const last = await database.sql<{ id: string; version: number; event: string }>(
      `select distinct on (entity_id) entity_id as id, version, event from ${schema}.outbox
       where entity = $1 and entity_id = any ($2) order by entity_id, outbox.id desc`,
      [entity, rows.map(({ id }) => id)],
    )
    told[entity] = Object.fromEntries(last.map(({ id, version, event }) => [id, event === 'CANCEL' ? 'gone' : String(version)]))
    stored[entity] = Object.fromEntries(
      rows.flatMap(({ id, version, gone }) => (told[entity]![id] ? [[id, gone ? 'gone' : String(version)]] : [])),
    )
    for (const { id, student } of rows) places[id] = student
  }
  return { told, stored, places }
}

describe('a merge', () => {
  test('of a temporary record into that of the Ministry’s code takes along all that hangs on it, and the former names answer', async () => {
    const temporary = await admit({ ...inClass(), address: 'Số 3, phố Cũ' })
    const real = await admit({ code: freshCode() })
    await mark(temporary.id, 11)
    await message(temporary.id)
    await guardian(temporary.id)
    expect(await merge(real, temporary)).toMatchObject({ status: 'CREATED', code: null })
    const kept = {
      id: real.id,
      code: real.code,
      classRoom: { name: rooms[0]!.name },
      enrolments: [{ leftOn: null }],
      profile: { address: 'Số 3, phố Cũ' },
    }
    for (const ref of [
      { id: real.id },
      { code: real.code },
      { id: temporary.id },
      { code: temporary.code },
      { externalId: temporary.externalId },
    ])
      expect(await find(ref)).toEqual(kept)
    for (const table of [
      'gradebook.score',
      'communications.message',
      'schools.guardian',
      'schools.enrolment',
      'identity.consent',
    ])
      expect([table, await database.sql(`select 1 from ${table} where student_id = $1 limit 1`, [temporary.id])]).toEqual([
        table,
        [],
      ])
    expect(await merge(real, temporary)).toMatchObject({ status: 'UNCHANGED' })
    // A list that still has the old names writes the record that lives.
    const resent = { externalId: temporary.externalId, fullName: 'Lý Tên Mới', sex: 'FEMALE', birthDate: '2020-02-11' }
    const batch = await send(schools, smas, 'upsertStudents', { school, schoolYear: YEAR, students: [resent] })
    expect(batch.results[0]).toMatchObject({ status: 'UPDATED', entity: { id: real.id, code: real.code } })
  })

  test('keeps the Ministry’s code whichever record lives, and gives it back', async () => {
    const temporary = await admit(inClass())
    const real = await admit({ code: freshCode() })
    const before = await state()
    const { id } = await merge(temporary, real)
    expect(await find({ code: real.code })).toMatchObject({ id: temporary.id, code: real.code })
    expect(await find({ code: temporary.code })).toMatchObject({ id: temporary.id, code: real.code })
    expect(await undo(id)).toMatchObject({ status: 'UPDATED' })
    expect(await state()).toEqual(before)
    expect(await find({ code: real.code })).toMatchObject({ id: real.id })
    expect(await find({ code: temporary.code })).toMatchObject({ id: temporary.id })
  })

  test('leaves history, feed with a tombstone, audit, and closes the match on the list', async () => {
    const fullName = 'Lý Nghi Trùng'
    const first = await admit({ ...inClass(), fullName })
    const second = await admit({ ...inClass(), fullName })
    const { id } = await merge(first, second)
    const events = await database.sql<{ line: string }>(
      `select entity || ' ' || event as line from schools.outbox where entity_id in ($1, $2, $3) and event <> 'NEW'
         or entity = 'StudentMerge' and entity_id = $3 order by outbox.id`,
      [first.id, second.id, id],
    )
    expect(events.map(({ line }) => line)).toEqual(['Student CANCEL', 'Student UPDATE', 'StudentMerge NEW'])
    const former = await database.sql(
      `select entity_id from schools.former_version where entity = 'Student' and entity_id in ($1, $2)`,
      [first.id, second.id],
    )
    expect(former).toHaveLength(2)
    const audits = await database.sql(
      `select 1 from access.audit_event where 'StudentMerge.kept' = any (fields) and student_ids @> array[$1::uuid, $2::uuid]`,
      [first.id, second.id],
    )
    expect(audits).toHaveLength(1)
    const matched = () =>
      database.sql(`select state from schools.identity_match where landed_id = $1 and candidate_id = $2`, [second.id, first.id])
    expect(await matched()).toEqual([{ state: 'MERGED' }])
    await undo(id)
    expect(await matched()).toEqual([{ state: 'OPEN' }])
  })

  test('raises every row that follows and tells it in the feed, so that a mirror names the pupil who lives; the undoing does so again', async () => {
    const temporary = await admit(inClass())
    const real = await admit({ code: freshCode() })
    await mark(temporary.id, 15)
    await message(temporary.id)
    await guardian(temporary.id)
    // The same mark stands with both: it stays with the record that goes, and is nobody's.
    await mark(temporary.id, 16)
    await mark(real.id, 16)
    const before = await mirrored([temporary, real])
    const { id } = await merge(real, temporary)
    const merged = await mirrored([temporary, real])
    expect(merged.told).toEqual(merged.stored)
    // All that moved is told, and the mark that stayed is gone from the feed.
    expect(Object.entries(merged.told).map(([entity, rows]) => [entity, Object.values(rows).toSorted()])).toEqual([
      ['Enrolment', ['2']],
      ['Guardian', ['2']],
      ['Score', ['2', 'gone']],
      ['Message', ['2']],
      ['Consent', ['2', '2']],
    ])
    const keys = await database.sql<{ key: string }>(
      `select o.natural_key as key from gradebook.outbox o join gradebook.score s on s.id = o.entity_id and s.version = o.version
       where s.student_id = $1 and s.ordinal = 15`,
      [real.id],
    )
    expect(keys).toEqual([{ key: `${real.code}/2026-2027/HKI/TOAN/REGULAR/15` }])
    const [enrolment] = await database.sql<{ id: string; version: number; former: string }>(
      `select e.id, e.version, f.record ->> 'student_id' as former from schools.enrolment e
       join schools.former_version f on f.entity = 'Enrolment' and f.entity_id = e.id and f.version = e.version - 1
       where e.student_id = $1`,
      [real.id],
    )
    expect(enrolment).toMatchObject({ version: 2, former: temporary.id })
    await undo(id)
    const undone = await mirrored([temporary, real])
    expect(undone.told).toEqual(undone.stored)
    expect(undone.places).toEqual(before.places)
    expect(await database.sql(`select version from schools.enrolment where id = $1`, [enrolment!.id])).toEqual([{ version: 3 }])
    // Whoever reads the feed in its order has the pupil again before anything that is the pupil's.
    const order = await database.sql<{ entity: string }>(
      `select entity from schools.outbox where transaction = (select transaction from schools.outbox where entity = 'StudentMerge' and entity_id = $1
         order by schools.outbox.id desc limit 1) order by schools.outbox.id`,
      [id],
    )
    expect(order.map(({ entity }) => entity).slice(0, 2)).toEqual(['Student', 'Student'])
    expect(order.map(({ entity }) => entity)).toContain('Enrolment')
  })

  test('leaves nothing untold: every table of pupils that has versions is in the feed of its subgraph', async () => {
    const tables = await database.sql<{ schema: string; table: string }>(
      `select n.nspname as schema, c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attname = 'student_id' join pg_attribute v on v.attrelid = c.oid and v.attname = 'version'
       where n.nspname = any ($1) and c.relkind in ('r', 'p') and not c.relispartition order by 1, 2`,
      [SUBGRAPH_NAMES],
    )
    expect(tables.length).toBeGreaterThan(6)
    const untold: string[] = []
    for (const { schema, table } of tables) {
      const [{ source } = { source: '' }] = await database.sql<{ source: string }>(
        `select prosrc as source from pg_proc where proname = $1`,
        [`move_pupil_in_${schema}`],
      )
      if (!source.includes(`"${table}":{"entity":`)) untold.push(`${schema}.${table}`)
    }
    expect(untold).toEqual([])
  })

  test('of two persons, of two classes, of marks that differ is refused and writes nothing', async () => {
    const number = (n: string) => ({ sensitive: { personalNumber: `03832000${n}` } })
    const [a, b] = [await admit({ ...inClass(), ...number('0001') }), await admit({ ...inClass(), ...number('0002') })]
    const [c, d] = [await admit(inClass(0)), await admit(inClass(1))]
    const [e, f] = [await admit(inClass()), await admit(inClass())]
    await mark(e.id, 12, 70)
    await mark(f.id, 12, 90)
    const before = await state()
    expect(await merge(a, b)).toMatchObject({ code: 'MERGE_TWO_PERSONS' })
    expect(await merge(c, d)).toMatchObject({ code: 'MERGE_TWO_CLASSES' })
    expect(await merge(e, f)).toMatchObject({ code: 'MERGE_MARKS_DIFFER' })
    expect(await merge(a, { id: randomUUID() })).toMatchObject({ code: 'STUDENT_NOT_FOUND' })
    const pair = { keep: { id: a.id }, merge: { id: c.id } }
    expect((await act('mergeStudents', [{ ...pair, reason: '' }]))[0]).toMatchObject({ code: 'REASON_REQUIRED' })
    const twice = [
      { ...pair, reason: 'Một'.repeat(2) },
      { keep: { id: a.id }, merge: { id: d.id }, reason: 'Cùng em' },
    ]
    expect((await act('mergeStudents', twice)).map(({ code }) => code)).toEqual(['DUPLICATE_IN_BATCH', 'DUPLICATE_IN_BATCH'])
    const atomic = await act(
      'mergeStudents',
      [
        { keep: { id: c.id }, merge: { id: e.id }, reason: 'Cùng em' },
        { keep: { id: a.id }, merge: { id: b.id }, reason: 'Cùng em' },
      ],
      smas,
      { mode: 'ATOMIC' },
    )
    expect(atomic.map(({ code }) => code)).toEqual(['BATCH_REJECTED', 'MERGE_TWO_PERSONS'])
    expect(await state()).toEqual(before)
  })

  test('is the roster’s product’s or the principal’s, with the scope; of no other school', async () => {
    const [a, b] = [await admit(inClass()), await admit(inClass())]
    const enetviet = await keeper(database, 'enetviet', 'student.basic.write')
    await database.sql(
      `insert into access.school_grant (agreement_id, application_id, school_id, scopes, agreement_version, purpose, valid_from, valid_to)
       select $3, $1, $2, '{school.read,student.basic.read,student.basic.write}', 1, 'CONTACT_BOOK', '2026-08-01', '2027-07-31'
       where not exists (select 1 from access.school_grant where application_id = $1 and school_id = $2)`,
      [enetviet.applicationId, school.id, randomUUID()],
    )
    expect(await merge(a, b, enetviet)).toMatchObject({ code: 'ACT_FORBIDDEN' })
    expect(await merge(a, b, { ...smas, scopes: ['student.basic.read'] })).toMatchObject({ code: 'SCOPE_MISSING' })
    const person = await personViewer(database, 'can-bo-so')
    const officer: Viewer = { ...person, scopes: [...person.scopes, 'student.basic.write', 'student.basic.read'] }
    expect(await merge(a, b, officer)).toMatchObject({ code: 'ACT_FORBIDDEN' })
    const stranger = await keeper(database, 'misa-emis')
    const [shared] = await database.sql(`select 1 from access.school_grant where application_id = $1 and school_id = $2`, [
      stranger.applicationId,
      school.id,
    ])
    if (!shared) expect(await merge(a, b, stranger)).toMatchObject({ code: 'SCHOOL_NOT_ACCESSIBLE' })
    const principal = await personViewer(database, 'hieu-truong@thpt-hac-thanh')
    await database.sql(`update access.membership set school_id = $2 where account_id = $1`, [principal.accountId, school.id])
    const { id, status } = await merge(a, b, principal)
    expect(status).toBe('CREATED')
    expect(await undo(id, {}, enetviet)).toMatchObject({ code: 'ACT_FORBIDDEN' })
    expect(await undo(id, {}, principal)).toMatchObject({ status: 'UPDATED' })
  })
})

describe('an undoing', () => {
  test('is refused while later acts speak of the kept record, until the caller says that they stay', async () => {
    const [a, b] = [await admit(inClass()), await admit({ ...inClass(), address: 'Số 7' })]
    const { id } = await merge(a, b)
    await mark(a.id, 13)
    expect(await undo(id)).toMatchObject({ code: 'MERGE_HAS_LATER_ACTS' })
    expect(await undo(id, { laterStays: true })).toMatchObject({ status: 'UPDATED' })
    expect(await database.sql(`select 1 from gradebook.score where student_id = $1`, [a.id])).toHaveLength(1)
    expect(await undo(id)).toMatchObject({ status: 'UNCHANGED' })
  })

  test('is refused when the pupil has moved since by the other record’s line, and out of order', async () => {
    const [a, b, c] = [await admit({ code: freshCode() }), await admit(inClass()), await admit({ code: freshCode() })]
    const first = await merge(a, b)
    const second = await merge(c, a)
    expect(await undo(first.id)).toMatchObject({ code: 'MERGE_UNDO_ORDER' })
    const move = { student: { id: c.id }, classRoom: { name: rooms[1]!.name } }
    expect(statusesIn(await send(schools, smas, 'moveStudents', { school, schoolYear: YEAR, moves: [move] }))).toEqual([
      'UPDATED',
    ])
    expect(await undo(second.id, { laterStays: true })).toMatchObject({ code: 'MERGE_UNDO_AMBIGUOUS' })
    expect(await undo(randomUUID())).toMatchObject({ code: 'RECORD_NOT_FOUND' })
  })
})

test('random merges, undone in whatever order they allow, give back the state there was', async () => {
  const pupils: { id: string }[] = []
  for (let index = 0; index < 8; index += 1) {
    const one = await admit({
      ...(index % 2 ? { code: freshCode() } : inClass()),
      ...(index % 4 ? { address: `Số ${index}` } : { birthplace: 'Thanh Hóa' }),
    })
    await mark(one.id, (index % 5) + 1)
    await message(one.id)
    if (index % 2) await guardian(one.id)
    pupils.push(one)
  }
  const before = await state()
  for (let round = 0; round < 6; round += 1) {
    const standing: string[] = []
    const alive = new Set(pupils)
    for (let step = 0; step < 12; step += 1) {
      const undoes = standing.length > 0 && randomInt(3) === 0
      if (undoes) {
        const id = standing[randomInt(standing.length)]!
        const told = await undo(id)
        expect(['UPDATED', 'REJECTED']).toContain(told.status)
        if (told.status === 'REJECTED') expect(told.code).toBe('MERGE_UNDO_ORDER')
        else standing.splice(standing.indexOf(id), 1)
      } else {
        const [keep, other] = [...alive].toSorted(() => randomInt(3) - 1)
        const told = await merge(keep!, other!)
        if (told.status === 'CREATED') standing.push(told.id!)
        else expect(['MERGE_MARKS_DIFFER', null]).toContain(told.code)
      }
    }
    const standingNow = await mirrored(pupils)
    expect(standingNow.told).toEqual(standingNow.stored)
    for (let left = standing; left.length > 0;) {
      const still: string[] = []
      for (const id of left.toReversed()) if ((await undo(id)).status !== 'UPDATED') still.push(id)
      expect(still.length).toBeLessThan(left.length)
      left = still
    }
    expect(await state()).toEqual(before)
    const undone = await mirrored(pupils)
    expect(undone.told).toEqual(undone.stored)
  }
})
