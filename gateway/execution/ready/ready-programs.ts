// The ways of one operation over bytes: one for each combination of its conditions, made when it first comes.
import { LRUCache } from 'lru-cache'
import type { ProgramToCompile } from '../program.ts'
import type { RequestContext, Services } from '../plan.ts'
import { Answered } from './answered.ts'
import { assemble, type Assembled } from './assemble.ts'
import { givesBytes } from './bytes-source.ts'
import { NotReady, type LeftReady } from './not-ready.ts'
import type { Decided } from './read-selection.ts'
import type { ReadyJson } from './ready-json.ts'
import { runReady } from './run-ready.ts'

export interface Attempt {
  readonly data?: ReadyJson | undefined
  readonly left?: LeftReady | undefined
  /** What the subgraphs have been asked on the way. */
  readonly answered?: Answered | undefined
}

/** A document with four conditions has as many; the program over objects decides them as it goes. */
const MOST_COMBINATIONS = 16

/**
 * Of all documents together: some 0.6 KB a field as measured, so 120 MB. A document within the limits expands to thousands of fields,
 * and each combination of its conditions is a program of its own: fifty such documents would otherwise fill the memory of the gateway.
 */
const MOST_FIELDS = 200_000
/** As many as there are programs over objects: what was made for a document that has been pushed out, nobody finds again. */
const MOST_PROGRAMS = 1_000

/** The programs of one version of the contract, each under a key that its document holds. */
export type ReadyMemory = LRUCache<object, Assembled | Attempt>

export const openReadyMemory = (mostFields = MOST_FIELDS): ReadyMemory =>
  new LRUCache({ max: MOST_PROGRAMS, maxSize: mostFields, sizeCalculation: (found) => ('step' in found ? found.size : 1) })

const NOT_TRIED: Attempt = {}
const UNDECIDED: Attempt = { left: 'CONDITIONS' }

export function createReadyPrograms(
  asked: ProgramToCompile,
  memory: ReadyMemory,
): (requestContext: RequestContext, services: Services) => Promise<Attempt> {
  const { operation, conditions } = asked
  const defaults = operation.collectDefaultedVariableValues()
  // Of this compilation: what was kept for an earlier one of the same text knows other fetches, by which answers are found again.
  const keys = new Map<string, object>()

  function decide(variables: Readonly<Record<string, unknown>> | undefined): Decided | undefined {
    const decided: Record<string, boolean> = {}
    for (const name of conditions) {
      const value = variables?.[name] === undefined ? defaults[name] : variables[name]
      if (typeof value === 'boolean') decided[name] = value
      // Of another operation of the document, or complained of where it is looked at.
      else if (operation.variableDefinitions.definition(name)) return undefined
    }
    return decided
  }

  function programFor(decided: Decided): Assembled | Attempt {
    const combination = conditions.map((name) => (decided[name] ? '1' : '0')).join('')
    let key = keys.get(combination)
    if (!key) {
      if (keys.size >= MOST_COMBINATIONS) return UNDECIDED
      keys.set(combination, (key = {}))
    }
    let found = memory.get(key)
    if (!found) memory.set(key, (found = compile({ ...asked, decided })))
    return found
  }

  return async (requestContext, services) => {
    if (!Object.values(services).some((service) => givesBytes(service?.dataSource))) return NOT_TRIED
    const decided = decide(requestContext.request.variables)
    const program = decided ? programFor(decided) : UNDECIDED
    if (!('step' in program)) return program
    if (!program.services.every((name) => givesBytes(services[name]?.dataSource))) return NOT_TRIED
    const answered = new Answered()
    const data = await runReady(program, requestContext, services, answered)
    return typeof data === 'string' ? { left: data, answered } : { data }
  }
}

function compile(asked: Parameters<typeof assemble>[0]): Assembled | Attempt {
  try {
    return assemble(asked)
  } catch (error) {
    return { left: error instanceof NotReady ? error.reason : 'FAULT' }
  }
}
