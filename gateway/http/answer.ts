// How an answer or a refusal looks in HTTP: status, media type, and the headers that tell a client what to do next.
import type { FastifyReply } from 'fastify'
import { ERROR_CODES, isErrorCode } from '../../subgraphs/kernel/errors.ts'
import type { PublicError } from '../../subgraphs/kernel/masking.ts'
import { ReadyJson } from '../execution/ready/ready-json.ts'
import type { Answer } from '../operation/shape-answer.ts'
import { PROOF_ALGORITHMS } from '../viewer/proof.ts'
import type { MediaType } from './negotiate.ts'

/** The answer of an operation that was understood as one. */
export function sendAnswer(reply: FastifyReply, { body, code }: Answer, media: MediaType): FastifyReply {
  // GraphQL over HTTP, 6.4.1: in application/json a document that was refused is an answered question. Who may not ask, and a
  // platform that cannot answer, are not: proxies and clients act on those.
  const status = body.data !== undefined ? 200 : statusOf(code)
  return send(reply, status === 400 && media === 'application/json' ? 200 : status, body, code, media)
}

/** A request that never became an operation. */
export function sendRefusal(reply: FastifyReply, error: PublicError, media: MediaType): FastifyReply {
  const code = isErrorCode(error.extensions.code) ? error.extensions.code : 'INTERNAL'
  return send(reply, statusOf(code), { errors: [error] }, code, media)
}

function send(reply: FastifyReply, status: number, body: Answer['body'], code: Answer['code'], media: MediaType): FastifyReply {
  const error = body.errors?.find(({ extensions }) => extensions.code === code)
  if (status === 401 || status === 403)
    reply.header('www-authenticate', challenge(code, error, reply.request.headers.authorization))
  if (status === 405) reply.header('allow', 'GET, POST')
  if (status === 503 || status === 429) reply.header('retry-after', String(retryAfter(error)))
  return reply.code(status).type(`${media}; charset=utf-8`).send(bodyOf(body))
}

function bodyOf({ data, errors, extensions }: Answer['body']): string | Buffer {
  return data instanceof ReadyJson && !errors ? data.answer(extensions) : JSON.stringify({ errors, data, extensions })
}

/** RFC 6750, 3: a request without a token is told how to authenticate and no error. RFC 9449, 7.1: in the scheme that it used. */
function challenge(code: Answer['code'], error: PublicError | undefined, authorization: string | undefined): string {
  const isBound = code === 'TOKEN_BINDING' || /^DPoP /i.test(authorization ?? '')
  const realm = isBound ? `DPoP realm="lienthong", algs="${PROOF_ALGORITHMS.join(' ')}"` : 'Bearer realm="lienthong"'
  if (code === 'UNAUTHENTICATED' || code === 'OK') return realm
  if (code === 'SCOPE_MISSING') {
    const scopes = error?.extensions.missingScopes
    return `${realm}, error="insufficient_scope"${Array.isArray(scopes) ? `, scope="${scopes.join(' ')}"` : ''}`
  }
  const isAboutProof = code.startsWith('PROOF_')
  if (!(code.startsWith('TOKEN_') || isAboutProof) || !error) return realm
  const fault = isAboutProof ? 'invalid_dpop_proof' : 'invalid_token'
  return `${realm}, error="${fault}", error_description="${error.message.replace(/[^\x20-\x7e]|["\\`]/g, '')}"`
}

/** What only the limits refuse is a fault of the document. */
function statusOf(code: Answer['code']): number {
  return isErrorCode(code) ? ERROR_CODES[code][0] : 400
}

function retryAfter(error: PublicError | undefined): number {
  const seconds = error?.extensions.retryAfter
  return typeof seconds === 'number' && seconds > 0 ? Math.ceil(seconds) : 2
}
