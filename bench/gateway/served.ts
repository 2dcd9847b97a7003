// Apollo's gateway in a process: Apollo Server on a bare node server, without express, so as cheap as it can be had. EXECUTOR=compiled
// puts our executor in, TRANSPORT=undici another fetcher: what each alone saves. No rule, no limit, no audit in any of them.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { ApolloGateway, RemoteGraphQLDataSource, type GraphQLDataSource } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { Pool } from 'undici'
import { compileExecution } from '../../gateway/execution/executor.ts'

const { PORT, SUPERGRAPH = '', EXECUTOR, TRANSPORT } = process.env
process.env.APOLLO_TELEMETRY_DISABLED = 'true'

const pools = new Map<string, Pool>()
function overUndici(url: string): GraphQLDataSource {
  const { origin, pathname } = new URL(url)
  let pool = pools.get(origin)
  if (!pool) pools.set(origin, (pool = new Pool(origin, { connections: 32, pipelining: 1 })))
  return {
    async process({ request: { query, operationName, variables } }) {
      const { body } = await pool.request({
        method: 'POST',
        path: pathname,
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query, operationName, variables }),
      })
      return JSON.parse(await body.text())
    },
  }
}

const silent = { debug: () => undefined, info: () => undefined, warn: console.error, error: console.error }
const gateway = new ApolloGateway({
  supergraphSdl: await readFile(SUPERGRAPH, 'utf8'),
  logger: silent,
  buildService: ({ url = '' }) => (TRANSPORT === 'undici' ? overUndici(url) : new RemoteGraphQLDataSource({ url })),
})
let stockRan = 0
if (EXECUTOR === 'compiled') compileExecution(gateway, ({ executor }) => (stockRan += executor === 'stock' ? 1 : 0))
const server = new ApolloServer({ gateway, logger: silent, nodeEnv: 'production', stopOnTerminationSignals: false })
await server.start()

const http = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    void server.executeOperation(JSON.parse(Buffer.concat(chunks).toString()), {}).then(({ body }) => {
      const bytes = Buffer.from(JSON.stringify(body.kind === 'single' ? body.singleResult : {}))
      // A compiled gateway that leaves anything to stock measures nothing.
      response
        .writeHead(stockRan > 0 ? 500 : 200, { 'content-type': 'application/json', 'content-length': bytes.length })
        .end(bytes)
    })
  })
})
http.keepAliveTimeout = 60_000
http.listen(Number(PORT), '127.0.0.1', () => console.log('ready'))
process.once('SIGTERM', () => process.exit(0))
