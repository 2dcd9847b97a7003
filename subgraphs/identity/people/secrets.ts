// Gives an account its password and its authenticator secret, or takes both away.
import type { ClientBase, Pool } from 'pg'
import { hashPassword, SHORTEST_PASSWORD } from './password.ts'
import { seal, unseal } from './sealed.ts'
import { fromBase32 } from './totp.ts'

export interface AccountSecrets {
  readonly password: string
  /** Base32, as an authenticator app takes it. */
  readonly totpSecret: string
}

type Connection = Pick<ClientBase | Pool, 'query'>

const PUT = `
insert into identity.account_secret (account_id, password_hash, totp_secret, updated_at, totp_last_step)
values ($1, $2, $3, $4, $5)
on conflict (account_id) do update set
  password_hash = excluded.password_hash,
  totp_secret = excluded.totp_secret,
  totp_last_step = excluded.totp_last_step,
  updated_at = excluded.updated_at`

export async function putSecrets(
  connection: Connection,
  accountId: string,
  { password, totpSecret }: AccountSecrets,
  keys: readonly string[],
  now: Date,
): Promise<void> {
  if (password.length < SHORTEST_PASSWORD) throw new RangeError(`A password has at least ${SHORTEST_PASSWORD} characters.`)
  await putHashedSecrets(
    connection,
    accountId,
    { passwordHash: await hashPassword(password), totpSecret, lastStep: 0 },
    keys,
    now,
  )
}

export interface HashedSecrets {
  readonly passwordHash: string
  readonly totpSecret: string
  /** The step whose code has served already. */
  readonly lastStep: number
}

export async function putHashedSecrets(
  connection: Connection,
  accountId: string,
  { passwordHash, totpSecret, lastStep }: HashedSecrets,
  keys: readonly string[],
  now: Date,
): Promise<void> {
  await connection.query(PUT, [accountId, passwordHash, seal(fromBase32(totpSecret), accountId, keys), now, lastStep])
}

/** Whether the account's authenticator is this one. Cheap, unlike comparing passwords. */
export async function hasAuthenticator(
  connection: Connection,
  accountId: string,
  totpSecret: string,
  keys: readonly string[],
): Promise<boolean> {
  const { rows } = await connection.query<{ totp_secret: Buffer }>(
    `select totp_secret from identity.account_secret where account_id = $1`,
    [accountId],
  )
  if (!rows[0]) return false
  try {
    return unseal(rows[0].totp_secret, accountId, keys).equals(fromBase32(totpSecret))
  } catch {
    // Sealed by another key, or for another account: not this one.
    return false
  }
}
