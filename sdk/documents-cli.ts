// `npm run documents`: keeps the list of known documents of an application from a build: register, list, unknown, retire, mode.
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { createClient, OperationError, type Client } from './client.ts'
import * as operations from './generated/graphql.ts'
import { ManifestError, readDocuments, type ManifestDocument } from './manifest.ts'
import { createTokenSource } from './token-source.ts'
import { TokenError } from './token.ts'

const USAGE = `usage: npm run documents -- OPTIONS register PATH …      .graphql files, folders of them, manifests of Apollo, Relay, codegen
       npm run documents -- OPTIONS list | unknown
       npm run documents -- OPTIONS mode OFF|REPORT|ENFORCE --reason TEXT
       npm run documents -- OPTIONS retire sha256:… --reason TEXT
  --endpoint URL      http://127.0.0.1:4000/graphql
  --client ID         who asks; it needs the scope identity.read
  --key FILE          its private key
  --application CODE  whose list it is: the client's own, if left out
`
const MOST_IN_BATCH = 100
const MOST_CHARACTERS = 500_000

/** What a person can mend: told in one line, without a stack. */
class Refused extends Error {}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    endpoint: { type: 'string', default: 'http://127.0.0.1:4000/graphql' },
    client: { type: 'string' },
    key: { type: 'string' },
    application: { type: 'string' },
    reason: { type: 'string' },
  },
})

// Whoever reads the first lines alone has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
const tell = (line: string): void => void process.stdout.write(`${line}\n`)

async function openClient(): Promise<Client> {
  const { endpoint, client: clientId, key } = values
  if (!clientId || !key) throw new Refused(USAGE)
  const issuer = new URL(endpoint).origin
  const privateKey = await readFile(key, 'utf8').catch(() => {
    throw new Refused(`${key} cannot be read.`)
  })
  // By id: a list that is enforced lets this command in when the SDK's own documents stand on it.
  return createClient({
    endpoint,
    token: createTokenSource({ issuer, tokenEndpoint: `${issuer}/oauth/token`, clientId, privateKey }),
    byId: true,
  })
}

const application = (): { id: null; code: string } => ({ id: null, code: values.application ?? values.client ?? '' })
const reason = (): string => {
  if (!values.reason) throw new Refused('Say why: --reason TEXT')
  return values.reason
}

/** As many as a request takes, by number and by length. */
function batchesOf(documents: readonly ManifestDocument[]): ManifestDocument[][] {
  const batches: ManifestDocument[][] = []
  let characters = Infinity
  for (const document of documents) {
    const last = batches.at(-1)
    if (!last || last.length === MOST_IN_BATCH || characters + document.text.length > MOST_CHARACTERS) {
      batches.push([document])
      characters = document.text.length
    } else {
      last.push(document)
      characters += document.text.length
    }
  }
  return batches
}

async function register(client: Client, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) throw new Refused(USAGE)
  const documents = await readDocuments(paths)
  let refused = 0
  for (const batch of batchesOf(documents)) {
    const input = { application: application(), documents: batch.map(({ text, documentId }) => ({ text, documentId })) }
    const { registerDocuments } = await client.get(operations.RegisterDocumentsDocument, { input })
    for (const { index, status, entity, errors } of registerDocuments.results) {
      const sent = batch[index]!
      const scopes = entity?.neededScopes.join(' ') || '-'
      tell(`${status.padEnd(10)} ${sent.documentId}  ${entity?.operationNames.join(' ') || sent.from}  ${scopes}`)
      for (const { code, message } of errors) tell(`           ${sent.from}: ${code}: ${message}`)
      if (status === 'REJECTED') refused += 1
    }
  }
  if (refused > 0) throw new Refused(`${refused} of ${documents.length} documents were refused.`)
}

async function list(client: Client): Promise<void> {
  for (let after: string | null = null, more = true; more;) {
    const { knownDocuments }: operations.KnownDocumentsQuery = await client.get(operations.KnownDocumentsDocument, {
      application: application(),
      after,
    })
    for (const { documentId, origin, operationNames, uses, lastUsedAt } of knownDocuments.nodes)
      tell(`${documentId}  ${origin.padEnd(10)}  ${String(uses).padStart(8)}  ${lastUsedAt ?? '-'}  ${operationNames.join(' ')}`)
    more = knownDocuments.pageInfo.hasNextPage
    after = knownDocuments.pageInfo.endCursor
  }
}

async function unknown(client: Client): Promise<void> {
  for (let after: string | null = null, more = true; more;) {
    const { unknownDocuments }: operations.UnknownDocumentsQuery = await client.get(operations.UnknownDocumentsDocument, {
      application: application(),
      after,
    })
    for (const { documentId, operationName, timesSeen, lastSeenAt } of unknownDocuments.nodes)
      tell(`${documentId}  ${String(timesSeen).padStart(8)}  ${lastSeenAt}  ${operationName ?? '-'}`)
    more = unknownDocuments.pageInfo.hasNextPage
    after = unknownDocuments.pageInfo.endCursor
  }
}

async function setMode(client: Client, mode: string | undefined): Promise<void> {
  if (mode !== 'OFF' && mode !== 'REPORT' && mode !== 'ENFORCE') throw new Refused(USAGE)
  const { setDocumentMode } = await client.get(operations.SetDocumentModeDocument, {
    application: application(),
    mode,
    reason: reason(),
  })
  tell(`${setDocumentMode.code} ${setDocumentMode.documentMode}`)
}

async function retire(client: Client, documentIds: readonly string[]): Promise<void> {
  if (documentIds.length === 0) throw new Refused(USAGE)
  const { retireDocuments } = await client.get(operations.RetireDocumentsDocument, {
    application: application(),
    documentIds: [...documentIds],
    reason: reason(),
  })
  tell(`${retireDocuments} retired`)
}

async function run([command, ...rest]: readonly string[]): Promise<void> {
  const client = await openClient()
  switch (command) {
    case 'register':
      return register(client, rest)
    case 'list':
      return list(client)
    case 'unknown':
      return unknown(client)
    case 'mode':
      return setMode(client, rest[0])
    case 'retire':
      return retire(client, rest)
    default:
      throw new Refused(USAGE)
  }
}

try {
  await run(positionals)
} catch (error) {
  if (!(
    error instanceof Refused ||
    error instanceof ManifestError ||
    error instanceof OperationError ||
    error instanceof TokenError
  ))
    throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
