// Signing in: e-mail, password and a one-time code, few tries, one answer for every way to be wrong.
import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { uuidv7 } from '../../kernel/uuid.ts'
import { verifyPassword } from './password.ts'
import { unseal } from './sealed.ts'
import { findTotpStep, TOTP_SECRET_BYTES } from './totp.ts'

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

export type SignInAct = 'SIGN_IN' | 'CONSENT' | 'SIGN_OUT' | 'EXCHANGE'

export const WINDOW_SECONDS = 900
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

const COUNT_TRY = `
insert into identity.sign_in_window as known (subject, tries, ends_at)
values ($1, 1, $3)
on conflict (subject) do update set
  tries = case when known.ends_at <= $2 then 1 else known.tries + 1 end,
  ends_at = case when known.ends_at <= $2 then excluded.ends_at else known.ends_at end
returning tries, ends_at`

const FORGET_TRIES = `delete from identity.sign_in_window where subject = $1 or ends_at < $2`

const APPEND_EVENT = `
insert into identity.sign_in_event (id, at, act, outcome, account_id, client_id, address)
values ($1, $2, $3, $4, $5, $6, $7)`

export class SignIn {
  readonly #pool: Pool
  readonly #keys: readonly string[]
  readonly #now: () => Date

  /** `keys` open the secrets of accounts; see sealed.ts. */
  constructor(pool: Pool, keys: readonly string[], now: () => Date) {
    this.#pool = pool
    this.#keys = keys
    this.#now = now
  }

  async attempt({ email, password, code }: Credentials, origin: Origin): Promise<SignInOutcome> {
    const mailbox = email.trim().normalize('NFC').toLowerCase().slice(0, 254)
    // By what was typed, whether or not such an account exists: a limit must not tell which do.
    const subject = `account:${createHash('sha256').update(mailbox).digest('base64url')}`
    const limited =
      (await this.#count(`address:${origin.address}`, TRIES_PER_ADDRESS)) ?? (await this.#count(subject, TRIES_PER_ACCOUNT))
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
    await this.#pool.query(FORGET_TRIES, [subject, this.#now()])
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

  /** Null, or the seconds until the window of this subject ends. */
  async #count(subject: string, most: number): Promise<number | null> {
    const now = this.#now()
    const until = new Date(now.getTime() + WINDOW_SECONDS * 1_000)
    const { rows } = await this.#pool.query<{ tries: number; ends_at: string | Date }>(COUNT_TRY, [subject, now, until])
    const { tries, ends_at } = rows[0]!
    return tries > most ? Math.max(1, Math.ceil((new Date(ends_at).getTime() - now.getTime()) / 1_000)) : null
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
