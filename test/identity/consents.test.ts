// Consents: recorded on evidence, withdrawn at any time, and what rests on them follows in the same transaction.
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SERVICES } from '../../platform/database/roles.ts'
import type { Scope } from '../../subgraphs/kernel/scopes.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { captureSql, codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import {
  codesIn,
  consent,
  disagreements,
  familiesAt,
  ownConsent,
  record,
  statusesIn,
  traces,
  withdraw,
  withdrawal,
  type FamilyAtSchool,
} from './families.ts'

let database: TestDatabase
let identity: TestSubgraph
let schools: TestSubgraph
let communications: TestSubgraph
let enetviet: Viewer
let smas: Viewer
let principal: Viewer
let officer: Viewer
let compliance: Viewer
let schoolId: string
/** Families that have not consented to eNetViet, and families that have. */
let fresh: FamilyAtSchool[]
let consenting: FamilyAtSchool[]

const withScope = (viewer: Viewer, ...scopes: Scope[]): Viewer => ({ ...viewer, scopes: [...viewer.scopes, ...scopes] })
const keyed = (viewer: Viewer, idempotencyKey: string): Viewer => ({ ...viewer, idempotencyKey })

beforeAll(async () => {
  database = await freshDatabase()
  identity = await testSubgraph(database, 'identity')
  schools = await testSubgraph(database, 'schools')
  communications = await testSubgraph(database, 'communications')
  enetviet = await applicationViewer(database, 'enetviet')
  principal = withScope(await personViewer(database, 'hieu-truong@thpt-hac-thanh'), 'consent.write')
  officer = withScope(await personViewer(database, 'can-bo-so'), 'consent.write', 'student.basic.read')
  compliance = await personViewer(database, 'tuan-thu')
  const [own] = await database.sql<{ school_id: string }>(`select school_id from access.membership where account_id = $1`, [
    principal.accountId,
  ])
  schoolId = own!.school_id
  // The school's own product, approved and agreed for consents too: what it is consented to opens nothing for eNetViet.
  const product = await applicationViewer(database, 'smas')
  await database.sql(
    `update access.school_grant set scopes = scopes || '{consent.write,guardian.contact.read}' where application_id = $1`,
    [product.applicationId],
  )
  smas = withScope(product, 'consent.write', 'guardian.contact.read')
  fresh = await familiesAt(database, schoolId, { consented: { to: enetviet.applicationId!, is: false } })
  consenting = await familiesAt(database, schoolId, { consented: { to: enetviet.applicationId!, is: true } })
})
afterAll(async () => {
  await Promise.all([identity, schools, communications].map((subgraph) => subgraph?.close()))
  await database?.drop()
})

const rep = (family: FamilyAtSchool) => ({ __typename: 'Student', schoolId: family.schoolId, id: family.studentId })

/** What a caller sees of a family: the guardians with a phone, the messages. */
async function seenBy(viewer: Viewer, family: FamilyAtSchool): Promise<{ guardians: string[]; messages: number }> {
  const roster = await schools.ask<{ _entities: { guardians: { id: string; phone: string }[] }[] }>(
    viewer,
    `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student { guardians { id phone } } } }`,
    { r: [rep(family)] },
  )
  const book = await communications.ask<{ _entities: { messages: { id: string }[] }[] }>(
    viewer,
    `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student { messages(first: 100) { id } } } }`,
    { r: [rep(family)] },
  )
  expect([roster.errors, book.errors]).toEqual([undefined, undefined])
  const guardians = roster.data._entities[0]!.guardians.filter(({ phone }) => phone).map(({ id }) => id)
  return { guardians, messages: book.data._entities[0]!.messages.length }
}

describe('what rests on consent', () => {
  test('the sandbox’s rows agree with its consents from the first', async () => {
    expect(await disagreements(database)).toEqual([])
  })

  test('a guardian’s contact opens to the application with the consent, and to no other', async () => {
    const family = fresh[0]!
    expect((await seenBy(enetviet, family)).guardians).toEqual([])
    const { batch } = await record(identity, enetviet, schoolId, [consent(family)])
    expect(statusesIn(batch)).toEqual(['CREATED'])
    expect(batch.results[0]!.entity).toMatchObject({
      status: 'GIVEN',
      version: 1,
      withdrawnAt: null,
      guardianId: family.guardianIds[0],
    })
    expect((await seenBy(enetviet, family)).guardians).toEqual([family.guardianIds[0]])
    expect((await seenBy(smas, family)).guardians).toEqual([])
  })

  test('contact and messages are lost at the very next read after withdrawal, the same token in hand, and come back with a new consent', async () => {
    const family = consenting[0]!
    const before = await seenBy(enetviet, family)
    expect(before.guardians).toEqual([family.guardianIds[0]])
    expect(before.messages).toBeGreaterThan(0)
    const { batch } = await withdraw(identity, enetviet, schoolId, [withdrawal(family, { reason: 'Gia đình không dùng nữa' })])
    expect(batch.results[0]).toMatchObject({ status: 'UPDATED', entity: { status: 'WITHDRAWN', version: 2 } })
    expect(await seenBy(enetviet, family)).toEqual({ guardians: [], messages: 0 })
    const again = await record(identity, enetviet, schoolId, [consent(family)])
    expect(again.batch.results[0]).toMatchObject({ status: 'UPDATED', entity: { status: 'GIVEN', version: 3 } })
    expect(await seenBy(enetviet, family)).toEqual(before)
    expect(await disagreements(database)).toEqual([])
  })

  test('another application’s consent does not help, and its withdrawal does not hurt', async () => {
    const family = consenting[1]!
    const before = await seenBy(enetviet, family)
    await record(identity, smas, schoolId, [consent(family)])
    await withdraw(identity, enetviet, schoolId, [withdrawal(family)])
    expect(await seenBy(enetviet, family)).toEqual({ guardians: [], messages: 0 })
    expect((await seenBy(smas, family)).guardians).toEqual([family.guardianIds[0]])
    await record(identity, enetviet, schoolId, [consent(family)])
    await withdraw(identity, smas, schoolId, [withdrawal(family)])
    expect(await seenBy(enetviet, family)).toEqual(before)
    expect((await seenBy(smas, family)).guardians).toEqual([])
  })

  test('a consent for another purpose opens neither contact nor messages', async () => {
    const family = fresh[1]!
    const young = (
      await familiesAt(database, schoolId, { bornAfter: sixteenYearsAgo, consented: { to: enetviet.applicationId!, is: false } })
    )[1]!
    const { batch } = await record(identity, enetviet, schoolId, [consent(young, { purpose: 'VENDOR_EXTRA' })])
    expect(statusesIn(batch)).toEqual(['CREATED'])
    expect(await seenBy(enetviet, young)).toEqual({ guardians: [], messages: 0 })
    expect(await seenBy(enetviet, family)).toEqual({ guardians: [], messages: 0 })
  })

  test('one parent’s consent does not open the other parent', async () => {
    const family = fresh.find(({ guardianIds }) => guardianIds.length > 1)!
    await record(identity, enetviet, schoolId, [consent(family, {}, 1)])
    expect((await seenBy(enetviet, family)).guardians).toEqual([family.guardianIds[1]])
  })

  test('a subscription ends with the last guardian’s consent, not before, and does not come back by itself', async () => {
    const family = consenting.find(({ guardianIds }) => guardianIds.length > 1)!
    const subscription = () =>
      database.sql<{ until: string | null }>(`select until::text from communications.subscription where student_id = $1`, [
        family.studentId,
      ])
    await record(identity, enetviet, schoolId, [consent(family, {}, 1)])
    await withdraw(identity, enetviet, schoolId, [withdrawal(family, {}, 0)])
    expect(await subscription()).toEqual([{ until: null }])
    await withdraw(identity, enetviet, schoolId, [withdrawal(family, {}, 1)])
    const [ended] = await subscription()
    expect(ended!.until).toMatch(/^\d{4}-\d\d-\d\d$/)
    await record(identity, enetviet, schoolId, [consent(family)])
    expect(await subscription()).toEqual([ended])
  })

  test('a query without a where clause shows an application the consenting rows of the opened school and nothing else', async () => {
    const queries = [
      ['schools', 'guardian.contact.read', 'select school_id, consented_applications from schools.guardian'],
      ['communications', 'message.read', 'select school_id, consented_applications from communications.message'],
    ] as const
    for (const [service, scope, query] of queries) {
      const client = new pg.Client({ connectionString: database.urlOf(service) })
      await client.connect()
      await client.query('begin')
      await client.query(`select access.open_viewer($1, null, $2, $3, '2026-11-20')`, [enetviet.applicationId, scope, [schoolId]])
      const { rows } = await client.query<{ school_id: string; consented_applications: string[] }>(query)
      await client.query('commit')
      expect(rows.length).toBeGreaterThan(0)
      expect(
        rows.filter((row) => row.school_id !== schoolId || !row.consented_applications.includes(enetviet.applicationId!)),
      ).toEqual([])
      expect((await client.query(query)).rows).toEqual([])
      await client.end()
    }
  })

  test('the consents themselves are closed to rivals and to a transaction that forgot to open', async () => {
    const client = new pg.Client({ connectionString: database.urlOf('identity') })
    await client.connect()
    for (const table of ['identity.consent', 'identity.consent_event']) {
      await client.query('begin')
      await client.query(`select access.open_viewer($1, null, 'identity.read', $2, '2026-11-20')`, [
        smas.applicationId,
        [schoolId],
      ])
      const { rows } = await client.query(`select distinct application_id from ${table}`)
      expect(rows).toEqual([{ application_id: smas.applicationId }])
      await client.query('commit')
      expect((await client.query(`select * from ${table}`)).rows).toEqual([])
    }
    await client.end()
  })

  test('identity makes rows follow, the roster those that it wrote, nobody else; and a school that the transaction did not open stays as it is', async () => {
    const calls = [
      `select * from published.families($1, $2, true)`,
      `select published.apply_consents_to_guardians($1, $2, null, now())`,
      `select published.apply_consents_to_health($1, $2, '{}', null, now())`,
      `select published.apply_consents_to_contact_book($1, $2, null, now(), current_date)`,
    ]
    const nothing = ['[]', ...['guardians', 'health', 'contact_book'].map((rows) => `[{"apply_consents_to_${rows}":0}]`)]
    for (const service of SERVICES) {
      const client = new pg.Client({ connectionString: database.urlOf(service) })
      await client.connect()
      for (const call of calls) {
        const answer = await client.query(call, [schoolId, [consenting[2]!.studentId]]).then(
          ({ rows }) => JSON.stringify(rows),
          (error: { code: string }) => error.code,
        )
        const ownRows = service === 'schools' && /to_(guardians|health)/.test(call)
        if (service === 'identity' || ownRows) expect(nothing).toContain(answer)
        else expect([service, answer]).toEqual([service, '42501'])
      }
      await client.end()
    }
    expect((await seenBy(enetviet, consenting[2]!)).guardians).toEqual([consenting[2]!.guardianIds[0]])
  })

  test('the history is never altered and a consent never deleted, not by identity itself', async () => {
    const client = new pg.Client({ connectionString: database.urlOf('identity') })
    await client.connect()
    for (const act of [
      'delete from identity.consent',
      'delete from identity.consent_event',
      `update identity.consent_event set at = at`,
      'truncate identity.consent_event',
    ])
      await expect(client.query(act)).rejects.toMatchObject({ code: '42501' })
    await client.end()
  })
})

const yearsAgo = (years: number): string => {
  const day = new Date()
  day.setUTCFullYear(day.getUTCFullYear() - years)
  return day.toISOString().slice(0, 10)
}
const sixteenYearsAgo = yearsAgo(16)

describe('a record is refused', () => {
  const refusal = async (sent: Record<string, unknown>, viewer = enetviet): Promise<[string, string][]> => {
    const before = await traces(database)
    const { batch } = await record(identity, viewer, schoolId, [sent])
    expect(await traces(database)).toEqual(before)
    expect(batch.results[0]!.status).toBe('REJECTED')
    for (const { message, messageVi } of batch.results[0]!.errors) expect(message).not.toBe(messageVi)
    return batch.results[0]!.errors.map(({ code, path }) => [code, path])
  }
  const evidence = (change: object) => ({
    evidence: { kind: 'SIGNED_FORM', reference: 'Phiếu 1', givenAt: new Date().toISOString(), ...change },
  })

  test('without evidence', async () => {
    for (const reference of ['', '   ', 'x'.repeat(256), 'a\u0000b'])
      expect(await refusal(consent(fresh[3]!, evidence({ reference })))).toEqual([
        ['CONSENT_EVIDENCE_REQUIRED', 'evidence.reference'],
      ])
  })

  test('when it lies in the future', async () => {
    const givenAt = new Date(Date.now() + 60_000).toISOString()
    expect(await refusal(consent(fresh[3]!, evidence({ givenAt })))).toEqual([['CONSENT_IN_FUTURE', 'evidence.givenAt']])
  })

  test('for a guardian of another pupil, for one who does not exist, and for what is no id', async () => {
    for (const guardianId of [fresh[4]!.guardianIds[0]!, randomUUID(), 'mẹ'])
      expect(await refusal(consent(fresh[3]!, { guardianId }))).toEqual([['GUARDIAN_NOT_OF_STUDENT', 'guardianId']])
  })

  test('when giver and guardian do not fit together', async () => {
    expect(await refusal(consent(fresh[3]!, { guardianId: null }))).toEqual([['CONSENT_GIVER_INVALID', 'guardianId']])
    expect(await refusal(consent(fresh[3]!, { givenBy: 'STUDENT' }))).toEqual([['CONSENT_GIVER_INVALID', 'guardianId']])
  })

  test('for a pupil of another school, for one who is not there, and for a reference that is none', async () => {
    const [elsewhere] = await database.sql<{ code: string }>(`select code from schools.student where school_id <> $1 limit 1`, [
      schoolId,
    ])
    for (const student of [{ code: elsewhere!.code }, { code: '0' }, { id: randomUUID() }, { externalId: 'nobody' }])
      expect(await refusal(consent(fresh[3]!, { student }))).toEqual([['STUDENT_NOT_FOUND', 'student']])
    expect(await refusal(consent(fresh[3]!, { student: {} }))).toEqual([['REFERENCE_INVALID', 'student']])
  })

  test('in another application’s name', async () => {
    for (const application of [{ code: 'smas' }, { id: smas.applicationId }, { code: 'no-such' }])
      expect(await refusal(consent(fresh[3]!, { application }))).toEqual([['ACT_FORBIDDEN', 'application']])
  })

  test('by evidence older than the withdrawal', async () => {
    const family = consenting[3]!
    const givenAt = new Date(Date.now() - 3_600_000).toISOString()
    await withdraw(identity, enetviet, schoolId, [withdrawal(family)])
    expect(await refusal(consent(family, evidence({ givenAt })))).toEqual([['CONSENT_WITHDRAWN_SINCE', 'evidence.givenAt']])
    await record(identity, enetviet, schoolId, [consent(family)])
    expect(await refusal(consent(family, evidence({ givenAt })))).toEqual([['CONSENT_WITHDRAWN_SINCE', 'evidence.givenAt']])
  })

  test('by a person who names no application, or one without an agreement', async () => {
    expect(await refusal(consent(fresh[3]!), principal)).toEqual([['INPUT_INVALID', 'application']])
    const [stranger] = await database.sql<{ code: string }>(
      `select code from identity.application a where not exists (select 1 from access.school_grant g where g.application_id = a.id and g.school_id = $1) limit 1`,
      [schoolId],
    )
    for (const code of [stranger!.code, 'no-such'])
      expect(await refusal(consent(fresh[3]!, { application: { code } }), principal)).toEqual([
        ['APPLICATION_NOT_AGREED', 'application'],
      ])
  })
})

describe('a child', () => {
  const young = async (level: string): Promise<{ school: string; family: FamilyAtSchool }[]> => {
    const rows = await database.sql<{ school_id: string }>(
      `select s.school_id from schools.school s join access.school_grant g on g.school_id = s.school_id and g.application_id = $1
       where $2 = any (s.levels) and 'consent.write' = any (g.scopes) order by 1`,
      [enetviet.applicationId, level],
    )
    const found: { school: string; family: FamilyAtSchool }[] = []
    for (const { school_id: school } of rows)
      for (const family of await familiesAt(
        database,
        school,
        level === 'MN' ? { bornAfter: yearsAgo(7) } : { bornUntil: yearsAgo(8), bornAfter: yearsAgo(15), limit: 8 },
      ))
        found.push({ school, family })
    return found
  }

  test('from 7 consents too before a guardian’s consent to publication counts, in any order within a batch', async () => {
    const [one, two] = await young('TH')
    const media = { purpose: 'MEDIA' }
    const before = await traces(database)
    const alone = await record(identity, enetviet, one!.school, [consent(one!.family, media)])
    expect(codesIn(alone.batch)).toEqual([['CHILD_CONSENT_REQUIRED']])
    expect(await traces(database)).toEqual(before)
    const both = await record(identity, enetviet, one!.school, [consent(one!.family, media), ownConsent(one!.family, media)])
    expect(statusesIn(both.batch)).toEqual(['CREATED', 'CREATED'])
    await record(identity, enetviet, two!.school, [ownConsent(two!.family, media)])
    expect(statusesIn((await record(identity, enetviet, two!.school, [consent(two!.family, media)])).batch)).toEqual(['CREATED'])
  })

  test('under 7 is spoken for by the guardian alone', async () => {
    const [one] = await young('MN')
    const { batch } = await record(identity, enetviet, one!.school, [
      consent(one!.family, { purpose: 'MEDIA' }),
      ownConsent(one!.family, { purpose: 'RESEARCH' }),
    ])
    expect(codesIn(batch)).toEqual([[], ['CONSENT_GIVER_INVALID']])
  })

  test('who takes publication back ends the guardians’ consents to it as well, and no other', async () => {
    const { school, family } = (await young('TH'))[2]!
    const sent = [
      consent(family, { purpose: 'MEDIA' }),
      ownConsent(family, { purpose: 'MEDIA' }),
      consent(family, { purpose: 'RESEARCH' }),
    ]
    await record(identity, enetviet, school, sent)
    const { batch } = await withdraw(identity, enetviet, school, [
      withdrawal(family, { purpose: 'MEDIA', givenBy: 'STUDENT', guardianId: null }),
    ])
    expect(statusesIn(batch)).toEqual(['UPDATED'])
    const rows = await database.sql(
      `select given_by, purpose, status from identity.consent where student_id = $1 and purpose <> 'CONTACT_BOOK' order by purpose, given_by`,
      [family.studentId],
    )
    expect(rows).toEqual([
      { given_by: 'GUARDIAN', purpose: 'MEDIA', status: 'WITHDRAWN' },
      { given_by: 'STUDENT', purpose: 'MEDIA', status: 'WITHDRAWN' },
      { given_by: 'GUARDIAN', purpose: 'RESEARCH', status: 'GIVEN' },
    ])
    const [follow] = await database.sql(
      `select e.reason from identity.consent_event e join identity.consent c on c.id = e.consent_id
       where c.student_id = $1 and c.given_by = 'GUARDIAN' and e.event = 'WITHDRAWN'`,
      [family.studentId],
    )
    expect(follow).toEqual({ reason: 'STUDENT_WITHDREW' })
    expect(await disagreements(database)).toEqual([])
  })

  test('of 16 speaks alone, but for the contact book, which is a guardian’s', async () => {
    const [grown] = await familiesAt(database, schoolId, { bornUntil: sixteenYearsAgo, limit: 1 })
    const { batch } = await record(identity, enetviet, schoolId, [
      ownConsent(grown!, { purpose: 'HEALTH' }),
      consent(grown!, { purpose: 'HEALTH' }),
      ownConsent(grown!, { purpose: 'CONTACT_BOOK' }),
    ])
    expect(codesIn(batch)).toEqual([[], ['CONSENT_GIVER_INVALID'], ['CONSENT_GIVER_INVALID']])
  })
})

describe('a batch', () => {
  test('lands beside its bad rows, with its history, its place in the feeds and its audit record', async () => {
    const [one, two, three] = fresh.slice(5, 8) as [FamilyAtSchool, FamilyAtSchool, FamilyAtSchool]
    const before = await traces(database)
    const { batch } = await record(identity, enetviet, schoolId, [
      consent(one),
      consent(two, { guardianId: randomUUID() }),
      consent(one, { guardianId: one.guardianIds[0]!.toUpperCase() }),
      consent(three),
    ])
    expect(codesIn(batch)).toEqual([[], ['GUARDIAN_NOT_OF_STUDENT'], ['DUPLICATE_IN_BATCH'], []])
    expect(batch.summary).toMatchObject({ created: 2, rejected: 2 })
    expect(await traces(database)).toEqual({
      ...before,
      consents: before.consents! + 2,
      versions: before.versions! + 2,
      events: before.events! + 2,
      outbox: before.outbox! + 2,
      roster: before.roster! + 2,
      audits: before.audits! + 1,
      guardians: before.guardians! + 2,
    })
    const [audit] = await database.sql(
      `select kind, fields, schools, student_ids from access.audit_event order by at desc, id desc limit 1`,
    )
    expect(audit).toMatchObject({ kind: 'WRITE', fields: ['Consent.status'], schools: [schoolId] })
    expect((audit!.student_ids as string[]).toSorted()).toEqual([one.studentId, three.studentId].toSorted())
    const [event] = await database.sql(`select entity, natural_key, event, version from schools.outbox where entity_id = $1`, [
      one.guardianIds[0],
    ])
    expect(event).toEqual({ entity: 'Guardian', natural_key: `${one.code}/${one.guardianIds[0]}`, event: 'UPDATE', version: 2 })
  })

  test('in ATOMIC mode leaves nothing behind for one bad row', async () => {
    const before = await traces(database)
    const { batch } = await record(
      identity,
      enetviet,
      schoolId,
      [consent(fresh[9]!), consent(fresh[10]!, { guardianId: randomUUID() })],
      { mode: 'ATOMIC' },
    )
    expect(codesIn(batch)).toEqual([['BATCH_REJECTED'], ['GUARDIAN_NOT_OF_STUDENT']])
    expect(await traces(database)).toEqual(before)
  })

  test('sent again changes nothing; with other evidence it renews, and keeps what was', async () => {
    const sent = consent(fresh[11]!)
    await record(identity, enetviet, schoolId, [sent])
    const before = await traces(database)
    expect(statusesIn((await record(identity, enetviet, schoolId, [sent])).batch)).toEqual(['UNCHANGED'])
    expect(await traces(database)).toEqual(before)
    const renewed = await record(identity, enetviet, schoolId, [
      consent(fresh[11]!, { evidence: { kind: 'TEXT_MESSAGE', reference: 'SMS 42', givenAt: new Date().toISOString() } }),
    ])
    expect(renewed.batch.results[0]!.entity).toMatchObject({
      version: 2,
      status: 'GIVEN',
      evidence: { kind: 'TEXT_MESSAGE', reference: 'SMS 42' },
    })
    const history = await database.sql(
      `select event, evidence_reference from identity.consent_event where consent_id = $1 order by version`,
      [renewed.batch.results[0]!.entity!.id],
    )
    expect(history).toEqual([
      { event: 'GIVEN', evidence_reference: 'Phiếu số 0007/2026' },
      { event: 'RENEWED', evidence_reference: 'SMS 42' },
    ])
    expect((await traces(database)).roster).toBe(before.roster)
  })

  test('made from an older version is told so, with the current record', async () => {
    const { batch } = await record(identity, enetviet, schoolId, [consent(fresh[11]!, { expectedVersion: 1 })])
    expect(batch.results[0]).toMatchObject({
      status: 'CONFLICT',
      entity: { version: 2 },
      errors: [{ code: 'VERSION_CONFLICT', path: 'expectedVersion' }],
    })
    expect(
      statusesIn((await withdraw(identity, enetviet, schoolId, [withdrawal(fresh[11]!, { expectedVersion: 1 })])).batch),
    ).toEqual(['CONFLICT'])
  })

  test('retried with its key has one effect and one answer, ten times at once; with another body it is refused', async () => {
    const sent = [consent(fresh[12]!), consent(fresh[13]!, { guardianId: randomUUID() })]
    const before = await traces(database)
    const answers = await Promise.all(Array.from({ length: 10 }, () => record(identity, keyed(enetviet, 'c-1'), schoolId, sent)))
    for (const { batch } of answers) expect(batch).toEqual(answers[0]!.batch)
    expect(statusesIn(answers[0]!.batch)).toEqual(['CREATED', 'REJECTED'])
    await withdraw(identity, enetviet, schoolId, [withdrawal(fresh[12]!)])
    expect((await record(identity, keyed(enetviet, 'c-1'), schoolId, sent)).batch).toEqual(answers[0]!.batch)
    const after = await traces(database)
    expect([after.consents! - before.consents!, after.events! - before.events!, after.answers! - before.answers!]).toEqual([
      1, 2, 1,
    ])
    expect(codesOf(await record(identity, keyed(enetviet, 'c-1'), schoolId, [consent(fresh[13]!)]))).toEqual([
      'IDEMPOTENCY_MISMATCH',
    ])
  })

  test('of a thousand rows is one statement for each table', async () => {
    const [large] = await database.sql<{ school_id: string }>(
      `select g.school_id from access.school_grant g join schools.guardian x on x.school_id = g.school_id
       where g.application_id = $1 and 'consent.write' = any (g.scopes) group by 1 order by count(*) desc limit 1`,
      [enetviet.applicationId],
    )
    const families = await familiesAt(database, large!.school_id, { limit: 1_000 })
    const contactBook = families.flatMap((family) => family.guardianIds.map((_, guardian) => consent(family, {}, guardian)))
    const others = families.flatMap((family) =>
      ['VENDOR_EXTRA', 'HEALTH', 'RESEARCH'].map((purpose) =>
        family.birthDate > sixteenYearsAgo ? consent(family, { purpose }) : ownConsent(family, { purpose }),
      ),
    )
    const sent = [...contactBook, ...others].slice(0, 1_000)
    expect(sent.length).toBe(1_000)
    const form = {
      kind: 'SIGNED_FORM',
      reference: 'Phiếu số 0001/2026',
      givenAt: new Date(Date.now() - 86_400_000).toISOString(),
    }
    const earlier = { ...others[1]!, evidence: form }
    const { statements: both, result } = await captureSql(identity, async () => {
      await record(identity, enetviet, large!.school_id, [consent(families[0]!), earlier])
      return record(identity, enetviet, large!.school_id, sent)
    })
    const second = both.findLastIndex((text) => text.startsWith('begin read write'))
    const [one, statements] = [both.slice(0, second), both.slice(second)]
    expect(result.batch.summary.rejected + result.batch.summary.conflicts).toBe(0)
    expect(result.batch.summary.created + result.batch.summary.updated).toBe(1_000)
    const sentTimes = (part: string) => statements.filter((text) => text.includes(part)).length
    for (const part of [
      'insert into identity.consent as',
      'insert into identity.consent_event',
      'insert into identity.outbox',
      'apply_consents_to_guardians',
      'apply_consents_to_contact_book',
      'apply_consents_to_health',
      'append_audit',
    ])
      expect([part, sentTimes(part)]).toEqual([part, 1])
    const textsOf = (sentStatements: string[]) => sentStatements.filter((text) => !text.startsWith('begin'))
    expect(textsOf(statements)).toEqual(textsOf(one))
    const back = await withdraw(
      identity,
      enetviet,
      large!.school_id,
      sent.map(({ evidence: _evidence, ...key }) => key),
    )
    expect(back.batch.summary.updated).toBe(1_000)
    expect(await disagreements(database)).toEqual([])
  })

  test('empty, too long, at a school that is not open or not there is refused whole', async () => {
    expect(codesOf(await record(identity, enetviet, schoolId, []))).toEqual(['BATCH_EMPTY'])
    expect(codesOf(await record(identity, enetviet, schoolId, Array(1_001).fill(consent(fresh[0]!))))).toEqual(['BATCH_TOO_LONG'])
    const [foreign] = await database.sql<{ school_id: string; code: string }>(
      `select school_id, code from schools.school s where not exists (select 1 from access.school_grant g where g.school_id = s.school_id and g.application_id = $1) limit 1`,
      [enetviet.applicationId],
    )
    for (const school of [
      { id: foreign!.school_id },
      { id: randomUUID() },
      { id: 'x' },
      { code: foreign!.code },
      { code: '0' },
      { externalId: 'x' },
    ])
      expect(codesOf(await record(identity, enetviet, schoolId, [consent(fresh[0]!)], { school }))).toEqual([
        'SCHOOL_NOT_ACCESSIBLE',
      ])
  })

  test('that fails half-way leaves nothing', async () => {
    const family = fresh[14]!
    for (const [breakIt, mendIt] of [
      [
        'revoke execute on function published.apply_consents_to_contact_book(uuid, uuid[], uuid, timestamptz, date) from lt_identity',
        'grant execute on function published.apply_consents_to_contact_book(uuid, uuid[], uuid, timestamptz, date) to lt_identity',
      ],
      ['revoke insert on identity.outbox from lt_identity', 'grant insert on identity.outbox to lt_identity'],
      [
        'revoke execute on function access.append_audit(jsonb) from lt_identity',
        'grant execute on function access.append_audit(jsonb) to lt_identity',
      ],
    ] as const) {
      const before = await traces(database)
      await database.sql(breakIt)
      const failed = await record(identity, enetviet, schoolId, [consent(family)])
      await database.sql(mendIt)
      expect(failed.errors).toHaveLength(1)
      expect(await traces(database)).toEqual(before)
    }
    expect(statusesIn((await record(identity, enetviet, schoolId, [consent(family)])).batch)).toEqual(['CREATED'])
  })
})

describe('a withdrawal', () => {
  test('of what was never given is refused, of what is withdrawn changes nothing', async () => {
    const family = fresh[15]!
    expect(codesIn((await withdraw(identity, enetviet, schoolId, [withdrawal(family)])).batch)).toEqual([['CONSENT_NOT_FOUND']])
    await record(identity, enetviet, schoolId, [consent(family)])
    await withdraw(identity, enetviet, schoolId, [withdrawal(family)])
    const before = await traces(database)
    expect(statusesIn((await withdraw(identity, enetviet, schoolId, [withdrawal(family)])).batch)).toEqual(['UNCHANGED'])
    expect(await traces(database)).toEqual(before)
  })

  test('that is older than the consent, or lies in the future, is refused', async () => {
    const family = consenting[4]!
    const at = (ms: number) => new Date(ms).toISOString()
    const refused = async (withdrawnAt: string) =>
      codesIn((await withdraw(identity, enetviet, schoolId, [withdrawal(family, { withdrawnAt })])).batch)
    expect(await refused(at(Date.parse('2026-08-01T00:00:00Z')))).toEqual([['CONSENT_GIVEN_SINCE']])
    expect(await refused(at(Date.now() + 60_000))).toEqual([['CONSENT_IN_FUTURE']])
  })

  test('is the application’s own to record, the principal’s and the officer’s for any; not a rival’s and not a teacher’s', async () => {
    const [one, two] = consenting.slice(5, 7) as [FamilyAtSchool, FamilyAtSchool]
    const application = { code: 'enetviet' }
    expect(codesIn((await withdraw(identity, smas, schoolId, [withdrawal(one)])).batch)).toEqual([['CONSENT_NOT_FOUND']])
    expect(codesIn((await withdraw(identity, smas, schoolId, [withdrawal(one, { application })])).batch)).toEqual([
      ['ACT_FORBIDDEN'],
    ])
    const teacher = withScope({ ...principal, role: 'TEACHER' }, 'consent.write')
    expect(codesOf(await withdraw(identity, teacher, schoolId, [withdrawal(one, { application })]))).toEqual(['ACT_FORBIDDEN'])
    expect(codesOf(await record(identity, teacher, schoolId, [consent(one, { application })]))).toEqual(['ACT_FORBIDDEN'])
    const through = { ...enetviet, accountId: principal.accountId, role: 'TEACHER' as const }
    expect(codesOf(await withdraw(identity, through, schoolId, [withdrawal(one)]))).toEqual(['ACT_FORBIDDEN'])
    expect(codesOf(await record(identity, officer, schoolId, [consent(one, { application })]))).toEqual(['ACT_FORBIDDEN'])
    expect(await seenBy(enetviet, one)).not.toEqual({ guardians: [], messages: 0 })
    expect(statusesIn((await withdraw(identity, principal, schoolId, [withdrawal(one, { application })])).batch)).toEqual([
      'UPDATED',
    ])
    expect(statusesIn((await withdraw(identity, officer, schoolId, [withdrawal(two, { application })])).batch)).toEqual([
      'UPDATED',
    ])
    for (const family of [one, two]) expect(await seenBy(enetviet, family)).toEqual({ guardians: [], messages: 0 })
    expect(statusesIn((await record(identity, principal, schoolId, [consent(one, { application })])).batch)).toEqual(['UPDATED'])
    const [last] = await database.sql(
      `select recorded_by_application_id, recorded_by_account_id from identity.consent where student_id = $1 and purpose = 'CONTACT_BOOK'`,
      [one.studentId],
    )
    expect(last).toEqual({ recorded_by_application_id: null, recorded_by_account_id: principal.accountId })
  })

  test('needs the scope, at the gateway’s word and at the school’s', async () => {
    const without = { ...enetviet, scopes: enetviet.scopes.filter((scope) => scope !== 'consent.write') }
    expect(codesOf(await withdraw(identity, without, schoolId, [withdrawal(consenting[7]!)]))).toEqual(['SCOPE_MISSING'])
    await database.sql(
      `update access.school_grant set scopes = array_remove(scopes, 'consent.write') where application_id = $1 and school_id = $2`,
      [enetviet.applicationId, schoolId],
    )
    expect(codesOf(await withdraw(identity, enetviet, schoolId, [withdrawal(consenting[7]!)]))).toEqual(['SCHOOL_NOT_ACCESSIBLE'])
    await database.sql(
      `update access.school_grant set scopes = scopes || '{consent.write}' where application_id = $1 and school_id = $2`,
      [enetviet.applicationId, schoolId],
    )
  })

  test('at once with the consent, twenty of each, leaves rows that agree with the history, whoever came last', async () => {
    const rivals = consenting.slice(8, 11)
    for (let round = 0; round < 2; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, turn) => [
          record(
            identity,
            turn % 2 ? enetviet : smas,
            schoolId,
            rivals.map((family) => consent(family)),
          ),
          withdraw(
            identity,
            turn % 2 ? enetviet : smas,
            schoolId,
            rivals.toReversed().map((family) => withdrawal(family)),
          ),
        ]).flat(),
      )
      for (const { errors } of answers) expect(errors).toBeUndefined()
    }
    expect(await disagreements(database)).toEqual([])
  })

  test('by both parents at once ends the subscription, though each saw the other’s consent standing', async () => {
    const families = consenting
      .slice(11)
      .filter(({ guardianIds }) => guardianIds.length > 1)
      .slice(0, 5)
    await record(
      identity,
      enetviet,
      schoolId,
      families.map((family) => consent(family, {}, 1)),
    )
    await Promise.all(
      families.flatMap((family) =>
        [0, 1].map((guardian) => withdraw(identity, enetviet, schoolId, [withdrawal(family, {}, guardian)])),
      ),
    )
    const running = await database.sql(
      `select id from communications.subscription where until is null and student_id = any ($1)`,
      [families.map(({ studentId }) => studentId)],
    )
    expect(running).toEqual([])
    expect(await disagreements(database)).toEqual([])
  })
})

describe('consents are read', () => {
  const PAGE = `query ($student: StudentRef, $application: ApplicationRef, $first: Int = 1000, $after: String) {
    consents(student: $student, application: $application, first: $first, after: $after) {
      nodes { id status purpose evidence { kind reference } application { id code } school { id } }
      pageInfo { hasNextPage endCursor }
    } }`
  interface Page {
    consents: {
      nodes: { id: string; application: { id: string }; school: { id: string } }[]
      pageInfo: { hasNextPage: boolean; endCursor: string }
    }
  }
  const read = async (viewer: Viewer, variables = {}): Promise<Page['consents']> =>
    (await identity.ask<Page>(viewer, PAGE, variables)).data.consents
  const applicationsIn = ({ nodes }: Page['consents']) => [...new Set(nodes.map(({ application }) => application.id))]

  test('by an application: its own, at the schools open to it', async () => {
    expect(applicationsIn(await read(enetviet))).toEqual([enetviet.applicationId])
    expect(applicationsIn(await read(smas))).toEqual([smas.applicationId])
    expect((await read(smas, { application: { code: 'enetviet' } })).nodes).toEqual([])
    expect((await read(await applicationViewer(database, 'vnedu'))).nodes).toEqual([])
  })

  test('by a principal: those of the own school, to every application, and of no other', async () => {
    const page = await read(principal)
    expect([...new Set(page.nodes.map(({ school }) => school.id))]).toEqual([schoolId])
    expect(applicationsIn(page).toSorted()).toEqual([enetviet.applicationId, smas.applicationId].toSorted())
    expect((await read(officer, { first: 1_000 })).nodes.length).toBe(1_000)
  })

  test('by compliance: all of them with their evidence, and no pupil', async () => {
    const page = await read(compliance)
    expect(page.nodes.length).toBe(1_000)
    expect(page.pageInfo.hasNextPage).toBe(true)
    const [pupil] = consenting
    expect((await read(compliance, { student: { id: pupil!.studentId } })).nodes.length).toBeGreaterThan(0)
    expect((await read(compliance, { student: { code: pupil!.code } })).nodes).toEqual([])
    for (const field of ['student { id }', 'guardianId'])
      expect(codesOf(await identity.ask(compliance, `{ consents(first: 1) { nodes { ${field} } } }`))).toEqual(['SCOPE_MISSING'])
    expect(codesOf(await withdraw(identity, compliance, schoolId, [withdrawal(pupil!)]))).toEqual(['SCOPE_MISSING'])
    const posing = { ...smas, role: 'COMPLIANCE_OFFICER' as const, scopes: [...smas.scopes, 'access.review' as const] }
    expect(applicationsIn(await read(posing))).toEqual([smas.applicationId])
  })

  test('page by page, each once; by pupil; with a cursor that is nobody else’s', async () => {
    const all = (await read(principal)).nodes.map(({ id }) => id)
    const seen: string[] = []
    let after: string | null = null
    do {
      const page: Page['consents'] = await read(principal, { first: 97, after })
      seen.push(...page.nodes.map(({ id }) => id))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after)
    expect(seen).toEqual(all)
    const { pageInfo } = await read(principal, { first: 1 })
    expect(codesOf(await identity.ask(enetviet, PAGE, { first: 1, after: pageInfo.endCursor }))).toEqual(['CURSOR_INVALID'])
    const [pupil] = consenting
    for (const student of [{ code: pupil!.code }, { id: pupil!.studentId }])
      expect((await read(enetviet, { student })).nodes).toHaveLength(1)
    expect((await read(enetviet, { student: { id: randomUUID() } })).nodes).toEqual([])
    expect(codesOf(await identity.ask(enetviet, PAGE, { student: {} }))).toEqual(['REFERENCE_INVALID'])
  })

  test('on a pupil, with their whole life, and counted for the audit', async () => {
    const [pupil] = consenting
    const document = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student { consents { id status givenBy guardianId withdrawnAt history { version event at reason evidence { reference } recordedBy { code } } } } } }`
    const result = await identity.runtime.subgraph.execute({ query: document, variables: { r: [rep(pupil!)] } }, enetviet)
    const [entity] = JSON.parse(JSON.stringify(result.data))._entities
    expect(entity.consents).toHaveLength(1)
    expect(entity.consents[0].history.map(({ event }: { event: string }) => event)).toEqual(['GIVEN', 'WITHDRAWN', 'GIVEN'])
    expect(entity.consents[0].history[1]).toMatchObject({
      reason: 'Gia đình không dùng nữa',
      evidence: null,
      recordedBy: { code: 'enetviet' },
    })
    expect(result.extensions?.touched).toEqual({ schools: [schoolId], students: [pupil!.studentId] })
    const foreign = await identity.ask<{ _entities: { consents: object[] }[] }>(
      await applicationViewer(database, 'vnedu'),
      document,
      { r: [rep(pupil!)] },
    )
    expect(foreign.data._entities[0]!.consents).toEqual([])
  })
})

test('who may be asked for consent is told by relation alone, to whoever may record it', async () => {
  const document = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student { consentGivers { kind guardianId relation purposes } } } }`
  const family = fresh[16]!
  const { data } = await identity.ask<{ _entities: { consentGivers: { kind: string; guardianId: string | null }[] }[] }>(
    enetviet,
    document,
    { r: [rep(family)] },
  )
  const givers = data._entities[0]!.consentGivers.filter(({ kind }) => kind === 'GUARDIAN').map(({ guardianId }) => guardianId)
  expect(givers.toSorted()).toEqual(family.guardianIds.toSorted())
  const [foreign] = await database.sql<{ schoolId: string; id: string }>(
    `select school_id as "schoolId", id from schools.student s
     where not exists (select 1 from access.school_grant g where g.school_id = s.school_id and g.application_id = $1) limit 1`,
    [enetviet.applicationId],
  )
  const closed = await identity.ask(enetviet, document, { r: [{ __typename: 'Student', ...foreign! }] })
  expect(codesOf(closed)).toEqual(['RECORD_NOT_ACCESSIBLE'])
  const without = { ...enetviet, scopes: enetviet.scopes.filter((scope) => scope !== 'consent.write') }
  expect(codesOf(await identity.ask(without, document, { r: [rep(family)] }))).toEqual(['SCOPE_MISSING'])
})
