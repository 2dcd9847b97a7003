// A vendor comes alone, through the public door, in both topologies: from signing up to a key for production.
import { generateKeyPair, exportJWK, type CryptoKey } from 'jose'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, type Client } from '../../sdk/client.ts'
import * as sdk from '../../sdk/generated/graphql.ts'
import { fromBase32, totpCode, totpStep } from '../../subgraphs/identity/people/totp.ts'
import { signInByBrowser } from '../../platform/sandbox/sign-in.ts'
import { ask, CALLBACK, credentialsOf, discover, graphql, Surfer } from '../testkit/person.ts'
import { startTestPlatform, TOPOLOGIES, type TestPlatform } from '../testkit/platform.ts'

const PORTAL = 'lien-thong-portal'
const ME = {
  email: 'trang@hong-duc.example',
  displayName: 'Phạm Thu Trang',
  organisation: 'Công ty TNHH Phần mềm Hồng Đức',
  password: 'một mật khẩu đủ dài',
}
const CREATE = `mutation { createSandbox(input: { name: "Thử sổ điểm" }) {
  clientId clientSecret tenant { id application { code } schools { id code levels } } } }`
const RESET = `mutation ($id: ID!) { resetSandbox(id: $id) { resets } }`
const VENDOR = {
  code: 'hong-duc',
  legalName: ME.organisation,
  taxCode: '2801112220',
  contactName: ME.displayName,
  contactEmail: ME.email,
  dataProtectionOfficer: 'Trịnh Văn Lâm',
  dataProtectionOfficerEmail: 'dpo@hong-duc.example',
}

interface Created {
  clientId: string
  clientSecret: string
  tenant: { id: string; schools: { id: string; code: string; levels: string[] }[] }
}

describe.each(TOPOLOGIES)('with the platform as %s', (topology) => {
  let platform: TestPlatform
  let totpSecret: string
  let developer: string
  let sandbox: Created
  let application: Client
  let officer: string

  beforeAll(async () => {
    platform = await startTestPlatform({ topology })
    officer = await (await platform.tokenSource('can-bo-so')).get()
  }, 180_000)
  afterAll(() => platform?.close(), 60_000)

  const issuer = () => new URL(platform.sandbox.issuer)
  const insecure: client.DiscoveryRequestOptions = { algorithm: 'oauth2', execute: [client.allowInsecureRequests] }
  /** Data of an operation that succeeds. */
  async function did<T>(token: string, document: string, variables: Record<string, unknown> = {}): Promise<T> {
    const { data, codes } = await graphql(platform, token, document, variables)
    expect(codes).toEqual([])
    return data as T
  }
  const refused = async (token: string, document: string, variables: Record<string, unknown> = {}): Promise<readonly string[]> =>
    (await graphql(platform, token, document, variables)).codes

  async function signIn(): Promise<string> {
    const configuration = await discover(platform, PORTAL)
    const asked = await ask(configuration, 'identity.read school.read student.basic.read gradebook.read staff.read')
    const surfer = new Surfer(platform.sandbox.issuer)
    // The code of the moment has served at signing up.
    const code = totpCode(fromBase32(totpSecret), totpStep(new Date()) + 1)
    const page = await surfer.submit(await surfer.open(asked.url.href), {
      email: ME.email,
      password: ME.password,
      code,
      decision: 'go',
    })
    const back = await surfer.submit(page, { decision: 'allow' })
    expect(back.url.startsWith(CALLBACK)).toBe(true)
    const answer = await client.authorizationCodeGrant(configuration, new URL(back.url), {
      pkceCodeVerifier: asked.verifier,
      expectedState: asked.state,
    })
    return answer.access_token
  }

  test('a developer signs up and signs in, as nobody yet', async () => {
    const surfer = new Surfer(platform.sandbox.issuer)
    const form = await surfer.open(`${platform.sandbox.issuer}/oauth/sign-up`)
    const asked = await surfer.submit(form, { ...ME, repeated: ME.password })
    totpSecret = /class="key">([^<]*)</.exec(asked.text)![1]!.replaceAll(' ', '')
    const ticket = /name="ticket" value="([^"]*)"/.exec(asked.text)![1]!
    const done = await surfer.submit(asked, { ticket, code: totpCode(fromBase32(totpSecret), totpStep(new Date())) })
    expect([done.status, done.text]).toEqual([200, expect.stringContaining('Đã nhận đăng ký')])
    developer = await signIn()
    expect(await did(developer, '{ viewer { kind role schoolCount } vendors(first: 5) { nodes { code } } }')).toEqual({
      viewer: { kind: 'PERSON', role: 'DEVELOPER', schoolCount: 0 },
      vendors: { nodes: [] },
    })
  })

  test('the terminal hands on the token of whoever signs in', async () => {
    const shown = Promise.withResolvers<string>()
    const token = signInByBrowser(platform.sandbox, ['identity.read', 'report.read'], shown.resolve)
    const surfer = new Surfer(platform.sandbox.issuer)
    const credentials = await credentialsOf(platform, 'can-bo-so')
    const page = await surfer.submit(await surfer.open(await shown.promise), { ...credentials, decision: 'go' })
    const back = new URL((await surfer.submit(page, { decision: 'allow' })).url)
    const forged = new URL(back)
    forged.searchParams.set('state', 'of another request')
    expect((await fetch(forged)).status).toBe(404)
    expect((await fetch(back)).status).toBe(200)
    expect(await did(await token, '{ viewer { role } }')).toEqual({ viewer: { role: 'AUTHORITY_OFFICER' } })
  })

  test('one call gives a sandbox with credentials, and the secret gives a token', async () => {
    sandbox = (await did<{ createSandbox: Created }>(developer, CREATE)).createSandbox
    expect(sandbox.tenant.schools.map(({ levels }) => levels)).toEqual([['TH'], ['THCS']])
    const configuration = await client.discovery(
      issuer(),
      sandbox.clientId,
      undefined,
      client.ClientSecretBasic(sandbox.clientSecret),
      insecure,
    )
    const { access_token } = await client.clientCredentialsGrant(configuration)
    application = createClient({
      endpoint: platform.sandbox.graphql,
      token: { get: async () => access_token, drop: () => undefined },
      retries: 0,
    })
    const { viewer } = await application.get(sdk.WhoAmIDocument, {})
    expect(viewer.displayName).toBe('Thử sổ điểm')
    expect(await did(access_token, '{ schools(first: 10) { nodes { code } } }')).toEqual({
      schools: { nodes: sandbox.tenant.schools.map(({ code }) => ({ code })) },
    })
    expect(await did(developer, '{ viewer { schoolCount } }')).toEqual({ viewer: { schoolCount: 2 } })
    const wrong = await client.discovery(issuer(), sandbox.clientId, undefined, client.ClientSecretBasic('wrong'), insecure)
    await expect(client.clientCredentialsGrant(wrong)).rejects.toMatchObject({ status: 401 })
  })

  test('it reads its own pupils and writes a mark, and a reset takes the mark away', async () => {
    const { code } = sandbox.tenant.schools[1]!
    const { classRooms } = (await application.get(sdk.ClassesDocument, { school: { code }, filter: { grade: 6 } })).school
    const room = { id: classRooms.nodes[0]!.id }
    const page = (await application.get(sdk.ClassPageDocument, { classRoom: room })).classRoom
    expect(page.students.length).toBeGreaterThan(30)
    const { teacher } = page.teachingAssignments.find(({ subject, term }) => subject?.code === 'TOAN' && term?.code === 'HKI')!
    const pupil = page.students[0]!.code
    const marks = async () =>
      (await application.get(sdk.ClassMarksDocument, { classRoom: room, term: 'HKI', subject: 'TOAN' })).classRoom.students
        .find((student) => student.code === pupil)!
        .scores.map(({ kind, ordinal, value }) => `${kind} ${ordinal} ${value}`)
    const before = await marks()
    const { recordScores } = await application.get(sdk.RecordScoresDocument, {
      input: {
        school: { code },
        schoolYear: '2026-2027',
        classRoom: room,
        subject: 'TOAN',
        term: 'HKI',
        mode: 'PARTIAL',
        scores: [{ student: { code: pupil }, kind: 'FINAL', ordinal: 1, value: 8.5, enteredBy: { code: teacher!.code } }],
      },
    })
    expect(recordScores.results[0]!.status).toBe('CREATED')
    expect(await marks()).toContain('FINAL 1 8.5')
    expect(await did(developer, RESET, { id: sandbox.tenant.id })).toEqual({ resetSandbox: { resets: 1 } })
    expect(await marks()).toEqual(before)
  })

  test('nobody of the province sees it', async () => {
    const [school] = sandbox.tenant.schools
    const smas = await (await platform.tokenSource('smas')).get()
    const document = 'query ($ref: SchoolRef!) { school(ref: $ref) { id } }'
    expect(await did(developer, document, { ref: { code: school!.code } })).toEqual({ school: { id: school!.id } })
    for (const token of [smas, officer])
      for (const ref of [{ id: school!.id }, { code: school!.code }, { code: 'SBNOBODY001' }])
        expect(await refused(token, document, { ref })).toEqual(['SCHOOL_NOT_ACCESSIBLE'])
  })

  test('the vendor registers, asks, is approved by the Sở, and only then has a key for production', async () => {
    await did(developer, 'mutation ($input: RegisterVendorInput!) { registerVendor(input: $input) { id } }', { input: VENDOR })
    const registered = await did<{ registerApplication: { id: string } }>(
      developer,
      `mutation { registerApplication(input: { code: "hong-duc-so", name: "Sổ điểm Hồng Đức", kind: SCHOOL_MANAGEMENT, environment: PRODUCTION }) { id status environment } }`,
    )
    expect(registered.registerApplication).toMatchObject({ status: 'DRAFT', environment: 'PRODUCTION' })
    const ref = { id: registered.registerApplication.id }
    await did(
      developer,
      `mutation ($ref: ApplicationRef!) { requestScopes(application: $ref, scopes: [{ scope: "school.read", purpose: "Danh sách lớp" }, { scope: "gradebook.write", purpose: "Sổ điểm" }]) { status } }`,
      { ref },
    )
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
    const rotate =
      'mutation ($ref: ApplicationRef!, $key: String!) { rotateCredential(application: $ref, publicKey: $key) { thumbprint } }'
    const key = JSON.stringify(await exportJWK(publicKey))
    expect(await refused(developer, rotate, { ref, key })).toEqual(['CREDENTIAL_BEFORE_APPROVAL'])
    await expect(tokenOf('hong-duc-so', privateKey)).rejects.toMatchObject({ error: 'invalid_client' })

    const approve =
      'mutation ($ref: ApplicationRef!, $input: ApprovalInput!) { approveApplication(application: $ref, input: $input) { status } }'
    const input = { decisionNumber: '0990/QĐ-SGDĐT', scopes: ['school.read'], validFrom: '2026-11-01', validTo: '2028-10-31' }
    expect(await refused(developer, approve, { ref, input })).toEqual(['SCOPE_MISSING'])
    await did(officer, approve, { ref, input })
    await did(developer, rotate, { ref, key })
    const token = await tokenOf('hong-duc-so', privateKey)
    expect(token.scope).toBe('school.read')
    // It is of production, and this is the sandbox.
    expect(await refused(token.access_token, '{ viewer { displayName } }')).toEqual(['APPLICATION_SUSPENDED'])
    const told = await did<{ registryEvents: { nodes: { subject: string; act: string; partyName: string }[] } }>(
      developer,
      '{ registryEvents(first: 20) { nodes { subject act partyName } } }',
    )
    const acts = told.registryEvents.nodes.map(({ subject, act }) => `${subject} ${act}`)
    expect(acts.toReversed()).toEqual([
      'APPLICATION CREATE_SANDBOX',
      'APPLICATION RESET_SANDBOX',
      'VENDOR REGISTER',
      'APPLICATION REGISTER',
      'APPLICATION REQUEST',
      'APPLICATION APPROVE',
      'CREDENTIAL ROTATE',
    ])
    expect(told.registryEvents.nodes.find(({ act }) => act === 'REQUEST')!.partyName).toBe(ME.displayName)
  })

  async function tokenOf(clientId: string, key: CryptoKey): Promise<client.TokenEndpointResponse> {
    const configuration = await client.discovery(issuer(), clientId, undefined, client.PrivateKeyJwt(key), insecure)
    return client.clientCredentialsGrant(configuration)
  }
})
