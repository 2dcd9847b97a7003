// Consents through the public door, in both topologies: what a family takes back is gone at the next read, with the same token.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  consent,
  disagreements,
  familiesAt,
  RECORD_CONSENTS,
  withdrawal,
  WITHDRAW_CONSENTS,
  type Answered,
  type FamilyAtSchool,
  type Sent,
} from '../identity/families.ts'
import { startTestPlatform, TOPOLOGIES, type TestPlatform } from '../testkit/platform.ts'

const FAMILY = `query Family($pupil: StudentRef!) {
  student(ref: $pupil) {
    fullName
    guardians { id phone }
    messages(first: 20) { id body }
    subscription { plan { name } }
    consents { id purpose status givenBy guardianId application { code } student { fullName } history { event } }
    consentGivers { kind guardianId relation purposes }
  }
}`

interface Student {
  guardians: { id: string; phone: string }[]
  messages: { id: string }[]
  subscription: object | null
  consents: { status: string; application: { code: string }; history: { event: string }[] }[]
  consentGivers: { guardianId: string | null }[]
}
interface Answer<T> {
  data: T | null
  errors?: { message: string; extensions: Record<string, unknown> }[]
}

describe.each(TOPOLOGIES)('with the platform as %s', (topology) => {
  let platform: TestPlatform
  let token: string
  let schoolId: string
  let families: FamilyAtSchool[]

  beforeAll(async () => {
    platform = await startTestPlatform({ topology })
    token = await (await platform.tokenSource('enetviet')).get()
    const [application] = await platform.database.sql<{ id: string }>(
      `select id from identity.application where code = 'enetviet'`,
    )
    const [talkative] = await platform.database.sql<{ school_id: string }>(
      `select school_id from communications.message where application_id = $1 group by 1 order by count(*) desc limit 1`,
      [application!.id],
    )
    schoolId = talkative!.school_id
    families = await familiesAt(platform.database, schoolId, { consented: { to: application!.id, is: true }, limit: 60 })
  })
  afterAll(() => platform?.close())

  async function ask<T>(
    query: string,
    variables: object,
    { as = token, key }: { as?: string; key?: string } = {},
  ): Promise<Answer<T>> {
    const response = await fetch(`${platform.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${as}`, ...(key ? { 'idempotency-key': key } : {}) },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as Answer<T>
  }
  const seen = async (family: FamilyAtSchool): Promise<Student> => {
    const { data, errors } = await ask<{ student: Student }>(FAMILY, { pupil: { code: family.code } })
    expect(errors).toBeUndefined()
    return data!.student
  }
  const send = async (document: string, more: Sent, options = {}): Promise<Answered> => {
    const { data, errors } = await ask<{ batch: Answered }>(document, { input: { school: { id: schoolId }, ...more } }, options)
    expect(errors).toBeUndefined()
    return data!.batch
  }

  test('a vendor sees the family that consented, and nothing of it after the withdrawal, until it consents again', async () => {
    const family = families[0]!
    const before = await seen(family)
    expect(before.guardians.map(({ id }) => id)).toEqual([family.guardianIds[0]])
    expect(before.messages.length).toBeGreaterThan(0)
    expect(before.subscription).not.toBeNull()
    expect(before.consents).toMatchObject([{ status: 'GIVEN', application: { code: 'enetviet' }, history: [{ event: 'GIVEN' }] }])
    expect(before.consentGivers.map(({ guardianId }) => guardianId)).toEqual(expect.arrayContaining([...family.guardianIds]))

    await send(WITHDRAW_CONSENTS, { withdrawals: [withdrawal(family)] })
    const after = await seen(family)
    expect([after.guardians, after.messages, after.subscription]).toEqual([[], [], null])
    expect(after.consents).toMatchObject([{ status: 'WITHDRAWN', history: [{ event: 'GIVEN' }, { event: 'WITHDRAWN' }] }])

    await send(RECORD_CONSENTS, { consents: [consent(family)] })
    const again = await seen(family)
    expect([again.guardians, again.messages]).toEqual([before.guardians, before.messages])
    expect(await disagreements(platform.database)).toEqual([])
  })

  test('a principal takes a consent back for a family that asks; the vendor loses it, and a principal of another school takes back nothing', async () => {
    const [own] = platform.party('hieu-truong.thpt-hac-thanh').schools
    const [application] = await platform.database.sql<{ id: string }>(
      `select id from identity.application where code = 'enetviet'`,
    )
    const [family] = await familiesAt(platform.database, own!.id, { consented: { to: application!.id, is: true }, limit: 1 })
    expect((await seen(family!)).guardians.length).toBeGreaterThan(0)
    const input = { school: { id: own!.id }, withdrawals: [withdrawal(family!, { application: { code: 'enetviet' } })] }
    const by = async (clientId: string) =>
      ask<{ batch: Answered }>(WITHDRAW_CONSENTS, { input }, { as: await (await platform.tokenSource(clientId)).get() })
    const other = await by('hieu-truong.thcs-hac-thanh')
    expect(other.errors!.map(({ extensions }) => extensions.code)).toEqual(['SCHOOL_NOT_ACCESSIBLE'])
    expect((await seen(family!)).guardians.length).toBeGreaterThan(0)
    expect((await by('hieu-truong.thpt-hac-thanh')).errors).toBeUndefined()
    expect((await seen(family!)).guardians).toEqual([])
  })

  test('withdrawn while reads are in flight: no read that begins afterwards shows anything', async () => {
    const family = families[1]!
    const readers = Array.from({ length: 6 }, () => seen(family))
    await send(WITHDRAW_CONSENTS, { withdrawals: [withdrawal(family)] })
    const later = await Promise.all(Array.from({ length: 6 }, () => seen(family)))
    await Promise.all(readers)
    for (const { guardians, messages } of later) expect([guardians, messages]).toEqual([[], []])
  })

  test('a batch with bad rows lands but for them, and its retry has one effect', async () => {
    const sent = families.slice(2, 52).map((family) => consent(family))
    const consents = sent.with(7, { ...sent[7]!, guardianId: randomUUID() })
    const first = await send(RECORD_CONSENTS, { consents }, { key: 'form-2026' })
    expect(first.summary).toEqual({ created: 0, updated: 49, unchanged: 0, rejected: 1, conflicts: 0 })
    expect(first.results[7]).toMatchObject({
      status: 'REJECTED',
      errors: [{ code: 'GUARDIAN_NOT_OF_STUDENT', path: 'guardianId' }],
    })
    expect(await send(RECORD_CONSENTS, { consents }, { key: 'form-2026' })).toEqual(first)
    const other = await ask(RECORD_CONSENTS, { input: { school: { id: schoolId }, consents: sent } }, { key: 'form-2026' })
    expect(other.errors?.map(({ extensions }) => extensions.code)).toEqual(['IDEMPOTENCY_MISMATCH'])
  })

  test('a thousand records pass the door in one request', async () => {
    const sent = Array.from({ length: 1_000 }, (_, turn) => consent(families[turn % families.length]!, { purpose: 'RESEARCH' }))
    const { data, errors } = await ask<{ batch: Answered }>(
      `mutation RecordConsents($input: RecordConsentsInput!) { batch: recordConsents(input: $input) { summary { created updated unchanged rejected conflicts } } }`,
      { input: { school: { id: schoolId }, consents: sent } },
    )
    expect(errors).toBeUndefined()
    expect(Object.values(data!.batch.summary).reduce((sum, count) => sum + count, 0)).toBe(1_000)
  })

  test('a product without the scope records nothing, and compliance reads that consents exist, not whose', async () => {
    const smas = await (await platform.tokenSource('smas')).get()
    const refused = await ask(
      RECORD_CONSENTS,
      { input: { school: { id: schoolId }, consents: [consent(families[0]!)] } },
      { as: smas },
    )
    expect(refused.errors?.map(({ extensions }) => [extensions.code, extensions.missingScopes])).toEqual([
      ['SCOPE_MISSING', ['consent.write']],
    ])
    const compliance = await (await platform.tokenSource('tuan-thu')).get()
    const page = await ask<{ consents: { nodes: object[] } }>(
      `{ consents(first: 5) { nodes { status purpose evidence { kind reference } application { code } history { event } } } }`,
      {},
      { as: compliance },
    )
    expect(page.data!.consents.nodes).toHaveLength(5)
    const whose = await ask(`{ consents(first: 5) { nodes { student { id } } } }`, {}, { as: compliance })
    expect([whose.data ?? null, whose.errors?.map(({ extensions }) => extensions.code)]).toEqual([null, ['SCOPE_MISSING']])
  })
})
