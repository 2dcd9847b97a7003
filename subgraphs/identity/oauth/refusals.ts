// How the authorization server says no: RFC 6749 errors that tell the way out, and nothing of what went on inside.
import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Context } from 'oidc-provider'
import { isDatabaseAway } from '../../kernel/database.ts'
import { CLOCK_TOLERANCE_SECONDS, MAX_ASSERTION_AGE_SECONDS } from './client-assertion.ts'
import type { Log } from './log.ts'

export interface Refusal {
  readonly status: number
  readonly error: string
  readonly description: string
  readonly headers?: Readonly<Record<string, string>>
}

interface Said {
  readonly error: string
  readonly error_description?: string | undefined
  readonly error_detail?: string | undefined
}

interface ProviderFailure extends Said {
  readonly statusCode: number
  readonly expose: true
}

const RETRY_AFTER_SECONDS = 2

/** Tells a failure as the caller may read it, and writes to the log what the caller may not. */
export class Refusals {
  readonly #issuer: string
  readonly #resource: string
  readonly #log: Log

  constructor(issuer: string, resource: string, log: Log) {
    this.#issuer = issuer
    this.#resource = resource
    this.#log = log
  }

  /** `clientId` only as it was found in the registry: what a stranger claims to be is not worth a log line. */
  explain(failure: unknown, clientId: string | undefined, grantType?: string): Refusal {
    if (isReadable(failure)) {
      const { error_detail, error_description, statusCode } = failure
      const error = isAboutProof(failure) ? 'invalid_dpop_proof' : failure.error
      this.#log.info({ error, reason: error_detail ?? error_description, clientId }, 'token request refused')
      return { status: statusCode, error, description: this.#wayOut({ error, error_description, error_detail }, grantType) }
    }
    const errorId = randomUUID()
    this.#log.error({ err: failure, errorId, clientId }, 'token request failed')
    if (isDatabaseAway(failure)) {
      return {
        status: 503,
        error: 'temporarily_unavailable',
        description: `A part of the platform cannot be reached. Try again in a few seconds. Id: ${errorId}`,
        headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
      }
    }
    return { status: 500, error: 'server_error', description: `Something went wrong on our side. Tell us this id: ${errorId}` }
  }

  #wayOut({ error, error_description: said, error_detail: detail }: Said, grantType: string | undefined): string {
    switch (error) {
      // One sentence for an unknown client, a suspended one, a bad signature and a used assertion: anything more exact
      // would tell a stranger which clients exist and how far a forged assertion got.
      case 'invalid_client':
        return (
          'Client authentication failed. Sign a new client_assertion for each request with the registered ES256 or EdDSA key: ' +
          `iss and sub are the client id, aud is ${this.#issuer}, a jti never used before, iat now, exp at most ${MAX_ASSERTION_AGE_SECONDS} ` +
          `seconds away, clocks within ${CLOCK_TOLERANCE_SECONDS} seconds. If all of that holds, ask the authority whether the client is active.`
        )
      case 'invalid_dpop_proof':
        return (
          `${sentence(aboutProof(said, detail) ?? 'The DPoP proof does not hold')} Send one DPoP header with each request: a JWT of typ dpop+jwt, signed ` +
          `with ES256 or EdDSA, its public key as jwk; htm is the method, htu the address as under ${this.#issuer}, iat now, and a jti never used before.`
        )
      case 'invalid_target':
        return `The one resource here is ${this.#resource}: send that, or leave resource out.`
      case 'unsupported_grant_type':
        return 'Send grant_type=client_credentials; the metadata lists the others.'
      case 'invalid_request':
        if (grantType !== undefined && grantType !== 'client_credentials') return sentence(said ?? 'The request is not valid')
        return (
          `${sentence(said ?? 'The request is not valid')} POST application/x-www-form-urlencoded with grant_type=client_credentials, ` +
          'client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer and client_assertion.'
        )
      // One sentence for all that can be wrong with a code or a subject token: which of them it was helps a thief alone.
      case 'invalid_grant':
        return (
          'The code or subject_token is unknown, used, expired or ended, was given to another client, or its person may not be acted ' +
          'for at any school that has an agreement with this application. Let the person sign in again. ' +
          'A subject_token that is bound to a key is exchanged with a DPoP proof by that key.'
        )
      default:
        return sentence(said ?? 'The request is not valid')
    }
  }
}

function isReadable(failure: unknown): failure is ProviderFailure {
  const { expose, error } = (failure ?? {}) as Partial<ProviderFailure>
  return expose === true && typeof error === 'string'
}

const aboutProof = (...said: (string | undefined)[]): string | undefined => said.find((text) => /DPoP/.test(text ?? ''))

/** RFC 9449, 5 has one code for proofs. The library calls one that was used before a fault of the grant, or of the request. */
const isAboutProof = ({ error, error_description, error_detail }: Said): boolean =>
  error === 'invalid_dpop_proof' || aboutProof(error_description, error_detail) !== undefined

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`

// RFC 6749, 5.2 leaves error_description these characters only.
const bodyOf = ({ error, description }: Refusal): { error: string; error_description: string } => ({
  error,
  error_description: description.replace(/"/g, "'").replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?'),
})

export function refuseInContext(ctx: Context, refusal: Refusal): void {
  ctx.status = refusal.status
  ctx.type = 'application/json'
  ctx.set('cache-control', 'no-store')
  for (const [name, value] of Object.entries(refusal.headers ?? {})) ctx.set(name, value)
  ctx.body = bodyOf(refusal)
}

export function refuseAtDoor(res: ServerResponse, refusal: Refusal): void {
  const body = JSON.stringify(bodyOf(refusal))
  res.writeHead(refusal.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...refusal.headers,
  })
  res.end(body)
}
