// The vendor guides say what the code does: every code, every limit, every example, in both languages.
import 'reflect-metadata'
import { buildSchema, getVariableValues, Kind, parse, validate, type OperationDefinitionNode } from 'graphql'
import { describe, expect, test } from 'vitest'
import { BODY_LIMIT } from '../../gateway/http/graphql-route.ts'
import { DEFAULT_LIMITS, type Limits } from '../../gateway/limits/limits.ts'
import { REFUSAL_CODES, refuseBeyond } from '../../gateway/limits/refusals.ts'
import { CLOCK_TOLERANCE_SECONDS, MAX_ASSERTION_AGE_SECONDS } from '../../subgraphs/identity/oauth/client-assertion.ts'
import { ACCESS_TOKEN_SECONDS } from '../../subgraphs/identity/oauth/authorization-server.ts'
import { BATCH_MAX } from '../../subgraphs/kernel/batch.ts'
import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from '../../subgraphs/kernel/connection.ts'
import { ERROR_CODES, isErrorCode } from '../../subgraphs/kernel/errors.ts'
import { DEFAULT_HTTP_TIMEOUTS } from '../../subgraphs/kernel/http.ts'
import { IDEMPOTENCY_HOURS } from '../../subgraphs/kernel/idempotency.ts'
import { codeBlocks, codeWords, curledQueries, PAGES, readPage, tableRows, wordOf } from './documents.ts'

const contract = buildSchema(readPage('schema/contract.graphql'))
const GUIDES = [
  ['docs/vendor-guide.en.md', 'en-US'],
  ['docs/vendor-guide.vi.md', 'vi-VN'],
] as const

/** The status a code has when it refuses a request; what only the limits refuse is a fault of the document. */
const statusOf = (code: string): number => (isErrorCode(code) ? ERROR_CODES[code][0] : 400)
const ALL_CODES = [...new Set([...Object.keys(ERROR_CODES), ...REFUSAL_CODES])].sort()

const FIGURES: Readonly<Record<string, readonly [number, string]>> = {
  token: [ACCESS_TOKEN_SECONDS, 's'],
  assertion: [MAX_ASSERTION_AGE_SECONDS, 's'],
  clock: [CLOCK_TOLERANCE_SECONDS, 's'],
  body: [BODY_LIMIT / 1_048_576, 'MB'],
  batch: [BATCH_MAX, ''],
  page: [PAGE_SIZE_MAX, ''],
  'default-page': [PAGE_SIZE_DEFAULT, ''],
  'idempotency-key': [IDEMPOTENCY_HOURS, 'h'],
  'header-time': [DEFAULT_HTTP_TIMEOUTS.headers / 1_000, 's'],
  'body-time': [DEFAULT_HTTP_TIMEOUTS.body / 1_000, 's'],
  'operation-time': [operationSeconds(), 's'],
}

/** The gateway keeps this bound to itself. */
function operationSeconds(): number {
  const [, milliseconds] = /OPERATION_TIMEOUT_MS = ([\d_]+)/.exec(readPage('gateway/index.ts')) ?? []
  return Number(milliseconds?.replaceAll('_', '')) / 1_000
}

describe.each(GUIDES)('%s', (path, locale) => {
  const guide = readPage(path)
  const rows = tableRows(guide)
  const number = (value: number): string => new Intl.NumberFormat(locale).format(value)

  test('lists every error code once, with the status it has', () => {
    const listed = rows.flatMap(([code, status]) =>
      /^\d{3}$/.test(status ?? '') && /^`[A-Z_]+`$/.test(code!) ? [[wordOf(code)!, Number(status)]] : [],
    )
    expect(listed.map(([code]) => code).sort()).toEqual(ALL_CODES)
    expect(listed).toEqual(listed.map(([code]) => [code, statusOf(String(code))]))
  })

  test('names no code, kind or state that does not exist', () => {
    const enumValues = Object.values(contract.getTypeMap()).flatMap((type) =>
      'getValues' in type ? type.getValues().map(({ name }) => name) : [],
    )
    const known = new Set<string>([...ALL_CODES, ...enumValues])
    const named = codeWords(guide).filter((word) => /^[A-Z][A-Z_]{3,}$/.test(word))
    expect(named.filter((word) => !known.has(word))).toEqual([])
  })

  test('gives every limit its value, and the code that answers when it is passed', () => {
    const listed = rows.flatMap(([name, value, , code]) =>
      /^(max|assumed)/.test(wordOf(name) ?? '') ? [[wordOf(name), value, wordOf(code)]] : [],
    )
    const answerOf = (limit: keyof Limits): string | undefined =>
      limit === 'assumedListSize' ? undefined : refuseBeyond({ limit, allowed: 1, asked: 2, at: 'x' }).code
    const names = Object.keys(DEFAULT_LIMITS) as (keyof Limits)[]
    expect(listed).toEqual(names.map((name) => [name, number(DEFAULT_LIMITS[name]), answerOf(name)]))
  })

  test('gives every other figure its value', () => {
    const listed = rows.flatMap(([name, value]) => (Object.hasOwn(FIGURES, wordOf(name) ?? '') ? [[wordOf(name), value]] : []))
    expect(listed).toEqual(Object.entries(FIGURES).map(([name, [value, unit]]) => [name, `${number(value)} ${unit}`.trim()]))
  })

  test('names only scopes, fields and arguments of its example variables that the contract takes', () => {
    const blocks = codeBlocks(guide)
    const pairs = blocks.flatMap(({ language, text }, index) =>
      language === 'json' ? [[blocks[index - 1]!, text] as const] : [],
    )
    expect(pairs.length).toBeGreaterThan(0)
    for (const [{ text: document }, variables] of pairs) {
      const operation = parse(document).definitions.find(
        (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
      )!
      const { errors = [] } = getVariableValues(
        contract,
        operation.variableDefinitions ?? [],
        JSON.parse(variables) as Record<string, unknown>,
      )
      expect(errors.map(({ message }) => message)).toEqual([])
    }
  })
})

test('both guides hold the same examples, chapters and tables', () => {
  const [english, vietnamese] = GUIDES.map(([path]) => readPage(path)) as [string, string]
  const shape = (guide: string) => ({
    examples: codeBlocks(guide),
    chapters: [...guide.matchAll(/^(#+)( \d+\.)?/gm)].map(([heading]) => heading),
    rows: tableRows(guide).map((row) => row.length),
    points: (guide.match(/^- /gm) ?? []).length,
  })
  expect(shape(vietnamese)).toEqual(shape(english))
})

function faultsOf(document: string): string[] {
  try {
    return validate(contract, parse(document)).map(({ message }) => message)
  } catch (error) {
    return [(error as Error).message]
  }
}

test('every GraphQL example of the documentation fits the contract that vendors see', () => {
  const faults: string[] = []
  let examples = 0
  for (const path of PAGES) {
    const page = readPage(path)
    // An ellipsis marks an outline, which nobody sends.
    const documents = codeBlocks(page)
      .filter(({ language, text }) => language === 'graphql' && !text.includes('…'))
      .map(({ text }) => text)
    for (const document of [...documents, ...curledQueries(page)]) {
      examples += 1
      faults.push(...faultsOf(document).map((fault) => `${path}: ${fault}`))
    }
  }
  expect(faults).toEqual([])
  expect(examples).toBeGreaterThan(8)
})
