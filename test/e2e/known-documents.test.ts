// Known documents through the public door, in both topologies: registered, asked for by id, enforced and let go again, each at once.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startTestPlatform, TOPOLOGIES, type TestPlatform } from '../testkit/platform.ts'

interface Answer {
  data?: Record<string, Record<string, unknown> | number> | null
  errors?: { message: string; extensions: { code: string } }[]
}

const REGISTER = `mutation ($input: RegisterDocumentsInput!) { registerDocuments(input: $input) { results { status entity { documentId neededScopes } errors { code } } } }`
const RETIRE = `mutation ($ref: ApplicationRef!, $ids: [String!]!) { retireDocuments(application: $ref, documentIds: $ids, reason: "Bản cũ") }`
const MODE = `mutation ($ref: ApplicationRef!, $mode: DocumentMode!) { setDocumentMode(application: $ref, mode: $mode, reason: "Thử") { documentMode } }`
const LIST = `query ($ref: ApplicationRef!) { knownDocuments(application: $ref) { nodes { documentId uses } } unknownDocuments(application: $ref) { nodes { documentId operationName timesSeen } } }`
const CLASSES = 'query Classes { schools(first: 2) { nodes { code name } } }'
const OTHER = 'query Other { viewer { displayName schoolCount } }'
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const idOf = (text: string): string => `sha256:${hashOf(text)}`

describe.each(TOPOLOGIES)('with the platform as %s', (topology) => {
  let platform: TestPlatform
  const ref = { code: 'smas' }
  beforeAll(async () => {
    platform = await startTestPlatform({ topology })
  })
  afterAll(() => platform?.close())

  async function send(as: string, body: object): Promise<Answer> {
    const response = await fetch(platform.sandbox.graphql, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await (await platform.tokenSource(as)).get()}` },
      body: JSON.stringify(body),
    })
    return (await response.json()) as Answer
  }
  const code = async (as: string, body: object): Promise<string> => (await send(as, body)).errors?.[0]?.extensions.code ?? 'OK'
  const act = async (query: string, variables: object) => (await send('can-bo-so', { query, variables })).data!

  test('registered, it is asked for by its id at once; the rival that sends the same id gets nothing', async () => {
    expect(await code('smas', { documentId: idOf(CLASSES) })).toBe('DOCUMENT_UNKNOWN')
    expect(await act(REGISTER, { input: { application: ref, documents: [{ text: CLASSES }] } })).toEqual({
      registerDocuments: {
        results: [{ status: 'CREATED', entity: { documentId: idOf(CLASSES), neededScopes: ['school.read'] }, errors: [] }],
      },
    })
    const known = await send('smas', { documentId: idOf(CLASSES) })
    expect(known).toMatchObject({ data: { schools: { nodes: expect.any(Array) } } })
    expect((await send('smas', { query: CLASSES })).data).toEqual(known.data)
    expect(await code('vnedu', { documentId: idOf(CLASSES) })).toBe('DOCUMENT_UNKNOWN')
  })

  test('enforced, everything else is refused on the very next request, and of this application alone', async () => {
    expect(await code('smas', { query: OTHER })).toBe('OK')
    expect(await act(MODE, { ref, mode: 'ENFORCE' })).toEqual({ setDocumentMode: { documentMode: 'ENFORCE' } })
    expect(await code('smas', { query: OTHER })).toBe('DOCUMENT_NOT_REGISTERED')
    expect(await code('smas', { query: OTHER, extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(OTHER) } } })).toBe(
      'DOCUMENT_NOT_REGISTERED',
    )
    expect([await code('smas', { documentId: idOf(CLASSES) }), await code('smas', { query: CLASSES })]).toEqual(['OK', 'OK'])
    expect(await code('vnedu', { query: OTHER })).toBe('OK')
    await act(MODE, { ref, mode: 'REPORT' })
    expect(await code('smas', { query: OTHER })).toBe('OK')
  })

  test('reported, the vendor reads what it has not registered, and how often what it has was used', async () => {
    await vi.waitFor(
      async () =>
        expect(await act(LIST, { ref })).toEqual({
          knownDocuments: { nodes: [{ documentId: idOf(CLASSES), uses: expect.any(Number) }] },
          unknownDocuments: { nodes: [{ documentId: idOf(OTHER), operationName: 'Other', timesSeen: expect.any(Number) }] },
        }),
      { timeout: 20_000, interval: 500 },
    )
  })

  test('a stock client that sends its hash first is served in the sandbox, in its own words', async () => {
    const persisted = { extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(OTHER) } } }
    expect((await send('vnedu', persisted)).errors?.[0]).toMatchObject({
      message: 'PersistedQueryNotFound',
      extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
    })
    expect(await code('vnedu', { ...persisted, query: OTHER })).toBe('OK')
    expect(await code('vnedu', persisted)).toBe('OK')
    expect(await code('smas', persisted)).toBe('PERSISTED_QUERY_NOT_FOUND')
  })

  test('a build registers its documents, is told what is wrong with them, and locks itself in with the key in the door', async () => {
    const run = async (...command: string[]): Promise<string> => {
      const { dataDir, sandbox } = platform
      const key = join(dataDir, platform.party('vnedu').privateKeyFile)
      const options = ['--endpoint', sandbox.graphql, '--client', 'vnedu', '--key', key]
      const node = ['--import', './platform/typescript.js', 'sdk/documents-cli.ts', ...options, ...command]
      // The clock of the platform under test.
      const clock = { NODE_OPTIONS: `--import ${new URL('../testkit/shifted-clock.ts', import.meta.url).href}` }
      return promisify(execFile)(process.execPath, node, { env: { ...process.env, ...clock } }).then(
        ({ stdout }) => stdout,
        ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
      )
    }
    expect(await run('mode', 'ENFORCE', '--reason', 'Thử')).toContain('DOCUMENTS_MISSING')
    expect(await run('register', 'sdk/operations/who-am-i.graphql')).toMatch(/^CREATED +sha256:[0-9a-f]{64} {2}WhoAmI/)
    const registered = await run('register', 'sdk/generated/persisted-documents.json')
    expect(registered.match(/^CREATED /gm)!.length).toBeGreaterThan(30)
    expect(registered).not.toContain('REJECTED')
    expect(await run('mode', 'ENFORCE', '--reason', 'Thử')).toBe('vnedu ENFORCE\n')
    expect(await code('vnedu', { query: CLASSES })).toBe('DOCUMENT_NOT_REGISTERED')
    expect(await run('list')).toContain('RegisterDocuments')
    expect(await run('unknown')).not.toContain('DOCUMENT_NOT_REGISTERED')
    expect(await run('mode', 'OFF', '--reason', 'Thử')).toBe('vnedu OFF\n')
    expect(await run('retire', idOf('nothing'), '--reason', 'Thử')).toBe('0 retired\n')
    expect(await run('register', 'docs')).toContain('holds no .graphql file')
  })

  test('retired, its id is unknown on the very next request', async () => {
    expect(await act(RETIRE, { ref, ids: [idOf(CLASSES)] })).toEqual({ retireDocuments: 1 })
    expect(await code('smas', { documentId: idOf(CLASSES) })).toBe('DOCUMENT_UNKNOWN')
    await act(MODE, { ref, mode: 'OFF' })
  })
})
