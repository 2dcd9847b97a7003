// What a subgraph leaves to graphql-js, and why.

export const NOT_COVERED = {
  OPERATION: 'no operation of that name, or several and none named; graphql-js says which',
  SUBSCRIPTION: 'a subscription answers in pieces',
  INTROSPECTION: 'asks for the schema itself',
  RESERVED_NAME: 'a response name that every object has already',
  CONDITION: 'a variable of @skip or @include that is no boolean',
  TOO_MANY_CONDITIONS: 'the document has been asked for under more combinations of @skip and @include than are kept',
  TOO_LARGE: 'its program would be out of proportion to its text',
  FAULT: 'compiling has thrown; graphql-js says what',
} as const

export type Reason = keyof typeof NOT_COVERED

/** Thrown while compiling only: once a program runs nothing goes elsewhere, so no mutation can run twice. */
export class NotCovered extends Error {
  readonly reason: Reason

  constructor(reason: Reason) {
    super(NOT_COVERED[reason])
    this.reason = reason
  }
}
