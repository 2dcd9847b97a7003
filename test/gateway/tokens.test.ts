// Who may come in: every fault of a token has its own code, and the rights are those of this moment, not of the token's hour.
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { ALL_SCOPES, openDoor, putClient, STRANGER_KEY, tellGrantsChanged, type Door } from './support/door.ts'

let database: TestDatabase
let door: Door

beforeAll(async () => {
  database = await freshDatabase({ province: false })
  door = await openDoor(database)
  await putClient(database, 'smas')
})

afterAll(async () => {
  await door?.close()
  await database?.drop()
})

const challenge = async (token: string | null, headers?: Record<string, string>) => {
  const answer = await door.ask('{ __typename }', { token, headers })
  return { status: answer.status, codes: answer.codes, data: answer.body.data, challenge: answer.headers.get('www-authenticate') }
}

test('a valid token of an active client opens the door', async () => {
  expect(await challenge(await door.token())).toEqual({ status: 200, codes: [], data: { __typename: 'Query' }, challenge: null })
})

describe('without a token of ours', () => {
  test('nothing is answered, not even __typename', async () => {
    expect(await challenge(null)).toEqual({
      status: 401,
      codes: ['UNAUTHENTICATED'],
      data: undefined,
      challenge: 'Bearer realm="lienthong"',
    })
  })

  test('introspection is not answered', async () => {
    const answer = await door.ask('{ __schema { types { name } } }', { token: null })
    expect([answer.status, answer.codes]).toEqual([401, ['UNAUTHENTICATED']])
  })

  test('a field that does not exist is not corrected', async () => {
    const answer = await door.ask('{ scool }', { token: null })
    expect(answer.text).not.toMatch(/school|Did you mean|scool/)
  })

  test.each(['Basic c21hczp4', 'Bearer', 'Bearer a b', 'token'])('the header %j is no bearer token', async (authorization) => {
    expect((await challenge(null, { authorization })).codes).toEqual(['UNAUTHENTICATED'])
  })
})

describe('a token that', () => {
  test('has expired is told so', async () => {
    const told = await challenge(await door.token({ expiresIn: -60 }))
    expect([told.status, told.codes]).toEqual([401, ['TOKEN_EXPIRED']])
    expect(told.challenge).toMatch(
      /^Bearer realm="lienthong", error="invalid_token", error_description="The access token has expired/,
    )
  })

  test('expires while it is in use is refused from then on', async () => {
    let now = Date.now()
    const clocked = await openDoor(database, { now: () => new Date(now) })
    try {
      const token = await clocked.token({ expiresIn: 60 })
      const before = await clocked.ask('{ __typename }', { token })
      // From when the token was made: opening a door takes a while.
      now = Date.now() + 64_000
      const after = await clocked.ask('{ __typename }', { token })
      expect([before.status, after.codes]).toEqual([200, ['TOKEN_EXPIRED']])
    } finally {
      await clocked.close()
    }
  })

  test('was issued for another audience is told so', async () => {
    expect((await challenge(await door.token({ audience: 'https://elsewhere.example/graphql' }))).codes).toEqual([
      'TOKEN_AUDIENCE',
    ])
  })

  test.each([
    ['was signed by another key', { key: STRANGER_KEY }],
    ['was issued by somebody else', { issuer: 'https://evil.example' }],
    ['is of another type, such as an ID token', { typ: 'JWT' }],
    ['names no client', { clientId: '' }],
  ])('%s is refused', async (_, wishes) => {
    const told = await challenge(await door.token(wishes))
    expect([told.status, told.codes, told.data]).toEqual([401, ['TOKEN_INVALID'], undefined])
  })

  test('is signed with the public key as a shared secret is refused', async () => {
    const secret = new TextEncoder().encode('the public key, which everybody can read')
    const token = await new SignJWT({ client_id: 'smas', scope: 'school.read' })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setIssuer(new URL(door.url).origin)
      .setAudience(door.url)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(secret)
    expect((await challenge(token)).codes).toEqual(['TOKEN_INVALID'])
  })

  test('says that it needs no signature is refused', async () => {
    const [, payload] = (await door.token()).split('.')
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url')
    expect((await challenge(`${header}.${payload}.`)).codes).toEqual(['TOKEN_INVALID'])
  })

  test('was altered is refused', async () => {
    const [header, payload, signature] = (await door.token({ scope: 'school.read' })).split('.')
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString())
    const raised = Buffer.from(JSON.stringify({ ...claims, scope: ALL_SCOPES.join(' ') })).toString('base64url')
    expect((await challenge(`${header}.${raised}.${signature}`)).codes).toEqual(['TOKEN_INVALID'])
  })
})

describe('the client behind the token', () => {
  test('may do what both the registry and the token say', async () => {
    await putClient(database, 'both', { scopes: ['school.read', 'gradebook.read'] })
    const narrow = await door.token({ clientId: 'both', scope: 'school.read student.basic.read' })
    const [held, notRegistered, notInToken] = await Promise.all([
      door.ask('{ school(id: "x") { name } }', { token: narrow }),
      door.ask('{ students { name } }', { token: narrow }),
      door.ask('{ students { scores { value } } }', { token: narrow }),
    ])
    expect([
      held.status,
      notRegistered.body.errors?.[0]?.extensions.missingScopes,
      notInToken.body.errors?.[0]?.extensions.missingScopes,
    ]).toEqual([200, ['student.basic.read'], ['gradebook.read', 'student.basic.read']])
  })

  test('that is suspended is refused on its next request after the news, with a token that is still valid', async () => {
    await putClient(database, 'soon-suspended')
    const token = await door.token({ clientId: 'soon-suspended' })
    expect((await door.ask('{ __typename }', { token })).status).toBe(200)
    await putClient(database, 'soon-suspended', { status: 'SUSPENDED' })
    await tellGrantsChanged(database, 'soon-suspended')
    await expect
      .poll(async () => (await door.ask('{ __typename }', { token })).codes, { timeout: 5_000, interval: 10 })
      .toEqual(['APPLICATION_SUSPENDED'])
    expect((await door.ask('{ __typename }', { token })).status).toBe(403)
  })

  test('loses a scope on the next request after the news', async () => {
    await putClient(database, 'soon-narrow')
    const token = await door.token({ clientId: 'soon-narrow' })
    expect((await door.ask('{ students { name } }', { token })).status).toBe(200)
    await putClient(database, 'soon-narrow', { scopes: ['school.read'] })
    await tellGrantsChanged(database, '*')
    await expect
      .poll(async () => (await door.ask('{ students { name } }', { token })).codes, { timeout: 5_000, interval: 10 })
      .toEqual(['SCOPE_MISSING'])
  })

  test.each([
    ['was revoked', { status: 'REVOKED' }, ['TOKEN_REVOKED']],
    ['is registered for another environment', { environment: 'PRODUCTION' }, ['APPLICATION_SUSPENDED']],
  ])('that %s is refused', async (name, wishes, codes) => {
    await putClient(database, name, wishes)
    expect((await challenge(await door.token({ clientId: name }))).codes).toEqual(codes)
  })

  test('that is not in the registry is refused', async () => {
    expect((await challenge(await door.token({ clientId: 'nobody' }))).codes).toEqual(['TOKEN_REVOKED'])
  })
})

describe('the keys of the issuer', () => {
  test('that cannot be read are no reason to let somebody in', async () => {
    const blind = await openDoor(database, { jwks: () => Promise.reject(new Error('identity is away')) })
    try {
      const answer = await blind.ask('{ __typename }')
      expect([answer.status, answer.codes, answer.headers.get('retry-after')]).toEqual([503, ['SERVICE_UNAVAILABLE'], '2'])
    } finally {
      await blind.close()
    }
  })

  test('are asked for once, not for every forged key id', async () => {
    let asked = 0
    const counting = await openDoor(database, { jwks: async () => ((asked += 1), { keys: [] }) })
    try {
      for (let attempt = 0; attempt < 20; attempt++)
        expect((await counting.ask('{ __typename }')).codes).toEqual(['TOKEN_INVALID'])
      expect(asked).toBe(1)
    } finally {
      await counting.close()
    }
  })
})
