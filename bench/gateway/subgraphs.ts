// The subgraphs' process: answers a body for the first time by execution, every later time with the same bytes.
//
// On PORT for everybody: /schools … , and /v1/schools … in Federation 1. On the three ports after it one subgraph each at /graphql, as
// the platform's own transport asks them; these add what the audit is told.
import { createServer, type RequestListener } from 'node:http'
import { execute, parse, type GraphQLSchema } from 'graphql'
import { firstSdl, openSdl, SUBGRAPH_NAMES } from './contract.ts'
import { schemaOf, touchedBy } from './data.ts'

const port = Number(process.env.PORT)
/** Where every request differs, its answer is not kept. */
const MOST_STORED = Number(process.env.STORED ?? 10_000)
const schemas = new Map<string, GraphQLSchema>()
for (const name of SUBGRAPH_NAMES) {
  schemas.set(`/${name}`, schemaOf(name, openSdl(name)))
  schemas.set(`/v1/${name}`, schemaOf(name, firstSdl(name)))
}

function replay(schemaAt: (path: string) => GraphQLSchema, tellsAudit = false): RequestListener {
  const stored = new Map<string, Buffer>()
  return (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const key = `${request.url}\n${text}`
      const answer = (bytes: Buffer): void => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length }).end(bytes)
      }
      const known = stored.get(key)
      if (known) return answer(known)
      const { query, variables } = JSON.parse(text) as { query: string; variables?: Record<string, unknown> }
      const executed = execute({ schema: schemaAt(request.url!), document: parse(query), variableValues: variables ?? {} })
      void Promise.resolve(executed).then((result) => {
        const bytes = Buffer.from(
          JSON.stringify(tellsAudit ? { ...result, extensions: { touched: touchedBy(result.data) } } : result),
        )
        if (stored.size < MOST_STORED) stored.set(key, bytes)
        answer(bytes)
      })
    })
  }
}

const servers = [
  createServer(replay((path) => schemas.get(path)!)),
  ...SUBGRAPH_NAMES.map((name) => createServer(replay(() => schemas.get(`/${name}`)!, true))),
]
await Promise.all(
  servers.map((server, index) => {
    server.keepAliveTimeout = 60_000
    return new Promise<void>((resolve) => server.listen(port + index, '127.0.0.1', resolve))
  }),
)
console.log('ready')
process.once('SIGTERM', () => process.exit(0))
