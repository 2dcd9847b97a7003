// The fetches a subgraph has parsed and validated before, so that the next one of the same text runs at once.
import { parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql'
import { LRUCache } from 'lru-cache'
import { PlatformError } from './errors.ts'
import { Execution, type CountExecution, type ExecuteDocument } from './execution/execute.ts'
import { distinctFields, type FieldRef } from './operation-rules.ts'

/**
 * A document and its program hold some 30 bytes for each character of its text, measured: 30 MB a subgraph, and some thousand fetches of ordinary
 * length. Bounded by length and not by number: 1,800 different operations of 6 KB, which any vendor can write, took 1.3 GB.
 */
const MOST_CHARACTERS = 1_000_000

export interface ReadDocument {
  readonly document: DocumentNode
  readonly fields: readonly FieldRef[]
  readonly execute: ExecuteDocument
}

export class DocumentMemory {
  readonly #schema: GraphQLSchema
  readonly #execution: Execution
  readonly #known = new LRUCache<string, ReadDocument>({ maxSize: MOST_CHARACTERS, sizeCalculation: (_, text) => text.length })

  constructor(schema: GraphQLSchema, count: CountExecution = () => undefined) {
    this.#schema = schema
    this.#execution = new Execution(schema, count)
  }

  /** Of all texts that are kept. */
  get characters(): number {
    return this.#known.calculatedSize
  }

  /** Throws GRAPHQL_VALIDATION_FAILED for what does not fit the schema. */
  read(text: string): ReadDocument {
    let known = this.#known.get(text)
    if (!known) {
      const document = parse(text, { noLocation: true })
      const [fault] = validate(this.#schema, document)
      if (fault) throw new PlatformError('GRAPHQL_VALIDATION_FAILED', { message: fault.message })
      const fields = distinctFields(this.#schema, document)
      this.#known.set(text, (known = { document, fields, execute: this.#execution.prepare(document, text.length) }))
    }
    return known
  }
}
