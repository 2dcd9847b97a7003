// A schema of one subgraph with all that SDL lets it say, whose resolvers answer from a seed: plain values, promises that take their time,
// functions, iterables, nulls, nonsense and faults of every kind. The same place of the same seed is always told the same.
import {
  defaultFieldResolver,
  getNamedType,
  GraphQLError,
  GraphQLScalarType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  buildSchema,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql'
import { chanceOf, type Chance } from '../../../gateway/execution/support/chance.ts'

const SDL = `
scalar Instant
scalar JSON
enum Kind { ORAL WRITTEN LAST }
input Range { from: Int = 3 to: Int! = 7 kinds: [Kind!] = [ORAL] inner: Range note: String }
input Choice @oneOf { id: ID name: String }
interface Node { id: ID! label: String }
interface Media implements Node { id: ID! label: String title: String! }
union Found = Pupil | Book | Film
type Query {
  pupil(id: ID!, kind: Kind = WRITTEN): Pupil
  pupils(first: Int = 3, range: Range): [Pupil!]!
  chosen(by: Choice): Pupil
  maybe: [Pupil]
  rows: [[Pupil!]]!
  matrix(size: Int!): [[Int!]!]
  node(id: ID!): Node
  nodes: [Node!]!
  found(text: String, ranges: [Range!]): [Found]
  first: Found!
  media: [Media!]
  settings(of: JSON): JSON
  now(at: Instant): Instant!
  kinds(of: [Kind!] = [LAST]): [Kind!]!
}
type Mutation {
  rename(id: ID!, name: String!): Pupil
  admit(range: Range!): Pupil!
  forget(ids: [ID!]!): Boolean!
  strike: [Int]
}
type Pupil implements Node {
  id: ID! label: String name: String! nick: String kind: Kind! kinds: [Kind] born: Instant height: Float rank: Int! small: Boolean
  friends(first: Int! = 2): [Pupil!] best: Pupil books: [Book!]! seen: [Found!] extra: JSON terms(range: Range): [Instant]
}
type Book implements Node & Media { id: ID! label: String title: String! pages: Int! author: Pupil owner: Pupil! tags: [String!]! }
type Film implements Node & Media { id: ID! label: String title: String! minutes: Float director: Pupil! }
`

export interface Oddness {
  readonly promises: number
  readonly nulls: number
  readonly errors: number
  readonly nonsense: number
}

export interface Asking {
  readonly seed: string
  readonly odd: Oddness
  /** What resolvers were called with, in the order of their calls. */
  readonly calls: unknown[]
}

export function oddSchema(): GraphQLSchema {
  const schema = buildSchema(SDL)
  const instant = schema.getType('Instant') as GraphQLScalarType
  instant.serialize = (value) => {
    if (value === 'unwritable') throw new TypeError('this is no instant')
    return value === 'empty' ? null : `at ${String(value)}`
  }
  instant.parseValue = (value) => {
    if (value === 'x') throw new RangeError('x is no instant')
    if (value === '') return undefined
    return `read ${String(value)}`
  }
  // Two ways to tell a type; Node has the default one, which asks `__typename` and then each isTypeOf.
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name === 'Media' && isInterfaceType(type))
      type.resolveType = (value: { __typename?: string }, { seed }: Asking, info) =>
        chanceOf(`${seed}|${pathOf(info)}`).oneIn(3) ? Promise.resolve(value.__typename) : value.__typename
    if (isObjectType(type) && type.name === 'Book')
      type.isTypeOf = (value: { isBook?: boolean }, { seed }: Asking, info) => {
        const is = value.isBook !== false
        return chanceOf(`${seed}|${pathOf(info)}|is`).oneIn(3) ? Promise.resolve(is) : is
      }
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields())) {
      const bare = ['id', 'label', 'nick', 'kind', 'rank', 'small', 'height', 'title', 'pages', 'tags', 'born', 'best', 'owner']
      // Some properties, some resolvers, and some that say the default in words.
      if (bare.includes(field.name)) field.resolve = field.name === 'label' ? defaultFieldResolver : undefined
      else field.resolve = (_source, args, asking: Asking, info) => makeField(field.type, asking, args, info)
    }
  }
  return schema
}

const pathOf = ({ path }: GraphQLResolveInfo): string => {
  const keys: (string | number)[] = []
  for (let at: GraphQLResolveInfo['path'] | undefined = path; at; at = at.prev) keys.unshift(`${at.typename ?? ''}.${at.key}`)
  return keys.join('/')
}

function makeField(type: GraphQLOutputType, asking: Asking, args: unknown, info: GraphQLResolveInfo): unknown {
  const place = pathOf(info)
  asking.calls.push([place, args, info.fieldName, info.parentType.name, String(info.returnType), info.fieldNodes.length])
  asking.calls.push([info.variableValues, info.operation.operation, Object.keys(info.fragments), info.rootValue ?? null])
  return make(type, chanceOf(`${asking.seed}|${place}`), asking, info.schema, 0)
}

class Fault extends Error {
  readonly extensions = { code: 'FAULT' }
}

function make(type: GraphQLOutputType, chance: Chance, asking: Asking, schema: GraphQLSchema, depth: number): unknown {
  const { odd } = asking
  if (chance.oneIn(odd.promises)) {
    const value = attempt(() => make(type, chance, { ...asking, odd: { ...odd, promises: 0 } }, schema, depth))
    return turns(chance.below(4)).then(() => ('thrown' in value ? Promise.reject(value.thrown as Error) : value.made))
  }
  if (chance.oneIn(odd.errors)) {
    const errors: unknown[] = [
      new Error('plain'),
      new Fault('with a code'),
      new GraphQLError('of graphql', { extensions: { code: 'KNOWN' } }),
      new GraphQLError('placed elsewhere', { path: ['elsewhere', 1] }),
      'no error at all',
    ]
    const error = chance.pick(errors)
    if (chance.oneIn(3) && error instanceof Error) return error
    throw error
  }
  if (isNonNullType(type)) return chance.oneIn(odd.nulls * 2) ? null : make(type.ofType, chance, asking, schema, depth)
  if (chance.oneIn(odd.nulls)) return chance.pick([null, undefined])
  if (chance.oneIn(odd.nonsense))
    return chance.pick<unknown>([
      {},
      [],
      'word',
      7,
      1.5,
      true,
      3e9,
      'unwritable',
      'empty',
      Symbol.iterator,
      { valueOf: () => 'v' },
      new Date(0),
    ])
  if (isListType(type)) {
    const items = Array.from({ length: chance.below(4) }, () => {
      const item = attempt(() => make(type.ofType, chance, asking, schema, depth))
      return 'thrown' in item ? (chance.oneIn(2) ? new Error('item') : null) : item.made
    })
    return chance.oneIn(odd.nonsense) ? new Set(items) : items
  }
  const named = getNamedType(type)
  if (isEnumType(named)) return chance.pick(named.getValues()).name
  if (isUnionType(named) || isInterfaceType(named)) {
    const possible = schema.getPossibleTypes(named).map(({ name }) => name)
    const odds = chance.oneIn(odd.nonsense) ? ['Pupil', 'Nobody', 'Kind', undefined] : possible
    return { ...objectOf(chance, asking, schema, depth), __typename: chance.pick<string | undefined>(odds) }
  }
  if (isObjectType(named)) return objectOf(chance, asking, schema, depth)
  return leafOf(named.name, chance)
}

/** Every property that any type reads, so that it fits whichever it is taken for. */
function objectOf(chance: Chance, asking: Asking, schema: GraphQLSchema, depth: number): object {
  const types: Record<string, string> = { id: 'ID', label: 'String', nick: 'String', kind: 'Kind', rank: 'Int', small: 'Boolean' }
  Object.assign(types, { height: 'Float', title: 'String', pages: 'Int', born: 'Instant' })
  const value: Record<string, unknown> = { isBook: !chance.oneIn(asking.odd.nonsense) }
  for (const [name, type] of Object.entries(types)) {
    const made = attempt(() => make(schema.getType(type) as GraphQLOutputType, chance, asking, schema, depth + 1))
    if (chance.oneIn(12))
      value[name] = function (this: unknown, args: unknown, inside: Asking, info: GraphQLResolveInfo) {
        inside.calls.push([pathOf(info), args, this === value])
        if ('thrown' in made) throw made.thrown
        return made.made
      }
    else if ('thrown' in made)
      Object.defineProperty(value, name, {
        enumerable: true,
        get: () => {
          throw made.thrown
        },
      })
    else value[name] = made.made
  }
  value.tags = chance.oneIn(3) ? ['a', Promise.resolve('b'), null] : ['a']
  if (depth < 3) {
    value.best = chance.oneIn(3) ? null : objectOf(chance, asking, schema, depth + 1)
    value.owner = chance.oneIn(3) ? Promise.resolve(null) : objectOf(chance, asking, schema, depth + 1)
  }
  return value
}

function leafOf(type: string, chance: Chance): unknown {
  switch (type) {
    case 'Int':
      return chance.below(100)
    case 'Float':
      return chance.below(100) / 4
    case 'Boolean':
      return chance.oneIn(2)
    case 'JSON':
      return { any: [1, null, 'điểm'] }
    default:
      return chance.pick(['a', 'điểm "x"', ''])
  }
}

function attempt<T>(make: () => T): { made: T } | { thrown: unknown } {
  try {
    const made = make()
    // Told again where it is waited for; here nobody waits.
    if (made instanceof Promise) made.catch(() => undefined)
    return { made }
  } catch (thrown) {
    return { thrown }
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve()
}
