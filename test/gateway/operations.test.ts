// What becomes of an operation behind the door: bounds before planning, one batch per subgraph, and errors that tell nothing.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ERROR_CODES } from '../../subgraphs/kernel/errors.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { openDoor, putClient, type Door } from './support/door.ts'
import { SCHOOL_ID } from './support/subgraphs.ts'

let database: TestDatabase
let door: Door

beforeAll(async () => {
  database = await freshDatabase({ province: false })
  door = await openDoor(database)
  await putClient(database, 'smas')
})

afterAll(async () => {
  await door?.close()
  await database?.drop()
})

const school = (inner: string): string => `{ school(id: "${SCHOOL_ID}") ${inner} }`
const nested = (levels: number): string => school(`${'{ parent '.repeat(levels)}{ id }${' }'.repeat(levels)}`)

describe('bounds', () => {
  test('an operation of depth 14 is answered', async () => {
    const answer = await door.ask(nested(12))
    expect([answer.status, answer.codes]).toEqual([200, []])
  })

  test('an operation of depth 30 is refused', async () => {
    const answer = await door.ask(nested(28))
    expect([answer.status, answer.codes]).toEqual([400, ['QUERY_TOO_DEEP']])
  })

  test('a fragment bomb of 2^20 fields is refused before it goes off', async () => {
    const fragments = Array.from(
      { length: 20 },
      (_, level) => `fragment F${level} on School { id ${level === 19 ? 'name' : `...F${level + 1} ...F${level + 1}`} }`,
    )
    const started = performance.now()
    const answer = await door.ask(`${school('{ ...F0 }')} ${fragments.join(' ')}`)
    const took = performance.now() - started
    expect([answer.status, answer.codes]).toEqual([400, ['TOO_MANY_FIELDS']])
    // Expanded, it would hold the process for minutes; no figure is meant, only that it was not.
    expect(took).toBeLessThan(2_000)
  })

  test.each([
    [
      'a fragment in a ring',
      `${school('{ ...A }')} fragment A on School { ...B } fragment B on School { ...A }`,
      'FRAGMENT_CYCLE',
    ],
    [
      'too many root fields',
      `{ ${Array.from({ length: 11 }, (_, index) => `a${index}: __typename`).join(' ')} }`,
      'TOO_MANY_ROOT_FIELDS',
    ],
    ['a page too long', '{ students(first: 1001) { id } }', 'LIST_TOO_LONG'],
    [
      'too much at once',
      '{ students(first: 1000) { scores { value } } b: students(first: 1000) { scores { value } } }',
      'QUERY_TOO_COSTLY',
    ],
    [
      'a document of too many operations',
      Array.from({ length: 6 }, (_, index) => `query Q${index} { __typename }`).join(' '),
      'TOO_MANY_OPERATIONS',
    ],
    [
      'introspection that multiplies',
      '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }',
      'INTROSPECTION_TOO_DEEP',
    ],
    ['a name that is not there', '{ x: __typename } ', 'OPERATION_NOT_FOUND'],
  ])('%s is refused', async (_, query, code) => {
    const answer = await door.ask(query, { operationName: code === 'OPERATION_NOT_FOUND' ? 'Other' : undefined })
    expect([answer.status, answer.codes, answer.body.data]).toEqual([400, [code], undefined])
  })

  test('a subscription is refused politely', async () => {
    const answer = await door.ask('subscription { scoreChanged { id } }')
    expect([answer.status, answer.codes, answer.body.errors?.[0]?.extensions.messageVi]).toEqual([
      400,
      ['SUBSCRIPTION_REFUSED'],
      ERROR_CODES.SUBSCRIPTION_REFUSED[2],
    ])
  })
})

describe('the plan', () => {
  test('150 references go to a subgraph as one batch', async () => {
    const before = door.house.asked.length
    const answer = await door.ask('{ students(first: 150) { name scores { value } } }')
    const fetches = door.house.asked.slice(before)
    expect(answer.body.data?.students).toHaveLength(150)
    expect(fetches.map(({ subgraph }) => subgraph)).toEqual(['schools', 'gradebook'])
    expect(fetches[1]?.variables.representations).toHaveLength(150)
  })

  test('all fetches of an operation carry one viewer, which knows the operation and not the token', async () => {
    const before = door.house.asked.length
    const answer = await door.ask('query ClassPage { students(first: 2) { name scores { value } } }', {
      operationName: 'ClassPage',
    })
    const [first, second] = door.house.asked.slice(before).map(({ viewer }) => viewer)
    expect(first).toBe(second)
    expect(first).toMatchObject({ clientId: 'smas', operationName: 'ClassPage', requestId: answer.headers.get('x-request-id') })
    expect(JSON.stringify(first)).not.toContain('eyJ')
  })

  test('the plan is not shown to whoever asks for it', async () => {
    const answer = await door.ask('{ students(first: 1) { scores { value } } }', {
      headers: { 'apollo-query-plan-experimental': 'true' },
    })
    expect([Object.keys(answer.body), Object.keys(answer.body.extensions!)]).toEqual([['data', 'extensions'], ['cost']])
  })
})

describe('errors', () => {
  test('the unexpected is masked, and its id leads to the log', async () => {
    const answer = await door.ask('{ broken }')
    const { extensions } = answer.body.errors![0]!
    expect(answer.body).toEqual({
      errors: [
        {
          message: ERROR_CODES.INTERNAL[1],
          path: ['broken'],
          extensions: {
            code: 'INTERNAL',
            messageVi: ERROR_CODES.INTERNAL[2],
            errorId: extensions.errorId,
          },
        },
      ],
      data: { broken: null },
      extensions: { cost: expect.any(Object) },
    })
    const logged = door.log.filter((line) => line.includes(String(extensions.errorId)))
    expect(logged).toHaveLength(1)
    expect(logged[0]).toContain(`"requestId":"${answer.headers.get('x-request-id')}"`)
    // The message quoted a name and a phone number.
    expect(door.log.join('')).not.toMatch(/Minh|0912345678/)
  })

  test('a subgraph that breaks its own schema is masked', async () => {
    const answer = await door.ask('{ lies }')
    expect([answer.status, answer.body.data, answer.codes]).toEqual([200, null, ['INTERNAL']])
    expect(JSON.stringify(answer.body.errors)).not.toMatch(/non-null|lies\b.*Query/)
  })

  test('a known refusal passes with both languages and without our inside', async () => {
    const answer = await door.ask('{ refused }')
    expect(answer.body.errors).toEqual([
      {
        message: 'The caller may not do this act.',
        path: ['refused'],
        extensions: { code: 'ACT_FORBIDDEN', messageVi: 'Bên gọi không được thực hiện thao tác này.' },
      },
    ])
  })

  test.each([
    ['{ scool(id: 1) { name } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ school(idd: "x") { name } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ anything { ... on Shool { name } } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['query ($n: Int!) { students(first: $n) { name } }', 'BAD_USER_INPUT'],
    ['{ students(', 'GRAPHQL_PARSE_FAILED'],
  ])('%s is refused with a code in both languages and without a suggestion', async (query, code) => {
    const answer = await door.ask(query, { variables: { n: 'mười' } })
    expect([answer.status, new Set(answer.codes)]).toEqual([400, new Set([code])])
    expect(answer.body.errors?.[0]?.extensions.messageVi).toEqual(expect.any(String))
    expect(answer.text).not.toMatch(/Did you mean|stack|node_modules/)
  })

  test('what a subgraph has touched never reaches the caller', async () => {
    const answer = await door.ask(school('{ name }'))
    expect([Object.keys(answer.body), Object.keys(answer.body.extensions!)]).toEqual([['data', 'extensions'], ['cost']])
    expect(answer.text).not.toMatch(/touched/)
  })
})
