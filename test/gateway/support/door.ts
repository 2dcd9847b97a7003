// A gateway with its door open on a free port, parties with keys and tokens, and the ways to knock.
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { exportJWK, SignJWT, type CryptoKey, type KeyObject } from 'jose'
import pg, { type QueryResultRow } from 'pg'
import { Registry } from 'prom-client'
import { createBackoff } from '../../../gateway/backoff.ts'
import { createGateway, type Gateway, type GatewayDependencies } from '../../../gateway/index.ts'
import { DEFAULT_LIMITS } from '../../../gateway/limits/limits.ts'
import type { CostReport } from '../../../gateway/throttle/throttle.ts'
import { createLog } from '../../../subgraphs/kernel/log.ts'
import { createInProcessTransport } from '../../../gateway/transport/in-process.ts'
import type { TestDatabase } from '../../testkit/database.ts'
import { buildSmallHouse, type SmallHouse } from './subgraphs.ts'

export const ALL_SCOPES = [
  'school.read',
  'school.write',
  'student.basic.read',
  'staff.read',
  'guardian.contact.read',
  'gradebook.read',
]

export interface TokenWishes {
  readonly clientId?: string
  readonly scope?: string
  readonly audience?: string
  readonly issuer?: string
  readonly typ?: string
  /** Seconds from now. */
  readonly expiresIn?: number
  readonly claims?: Record<string, unknown>
  readonly key?: KeyObject | CryptoKey
  readonly alg?: string
}

export interface Door {
  readonly gateway: Gateway
  readonly url: string
  readonly house: SmallHouse
  readonly log: string[]
  readonly metrics: Registry
  readonly pool: pg.Pool
  token(wishes?: TokenWishes): Promise<string>
  /** POSTs a document with a token that holds every scope, unless told otherwise. */
  ask(
    query: unknown,
    options?: {
      variables?: unknown
      operationName?: string
      token?: string | null
      headers?: Record<string, string>
      signal?: AbortSignal
    },
  ): Promise<Told>
  close(): Promise<void>
}

export interface Told {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: {
    data?: Record<string, unknown> | null
    errors?: { message: string; path?: unknown[]; extensions: Record<string, unknown> & { code: string } }[]
    extensions?: { cost: CostReport }
  }
  readonly codes: string[]
}

const issuerKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const STRANGER_KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

export async function told(response: Response): Promise<Told> {
  const text = await response.text()
  const body = /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : {}
  return {
    status: response.status,
    headers: response.headers,
    text,
    body,
    codes: (body.errors ?? []).map((error: Told['body']['errors'] & { extensions: { code: string } }) => error.extensions.code),
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export interface DoorWishes extends Partial<GatewayDependencies> {
  readonly house?: SmallHouse
  /** Another way to the database, as over a cable. */
  readonly databaseUrl?: string
  readonly poolSize?: number
}

export async function openDoor(database: TestDatabase, wishes: DoorWishes = {}): Promise<Door> {
  const { house = buildSmallHouse(), databaseUrl = database.urlOf('gateway'), poolSize = 4, ...more } = wishes
  const port = await freePort()
  const publicUrl = `http://127.0.0.1:${port}`
  const log: string[] = []
  const logger = createLog({ level: 'debug', destination: { write: (line: string) => void log.push(line) } })
  const pool = new pg.Pool({ connectionString: databaseUrl, max: poolSize, connectionTimeoutMillis: 2_000 })
  const metrics = new Registry()
  const jwk = { ...(await exportJWK(issuerKeys.publicKey)), kid: 'issuer', alg: 'ES256', use: 'sig' }
  const gateway = await createGateway({
    supergraphSdl: house.supergraphSdl,
    transports: {
      schools: createInProcessTransport(house.schools, logger),
      gradebook: createInProcessTransport(house.gradebook, logger),
    },
    accessPool: pool,
    publicUrl,
    jwks: async () => ({ keys: [jwk] }),
    oauth: { paths: [], handle: () => undefined },
    knownDocuments: new Map(),
    limits: DEFAULT_LIMITS,
    corsOrigins: [],
    mode: 'sandbox',
    now: () => new Date(),
    log: logger,
    metrics,
    readiness: async () => undefined,
    backoff: createBackoff({ first: 20, most: 100 }),
    ...more,
  })
  await gateway.listen(port, '127.0.0.1')
  const url = `${publicUrl}/graphql`

  async function token({
    clientId = 'smas',
    scope = ALL_SCOPES.join(' '),
    audience = url,
    issuer = publicUrl,
    typ = 'at+jwt',
    expiresIn = 300,
    claims = {},
    key = issuerKeys.privateKey,
    alg = 'ES256',
  }: TokenWishes = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1_000)
    return new SignJWT({ sub: clientId, client_id: clientId, scope, ...claims })
      .setProtectedHeader({ alg, typ, kid: 'issuer' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(now - 600)
      .setExpirationTime(now + expiresIn)
      .sign(key)
  }

  return {
    gateway,
    url,
    house,
    log,
    metrics,
    pool,
    token,
    async ask(query, { variables, operationName, token: given, headers = {}, signal } = {}) {
      const bearer = given === undefined ? await token() : given
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json',
          ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
          ...headers,
        },
        body: JSON.stringify({ query, variables, operationName }),
        signal,
      })
      return told(response)
    },
    async close() {
      await gateway.close()
      await pool.end()
    },
  }
}

/** Writes a client as identity would publish it. */
export async function putClient(
  database: TestDatabase,
  clientId: string,
  wishes: { scopes?: readonly string[]; status?: string; environment?: string } = {},
): Promise<void> {
  const { scopes = ALL_SCOPES, status = 'ACTIVE', environment = 'SANDBOX' } = wishes
  await database.sql(
    `insert into access.client (client_id, application_id, display_name, environment, scopes, status, jwks, updated_at)
     values ($1, gen_random_uuid(), $2, $3, $4, $5, '{"keys":[]}', now())
     on conflict (client_id) do update
     set scopes = excluded.scopes, status = excluded.status, environment = excluded.environment, grant_version = access.client.grant_version + 1`,
    [clientId, `Ứng dụng ${clientId}`, environment, scopes, status],
  )
}

/** Tells the gateways, as identity does in the transaction of the change. */
export async function tellGrantsChanged(database: TestDatabase, clientId: string): Promise<void> {
  await database.sql(`select pg_notify('lt_grants', $1)`, [clientId])
}

export interface AuditRow {
  readonly request_id: string
  readonly client_id: string
  readonly operation_name: string | null
  readonly operation_kind: string
  readonly fields: string[]
  readonly schools: string[]
  readonly student_count: number
  readonly outcome: string
  readonly error_codes: string[]
}

export async function auditOf(database: TestDatabase, requestId: string): Promise<AuditRow[]> {
  return database.sql<AuditRow & QueryResultRow>('select * from access.audit_event where request_id = $1 order by id', [
    requestId,
  ])
}
