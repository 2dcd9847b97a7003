// What can be decided about a document before its variables are known, and what is left to decide for each request.
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql'
import { compileCost } from './cost.ts'
import type { CostProgram } from './cost.ts'
import type { CostModel } from './cost-model.ts'
import type { CostedSet } from './cost-tree.ts'
import { countFieldPairs } from './field-pairs.ts'
import type { Limits } from './limits.ts'
import { measureDocument } from './measure.ts'
import type { DocumentMeasure } from './measure.ts'
import { parseBounded } from './parse-bounded.ts'
import { refuseBeyond, refuseCycle, refuseNoOperation } from './refusals.ts'
import type { Refusal } from './refusals.ts'
import { measureVariables } from './variables.ts'
import type { Variables } from './variables.ts'

export interface Measured {
  readonly tokens: number
  /** Of the operation that runs, its fragments expanded. */
  readonly depth: number
  readonly introspectionDepth: number
  readonly rootFields: number
  readonly aliases: number
  readonly fields: number
  /** Of the document, as written. */
  readonly fragments: number
  readonly spreads: number
  readonly directives: number
  /** Pairs of fields that validation compares. */
  readonly fieldPairs: number
}

export interface DocumentAnalysis {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly measured: Measured
  readonly cost: CostProgram
  readonly limits: Limits
}

export interface DocumentToAnalyse {
  readonly source: string
  readonly operationName?: string | null | undefined
  readonly schema: GraphQLSchema
  readonly costModel: CostModel
  readonly limits: Limits
}

export type AnalysisResult =
  { readonly ok: true; readonly analysis: DocumentAnalysis } | { readonly ok: false; readonly refusal: Refusal }

export type EvaluationResult =
  | {
      readonly ok: true
      readonly document: DocumentNode
      readonly operation: OperationDefinitionNode
      readonly measured: Measured & {
        readonly cost: number
        /** The part of the cost that no answer makes smaller. */
        readonly sent: number
      }
      /** By which the answer is weighed. */
      readonly costTree: CostedSet
    }
  | { readonly ok: false; readonly refusal: Refusal }

/** Depends on the document alone, so the answer can be kept for every later request that sends the same text. */
export function analyseDocument({ source, operationName, schema, costModel, limits }: DocumentToAnalyse): AnalysisResult {
  const parsed = parseBounded(source, limits)
  if (!parsed.ok) return parsed

  const measure = measureDocument(parsed.document)
  const refusal = firstRefusal(measure, limits)
  if (refusal) return { ok: false, refusal }
  const fieldPairs = countFieldPairs(measure.roots, measure.fragments)
  if (fieldPairs > limits.maxFieldPairs) {
    return { ok: false, refusal: refuseBeyond({ limit: 'maxFieldPairs', allowed: limits.maxFieldPairs, asked: fieldPairs }) }
  }

  const chosen = findOperation(measure.operations, operationName)
  if (!chosen.ok) return chosen
  const { operation } = chosen
  const own = measure.byOperation.get(operation) ?? measure.whole
  return {
    ok: true,
    analysis: {
      document: parsed.document,
      operation,
      measured: {
        tokens: parsed.tokens,
        depth: own.depth,
        introspectionDepth: own.introspectionDepth,
        rootFields: own.levelFields,
        aliases: own.aliases,
        fields: own.fields,
        fragments: measure.fragmentDefinitions,
        spreads: measure.spreads,
        directives: measure.directives,
        fieldPairs,
      },
      cost: compileCost(operation, measure.fragments, schema, costModel, limits),
      limits,
    },
  }
}

/** The part that each request's variables decide: the size of lists and the cost. */
export function evaluate(analysis: DocumentAnalysis, variables: Variables | null | undefined): EvaluationResult {
  const { limits, cost: program, document, operation, measured } = analysis
  const given = variables ?? {}
  const size = measureVariables(given, limits.maxVariablesDepth)
  if (size.depth > limits.maxVariablesDepth) {
    return {
      ok: false,
      refusal: refuseBeyond({
        limit: 'maxVariablesDepth',
        allowed: limits.maxVariablesDepth,
        asked: size.depth,
        at: size.deepestAt,
      }),
    }
  }
  if (size.longestList > limits.maxListSize) {
    return {
      ok: false,
      refusal: refuseBeyond({ limit: 'maxListSize', allowed: limits.maxListSize, asked: size.longestList, at: size.longestAt }),
    }
  }
  const priced = program.price(given)
  if (!priced.ok) return priced
  const { cost, sent } = priced
  if (cost > limits.maxCost) {
    return { ok: false, refusal: refuseBeyond({ limit: 'maxCost', allowed: limits.maxCost, asked: cost }) }
  }
  return { ok: true, document, operation, measured: { ...measured, cost, sent }, costTree: program.tree }
}

/**
 * Every operation and fragment of the document is held to the bounds, not only what will run: validation looks at all of it. The cheapest
 * and most telling reasons come first; a cycle before everything that is counted through it.
 */
function firstRefusal(measure: DocumentMeasure, limits: Limits): Refusal | undefined {
  if (measure.cycle) return refuseCycle(measure.cycle)
  const { whole, longestList } = measure
  const counts = [
    ['maxOperations', measure.operations.length],
    ['maxFragments', measure.fragmentDefinitions],
    ['maxFragmentSpreads', measure.spreads],
    ['maxDirectives', measure.directives],
    ['maxDepth', whole.depth],
    ['maxIntrospectionLists', whole.introspectionLists],
    ['maxIntrospectionDepth', whole.introspectionDepth],
    ['maxRootFields', measure.rootFields],
    ['maxAliases', whole.aliases],
    ['maxIntrospectionFields', whole.introspectionFields],
    ['maxExpandedSelections', whole.selections],
  ] as const
  for (const [limit, asked] of counts) {
    const allowed = limits[limit]
    if (asked > allowed) return refuseBeyond({ limit, allowed, asked })
  }
  if (longestList.size > limits.maxListSize) {
    return refuseBeyond({ limit: 'maxListSize', allowed: limits.maxListSize, asked: longestList.size, at: longestList.at })
  }
  return undefined
}

/** GetOperation of the GraphQL specification: a name that is given must fit, a name that is left out must not be needed. */
function findOperation(
  operations: readonly OperationDefinitionNode[],
  operationName: string | null | undefined,
): { readonly ok: true; readonly operation: OperationDefinitionNode } | { readonly ok: false; readonly refusal: Refusal } {
  const named = typeof operationName === 'string'
  const operation = named ? operations.find((each) => each.name?.value === operationName) : operations[0]
  if (!operation) return { ok: false, refusal: refuseNoOperation(operations.length === 0 ? 'none' : 'unknown') }
  if (!named && operations.length > 1) return { ok: false, refusal: refuseNoOperation('several') }
  return { ok: true, operation }
}
