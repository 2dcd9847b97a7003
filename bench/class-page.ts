// `npm run bench:class-page`: a class page (pupils × marks × 3 messages) through the gateway with every rule, limit and audit on,
// beside the same page from a bare node server on the same database. CPU of node and of PostgreSQL's backends, interleaved rounds.
import { deepStrictEqual } from 'node:assert/strict'
import { essence, openClass, race, type Page } from './class-at-hand.ts'
import { machineLoad, send, startNode, type Target } from './kit.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 7)
const REQUESTS = Number(process.env.REQUESTS ?? 200)
const CONNECTIONS = 4
const PORT = 4390

const { platformPid, postmaster, databaseUrl, agent, place, ask, close } = await openClass(PORT)
try {
  const bare = await startNode(
    new URL('bare-server.ts', import.meta.url),
    { DATABASE_URL: databaseUrl, PORT: String(PORT + 1) },
    'ready',
  )
  try {
    const neighbour = (path: string): Target => ({
      url: `http://127.0.0.1:${PORT + 1}/${path}?${place}`,
      method: 'GET',
      headers: {},
    })
    const contestants = [
      { name: 'Liên Thông, everything on', pid: platformPid, target: ask },
      { name: 'bare node, flat queries', pid: bare.child.pid!, target: async () => neighbour('flat') },
      { name: 'bare node, one json_agg', pid: bare.child.pid!, target: async () => neighbour('json') },
    ]
    const pages = await Promise.all(
      contestants.map(async ({ target }) => JSON.parse((await send(agent, await target())).text) as Page),
    )
    for (const page of pages.slice(1)) deepStrictEqual(essence(page), essence(pages[0]!))
    const { name, students } = pages[0]!.data.classRoom
    const marks = students.reduce((sum, { scores }) => sum + scores.length, 0)
    const messages = students.reduce((sum, each) => sum + each.messages.length, 0)
    const size = JSON.stringify(pages[0]).length
    console.log(
      `class ${name}: ${students.length} pupils, ${marks} marks, ${messages} messages, ${size} bytes; the three answers agree`,
    )
    console.log(`${ROUNDS} rounds of ${REQUESTS} requests over ${CONNECTIONS} connections, interleaved; ${machineLoad()}`)
    await race(contestants, { rounds: ROUNDS, requests: REQUESTS, connections: CONNECTIONS, postmaster })
  } finally {
    await bare.stop()
  }
} finally {
  await close()
}
