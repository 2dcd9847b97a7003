// Two small subgraphs that answer like the real ones: only an admitted viewer, references in batches, touched records told.
import { buildSubgraphSchema } from '@apollo/subgraph'
import { composeServices } from '@apollo/composition'
import { execute, GraphQLError, parse } from 'graphql'
import { GATEWAY, gatewaySdl } from '../../../gateway/explain/contract.ts'
import type { Touched } from '../../../subgraphs/kernel/context.ts'
import { PlatformError } from '../../../subgraphs/kernel/errors.ts'
import type { Subgraph, SubgraphName } from '../../../subgraphs/kernel/subgraph.ts'
import { assertAdmitted, type Viewer } from '../../../subgraphs/kernel/viewer.ts'

export type SmallSubgraph = Pick<Subgraph, 'name' | 'execute' | 'database' | 'sdl'>

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@shareable", "@requiresScopes", "@authenticated", "@cost", "@listSize"])`

const SCHOOLS = `${LINK}
type Query {
  school(id: ID!): School @requiresScopes(scopes: [["school.read"]])
  students(first: Int = 50): [Student!]! @requiresScopes(scopes: [["student.basic.read"]]) @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)
  anything: Member @authenticated
  find(by: Finding!): Named @authenticated
  named: [Named!] @authenticated
  slow(ms: Int!): Int @authenticated
  broken: String @authenticated
  away: String @authenticated
  refused: String @authenticated
  refusedWhole: String! @authenticated
  lies: Int! @authenticated
  unruled: String
}
type Mutation {
  rename(id: ID!, name: String!): School @requiresScopes(scopes: [["school.write"]])
}
input Finding { name: String among: [GradeFinding!] }
input GradeFinding { grade: Int }
interface Named { id: ID! name: String }
union Member = School | Student
type School implements Named @key(fields: "id") {
  id: ID! @authenticated
  name: String @authenticated
  principalPhone: String @requiresScopes(scopes: [["staff.read", "guardian.contact.read"], ["access.review"]])
  parent: School @authenticated
  unruled: String
}
type Student implements Named @key(fields: "id") {
  id: ID! @requiresScopes(scopes: [["student.basic.read"]])
  name: String @requiresScopes(scopes: [["student.basic.read"]])
}`

const GRADEBOOK = `${LINK}
type Student @key(fields: "id") {
  id: ID! @authenticated
  scores: [Score!]! @requiresScopes(scopes: [["gradebook.read"]])
}
type Score { value: Float @requiresScopes(scopes: [["gradebook.read"]]) }`

/** What the subgraphs were asked, for tests that count. */
export interface Asked {
  readonly subgraph: SubgraphName
  readonly query: string
  readonly variables: Record<string, unknown>
  readonly viewer: Viewer
}

export interface SmallHouse {
  readonly schools: SmallSubgraph
  readonly gradebook: SmallSubgraph
  readonly supergraphSdl: string
  readonly asked: Asked[]
  readonly names: Map<string, string>
}

export const SCHOOL_ID = '0192f3a0-0000-7000-8000-000000000001'

export function buildSmallHouse(): SmallHouse {
  const asked: Asked[] = []
  const names = new Map([[SCHOOL_ID, 'Trường THPT Đào Duy Từ']])
  const student = (id: string) => ({ __typename: 'Student', id, name: `Học sinh ${id}` })
  const school = (id: string, touched: Touched) => {
    touched.schools.add(id)
    return {
      __typename: 'School',
      id,
      name: names.get(id),
      principalPhone: '0912345678',
      unruled: 'must never be seen',
      parent: { __typename: 'School', id },
    }
  }
  const studentIds = (count: number) =>
    Array.from({ length: count }, (_, index) => `0192f3a0-0000-7000-9000-${String(index).padStart(12, '0')}`)

  const schools = small('schools', SCHOOLS, asked, {
    Query: {
      school: (_: unknown, { id }: { id: string }, touched: Touched) => (names.has(id) ? school(id, touched) : null),
      students: (_: unknown, { first }: { first: number }, touched: Touched) =>
        studentIds(first).map((id) => {
          touched.students.add(id)
          return student(id)
        }),
      anything: (_: unknown, __: unknown, touched: Touched) => school(SCHOOL_ID, touched),
      find: () => null,
      named: (_: unknown, __: unknown, touched: Touched) => [school(SCHOOL_ID, touched)],
      slow: (_: unknown, { ms }: { ms: number }) => new Promise((resolve) => setTimeout(resolve, ms, ms)),
      broken: () => {
        throw new Error('duplicate key value "Nguyễn Thị Minh" 0912345678 at /srv/secret/path.ts')
      },
      away: () => {
        throw new PlatformError('SERVICE_UNAVAILABLE', { retryAfter: 3 })
      },
      refused: () => {
        throw new PlatformError('ACT_FORBIDDEN', { touched: 'inner' })
      },
      refusedWhole: () => {
        throw new PlatformError('ACT_FORBIDDEN')
      },
      lies: () => null,
      unruled: () => 'must never be seen',
    },
    Mutation: {
      rename: (_: unknown, { id, name }: { id: string; name: string }, touched: Touched) => {
        names.set(id, name)
        return school(id, touched)
      },
    },
    School: { __resolveReference: ({ id }: { id: string }, touched: Touched) => school(id, touched) },
    Student: { __resolveReference: ({ id }: { id: string }) => student(id) },
  })
  const gradebook = small('gradebook', GRADEBOOK, asked, {
    Student: { __resolveReference: ({ id }: { id: string }) => ({ id, scores: [{ value: 8.5 }] }) },
  })
  const { supergraphSdl, errors } = composeServices(
    [schools, gradebook, { name: GATEWAY, sdl: gatewaySdl }].map(({ name, sdl }) => ({
      name,
      url: `http://${name}`,
      typeDefs: parse(sdl),
    })),
  )
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'))
  return { schools, gradebook, supergraphSdl, asked, names }
}

function small(name: SubgraphName, sdl: string, asked: Asked[], resolvers: object): SmallSubgraph {
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }])
  return {
    name,
    sdl,
    database: { ping: async () => undefined } as never,
    async execute({ query, operationName, variables }, viewer) {
      const touched = { schools: new Set<string>(), students: new Set<string>() }
      try {
        assertAdmitted(viewer)
      } catch (error) {
        return { errors: [error as GraphQLError] }
      }
      asked.push({ subgraph: name, query, variables: variables ?? {}, viewer })
      const result = await execute({
        schema,
        document: parse(query),
        operationName,
        variableValues: variables ?? {},
        contextValue: touched,
      })
      return { ...result, extensions: { touched: { schools: [...touched.schools], students: [...touched.students] } } }
    },
  }
}
