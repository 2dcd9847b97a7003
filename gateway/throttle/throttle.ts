// Admission by budget: what an operation may cost is acquired before it runs, and what it did cost is settled after.
import { LRUCache } from 'lru-cache'
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { refuseBeyond } from '../limits/refusals.ts'
import type { Refusal } from '../limits/refusals.ts'
import { Bucket, type BucketStatus, type Verdict } from './bucket.ts'
import type { TakeCost } from './bucket-store.ts'
import type { Budgets, OperationClass } from './budgets.ts'

/** Of a party: the three ids of a viewer that tell one from another. */
export interface Payer {
  readonly applicationId: string | null
  readonly accountId: string | null
  readonly clientId: string
}

export interface Request {
  readonly operationClass: OperationClass
  readonly cost: number
  /** The record it names; see `named-record.ts`. */
  readonly record: string | undefined
}

/** `extensions.cost` of every answer. */
export interface CostReport {
  readonly operationClass: OperationClass
  readonly requestedQueryCost: number
  readonly actualQueryCost: number
  readonly throttleStatus: BucketStatus
  /** Of the one school the operation concerned. */
  readonly schoolThrottleStatus?: BucketStatus
}

export type Admission =
  | {
      readonly ok: true
      /** To be called once, with what the operation turned out to cost and the schools it concerned. */
      settle(actual: number, schools: ReadonlySet<string>): CostReport
    }
  | { readonly ok: false; readonly refusal: PlatformError | Refusal; readonly cost: CostReport }

export interface Throttle {
  /** Rejects with SERVICE_UNAVAILABLE while the shared buckets cannot be asked. */
  admit(payer: Payer, request: Request): Promise<Admission>
  /** What is available to the party just now; takes nothing. */
  status(payer: Payer, operationClass: OperationClass): BucketStatus
}

export interface ThrottleOptions {
  readonly budgets: Budgets
  readonly take: TakeCost
  readonly now: () => Date
}

const MOST_BUCKETS = 50_000
const MOST_NAMES = 50_000

export function createThrottle({ budgets, take, now }: ThrottleOptions): Throttle {
  const buckets = new LRUCache<string, Bucket>({ max: MOST_BUCKETS })
  // Per party, so that nobody's words are read by what somebody else was answered.
  const schoolsByName = new LRUCache<string, string>({ max: MOST_NAMES })

  function bucketOf(party: string, school: string | null, operationClass: OperationClass): Bucket {
    const id = `${party} ${school ?? '*'} ${operationClass}`
    let bucket = buckets.get(id)
    if (!bucket) {
      const budget = (school === null ? budgets.party : budgets.school)[operationClass]
      buckets.set(id, (bucket = new Bucket({ party, school, operationClass }, budget, take, now)))
    }
    return bucket
  }

  return {
    status: (payer, operationClass) => bucketOf(partyOf(payer), null, operationClass).status(),

    async admit(payer, { operationClass, cost, record }) {
      const party = partyOf(payer)
      const own = bucketOf(party, null, operationClass)
      const name = record && `${party} ${record}`
      const school = name ? schoolsByName.get(name) : undefined
      const atSchool = school === undefined ? undefined : bucketOf(party, school, operationClass)

      const report = (actual: number, concerned: Bucket | undefined): CostReport => ({
        operationClass,
        requestedQueryCost: cost,
        actualQueryCost: actual,
        throttleStatus: own.status(),
        ...(concerned && { schoolThrottleStatus: concerned.status() }),
      })

      const verdict = await own.acquire(cost)
      if (!verdict.ok) return { ok: false, refusal: refusalOf(verdict, cost, operationClass, 'PARTY'), cost: report(0, atSchool) }
      if (atSchool) {
        const acquired = await acquireOr(atSchool, cost, () => own.refund(cost))
        if (!acquired.ok) {
          own.refund(cost)
          return { ok: false, refusal: refusalOf(acquired, cost, operationClass, 'SCHOOL'), cost: report(0, atSchool) }
        }
      }

      return {
        ok: true,
        settle(actual, schools) {
          own.refund(cost - actual)
          const [touched] = schools
          const only = schools.size === 1 ? touched : undefined
          const concerned = only === undefined ? undefined : bucketOf(party, only, operationClass)
          // An operation over many schools is the party's alone. The school it was thought to concern gets back what it lent.
          if (concerned === atSchool) concerned?.refund(cost - actual)
          else {
            atSchool?.refund(cost)
            concerned?.refund(-actual)
          }
          if (name && only !== undefined) schoolsByName.set(name, only)
          return report(actual, concerned)
        },
      }
    },
  }
}

/** Every key and every person acting through an application spends from the one budget of the application. */
function partyOf({ applicationId, accountId, clientId }: Payer): string {
  return applicationId ?? accountId ?? clientId
}

async function acquireOr(bucket: Bucket, cost: number, undo: () => void): Promise<Verdict> {
  try {
    return await bucket.acquire(cost)
  } catch (error) {
    undo()
    throw error
  }
}

function refusalOf(
  verdict: Verdict & { ok: false },
  cost: number,
  operationClass: OperationClass,
  bucket: 'PARTY' | 'SCHOOL',
): PlatformError | Refusal {
  if ('capacity' in verdict) return refuseBeyond({ limit: 'maxCost', allowed: verdict.capacity, asked: cost })
  const { retryAfter } = verdict
  return new PlatformError('THROTTLED', { retryAfter, operationClass, bucket, requestedQueryCost: cost })
}
