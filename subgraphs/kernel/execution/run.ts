// One operation on its way through a program, and the errors that it gathers. Nothing of it is kept by the program.
import { GraphQLError, locatedError, type FragmentDefinitionNode, type OperationDefinitionNode } from 'graphql'
import type { ASTNode } from 'graphql'

/** Place of a value in the answer, as graphql-js has it: resolvers read it, and errors are told by it. */
export interface Path {
  readonly prev: Path | undefined
  readonly key: string | number
  readonly typename: string | undefined
}

export class Run {
  readonly context: unknown
  readonly variables: Readonly<Record<string, unknown>>
  readonly operation: OperationDefinitionNode
  readonly fragments: Record<string, FragmentDefinitionNode>
  readonly errors: GraphQLError[] = []
  /** Where an error has put null: what a straggler below it finds is told no more. */
  #nulled: Set<Path | undefined> | undefined

  constructor(
    context: unknown,
    variables: Readonly<Record<string, unknown>>,
    operation: OperationDefinitionNode,
    fragments: Record<string, FragmentDefinitionNode>,
  ) {
    this.context = context
    this.variables = variables
    this.operation = operation
    this.fragments = fragments
  }

  addError(error: GraphQLError, path: Path | undefined): void {
    const nulled = (this.#nulled ??= new Set())
    for (let at = path; at !== undefined; at = at.prev) if (nulled.has(at)) return
    if (nulled.has(undefined)) return
    nulled.add(path)
    this.errors.push(error)
  }

  /** The end of a value that failed: null where null may stand, else the object around it fails. */
  fail(rawError: unknown, nodes: readonly ASTNode[], path: Path, nonNull: boolean): null {
    const error = locatedError(rawError, nodes as ASTNode[], pathToArray(path))
    if (nonNull) throw error
    this.addError(error, path)
    return null
  }
}

function pathToArray(path: Path): (string | number)[] {
  const flattened: (string | number)[] = []
  for (let at: Path | undefined = path; at; at = at.prev) flattened.push(at.key)
  return flattened.reverse()
}

export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
