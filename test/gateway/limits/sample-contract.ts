// A small contract in two subgraphs, composed as the real one is, for the tests of the operation limits.
import { createRequire } from 'node:module'
import { composeServices } from '@apollo/composition'
import { buildSchema, parse } from 'graphql'
import type { DocumentNode, GraphQLSchema } from 'graphql'

// Composition has its own copy of graphql under vite; text is what both sides understand.
const compositionGraphql = createRequire(import.meta.url)('graphql') as typeof import('graphql')

const schools = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@cost", "@listSize"])

  type Query {
    school(id: ID!): School
    schools(first: Int = 20, last: Int, filter: SchoolFilter): SchoolConnection!
      @listSize(slicingArguments: ["first", "last"], sizedFields: ["edges"], requireOneSlicingArgument: false)
    students(first: Int, last: Int): StudentConnection!
      @listSize(slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    "Nobody annotated this one."
    classes(first: Int, last: Int): ClassConnection!
    subjects: [Subject!]! @listSize(assumedSize: 15)
    search(text: String @cost(weight: 3), kinds: [String!] @cost(weight: 2)): [Found!]! @listSize(assumedSize: 5)
    party: Party
    report: Report @cost(weight: 50)
  }
  type Mutation {
    recordScores(input: RecordScoresInput!): Int
  }
  input SchoolFilter { code: String, not: SchoolFilter, near: Place }
  scalar Place @cost(weight: 4)
  input RecordScoresInput { records: [ScoreInput!]!, note: String }
  input ScoreInput { student: StudentRef!, value: Float, evidence: Evidence @cost(weight: 6) }
  input StudentRef { id: ID, code: String, checksum: Int @cost(weight: 2) }
  input Evidence { file: String }

  interface Party { id: ID!, name: String!, badges(first: Int): [Badge!]! }
  type Teacher implements Party { id: ID!, name: String! @cost(weight: 2), badges(first: Int): [Badge!]! @listSize(slicingArguments: ["first"], assumedSize: 30, requireOneSlicingArgument: false) }
  type Guardian implements Party @cost(weight: 4) { id: ID!, name: String!, badges(first: Int): [Badge!]! }
  type Badge { title: String }
  union Found = Student | Guardian
  type School @key(fields: "id") { id: ID!, name: String!, classes: [ClassRoom!]!, head: Teacher }
  type SchoolConnection { edges: [SchoolEdge!]!, pageInfo: PageInfo! }
  type SchoolEdge { cursor: String!, node: School! }
  type StudentConnection { edges: [StudentEdge!]!, nodes: [Student!]!, pageInfo: PageInfo! }
  type StudentEdge { cursor: String!, node: Student! }
  type ClassConnection { edges: [ClassEdge!]!, nodes: [ClassRoom!]! }
  type ClassEdge { node: ClassRoom! }
  type PageInfo { hasNextPage: Boolean! }
  type ClassRoom { name: String!, students(first: Int): [Student!]!, size: Int @cost(weight: 1) }
  type Student @key(fields: "id") { id: ID!, name: String!, place: Place }
  type Subject { code: String! }
  type Report @cost(weight: 9) { total: Int }
`

const gradebook = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@cost", "@listSize"])

  type Student @key(fields: "id") { id: ID!, scores(first: Int): [Score!]! @listSize(assumedSize: 12, slicingArguments: ["first"], requireOneSlicingArgument: false) }
  type Score { value: Float, subject: String, amendments: [Amendment!]! }
  type Amendment { reason: String }
`

export interface Subgraph {
  readonly name: string
  readonly sdl: string
}

export function compose(subgraphs: readonly Subgraph[]): { readonly supergraph: DocumentNode; readonly api: GraphQLSchema } {
  const result = composeServices(subgraphs.map(({ name, sdl }) => ({ name, typeDefs: compositionGraphql.parse(sdl) })))
  if (result.errors) throw new Error(result.errors.map(({ message }) => message).join('\n'))
  const api = compositionGraphql.printSchema(result.schema.toAPISchema().toGraphQLJSSchema())
  return { supergraph: parse(result.supergraphSdl), api: buildSchema(api) }
}

export function composeSample(): ReturnType<typeof compose> {
  return compose([
    { name: 'schools', sdl: schools },
    { name: 'gradebook', sdl: gradebook },
  ])
}
