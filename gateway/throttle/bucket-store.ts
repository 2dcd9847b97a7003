// The buckets that all gateways share, in PostgreSQL: one statement takes for many buckets at once.
import type { AccessDatabase } from '../access-database.ts'
import type { Budget, OperationClass } from './budgets.ts'

export interface BucketKey {
  /** Application, or account of a person. */
  readonly party: string
  /** Null: all schools together. */
  readonly school: string | null
  readonly operationClass: OperationClass
}

export interface Ask {
  readonly key: BucketKey
  /** What holds unless the database says otherwise for this party. */
  readonly budget: Budget
  /** Put back first: what this gateway did not spend; negative, what it spent beyond. */
  readonly returned: number
  /** With less than this in the bucket nothing is taken. */
  readonly least: number
  readonly wanted: number
}

export interface Grant extends Budget {
  readonly granted: number
  /** What is left in the bucket for everybody. */
  readonly level: number
  /** Milliseconds; the moment the level was true. */
  readonly at: number
}

export type TakeCost = (ask: Ask) => Promise<Grant>

interface Waiting {
  readonly ask: Ask
  resolve(grant: Grant): void
  reject(error: unknown): void
}

interface GrantRow {
  readonly position: number
  readonly granted: number
  readonly level: number
  readonly capacity: number
  readonly restore_rate: number
}

const TAKE = 'select * from access.take_cost($1::jsonb, $2::timestamptz)'
const MOST_ASKS = 200
/** As with the audit: a second statement hides the round trip of the first. */
const MOST_IN_FLIGHT = 2

/** Of one bucket there must never be two asks at the same time: two statements of one gateway would wait for each other's row. */
export function createBucketStore(database: AccessDatabase, now: () => Date): TakeCost {
  let waiting: Waiting[] = []
  let inFlight = 0

  function flush(): void {
    while (waiting.length > 0 && inFlight < MOST_IN_FLIGHT) {
      const group = waiting.slice(0, MOST_ASKS)
      waiting = waiting.slice(MOST_ASKS)
      inFlight++
      void send(group)
    }
  }

  async function send(group: readonly Waiting[]): Promise<void> {
    const at = now()
    try {
      const rows = await database.query<GrantRow & Record<string, unknown>>(TAKE, [
        JSON.stringify(group.map(rowOf)),
        at.toISOString(),
      ])
      const grants = new Map(rows.map((row) => [row.position, row]))
      for (const [position, { resolve }] of group.entries()) {
        const { granted, level, capacity, restore_rate: restoreRate } = grants.get(position)!
        resolve({ granted, level, capacity, restoreRate, at: at.getTime() })
      }
    } catch (error) {
      for (const { reject } of group) reject(error)
    } finally {
      inFlight--
      flush()
    }
  }

  return (ask) => {
    const { promise, resolve, reject } = Promise.withResolvers<Grant>()
    waiting.push({ ask, resolve, reject })
    flush()
    return promise
  }
}

function rowOf({ ask: { key, budget, returned, least, wanted } }: Waiting, position: number): object {
  return {
    position,
    party: key.party,
    school: key.school,
    class: key.operationClass,
    capacity: budget.capacity,
    restore_rate: budget.restoreRate,
    returned,
    least,
    wanted,
  }
}
