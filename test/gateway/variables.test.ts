// Variables that do not fit: told by the first fault, in few words, whatever was sent.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { openDoor, putClient, type Door } from './support/door.ts'

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

const FIND = 'query ($by: Finding!) { find(by: $by) { id } }'

test.each([
  ['an unknown field', { nmae: 'x' }, ['by'], 'Field "nmae" is not defined by type "Finding".'],
  [
    'a text for a number deep in a list',
    { among: [{ grade: 10 }, { grade: 'mười' }] },
    ['by', 'among', 1, 'grade'],
    'Int cannot represent',
  ],
  ['a list for an object', [{ name: 'x' }], ['by'], 'Expected type "Finding" to be an object.'],
  ['null where a value is required', null, ['by'], 'not to be null'],
  ['nothing where a value is required', undefined, ['by'], 'A value is required'],
])('%s is refused with its path, in both languages', async (_, by, path, reason) => {
  const { status, body } = await door.ask(FIND, { variables: { by } })
  expect([status, body.data, body.errors?.length]).toEqual([400, undefined, 1])
  expect(body.errors![0]).toMatchObject({
    message: expect.stringContaining(reason),
    extensions: { code: 'BAD_USER_INPUT', path, messageVi: expect.stringContaining('không đúng kiểu') },
  })
})

test('variables that fit are executed, and a default stands in for one that is left out', async () => {
  const fitting = await door.ask(FIND, { variables: { by: { name: 'x', among: [{ grade: 10 }] } } })
  const defaulted = await door.ask('query ($n: Int! = 2) { students(first: $n) { id } }')
  expect([fitting.codes, defaulted.codes, defaulted.body.data?.students]).toEqual([
    [],
    [],
    [expect.anything(), expect.anything()],
  ])
})

test('null for a condition is refused before anybody is asked, where its default would have let it through', async () => {
  const before = door.house.asked.length
  for (const source of [
    'query ($a: Boolean = true) { students { id scores @skip(if: $a) { value } } }',
    'mutation ($a: Boolean = true) { rename(id: "x", name: "x") { id ...F } } fragment F on School { name @include(if: $a) }',
  ]) {
    const { status, body } = await door.ask(source, { variables: { a: null } })
    expect([status, body.errors]).toMatchObject([400, [{ extensions: { code: 'BAD_USER_INPUT', path: ['a'] } }]])
  }
  expect(door.house.asked.length).toBe(before)
  expect((await door.ask('query ($a: Boolean = true) { students(first: 1) { id name @skip(if: $a) } }')).codes).toEqual([])
})

// The sizes below would have made an answer of 87 MB, or held the process for minutes; no figure is meant, only that it was not.
test.each([
  [
    'an object of 3,000 unknown fields',
    { by: Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`k${index}`, 1])) },
  ],
  ['a list of a thousand wrong records', { by: { among: Array.from({ length: 1_000 }, () => ({ grade: 'x', more: 1 })) } }],
  ['one unknown field with a name of 300 KB', { by: { ['n'.repeat(300_000)]: 1 } }],
  ['a text of 500 KB for a number', { by: { among: [{ grade: 'x'.repeat(500_000) }] } }],
  [
    'a text for a number that says 20,000 times what suggestions say',
    { by: { among: [{ grade: 'Did you mean '.repeat(20_000) }] } },
  ],
])('%s makes a short answer at once', async (_, variables) => {
  const started = performance.now()
  const { status, codes, text } = await door.ask(FIND, { variables })
  expect([status, codes]).toEqual([400, ['BAD_USER_INPUT']])
  expect(text.length).toBeLessThan(2_000)
  expect(performance.now() - started).toBeLessThan(2_000)
})

test('a document that quotes what suggestions say is refused at once', async () => {
  const started = performance.now()
  const { codes, text } = await door.ask(`{ students(first: "${'Did you mean '.repeat(4_900)}") { id } }`)
  expect(codes).toEqual(['GRAPHQL_VALIDATION_FAILED'])
  expect(text.length).toBeLessThan(2_000)
  expect(performance.now() - started).toBeLessThan(500)
})
