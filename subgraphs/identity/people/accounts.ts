// Accounts as signing in sees them: those that are open today.
import type { Pool } from 'pg'

export interface OpenAccount {
  readonly id: string
  readonly email: string
  readonly displayName: string
}

/** Null for an account that is closed, suspended or not there. */
export async function findOpenAccount(pool: Pool, id: string): Promise<OpenAccount | null> {
  const { rows } = await pool.query<OpenAccount>(
    `select a.id, a.email, a.display_name as "displayName"
from identity.account a
join access.person p on p.account_id = a.id
where a.id = $1
  and a.status = 'ACTIVE'
  and p.status = 'ACTIVE'`,
    [id],
  )
  return rows[0] ?? null
}
