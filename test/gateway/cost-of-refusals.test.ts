// What an operation that came to nothing is charged: the least, unless it read on the way.
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

async function chargeOf(query: string, variables?: unknown): Promise<[data: unknown, requested: number, actual: number]> {
  const { body } = await door.ask(query, { variables })
  const { requestedQueryCost, actualQueryCost } = body.extensions!.cost
  return [body.data, requestedQueryCost, actualQueryCost]
}

test('a refusal that read nothing costs the least', async () => {
  const [data, , actual] = await chargeOf('{ refusedWhole }')
  expect([data, actual]).toEqual([null, 1])
})

test('a document or a variable that is refused before anything is read costs the least', async () => {
  const [, , document] = await chargeOf('{ students(first: 100) { name nothing } }')
  const [, , variable] = await chargeOf('query ($n: Int!) { students(first: $n) { name } }', { n: 'x' })
  expect([document, variable]).toEqual([1, 1])
})

test('a field that fails for sure does not make the reading beside it free', async () => {
  const [data, requested, actual] = await chargeOf('{ students(first: 100) { name } refusedWhole }')
  expect([data, requested >= 100, actual]).toEqual([null, true, requested])
})
