// The gateway, wired: the only public door of the platform.
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { JSONWebKeySet } from 'jose'
import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { createHttpServer, drain, requestIdFrom, type HttpTimeouts } from '../subgraphs/kernel/http.ts'
import { describeFault } from '../subgraphs/kernel/masking.ts'
import { uuidv7 } from '../subgraphs/kernel/uuid.ts'
import { createAccessDatabase } from './access-database.ts'
import { createAuditLog } from './audit.ts'
import { createBackoff, type Backoff } from './backoff.ts'
import { DocumentCounts } from './documents/document-counts.ts'
import { DocumentLists } from './documents/document-lists.ts'
import { PreparedDocuments } from './documents/prepared-documents.ts'
import { createDocuments } from './documents/resolve-document.ts'
import { createCors } from './http/cors.ts'
import { createAccessExplainer, type ExplainAccess } from './explain/explain-access.ts'
import { createGatewaySubgraph } from './explain/subgraph.ts'
import { BODY_LIMIT, describeConversation, mountGraphQL } from './http/graphql-route.ts'
import { mountOAuth, type OAuthDoor } from './http/oauth.ts'
import { createOperationChecker } from './limits/check-operation.ts'
import type { Limits } from './limits/limits.ts'
import { createDoorMetrics } from './observe/metrics.ts'
import { observeRequests } from './observe/requests.ts'
import { mountObservation } from './observe/routes.ts'
import { startExecutor } from './operation/execute-operation.ts'
import { createOperationRunner } from './operation/run-operation.ts'
import { readChangesRights } from './rules/changes-rights.ts'
import { fieldsWithoutRule, readAccessRules } from './rules/supergraph-rules.ts'
import { openSupergraph } from './supergraph.ts'
import { createBucketStore } from './throttle/bucket-store.ts'
import { DEFAULT_BUDGETS, type Budgets } from './throttle/budgets.ts'
import { createRecordNamer } from './throttle/named-record.ts'
import { createOperationClassifier } from './throttle/operation-class.ts'
import { createThrottle } from './throttle/throttle.ts'
import { createInProcessTransport } from './transport/in-process.ts'
import type { SubgraphTransports } from './transport/transport.ts'
import { createAuthenticator } from './viewer/authenticate.ts'
import { createProofCheck } from './viewer/proof.ts'
import { ClientDirectory } from './viewer/client-directory.ts'
import { TokenVerifier } from './viewer/token.ts'

export type { OAuthDoor } from './http/oauth.ts'

export interface GatewayDependencies {
  readonly supergraphSdl: string
  /** Every subgraph of the supergraph must be here. The gateway closes them when it closes. */
  readonly transports: SubgraphTransports
  /** Under the role `lt_gateway`: may execute access.resolve_bearer, append_audit and take_cost, and listen. Not closed by the gateway. */
  readonly accessPool: Pool
  /** Public address without a trailing slash: issuer of the tokens; their audience is `${publicUrl}/graphql`. */
  readonly publicUrl: string
  readonly jwks: () => Promise<JSONWebKeySet>
  readonly oauth: OAuthDoor
  /** The platform's own documents, which any application may ask for by the SHA-256 of their text (hexadecimal) unless its list is enforced. */
  readonly knownDocuments: ReadonlyMap<string, string>
  readonly limits: Limits
  /** What holds where `access.cost_budget` says nothing else. */
  readonly budgets?: Budgets
  readonly corsOrigins: readonly string[]
  /** Proxies of our own before this door, each of which adds to X-Forwarded-For. None by default: then nobody's word is taken. */
  readonly proxyHops?: number
  /** Registered under `/explorer`. */
  readonly explorer?: FastifyPluginAsync
  readonly mode: 'sandbox' | 'production'
  readonly now: () => Date
  readonly log: Logger
  readonly metrics: Registry
  /** Rejects while the platform cannot serve. */
  readonly readiness: () => Promise<void>
  /** Longest run of one operation; below the lifetime of a signed viewer. */
  readonly operationTimeoutMs?: number
  readonly httpTimeouts?: HttpTimeouts
  /** How long uses of documents are counted before the database is told. */
  readonly countDocumentsEveryMs?: number
  /** How the connection that tells of changed grants comes back. */
  readonly backoff?: Backoff
}

export interface Gateway {
  readonly app: FastifyInstance
  /** Answers the address that is listened on. Port 0 takes a free one. */
  listen(port: number, host: string): Promise<string>
  /** Takes no new work, lets the running operations end, writes their audit, then closes. */
  close(): Promise<void>
}

const OPERATION_TIMEOUT_MS = 30_000
const DRAIN_PATIENCE_MS = 15_000

export async function createGateway(dependencies: GatewayDependencies): Promise<Gateway> {
  const { supergraphSdl, accessPool, publicUrl, jwks, knownDocuments, limits, mode, now, log } = dependencies
  const { operationTimeoutMs = OPERATION_TIMEOUT_MS, httpTimeouts, backoff = createBackoff() } = dependencies
  let draining = false

  // What the gateway explains about an operation it knows only once the supergraph is open, which asks for its transports first.
  let explain: ExplainAccess
  const own = createInProcessTransport(
    createGatewaySubgraph((...asked) => explain(...asked)),
    log,
  )
  const transports: SubgraphTransports = { ...dependencies.transports, gateway: own }
  const supergraph = openSupergraph(supergraphSdl, transports, log)
  const rules = readAccessRules(supergraph.document)
  const metrics = createDoorMetrics(dependencies.metrics)
  const executor = await startExecutor(supergraph, rules, metrics, log)
  const unruled = fieldsWithoutRule(executor.apiSchema, rules)
  if (unruled.length > 0) log.error({ fields: unruled }, 'fields without a rule are refused')

  const database = createAccessDatabase(accessPool, (error) =>
    log.warn({ fault: describeFault(error) }, 'database cannot be reached'),
  )
  const lists = new DocumentLists({ database, listening: () => clients.listening })
  const clients: ClientDirectory = new ClientDirectory({
    pool: accessPool,
    database,
    backoff,
    log,
    onDocuments: (applicationId) => lists.forget(applicationId),
  })
  const tokens = new TokenVerifier({ issuer: publicUrl, audience: `${publicUrl}/graphql`, jwks, now })
  const audit = createAuditLog(database, now)
  const throttle = createThrottle({
    budgets: dependencies.budgets ?? DEFAULT_BUDGETS,
    take: createBucketStore(database, now),
    now,
  })
  const check = createOperationChecker({ schema: executor.apiSchema, costModel: supergraph.costModel, limits })
  const prepared = new PreparedDocuments({ schema: executor.apiSchema, costModel: supergraph.costModel, limits })
  const counts = new DocumentCounts({ database, now, log, everyMs: dependencies.countDocumentsEveryMs })
  const documents = createDocuments({
    lists,
    prepared,
    counts,
    ownDocuments: knownDocuments,
    database,
    isSandbox: mode === 'sandbox',
    counted: metrics.document,
    now,
    log,
  })
  const classify = createOperationClassifier(rules)
  explain = createAccessExplainer({ apiSchema: executor.apiSchema, rules, check, limits, classify, throttle, log })

  const app = createHttpServer({
    log,
    bodyLimit: BODY_LIMIT,
    timeouts: httpTimeouts,
    requestIdOf: (request) => requestIdFrom(request, () => uuidv7(now())),
  })
  observeRequests(app, log, describeConversation)
  mountObservation(app, { metrics: dependencies.metrics, readiness: dependencies.readiness, isDraining: () => draining })
  mountGraphQL(app, {
    authenticate: createAuthenticator({
      tokens,
      clients,
      checkProof: createProofCheck({ database, endpoint: `${publicUrl}/graphql`, now, log }),
      mode,
    }),
    run: createOperationRunner({
      documents,
      check,
      throttle,
      classify,
      nameRecord: createRecordNamer(executor.apiSchema),
      execute: executor.execute,
      appendAudit: audit.append,
      changesRights: readChangesRights(supergraph.document),
      rightsCaughtUp: () => clients.caughtUp(),
      metrics,
      log,
      timeoutMs: operationTimeoutMs,
    }),
    cors: createCors(dependencies.corsOrigins),
    metrics,
    log,
  })
  const oauth = mountOAuth(app, dependencies.oauth, {
    publicUrl,
    proxyHops: dependencies.proxyHops ?? 0,
    rightsCaughtUp: () => clients.caughtUp(),
    log,
  })
  if (dependencies.explorer) void app.register(dependencies.explorer, { prefix: '/explorer' })
  await app.ready()
  clients.start()

  return {
    app,
    listen: (port, host) => app.listen({ port, host }),
    close: async () => {
      draining = true
      await drain(app, DRAIN_PATIENCE_MS)
      await audit.flushed()
      await counts.told()
      await Promise.all([
        executor.stop(),
        clients.close(),
        oauth.close(),
        ...Object.values(transports).map((transport) => transport.close()),
      ])
    },
  }
}
