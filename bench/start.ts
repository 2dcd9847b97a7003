// `npm run bench:start`: `npm start` on an empty folder, and on a filled one, to the first GraphQL answer; CPU of everything it starts,
// memory of node. Beside it, in the same interleaved rounds, what no platform of this kind goes below: node's own start and a bare
// PostgreSQL, made and started.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmbeddedPostgres } from '../platform/postgres/embedded.ts'
import { readSandboxFile } from '../platform/sandbox/parties.ts'
import { fetchToken } from '../sdk/token.ts'
import { childrenOf, cpuOf, machineLoad, median, printTable, residentMb, send, serverCpu } from './kit.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 5)
const PORT = 4392
const ROOT = fileURLToPath(new URL('..', import.meta.url))

interface Start {
  readonly wall: number
  /** npm, its shell and node. */
  readonly nodeCpu: number
  readonly databaseCpu: number
  readonly memory: number
  readonly memoryAfter: number
}

/** CPU of a process and of all below it; the database server is counted by itself. */
const treeCpu = (pid: number, without: number): number =>
  childrenOf(pid).reduce((sum, child) => sum + (child === without ? 0 : treeCpu(child, without)), cpuOf(pid))

const firstNumber = async (path: string): Promise<number> => Number.parseInt(await readFile(path, 'utf8'), 10)

/** Starts the platform as a person does, asks one question with a token of its own, then 200 more for the memory under use. */
async function start(dataDir: string): Promise<Start> {
  const began = performance.now()
  const npm = spawn('npm', ['start', '--silent'], {
    cwd: ROOT,
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      PORT: String(PORT),
      DATABASE_URL: '',
      SECRETS_DIR: '',
      NODE_ENV: '',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  const ended = once(npm, 'close')
  const agent = new Agent({ keepAlive: true })
  try {
    await new Promise<void>((resolve, reject) => {
      npm.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()).includes('is ready (') && resolve())
      void ended.then(() => reject(new Error(`it did not start:\n${printed}`)))
    })
    const { graphql, tokenEndpoint, issuer, parties } = await readSandboxFile(dataDir)
    const party = parties.find(({ clientId }) => clientId === 'smas')!
    const privateKey = await readFile(join(dataDir, party.privateKeyFile), 'utf8')
    const { accessToken } = await fetchToken({ tokenEndpoint, issuer, clientId: 'smas', privateKey })
    const ask = async (): Promise<void> => {
      const { status } = await send(agent, {
        url: graphql,
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
        body: JSON.stringify({ query: '{ schools(first: 5) { nodes { name } } }' }),
      })
      if (status !== 200) throw new Error(`the platform answered ${status}`)
    }
    await ask()
    const wall = performance.now() - began
    const platform = (JSON.parse(await readFile(join(dataDir, 'postgres.lock'), 'utf8')) as { pid: number }).pid
    const postmaster = await firstNumber(join(dataDir, 'postgres', 'postmaster.pid'))
    const first = {
      wall,
      nodeCpu: treeCpu(npm.pid!, postmaster),
      databaseCpu: serverCpu(postmaster),
      memory: residentMb(platform),
    }
    for (let count = 0; count < 200; count += 1) await ask()
    return { ...first, memoryAfter: residentMb(platform) }
  } finally {
    agent.destroy()
    npm.kill('SIGTERM')
    await ended
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
  try {
    const dataDir = join(dir, 'var')
    // A fresh clone has nothing translated yet.
    await rm(join(ROOT, 'node_modules/.cache/lienthong'), { recursive: true, force: true })
    fresh.push(await start(dataDir))
    warm.push(await start(dataDir))
    bareNode.push(await timed(async () => spawnSync(process.execPath, ['-e', '0'])))
    const bare = { dataDir: join(dir, 'bare'), superuserPassword: 'bare' }
    const startAndStop = async (times: number[]): Promise<void> => {
      const began = performance.now()
      const server = await startEmbeddedPostgres(bare)
      times.push(performance.now() - began)
      await server.stop()
    }
    await startAndStop(barePostgres)
    await startAndStop(barePostgresAgain)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
console.log(`at the end: ${machineLoad()}`)

const seconds = (values: readonly number[]): string =>
  `${(median(values) / 1_000).toFixed(2)} (${(Math.min(...values) / 1_000).toFixed(2)}–${(Math.max(...values) / 1_000).toFixed(2)})`
const of = (starts: readonly Start[], key: keyof Start): number[] => starts.map((each) => each[key])
const megabytes = (values: readonly number[]): string => median(values).toFixed(0)
printTable([
  ['', 'to first answer, s', 'node CPU s', 'database CPU s', 'node MB', 'MB after 200'],
  ...(
    [
      ['npm start, fresh clone and empty folder', fresh],
      ['npm start again', warm],
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
console.log('aims: fresh ≤ 15 s, again ≤ 4 s, node ≤ 500 MB')
