// Windows of tries: how often somebody may do what could be done by guessing or by flooding. A try counts before it is judged.
import type { Pool } from 'pg'

export const WINDOW_SECONDS = 900

const COUNT_TRY = `
insert into identity.sign_in_window as known (subject, tries, ends_at)
values ($1, 1, $3)
on conflict (subject) do update set
  tries = case when known.ends_at <= $2 then 1 else known.tries + 1 end,
  ends_at = case when known.ends_at <= $2 then excluded.ends_at else known.ends_at end
returning tries, ends_at`

const FORGET_TRIES = `delete from identity.sign_in_window where subject = $1 or ends_at < $2`

export class Tries {
  readonly #pool: Pool
  readonly #now: () => Date

  constructor(pool: Pool, now: () => Date) {
    this.#pool = pool
    this.#now = now
  }

  /** Null, or the seconds until the window of this subject ends. */
  async count(subject: string, most: number, windowSeconds = WINDOW_SECONDS): Promise<number | null> {
    const now = this.#now()
    const until = new Date(now.getTime() + windowSeconds * 1_000)
    const { rows } = await this.#pool.query<{ tries: number; ends_at: string | Date }>(COUNT_TRY, [subject, now, until])
    const { tries, ends_at } = rows[0]!
    return tries > most ? Math.max(1, Math.ceil((new Date(ends_at).getTime() - now.getTime()) / 1_000)) : null
  }

  /** Gives this subject's tries back, and clears away the windows that are over. */
  async forget(subject: string): Promise<void> {
    await this.#pool.query(FORGET_TRIES, [subject, this.#now()])
  }
}
