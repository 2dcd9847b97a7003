// How long one turn of the event loop is while an answer of 5 MB is put together: CPU of this thread between one turn and the next, which
// says the same on a machine that others use, too.
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway'
import { createHash } from 'node:crypto'
import { execute, parse } from 'graphql'
import { compileExecution } from '../../gateway/execution/executor.ts'
import type { BytesSource } from '../../gateway/execution/ready/bytes-source.ts'
import { ReadyJson } from '../../gateway/execution/ready/ready-json.ts'
import { BIG_CLASS, compose, openSdl, type BenchSubgraph } from './contract.ts'
import { schemaOf } from './data.ts'

const WARM_UP = 5

/** Of each answer, its longest turn in milliseconds of CPU. */
export async function longestTurns(way: 'objects' | 'bytes', answers: number): Promise<number[]> {
  const bodies = new Map<string, Buffer>()
  let arrived: Promise<void> = Promise.resolve()

  async function answer(name: string, query: string, variables: Record<string, unknown>): Promise<Buffer> {
    const key = JSON.stringify([name, query, variables])
    let body = bodies.get(key)
    if (!body) {
      const schema = schemaOf(name as BenchSubgraph, openSdl(name as BenchSubgraph))
      body = Buffer.from(JSON.stringify(await execute({ schema, document: parse(query), variableValues: variables })))
      bodies.set(key, body)
    }
    // As from sockets: each in a turn of its own.
    arrived = arrived.then(() => new Promise<void>((resolve) => setImmediate(resolve)))
    await arrived
    return body
  }
  const sourceOf = (name: string): GraphQLDataSource | BytesSource => ({
    async process({ request: { query = '', variables = {} } }) {
      return JSON.parse((await answer(name, query, variables)).toString())
    },
    ...(way === 'bytes' && {
      async fetchBytes({ body }: { body: string }) {
        const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> }
        const bytes = await answer(name, query, variables)
        return { bytes, noteExtensions: () => undefined, read: () => JSON.parse(bytes.toString()) }
      },
    }),
  })
  const silent = { debug: () => undefined, info: () => undefined, warn: console.error, error: console.error }
  const supergraphSdl = compose(openSdl, (name) => `http://${name}`)
  const gateway = new ApolloGateway({ supergraphSdl, logger: silent, buildService: ({ name }) => sourceOf(name) })
  compileExecution(gateway, () => undefined)
  await gateway.load()
  const asked = {
    request: { query: BIG_CLASS },
    document: parse(BIG_CLASS),
    queryHash: createHash('sha256').update(BIG_CLASS).digest('hex'),
    metrics: {},
    context: {},
  } as unknown as Parameters<typeof gateway.executor>[0]

  const longest: number[] = []
  for (let count = 0; count < WARM_UP + answers; count++) {
    const turns: number[] = []
    const stop = watch(turns)
    const { data } = (await gateway.executor(asked)) as { data: unknown }
    const written = data instanceof ReadyJson ? data.answer(undefined) : Buffer.from(JSON.stringify({ data }))
    if (written.length < 5_000_000 || data instanceof ReadyJson !== (way === 'bytes')) throw new Error('another answer')
    await stop()
    longest.push(Math.max(...turns))
  }
  await gateway.stop()
  return longest.slice(WARM_UP)
}

function watch(into: number[]): () => Promise<void> {
  let before = process.threadCpuUsage()
  let watching = true
  const ended = new Promise<void>((resolve) => {
    const look = (): void => {
      const { user, system } = process.threadCpuUsage(before)
      before = process.threadCpuUsage()
      into.push((user + system) / 1_000)
      if (watching) setImmediate(look)
      else resolve()
    }
    setImmediate(look)
  })
  return () => {
    watching = false
    return ended
  }
}
