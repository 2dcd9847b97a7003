// The OAuth endpoints behind the gateway's address: reached unchanged, small, and only by their own paths.
import { createServer, request as send, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { openDoor, type Door } from './support/door.ts'

const PATHS = ['/oauth/*', '/.well-known/*']

let database: TestDatabase
const doors: Door[] = []
const servers: Server[] = []

beforeAll(async () => {
  database = await freshDatabase({ province: false })
})
afterEach(async () => {
  for (const door of doors.splice(0)) await door.close()
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})
afterAll(() => database?.drop())

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const piece of request) body += String(piece)
  return body
}

/** Stands in for identity: says what reached it. */
const echo: RequestListener = async (request, response) => {
  const body = await bodyOf(request)
  response.writeHead(request.method === 'POST' ? 201 : 200, {
    'content-type': 'application/json',
    'set-cookie': ['a=1', 'b=2'],
    'x-from': 'identity',
  })
  response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }))
}

async function inProcess(): Promise<Door> {
  const door = await openDoor(database, {
    oauth: { paths: PATHS, handle: (request, response) => void echo(request, response as never) },
  })
  doors.push(door)
  return door
}

async function proxied(listener: RequestListener = echo): Promise<Door> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const door = await openDoor(database, {
    oauth: { paths: PATHS, upstream: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
  })
  doors.push(door)
  return door
}

describe.each([
  ['in one process', inProcess],
  ['as a service of its own', proxied],
])('%s', (_, open) => {
  test('a token request arrives whole, its answer leaves whole, and carries the request id', async () => {
    const door = await open()
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'school.read' })
    const response = await fetch(new URL('/oauth/token?x=1', door.url), {
      method: 'POST',
      body,
      headers: { 'x-request-id': 'vnedu-000001' },
    })
    expect([
      response.status,
      response.headers.get('x-from'),
      response.headers.getSetCookie(),
      response.headers.get('x-request-id'),
    ]).toEqual([201, 'identity', ['a=1', 'b=2'], 'vnedu-000001'])
    expect(await response.json()).toMatchObject({ method: 'POST', url: '/oauth/token?x=1', body: String(body) })
  })

  test('metadata is read without a token', async () => {
    const door = await open()
    expect(await (await fetch(new URL('/.well-known/oauth-authorization-server', door.url))).json()).toMatchObject({
      method: 'GET',
      url: '/.well-known/oauth-authorization-server',
    })
  })

  test('a body over 64 KB is refused', async () => {
    const door = await open()
    expect((await fetch(new URL('/oauth/token', door.url), { method: 'POST', body: 'x'.repeat(65_537) })).status).toBe(413)
  })

  test('a body of unknown length is refused', async () => {
    const door = await open()
    const status = await new Promise((resolve, reject) => {
      const outgoing = send(new URL('/oauth/token', door.url), { method: 'POST' }, (response) =>
        resolve(response.resume().statusCode),
      )
      outgoing.on('error', reject)
      outgoing.write('grant_type=')
      outgoing.end('client_credentials')
    })
    expect(status).toBe(411)
  })

  test.each(['/oauth/../graphql', '/oauth/%2e%2e/graphql', '/oauth/..%2fgraphql', '/oauth//graphql', '/oauth/\\graphql'])(
    '%s is no path of identity',
    async (path) => {
      const door = await open()
      // By hand, because every client tidies such a path up before it sends it.
      const answer = await new Promise<string>((resolve, reject) => {
        let heard = ''
        const socket = connect(Number(new URL(door.url).port), '127.0.0.1', () =>
          socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`),
        )
        socket.on('data', (piece) => (heard += String(piece)))
        socket.on('error', reject)
        socket.on('end', () => resolve(heard))
      })
      expect(answer).toMatch(/^HTTP\/1\.1 404/)
    },
  )
})

test('identity hears the public address, whatever the caller says about it', async () => {
  const door = await proxied()
  const response = await fetch(new URL('/oauth/token', door.url), {
    headers: {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'gopher',
      forwarded: 'host=evil.example',
      te: 'trailers',
    },
  })
  const { headers } = (await response.json()) as { headers: Record<string, string> }
  expect(headers).toMatchObject({ 'x-forwarded-host': new URL(door.url).host, 'x-forwarded-proto': 'http' })
  expect(JSON.stringify(headers)).not.toMatch(/evil|gopher|trailers/)
})

test('when identity is away, an OAuth client is told to try again', async () => {
  const door = await proxied((request) => request.socket.destroy())
  const response = await fetch(new URL('/oauth/token', door.url), { method: 'POST', body: 'grant_type=client_credentials' })
  expect([response.status, response.headers.get('retry-after'), await response.json()]).toEqual([
    503,
    '2',
    { error: 'temporarily_unavailable' },
  ])
})

test('a handler that fails answers, and tells nothing', async () => {
  const door = await openDoor(database, { oauth: { paths: PATHS, handle: () => Promise.reject(new Error('secret inside')) } })
  doors.push(door)
  const response = await fetch(new URL('/oauth/token', door.url))
  expect([response.status, await response.json()]).toEqual([500, { error: 'server_error' }])
})
