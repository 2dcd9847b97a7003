// What the door refuses before it thinks about GraphQL, each refusal with its own code, and what it lets pass beside it.
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { openDoor, putClient, told, type Door } from './support/door.ts'
import { SCHOOL_ID } from './support/subgraphs.ts'

const SCHOOL_QUERY = `query School($id: ID!) { school(id: $id) { name } }`
const RENAME = `mutation Rename { rename(id: "${SCHOOL_ID}", name: "Khác") { name } }`
const PAGE = 'https://portal.thanhhoa.example'
const idOf = (source: string): string => createHash('sha256').update(source).digest('hex')

let database: TestDatabase
let door: Door
let bearer: string

beforeAll(async () => {
  database = await freshDatabase({ province: false })
  door = await openDoor(database, {
    knownDocuments: new Map([SCHOOL_QUERY, RENAME].map((source) => [idOf(source), source])),
    corsOrigins: [PAGE],
    httpTimeouts: { headers: 300, body: 600, idle: 500, silence: 2_000, checkEvery: 50 },
    explorer: async (scope) => void scope.get('/', async () => 'explorer'),
    operationTimeoutMs: 1_000,
  })
  await putClient(database, 'smas')
  bearer = await door.token()
})

afterAll(async () => {
  await door?.close()
  await database?.drop()
})

const knock = async (init: RequestInit & { headers?: Record<string, string> }, path = '') =>
  told(await fetch(door.url + path, { ...init, headers: { authorization: `Bearer ${bearer}`, ...init.headers } }))

const JSON_TYPE = { 'content-type': 'application/json' }
const OPERATION = JSON.stringify({ query: '{ __typename }' })

describe('media type', () => {
  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    '%s is taken',
    async (type) => {
      expect((await knock({ method: 'POST', headers: { 'content-type': type }, body: OPERATION })).status).toBe(200)
    },
  )

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    'application/json; charset=utf-16',
    'application/jsonp',
  ])('%s is refused with 415', async (type) => {
    const answer = await knock({ method: 'POST', headers: { 'content-type': type }, body: OPERATION })
    expect([answer.status, answer.codes]).toEqual([415, ['UNSUPPORTED_MEDIA_TYPE']])
  })

  test('a compressed body is refused, however small', async () => {
    const answer = await knock({
      method: 'POST',
      headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
      body: gzipSync(OPERATION),
    })
    expect([answer.status, answer.codes]).toEqual([415, ['UNSUPPORTED_MEDIA_TYPE']])
  })
})

describe('body', () => {
  const padded = (bytes: number): string => {
    const frame = JSON.stringify({ query: '{ __typename }', extensions: { pad: '' } })
    return frame.replace('""', JSON.stringify('x'.repeat(bytes - frame.length)))
  }

  test('one megabyte is taken', async () => {
    expect((await knock({ method: 'POST', headers: JSON_TYPE, body: padded(1_048_576) })).status).toBe(200)
  })

  test('one byte more is refused with 413', async () => {
    const answer = await knock({ method: 'POST', headers: JSON_TYPE, body: padded(1_048_577) })
    expect([answer.status, answer.codes]).toEqual([413, ['BODY_TOO_LARGE']])
  })

  test('a body that does not announce its length is counted while it comes', async () => {
    const status = await new Promise((resolve, reject) => {
      const outgoing = request(
        door.url,
        { method: 'POST', headers: { ...JSON_TYPE, authorization: `Bearer ${bearer}` } },
        (response) => {
          response.resume()
          resolve(response.statusCode)
        },
      )
      outgoing.on('error', reject)
      for (let sent = 0; sent < 20; sent++) outgoing.write('x'.repeat(65_536))
      outgoing.end()
    })
    expect(status).toBe(413)
  })

  test('an array of operations is refused', async () => {
    const answer = await knock({ method: 'POST', headers: JSON_TYPE, body: `[${OPERATION},${OPERATION}]` })
    expect([answer.status, answer.codes]).toEqual([400, ['BATCHING_REFUSED']])
  })

  test.each([
    '',
    '{',
    'null',
    '"text"',
    '{"query":""}',
    '{"query":1}',
    '{"query":"{a}","variables":[]}',
    '{"query":"{a}","operationName":{}}',
  ])('%j is no request', async (body) => {
    const answer = await knock({ method: 'POST', headers: JSON_TYPE, body })
    expect([answer.status, answer.codes]).toEqual([400, ['BAD_REQUEST']])
  })

  test('bytes that are not UTF-8 are refused, not repaired', async () => {
    const answer = await knock({
      method: 'POST',
      headers: JSON_TYPE,
      body: Buffer.from([...Buffer.from('{"query":"{ __typename }","operationName":"'), 0xff, ...Buffer.from('"}')]),
    })
    expect([answer.status, answer.codes]).toEqual([400, ['BAD_REQUEST']])
  })

  test('a stranger is refused before the body is read', async () => {
    const answer = await knock({ method: 'POST', headers: { ...JSON_TYPE, authorization: '' }, body: '{' })
    expect([answer.status, answer.codes]).toEqual([401, ['UNAUTHENTICATED']])
  })
})

describe('GET', () => {
  const PREFLIGHT = { 'apollo-require-preflight': 'true' }
  const address = (source: string): string =>
    `?documentId=sha256:${idOf(source)}&variables=${encodeURIComponent(JSON.stringify({ id: SCHOOL_ID }))}`

  test('a known document is read', async () => {
    const answer = await knock({ headers: PREFLIGHT }, address(SCHOOL_QUERY))
    expect([answer.status, answer.body.data]).toEqual([200, { school: { name: 'Trường THPT Đào Duy Từ' } }])
  })

  test('a known document that writes is refused, and writes nothing', async () => {
    const answer = await knock({ headers: PREFLIGHT }, address(RENAME))
    expect([answer.status, answer.codes, door.house.names.get(SCHOOL_ID)]).toEqual([
      405,
      ['METHOD_NOT_ALLOWED'],
      'Trường THPT Đào Duy Từ',
    ])
  })

  test('an unknown document is refused', async () => {
    const answer = await knock({ headers: PREFLIGHT }, `?documentId=sha256:${'0'.repeat(64)}`)
    expect([answer.status, answer.codes]).toEqual([404, ['DOCUMENT_UNKNOWN']])
  })

  test('a document in the address is refused', async () => {
    const answer = await knock({ headers: PREFLIGHT }, '?query={__typename}')
    expect([answer.status, answer.codes]).toEqual([405, ['METHOD_NOT_ALLOWED']])
  })

  test('without a header that a foreign page cannot send it is refused', async () => {
    const answer = await knock({}, address(SCHOOL_QUERY))
    expect([answer.status, answer.codes]).toEqual([400, ['CSRF_REFUSED']])
  })

  test('variables that are no JSON object are refused', async () => {
    const answer = await knock({ headers: PREFLIGHT }, `?documentId=sha256:${idOf(SCHOOL_QUERY)}&variables=[1]`)
    expect([answer.status, answer.codes]).toEqual([400, ['BAD_REQUEST']])
  })

  test.each(['PUT', 'DELETE', 'PATCH'])('%s is no way to ask', async (method) => {
    const answer = await knock({ method, headers: JSON_TYPE, body: OPERATION })
    expect([answer.status, answer.codes, answer.headers.get('allow')]).toEqual([405, ['METHOD_NOT_ALLOWED'], 'GET, POST'])
  })
})

describe('foreign pages', () => {
  const preflight = (origin: string) =>
    knock({
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    })

  test('a page of a configured origin may ask', async () => {
    const asked = await preflight(PAGE)
    const answer = await door.ask('{ __typename }', { headers: { origin: PAGE } })
    expect([
      asked.status,
      asked.headers.get('access-control-allow-origin'),
      answer.headers.get('access-control-allow-origin'),
    ]).toEqual([204, PAGE, PAGE])
  })

  test.each(['https://evil.example', 'null', `${PAGE}.evil.example`])('a page of %s may not', async (origin) => {
    const asked = await preflight(origin)
    const answer = await door.ask('{ __typename }', { headers: { origin } })
    expect([
      asked.headers.get('access-control-allow-origin'),
      answer.headers.get('access-control-allow-origin'),
      answer.headers.get('access-control-allow-credentials'),
    ]).toEqual([null, null, null])
  })
})

describe('request id', () => {
  test('a safe id of the caller comes back, also on a refusal', async () => {
    const answers = await Promise.all([
      door.ask('{ __typename }', { headers: { 'x-request-id': 'smas-2026.0001' } }),
      door.ask('{', { token: null, headers: { 'x-request-id': 'smas-2026.0001' } }),
    ])
    expect(answers.map(({ headers }) => headers.get('x-request-id'))).toEqual(['smas-2026.0001', 'smas-2026.0001'])
  })

  test.each(['short', 'x'.repeat(65), 'has spaces in it', 'quote"and{brace}'])('%j is replaced by one of ours', async (id) => {
    const answer = await door.ask('{ __typename }', { headers: { 'x-request-id': id } })
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)
  })
})

describe('idempotency key', () => {
  test('a printable key reaches the subgraph with the viewer', async () => {
    const before = door.house.asked.length
    const answer = await door.ask(`mutation { rename(id: "${SCHOOL_ID}", name: "Trường THPT Đào Duy Từ") { id } }`, {
      headers: { 'idempotency-key': 'lô 1'.normalize('NFD').replace(/[^\x20-\x7e]/g, '') },
    })
    expect([answer.status, door.house.asked[before]?.viewer.idempotencyKey]).toEqual([200, 'lo 1'])
  })

  test.each(['', 'x'.repeat(256), 'caf\u00e9'])('%j is refused', async (key) => {
    const answer = await door.ask('{ __typename }', { headers: { 'idempotency-key': key } })
    expect([answer.status, answer.codes]).toEqual([400, ['IDEMPOTENCY_KEY_INVALID']])
  })
})

describe('slow and idle peers', () => {
  const hold = (text: string): Promise<{ heard: string; after: number }> =>
    new Promise((resolve, reject) => {
      const started = Date.now()
      let heard = ''
      const socket = connect(Number(new URL(door.url).port), '127.0.0.1', () => socket.write(text))
      socket.on('data', (piece) => (heard += String(piece)))
      socket.on('error', reject)
      socket.on('close', () => resolve({ heard, after: Date.now() - started }))
    })

  test('headers that never end are cut off', async () => {
    const { heard, after } = await hold('POST /graphql HTTP/1.1\r\nhost: x\r\nx-slow: ')
    expect(heard).toMatch(/^HTTP\/1\.1 408/)
    expect(after).toBeLessThan(10_000)
  })

  test('a body that never ends is cut off', async () => {
    const { after } = await hold(
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer ${bearer}\r\ncontent-length: 100\r\n\r\n{"query":`,
    )
    expect(after).toBeLessThan(10_000)
  })

  test('a kept connection without a request is closed', async () => {
    const { heard, after } = await hold('GET /livez HTTP/1.1\r\nhost: x\r\n\r\n')
    expect(heard).toMatch(/^HTTP\/1\.1 200/)
    expect(after).toBeLessThan(10_000)
  })

  test('an operation that takes too long is stopped with 504, and one that does not is answered', async () => {
    const [late, soon] = await Promise.all([door.ask('{ slow(ms: 5000) }'), door.ask('{ slow(ms: 50) }')])
    expect([late.status, late.codes, soon.body.data]).toEqual([504, ['REQUEST_TIMEOUT'], { slow: 50 }])
  })
})

describe('other routes', () => {
  test('the explorer stands where it was plugged in', async () => {
    expect(await (await fetch(new URL('/explorer/', door.url))).text()).toBe('explorer')
  })

  test('an unknown path is 404 and tells nothing', async () => {
    const response = await fetch(new URL('/etc/passwd', door.url))
    expect([response.status, await response.json()]).toEqual([404, { message: 'Not found. The API is at /graphql.' }])
  })
})
