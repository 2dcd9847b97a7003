// The one door to graphql-middleware, loaded through the same CommonJS realm as graphql-shield.
import { createRequire } from 'node:module'
import type { GraphQLSchema } from 'graphql'

type FieldMiddleware = (...args: never[]) => unknown
export type MiddlewareTree = Record<string, Record<string, FieldMiddleware>>
export interface IMiddlewareGenerator {
  generate(schema: GraphQLSchema): MiddlewareTree
}

const require = createRequire(import.meta.url)
export const { applyMiddleware } = require('graphql-middleware') as {
  applyMiddleware: (schema: GraphQLSchema, ...middleware: MiddlewareTree[]) => GraphQLSchema
}
