// The public door: each check in front of the more expensive one behind it, and nobody without a token gets as far as a body.
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { PlatformError, type ErrorCode } from '../../subgraphs/kernel/errors.ts'
import { publicError } from '../../subgraphs/kernel/masking.ts'
import type { DoorMetrics } from '../observe/metrics.ts'
import type { OperationRequest, WhenLeft } from '../operation/run-operation.ts'
import type { Answer } from '../operation/shape-answer.ts'
import type { Credentials } from '../viewer/authenticate.ts'
import { sendAnswer, sendRefusal } from './answer.ts'
import type { Cors } from './cors.ts'
import { negotiateMediaType, type MediaType } from './negotiate.ts'
import {
  assertJsonBody,
  assertPreflighted,
  readGetAddress,
  readIdempotencyKey,
  readPostBody,
  type GraphQLParameters,
} from './request-form.ts'

export const BODY_LIMIT = 1_048_576

/** As far as the form of a conversation goes, who asks is a name in the log. */
export interface Caller {
  readonly clientId: string
}

export interface GraphQLRouteOptions<Party extends Caller> {
  readonly authenticate: (credentials: Credentials) => Promise<Party>
  readonly run: (request: OperationRequest, party: Party, whenLeft: WhenLeft) => Promise<Answer>
  readonly cors: Cors
  readonly metrics: DoorMetrics
  readonly log: Logger
}

/** What the checks have found out about a request so far. */
interface Conversation {
  media: MediaType
  party: Caller | undefined
  idempotencyKey: string | null
  code: string
}

const conversations = new WeakMap<FastifyRequest, Conversation>()

/** For the log: whose request it was, and how it ended. Nothing for other routes. */
export function describeConversation(request: FastifyRequest): { readonly clientId?: string; readonly code?: string } {
  const { party, code } = conversations.get(request) ?? {}
  return { ...(party && { clientId: party.clientId }), ...(code && { code }) }
}

export function mountGraphQL<Party extends Caller>(app: FastifyInstance, options: GraphQLRouteOptions<Party>): void {
  const { authenticate, run, cors, metrics, log } = options

  async function greet(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const conversation: Conversation = { media: 'application/json', party: undefined, idempotencyKey: null, code: 'OK' }
    conversations.set(request, conversation)
    cors(request, reply)
    reply.header('cache-control', 'no-store')
    if (request.method === 'OPTIONS') return
    const media = negotiateMediaType(request.headers.accept)
    if (!media) throw new PlatformError('NOT_ACCEPTABLE')
    conversation.media = media
    if (request.method === 'POST') assertJsonBody(request.headers)
    else if (request.method !== 'GET') throw new PlatformError('METHOD_NOT_ALLOWED')
    assertPreflighted(request.headers)
    conversation.idempotencyKey = readIdempotencyKey(request.headers)
    conversation.party = await authenticate({
      authorization: request.headers.authorization,
      // Sent twice, Node joins them with a comma, and that is no proof.
      proof: request.headers.dpop?.toString(),
      method: request.method,
    })
  }

  async function answer(request: FastifyRequest, reply: FastifyReply, parameters: GraphQLParameters): Promise<FastifyReply> {
    const conversation = conversations.get(request)
    if (!conversation?.party) throw new PlatformError('UNAUTHENTICATED')
    const { party, idempotencyKey, media } = conversation
    const operation: OperationRequest = {
      ...parameters,
      idempotencyKey,
      requestId: request.id,
      readsOnly: request.method === 'GET',
      askedMode: request.headers['x-document-mode']?.toString() ?? null,
    }
    const result = await run(operation, party as Party, leavingOf(reply))
    conversation.code = result.code
    return sendAnswer(reply, result, media)
  }

  void app.register((door, _options, registered) => {
    door.removeAllContentTypeParsers()
    door.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, parsed) =>
      parsed(null, body),
    )
    door.addHook('onRequest', greet)
    door.addHook('onResponse', (request, _reply, done) => {
      const { code = 'INTERNAL' } = conversations.get(request) ?? {}
      if (request.method !== 'OPTIONS') metrics.counted(code)
      done()
    })
    door.setErrorHandler((error, request, reply) => {
      const conversation = conversations.get(request)
      const requestLog = log.child({ requestId: request.id })
      const told = publicError(refusalOfFramework(error) ?? error, requestLog)
      if (conversation) conversation.code = told.extensions.code
      return sendRefusal(reply, told, conversation?.media ?? 'application/json')
    })

    // Fastify would make a log for each request; nobody here writes to it.
    const childLoggerFactory = (ours: FastifyBaseLogger): FastifyBaseLogger => ours
    door.post('/graphql', { childLoggerFactory }, (request, reply) => answer(request, reply, readPostBody(bodyOf(request))))
    door.get('/graphql', async (request, reply) =>
      answer(request, reply, readGetAddress(request.query as Record<string, unknown>)),
    )
    door.options('/graphql', async (_request, reply) => reply.code(204).send())
    // Never reached: greeting refuses the method. Fastify would call the path unknown instead.
    door.route({
      method: ['HEAD', 'PUT', 'PATCH', 'DELETE'],
      url: '/graphql',
      handler: async (_request, reply) => reply.code(405).send(),
    })
    registered()
  })
}

/** No abort signal for a thing that nearly never happens: making and hearing one was 5 % of a light operation, in a profile. */
function leavingOf({ raw }: FastifyReply): WhenLeft {
  return (act) => {
    if (raw.closed) act()
    else
      raw.once('close', () => {
        if (!raw.writableFinished) act()
      })
  }
}

function bodyOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}

// What fastify refuses while it reads the body.
const FRAMEWORK_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'BAD_REQUEST',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_EMPTY_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  ECONNRESET: 'BAD_REQUEST',
}

function refusalOfFramework(error: unknown): PlatformError | undefined {
  const code = FRAMEWORK_CODES[(error as { code?: string }).code ?? '']
  return code && new PlatformError(code)
}
