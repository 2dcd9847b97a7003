// Who is measured: ours with everything on and bare, Apollo's, and the peers that are installed.
//
// AGAINST=folder: ours from another checkout, too, so that a step is measured beside what was there before. ONLY=pattern: those whose names fit.
import { basename, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { PEERS, peersAreInstalled } from '../kit.ts'
import type { BenchDatabase } from './database.ts'
import { firstSdl, SUBGRAPH_NAMES } from './contract.ts'

export const OURS = 'Liên Thông, everything on'
export const VANILLA = 'Apollo Gateway and Server'

export interface Contender {
  readonly name: string
  readonly script: URL
  readonly args?: (port: number) => readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly path: string
  readonly ready: string
  readonly tokenFor?: (publicUrl: string) => Promise<string>
  /** Its subgraphs run in its own process, and what they cost is part of the figure. */
  readonly holdsSubgraphs?: boolean
}

export interface ContendersGround {
  readonly subgraphsPort: number
  /** Files: as anybody composes it, and with a rule on every field. */
  readonly openSupergraph: string
  readonly ruledSupergraph: string
  readonly database: BenchDatabase
}

export function contendersOn({ subgraphsPort, openSupergraph, ruledSupergraph, database }: ContendersGround): Contender[] {
  const here = (file: string): URL => new URL(file, import.meta.url)
  const subgraphsUrl = `http://127.0.0.1:${subgraphsPort}`
  const platform = (environment: Readonly<Record<string, string>>) => ({
    script: here('platform.ts'),
    environment: {
      SUBGRAPHS_PORT: String(subgraphsPort),
      SUPERGRAPH: ruledSupergraph,
      DATABASE_URL: database.gatewayUrl,
      JWKS: database.jwks,
      ...environment,
    },
    path: '/graphql',
    ready: 'ready',
    tokenFor: database.tokenFor,
  })
  const apollo = (environment: Readonly<Record<string, string>>) => ({
    script: here('served.ts'),
    environment: { SUPERGRAPH: openSupergraph, ...environment },
    path: '/',
    ready: 'ready',
  })
  const peer = (file: string, environment: Readonly<Record<string, string>>) => ({
    script: new URL(file, PEERS),
    environment: { SUPERGRAPH: openSupergraph, ...environment },
    path: '/graphql',
    ready: 'ready',
  })
  const services = SUBGRAPH_NAMES.map((name) => ({
    name,
    url: `${subgraphsUrl}/v1/${name}`,
    schema: firstSdl(name),
    mandatory: true,
  }))
  const ours: Contender[] = [
    { name: OURS, ...platform({}) },
    { name: 'Liên Thông in one process, everything on', ...platform({ IN_PROCESS: 'yes' }), holdsSubgraphs: true },
    {
      name: 'Liên Thông, gateway:bare',
      script: new URL('../../platform/gateway-bare.ts', import.meta.url),
      args: (port) => ['--supergraph', openSupergraph, '--port', String(port)],
      environment: {},
      path: '/graphql',
      ready: 'is served at',
    },
    { name: VANILLA, ...apollo({ EXECUTOR: 'stock', TRANSPORT: 'apollo' }) },
    { name: 'Apollo, with an undici pool', ...apollo({ EXECUTOR: 'stock', TRANSPORT: 'undici' }) },
    { name: 'Apollo Server, our executor and pool', ...apollo({ EXECUTOR: 'compiled', TRANSPORT: 'undici' }) },
  ]
  const peers: Contender[] = [
    { name: 'Hive Gateway', ...peer('hive.js', { PLANNER: 'javascript' }) },
    { name: 'Hive Gateway, Rust planner', ...peer('hive.js', { PLANNER: 'rust' }) },
    { name: 'Mercurius, with JIT', ...peer('mercurius.js', { SERVICES: JSON.stringify(services) }) },
  ]
  const { AGAINST, ONLY } = process.env
  const before = AGAINST ? ours.slice(0, 3).map((each) => fromCheckout(each, AGAINST)) : []
  const all = [...ours, ...before, ...(peersAreInstalled() ? peers : [])]
  return all.filter(({ name }) => name === OURS || name === VANILLA || new RegExp(ONLY ?? '').test(name))
}

function fromCheckout(contender: Contender, folder: string): Contender {
  const here = new URL('../../', import.meta.url).pathname
  const script = pathToFileURL(resolve(folder, relative(here, fileURLToPath(contender.script))))
  return { ...contender, name: `${contender.name}, of ${basename(resolve(folder))}`, script }
}
