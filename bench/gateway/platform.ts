// Our gateway as the platform serves it, with everything on: token, client's state, limits, cost, budgets, a scope on every field,
// masking, metrics, an audit record of every operation. Its subgraphs stand behind HTTP, or in this process (IN_PROCESS).
//
// What differs from `npm start` is what the benchmark shares with its peers: the three subgraphs, whose fields all carry a rule here, and
// the issuer of the tokens. Identity, client directory, budgets and audit are the platform's own database.
import { readFile } from 'node:fs/promises'
import { generateKeyPairSync } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Pool } from 'pg'
import { Registry } from 'prom-client'
import { createGateway } from '../../gateway/index.ts'
import { DEFAULT_LIMITS } from '../../gateway/limits/limits.ts'
import { createHttpTransport } from '../../gateway/transport/http.ts'
import { createInProcessTransport } from '../../gateway/transport/in-process.ts'
import type { SubgraphTransport } from '../../gateway/transport/transport.ts'
import { DocumentMemory } from '../../subgraphs/kernel/document-memory.ts'
import { createLog } from '../../subgraphs/kernel/log.ts'
import { assertAdmitted } from '../../subgraphs/kernel/viewer.ts'
import { openSdl, SUBGRAPH_NAMES, type BenchSubgraph } from './contract.ts'
import { schemaOf, touchedBy } from './data.ts'

const { PORT = '', SUBGRAPHS_PORT = '', SUPERGRAPH = '', DATABASE_URL, JWKS = '', IN_PROCESS } = process.env
const log = createLog({ level: 'warn' })
const { privateKey } = generateKeyPairSync('ed25519')
const now = (): Date => new Date()

/** A subgraph of ours as the kernel runs it, with plain data in the place of a database. */
function inProcess(name: BenchSubgraph): SubgraphTransport {
  const documents = new DocumentMemory(schemaOf(name, openSdl(name)))
  return createInProcessTransport(
    {
      name,
      async execute({ query, operationName, variables }, viewer) {
        assertAdmitted(viewer)
        const result = await documents.read(query).execute({ operationName, variables, context: {} })
        return { ...result, extensions: { touched: touchedBy(result.data) } }
      },
    },
    log,
  )
}

const behindHttp = (name: BenchSubgraph, index: number): SubgraphTransport =>
  createHttpTransport({ name, origin: `http://127.0.0.1:${Number(SUBGRAPHS_PORT) + 1 + index}`, signingKey: privateKey, now })

const gateway = await createGateway({
  supergraphSdl: await readFile(SUPERGRAPH, 'utf8'),
  transports: Object.fromEntries(
    SUBGRAPH_NAMES.map((name, index) => [name, IN_PROCESS ? inProcess(name) : behindHttp(name, index)]),
  ),
  accessPool: new Pool({ connectionString: DATABASE_URL, max: 4 }),
  publicUrl: `http://127.0.0.1:${PORT}`,
  jwks: async () => JSON.parse(JWKS),
  oauth: { paths: [], handle: () => undefined },
  knownDocuments: new Map(),
  limits: DEFAULT_LIMITS,
  corsOrigins: [],
  mode: 'sandbox',
  now,
  log,
  metrics: new Registry(),
  readiness: async () => undefined,
})
await gateway.listen(Number(PORT), '127.0.0.1')
console.log('ready')
// For who looks at the memory: what is left of it after a collection.
process.on('SIGUSR2', () => {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
})
process.once('SIGTERM', () => process.exit(0))
