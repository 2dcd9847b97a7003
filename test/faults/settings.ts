// How a fault run is asked for: which order of faults, and how long.
import { randomInt } from 'node:crypto'

export interface Settings {
  /** Decides order and kind of the faults and what is asked meanwhile; the time of the machine is not its to decide. */
  readonly seed: string
  /** Each fault once, `rounds` times over, in an order of its own each time. Undefined: as long as `minutes` says. */
  readonly rounds: number | undefined
  readonly minutes: number
  /** Only faults whose name holds this. */
  readonly only: string
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`${name} is a number above 0, not ${text}`)
  return value
}

export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const { FAULT_SEED, FAULT_ROUNDS, FAULT_MINUTES, FAULT_ONLY } = environment
  return {
    seed: FAULT_SEED || String(randomInt(1_000_000)),
    rounds: FAULT_ROUNDS ? wholeNumber('FAULT_ROUNDS', FAULT_ROUNDS) : undefined,
    minutes: wholeNumber('FAULT_MINUTES', FAULT_MINUTES || '4'),
    only: FAULT_ONLY ?? '',
  }
}
