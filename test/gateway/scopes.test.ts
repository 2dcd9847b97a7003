// The first wall: the scopes of every field of an operation, read from the supergraph, all or nothing.
import { ApolloGateway } from '@apollo/gateway'
import { buildSchema, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fieldsWithoutRule, readAccessRules } from '../../gateway/rules/supergraph-rules.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { openDoor, putClient, type Door } from './support/door.ts'
import { SCHOOL_ID } from './support/subgraphs.ts'

let database: TestDatabase
let door: Door

beforeAll(async () => {
  database = await freshDatabase({ province: false })
  door = await openDoor(database)
  await putClient(database, 'smas', {
    scopes: [
      'school.read',
      'school.write',
      'student.basic.read',
      'gradebook.read',
      'staff.read',
      'guardian.contact.read',
      'access.review',
    ],
  })
})

afterAll(async () => {
  await door?.close()
  await database?.drop()
})

async function askHolding(scope: string, query: string) {
  const before = door.house.asked.length
  const answer = await door.ask(query, { token: await door.token({ scope }) })
  const { code, missingScopes, fields } = (answer.body.errors?.[0]?.extensions ?? {}) as Record<string, unknown>
  return {
    status: answer.status,
    code,
    missingScopes,
    fields,
    data: answer.body.data,
    subgraphsAsked: door.house.asked.length - before,
  }
}

test('an operation whose every scope is held is answered', async () => {
  const told = await askHolding('student.basic.read gradebook.read', '{ students(first: 1) { name scores { value } } }')
  expect([told.status, told.data]).toEqual([
    200,
    { students: [{ name: 'Học sinh 0192f3a0-0000-7000-9000-000000000000', scores: [{ value: 8.5 }] }] },
  ])
})

test('one forbidden field refuses the whole operation before any subgraph hears of it, and names what is missing', async () => {
  const told = await askHolding('student.basic.read', '{ anything { __typename } students(first: 1) { name scores { value } } }')
  expect(told).toEqual({
    status: 403,
    code: 'SCOPE_MISSING',
    missingScopes: ['gradebook.read'],
    fields: ['Score.value', 'Student.scores'],
    data: undefined,
    subgraphsAsked: 0,
  })
})

test('the refusal tells an OAuth client which scopes to ask for', async () => {
  const answer = await door.ask('{ students { name } }', { token: await door.token({ scope: 'school.read' }) })
  expect(answer.headers.get('www-authenticate')).toBe(
    'Bearer realm="lienthong", error="insufficient_scope", scope="student.basic.read"',
  )
})

describe('no way into a field avoids its scope', () => {
  test.each([
    ['an alias', '{ s: students { x: id } }'],
    ['a fragment', '{ students { ...S } } fragment S on Student { name }'],
    ['an inline fragment without a type', '{ students { ... { name } } }'],
    ['a union', '{ anything { ... on Student { name } } }'],
    ['an interface, whatever is behind it', '{ named { name } }'],
    ['an interface by a fragment on it', '{ anything { ... on Named { name } } }'],
    ['a variable that skips it', 'query ($no: Boolean = false) { anything { ... on Student @include(if: $no) { name } } }'],
    ['@skip(if: true)', '{ __typename anything { ... on Student { name @skip(if: true) } } }'],
  ])('%s', async (_, query) => {
    const without = await askHolding('school.read', query)
    const holding = await askHolding('student.basic.read', query)
    expect([without.code, without.missingScopes, holding.status]).toEqual(['SCOPE_MISSING', ['student.basic.read'], 200])
  })

  test('a mutation', async () => {
    const query = `mutation { rename(id: "${SCHOOL_ID}", name: "Trường THPT Hậu Lộc 1") { id } }`
    const without = await askHolding('school.read', query)
    expect([without.code, without.missingScopes, door.house.names.get(SCHOOL_ID)]).toEqual([
      'SCOPE_MISSING',
      ['school.write'],
      'Trường THPT Đào Duy Từ',
    ])
    const holding = await askHolding('school.write', query)
    expect([holding.status, door.house.names.get(SCHOOL_ID)]).toEqual([200, 'Trường THPT Hậu Lộc 1'])
  })

  test('the operation that runs decides, not another one of the document', async () => {
    const document = 'query Mild { school(id: "x") { name } } query Wild { students { name } }'
    const token = await door.token({ scope: 'school.read' })
    const [mild, wild] = await Promise.all([
      door.ask(document, { token, operationName: 'Mild' }),
      door.ask(document, { token, operationName: 'Wild' }),
    ])
    expect([mild.status, wild.codes]).toEqual([200, ['SCOPE_MISSING']])
  })
})

describe('alternatives', () => {
  const query = `{ school(id: "${SCHOOL_ID}") { principalPhone } }`
  test.each(['school.read staff.read guardian.contact.read', 'school.read access.review'])('%s is enough', async (scope) => {
    expect((await askHolding(scope, query)).data).toEqual({ school: { principalPhone: '0912345678' } })
  })

  test.each([
    ['school.read staff.read', ['guardian.contact.read']],
    ['school.read', ['access.review']],
  ])('%s is not, and the nearest way is named', async (scope, missing) => {
    expect((await askHolding(scope, query)).missingScopes).toEqual(missing)
  })
})

describe('a field that no rule names', () => {
  test.each(['{ unruled }', `{ school(id: "${SCHOOL_ID}") { unruled } }`, '{ anything { ... on School { unruled } } }'])(
    'is never served: %s',
    async (query) => {
      const told = await askHolding('school.read school.write student.basic.read', query)
      expect([told.status, told.code, told.subgraphsAsked]).toEqual([403, 'ACT_FORBIDDEN', 0])
    },
  )

  test('would not be noticed by the stock gateway, which therefore refuses the supergraph as it was composed', async () => {
    const stock = new ApolloGateway({ supergraphSdl: door.house.supergraphSdl })
    await expect(stock.load()).rejects.toThrow(/requiresScopes.*is for: SECURITY but is unsupported/)
  })

  test('is told to the operator when the gateway starts', () => {
    expect(door.log.find((line) => line.includes('fields without a rule'))).toContain(
      '"fields":["Query.unruled","School.unruled"]',
    )
  })

  test('is found by the walk over the contract', () => {
    const contract = 'type Query { a: Int b: Int c: Mood } enum Mood { GOOD }'
    const rules = readAccessRules(
      parse(`directive @authenticated on FIELD_DEFINITION | ENUM
      type Query { a: Int @authenticated b: Int c: Mood } enum Mood @authenticated { GOOD }`),
    )
    expect(fieldsWithoutRule(buildSchema(contract), rules)).toEqual(['Query.b'])
  })
})

describe('directives of the supergraph', () => {
  const ruleOf = (field: string) => readAccessRules(parse(`type Query ${field}`)).get('Query.a')?.anyOf

  test('on one field from several subgraphs are asked for together', () => {
    expect(ruleOf('{ a: Int @authenticated @requiresScopes(scopes: [["x"], ["y", "z"]]) }')).toEqual([['x'], ['y', 'z']])
  })

  test('on a type guard each of its fields', () => {
    expect(ruleOf('@requiresScopes(scopes: [["t"]]) { a: Int @requiresScopes(scopes: [["f"], ["t"]]) }')).toEqual([
      ['t', 'f'],
      ['t'],
    ])
  })

  test('that we cannot judge open nothing', () => {
    expect(ruleOf('{ a: Int @authenticated @policy(policies: [["p"]]) }')).toEqual([])
  })
})

describe('introspection', () => {
  test('is answered to an authenticated party, without federation machinery', async () => {
    const answer = await door.ask('{ __schema { queryType { fields { name } } types { name } } }', {
      token: await door.token({ scope: '' }),
    })
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('"students"')
    expect(answer.text).not.toMatch(/_entities|_service|join__|SCHOOLS/)
  })

  test.each(['{ _service { sdl } }', '{ _entities(representations: []) { __typename } }'])(
    '%s is no field of the contract',
    async (query) => {
      const answer = await door.ask(query)
      expect([answer.status, answer.codes]).toEqual([400, ['GRAPHQL_VALIDATION_FAILED']])
    },
  )
})
