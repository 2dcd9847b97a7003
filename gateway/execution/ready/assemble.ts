// Brings together what the fetches of a plan answer and what the caller has asked for: where each field of the answer comes from, which
// bytes are kept of each object, and which pieces of them, one after another, are the answer.
import {
  getResponseName,
  type FetchNode,
  type PlanNode,
  type QueryPlan,
  type QueryPlanSelectionNode,
} from '@apollo/query-planner'
import type { Operation } from '@apollo/federation-internals'
import { parse, type GraphQLSchema } from 'graphql'
import type { TypeTest } from '../type-tests.ts'
import { Held, OWN, type HeldField } from './held.ts'
import { NotReady } from './not-ready.ts'
import { readOutput, type Output, type OutputField } from './read-output.ts'
import { readSelection, type Decided } from './read-selection.ts'
import { TextBuilder, type WriteObject } from './write.ts'

export interface ReadyToCompile {
  readonly plan: QueryPlan
  readonly operation: Operation
  /** The supergraph's, with what callers cannot see. */
  readonly schema: GraphQLSchema
  readonly typeTest: (name: string) => TypeTest
  readonly decided: Decided
}

export interface Step {
  readonly kind: 'Sequence' | 'Parallel'
  readonly steps: readonly (Step | ReadyFetch)[]
}

export interface ReadyFetch {
  readonly kind: 'Fetch'
  readonly node: FetchNode
  readonly held: Held
  /** Its place in `joined` of what it adds to. */
  readonly join: number
  /** From the root to what it adds to. */
  readonly path: readonly PathStep[]
  /** Nothing for a fetch of root fields. */
  readonly representation: readonly Piece[] | undefined
  /** The body of its request before the variables. */
  readonly head: string
}

export interface PathStep {
  readonly join: number
  readonly field: HeldField
}

/** Text, and after it a value of the object where one is named. */
export interface Piece {
  readonly text: string
  readonly from: PathStep | undefined
}

/** How many values an answer holds, by the fields that were asked for. */
export interface Counted {
  readonly counter: number
  readonly below: CountedFields | undefined
}
export type CountedFields = ReadonlyMap<string, Counted>

export interface Assembled {
  /** Whose bytes are wanted. */
  readonly services: readonly string[]
  readonly step: Step | ReadyFetch
  readonly write: WriteObject
  readonly counters: number
  readonly counted: CountedFields
  /** In fields: what it takes to keep it. */
  readonly size: number
}

/** Throws `NotReady` for what it does not know for certain. */
export function assemble(asked: ReadyToCompile): Assembled {
  const { plan, operation, decided } = asked
  const { node } = plan
  if (!node || node.kind === 'Subscription') throw new NotReady('PLAN')
  const output = readOutput(operation, decided)
  const root = new Held(output.type, [])
  const reader = new PlanReader(asked, root)
  const step = reader.read(node, [])
  if (!step) throw new NotReady('PLAN')
  const joiner = new OutputJoiner()
  const { write, counted } = joiner.object(root, output)
  root.number()
  return { services: [...reader.services], step, write, counters: joiner.counters, counted, size: joiner.counters + sizeOf(root) }
}

function sizeOf({ fields, joined }: Held): number {
  const below = [...fields.flatMap(({ of }) => of ?? []), ...joined]
  return below.reduce((size, each) => size + sizeOf(each), fields.length)
}

/** Who answers a field of an object. */
function providersOf(held: Held, name: string): PathStep[] {
  const own = held.byName.get(name)
  const joined = held.joined.flatMap(({ byName }, join) => {
    const field = byName.get(name)
    return field ? [{ join, field }] : []
  })
  return own ? [{ join: OWN, field: own }, ...joined] : joined
}

function providerOf(held: Held, name: string): PathStep {
  const [provider, ...others] = providersOf(held, name)
  if (!provider) throw new NotReady('PLAN')
  if (others.length > 0) throw new NotReady('TWICE')
  return provider
}

class PlanReader {
  readonly services = new Set<string>()
  readonly #asked: ReadyToCompile
  readonly #root: Held

  constructor(asked: ReadyToCompile, root: Held) {
    this.#asked = asked
    this.#root = root
  }

  read(node: PlanNode, path: readonly (string | number)[]): Step | ReadyFetch | undefined {
    switch (node.kind) {
      case 'Sequence':
      case 'Parallel': {
        const steps = node.nodes.flatMap((each) => this.read(each, path) ?? [])
        return steps.length > 0 ? { kind: node.kind, steps } : undefined
      }
      case 'Flatten':
        return this.read(node.node, [...path, ...node.path])
      case 'Condition': {
        const value = this.#asked.decided[node.condition]
        if (value === undefined) throw new NotReady('CONDITIONS')
        const chosen = value ? node.ifClause : node.elseClause
        return chosen && this.read(chosen, path)
      }
      case 'Fetch':
        return this.#fetch(node, path)
      default:
        throw new NotReady('PLAN')
    }
  }

  #fetch(node: FetchNode, path: readonly (string | number)[]): ReadyFetch {
    const { requires, inputRewrites, outputRewrites, contextRewrites, hasDefers } = node
    if (inputRewrites?.length || outputRewrites?.length || contextRewrites?.length || hasDefers) throw new NotReady('PLAN')
    const { schema, decided } = this.#asked
    const { held, ofEntities } = readSelection(node.operationDocumentNode ?? parse(node.operation), schema, decided)
    if (ofEntities !== (requires !== undefined) || (!ofEntities && path.length > 0)) throw new NotReady('PLAN')
    const { steps, to } = this.#follow(path)
    if (ofEntities && to.type !== held.type) throw new NotReady('ABSTRACT')
    const representation = requires && this.#represent(to, requires)
    held.opened = true
    this.services.add(node.serviceName)
    const join = to.joined.push(held) - 1
    const { operation: query, operationName } = node
    const head = JSON.stringify({ query, operationName }).slice(0, -1)
    return { kind: 'Fetch', node, held, join, path: steps, representation, head: `${head},"variables":` }
  }

  #follow(path: readonly (string | number)[]): { steps: PathStep[]; to: Held } {
    const steps: PathStep[] = []
    let to = this.#root
    for (let at = 0; at < path.length; at++) {
      const name = path[at]
      if (typeof name !== 'string') throw new NotReady('PLAN')
      const step = providerOf(to, name)
      const { field } = step
      const entersList = path[at + 1] === '@'
      if (!field.of || field.isList !== entersList) throw new NotReady('PLAN')
      if (entersList) at++
      field.keepsObjects = true
      field.of.opened = true
      steps.push(step)
      to = field.of
    }
    return { steps, to }
  }

  #represent(of: Held, requires: readonly QueryPlanSelectionNode[]): readonly Piece[] {
    const fields = new Map<string, PathStep | undefined>()
    const collect = (selections: readonly QueryPlanSelectionNode[]): void => {
      for (const selection of selections) {
        if (selection.kind === 'InlineFragment') {
          const { typeCondition } = selection
          if (typeCondition === undefined || this.#asked.typeTest(typeCondition)(of.type)) collect(selection.selections)
        } else if (selection.selections) throw new NotReady('REQUIRES')
        else fields.set(getResponseName(selection), selection.name === '__typename' ? undefined : providerOf(of, selection.name))
      }
    }
    collect(requires)
    // Nobody is represented by less than a type, and it is the object that must have said which.
    if (!fields.has('__typename') || providersOf(of, '__typename').length === 0) throw new NotReady('REQUIRES')
    const pieces: Piece[] = []
    let text = '{'
    for (const [name, from] of fields) {
      text += `${text === '{' ? '' : ','}${JSON.stringify(name)}:`
      if (!from) text += JSON.stringify(of.type)
      else {
        from.field.keepsValue = from.field.keepsEnd = true
        pieces.push({ text, from })
        text = ''
      }
    }
    return [...pieces, { text: `${text}}`, from: undefined }]
  }
}

class OutputJoiner {
  /** The first counts what nobody has asked for. */
  counters = 1

  object(held: Held, { type, fields }: Output): { write: WriteObject; counted: CountedFields } {
    if (held.type !== type) throw new NotReady('ABSTRACT')
    held.opened = true
    const counted = new Map<string, Counted>()
    const text = new TextBuilder()
    text.add('{')
    let run: { step: PathStep; index: number; names: string[]; last: HeldField } | undefined
    const endRun = (): void => {
      if (!run) return
      const { step, names, last } = run
      step.field.keepsRun = last.keepsEnd = true
      text.bytes(step.join, step.field, last, names.map((name) => `${JSON.stringify(name)}:null`).join(','))
      run = undefined
    }

    fields.forEach((field, position) => {
      const { name } = field
      if (field.isTypename) {
        endRun()
        text.add(`${position > 0 ? ',' : ''}${JSON.stringify(name)}:${JSON.stringify(type)}`)
        return
      }
      const step = providerOf(held, name)
      const part = step.join === OWN ? held : held.joined[step.join]!
      const index = part.fields.indexOf(step.field)
      if (!field.nullable) part.needed = true
      if (isAsAsked(step.field, field)) {
        counted.set(name, this.#ask(step.field, field))
        if (run?.step.join === step.join && index === run.index + 1) {
          run = { ...run, index, names: [...run.names, name], last: step.field }
          return
        }
        endRun()
        if (position > 0) text.add(',')
        run = { step, index, names: [name], last: step.field }
        return
      }
      endRun()
      text.add(`${position > 0 ? ',' : ''}${JSON.stringify(name)}:`)
      const below = this.object(step.field.of!, field.of!)
      step.field.keepsObjects = true
      counted.set(name, this.#judge(step.field, field, below.counted))
      text.objects(step.join, step.field, below.write)
    })
    endRun()
    text.add('}')
    return { write: text.end(), counted }
  }

  /** A value whose bytes are handed on, with all that is in it. */
  #ask(held: HeldField, field: OutputField): Counted {
    const { of } = field
    if (!of) return this.#judge(held, field, undefined)
    const below = new Map<string, Counted>()
    of.fields.forEach((each, index) => {
      if (!each.isTypename) below.set(each.name, this.#ask(held.of!.fields[index]!, each))
    })
    return this.#judge(held, field, below)
  }

  #judge(
    held: HeldField,
    { nullable, itemNullable, isList, leaf, values, of }: OutputField,
    below: CountedFields | undefined,
  ): Counted {
    if (held.isList !== isList || Boolean(held.of) !== Boolean(of)) throw new NotReady('PLAN')
    held.nullable = nullable
    held.itemNullable = itemNullable
    held.leaf = leaf
    if (values) held.texts = byLength(values.map((value) => Buffer.from(JSON.stringify(value))))
    held.counter = this.counters++
    return { counter: held.counter, below }
  }
}

/** Whether the value comes in the very form that was asked for. */
function isAsAsked(held: HeldField, field: OutputField): boolean {
  if (!held.of || !field.of) return true
  const { of } = held
  const { fields, type } = field.of
  if (of.opened || of.joined.length > 0 || of.type !== type || of.fields.length !== fields.length) return false
  return of.fields.every((each, index) => {
    const wanted = fields[index]!
    if (each.name !== wanted.name) return false
    return wanted.isTypename ? each.texts !== undefined : isAsAsked(each, wanted)
  })
}

function byLength(texts: readonly Buffer[]): ReadonlyMap<number, readonly Buffer[]> {
  const found = new Map<number, Buffer[]>()
  for (const text of texts) {
    const same = found.get(text.length)
    if (same) same.push(text)
    else found.set(text.length, [text])
  }
  return found
}
