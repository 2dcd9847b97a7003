// For those who run it: alive, ready, counted, logged without a secret, and closed without losing an answer.
import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLog } from '../../subgraphs/kernel/log.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { auditOf, openDoor, putClient, type Door } from './support/door.ts'

let database: TestDatabase
let door: Door
let ready = true

beforeAll(async () => {
  database = await freshDatabase({ province: false })
  await putClient(database, 'smas')
  door = await openDoor(database, {
    readiness: () => (ready ? Promise.resolve() : Promise.reject(new Error('schools: password=…'))),
  })
})

afterAll(async () => {
  await door?.close()
  await database?.drop()
})

const look = (path: string, headers: Record<string, string> = {}) => fetch(new URL(path, door.url), { headers })

test('/livez says that the process lives', async () => {
  expect(await (await look('/livez')).json()).toEqual({ status: 'live' })
})

test('/readyz follows the platform, and tells no reason', async () => {
  const before = await look('/readyz')
  ready = false
  const during = await look('/readyz')
  ready = true
  const after = await look('/readyz')
  expect([before.status, during.status, during.headers.get('retry-after'), await during.json(), after.status]).toEqual([
    200,
    503,
    '2',
    { status: 'unavailable' },
    200,
  ])
})

test('/metrics counts outcomes by code, and times, costs and the event loop', async () => {
  await door.ask('{ __typename }')
  await door.ask('{ students { name } }', { token: await door.token({ scope: '' }) })
  await door.ask('{ __typename }', { token: null })
  const metrics = await (await look('/metrics')).text()
  for (const line of [
    'requests_total{code="OK"} 1',
    'requests_total{code="SCOPE_MISSING"} 1',
    'requests_total{code="UNAUTHENTICATED"} 1',
    'operation_seconds_count{kind="query"} 1',
    'operation_cost_count 2',
  ])
    expect(metrics).toContain(`lienthong_gateway_${line}`)
  expect(metrics).toContain('nodejs_eventloop_lag_seconds')
})

test('/metrics is not for whoever comes through a proxy from the street', async () => {
  expect((await look('/metrics', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(404)
})

describe('the log', () => {
  test('has one line for a request, with its id and without names, variables or tokens', async () => {
    const requestId = randomUUID()
    const token = await door.token()
    await door.ask('query ($id: ID!) { school(id: $id) { name } }', {
      token,
      variables: { id: 'Lê Thị Hồng Gấm 0987654321' },
      headers: { 'x-request-id': requestId },
    })
    await expect.poll(() => door.log.filter((line) => line.includes(requestId)).length).toBe(1)
    expect(JSON.parse(door.log.find((line) => line.includes(requestId))!)).toMatchObject({
      method: 'POST',
      route: '/graphql',
      status: 200,
      clientId: 'smas',
      code: 'OK',
    })
    expect(door.log.join('')).not.toMatch(new RegExp(`Hồng Gấm|0987654321|${token.slice(-20)}|eyJ`))
  })

  test('takes out what nobody was to hand it', () => {
    const lines: string[] = []
    const log = createLog({ destination: { write: (line) => void lines.push(line) } })
    log.info(
      {
        authorization: 'Bearer eyJ',
        variables: { name: 'Minh' },
        pupil: { fullName: 'Minh', phone: '0912345678' },
        a: { b: { token: 'eyJ' } },
      },
      'told',
    )
    log.error(new Error('no such pupil: "Minh" 0912345678'))
    log.error({ err: new Error("no such pupil: 'Minh' 0912345678") }, 'told')
    log.info({ req: { headers: { authorization: 'eyJ' } } }, 'told')
    expect(lines.join('')).not.toMatch(/Minh|0912345678|eyJ/)
    expect(lines[0]).toContain('"msg":"told"')
  })
})

describe('closing', () => {
  test('lets a running operation end, with its record, and takes no more', async () => {
    const closing = await openDoor(database)
    const requestId = randomUUID()
    const running = closing.ask('{ slow(ms: 600) }', { headers: { 'x-request-id': requestId } })
    await expect.poll(() => closing.house.asked.length).toBe(1)
    const started = Date.now()
    const closed = closing.gateway.close()
    const answer = await running
    await closed
    const took = Date.now() - started
    await closing.pool.end()
    expect([answer.status, answer.body.data, answer.headers.get('connection')]).toEqual([200, { slow: 600 }, 'close'])
    expect(await auditOf(database, requestId)).toMatchObject([{ outcome: 'ALLOWED' }])
    await expect(fetch(new URL('/livez', closing.url))).rejects.toThrow()
    expect(took).toBeLessThan(5_000)
  })

  test('answers a request that was already on its way on a kept connection, and says that it was the last', async () => {
    const closing = await openDoor(database)
    const heard: string[] = []
    const socket = connect(Number(new URL(closing.url).port), '127.0.0.1')
    const ended = new Promise((resolve) => socket.on('close', resolve))
    socket.on('data', (piece) => heard.push(String(piece)))
    const token = await closing.token()
    const post = (query: string): string => {
      const body = JSON.stringify({ query })
      return `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    }
    socket.write(post('{ slow(ms: 400) }'))
    await expect.poll(() => closing.house.asked.length).toBe(1)
    const closed = closing.gateway.close()
    socket.write('GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n')
    await ended
    await closed
    await closing.pool.end()
    expect(heard.join('')).toMatch(/"slow":400/)
    expect(heard.join('')).toMatch(/connection: close/)
  })
})
