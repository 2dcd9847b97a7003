// Answers of a subgraph that come wrong, in part, late or never. What is no answer of ours at all a gateway tells as its own fault
// (INTERNAL, with an id for the log); where the way broke it tells that the platform is away.
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { FOREIGN_MARK } from '../parts/caller.ts'
import { headersOf, type Tamper, type Tampered } from '../parts/tamper.ts'
import { anySubgraph, during, type Fault, type World } from './world.ts'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const PAGE = `<html><body>502 Bad Gateway ${FOREIGN_MARK} at proxy.js:10</body></html>`

const send = async (
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  type = 'application/json',
): Promise<void> => {
  response.writeHead(status, { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) }).end(body)
}

/** The answer with its data changed. */
const rewrite =
  (change: (data: Json) => Json): Tamper =>
  async ({ status, body }, response) => {
    const answer = JSON.parse(body.toString()) as { [name: string]: Json }
    await send(response, status, JSON.stringify({ ...answer, data: change(answer.data ?? null) }))
  }

/** Every value by what `change` makes of it, from the leaves up; undefined leaves a value as it is. */
function mapped(value: Json, change: (value: Json, name: string) => Json | undefined, name = ''): Json {
  const inside: Json = Array.isArray(value)
    ? value.map((each) => mapped(each, change))
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapped(each, change, key)]))
      : value
  return change(inside, name) ?? inside
}

const isObject = (value: Json): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const untilOver = (over: AbortSignal, mostMs: number): Promise<unknown> =>
  sleep(mostMs, undefined, { signal: over }).catch(() => undefined)

/** What begins as an answer and does not end as one. */
const half = ({ body }: Tampered): Buffer => body.subarray(0, Math.max(1, body.length >> 1))

export const ANSWER_FAULTS: readonly Fault[] = [
  nonsense(
    'objects where lists were asked for, and lists for objects',
    rewrite((data) => mapped(data, (value) => (Array.isArray(value) ? { [FOREIGN_MARK]: 1 } : undefined))),
  ),
  nonsense(
    'a number for every text, and a list for every number',
    rewrite((data) => mapped(data, (value) => (typeof value === 'string' ? 17 : typeof value === 'number' ? [] : undefined))),
  ),
  nonsense(
    'nothing in the place of every second field',
    rewrite((data) => {
      let count = 0
      return mapped(data, (value) =>
        isObject(value) ? Object.fromEntries(Object.entries(value).filter(() => (count += 1) % 2)) : undefined,
      )
    }),
  ),
  nonsense(
    'one entity too few',
    rewrite((data) => mapped(data, (value, name) => (name === '_entities' ? (value as Json[]).slice(1) : undefined))),
  ),
  nonsense(
    'one entity too many',
    rewrite((data) =>
      mapped(data, (value, name) => (name === '_entities' ? [(value as Json[])[0] ?? null, ...(value as Json[])] : undefined)),
    ),
  ),
  nonsense('data that is a list', async (_answer, response) => send(response, 200, '{"data":[1,2]}')),
  nonsense('errors that are none', async (_answer, response) => send(response, 200, `{"data":null,"errors":"${FOREIGN_MARK}"}`)),
  nonsense('errors that tell a stack', async (_answer, response) =>
    send(
      response,
      200,
      JSON.stringify({
        data: null,
        errors: [
          {
            message: `${FOREIGN_MARK} at Object.run (/srv/app.js:10:3)`,
            extensions: { code: 'ECONNREFUSED', stacktrace: [FOREIGN_MARK] },
          },
        ],
      }),
    ),
  ),
  nonsense(
    '5 MB in the place of one text',
    rewrite((data) => {
      let done = false
      return mapped(data, (value) => {
        if (done || typeof value !== 'string') return undefined
        done = true
        return 'x'.repeat(5_000_000)
      })
    }),
  ),
  nonsense('more than any answer may have', async ({ body }, response) =>
    send(response, 200, `${body.toString().slice(0, -1)},"pad":"${'x'.repeat(17_000_000)}"}`),
  ),
  nonsense('no JSON', async (_answer, response) => send(response, 200, PAGE, 'text/html')),
  nonsense('JSON that stops in the middle', async (answer, response) => send(response, 200, half(answer))),
  nonsense('a failure of its own', async (_answer, response) => send(response, 500, PAGE, 'text/html')),
  nonsense('no HTTP', async (_answer, response) => void response.socket?.end(`${FOREIGN_MARK}\r\n\r\n`)),
  broken('502 of a proxy', async (_answer, response) => send(response, 502, PAGE, 'text/html')),
  broken('503 of a proxy', async (_answer, response) => send(response, 503, PAGE, 'text/html')),
  broken('a connection that is reset before the answer', async (_answer, response) => void response.socket?.resetAndDestroy()),
  broken('a connection that is reset in the middle of a body', async (answer, response) => {
    response.writeHead(answer.status, headersOf(answer)).write(half(answer))
    await sleep(5)
    response.socket?.resetAndDestroy()
  }),
  broken('a connection that is closed in the middle of a body', async (answer, response) => {
    response.writeHead(answer.status, headersOf(answer)).write(half(answer))
    await sleep(5)
    response.socket?.end()
  }),
  broken('a body that never ends', async (answer, response, over) => {
    const { 'content-length': _length, ...headers } = headersOf(answer)
    response.writeHead(answer.status, headers).write(half(answer))
    await untilOver(over, 45_000)
    response.destroy()
  }),
  // White space is JSON for as long as it lasts.
  nonsense('a body that goes on for ever', async (answer, response, over) => {
    const { 'content-length': _length, ...headers } = headersOf(answer)
    response.writeHead(answer.status, headers)
    while (!over.aborted && !response.destroyed) {
      response.write(' '.repeat(200_000))
      await sleep(2)
    }
    response.destroy()
  }),
  broken('a body that comes drop by drop', async (answer, response, over) => {
    response.writeHead(answer.status, headersOf(answer))
    let at = 0
    for (; at < answer.body.length && !over.aborted && !response.destroyed; at += 1) {
      response.write(answer.body.subarray(at, at + 1))
      await untilOver(over, 200)
    }
    response.end(answer.body.subarray(at))
  }),
  {
    name: 'a subgraph answers: drop by drop, for longer than anybody waits',
    isLong: true,
    async act(world) {
      const proxy = world.platform.proxies.get(anySubgraph(world))!
      const given = Array.from({ length: 3 }, () => Promise.withResolvers<void>())
      let count = 0
      proxy.begin(async (answer, response, over) => {
        const up = given[count++]
        response.once('close', () => up?.resolve())
        response.writeHead(answer.status, { ...headersOf(answer), 'content-length': '1000000' })
        // Each piece is in time, and the whole has no end: an operation has 30 s.
        while (!over.aborted && !response.destroyed) {
          response.write(' ')
          await untilOver(over, 1_000)
        }
        response.destroy()
      })
      await Promise.race([Promise.all(given.map(({ promise }) => promise)), untilOver(new AbortController().signal, 45_000)])
      proxy.end()
    },
  },
  broken('an answer that is late', async (answer, response, over) => {
    await untilOver(over, 4_000)
    response.writeHead(answer.status, headersOf(answer)).end(answer.body)
  }),
  broken('no answer', async (_answer, response, over) => {
    await untilOver(over, 45_000)
    response.destroy()
  }),
]

function broken(name: string, tamper: Tamper): Fault {
  return { name: `a subgraph answers: ${name}`, act: (world) => tampering(world, tamper) }
}

function nonsense(name: string, tamper: Tamper): Fault {
  return {
    name: `a subgraph answers: ${name}`,
    async act(world) {
      const window = { door: 'gateway-a' as const, from: performance.now(), to: Infinity }
      world.ledger.nonsense.push(window)
      try {
        await tampering(world, tamper)
      } finally {
        // What was sent until now is read, and told on, within a moment.
        window.to = performance.now() + 500
      }
    },
  }
}

/** One answer in three, or all of them, until so many have been met with; a breaker that has opened lets few through. */
async function tampering(world: World, tamper: Tamper): Promise<void> {
  const { platform, random, ledger } = world
  const proxy = platform.proxies.get(anySubgraph(world))!
  const share = random.pick([0.34, 1])
  const enough = random.between(4, 12)
  const met = Promise.withResolvers<void>()
  let count = 0
  proxy.begin(async (answer, response, over) => {
    if (random.chance(share)) {
      ledger.count('answers tampered with')
      if ((count += 1) === enough) met.resolve()
      await tamper(answer, response, over)
    } else response.writeHead(answer.status, headersOf(answer)).end(answer.body)
  })
  await Promise.race([met.promise, during(world, 150, 6_000)])
  // The last of them, too, is seen by who waits for it.
  await during(world, 8, 1_500)
  proxy.end()
}
