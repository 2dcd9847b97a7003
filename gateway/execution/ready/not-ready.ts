// Why an operation's answer is put together from objects, where others are put together from the bytes of the subgraphs.

export const NOT_READY = {
  ABSTRACT: 'a field of an interface or a union, whose objects may be of several types, or fragments on such inside each other',
  ANSWER:
    'a subgraph answered otherwise than asked: errors, nulls where none may be, other fields, or JSON written in another way',
  CONDITIONS: 'a condition that is no boolean, or more combinations of conditions than are worth keeping compiled',
  FAULT: 'putting bytes together has thrown',
  NESTED_LIST: 'a list of lists',
  PLAN: 'a step of the plan, a rewriting, or a name, that the bytes are not followed through',
  REQUIRES: 'a subgraph requires more than leaves of the entity it adds to',
  TWICE: 'two subgraphs answer the same field of the same object',
} as const

export type LeftReady = keyof typeof NOT_READY

/** Thrown while compiling only. The operation goes the way of objects, which covers it. */
export class NotReady extends Error {
  readonly reason: LeftReady

  constructor(reason: LeftReady) {
    super(NOT_READY[reason])
    this.reason = reason
  }
}
