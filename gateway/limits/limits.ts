// The bounds of one operation, and why each stands where it stands.

export interface Limits {
  /** Characters of a document. Comments and strings cost no tokens, so the token bound alone would let a megabyte through. */
  readonly maxDocumentLength: number
  /** Lexical tokens of a document, and as many comments. */
  readonly maxTokens: number
  /** Brackets of any kind open at once. */
  readonly maxNesting: number
  /** Operations in one document, of which one runs: all of them are validated. */
  readonly maxOperations: number
  /** Fields inside fields, the leaf included. */
  readonly maxDepth: number
  /** The same below `__schema` and `__type`. */
  readonly maxIntrospectionDepth: number
  /** `fields`, `interfaces`, `possibleTypes` and `inputFields` inside one another. */
  readonly maxIntrospectionLists: number
  /** Fields below `__schema` and `__type`, every fragment expanded. */
  readonly maxIntrospectionFields: number
  /** Fields at the top of an operation, every fragment expanded. */
  readonly maxRootFields: number
  /** Aliases, every fragment expanded. */
  readonly maxAliases: number
  /** Fragment definitions in a document. */
  readonly maxFragments: number
  /** Places where a fragment is spread, named or inline, as written. */
  readonly maxFragmentSpreads: number
  /** Directives anywhere in a document, as written. */
  readonly maxDirectives: number
  /** Fields, spreads and inline fragments, every fragment expanded. */
  readonly maxExpandedSelections: number
  /** Pairs of fields that answer under the same name in the same place and must be proved to agree. */
  readonly maxFieldPairs: number
  /** Records asked for by one page argument, and entries of one list in a literal or a variable. */
  readonly maxListSize: number
  /** Lists and objects inside one another in the value of a variable. */
  readonly maxVariablesDepth: number
  /** The estimated cost: objects in the answer, objects sent, and ten for a mutation. */
  readonly maxCost: number
  /** What an unannotated list without a page argument is taken to hold. */
  readonly assumedListSize: number
}

export const DEFAULT_LIMITS: Limits = {
  // 32 characters a token at the token bound; written with indentation, real operations use 8 to 12.
  maxDocumentLength: 65_536,
  // graphql's full introspection query has 191 tokens, a class page with every field of every pupil about 400. graphql's parser and
  // validator recurse: a literal of objects 2,000 deep (6,000 tokens) was seen to overflow the stack.
  maxTokens: 2_000,
  // The deepest legitimate document (introspection) opens 15. A hundred leave the verdict "too deep" to the depth bound, which
  // explains itself better, and keep every recursion of parser, validator and planner far from the end of the stack.
  maxNesting: 100,
  maxOperations: 5,
  // authority → schools → edges → node → classes → edges → node → students → edges → node → scores → subject → name is 13.
  maxDepth: 15,
  // graphql's introspection query at its default `typeDepth: 9` is exactly 15 deep, and no such list stands in another there. The third
  // list is where the answer starts to multiply by the size of the schema; graphql's own recommended rule draws the line at the same
  // place, but only during validation.
  maxIntrospectionDepth: 15,
  maxIntrospectionLists: 2,
  // With all options the same query expands to 232 fields; there is no honest reason to ask for it twice at once.
  maxIntrospectionFields: 300,
  // Each root field is one more fetch, and under a mutation one more transaction in sequence.
  maxRootFields: 10,
  maxAliases: 60,
  maxFragments: 40,
  maxFragmentSpreads: 100,
  maxDirectives: 40,
  // Validation and planning work on the expansion, not on the text: 40 spreads in 20 fragments expand to a million fields.
  maxExpandedSelections: 5_000,
  // OverlappingFieldsCanBeMerged compares such fields pair by pair, at 0.7 to 4 µs a pair as measured: 500 times the same field is
  // 125,000 pairs and 0.2 s within 2,000 tokens. Twenty fragments that all select the same ten fields make 1,900.
  maxFieldPairs: 5_000,
  // A batch carries 1,000 records of one school; a page the same.
  maxListSize: 1_000,
  maxVariablesDepth: 12,
  // A class page (40 pupils × 12 scores × 3 messages) is about 650 objects and 68 KB: 20,000 objects are some 2 MB of answer and thirty
  // class pages of work. A batch of 1,000 records with three nested references each (about 6,000) passes as well.
  maxCost: 20_000,
  assumedListSize: 10,
}
