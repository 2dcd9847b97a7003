// A gateway's process: Apollo Server on a bare node server, with the executor and the transport that are measured. No rule, no limit,
// no audit in any of them: what they cost is another question.
import { createServer } from 'node:http'
import { ApolloGateway, RemoteGraphQLDataSource, type GraphQLDataSource } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { Pool } from 'undici'
import { compileExecution } from '../../gateway/execution/executor.ts'
import { composeClassPage } from './contract.ts'

const { PORT, SUBGRAPHS_URL = '', EXECUTOR, TRANSPORT } = process.env
process.env.APOLLO_TELEMETRY_DISABLED = 'true'

const pool = new Pool(SUBGRAPHS_URL, { connections: 32, pipelining: 1 })
const ours = (name: string): GraphQLDataSource => ({
  async process({ request: { query, operationName, variables } }) {
    const { body } = await pool.request({
      method: 'POST',
      path: `/${name}`,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query, operationName, variables }),
    })
    return JSON.parse(await body.text())
  },
})

const silent = { debug: () => undefined, info: () => undefined, warn: console.error, error: console.error }
const gateway = new ApolloGateway({
  supergraphSdl: composeClassPage((name) => `${SUBGRAPHS_URL}/${name}`),
  logger: silent,
  buildService: ({ name, url }) => (TRANSPORT === 'undici' ? ours(name) : new RemoteGraphQLDataSource({ url })),
})
let stockRan = 0
if (EXECUTOR === 'compiled') compileExecution(gateway, (reason) => (stockRan += reason === null ? 0 : 1))
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
