// The manifests of the builds that vendors have, read as they are; what would not be found by its id is refused, with the way out.
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ManifestError, readDocuments } from '../../sdk/manifest.ts'

const WHO = 'query Who {\n  viewer {\n    displayName\n  }\n}'
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
let folder: string
const write = async (name: string, content: unknown): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lienthong-manifest-'))
})
afterAll(() => rm(folder, { recursive: true }))

test.each([
  [
    'Apollo’s',
    {
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [{ id: hashOf(WHO), name: 'Who', type: 'query', body: WHO }],
    },
  ],
  ['Relay’s', { [hashOf(WHO)]: WHO }],
  ['codegen’s', { [`sha256:${hashOf(WHO)}`]: WHO }],
])('%s', async (_, manifest) => {
  const path = await write('manifest.json', manifest)
  expect(await readDocuments([path])).toEqual([{ documentId: `sha256:${hashOf(WHO)}`, text: WHO, from: path }])
})

test('a folder of files, byte for byte, and each document once', async () => {
  const inner = join(folder, 'operations', 'deep')
  await mkdir(inner, { recursive: true })
  const [file, twin] = [join(inner, 'who.graphql'), join(folder, 'operations', 'who.gql')]
  for (const path of [file, twin]) await writeFile(path, `${WHO}\n`)
  await writeFile(join(folder, 'operations', 'notes.md'), 'x')
  expect(await readDocuments([join(folder, 'operations')])).toEqual([
    { documentId: `sha256:${hashOf(`${WHO}\n`)}`, text: `${WHO}\n`, from: twin },
  ])
})

test('the manifest that this repository’s codegen writes', async () => {
  const documents = await readDocuments([new URL('../../sdk/generated/persisted-documents.json', import.meta.url).pathname])
  expect(documents.length).toBeGreaterThan(30)
})

test.each([
  ['ids of MD5, as Relay makes them by default', { d41d8cd98f00b204e9800998ecf8427e: WHO }, '"algorithm": "SHA256"'],
  ['an id of another text', { [hashOf('x')]: WHO }, 'is not the SHA-256 of its text'],
  ['a list', [WHO], 'none of the known manifests'],
  ['texts that are none', { [hashOf(WHO)]: 7 }, 'none of the known manifests'],
  [
    'an operation without a body',
    { format: 'apollo-persisted-query-manifest', version: 1, operations: [{ id: 'x' }] },
    'none of',
  ],
  ['no JSON', '{', 'is not JSON'],
])('%s: refused', async (_, manifest, told) => {
  const path = await write('bad.json', manifest)
  await expect(readDocuments([path])).rejects.toThrow(ManifestError)
  await expect(readDocuments([path])).rejects.toThrow(told)
})

test('what is not there is said', async () => {
  await expect(readDocuments([join(folder, 'nowhere')])).rejects.toThrow('is not there')
})
