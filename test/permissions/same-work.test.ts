// "Not there" and "not yours" are one answer: the same body, from the same statements in the same order.
import { randomUUID } from 'node:crypto'
import type { GraphQLObjectType } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SUBGRAPH_NAMES, type SubgraphName } from '../../subgraphs/kernel/subgraph.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, schoolOf } from '../testkit/parties.ts'
import { captureSql, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'

interface Lookup {
  readonly subgraph: SubgraphName
  readonly code: string
  /** One row at a school, past every policy. */
  readonly row: string
  /** What is asked of a school, where it is not the thing itself, and how the answer begins. */
  readonly of?: { readonly query: string; readonly answer: string }
}

/** The registry of a province is one register: whoever holds identity.read reads its applications, so none is somebody else's. */
const BY_SCOPE_ALONE = ['identity.application']

/** Every lookup of one thing at a school. */
const LOOKUPS: Record<string, Lookup> = {
  school: {
    subgraph: 'schools',
    code: 'SCHOOL_NOT_ACCESSIBLE',
    row: `select school_id as id from schools.school where school_id = $1`,
  },
  classRoom: {
    subgraph: 'schools',
    code: 'RECORD_NOT_ACCESSIBLE',
    row: `select id from schools.class_room where school_id = $1 limit 1`,
  },
  student: {
    subgraph: 'schools',
    code: 'RECORD_NOT_ACCESSIBLE',
    row: `select id from schools.student where school_id = $1 limit 1`,
  },
  fieldOwners: {
    subgraph: 'schools',
    code: 'SCHOOL_NOT_ACCESSIBLE',
    row: `select school_id as id from schools.school where school_id = $1`,
    of: { query: 'fieldOwners(school: { id: $id }) { group }', answer: '"data":{"fieldOwners":[{"group":' },
  },
  conflicts: {
    subgraph: 'schools',
    code: 'SCHOOL_NOT_ACCESSIBLE',
    row: `select school_id as id from schools.school where school_id = $1`,
    of: { query: 'conflicts(school: { id: $id }) { nodes { id } }', answer: '"data":{"conflicts":{"nodes":[]' },
  },
}

let database: TestDatabase
let smas: Viewer
let foreignSchool: string
let ownSchool: string
const subgraphs = {} as Record<SubgraphName, TestSubgraph>

beforeAll(async () => {
  database = await freshDatabase()
  smas = await applicationViewer(database, 'smas')
  foreignSchool = (await schoolOf(database, 'smas', { agreed: false })).id
  ownSchool = (await schoolOf(database, 'smas')).id
  for (const name of SUBGRAPH_NAMES) subgraphs[name] = await testSubgraph(database, name)
})
afterAll(async () => {
  await Promise.all(Object.values(subgraphs).map((subgraph) => subgraph.close()))
  await database?.drop()
})

test('every root field that looks one thing up by a reference is compared, or decided by its scope alone', () => {
  const lookups = SUBGRAPH_NAMES.flatMap((name) =>
    Object.values((subgraphs[name].runtime.subgraph.schema.getType('Query') as GraphQLObjectType).getFields())
      .filter(({ args }) => args.some((arg) => String(arg.type).endsWith('Ref!')))
      .map((field) => `${name}.${field.name}`),
  )
  const compared = Object.entries(LOOKUPS).map(([field, { subgraph }]) => `${subgraph}.${field}`)
  expect(lookups.sort()).toEqual([...BY_SCOPE_ALONE, ...compared].sort())
})

test.each(Object.keys(LOOKUPS))(
  '%s reads the same and asks the database the same for a stranger’s as for nobody’s',
  async (field) => {
    const { subgraph: name, code, row, of } = LOOKUPS[field]!
    const [foreign] = await database.sql<{ id: string }>(row, [foreignSchool])
    const [own] = await database.sql<{ id: string }>(row, [ownSchool])
    const ask = async (id: string) => {
      const { statements, result } = await captureSql(subgraphs[name], () =>
        subgraphs[name].ask(smas, `query ($id: ID!) { ${of?.query ?? `${field}(ref: { id: $id }) { id }`} }`, { id }),
      )
      const told = (text: string): string => text.replaceAll(id, '<id>')
      return { statements: statements.map(told), body: told(JSON.stringify(result)) }
    }
    const nobody = await ask(randomUUID())
    const stranger = await ask(foreign!.id)
    expect(nobody.body).toContain(`"code":"${code}"`)
    expect(nobody.statements.length).toBeGreaterThan(0)
    expect(stranger).toEqual(nobody)
    expect((await ask(own!.id)).body).toContain(of?.answer ?? `"data":{"${field}":{"id":"<id>"}}`)
  },
)
