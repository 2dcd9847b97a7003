// The first question the gateway asks of an operation, before validation and planning: is it within bounds?
import { hash } from 'node:crypto'
import type { GraphQLSchema } from 'graphql'
import { LRUCache } from 'lru-cache'
import { analyseDocument, evaluate } from './analyse-document.ts'
import type { DocumentAnalysis, DocumentToAnalyse, EvaluationResult } from './analyse-document.ts'
import type { CostModel } from './cost-model.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import type { Limits } from './limits.ts'
import type { Variables } from './variables.ts'

export interface OperationRequest {
  readonly source: string
  /** SHA-256 of it, in hexadecimal, where somebody has it already. */
  readonly hash?: string
  readonly operationName?: string | null | undefined
  readonly variables?: Variables | null | undefined
}

/** One operation, decided from the beginning. */
export function checkOperation({ variables, ...request }: DocumentToAnalyse & OperationRequest): EvaluationResult {
  const result = analyseDocument(request)
  return result.ok ? evaluate(result.analysis, variables) : result
}

export type OperationChecker = (request: OperationRequest) => EvaluationResult

/**
 * A parsed document holds about 0.3 KB a token as measured (tree, locations and costs together), so the default keeps some 30 MB and
 * several hundred operations of ordinary size.
 */
export const DEFAULT_CACHED_TOKENS = 100_000

/**
 * The same, remembering the documents that passed. The memory belongs to one schema: make a new checker when the supergraph changes.
 * Nothing in it depends on who asked. Refusals are not remembered: they are cheap to repeat, and would let a stranger's rubbish push
 * out the operations that vendors really send.
 */
export function createOperationChecker(options: {
  readonly schema: GraphQLSchema
  readonly costModel: CostModel
  readonly limits?: Limits
  readonly cachedTokens?: number
}): OperationChecker {
  const { schema, costModel, limits = DEFAULT_LIMITS, cachedTokens = DEFAULT_CACHED_TOKENS } = options
  const analyses = new LRUCache<string, DocumentAnalysis>({
    maxSize: cachedTokens,
    sizeCalculation: ({ measured }) => measured.tokens,
  })

  return ({ source, hash: known, operationName, variables }) => {
    const key = isCacheable(source, limits) ? cacheKey(known ?? hash('sha256', source), operationName) : undefined
    const kept = key === undefined ? undefined : analyses.get(key)
    if (kept) return evaluate(kept, variables)
    const result = analyseDocument({ source, operationName, schema, costModel, limits })
    if (!result.ok) return result
    if (key !== undefined) analyses.set(key, result.analysis)
    return evaluate(result.analysis, variables)
  }
}

/** Longer texts are refused unread, and of broken surrogates the hash, which sees UTF-8, could not tell one from another. */
function isCacheable(source: string, limits: Limits): boolean {
  return source.length <= limits.maxDocumentLength && source.isWellFormed()
}

function cacheKey(digest: string, operationName: string | null | undefined): string {
  return typeof operationName === 'string' ? `${digest}:${operationName}` : digest
}
