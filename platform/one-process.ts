// The whole platform in one process, on the embedded database or one of one's own.
import { mkdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyPluginAsync } from 'fastify'
import type { JSONWebKeySet } from 'jose'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { createInProcessTransport } from '../gateway/transport/in-process.ts'
import { SUBGRAPH_NAMES, type SubgraphName } from '../subgraphs/kernel/subgraph.ts'
import { explainListening, publicUrlOf } from './address.ts'
import type { Config } from './config.ts'
import { provision } from './database/provision.ts'
import { openDatabaseServer } from './database/server.ts'
import { openGateway } from './runtime/gateway.ts'
import { openAuthorizationServer, openSubgraph, type SubgraphRuntime } from './runtime/subgraph.ts'
import type { Sandbox } from './sandbox/parties.ts'
import { prepareSandbox } from './sandbox/prepare.ts'
import { ensureSecrets, readAdminSecrets, readGatewaySecrets, readIdentitySecrets, readSubgraphSecrets } from './secrets.ts'
import { Shutdown } from './shutdown.ts'

export interface PlatformOptions {
  readonly config: Config
  readonly log: Logger
  readonly now: () => Date
  /** Lines for the person who started it. */
  readonly tell: (line: string) => void
  readonly quiet?: boolean
  /** Server settings of the embedded database, for throw-away platforms. */
  readonly databaseSettings?: Readonly<Record<string, string>>
  /** The database is gone and cannot be brought back. */
  readonly onDatabaseExit: (error: Error) => void
  /** Breaks off a start under way: at its next step it closes what it has opened, and throws. */
  readonly signal?: AbortSignal
}

export interface Platform {
  readonly publicUrl: string
  readonly sandbox: Sandbox | undefined
  readonly database: string
  readonly adminUrl: string
  close(): Promise<void>
}

/** Database up, provisioned and, in the sandbox, loaded: what both topologies begin with. */
export async function preparePlatform(options: PlatformOptions, shutdown: Shutdown): Promise<Omit<Platform, 'close'>> {
  const { config, now, tell, quiet = false, signal } = options
  await mkdir(config.dataDir, { recursive: true }).catch((cause: Error) => {
    throw new Error(`DATA_DIR: ${config.dataDir} cannot be made or written (${cause.message}). Choose another folder.`, { cause })
  })
  if (!config.production) await ensureSecrets(config.secretsDir)
  const admin = await readAdminSecrets(config.secretsDir)
  const server = await openDatabaseServer({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    superuserPassword: admin.superuserPassword,
    log: (line) => options.log.info(line),
    tell,
    onUnexpectedExit: options.onDatabaseExit,
    ...(options.databaseSettings ? { settings: options.databaseSettings } : {}),
  })
  shutdown.add('database', () => server.stop())
  signal?.throwIfAborted()
  await provision({ adminUrl: server.adminUrl, rolePasswords: admin.rolePasswords, sandbox: !config.production, log: tell })
  signal?.throwIfAborted()
  const publicUrl = publicUrlOf(config)
  const sandbox = config.production
    ? undefined
    : await prepareSandbox({
        adminUrl: server.adminUrl,
        dataDir: config.dataDir,
        accountKeys: (await readIdentitySecrets(config.secretsDir)).accountKeys,
        publicUrl,
        now: now(),
        quiet,
        ...(signal ? { signal } : {}),
      })
  signal?.throwIfAborted()
  return { publicUrl, sandbox, database: server.description, adminUrl: server.adminUrl }
}

/** The explorer belongs to the sandbox; production has none. */
export async function explorerFor(sandbox: Sandbox | undefined, config: Config): Promise<FastifyPluginAsync | undefined> {
  if (!sandbox) return undefined
  const { createExplorer } = await import('../portal/explorer/plugin.ts')
  return createExplorer({ sandbox, dataDir: config.dataDir })
}

const READY_WITHIN_MS = 2_000

export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { config, log, now, tell, signal } = options
  const shutdown = new Shutdown()
  const close = (): Promise<void> => shutdown.run(tell)
  try {
    const prepared = await preparePlatform(options, shutdown)
    const { publicUrl, sandbox, adminUrl: databaseUrl } = prepared
    const metrics = new Registry()
    const runtimes = {} as Record<SubgraphName, SubgraphRuntime>
    for (const name of SUBGRAPH_NAMES) {
      const secrets = await readSubgraphSecrets(config.secretsDir, name)
      runtimes[name] = await openSubgraph({
        name,
        databaseUrl,
        secrets,
        poolSize: config.databasePoolSize,
        sandbox: !config.production,
        now,
        log,
        metrics,
      })
      shutdown.add(name, () => runtimes[name].close())
      signal?.throwIfAborted()
    }
    const oauth = await openAuthorizationServer(runtimes.identity, {
      publicUrl,
      secretsDir: config.secretsDir,
      sandbox: !config.production,
      now,
      log,
    })
    const { databasePassword } = await readGatewaySecrets(config.secretsDir)
    const explorer = await explorerFor(sandbox, config)
    const runtime = await openGateway({
      databaseUrl,
      databasePassword,
      publicUrl,
      transports: Object.fromEntries(
        SUBGRAPH_NAMES.map((name) => [name, createInProcessTransport(runtimes[name].subgraph, log)]),
      ),
      jwks: async () => oauth.publicJwks as JSONWebKeySet,
      oauth: { paths: oauth.paths, handle: (request, response) => oauth.handle(request, response) },
      corsOrigins: config.corsOrigins,
      proxyHops: config.proxyHops,
      ...(explorer ? { explorer } : {}),
      mode: config.production ? 'production' : 'sandbox',
      readiness: async () => {
        const answers = Promise.all(SUBGRAPH_NAMES.map((name) => runtimes[name].storage.database.ping()))
        // A server that hangs answers no ping at all.
        const late = sleep(READY_WITHIN_MS, undefined, { ref: false }).then(() =>
          Promise.reject(new Error('the database is silent')),
        )
        await Promise.race([answers, late])
      },
      now,
      log,
      metrics,
    })
    shutdown.add('gateway', () => runtime.close())
    signal?.throwIfAborted()
    await runtime.gateway.listen(config.port, config.host).catch((error: unknown) => {
      throw explainListening(error, config)
    })
    return { ...prepared, close }
  } catch (error) {
    await close()
    throw error
  }
}
