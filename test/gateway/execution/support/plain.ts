// A third supergraph: objects alone, so that nearly all of it goes through as bytes. What the others cross with interfaces and unions is
// crossed here with each other: keys of several fields and of other objects, fields that require and provide, the same value from several
// subgraphs, entities of entities in lists with gaps, roots of several subgraphs.
import { compose, type Composed } from './torture.ts'

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable", "@requires",
  "@provides", "@external", "@inaccessible"])
scalar JSON
type Period @shareable { year: Int! term: Int }
`

const ROSTER = `${LINK}
type Query { me: Pupil pupils(first: Int = 3): [Pupil!]! absent: [Pupil] room: Room rooms: [Room!] count: Int! now: JSON }
type Mutation { rename(id: ID!, name: String!): Pupil move(to: ID): Room! }
type Pupil @key(fields: "id") @key(fields: "code") {
  id: ID!
  code: String!
  name: String! @shareable
  nick: String
  level: Level
  levels: [Level!]
  mean: Float
  here: Boolean!
  any: JSON
  anys: [JSON!]
  tags: [String]
  room: Room
  best: Pupil
  friends: [Pupil]
  period: Period
  periods: [Period!]
  place: Place!
}
enum Level { LOW HIGH SECRET @inaccessible }
type Room @key(fields: "id") { id: ID! name: String head: Pupil pupils: [Pupil!]! places: [Place] }
type Place { street: String! no: Int keeper: Pupil room: Room! }
`

const MARKS = `${LINK}
type Query { best: Pupil lessons: [Lesson!] total(of: ID): Float }
type Mutation { mark(pupil: ID!, value: Float): Mark strike(id: ID!): Mark! }
type Pupil @key(fields: "id") {
  id: ID!
  name: String! @external
  mean: Float @external
  tags: [String] @external
  marks(last: Int): [Mark!]!
  rank: Int!
  badge: String @requires(fields: "name mean")
  label: String! @requires(fields: "tags")
  mates: [Pupil!]
  twin: Pupil @provides(fields: "name")
}
type Room @key(fields: "id") { id: ID! lessons: [Lesson] first: Lesson! }
type Mark @key(fields: "id") { id: ID! value: Float! subject: Subject pupil: Pupil! given: Period }
type Lesson @key(fields: "day hour") { day: String! hour: Int! room: Room by: Teacher }
type Teacher @key(fields: "id") { id: ID! }
type Subject @key(fields: "code") { code: String! }
`

const PEOPLE = `${LINK}
type Query { teachers: [Teacher!]! head: Teacher }
type Pupil @key(fields: "code") { code: String! mood: Mood! notes: [Note!] }
enum Mood { GLAD SAD }
type Teacher @key(fields: "id") { id: ID! name: String! teaches: [Subject!] pupils: [Pupil] lesson: Lesson }
type Subject @key(fields: "code") { code: String! title: String book: String! }
type Lesson @key(fields: "day hour") { day: String! hour: Int! topic: String moods: [Mood] }
type Mark @key(fields: "id") { id: ID! comments: [String!]! by: Teacher }
type Note { text: String! at: Int of: Pupil }
`

export const composePlain = (): Composed => compose({ roster: ROSTER, marks: MARKS, people: PEOPLE })
