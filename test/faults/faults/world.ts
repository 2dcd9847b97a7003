// What a fault has at hand, and how it is timed: by what happens, with an end.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../../platform/sandbox/random.ts'
import { SUBGRAPH_NAMES, type SubgraphName } from '../../../subgraphs/kernel/subgraph.ts'
import type { Rights } from '../load/rights.ts'
import type { Caller } from '../parts/caller.ts'
import type { Ledger } from '../parts/ledger.ts'
import { DOORS, type Door, type FaultPlatform } from '../parts/platform.ts'

export interface World {
  readonly platform: FaultPlatform
  readonly ledger: Ledger
  readonly random: Random
  /** Asks once about every subgraph when it is to be known whether all is well. */
  readonly prober: Caller
  readonly rights: Rights
}

export interface Fault {
  readonly name: string
  /** Outlasts the deadlines of the platform, and has no place in the short form. */
  readonly isLong?: true
  act(world: World): Promise<void>
}

/** So many more requests are answered or broken off, however long each takes. */
export const during = ({ ledger }: World, requests: number, mostMs = 8_000): Promise<void> => ledger.more(requests, mostMs)

export const anySubgraph = ({ random }: World): SubgraphName => random.pick(SUBGRAPH_NAMES)
export const anyDoor = ({ random }: World): Door => random.pick(DOORS)

const RECOVERED_WITHIN_MS = 60_000

/** A read through each subgraph at each door. */
const PROBE = `query Probe($code: String!) {
  viewer { displayName }
  schools(first: 1) { nodes { schoolId: id name } }
  students(school: { code: $code }, first: 2) { nodes { schoolId id scores(term: "HKI") { id } messages(first: 1) { id } } }
}`
const PROBE_OF_REPORTING = '{ softwareInUse { adoption { kind } } }'

export interface Probers {
  readonly product: Caller
  /** Where its agreement opens marks and messages. */
  readonly school: string
  readonly officer: Caller
}

/** Resolves with the milliseconds until both doors say that they are ready and answer whole; nobody starts anything again by hand. */
export async function recovery({ platform, ledger }: World, probers: Probers): Promise<number> {
  const began = performance.now()
  for (;;) {
    const amiss = await whatIsAmiss(platform, probers)
    const took = performance.now() - began
    if (!amiss) return took
    if (took > RECOVERED_WITHIN_MS)
      throw new Error(`The platform has not recovered: ${amiss}\n${[...platform.crashes, ...ledger.violations].join('\n')}`)
    await sleep(50)
  }
}

async function whatIsAmiss(platform: FaultPlatform, { product, school, officer }: Probers): Promise<string | undefined> {
  for (const door of DOORS) {
    const ready = await fetch(`${platform.urlOf(door)}/readyz`).then(
      ({ status }) => String(status),
      (error: Error) => String(error.cause ?? error),
    )
    if (ready !== '200') return `${door} is not ready: ${ready}`
    for (const answer of [
      await product.ask({ act: 'probe', query: PROBE, variables: { code: school }, door }),
      await officer.ask({ act: 'probe-reporting', query: PROBE_OF_REPORTING, door }),
    ])
      if (answer?.attempt.status !== 200 || answer.codes.length > 0)
        return `${door} answers ${answer ? `${answer.attempt.id} with ${answer.attempt.status} ${answer.codes.join()}` : 'nothing'}`
  }
  return undefined
}
