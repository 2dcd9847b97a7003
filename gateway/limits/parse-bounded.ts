// Parsing that stops at the first token too many or too deep: nothing is read that would not be served.
import { GraphQLError, Lexer, parse, Source, TokenKind } from 'graphql'
import type { DocumentNode, Token } from 'graphql'
import type { Limits } from './limits.ts'
import { refuseBeyond, refuseSyntax } from './refusals.ts'
import type { Refusal } from './refusals.ts'

type ParseLimits = Pick<Limits, 'maxDocumentLength' | 'maxTokens' | 'maxNesting'>

export type ParseResult =
  | { readonly ok: true; readonly document: DocumentNode; readonly tokens: number }
  | { readonly ok: false; readonly refusal: Refusal }

export function parseBounded(source: string, limits: ParseLimits): ParseResult {
  if (source.length > limits.maxDocumentLength) {
    return {
      ok: false,
      refusal: refuseBeyond({ limit: 'maxDocumentLength', allowed: limits.maxDocumentLength, asked: source.length }),
    }
  }
  const lexer = new BoundedLexer(new Source(source, 'GraphQL request'), limits)
  try {
    // Comments make no tokens for the parser but objects in memory all the same, kept alive by the locations of the tree.
    const document = parse(lexer.source, { lexer, maxComments: limits.maxTokens })
    return { ok: true, document, tokens: lexer.tokens }
  } catch (error) {
    if (error instanceof BoundPassed) return { ok: false, refusal: error.refusal }
    if (error instanceof GraphQLError) return { ok: false, refusal: refuseSyntax(error.message, error.locations) }
    throw error
  }
}

class BoundPassed extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.refusal = refusal
  }
}

/**
 * graphql's own `maxTokens` bounds the length of a document but not how deep it recurses within that length, and says so only in prose.
 * The parser takes each token from here exactly once, so both bounds hold before it recurses another level.
 */
class BoundedLexer extends Lexer {
  tokens = 0
  private nesting = 0
  private readonly limits: ParseLimits

  constructor(source: Source, limits: ParseLimits) {
    super(source)
    this.limits = limits
  }

  override advance(): Token {
    const token = super.advance()
    switch (token.kind) {
      case TokenKind.EOF:
        return token
      case TokenKind.BRACE_L:
      case TokenKind.BRACKET_L:
      case TokenKind.PAREN_L:
        this.nesting += 1
        break
      case TokenKind.BRACE_R:
      case TokenKind.BRACKET_R:
      case TokenKind.PAREN_R:
        this.nesting -= 1
        break
    }
    this.tokens += 1
    if (this.tokens > this.limits.maxTokens) this.refuse('maxTokens', this.tokens)
    if (this.nesting > this.limits.maxNesting) this.refuse('maxNesting', this.nesting)
    return token
  }

  private refuse(limit: 'maxTokens' | 'maxNesting', asked: number): never {
    throw new BoundPassed(refuseBeyond({ limit, allowed: this.limits[limit], asked }))
  }
}
