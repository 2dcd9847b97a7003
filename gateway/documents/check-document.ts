// Whether a document may be registered: the door's own checks, as far as they can be made before anybody sends its variables.
import { Kind, validate, type DocumentNode, type GraphQLSchema } from 'graphql'
import type { CheckDocument, CheckedDocument, DocumentFault } from '../../subgraphs/kernel/document-check.ts'
import { ERROR_CODES, type ErrorCode } from '../../subgraphs/kernel/errors.ts'
import { analyseDocument, evaluate } from '../limits/analyse-document.ts'
import type { CostModel } from '../limits/cost-model.ts'
import type { Limits } from '../limits/limits.ts'
import { parseBounded } from '../limits/parse-bounded.ts'
import type { Refusal } from '../limits/refusals.ts'
import { neededScopes } from '../rules/needed-scopes.ts'
import { readOperationNeeds } from '../rules/operation-needs.ts'
import type { AccessRules } from '../rules/supergraph-rules.ts'

export interface DocumentCheckOptions {
  readonly apiSchema: GraphQLSchema
  readonly costModel: CostModel
  readonly rules: AccessRules
  readonly limits: Limits
}

/** A document may hold several operations: each of them is held to the bounds, and all of them may be asked for. */
export function createDocumentChecker({ apiSchema, costModel, rules, limits }: DocumentCheckOptions): CheckDocument {
  return (text) => {
    // The hash is of bytes, and half a character has none.
    if (!text.isWellFormed() || text.includes('\0')) return refused(faultOf('GRAPHQL_PARSE_FAILED'))
    const parsed = parseBounded(text, limits)
    if (!parsed.ok) return refused(parsed.refusal)
    const names = namesOf(parsed.document)
    const scopes = new Set<string>()
    let depth = 0
    let cost: number | null = 0
    for (const operationName of names.length > 1 ? names : [null]) {
      const analysed = analyseDocument({ source: text, operationName, schema: apiSchema, costModel, limits })
      if (!analysed.ok) return refused(analysed.refusal)
      const { analysis } = analysed
      const [invalid] = validate(apiSchema, analysis.document, undefined, { maxErrors: 1 })
      if (invalid) return refused(faultOf('GRAPHQL_VALIDATION_FAILED', invalid.message))
      const needs = readOperationNeeds(apiSchema, rules, analysis.document, analysis.operation)
      for (const scope of neededScopes(needs, [])) scopes.add(scope)
      depth = Math.max(depth, analysis.measured.depth)
      const priced = evaluate(analysis, {})
      cost = priced.ok && cost !== null ? Math.max(cost, priced.measured.cost) : null
    }
    return { ok: true, names: names.filter((name) => name !== null), neededScopes: [...scopes].sort(), depth, cost }
  }
}

function namesOf({ definitions }: DocumentNode): (string | null)[] {
  return definitions.flatMap((each) => (each.kind === Kind.OPERATION_DEFINITION ? [each.name?.value ?? null] : []))
}

function faultOf(code: ErrorCode, detail?: string): DocumentFault {
  const [, message, messageVi] = ERROR_CODES[code]
  return detail === undefined ? { code, message, messageVi } : { code, message: detail, messageVi: `${messageVi} (${detail})` }
}

function refused({ code, message, messageVi }: DocumentFault | Refusal): CheckedDocument {
  return { ok: false, fault: { code, message, messageVi } }
}
