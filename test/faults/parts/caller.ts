// One party's way to the two doors: a request sent once, timed, and judged the moment its answer is there.
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { ERROR_CODES, isErrorCode } from '../../../subgraphs/kernel/errors.ts'
import type { Random } from '../../../platform/sandbox/random.ts'
import { TokenError } from '../../../sdk/token.ts'
import { createTokenSource, type TokenSource } from '../../../sdk/token-source.ts'
import { misfit } from './fits.ts'
import type { Attempt, Ledger } from './ledger.ts'
import { DOORS, type Door, type FaultPlatform } from './platform.ts'

/** The operation's own 30 s, the deadlines of audit and directory around it, and a machine that is busy with being broken. */
const LONGEST_MS = 40_000
/** After this nobody waits any more; it is a violation long before. */
const PATIENCE_MS = 60_000

const RENEWED = 0.02

/** Written into every tampered answer; what a stranger must never read of our inside stands beside it. */
export const FOREIGN_MARK = 'foreign-text-5e0f'
const FOREIGN =
  /foreign-text-5e0f|ECONN|EPIPE|ENOENT|ETIMEDOUT|node:internal|node_modules|\.s\.PGSQL|postgres|pg_|lt_(gateway|identity|schools)|\bat .*\.[jt]s:\d|syntax error|Unexpected token|socket hang|terminat|undici|127\.0\.0\.1/i

export interface Answer {
  readonly attempt: Attempt
  readonly data: Record<string, unknown> | null
  readonly codes: readonly string[]
  /** Milliseconds that the platform asks to wait. */
  readonly retryAfterMs: number
  /** A subgraph may have told this door nonsense, of which some looks like an answer. */
  readonly isDoubtful: boolean
}

export interface Asking {
  readonly act: string
  readonly query: string
  readonly variables?: object
  readonly key?: string
  readonly door?: Door
  /** Takes the id under which it is sent. */
  readonly sentAs?: string[]
  /** Goes after so many milliseconds, without waiting for the answer. */
  readonly leaveAfterMs?: number
}

export class Caller {
  readonly clientId: string
  readonly random: Random
  readonly ledger: Ledger
  readonly platform: FaultPlatform
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 })
  readonly #tokens: TokenSource
  readonly #name: string
  /** By id and by code: what may stand in an answer to this party. */
  readonly #open: ReadonlySet<string>
  #sent = 0
  /** Its application is suspended now and then, and then gets no token. */
  mayLoseRights = false

  private constructor(platform: FaultPlatform, ledger: Ledger, random: Random, clientId: string, name: string, key: string) {
    this.platform = platform
    this.ledger = ledger
    this.random = random
    this.clientId = clientId
    this.#name = name
    this.#open = new Set(platform.party(clientId).schools.flatMap(({ id, code }) => [id, code]))
    const { tokenEndpoint, issuer } = platform.sandbox
    this.#tokens = createTokenSource({ tokenEndpoint, issuer, clientId, privateKey: key, fetch: this.#atAnyDoor })
  }

  static async of(platform: FaultPlatform, ledger: Ledger, random: Random, clientId: string, name: string): Promise<Caller> {
    const caller = new Caller(platform, ledger, random, clientId, name, await platform.privateKeyOf(clientId))
    await caller.#tokens.get()
    return caller
  }

  /** The token endpoint stands behind both doors, too. */
  readonly #atAnyDoor: typeof fetch = (_address, init) =>
    fetch(`${this.platform.urlOf(this.random.pick(DOORS))}/oauth/token`, init)

  close(): void {
    this.#agent.destroy()
  }

  async token(): Promise<string> {
    for (;;) {
      try {
        return await this.#tokens.get()
      } catch (error) {
        // No answer, or the refusal of a platform that is away. Anything else nobody should be told.
        if (error instanceof TokenError && ![503, 429].includes(error.status) && !this.mayLoseRights)
          this.ledger.violated(`the token endpoint answered ${this.clientId} ${error.status} ${error.error}: ${error.message}`)
        this.ledger.count('no token')
        await sleep(100)
      }
    }
  }

  /** An answer, or null where none came. */
  async ask({
    act,
    query,
    variables = {},
    key,
    door = this.random.pick(DOORS),
    sentAs,
    leaveAfterMs,
  }: Asking): Promise<Answer | null> {
    const token = await this.token()
    // Tokens live for minutes; a client that has just been started has none.
    if (this.random.chance(RENEWED)) this.#tokens.drop(token)
    const attempt: Attempt = {
      id: `${this.#name}-${(this.#sent += 1)}-${act}`,
      door,
      party: this.clientId,
      act,
      began: performance.now(),
      ended: 0,
      status: 0,
      codes: [],
      hasData: false,
      left: leaveAfterMs !== undefined,
    }
    // Also a try that comes to nothing may have had its effect.
    sentAs?.push(attempt.id)
    const headers = {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      authorization: `Bearer ${token}`,
      'x-request-id': attempt.id,
      ...(key ? { 'idempotency-key': key } : {}),
    }
    this.ledger.begin(attempt)
    const got = await this.#send(door, headers, JSON.stringify({ query, variables }), leaveAfterMs)
    attempt.ended = performance.now()
    if (attempt.ended - attempt.began > LONGEST_MS)
      this.ledger.violated(`${attempt.id} at ${door} took ${Math.round(attempt.ended - attempt.began)} ms`)
    const answer = got ? this.#judge(attempt, query, got) : null
    this.ledger.settle(attempt)
    if (attempt.status === 401) this.#tokens.drop(token)
    return answer
  }

  /** Waits as the answer asks, or a moment where there was none. */
  async pause(answer: Answer | null): Promise<void> {
    await sleep(Math.min(answer?.retryAfterMs || this.random.between(10, 100), 2_000))
  }

  #send(door: Door, headers: object, body: string, leaveAfterMs: number | undefined): Promise<Got | null> {
    return new Promise((resolve) => {
      const outgoing = request(`${this.platform.urlOf(door)}/graphql`, {
        method: 'POST',
        agent: this.#agent,
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      })
      const patience = setTimeout(() => outgoing.destroy(), PATIENCE_MS)
      const leaving = leaveAfterMs === undefined ? undefined : setTimeout(() => outgoing.destroy(), leaveAfterMs)
      const end = (got: Got | null): void => {
        clearTimeout(patience)
        clearTimeout(leaving)
        resolve(got)
      }
      outgoing.once('response', (response) => {
        const pieces: Buffer[] = []
        response.on('data', (piece: Buffer) => pieces.push(piece))
        response.once('error', () => end(null))
        response.once('end', () => {
          if (!response.complete) return end(null)
          const retryAfter = response.headers['retry-after']
          end({
            status: response.statusCode ?? 0,
            text: Buffer.concat(pieces).toString(),
            retryAfter: retryAfter === undefined ? undefined : Number(retryAfter),
          })
        })
        response.once('close', () => end(null))
      })
      outgoing.once('error', () => end(null))
      outgoing.end(body)
    })
  }

  #judge(attempt: Attempt, query: string, { status, text, retryAfter }: Got): Answer {
    const wrong = (what: string): void => this.ledger.violated(`${attempt.id} at ${attempt.door}, ${status}: ${what}`)
    attempt.status = status
    let body: { data?: Record<string, unknown> | null; errors?: { message: string; extensions?: { code?: string } }[] } = {}
    try {
      body = JSON.parse(text) as typeof body
    } catch {
      wrong(`no JSON: ${text.slice(0, 200)}`)
    }
    const { data = null, errors = [] } = body
    attempt.codes = errors.map(({ extensions }) => extensions?.code ?? '(none)')
    attempt.hasData = data !== null
    for (const { message, extensions } of errors) {
      const code = extensions?.code
      // What the limits refuse has codes of its own, but nothing that is sent here comes near a limit.
      if (!isErrorCode(code)) wrong(`a code that is none of ours: ${code}`)
      else if (code !== 'INTERNAL' && ERROR_CODES[code][0] >= 500 && message !== ERROR_CODES[code][1])
        wrong(`words of its own for ${code}: ${message.slice(0, 200)}`)
    }
    if (FOREIGN.test(JSON.stringify(errors))) wrong(`tells of our inside: ${JSON.stringify(errors).slice(0, 400)}`)
    const strange = data && misfit(query, data)
    if (strange) wrong(`no answer that the contract allows: ${strange}`)
    if (data === null && errors.length === 0) wrong('neither data nor errors')
    if (status === 503 && !(retryAfter && retryAfter > 0)) wrong('no Retry-After')
    if (status !== 503 && data === null && attempt.codes.includes('SERVICE_UNAVAILABLE')) wrong('away, but not 503')
    for (const school of schoolsIn(data))
      if (this.ledger.schools.has(school) && !this.#open.has(school)) wrong(`data of a school that is not open: ${school}`)
    return {
      attempt,
      data,
      codes: attempt.codes,
      retryAfterMs: (retryAfter ?? 0) * 1_000,
      isDoubtful: this.ledger.mayBeNonsense(attempt),
    }
  }
}

interface Got {
  readonly status: number
  readonly text: string
  readonly retryAfter: number | undefined
}

/** Every school that an answer names: queries of the run call its id `schoolId` and its code `schoolCode`, wherever they ask for one. */
function* schoolsIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const each of value) yield* schoolsIn(each)
  else if (typeof value === 'object' && value !== null)
    for (const [name, each] of Object.entries(value))
      if (name === 'schoolId' || name === 'schoolCode') yield String(each)
      else if (typeof each === 'object') yield* schoolsIn(each)
}
