// The platform with walls left out, for `bench/walls.ts` alone: the same subgraphs, planner and executor, put together anew from their
// parts. No switch of the product turns a wall off. WALLS names those that stay: `database`, `shield`, both or none; the door is
// always missing.
import { hash } from 'node:crypto'
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { parse, type OperationDefinitionNode } from 'graphql'
import { Pool, type QueryResultRow } from 'pg'
import { startExecutor, type MeasuredDocument } from '../gateway/operation/execute-operation.ts'
import { OperationContext } from '../gateway/operation/operation-context.ts'
import { readAccessRules } from '../gateway/rules/supergraph-rules.ts'
import { openSupergraph } from '../gateway/supergraph.ts'
import { createInProcessTransport } from '../gateway/transport/in-process.ts'
import { createGatewaySubgraph } from '../gateway/explain/subgraph.ts'
import { MODULES } from '../platform/modules.ts'
import { SUPERGRAPH } from '../platform/runtime/gateway.ts'
import { openSubgraph } from '../platform/runtime/subgraph.ts'
import { readSubgraphSecrets } from '../platform/secrets.ts'
import { Loaders, Touched, type SubgraphContext } from '../subgraphs/kernel/context.ts'
import type { Database, Opening, Transaction } from '../subgraphs/kernel/database.ts'
import { DocumentMemory } from '../subgraphs/kernel/document-memory.ts'
import { createLog } from '../subgraphs/kernel/log.ts'
import { sendTogether } from '../subgraphs/kernel/one-message.ts'
import { buildSubgraph, createSubgraph, SUBGRAPH_NAMES, type Subgraph, type SubgraphName } from '../subgraphs/kernel/subgraph.ts'
import type { Scope } from '../subgraphs/kernel/scopes.ts'
import type { Viewer } from '../subgraphs/kernel/viewer.ts'

const { DATABASE_URL: databaseUrl = '', SECRETS_DIR: secretsDir = '', CLIENT_ID: clientId = '' } = process.env
const walls = new Set((process.env.WALLS ?? '').split(',').filter(Boolean))
const log = createLog({ level: 'error' })
const now = (): Date => new Date()

const superuser = new Pool({ connectionString: databaseUrl, max: 20 })
const { rows: schools } = await superuser.query<{ id: string }>('select school_id as id from schools.school')
const everySchool = schools.map(({ id }) => id)

const { rows: clients } = await superuser.query<{ applicationId: string; vendorId: string; scopes: Scope[] }>(
  `select application_id as "applicationId", vendor_id as "vendorId", scopes from access.resolve_bearer($1, null, '{}')`,
  [clientId],
)
const { applicationId, vendorId, scopes } = clients[0]!
/** Transactions and prepared statements as the product has them; nobody asks who opens which school, and no policy is met. */
async function inTransaction<T>(
  _: SubgraphContext,
  { schools: asked }: Opening,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const client = await superuser.connect()
  try {
    // The views by which subgraphs read each other belong to an owner who stands under the policies too: that part of the wall stays.
    await client.query(
      `begin read only; set local lt.schools = '{${(asked ?? everySchool).join(',')}}'; set local lt.application = '${applicationId}'`,
    )
    const query: Transaction['query'] = async (text, values) =>
      (await client.query({ name: nameOf(text), text, values: values as unknown[] })).rows
    const result = await work({ schools: asked ?? everySchool, query })
    await client.query('commit')
    return result
  } finally {
    client.release()
  }
}
/** In one message, as the product reads. */
const SET = `select set_config('transaction_read_only', 'on', true), set_config('plan_cache_mode', 'force_generic_plan', true), set_config('lt.schools', $1::uuid[]::text, true), set_config('lt.application', $2, true)`
async function readTogether<R extends QueryResultRow>(
  asked: readonly string[],
  text: string,
  values: readonly unknown[],
): Promise<{ schools: readonly string[]; rows: R[] }> {
  const client = await superuser.connect()
  try {
    const set = { name: nameOf(SET), text: SET, values: [asked, applicationId] }
    const [, rows] = await sendTogether(client, [set, { name: nameOf(text), text, values }])
    return { schools: asked, rows: rows as R[] }
  } finally {
    client.release()
  }
}
const names = new Map<string, string>()
function nameOf(text: string): string {
  const name = names.get(text) ?? `s${names.size}`
  names.set(text, name)
  return name
}
const openDatabase: Database = {
  read: inTransaction,
  readRows: (_, { schools: asked }, { text, values }) => readTogether(asked, text, values(asked)),
  readOpen: async (_, _scope, text, values) => (await readTogether(everySchool, text, values)).rows as never[],
  write: inTransaction,
  ping: async () => undefined,
}

/** The subgraph's schema with no shield around it and no tree evaluated. */
function unshielded(name: SubgraphName, database: Database, cursorKey: string): Pick<Subgraph, 'name' | 'execute'> {
  const { schema } = buildSubgraph(MODULES[name].definition)
  const documents = new DocumentMemory(schema)
  return {
    name,
    async execute({ query, operationName, variables }, viewer) {
      const touched = new Touched()
      const context: SubgraphContext = { viewer, database, touched, now, cursorKey, loaders: new Loaders(() => context) }
      return documents.read(query).execute({ operationName, variables, context })
    },
  }
}

const transports = Object.fromEntries(
  await Promise.all(
    SUBGRAPH_NAMES.map(async (name) => {
      const secrets = await readSubgraphSecrets(secretsDir, name)
      const database = walls.has('database')
        ? (await openSubgraph({ name, databaseUrl, secrets, poolSize: 4, now, log })).storage.database
        : openDatabase
      const { definition } = MODULES[name]
      const subgraph = walls.has('shield')
        ? createSubgraph(definition, { database, now, cursorKey: secrets.cursorKey })
        : unshielded(name, database, secrets.cursorKey)
      return [name, createInProcessTransport(subgraph, log)] as const
    }),
  ),
)
const gateway = createInProcessTransport(
  createGatewaySubgraph(() => {
    throw new Error('nothing is explained here')
  }),
  log,
)
const supergraph = openSupergraph(await readFile(SUPERGRAPH, 'utf8'), { ...transports, gateway }, log)
const nothingNeeded = new Map([...readAccessRules(supergraph.document).keys()].map((field) => [field, { anyOf: [[]] }]))
const { execute: run } = await startExecutor(supergraph, nothingNeeded, { executed: () => undefined }, log)

const viewer = (operationHash: string): Viewer => ({
  clientId,
  applicationId,
  vendorId,
  accountId: null,
  role: null,
  authorityId: null,
  displayName: clientId,
  scopes,
  environment: 'SANDBOX',
  grantVersion: 1,
  requestId: 'bench',
  operationName: null,
  operationHash,
  idempotencyKey: null,
})

// Parsed once, as behind the door, and not measured.
const parsed = new Map<string, MeasuredDocument>()
function documentOf(source: string): MeasuredDocument {
  let known = parsed.get(source)
  if (!known) {
    const document = parse(source)
    parsed.set(source, (known = { document, operation: document.definitions[0] as OperationDefinitionNode }))
  }
  return known
}

createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString()) as {
      query: string
      variables: Record<string, unknown>
    }
    const asked = {
      source: query,
      operationName: null,
      variables,
      idempotencyKey: null,
      requestId: 'bench',
      readsOnly: false,
    }
    run(asked, documentOf(query), new OperationContext(viewer(hash('sha256', query)), new AbortController().signal)).then(
      ({ data, errors }) =>
        response.setHeader('content-type', 'application/json').end(JSON.stringify(errors ? { errors, data } : { data })),
      (error: Error) => response.writeHead(500).end(error.message),
    )
  })
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('unwalled platform ready'))
