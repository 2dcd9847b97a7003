// Parsing within bounds: large and deep documents end at the bound, not at the end of the stack.
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../../gateway/limits/limits.ts'
import { parseBounded } from '../../../gateway/limits/parse-bounded.ts'
import type { ParseResult } from '../../../gateway/limits/parse-bounded.ts'

function parseWith(source: string, limits: Partial<typeof DEFAULT_LIMITS> = {}): ParseResult {
  return parseBounded(source, { ...DEFAULT_LIMITS, ...limits })
}

/** How many tokens the parser may take before it recurses another level is all that keeps it from the end of the stack. */
function belowFrames<T>(frames: number, run: () => T): T {
  return frames === 0 ? run() : belowFrames(frames - 1, run)
}

const nestings: Record<string, (levels: number) => string> = {
  'selection sets': (levels) => '{a'.repeat(levels) + '}'.repeat(levels),
  'inline fragments': (levels) => `${'{...'.repeat(levels)}{a}${'}'.repeat(levels)}`,
  'list literals': (levels) => `{a(x:${'['.repeat(levels)}${']'.repeat(levels)})}`,
  'object literals': (levels) => `{a(x:${'{a:'.repeat(levels)}1${'}'.repeat(levels)})}`,
  'list types': (levels) => `query($v:${'['.repeat(levels)}Int${']'.repeat(levels)}){a}`,
  'unclosed lists': (levels) => `{a(x:${'['.repeat(levels)}`,
  'unclosed selection sets': (levels) => '{a'.repeat(levels),
}

describe('nesting', () => {
  for (const [name, nest] of Object.entries(nestings)) {
    for (const levels of [101, 5_000, 200_000]) {
      test(`${levels} ${name} are refused without touching the end of the stack`, () => {
        const result = parseWith(nest(levels), { maxDocumentLength: Number.MAX_SAFE_INTEGER, maxTokens: Number.MAX_SAFE_INTEGER })
        expect(result).toMatchObject({
          ok: false,
          refusal: { code: 'QUERY_TOO_DEEP', extensions: { limit: 'maxNesting', allowed: 100 } },
        })
      })
    }
  }

  test('at its bound parses even from deep within a call stack', () => {
    for (const name of ['selection sets', 'object literals', 'list literals'] as const) {
      const source = nestings[name]?.(name === 'selection sets' ? 100 : 98) ?? ''
      expect(belowFrames(2_000, () => parseWith(source)).ok).toBe(true)
    }
  })

  test('is refused before the token bound is reached, so that the deeper fault is the one that is named', () => {
    expect(parseWith('{a'.repeat(5_000))).toMatchObject({ ok: false, refusal: { code: 'QUERY_TOO_DEEP' } })
  })

  test('counts what is open at once, not what was ever opened', () => {
    expect(parseWith(`{${'a(x:[{}]){b}'.repeat(150)}}`)).toMatchObject({ ok: true })
  })
})

describe('size', () => {
  test('a document of exactly the allowed tokens parses; one token more is refused', () => {
    const atBound = `{${'a '.repeat(DEFAULT_LIMITS.maxTokens - 2)}}`
    expect(parseWith(atBound)).toMatchObject({ ok: true, tokens: DEFAULT_LIMITS.maxTokens })
    expect(parseWith(`${atBound} {`)).toMatchObject({
      ok: false,
      refusal: { code: 'DOCUMENT_TOO_LARGE', extensions: { limit: 'maxTokens', allowed: 2_000, asked: 2_001 } },
    })
  })

  test('a document of exactly the allowed length parses; one character more is refused', () => {
    const pad = (length: number): string => '{a}'.padEnd(length, ' ')
    expect(parseWith(pad(DEFAULT_LIMITS.maxDocumentLength)).ok).toBe(true)
    expect(parseWith(pad(DEFAULT_LIMITS.maxDocumentLength + 1))).toMatchObject({
      ok: false,
      refusal: {
        code: 'DOCUMENT_TOO_LARGE',
        extensions: { limit: 'maxDocumentLength', asked: DEFAULT_LIMITS.maxDocumentLength + 1 },
      },
    })
  })

  test('a megabyte in one string, one name or comments is refused by its length', () => {
    const filler = 'x'.repeat(1_000_000)
    for (const source of [`{a(x:"${filler}")}`, `{${filler}}`, `{a}#${filler}`, `{a}${'#\n'.repeat(500_000)}`]) {
      expect(parseWith(source)).toMatchObject({ ok: false, refusal: { code: 'DOCUMENT_TOO_LARGE' } })
    }
  })

  test('more comments than tokens are refused, because each is kept in memory like a token', () => {
    expect(parseWith(`{a}${'#\n'.repeat(2_000)}`).ok).toBe(true)
    expect(parseWith(`{a}${'#\n'.repeat(2_001)}`)).toMatchObject({ ok: false, refusal: { code: 'GRAPHQL_PARSE_FAILED' } })
  })

  test('a megabyte of tokens is not read beyond the bound', () => {
    const result = parseWith(`{${'a '.repeat(500_000)}`, { maxDocumentLength: Number.MAX_SAFE_INTEGER })
    expect(result).toMatchObject({ ok: false, refusal: { code: 'DOCUMENT_TOO_LARGE', extensions: { asked: 2_001 } } })
  })
})

describe('a syntax error', () => {
  test('is refused with its place', () => {
    expect(parseWith('{\n  a(\n}')).toMatchObject({
      ok: false,
      refusal: {
        code: 'GRAPHQL_PARSE_FAILED',
        message: 'The document is not valid GraphQL at line 3, column 1: Expected Name, found "}".',
        messageVi: 'Tài liệu không đúng cú pháp GraphQL tại dòng 3, cột 1: Expected Name, found "}".',
        locations: [{ line: 3, column: 1 }],
      },
    })
  })

  test('is found in an empty document', () => {
    for (const source of ['', '   ', '# only a comment']) {
      expect(parseWith(source)).toMatchObject({ ok: false, refusal: { code: 'GRAPHQL_PARSE_FAILED' } })
    }
  })

  test('repeats no more than a few words of a long document', () => {
    const result = parseWith(`{a(${'x'.repeat(60_000)} 1)}`)
    expect(result.ok ? '' : result.refusal.message.length).toBeLessThan(300)
    const named = parseWith(`query ${'x'.repeat(60_000)} ${'y'.repeat(1_000)}`)
    expect(named.ok ? '' : named.refusal.message.length).toBeLessThan(300)
  })
})
