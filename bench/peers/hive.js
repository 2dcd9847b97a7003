// Hive Gateway as its maintainers embed it: the runtime on a node server. PLANNER=rust takes the planner and executor of Hive Router.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime'

const { PORT, SUPERGRAPH, PLANNER } = process.env
const supergraph = await readFile(SUPERGRAPH, 'utf8')
const rust = PLANNER === 'rust' ? await import('@graphql-hive/router-runtime') : undefined

const gateway = createGatewayRuntime({
  supergraph,
  logging: false,
  landingPage: false,
  graphiql: false,
  maskedErrors: false,
  ...(rust && { unifiedGraphHandler: rust.unifiedGraphHandler }),
})
const server = createServer(gateway)
server.keepAliveTimeout = 60_000
server.listen(Number(PORT), '127.0.0.1', () => console.log('ready'))
process.once('SIGTERM', () => process.exit(0))
