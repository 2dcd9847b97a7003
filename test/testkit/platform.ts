// The whole platform for a test, on a database of its own: in this process, or as separate processes.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../subgraphs/kernel/log.ts'
import { startPlatform } from '../../platform/one-process.ts'
import { readSandboxFile, type Sandbox, type SandboxParty } from '../../platform/sandbox/parties.ts'
import { createClient, type Client } from '../../sdk/client.ts'
import { createTokenSource, type TokenSource } from '../../sdk/token-source.ts'
import { freshDatabase, secretsDir, type TestDatabase } from './database.ts'

export type Topology = 'one process' | 'separate processes'
export const TOPOLOGIES: readonly Topology[] = ['one process', 'separate processes']

export interface TestPlatform {
  readonly topology: Topology
  readonly url: string
  readonly sandbox: Sandbox
  readonly dataDir: string
  readonly database: TestDatabase
  /** Everything logged so far; of separate processes, what they printed. */
  logged(): string
  party(clientId: string): SandboxParty
  tokenSource(clientId: string): Promise<TokenSource>
  /** The typed client of a demo party: `smas`, `can-bo-so`, `tuan-thu` … */
  client(clientId: string): Promise<Client>
  close(): Promise<void>
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

const environmentOf = (database: TestDatabase, dataDir: string, port: number): Record<string, string> => ({
  NODE_ENV: 'test',
  PORT: String(port),
  DATA_DIR: dataDir,
  DATABASE_URL: database.adminUrl,
  SECRETS_DIR: secretsDir(),
  LOG_LEVEL: 'info',
  DATABASE_POOL_SIZE: '4',
  CORS_ORIGINS: 'https://cong.thanhhoa.example',
})

async function inThisProcess(environment: Record<string, string>): Promise<{ logged: () => string; close: () => Promise<void> }> {
  const lines: string[] = []
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString())
      done()
    },
  })
  const platform = await startPlatform({
    config: readConfig(environment),
    log: createLog({ level: 'info', destination: sink }),
    now: () => new Date(),
    tell: () => undefined,
    quiet: true,
    onDatabaseExit: (error) => {
      throw error
    },
  })
  return { logged: () => lines.join(''), close: () => platform.close() }
}

async function inProcesses(environment: Record<string, string>): Promise<{ logged: () => string; close: () => Promise<void> }> {
  let output = ''
  const child = fork(new URL('../../platform/start-distributed.ts', import.meta.url), {
    execArgv: ['--import', './platform/typescript.js'],
    env: { ...process.env, ...environment, NODE_OPTIONS: `--import ${new URL('shifted-clock.ts', import.meta.url).href}` },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const ended = once(child, 'exit')
  await new Promise<void>((resolve, reject) => {
    const collect = (chunk: Buffer): void => {
      output += chunk.toString()
      if (output.includes('is ready')) resolve()
    }
    child.stdout!.on('data', collect)
    child.stderr!.on('data', collect)
    void ended.then(() => reject(new Error(`the distributed platform ended:\n${output}`)))
  })
  return {
    logged: () => output,
    close: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

export async function startTestPlatform({ topology = 'one process' as Topology } = {}): Promise<TestPlatform> {
  const database = await freshDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'lienthong-platform-'))
  const port = await freePort()
  const cleanUp = async (): Promise<void> => {
    await database.drop()
    await rm(dataDir, { recursive: true, force: true })
  }
  try {
    const environment = environmentOf(database, dataDir, port)
    const running = await (topology === 'one process' ? inThisProcess(environment) : inProcesses(environment))
    const sandbox = await readSandboxFile(dataDir)
    const party = (clientId: string): SandboxParty => {
      const found = sandbox.parties.find((candidate) => candidate.clientId === clientId)
      if (!found) throw new Error(`no party ${clientId}; there are ${sandbox.parties.map((each) => each.clientId).join(', ')}`)
      return found
    }
    const tokenSource = async (clientId: string): Promise<TokenSource> =>
      createTokenSource({
        tokenEndpoint: sandbox.tokenEndpoint,
        issuer: sandbox.issuer,
        clientId,
        privateKey: await readFile(join(dataDir, party(clientId).privateKeyFile), 'utf8'),
      })
    return {
      topology,
      url: `http://127.0.0.1:${port}`,
      sandbox,
      dataDir,
      database,
      logged: running.logged,
      party,
      tokenSource,
      client: async (clientId) => createClient({ endpoint: sandbox.graphql, token: await tokenSource(clientId), retries: 0 }),
      close: async () => {
        await running.close()
        await cleanUp()
      },
    }
  } catch (error) {
    await cleanUp()
    throw error
  }
}
