// `npm run bench:start`: from an empty folder, and from a filled one, to the first GraphQL answer; memory of node. Beside it, in the
// same interleaved rounds, what no platform of this kind can go below: node's own start, and a bare PostgreSQL made and started.
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../platform/postgres/embedded.ts'
import { readSandboxFile } from '../platform/sandbox/parties.ts'
import { fetchToken } from '../sdk/token.ts'
import { cpuOf, machineLoad, median, printTable, residentMb, send, serverCpu, startNode } from './kit.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 3)
const PORT = 4392

interface Start {
  readonly wall: number
  readonly nodeCpu: number
  readonly databaseCpu: number
  readonly memory: number
  readonly memoryAfter: number
}

/** Starts the platform, asks one question with a token of its own, then 200 more for the memory under use. */
async function start(dataDir: string): Promise<Start> {
  const began = performance.now()
  const platform = await startNode(
    new URL('../platform/start.ts', import.meta.url),
    { DATA_DIR: dataDir, PORT: String(PORT), DATABASE_URL: '', LOG_LEVEL: 'error' },
    'is ready',
  )
  const agent = new Agent({ keepAlive: true })
  try {
    const sandbox = await readSandboxFile(dataDir)
    const party = sandbox.parties.find(({ clientId }) => clientId === 'smas')!
    const privateKey = await readFile(join(dataDir, party.privateKeyFile), 'utf8')
    const { accessToken } = await fetchToken({
      tokenEndpoint: sandbox.tokenEndpoint,
      issuer: sandbox.issuer,
      clientId: 'smas',
      privateKey,
    })
    const ask = async (): Promise<void> => {
      const { status } = await send(agent, {
        url: sandbox.graphql,
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
        body: JSON.stringify({ query: '{ schools(first: 5) { nodes { name } } }' }),
      })
      if (status !== 200) throw new Error(`the platform answered ${status}`)
    }
    await ask()
    const wall = performance.now() - began
    const pid = platform.child.pid!
    const postmaster = Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0])
    const first = { wall, nodeCpu: cpuOf(pid), databaseCpu: serverCpu(postmaster), memory: residentMb(pid) }
    for (let count = 0; count < 200; count += 1) await ask()
    return { ...first, memoryAfter: residentMb(pid) }
  } finally {
    agent.destroy()
    await platform.stop()
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

const fresh: Start[] = []
const warm: Start[] = []
const bareNode: number[] = []
const barePostgres: number[] = []
const barePostgresAgain: number[] = []
console.log(`${ROUNDS} rounds, interleaved; ${machineLoad()}`)
for (let round = 0; round < ROUNDS; round += 1) {
  const dir = await mkdtemp(join(tmpdir(), 'lienthong-bench-start-'))
  const dataDir = join(dir, 'var')
  fresh.push(await start(dataDir))
  warm.push(await start(dataDir))
  bareNode.push(await timed(async () => spawnSync(process.execPath, ['-e', '0'])))
  const bare = { dataDir: join(dir, 'bare'), superuserPassword: 'bare' }
  const startStop = async (): Promise<void> => (await startEmbeddedPostgres(bare)).stop()
  barePostgres.push(await timed(startStop))
  barePostgresAgain.push(await timed(startStop))
  await rm(dir, { recursive: true, force: true })
}

const seconds = (values: readonly number[]): string =>
  `${(median(values) / 1_000).toFixed(2)} (${(Math.min(...values) / 1_000).toFixed(2)}–${(Math.max(...values) / 1_000).toFixed(2)})`
const of = (starts: readonly Start[], key: keyof Start): number[] => starts.map((each) => each[key])
const megabytes = (values: readonly number[]): string => median(values).toFixed(0)
printTable([
  ['', 'to first answer, s', 'node CPU s', 'database CPU s', 'node MB', 'MB after 200'],
  ...(
    [
      ['Liên Thông, empty folder', fresh],
      ['Liên Thông, filled folder', warm],
    ] as const
  ).map(([name, starts]) => [
    name,
    seconds(of(starts, 'wall')),
    seconds(of(starts, 'nodeCpu')),
    seconds(of(starts, 'databaseCpu')),
    megabytes(of(starts, 'memory')),
    megabytes(of(starts, 'memoryAfter')),
  ]),
  ['bare PostgreSQL, made and started', seconds(barePostgres), '', '', '', ''],
  ['bare PostgreSQL, started', seconds(barePostgresAgain), '', '', '', ''],
  ['node -e 0', seconds(bareNode), '', '', '', ''],
])
console.log('aims: empty folder ≤ 15 s, filled folder ≤ 4 s, node ≤ 500 MB')
