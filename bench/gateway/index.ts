// `npm run bench:gateway`: gateways beside each other over subgraphs that replay the same bytes. CPU milliseconds per request from the
// operating system, interleaved rounds, pinned processes; the answers are compared first. `-- --short`: two rounds of a few requests,
// for CI, whose figures say nothing but that everybody still answers the same.
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict'
import { Agent } from 'node:http'
import { cpuOf, load, machineLoad, median, peersAreInstalled, printTable, send, serverCpu } from '../kit.ts'
import { OPERATIONS } from './contract.ts'
import { OURS, VANILLA } from './contenders.ts'
import { layGround, type Served } from './ground.ts'

const SHORT = process.argv.includes('--short')
const ROUNDS = Number(process.env.ROUNDS ?? (SHORT ? 2 : 9))
const REQUESTS: Readonly<Record<string, number>> = SHORT
  ? { class: 20, light: 100, mutation: 100 }
  : { class: 600, light: 1_500, mutation: 1_500 }
const WARM_UP = 3
const CONNECTIONS = 8
const SUBGRAPHS_PORT = 4400
const PORT = 4410

const ground = await layGround({ subgraphsPort: SUBGRAPHS_PORT, pinned: true })
try {
  const { database } = ground
  const served: Served[] = []
  for (const [index, contender] of ground.contenders.entries()) served.push(await ground.serve(contender, PORT + index))
  const agent = new Agent({ keepAlive: true })

  const columns = new Map<string, Map<string, number[]>>()
  const audit: string[][] = [['audit and budgets, database CPU ms a request', 'median', 'range']]
  for (const [operation, query] of Object.entries(OPERATIONS)) {
    const count = REQUESTS[operation]!
    const answers = await Promise.all(served.map(async (each) => ({ each, ...(await send(agent, await each.targetOf(query))) })))
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
      for (let turn = 0; turn < WARM_UP; turn++) await load(await each.targetOf(query), count, CONNECTIONS)
    const rounds = new Map(served.map(({ name }) => [name, [] as number[]]))
    const ofDatabase: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      for (const each of served) {
        const target = await each.targetOf(query)
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
  await ground.close()
}

function range(values: readonly number[], digits: number): string {
  return `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`
}
