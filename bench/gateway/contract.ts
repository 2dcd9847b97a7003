// Three subgraphs of a class page, and what is asked of them: the same for every gateway that is measured.
import { composeServices } from '@apollo/composition'
import { Kind, parse, print, visit, type ConstDirectiveNode } from 'graphql'

export const SUBGRAPH_NAMES = ['schools', 'gradebook', 'communications'] as const
export type BenchSubgraph = (typeof SUBGRAPH_NAMES)[number]

const TYPES: Readonly<Record<BenchSubgraph, string>> = {
  schools: `
type Query { classRoom(id: ID!): ClassRoom pupil(id: ID!): Pupil }
type Mutation { rename(id: ID!, name: String!): Pupil }
type ClassRoom { id: ID! name: String! pupils: [Pupil!]! }
type Pupil @key(fields: "id") { id: ID! code: String! fullName: String! birthDate: String }`,
  gradebook: `
enum Kind { ORAL WRITTEN FINAL }
type Pupil @key(fields: "id") { id: ID! scores: [Score!]! }
type Score { id: ID! subject: String! kind: Kind! ordinal: Int! value: Float remark: String }`,
  communications: `
type Pupil @key(fields: "id") { id: ID! messages: [Message!]! }
type Message { id: ID! body: String! sentAt: String! read: Boolean! }`,
}

/** What a caller of ours must hold for each field of a subgraph. */
const SCOPES: Readonly<Record<BenchSubgraph, string>> = {
  schools: 'student.basic.read',
  gradebook: 'gradebook.read',
  communications: 'message.read',
}
export const ALL_SCOPES: readonly string[] = Object.values(SCOPES)

const link = (imports: string): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])\n`

/** As anybody serves them. */
export const openSdl = (name: BenchSubgraph): string => link('"@key"') + TYPES[name]

/** With a rule on every field, as ours are. */
export function ruledSdl(name: BenchSubgraph): string {
  const rule = parse(`type T @requiresScopes(scopes: [["${SCOPES[name]}"]]) { a: Int }`).definitions[0]
  const directives = rule?.kind === Kind.OBJECT_TYPE_DEFINITION ? (rule.directives as readonly ConstDirectiveNode[]) : []
  const ruled = visit(parse(TYPES[name]), {
    FieldDefinition: (field) => ({ ...field, directives: [...(field.directives ?? []), ...directives] }),
  })
  return link('"@key", "@requiresScopes"') + print(ruled)
}

/** The same in the words of Federation 1, which is what Mercurius reads. */
export const firstSdl = (name: BenchSubgraph): string =>
  TYPES[name]
    .replace(/type (Query|Mutation)/g, 'extend type $1')
    .replace('type Pupil @key(fields: "id") { id: ID!', (text) =>
      name === 'schools' ? text : 'extend type Pupil @key(fields: "id") { id: ID! @external',
    )

export const compose = (sdlOf: (name: BenchSubgraph) => string, urlOf: (name: BenchSubgraph) => string): string =>
  composeServices(SUBGRAPH_NAMES.map((name) => ({ name, url: urlOf(name), typeDefs: parse(sdlOf(name)) }))).supergraphSdl!

/** 40 pupils × 12 scores × 3 messages, one pupil, one write. */
export const OPERATIONS: Readonly<Record<string, string>> = {
  class: `query ClassPage { classRoom(id: "10A1") { name pupils { code fullName birthDate
    scores { subject kind ordinal value remark } messages { body sentAt read } } } }`,
  light: `query OnePupil { pupil(id: "1") { code fullName birthDate scores { kind value } } }`,
  mutation: `mutation Rename { rename(id: "1", name: "Minh") { id fullName messages { read } } }`,
}

/** Three classes of as many pupils as a province has villages: 5 MB of answer. */
export const BIG_CLASS = `query Big { ${['a', 'b', 'c']
  .map(
    (name) =>
      `${name}: classRoom(id: "1200") { name pupils { code fullName scores { subject kind ordinal value remark } messages { body sentAt } } }`,
  )
  .join(' ')} }`
