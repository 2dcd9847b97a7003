// Subgraphs behind HTTP: closed to everybody but the gateway, and a gateway that survives whatever they answer.
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHttpTransport } from '../../gateway/transport/http.ts'
import { createSubgraphService, type SubgraphService } from '../../subgraphs/kernel/service.ts'
import type { SubgraphName } from '../../subgraphs/kernel/subgraphs.ts'
import { signViewer, type Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { openDoor, putClient, told, type Door, type DoorWishes } from './support/door.ts'
import { buildSmallHouse, SCHOOL_ID, type SmallHouse, type SmallSubgraph } from './support/subgraphs.ts'

const keys = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519')
const now = () => new Date()
const log = pino({ level: 'silent' })

const VIEWER: Viewer = {
  clientId: 'smas',
  applicationId: null,
  vendorId: null,
  accountId: null,
  role: null,
  authorityId: null,
  displayName: 'SMAS',
  scopes: ['school.read'],
  environment: 'SANDBOX',
  grantVersion: 1,
  requestId: 'request-0001',
  operationName: null,
  operationHash: '',
  idempotencyKey: null,
}

interface RunningService {
  readonly service: SubgraphService
  readonly origin: string
  readonly envelopes: string[]
}

async function runService(subgraph: SmallSubgraph, port = 0): Promise<RunningService> {
  const envelopes: string[] = []
  const service = createSubgraphService({
    subgraph,
    verificationKey: keys.publicKey,
    now,
    log,
    extend: (app) => app.addHook('onRequest', async ({ headers }) => void envelopes.push(headers.authorization ?? '')),
  })
  return { service, origin: await service.listen(port, '127.0.0.1'), envelopes }
}

describe('a subgraph called without the gateway', () => {
  let house: SmallHouse
  let running: RunningService

  beforeAll(async () => {
    house = buildSmallHouse()
    running = await runService(house.schools)
  })
  afterAll(() => running?.service.close())

  const DOCUMENTS = [
    '{ _service { sdl } }',
    `{ _entities(representations: [{ __typename: "School", id: "${SCHOOL_ID}" }]) { ... on School { name } } }`,
    '{ __typename }',
    `{ school(id: "${SCHOOL_ID}") { name } }`,
  ]

  const call = async (query: string, authorization?: string) =>
    told(
      await fetch(`${running.origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
        body: JSON.stringify({ query }),
      }),
    )

  const envelope = ({ audience = 'schools' as SubgraphName, key = keys.privateKey, at = now(), viewer = VIEWER } = {}): string =>
    `Viewer ${signViewer(viewer, audience, key, at)}`
  const aged = (seconds: number): Date => new Date(Date.now() - seconds * 1_000)
  const partsOf = (text: string) => text.slice('Viewer '.length).split('.') as [string, string, string]
  const claimsOf = (text: string) => JSON.parse(Buffer.from(partsOf(text)[0], 'base64url').toString())
  function altered(change: (claims: ReturnType<typeof claimsOf>) => void): string {
    const [, signature, pass] = partsOf(envelope())
    const claims = claimsOf(envelope())
    change(claims)
    return `Viewer ${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}.${pass}`
  }
  /** What one subgraph was sent, shown with another pass. */
  function withPass(passOf: (own: readonly [string, string, string]) => string | undefined): string {
    const own = partsOf(envelope())
    return `Viewer ${own[0]}.${own[1]}.${passOf(own)}`
  }

  test.each(DOCUMENTS)('answers %s to a viewer that the gateway signed', async (query) => {
    const answer = await call(query, envelope())
    expect([answer.status, answer.codes]).toEqual([200, []])
  })

  describe.each([
    ['without an envelope', () => undefined],
    ['with an empty envelope', () => 'Viewer '],
    ['with a bearer token', () => 'Bearer eyJhbGciOiJFUzI1NiJ9.e30.x'],
    ['with an envelope of another key', () => envelope({ key: stranger.privateKey })],
    ['with an envelope for another subgraph', () => envelope({ audience: 'gradebook' })],
    ['with an envelope that has expired', () => envelope({ at: aged(61) })],
    ['with an envelope from the future', () => envelope({ at: aged(-120) })],
    ['with an altered envelope', () => altered(({ viewer }) => viewer.scopes.push('student.sensitive.read'))],
    ['with a pass that is named by hand', () => altered(({ to }) => (to.schools = to.gradebook))],
    ['with the pass of another subgraph', () => withPass(() => partsOf(envelope({ audience: 'gradebook' }))[2])],
    ['with the pass of another operation', () => withPass(() => partsOf(envelope({ viewer: { ...VIEWER } }))[2])],
    ['with the hash of its pass', () => withPass(([body]) => claimsOf(`Viewer ${body}.`).to.schools)],
    ['with an envelope without its pass', () => envelope().replace(/\.[^.]*$/, '')],
    ['with an empty pass', () => withPass(() => '')],
    ['with an envelope without its signature', () => envelope().split('.')[0]],
    ['with a second pass', () => `${envelope()}.x`],
  ])('%s', (_, authorization) => {
    test.each(DOCUMENTS)('answers nothing to %s', async (query) => {
      const before = house.asked.length
      const answer = await call(query, authorization())
      expect([answer.status, answer.codes, answer.body.data, house.asked.length - before]).toEqual([
        401,
        ['VIEWER_UNSIGNED'],
        undefined,
        0,
      ])
    })
  })

  test('one signature serves one operation at all subgraphs, each with a pass that no other envelope holds', () => {
    const at = now()
    const [own, other, next] = [
      envelope({ at }),
      envelope({ at, audience: 'gradebook' }),
      envelope({ at, viewer: { ...VIEWER } }),
    ].map(partsOf) as [string, string, string][]
    expect(own!.slice(0, 2)).toEqual(other!.slice(0, 2))
    expect(own![1]).not.toBe(next![1])
    expect(new Set([own![2], other![2], next![2]]).size).toBe(3)
    const claims = JSON.stringify(claimsOf(envelope({ at })))
    expect([own![2], other![2]].filter((pass) => claims.includes(pass))).toEqual([])
  })

  test('an envelope that is asked for again has half of its minute left', () => {
    const viewer = { ...VIEWER }
    const at = now()
    const endsAfter = (seconds: number) =>
      claimsOf(envelope({ viewer, at: new Date(at.getTime() + seconds * 1_000) })).exp - Math.floor(at.getTime() / 1_000)
    expect([0, 29, 30, 45, 0].map(endsAfter)).toEqual([60, 60, 90, 90, 60])
  })

  test('the same envelope is refused once its minute is over, though it was believed before', async () => {
    let clock = Date.now()
    const clocked = createSubgraphService({
      subgraph: house.schools,
      verificationKey: keys.publicKey,
      now: () => new Date(clock),
      log,
    })
    const origin = await clocked.listen(0, '127.0.0.1')
    try {
      const authorization = `Viewer ${signViewer(VIEWER, 'schools', keys.privateKey, new Date(clock))}`
      const ask = async () =>
        (
          await fetch(`${origin}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization },
            body: '{"query":"{ __typename }"}',
          })
        ).status
      const fresh = await ask()
      clock += 61_000
      expect([fresh, await ask()]).toEqual([200, 401])
    } finally {
      await clocked.close()
    }
  })

  test.each(['/', '/graphql', '/schema.graphql', '/metrics'])('GET %s answers nothing', async (path) => {
    const answer = await told(await fetch(running.origin + path))
    expect([answer.status, answer.codes]).toEqual([401, ['VIEWER_UNSIGNED']])
  })

  test('whether it lives and is ready anybody may know', async () => {
    const [live, ready] = await Promise.all(
      ['/livez', '/readyz'].map(async (path) => (await fetch(running.origin + path)).json()),
    )
    expect([live, ready]).toEqual([{ status: 'live' }, { status: 'ready' }])
  })

  test('the unexpected is masked here already, before it travels', async () => {
    const answer = await call('{ broken }', envelope())
    expect([answer.codes, answer.text]).toEqual([['INTERNAL'], expect.not.stringContaining('Minh')])
  })

  test('a body that is no request is refused', async () => {
    const response = await fetch(`${running.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: envelope() },
      body: '{"query":{}}',
    })
    expect((await told(response)).codes).toEqual(['BAD_REQUEST'])
  })

  test('more than two megabytes are refused', async () => {
    const response = await fetch(`${running.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: envelope() },
      body: JSON.stringify({ query: 'x'.repeat(2_100_000) }),
    })
    expect([response.status, (await told(response)).codes]).toEqual([413, ['BODY_TOO_LARGE']])
  })
})

describe('the gateway over HTTP', () => {
  let database: TestDatabase
  let house: SmallHouse
  let schools: RunningService
  let gradebook: RunningService
  const doors: Door[] = []
  const servers: Server[] = []

  beforeAll(async () => {
    database = await freshDatabase({ province: false })
    await putClient(database, 'smas')
    house = buildSmallHouse()
  })
  beforeEach(async () => {
    schools = await runService(house.schools)
    gradebook = await runService(house.gradebook)
  })
  afterEach(async () => {
    for (const door of doors.splice(0)) await door.close()
    for (const server of servers.splice(0)) server.close().closeAllConnections()
    await Promise.all([schools, gradebook].map(({ service }) => service.close()))
  })
  afterAll(() => database?.drop())

  async function doorTo(
    origins: { schools: string; gradebook: string },
    {
      timeoutMs = 1_000,
      maxResponseBytes,
      clock = now,
    }: { timeoutMs?: number; maxResponseBytes?: number; clock?: () => Date } = {},
    wishes: DoorWishes = {},
  ): Promise<Door> {
    const transport = (name: 'schools' | 'gradebook') =>
      createHttpTransport({ name, origin: origins[name], signingKey: keys.privateKey, now: clock, timeoutMs, maxResponseBytes })
    const door = await openDoor(database, {
      house,
      transports: { schools: transport('schools'), gradebook: transport('gradebook') },
      ...wishes,
    })
    doors.push(door)
    return door
  }

  async function stranger(listener: RequestListener): Promise<string> {
    const server = createServer(listener)
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  test('answers and audits as in one process, 150 references in one batch', async () => {
    const door = await doorTo({ schools: schools.origin, gradebook: gradebook.origin })
    const before = house.asked.length
    const requestId = randomUUID()
    const answer = await door.ask('{ students(first: 150) { name scores { value } } }', {
      headers: { 'x-request-id': requestId },
    })
    expect(answer.body.data?.students).toHaveLength(150)
    expect(house.asked.slice(before).map(({ subgraph, viewer }) => [subgraph, viewer.requestId])).toEqual([
      ['schools', requestId],
      ['gradebook', requestId],
    ])
    const [record] = await database.sql<{ student_count: number }>(
      'select student_count from access.audit_event where request_id = $1',
      [requestId],
    )
    expect(record?.student_count).toBe(150)
  })

  test('signs once for one operation and subgraph, and anew for the next', async () => {
    const door = await doorTo({ schools: schools.origin, gradebook: gradebook.origin })
    // Entities of a mutation's result come back to the same subgraph in a second fetch.
    await door.ask(
      `mutation { a: rename(id: "${SCHOOL_ID}", name: "Một") { name } b: rename(id: "${SCHOOL_ID}", name: "Hai") { name } }`,
    )
    await door.ask('{ a: students(first: 1) { scores { value } } b: students(first: 2) { scores { value } } }')
    expect(new Set(schools.envelopes).size).toBe(2)
    expect(gradebook.envelopes.length).toBe(2)
    expect(new Set(gradebook.envelopes).size).toBe(1)
  })

  test('a known refusal of a subgraph passes, the unexpected stays masked', async () => {
    const door = await doorTo({ schools: schools.origin, gradebook: gradebook.origin })
    const [refused, broken] = await Promise.all([door.ask('{ refused }'), door.ask('{ broken }')])
    expect([refused.codes, broken.codes]).toEqual([['ACT_FORBIDDEN'], ['INTERNAL']])
    expect(broken.text).not.toMatch(/Minh|secret/)
  })

  test('a dead subgraph is 503 with Retry-After, and comes back without a restart of the gateway', async () => {
    const door = await doorTo({ schools: schools.origin, gradebook: gradebook.origin })
    expect((await door.ask('{ students(first: 1) { name } }')).status).toBe(200)
    await schools.service.close()
    const dead = await door.ask('{ students(first: 1) { name } }')
    schools = await runService(house.schools, Number(new URL(schools.origin).port))
    const back = await door.ask('{ students(first: 1) { name } }')
    expect([dead.status, dead.codes, dead.headers.get('retry-after'), back.status]).toEqual([
      503,
      ['SERVICE_UNAVAILABLE'],
      '2',
      200,
    ])
  })

  test('a slow subgraph is 503 after its time', async () => {
    const door = await doorTo({ schools: schools.origin, gradebook: gradebook.origin }, { timeoutMs: 300 })
    const answer = await door.ask('{ slow(ms: 3000) }')
    expect([answer.status, answer.codes]).toEqual([503, ['SERVICE_UNAVAILABLE']])
  })

  test('a read whose connection was cut off is asked once more, a write never', async () => {
    const bodies: string[] = []
    const cutting = await stranger((request, _response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()))
      request.on('end', () => request.socket.destroy())
    })
    const door = await doorTo({ schools: cutting, gradebook: gradebook.origin })
    const read = await door.ask('{ away }')
    expect([read.status, bodies.length]).toEqual([503, 2])
    const write = await door.ask(`mutation { rename(id: "${SCHOOL_ID}", name: "Một") { name } }`)
    expect([write.status, bodies.length]).toEqual([503, 3])
  })

  test('a subgraph that hangs is left in peace after five fetches, and the others answer; a probe finds it well again', async () => {
    let asked = 0
    let well = false
    const hanging = await stranger((request, response) => {
      asked++
      request.resume().on('end', () => {
        if (well) response.end('{"data":{"_entities":[{"__typename":"Student","scores":[{"value":7}]}]}}')
      })
    })
    // Stands still, so that no rest ends before it is looked at.
    const began = now()
    let clock = () => began
    const door = await doorTo({ schools: schools.origin, gradebook: hanging }, { timeoutMs: 250, clock: () => clock() })
    const ask = () => door.ask('{ students(first: 1) { name scores { value } } }')
    for (let count = 0; count < 5; count++) expect((await ask()).codes).toEqual(['SERVICE_UNAVAILABLE'])
    expect(asked).toBe(5)
    const spared = await ask()
    expect([spared.codes, asked]).toEqual([['SERVICE_UNAVAILABLE'], 5])
    expect((await door.ask('{ students(first: 1) { name } }')).status).toBe(200)
    well = true
    clock = now
    expect((await ask()).status).toBe(200)
    expect(asked).toBe(6)
  })

  test('a client that leaves takes its read along, to the subgraph and into the audit', async () => {
    const begun = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    const hanging = await stranger((request, response) => {
      response.once('close', ended.resolve)
      request.resume().on('end', begun.resolve)
    })
    const door = await doorTo({ schools: hanging, gradebook: gradebook.origin }, { timeoutMs: 50_000 })
    const requestId = await leave(door, '{ away }', begun.promise)
    await ended.promise
    await expect.poll(() => errorsOf(requestId), { timeout: 5_000 }).toEqual([['REQUEST_TIMEOUT']])
  })

  test('what one subgraph has read is on record also where another has not answered when the time is over', async () => {
    const studentId = '0192f3a0-0000-7000-9000-000000000000'
    const told = {
      data: { _entities: [null] },
      errors: [{ message: 'not yours', path: ['_entities', 0], extensions: { code: 'RECORD_NOT_ACCESSIBLE' } }],
      extensions: { touched: { schools: [SCHOOL_ID], students: [studentId] } },
    }
    const half = await stranger((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        if (JSON.parse(body).variables.representations.length === 1) response.end(JSON.stringify(told))
      })
    })
    const door = await doorTo({ schools: schools.origin, gradebook: half }, { timeoutMs: 50_000 }, { operationTimeoutMs: 500 })
    const requestId = randomUUID()
    const { codes } = await door.ask(
      '{ a: students(first: 1) { scores { value } } b: students(first: 2) { scores { value } } }',
      {
        headers: { 'x-request-id': requestId },
      },
    )
    expect(codes).toEqual(['REQUEST_TIMEOUT'])
    const records = await database.sql('select schools, error_codes from access.audit_event where request_id = $1', [requestId])
    expect(records).toEqual([{ schools: [SCHOOL_ID], error_codes: ['REQUEST_TIMEOUT'] }])
  })

  test('a client that leaves does not stop its write', async () => {
    const begun = Promise.withResolvers<void>()
    const left = Promise.withResolvers<void>()
    const slow = await stranger((request, response) => {
      request.resume().on('end', () => {
        begun.resolve()
        void left.promise.then(() => response.end('{"data":{"rename":{"name":"Một"}}}'))
      })
    })
    const door = await doorTo({ schools: slow, gradebook: gradebook.origin }, { timeoutMs: 50_000 })
    const requestId = await leave(door, `mutation { rename(id: "${SCHOOL_ID}", name: "Một") { name } }`, begun.promise)
    // The gateway has seen the connection end when it can be asked for something else and has answered.
    await door.ask('{ __typename }')
    left.resolve()
    await expect.poll(() => errorsOf(requestId), { timeout: 5_000 }).toEqual([[]])
  })

  /** Asks, waits for a sign that the operation has begun, and hangs up. */
  async function leave(door: Door, query: string, begun: Promise<void>): Promise<string> {
    const requestId = randomUUID()
    const leaving = new AbortController()
    const asked = door.ask(query, { headers: { 'x-request-id': requestId }, signal: leaving.signal })
    await begun
    leaving.abort()
    await expect(asked).rejects.toThrow(/abort/i)
    return requestId
  }

  async function errorsOf(requestId: string): Promise<string[][]> {
    const records = await database.sql<{ error_codes: string[] }>(
      'select error_codes from access.audit_event where request_id = $1',
      [requestId],
    )
    return records.map(({ error_codes: codes }) => codes)
  }

  test.each<[string, RequestListener, number, string]>([
    ['no JSON', (_, response) => response.end('<html>Nguyễn Thị Minh</html>'), 200, 'INTERNAL'],
    ['an array', (_, response) => response.end('[1]'), 200, 'INTERNAL'],
    ['an empty object', (_, response) => response.end('{}'), 200, 'INTERNAL'],
    ['data of another kind', (_, response) => response.end('{"data":[]}'), 200, 'INTERNAL'],
    ['errors that are none', (_, response) => response.end('{"data":null,"errors":["x"]}'), 200, 'INTERNAL'],
    [
      'more than it may',
      (_, response) => response.end(JSON.stringify({ data: { students: [], pad: 'x'.repeat(200_000) } })),
      200,
      'INTERNAL',
    ],
    [
      'what its own schema forbids',
      (_, response) => response.end('{"data":{"away":{"name":"Nguyễn Thị Minh"}}}'),
      200,
      'INTERNAL',
    ],
    ['a failure of its own', (_, response) => response.writeHead(500).end('{}'), 200, 'INTERNAL'],
    [
      'that it does not know us',
      (_, response) => response.writeHead(401).end('{"errors":[{"message":"x","extensions":{"code":"VIEWER_UNSIGNED"}}]}'),
      200,
      'INTERNAL',
    ],
    ['that it is being closed', (_, response) => response.writeHead(503).end('{}'), 503, 'SERVICE_UNAVAILABLE'],
    [
      'half of its answer',
      (_, response) => void response.writeHead(200, { 'content-length': '1000' }).write('{"data":', () => response.destroy()),
      503,
      'SERVICE_UNAVAILABLE',
    ],
    ['nothing and hangs up', (request) => request.socket.destroy(), 503, 'SERVICE_UNAVAILABLE'],
  ])('a subgraph that answers %s harms nobody', async (_, listener, status, code) => {
    const door = await doorTo({ schools: await stranger(listener), gradebook: gradebook.origin }, { maxResponseBytes: 100_000 })
    const answer = await door.ask('{ away }')
    expect([answer.status, answer.codes]).toEqual([status, [code]])
    expect(answer.text + door.log.join('')).not.toMatch(/Minh/)
  })
})
