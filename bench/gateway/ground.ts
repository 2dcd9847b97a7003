// What every gateway that is measured stands on: the supergraphs, the subgraphs' process, the platform's database; and how one is started.
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startNode, type Target } from '../kit.ts'
import { contendersOn, type Contender } from './contenders.ts'
import { compose, openSdl, ruledSdl } from './contract.ts'
import { openBenchDatabase, type BenchDatabase } from './database.ts'

/** A contender that runs. */
export interface Served extends Contender {
  readonly pid: number
  readonly origin: string
  /** With a token of its own, where it wants one: they last five minutes. */
  targetOf(query: string): Promise<Target>
}

export interface Ground {
  readonly database: BenchDatabase
  readonly contenders: readonly Contender[]
  serve(contender: Contender, port: number): Promise<Served>
  /** Ends what was started, the last first. */
  close(): Promise<void>
}

export interface GroundOptions {
  /** The subgraphs listen there and on the three ports after it. */
  readonly subgraphsPort: number
  /** How many answers a subgraph keeps. */
  readonly stored?: number
  /** The gateways on one core, one at a time; the load, the subgraphs and the database on the other. */
  readonly pinned?: boolean
}

const GATEWAYS_CORE = 0
const OTHERS_CORE = 1

export async function layGround({ subgraphsPort, stored, pinned = false }: GroundOptions): Promise<Ground> {
  const stops: (() => Promise<unknown>)[] = []
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop()
  }
  const pin = (pid: number, core: number): void => {
    if (pinned) spawnSync('taskset', ['-a', '-cp', String(core), String(pid)])
  }
  try {
    const folder = await mkdtemp(join(tmpdir(), 'lienthong-bench-gateway-'))
    stops.push(() => rm(folder, { recursive: true, force: true }))
    const [openSupergraph, ruledSupergraph] = ['open', 'ruled'].map((name) => join(folder, `${name}.graphql`)) as [string, string]
    await writeFile(
      openSupergraph,
      compose(openSdl, (name) => `http://127.0.0.1:${subgraphsPort}/${name}`),
    )
    await writeFile(
      ruledSupergraph,
      compose(ruledSdl, (name) => `http://${name}`),
    )
    const database = await openBenchDatabase()
    stops.push(database.close)
    const subgraphs = await startNode(
      new URL('subgraphs.ts', import.meta.url),
      { PORT: String(subgraphsPort), ...(stored !== undefined && { STORED: String(stored) }) },
      'ready',
    )
    stops.push(subgraphs.stop)
    for (const pid of [process.pid, subgraphs.child.pid!, database.postmaster]) pin(pid, OTHERS_CORE)

    return {
      database,
      contenders: contendersOn({ subgraphsPort, openSupergraph, ruledSupergraph, database }),
      async serve(contender, port) {
        const { script, environment, ready, args, path, tokenFor } = contender
        const { child, stop } = await startNode(
          script,
          { PORT: String(port), NODE_ENV: 'production', ...environment },
          ready,
          args?.(port),
        )
        stops.push(stop)
        pin(child.pid!, GATEWAYS_CORE)
        const origin = `http://127.0.0.1:${port}`
        return {
          ...contender,
          pid: child.pid!,
          origin,
          targetOf: async (query) => ({
            url: origin + path,
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              accept: 'application/json',
              'apollo-require-preflight': 'true',
              ...(tokenFor && { authorization: `Bearer ${await tokenFor(origin)}` }),
            },
            body: JSON.stringify({ query }),
          }),
        }
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
