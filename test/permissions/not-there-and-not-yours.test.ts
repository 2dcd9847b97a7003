// A vendor goes after what is a rival's: through the door, in every way GraphQL offers, it reads as what does not exist.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestPlatform, TOPOLOGIES, type TestPlatform } from '../testkit/platform.ts'

interface Target {
  readonly schoolId: string
  readonly schoolCode: string
  readonly classId: string
  readonly className: string
  readonly studentId: string
  readonly studentCode: string
  readonly agreementId: string
  readonly proposalId: string
  readonly credentialId: string
}

const NOBODY: Target = {
  schoolId: '01900000-0000-7000-8000-000000000001',
  schoolCode: '38999999',
  classId: '01900000-0000-7000-8000-000000000002',
  className: '10A9',
  studentId: '01900000-0000-7000-8000-000000000003',
  studentCode: '3899999999',
  agreementId: '01900000-0000-7000-8000-000000000004',
  proposalId: '01900000-0000-7000-8000-000000000005',
  credentialId: '01900000-0000-7000-8000-000000000006',
}

const TERMS = `{ purpose: "Sổ điểm", scopes: ["school.read"], validFrom: "2026-12-01", validTo: "2027-05-31" }`

/** What is sent, with the words of the target in it. */
const ATTEMPTS: Readonly<Record<string, (target: Target) => string>> = {
  'a school by id': (t) => `{ school(ref: { id: "${t.schoolId}" }) { name } }`,
  'a school by id in capitals': (t) => `{ school(ref: { id: "${t.schoolId.toUpperCase()}" }) { name } }`,
  'a school by code': (t) => `{ school(ref: { code: "${t.schoolCode}" }) { name } }`,
  'a class by id': (t) => `{ classRoom(ref: { id: "${t.classId}" }) { name } }`,
  'a class by its name': (t) =>
    `{ classRoom(ref: { key: { school: { code: "${t.schoolCode}" }, schoolYear: "2026-2027", name: "${t.className}" } }) { id } }`,
  'a pupil by id': (t) => `{ student(ref: { id: "${t.studentId}" }) { fullName } }`,
  'a pupil by code': (t) => `{ student(ref: { code: "${t.studentCode}" }) { fullName } }`,
  'a pupil behind an alias and a fragment': (t) =>
    `query { pupil: student(ref: { code: "${t.studentCode}" }) { ...F } } fragment F on Student { id }`,
  'agreements of a school': (t) => `{ agreements(schoolId: "${t.schoolId}") { nodes { id } } }`,
  'proposals to a school': (t) => `{ agreementProposals(schoolId: "${t.schoolId}") { nodes { id } } }`,
  'events of a school': (t) => `{ registryEvents(filter: { schoolId: "${t.schoolId}" }) { nodes { id act } } }`,
  'events of an agreement': (t) => `{ registryEvents(filter: { agreementId: "${t.agreementId}" }) { nodes { id act } } }`,
  'consents of a pupil': (t) => `{ consents(student: { id: "${t.studentId}" }) { nodes { id } } }`,
  'the difference of ending an agreement': (t) =>
    `{ agreementDifference(change: { agreementId: "${t.agreementId}", end: true }) { pupilsLost schoolsLost { id } } }`,
  'the difference of a proposal': (t) =>
    `{ agreementDifference(change: { proposalId: "${t.proposalId}" }) { fieldsGained schoolsGained { id } } }`,
  'an amendment': (t) => `mutation { amendAgreement(agreementId: "${t.agreementId}", terms: ${TERMS}) { id } }`,
  'an end': (t) => `mutation { endAgreement(agreementId: "${t.agreementId}", reason: "Không cần") { id } }`,
  'the withdrawal of a proposal': (t) =>
    `mutation { withdrawProposal(proposalId: "${t.proposalId}", reason: "Gửi nhầm") { id } }`,
  'the revocation of a key': (t) => `mutation { revokeCredential(credentialId: "${t.credentialId}", reason: "Lộ khóa") { id } }`,
  'marks for a pupil': (t) =>
    `mutation { recordScores(input: { school: { code: "${t.schoolCode}" }, schoolYear: "2026-2027", classRoom: { id: "${t.classId}" }, subject: "TOAN", term: "HKI",
      scores: [{ student: { id: "${t.studentId}" }, kind: REGULAR, value: 8, enteredBy: { code: "GV1" } }] }) { summary { rejected } } }`,
}

describe.each(TOPOLOGIES)('with the platform as %s', (topology) => {
  let platform: TestPlatform
  let token: string
  let rivals: Target

  beforeAll(async () => {
    platform = await startTestPlatform({ topology })
    const { database } = platform
    // The attacker holds every scope it asks under: what keeps it out is whose the records are.
    const attacker = `(select id from identity.application where code = 'smas')`
    const more = `array(select distinct scope from unnest(scopes || '{identity.read,school.read,student.basic.read,gradebook.read,gradebook.write,consent.write}') scope)`
    await database.sql(`update access.client set scopes = ${more} where application_id = ${attacker}`)
    token = await (await platform.tokenSource('smas')).get()
    const [row] = await database.sql<Target & { applicationId: string } & Record<string, unknown>>(
      `select s.school_id as "schoolId", s.code as "schoolCode", c.id as "classId", c.name as "className", p.id as "studentId",
         p.code as "studentCode", g.id as "agreementId", g.application_id as "applicationId"
       from schools.school s
       join schools.class_room c on c.school_id = s.school_id
       join schools.student p on p.school_id = s.school_id and p.class_id = c.id
       join identity.agreement g on g.school_id = s.school_id
       join identity.application a on a.id = g.application_id and a.code = 'vnedu'
       where 'THPT' = any (s.levels)
         and not exists (select 1 from access.school_grant o where o.school_id = s.school_id and o.application_id = ${attacker})
       order by s.code, c.name, p.id limit 1`,
    )
    const [proposalId, credentialId] = [randomUUID(), randomUUID()]
    await database.sql(
      `insert into identity.agreement_proposal (school_id, id, agreement_id, application_id, version, state, purpose, scopes, levels, school_years, valid_from, valid_to, proposed_at)
       values ($1, $2, $3, $4, 2, 'PROPOSED', 'Sổ điểm', '{school.read}', '{}', '{}', '2026-12-01', '2027-05-31', now())`,
      [row!.schoolId, proposalId, row!.agreementId, row!.applicationId],
    )
    await database.sql(
      `insert into identity.credential (id, application_id, thumbprint, jwk, registered_at) values ($1, $2, 'x', '{}', now())`,
      [credentialId, row!.applicationId],
    )
    rivals = { ...row!, proposalId, credentialId }
  })
  afterAll(() => platform?.close())

  async function send(query: string, idempotencyKey: string = randomUUID()): Promise<{ status: number; body: string }> {
    const response = await fetch(platform.sandbox.graphql, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        'idempotency-key': idempotencyKey,
      },
      body: JSON.stringify({ query }),
    })
    const { data, errors } = (await response.json()) as { data: unknown; errors: { extensions: Record<string, unknown> }[] }
    // What differs between any two requests: the number a fault is looked up by.
    for (const { extensions } of errors ?? []) delete extensions.requestId
    return { status: response.status, body: JSON.stringify({ data, errors }) }
  }

  test.each(Object.entries(ATTEMPTS))('%s of a rival reads as one that is not there, word for word', async (_what, attempt) => {
    const [theirs, nobodys] = [await send(attempt(rivals)), await send(attempt(NOBODY))]
    expect(theirs).toEqual(nobodys)
    expect(theirs.body).not.toMatch(/VALIDATION|INTERNAL|SCOPE_MISSING|SERVICE_UNAVAILABLE/)
  })

  test('a reference of the federation is no way in: the door knows no entities', async () => {
    const { body } = await send(
      `{ _entities(representations: [{ __typename: "Student", schoolId: "${rivals.schoolId}", id: "${rivals.studentId}" }]) { ... on Student { fullName } } }`,
    )
    expect(body).toContain('GRAPHQL_VALIDATION_FAILED')
    expect(body).not.toContain('fullName":"')
  })

  test('an explanation of an operation on a rival’s school tells what one on no school tells', async () => {
    const explain = async ({ schoolCode, studentId }: Target) => {
      const document = `query ($s: String!, $p: ID!) { school(ref: { code: $s }) { name } student(ref: { id: $p }) { fullName } }`
      const response = await fetch(platform.sandbox.graphql, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({
          query: `query ($document: String!, $variables: JSONObject) { explainAccess(document: $document, variables: $variables) {
            schools(first: 100) { nodes { school { id } open agreementIds } } } }`,
          variables: { document, variables: { s: schoolCode, p: studentId } },
        }),
      })
      const { data, errors } = (await response.json()) as { data: unknown; errors: unknown }
      expect(errors).toBeUndefined()
      return JSON.stringify(data)
    }
    const theirs = await explain(rivals)
    expect(theirs).toEqual(await explain(NOBODY))
    expect(theirs).not.toContain(rivals.schoolId)
    expect(theirs).not.toContain(rivals.agreementId)
  })

  test('a key that a rival used for a write answers nothing of the rival’s', async () => {
    const key = randomUUID()
    const rival = await (await platform.tokenSource('vnedu')).get()
    const write = ATTEMPTS['marks for a pupil']!(rivals)
    await fetch(platform.sandbox.graphql, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${rival}`, 'idempotency-key': key },
      body: JSON.stringify({ query: write }),
    })
    expect(await send(write, key)).toEqual(await send(write))
  })
})
