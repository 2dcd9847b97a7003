// From what execution gave to what may leave: errors masked, extensions of the inside dropped, outcome named.
import type { Logger } from 'pino'
import { ERROR_CODES, isErrorCode, type ErrorCode } from '../../subgraphs/kernel/errors.ts'
import { publicError, type PublicError } from '../../subgraphs/kernel/masking.ts'
import type { AuditOutcome } from '../audit.ts'
import type { ReadyJson } from '../execution/ready/ready-json.ts'
import type { Refusal, RefusalCode } from '../limits/refusals.ts'
import type { CostReport } from '../throttle/throttle.ts'

export interface RawResult {
  readonly data?: Record<string, unknown> | ReadyJson | null
  readonly errors?: readonly unknown[]
  readonly extensions?: Readonly<Record<string, unknown>>
}

export interface Answer {
  readonly body: {
    readonly errors?: readonly PublicError[]
    readonly data?: Record<string, unknown> | ReadyJson | null
    readonly extensions?: { readonly cost: CostReport }
  }
  /** `OK`, or the code that names the trouble. */
  readonly code: 'OK' | ErrorCode | RefusalCode
  readonly codes: readonly string[]
  readonly outcome: AuditOutcome
}

export function shapeAnswer({ data, errors: raw = [], extensions }: RawResult, log: Logger): Answer {
  const errors = raw.map((error) => publicError(error, log))
  // Apollo's executor hides here that a subgraph broke its own schema, and quotes the value.
  if (Array.isArray(extensions?.valueCompletion))
    errors.push(publicError(new Error('a subgraph answered what its schema forbids'), log))
  if (errors.length === 0) return { body: { data: data ?? null }, code: 'OK', codes: [], outcome: 'ALLOWED' }

  const codes = [...new Set(errors.map(({ extensions: { code } }) => code))]
  const away = codes.includes('SERVICE_UNAVAILABLE')
  // A root that could not be reached leaves `{ school: null }`: nothing to keep, and a plain refusal is what a client retries.
  const empty = data === undefined || data === null || (away && holdsNothing(data))
  const code = away ? 'SERVICE_UNAVAILABLE' : firstCode(codes)
  if (!empty) return { body: { errors, data }, code, codes, outcome: 'PARTIAL' }
  return {
    body: data === undefined || away ? { errors } : { errors, data: null },
    code,
    codes,
    outcome: ERROR_CODES[code][0] >= 500 ? 'FAILED' : 'REFUSED',
  }
}

/** A bound that was passed says so in words of its own, made for the caller: there is nothing to mask. */
export function answerOfRefusal({ code, message, locations, extensions }: Refusal): Answer {
  return {
    body: { errors: [{ message, ...(locations && { locations }), extensions: { ...extensions } }] },
    code,
    codes: [code],
    outcome: 'REFUSED',
  }
}

/** The answer with what it cost. What the extensions of the inside held was dropped before. */
export function withCost(answer: Answer, cost: CostReport): Answer {
  return { ...answer, body: { ...answer.body, extensions: { cost } } }
}

const ROOT_TYPES = new Set<unknown>(['Query', 'Mutation'])

function holdsNothing(data: Record<string, unknown> | ReadyJson): boolean {
  return Object.values(data).every((value) => value === null || ROOT_TYPES.has(value))
}

function firstCode(codes: readonly string[]): ErrorCode {
  const [code] = codes
  return isErrorCode(code) ? code : 'INTERNAL'
}
