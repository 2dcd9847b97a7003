// The ways of one operation over bytes: one for each combination of its conditions, made when it first comes.
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

const NOT_TRIED: Attempt = {}
const UNDECIDED: Attempt = { left: 'CONDITIONS' }

export function createReadyPrograms(
  asked: ProgramToCompile,
): (requestContext: RequestContext, services: Services) => Promise<Attempt> {
  const { operation, conditions } = asked
  const defaults = operation.collectDefaultedVariableValues()
  const programs = new Map<string, Assembled | Attempt>()

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
    const key = conditions.map((name) => (decided[name] ? '1' : '0')).join('')
    let found = programs.get(key)
    if (!found) {
      if (programs.size >= MOST_COMBINATIONS) return UNDECIDED
      programs.set(key, (found = compile({ ...asked, decided })))
    }
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
