// `npm run bench:gateway`: the compiled executor beside the stock one, in the same process set-up, over subgraphs that replay the same
// bytes. CPU milliseconds per request from the operating system, interleaved rounds; the answers are compared first.
import { Agent } from 'node:http'
import { strictEqual } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpuOf, load, machineLoad, median, printTable, send, startNode, type Target } from '../kit.ts'
import { OPERATIONS } from './contract.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 9)
const REQUESTS: Readonly<Record<string, number>> = { class: 150, light: 1_500, mutation: 1_500 }
const CONNECTIONS = 8
const PORT = 4400

/** The gateway on one core; the load and the subgraphs on the other. */
const pin = (pid: number, core: number): void => {
  spawnSync('taskset', ['-a', '-cp', String(core), String(pid)])
}

const CONTENDERS = [
  { name: 'vanilla', environment: { EXECUTOR: 'stock', TRANSPORT: 'apollo' } },
  { name: 'stock executor, undici', environment: { EXECUTOR: 'stock', TRANSPORT: 'undici' } },
  { name: 'compiled, undici', environment: { EXECUTOR: 'compiled', TRANSPORT: 'undici' } },
] as const

const subgraphsUrl = `http://127.0.0.1:${PORT}`
const subgraphs = await startNode(new URL('subgraphs.ts', import.meta.url), { PORT: String(PORT) }, 'ready')
const served: { name: string; url: string; pid: number; stop: () => Promise<void> }[] = []
try {
  pin(process.pid, 1)
  pin(subgraphs.child.pid!, 1)
  for (const [index, { name, environment }] of CONTENDERS.entries()) {
    const port = PORT + 1 + index
    const { child, stop } = await startNode(
      new URL('served.ts', import.meta.url),
      { PORT: String(port), SUBGRAPHS_URL: subgraphsUrl, ...environment },
      'ready',
    )
    pin(child.pid!, 0)
    served.push({ name, url: `http://127.0.0.1:${port}`, pid: child.pid!, stop })
  }

  const agent = new Agent({ keepAlive: true })
  const rows: string[][] = [['CPU ms a request, median (range)', ...Object.keys(OPERATIONS)]]
  const cells = new Map(served.map(({ name }) => [name, [] as string[]]))
  const ratios: string[][] = []
  for (const [operation, query] of Object.entries(OPERATIONS)) {
    const targetOf = (url: string): Target => ({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'apollo-require-preflight': 'true' },
      body: JSON.stringify({ query }),
    })
    const answers = await Promise.all(served.map(({ url }) => send(agent, targetOf(url))))
    for (const { status, text } of answers) {
      strictEqual(status, 200, text)
      strictEqual(text, answers[0]!.text)
    }
    console.log(`${operation}: ${Buffer.byteLength(answers[0]!.text)} bytes, the same from all`)
    const count = REQUESTS[operation]!
    for (const { url } of served) await load(targetOf(url), count, CONNECTIONS)
    const rounds = new Map(served.map(({ name }) => [name, [] as number[]]))
    for (let round = 0; round < ROUNDS; round++) {
      for (const { name, url, pid } of served) {
        const before = cpuOf(pid)
        await load(targetOf(url), count, CONNECTIONS)
        rounds.get(name)!.push((cpuOf(pid) - before) / count)
      }
    }
    for (const [name, values] of rounds)
      cells.get(name)!.push(`${median(values).toFixed(3)} (${Math.min(...values).toFixed(3)}–${Math.max(...values).toFixed(3)})`)
    const compiled = rounds.get('compiled, undici')!
    for (const [name, values] of rounds) {
      const each = values.map((value, round) => value / compiled[round]!)
      ratios.push([
        operation,
        name,
        `${median(each).toFixed(2)}×`,
        `${Math.min(...each).toFixed(2)}–${Math.max(...each).toFixed(2)}`,
      ])
    }
  }
  for (const [name, values] of cells) rows.push([name, ...values])
  printTable(rows)
  printTable([['operation', 'against compiled', 'median of rounds', 'range'], ...ratios])
  console.log(`${ROUNDS} rounds, ${machineLoad()}`)
} finally {
  for (const { stop } of served) await stop()
  await subgraphs.stop()
}
