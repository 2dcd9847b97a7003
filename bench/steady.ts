// `npm run bench:steady`: whether the gateway stays as it is. Its memory over many requests of many different documents, everything on;
// and how long its event loop stands still while an answer of 5 MB is put together: bare, since an operation of the contract that could
// answer as much is refused by its cost. `-- --short`: a few thousand requests.
import { strictEqual } from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contendersOn, OURS } from './gateway/contenders.ts'
import { BIG_CLASS, compose, openSdl, OPERATIONS, ruledSdl } from './gateway/contract.ts'
import { openBenchDatabase } from './gateway/database.ts'
import { machineLoad, printTable, quantile, residentMb, send, startNode, type Target } from './kit.ts'

const SHORT = process.argv.includes('--short')
const REQUESTS = Number(process.env.REQUESTS ?? (SHORT ? 4_000 : 100_000))
const DOCUMENTS = Number(process.env.DOCUMENTS ?? (SHORT ? 1_500 : 10_000))
const LOOKS = 10
const CONNECTIONS = 8
const SUBGRAPHS_PORT = 4440
const PORT = 4450

const folder = await mkdtemp(join(tmpdir(), 'lienthong-bench-steady-'))
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
  const subgraphs = await startNode(
    new URL('gateway/subgraphs.ts', import.meta.url),
    { PORT: String(SUBGRAPHS_PORT), STORED: '200' },
    'ready',
  )
  stops.push(subgraphs.stop)
  const contenders = contendersOn({ subgraphsPort: SUBGRAPHS_PORT, openSupergraph, ruledSupergraph, database })
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS + 1 })

  async function open(name: string, port: number) {
    const { script, environment, ready, args, path, tokenFor } = contenders.find((each) => each.name.includes(name))!
    const { child, stop } = await startNode(
      script,
      { PORT: String(port), NODE_ENV: 'production', ...environment },
      ready,
      args?.(port),
    )
    stops.push(stop)
    const origin = `http://127.0.0.1:${port}`
    const targetOf = async (query: string): Promise<Target> => ({
      url: origin + path,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(tokenFor && { authorization: `Bearer ${await tokenFor(origin)}` }),
      },
      body: JSON.stringify({ query }),
    })
    const metrics = async (): Promise<string> =>
      (await send(agent, { url: `${origin}/metrics`, method: 'GET', headers: {} })).text
    return { pid: child.pid!, targetOf, metrics }
  }

  const whole = await open(OURS, PORT)
  const rows: string[][] = [['requests', 'resident MB', 'heap used MB', 'compiled', 'stock']]
  let sent = 0
  for (let look = 1; look <= LOOKS; look++) {
    const { url, headers } = await whole.targetOf('')
    const until = (REQUESTS * look) / LOOKS
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        while (sent < until) {
          const number = sent++
          const body = JSON.stringify({ query: documentOf(number) })
          const { status, text } = await send(agent, { url, method: 'POST', headers, body })
          strictEqual(status, 200, text)
        }
      }),
    )
    const metrics = await whole.metrics()
    rows.push([
      String(sent),
      residentMb(whole.pid).toFixed(0),
      (valueOf(metrics, 'nodejs_heap_size_used_bytes') / 1_048_576).toFixed(0),
      String(valueOf(metrics, 'lienthong_gateway_executions_total{executor="compiled",reason=""}')),
      String(sum(metrics, 'lienthong_gateway_executions_total{executor="stock"')),
    ])
  }
  console.log(`${REQUESTS} requests of ${DOCUMENTS} different documents, everything on`)
  printTable(rows)
  console.log(`aim: the last row as the third\n`)

  const bare = await open('gateway:bare', PORT + 1)
  const [big, light] = [await bare.targetOf(BIG_CLASS), await bare.targetOf(OPERATIONS.light!)]
  const { text: answer } = await send(agent, big)
  for (let turn = 0; turn < 5; turn++) await send(agent, big)
  await bare.metrics()
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
  const metrics = await bare.metrics()
  const lag = (which: string): string => (valueOf(metrics, `nodejs_eventloop_lag_${which}_seconds`) * 1_000).toFixed(1)
  console.log(
    `${turns} answers of ${(Buffer.byteLength(answer) / 1_048_576).toFixed(1)} MB one after another, bare, and light operations meanwhile`,
  )
  printTable([
    ['', 'p50 ms', 'p90 ms', 'p99 ms', 'longest ms'],
    ['event loop delay', lag('p50'), lag('p90'), lag('p99'), lag('max')],
    ['a light operation', ...[0.5, 0.9, 0.99, 1].map((q) => quantile(waits, q).toFixed(1))],
  ])
  console.log(`aim: event loop delay p99 under 50 ms; ${machineLoad()}`)
  agent.destroy()
} finally {
  for (const stop of stops.reverse()) await stop()
}

/** Every second one of the first few hundred, which stay in memory; the others come round once in a while and push each other out. */
function documentOf(number: number): string {
  const which = number % 2 === 0 ? (number / 2) % Math.min(300, DOCUMENTS) : number % DOCUMENTS
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
