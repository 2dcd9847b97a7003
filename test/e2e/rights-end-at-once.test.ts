// Rights end at once, through the public door and in both topologies: the very next request is refused, tokens in flight included.
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTokenSource } from '../../sdk/token-source.ts'
import { startTestPlatform, TOPOLOGIES, type TestPlatform } from '../testkit/platform.ts'

interface Answer<T> {
  data?: T | null
  errors?: { extensions: { code: string } }[]
}

describe.each(TOPOLOGIES)('with the platform as %s', (topology) => {
  let platform: TestPlatform
  let officer: string
  const tokens = new Map<string, string>()

  beforeAll(async () => {
    platform = await startTestPlatform({ topology })
    // Principals of the sandbox leave their staff to their products; here one keeps it.
    await platform.database.sql(
      `update access.client set scopes = scopes || '{staff.write}' where client_id = 'hieu-truong.thpt-hac-thanh'`,
    )
    officer = await tokenOf('can-bo-so')
  })
  afterAll(() => platform?.close())

  /** One token a party, kept: what is shown here happens to tokens in flight. */
  async function tokenOf(clientId: string): Promise<string> {
    const known = tokens.get(clientId) ?? (await (await platform.tokenSource(clientId)).get())
    tokens.set(clientId, known)
    return known
  }

  async function ask<T = Record<string, { id: string }>>(token: string, query: string, variables = {}): Promise<Answer<T>> {
    const response = await fetch(platform.sandbox.graphql, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as Answer<T>
  }
  const codes = async (token: string, query: string, variables = {}): Promise<string[]> =>
    ((await ask(token, query, variables)).errors ?? []).map(({ extensions }) => extensions.code)

  const WHO = '{ viewer { displayName } }'
  const SUSPEND = `mutation ($code: String!) { suspendApplication(application: { code: $code }, reason: "Sự cố dữ liệu") { status } }`
  const REINSTATE = `mutation ($code: String!) { reinstateApplication(application: { code: $code }, reason: "Đã khắc phục") { status } }`

  test('a suspended application is refused on its next request, and let in again on the one after the suspension is lifted', async () => {
    const smas = await tokenOf('smas')
    for (let round = 0; round < 3; round += 1) {
      expect(await codes(smas, WHO)).toEqual([])
      expect(await codes(officer, SUSPEND, { code: 'smas' })).toEqual([])
      expect(await codes(smas, WHO)).toEqual(['APPLICATION_SUSPENDED'])
      expect(await codes(officer, REINSTATE, { code: 'smas' })).toEqual([])
    }
    expect(await codes(smas, WHO)).toEqual([])
    expect(await codes(await tokenOf('vnedu'), WHO)).toEqual([])
  })

  test('while the gateway cannot be told of changes it remembers nothing, and a suspension acts all the same', async () => {
    const smas = await tokenOf('smas')
    for (let round = 0; round < 3; round += 1) {
      expect(await codes(smas, WHO)).toEqual([])
      await platform.database.sql(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lienthong gateway grants' and datname = current_database()`,
      )
      expect(await codes(officer, SUSPEND, { code: 'smas' })).toEqual([])
      expect(await codes(smas, WHO)).toEqual(['APPLICATION_SUSPENDED'])
      expect(await codes(officer, REINSTATE, { code: 'smas' })).toEqual([])
    }
  })

  test('an agreement that the principal narrows to other school years closes its pupils on the next request, the school staying open', async () => {
    const principal = await tokenOf('hieu-truong.thpt-hac-thanh')
    const [own] = platform.party('hieu-truong.thpt-hac-thanh').schools
    type Row = { id: string; purpose: string; scopes: { name: string }[]; validFrom: string; validTo: string }
    type Listed = { school: { agreements: (Row & { state: string; application: { code: string } })[] } }
    const listed = await ask<Listed>(
      principal,
      `query ($code: String!) { school(ref: { code: $code }) {
        agreements { id purpose scopes { name } validFrom validTo state application { code } } } }`,
      { code: own!.code },
    )
    const { id, purpose, scopes, validFrom, validTo, application } = listed.data!.school.agreements.find(
      (each) => each.state === 'SIGNED' && each.scopes.some(({ name }) => name === 'gradebook.read'),
    )!
    const product = await tokenOf(application.code)
    const READ = `query ($code: String!) { school(ref: { code: $code }) { name students(first: 1) { nodes { id } } } }`
    type Read = { school: { students: { nodes: unknown[] } } }
    const pupils = async () => (await ask<Read>(product, READ, { code: own!.code })).data!.school.students.nodes.length
    expect(await pupils()).toBe(1)
    const AMEND = `mutation ($id: ID!, $terms: AgreementTermsInput!) { amendAgreement(agreementId: $id, terms: $terms) { state } }`
    const terms = { purpose, scopes: scopes.map(({ name }) => name), schoolYears: ['2025-2026'], validFrom, validTo }
    expect(await codes(principal, AMEND, { id, terms })).toEqual([])
    expect(await pupils()).toBe(0)
    const PEER = `query ($id: ID!) { student(ref: { id: $id }) { id } }`
    const [pupil] = await platform.database.sql<{ id: string }>(`select id from schools.student where school_id = $1 limit 1`, [
      own!.id,
    ])
    expect(await codes(product, PEER, { id: pupil!.id })).toEqual(['RECORD_NOT_ACCESSIBLE'])
  })

  test('an agreement that the principal ends closes the school on the next request, and that school alone', async () => {
    const principal = await tokenOf('hieu-truong.thpt-hac-thanh')
    const [own] = platform.party('hieu-truong.thpt-hac-thanh').schools
    type Access = { school: { applicationAccess: { agreementId: string; application: { code: string } }[] } }
    const listed = await ask<Access>(
      principal,
      `query ($code: String!) { school(ref: { code: $code }) { applicationAccess { agreementId application { code } lastUsedAt } } }`,
      {
        code: own!.code,
      },
    )
    const { agreementId, application } = listed.data!.school.applicationAccess[0]!
    const product = await tokenOf(application.code)
    const READ = `query ($code: String!) { school(ref: { code: $code }) { name } }`
    const other = platform
      .party(application.code)
      .schools.find(({ code, scopes }) => code !== own!.code && scopes.includes('school.read'))!
    expect(await codes(product, READ, { code: own!.code })).toEqual([])
    const END = `mutation ($id: ID!) { endAgreement(agreementId: $id, reason: "Đổi nhà cung cấp") { state } }`
    expect(await codes(principal, END, { id: agreementId })).toEqual([])
    expect(await codes(product, READ, { code: own!.code })).toEqual(['SCHOOL_NOT_ACCESSIBLE'])
    expect(await codes(product, READ, { code: other.code })).toEqual([])
  })

  test('an agreement that the commune stops closes the school on the next request; of a school it does not manage it sees none', async () => {
    const commune = await tokenOf('can-bo-hac-thanh')
    type Listed = {
      agreements: { nodes: { id: string; state: string; school: { id: string }; application: { code: string } }[] }
    }
    const LIST = `{ agreements(first: 500) { nodes { id state school { id } application { code } } } }`
    const managed = (
      await platform.database.sql<{ school_id: string }>(
        `select o.school_id from access.oversight o join schools.authority a on a.id = o.authority_id
         where a.code = 'UBND-14797' and o.kind = 'MANAGING' and o.valid_to is null`,
      )
    ).map(({ school_id }) => school_id)
    const { nodes } = (await ask<Listed>(commune, LIST)).data!.agreements
    expect(nodes.filter(({ school }) => !managed.includes(school.id))).toEqual([])
    const [elsewhere] = await platform.database.sql<{ id: string }>(
      `select id from identity.agreement where ended_at is null and school_id <> all ($1::uuid[]) limit 1`,
      [managed],
    )
    const STOP = `mutation ($id: ID!) { stopAgreement(agreementId: $id, reason: "Vi phạm cam kết") { state } }`
    expect(await codes(commune, STOP, { id: elsewhere!.id })).toEqual(['RECORD_NOT_ACCESSIBLE'])
    const { id, school, application } = nodes.find(({ state }) => state === 'SIGNED')!
    const product = await tokenOf(application.code)
    const READ = `query ($id: ID!) { school(ref: { id: $id }) { name } }`
    expect(await codes(product, READ, { id: school.id })).toEqual([])
    expect(await codes(commune, STOP, { id })).toEqual([])
    expect(await codes(product, READ, { id: school.id })).toEqual(['SCHOOL_NOT_ACCESSIBLE'])
  })

  test('a teacher whom the principal removes is refused on the next request', async () => {
    const teacher = await tokenOf('giao-vien-1.thcs-hac-thanh')
    const principal = await tokenOf('hieu-truong.thcs-hac-thanh')
    expect(await codes(teacher, WHO)).toEqual([])
    const [{ account_id: id }] = (await platform.database.sql<{ account_id: string }>(
      `select account_id from access.client where client_id = 'giao-vien-1.thcs-hac-thanh'`,
    )) as [{ account_id: string }]
    const REMOVE = `mutation ($id: ID!) { removeAccount(accountId: $id, reason: "Nghỉ việc") { endedOn } }`
    expect(await codes(await tokenOf('hieu-truong.thpt-hac-thanh'), REMOVE, { id })).toEqual(['RECORD_NOT_ACCESSIBLE'])
    expect(await codes(principal, REMOVE, { id })).toEqual([])
    expect(await codes(teacher, WHO)).toEqual(['TOKEN_REVOKED'])
  })

  test('a teacher of whom the school records that they have left is refused on the next request', async () => {
    const teacher = await tokenOf('giao-vien-1.thpt-hac-thanh')
    const READ = `{ viewer { schoolCount } }`
    expect(await ask(teacher, READ)).toMatchObject({ data: { viewer: { schoolCount: 1 } } })
    const [leaver] = await platform.database.sql<{ schoolId: string; code: string; fullName: string; position: string }>(
      `select s.school_id as "schoolId", s.code, s.full_name as "fullName", s.position
       from access.client c join access.membership m on m.account_id = c.account_id
       join schools.staff s on s.school_id = m.school_id and s.id = m.staff_id
       where c.client_id = 'giao-vien-1.thpt-hac-thanh'`,
    )
    const { schoolId, ...staff } = leaver!
    const LEAVE = `mutation ($input: UpsertStaffInput!) { upsertStaff(input: $input) { summary { updated rejected } results { status errors { code path } } } }`
    const leave = (status: number) =>
      ask<{ upsertStaff: { summary: object } }>(principal, LEAVE, {
        input: { school: { id: schoolId }, staff: [{ ...staff, sex: 'FEMALE', status }] },
      })
    const principal = await tokenOf('hieu-truong.thpt-hac-thanh')
    // On leave (4) is still of the school.
    expect(await leave(4)).toMatchObject({ data: { upsertStaff: { summary: { updated: 1, rejected: 0 } } } })
    expect(await codes(teacher, READ)).toEqual([])
    // Moved to another school (3): R26.
    expect(await leave(3)).toMatchObject({ data: { upsertStaff: { summary: { updated: 1, rejected: 0 } } } })
    expect(await codes(teacher, READ)).toEqual(['TOKEN_REVOKED'])
  })

  test('a revoked key takes its tokens with it, while the key that replaced it goes on', async () => {
    const before = await tokenOf('vnedu')
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const key = JSON.stringify(publicKey.export({ format: 'jwk' }))
    const ROTATE = `mutation ($key: String!) { rotateCredential(application: { code: "vnedu" }, publicKey: $key, overlapHours: 24) { id } }`
    const fresh = (await ask(before, ROTATE, { key })).data!.rotateCredential!.id
    expect(await codes(before, WHO)).toEqual([])
    // Both keys serve during the overlap.
    expect(await (await platform.tokenSource('vnedu')).get()).toBeTruthy()

    const KEYS = `{ application(ref: { code: "vnedu" }) { credentials { id } } }`
    const { credentials } = (await ask<{ application: { credentials: { id: string }[] } }>(before, KEYS)).data!.application
    const former = credentials.find(({ id }) => id !== fresh)!.id
    expect(
      await codes(before, `mutation ($id: ID!) { revokeCredential(credentialId: $id, reason: "Lộ khóa") { revokedAt } }`, {
        id: former,
      }),
    ).toEqual([])
    expect(await codes(before, WHO)).toEqual(['TOKEN_REVOKED'])
    await expect((await platform.tokenSource('vnedu')).get()).rejects.toThrow()

    const source = createTokenSource({
      tokenEndpoint: platform.sandbox.tokenEndpoint,
      issuer: platform.sandbox.issuer,
      clientId: 'vnedu',
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    })
    // A token counts whole seconds: the first second after the revocation belongs to the revoked.
    const answered = async (): Promise<string[]> => {
      const token = await source.get()
      const refusals = await codes(token, WHO)
      if (refusals.length > 0) source.drop(token)
      return refusals
    }
    await expect.poll(answered, { timeout: 5_000 }).toEqual([])
  })

  test('an application that is revoked for good is refused, and gets no token either', async () => {
    const enetviet = await tokenOf('enetviet')
    expect(await codes(enetviet, WHO)).toEqual([])
    const REVOKE = `mutation { revokeApplication(application: { code: "enetviet" }, reason: "Bán dữ liệu học sinh") { status } }`
    expect(await codes(officer, REVOKE)).toEqual([])
    expect(await codes(enetviet, WHO)).toEqual(['TOKEN_REVOKED'])
    await expect((await platform.tokenSource('enetviet')).get()).rejects.toThrow()
  })
})
