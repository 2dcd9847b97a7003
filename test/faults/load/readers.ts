// Who reads meanwhile: vendors their schools, the Sở its reports, and some what is not theirs.
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller } from '../parts/caller.ts'
import { DOORS } from '../parts/platform.ts'

interface Question {
  readonly act: string
  readonly query: string
  /** Asked at a school whose agreement holds this. */
  readonly scope?: string
}

const OF_A_PRODUCT: readonly Question[] = [
  { act: 'who', query: '{ viewer { displayName schoolCount } }' },
  { act: 'schools', query: '{ schools(first: 30) { nodes { schoolId: id schoolCode: code name } } }' },
  {
    act: 'pupils',
    query: `query Pupils($code: String!) {
      students(school: { code: $code }, first: 20) { nodes { schoolId id code fullName } pageInfo { hasNextPage } }
    }`,
    scope: 'student.basic.read',
  },
  {
    act: 'marks',
    query: `query Marks($code: String!) {
      students(school: { code: $code }, first: 8) { nodes { schoolId id scores(term: "HKI") { schoolId id value student { id } } } }
    }`,
    scope: 'gradebook.read',
  },
  {
    act: 'messages',
    query: `query Messages($code: String!) {
      students(school: { code: $code }, first: 8) { nodes { schoolId id messages(first: 2) { id } } }
    }`,
    scope: 'message.read',
  },
]
const OF_THE_SO: readonly Question[] = [
  { act: 'report', query: '{ contactBookReport(month: "2026-11") { rows { ordinal } } }' },
  { act: 'software', query: '{ softwareInUse { adoption { kind percentTenths } } }' },
]
const FOREIGN_SCHOOL = `query Foreign($code: String!) {
  school(ref: { code: $code }) { schoolId: id schoolCode: code name students(first: 1) { nodes { schoolId id } } }
}`

/** Codes that a reader meets while things break; what an intact platform says is asked for when it has recovered. */
const PASSING = new Set(['SERVICE_UNAVAILABLE', 'REQUEST_TIMEOUT', 'INTERNAL', 'THROTTLED', 'TOKEN_EXPIRED'])

export async function read(caller: Caller, ending: AbortSignal): Promise<void> {
  const { random, ledger, platform, clientId } = caller
  const own = new Set(platform.party(clientId).schools.map(({ code }) => code))
  const foreign = platform.sandbox.parties
    .flatMap(({ schools }) => schools.map(({ code }) => code))
    .filter((code) => !own.has(code))
  const { kind, schools } = platform.party(clientId)
  const asked = kind === 'PERSON' ? OF_THE_SO : OF_A_PRODUCT
  const questions = asked
    .map(({ scope, ...question }) => ({
      ...question,
      at: scope ? schools.filter(({ scopes }) => scopes.includes(scope)) : undefined,
    }))
    .filter(({ at }) => at === undefined || at.length > 0)
  while (!ending.aborted) {
    if (foreign.length > 0 && random.chance(0.2)) {
      const answer = await caller.ask({ act: 'foreign', query: FOREIGN_SCHOOL, variables: { code: random.pick(foreign) } })
      if (
        !answer?.isDoubtful &&
        (answer?.codes.some((code) => code !== 'SCHOOL_NOT_ACCESSIBLE' && !PASSING.has(code)) || answer?.codes.length === 0)
      )
        ledger.violated(`${answer.attempt.id}: a school without agreement was answered ${answer.codes.join() || 'with data'}`)
      await caller.pause(answer)
      continue
    }
    const leaves = random.chance(0.08) ? { leaveAfterMs: random.between(0, 40) } : {}
    const { act, query, at } = random.pick(questions)
    const variables = at ? { code: random.pick(at).code } : {}
    const answer = await caller.ask({ act, query, variables, ...leaves })
    const odd = answer?.codes.filter((code) => !PASSING.has(code)) ?? []
    if (odd.length > 0) ledger.violated(`${answer!.attempt.id}: a reader was refused with ${odd.join()}`)
    // Also who was answered looks at it for a moment: a machine that has nothing left starts nothing again either.
    await caller.pause(answer)
  }
}

/** Clients that send badly: half a head, half a body, byte by byte, nothing at all, or what is no HTTP. */
export async function sendBadly(caller: Caller, ending: AbortSignal): Promise<void> {
  const { random, ledger, platform } = caller
  while (!ending.aborted) {
    const token = await caller.token()
    const body = JSON.stringify({ query: '{ viewer { displayName } }' })
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\ncontent-length: ${body.length}\r\n\r\n`
    const whole = head + body
    const text = random.pick([
      whole.slice(0, random.between(1, head.length - 1)),
      whole.slice(0, head.length + random.between(0, body.length - 1)),
      '',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      whole,
    ])
    const port = Number(new URL(platform.urlOf(random.pick(DOORS))).port)
    await speak(port, text, random.chance(0.5), random.between(5, 80))
    ledger.count('clients that sent badly')
    await sleep(random.between(100, 300))
  }
}

function speak(port: number, text: string, inCrumbs: boolean, stayMs: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.setNoDelay(true)
      if (!inCrumbs) socket.write(text, 'latin1')
      else for (const byte of text) socket.write(byte, 'latin1')
      setTimeout(() => socket.resetAndDestroy(), stayMs)
    })
    socket.on('error', () => undefined)
    socket.on('data', () => undefined)
    socket.once('close', () => resolve())
  })
}
