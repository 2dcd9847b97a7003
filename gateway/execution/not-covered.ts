// What the compiler leaves to the stock executor, and why.

export const NOT_COVERED = {
  INTROSPECTION: 'asks for the schema, which graphql-js answers',
  DEFER: 'plans with @defer or a subscription answer in pieces',
  CONTEXT: 'arguments from @context are filled in between fetches',
  RESERVED_NAME: 'a response name that every object has already',
  TOO_LARGE: 'expands to more selections than are worth keeping compiled',
  UNKNOWN: 'a node, a type or a selection that the compiler does not know',
  NOT_READY: 'the gateway has no schema or planner where this version keeps them',
  TRACED: 'Apollo asks for a trace of the plan',
  FAULT: 'planning or compiling has thrown; stock says what',
} as const

export type Reason = keyof typeof NOT_COVERED

/** Thrown while compiling only: once a program runs, nothing goes elsewhere, so no mutation can run twice. */
export class NotCovered extends Error {
  readonly reason: Reason

  constructor(reason: Reason) {
    super(NOT_COVERED[reason])
    this.reason = reason
  }
}

/**
 * The programs write into plain objects, which V8 keeps fast, where stock takes objects without a prototype. For every name that no
 * prototype knows the two cannot be told apart; the few others are left to stock.
 */
export function assertPlainName(name: string): string {
  if (name in Object.prototype) throw new NotCovered('RESERVED_NAME')
  return name
}
