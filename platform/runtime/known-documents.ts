// The documents that may be asked for by GET: the operations of our own client, registered by their hash.
import { readFile } from 'node:fs/promises'

const PERSISTED = new URL('../../sdk/generated/persisted-documents.json', import.meta.url)

/** SHA-256 of the text (hexadecimal) to the text. */
export async function loadKnownDocuments(): Promise<ReadonlyMap<string, string>> {
  const documents = JSON.parse(await readFile(PERSISTED, 'utf8')) as Record<string, string>
  return new Map(Object.entries(documents).map(([id, source]) => [id.replace('sha256:', ''), source]))
}
