// Budgets over real PostgreSQL and injected time: what is granted never passes the bucket, whoever asks and from wherever.
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAccessDatabase } from '../../gateway/access-database.ts'
import { createBucketStore } from '../../gateway/throttle/bucket-store.ts'
import type { Budgets, OperationClass } from '../../gateway/throttle/budgets.ts'
import { createThrottle, type Admission, type Throttle } from '../../gateway/throttle/throttle.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { layCable, type Cable } from './support/cable.ts'

const SMALL: Budgets = {
  party: {
    READ: { capacity: 1_000, restoreRate: 100 },
    WRITE: { capacity: 1_000, restoreRate: 100 },
    REPORT: { capacity: 1_000, restoreRate: 100 },
  },
  school: {
    READ: { capacity: 400, restoreRate: 10 },
    WRITE: { capacity: 400, restoreRate: 10 },
    REPORT: { capacity: 400, restoreRate: 10 },
  },
}
const CHUNK = 50

const SCHOOL = '0192f3a0-0000-7000-8000-000000000001'
const NEIGHBOUR = '0192f3a0-0000-7000-8000-000000000002'
const NO_SCHOOLS: ReadonlySet<string> = new Set()

let database: TestDatabase
let cable: Cable
const pools: pg.Pool[] = []
let time: number
let run = 0
/** A party of this test. */
const named = (party: string): string => `${party}-${run}`
const now = (): Date => new Date(time)
const pass = (seconds: number): void => void (time += seconds * 1_000)

beforeAll(async () => {
  database = await freshDatabase({ province: false })
  cable = await layCable(database.urlOf('gateway'))
})
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()))
  await cable.close()
  await database.drop()
})
beforeEach(async () => {
  time = Date.parse('2026-11-20T08:00:00+07:00')
  // A gateway of the test before may still be putting something back: every test has parties of its own.
  run += 1
  await database.sql('delete from access.cost_budget')
})

/** One gateway's throttle, with connections of its own. */
function openThrottle({ budgets = SMALL, url = database.urlOf('gateway') } = {}): Throttle {
  const pool = new pg.Pool({ connectionString: url, max: 4, connectionTimeoutMillis: 2_000 })
  pools.push(pool)
  return createThrottle({
    budgets,
    take: createBucketStore(
      createAccessDatabase(pool, () => undefined),
      now,
    ),
    now,
  })
}

const payer = (party: string) => ({ applicationId: named(party), accountId: null, clientId: party })
const ask = (
  throttle: Throttle,
  cost: number,
  wishes: { party?: string; operationClass?: OperationClass; record?: string } = {},
) => {
  const { party = 'smas', operationClass = 'READ', record } = wishes
  return throttle.admit(payer(party), { operationClass, cost, record })
}
const codeOf = (admission: Admission): string =>
  admission.ok ? 'OK' : 'code' in admission.refusal ? String(admission.refusal.code) : 'INTERNAL'
/** Spends all it asked for. */
async function spend(
  throttle: Throttle,
  cost: number,
  wishes: Parameters<typeof ask>[2] = {},
  schools = NO_SCHOOLS,
): Promise<string> {
  const admission = await ask(throttle, cost, wishes)
  if (admission.ok) admission.settle(cost, schools)
  return codeOf(admission)
}
/** Until what goes on in the background has been answered. */
async function quiet(throttle: Throttle): Promise<void> {
  for (let rounds = 0; rounds < 5; rounds += 1) await spend(throttle, 0, { party: `quiet-${rounds}-${Math.random()}` })
}

describe('a budget', () => {
  test('lets through what is within it, and refuses what is beyond it with the seconds to wait', async () => {
    const throttle = openThrottle()
    expect(await spend(throttle, 1_000)).toBe('OK')
    const refused = await ask(throttle, 250)
    expect(refused).toMatchObject({
      ok: false,
      refusal: {
        code: 'THROTTLED',
        extensions: { retryAfter: 3, operationClass: 'READ', bucket: 'PARTY', requestedQueryCost: 250 },
      },
      cost: { requestedQueryCost: 250, actualQueryCost: 0, throttleStatus: { maximumAvailable: 1_000, currentlyAvailable: 0 } },
    })
  })

  test('is restored steadily, and after the seconds it named it lets through', async () => {
    const throttle = openThrottle()
    await spend(throttle, 1_000)
    expect(await spend(throttle, 250)).toBe('THROTTLED')
    pass(2)
    expect(await spend(throttle, 250)).toBe('THROTTLED')
    pass(1)
    expect(await spend(throttle, 250)).toBe('OK')
    expect(await spend(throttle, 250)).toBe('THROTTLED')
  })

  test('is never fuller than full, however long nobody asks', async () => {
    const throttle = openThrottle()
    await spend(throttle, 900)
    pass(86_400)
    await quiet(throttle)
    let spent = 0
    while ((await spend(throttle, 100)) === 'OK') spent += 100
    expect(spent).toBeGreaterThanOrEqual(1_000)
    expect(spent).toBeLessThanOrEqual(1_000 + 2 * CHUNK)
  })

  test('gets back what an operation cost less than was asked for, and is charged what it cost more', async () => {
    const throttle = openThrottle()
    const cheap = await ask(throttle, 800)
    expect(cheap.ok && cheap.settle(100, NO_SCHOOLS)).toMatchObject({
      requestedQueryCost: 800,
      actualQueryCost: 100,
      throttleStatus: { maximumAvailable: 1_000, currentlyAvailable: 900, restoreRate: 100 },
    })
    const dear = await ask(throttle, 100)
    expect(dear.ok && dear.settle(900, NO_SCHOOLS)).toMatchObject({ throttleStatus: { currentlyAvailable: 0 } })
    expect(await spend(throttle, 50)).toBe('THROTTLED')
  })

  test('that could never hold an operation says so instead of asking to wait', async () => {
    const throttle = openThrottle()
    const refused = await ask(throttle, 1_001)
    expect([codeOf(refused), !refused.ok && refused.refusal.extensions]).toEqual([
      'QUERY_TOO_COSTLY',
      expect.objectContaining({ allowed: 1_000, asked: 1_001 }),
    ])
    expect(await spend(throttle, 1_000)).toBe('OK')
  })

  test('of reading is not spent by writing, nor either by reports', async () => {
    const throttle = openThrottle()
    expect(await spend(throttle, 1_000, { operationClass: 'WRITE' })).toBe('OK')
    expect(await spend(throttle, 1_000, { operationClass: 'REPORT' })).toBe('OK')
    expect(await spend(throttle, 1, { operationClass: 'WRITE' })).toBe('THROTTLED')
    expect(await spend(throttle, 1_000)).toBe('OK')
  })

  test('is one for all keys of an application and all who act through it, and another for each person', async () => {
    const throttle = openThrottle()
    const request = { operationClass: 'READ', cost: 1_000, record: undefined } as const
    await throttle.admit({ applicationId: named('smas'), accountId: null, clientId: 'smas-2025' }, request)
    const again = await throttle.admit(
      { applicationId: named('smas'), accountId: named('teacher'), clientId: 'smas-2026' },
      request,
    )
    const person = await throttle.admit({ applicationId: null, accountId: named('teacher'), clientId: 'co-giao' }, request)
    expect([codeOf(again), codeOf(person)]).toEqual(['THROTTLED', 'OK'])
  })
})

describe('fairness', () => {
  test('the flood of one application leaves another untouched', async () => {
    const throttle = openThrottle()
    const flood = await Promise.all(Array.from({ length: 200 }, () => spend(throttle, 100, { party: 'flood' })))
    expect(flood.filter((code) => code === 'OK')).toHaveLength(10)
    const other = await Promise.all(Array.from({ length: 10 }, () => spend(throttle, 100, { party: 'quiet' })))
    expect(new Set(other)).toEqual(new Set(['OK']))
  })

  test('a flood is refused from memory and asks the database no question a request', async () => {
    const throttle = openThrottle()
    await spend(throttle, 1_000)
    await spend(throttle, 100)
    const bucket = () => database.sql(`select xmin, refilled_at from access.cost_bucket where party = $1`, [named('smas')])
    const before = await bucket()
    pass(0.4)
    for (let requests = 0; requests < 500; requests += 1) expect(await spend(throttle, 100)).toBe('THROTTLED')
    // Each question would have written the bucket anew.
    expect(await bucket()).toEqual(before)
  })
})

describe('one school', () => {
  const record = 'SchoolRef {"code":"38380701"}'
  const here = new Set([SCHOOL])

  test('is paid for by what concerned it, and when its part is spent the application works on at other schools', async () => {
    const throttle = openThrottle()
    expect(await spend(throttle, 400, { record }, here)).toBe('OK')
    const refused = await ask(throttle, 100, { record })
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: 'THROTTLED', extensions: { bucket: 'SCHOOL', retryAfter: 10 } },
      cost: { schoolThrottleStatus: { maximumAvailable: 400, currentlyAvailable: 0, restoreRate: 10 } },
    })
    expect(await spend(throttle, 100, { record: 'SchoolRef {"code":"38380702"}' }, new Set([NEIGHBOUR]))).toBe('OK')
    pass(10)
    expect(await spend(throttle, 100, { record }, here)).toBe('OK')
  })

  test('whose part is spent takes nothing from the application’s own budget by refusing', async () => {
    const throttle = openThrottle()
    await spend(throttle, 400, { record }, here)
    const before = throttle.status(payer('smas'), 'READ').currentlyAvailable
    for (let requests = 0; requests < 10; requests += 1) expect(await spend(throttle, 300, { record })).toBe('THROTTLED')
    expect(throttle.status(payer('smas'), 'READ').currentlyAvailable).toBe(before)
  })

  test('is charged after the work when it was not known before, and refuses from then on', async () => {
    const throttle = openThrottle()
    expect(await spend(throttle, 600, { record }, here)).toBe('OK')
    expect(await spend(throttle, 10, { record })).toBe('THROTTLED')
  })

  test('is not charged by an operation over several, nor by one that reached none', async () => {
    const throttle = openThrottle()
    await spend(throttle, 10, { record }, here)
    expect(await spend(throttle, 300, { record }, new Set([SCHOOL, NEIGHBOUR]))).toBe('OK')
    expect(await spend(throttle, 300, { record }, NO_SCHOOLS)).toBe('OK')
    expect(await spend(throttle, 300, { record }, here)).toBe('OK')
  })

  test('of one application is nothing to another that names it by the same words', async () => {
    const throttle = openThrottle()
    await spend(throttle, 400, { record }, here)
    expect(await spend(throttle, 400, { record, party: 'vnedu' }, here)).toBe('OK')
  })
})

describe('several gateways', () => {
  test('spend from one bucket: fifty requests at each, all at once, are granted no more than it holds', async () => {
    const gateways = [openThrottle(), openThrottle()]
    const codes = await Promise.all(Array.from({ length: 100 }, (_, request) => spend(gateways[request % 2]!, 30)))
    const granted = codes.filter((code) => code === 'OK').length * 30
    expect(granted).toBeLessThanOrEqual(1_000)
    // What a gateway holds in advance is all that may lie idle.
    expect(granted).toBeGreaterThanOrEqual(1_000 - 2 * CHUNK - 2 * 30)
  })

  test('spend together no more than the bucket and its refill, in whatever order they ask and settle', async () => {
    const gateways = [openThrottle(), openThrottle(), openThrottle()]
    let granted = 0
    for (let second = 0; second < 20; second += 1) {
      const admissions = await Promise.all(
        Array.from({ length: 30 }, async (_, request) => {
          const cost = 1 + ((request * 37 + second * 11) % 90)
          const admission = await ask(gateways[(request + second) % 3]!, cost)
          if (!admission.ok) return 0
          const actual = (cost * ((request % 3) + 1)) / 3
          admission.settle(actual, NO_SCHOOLS)
          return actual
        }),
      )
      granted += admissions.reduce((sum, cost) => sum + cost, 0)
      expect(granted).toBeLessThanOrEqual(1_000 + second * 100 + 3 * 2 * CHUNK)
      pass(1)
    }
    expect(granted).toBeGreaterThan(1_000 + 19 * 100 - 400)
  })

  test('do not keep from one another what together would be enough', async () => {
    const [one, two] = [openThrottle(), openThrottle()]
    await spend(one!, 10)
    await spend(two!, 10)
    await spend(one!, 930)
    // Both hold a chunk; the whole is 50 + refill. The second must be able to spend it alone.
    pass(9)
    expect(await spend(two!, 900)).toBe('OK')
  })

  test('whose clock is behind takes nothing back, and whose clock is ahead opens nothing twice', async () => {
    const throttle = openThrottle()
    await spend(throttle, 1_000)
    pass(-60)
    expect(await spend(throttle, 100)).toBe('THROTTLED')
    pass(60 + 1)
    expect(await spend(throttle, 100)).toBe('OK')
    expect(await spend(throttle, 100)).toBe('THROTTLED')
  })
})

describe('the operator', () => {
  const decide = (party: string | null, capacity: number, restoreRate: number) =>
    database.sql(
      `insert into access.cost_budget (party, bucket, operation_class, capacity, restore_rate, reason) values ($1, 'PARTY', 'READ', $2, $3, 'test')`,
      [party && named(party), capacity, restoreRate],
    )

  test('gives one application more, without a restart, and others stay as they were', async () => {
    const throttle = openThrottle()
    expect(await spend(throttle, 2_000)).toBe('QUERY_TOO_COSTLY')
    await decide('smas', 5_000, 500)
    // A refusal is repeated from memory for some seconds; from then on the new measure holds, and the bucket fills at the new rate.
    pass(6)
    expect(await spend(throttle, 2_000)).toBe('OK')
    expect(await spend(throttle, 2_000, { party: 'vnedu' })).toBe('QUERY_TOO_COSTLY')
  })

  test('gives everybody less, and one application its own measure', async () => {
    await decide(null, 100, 10)
    await decide('smas', 700, 10)
    const throttle = openThrottle()
    expect(await spend(throttle, 700)).toBe('OK')
    expect(await spend(throttle, 101, { party: 'vnedu' })).toBe('QUERY_TOO_COSTLY')
    expect(await spend(throttle, 100, { party: 'vnedu' })).toBe('OK')
  })

  test('cannot write a budget that is none', async () => {
    await expect(decide('smas', 0, 1)).rejects.toThrow('cost_budget_capacity_positive')
    await expect(decide('smas', 1, 0)).rejects.toThrow('cost_budget_restore_rate_positive')
    await decide('smas', 1, 1)
    await expect(decide('smas', 2, 2)).rejects.toThrow('cost_budget_once')
  })
})

describe('a database that is away', () => {
  test('closes the gateway once what it holds is spent, and opens it again when it is back', async () => {
    const throttle = openThrottle({ url: cable.url })
    expect(await spend(throttle, 100)).toBe('OK')
    await cable.cut()
    expect(await spend(throttle, 20)).toBe('OK')
    await expect(spend(throttle, 500)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    await expect(spend(throttle, 1)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    await cable.mend()
    pass(1)
    expect(await spend(throttle, 500)).toBe('OK')
  })

  test('forgives no debt', async () => {
    const throttle = openThrottle({ url: cable.url })
    const admission = await ask(throttle, 100)
    await cable.cut()
    if (admission.ok) admission.settle(900, NO_SCHOOLS)
    await expect(spend(throttle, 1)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    await cable.mend()
    expect(await spend(throttle, 300)).toBe('THROTTLED')
  })
})

test('nobody but the gateway takes from a bucket, and not even the gateway touches the tables', async () => {
  const refusalFor = async (service: 'gateway' | 'identity', statement: string): Promise<string> => {
    const client = new pg.Client({ connectionString: database.urlOf(service) })
    await client.connect()
    try {
      return await client.query(statement).then(
        () => 'allowed',
        ({ code }: { code: string }) => code,
      )
    } finally {
      await client.end()
    }
  }
  const take = `select * from access.take_cost('[]', now())`
  expect(await refusalFor('gateway', take)).toBe('allowed')
  expect(await refusalFor('identity', take)).toBe('42501')
  for (const table of ['access.cost_bucket', 'access.cost_budget'])
    expect(await refusalFor('gateway', `select * from ${table}`)).toBe('42501')
})
