// The explorer at /explorer: GraphiQL from our own address, asking as any party of the sandbox. Sandbox only.
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import type { Sandbox, SandboxParty } from '../../platform/sandbox/parties.ts'
import { fetchToken, TokenError } from '../../sdk/token.ts'
import { ASSETS, createBundle, type Asset } from './bundle.ts'
import { readExamples } from './examples.ts'
import { contentSecurityPolicy, renderPage } from './page-html.ts'
import { comesFromOwnPage, ownOrigins } from './same-origin.ts'
import type { ExplorerParty, ExplorerRefusal, ExplorerSession, ExplorerToken } from './session.ts'

export interface ExplorerOptions {
  readonly sandbox: Sandbox
  /** Holds sandbox.json, the parties' keys and, from the first visit on, the page's bundle. */
  readonly dataDir: string
  readonly now?: () => Date
  /** Says no where somebody wires it into production: a page that signs for others has no business there. */
  readonly production?: boolean
}

const FOREVER = 'public, max-age=31536000, immutable'
const MEDIA: Readonly<Record<Asset, string>> = {
  'app.js': 'text/javascript; charset=utf-8',
  'app.css': 'text/css; charset=utf-8',
}

const told = ({ clientId, name, role, scopes, schools }: SandboxParty): ExplorerParty => ({
  clientId,
  name,
  role,
  scopes,
  schools: schools.map((school) => ({ code: school.code, name: school.name, scopes: school.scopes })),
})

const vietnamDay = (now: Date): string => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' }).format(now)

export async function createExplorer({
  sandbox,
  dataDir,
  now = () => new Date(),
  production = false,
}: ExplorerOptions): Promise<FastifyPluginAsync> {
  if (production) throw new Error('The explorer signs in the name of the sandbox parties; production has no explorer.')
  const [bundle, examples] = await Promise.all([createBundle(join(dataDir, 'explorer')), readExamples()])
  const origins = ownOrigins(sandbox.explorer)
  const base = new URL(sandbox.explorer).pathname.replace(/\/$/, '')
  const parties = sandbox.parties.map(told)
  const assets = new Map<string, Asset>(Object.values(ASSETS).map((asset) => [asset.replace('.', `-${bundle.hash}.`), asset]))

  const refuse = (reply: FastifyReply, status: number, refusal: ExplorerRefusal): FastifyReply => reply.code(status).send(refusal)

  return async (app) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply
        .header('cache-control', 'no-store')
        .header('x-content-type-options', 'nosniff')
        .header('referrer-policy', 'no-referrer')
        .header('cross-origin-opener-policy', 'same-origin')
        .header('cross-origin-resource-policy', 'same-origin')
    })

    app.get('/', async (_request, reply) => {
      const nonce = randomBytes(16).toString('base64')
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', contentSecurityPolicy(nonce))
        .send(renderPage({ base, hash: bundle.hash, nonce }))
    })

    app.get<{ Params: { name: string } }>('/assets/:name', async (request, reply) => {
      const asset = assets.get(request.params.name)
      if (!asset) return reply.callNotFound()
      const compressed = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
      const contents = await bundle.read(asset, compressed).catch((error: unknown) => {
        request.log.error({ reason: String(error) }, 'the explorer cannot be bundled; are the development packages installed?')
        return undefined
      })
      if (!contents)
        return reply
          .code(503)
          .type('text/plain; charset=utf-8')
          .send('The explorer could not be built. Install all packages: npm ci')
      if (compressed) reply.header('content-encoding', 'gzip')
      return reply.type(MEDIA[asset]).header('cache-control', FOREVER).header('vary', 'accept-encoding').send(contents)
    })

    app.get('/session', async (): Promise<ExplorerSession> => {
      return { graphql: new URL(sandbox.graphql).pathname, token: `${base}/token`, today: vietnamDay(now()), parties, examples }
    })

    app.post<{ Body: unknown }>(
      '/token',
      {
        bodyLimit: 1_024,
        onRequest: async (request, reply) => {
          if (comesFromOwnPage(request.headers, origins)) return
          return refuse(reply, 403, {
            error: 'foreign_origin',
            message: `Only the explorer's own page gets tokens here. Open it at ${sandbox.explorer}.`,
            messageVi: `Chỉ trang của trình khám phá được xin mã truy cập ở đây. Hãy mở trang tại ${sandbox.explorer}.`,
          })
        },
      },
      async (request, reply): Promise<ExplorerToken | FastifyReply> => {
        const { clientId } = (request.body ?? {}) as { clientId?: unknown }
        const party = sandbox.parties.find((candidate) => candidate.clientId === clientId)
        if (!party) {
          return refuse(reply, 404, {
            error: 'unknown_party',
            message: 'The sandbox has no such party.',
            messageVi: 'Hộp cát không có bên này.',
          })
        }
        try {
          const { accessToken, expiresIn, scope } = await fetchToken({
            tokenEndpoint: sandbox.tokenEndpoint,
            issuer: sandbox.issuer,
            clientId: party.clientId,
            privateKey: await readFile(join(dataDir, party.privateKeyFile), 'utf8'),
            now,
          })
          return { accessToken, expiresIn, scopes: scope.split(' ').filter(Boolean) }
        } catch (error) {
          const passing = error instanceof TokenError && error.status === 503
          request.log.warn({ reason: error instanceof TokenError ? error.error : String(error) }, 'the explorer got no token')
          return refuse(reply, passing ? 503 : 502, {
            error: error instanceof TokenError ? error.error : 'server_error',
            message: error instanceof TokenError ? error.message : 'The token endpoint could not be asked.',
            messageVi: 'Chưa lấy được mã truy cập. Hãy thử lại, hoặc khởi động lại nền tảng.',
          })
        }
      },
    )
  }
}
