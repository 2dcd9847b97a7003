// The promise of the compiled executor, and the kinds of bad days it is held on.
import { expect } from 'vitest'
import type { Both, Sent } from './both.ts'
import { HONEST, type Oddness } from './simulate.ts'

export const DAYS: Readonly<Record<string, Oddness>> = {
  honest: HONEST,
  'many nulls': { nulls: 8, values: 0, errors: 0, faults: 0 },
  'errors of entities and fields': { nulls: 0, values: 0, errors: 12, faults: 0 },
  'wrong values': { nulls: 0, values: 40, errors: 0, faults: 0 },
  'broken answers': { nulls: 20, values: 0, errors: 0, faults: 3 },
  'everything at once': { nulls: 10, values: 60, errors: 20, faults: 5 },
}

/** Runs it on every kind of day. */
export async function expectSameAnswers(both: Both, sent: Sent, seed: string): Promise<void> {
  for (const [day, oddness] of Object.entries(DAYS)) {
    const { stock, ours, bytes, execution } = await both.run(sent, `${seed}|${day}`, oddness)
    for (const [way, answer] of Object.entries({ ours, bytes })) {
      if (answer === stock) continue
      const told = { sent: sent.source, variables: sent.variables, day, way, execution }
      expect({ ...told, answer }).toEqual({ ...told, answer: stock })
    }
  }
}
