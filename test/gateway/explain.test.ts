// The gateway's own explanation: every check of the door, told instead of thrown, and nothing run.
import { isObjectType } from 'graphql'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gatewaySdl, permissions } from '../../gateway/explain/contract.ts'
import { createGatewaySubgraph } from '../../gateway/explain/subgraph.ts'
import { fieldsWithoutRule } from '../../subgraphs/kernel/operation-rules.ts'
import { shieldTree } from '../../subgraphs/kernel/permissions.ts'
import { admitViewer, type Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { auditOf, openDoor, putClient, type Door } from './support/door.ts'
import { SCHOOL_ID } from './support/subgraphs.ts'

let database: TestDatabase
let door: Door

beforeAll(async () => {
  database = await freshDatabase({ province: false })
  door = await openDoor(database)
  await putClient(database, 'smas')
  await putClient(database, 'narrow', { scopes: ['school.read'] })
})
afterAll(async () => {
  await door?.close()
  await database?.drop()
})

const EXPLAIN = `query Explain($document: String!, $operationName: String, $variables: JSONObject) {
  explainAccess(document: $document, operationName: $operationName, variables: $variables) {
    operationName operationKind operationClass allowed depth cost { requested maximum } budget { maximumAvailable currentlyAvailable }
    fields { coordinate requiredScopes } consentsNeeded typesRestingOnConsent faults { code message messageVi at }
  }
}`

interface Explanation {
  operationName: string | null
  operationKind: string | null
  operationClass: string | null
  allowed: boolean
  depth: number | null
  cost: { requested: number | null; maximum: number }
  budget: { maximumAvailable: number; currentlyAvailable: number } | null
  fields: { coordinate: string; requiredScopes: string[][] }[]
  consentsNeeded: boolean
  typesRestingOnConsent: string[]
  faults: { code: string; message: string; messageVi: string; at: string | null }[]
}

async function explain(document: string, wishes: { variables?: unknown; operationName?: string; clientId?: string } = {}) {
  const { variables, operationName, clientId = 'smas' } = wishes
  const answer = await door.ask(EXPLAIN, {
    variables: { document, variables, operationName },
    token: await door.token({ clientId }),
  })
  return { answer, explained: answer.body.data?.explainAccess as Explanation }
}
const codesOf = ({ explained }: { explained: Explanation }): string[] => explained.faults.map(({ code }) => code)

test('tells fields, scopes, depth, class and cost of an operation, and asks no subgraph for it', async () => {
  const before = door.house.asked.length
  const { explained } = await explain('query Page($n: Int!) { students(first: $n) { name scores { value } } }', {
    variables: { n: 40 },
  })
  expect(explained).toMatchObject({
    operationName: 'Page',
    operationKind: 'QUERY',
    operationClass: 'READ',
    allowed: true,
    depth: 3,
    cost: { requested: 40 * (1 + 10), maximum: 20_000 },
    faults: [],
  })
  expect(explained.fields).toEqual([
    { coordinate: 'Query.students', requiredScopes: [['student.basic.read']] },
    { coordinate: 'Score.value', requiredScopes: [['gradebook.read']] },
    { coordinate: 'Student.name', requiredScopes: [['student.basic.read']] },
    { coordinate: 'Student.scores', requiredScopes: [['gradebook.read']] },
  ])
  expect(door.house.asked).toHaveLength(before)
})

test('takes nothing from the budget it tells of', async () => {
  const { explained } = await explain('{ students(first: 1000) { name } }')
  const again = await explain('{ students(first: 1000) { name } }')
  // Twenty for each explanation, and not a thousand.
  expect(explained.budget!.currentlyAvailable - again.explained.budget!.currentlyAvailable).toBeLessThanOrEqual(60)
})

test('does not run a write that it explains', async () => {
  const { explained } = await explain(`mutation { rename(id: "${SCHOOL_ID}", name: "khác") { name } }`)
  expect([explained.operationKind, explained.operationClass, explained.allowed]).toEqual(['MUTATION', 'WRITE', true])
  expect(door.house.names.get(SCHOOL_ID)).toBe('Trường THPT Đào Duy Từ')
})

describe('is told what the door would say', () => {
  test.each([
    ['a scope that is not held', '{ students(first: 1) { name } }', 'narrow'],
    ['a field without a rule', '{ unruled }', 'smas'],
    ['a field that is not there', '{ school(id: "1") { nmae } }', 'smas'],
    ['a document that is none', '{ school(', 'smas'],
    ['a page too long', '{ students(first: 1001) { name } }', 'smas'],
    ['a subscription', 'subscription { anything }', 'smas'],
    ['a variable that does not fit', 'query ($n: Int!) { students(first: $n) { name } }', 'smas'],
    ['nothing at all', 'fragment F on School { id }', 'smas'],
  ])('of %s: the same code and the same words', async (_, document, clientId) => {
    const variables = { n: 'mười' }
    const { explained } = await explain(document, { variables, clientId })
    const sent = await door.ask(document, { variables, token: await door.token({ clientId }) })
    const said = sent.body.errors!.map(({ message, extensions: { code, messageVi } }) => ({ code, message, messageVi }))
    expect(sent.status).not.toBe(200)
    expect(explained.allowed).toBe(false)
    for (const { code, message, messageVi } of explained.faults.slice(0, 1))
      expect(said).toContainEqual({ code, message, messageVi })
    expect(explained.faults.length).toBeGreaterThan(0)
  })

  test('and all of it together, where the door would stop at the first', async () => {
    const both = await explain('query ($n: Int!) { students(first: $n) { name } }', { variables: {}, clientId: 'narrow' })
    expect(codesOf(both)).toEqual(['BAD_USER_INPUT', 'SCOPE_MISSING'])
  })

  test('and nothing that teaches the contract to somebody who guesses', async () => {
    const { answer } = await explain('{ scool(id: "1") { name } }')
    expect(answer.text).not.toMatch(/Did you mean|school\(/)
  })
})

test('variables that are no object are refused as such', async () => {
  const answer = await door.ask(EXPLAIN, { variables: { document: '{ __typename }', variables: [1] } })
  expect(answer.codes).toEqual(['BAD_USER_INPUT'])
})

test('one operation of several is explained by its name', async () => {
  const document = 'query A { anything { ... on School { id } } } query B { students(first: 2) { name } }'
  expect((await explain(document, { operationName: 'B' })).explained.operationName).toBe('B')
  expect(codesOf(await explain(document))).toEqual(['OPERATION_NOT_FOUND'])
})

test('the asking is in the audit, what was asked about is not', async () => {
  const { answer } = await explain(`{ school(id: "mã-bí-mật") { name } }`)
  const records = await auditOf(database, answer.headers.get('x-request-id')!)
  expect(records).toMatchObject([{ operation_name: 'Explain', outcome: 'ALLOWED', schools: [] }])
  expect(JSON.stringify(records)).not.toContain('mã-bí-mật')
})

describe('the gateway’s own part of the contract', () => {
  const schema = buildSubgraphSchema([{ typeDefs: parse(gatewaySdl) }])

  test('has a rule for every field and no rule for a field that is not there', () => {
    expect(fieldsWithoutRule(shieldTree(permissions), schema)).toEqual([])
    for (const [type, fields] of Object.entries(permissions)) {
      const known = schema.getType(type)
      for (const field of Object.keys(fields))
        expect([type, field, isObjectType(known) && field in known.getFields()]).toEqual([type, field, true])
    }
  })

  test('describes every type, field, argument and value', () => {
    const silent = Object.values(schema.getTypeMap()).flatMap((type) => {
      if (/^(_|federation__|link__)|^(ID|String|Int|Boolean|Query|FieldSet)$/.test(type.name)) return []
      const missing = type.description ? [] : [type.name]
      if (isObjectType(type))
        for (const field of Object.values(type.getFields())) if (!field.description) missing.push(`${type.name}.${field.name}`)
      return missing
    })
    expect(silent).toEqual([])
    for (const { description } of schema.getQueryType()!.getFields().explainAccess!.args) expect(description).toBeTruthy()
  })

  test('answers an admitted viewer, and a forged one with nothing', async () => {
    const subgraph = createGatewaySubgraph(() => ({ allowed: true }) as never)
    const viewer = { clientId: 'smas', scopes: [] } as unknown as Viewer
    const query = '{ explainAccess(document: "{ __typename }") { allowed } }'
    expect((await subgraph.execute({ query }, { ...viewer })).errors?.map(({ extensions }) => extensions.code)).toEqual([
      'VIEWER_UNSIGNED',
    ])
    expect((await subgraph.execute({ query }, admitViewer(viewer))).data).toEqual({ explainAccess: { allowed: true } })
  })
})
