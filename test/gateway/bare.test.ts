// `gateway:bare`: a supergraph of strangers through our executor and the hard door, for this machine alone.
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApolloGateway } from '@apollo/gateway'
import { parse } from 'graphql'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { BARE_LIMITS, createBareGateway, SupergraphRefused, type BareGateway } from '../../gateway/bare/index.ts'
import { NotLoopback } from '../../gateway/bare/loopback.ts'
import { createLog } from '../../subgraphs/kernel/log.ts'
import { composeTorture } from './execution/support/torture.ts'
import { told, type Told } from './support/door.ts'
import { openShop, type Shop } from './support/foreign.ts'

const lines: string[] = []
const log = createLog({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } })
const now = (): Date => new Date()

let shop: Shop
let gateway: BareGateway
let url: string

beforeAll(async () => {
  shop = await openShop()
  gateway = await createBareGateway({ supergraphSdl: shop.supergraphSdl, now, log, operationTimeoutMs: 3_000 })
  url = await gateway.listen(0, '127.0.0.1')
})
afterAll(async () => {
  await gateway.close()
  await shop.close()
})
afterEach(() => {
  for (const name of ['products', 'reviews', 'stock'] as const) delete shop.trouble[name]
})

interface Wishes {
  readonly variables?: unknown
  readonly operationName?: string
  readonly at?: string
  readonly signal?: AbortSignal
}

async function ask(query: unknown, { variables, operationName, at = url, signal }: Wishes = {}): Promise<Told> {
  return told(
    await fetch(`${at}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables, operationName }),
      ...(signal && { signal }),
    }),
  )
}

async function executed(at = url): Promise<Record<string, number>> {
  const text = await (await fetch(`${at}/metrics`)).text()
  const found = text.matchAll(/^lienthong_gateway_executions_total\{executor="(\w+)",reason="(\w*)"\} (\d+)$/gm)
  return Object.fromEntries([...found].map(([, executor, reason, count]) => [reason || executor!, Number(count)]))
}

describe('a supergraph of strangers', () => {
  let vanilla: ApolloGateway

  beforeAll(async () => {
    process.env.APOLLO_TELEMETRY_DISABLED = 'true'
    const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
    vanilla = new ApolloGateway({ supergraphSdl: shop.supergraphSdl, logger: silent })
    await vanilla.load()
  })
  afterAll(() => vanilla.stop())

  async function vanillaAnswers(source: string, variables: unknown): Promise<unknown> {
    const { data } = await vanilla.executor({
      request: { query: source, variables },
      document: parse(source),
      queryHash: source,
      operationName: null,
      context: {},
      metrics: {},
      schema: vanilla.schema,
    } as unknown as Parameters<typeof vanilla.executor>[0])
    return data
  }

  const operations: readonly (readonly [what: string, source: string, variables?: unknown])[] = [
    ['a key of one field, from three subgraphs', '{ product(upc: "1") { name price left rating } }'],
    ['@requires, with an argument in its fields', '{ products(first: 5) { upc postage weight kilos: weight(unit: KILO) } }'],
    ['@interfaceObject', '{ items { __typename title rating reviews { stars about { __typename title } } } }'],
    [
      'an interface, and what its types add',
      '{ item(id: "v1") { id ... on Voucher { worth } ... on Product { price } reviews { id } } }',
    ],
    [
      'a union, also of a type that several subgraphs share',
      '{ search(text: "x") { __typename ... on Page { url } ... on Item { id title } } }',
    ],
    [
      '@provides, and a key of a field inside another',
      '{ reviews(of: "p1") { by { nick old region { code } bought { name } } page { url } } }',
    ],
    ['from one subgraph back to the first', '{ me { nick bought { name facts reviews { by { nick bought { upc } } } } } }'],
    [
      'custom scalars, in and out',
      'query ($w: Where) { products(where: $w, sort: PRICE) { price facts } }',
      { w: { cheaperThan: '5 đ' } },
    ],
    [
      '@skip and @include',
      'query ($a: Boolean!) { product(upc: "1") { name @skip(if: $a) price @include(if: $a) left } }',
      { a: true },
    ],
    [
      'aliases and fragments',
      '{ a: product(upc: "1") { ...P } b: product(upc: "2") { ...P } c: product(upc: "3") { upc } } fragment P on Product { x: title rating }',
    ],
    [
      'introspection',
      '{ __type(name: "Money") { name specifiedByURL } __schema { queryType { fields { name } } directives { name } } }',
    ],
  ]

  test.each(operations.map(([what, source, variables]) => ({ what, source, variables })))(
    '$what: as the stock gateway answers',
    async ({ source, variables }) => {
      const answer = await ask(source, { variables })
      expect(answer.body.errors).toBeUndefined()
      expect(JSON.stringify(answer.body.data)).toBe(JSON.stringify(await vanillaAnswers(source, variables)))
    },
  )

  test('is put together from the bytes of its subgraphs, and introspection answered by the stock executor', async () => {
    const before = await executed()
    await ask('{ product(upc: "1") { title } }')
    await ask('{ __schema { types { name } } }')
    const after = await executed()
    expect(after.ready).toBe((before.ready ?? 0) + 1)
    expect(after.INTROSPECTION).toBe((before.INTROSPECTION ?? 0) + 1)
  })

  test('mutations of two subgraphs run in their order', async () => {
    const { text } = await ask('mutation { a: count(by: 2) b: countOn(by: 5) c: count(by: 1) d: count(by: 0) }')
    expect(text).toBe('{"data":{"a":2,"b":10,"c":11,"d":11}}')
  })

  test('a write takes what it has written along', async () => {
    const { text } = await ask('mutation ($input: NewProduct!) { add(input: $input) { name facts postage } }', {
      variables: { input: { upc: '9', name: 'Tủ', facts: { doors: [1, { wide: true }] } } },
    })
    expect(text).toBe('{"data":{"add":{"name":"Tủ","facts":{"doors":[1,{"wide":true}]},"postage":"1 đ"}}}')
  })

  test('what is @inaccessible is not there', async () => {
    for (const source of ['{ product(upc: "1") { cost } }', '{ products(sort: SECRET) { id } }'])
      expect((await ask(source)).codes).toEqual(['GRAPHQL_VALIDATION_FAILED'])
  })

  test('a torture supergraph is served with all that federation can say', async () => {
    const torture = await createBareGateway({ supergraphSdl: composeTorture().supergraphSdl, now, log })
    const at = await torture.listen(0, '127.0.0.1')
    try {
      const { body } = await ask('{ __schema { types { name fields(includeDeprecated: true) { name } } } }', { at })
      const types = (body.data as { __schema: { types: { name: string }[] } }).__schema.types.map(({ name }) => name)
      expect(types).toEqual(expect.arrayContaining(['Pupil', 'Media', 'Found', 'Seat', 'Teacher', 'JSON', 'Instant']))
    } finally {
      await torture.close()
    }
  })
})

describe('faults of subgraphs', () => {
  test('are told in their own words, at their place, and the rest is answered', async () => {
    const { status, body } = await ask('{ half { id rating } me { nick } }')
    expect(status).toBe(200)
    expect(body).toEqual({
      errors: [
        { message: 'the second is lost', path: ['half', 1], extensions: { code: 'LOST', shelf: 3, serviceName: 'products' } },
      ],
      data: { half: [{ id: 'p1', rating: 4.5 }, null], me: { nick: 'Lan' } },
    })
  })

  test('null goes up from where it may not be', async () => {
    const { status, body } = await ask('{ broken { id } me { nick } }')
    expect([status, body.data, body.errors?.length]).toEqual([200, null, 1])
  })

  test('a subgraph that is away leaves its fields null and the others answered', async () => {
    shop.trouble.reviews = () => 'hang up'
    const { body, codes } = await ask('{ product(upc: "1") { name rating left } }')
    expect(body.data).toEqual({ product: { name: 'Bàn', rating: null, left: 1 } })
    expect(codes).toEqual(['SERVICE_UNAVAILABLE'])
  })

  test.each([
    ['no JSON', { status: 200, body: '<html>' }],
    ['no object', { status: 200, body: '[1]' }],
    ['nothing at all', { status: 200, body: '' }],
    ['a page of a proxy', { status: 403, body: '<html>forbidden for 10.1.2.3</html>' }],
    ['500 without a word of GraphQL', { status: 500, body: '{"stack":"at /srv/secret.js"}' }],
  ])('%s is a fault of ours to the caller, without a word of it', async (_what, answer) => {
    shop.trouble.reviews = () => answer
    const { body, codes, text } = await ask('{ product(upc: "1") { name rating } }')
    expect(body.data).toEqual({ product: { name: 'Bàn', rating: null } })
    expect(codes).toEqual(['INTERNAL'])
    expect(text).not.toMatch(/html|secret|10\.1/)
  })

  test('a refusal that speaks GraphQL is told, whatever its status', async () => {
    shop.trouble.reviews = () => ({
      status: 400,
      body: JSON.stringify({
        errors: [{ message: 'no rating today', extensions: { code: 'CLOSED', stacktrace: ['at /srv/x.js'] } }],
      }),
    })
    const { body, text } = await ask('{ product(upc: "1") { rating } }')
    expect(body.errors).toEqual([{ message: 'no rating today', extensions: { code: 'CLOSED', serviceName: 'reviews' } }])
    expect(text).not.toContain('/srv')
  })

  test('`errors: null` is no error', async () => {
    shop.trouble.products = () => ({ status: 200, body: '{"data":{"product":{"title":"x"}},"errors":null}' })
    expect((await ask('{ product(upc: "1") { title } }')).text).toBe('{"data":{"product":{"title":"x"}}}')
  })

  test('a value that breaks the contract is null, and an error says so', async () => {
    shop.trouble.products = () => ({ status: 200, body: '{"data":{"nonsense":"many"}}' })
    const { body } = await ask('{ nonsense }')
    expect(body.data).toBeNull()
    expect(body.errors).toMatchObject([{ path: ['nonsense'], extensions: { code: 'INVALID_GRAPHQL' } }])
    expect(JSON.stringify(body)).not.toContain('many')
  })

  test('a subgraph that never answers costs its fields, not the operation', async () => {
    const quick = await createBareGateway({ supergraphSdl: shop.supergraphSdl, now, log, subgraphTimeoutMs: 500 })
    const at = await quick.listen(0, '127.0.0.1')
    shop.trouble.stock = () => 'never'
    try {
      const { body, codes } = await ask('{ product(upc: "1") { name left } }', { at })
      expect([body.data, codes]).toEqual([{ product: { name: 'Bàn', left: null } }, ['SERVICE_UNAVAILABLE']])
    } finally {
      await quick.close()
    }
  })

  test('an operation has an end, whatever its subgraphs do', async () => {
    const quick = await createBareGateway({ supergraphSdl: shop.supergraphSdl, now, log, operationTimeoutMs: 200 })
    const at = await quick.listen(0, '127.0.0.1')
    shop.trouble.products = () => 'never'
    try {
      const { status, codes } = await ask('mutation { count(by: 0) }', { at })
      expect([status, codes]).toEqual([504, ['REQUEST_TIMEOUT']])
    } finally {
      await quick.close()
    }
  })
})

describe('the hard door', () => {
  const nested = (depth: number): string => `${'{ me { bought '.repeat(depth)}{ upc }${' } }'.repeat(depth)}`

  test.each([
    ['too deep', nested(12), 'QUERY_TOO_DEEP'],
    ['too many aliases', `{ me { ${Array.from({ length: 61 }, (_, index) => `a${index}: id`).join(' ')} } }`, 'TOO_MANY_ALIASES'],
    ['too long', `{ nonsense } # ${'x'.repeat(70_000)}`, 'DOCUMENT_TOO_LARGE'],
    ['too many root fields', `{ ${'nonsense '.repeat(11)} }`, 'TOO_MANY_ROOT_FIELDS'],
    ['a cycle', '{ me { ...F } } fragment F on User { ...F }', 'FRAGMENT_CYCLE'],
    ['no GraphQL', '{ me {', 'GRAPHQL_PARSE_FAILED'],
    ['variables that do not fit', 'query ($upc: ID!) { product(upc: $upc) { id } }', 'BAD_USER_INPUT'],
  ])('refuses a document that is %s before any subgraph hears of it', async (_what, source, code) => {
    const before = { ...shop.asked }
    expect((await ask(source)).codes).toEqual([code])
    expect(shop.asked).toEqual(before)
  })

  test('a foreign list has no price: an operation that would be too dear among ours is answered', async () => {
    const source = '{ items { reviews { about { reviews { about { reviews { about { reviews { id } } } } } } } } }'
    expect(BARE_LIMITS.maxCost).toBe(Infinity)
    expect((await ask(source)).body.errors).toBeUndefined()
  })

  async function knock(init: RequestInit & { path?: string }): Promise<Told> {
    return told(await fetch(url + (init.path ?? '/graphql'), init))
  }

  test.each([
    [
      'a form of a foreign page',
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"query":"{me{id}}"}' },
      415,
    ],
    ['a link', { path: '/graphql?query={me{id}}' }, 405],
    ['a batch', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '[]' }, 400],
    [
      'more than a megabyte',
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: 'x'.repeat(1_100_000) }) },
      413,
    ],
  ] as const)('refuses %s', async (_what, init, status) => {
    expect((await knock({ headers: { 'apollo-require-preflight': '1' }, ...init })).status).toBe(status)
  })

  test('a subscription is refused', async () => {
    expect((await ask('subscription { me { id } }')).codes).toEqual(['SUBSCRIPTION_REFUSED'])
  })

  test('who hangs up takes the read along, through to the subgraph', async () => {
    const closed = new Promise<void>((resolve) => {
      shop.trouble.products = (incoming) => {
        incoming.socket.once('close', () => resolve())
        return 'never'
      }
    })
    const leaving = new AbortController()
    const asked = shop.asking('products')
    const answer = ask('{ product(upc: "1") { id } }', { signal: leaving.signal }).catch(() => 'left')
    await asked
    leaving.abort()
    expect(await answer).toBe('left')
    await closed
  })

  test('no line of the log holds a document, a variable or an answer', () => {
    expect(lines.join('')).not.toMatch(/Bàn|bought|cheaperThan/)
  })
})

describe('this machine and nobody else', () => {
  test.each(['0.0.0.0', '::', '192.168.1.4', 'example.vn', '127.0.0.1.example.vn', ''])('does not listen on %s', async (host) => {
    const other = await createBareGateway({ supergraphSdl: shop.supergraphSdl, now, log })
    await expect(other.listen(0, host)).rejects.toThrow(NotLoopback)
    await other.close()
  })

  const askAs = (host: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const { port } = gateway.app.server.address() as AddressInfo
      const outgoing = request({ port, host: '127.0.0.1', path: '/readyz', headers: { host }, agent: false }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode!))
      })
      outgoing.once('error', reject)
      outgoing.end()
    })

  test.each(['localhost', 'localhost:4000', '127.0.0.1:1', '127.8.9.1', '[::1]:4000', 'LOCALHOST'])(
    'hears a request to %s',
    async (host) => {
      expect(await askAs(host)).toBe(200)
    },
  )

  test.each([
    'evil.example',
    'evil.example:4000',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '192.168.1.4',
    '[::2]',
    'a@127.0.0.1',
  ])('hears none that was sent to %s, as a page with a name of its own would (DNS rebinding)', async (host) => {
    expect(await askAs(host)).toBe(421)
  })
})

describe('another version', () => {
  /** Fields of the first version go, one comes. */
  const renamed = (): string =>
    shop.compose((name, sdl) => (name === 'stock' ? sdl.replace('left: Int', 'remaining: Int left: Int') : sdl))

  test('is served from then on, and no request is dropped on the way', async () => {
    const own = await createBareGateway({ supergraphSdl: shop.supergraphSdl, now, log })
    const at = await own.listen(0, '127.0.0.1')
    try {
      expect((await ask('{ product(upc: "1") { remaining } }', { at })).codes).toEqual(['GRAPHQL_VALIDATION_FAILED'])
      const replacing = new AbortController()
      let answered = 0
      const load = Array.from({ length: 8 }, async () => {
        while (!replacing.signal.aborted) {
          const { status, text } = await ask('{ items { id rating ... on Product { left } } }', { at })
          expect([status, text.includes('errors')]).toEqual([200, false])
          answered += 1
        }
      })
      const versions = [renamed(), shop.supergraphSdl, renamed(), shop.supergraphSdl, renamed()]
      for (const version of versions) await own.replace(version)
      replacing.abort()
      await Promise.all(load)
      expect(answered).toBeGreaterThan(versions.length)
      expect((await ask('{ product(upc: "1") { left } }', { at })).text).toBe('{"data":{"product":{"left":1}}}')
      expect((await ask('{ product(upc: "1") { remaining } }', { at })).body.data).toEqual({ product: { remaining: null } })
    } finally {
      await own.close()
    }
  })

  test('an operation under way ends with the version it began with', async () => {
    const own = await createBareGateway({ supergraphSdl: shop.supergraphSdl, now, log })
    const at = await own.listen(0, '127.0.0.1')
    try {
      let release = (): void => undefined
      shop.trouble.products = () => new Promise((resolve) => (release = resolve))
      const asked = shop.asking('products')
      const answer = ask('{ product(upc: "1") { title left } }', { at })
      await asked
      await own.replace(renamed())
      // The other one answers while the first is still being asked.
      delete shop.trouble.products
      expect((await ask('{ product(upc: "1") { upc remaining } }', { at })).status).toBe(200)
      release()
      expect((await answer).text).toBe('{"data":{"product":{"title":"Bàn","left":1}}}')
    } finally {
      await own.close()
    }
  })

  test.each([
    ['no GraphQL', 'type {', /no GraphQL.*Line 1, column 6/],
    ['the schema of a service', 'type Query { a: Int }', /no subgraphs/],
    ['a rule that nobody would enforce', () => secured(), /rules that nobody would enforce here \(feature .*authenticated/],
    [
      'a subgraph without an address',
      () => shop.supergraphSdl.replace(/url: "http[^"]*stock[^"]*"/, 'url: ""'),
      /stock has no http address/,
    ],
    ['a supergraph that does not fit together', () => shop.supergraphSdl.replace('scalar Money', 'scalar Coin'), /Money/],
  ] as const)('%s is refused with the reason, and the version before is served on', async (_what, sdl, reason) => {
    const refusal = await gateway.replace(typeof sdl === 'string' ? sdl : sdl()).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(SupergraphRefused)
    expect((refusal as Error).message).toMatch(reason)
    expect((await ask('{ product(upc: "1") { left } }')).text).toBe('{"data":{"product":{"left":1}}}')
    expect(gateway.subgraphs()).toEqual(['products', 'reviews', 'stock'])
  })

  const secured = (): string =>
    shop.compose((name, sdl) =>
      name === 'stock'
        ? sdl.replace('"@key",', '"@key", "@authenticated",').replace('left: Int', 'left: Int @authenticated')
        : sdl,
    )
})
