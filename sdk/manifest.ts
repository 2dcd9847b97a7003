// The documents of a release, read from what builds leave behind: folders of GraphQL files, and the manifests of Apollo, Relay and codegen.
import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

export interface ManifestDocument {
  /** `sha256:…`, as the client will send it. */
  readonly documentId: string
  readonly text: string
  /** The file it stands in. */
  readonly from: string
}

/** What can be mended in a file; told without a stack. */
export class ManifestError extends Error {}

const idOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`

/** Each document once, in the order found. */
export async function readDocuments(paths: readonly string[]): Promise<ManifestDocument[]> {
  const found = new Map<string, ManifestDocument>()
  for (const path of paths) for (const document of await readPath(path)) found.set(document.documentId, document)
  return [...found.values()]
}

async function readPath(path: string): Promise<ManifestDocument[]> {
  const known = await stat(path).catch(() => {
    throw new ManifestError(`${path} is not there.`)
  })
  if (known.isDirectory()) {
    const names = (await readdir(path, { recursive: true })).filter((name) => /\.(graphql|gql)$/.test(name)).sort()
    if (names.length === 0) throw new ManifestError(`${path} holds no .graphql file.`)
    return Promise.all(names.map((name) => readText(join(path, name))))
  }
  return path.endsWith('.json') ? readManifest(path) : [await readText(path)]
}

/** The file is the document, byte for byte: the client must send the same bytes. */
async function readText(path: string): Promise<ManifestDocument> {
  const text = await readFile(path, 'utf8')
  return { documentId: idOf(text), text, from: path }
}

async function readManifest(path: string): Promise<ManifestDocument[]> {
  let manifest: unknown
  try {
    manifest = JSON.parse(await readFile(path, 'utf8'))
  } catch {
    throw new ManifestError(`${path} is not JSON.`)
  }
  const entries = entriesOf(manifest)
  if (!entries) {
    throw new ManifestError(
      `${path} is none of the known manifests: Apollo's (\`format: "apollo-persisted-query-manifest"\`), or \`{ id: text }\` as Relay and codegen write it.`,
    )
  }
  return entries.map(([id, text]) => {
    const documentId = id.startsWith('sha256:') ? id : `sha256:${id}`
    if (documentId !== idOf(text)) {
      throw new ManifestError(
        `${path}: ${id.slice(0, 80)} is not the SHA-256 of its text. Relay: set \`"algorithm": "SHA256"\` in \`persistConfig\`; Apollo: leave \`createOperationId\` out.`,
      )
    }
    return { documentId, text, from: path }
  })
}

function entriesOf(manifest: unknown): [id: string, text: string][] | undefined {
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) return undefined
  const { format, version, operations } = manifest as { format?: unknown; version?: unknown; operations?: unknown }
  const entries: unknown[][] =
    format === 'apollo-persisted-query-manifest' && version === 1 && Array.isArray(operations)
      ? operations.map((operation: { id?: unknown; body?: unknown } | null) => [operation?.id, operation?.body])
      : Object.entries(manifest)
  return entries.every((entry): entry is [string, string] => entry.every((word) => typeof word === 'string'))
    ? entries
    : undefined
}
