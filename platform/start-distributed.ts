// `npm run start:distributed`: the topology of docker-compose.yml without Docker, each service a process of its own.
import { fork, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { SUBGRAPH_NAMES, type SubgraphName } from '../subgraphs/kernel/subgraph.ts'
import { describeStart } from './describe-start.ts'
import { assertCanListen, publicUrlOf } from './address.ts'
import { run, type RunContext } from './run.ts'
import { Shutdown } from './shutdown.ts'

const began = performance.now()

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

/** Starts one service and waits until it listens; its output is ours. A service that ends by itself ends the whole. */
async function startService(
  name: string,
  environment: Record<string, string>,
  { fail }: RunContext,
  shutdown: Shutdown,
): Promise<string> {
  const child: ChildProcess = fork(new URL('./serve.ts', import.meta.url), {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Out of the terminal's process group: Ctrl-C reaches this process alone, which ends the services in order.
    detached: true,
  })
  let ending = false
  const ended = once(child, 'exit')
  shutdown.add(name, async () => {
    ending = true
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      const patience = setTimeout(() => child.kill('SIGKILL'), 12_000)
      await ended
      clearTimeout(patience)
    }
  })
  const ready = once(child, 'message').then(([message]) => (message as { address: string }).address)
  const address = await Promise.race([
    ready,
    ended.then(() => {
      throw new Error(`${name} did not start`)
    }),
  ])
  void ended.then(([code, signal]) => {
    if (!ending) fail(new Error(`${name} ended by itself (${signal ?? code})`))
  })
  return address
}

await run(async (context) => {
  const { config, tell } = context
  const shutdown = new Shutdown()
  const close = (): Promise<void> => shutdown.run(tell)
  try {
    await assertCanListen(config)
    const { preparePlatform } = await import('./one-process.ts')
    const { withoutCredentials } = await import('./database/server.ts')
    const prepared = await preparePlatform({ ...context, onDatabaseExit: context.fail }, shutdown)
    const common = {
      // A service reads its own role's password from its own secrets; the administrator's stays in this process.
      DATABASE_URL: withoutCredentials(prepared.adminUrl),
      DATA_DIR: config.dataDir,
      SECRETS_DIR: config.secretsDir,
      PUBLIC_URL: publicUrlOf(config),
    }
    const addresses = await Promise.all(
      SUBGRAPH_NAMES.map(async (name: SubgraphName) => {
        const port = String(await freePort())
        return [
          name,
          await startService(
            name,
            { ...common, SUBGRAPH: name, SUBGRAPH_URLS: '', HOST: '127.0.0.1', PORT: port },
            context,
            shutdown,
          ),
        ] as const
      }),
    )
    const urls = addresses.map(([name, address]) => `${name}=${address}`).join(',')
    await startService(
      'gateway',
      { ...common, SUBGRAPH: '', SUBGRAPH_URLS: urls, HOST: config.host, PORT: String(config.port) },
      context,
      shutdown,
    )
    tell(describeStart(prepared, config.dataDir, (performance.now() - began) / 1000).join('\n'))
    return { close }
  } catch (error) {
    await close()
    throw error
  }
})
