// What identity judges documents by before it registers them: the contract and the limits of the gateway, read when the first one comes.
import { readFileSync } from 'node:fs'
import { buildASTSchema, parse } from 'graphql'
import { createDocumentChecker } from '../../gateway/documents/check-document.ts'
import { buildCostModel } from '../../gateway/limits/cost-model.ts'
import { DEFAULT_LIMITS } from '../../gateway/limits/limits.ts'
import { readAccessRules } from '../../gateway/rules/supergraph-rules.ts'
import type { CheckDocument } from '../../subgraphs/kernel/document-check.ts'

const read = (name: string) => parse(readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8'), { noLocation: true })

/** Vendors register when they release: identity does not hold the contract before. */
export function createDocumentCheck(): CheckDocument {
  let check: CheckDocument | undefined
  return (text) => {
    if (!check) {
      const supergraph = read('supergraph.graphql')
      check = createDocumentChecker({
        apiSchema: buildASTSchema(read('contract.graphql'), { assumeValid: true }),
        costModel: buildCostModel(supergraph),
        rules: readAccessRules(supergraph),
        limits: DEFAULT_LIMITS,
      })
    }
    return check(text)
  }
}
