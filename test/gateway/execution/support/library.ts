// A second supergraph, of what subgraphs may share and owe each other: the same value from several, unions and enums of which each knows
// a part, fields that require what others require, keys that lead on over a third. The torture has each feature, this its crossings.
import { compose, type Composed } from './torture.ts'

const link = (...imports: readonly string[]): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: [${imports.map((each) => `"@${each}"`).join(', ')}])`

const LENDING = `${link('key', 'shareable', 'external', 'provides', 'requires', 'inaccessible')}
type Query {
  item(id: ID!): Item
  items(first: Int = 2): [Item!]!
  novels(where: Where): [Novel]
  thing: Thing @shareable
  found(text: String): [Thing!] @shareable @provides(fields: "... on Novel { summary } ... on Atlas { maps { scale } }")
  named: [Named!]!
  readers: [Reader] @provides(fields: "loans { id days of { row state } }")
  house: House! @shareable
  basket: Basket!
}
type Mutation {
  lend(novel: ID!, to: ID, where: Where): Loan
  open(name: String!): House @shareable
}
input Where { kind: Kind row: Int = 3 any: [Where!] }
enum Kind { OLD NEW RARE @inaccessible }
enum State { HERE LENT }
interface Item @key(fields: "id") { id: ID! title: String }
interface Named { name: String }
interface Bound implements Named { name: String cover: Cover }
union Thing = Novel | Atlas
union Cover = Cloth | Paper
type Cloth @shareable { colour: String! }
type Paper @shareable { colour: String grams: Int! }
type Novel implements Named & Bound @key(fields: "id") {
  id: ID! title: String name: String cover: Cover kind: Kind
  size: Size @shareable
  year: Int
  sequels: [Novel!]
  like: Novel @provides(fields: "summary")
  summary: String @external
  note: String @shareable
}
type Atlas implements Item & Named @key(fields: "id") { id: ID! title: String name: String maps: [Map!] @external like: Item }
type Film implements Item @key(fields: "id") { id: ID! title: String minutes: Float! }
type Map @shareable { scale: Int sheets: [[Int!]] }
type Size @shareable { width: Int! height: Int }
type Reader implements Named @key(fields: "id") {
  id: ID! name: String @shareable
  card: Card @shareable
  loans: [Loan!] @external
  debt: Int @requires(fields: "loans { days of { row } }")
}
interface Card { number: String! }
type ChipCard implements Card @shareable { number: String! chip: Chip }
type PaperCard implements Card @shareable { number: String! printed: Int }
type Chip @shareable { maker: String! keys: [Int!] }
type Loan @key(fields: "id") { id: ID! days: Int @shareable of: Copy @shareable novel: Novel! }
type Copy @shareable { row: Int state: State }
type House @shareable { name: String! rooms: [Room!] }
type Room @key(fields: "id") { id: ID! name: String @shareable }
type Basket @key(fields: "novels { id }") { novels: [Novel!]! }
`

const DEPOT = `${link('key', 'shareable', 'external', 'requires', 'override', 'inaccessible', 'provides')}
type Query {
  thing: Thing @shareable
  found(text: String): [Thing!] @shareable
  films(where: Where): [Film!]
  house: House! @shareable
  copies: [[Copy]]
}
type Mutation { open(name: String!): House @shareable }
input Where { kind: Kind row: Int = 3 any: [Where!] depth: Int }
enum Kind { OLD NEW RARE }
enum State { HERE LENT LOST @inaccessible }
interface Named { name: String }
union Thing = Novel | Film
type Novel @key(fields: "id") {
  id: ID!
  size: Size @shareable
  year: Int @override(from: "lending")
  summary: String @shareable
  note: String! @shareable
  related: [Thing!]
  weight(unit: Unit = GRAM): Int
  dear: Boolean @external
  remark: String @requires(fields: "dear")
  copies(state: State2): [Copy!]!
}
enum State2 { HERE LENT }
enum Unit { GRAM KILO OUNCE @inaccessible }
type Film @key(fields: "id") { id: ID! note: String related: [Thing!] reels: [Reel!] house: House }
type Reel implements Named { name: String metres: Float }
type Size @shareable { depth: Int height: Int }
type Atlas @key(fields: "id") { id: ID! maps: [Map!] @shareable }
type Map @shareable { scale: Int sheets: [[Int!]] }
type Reader @key(fields: "id") @key(fields: "number") { id: ID! number: String! loans: [Loan!] @shareable }
type Loan @key(fields: "id") { id: ID! days: Int @shareable of: Copy @shareable }
type Copy @shareable { row: Int state: State }
type House @shareable { name: String! heads: [Reader!] rooms: [Room!] }
type Room @key(fields: "id") { id: ID! name: String @shareable books: [Novel!] }
type Basket @key(fields: "novels { id }") @key(fields: "novels { id year } owner { id }") { novels: [Novel!]! owner: Reader }
`

const POST = `${link('key', 'shareable', 'external', 'requires', 'interfaceObject')}
type Query { parcels: [Parcel] sent: Item carriers: [Carrier] }
type Item @key(fields: "id") @interfaceObject {
  id: ID!
  title: String @external
  label(short: Boolean): String! @requires(fields: "title")
  parcels: [Parcel!]
  fragile: Boolean @shareable
}
type Parcel @key(fields: "id") { id: ID! item: Item! to: Reader novel: Novel }
type Novel @key(fields: "id") {
  id: ID!
  weight(unit: Unit = GRAM): Int @external
  size: Size @external
  postage: Int @requires(fields: "weight(unit: GRAM) size { height }")
  volume: Float @requires(fields: "size { width height depth }")
}
type Size @external { width: Int! height: Int depth: Int }
enum Unit { GRAM KILO }
type Reader @key(fields: "number") { number: String! address: Address streets: [Address!]! favourites: [Item!] }
type Address @shareable { street: String! town: Town }
type Town @key(fields: "code", resolvable: false) { code: String! }
interface Carrier @key(fields: "id") { id: ID! speed: Int }
type Bicycle implements Carrier @key(fields: "id") { id: ID! speed: Int bell: Boolean! }
type Van implements Carrier @key(fields: "id") { id: ID! speed: Int driver: Reader }
`

const COUNTER = `${link('key', 'shareable', 'external', 'requires', 'interfaceObject', 'provides')}
type Query { dearest: Novel busiest: Reader @provides(fields: "card { number ... on ChipCard { chip { maker } } }") fleet: [Carrier!] }
type Novel @key(fields: "id") { id: ID! postage: Int @external dear: Boolean @requires(fields: "postage")
  weight(unit: Unit = GRAM): Int @external heavy: Boolean @requires(fields: "weight(unit: KILO)") prices(in: Money = DONG): [Int!] }
enum Unit { GRAM KILO }
enum Money { DONG EURO }
type Item @key(fields: "id") @interfaceObject { id: ID! fragile: Boolean @shareable insured: Insurance! }
type Carrier @key(fields: "id") @interfaceObject { id: ID! speed: Int @external tax: Int @requires(fields: "speed") owner: Reader }
union Insurance = Full | Partly
type Full { sum: Int! }
type Partly { sum: Int share: Float! }
type Reader @key(fields: "id") {
  id: ID!
  card: Card @external
  fine(in: Money): Int @requires(fields: "card { number ... on ChipCard { chip { maker keys } } ... on PaperCard { printed } }")
}
interface Card { number: String! }
type ChipCard implements Card { number: String! @external chip: Chip @external }
type PaperCard implements Card { number: String! @external printed: Int @external }
type Chip { maker: String! @external keys: [Int!] @external }
`

/** Of the first federation, without a link: what it says twice is shared, and types are extended. */
const ARCHIVE = `
type Query { eldest: Reader @provides(fields: "name") towns: [Town!] }
extend type Reader @key(fields: "id") { id: ID! @external name: String @external nick: String @requires(fields: "name") born: Day }
type Town @key(fields: "code") { code: String! name: String founded: Day }
type Novel @extends @key(fields: "id") { id: ID! @external year: Int @external age: Int @requires(fields: "year") }
type Day { year: Int! month: Int }
`

export const composeLibrary = (): Composed =>
  compose({ lending: LENDING, depot: DEPOT, post: POST, counter: COUNTER, archive: ARCHIVE })
