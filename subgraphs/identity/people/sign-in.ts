// Signing in: e-mail, password and a one-time code, few tries, one answer for every way to be wrong.
import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { uuidv7 } from '../../kernel/uuid.ts'
import { verifyPassword } from './password.ts'
import { unseal } from './sealed.ts'
import { findTotpStep, TOTP_SECRET_BYTES } from './totp.ts'
import { Tries } from './tries.ts'

export interface Credentials {
  readonly email: string
  readonly password: string
  readonly code: string
}

/** Where a sign-in comes from. */
export interface Origin {
  readonly address: string
  readonly clientId: string | null
}

export type SignInOutcome =
  | { readonly outcome: 'ALLOWED'; readonly accountId: string }
  | { readonly outcome: 'REFUSED' }
  | { readonly outcome: 'LIMITED'; readonly retryAfterSeconds: number }

export type SignInAct = 'SIGN_IN' | 'CONSENT' | 'SIGN_OUT' | 'EXCHANGE' | 'SIGN_UP'

/** With a second factor besides, ten guesses in a quarter of an hour are nothing to a thief and enough for a tired teacher. */
export const TRIES_PER_ACCOUNT = 10
/** A whole school stands behind one address on the first day of the year. */
export const TRIES_PER_ADDRESS = 100

interface SecretRow {
  account_id: string
  status: string
  password_hash: string | null
  totp_secret: Buffer | null
}

// The row is found by its e-mail, also without secrets: who has none yet is refused like everybody else.
const FIND_ACCOUNT = `
select a.id as account_id, case when p.status is distinct from 'ACTIVE' then 'CLOSED' else a.status end as status,
  s.password_hash, s.totp_secret
from identity.account a
left join access.person p on p.account_id = a.id
left join identity.account_secret s on s.account_id = a.id
where a.email = $1`

// Of two sign-ins with one code the row lock lets one through: the other then compares with the new step.
const CLAIM_CODE = `
update identity.account_secret
set totp_last_step = $2
where account_id = $1
  and totp_last_step < $2`

const APPEND_EVENT = `
insert into identity.sign_in_event (id, at, act, outcome, account_id, client_id, address)
values ($1, $2, $3, $4, $5, $6, $7)`

/** As it is stored and compared. */
export const mailboxOf = (email: string): string => email.trim().normalize('NFC').toLowerCase().slice(0, 254)

export class SignIn {
  readonly #pool: Pool
  readonly #keys: readonly string[]
  readonly #now: () => Date
  readonly #tries: Tries

  /** `keys` open the secrets of accounts; see sealed.ts. */
  constructor(pool: Pool, keys: readonly string[], now: () => Date) {
    this.#pool = pool
    this.#keys = keys
    this.#now = now
    this.#tries = new Tries(pool, now)
  }

  async attempt({ email, password, code }: Credentials, origin: Origin): Promise<SignInOutcome> {
    const mailbox = mailboxOf(email)
    // By what was typed, whether or not such an account exists: a limit must not tell which do.
    const subject = `account:${createHash('sha256').update(mailbox).digest('base64url')}`
    const limited =
      (await this.#tries.count(`address:${origin.address}`, TRIES_PER_ADDRESS)) ??
      (await this.#tries.count(subject, TRIES_PER_ACCOUNT))
    if (limited !== null) {
      await this.record('SIGN_IN', 'LIMITED', null, origin)
      return { outcome: 'LIMITED', retryAfterSeconds: limited }
    }
    // PostgreSQL's text holds no NUL.
    const { rows } = await this.#pool.query<SecretRow>(FIND_ACCOUNT, [mailbox.replaceAll('\0', '')])
    const [row] = rows
    const [knowsPassword, step] = [await verifyPassword(password, row?.password_hash ?? null), this.#stepOf(row, code)]
    const open = row !== undefined && row.status === 'ACTIVE' && knowsPassword && step !== null
    if (!open || !(await this.#claim(row.account_id, step))) {
      await this.record('SIGN_IN', 'REFUSED', row?.account_id ?? null, origin)
      return { outcome: 'REFUSED' }
    }
    await this.#tries.forget(subject)
    await this.record('SIGN_IN', 'ALLOWED', row.account_id, origin)
    return { outcome: 'ALLOWED', accountId: row.account_id }
  }

  /** Durable before anybody is told the outcome. */
  async record(
    act: SignInAct,
    outcome: SignInOutcome['outcome'],
    accountId: string | null,
    { address, clientId }: Origin,
  ): Promise<void> {
    const now = this.#now()
    await this.#pool.query(APPEND_EVENT, [uuidv7(now), now, act, outcome, accountId, clientId, address])
  }

  #stepOf(row: SecretRow | undefined, code: string): number | null {
    const secret = row?.totp_secret ? unseal(row.totp_secret, row.account_id, this.#keys) : Buffer.alloc(TOTP_SECRET_BYTES)
    const step = findTotpStep(secret, code, this.#now())
    return row?.totp_secret ? step : null
  }

  async #claim(accountId: string, step: number): Promise<boolean> {
    return (await this.#pool.query(CLAIM_CODE, [accountId, step])).rowCount === 1
  }
}
