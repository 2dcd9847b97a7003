// The door speaks GraphQL over HTTP: the public audits of graphql-http, and the statuses that clients and proxies act on.
import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { openDoor, putClient, told, type Door } from './support/door.ts'

let database: TestDatabase
let door: Door
let bearer: string

beforeAll(async () => {
  database = await freshDatabase({ province: false })
  door = await openDoor(database)
  await putClient(database, 'smas')
  bearer = await door.token()
})

afterAll(async () => {
  await door?.close()
  await database?.drop()
})

test('the 61 server audits of graphql-http find no error, and only GET with a free document is declined', async () => {
  const fetchFn = (url: string, init: RequestInit = {}) =>
    fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${bearer}`, 'apollo-require-preflight': 'true' } })
  const results = []
  for (const audit of serverAudits({ url: door.url, fetchFn })) results.push(await audit.fn())

  const declined = results.filter(({ status }) => status !== 'ok').map(({ id, status }) => `${id} ${status}`)
  expect(results).toHaveLength(61)
  // 5A70, D6D5, 6A70: MAY take any document by GET. We take known documents only, so that a link cannot read what nobody reviewed.
  expect(declined.sort()).toEqual(['5A70 notice', '6A70 notice', 'D6D5 notice'])
})

describe('status', () => {
  const post = async (accept: string, body: unknown, headers: Record<string, string> = {}) =>
    told(
      await fetch(door.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${bearer}`, ...headers },
        body: JSON.stringify(body),
      }),
    )

  test.each([
    ['application/json', 200],
    ['application/graphql-response+json', 400],
  ])('a document that does not fit the contract is an answered question in %s: %i', async (accept, status) => {
    const answer = await post(accept, { query: '{ nothingOfThatName }' })
    expect([answer.status, answer.codes, answer.headers.get('content-type')]).toEqual([
      status,
      ['GRAPHQL_VALIDATION_FAILED'],
      `${accept}; charset=utf-8`,
    ])
  })

  test.each(['application/json', 'application/graphql-response+json'])('who lacks a scope gets 403 in %s', async (accept) => {
    const answer = await post(
      accept,
      { query: '{ students(first: 1) { id } }' },
      { authorization: `Bearer ${await door.token({ scope: 'school.read' })}` },
    )
    expect([answer.status, answer.codes]).toEqual([403, ['SCOPE_MISSING']])
  })

  test('errors beside data are 200', async () => {
    const answer = await post('application/graphql-response+json', { query: '{ __typename refused }' })
    expect([answer.status, answer.body.data, answer.codes]).toEqual([
      200,
      { __typename: 'Query', refused: null },
      ['ACT_FORBIDDEN'],
    ])
  })

  test('a part that cannot be reached, with nothing else to tell, is 503 with Retry-After', async () => {
    const answer = await post('application/json', { query: '{ __typename away }' })
    expect([answer.status, answer.headers.get('retry-after'), answer.codes, answer.body.data]).toEqual([
      503,
      '3',
      ['SERVICE_UNAVAILABLE'],
      undefined,
    ])
  })

  test('a part that cannot be reached beside one that answers is 200', async () => {
    const answer = await post('application/json', { query: '{ away anything { ... on School { name } } }' })
    expect([answer.status, answer.codes, answer.body.data]).toEqual([
      200,
      ['SERVICE_UNAVAILABLE'],
      { away: null, anything: { name: 'Trường THPT Đào Duy Từ' } },
    ])
  })

  test.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['text/html, */*;q=0.1', 'application/json'],
    ['application/graphql-response+json, application/json;q=0.9', 'application/graphql-response+json'],
    ['application/json;q=0.5, application/graphql-response+json', 'application/graphql-response+json'],
    ['application/json;q=0, */*', 'application/graphql-response+json'],
  ])('Accept %s is answered in %s', async (accept, media) => {
    const answer = await door.ask('{ __typename }', { headers: { accept: accept ?? '' } })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, `${media}; charset=utf-8`])
  })

  test.each(['text/html', 'application/xml', 'application/json;charset=utf-16', 'application/json;q=0'])(
    'Accept %s is 406',
    async (accept) => {
      const answer = await door.ask('{ __typename }', { headers: { accept } })
      expect([answer.status, answer.codes]).toEqual([406, ['NOT_ACCEPTABLE']])
    },
  )
})
