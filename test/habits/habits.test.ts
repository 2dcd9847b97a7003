// Habits that no compiler holds: one reader of the environment, few hands on the seals, Vietnamese that compares equal.
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const ROOT = new URL('../../', import.meta.url)
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\0')
  .filter(Boolean)
const TEXT = /\.(ts|tsx|md|graphql|json|ya?ml|cjs|html|css|csv)$/
const sources = files.filter((file) => TEXT.test(file) && !file.startsWith('sdk/generated/') && file !== 'package-lock.json')

const read = (file: string): Promise<string> => readFile(new URL(file, ROOT), 'utf8').catch(() => '')

async function filesWith(pattern: RegExp, among: (file: string) => boolean): Promise<string[]> {
  const found: string[] = []
  for (const file of sources.filter(among)) if (pattern.test(await read(file))) found.push(file)
  return found
}

const product = (file: string): boolean => /^(gateway|subgraphs|platform|portal|sdk)\/.*\.ts$/.test(file)

test('Vietnamese is written composed (NFC) everywhere, so that it compares and sorts as it reads', async () => {
  const decomposed: string[] = []
  for (const file of sources) {
    const text = await read(file)
    if (text !== text.normalize('NFC')) decomposed.push(file)
  }
  expect(decomposed).toEqual([])
})

test('the environment is read by the commands that start a process, and by nobody else', async () => {
  const readers = await filesWith(/process\.env\b/, product)
  expect(readers.filter((file) => !ENVIRONMENT_READERS.includes(file))).toEqual([])
})

/** The frame of all commands; the launcher that hands its environment on; commands that parse it through readConfig. */
const ENVIRONMENT_READERS = [
  'platform/run.ts',
  'platform/start-distributed.ts',
  'platform/demo/demo.ts',
  'platform/token-cli.ts',
  // Turns the telemetry of a library off, before it is loaded.
  'gateway/quiet-gateway.ts',
  // A constant for the bundler, not a reading.
  'portal/explorer/bundle.ts',
]

test('a viewer is admitted by the signature check and by the transport inside this process, and by nobody else', async () => {
  expect(await filesWith(/\badmitViewer\b/, product)).toEqual(['gateway/transport/in-process.ts', 'subgraphs/kernel/viewer.ts'])
})

test('no file of the product has a forgotten stub, an untyped escape or a skipped test', async () => {
  const code = (file: string): boolean => file.endsWith('.ts') && file !== 'test/habits/habits.test.ts'
  expect(
    await filesWith(
      /\bas any(?=[).,;\]>]|$)|@ts-ignore|@ts-expect-error|\bTODO\b|\bFIXME\b|\b(test|it|describe)\.(skip|only|todo)\b|oxlint-disable|eslint-disable/m,
      code,
    ),
  ).toEqual([])
})

test('every source file says in its first line what it is for', async () => {
  const silent: string[] = []
  for (const file of files.filter(
    (each) => /^(gateway|subgraphs|platform|portal|sdk|bench|test)\/.*\.ts$/.test(each) && !each.startsWith('sdk/generated/'),
  ))
    if (!/^(\/\/|\/\*\*) ?\S/.test((await read(file)).trimStart())) silent.push(file)
  expect(silent).toEqual([])
})

test('no file larger than a megabyte is committed, but the official lists and the lock file', async () => {
  const large: string[] = []
  for (const file of files) if ((await read(file)).length > 1_000_000) large.push(file)
  expect(large.filter((file) => file !== 'package-lock.json')).toEqual([])
})

test('the lock file names no registry', async () => {
  expect(await read('package-lock.json')).not.toMatch(/"resolved": "https?:/)
})
