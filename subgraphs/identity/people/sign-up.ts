// A developer signs up by themselves, in the sandbox alone: what they typed, proven by a first code, becomes an account.
import { randomBytes } from 'node:crypto'
import type { Pool } from 'pg'
import type { Scope } from '../../kernel/scopes.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { hashPassword, LONGEST_PASSWORD, SHORTEST_PASSWORD } from './password.ts'
import { seal, unseal } from './sealed.ts'
import { putHashedSecrets } from './secrets.ts'
import { mailboxOf, type Origin, type SignIn } from './sign-in.ts'
import { findTotpStep, fromBase32, toBase32, TOTP_SECRET_BYTES } from './totp.ts'
import { Tries } from './tries.ts'

/** A developer reads the registry's own part and the own synthetic schools; what writes marks is the application of the sandbox. */
const DEVELOPER_SCOPES: readonly Scope[] = ['identity.read', 'school.read', 'student.basic.read', 'staff.read', 'gradebook.read']

/** Forms sent from one address in a quarter of an hour, those with a slip of the finger included. */
export const FORMS_PER_ADDRESS = 30
/** Accounts from one address in a day: a course at one desk, not a machine. */
export const ACCOUNTS_PER_ADDRESS = 10
const DAY_SECONDS = 86_400
/** Of the whole sandbox. A sandbox is thrown away and begun anew; it must not be filled up meanwhile. */
export const MOST_DEVELOPERS = 1_000
/** From the first page to the code of the second. */
const TICKET_SECONDS = 900

export interface SignUpForm {
  readonly email: string
  readonly displayName: string
  readonly organisation: string
  readonly password: string
  readonly repeated: string
}

export type SignUpField = keyof SignUpForm
export const SIGN_UP_FIELDS: readonly SignUpField[] = ['email', 'displayName', 'organisation', 'password', 'repeated']

const MAILBOX = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+\.[^\s@\p{Cc}]+$/u
const LINE = /^[^\p{Cc}]{1,120}$/u

/** The fields that are not as they must be. Length counts, rules of composition do not (NIST SP 800-63B). */
export function findFormFaults(form: SignUpForm): SignUpField[] {
  const { email, displayName, organisation, password, repeated } = form
  const isFault: Readonly<Record<SignUpField, boolean>> = {
    email: email.trim().length > 254 || !email.isWellFormed() || !MAILBOX.test(mailboxOf(email)),
    displayName: !displayName.isWellFormed() || !LINE.test(displayName.trim()),
    organisation: !organisation.isWellFormed() || !LINE.test(organisation.trim()),
    password: password.length < SHORTEST_PASSWORD || password.length > LONGEST_PASSWORD,
    repeated: password !== repeated,
  }
  return SIGN_UP_FIELDS.filter((name) => isFault[name])
}

export interface Ticket {
  /** Carries what was typed through the browser, sealed: nothing is stored for who does not come back. */
  readonly text: string
  readonly email: string
  /** Base32, for the authenticator app. */
  readonly totpSecret: string
}

interface Sealed {
  readonly email: string
  readonly displayName: string
  readonly organisation: string
  readonly passwordHash: string
  readonly totpSecret: string
  readonly until: number
}

export type Begun = { readonly ticket: Ticket } | { readonly faults: readonly SignUpField[] } | Limited
/** `DONE` whether or not the address had an account before: who has one knows, and nobody else learns it here. */
export type Completed = 'DONE' | 'FULL' | 'EXPIRED' | { readonly wrongCode: Ticket } | Limited
export interface Limited {
  readonly retryAfterSeconds: number
}

const PURPOSE = 'sign-up'

const COUNT_DEVELOPERS = `select count(*)::integer as developers from identity.account where role = 'DEVELOPER'`

const INSERT_ACCOUNT = `
insert into identity.account (id, email, display_name, organisation, role, scopes, status, updated_at)
values ($1, $2, $3, $4, 'DEVELOPER', $5, 'ACTIVE', $6)
on conflict do nothing
returning id`

const INSERT_PERSON = `insert into access.person (account_id, role, status) values ($1, 'DEVELOPER', 'ACTIVE')`

export interface SignUpOptions {
  readonly pool: Pool
  readonly keys: readonly string[]
  readonly signIn: SignIn
  readonly now: () => Date
}

export class SignUp {
  readonly #options: SignUpOptions
  readonly #tries: Tries

  constructor(options: SignUpOptions) {
    this.#options = options
    this.#tries = new Tries(options.pool, options.now)
  }

  async begin(form: SignUpForm, { address }: Origin): Promise<Begun> {
    const retryAfterSeconds = await this.#tries.count(`sign-up:${address}`, FORMS_PER_ADDRESS)
    if (retryAfterSeconds !== null) return { retryAfterSeconds }
    const faults = findFormFaults(form)
    if (faults.length > 0) return { faults }
    const { keys, now } = this.#options
    const sealed: Sealed = {
      email: mailboxOf(form.email),
      displayName: form.displayName.normalize('NFC').trim(),
      organisation: form.organisation.normalize('NFC').trim(),
      passwordHash: await hashPassword(form.password),
      totpSecret: toBase32(randomBytes(TOTP_SECRET_BYTES)),
      until: now().getTime() + TICKET_SECONDS * 1_000,
    }
    return { ticket: ticketOf(sealed, seal(Buffer.from(JSON.stringify(sealed)), PURPOSE, keys).toString('base64url')) }
  }

  async complete(text: string, code: string, origin: Origin): Promise<Completed> {
    const { keys, now, signIn } = this.#options
    const forms = await this.#tries.count(`sign-up:${origin.address}`, FORMS_PER_ADDRESS)
    if (forms !== null) return { retryAfterSeconds: forms }
    const sealed = openTicket(text, keys)
    if (!sealed || sealed.until < now().getTime()) return 'EXPIRED'
    const step = findTotpStep(fromBase32(sealed.totpSecret), code, now())
    if (step === null) return { wrongCode: ticketOf(sealed, text) }
    const accounts = await this.#tries.count(`signed-up:${origin.address}`, ACCOUNTS_PER_ADDRESS, DAY_SECONDS)
    if (accounts !== null) {
      await signIn.record('SIGN_UP', 'LIMITED', null, origin)
      return { retryAfterSeconds: accounts }
    }
    const accountId = await this.#create(sealed, step)
    if (accountId === 'FULL') return 'FULL'
    await signIn.record('SIGN_UP', accountId ? 'ALLOWED' : 'REFUSED', accountId, origin)
    return 'DONE'
  }

  /** Null when the address has an account; that one stays as it is. */
  async #create(sealed: Sealed, lastStep: number): Promise<string | null | 'FULL'> {
    const { pool, keys, now } = this.#options
    const id = uuidv7(now())
    const client = await pool.connect()
    let broken: Error | undefined
    try {
      await client.query('begin')
      // One at a time, so that the count holds; a sign-up is rare.
      await client.query(`select pg_advisory_xact_lock(hashtext('lienthong.sign-up'))`)
      const { rows } = await client.query<{ developers: number }>(COUNT_DEVELOPERS)
      if (rows[0]!.developers >= MOST_DEVELOPERS) {
        await client.query('rollback')
        return 'FULL'
      }
      const { email, displayName, organisation, passwordHash, totpSecret } = sealed
      const made = await client.query(INSERT_ACCOUNT, [id, email, displayName, organisation, DEVELOPER_SCOPES, now()])
      if (made.rowCount === 1) {
        await client.query(INSERT_PERSON, [id])
        await putHashedSecrets(client, id, { passwordHash, totpSecret, lastStep }, keys, now())
      }
      await client.query('commit')
      return made.rowCount === 1 ? id : null
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => (broken = failure))
      throw error
    } finally {
      client.release(broken)
    }
  }
}

const ticketOf = ({ email, totpSecret }: Sealed, text: string): Ticket => ({ text, email, totpSecret })

/** Null for what we did not seal. */
function openTicket(text: string, keys: readonly string[]): Sealed | null {
  try {
    return JSON.parse(unseal(Buffer.from(text, 'base64url'), PURPOSE, keys).toString()) as Sealed
  } catch {
    return null
  }
}
