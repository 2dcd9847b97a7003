// Rights that end and come back while everything breaks: what begins after the end was acknowledged gets nothing, at neither door.
import type { Answer, Caller } from '../parts/caller.ts'
import type { SandboxParty } from '../../../platform/sandbox/parties.ts'
import { DOORS, type Door } from '../parts/platform.ts'

const SUSPEND = `mutation ($code: String!) { act: suspendApplication(application: { code: $code }, reason: "Sự cố dữ liệu") { status } }`
const REINSTATE = `mutation ($code: String!) { act: reinstateApplication(application: { code: $code }, reason: "Đã khắc phục") { status } }`
const PROPOSE = `mutation ($input: ProposeAgreementInput!) { act: proposeAgreement(input: $input) { id } }`
const SIGN = `mutation ($id: ID!) { act: signAgreement(proposalId: $id) { id } }`
const END = `mutation ($id: ID!) { act: endAgreement(agreementId: $id, reason: "Đổi nhà cung cấp") { id } }`
const LISTED = `query ($s: ID) { agreements(schoolId: $s, first: 100) { nodes { id state application { code } } } }`
const USE = `query UseOfRight($code: String!) { school(ref: { code: $code }) { schoolId: id schoolCode: code name students(first: 2) { nodes { schoolId id } } } }`
const WHO = '{ viewer { displayName } }'

/** From the acknowledged end of a right until it is being given back. */
interface Closed {
  /** Where the end was acknowledged: that door knows it at once. */
  readonly door: Door
  readonly from: number
  until: number
  readonly bySuspension: boolean
}

export interface RightsCast {
  readonly officer: Caller
  readonly principal: Caller
  /** The application whose rights come and go. */
  readonly product: Caller
  readonly school: { readonly id: string; readonly code: string }
}

/** A product with a school whose principal signs in. */
export function castOf(
  parties: readonly SandboxParty[],
  product: string,
): { principal: string; school: { id: string; code: string } } {
  const own = new Set(parties.find(({ clientId }) => clientId === product)!.schools.map(({ code }) => code))
  for (const { role, clientId, schools } of parties)
    if (role === 'PRINCIPAL' && schools[0] && own.has(schools[0].code)) return { principal: clientId, school: schools[0] }
  throw new Error(`no principal of a school of ${product} signs in`)
}

export class Rights {
  readonly #cast: RightsCast
  readonly #closed: Closed[] = []
  readonly #uses: {
    readonly began: number
    readonly ended: number
    readonly door: Door
    readonly id: string
    readonly who: boolean
  }[] = []
  #wanted: { readonly door: Door; readonly done: () => void } | undefined
  /** Where the act under way is sent, if it matters. */
  #door: Door | undefined
  #agreementId = ''
  #count = 0

  constructor(cast: RightsCast) {
    this.#cast = cast
  }

  async run(ending: AbortSignal): Promise<void> {
    const users = new AbortController()
    const using = Promise.all([this.#use(users.signal), this.#use(users.signal)])
    const { principal, product, school, officer } = this.#cast
    const { ledger, random } = officer
    this.#agreementId = await this.#agreementNow()
    while (!ending.aborted) {
      await ledger.more(random.between(5, 40), MOST_MS)
      const wanted = this.#wanted
      this.#wanted = undefined
      this.#door = wanted?.door
      if (wanted || random.chance(0.6)) {
        const { attempt } = await this.#act(officer, SUSPEND, { code: product.clientId })
        const closed = this.#close(attempt.door, true)
        await ledger.more(random.between(10, 30), MOST_MS)
        closed.until = performance.now()
        await this.#act(officer, REINSTATE, { code: product.clientId })
      } else {
        const { attempt } = await this.#act(principal, END, { id: this.#agreementId })
        const closed = this.#close(attempt.door, false)
        await ledger.more(random.between(10, 30), MOST_MS)
        closed.until = performance.now()
        const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
        const terms = {
          purpose: 'Quản lý nhà trường',
          scopes: ['identity.read', 'school.read', 'student.basic.read'],
          validFrom: day(0),
          validTo: day(200),
        }
        const proposed = await this.#act(product, PROPOSE, { input: { school: { id: school.id }, terms } })
        const signed = await this.#act(principal, SIGN, { id: idOf(proposed) })
        this.#agreementId = idOf(signed)
      }
      ledger.count('rights ended and given back')
      wanted?.done()
    }
    users.abort()
    await using
    this.#judge()
  }

  /** Resolves when the next suspension at this door is over. */
  suspendedAt(door: Door): Promise<void> {
    return new Promise((done) => (this.#wanted = { door, done }))
  }

  #close(door: Door, bySuspension: boolean): Closed {
    const closed = { door, from: performance.now(), until: Infinity, bySuspension }
    this.#closed.push(closed)
    return closed
  }

  async #agreementNow(): Promise<string> {
    const { principal, product, school } = this.#cast
    for (;;) {
      const answer = await principal.ask({ act: 'agreements', query: LISTED, variables: { s: school.id } })
      const listed = answer?.data?.agreements as
        { nodes: { id: string; state: string; application: { code: string } }[] } | undefined
      const found = listed?.nodes.find(({ state, application }) => state === 'SIGNED' && application.code === product.clientId)
      if (found && !answer?.isDoubtful) return found.id
      await principal.pause(answer)
    }
  }

  /** Sent under one key until it is acknowledged. */
  async #act(caller: Caller, query: string, variables: object): Promise<Answer> {
    const key = `right-${(this.#count += 1)}`
    for (;;) {
      const answer = await caller.ask({ act: 'right', query, variables, key, ...(this.#door && { door: this.#door }) })
      if (answer?.data?.act && !answer.isDoubtful) return answer
      const refused = answer?.codes.filter((code) => !PASSING.has(code)) ?? []
      if (refused.length > 0) caller.ledger.violated(`${answer!.attempt.id} ${key} was refused with ${refused.join()}: ${query}`)
      await caller.pause(answer)
    }
  }

  async #use(ending: AbortSignal): Promise<void> {
    const { product, school } = this.#cast
    while (!ending.aborted) {
      const who = product.random.chance(0.3)
      const door = product.random.pick(DOORS)
      const answer = await product.ask(
        who ? { act: 'use-who', query: WHO, door } : { act: 'use', query: USE, variables: { code: school.code }, door },
      )
      const odd = answer?.codes.filter((code) => !PASSING.has(code) && !ENDED.has(code)) ?? []
      if (odd.length > 0) product.ledger.violated(`${answer!.attempt.id}: refused with ${odd.join()}`)
      if (answer?.data && Object.values(answer.data).some((value) => value !== null)) {
        const { began, ended, id } = answer.attempt
        this.#uses.push({ began, ended, door, id, who })
      } else await product.pause(answer)
    }
  }

  /** In the end, when it is known from when until when a right was gone. */
  #judge(): void {
    const { ledger } = this.#cast.officer
    for (const { from, until, door, bySuspension } of this.#closed)
      for (const use of this.#uses) {
        if (use.began <= from || use.ended >= until) continue
        // A name of its own the other door may tell until it has heard of the suspension; data of a school no door may.
        if (use.who && (!bySuspension || use.door !== door)) continue
        ledger.violated(
          `${use.id} at ${use.door} was answered, begun ${(use.began - from).toFixed(1)} ms after ${bySuspension ? 'the suspension' : 'the end of the agreement'} was acknowledged at ${door}`,
        )
      }
  }
}

/** A right that is gone, or given, for longer than this says nothing more. */
const MOST_MS = 3_000

const idOf = ({ data }: Answer): string => (data!.act as { id: string }).id

const PASSING = new Set(['SERVICE_UNAVAILABLE', 'REQUEST_TIMEOUT', 'INTERNAL', 'THROTTLED', 'TOKEN_EXPIRED'])
const ENDED = new Set(['APPLICATION_SUSPENDED', 'SCHOOL_NOT_ACCESSIBLE', 'TOKEN_REVOKED'])
