// The contract: committed as the code says it, kept as it was promised, and free of the machinery behind it.
import { readFile } from 'node:fs/promises'
import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { buildContract } from '../../platform/contract/build.ts'
import { findDrift, findUnannounced, readReleased, unreleasedEntries } from '../../platform/contract/check.ts'
import { loadKnownDocuments } from '../../platform/runtime/known-documents.ts'

const SCHEMA = new URL('../../schema/', import.meta.url)
const contract = buildContract()

test('what is committed under schema/ is what the code says', async () => {
  expect(await findDrift(SCHEMA, contract.files)).toEqual([])
})

test('a file that differs from the code by one letter is found', async () => {
  const files = { ...contract.files, 'contract.graphql': `${contract.files['contract.graphql']} ` }
  expect((await findDrift(SCHEMA, files)).map(({ kind }) => kind)).toEqual(['DRIFT'])
})

test('the contract breaks nothing that vendors were promised', async () => {
  const changelog = await readFile(new URL('CHANGELOG.md', SCHEMA), 'utf8')
  expect(findUnannounced(await readReleased(SCHEMA), contract.api, changelog)).toEqual([])
})

describe('a breaking change', () => {
  const released = buildSchema('type Query { a: String b: String }')
  const current = buildSchema('type Query { a: String }')

  test('is found when nobody announced it', () => {
    expect(findUnannounced(released, current, '## Unreleased\n\n## 0.1\nQuery.b was removed.')).toHaveLength(1)
  })

  test('passes once the changelog names it word for word under Unreleased', () => {
    expect(findUnannounced(released, current, '## Unreleased\n- Query.b was removed. Use `a`.\n')).toEqual([])
  })

  test('is not excused by an entry of an older release', () => {
    expect(unreleasedEntries('## Unreleased\nx\n## 0.1\nQuery.b was removed.')).not.toContain('Query.b')
  })
})

test('vendors see no federation machinery', () => {
  const text = contract.files['contract.graphql']!
  for (const machinery of ['join__', 'link__', '_entities', '_service', '_Any', '@key', '@requiresScopes', 'federation__'])
    expect(text).not.toContain(machinery)
})

test('every field that needs a scope says so in its description', () => {
  const needing = parse(contract.files['supergraph.graphql']!).definitions.flatMap((type) =>
    type.kind === 'ObjectTypeDefinition'
      ? (type.fields ?? [])
          .filter(({ directives }) => directives?.some(({ name }) => name.value === 'requiresScopes'))
          .map((field) => [type.name.value, field.name.value] as const)
      : [],
  )
  expect(needing.length).toBeGreaterThan(100)
  const silent = needing.filter(([typeName, fieldName]) => {
    const type = contract.api.getType(typeName)
    return type && 'getFields' in type && !type.getFields()[fieldName]?.description?.includes('Scope: `')
  })
  expect(silent).toEqual([])
})

test('every document of our own client is known by its hash and fits the contract', async () => {
  const documents = await loadKnownDocuments()
  expect(documents.size).toBeGreaterThan(5)
  for (const [hash, source] of documents) {
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect([source, validate(contract.api, parse(source))]).toEqual([source, []])
  }
})
