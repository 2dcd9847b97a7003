// A supergraph that holds, in little room, all that federation lets a contract say.
import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable", "@requires",
  "@provides", "@external", "@interfaceObject", "@inaccessible", "@override"])
scalar JSON
scalar Instant`

const SHARED = `
enum Grade { TEN ELEVEN TWELVE SECRET @inaccessible }
type Period @shareable { year: Int! term: Int }
`

const PEOPLE = `${LINK}${SHARED}
type Query {
  me: Pupil
  pupil(id: ID!, grade: Grade = TEN): Pupil
  pupils(first: Int = 3, filter: Filter): [Pupil!]!
  maybePupils: [Pupil]
  rows: [[Pupil!]]!
  matrix(size: Int!): [[Int!]!]
  node(id: ID!): Node
  nodes: [Node!]!
  found(text: String, kinds: [String!]): [Found]
  first: Found!
  media: [Media!]
  medium: Media
  schools: [School!]!
  settings: JSON
  now: Instant!
}
type Mutation {
  rename(id: ID!, name: String!): Pupil
  admit(input: Admission!): Pupil!
  forget(id: ID!): Boolean!
}
input Filter { name: String grade: Grade any: [Filter!] born: Int = 2010 }
input Admission { name: String! grade: Grade! nick: String extra: JSON }
interface Node { id: ID! label: String }
interface Media @key(fields: "id") { id: ID! title: String! }
union Found = Pupil | Book | School | Note
type Pupil implements Node @key(fields: "id school { id }") @key(fields: "code") {
  id: ID!
  code: String!
  label: String
  name: String! @shareable
  nick: String
  grade: Grade!
  grades: [Grade!]
  born: Period
  terms: [Period!]!
  school: School!
  friends: [Pupil!]
  best: Pupil
  details(level: Int): JSON
  hidden: String @inaccessible
}
type School implements Node @key(fields: "id") {
  id: ID!
  label: String
  name: String
  head: Pupil
  length: Int
  values: [Float]
}
type Book implements Media & Node @key(fields: "id") { id: ID! label: String title: String! pages: Int! author: Pupil }
type Film implements Media & Node @key(fields: "id") { id: ID! label: String title: String! minutes: Float director: Pupil! }
type Note @shareable { id: ID! text: String! }
`

const MARKS = `${LINK}${SHARED}
type Query { marks(of: [ID!], from: Grade): [Mark!] bestMark: Mark average(of: ID): Float! }
type Mutation { mark(pupil: ID!, value: Float!): Mark strike(id: ID!): Mark! }
type Pupil @key(fields: "id school { id }") {
  id: ID!
  school: School!
  name: String! @external
  born: Period @external
  marks(last: Int): [Mark!]!
  mean: Float
  rank: Int!
  badge: String @requires(fields: "name born { year }")
  seat: Seat @requires(fields: "name")
}
type School @key(fields: "id") { id: ID! ranking: [Pupil!]! best: Pupil @provides(fields: "name") }
type Mark @key(fields: "id") { id: ID! value: Float! subject: Subject pupil: Pupil! @provides(fields: "name") kind: Kind passed: Boolean! given: Period }
enum Kind { ORAL WRITTEN }
type Subject @key(fields: "code") @key(fields: "id number") { code: String! id: ID! number: Int! name: String! }
union Seat = Bench | Chair
type Bench { place: Int! mates: [Pupil!] }
type Chair { place: Int colour: String! }
`

const REVIEWS = `${LINK}${SHARED}
type Query { reviews: [Review!]! topMedia: Media anySubject: Subject }
type Media @key(fields: "id") @interfaceObject { id: ID! rating: Float reviews: [Review!]! rated: Boolean! }
type Review @key(fields: "id") { id: ID! body: String media: Media! by: Pupil mark: Mark note: Note }
type Pupil @key(fields: "code") { code: String! reviews: [Review!] mood: Kind2! }
enum Kind2 { GLAD SAD }
type Mark @key(fields: "id") { id: ID! comments: [String!]! reviews: [Review] }
type Subject @key(fields: "id number") { id: ID! number: Int! books: [Review!] teacher: Teacher }
interface Teacher { id: ID! name: String! subject: Subject }
type Expert implements Teacher { id: ID! name: String! subject: Subject degree: String }
type Trainee implements Teacher { id: ID! name: String! subject: Subject mentor: Expert! }
type Note @shareable { id: ID! text: String! }
`

export interface Composed {
  readonly supergraphSdl: string
  /** The SDL of each subgraph. */
  readonly subgraphs: ReadonlyMap<string, string>
}

export const composeTorture = (): Composed => compose({ people: PEOPLE, marks: MARKS, reviews: REVIEWS })

/** Throws what composition has against it. */
export function compose(sdls: Readonly<Record<string, string>>): Composed {
  const subgraphs = new Map(Object.entries(sdls))
  const { supergraphSdl, errors } = composeServices(
    [...subgraphs].map(([name, sdl]) => ({ name, url: `http://${name}`, typeDefs: parse(sdl) })),
  )
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'))
  return { supergraphSdl, subgraphs }
}
