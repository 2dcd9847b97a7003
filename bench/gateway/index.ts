// `npm run bench:gateway`: gateways beside each other over subgraphs that replay the same bytes. CPU milliseconds per request from the
// operating system, interleaved rounds, pinned processes; the answers are compared first. `-- --short`: two rounds of a few requests,
// for CI, whose figures say nothing but that everybody still answers the same.
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  cpuOf,
  load,
  machineLoad,
  median,
  peersAreInstalled,
  printTable,
  send,
  serverCpu,
  startNode,
  type Target,
} from '../kit.ts'
import { compose, openSdl, OPERATIONS, ruledSdl } from './contract.ts'
import { contendersOn, OURS, VANILLA, type Contender } from './contenders.ts'
import { openBenchDatabase } from './database.ts'

const SHORT = process.argv.includes('--short')
const ROUNDS = Number(process.env.ROUNDS ?? (SHORT ? 2 : 9))
const REQUESTS: Readonly<Record<string, number>> = SHORT
  ? { class: 20, light: 100, mutation: 100 }
  : { class: 150, light: 1_500, mutation: 1_500 }
const WARM_UP = 3
const CONNECTIONS = 8
const SUBGRAPHS_PORT = 4400
const PORT = 4410

/** The gateways on one core, one at a time; the load, the subgraphs and the database on the other. */
const pin = (pid: number, core: number): void => {
  spawnSync('taskset', ['-a', '-cp', String(core), String(pid)])
}

interface Served extends Contender {
  readonly pid: number
  readonly url: string
  readonly authorization: () => Promise<Readonly<Record<string, string>>>
}

const folder = await mkdtemp(join(tmpdir(), 'lienthong-bench-gateway-'))
const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
try {
  const [openSupergraph, ruledSupergraph] = ['open', 'ruled'].map((name) => join(folder, `${name}.graphql`)) as [string, string]
  await writeFile(
    openSupergraph,
    compose(openSdl, (name) => `http://127.0.0.1:${SUBGRAPHS_PORT}/${name}`),
  )
  await writeFile(
    ruledSupergraph,
    compose(ruledSdl, (name) => `http://${name}`),
  )
  const database = await openBenchDatabase()
  stops.push(database.close)
  const subgraphs = await startNode(new URL('subgraphs.ts', import.meta.url), { PORT: String(SUBGRAPHS_PORT) }, 'ready')
  stops.push(subgraphs.stop)
  for (const pid of [process.pid, subgraphs.child.pid!, database.postmaster]) pin(pid, 1)

  const served: Served[] = []
  const ground = { subgraphsPort: SUBGRAPHS_PORT, openSupergraph, ruledSupergraph, database }
  for (const [index, contender] of contendersOn(ground).entries()) {
    const { script, environment, ready, args, path, tokenFor } = contender
    const port = PORT + index
    const { child, stop } = await startNode(
      script,
      { PORT: String(port), NODE_ENV: 'production', ...environment },
      ready,
      args?.(port),
    )
    stops.push(stop)
    pin(child.pid!, 0)
    const origin = `http://127.0.0.1:${port}`
    served.push({
      ...contender,
      pid: child.pid!,
      url: origin + path,
      authorization: async (): Promise<Readonly<Record<string, string>>> =>
        tokenFor ? { authorization: `Bearer ${await tokenFor(origin)}` } : {},
    })
  }

  const agent = new Agent({ keepAlive: true })
  const targetOf = async ({ url, authorization }: Served, query: string): Promise<Target> => ({
    url,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      'apollo-require-preflight': 'true',
      ...(await authorization()),
    },
    body: JSON.stringify({ query }),
  })

  const columns = new Map<string, Map<string, number[]>>()
  const audit: string[][] = [['audit and budgets, database CPU ms a request', 'median', 'range']]
  for (const [operation, query] of Object.entries(OPERATIONS)) {
    const count = REQUESTS[operation]!
    const answers = await Promise.all(served.map(async (each) => ({ each, ...(await send(agent, await targetOf(each, query))) })))
    const reference = answers.find(({ each }) => each.name === VANILLA)!
    for (const { each, status, text } of answers) {
      strictEqual(status, 200, `${each.name}: ${text}`)
      const { data, errors } = JSON.parse(text) as { data: unknown; errors?: unknown }
      strictEqual(errors, undefined, `${each.name}: ${text.slice(0, 500)}`)
      // Ours add what the operation cost, which nobody else says.
      strictEqual(JSON.stringify(data), JSON.stringify((JSON.parse(reference.text) as { data: unknown }).data), each.name)
      deepStrictEqual(data, (JSON.parse(reference.text) as { data: unknown }).data)
    }
    console.log(`${operation}: ${Buffer.byteLength(reference.text)} bytes, the same data from all ${served.length}`)

    for (const each of served)
      for (let turn = 0; turn < WARM_UP; turn++) await load(await targetOf(each, query), count, CONNECTIONS)
    const rounds = new Map(served.map(({ name }) => [name, [] as number[]]))
    const ofDatabase: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      for (const each of served) {
        const target = await targetOf(each, query)
        const [before, databaseBefore] = [cpuOf(each.pid), each.name === OURS ? serverCpu(database.postmaster) : 0]
        await load(target, count, CONNECTIONS)
        rounds.get(each.name)!.push((cpuOf(each.pid) - before) / count)
        if (each.name === OURS) ofDatabase.push((serverCpu(database.postmaster) - databaseBefore) / count)
      }
    }
    columns.set(operation, rounds)
    audit.push([operation, median(ofDatabase).toFixed(3), range(ofDatabase, 3)])
  }
  ok((await database.audited()) > 0, 'the gateway with everything on has written no audit record')

  const operations = [...columns.keys()]
  const table = (title: string, cell: (rounds: Map<string, number[]>, name: string) => string): void =>
    printTable([
      [title, ...operations],
      ...served.map(({ name }) => [name, ...operations.map((operation) => cell(columns.get(operation)!, name))]),
    ])
  table('CPU ms a request, median (range)', (rounds, name) => {
    const values = rounds.get(name)!
    return `${median(values).toFixed(3)} (${range(values, 3)})`
  })
  console.log()
  table('vanilla ÷ this, median of rounds (range)', (rounds, name) => {
    const each = rounds.get(VANILLA)!.map((value, round) => value / rounds.get(name)![round]!)
    return `${median(each).toFixed(2)}× (${range(each, 2)})`
  })
  console.log()
  table('this ÷ ours with everything on', (rounds, name) => {
    const each = rounds.get(name)!.map((value, round) => value / rounds.get(OURS)![round]!)
    return `${median(each).toFixed(2)}× (${range(each, 2)})`
  })
  console.log()
  printTable(audit)
  console.log(
    `\n${ROUNDS} rounds of ${Object.values(REQUESTS).join(', ')} requests over ${CONNECTIONS} connections; ${machineLoad()}`,
  )
  if (!peersAreInstalled()) console.log('Hive Gateway and Mercurius are not installed: npm run bench:peers')
} finally {
  for (const stop of stops.reverse()) await stop()
}

function range(values: readonly number[], digits: number): string {
  return `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`
}
