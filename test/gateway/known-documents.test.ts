// A short way in, and no other door: known documents save parsing and validation, never a rule, a limit, a budget or the record.
import { createHash, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { buildSchema } from 'graphql'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { readAskedDocument } from '../../gateway/documents/asked-document.ts'
import { PreparedDocuments } from '../../gateway/documents/prepared-documents.ts'
import { resolveText } from '../../gateway/documents/resolve-document.ts'
import { PLAIN_COST_MODEL } from '../../gateway/limits/cost-model.ts'
import { DEFAULT_LIMITS } from '../../gateway/limits/limits.ts'
import { grantPrivileges, OWNER } from '../../platform/database/roles.ts'
import type { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { auditOf, openDoor, putClient, tellGrantsChanged, told, type Door, type Told } from './support/door.ts'
import { SCHOOL_ID } from './support/subgraphs.ts'

const SCHOOL = `query School($id: ID!) { school(id: $id) { name } }`
const STUDENTS = `query Students($first: Int) { students(first: $first) { id name } }`
const RENAME = `mutation Rename($id: ID!) { rename(id: $id, name: "Khác") { name } }`
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const idOf = (text: string): string => `sha256:${hashOf(text)}`
const persisted = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: hashOf(text) } })
const OF_SCHOOL = { id: SCHOOL_ID }

let database: TestDatabase
let door: Door
let other: Door
let production: Door

beforeAll(async () => {
  database = await freshDatabase({ province: false })
  door = await openDoor(database, { countDocumentsEveryMs: 20 })
  // Counts are told when it closes, so that nothing of its own comes between what a test counts.
  other = await openDoor(database, { countDocumentsEveryMs: 3_600_000 })
  production = await openDoor(database, { mode: 'production' })
  await putClient(database, 'chinh-thuc', { environment: 'PRODUCTION' })
})

afterAll(async () => {
  for (const each of [door, other, production]) await each?.close()
  await database?.drop()
})

/** Each story has a client of its own. */
let clientId: string
let rival: string
beforeEach(async () => {
  clientId = `smas-${randomUUID()}`
  rival = `vnpt-${randomUUID()}`
  for (const each of [clientId, rival]) await putClient(database, each)
  door.house.asked.length = 0
})

const send = async (
  body: unknown,
  {
    at = door,
    as = clientId,
    accept = 'application/graphql-response+json',
    headers = {},
    scope = undefined as string | undefined,
  } = {},
): Promise<Told> =>
  told(
    await fetch(at.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept,
        authorization: `Bearer ${await at.token({ clientId: as, ...(scope === undefined ? {} : { scope }) })}`,
        ...headers,
      },
      body: JSON.stringify(body),
    }),
  )

const get = async (parameters: Record<string, string>, as = clientId): Promise<Told> =>
  told(
    await fetch(`${door.url}?${new URLSearchParams(parameters)}`, {
      headers: { 'apollo-require-preflight': 'true', authorization: `Bearer ${await door.token({ clientId: as })}` },
    }),
  )

/** As identity writes it, in the transaction that tells the gateways. */
async function register(text: string, { as = clientId, origin = 'REGISTERED' } = {}): Promise<void> {
  await database.sql(
    `with registered as (
       insert into access.known_document (application_id, hash, text, names, origin, needed_scopes, depth, registered_at, registered_by)
       select application_id, $2, $3, '{}', $4, '{}', 1, now(), client_id from access.client where client_id = $1
       returning application_id)
     select pg_notify('lt_grants', 'documents:' || application_id) from registered`,
    [as, hashOf(text), text, origin],
  )
}

async function setMode(mode: string, as = clientId): Promise<void> {
  await database.sql(
    `insert into access.document_policy (application_id, mode, changed_at)
     select application_id, $2, now() from access.client where client_id = $1
     on conflict (application_id) do update set mode = excluded.mode`,
    [as, mode],
  )
  await tellGrantsChanged(database, as)
}

const listOf = (as = clientId) =>
  database.sql<{ text: string; origin: string; uses: string; names: string[] }>(
    `select d.text, d.origin, d.uses, d.names from access.known_document d join access.client c using (application_id)
     where c.client_id = $1 order by d.text`,
    [as],
  )
const unknownOf = (as = clientId) =>
  database.sql<{ hash: string; name: string | null; seen: string }>(
    `select u.hash, u.name, u.seen from access.unknown_document u join access.client c using (application_id)
     where c.client_id = $1 order by u.hash`,
    [as],
  )
/** The gateway has heard of what was written: it says so by an answer. */
const until = (code: string, body: unknown, at = door): Promise<void> =>
  vi.waitFor(async () => expect((await send(body, { at })).codes[0] ?? 'OK').toBe(code), { timeout: 5_000, interval: 20 })

describe('a known document is asked for by its id', () => {
  test.each([
    ['POST with documentId', () => send({ documentId: idOf(SCHOOL), variables: OF_SCHOOL })],
    [
      'POST as Apollo Client sends it',
      () => send({ operationName: 'School', variables: OF_SCHOOL, extensions: persisted(SCHOOL) }),
    ],
    [
      'POST with both, of one mind',
      () => send({ documentId: idOf(SCHOOL), variables: OF_SCHOOL, extensions: persisted(SCHOOL) }),
    ],
    ['POST with its text beside it', () => send({ documentId: idOf(SCHOOL), query: SCHOOL, variables: OF_SCHOOL })],
    ['GET with documentId', () => get({ documentId: idOf(SCHOOL), variables: JSON.stringify(OF_SCHOOL) })],
    [
      'GET as Apollo Client sends it',
      () =>
        get({
          operationName: 'School',
          variables: JSON.stringify(OF_SCHOOL),
          extensions: JSON.stringify(persisted(SCHOOL)),
        }),
    ],
  ])('by %s', async (_, ask) => {
    await register(SCHOOL)
    const answer = await ask()
    expect([answer.status, answer.body.data]).toEqual([200, { school: { name: 'Trường THPT Đào Duy Từ' } }])
  })

  test('by GET it reads and never writes', async () => {
    await register(RENAME)
    const answer = await get({ documentId: idOf(RENAME), variables: JSON.stringify(OF_SCHOOL) })
    expect([answer.status, answer.codes, door.house.asked]).toEqual([405, ['METHOD_NOT_ALLOWED'], []])
  })

  test('by GET a text is taken beside no id either', async () => {
    await register(SCHOOL)
    const answer = await get({ documentId: idOf(SCHOOL), query: SCHOOL })
    expect([answer.status, answer.codes]).toEqual([405, ['METHOD_NOT_ALLOWED']])
  })

  test('parsed, measured and validated once, whatever its variables are', () => {
    const schema = buildSchema('type Query { students(first: Int): [String] }')
    const documents = new PreparedDocuments({ schema, costModel: PLAIN_COST_MODEL, limits: DEFAULT_LIMITS })
    const text = 'query Students($first: Int) { students(first: $first) }'
    const [one, other] = [1, 2].map((first) => documents.prepare(hashOf(text), text).check(null, { first }))
    if (!one!.ok || !other!.ok) throw new Error('refused')
    expect(other!.document).toBe(one!.document)
    expect(documents.find(hashOf(text))!.check('Nobody', null)).toMatchObject({ refusal: { code: 'OPERATION_NOT_FOUND' } })
  })

  test('its uses are counted', async () => {
    await register(SCHOOL)
    for (let time = 0; time < 3; time++) await send({ documentId: idOf(SCHOOL), variables: OF_SCHOOL })
    await vi.waitFor(async () => expect(await listOf()).toMatchObject([{ text: SCHOOL, uses: '3' }]))
  })
})

describe('what is not known', () => {
  test('by documentId', async () => {
    const answer = await send({ documentId: idOf(SCHOOL) })
    expect([answer.status, answer.codes, answer.body.errors?.[0]?.extensions.messageVi]).toEqual([
      404,
      ['DOCUMENT_UNKNOWN'],
      expect.stringContaining('registerDocuments'),
    ])
  })

  test.each([
    ['application/json', 200],
    ['application/graphql-response+json', 400],
  ])('in the words that stock clients wait for, in %s', async (accept, status) => {
    const answer = await send({ extensions: persisted(SCHOOL) }, { accept })
    expect([answer.status, answer.body.errors?.[0]?.message, answer.codes, answer.body.errors?.[0]?.extensions.wayOut]).toEqual([
      status,
      'PersistedQueryNotFound',
      ['PERSISTED_QUERY_NOT_FOUND'],
      expect.stringContaining('registerDocuments'),
    ])
  })

  test.each([
    ['OFF', { documentId: idOf(SCHOOL) }],
    ['OFF', { extensions: persisted(SCHOOL) }],
    ['ENFORCE', { documentId: idOf(SCHOOL) }],
    ['ENFORCE', { query: SCHOOL, variables: OF_SCHOOL }],
  ])('is told alike, whether another application has registered it or not (%s)', async (mode, body) => {
    await setMode(mode)
    if (mode === 'ENFORCE') await until('DOCUMENT_NOT_REGISTERED', { query: '{ __typename }' })
    // Without what tells of the budget, of which the first request took its share.
    const plain = ({ status, body: { errors } }: Told) => [status, errors]
    const before = plain(await send(body))
    await register(SCHOOL, { as: rival })
    const after = plain(await send(body))
    const theirs = await send({ documentId: idOf(SCHOOL), variables: OF_SCHOOL }, { as: rival })
    expect(after).toEqual(before)
    expect(theirs.codes).toEqual([])
    expect(before[0]).toBeGreaterThanOrEqual(400)
  })

  test('asks the database the same, whether another application has registered it or not', async () => {
    await register(STUDENTS, { as: rival })
    const at = other
    // The client and the first chunk of the budget.
    await send({ documentId: idOf('{ nobody }') }, { at })
    const asked: number[] = []
    for (const text of [STUDENTS, RENAME]) {
      let times = 0
      const count = (): void => void times++
      at.pool.on('acquire', count)
      expect((await send({ documentId: idOf(text) }, { at })).codes).toEqual(['DOCUMENT_UNKNOWN'])
      at.pool.off('acquire', count)
      asked.push(times)
    }
    // The list and the record.
    expect(asked).toEqual([2, 2])
  })

  test.each([
    ['of another kind', 'documentId', 'a1b2c3d4e5f6a7b8a1b2c3d4e5f6a7b8'],
    ['in capitals', 'documentId', idOf(SCHOOL).toUpperCase()],
    ['too short', 'documentId', 'sha256:abc'],
    ['half a megabyte long', 'documentId', `sha256:${'a'.repeat(500_000)}`],
    ['half a megabyte long', 'persistedQuery', 'a'.repeat(500_000)],
    ['with a quote', 'persistedQuery', `' or true --`],
    ['with NUL', 'documentId', 'sha256:\0'],
  ])('an id %s is an unknown one (%s)', async (_, form, id) => {
    await register(SCHOOL)
    const answer = await send(
      form === 'documentId' ? { documentId: id } : { extensions: { persistedQuery: { version: 1, sha256Hash: id } } },
    )
    expect(answer.codes).toEqual([form === 'documentId' ? 'DOCUMENT_UNKNOWN' : 'PERSISTED_QUERY_NOT_FOUND'])
    const [record] = await auditOf(database, answer.headers.get('x-request-id')!)
    expect(record).toMatchObject({ outcome: 'REFUSED', operation_kind: 'unknown' })
  })

  test.each([
    ['a hash of another text', { documentId: idOf(STUDENTS), query: SCHOOL }, 'DOCUMENT_MISMATCH'],
    ['the same from Apollo Client', { extensions: persisted(STUDENTS), query: SCHOOL }, 'DOCUMENT_MISMATCH'],
    ['two ids of different minds', { documentId: idOf(SCHOOL), extensions: persisted(STUDENTS) }, 'DOCUMENT_MISMATCH'],
    ['an id of another kind beside a text', { documentId: 'abc', query: SCHOOL }, 'DOCUMENT_MISMATCH'],
    ['an id that is no text', { documentId: 7 }, 'BAD_REQUEST'],
    ['a version of tomorrow', { extensions: { persistedQuery: { version: 2, sha256Hash: hashOf(SCHOOL) } } }, 'BAD_REQUEST'],
    ['a hash that is no text', { extensions: { persistedQuery: { version: 1, sha256Hash: [1] } } }, 'BAD_REQUEST'],
    ['a persisted query that is none', { extensions: { persistedQuery: 'x' } }, 'BAD_REQUEST'],
    ['a text that is none', { query: 1, documentId: idOf(SCHOOL) }, 'BAD_REQUEST'],
    ['nothing', {}, 'BAD_REQUEST'],
    ['several at once', [{ documentId: idOf(SCHOOL) }], 'BATCHING_REFUSED'],
  ])('%s is refused with its own code', async (_, body, code) => {
    await register(SCHOOL)
    const answer = await send(body)
    expect([answer.codes, answer.body.data, door.house.asked]).toEqual([[code], undefined, []])
  })

  test('a document that no longer fits the contract says so, and what is wrong', async () => {
    const gone = 'query Gone { fieldOfYesterday }'
    await register(gone)
    const answers = [await send({ documentId: idOf(gone) }), await send({ documentId: idOf(gone) })]
    for (const { status, codes, body } of answers)
      expect([status, codes, body.errors?.[0]?.extensions.fault]).toEqual([
        400,
        ['DOCUMENT_OUTDATED'],
        expect.stringContaining('fieldOfYesterday'),
      ])
  })
})

describe('known or not, everything holds', () => {
  test('the scope of every field', async () => {
    await register(STUDENTS)
    const answer = await send({ documentId: idOf(STUDENTS) }, { scope: 'school.read' })
    expect([answer.status, answer.codes, answer.body.errors?.[0]?.extensions.missingScopes, door.house.asked]).toEqual([
      403,
      ['SCOPE_MISSING'],
      ['student.basic.read'],
      [],
    ])
  })

  test('the depth', async () => {
    const deep = `{ school(id: "${SCHOOL_ID}") ${'{ parent '.repeat(28)}{ id }${' }'.repeat(28)} }`
    await register(deep)
    expect((await send({ documentId: idOf(deep) })).codes).toEqual(['QUERY_TOO_DEEP'])
  })

  test('the length of lists and the cost, by the variables of each request', async () => {
    await register(STUDENTS)
    const ask = (first: number) => send({ documentId: idOf(STUDENTS), variables: { first } })
    const fits = await ask(2)
    expect([fits.codes, fits.body.extensions?.cost.requestedQueryCost]).toEqual([[], 2])
    expect((await ask(1_001)).codes).toEqual(['LIST_TOO_LONG'])
    const dear = await openDoor(database, {
      limits: { ...DEFAULT_LIMITS, maxCost: 100 },
    })
    const answer = await send({ documentId: idOf(STUDENTS), variables: { first: 500 } }, { at: dear })
    await dear.close()
    expect(answer.codes).toEqual(['QUERY_TOO_COSTLY'])
  })

  test('the types of variables', async () => {
    await register(STUDENTS)
    const answer = await send({ documentId: idOf(STUDENTS), variables: { first: 'mười' } })
    expect(answer.codes).toEqual(['BAD_USER_INPUT'])
  })

  test('the budget, which an unknown id pays for as well', async () => {
    const little = { capacity: 2, restoreRate: 0.001 }
    const { DEFAULT_BUDGETS } = await import('../../gateway/throttle/budgets.ts')
    const poor = await openDoor(database, { budgets: { ...DEFAULT_BUDGETS, party: { ...DEFAULT_BUDGETS.party, READ: little } } })
    await register(SCHOOL)
    const codes: string[] = []
    for (const documentId of [idOf(STUDENTS), idOf(SCHOOL), idOf(SCHOOL)])
      codes.push((await send({ documentId, variables: OF_SCHOOL }, { at: poor })).codes[0] ?? 'OK')
    await poor.close()
    expect(codes.slice(0, 1)).toEqual(['DOCUMENT_UNKNOWN'])
    expect(codes.at(-1)).toBe('THROTTLED')
  })

  test('the record: which document, its fields and its school', async () => {
    await register(SCHOOL)
    const answer = await send({ documentId: idOf(SCHOOL), variables: OF_SCHOOL })
    const [record] = await auditOf(database, answer.headers.get('x-request-id')!)
    expect(record).toMatchObject({
      operation_hash: hashOf(SCHOOL),
      operation_name: 'School',
      operation_kind: 'query',
      fields: ['Query.school', 'School.name'],
      schools: [SCHOOL_ID],
      outcome: 'ALLOWED',
    })
  })

  test('nobody without a token learns anything, or registers', async () => {
    const answer = await told(
      await fetch(door.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: SCHOOL, extensions: persisted(SCHOOL) }),
      }),
    )
    expect([answer.status, answer.codes]).toEqual([401, ['UNAUTHENTICATED']])
    expect(
      await database.sql(`select 1 from access.known_document where hash = $1 and origin = 'AUTOMATIC'`, [hashOf(SCHOOL)]),
    ).toEqual([])
  })
})

describe('ENFORCE', () => {
  beforeEach(async () => {
    await register(SCHOOL)
    await setMode('ENFORCE')
    await until('DOCUMENT_NOT_REGISTERED', { query: '{ __typename }' })
    door.house.asked.length = 0
  })

  test('a document beside the list is refused before it is read, with the way out, and recorded', async () => {
    const answer = await send({ query: STUDENTS })
    expect([answer.status, answer.codes, answer.body.data, door.house.asked]).toEqual([
      403,
      ['DOCUMENT_NOT_REGISTERED'],
      undefined,
      [],
    ])
    expect(answer.body.errors?.[0]).toMatchObject({
      message: expect.stringContaining('registerDocuments'),
      extensions: { documentId: idOf(STUDENTS), messageVi: expect.stringContaining('setDocumentMode') },
    })
    const [record] = await auditOf(database, answer.headers.get('x-request-id')!)
    expect(record).toMatchObject({
      outcome: 'REFUSED',
      error_codes: ['DOCUMENT_NOT_REGISTERED'],
      operation_hash: hashOf(STUDENTS),
    })
  })

  test('a document on the list runs, by its id and by its text', async () => {
    const answers = [
      await send({ documentId: idOf(SCHOOL), variables: OF_SCHOOL }),
      await send({ query: SCHOOL, variables: OF_SCHOOL }),
    ]
    expect(answers.map(({ codes }) => codes)).toEqual([[], []])
  })

  test('one blank more is another document', async () => {
    expect((await send({ query: `${SCHOOL} `, variables: OF_SCHOOL })).codes).toEqual(['DOCUMENT_NOT_REGISTERED'])
  })

  test('a text whose bytes only look the same runs as what is registered', async () => {
    const registered = `query Quoted { school(id: "${SCHOOL_ID}") { name } unused: find(by: { name: "\ufffd" }) { id } }`
    await register(registered)
    await until('OK', { documentId: idOf(registered) })
    door.house.asked.length = 0
    await send({ query: registered.replace('\ufffd', '\ud800') })
    expect(JSON.stringify(door.house.asked)).not.toContain('ud800')
  })

  test('introspection is on no list', async () => {
    expect((await send({ query: '{ __schema { types { name } } }' })).codes).toEqual(['DOCUMENT_NOT_REGISTERED'])
  })

  test('what came to be known by itself is not on the list, and nothing registers itself', async () => {
    await register(STUDENTS, { origin: 'AUTOMATIC' })
    expect((await send({ query: STUDENTS })).codes).toEqual(['DOCUMENT_NOT_REGISTERED'])
    expect((await send({ documentId: idOf(STUDENTS) })).codes).toEqual(['DOCUMENT_UNKNOWN'])
    const other = '{ __typename }'
    expect((await send({ query: other, extensions: persisted(other) })).codes).toEqual(['DOCUMENT_NOT_REGISTERED'])
    expect((await listOf()).map(({ text }) => text)).not.toContain(other)
  })

  test('what was refused is told to the vendor: the hash, the name, how often', async () => {
    for (const operationName of ['Students', 'Students', `x'; drop`]) await send({ query: STUDENTS, operationName })
    await vi.waitFor(async () =>
      expect(await unknownOf()).toContainEqual({ hash: hashOf(STUDENTS), name: 'Students', seen: '3' }),
    )
  })

  test('of one application alone', async () => {
    expect((await send({ query: STUDENTS }, { as: rival })).codes).toEqual([])
  })

  test('a tool for people may ask for REPORT in the sandbox', async () => {
    const headers = { 'x-document-mode': 'REPORT' }
    expect((await send({ query: STUDENTS }, { headers })).codes).toEqual([])
    expect((await send({ query: STUDENTS }, { headers: { 'x-document-mode': 'OFF' } })).codes).toEqual([
      'DOCUMENT_NOT_REGISTERED',
    ])
  })

  test('and not in production', async () => {
    await setMode('ENFORCE', 'chinh-thuc')
    const ask = () => send({ query: STUDENTS }, { at: production, as: 'chinh-thuc', headers: { 'x-document-mode': 'REPORT' } })
    await vi.waitFor(async () => expect((await ask()).codes).toEqual(['DOCUMENT_NOT_REGISTERED']))
    await setMode('OFF', 'chinh-thuc')
    await vi.waitFor(async () => expect((await ask()).codes).toEqual([]))
  })

  test('a change of the mode acts at every gateway', async () => {
    for (const at of [door, other]) await until('DOCUMENT_NOT_REGISTERED', { query: STUDENTS }, at)
    await setMode('OFF')
    for (const at of [door, other]) await until('OK', { query: STUDENTS }, at)
  })

  test('while a gateway cannot be told of changes it relies on nothing that it kept', async () => {
    const ask = { documentId: idOf(SCHOOL), variables: OF_SCHOOL }
    await until('OK', ask)
    // Written without a notice.
    await database.sql(
      `delete from access.known_document d using access.client c where c.client_id = $1 and d.application_id = c.application_id`,
      [clientId],
    )
    await database.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lienthong gateway grants' and datname = current_database()`,
    )
    await until('DOCUMENT_UNKNOWN', ask)
  })

  test('so does what is taken off the list', async () => {
    for (const at of [door, other]) await until('OK', { documentId: idOf(SCHOOL), variables: OF_SCHOOL }, at)
    await database.sql(
      `with gone as (delete from access.known_document d using access.client c
         where c.client_id = $1 and d.application_id = c.application_id returning d.application_id)
       select pg_notify('lt_grants', 'documents:' || application_id) from gone`,
      [clientId],
    )
    for (const at of [door, other]) await until('DOCUMENT_UNKNOWN', { documentId: idOf(SCHOOL), variables: OF_SCHOOL }, at)
  })
})

describe('REPORT', () => {
  test('lets everything run, and tells the vendor what it has not registered', async () => {
    await register(SCHOOL)
    await setMode('REPORT')
    await vi.waitFor(async () => {
      expect((await send({ query: STUDENTS })).codes).toEqual([])
      expect(await unknownOf()).toMatchObject([{ hash: hashOf(STUDENTS), name: 'Students' }])
    })
    await send({ query: SCHOOL, variables: OF_SCHOOL })
    await vi.waitFor(async () => expect(await listOf()).toMatchObject([{ text: SCHOOL, uses: '1' }]))
    expect(await unknownOf()).toHaveLength(1)
  })

  test('tells as well of what only came to be known by itself: ENFORCE would refuse it', async () => {
    await register(STUDENTS, { origin: 'AUTOMATIC' })
    await setMode('REPORT')
    await vi.waitFor(async () => {
      expect((await send({ documentId: idOf(STUDENTS) })).codes).toEqual([])
      expect(await unknownOf()).toMatchObject([{ hash: hashOf(STUDENTS), name: 'Students' }])
    })
  })

  test('of what is unknown the latest few are kept', async () => {
    const application = randomUUID()
    const counts = Array.from({ length: 12 }, (_, index) => ({
      application,
      hash: String(index),
      known: false,
      name: null,
      count: 1,
      first_at: `2026-11-02T08:00:${10 + index}Z`,
      last_at: `2026-11-02T08:00:${10 + index}Z`,
    }))
    await database.sql('select access.count_documents($1::jsonb, 5)', [JSON.stringify(counts)])
    const kept = await database.sql<{ hash: string }>(
      'select hash from access.unknown_document where application_id = $1 order by last_seen_at',
      [application],
    )
    expect(kept.map(({ hash }) => hash)).toEqual(['7', '8', '9', '10', '11'])
  })
})

describe('the platform’s own documents', () => {
  const OWN = 'query Own { named { id } }'

  test('are there by their id for everybody whose list is not enforced, and REPORT tells of them', async () => {
    const at = await openDoor(database, { knownDocuments: new Map([[hashOf(OWN), OWN]]), countDocumentsEveryMs: 20 })
    const ask = () => send({ documentId: idOf(OWN) }, { at })
    expect((await ask()).codes).toEqual([])
    await setMode('REPORT')
    await vi.waitFor(async () => {
      expect((await ask()).codes).toEqual([])
      expect(await unknownOf()).toMatchObject([{ hash: hashOf(OWN), name: 'Own' }])
    })
    await register(SCHOOL)
    await setMode('ENFORCE')
    await vi.waitFor(async () => expect((await ask()).codes).toEqual(['DOCUMENT_UNKNOWN']))
    await at.close()
  })
})

test('whatever stands in the place of text, id and extensions, a document is found or refused in words for the caller', () => {
  const text = fc.oneof(fc.constant(null), fc.constant(SCHOOL), fc.string())
  const id = fc.oneof(fc.constant(idOf(SCHOOL)), fc.constant(hashOf(SCHOOL)), fc.jsonValue())
  const persistedQuery = fc.oneof(
    fc.jsonValue(),
    fc.record({ version: fc.oneof(fc.constant(1), fc.jsonValue()), sha256Hash: id }, { requiredKeys: [] }),
  )
  fc.assert(
    fc.property(text, id, fc.oneof(fc.jsonValue(), fc.record({ persistedQuery })), (sent, documentId, extensions) => {
      try {
        const asked = readAskedDocument(sent, documentId, extensions)
        // Known under the id of its text alone.
        if (asked?.hash) expect([documentId, JSON.stringify(extensions)].join()).toContain(asked.hash)
        const resolved = asked && resolveText(asked)
        if (resolved?.ok) expect(resolved.source).toBe(sent)
      } catch (error) {
        expect(['BAD_REQUEST', 'DOCUMENT_MISMATCH']).toContain((error as PlatformError).code)
      }
    }),
    { numRuns: 2_000 },
  )
})

describe('a text that comes with its hash', () => {
  const both = { query: SCHOOL, variables: OF_SCHOOL, extensions: persisted(SCHOOL) }
  const alone = { variables: OF_SCHOOL, extensions: persisted(SCHOOL) }

  test('registers itself in the sandbox, and is known at every gateway', async () => {
    const codes = [await send(alone, { at: other }), await send(alone), await send(both), await send(alone)].map(
      ({ codes }) => codes[0] ?? 'OK',
    )
    expect(codes).toEqual(['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_FOUND', 'OK', 'OK'])
    await until('OK', alone, other)
    expect(await listOf()).toMatchObject([{ text: SCHOOL, origin: 'AUTOMATIC', names: ['School'] }])
  })

  test('runs in production, and registers nothing', async () => {
    const as = 'chinh-thuc'
    const codes = [await send(both, { at: production, as }), await send(alone, { at: production, as })].map(
      ({ codes }) => codes[0] ?? 'OK',
    )
    expect(codes).toEqual(['OK', 'PERSISTED_QUERY_NOT_FOUND'])
    expect(await listOf(as)).toEqual([])
  })

  test.each([
    ['does not parse', '{ school('],
    ['does not fit the contract', '{ nothingOfThatName }'],
    ['is beyond the limits', `{ school(id: "1") ${'{ parent '.repeat(28)}{ id }${' }'.repeat(28)} }`],
  ])('is not remembered where it %s', async (_, query) => {
    const answer = await send({ query, extensions: persisted(query) })
    expect(answer.codes).toHaveLength(1)
    expect(await listOf()).toEqual([])
  })

  test('gives another application nothing', async () => {
    await send(both)
    expect((await send(alone, { as: rival })).codes).toEqual(['PERSISTED_QUERY_NOT_FOUND'])
  })

  test('the longest unused goes first, by number and by length; what the vendor registered stays', async () => {
    const [{ id }] = (await database.sql<{ id: string }>('select application_id as id from access.client where client_id = $1', [
      clientId,
    ])) as [{ id: string }]
    await register('{ registered }')
    const remember = (text: string, second: number, most: number, characters: number) =>
      database.sql(`select access.remember_document($1, $2, $3, '{}', '{}', 1, 'x', $4, $5, $6)`, [
        id,
        hashOf(text),
        text,
        `2026-11-02T08:00:${second}Z`,
        most,
        characters,
      ])
    for (const [index, text] of ['{ a }', '{ b }', '{ c }'].entries()) await remember(text, 10 + index, 2, 1_000)
    expect((await listOf()).map(({ text }) => text)).toEqual(['{ b }', '{ c }', '{ registered }'])
    await remember('{ longer }', 20, 9, 15)
    expect((await listOf()).map(({ text }) => text)).toEqual(['{ c }', '{ longer }', '{ registered }'])
  })

  test('in production the role of the gateway may not even ask the database to remember', async () => {
    const empty = await freshDatabase({ province: false })
    const client = new Client({ connectionString: empty.adminUrl })
    await client.connect()
    const may = async (): Promise<unknown> =>
      (
        await client.query(
          `select has_function_privilege('lt_gateway', oid, 'execute') as may from pg_proc where proname = 'remember_document'`,
        )
      ).rows
    await client.query(`set role ${OWNER}`)
    const verdicts: unknown[] = []
    for (const sandbox of [true, false]) {
      await grantPrivileges(client, { sandbox })
      verdicts.push(await may())
    }
    await client.end()
    await empty.drop()
    expect(verdicts).toEqual([[{ may: true }], [{ may: false }]])
  })
})
