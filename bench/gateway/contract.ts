// Three subgraphs of a class page, and what is asked of them: the same for every gateway that is measured.
import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])'

export const SUBGRAPHS: Readonly<Record<string, string>> = {
  schools: `${LINK}
type Query { classRoom(id: ID!): ClassRoom pupil(id: ID!): Pupil }
type Mutation { rename(id: ID!, name: String!): Pupil }
type ClassRoom { id: ID! name: String! pupils: [Pupil!]! }
type Pupil @key(fields: "id") { id: ID! code: String! fullName: String! birthDate: String }`,
  gradebook: `${LINK}
enum Kind { ORAL WRITTEN FINAL }
type Pupil @key(fields: "id") { id: ID! scores: [Score!]! }
type Score { id: ID! subject: String! kind: Kind! ordinal: Int! value: Float remark: String }`,
  communications: `${LINK}
type Pupil @key(fields: "id") { id: ID! messages: [Message!]! }
type Message { id: ID! body: String! sentAt: String! read: Boolean! }`,
}

export const composeClassPage = (urlOf: (name: string) => string): string =>
  composeServices(Object.entries(SUBGRAPHS).map(([name, sdl]) => ({ name, url: urlOf(name), typeDefs: parse(sdl) })))
    .supergraphSdl!

/** 40 pupils × 12 scores × 3 messages, one pupil, one write. */
export const OPERATIONS: Readonly<Record<string, string>> = {
  class: `query ClassPage { classRoom(id: "10A1") { name pupils { code fullName birthDate
    scores { subject kind ordinal value remark } messages { body sentAt read } } } }`,
  light: `query OnePupil { pupil(id: "1") { code fullName birthDate scores { kind value } } }`,
  mutation: `mutation Rename { rename(id: "1", name: "Minh") { id fullName messages { read } } }`,
}

export const PUPILS = 40
export const SCORES = 12
export const MESSAGES = 3
