// The memory of a subgraph for the fetches it has seen: bounded whatever is asked.
import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'
import { DocumentMemory } from '../../subgraphs/kernel/document-memory.ts'

const schema = buildSchema('type Query { school(code: String): School } type School { id: ID name: String }')

test('any number of different documents is remembered in a bounded number of characters', () => {
  const documents = new DocumentMemory(schema)
  for (let index = 0; index < 3_000; index++) documents.read(`{ school(code: "${String(index).padEnd(1_000, 'x')}") { id } }`)
  expect(documents.characters).toBeGreaterThan(500_000)
  expect(documents.characters).toBeLessThanOrEqual(1_000_000)
})

test('a text that was read before is not parsed again', () => {
  const documents = new DocumentMemory(schema)
  const first = documents.read('{ school { id name } }')
  expect(documents.read('{ school { id name } }')).toBe(first)
  expect(first.fields).toEqual([
    { type: 'Query', field: 'school' },
    { type: 'School', field: 'id' },
    { type: 'School', field: 'name' },
  ])
})

test('a text that does not fit the schema is refused each time and not remembered', () => {
  const documents = new DocumentMemory(schema)
  expect(() => documents.read('{ schol { id } }')).toThrow('Cannot query field')
  expect(() => documents.read('{ schol { id } }')).toThrow('Cannot query field')
  expect(documents.characters).toBe(0)
})
