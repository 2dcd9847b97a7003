// Known documents, parsed, measured and validated once for this version of the contract.
import { validate, type GraphQLSchema } from 'graphql'
import { LRUCache } from 'lru-cache'
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { analyseDocument, evaluate, type DocumentAnalysis, type EvaluationResult } from '../limits/analyse-document.ts'
import type { CostModel } from '../limits/cost-model.ts'
import type { Limits } from '../limits/limits.ts'
import type { Variables } from '../limits/variables.ts'

/**
 * Some 30 bytes for each character of a text, as measured for the parsed documents of a subgraph: 30 MB. Apart from the memory of texts that
 * anybody sends, which must not push out what a vendor has registered.
 */
const MOST_CHARACTERS = 1_000_000

export interface PreparedDocumentsOptions {
  readonly schema: GraphQLSchema
  readonly costModel: CostModel
  readonly limits: Limits
}

export type PreparedResult = EvaluationResult | { readonly ok: false; readonly refusal: PlatformError }

export class PreparedDocument {
  readonly source: string
  readonly #options: PreparedDocumentsOptions
  /** By the name of the operation; those that passed. A document holds a handful at most. */
  readonly #analyses = new Map<string | null, DocumentAnalysis>()
  #isValid = false
  #outdated: PlatformError | undefined

  constructor(source: string, options: PreparedDocumentsOptions) {
    this.source = source
    this.#options = options
  }

  /** What a text would be told, and that a document which was fit to be registered is so no more. */
  check(operationName: string | null, variables: Variables | null): PreparedResult {
    if (this.#outdated) return { ok: false, refusal: this.#outdated }
    const known = this.#analyses.get(operationName)
    if (known) return evaluate(known, variables)
    const analysed = analyseDocument({ source: this.source, operationName, ...this.#options })
    if (!analysed.ok) return analysed
    if (!this.#isValid) {
      const [fault] = validate(this.#options.schema, analysed.analysis.document, undefined, { maxErrors: 1 })
      if (fault) return { ok: false, refusal: (this.#outdated = outdated(fault.message)) }
      this.#isValid = true
    }
    this.#analyses.set(operationName, analysed.analysis)
    return evaluate(analysed.analysis, variables)
  }
}

function outdated(fault: string): PlatformError {
  return new PlatformError('DOCUMENT_OUTDATED', { fault: fault.slice(0, 300) })
}

/**
 * Belongs to one schema: a gateway with another one prepares every document anew. By hash, whosever list it stands on: who gets as far as
 * asking here has the text on a list of its own.
 */
export class PreparedDocuments {
  readonly #options: PreparedDocumentsOptions
  readonly #kept = new LRUCache<string, PreparedDocument>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: ({ source }) => Math.max(1, source.length),
  })

  constructor(options: PreparedDocumentsOptions) {
    this.#options = options
  }

  find(hash: string): PreparedDocument | undefined {
    return this.#kept.get(hash)
  }

  prepare(hash: string, source: string): PreparedDocument {
    let prepared = this.#kept.get(hash)
    if (!prepared) this.#kept.set(hash, (prepared = new PreparedDocument(source, this.#options)))
    return prepared
  }
}
