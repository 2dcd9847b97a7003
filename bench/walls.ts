// `npm run bench:walls`: what the walls cost on one path. The class page through the platform as it is, and through the same subgraphs
// and executor with the walls left out one after another (`unwalled.ts`). CPU of node and of PostgreSQL's backends, interleaved rounds.
import { deepStrictEqual } from 'node:assert/strict'
import { CLIENT_ID, essence, openClass, QUERY, race, type Page } from './class-at-hand.ts'
import { machineLoad, send, startNode, type Target } from './kit.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 7)
const REQUESTS = Number(process.env.REQUESTS ?? 200)
const CONNECTIONS = 4
const PORT = 4470

const LADDER = [
  ['database (role, opened schools, row policies) and shield', 'database,shield'],
  ['database', 'database'],
  ['no wall', ''],
] as const

const { platformPid, postmaster, databaseUrl, secretsDir, agent, room, ask, close } = await openClass(PORT)
const started: Awaited<ReturnType<typeof startNode>>[] = []
try {
  for (const [step, [, walls]] of LADDER.entries()) {
    const settings = { DATABASE_URL: databaseUrl, SECRETS_DIR: secretsDir, CLIENT_ID, WALLS: walls }
    started.push(
      await startNode(new URL('unwalled.ts', import.meta.url), { ...settings, PORT: String(PORT + 1 + step) }, 'ready'),
    )
  }
  const body = JSON.stringify({ query: QUERY, variables: { room: { id: room } } })
  const unwalled = (step: number): Target => ({
    url: `http://127.0.0.1:${PORT + 1 + step}/`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  const contestants = [
    { name: 'all walls: those, and the door (token, limits, cost, budgets, scopes, audit)', pid: platformPid, target: ask },
    ...LADDER.map(([name], step) => ({ name, pid: started[step]!.child.pid!, target: async () => unwalled(step) })),
  ]
  const pages = await Promise.all(
    contestants.map(async ({ target }) => JSON.parse((await send(agent, await target())).text) as Page),
  )
  for (const page of pages.slice(1)) deepStrictEqual(essence(page), essence(pages[0]!))
  console.log(`${contestants.length} answers that agree; ${ROUNDS} rounds of ${REQUESTS} requests, interleaved; ${machineLoad()}`)
  await race(contestants, { rounds: ROUNDS, requests: REQUESTS, connections: CONNECTIONS, postmaster })
  console.log(`aim: all walls at most 1.25 of none; at the end: ${machineLoad()}`)
} finally {
  for (const { stop } of started) await stop()
  await close()
}
