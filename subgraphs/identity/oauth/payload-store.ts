// Everything oidc-provider keeps, in one table of PostgreSQL, and the one-time use of assertions and proofs.
import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { errors, type Adapter, type AdapterPayload } from 'oidc-provider'
import type { Log } from './log.ts'

const REPLAY_MODEL = 'ReplayDetection'
/** One write in fifty clears up to four times what was written since: the table stays as small as what is alive. */
const WRITES_PER_PURGE = 50
const PURGE_LIMIT = 200
/**
 * A row outlives its expiry by ten minutes. An assertion accepted in its last moment may wait for a slow database; if its
 * earlier use were cleared away meanwhile, the second use would pass. It also covers processes whose clocks differ.
 */
const PURGE_GRACE_MS = 600_000

interface PayloadRow {
  payload: AdapterPayload
  consumed: number | null
}

export class PayloadStore {
  readonly #pool: Pool
  readonly #now: () => Date
  readonly #log: Log
  #writes = 0

  constructor(pool: Pool, now: () => Date, log: Log) {
    this.#pool = pool
    this.#now = now
    this.#log = log
  }

  /**
   * Whether this is the first use of `jti` by `issuer`. The insert decides, not a look before it: of any number of
   * simultaneous uses, in any number of processes, the primary key lets one in. Nothing is ever replaced here.
   */
  async claimOnce(issuer: string, jti: string, expiresAt: Date): Promise<boolean> {
    // As JSON, so that the client `a` with jti `bc` is not the client `ab` with jti `c`.
    const id = createHash('sha256')
      .update(JSON.stringify([issuer, jti]))
      .digest('base64url')
    const { rowCount } = await this.#pool.query(
      `insert into identity.oidc_payload (model, id, payload, expires_at)
values ($1, $2, $3, $4)
on conflict (model, id) do nothing`,
      [REPLAY_MODEL, id, { iss: issuer }, expiresAt],
    )
    await this.#purgeNowAndThen()
    return rowCount === 1
  }

  adapterFor(model: string): Adapter {
    return {
      upsert: (id, payload, expiresIn) => this.#upsert(model, id, payload, expiresIn),
      find: (id) => this.#findBy('id', model, id),
      findByUid: (uid) => this.#findBy('uid', model, uid),
      findByUserCode: (userCode) => this.#findBy('user_code', model, userCode),
      consume: (id) => this.#consume(model, id),
      destroy: async (id) => {
        await this.#pool.query(
          `delete from identity.oidc_payload
where model = $1
  and id = $2`,
          [model, id],
        )
      },
      revokeByGrantId: async (grantId) => {
        await this.#pool.query(
          `delete from identity.oidc_payload
where model = $1
  and grant_id = $2`,
          [model, grantId],
        )
      },
    }
  }

  /** Removes expired rows, the oldest first, never more than a bounded number; two processes do not wait for each other. */
  async purge(): Promise<number> {
    const { rowCount } = await this.#pool.query(
      `delete from identity.oidc_payload
where (model, id) in (
  select model, id
  from identity.oidc_payload
  where expires_at <= $1
  order by expires_at
  limit ${PURGE_LIMIT}
  for update skip locked
)`,
      [new Date(this.#now().getTime() - PURGE_GRACE_MS)],
    )
    return rowCount ?? 0
  }

  async #upsert(model: string, id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    // Replacing a used assertion would make it usable again. Only claimOnce writes them; any other way in fails closed.
    if (model === REPLAY_MODEL) throw new Error('Used assertions are written by claimOnce alone.')
    const { consumed, ...stored } = payload
    const now = this.#now()
    // What was used up stays used up, whatever is saved after.
    await this.#pool.query(
      `insert into identity.oidc_payload as kept (model, id, payload, grant_id, user_code, uid, consumed_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (model, id) do update set
  payload = excluded.payload,
  grant_id = excluded.grant_id,
  user_code = excluded.user_code,
  uid = excluded.uid,
  consumed_at = coalesce(kept.consumed_at, excluded.consumed_at),
  expires_at = excluded.expires_at`,
      [
        model,
        id,
        stored,
        payload.grantId ?? null,
        payload.userCode ?? null,
        payload.uid ?? null,
        consumed ? now : null,
        expiresIn === undefined ? null : new Date(now.getTime() + expiresIn * 1000),
      ],
    )
    await this.#purgeNowAndThen()
  }

  async #findBy(column: 'id' | 'uid' | 'user_code', model: string, value: string): Promise<AdapterPayload | undefined> {
    const { rows } = await this.#pool.query<PayloadRow>(
      `select payload, extract(epoch from consumed_at)::float8 as consumed
from identity.oidc_payload
where model = $1
  and ${column} = $2
  and (expires_at is null or expires_at > $3)`,
      [model, value, this.#now()],
    )
    const [row] = rows
    return row && { ...row.payload, ...(row.consumed === null ? {} : { consumed: Math.floor(row.consumed) }) }
  }

  /** oidc-provider reads, then consumes: of two that read a code at once, the update lets one go on. */
  async #consume(model: string, id: string): Promise<void> {
    const { rowCount } = await this.#pool.query(
      `update identity.oidc_payload
set consumed_at = $3
where model = $1
  and id = $2
  and consumed_at is null`,
      [model, id, this.#now()],
    )
    if (rowCount !== 1) throw new errors.InvalidGrant(`${model} already consumed`)
  }

  async #purgeNowAndThen(): Promise<void> {
    if (this.#writes++ % WRITES_PER_PURGE !== 0) return
    // Housekeeping must not cost a caller its answer.
    await this.purge().catch((err: unknown) => this.#log.warn({ err }, 'expired OAuth state could not be cleared'))
  }
}
