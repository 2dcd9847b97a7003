// Generated operations over bytes that were harmed on their way, come late, or are of a bad day: the answer is that of reading them, what it
// cost is counted the same, and nobody is asked for anything else, nor twice.
//
// `EXECUTION_RUNS=1500 EXECUTION_SEED=7 npx vitest run test/gateway/execution/harmed.test.ts` looks longer, and elsewhere.
import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { isCompositeType, isInterfaceType, isObjectType, parse, print, type GraphQLSchema } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answeredCost, answeredCostOfCounts } from '../../../gateway/limits/answered-cost.ts'
import { checkOperation } from '../../../gateway/limits/check-operation.ts'
import type { CostModel } from '../../../gateway/limits/cost-model.ts'
import { DEFAULT_LIMITS, type Limits } from '../../../gateway/limits/limits.ts'
import { withoutSecurityPurpose } from '../../../gateway/supergraph.ts'
import { SUBGRAPH_NAMES } from '../../../subgraphs/kernel/subgraphs.ts'
import { openBoth, Told, type Answered, type Both, type Request } from './support/both.ts'
import { chanceOf, type Chance } from './support/chance.ts'
import { generateOperation, type Generated } from './support/generate.ts'
import { composeLibrary } from './support/library.ts'
import { composePlain } from './support/plain.ts'
import { DAYS } from './support/same.ts'
import { HONEST, simulateSubgraph, type Asked } from './support/simulate.ts'
import type { Composed } from './support/torture.ts'
import { writeBytes } from './support/write-bytes.ts'

const RUNS = Number(process.env.EXECUTION_RUNS ?? 150)
const SEED = Number(process.env.EXECUTION_SEED ?? 5)

async function composeContract(): Promise<Composed> {
  const read = (name: string): Promise<string> => readFile(new URL(`../../../schema/${name}.graphql`, import.meta.url), 'utf8')
  const names = ['gateway', ...SUBGRAPH_NAMES].toSorted()
  return {
    supergraphSdl: print(withoutSecurityPurpose(parse(await read('supergraph')))),
    subgraphs: new Map(await Promise.all(names.map(async (name) => [name, await read(name)] as const))),
  }
}

const SIGNS = Buffer.from('0123456789-+.eE"\\/:,,,[]{}}ntfalsu \n\u0000\u007f')
const PIECES = [
  '\u00a0',
  '\ufeff',
  '\u2028',
  '\\u0041',
  '\\ud800',
  '1e21',
  '-0',
  'null',
  '{}',
  '[]',
  '""',
  '"__proto__":1,',
  ',"errors":null',
  ',"extensions":null',
  ',"data":null',
]
const VALUE = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null|\[\]|\{\}/g

/** A byte or a piece changed, left out, put in or told twice, most of all at the end; or one value in the place of another. */
function harm(bytes: Buffer, chance: Chance): Buffer {
  const at = chance.oneIn(3) ? Math.max(0, bytes.length - chance.below(4)) : chance.below(bytes.length + 1)
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  const sign = chance.oneIn(8)
    ? Buffer.from([chance.below(256)])
    : chance.oneIn(5)
      ? Buffer.from(chance.pick(PIECES))
      : Buffer.from([SIGNS[chance.below(SIGNS.length)]!])
  switch (chance.below(5)) {
    case 0:
      return Buffer.concat([before, after.subarray(1)])
    case 1:
      return Buffer.concat([before, sign, after])
    case 2:
      return Buffer.concat([before, after.subarray(0, chance.below(20)), after])
    case 3:
      return Buffer.concat([before, sign, after.subarray(1)])
    default: {
      const text = bytes.toString()
      const values = [...text.matchAll(VALUE)]
      if (values.length < 2) return bytes
      const [to, from] = [chance.pick(values), chance.pick(values)]
      return Buffer.from(text.slice(0, to.index) + from[0] + text.slice(to.index + to[0].length))
    }
  }
}

async function late(answer: Told, turns: number): Promise<Told> {
  for (let left = turns; left > 0; left--) await new Promise<void>((resolve) => setImmediate(resolve))
  return answer
}

/** Answers that come late come in another order where a fetch was sent at another moment, and errors stand in the order of answers. */
function inNoOrder(answer: string): unknown {
  if (answer.startsWith('thrown: ')) return answer
  const { errors, ...rest } = JSON.parse(answer) as { errors?: unknown[] }
  return JSON.stringify({ errors: errors?.map((error) => JSON.stringify(error)).toSorted(), ...rest })
}

const told = (requests: readonly Request[]): string[] => requests.map((request) => JSON.stringify(request)).toSorted()

const BOUNDLESS = Object.fromEntries(Object.keys(DEFAULT_LIMITS).map((limit) => [limit, 1e9])) as unknown as Limits

function weighed(schema: GraphQLSchema, chance: Chance): CostModel {
  const weights = new Map<string, number>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (isCompositeType(type) && chance.oneIn(3)) weights.set(type.name, chance.below(9))
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    for (const field of Object.keys(type.getFields())) if (chance.oneIn(4)) weights.set(`${type.name}.${field}`, chance.below(7))
  }
  return { weights, listSizes: new Map() }
}

function expectSameCost({ schema }: Both, sent: Generated, { json }: Answered, chance: Chance): void {
  if (!json) return
  const checked = checkOperation({ ...sent, schema, costModel: weighed(schema, chance), limits: BOUNDLESS })
  if (!checked.ok) throw new Error(checked.refusal.message)
  const ofCounts = answeredCostOfCounts(checked.costTree, json)
  expect({ sent: sent.source, cost: ofCounts }).toEqual({
    sent: sent.source,
    cost: answeredCost(checked.costTree, json.toJSON() as Record<string, unknown>),
  })
}

const supergraphs = { plain: composePlain, library: composeLibrary, contract: composeContract }
const opened = new Map<string, { both: Both; simulate: (asked: Asked, subgraph: string, seed: string) => unknown }>()

beforeAll(async () => {
  for (const [name, compose] of Object.entries(supergraphs)) {
    const { supergraphSdl, subgraphs } = await compose()
    const simulations = new Map([...subgraphs].map(([subgraph, sdl]) => [subgraph, simulateSubgraph(subgraph, sdl)]))
    opened.set(name, {
      both: await openBoth(supergraphSdl, subgraphs),
      simulate: (asked, subgraph, seed) => {
        const chance = chanceOf(`${seed}|day`)
        return simulations.get(subgraph)!(asked, seed, chance.oneIn(3) ? chance.pick(Object.values(DAYS)) : HONEST)
      },
    })
  }
})
afterAll(() => Promise.all([...opened.values()].map(({ both }) => both.stop())))

test.each(Object.keys(supergraphs))(
  'over the supergraph %s',
  async (name) => {
    const { both, simulate } = opened.get(name)!
    let ready = 0
    await fc.assert(
      fc.asyncProperty(fc.noShrink(fc.nat()), fc.integer({ min: 3, max: 45 }), async (nat, size) => {
        const seed = String(nat)
        const sent = generateOperation(both.schema, seed, { size, nullConditions: true })
        fc.pre(sent !== undefined)
        const log: string[] = []
        const answered = await both.run(sent, seed, (asked, subgraph) => {
          const answer = simulate(asked, subgraph, seed)
          const about = `${seed}|${subgraph}|${JSON.stringify(asked)}`
          const chance = chanceOf(about)
          const whole = chance.oneIn(4) ? writeBytes(answer, about) : Buffer.from(JSON.stringify(answer) ?? '')
          const bytes = new Told(chance.oneIn(6) ? harm(whole, chance) : whole)
          log.push(`${subgraph} ${asked.query}: ${bytes.bytes}`)
          return chance.oneIn(4) ? late(bytes, chance.below(30)) : bytes
        })
        const { bytes, ours, asked, execution } = answered
        if (execution.executor === 'ready') ready++
        const of = { sent: sent.source, variables: sent.variables, execution, log }
        expect({ ...of, answer: inNoOrder(bytes) }).toEqual({ ...of, answer: inNoOrder(ours) })
        // What is thrown does not wait for what is under way.
        if (!ours.startsWith('thrown: ')) expect({ ...of, asked: told(asked.bytes) }).toEqual({ ...of, asked: told(asked.ours) })
        expectSameCost(both, sent, answered, chanceOf(`${seed}|weights`))
      }),
      { seed: SEED, numRuns: RUNS },
    )
    expect(ready).toBeGreaterThan(0)
  },
  60_000 + RUNS * 1_000,
)
