// Signing in: what lets a person in, what does not, and what is written down of it.
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hashPassword, verifyPassword } from '../../subgraphs/identity/people/password.ts'
import { seal, unseal } from '../../subgraphs/identity/people/sealed.ts'
import { hasAuthenticator, putSecrets } from '../../subgraphs/identity/people/secrets.ts'
import { SignIn, TRIES_PER_ACCOUNT, TRIES_PER_ADDRESS, type Credentials } from '../../subgraphs/identity/people/sign-in.ts'
import { WINDOW_SECONDS } from '../../subgraphs/identity/people/tries.ts'
import { findTotpStep, fromBase32, toBase32, totpCode, totpStep } from '../../subgraphs/identity/people/totp.ts'
import { endPool } from '../../platform/runtime/end-pool.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'

const KEYS = ['a key of the test, long enough']
const TEACHER = { id: '01900000-0000-7000-8000-000000000001', email: 'giao-vien@thpt.example' }
const PASSWORD = 'Mật khẩu rất dài 2026'
const TOTP = randomBytes(20)

let database: TestDatabase
let pool: pg.Pool
let now: Date
let signIn: SignIn

const origin = { address: '203.0.113.7', clientId: 'lien-thong-portal' }
const codeAt = (seconds = 0): string => totpCode(TOTP, totpStep(new Date(now.getTime() + seconds * 1_000)))
const attempt = (wrong: Partial<Credentials> = {}, from = origin) =>
  signIn.attempt({ email: TEACHER.email, password: PASSWORD, code: codeAt(), ...wrong }, from)
const events = () =>
  database.sql<{ act: string; outcome: string; account_id: string | null; address: string }>(
    'select act, outcome, account_id, address from identity.sign_in_event order by id',
  )

beforeAll(async () => {
  database = await freshDatabase({ province: false })
  pool = new pg.Pool({ connectionString: database.urlOf('identity'), max: 20 })
  await database.sql(
    `insert into identity.account (id, email, display_name, role, scopes, status, updated_at)
     values ($1, $2, 'Lê Thị Hoa', 'TEACHER', '{school.read}', 'ACTIVE', now())`,
    [TEACHER.id, TEACHER.email],
  )
  await database.sql(`insert into access.person (account_id, role, status) values ($1, 'TEACHER', 'ACTIVE')`, [TEACHER.id])
  await putSecrets(pool, TEACHER.id, { password: PASSWORD, totpSecret: toBase32(TOTP) }, KEYS, new Date())
})
afterAll(async () => {
  if (pool) await endPool(pool)
  await database?.drop()
})
beforeEach(async () => {
  now = new Date('2026-11-20T08:00:10+07:00')
  signIn = new SignIn(pool, KEYS, () => now)
  await database.sql('truncate identity.sign_in_window, identity.sign_in_event')
  await database.sql('update identity.account_secret set totp_last_step = 0')
})

describe('a person signs in', () => {
  test('with the address, the password and the code of the moment, and it is written down', async () => {
    expect(await attempt()).toEqual({ outcome: 'ALLOWED', accountId: TEACHER.id })
    expect(await events()).toEqual([{ act: 'SIGN_IN', outcome: 'ALLOWED', account_id: TEACHER.id, address: origin.address }])
  })

  test('however the address is cased and the password is composed', async () => {
    const wish = { email: ' Giao-Vien@THPT.example ', password: PASSWORD.normalize('NFD') }
    expect((await attempt(wish)).outcome).toBe('ALLOWED')
  })

  test.each([-30, 30])('with a telephone whose clock is %i seconds off', async (seconds) => {
    expect((await attempt({ code: codeAt(seconds) })).outcome).toBe('ALLOWED')
  })
})

describe('nobody signs in', () => {
  const wrong: [string, () => Partial<Credentials>][] = [
    ['a wrong password', () => ({ password: `${PASSWORD}!` })],
    ['an empty password', () => ({ password: '' })],
    ['a password of a megabyte', () => ({ password: 'x'.repeat(1_000_000) })],
    ['a wrong code', () => ({ code: codeAt().replace(/./g, (digit) => String((Number(digit) + 1) % 10)) })],
    ['an empty code', () => ({ code: '' })],
    ['a code and something behind it', () => ({ code: `${codeAt()}0` })],
    ['a code of a minute and a half ago', () => ({ code: codeAt(-90) })],
    ['a code of a minute to come', () => ({ code: codeAt(60) })],
    ['an unknown address', () => ({ email: 'nobody@thpt.example' })],
    ['an address that no database could hold', () => ({ email: 'giao\u0000vien' })],
  ]
  test.each(wrong)('with %s, and every answer reads the same', async (_, change) => {
    expect(await attempt(change())).toEqual({ outcome: 'REFUSED' })
    expect((await events()).map(({ outcome }) => outcome)).toEqual(['REFUSED'])
  })

  test('twice with one code, also not at the same moment', async () => {
    const together = await Promise.all(Array.from({ length: 8 }, () => attempt()))
    expect(together.filter(({ outcome }) => outcome === 'ALLOWED')).toHaveLength(1)
    expect((await attempt()).outcome).toBe('REFUSED')
    now = new Date(now.getTime() + 30_000)
    expect((await attempt()).outcome).toBe('ALLOWED')
  })

  test('with an earlier code than the one used last', async () => {
    const earlier = codeAt(-30)
    expect((await attempt()).outcome).toBe('ALLOWED')
    expect((await attempt({ code: earlier })).outcome).toBe('REFUSED')
  })

  test.each([
    [
      'the account is suspended',
      `update identity.account set status = 'SUSPENDED'`,
      `update identity.account set status = 'ACTIVE'`,
    ],
    ['the person has left', `update access.person set status = 'REVOKED'`, `update access.person set status = 'ACTIVE'`],
  ])('when %s', async (_, close, open) => {
    await database.sql(close)
    expect(await attempt()).toEqual({ outcome: 'REFUSED' })
    await database.sql(open)
    now = new Date(now.getTime() + 60_000)
    expect((await attempt()).outcome).toBe('ALLOWED')
  })

  test('an unknown address takes as long as a wrong password', async () => {
    const took = async (change: Partial<Credentials>): Promise<number> => {
      const begun = performance.now()
      await attempt(change)
      return performance.now() - begun
    }
    const median = (times: number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!
    const known: number[] = []
    const unknown: number[] = []
    for (let turn = 0; turn < 4; turn++) {
      known.push(await took({ password: 'wrong' }))
      unknown.push(await took({ email: `nobody${turn}@thpt.example`, password: 'wrong' }))
    }
    // Without the hash a refusal takes a twentieth of it.
    expect(median(unknown)).toBeGreaterThan(median(known) * 0.4)
    expect(median(unknown)).toBeLessThan(median(known) * 2.5)
  })
})

describe('guessing', () => {
  test('ends after a few tries of one account, also with the right password, and begins anew with the next window', async () => {
    for (let turn = 0; turn < TRIES_PER_ACCOUNT; turn++) expect((await attempt({ password: 'wrong' })).outcome).toBe('REFUSED')
    expect(await attempt()).toEqual({ outcome: 'LIMITED', retryAfterSeconds: WINDOW_SECONDS })
    expect((await events()).filter(({ outcome }) => outcome === 'LIMITED')).toHaveLength(1)
    now = new Date(now.getTime() + WINDOW_SECONDS * 1_000)
    expect((await attempt()).outcome).toBe('ALLOWED')
  })

  test('reads the same for an account that is not there', async () => {
    for (let turn = 0; turn < TRIES_PER_ACCOUNT; turn++)
      expect((await attempt({ email: 'nobody@thpt.example' })).outcome).toBe('REFUSED')
    expect((await attempt({ email: 'nobody@thpt.example' })).outcome).toBe('LIMITED')
  })

  test('is not helped by many tries at once', async () => {
    const together = await Promise.all(Array.from({ length: TRIES_PER_ACCOUNT + 10 }, () => attempt({ password: 'wrong' })))
    expect(together.filter(({ outcome }) => outcome === 'REFUSED')).toHaveLength(TRIES_PER_ACCOUNT)
  })

  test('of many accounts from one address ends too, and leaves other addresses alone', async () => {
    await database.sql(`insert into identity.sign_in_window values ($1, $2, $3)`, [
      `address:${origin.address}`,
      TRIES_PER_ADDRESS,
      new Date(now.getTime() + 60_000),
    ])
    expect(await attempt()).toEqual({ outcome: 'LIMITED', retryAfterSeconds: 60 })
    expect((await attempt({}, { ...origin, address: '203.0.113.8' })).outcome).toBe('ALLOWED')
  })

  test('a success gives the tries of the account back', async () => {
    for (let turn = 1; turn < TRIES_PER_ACCOUNT; turn++) await attempt({ password: 'wrong' })
    expect((await attempt()).outcome).toBe('ALLOWED')
    now = new Date(now.getTime() + 30_000)
    expect((await attempt({ password: 'wrong' })).outcome).toBe('REFUSED')
    expect((await attempt()).outcome).toBe('ALLOWED')
  })
})

describe('secrets at rest', () => {
  test('a password is kept as argon2id at the cost OWASP asks for, each with a salt of its own', async () => {
    const [one, two] = [await hashPassword(PASSWORD), await hashPassword(PASSWORD)]
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(one).not.toBe(two)
    expect([
      await verifyPassword(PASSWORD, one),
      await verifyPassword('other', one),
      await verifyPassword(PASSWORD, null),
    ]).toEqual([true, false, false])
  })

  test('a password too short to keep is not kept', async () => {
    await expect(putSecrets(pool, TEACHER.id, { password: 'short', totpSecret: toBase32(TOTP) }, KEYS, now)).rejects.toThrow(/12/)
  })

  test('the authenticator’s secret is sealed: it opens with its key and for its account alone, and an altered one does not', async () => {
    const sealed = seal(TOTP, TEACHER.id, KEYS)
    expect(sealed.includes(TOTP)).toBe(false)
    expect(unseal(sealed, TEACHER.id, ['a newer key of the test', ...KEYS])).toEqual(TOTP)
    expect(() => unseal(sealed, '01900000-0000-7000-8000-000000000002', KEYS)).toThrow()
    expect(() => unseal(sealed, TEACHER.id, ['another key altogether'])).toThrow(/secrets file/)
    sealed[sealed.length - 1]! ^= 1
    expect(() => unseal(sealed, TEACHER.id, KEYS)).toThrow()
    expect(await hasAuthenticator(pool, TEACHER.id, toBase32(TOTP), KEYS)).toBe(true)
    expect(await hasAuthenticator(pool, TEACHER.id, toBase32(randomBytes(20)), KEYS)).toBe(false)
  })

  test('the record of sign-ins cannot be rewritten by the service that writes it', async () => {
    await attempt()
    for (const statement of [`update identity.sign_in_event set outcome = 'ALLOWED'`, 'delete from identity.sign_in_event'])
      await expect(pool.query(statement)).rejects.toMatchObject({ code: '42501' })
  })
})

describe('one-time codes', () => {
  // RFC 6238, appendix B, cut to six digits.
  const SECRET = Buffer.from('12345678901234567890')
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ])('at %i seconds are those of the standard', (seconds, code) => {
    const at = new Date(seconds * 1_000)
    expect(totpCode(SECRET, totpStep(at))).toBe(code)
    expect(findTotpStep(SECRET, code, at)).toBe(totpStep(at))
  })

  test('travel to the app in base32, as RFC 4648 writes it', () => {
    expect(toBase32(Buffer.from('foobar'))).toBe('MZXW6YTBOI')
    expect(fromBase32('MZXW6YTBOI').toString()).toBe('foobar')
  })
})
