// The platform as docker-compose.yml runs it: PostgreSQL, five subgraphs and two gateways, each a process, with a place for a fault on
// every way between them. The first gateway reaches the subgraphs through tampering proxies, the second one directly.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, type QueryResultRow } from 'pg'
import { provision } from '../../../platform/database/provision.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../../platform/postgres/embedded.ts'
import { prepareSandbox } from '../../../platform/sandbox/prepare.ts'
import type { Sandbox, SandboxParty } from '../../../platform/sandbox/parties.ts'
import type { Random } from '../../../platform/sandbox/random.ts'
import { ensureSecrets, readAdminSecrets, readIdentitySecrets } from '../../../platform/secrets.ts'
import { SUBGRAPH_NAMES, type SubgraphName } from '../../../subgraphs/kernel/subgraph.ts'
import { expectNothingLeft } from '../../testkit/process.ts'
import { Service } from './service.ts'
import { TamperingProxy } from './tamper.ts'
import { Wire } from './wire.ts'

export const DOORS = ['gateway-a', 'gateway-b'] as const
export type Door = (typeof DOORS)[number]

const DATABASE = 'lienthong'

export interface FaultPlatform {
  readonly sandbox: Sandbox
  readonly services: ReadonlyMap<SubgraphName | Door, Service>
  readonly wires: ReadonlyMap<SubgraphName | Door, Wire>
  /** Between the first gateway and each subgraph. */
  readonly proxies: ReadonlyMap<SubgraphName, TamperingProxy>
  /** What has ended although nobody had asked it to. */
  readonly crashes: readonly string[]
  urlOf(door: Door): string
  party(clientId: string): SandboxParty
  privateKeyOf(clientId: string): Promise<string>
  /** One statement as superuser, past every policy and every wire. */
  sql<R extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<R[]>
  /** PostgreSQL ends without a checkpoint and comes back, as after a crash of the server. */
  restartDatabase(meanwhile: () => Promise<unknown>): Promise<void>
  close(): Promise<void>
}

/** Below the ports that outgoing connections take: a service that is started again finds its own free. */
async function takePorts(random: Random, count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = random.between(15_000, 30_000)
    if (!ports.has(port) && (await isFree(port))) ports.add(port)
  }
  return [...ports]
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect(port, '127.0.0.1')
    probe.once('connect', () => {
      probe.destroy()
      resolve(false)
    })
    probe.once('error', () => resolve(true))
  })

export async function startFaultPlatform(random: Random): Promise<FaultPlatform> {
  const base = await mkdtemp(join(tmpdir(), 'lienthong-faults-'))
  const secretsDir = join(base, 'secrets')
  await ensureSecrets(secretsDir)
  const { superuserPassword, rolePasswords } = await readAdminSecrets(secretsDir)
  const startServer = (): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({
      dataDir: join(base, 'postgres'),
      superuserPassword,
      // The machine does not fail here, so nothing is pressed onto the disk; but a commit is written out before it is acknowledged.
      settings: { fsync: 'off', full_page_writes: 'off', max_connections: '120' },
    })

  let server = await startServer()
  const undo: (() => Promise<unknown>)[] = [
    () => rm(base, { recursive: true, force: true }),
    () => expectNothingLeft(base),
    () => server.stop(),
  ]
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const sql = async <R extends QueryResultRow>(text: string, values: readonly unknown[] = [], database = DATABASE) => {
      const client = new Client({ connectionString: server.connectionUrl(database) })
      client.on('error', () => undefined)
      await client.connect()
      try {
        return (await client.query<R>(text, [...values])).rows
      } finally {
        await client.end()
      }
    }
    await sql(`create database ${DATABASE}`, [], 'postgres')
    await provision({ adminUrl: server.connectionUrl(DATABASE), rolePasswords, sandbox: true, log: () => undefined })
    const names = [...SUBGRAPH_NAMES, ...DOORS]
    const ports = new Map((await takePorts(random, names.length)).map((port, index) => [names[index]!, port]))
    // Both gateways stand behind one public address, as behind a balancer.
    const publicUrl = `http://127.0.0.1:${ports.get('gateway-a')}`
    const sandbox = await prepareSandbox({
      adminUrl: server.connectionUrl(DATABASE),
      dataDir: base,
      accountKeys: (await readIdentitySecrets(secretsDir)).accountKeys,
      publicUrl,
      now: new Date(),
      quiet: true,
    })

    const socketPath = (): string => {
      const { hostname, port } = new URL(server.connectionUrl(DATABASE))
      return `${decodeURIComponent(hostname)}/.s.PGSQL.${port}`
    }
    const wires = new Map<SubgraphName | Door, Wire>()
    for (const name of names) {
      const wire = await Wire.lay(socketPath)
      wires.set(name, wire)
      undo.push(() => wire.close())
    }
    const proxies = new Map<SubgraphName, TamperingProxy>()
    for (const name of SUBGRAPH_NAMES) {
      const proxy = await TamperingProxy.before(ports.get(name)!)
      proxies.set(name, proxy)
      undo.push(() => proxy.close())
    }

    const crashes: string[] = []
    const services = new Map<SubgraphName | Door, Service>()
    const subgraphsAt = (portOf: (name: SubgraphName) => number): string =>
      SUBGRAPH_NAMES.map((name) => `${name}=http://127.0.0.1:${portOf(name)}`).join(',')
    for (const name of names) {
      const isSubgraph = (SUBGRAPH_NAMES as readonly string[]).includes(name)
      const environment = {
        NODE_ENV: 'development',
        LOG_LEVEL: 'warn',
        DATA_DIR: base,
        SECRETS_DIR: secretsDir,
        PUBLIC_URL: publicUrl,
        DATABASE_POOL_SIZE: '6',
        DATABASE_URL: `postgresql://127.0.0.1:${wires.get(name)!.port}/${DATABASE}?sslmode=disable`,
        SUBGRAPH: isSubgraph ? name : '',
        SUBGRAPH_URLS: isSubgraph
          ? ''
          : subgraphsAt((each) => (name === 'gateway-a' ? proxies.get(each)!.port : ports.get(each)!)),
      }
      services.set(name, new Service(name, ports.get(name)!, environment, (what) => crashes.push(what)))
    }
    undo.push(async () => {
      const running = [...services.values()].filter((service) => service.running)
      await Promise.all(running.map((service) => service.end('SIGKILL')))
    })
    await Promise.all(SUBGRAPH_NAMES.map((name) => services.get(name)!.start()))
    await Promise.all(DOORS.map((name) => services.get(name)!.start()))

    return {
      sandbox,
      services,
      wires,
      proxies,
      crashes,
      urlOf: (door) => `http://127.0.0.1:${ports.get(door)}`,
      party: (clientId) => {
        const found = sandbox.parties.find((each) => each.clientId === clientId)
        if (!found) throw new Error(`no party ${clientId}`)
        return found
      },
      privateKeyOf: (clientId) =>
        readFile(join(base, sandbox.parties.find((each) => each.clientId === clientId)!.privateKeyFile), 'utf8'),
      sql,
      restartDatabase: async (meanwhile) => {
        process.kill(server.pid, 'SIGQUIT')
        await meanwhile()
        await server.stop()
        server = await startServer()
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
