// `npm run bench:steady`: whether the gateway stays as it is. Its memory over many requests of many different documents, everything on;
// and how long its event loop stands still while an answer of 5 MB is put together: bare, since an operation of the contract that could
// answer as much is refused by its cost. `-- --short`: a few thousand requests.
import { strictEqual } from 'node:assert/strict'
import { Agent } from 'node:http'
import { OURS } from './gateway/contenders.ts'
import { BIG_CLASS, OPERATIONS } from './gateway/contract.ts'
import { layGround, type Served } from './gateway/ground.ts'
import { longestTurns } from './gateway/turns.ts'
import { machineLoad, printTable, quantile, residentMb, send } from './kit.ts'

const SHORT = process.argv.includes('--short')
const REQUESTS = Number(process.env.REQUESTS ?? (SHORT ? 4_000 : 100_000))
const DOCUMENTS = Number(process.env.DOCUMENTS ?? (SHORT ? 1_500 : 10_000))
const LOOKS = SHORT ? 5 : 20
const CONNECTIONS = 8
const REQUESTS_OF_A_TOKEN = 5_000
const SUBGRAPHS_PORT = 4440
const PORT = 4450

const ground = await layGround({ subgraphsPort: SUBGRAPHS_PORT, stored: 200 })
try {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS + 1 })
  const open = (name: string, port: number): Promise<Served> =>
    ground.serve(
      ground.contenders.find((each) => each.name.includes(name))!,
      port,
    )
  const metricsOf = async ({ origin }: Served): Promise<string> =>
    (await send(agent, { url: `${origin}/metrics`, method: 'GET', headers: {} })).text

  const whole = await open(OURS, PORT)
  console.log(`${REQUESTS} requests of ${DOCUMENTS} different documents, everything on; heap after a collection`)
  const told = ['requests', 'seconds', 'resident MB', 'heap MB', 'ready', 'stock']
  const tell = (cells: readonly string[]): void =>
    console.log(cells.map((cell, column) => cell.padStart(told[column]!.length + 2)).join(''))
  tell(told)
  const started = performance.now()
  let target = await whole.targetOf('')
  let sent = 0
  for (let look = 1; look <= LOOKS; look++) {
    const until = (REQUESTS * look) / LOOKS
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        while (sent < until) {
          const number = sent++
          // A token lasts five minutes, and a look may take longer.
          if (number % REQUESTS_OF_A_TOKEN === 0) target = await whole.targetOf('')
          const { status, text } = await send(agent, { ...target, body: JSON.stringify({ query: documentOf(number) }) })
          strictEqual(status, 200, text)
        }
      }),
    )
    const resident = residentMb(whole.pid)
    process.kill(whole.pid, 'SIGUSR2')
    // The signal is heard before the second of two requests that follow it.
    await metricsOf(whole)
    const metrics = await metricsOf(whole)
    tell([
      String(sent),
      ((performance.now() - started) / 1_000).toFixed(0),
      resident.toFixed(0),
      (valueOf(metrics, 'nodejs_heap_size_used_bytes') / 1_048_576).toFixed(1),
      String(valueOf(metrics, 'lienthong_gateway_executions_total{executor="ready",reason=""}')),
      String(sum(metrics, 'lienthong_gateway_executions_total{executor="stock"')),
    ])
  }
  console.log(`aim: the last heap as the third; ${machineLoad()}\n`)

  const bare = await open('gateway:bare', PORT + 1)
  const [big, light] = [await bare.targetOf(BIG_CLASS), await bare.targetOf(OPERATIONS.light!)]
  const { text: answer } = await send(agent, big)
  for (let turn = 0; turn < 5; turn++) await send(agent, big)
  await metricsOf(bare)
  const ending = new AbortController()
  const waits: number[] = []
  const meanwhile = (async () => {
    while (!ending.signal.aborted) {
      const began = performance.now()
      await send(agent, light)
      waits.push(performance.now() - began)
    }
  })()
  const turns = SHORT ? 5 : 40
  for (let turn = 0; turn < turns; turn++) await send(agent, big)
  ending.abort()
  await meanwhile
  const metrics = await metricsOf(bare)
  const lag = (which: string): string => (valueOf(metrics, `nodejs_eventloop_lag_${which}_seconds`) * 1_000).toFixed(1)
  console.log(
    `${turns} answers of ${(Buffer.byteLength(answer) / 1_048_576).toFixed(1)} MB one after another, bare, and light operations meanwhile`,
  )
  printTable([
    ['', 'p50 ms', 'p90 ms', 'p99 ms', 'longest ms'],
    ['event loop delay', lag('p50'), lag('p90'), lag('p99'), lag('max')],
    ['a light operation', ...[0.5, 0.9, 0.99, 1].map((q) => quantile(waits, q).toFixed(1))],
  ])
  console.log(`aim: event loop delay p99 under 50 ms; ${machineLoad()}\n`)

  const answers = SHORT ? 5 : 100
  const longest = { 'from bytes': await longestTurns('bytes', answers), 'from objects': await longestTurns('objects', answers) }
  console.log(`the longest turn of the event loop for each of ${answers} such answers, CPU`)
  printTable([
    ['', 'p50 ms', 'p90 ms', 'p99 ms', 'longest ms'],
    ...Object.entries(longest).map(([way, each]) => [way, ...[0.5, 0.9, 0.99, 1].map((q) => quantile(each, q).toFixed(1))]),
  ])
  agent.destroy()
} finally {
  await ground.close()
}

/** Every second one of the first few hundred, which stay in memory; the others come round once in a while and push each other out. */
function documentOf(number: number): string {
  const turn = number >> 1
  const which = turn % (number % 2 === 0 ? Math.min(300, DOCUMENTS) : DOCUMENTS)
  const fields = ['code', 'fullName', 'birthDate', 'scores { kind value }', 'messages { body }', 'scores { subject remark }']
  const picked = fields.filter((_, index) => which & (1 << index))
  return `query Q${which} { pupil(id: "1") { number${which}: id ${picked.map((field, index) => `f${index}: ${field}`).join(' ')} } }`
}

function valueOf(metrics: string, name: string): number {
  const line = metrics.split('\n').find((each) => each.startsWith(`${name} `))
  return line ? Number(line.slice(name.length + 1)) : 0
}

function sum(metrics: string, prefix: string): number {
  return metrics
    .split('\n')
    .filter((each) => each.startsWith(prefix))
    .reduce((total, each) => total + Number(each.split(' ').at(-1)), 0)
}
