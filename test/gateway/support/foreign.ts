// A shop that knows nothing of us: three subgraphs as anybody builds them with @apollo/subgraph, behind plain HTTP.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { composeServices } from '@apollo/composition'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { graphql, GraphQLError, GraphQLScalarType, parse } from 'graphql'

const link = (...imports: readonly string[]): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: [${imports.map((each) => `"${each}"`).join(', ')}])`

const PRODUCTS = `${link('@key', '@shareable', '@inaccessible', '@tag', '@composeDirective')}
  @link(url: "https://shop.example/house/v1.0", import: ["@shelf"])
  @composeDirective(name: "@shelf")
directive @shelf(row: Int!) on FIELD_DEFINITION
scalar Money @specifiedBy(url: "https://shop.example/money")
scalar JSON
type Query {
  product(upc: ID!): Product
  products(first: Int = 2, sort: Sort = NAME, where: Where): [Product!]!
  search(text: String!): [Hit!]!
  item(id: ID!): Item
  items: [Item!]!
  broken: Product!
  half: [Product]
  nonsense: Int!
}
type Mutation { add(input: NewProduct!): Product! count(by: Int!): Int! }
enum Sort { NAME PRICE SECRET @inaccessible }
input Where { cheaperThan: Money any: [Where!] tags: [String!] = ["new"] }
input NewProduct { upc: ID! name: String! facts: JSON }
interface Item @key(fields: "id") { id: ID! title: String! }
type Product implements Item @key(fields: "upc") @key(fields: "id") @tag(name: "goods") {
  id: ID! upc: ID! title: String! name: String! @shelf(row: 3)
  price: Money weight(unit: Unit = GRAM): Float! facts: JSON cost: Money @inaccessible
}
type Voucher implements Item @key(fields: "id") { id: ID! title: String! worth: Money! }
union Hit = Product | Voucher | Page
type Page @shareable { url: String! }
enum Unit { GRAM KILO }
`

const REVIEWS = `${link('@key', '@external', '@provides', '@shareable', '@interfaceObject')}
type Query { reviews(of: ID!): [Review!]! }
type Mutation { review(upc: ID!, stars: Int!): Review! countOn(by: Int!): Int! }
type Item @key(fields: "id") @interfaceObject { id: ID! rating: Float reviews: [Review!]! }
type Review { id: ID! stars: Int! by: User @provides(fields: "nick") about: Item page: Page }
type User @key(fields: "id region { code }") { id: ID! nick: String! @external region: Region! @shareable }
type Region @shareable { code: String! }
type Page @shareable { url: String! }
`

const STOCK = `${link('@key', '@external', '@requires', '@shareable')}
scalar Money
type Query { me: User }
type Product @key(fields: "upc") {
  upc: ID! weight(unit: Unit = GRAM): Float! @external price: Money @external
  postage: Money @requires(fields: "price weight(unit: KILO)") left: Int
}
enum Unit { GRAM KILO }
type User @key(fields: "id region { code }") { id: ID! nick: String! @shareable region: Region! @shareable old: Int bought: [Product!] }
type Region @shareable { code: String! }
`

const Money = new GraphQLScalarType({
  name: 'Money',
  serialize: (value) => `${value} đ`,
  parseValue: (value) => Number(String(value).replace(/ đ$/, '')),
})

interface Row {
  readonly __typename: string
  readonly id: string
  readonly upc?: string
  readonly title: string
  readonly name?: string
  readonly price?: number | null
  readonly grams?: number
  readonly facts?: unknown
  readonly worth?: number
}

const goods = (): Row[] => [
  {
    __typename: 'Product',
    id: 'p1',
    upc: '1',
    title: 'Bàn',
    name: 'Bàn',
    price: 900_000,
    grams: 12_000,
    facts: { legs: [4, null] },
  },
  { __typename: 'Product', id: 'p2', upc: '2', title: 'Ghế', name: 'Ghế', price: null, grams: 3_500 },
  { __typename: 'Voucher', id: 'v1', title: 'Phiếu', worth: 50_000 },
]

/** Whoever asks must not depend on who asked before. */
function createResolvers() {
  const rows = goods()
  let counted = 0
  const byUpc = (upc: string): Row | undefined => rows.find((row) => row.upc === upc)
  const product = {
    weight: ({ grams = 0 }: Row, { unit }: { unit: string }) => (unit === 'KILO' ? grams / 1_000 : grams),
    __resolveReference: ({ upc, id }: Row) => rows.find((row) => (upc === undefined ? row.id === id : row.upc === upc)) ?? null,
  }
  const typed = { __resolveType: ({ __typename }: Row) => __typename }
  return {
    products: {
      Money,
      Item: { ...typed, __resolveReference: ({ id }: Row) => rows.find((row) => row.id === id) ?? null },
      Hit: typed,
      Product: product,
      Query: {
        product: (_: unknown, { upc }: Row) => byUpc(upc!),
        products: (_: unknown, { first }: { first: number }) => rows.filter(({ upc }) => upc).slice(0, first),
        search: () => [...rows, { __typename: 'Page', url: '/bàn' }],
        item: (_: unknown, { id }: Row) => rows.find((row) => row.id === id),
        items: () => rows,
        broken: () => null,
        half: () => [byUpc('1'), new GraphQLError('the second is lost', { extensions: { code: 'LOST', shelf: 3 } })],
        nonsense: () => 1,
      },
      Mutation: {
        add: (_: unknown, { input }: { input: Row }) => {
          const added: Row = { ...input, __typename: 'Product', id: `p${input.upc}`, title: input.name!, price: 1, grams: 1 }
          rows.push(added)
          return added
        },
        count: (_: unknown, { by }: { by: number }) => (counted += by),
      },
    },
    reviews: {
      Query: { reviews: (_: unknown, { of }: { of: string }) => reviewsOf(of) },
      Mutation: {
        review: (_: unknown, { upc, stars }: { upc: string; stars: number }) => ({
          id: `r-${upc}`,
          stars,
          about: { id: `p${upc}` },
        }),
        countOn: (_: unknown, { by }: { by: number }) => (counted *= by),
      },
      Item: {
        __resolveReference: ({ id }: Row) => ({ id }),
        rating: ({ id }: Row) => (id === 'v1' ? null : 4.5),
        reviews: ({ id }: Row) => reviewsOf(id),
      },
      User: { __resolveReference: (user: object) => user },
    },
    stock: {
      Money,
      Query: { me: () => ({ id: 'u1', nick: 'Lan', region: { code: 'HN' } }) },
      Product: {
        __resolveReference: (given: Row) => given,
        postage: ({ price, weight }: { price: string | null; weight: number }) => (price === null ? null : weight * 1_000),
        left: ({ upc }: Row) => Number(upc),
      },
      User: {
        __resolveReference: (user: object) => ({ ...user, nick: 'Lan' }),
        old: () => 17,
        bought: () => [{ upc: '2' }, { upc: '1' }],
      },
    },
  }
}

const reviewsOf = (id: string) => [
  { id: `r-${id}-1`, stars: 5, by: { id: 'u1', nick: 'Lan', region: { code: 'HN' } }, about: { id: 'p1' }, page: { url: '/r' } },
  { id: `r-${id}-2`, stars: 3, by: null, about: null, page: null },
]

const SDL = { products: PRODUCTS, reviews: REVIEWS, stock: STOCK } as const
export type ForeignName = keyof typeof SDL

/** What a subgraph does instead of answering, or what it waits for before. */
export type Trouble = (request: IncomingMessage) => { status: number; body: string } | 'never' | 'hang up' | Promise<void>

export interface Shop {
  readonly supergraphSdl: string
  /** How often each has been asked. */
  readonly asked: Record<ForeignName, number>
  /** From now on, until it is given back. */
  readonly trouble: Partial<Record<ForeignName, Trouble>>
  /** Resolves when the next question for this subgraph has come in. */
  asking(name: ForeignName): Promise<void>
  compose(change?: (name: ForeignName, sdl: string) => string): string
  close(): Promise<void>
}

export async function openShop(): Promise<Shop> {
  const resolvers = createResolvers()
  const asked = { products: 0, reviews: 0, stock: 0 }
  const trouble: Shop['trouble'] = {}
  const waiting: { name: ForeignName; resolve: () => void }[] = []
  const names = Object.keys(SDL) as ForeignName[]

  const servers = await Promise.all(
    names.map(async (name) => {
      const schema = buildSubgraphSchema([{ typeDefs: parse(SDL[name]), resolvers: resolvers[name] as never }])
      const server = createServer((request, response) => {
        const chunks: Buffer[] = []
        request.on('data', (chunk: Buffer) => chunks.push(chunk))
        request.on('end', async () => {
          asked[name] += 1
          for (const each of waiting.filter((each) => each.name === name)) each.resolve()
          const instead = trouble[name]?.(request)
          if (instead === 'never') return
          if (instead === 'hang up') return void request.socket.destroy()
          if (instead instanceof Promise) await instead
          else if (instead) return void response.writeHead(instead.status).end(instead.body)
          const { query, variables, operationName } = JSON.parse(Buffer.concat(chunks).toString())
          const result = await graphql({ schema, source: query, variableValues: variables, operationName })
          response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result))
        })
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return { name, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}/graphql?v=1` }
    }),
  )

  const compose = (change = (_name: ForeignName, sdl: string): string => sdl): string => {
    const { supergraphSdl, errors } = composeServices(
      servers.map(({ name, url }) => ({ name, url, typeDefs: parse(change(name, SDL[name])) })),
    )
    if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'))
    return supergraphSdl
  }
  return {
    supergraphSdl: compose(),
    asked,
    trouble,
    asking: (name) => new Promise((resolve) => waiting.push({ name, resolve })),
    compose,
    close: async () => {
      await Promise.all(
        servers.map(({ server }) => {
          server.closeAllConnections()
          return new Promise((resolve) => server.close(resolve))
        }),
      )
    },
  }
}
