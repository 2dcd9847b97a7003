// What the typed client does by itself when it is told to wait, and what it never does.
import { expect, test } from 'vitest'
import { createClient, type OperationCost } from '../../sdk/client.ts'
import { RecordScoresDocument, WhoAmIDocument } from '../../sdk/generated/graphql.ts'

const COST: OperationCost = {
  operationClass: 'READ',
  requestedQueryCost: 12,
  actualQueryCost: 9,
  throttleStatus: { maximumAvailable: 400_000, currentlyAvailable: 399_991, restoreRate: 20_000 },
}
const INPUT = { input: { school: { code: '38380701' }, schoolYear: '2026-2027', classRoom: { name: '10A1' } } } as never

const answered = (status: number, code?: string, headers: Record<string, string> = {}): Response =>
  Response.json(
    code
      ? { errors: [{ message: code, extensions: { code } }], extensions: { cost: COST } }
      : { data: {}, extensions: { cost: COST } },
    { status, headers },
  )

function clientOf(answers: Response[]) {
  const waited: number[] = []
  let sent = 0
  const client = createClient({
    endpoint: 'http://api.example/graphql',
    token: { get: async () => 'token', drop: () => undefined },
    fetch: async () => answers[sent++]!,
    wait: async (milliseconds) => void waited.push(milliseconds),
  })
  return { client, waited, sent: () => sent }
}

test('a throttled operation is asked again after the seconds the platform named', async () => {
  const { client, waited } = clientOf([answered(429, 'THROTTLED', { 'retry-after': '7' }), answered(200)])
  const answer = await client.ask(WhoAmIDocument, {})
  expect([answer.status, waited]).toEqual([200, [7_000]])
})

test('a throttled write is asked again also without a key, because it never ran', async () => {
  const { client, waited } = clientOf([answered(429, 'THROTTLED', { 'retry-after': '1' }), answered(200)])
  expect([(await client.ask(RecordScoresDocument, INPUT)).status, waited]).toEqual([200, [1_000]])
})

test('a write without a key that may have run is not sent twice', async () => {
  const { client, waited, sent } = clientOf([answered(503, 'SERVICE_UNAVAILABLE', { 'retry-after': '1' })])
  expect([(await client.ask(RecordScoresDocument, INPUT)).status, waited, sent()]).toEqual([503, [], 1])
})

test('waiting has an end: after three more tries the refusal is handed on', async () => {
  const { client, waited } = clientOf(Array.from({ length: 4 }, () => answered(429, 'THROTTLED', { 'retry-after': '2' })))
  const answer = await client.ask(WhoAmIDocument, {})
  expect([answer.status, answer.errors[0]?.extensions?.code, waited]).toEqual([429, 'THROTTLED', [2_000, 2_000, 2_000]])
})

test('every answer tells what it cost and what is left', async () => {
  const { client } = clientOf([answered(200)])
  expect((await client.ask(WhoAmIDocument, {})).cost).toEqual(COST)
})

test('an answer of something else than an operation has no cost', async () => {
  const { client } = clientOf([Response.json({ errors: [{ message: 'no' }] }, { status: 401 })])
  expect((await client.ask(WhoAmIDocument, {})).cost).toBeNull()
})

test('by id, a document travels as its id; what is not known under it goes as text from then on', async () => {
  const bodies: Record<string, unknown>[] = []
  const answers = [answered(200), answered(404, 'DOCUMENT_UNKNOWN'), answered(200), answered(200)]
  const client = createClient({
    endpoint: 'http://api.example/graphql',
    token: { get: async () => 'token', drop: () => undefined },
    byId: true,
    fetch: async (_, init) => {
      bodies.push(JSON.parse(String(init?.body)) as Record<string, unknown>)
      return answers[bodies.length - 1]!
    },
    wait: async () => undefined,
  })
  for (let time = 0; time < 3; time += 1) expect((await client.ask(WhoAmIDocument, {})).status).toBe(200)
  const [id, text] = [
    { documentId: WhoAmIDocument.__meta__!.hash, variables: {} },
    { query: String(WhoAmIDocument), variables: {} },
  ]
  expect(bodies).toEqual([id, id, text, text])
})
