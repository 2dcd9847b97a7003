// Runs a plan over bytes. Where an answer is not as expected, the way of objects begins anew, at once, with the answers that are there
// and those under way: no subgraph is asked twice, so a write cannot be done twice.
import type { FetchNode } from '@apollo/query-planner'
import { hasOwn } from '../merge.ts'
import type { RequestContext, Services } from '../plan.ts'
import type { Answered } from './answered.ts'
import type { Assembled, Piece, PathStep, ReadyFetch, Step } from './assemble.ts'
import type { LeftReady } from './not-ready.ts'
import { givesBytes, type BytesAnswer, type BytesSource } from './bytes-source.ts'
import { Opened, partOf, type Held } from './held.ts'
import { ReadyJson } from './ready-json.ts'
import { ODD, Scan } from './scan.ts'

interface Run {
  readonly requestContext: RequestContext
  readonly services: Services
  readonly answered: Answered
  readonly counts: Int32Array
  /** Has no fields of its own: the fetches of root fields are joined to it. */
  readonly root: Opened
  size: number
  /** Once something is odd. Nobody is asked from then on. */
  left: LeftReady | undefined
  /** Sets it, and waits for nothing more: who hangs must not hold what follows the others, nor the record of what these have read. */
  readonly leave: (why: LeftReady) => void
}

const COMMA = 0x2c
const LIST_END = 0x5d
const OBJECT_END = 0x7d
const N = 0x6e
const NO_BYTES = Buffer.alloc(0)

/** For the texts between. */
const ROOM = 1_024

export async function runReady(
  { step, write, counters, counted }: Assembled,
  requestContext: RequestContext,
  services: Services,
  answered: Answered,
): Promise<ReadyJson | LeftReady> {
  const counts = new Int32Array(counters)
  const { promise: leaving, resolve } = Promise.withResolvers<void>()
  const leave = (why: LeftReady): void => {
    run.left ??= why
    resolve()
  }
  const run: Run = { requestContext, services, answered, counts, root: new Opened(NO_BYTES), size: 0, left: undefined, leave }
  await Promise.race([runStep(run, step), leaving])
  if (run.left) return run.left
  return new ReadyJson(counted, counts, run.size + ROOM, (writer) => writer.object(write, run.root))
}

/** Never rejects: some of it may still be under way when nobody waits for it any more. */
async function runStep(run: Run, step: Step | ReadyFetch): Promise<void> {
  if (step.kind === 'Fetch') {
    if (run.left) return
    try {
      if (!(await runFetch(run, step))) run.leave('ANSWER')
    } catch {
      run.leave('FAULT')
    }
  } else if (step.kind === 'Parallel') await Promise.all(step.steps.map((each) => runStep(run, each)))
  else for (const each of step.steps) await runStep(run, each)
}

async function runFetch(run: Run, fetch: ReadyFetch): Promise<boolean> {
  const { node, head, representation } = fetch
  const source = run.services[node.serviceName]?.dataSource
  if (!givesBytes(source)) return false
  const variables = variablesOf(run.requestContext.request.variables, node.variableUsages)
  if (!representation) {
    const answer = await ask(run, source, node, `${head}${variables ?? '{}'}}`)
    return answer !== undefined && takeRoot(run, fetch, answer)
  }

  const records: Opened[] = []
  const represented: { readonly record: Opened; readonly place: number }[] = []
  const distinct: string[] = []
  const placeOf = new Map<string, number>()
  follow(run.root, fetch.path, 0, records)
  for (const record of records) {
    const text = represent(record, representation)
    if (text === undefined) {
      if (fetch.held.needed) return false
      continue
    }
    let place = placeOf.get(text)
    if (place === undefined) placeOf.set(text, (place = distinct.push(text) - 1))
    represented.push({ record, place })
  }
  if (distinct.length === 0) return true
  if (node.variableUsages?.includes('representations')) return false
  const before = variables ? `${variables.slice(0, -1)},` : '{'
  const answer = await ask(run, source, node, `${head}${before}"representations":[${distinct.join(',')}]}}`)
  return answer !== undefined && takeEntities(run, fetch, answer, distinct.length, represented)
}

async function ask(run: Run, source: BytesSource, node: FetchNode, body: string): Promise<BytesAnswer | undefined> {
  const { requestContext, answered } = run
  const { context } = requestContext
  try {
    const answer = await answered.keep(node, source.fetchBytes({ body, isRead: node.operationKind === 'query', context }))
    run.size += answer.bytes.length
    // It is read on the other way, by which it is taken.
    return run.left ? undefined : answer
  } catch {
    // Whoever goes the other way meets it there.
    return undefined
  }
}

function takeRoot({ counts, root }: Run, { held, join }: ReadyFetch, answer: BytesAnswer): boolean {
  const scan = new Scan(answer.bytes, counts)
  const begin = scan.begin(false)
  const found = begin === ODD ? undefined : scan.opened(held, begin)
  const rest = found && scan.extensions(found.at)
  if (!rest) return false
  answer.noteExtensions(rest.extensions)
  root.joins[join] = found.record
  return true
}

function takeEntities(
  { counts }: Run,
  { held, join }: ReadyFetch,
  answer: BytesAnswer,
  expected: number,
  represented: readonly { readonly record: Opened; readonly place: number }[],
): boolean {
  const scan = new Scan(answer.bytes, counts)
  const begins: number[] = []
  const entities: (Opened | null)[] = []
  let at = scan.begin(true)
  for (let index = 0; index < expected; index++) {
    if (at === ODD || (index > 0 && scan.byte(at++) !== COMMA)) return false
    begins.push(at)
    const found = takeEntity(scan, held, at)
    if (!found) return false
    entities.push(found.record)
    at = found.at
  }
  if (scan.byte(at) !== LIST_END || scan.byte(at + 1) !== OBJECT_END) return false
  const rest = scan.extensions(at + 2)
  if (!rest) return false
  answer.noteExtensions(rest.extensions)
  const taken = new Set<number>()
  for (const { record, place } of represented) {
    // Of equal entities each place has a record of its own, to which other fetches may join something, and all of them count.
    record.joins[join] = taken.has(place) ? takeEntity(scan, held, begins[place]!)!.record : entities[place]!
    taken.add(place)
  }
  return true
}

function takeEntity(scan: Scan, held: Held, at: number): { readonly record: Opened | null; readonly at: number } | undefined {
  if (scan.byte(at) !== N) return scan.opened(held, at)
  const end = scan.absent(at)
  return end === ODD || held.needed ? undefined : { record: null, at: end }
}

function follow(record: Opened, path: readonly PathStep[], at: number, into: Opened[]): void {
  const step = path[at]
  if (!step) {
    into.push(record)
    return
  }
  const objects = partOf(record, step.join)?.objects[step.field.objectsAt]
  if (!objects) return
  if (objects instanceof Opened) follow(objects, path, at + 1, into)
  else for (const each of objects) if (each) follow(each, path, at + 1, into)
}

/** Nothing where a part of the object is missing that it is told by. */
function represent(record: Opened, pieces: readonly Piece[]): string | undefined {
  let representation = ''
  for (const { text, from } of pieces) {
    representation += text
    if (!from) continue
    const part = partOf(record, from.join)
    if (!part) return undefined
    representation += part.bytes.toString('utf8', part.ranges[from.field.valueAt], part.ranges[from.field.endAt])
  }
  return representation
}

/** As JSON, those that the fetch names; nothing where there are none. */
function variablesOf(provided: Readonly<Record<string, unknown>> | undefined, names: readonly string[] = []): string | undefined {
  if (!provided || names.length === 0) return undefined
  const picked: Record<string, unknown> = Object.create(null)
  for (const name of names) if (hasOwn(provided, name) && provided[name] !== undefined) picked[name] = provided[name]
  const text = JSON.stringify(picked)
  return text === '{}' ? undefined : text
}
