// Signing up as a developer: what makes an account, what does not, and what nobody learns by trying.
import pg from 'pg'
import { pino } from 'pino'
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAuthorizationServer } from '../../subgraphs/identity/oauth/authorization-server.ts'
import { SignIn } from '../../subgraphs/identity/people/sign-in.ts'
import {
  ACCOUNTS_PER_ADDRESS,
  FORMS_PER_ADDRESS,
  MOST_DEVELOPERS,
  SignUp,
  type SignUpForm,
  type Ticket,
} from '../../subgraphs/identity/people/sign-up.ts'
import { fromBase32, totpCode, totpStep } from '../../subgraphs/identity/people/totp.ts'
import { endPool } from '../../platform/runtime/end-pool.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'

const KEYS = ['a key of the test, long enough']
const FORM: SignUpForm = {
  email: 'trang@lap-trinh.example',
  displayName: 'Phạm Thu Trang',
  organisation: 'Công ty Phần mềm Mẫu',
  password: 'một mật khẩu đủ dài',
  repeated: 'một mật khẩu đủ dài',
}

let database: TestDatabase
let pool: pg.Pool
let now: Date
let signIn: SignIn
let signUp: SignUp

const origin = { address: '203.0.113.9', clientId: null }
const codeOf = ({ totpSecret }: Ticket, seconds = 0): string =>
  totpCode(fromBase32(totpSecret), totpStep(new Date(now.getTime() + seconds * 1_000)))
async function begun(form: Partial<SignUpForm> = {}, from = origin): Promise<Ticket> {
  const answer = await signUp.begin({ ...FORM, ...form }, from)
  if (!('ticket' in answer)) throw new Error(`refused: ${JSON.stringify(answer)}`)
  return answer.ticket
}
async function signedUp(form: Partial<SignUpForm> = {}, from = origin) {
  const ticket = await begun(form, from)
  return { ticket, outcome: await signUp.complete(ticket.text, codeOf(ticket), from) }
}
const accounts = () =>
  database.sql<{ email: string; role: string; scopes: string[]; status: string }>(
    `select a.email, p.role, a.scopes, p.status from identity.account a join access.person p on p.account_id = a.id where a.role = 'DEVELOPER' order by 1`,
  )

beforeAll(async () => {
  database = await freshDatabase({ province: false })
  pool = new pg.Pool({ connectionString: database.urlOf('identity'), max: 20 })
})
afterAll(async () => {
  if (pool) await endPool(pool)
  await database?.drop()
})
beforeEach(async () => {
  now = new Date('2026-11-20T08:00:10+07:00')
  signIn = new SignIn(pool, KEYS, () => now)
  signUp = new SignUp({ pool, keys: KEYS, signIn, now: () => now })
  await database.sql(
    `truncate identity.sign_in_window, identity.sign_in_event, identity.account_secret, identity.account, access.person`,
  )
})

describe('a developer', () => {
  test('signs up with the first code of the app, and signs in with the next one', async () => {
    const { ticket, outcome } = await signedUp()
    expect(outcome).toBe('DONE')
    expect(await accounts()).toEqual([
      {
        email: FORM.email,
        role: 'DEVELOPER',
        scopes: ['identity.read', 'school.read', 'student.basic.read', 'staff.read', 'gradebook.read'],
        status: 'ACTIVE',
      },
    ])
    const credentials = { email: FORM.email, password: FORM.password }
    expect((await signIn.attempt({ ...credentials, code: codeOf(ticket) }, origin)).outcome).toBe('REFUSED')
    expect((await signIn.attempt({ ...credentials, code: codeOf(ticket, 30) }, origin)).outcome).toBe('ALLOWED')
    const events = await database.sql(`select outcome, address from identity.sign_in_event where act = 'SIGN_UP'`)
    expect(events).toEqual([{ outcome: 'ALLOWED', address: origin.address }])
  })

  test.each<[string, Partial<SignUpForm>, string[]]>([
    ['no mailbox', { email: 'trang' }, ['email']],
    ['a short password', { password: 'ngắn', repeated: 'ngắn' }, ['password']],
    ['a password of a megabyte', { password: 'x'.repeat(1e6), repeated: 'x'.repeat(1e6) }, ['password']],
    ['two passwords that differ', { repeated: 'một mật khẩu khác' }, ['repeated']],
    ['no name and no organisation', { displayName: ' ', organisation: '' }, ['displayName', 'organisation']],
    ['a name of two lines', { displayName: 'A\nB' }, ['displayName']],
  ])('with %s is told which field, and nothing is kept', async (_what, form, faults) => {
    expect(await signUp.begin({ ...FORM, ...form }, origin)).toEqual({ faults })
    expect(await accounts()).toEqual([])
  })

  test('with a wrong code tries again with the same key, and has no account until then', async () => {
    const ticket = await begun()
    const wrong = codeOf(ticket).replace(/./g, (digit) => String((Number(digit) + 1) % 10))
    expect(await signUp.complete(ticket.text, wrong, origin)).toEqual({ wrongCode: ticket })
    expect(await accounts()).toEqual([])
    expect(await signUp.complete(ticket.text, codeOf(ticket), origin)).toBe('DONE')
  })

  test('who comes back too late, or with a form that is not ours, begins again', async () => {
    const ticket = await begun()
    const code = codeOf(ticket, 901)
    expect(await signUp.complete('eyJlbWFpbCI6IngifQ', code, origin)).toBe('EXPIRED')
    now = new Date(now.getTime() + 901_000)
    expect(await signUp.complete(ticket.text, code, origin)).toBe('EXPIRED')
    expect(await accounts()).toEqual([])
  })
})

describe('a known address', () => {
  test('is answered like a new one, and its account stays as it was', async () => {
    const first = await signedUp()
    const second = await signedUp({
      password: 'mật khẩu của kẻ khác',
      repeated: 'mật khẩu của kẻ khác',
      email: 'TRANG@lap-trinh.example',
    })
    expect([first.outcome, second.outcome]).toEqual(['DONE', 'DONE'])
    expect(await accounts()).toHaveLength(1)
    const theirs = { email: FORM.email, password: 'mật khẩu của kẻ khác', code: codeOf(second.ticket, 30) }
    expect((await signIn.attempt(theirs, origin)).outcome).toBe('REFUSED')
    const own = { email: FORM.email, password: FORM.password, code: codeOf(first.ticket, 30) }
    expect((await signIn.attempt(own, origin)).outcome).toBe('ALLOWED')
  })

  test('signed up twenty times at once is one account', async () => {
    const ticket = await begun()
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => signUp.complete(ticket.text, codeOf(ticket), origin)))
    expect(outcomes.filter((outcome) => outcome === 'DONE').length).toBeGreaterThan(0)
    expect(await accounts()).toHaveLength(1)
  })
})

describe('a flood', () => {
  test('of forms from one address is stopped for a quarter of an hour, and no other address with it', async () => {
    for (let form = 0; form < FORMS_PER_ADDRESS; form++) await signUp.begin({ ...FORM, email: '' }, origin)
    expect(await signUp.begin(FORM, origin)).toEqual({ retryAfterSeconds: 900 })
    expect(await signUp.begin(FORM, { ...origin, address: '203.0.113.10' })).toHaveProperty('ticket')
    now = new Date(now.getTime() + 901_000)
    expect(await signUp.begin(FORM, origin)).toHaveProperty('ticket')
  })

  test('of accounts from one address ends at its share of a day', async () => {
    for (let account = 0; account < ACCOUNTS_PER_ADDRESS; account++)
      expect((await signedUp({ email: `a${account}@lap-trinh.example` })).outcome).toBe('DONE')
    expect((await signedUp({ email: 'one-more@lap-trinh.example' })).outcome).toHaveProperty('retryAfterSeconds')
    expect(await accounts()).toHaveLength(ACCOUNTS_PER_ADDRESS)
  })

  test('of accounts from everywhere ends where the sandbox is full', async () => {
    await database.sql(
      `insert into identity.account (id, email, display_name, role, scopes, status, updated_at)
       select gen_random_uuid(), 'd' || n || '@lap-trinh.example', 'D', 'DEVELOPER', '{}', 'ACTIVE', now() from generate_series(1, $1) n`,
      [MOST_DEVELOPERS],
    )
    expect((await signedUp()).outcome).toBe('FULL')
  })
})

describe('the pages', () => {
  let server: Server
  const open = async (sandbox: boolean): Promise<string> => {
    server = createServer()
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const key = {
      ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
      kid: 'k',
      alg: 'ES256',
      use: 'sig',
    }
    const oauth = createAuthorizationServer({
      issuer,
      resource: `${issuer}/graphql`,
      pool,
      signingKeys: [key],
      cookieKeys: ['cookies'],
      accountKeys: KEYS,
      sandbox,
      now: () => now,
      log: pino({ level: 'silent' }),
    })
    server.on('request', (req, res) => void oauth.handle(req, res))
    return `${issuer}/oauth/sign-up`
  }
  const post = (url: string, values: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'POST', body: new URLSearchParams(values), headers })
  const close = () => new Promise((closed) => server.close(closed))

  test('lead from the form over the key to the account, in both languages and without a script', async () => {
    const url = await open(true)
    const form = await (await fetch(url)).text()
    expect(form).toContain('Đăng ký tài khoản phát triển')
    expect(form).toContain('Sign up as a developer')
    expect(form).not.toContain('<script')
    const asked = await (await post(url, { ...FORM })).text()
    const ticket = /name="ticket" value="([^"]*)"/.exec(asked)![1]!
    const totpSecret = /class="key">([^<]*)</.exec(asked)![1]!.replaceAll(' ', '')
    const done = await post(url, { ticket, code: codeOf({ text: ticket, email: FORM.email, totpSecret }) })
    expect([done.status, await done.text()]).toEqual([200, expect.stringContaining('Đã nhận đăng ký')])
    expect(await accounts()).toHaveLength(1)
    await close()
  })

  test('say at the field what is wrong, keep what was typed as text, and give no password back', async () => {
    const url = await open(true)
    const answer = await post(url, { ...FORM, displayName: '<b>Trang</b>', repeated: 'một mật khẩu khác' })
    const text = await answer.text()
    expect(answer.status).toBe(400)
    expect(text).toContain('aria-describedby="repeated-fault"')
    expect(text).toContain('role="alert" id="repeated-fault"')
    expect(text).toContain('value="&lt;b&gt;Trang&lt;/b&gt;"')
    expect(text).not.toContain(FORM.password)
    await close()
  })

  test('take no form that another site sends', async () => {
    const url = await open(true)
    expect((await post(url, { ...FORM }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    await close()
  })

  test('are not there in production', async () => {
    const url = await open(false)
    expect((await fetch(url)).status).toBe(404)
    expect((await post(url, { ...FORM })).status).toBe(404)
    expect(await accounts()).toEqual([])
    await close()
  })
})
