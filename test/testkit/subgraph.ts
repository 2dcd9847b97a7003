// One subgraph on a test database, asked directly as a viewer: what stands behind the gateway's wall.
import type { ExecutionResult } from 'graphql'
import { pino } from 'pino'
import { openSubgraph, type SubgraphRuntime } from '../../platform/runtime/subgraph.ts'
import { readSubgraphSecrets } from '../../platform/secrets.ts'
import type { SubgraphName } from '../../subgraphs/kernel/subgraph.ts'
import { admitViewer, type Viewer } from '../../subgraphs/kernel/viewer.ts'
import { secretsDir, type TestDatabase } from './database.ts'

export interface TestSubgraph {
  readonly runtime: SubgraphRuntime
  /** Asks as the viewer; the answer is plain JSON, as it would cross a wire. */
  ask<T = Record<string, never>>(
    viewer: Viewer,
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<{ data: T; errors: readonly { message: string; extensions: Record<string, unknown>; path?: unknown }[] | undefined }>
  close(): Promise<void>
}

export async function testSubgraph(
  database: TestDatabase,
  name: SubgraphName,
  { now = () => new Date(), sandbox = true }: { now?: () => Date; sandbox?: boolean } = {},
): Promise<TestSubgraph> {
  const secrets = await readSubgraphSecrets(secretsDir(), name)
  const runtime = await openSubgraph({
    name,
    databaseUrl: database.adminUrl,
    secrets,
    poolSize: 12,
    sandbox,
    now,
    log: pino({ level: 'silent' }),
  })
  return {
    runtime,
    ask: async (viewer, query, variables) => {
      const result: ExecutionResult = await runtime.subgraph.execute({ query, variables }, admitViewer(viewer))
      return JSON.parse(JSON.stringify(result))
    },
    close: () => runtime.close(),
  }
}

/** The codes of an answer's errors, in order. */
export function codesOf(answer: { errors?: readonly { extensions?: Record<string, unknown> }[] | undefined }): unknown[] {
  return (answer.errors ?? []).map(({ extensions }) => extensions?.code)
}

/** One statement, or several that leave in one message. */
interface Sent {
  readonly text: string
  readonly statements?: readonly { readonly text: string }[]
}

/** Every statement the subgraph sends while `work` runs; unless it is to be kept, what it writes is rolled back where it would commit. */
export async function captureSql<T>(
  subgraph: TestSubgraph,
  work: () => Promise<T>,
  { keep = true }: { keep?: boolean } = {},
): Promise<{ statements: string[]; result: T }> {
  const statements: string[] = []
  const { pool } = subgraph.runtime.storage
  type Query = (...args: unknown[]) => unknown
  const watched = new Map<{ query: Query }, Query>()
  const onAcquire = (acquired: unknown): void => {
    const client = acquired as { query: Query }
    if (watched.has(client)) return
    const { query } = client
    watched.set(client, query)
    client.query = (...args) => {
      const [first] = args
      const { text, statements: together = [{ text }] } = (typeof first === 'string' ? { text: first } : first) as Sent
      statements.push(...together.map((one) => one.text))
      return first === 'commit' && !keep ? giveUp(query, client) : query.apply(client, args)
    }
  }
  // The product looks at the word that comes back, and is told the one it waits for.
  const giveUp = async (query: Query, client: object): Promise<object> => {
    const result = (await query.apply(client, ['rollback'])) as object
    return { ...result, command: 'COMMIT' }
  }
  pool.on('acquire', onAcquire)
  try {
    const result = await work()
    // An answer that failed at one field does not wait for the others.
    while (pool.idleCount < pool.totalCount || pool.waitingCount > 0) await new Promise((resolve) => setImmediate(resolve))
    return { statements, result }
  } finally {
    pool.off('acquire', onAcquire)
    for (const [client, query] of watched) client.query = query
  }
}
