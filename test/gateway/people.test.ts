// Tokens that name a person: which pairs of client and person the door lets in, and as whom.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { auditOf, openDoor, putClient, type Door } from './support/door.ts'

const TEACHER = randomUUID()
const PORTAL = 'portal'
let database: TestDatabase
let door: Door

beforeAll(async () => {
  database = await freshDatabase({ province: false })
  door = await openDoor(database)
  await putClient(database, 'smas')
  await database.sql(
    `insert into access.client (client_id, first_party, display_name, environment, scopes, status, jwks, updated_at)
     values ($1, true, 'Cổng Liên Thông', 'SANDBOX', '{school.read,staff.read}', 'ACTIVE', '{"keys":[]}', now())`,
    [PORTAL],
  )
  await database.sql(
    `insert into identity.account (id, email, display_name, role, scopes, status, updated_at)
     values ($1, 'gv@thpt.example', 'Lê Thị Hoa', 'TEACHER', '{school.read}', 'ACTIVE', now())`,
    [TEACHER],
  )
  await database.sql(`insert into access.person (account_id, role, status) values ($1, 'TEACHER', 'ACTIVE')`, [TEACHER])
  await database.sql(
    `insert into access.client (client_id, account_id, display_name, environment, scopes, status, jwks, updated_at)
     values ('script', $1, 'Lê Thị Hoa', 'SANDBOX', '{school.read}', 'ACTIVE', '{"keys":[]}', now())`,
    [TEACHER],
  )
})
afterAll(async () => {
  await door?.close()
  await database?.drop()
})

const ask = async (clientId: string, claims: Record<string, unknown> = {}) => {
  const requestId = randomUUID()
  const { codes } = await door.ask('{ __typename }', {
    token: await door.token({ clientId, claims }),
    headers: { 'x-request-id': requestId },
  })
  return { codes, record: (await auditOf(database, requestId))[0] as (Record<string, unknown> & object) | undefined }
}
const codesOf = async (clientId: string, claims?: Record<string, unknown>) => (await ask(clientId, claims)).codes
const actedBy = (clientId: string) => ({ sub: TEACHER, act: { sub: clientId } })

describe('the door opens', () => {
  test('to a person at a client of the platform, who is written down as that person', async () => {
    const { codes, record } = await ask(PORTAL, { sub: TEACHER })
    expect(codes).toEqual([])
    expect(record).toMatchObject({ client_id: PORTAL, account_id: TEACHER, application_id: null, party_name: 'Lê Thị Hoa' })
  })

  test('to an application that acts for a person, and both are written down', async () => {
    const { codes, record } = await ask('smas', actedBy('smas'))
    expect(codes).toEqual([])
    expect(record).toMatchObject({
      client_id: 'smas',
      account_id: TEACHER,
      application_id: expect.any(String),
      party_name: 'Lê Thị Hoa · Ứng dụng smas',
    })
  })
})

describe('the door stays shut', () => {
  test.each<[string, string, Record<string, unknown>]>([
    ['an application that names a person and does not act', 'smas', { sub: TEACHER }],
    ['a client of the platform that acts for a person', PORTAL, actedBy(PORTAL)],
    ['an actor other than the client', 'smas', actedBy('vnedu')],
    ['an actor without a subject', 'smas', { act: { sub: 'smas' } }],
    ['a subject that is no account', 'smas', { sub: 'vnedu', act: { sub: 'smas' } }],
    ['an actor that is no object', 'smas', { sub: TEACHER, act: 'smas' }],
  ])('to a token with %s', async (_, clientId, claims) => {
    expect(await codesOf(clientId, claims)).toEqual(['TOKEN_INVALID'])
  })

  test.each<[string, string, Record<string, unknown>]>([
    ['a client of the platform by itself', PORTAL, {}],
    ['a person who does not exist', PORTAL, { sub: randomUUID() }],
    ['a person at another person’s key', 'script', { sub: TEACHER }],
  ])('to %s', async (_, clientId, claims) => {
    expect(await codesOf(clientId, claims)).toEqual(['TOKEN_REVOKED'])
  })

  test('to a token ended by its own id or by its sign-in’s, at once, and to no other', async () => {
    for (const claim of ['jti', 'grant_id']) {
      const id = randomUUID()
      const soon = { timeout: 1_000, interval: 10 }
      expect(await codesOf(PORTAL, { sub: TEACHER, [claim]: id })).toEqual([])
      await database.sql(`select access.end_token($1, now(), now() + interval '1 minute')`, [id])
      await expect.poll(() => codesOf(PORTAL, { sub: TEACHER, [claim]: id }), soon).toEqual(['TOKEN_REVOKED'])
      expect(await codesOf(PORTAL, { sub: TEACHER, [claim]: randomUUID() })).toEqual([])
    }
  })

  test('to a person’s own key where it matters', async () => {
    expect(await codesOf('script')).toEqual([])
    await database.sql(
      `update access.client set environment = 'PRODUCTION', grant_version = grant_version + 1 where client_id = 'script'`,
    )
    await database.sql(`select pg_notify('lt_grants', 'script')`)
    const production = await openDoor(database, { mode: 'production' })
    const { codes } = await production.ask('{ __typename }', { token: await production.token({ clientId: 'script' }) })
    expect(codes).toEqual(['TOKEN_REVOKED'])
    await production.close()
  })
})
