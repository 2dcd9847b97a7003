// An error of a subgraph as the caller sees it: named after its service, at its path in the whole answer.
import { errorCodeDef, ERRORS } from '@apollo/federation-internals'
import { GraphQLError } from 'graphql'
import { hasOwn, type Tree } from './merge.ts'

export type ResponsePath = readonly (string | number)[]
export type ErrorPath = (path: ResponsePath | undefined) => ResponsePath | undefined

export function downstreamError(originalError: Error, serviceName: string, placed: ErrorPath): GraphQLError {
  let { message } = originalError
  const { extensions, path } = originalError as Error & { extensions?: Record<string, unknown>; path?: ResponsePath }
  if (!message) message = `Error while fetching subquery from service "${serviceName}"`
  const options = { originalError, path: placed(path), extensions: { ...extensions, serviceName } }
  const known = errorCodeDef(originalError as GraphQLError)
  if (!known && extensions?.code) return new GraphQLError(message, options)
  return (known ?? ERRORS.DOWNSTREAM_SERVICE_ERROR).err(message, options)
}

/** The path of a fetch holds `@` for every list; an error of an entity is told where that entity stands. */
export function errorPaths(ofEntities: boolean, path: ResponsePath, root: Tree): ErrorPath {
  let entityPaths: ResponsePath[] | undefined
  return (errorPath) => {
    if (ofEntities && typeof errorPath?.[1] === 'number') {
      if (!entityPaths) {
        entityPaths = []
        collectPaths([], path, 0, root, entityPaths)
      }
      return [...(entityPaths[errorPath[1]] ?? []), ...errorPath.slice(2)]
    }
    return errorPath ? [...path, ...errorPath.slice()] : undefined
  }
}

function collectPaths(parent: (string | number)[], path: ResponsePath, at: number, data: unknown, found: ResponsePath[]): void {
  if (data === null || data === undefined) return
  const head = path[at]
  if (head === undefined) {
    found.push(parent.slice())
  } else if (head === '@') {
    if (!Array.isArray(data)) throw new Error('expected array when encountering `@`')
    inEach(parent, path, at + 1, data, found)
  } else if (Array.isArray(data)) {
    inEach(parent, path, at, data, found)
  } else if (hasOwn(data, head as string)) {
    parent.push(head)
    collectPaths(parent, path, at + 1, (data as Tree)[head], found)
    parent.pop()
  }
}

function inEach(parent: (string | number)[], path: ResponsePath, at: number, data: unknown[], found: ResponsePath[]): void {
  for (const [index, value] of data.entries()) {
    parent.push(index)
    collectPaths(parent, path, at, value, found)
    parent.pop()
  }
}
