// The fault run (`npm run test:faults`): what is promised while everything breaks, and after.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { longest, lost, operationsOutOfRecord, recordsOutOfPlace, unexplained, writesOutOfPlace } from './invariants.ts'
import { runFaults, type FaultRun } from './run.ts'
import { readSettings } from './settings.ts'

const settings = readSettings(process.env)
vi.setConfig({ testTimeout: 120_000, hookTimeout: (settings.minutes + (settings.rounds ?? 1) * 6 + 6) * 60_000 })

let run: FaultRun
let closed = false

beforeAll(async () => {
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  say(
    `fault run, FAULT_SEED=${settings.seed}${settings.rounds ? ` FAULT_ROUNDS=${settings.rounds}` : ` FAULT_MINUTES=${settings.minutes}`}`,
  )
  run = await runFaults(settings, say)
  say(report(run))
})
afterAll(async () => {
  if (!closed) await run?.platform.close()
})

function report({ ledger, faults, recoveries, seconds, platform }: FaultRun): string {
  const sorted = recoveries.toSorted((a, b) => a - b)
  const counts = [...ledger.counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([what, count]) => `  ${String(count).padStart(7)}  ${what}`)
  const memory = [...platform.services.values()].map(
    ({ name, mostMb, starts }) => `${name} ${Math.round(mostMb)} MB (${starts} starts)`,
  )
  return [
    `${faults} faults in ${seconds.toFixed(0)} s; ${ledger.attempts.length} requests; recovered in ${Math.round(sorted[sorted.length >> 1] ?? 0)} ms (median), ${Math.round(sorted.at(-1) ?? 0)} ms (longest)`,
    ...counts,
    `longest request ${(longest(ledger) / 1_000).toFixed(1)} s; most memory: ${memory.join(', ')}`,
  ].join('\n')
}

test('while everything breaks, no client sees what it should not: rights that have ended, schools of others, words of our inside, a wait without end', () => {
  expect(run.ledger.violations).toEqual([])
})

test('a fault outside is never told as one of ours', () => {
  expect(unexplained(run.ledger)).toEqual([])
})

test('a gateway that nobody touches answers everybody, whatever breaks behind it', () => {
  expect(lost(run.ledger)).toEqual([])
})

test('every acknowledged write is kept once, with one audit record; none is there that nobody acknowledged', async () => {
  expect(run.ledger.writes.length).toBeGreaterThan(0)
  expect(await writesOutOfPlace(run.platform, run.ledger)).toEqual([])
})

test('every record stands as acknowledged, each version once in its history and once in the change feed', async () => {
  expect(await recordsOutOfPlace(run.platform, run.ledger)).toEqual([])
})

test('every answered operation is on record, once', async () => {
  expect(await operationsOutOfRecord(run.platform, run.ledger)).toEqual([])
})

test('no process ended by itself, and none grew without bound', () => {
  expect(run.platform.crashes).toEqual([])
  const large = [...run.platform.services.values()]
    .filter(({ mostMb }) => mostMb > MOST_MB)
    .map(({ name, mostMb }) => `${name} ${mostMb}`)
  expect(large).toEqual([])
})

test('told to end, every process ends in order, and nothing is left behind', async () => {
  const ends = await Promise.all(
    [...run.platform.services.values()].map(async (service) => [service.name, await service.end('SIGTERM')] as const),
  )
  expect(ends.filter(([, { code }]) => code !== 0)).toEqual([])
  closed = true
  await run.platform.close()
})

/** Five times what one has after its start: a heap that grows for an answer of many megabytes, and no leak. */
const MOST_MB = 1_000
