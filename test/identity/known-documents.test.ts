// The list of an application's documents: judged as the door would, kept by its vendor, and nobody else's to see.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { newDeveloper } from './developers.ts'

const REGISTER = `mutation ($input: RegisterDocumentsInput!) { registerDocuments(input: $input) {
  summary { created updated unchanged rejected conflicts }
  results { index status entity { documentId text operationNames origin neededScopes depth cost uses lastUsedAt } errors { code path message messageVi } } } }`
const RETIRE = `mutation ($ref: ApplicationRef!, $ids: [String!]!, $reason: String = "Bản cũ") { retireDocuments(application: $ref, documentIds: $ids, reason: $reason) }`
const MODE = `mutation ($ref: ApplicationRef!, $mode: DocumentMode!, $reason: String = "Khóa lại") { setDocumentMode(application: $ref, mode: $mode, reason: $reason) { documentMode version } }`
const LIST = `query ($ref: ApplicationRef!, $first: Int = 50, $after: String) { knownDocuments(application: $ref, first: $first, after: $after) {
  nodes { documentId text } pageInfo { hasNextPage endCursor } } }`
const UNKNOWN = `query ($ref: ApplicationRef!) { unknownDocuments(application: $ref) { nodes { documentId operationName timesSeen } } }`

const WHO = 'query Who { viewer { displayName } }'
const CLASSES = `query Classes($ref: SchoolRef!, $first: Int!) { school(ref: $ref) { name students(first: $first) { nodes { code scores(term: "HKI") { value } } } } }`
const idOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`
const numbered = (count: number, from = 0): { text: string }[] =>
  Array.from({ length: count }, (_, index) => ({ text: `query Q${from + index} { viewer { displayName } }` }))

interface Result {
  status: string
  entity: Record<string, unknown> | null
  errors: { code: string; path: string; message: string; messageVi: string }[]
}

let database: TestDatabase
let identity: TestSubgraph
let officer: Viewer
let smas: Viewer
let vnedu: Viewer

beforeAll(async () => {
  database = await freshDatabase()
  identity = await testSubgraph(database, 'identity')
  officer = await personViewer(database, 'can-bo-so')
  const also = (viewer: Viewer): Viewer => ({ ...viewer, scopes: [...new Set([...viewer.scopes, 'identity.read' as const])] })
  smas = also(await applicationViewer(database, 'smas'))
  vnedu = also(await applicationViewer(database, 'vnedu'))
})
afterAll(async () => {
  await identity?.close()
  await database?.drop()
})

const ref = { code: 'smas' }

async function register(viewer: Viewer, documents: object[], application: object = ref) {
  const answer = await identity.ask<{ registerDocuments: { summary: object; results: Result[] } | null }>(viewer, REGISTER, {
    input: { application, documents },
  })
  return { codes: codesOf(answer), ...answer.data?.registerDocuments }
}
const statuses = ({ results = [] }: { results?: Result[] }): string[] => results.map(({ status }) => status)
async function listed(viewer: Viewer, more: object = {}) {
  const answer = await identity.ask<{
    knownDocuments: { nodes: { documentId: string; text: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
  } | null>(viewer, LIST, { ref, ...more })
  return { codes: codesOf(answer), ...answer.data?.knownDocuments }
}
const events = async () =>
  (
    await database.sql<{ told: string }>(
      `select e.act || ' ' || e.from_state || ' ' || e.to_state || coalesce(' ' || e.reason, '') as told
       from identity.registry_event e join identity.application a on a.id = e.application_id
       where a.code = 'smas' and e.act like '%DOCUMENTS%' order by e.at, e.id`,
    )
  ).map(({ told }) => told)

describe('registering', () => {
  test('a document is judged as the door would, and its vendor is told what it needs', async () => {
    const answer = await register(smas, [{ text: WHO, documentId: idOf(WHO) }, { text: CLASSES }])
    expect([answer.codes, answer.summary]).toEqual([[], { created: 2, updated: 0, unchanged: 0, rejected: 0, conflicts: 0 }])
    expect(answer.results!.map(({ entity }) => entity)).toEqual([
      {
        documentId: idOf(WHO),
        text: WHO,
        operationNames: ['Who'],
        origin: 'REGISTERED',
        neededScopes: [],
        depth: 2,
        cost: expect.any(Number),
        uses: 0,
        lastUsedAt: null,
      },
      expect.objectContaining({
        documentId: idOf(CLASSES),
        operationNames: ['Classes'],
        neededScopes: ['gradebook.read', 'school.read', 'student.basic.read'],
        depth: 5,
        // Of a page as long as the contract's default.
        cost: expect.any(Number),
      }),
    ])
    expect((await listed(smas)).nodes?.map(({ text }) => text).sort()).toEqual([CLASSES, WHO].sort())
  })

  test('again is no change, and a batch says of each what became of it', async () => {
    const fresh = 'query Fresh { viewer { displayName } }'
    const before = await events()
    const answer = await register(smas, [
      { text: WHO },
      { text: fresh },
      { text: fresh },
      { text: 'query Other { viewer { displayName } }', documentId: idOf(WHO) },
      { text: '{ viewer { ' },
      { text: '{ viewer { nothingOfThatName } }' },
      { text: `{ viewer { displayName } } # ${'x'.repeat(70_000)}` },
      { text: `{ schools(first: 1) { nodes ${'{ parent '.repeat(30)}{ id }${' }'.repeat(30)} } }` },
      { text: '' },
      { text: 'query Half { scopes { name } } # \ud800' },
      { text: 'query A { viewer { displayName } } query A { viewer { displayName } }' },
      { text: 'query A { viewer { displayName } } query B { scopes { name } }' },
    ])
    expect(answer.results!.map(({ status, errors }) => [status, ...errors.map(({ code }) => code)].join(' '))).toEqual([
      'UNCHANGED',
      'CREATED',
      'REJECTED DUPLICATE_IN_BATCH',
      'REJECTED DOCUMENT_MISMATCH',
      'REJECTED GRAPHQL_PARSE_FAILED',
      'REJECTED GRAPHQL_VALIDATION_FAILED',
      'REJECTED DOCUMENT_TOO_LARGE',
      'REJECTED QUERY_TOO_DEEP',
      'REJECTED GRAPHQL_PARSE_FAILED',
      'REJECTED GRAPHQL_PARSE_FAILED',
      'REJECTED GRAPHQL_VALIDATION_FAILED',
      'CREATED',
    ])
    for (const { errors } of answer.results!)
      for (const { message, messageVi } of errors) expect([message, messageVi].every((said) => said.length > 10)).toBe(true)
    expect(answer.results![5]!.errors[0]!.message).toContain('nothingOfThatName')
    expect((await events()).slice(before.length)).toEqual(['REGISTER_DOCUMENTS 2 4'])
  })

  test('what came to be known by itself becomes the word of the vendor', async () => {
    const text = 'query Automatic { viewer { displayName } }'
    await database.sql(`select access.remember_document($1, $2, $3, '{Automatic}', '{}', 2, 'smas', now(), 200, 1000000)`, [
      smas.applicationId,
      idOf(text).slice(7),
      text,
    ])
    const answer = await register(smas, [{ text }])
    expect([statuses(answer), answer.results![0]!.entity?.origin]).toEqual([['UPDATED'], 'REGISTERED'])
  })

  test('a retry under one key has one effect, and reads the same', async () => {
    const keyed = { ...smas, idempotencyKey: 'phat-hanh-1' }
    const documents = [{ text: 'query Once { viewer { displayName } }' }]
    const answers = [await register(keyed, documents), await register(keyed, documents)]
    expect(answers.map(statuses)).toEqual([['CREATED'], ['CREATED']])
    expect((await register(keyed, [{ text: WHO }])).codes).toEqual(['IDEMPOTENCY_MISMATCH'])
  })

  test('none and too many at once are refused', async () => {
    expect((await register(smas, [])).codes).toEqual(['BATCH_EMPTY'])
    expect((await register(smas, numbered(101))).codes).toEqual(['BATCH_TOO_LONG'])
  })

  test('a full list says so, and nothing of the batch is written', async () => {
    await database.sql(
      `insert into access.known_document (application_id, hash, text, names, origin, needed_scopes, depth, registered_at, registered_by)
       select $1, encode(sha256(convert_to(n::text, 'UTF8')), 'hex'), n::text, '{}', 'REGISTERED', '{}', 1, now(), 'x' from generate_series(1, 1999) n`,
      [vnedu.applicationId],
    )
    const of = { code: 'vnedu' }
    expect((await register(vnedu, numbered(2), of)).codes).toEqual(['DOCUMENTS_TOO_MANY'])
    expect(statuses(await register(vnedu, numbered(1), of))).toEqual(['CREATED'])
    expect((await register(vnedu, numbered(1, 1), of)).codes).toEqual(['DOCUMENTS_TOO_MANY'])
  })

  test('a hash is of its text, whoever writes to the table', async () => {
    const forged = database.sql(
      `insert into access.known_document (application_id, hash, text, names, origin, needed_scopes, depth, registered_at, registered_by)
       values ($1, $2, 'query Forged { viewer { displayName } }', '{}', 'REGISTERED', '{}', 1, now(), 'x')`,
      [smas.applicationId, 'a'.repeat(64)],
    )
    await expect(forged).rejects.toThrow('known_document_hash_is_of_its_text')
  })
})

describe('whose list it is', () => {
  const acts: [string, (viewer: Viewer) => Promise<unknown[]>][] = [
    ['register', async (viewer) => (await register(viewer, numbered(1, 900))).codes],
    ['retire', async (viewer) => codesOf(await identity.ask(viewer, RETIRE, { ref, ids: [idOf(WHO)] }))],
    ['set the mode', async (viewer) => codesOf(await identity.ask(viewer, MODE, { ref, mode: 'REPORT' }))],
    ['read', async (viewer) => (await listed(viewer)).codes],
    ['read what is unknown', async (viewer) => codesOf(await identity.ask(viewer, UNKNOWN, { ref }))],
  ]

  test.each(acts)('another vendor does not %s it: it is not there', async (_, attempt) => {
    expect(await attempt(vnedu)).toEqual(['RECORD_NOT_ACCESSIBLE'])
  })

  test.each(acts)('a developer of somewhere else does not %s it either', async (_, attempt) => {
    expect(await attempt(await (await newDeveloper(database)).viewer())).toEqual(['RECORD_NOT_ACCESSIBLE'])
  })

  test.each(acts.slice(0, 3))('a principal and a commune do not %s it', async (_, attempt) => {
    expect(await attempt(await personViewer(database, 'hieu-truong@thpt-hac-thanh'))).toEqual(['ACT_FORBIDDEN'])
    const commune = await personViewer(database, 'can-bo-hac-thanh', { scopes: ['identity.read', 'vendor.approve'] })
    expect(await attempt(commune)).toEqual(['ACT_FORBIDDEN'])
  })

  test('the Sở may, in the name of the vendor', async () => {
    expect(statuses(await register(officer, [{ text: 'query BySo { viewer { displayName } }' }]))).toEqual(['CREATED'])
    expect((await listed(officer)).codes).toEqual([])
  })

  test('its mode is no rival’s to know', async () => {
    const ask = (viewer: Viewer) =>
      identity.ask(viewer, `query ($ref: ApplicationRef!) { application(ref: $ref) { documentMode } }`, { ref })
    expect((await ask(smas)).data).toEqual({ application: { documentMode: 'OFF' } })
    expect((await ask(vnedu)).data).toEqual({ application: { documentMode: null } })
  })

  test('pages follow one another, and a cursor is of one list', async () => {
    const seen: string[] = []
    let after: string | undefined
    for (let more = true; more;) {
      const { nodes, pageInfo } = await listed(smas, { first: 2, after })
      seen.push(...nodes!.map(({ documentId }) => documentId))
      more = pageInfo!.hasNextPage
      after = pageInfo!.endCursor
    }
    const all = (await listed(smas)).nodes!.map(({ documentId }) => documentId)
    expect([seen, new Set(seen).size]).toEqual([all, all.length])
    const stolen = await identity.ask(officer, LIST, { ref: { code: 'vnedu' }, after })
    expect(codesOf(stolen)).toEqual(['CURSOR_INVALID'])
  })
})

describe('how it is held', () => {
  const setMode = async (mode: string, viewer = smas, of: object = ref) => {
    const answer = await identity.ask<{ setDocumentMode: { documentMode: string; version: number } } | null>(viewer, MODE, {
      ref: of,
      mode,
    })
    return codesOf(answer)[0] ?? answer.data?.setDocumentMode.documentMode
  }

  test('its vendor sets the mode, the clients are announced, and the event tells who and why', async () => {
    await database.sql(
      `insert into access.client (client_id, application_id, display_name, environment, scopes, status, jwks, updated_at)
       values ('smas', $1, 'SMAS', 'SANDBOX', '{}', 'ACTIVE', '{}', now())`,
      [smas.applicationId],
    )
    const before = await database.sql<{ grant_version: string }>(
      `select grant_version from access.client where application_id = $1`,
      [smas.applicationId],
    )
    expect(await setMode('ENFORCE')).toBe('ENFORCE')
    const after = await database.sql<{ grant_version: string; mode: string }>(
      `select grant_version, access.document_mode(client_id) as mode from access.client where application_id = $1`,
      [smas.applicationId],
    )
    expect([after[0]!.mode, Number(after[0]!.grant_version) > Number(before[0]!.grant_version)]).toEqual(['ENFORCE', true])
    expect((await events()).at(-1)).toBe('DOCUMENTS_ENFORCE OFF ENFORCE Khóa lại')
    expect(await setMode('ENFORCE')).toBe('TRANSITION_ILLEGAL')
  })

  test('the last document of an enforced list stays', async () => {
    const ids = (await listed(smas)).nodes!.map(({ documentId }) => documentId)
    const retire = async (some: string[], reason = 'Bản cũ') => {
      const answer = await identity.ask<{ retireDocuments: number } | null>(smas, RETIRE, { ref, ids: some, reason })
      return codesOf(answer)[0] ?? answer.data?.retireDocuments
    }
    expect(await retire(ids)).toBe('DOCUMENTS_MISSING')
    expect(await retire([])).toBe('BATCH_EMPTY')
    expect(await retire(ids, ' ')).toBe('REASON_REQUIRED')
    expect(await retire([...ids.slice(1), idOf('nothing'), 'nothing'])).toBe(ids.length - 1)
    expect((await listed(smas)).nodes!.map(({ documentId }) => documentId)).toEqual([ids[0]])
    expect((await events()).at(-1)).toBe(`RETIRE_DOCUMENTS ${ids.length} 1 Bản cũ`)
  })

  test('an empty list is not enforced: it would shut the application out', async () => {
    const code = 'misa-emis'
    const misa = await applicationViewer(database, code)
    const viewer: Viewer = { ...misa, scopes: [...misa.scopes, 'identity.read'] }
    expect(await setMode('ENFORCE', viewer, { code })).toBe('DOCUMENTS_MISSING')
    expect(await setMode('REPORT', viewer, { code })).toBe('REPORT')
    expect(await setMode('OFF', officer, { code })).toBe('OFF')
  })
})
