// One fault run: the platform, vendors at work, faults in an order that the seed decides, and what is left when all is over.
import { setTimeout as sleep } from 'node:timers/promises'
import { Random } from '../../platform/sandbox/random.ts'
import { ANSWER_FAULTS } from './faults/answers.ts'
import { DATABASE_FAULTS } from './faults/database.ts'
import { PROCESS_FAULTS } from './faults/processes.ts'
import { recovery, type Fault, type World } from './faults/world.ts'
import { read, sendBadly } from './load/readers.ts'
import { castOf, Rights } from './load/rights.ts'
import { Writer } from './load/writers.ts'
import { Caller } from './parts/caller.ts'
import { Ledger } from './parts/ledger.ts'
import { placesOf } from './parts/places.ts'
import { startFaultPlatform, type FaultPlatform } from './parts/platform.ts'
import type { Settings } from './settings.ts'

export interface FaultRun {
  readonly platform: FaultPlatform
  readonly ledger: Ledger
  readonly faults: number
  /** Milliseconds from the end of each fault until all was well. */
  readonly recoveries: readonly number[]
  /** Seconds from the first fault to the last recovery. */
  readonly seconds: number
}

const WRITERS = [
  ['smas', 2],
  ['vnedu', 2],
  ['vietschool', 1],
] as const
const READERS = ['smas', 'vnedu', 'vietschool', 'misa-emis', 'can-bo-so']
const OF_CHANGING_RIGHTS = 'enetviet'

/** Two at once, of different families: those of one would undo each other. The long form has them alone as well. */
const FAMILIES: readonly (readonly Fault[])[] = [PROCESS_FAULTS, DATABASE_FAULTS, ANSWER_FAULTS]
const DRAINING = /told to end/
const PAIRED = 0.5
const LAST_WRITES_MS = 90_000

export async function runFaults(settings: Settings, log: (line: string) => void): Promise<FaultRun> {
  const { seed } = settings
  const chance = (stream: string): Random => new Random(seed, stream)
  const platform = await startFaultPlatform(chance('ports'))
  const callers: Caller[] = []
  try {
    const ledger = new Ledger()
    const schools = await platform.sql<{ id: string; code: string }>('select school_id as id, code from schools.school')
    ledger.schools = new Set(schools.flatMap(({ id, code }) => [id, code]))
    const caller = async (clientId: string, name: string): Promise<Caller> => {
      const one = await Caller.of(platform, ledger, chance(name), clientId, name)
      callers.push(one)
      return one
    }

    const ending = new AbortController()
    const load: Promise<void>[] = []
    for (const [clientId, count] of WRITERS) {
      const places = await placesOf(platform, clientId, count)
      for (const [index, place] of places.entries()) {
        const name = `w-${clientId}-${index}`
        load.push(new Writer(await caller(clientId, name), place, name).run(ending.signal))
      }
    }
    for (const clientId of READERS) load.push(read(await caller(clientId, `r-${clientId}`), ending.signal))
    load.push(sendBadly(await caller('smas', 'rough'), ending.signal))
    const { principal, school } = castOf(platform.sandbox.parties, OF_CHANGING_RIGHTS)
    const product = await caller(OF_CHANGING_RIGHTS, 'x-product')
    product.mayLoseRights = true
    const officer = await caller('can-bo-so', 'x-officer')
    const rights = new Rights({ officer, principal: await caller(principal, 'x-principal'), product, school })
    load.push(rights.run(ending.signal))
    const working = Promise.all(load)
    // Awaited at the end; told here, so that a fault of the run itself ends it in order.
    const broken = working.then(() => new Promise<never>(() => undefined))
    broken.catch(() => undefined)

    const watching = setInterval(() => {
      for (const service of platform.services.values()) service.look()
    }, 250)
    const prober = await caller('smas', 'prober')
    const probed = platform
      .party('smas')
      .schools.find(({ scopes }) => ['gradebook.read', 'message.read'].every((scope) => scopes.includes(scope)))!
    const probers = { product: prober, school: probed.code, officer: await caller('can-bo-so', 'prober-so') }
    const recoveries: number[] = []
    const began = performance.now()
    let faults = 0
    try {
      for (const set of setsOf(settings, chance('order'))) {
        const world = (index: number): World => ({ platform, ledger, prober, rights, random: chance(`fault ${faults + index}`) })
        log(`${((performance.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${set.map(({ name }) => name).join('  +  ')}`)
        await Promise.race([Promise.all(set.map((fault, index) => fault.act(world(index)))), broken])
        faults += set.length
        const took = await Promise.race([recovery(world(0), probers), broken])
        recoveries.push(took)
        if (settings.rounds === undefined && performance.now() - began > settings.minutes * 60_000) break
      }
      ending.abort()
      await Promise.race([working, tooLate(platform, ledger)])
    } finally {
      ending.abort()
      clearInterval(watching)
    }
    return { platform, ledger, faults, recoveries, seconds: (performance.now() - began) / 1_000 }
  } catch (error) {
    await sleep(0)
    await platform.close()
    throw error
  } finally {
    for (const one of callers) one.close()
  }
}

/** A write that is never acknowledged on a platform that is well is refused for good, and its client would send it for ever. */
async function tooLate({ crashes }: FaultPlatform, { violations }: Ledger): Promise<never> {
  await sleep(LAST_WRITES_MS, undefined, { ref: false })
  throw new Error(`The load has not come to its end:\n${[...crashes, ...violations].join('\n')}`)
}

/** Every fault once, in an order of its own, round after round. */
function* setsOf({ rounds = Infinity, only }: Settings, random: Random): Generator<readonly Fault[]> {
  const isShort = Number.isFinite(rounds)
  const fits = ({ name, isLong }: Fault): boolean => name.includes(only) && !(isLong && isShort)
  const families = FAMILIES.map((family) => family.filter(fits))
  for (let round = 0; round < rounds; round += 1) {
    const order = random.shuffle(families.flatMap((family, of) => family.map((fault) => ({ fault, of }))))
    if (order.length === 0) throw new Error(`no fault is called ${only}`)
    while (order.length > 0) {
      const first = order.shift()!
      const mate = order.findIndex(({ fault, of }) => of !== first.of && !DRAINING.test(fault.name))
      const isPaired = (isShort || random.chance(PAIRED)) && mate >= 0 && !DRAINING.test(first.fault.name)
      yield isPaired ? [first.fault, order.splice(mate, 1)[0]!.fault] : [first.fault]
    }
  }
}
