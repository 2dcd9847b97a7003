// What a stranger may read of an error: known codes pass, everything else becomes INTERNAL with an id that the log explains.
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { ERROR_CODES, isErrorCode } from './errors.ts'

export interface PublicError {
  readonly message: string
  readonly locations?: readonly { readonly line: number; readonly column: number }[]
  readonly path?: readonly (string | number)[]
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string }
}

/** The shape that errors of graphql, of a subgraph's answer and of our own share. */
interface ErrorLike {
  readonly message: string
  readonly locations?: readonly { readonly line: number; readonly column: number }[]
  readonly path?: readonly (string | number)[]
  readonly extensions?: Readonly<Record<string, unknown>>
  readonly originalError?: unknown
}

// Written by libraries on the way; each tells a stranger about our inside.
const INNER_EXTENSIONS = new Set(['serviceName', 'stacktrace', 'exception', 'http', 'touched'])

// Messages of graphql quote what the caller sent, and a caller may send a megabyte.
const LONGEST_MESSAGE = 1_000

export function publicError(error: unknown, log: Logger): PublicError {
  const { message, locations, path, extensions = {} } = asErrorLike(error)
  const { code } = extensions
  const where = { ...(locations?.length && { locations }), ...(path?.length && { path }) }
  if (isErrorCode(code)) {
    const kept = Object.entries(extensions).filter(([name]) => !INNER_EXTENSIONS.has(name))
    return {
      message: shortened(withoutSuggestion(message)),
      ...where,
      extensions: { messageVi: ERROR_CODES[code][2], ...Object.fromEntries(kept), code },
    }
  }
  const errorId = randomUUID()
  log.error({ errorId, fault: describeFault(error) }, 'unexpected error')
  const [, told, toldVi] = ERROR_CODES.INTERNAL
  return { message: told, ...(path?.length && { path }), extensions: { code: 'INTERNAL', messageVi: toldVi, errorId } }
}

/**
 * graphql names at the end what it would have understood. That teaches a contract to somebody who guesses at it. Not by a regular
 * expression: on a quoted value that itself says "Did you mean" 80,000 times, one was seen to hold the process for minutes.
 */
function withoutSuggestion(message: string): string {
  const at = message.lastIndexOf(' Did you mean ')
  return at >= 0 && message.endsWith('?') ? message.slice(0, at) : message
}

function shortened(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}…`
}

function asErrorLike(error: unknown): ErrorLike {
  return typeof error === 'object' && error !== null && 'message' in error ? (error as ErrorLike) : { message: String(error) }
}

export interface FaultDescription {
  readonly name: string
  readonly message: string
  /** SQLSTATE or system code. */
  readonly code?: string
  readonly constraint?: string
  readonly table?: string
  readonly frames: readonly string[]
}

/**
 * An error as the log may keep it. Messages of databases and parsers quote the value they choked on, which may be a
 * pupil's name or number: what stands in quotes and long digits are taken out, the place in the code stays.
 */
export function describeFault(error: unknown): FaultDescription {
  const cause = rootOf(error)
  const { name, code, constraint, table, stack } = cause as {
    name?: string
    code?: unknown
    constraint?: string
    table?: string
    stack?: string
  }
  return {
    name: String(name ?? typeof cause),
    message: withoutValues(asErrorLike(cause).message),
    ...(typeof code === 'string' && { code }),
    ...(constraint && { constraint }),
    ...(table && { table }),
    frames: framesOf(stack, asErrorLike(cause).message),
  }
}

function rootOf(error: unknown): object {
  let cause = typeof error === 'object' && error !== null ? error : new Error(String(error))
  for (let depth = 0; depth < 5; depth++) {
    const { originalError } = cause as ErrorLike
    if (typeof originalError !== 'object' || originalError === null) break
    cause = originalError
  }
  return cause
}

/** A message without what it quotes and without long numbers. Cut first: a quote whose end was cut off ends with the message. */
export function withoutValues(message: string): string {
  return message
    .slice(0, LONGEST_MESSAGE)
    .replace(/"[^"]*(?:"|$)|'[^']*'|`[^`]*(?:`|$)|“[^”]*(?:”|$)/g, '"…"')
    .replace(/\d{4,}/g, '#')
    .slice(0, 300)
}

// The message stands in front of the frames, may run over several lines, and a line of it may pose as a frame.
function framesOf(stack = '', message = ''): string[] {
  return stack
    .replace(message, () => '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .map((line) => line.trim())
}
